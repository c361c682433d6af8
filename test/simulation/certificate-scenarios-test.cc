// SPDX-License-Identifier: GPL-2.0-only
// What may be wrong with certificates, each shown by one change of a shipped scenario.
#include "ns3/ipsec-scenario-pki.h"
#include "ns3/ipsec-scenario-reader.h"
#include "ns3/ipsec-scenario-runner.h"

#include <gtest/gtest.h>

namespace
{

using namespace ns3::ipsec;

/// Changes of certificates.ini, and what must follow for its tunnel.
struct Change
{
    const char* name;
    std::vector<std::string> options;
    const char* outcome;
};

void
PrintTo(const Change& change, std::ostream* out)
{
    *out << change.name;
}

class CertificateScenario : public testing::TestWithParam<Change>
{
};

// Covers P1-05, P1-29, MM-07.
TEST_P(CertificateScenario, HasItsOwnOutcome)
{
    std::vector<std::string> options = GetParam().options;
    options.push_back(std::string("expect.up.that=tunnel office ") + GetParam().outcome);
    options.emplace_back("expect.six.that=messages main >= 4");
    options.emplace_back("expect.pings.that=ping answered >= 0");
    options.emplace_back("expect.nothing-sent-again.that=retransmissions >= 0");
    const RunRecord record =
        RunScenario(ReadScenario(std::string(IPSEC_SCENARIOS) + "/certificates.ini", options));
    for (const ExpectationOutcome& outcome : record.expectations)
    {
        EXPECT_TRUE(outcome.pass) << outcome.text << ": " << outcome.seen;
    }
}

INSTANTIATE_TEST_SUITE_P(
    All,
    CertificateScenario,
    testing::Values(
        Change{"Expired",
               {"gateway.left.certificate-not-after=2025-12-31"},
               "fails with CertificateExpired"},
        Change{"NotYetValid",
               {"gateway.left.certificate-not-before=2026-01-02"},
               "fails with CertificateNotYetValid"},
        Change{"AuthorityEndedBeforeTheRun",
               {"simulation.start-date=2031-01-01"},
               "fails with CertificateExpired"},
        Change{"Revoked", {"authority.issuing.revokes=left"}, "fails with CertificateRevoked"},
        Change{"AuthorityRevoked",
               {"authority.root.revokes=issuing"},
               "fails with CertificateRevoked"},
        Change{"ListRequiredAndThere", {"gateway.right.require-crl=true"}, "up"},
        Change{"ListRequiredAndOld",
               {"gateway.right.require-crl=true", "authority.issuing.crl-not-after=2025-12-31"},
               "fails with RevocationUnknown"},
        Change{"SelfSigned",
               {"gateway.left.certificate-issuer=self", "tunnel.office.send-certificate=always"},
               "fails with UntrustedSelfSigned"},
        Change{"SelfSignedAndPinned",
               {"gateway.left.certificate-issuer=self", "gateway.right.pin=left"},
               "up"},
        Change{"OtherAuthority",
               {"gateway.left.certificate-issuer=root",
                "gateway.right.trust=issuing",
                "tunnel.office.send-certificate=always"},
               "fails with UnknownAuthority"},
        Change{"NotSent",
               {"tunnel.office.left.send-certificate=never"},
               "fails with MissingCertificate"},
        Change{"NotSentButPinned",
               {"tunnel.office.left.send-certificate=never", "gateway.right.pin=left"},
               "up"},
        Change{"NotAskedFor",
               {"tunnel.office.right.request-certificate=false"},
               "fails with MissingCertificate"},
        Change{"NotAskedForButSent",
               {"tunnel.office.right.request-certificate=false",
                "tunnel.office.left.send-certificate=always"},
               "up"},
        Change{"WeakSignature",
               {"gateway.left.certificate-hash=md5"},
               "fails with WeakCertificate"},
        Change{"WeakSignatureAccepted",
               {"gateway.left.certificate-hash=md5", "gateway.right.accept-weak=true"},
               "up"},
        Change{"WeakKey", {"gateway.left.certificate-key=rsa512"}, "fails with WeakCertificate"},
        Change{"OtherIdentity",
               {"tunnel.office.right.peer-id=other.example.org"},
               "fails with IdentityMismatch"}),
    [](const testing::TestParamInfo<Change>& info) { return info.param.name; });

/// Returns the keys that a scenario gives to a gateway, as text.
std::string
KeysOf(const std::string& gateway, const std::vector<std::string>& options)
{
    const Scenario scenario =
        ReadScenario(std::string(IPSEC_SCENARIOS) + "/certificates.ini", options);
    std::string keys;
    if (const std::shared_ptr<const KeyStore> store = scenario.pki->StoreOf(gateway))
    {
        for (const OwnKey& own : store->own)
        {
            keys += own.key.ToPem();
        }
    }
    return keys;
}

TEST(ScenarioKeys, DependOnSeedRunAndNameAlone)
{
    const std::string keys = KeysOf("left", {});
    EXPECT_EQ(KeysOf("left", {"authority.root.key=ecdsa256", "gateway.right.trust=issuing"}), keys);
    EXPECT_NE(KeysOf("right", {}), keys);
    EXPECT_NE(KeysOf("left", {"simulation.seed=2"}), keys);
    EXPECT_NE(KeysOf("left", {"simulation.run=2"}), keys);
}

TEST(ScenarioKeys, AreNotMadeWhereNoTunnelNeedsThem)
{
    EXPECT_EQ(KeysOf("left", {"tunnel.office.auth=pre"}), "");
}

} // namespace
