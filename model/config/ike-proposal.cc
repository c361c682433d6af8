// SPDX-License-Identifier: GPL-2.0-only
#include "ike-proposal.h"

#include "ike-proposal-text.h"

#include <algorithm>
#include <array>
#include <stdexcept>

namespace ns3
{
namespace ipsec
{

namespace
{

struct SetRow
{
    const char* name;
    const char* proposals;
};

/// requirement P1-10..12.
constexpr std::array<SetRow, 3> PHASE1_SETS = {{
    {"standard", "pre-g2-aes128-sha pre-g2-3des-sha"},
    {"compatible", "pre-g2-3des-sha pre-g2-3des-md5 pre-g2-des-sha pre-g2-des-md5"},
    {"basic", "pre-g1-des-sha pre-g1-des-md5"},
}};

/// requirement QM-06..08; "standard" prefers 3DES, unlike phase 1.
constexpr std::array<SetRow, 3> PHASE2_SETS = {{
    {"standard", "g2-esp-3des-sha g2-esp-aes128-sha"},
    {"compatible", "nopfs-esp-3des-sha nopfs-esp-3des-md5 nopfs-esp-des-sha nopfs-esp-des-md5"},
    {"basic", "nopfs-esp-des-sha nopfs-esp-des-md5"},
}};

template <typename Proposal, size_t N>
std::vector<Proposal>
ParseList(const std::string& text, const std::array<SetRow, N>& sets)
{
    std::vector<std::string> entries;
    for (const std::string& entry : SplitText(text, ", \t"))
    {
        if (!entry.empty())
        {
            entries.push_back(entry);
        }
    }
    for (const SetRow& set : sets)
    {
        if (std::find(entries.begin(), entries.end(), set.name) == entries.end())
        {
            continue;
        }
        if (entries.size() > 1)
        {
            throw std::invalid_argument("proposals '" + text + "': the set '" + set.name +
                                        "' stands alone or not at all");
        }
        entries = SplitText(set.proposals, " ");
        break;
    }
    if (entries.empty())
    {
        throw std::invalid_argument("there is no proposal; write one to " +
                                    std::to_string(MAX_PROPOSALS) +
                                    ", or one of standard, compatible, basic");
    }
    if (entries.size() > MAX_PROPOSALS)
    {
        throw std::invalid_argument("proposals '" + text + "' are " +
                                    std::to_string(entries.size()) + "; at most " +
                                    std::to_string(MAX_PROPOSALS) + " are allowed");
    }
    std::vector<Proposal> proposals;
    for (const std::string& entry : entries)
    {
        const Proposal proposal = Proposal::Parse(entry);
        if (std::find(proposals.begin(), proposals.end(), proposal) != proposals.end())
        {
            throw std::invalid_argument("proposal '" + entry + "' is there twice");
        }
        proposals.push_back(proposal);
    }
    return proposals;
}

/// Names what is weak of a cipher, a hash and a group, in this order.
std::string
WeakNames(bool des, bool md5, std::optional<uint16_t> group)
{
    std::vector<std::string> names;
    if (des)
    {
        names.emplace_back("DES");
    }
    if (md5)
    {
        names.emplace_back("MD5");
    }
    if (group == 1 || group == 2)
    {
        names.push_back("group " + std::to_string(*group));
    }
    return JoinNames(names);
}

} // namespace

std::vector<Phase1Proposal>
ParsePhase1Proposals(const std::string& text)
{
    return ParseList<Phase1Proposal>(text, PHASE1_SETS);
}

std::string
FindPhase1Set(const std::string& text)
{
    const std::vector<std::string> words = SplitText(text, ", \t");
    const auto* found =
        std::find_if(PHASE1_SETS.begin(),
                     PHASE1_SETS.end(),
                     [&](const SetRow& set)
                     { return std::find(words.begin(), words.end(), set.name) != words.end(); });
    return found == PHASE1_SETS.end() ? "" : found->name;
}

std::vector<Phase2Proposal>
ParsePhase2Proposals(const std::string& text)
{
    return ParseList<Phase2Proposal>(text, PHASE2_SETS);
}

std::string
WeakParts(const Phase1Proposal& proposal)
{
    return WeakNames(
        proposal.cipher == CipherId::Des, proposal.hash == HashId::Md5, proposal.group);
}

std::string
WeakParts(const Phase2Proposal& proposal)
{
    return WeakNames(proposal.esp && proposal.esp->cipher == CipherId::Des,
                     proposal.ah == IntegrityId::HmacMd5_96 ||
                         (proposal.esp && proposal.esp->integrity == IntegrityId::HmacMd5_96),
                     proposal.pfsGroup);
}

bool
IsWeak(const Phase1Proposal& proposal)
{
    return !WeakParts(proposal).empty();
}

bool
IsWeak(const Phase2Proposal& proposal)
{
    return !WeakParts(proposal).empty();
}

} // namespace ipsec
} // namespace ns3
