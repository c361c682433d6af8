// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-certificate-lab.h"
#include "ipsec-lab-tunnel.h"
#include "ipsec-report-files.h"
#include "ipsec-scenario-pki.h"

#include <algorithm>
#include <filesystem>
#include <stdexcept>

namespace ns3
{
namespace ipsec
{

namespace
{

const AuthoritySettings*
FindAuthority(const Scenario& scenario, const std::string& name)
{
    const auto found = std::find_if(scenario.authorities.begin(),
                                    scenario.authorities.end(),
                                    [&](const AuthoritySettings& one) { return one.name == name; });
    return found == scenario.authorities.end() ? nullptr : &*found;
}

const GatewaySettings*
FindGateway(const Scenario& scenario, const std::string& name)
{
    const auto found = std::find_if(scenario.gateways.begin(),
                                    scenario.gateways.end(),
                                    [&](const GatewaySettings& one) { return one.name == name; });
    return found == scenario.gateways.end() ? nullptr : &*found;
}

/// Adds small keys to the changes of a case, which are made in no time; size is not what the case
/// is about.
CertificateCase
WithQuickKeys(CertificateCase one, const CertificateTunnel& names)
{
    for (const std::string& gateway : {names.first, names.second})
    {
        const std::string prefix = "gateway." + gateway + ".";
        const bool hasOwn =
            std::any_of(one.changes.begin(),
                        one.changes.end(),
                        [&](const std::string& change)
                        {
                            return change.rfind(prefix + "certificate-key", 0) == 0 ||
                                   change.rfind(prefix + "certificate-file", 0) == 0;
                        });
        if (!hasOwn)
        {
            one.changes.push_back(prefix + "certificate-key=rsa1024");
        }
    }
    return one;
}

/// Changes that give the first end a certificate and a key out of files.
std::vector<std::string>
FromFiles(const CertificateTunnel& names, const std::string& certificate, const std::string& key)
{
    const std::string prefix = "gateway." + names.first + ".";
    return {prefix + "certificate-file=" + std::filesystem::absolute(certificate).string(),
            prefix + "private-key-file=" + std::filesystem::absolute(key).string()};
}

} // namespace

CertificateTunnel
FindCertificateTunnel(const Scenario& scenario)
{
    for (const TunnelSettings& tunnel : scenario.tunnels)
    {
        const GatewaySettings* first = FindGateway(scenario, tunnel.ends[0].gateway);
        const AuthoritySettings* issuer =
            first ? FindAuthority(scenario, first->certificate->issuer) : nullptr;
        const bool hasCertificates = scenario.pki && first &&
                                     scenario.pki->StoreOf(first->name) != nullptr &&
                                     !scenario.pki->StoreOf(first->name)->own.empty();
        if (IsCapturedIke(scenario, tunnel) && hasCertificates && issuer && !issuer->issuer.empty())
        {
            return {tunnel.name,
                    tunnel.ends[0].gateway,
                    tunnel.ends[1].gateway,
                    issuer->name,
                    issuer->issuer};
        }
    }
    throw std::invalid_argument(scenario.position.file +
                                ": has no tunnel whose first end has a certificate of an "
                                "[authority] with an issuer; the lab looks at the first one that "
                                "does; " +
                                NOT_CAPTURED);
}

std::vector<CertificateCase>
CertificateCases(const Scenario& scenario,
                 const CertificateTunnel& names,
                 const std::string& folder)
{
    const std::string leaf = folder + "/" + names.first + ".pem";
    const std::string key = folder + "/" + names.first + "-key.pem";
    const std::string otherKey = folder + "/" + names.second + "-key.pem";
    const OwnKey& own = scenario.pki->StoreOf(names.first)->own.front();
    const OwnKey& other = scenario.pki->StoreOf(names.second)->own.front();
    WriteTextFile(leaf, own.chain.front().ToPem());
    WriteTextFile(key, own.key.ToPem());
    WriteTextFile(otherKey, other.key.ToPem());

    const std::string first = "gateway." + names.first + ".";
    const std::string second = "gateway." + names.second + ".";
    const std::string tunnel = "tunnel." + names.tunnel + ".";
    const std::string issuer = "authority." + names.issuer + ".";
    const std::string root = "authority." + names.root + ".";
    const std::string always = tunnel + "send-certificate=always";
    std::vector<std::string> shortChain = FromFiles(names, leaf, key);
    shortChain.push_back(always);
    constexpr CalendarSeconds DAY = 24 * 60 * 60;
    const std::string yesterday = CalendarText(scenario.simulation.startDate - DAY);
    const std::string tomorrow = CalendarText(scenario.simulation.startDate + DAY);
    std::vector<CertificateCase> cases{
        {"good", "as it is", {}},
        {"expired", "it has ended", {first + "certificate-not-after=" + yesterday}},
        {"early", "it has not begun", {first + "certificate-not-before=" + tomorrow}},
        {"answerer-expired",
         "that of the one who answers has ended",
         {second + "certificate-not-after=" + yesterday}},
        {"issuer-expired", "its issuer's has ended", {issuer + "not-after=" + yesterday}},
        {"revoked", "its issuer took it back", {issuer + "revokes=" + names.first}},
        {"issuer-revoked", "the root took its issuer's back", {root + "revokes=" + names.issuer}},
        {"no-list",
         "a current revocation list is required, and there is none",
         {second + "require-crl=true", issuer + "crl-not-after=" + yesterday}},
        {"self-signed",
         "nobody but itself vouches for it",
         {first + "certificate-issuer=self", always}},
        {"unknown-authority",
         "the other end does not know who vouches for it",
         {first + "certificate-issuer=" + names.root, second + "trust=" + names.issuer, always}},
        {"short-chain", "that of its issuer is not sent with it", shortChain},
        {"not-sent", "it is not sent", {tunnel + names.first + ".send-certificate=never"}},
        {"not-asked",
         "the other end does not ask for it",
         {tunnel + names.second + ".request-certificate=false"}},
        {"weak-hash",
         "it is signed with MD5",
         {first + "certificate-hash=md5", issuer + "key=rsa1024"}},
        {"weak-key",
         "its key has 512 bits",
         {tunnel + "auth=rsa", first + "certificate-key=rsa512"}},
        {"other-id",
         "the other end expects somebody else",
         {tunnel + names.second + ".peer-id=other.example.org"}},
        {"other-name",
         "it names somebody else than the ID",
         {first + "certificate-names=other.example.org"}},
        {"wrong-key", "the private key is not its own", FromFiles(names, leaf, otherKey)}};
    for (CertificateCase& one : cases)
    {
        one = WithQuickKeys(std::move(one), names);
    }
    return cases;
}

std::vector<CertificateCase>
CertificateMethods(const CertificateTunnel& names)
{
    const std::string tunnel = "tunnel." + names.tunnel + ".";
    const std::string keys = "gateway." + names.first + ".certificate-key=";
    return {
        {"pre", "pre-shared key", {tunnel + "auth=pre"}},
        {"as-it-is", "as it is", {}},
        {"no-fragmentation", "the same without IKE fragments", {tunnel + "fragmentation=false"}},
        {"small-path",
         "the same on a path of 600 octets",
         {tunnel + "fragmentation=false", "internet.mtu=600B"}},
        {"rsa3072", "RSA, 3072 bits", {tunnel + "auth=rsa", keys + "rsa3072"}},
        {"ecdsa256", "ECDSA, 256 bits", {tunnel + "auth=ecdsa256"}},
        {"dsa", "DSA, 1024 bits", {tunnel + "auth=dsa"}},
        {"aggressive", "as it is, aggressive mode", {tunnel + "mode=aggressive"}}};
}

} // namespace ipsec
} // namespace ns3
