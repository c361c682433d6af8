// SPDX-License-Identifier: GPL-2.0-only
#include "ike-auth-method.h"

#include "ns3/isakmp-constants.h"

#include <array>
#include <cassert>

namespace ns3
{
namespace ipsec
{

namespace
{

constexpr uint16_t
Id(AuthMethodId id)
{
    return static_cast<uint16_t>(id);
}

/// One row per method, in the order of the enumeration.
constexpr std::array<AuthAlgorithm, 9> METHODS = {{
    {AuthMethod::PreSharedKey,
     "pre",
     AuthFamily::PreSharedKey,
     std::nullopt,
     std::nullopt,
     Id(AuthMethodId::PreSharedKey),
     Id(AuthMethodId::XauthInitPreShared),
     Id(AuthMethodId::XauthRespPreShared)},
    {AuthMethod::RsaSignature,
     "rsa",
     AuthFamily::Signature,
     KeyKind::Rsa,
     std::nullopt,
     Id(AuthMethodId::RsaSignature),
     Id(AuthMethodId::XauthInitRsa),
     Id(AuthMethodId::XauthRespRsa)},
    {AuthMethod::DsaSignature,
     "dsa",
     AuthFamily::Signature,
     KeyKind::Dsa,
     HashId::Sha1,
     Id(AuthMethodId::DsaSignature),
     Id(AuthMethodId::XauthInitDsa),
     Id(AuthMethodId::XauthRespDsa)},
    {AuthMethod::RsaEncryption,
     "rsaenc",
     AuthFamily::Encryption,
     KeyKind::Rsa,
     std::nullopt,
     Id(AuthMethodId::RsaEncryption),
     Id(AuthMethodId::XauthInitRsaEncryption),
     Id(AuthMethodId::XauthRespRsaEncryption)},
    {AuthMethod::RsaRevisedEncryption,
     "rsarev",
     AuthFamily::RevisedEncryption,
     KeyKind::Rsa,
     std::nullopt,
     Id(AuthMethodId::RsaRevisedEncryption),
     Id(AuthMethodId::XauthInitRsaRevisedEncryption),
     Id(AuthMethodId::XauthRespRsaRevisedEncryption)},
    {AuthMethod::EcdsaP256,
     "ecdsa256",
     AuthFamily::Signature,
     KeyKind::EcdsaP256,
     HashId::Sha256,
     Id(AuthMethodId::Ecdsa256),
     0,
     0},
    {AuthMethod::EcdsaP384,
     "ecdsa384",
     AuthFamily::Signature,
     KeyKind::EcdsaP384,
     HashId::Sha384,
     Id(AuthMethodId::Ecdsa384),
     0,
     0},
    {AuthMethod::EcdsaP521,
     "ecdsa521",
     AuthFamily::Signature,
     KeyKind::EcdsaP521,
     HashId::Sha512,
     Id(AuthMethodId::Ecdsa521),
     0,
     0},
    {AuthMethod::HybridRsa,
     "hybrid",
     AuthFamily::Signature,
     KeyKind::Rsa,
     std::nullopt,
     0,
     Id(AuthMethodId::HybridInitRsa),
     Id(AuthMethodId::HybridRespRsa)},
}};

} // namespace

uint16_t
AuthAlgorithm::WireId(XauthUse xauth) const
{
    return xauth == XauthUse::None
               ? id
               : (xauth == XauthUse::Initiator ? xauthInitiator : xauthResponder);
}

const AuthAlgorithm&
GetAuth(AuthMethod method)
{
    const AuthAlgorithm& row = METHODS[static_cast<size_t>(method)];
    assert(row.method == method);
    return row;
}

const AuthAlgorithm*
FindAuthByWireId(uint64_t id, XauthUse xauth)
{
    for (const AuthAlgorithm& row : METHODS)
    {
        if (id != 0 && row.WireId(xauth) == id)
        {
            return &row;
        }
    }
    return nullptr;
}

const AuthAlgorithm*
FindAuthByName(const std::string& name)
{
    for (const AuthAlgorithm& row : METHODS)
    {
        if (name == row.name)
        {
            return &row;
        }
    }
    return nullptr;
}

bool
HidesIdentity(AuthMethod method)
{
    const AuthFamily family = GetAuth(method).family;
    return family == AuthFamily::Encryption || family == AuthFamily::RevisedEncryption;
}

std::vector<std::string>
AuthNames()
{
    std::vector<std::string> names;
    for (const AuthAlgorithm& row : METHODS)
    {
        names.emplace_back(row.name);
    }
    return names;
}

} // namespace ipsec
} // namespace ns3
