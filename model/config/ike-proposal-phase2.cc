// SPDX-License-Identifier: GPL-2.0-only
#include "ike-proposal-text.h"
#include "ike-proposal.h"

#include <stdexcept>

namespace ns3
{
namespace ipsec
{

namespace
{

const char PHASE2_FORM[] = "gN|nopfs-esp-CIPHER-HASH, gN|nopfs-ah-HASH or both joined by '+', such "
                           "as g2-esp-aes128-sha";
const char NO_PFS[] = "nopfs";

CipherId
ParseEspCipher(const std::string& proposal, const std::string& part)
{
    const CipherAlgorithm* cipher = FindCipherByName(part);
    if (cipher == nullptr)
    {
        RefusePart(proposal,
                   part,
                   "a cipher of ESP",
                   NamesUpTo(CipherId::Aes256Gcm, [](CipherId id) { return GetCipher(id).name; }));
    }
    return cipher->id;
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
        RefusePart(proposal, part, "a hash", NamesUpTo(IntegrityId::HmacSha512_256, IntegrityName));
    }
    return integrity->id;
}

/// Reads what follows "esp" in a proposal: a cipher and, unless the cipher makes its own ICV, a
/// hash.
EspAlgorithms
ParseEsp(const std::string& text, const std::vector<std::string>& parts)
{
    if (parts.size() != 2 && parts.size() != 3)
    {
        RefuseForm(text, PHASE2_FORM);
    }
    const bool hasHash = parts.size() == 3;
    const CipherId cipher = ParseEspCipher(text, parts[1]);
    const bool makesIcv = GetCipher(cipher).icvOctets > 0;
    if (makesIcv && hasHash)
    {
        throw std::invalid_argument("proposal '" + text + "' has a hash, but " + parts[1] +
                                    " protects integrity itself; write esp-" + parts[1]);
    }
    if (!makesIcv && !hasHash)
    {
        throw std::invalid_argument("proposal '" + text +
                                    "' has no hash; ESP without integrity is not allowed");
    }
    return {cipher, makesIcv ? IntegrityId::None : ParseIntegrity(text, parts[2])};
}

/// Reads one protocol of a phase 2 proposal, "esp-CIPHER-HASH" or "ah-HASH", into @p out.
void
ParseProtocol(const std::string& text, const std::string& protocol, Phase2Proposal& out)
{
    const std::vector<std::string> parts = SplitText(protocol, "-");
    const bool isAh = parts[0] == "ah";
    if (!isAh && parts[0] != "esp")
    {
        RefusePart(text, parts[0], "a protocol", "esp, ah");
    }
    if (isAh ? out.ah.has_value() : out.esp.has_value())
    {
        throw std::invalid_argument("proposal '" + text + "' names " + parts[0] +
                                    " twice; a bundle is one ah and one esp");
    }
    if (!isAh)
    {
        out.esp = ParseEsp(text, parts);
        return;
    }
    if (parts.size() != 2)
    {
        RefuseForm(text, PHASE2_FORM);
    }
    out.ah = ParseIntegrity(text, parts[1]);
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
Phase2Proposal::ToString() const
{
    std::string text = pfsGroup ? "g" + std::to_string(*pfsGroup) : NO_PFS;
    if (ah)
    {
        text += std::string("-ah-") + GetIntegrity(*ah).name;
    }
    if (esp)
    {
        text += std::string(ah ? "+" : "-") + "esp-" + GetCipher(esp->cipher).name;
        if (esp->integrity != IntegrityId::None)
        {
            text += std::string("-") + GetIntegrity(esp->integrity).name;
        }
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
        proposal.pfsGroup = FindGroupByName(pfs);
        if (!proposal.pfsGroup)
        {
            RefusePart(text, pfs, "a choice of PFS", std::string(NO_PFS) + ", " + GroupNames());
        }
    }
    for (const std::string& protocol : SplitText(text.substr(dash + 1), "+"))
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

} // namespace ipsec
} // namespace ns3
