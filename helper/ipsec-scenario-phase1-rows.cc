// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-scenario-rows.h"
#include "ipsec-scenario-units.h"

#include "ns3/ike-auth-method.h"

#include <stdexcept>

namespace ns3
{
namespace ipsec
{

namespace
{

using End = TunnelEndSettings;
using Text = const std::string;

AuthMethod
ParseMethod(const std::string& text)
{
    const AuthAlgorithm* row = FindAuthByName(text);
    if (!row)
    {
        RefuseChoice(text, AuthNames());
    }
    return row->method;
}

std::vector<ScenarioKey>
AuthenticationKeys()
{
    return {
        {"mode",
         "main|aggressive",
         "main",
         "phase 1 exchange that an end starts; aggressive mode is answered only where it is set",
         nullptr,
         [](End& e, Text& t)
         {
             e.rules.Edit().mode = ParseChoice<Phase1Mode>(
                 t, {{"main", Phase1Mode::Main}, {"aggressive", Phase1Mode::Aggressive}});
         }},
        {"aggressive-refusal",
         "silent|notify",
         "notify",
         "what an end that wants main mode does when it is called in aggressive mode",
         nullptr,
         [](End& e, Text& t)
         {
             e.rules.Edit().aggressiveRefusal = ParseChoice<AggressiveRefusal>(
                 t, {{"silent", AggressiveRefusal::Silent}, {"notify", AggressiveRefusal::Notify}});
         }},
        {"auth",
         "METHOD",
         "",
         "takes the place of the method in every phase 1 proposal: pre, rsa, dsa, ecdsa256, "
         "ecdsa384, ecdsa521, rsaenc, rsarev, hybrid",
         nullptr,
         [](End& e, Text& t) { e.rules.Edit().auth = ParseMethod(t); }},
        {"phase1-proposals",
         "PROPOSALS",
         "",
         "at most four AUTH-gN-CIPHER-HASH, or standard, compatible, basic; without, all "
         "ike-proposals of the gateway",
         nullptr,
         [](End& e, Text& t)
         {
             e.rules.Edit().phase1Proposals = ParsePhase1Proposals(t);
             e.rules.Edit().phase1Set = FindPhase1Set(t);
         }},
        {"pre-shared-key",
         "TEXT|0xHEX",
         "",
         "the secret of both ends, for methods that need one",
         nullptr,
         [](End& e, Text& t) { e.preSharedKey = ParseSecret(t); }},
        {"id",
         "IDENTITY",
         "",
         "who an end says it is: an address, user@domain, domain, keyid:TEXT, or a DN such as "
         "CN=fw-a, O=Example; without, its address",
         nullptr,
         [](End& e, Text& t) { e.id = Identity::Parse(t); }},
        {"peer-id",
         "IDENTITY",
         "",
         "who an end expects; without, what the other end says",
         nullptr,
         [](End& e, Text& t) { e.peerId = Identity::Parse(t); }},
        {"peer-address",
         "known|any",
         "known",
         "any: an end is called by whoever proves the identity, and cannot call; always so for "
         "clients",
         nullptr,
         [](End& e, Text& t) {
             e.rules.Edit().anyPeerAddress =
                 ParseChoice<bool>(t, {{"known", false}, {"any", true}});
         }},
        {"group",
         "true|false",
         "false",
         "whether all clients whose tunnels say so, and agree in phase 1, come under one "
         "configuration of their gateway, whoever they say they are",
         nullptr,
         [](End& e, Text& t) { e.rules.Edit().isGroup = ParseFlag(t); }},
    };
}

std::vector<ScenarioKey>
MessageKeys()
{
    return {
        {"send-certificate",
         "if-asked|always|never",
         "if-asked",
         "when an end sends its certificate",
         nullptr,
         [](End& e, Text& t)
         {
             e.rules.Edit().certificateSending =
                 ParseChoice<CertificateSending>(t,
                                                 {{"if-asked", CertificateSending::IfAsked},
                                                  {"always", CertificateSending::Always},
                                                  {"never", CertificateSending::Never}});
         }},
        {"request-certificate",
         "true|false",
         "true",
         "whether an end asks for the other's certificate (CERTREQ)",
         nullptr,
         [](End& e, Text& t) { e.rules.Edit().requestCertificate = ParseFlag(t); }},
        {"fragmentation",
         "true|false",
         "false",
         "whether IKE messages above the personality's size travel in IKE fragments, if both ends "
         "can",
         nullptr,
         [](End& e, Text& t) { e.rules.Edit().fragmentation = ParseFlag(t); }},
        {"phase1-lifetime",
         "TIME",
         "",
         "lifetime of the IKE SA, 24h as rfc; without, the personality's. The shorter of both ends "
         "counts, unless the responder's personality has another rule",
         nullptr,
         [](End& e, Text& t) { e.rules.Edit().phase1Lifetime = ParseLifetime(t); }},
        {"nat-traversal",
         "auto|force|off",
         "auto",
         "detect a NAT, pretend one so that ESP travels in UDP, or neither",
         nullptr,
         [](End& e, Text& t)
         {
             e.rules.Edit().natTraversal =
                 ParseChoice<NatTraversal>(t,
                                           {{"auto", NatTraversal::Auto},
                                            {"force", NatTraversal::Force},
                                            {"off", NatTraversal::Off}});
         }},
        {"nat-keepalive",
         "TIME",
         "",
         "behind a NAT: silence before one octet keeps the mapping, 0s is never; without, the "
         "personality's",
         nullptr,
         [](End& e, Text& t) { e.rules.Edit().natKeepalive = ParseDuration(t); }},
    };
}

} // namespace

std::string
ParseSecret(const std::string& text)
{
    if (text.rfind("0x", 0) != 0)
    {
        return text;
    }
    const Octets octets = FromHex(text.substr(2));
    return {octets.begin(), octets.end()};
}

std::vector<ScenarioKey>
TunnelPhase1Keys()
{
    std::vector<ScenarioKey> keys = AuthenticationKeys();
    for (const ScenarioKey& key : MessageKeys())
    {
        keys.push_back(key);
    }
    return keys;
}

} // namespace ipsec
} // namespace ns3
