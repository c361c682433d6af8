// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-pki.h"
#include "ipsec-scenario-rows.h"
#include "ipsec-scenario-units.h"

#include <algorithm>
#include <stdexcept>

namespace ns3
{
namespace ipsec
{

namespace
{

using Text = const std::string;

KeySettings
ParseKey(const std::string& text)
{
    const KeyChoice choice = KeyChoice::Parse(Printable(text));
    return {choice.kind, choice.bits};
}

/// Reads kinds of keys, one of each at most.
std::vector<KeySettings>
ParseKeys(const std::string& text)
{
    std::vector<KeySettings> keys;
    for (const std::string& word : SplitList(text))
    {
        const KeySettings key = ParseKey(word);
        if (std::any_of(keys.begin(),
                        keys.end(),
                        [&](const KeySettings& other) { return other.kind == key.kind; }))
        {
            throw std::invalid_argument("'" + Printable(text) + "' names two keys of the kind " +
                                        KeyKindName(key.kind) + "; allowed: one of each kind");
        }
        keys.push_back(key);
    }
    return keys;
}

HashId
ParseSignatureHash(const std::string& text)
{
    return ParseChoice<HashId>(text,
                               {{"md5", HashId::Md5},
                                {"sha", HashId::Sha1},
                                {"sha256", HashId::Sha256},
                                {"sha384", HashId::Sha384},
                                {"sha512", HashId::Sha512}});
}

std::vector<std::string>
ParseNames(const std::string& text)
{
    std::vector<std::string> names;
    for (const std::string& word : SplitList(text))
    {
        names.push_back(ParseName(word));
    }
    return names;
}

std::vector<Identity>
ParseIdentities(const std::string& text)
{
    std::vector<Identity> identities;
    for (const std::string& word : SplitList(text))
    {
        const Identity identity = Identity::Parse(word);
        if (identity.type == IdType::KeyId || identity.type == IdType::DerAsn1Dn)
        {
            throw std::invalid_argument("'" + Printable(word) +
                                        "' is no name beside the subject; allowed: addresses, "
                                        "user@domain and domains");
        }
        identities.push_back(identity);
    }
    return identities;
}

std::vector<ScenarioKey>
AuthorityKeys()
{
    return {
        {"issuer",
         "AUTHORITY",
         "",
         "who issues its certificate; without, it is a root",
         [](Scenario& s, size_t i, Text& t) { s.authorities[i].issuer = ParseName(t); },
         nullptr},
        {"key",
         "KEY",
         "rsa2048",
         "its key: rsa1024 to rsa4096, dsa1024 to dsa3072, ecdsa256, ecdsa384, ecdsa521",
         [](Scenario& s, size_t i, Text& t) { s.authorities[i].key = ParseKey(t); },
         nullptr},
        {"subject",
         "DN",
         "",
         "its name; without, CN=NAME, O=ipsec",
         [](Scenario& s, size_t i, Text& t)
         { s.authorities[i].subject = ParseDistinguishedName(t); },
         nullptr},
        {"not-before",
         "DATE",
         "",
         "from when its certificate is valid; without, 30 days before start-date",
         [](Scenario& s, size_t i, Text& t) { s.authorities[i].notBefore = ParseCalendar(t); },
         nullptr},
        {"not-after",
         "DATE",
         "",
         "until when; without, ten years behind start-date",
         [](Scenario& s, size_t i, Text& t) { s.authorities[i].notAfter = ParseCalendar(t); },
         nullptr},
        {"hash",
         "md5|sha|sha256|sha384|sha512",
         "sha256",
         "by which hash its certificate is signed; md5 and sha are weak",
         [](Scenario& s, size_t i, Text& t) { s.authorities[i].hash = ParseSignatureHash(t); },
         nullptr},
        {"revokes",
         "NAMES",
         "",
         "gateways, clients and authorities whose certificates it takes back; everybody has its "
         "list",
         [](Scenario& s, size_t i, Text& t) { s.authorities[i].revokes = ParseNames(t); },
         nullptr},
        {"crl-not-after",
         "DATE",
         "",
         "until when its revocation list counts; there is one if this or revokes is written, or "
         "somebody requires lists",
         [](Scenario& s, size_t i, Text& t) { s.authorities[i].listUntil = ParseCalendar(t); },
         nullptr},
        {"certificate-file",
         "FILE",
         "",
         "PEM file with its certificate, in place of one that is made",
         [](Scenario& s, size_t i, Text& t) { s.authorities[i].certificateFile = t; },
         nullptr},
        {"private-key-file",
         "FILE",
         "",
         "PEM file with its private key; without, it issues nothing here",
         [](Scenario& s, size_t i, Text& t) { s.authorities[i].privateKeyFile = t; },
         nullptr},
        {"crl-file",
         "FILE",
         "",
         "PEM file with its revocation lists",
         [](Scenario& s, size_t i, Text& t) { s.authorities[i].listFile = t; },
         nullptr},
    };
}

CertificateSettings&
Of(Scenario& scenario, size_t instance)
{
    return scenario.gateways[instance].certificate.Edit();
}

std::vector<ScenarioKey>
OwnCertificateKeys()
{
    return {
        {"certificate-issuer",
         "AUTHORITY|self",
         "",
         "who issues its certificates; without, the first [authority], or one named authority that "
         "is always there",
         [](Scenario& s, size_t i, Text& t) { Of(s, i).issuer = ParseName(t); },
         nullptr},
        {"certificate-subject",
         "DN",
         "",
         "the name in its certificates; without, its id if that is a DN, else CN=NAME, O=ipsec",
         [](Scenario& s, size_t i, Text& t) { Of(s, i).subject = ParseDistinguishedName(t); },
         nullptr},
        {"certificate-names",
         "IDENTITIES",
         "",
         "its other names there; without, its address and each id that it goes by",
         [](Scenario& s, size_t i, Text& t) { Of(s, i).names = ParseIdentities(t); },
         nullptr},
        {"certificate-not-before",
         "DATE",
         "",
         "from when they are valid; without, 30 days before start-date",
         [](Scenario& s, size_t i, Text& t) { Of(s, i).notBefore = ParseCalendar(t); },
         nullptr},
        {"certificate-not-after",
         "DATE",
         "",
         "until when; without, ten years behind start-date",
         [](Scenario& s, size_t i, Text& t) { Of(s, i).notAfter = ParseCalendar(t); },
         nullptr},
        {"certificate-hash",
         "md5|sha|sha256|sha384|sha512",
         "sha256",
         "by which hash they are signed; md5 and sha are weak",
         [](Scenario& s, size_t i, Text& t) { Of(s, i).hash = ParseSignatureHash(t); },
         nullptr},
        {"certificate-key",
         "KEYS",
         "",
         "its keys, one of each kind at most; without, what its methods need: rsa2048, dsa1024, "
         "ecdsa256, ecdsa384, ecdsa521",
         [](Scenario& s, size_t i, Text& t) { Of(s, i).keys = ParseKeys(t); },
         nullptr},
        {"certificate-file",
         "FILE",
         "",
         "PEM file with its certificate, followed by those of authorities between",
         [](Scenario& s, size_t i, Text& t) { Of(s, i).certificateFile = t; },
         nullptr},
        {"private-key-file",
         "FILE",
         "",
         "PEM file with the private key of certificate-file",
         [](Scenario& s, size_t i, Text& t) { Of(s, i).privateKeyFile = t; },
         nullptr},
    };
}

std::vector<ScenarioKey>
TrustKeys()
{
    return {
        {"trust",
         "AUTHORITIES",
         "",
         "authorities that it trusts; without, all roots",
         [](Scenario& s, size_t i, Text& t) { Of(s, i).trust = ParseNames(t); },
         nullptr},
        {"pin",
         "NAMES",
         "",
         "gateways and clients whose certificates it takes as they are, self-signed ones, too",
         [](Scenario& s, size_t i, Text& t) { Of(s, i).pinned = ParseNames(t); },
         nullptr},
        {"require-crl",
         "true|false",
         "false",
         "whether it refuses certificates of issuers that it has no current revocation list of",
         [](Scenario& s, size_t i, Text& t) { Of(s, i).requireList = ParseFlag(t); },
         nullptr},
        {"accept-weak",
         "true|false",
         "false",
         "whether it takes certificates signed by MD5 or SHA-1, or with keys below 1024 bits",
         [](Scenario& s, size_t i, Text& t) { Of(s, i).acceptWeak = ParseFlag(t); },
         nullptr},
    };
}

} // namespace

ScenarioSection
AuthoritySection()
{
    return {"authority",
            true,
            "a certification authority, made from the seed or read from files",
            AuthorityKeys(),
            [](Scenario& s, const std::string& name, const ScenarioPosition& position)
            {
                AuthoritySettings authority;
                authority.name = name;
                authority.position = position;
                s.authorities.push_back(authority);
            }};
}

std::vector<ScenarioKey>
CertificateKeys()
{
    std::vector<ScenarioKey> keys = OwnCertificateKeys();
    for (const ScenarioKey& key : TrustKeys())
    {
        keys.push_back(key);
    }
    return keys;
}

} // namespace ipsec
} // namespace ns3
