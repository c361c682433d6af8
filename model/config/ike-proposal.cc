// SPDX-License-Identifier: GPL-2.0-only
#include "ike-proposal.h"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <tuple>

namespace ns3
{
namespace ipsec
{

namespace
{

const char PHASE1_FORM[] = "AUTH-gN-CIPHER-HASH, such as pre-g2-aes128-sha";
const char PHASE2_FORM[] = "gN|nopfs-esp-CIPHER-HASH, gN|nopfs-ah-HASH or both joined by '+', such "
                           "as g2-esp-aes128-sha";
const char NO_PFS[] = "nopfs";

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

std::vector<std::string>
Split(const std::string& text, const char* separators)
{
    std::vector<std::string> parts(1);
    for (const char c : text)
    {
        if (std::string(separators).find(c) != std::string::npos)
        {
            parts.emplace_back();
            continue;
        }
        parts.back() += c;
    }
    return parts;
}

std::string
Join(const std::vector<std::string>& names)
{
    std::string text;
    for (const std::string& name : names)
    {
        text += (text.empty() ? "" : ", ") + name;
    }
    return text;
}

/// Collects the names of all rows up to and including @p last that @p nameOf does not refuse with
/// null.
template <typename Id, typename NameOf>
std::string
NamesUpTo(Id last, NameOf nameOf)
{
    std::vector<std::string> names;
    for (uint8_t i = 0; i <= static_cast<uint8_t>(last); i++)
    {
        const char* name = nameOf(static_cast<Id>(i));
        if (name != nullptr)
        {
            names.emplace_back(name);
        }
    }
    return Join(names);
}

std::string
GroupNames()
{
    /// Above every group number that IANA gave to IKEv1.
    constexpr uint16_t END = 31;
    std::vector<std::string> names;
    for (uint16_t number = 1; number < END; number++)
    {
        if (FindDhGroup(number) != nullptr)
        {
            names.push_back("g" + std::to_string(number));
        }
    }
    return Join(names);
}

[[noreturn]] void
Refuse(const std::string& proposal,
       const std::string& part,
       const std::string& what,
       const std::string& allowed)
{
    throw std::invalid_argument("proposal '" + proposal + "': '" + part + "' is not " + what +
                                "; allowed are: " + allowed);
}

[[noreturn]] void
RefuseForm(const std::string& proposal, const char* form)
{
    throw std::invalid_argument("proposal '" + proposal + "' has the wrong form; write " + form);
}

AuthMethod
ParseAuth(const std::string& proposal, const std::string& part)
{
    const AuthAlgorithm* row = FindAuthByName(part);
    if (row == nullptr)
    {
        Refuse(proposal, part, "an authentication method", Join(AuthNames()));
    }
    return row->method;
}

/// Returns the group that "gN" names, or nothing.
std::optional<uint16_t>
FindGroup(const std::string& part)
{
    const std::string digits = part.substr(std::min<size_t>(1, part.size()));
    if (part.size() < 2 || part.size() > 3 || part[0] != 'g' || digits[0] == '0' ||
        digits.find_first_not_of("0123456789") != std::string::npos)
    {
        return std::nullopt;
    }
    const DhGroup* group = FindDhGroup(std::stoul(digits));
    return group != nullptr ? std::optional<uint16_t>(group->number) : std::nullopt;
}

uint16_t
ParseGroup(const std::string& proposal, const std::string& part)
{
    const std::optional<uint16_t> group = FindGroup(part);
    if (!group)
    {
        Refuse(proposal, part, "a Diffie-Hellman group", GroupNames());
    }
    return *group;
}

const char*
IkeCipherName(CipherId id)
{
    return GetCipher(id).ikeId != 0 ? GetCipher(id).name : nullptr;
}

CipherId
ParseIkeCipher(const std::string& proposal, const std::string& part)
{
    const CipherAlgorithm* cipher = FindCipherByName(part);
    if (cipher == nullptr || cipher->ikeId == 0)
    {
        Refuse(proposal, part, "a cipher of phase 1", NamesUpTo(CipherId::Aes256, IkeCipherName));
    }
    return cipher->id;
}

CipherId
ParseEspCipher(const std::string& proposal, const std::string& part)
{
    const CipherAlgorithm* cipher = FindCipherByName(part);
    if (cipher == nullptr)
    {
        Refuse(proposal,
               part,
               "a cipher of ESP",
               NamesUpTo(CipherId::Aes256, [](CipherId id) { return GetCipher(id).name; }));
    }
    return cipher->id;
}

HashId
ParseHash(const std::string& proposal, const std::string& part)
{
    const HashAlgorithm* hash = FindHashByName(part);
    if (hash == nullptr)
    {
        Refuse(proposal,
               part,
               "a hash",
               NamesUpTo(HashId::Sha512, [](HashId id) { return GetHash(id).name; }));
    }
    return hash->id;
}

const char*
IntegrityName(IntegrityId id)
{
    return id != IntegrityId::None ? GetIntegrity(id).name : nullptr;
}

IntegrityId
ParseIntegrity(const std::string& proposal, const std::string& part)
{
    const IntegrityAlgorithm* integrity = FindIntegrityByName(part);
    if (integrity == nullptr || integrity->id == IntegrityId::None)
    {
        Refuse(proposal, part, "a hash", NamesUpTo(IntegrityId::HmacSha512_256, IntegrityName));
    }
    return integrity->id;
}

/// Reads one protocol of a phase 2 proposal, "esp-CIPHER-HASH" or "ah-HASH", into @p out.
void
ParseProtocol(const std::string& text, const std::string& protocol, Phase2Proposal& out)
{
    const std::vector<std::string> parts = Split(protocol, "-");
    const bool isAh = parts[0] == "ah";
    if (!isAh && parts[0] != "esp")
    {
        Refuse(text, parts[0], "a protocol", "esp, ah");
    }
    if (isAh ? out.ah.has_value() : out.esp.has_value())
    {
        throw std::invalid_argument("proposal '" + text + "' names " + parts[0] +
                                    " twice; a bundle is one ah and one esp");
    }
    if (!isAh && parts.size() == 2)
    {
        throw std::invalid_argument("proposal '" + text +
                                    "' has no hash; ESP without integrity is not allowed");
    }
    if (parts.size() != (isAh ? 2u : 3u))
    {
        RefuseForm(text, PHASE2_FORM);
    }
    if (isAh)
    {
        out.ah = ParseIntegrity(text, parts[1]);
        return;
    }
    out.esp = EspAlgorithms{ParseEspCipher(text, parts[1]), ParseIntegrity(text, parts[2])};
}

template <typename Proposal, size_t N>
std::vector<Proposal>
ParseList(const std::string& text, const std::array<SetRow, N>& sets)
{
    std::vector<std::string> entries;
    for (const std::string& entry : Split(text, ", \t"))
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
        entries = Split(set.proposals, " ");
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
    return Join(names);
}

auto
Tie(const Phase1Proposal& p)
{
    return std::tie(p.auth, p.group, p.cipher, p.hash);
}

bool
SameEsp(const std::optional<EspAlgorithms>& a, const std::optional<EspAlgorithms>& b)
{
    if (!a || !b)
    {
        return a.has_value() == b.has_value();
    }
    return a->cipher == b->cipher && a->integrity == b->integrity;
}

} // namespace

std::string
Phase1Proposal::ToString() const
{
    return std::string(GetAuth(auth).name) + "-g" + std::to_string(group) + "-" +
           GetCipher(cipher).name + "-" + GetHash(hash).name;
}

Phase1Proposal
Phase1Proposal::Parse(const std::string& text)
{
    const std::vector<std::string> parts = Split(text, "-");
    if (parts.size() != 4)
    {
        RefuseForm(text, PHASE1_FORM);
    }
    Phase1Proposal proposal;
    proposal.auth = ParseAuth(text, parts[0]);
    proposal.group = ParseGroup(text, parts[1]);
    proposal.cipher = ParseIkeCipher(text, parts[2]);
    proposal.hash = ParseHash(text, parts[3]);
    return proposal;
}

bool
operator==(const Phase1Proposal& a, const Phase1Proposal& b)
{
    return Tie(a) == Tie(b);
}

bool
operator!=(const Phase1Proposal& a, const Phase1Proposal& b)
{
    return !(a == b);
}

std::string
Phase2Proposal::ToString() const
{
    std::string text = pfsGroup ? "g" + std::to_string(*pfsGroup) : NO_PFS;
    if (ah)
    {
        text += std::string("-ah-") + GetIntegrity(*ah).name;
    }
    if (esp)
    {
        text += std::string(ah ? "+" : "-") + "esp-" + GetCipher(esp->cipher).name + "-" +
                GetIntegrity(esp->integrity).name;
    }
    return text;
}

Phase2Proposal
Phase2Proposal::Parse(const std::string& text)
{
    const size_t dash = text.find('-');
    if (dash == std::string::npos)
    {
        RefuseForm(text, PHASE2_FORM);
    }
    Phase2Proposal proposal;
    const std::string pfs = text.substr(0, dash);
    if (pfs != NO_PFS)
    {
        proposal.pfsGroup = FindGroup(pfs);
        if (!proposal.pfsGroup)
        {
            Refuse(text, pfs, "a choice of PFS", std::string(NO_PFS) + ", " + GroupNames());
        }
    }
    for (const std::string& protocol : Split(text.substr(dash + 1), "+"))
    {
        ParseProtocol(text, protocol, proposal);
    }
    return proposal;
}

bool
operator==(const Phase2Proposal& a, const Phase2Proposal& b)
{
    return a.pfsGroup == b.pfsGroup && a.ah == b.ah && SameEsp(a.esp, b.esp);
}

bool
operator!=(const Phase2Proposal& a, const Phase2Proposal& b)
{
    return !(a == b);
}

std::vector<Phase1Proposal>
ParsePhase1Proposals(const std::string& text)
{
    return ParseList<Phase1Proposal>(text, PHASE1_SETS);
}

std::string
FindPhase1Set(const std::string& text)
{
    const std::vector<std::string> words = Split(text, ", \t");
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
