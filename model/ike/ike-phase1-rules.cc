// SPDX-License-Identifier: GPL-2.0-only
#include "ike-phase1-rules.h"

namespace ns3
{
namespace ipsec
{

namespace
{

using Rules = std::vector<PayloadRule>;

constexpr uint8_t MOST_NAT_D = 8;
constexpr uint8_t MOST_NOTIFIES = 4;
constexpr uint8_t MOST_CERTIFICATES = MAX_SENT_CERTIFICATES;

constexpr PayloadRule SA = {PayloadType::Sa, 1, 1};
constexpr PayloadRule KE = {PayloadType::Ke, 1, 1};
constexpr PayloadRule NONCE = {PayloadType::Nonce, 1, 1};
constexpr PayloadRule ID = {PayloadType::Id, 1, 1};
constexpr PayloadRule HASH = {PayloadType::Hash, 1, 1};
constexpr PayloadRule SIG = {PayloadType::Sig, 1, 1};
/// HASH(1) of the methods by public key encryption.
constexpr PayloadRule HASH1 = {PayloadType::Hash, 0, 1};
constexpr PayloadRule HIDDEN_CERT = {PayloadType::Cert, 0, 1};
constexpr PayloadRule CERT = {PayloadType::Cert, 0, MOST_CERTIFICATES};
constexpr PayloadRule CERT_REQUEST = {PayloadType::CertRequest, 0, MAX_CERTIFICATE_REQUESTS};
constexpr PayloadRule NAT_D = {PayloadType::NatD, 0, MOST_NAT_D};
constexpr PayloadRule NOTIFY = {PayloadType::Notify, 0, MOST_NOTIFIES};

void
Add(Rules& rules, std::initializer_list<PayloadRule> more)
{
    rules.insert(rules.end(), more);
}

/// Adds what proves an end.
void
AddProof(Rules& rules, AuthMethod method, XauthRole role)
{
    if (ProvesByHash(method, role))
    {
        Add(rules, {HASH});
        return;
    }
    Add(rules, {SIG, CERT, CERT_REQUEST});
}

/// Who proves itself by HASH may still ask for our certificate, as clients do in hybrid
/// authentication.
void
AddRequest(Rules& rules, AuthMethod method, XauthRole role)
{
    if (ProvesByHash(method, role))
    {
        Add(rules, {CERT_REQUEST});
    }
}

Result<Done>
Check(const PayloadChain& chain, const Rules& rules)
{
    return CheckPayloads(chain, rules.data(), rules.size());
}

Result<Done>
Count(const PayloadChain& chain, const Rules& rules)
{
    return CountPayloads(chain, rules.data(), rules.size());
}

} // namespace

Result<Done>
CheckMm12(const PayloadChain& chain)
{
    return Check(chain, {SA});
}

Result<Done>
CheckMm34(const PayloadChain& chain, AuthMethod method)
{
    if (!HidesIdentity(method))
    {
        return Check(chain, {KE, NONCE, NAT_D, CERT_REQUEST});
    }
    return Count(chain, {KE, NONCE, ID, HASH1, HIDDEN_CERT, NAT_D, CERT_REQUEST});
}

Result<Done>
CheckMm56(const PayloadChain& chain, AuthMethod method, XauthRole role)
{
    Rules rules;
    if (!HidesIdentity(method))
    {
        Add(rules, {ID});
    }
    AddProof(rules, method, role);
    Add(rules, {NOTIFY});
    AddRequest(rules, method, role);
    return Check(chain, rules);
}

Result<Done>
CheckAm1(const PayloadChain& chain, AuthMethod method)
{
    Rules rules = {SA, KE, NONCE, ID, CERT_REQUEST, NOTIFY};
    if (HidesIdentity(method))
    {
        Add(rules, {HASH1, HIDDEN_CERT});
    }
    return Check(chain, rules);
}

Result<Done>
CheckAm2(const PayloadChain& chain, AuthMethod method, XauthRole role)
{
    Rules rules = {SA, KE, NONCE, ID, NAT_D, NOTIFY};
    AddProof(rules, method, role);
    AddRequest(rules, method, role);
    return Check(chain, rules);
}

Result<Done>
CheckAm3(const PayloadChain& chain, AuthMethod method, XauthRole role)
{
    Rules rules = {NAT_D, NOTIFY};
    AddProof(rules, method, role);
    AddRequest(rules, method, role);
    return Count(chain, rules);
}

} // namespace ipsec
} // namespace ns3
