// SPDX-License-Identifier: GPL-2.0-only
#include "test-credentials.h"

#include <map>

namespace ns3
{
namespace ipsec
{

namespace
{

constexpr size_t KEY_BITS = 1024;
constexpr std::array<KeyKind, 5> KINDS = {KeyKind::Rsa,
                                          KeyKind::Dsa,
                                          KeyKind::EcdsaP256,
                                          KeyKind::EcdsaP384,
                                          KeyKind::EcdsaP521};

/// A seed of its own for each thing, so that none depends on what was made before.
uint64_t
SeedOf(const std::string& what)
{
    uint64_t seed = 1469598103934665603u; // FNV-1a
    for (const char c : what)
    {
        seed = (seed ^ static_cast<uint8_t>(c)) * 1099511628211u;
    }
    return seed;
}

std::string
NameOf(Side side)
{
    return side == Side::A ? "alice" : "hub";
}

} // namespace

const PrivateKey&
TestKey(const std::string& name, KeyKind kind)
{
    static std::map<std::pair<std::string, KeyKind>, PrivateKey> keys;
    const auto found = keys.find({name, kind});
    if (found != keys.end())
    {
        return found->second;
    }
    SeededRandomSource random(SeedOf(name + KeyKindName(kind)));
    return keys.emplace(std::pair(name, kind), PrivateKey::Generate(kind, KEY_BITS, random))
        .first->second;
}

const Issuer&
TestIssuer(const std::string& name)
{
    static std::map<std::string, Issuer> issuers;
    const auto found = issuers.find(name);
    if (found != issuers.end())
    {
        return found->second;
    }
    return issuers
        .emplace(name,
                 Issuer{ParseDistinguishedName("CN=" + name),
                        TestKey("authority " + name, KeyKind::Rsa)})
        .first->second;
}

const Certificate&
TestAuthority(const std::string& name)
{
    static std::map<std::string, Certificate> authorities;
    const auto found = authorities.find(name);
    if (found != authorities.end())
    {
        return found->second;
    }
    const Issuer& issuer = TestIssuer(name);
    CertificateRequest request;
    request.subject = issuer.name;
    request.isAuthority = true;
    request.notBefore = TEST_DAY - 2 * TEST_HALF_YEAR;
    request.notAfter = TEST_DAY + 2 * TEST_HALF_YEAR;
    SeededRandomSource random(SeedOf("certificate of " + name));
    return authorities.emplace(name, IssueCertificate(request, issuer.key.Public(), issuer, random))
        .first->second;
}

CertificateRequest
TestRequest(Side side)
{
    const std::string name = NameOf(side);
    const IpAddress address = IpAddress::Parse(side == Side::A ? "192.0.2.1" : "192.0.2.2");
    CertificateRequest request;
    request.subject = ParseDistinguishedName("CN=" + name + ", O=Example");
    request.alternativeNames = {
        {AlternativeNameKind::Dns, AsOctets(name + ".example.com").Copy()},
        {AlternativeNameKind::Email, AsOctets(name + "@example.com").Copy()},
        {AlternativeNameKind::Address, OctetView(address.ToOctets()).Copy()}};
    request.notBefore = TEST_DAY - TEST_HALF_YEAR;
    request.notAfter = TEST_DAY + TEST_HALF_YEAR;
    return request;
}

Certificate
TestCertificate(Side side, KeyKind kind, const CertificateRequest& request, const Issuer& issuer)
{
    SeededRandomSource random(SeedOf("certificate " + NameOf(side) + KeyKindName(kind)));
    return IssueCertificate(request, TestKey(NameOf(side), kind).Public(), issuer, random);
}

void
UseKeys(EngineConfig& config, Side side)
{
    static std::map<Side, std::shared_ptr<const KeyStore>> stores;
    std::shared_ptr<const KeyStore>& store = stores[side];
    if (!store)
    {
        auto made = std::make_shared<KeyStore>();
        for (const KeyKind kind : KINDS)
        {
            made->own.push_back(
                {TestKey(NameOf(side), kind), {TestCertificate(side, kind, TestRequest(side))}});
        }
        made->trust.authorities = {TestAuthority("root")};
        store = made;
    }
    config.calendarStart = TEST_DAY;
    for (PeerConfig& peer : config.peers)
    {
        peer.keys = store;
        peer.localId = Identity::Parse(NameOf(side) + ".example.com");
        peer.remoteId = Identity::Parse(NameOf(Other(side)) + ".example.com");
        if (peer.HidesIdentities())
        {
            peer.peerCertificates = {
                TestCertificate(Other(side), KeyKind::Rsa, TestRequest(Other(side)))};
        }
    }
}

KeyStore&
EditKeys(EngineConfig& config)
{
    auto copy = std::make_shared<KeyStore>(*config.peers[0].keys);
    for (PeerConfig& peer : config.peers)
    {
        peer.keys = copy;
    }
    return *copy;
}

} // namespace ipsec
} // namespace ns3
