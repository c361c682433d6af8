// SPDX-License-Identifier: GPL-2.0-only
#include "certificate-samples.h"

#include "ns3/crypto-certificate.h"

#include <openssl/x509v3.h>

#include <gtest/gtest.h>

namespace ns3
{
namespace ipsec
{
namespace
{

TEST(CheckCertificateRevocation, RevokedOneIsRefused)
{
    SampleChain chain;
    chain.trust.revocationLists = {chain.middleParty.Revoke({chain.leaf})};
    EXPECT_EQ(Judgement(chain.leaf, {chain.middle}, chain.trust), "CertificateRevoked");
    chain.trust.revocationLists = {chain.rootParty.Revoke({chain.middle})};
    EXPECT_EQ(Judgement(chain.leaf, {chain.middle}, chain.trust), "CertificateRevoked");
    chain.trust.revocationLists = {
        chain.middleParty.Revoke({chain.middleParty.Issue(SampleParty("other"))})};
    EXPECT_EQ(Judgement(chain.leaf, {chain.middle}, chain.trust), "accepted");
}

TEST(CheckCertificateRevocation, ListThatTheIssuerDidNotSignIsIgnored)
{
    SampleChain chain;
    const SampleParty impostor("middle", KeyNamed("impostor"));
    chain.trust.revocationLists = {impostor.Revoke({chain.leaf}),
                                   chain.rootParty.Revoke({chain.leaf})};
    EXPECT_EQ(Judgement(chain.leaf, {chain.middle}, chain.trust), "accepted");
    chain.trust.requireRevocationList = true;
    EXPECT_EQ(Judgement(chain.leaf, {chain.middle}, chain.trust), "RevocationUnknown");
}

TEST(CheckCertificateRevocation, RequiredListMustBeThereForEveryIssuer)
{
    SampleChain chain;
    chain.trust.requireRevocationList = true;
    EXPECT_EQ(Judgement(chain.leaf, {chain.middle}, chain.trust), "RevocationUnknown");
    chain.trust.revocationLists = {chain.middleParty.Revoke({})};
    EXPECT_EQ(Judgement(chain.leaf, {chain.middle}, chain.trust), "RevocationUnknown");
    chain.trust.revocationLists.push_back(chain.rootParty.Revoke({}));
    EXPECT_EQ(Judgement(chain.leaf, {chain.middle}, chain.trust), "accepted");
}

TEST(CheckCertificateRevocation, StaleListCountsAsNone)
{
    const SampleParty root("root");
    const Certificate leaf = root.Issue(SampleParty("leaf"));
    SeededRandomSource random(1);
    Trust trust;
    trust.authorities = {root.Root()};
    trust.revocationLists = {
        IssueRevocationList(root.issuer, {leaf}, SAMPLE_NOW - 100, SAMPLE_NOW + 100, random)};
    const auto at = [&](CalendarSeconds now) { return Judgement(leaf, {}, trust, now); };
    EXPECT_EQ(at(SAMPLE_NOW - 101), "accepted");
    EXPECT_EQ(at(SAMPLE_NOW - 100), "CertificateRevoked");
    EXPECT_EQ(at(SAMPLE_NOW + 100), "CertificateRevoked");
    EXPECT_EQ(at(SAMPLE_NOW + 101), "accepted");
    trust.requireRevocationList = true;
    EXPECT_EQ(at(SAMPLE_NOW - 101), "RevocationUnknown");
    EXPECT_EQ(at(SAMPLE_NOW + 101), "RevocationUnknown");
}

TEST(CheckCertificateRevocation, NewestListCounts)
{
    const SampleParty root("root");
    const Certificate leaf = root.Issue(SampleParty("leaf"));
    SeededRandomSource random(1);
    const RevocationList older =
        IssueRevocationList(root.issuer, {leaf}, SAMPLE_NOW - 200, SAMPLE_END, random);
    const RevocationList newer =
        IssueRevocationList(root.issuer, {}, SAMPLE_NOW - 100, SAMPLE_END, random);
    Trust trust;
    trust.authorities = {root.Root()};
    trust.revocationLists = {older, newer};
    EXPECT_EQ(Judgement(leaf, {}, trust), "accepted");
    trust.revocationLists = {newer, older};
    EXPECT_EQ(Judgement(leaf, {}, trust), "accepted");
    trust.revocationLists = {older};
    EXPECT_EQ(Judgement(leaf, {}, trust), "CertificateRevoked");
}

// RFC 5280 section 5.2: with a critical extension that is not understood, nothing follows from a
// list; deltas and partial lists have one.
TEST(CheckCertificateRevocation, ListWithACriticalExtensionCountsAsNone)
{
    const SampleParty root("root");
    const Certificate leaf = root.Issue(SampleParty("leaf"));
    Trust trust;
    trust.authorities = {root.Root()};
    trust.revocationLists = {DeltaOf(root.Revoke({leaf}), root.issuer.key)};
    EXPECT_EQ(Judgement(leaf, {}, trust), "accepted");
    trust.requireRevocationList = true;
    EXPECT_EQ(Judgement(leaf, {}, trust), "RevocationUnknown");
}

TEST(CheckCertificateRevocation, IssuerOfAListMustBeAllowedToSignLists)
{
    SampleChain chain;
    const Certificate middle =
        ChangedCertificate(chain.middle,
                           chain.rootParty.issuer.key,
                           [](X509* x509)
                           {
                               RemoveExtension(x509, NID_key_usage);
                               AddExtension(x509, NID_key_usage, "critical,keyCertSign");
                           });
    chain.trust.revocationLists = {chain.middleParty.Revoke({chain.leaf})};
    EXPECT_EQ(Judgement(chain.leaf, {middle}, chain.trust), "accepted");
    EXPECT_EQ(Judgement(chain.leaf, {chain.middle}, chain.trust), "CertificateRevoked");
}

} // namespace
} // namespace ipsec
} // namespace ns3
