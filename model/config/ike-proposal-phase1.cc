// SPDX-License-Identifier: GPL-2.0-only
#include "ike-proposal-text.h"
#include "ike-proposal.h"

#include <tuple>

namespace ns3
{
namespace ipsec
{

namespace
{

const char PHASE1_FORM[] = "AUTH-gN-CIPHER-HASH, such as pre-g2-aes128-sha";

AuthMethod
ParseAuth(const std::string& proposal, const std::string& part)
{
    const AuthAlgorithm* row = FindAuthByName(part);
    if (row == nullptr)
    {
        RefusePart(proposal, part, "an authentication method", JoinNames(AuthNames()));
    }
    return row->method;
}

uint16_t
ParseGroup(const std::string& proposal, const std::string& part)
{
    const std::optional<uint16_t> group = FindGroupByName(part);
    if (!group)
    {
        RefusePart(proposal, part, "a Diffie-Hellman group", GroupNames());
    }
    return *group;
}

const char*
IkeCipherName(CipherId id)
{
    return GetCipher(id).ikeId != 0 ? GetCipher(id).name : nullptr;
}

/// Reads a cipher of ISAKMP messages, which are chained blocks: neither CTR nor GCM has a number.
CipherId
ParseIkeCipher(const std::string& proposal, const std::string& part)
{
    const CipherAlgorithm* cipher = FindCipherByName(part);
    if (cipher == nullptr || cipher->ikeId == 0)
    {
        RefusePart(
            proposal, part, "a cipher of phase 1", NamesUpTo(CipherId::Aes256Gcm, IkeCipherName));
    }
    return cipher->id;
}

HashId
ParseHash(const std::string& proposal, const std::string& part)
{
    const HashAlgorithm* hash = FindHashByName(part);
    if (hash == nullptr)
    {
        RefusePart(proposal,
                   part,
                   "a hash",
                   NamesUpTo(HashId::Sha512, [](HashId id) { return GetHash(id).name; }));
    }
    return hash->id;
}

auto
Tie(const Phase1Proposal& p)
{
    return std::tie(p.auth, p.group, p.cipher, p.hash);
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
    const std::vector<std::string> parts = SplitText(text, "-");
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

} // namespace ipsec
} // namespace ns3
