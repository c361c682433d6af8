// SPDX-License-Identifier: GPL-2.0-only
#include "config-samples.h"
#include "test-credentials.h"

#include <gtest/gtest.h>

namespace ns3
{
namespace ipsec
{

namespace
{

/// Returns a configuration whose peer "other" authenticates by a method, with keys for all.
EngineConfig
KeyConfig(const std::string& phase1, Side side = Side::A)
{
    EngineConfig config = SiteConfig(side, phase1);
    UseKeys(config, side);
    return config;
}

/// Returns the refusal after @p change was made to a peer with keys for all methods.
template <typename Change>
std::string
KeyRefusal(const std::string& phase1, Change change)
{
    EngineConfig config = KeyConfig(phase1);
    change(config);
    return Refusal(config);
}

/// Makes one end a part of XAUTH.
void
TakePart(EngineConfig& config, XauthRole role)
{
    XauthConfig& xauth = config.peers[0].xauth.Edit();
    xauth.role = role;
    xauth.user = "alice";
    xauth.users["alice"] = SecretBytes(AsOctets("wonderland"));
}

/// Forgets whatever a signature of the peer could be judged by.
void
TrustNobody(EngineConfig& config)
{
    EditKeys(config).trust = Trust{};
    config.peers[0].peerCertificates.clear();
}

void
BeDynamic(EngineConfig& config)
{
    config.peers[0].remoteAddress.reset();
}

std::string
AggressiveRefusalOf(const std::string& phase1)
{
    return KeyRefusal(phase1, [](EngineConfig& c) { c.peers[0].mode = Phase1Mode::Aggressive; });
}

} // namespace

// Covers P1-04, P1-06.
TEST(EngineConfigPhase1, EveryMethodWithWhatItNeedsIsAccepted)
{
    for (const std::string& method : AuthNames())
    {
        if (method != "hybrid")
        {
            EXPECT_EQ(KeyRefusal(method + "-g2-aes128-sha", [](EngineConfig&) {}), ACCEPTED)
                << method;
        }
    }
}

TEST(EngineConfigPhase1, MethodWithoutKeysIsRefused)
{
    EXPECT_EQ(
        PeerRefusal([](PeerConfig& peer)
                    { peer.proposals.push_back(Phase1Proposal::Parse("rsa-g2-aes128-sha")); }),
        "peer 'b': the proposal 'rsa-g2-aes128-sha' needs keys and certificates; there are none");
}

TEST(EngineConfigPhase1, MethodWithoutAKeyOfItsKindIsRefused)
{
    const std::string sentence = "peer 'other': the proposal 'dsa-g2-aes128-sha' needs a private "
                                 "key of the kind DSA with its certificate";
    EXPECT_EQ(KeyRefusal("dsa-g2-aes128-sha",
                         [](EngineConfig& c)
                         {
                             std::vector<OwnKey>& own = EditKeys(c).own;
                             own.erase(own.begin() + 1);
                         }),
              sentence);
    EXPECT_EQ(
        KeyRefusal("dsa-g2-aes128-sha", [](EngineConfig& c) { EditKeys(c).own[1].chain.clear(); }),
        sentence);
}

TEST(EngineConfigPhase1, CertificateOfAnotherKeyIsRefused)
{
    EXPECT_EQ(
        KeyRefusal("rsa-g2-aes128-sha",
                   [](EngineConfig& c)
                   { EditKeys(c).own[0].key = TestKey("mallory", KeyKind::Rsa); }),
        "peer 'other': our certificate of the kind RSA, of CN=alice, O=Example, is not one of "
        "our private key");
}

// Covers P1-23.
TEST(EngineConfigPhase1, SignaturesThatNothingCouldProveAreRefused)
{
    EXPECT_EQ(KeyRefusal("rsa-g2-aes128-sha", TrustNobody),
              "peer 'other': the proposal 'rsa-g2-aes128-sha' needs an authority to trust, or the "
              "peer's certificate; there is neither");
    const Certificate peers = TestCertificate(Side::B, KeyKind::Rsa, TestRequest(Side::B));
    const auto refusal = [&](auto change)
    {
        return KeyRefusal("rsa-g2-aes128-sha",
                          [&](EngineConfig& c)
                          {
                              TrustNobody(c);
                              change(c);
                          });
    };
    EXPECT_EQ(refusal([&](EngineConfig& c) { EditKeys(c).trust.pinned = {peers}; }), ACCEPTED);
    EXPECT_EQ(refusal([&](EngineConfig& c) { c.peers[0].peerCertificates = {peers}; }), ACCEPTED);
}

// Covers P1-06.
TEST(EngineConfigPhase1, EncryptionForAPeerWhoseKeyIsUnknownIsRefused)
{
    for (const std::string method : {"rsaenc", "rsarev"})
    {
        const std::string proposal = method + "-g2-aes128-sha";
        const std::string sentence =
            "peer 'other': the proposal '" + proposal +
            "' encrypts with the peer's key, so an RSA certificate of the peer must be known "
            "beforehand; there is none";
        EXPECT_EQ(
            KeyRefusal(proposal, [](EngineConfig& c) { c.peers[0].peerCertificates.clear(); }),
            sentence);
        EXPECT_EQ(KeyRefusal(proposal,
                             [](EngineConfig& c) {
                                 c.peers[0].peerCertificates = {
                                     TestCertificate(Side::B, KeyKind::Dsa, TestRequest(Side::B))};
                             }),
                  sentence);
    }
}

TEST(EngineConfigPhase1, ADynamicPeerMayBringTheCertificateToEncryptFor)
{
    EXPECT_EQ(KeyRefusal("rsarev-g2-aes128-sha",
                         [](EngineConfig& c)
                         {
                             BeDynamic(c);
                             c.peers[0].peerCertificates.clear();
                         }),
              ACCEPTED);
    EXPECT_EQ(KeyRefusal("rsarev-g2-aes128-sha",
                         [](EngineConfig& c)
                         {
                             BeDynamic(c);
                             TrustNobody(c);
                         }),
              "peer 'other': the proposal 'rsarev-g2-aes128-sha' needs an authority to trust, or "
              "the peer's certificate; there is neither");
}

// Covers P1-07.
TEST(EngineConfigPhase1, HybridAsksOnlyTheServerForAKeyAndOnlyTheClientForTrust)
{
    const auto refusal = [](XauthRole role, auto change)
    {
        return KeyRefusal("hybrid-g2-aes128-sha",
                          [&](EngineConfig& c)
                          {
                              TakePart(c, role);
                              change(c);
                          });
    };
    const auto loseKeys = [](EngineConfig& c) { EditKeys(c).own.clear(); };
    EXPECT_EQ(refusal(XauthRole::Client, loseKeys), ACCEPTED);
    EXPECT_EQ(refusal(XauthRole::Server, TrustNobody), ACCEPTED);
    EXPECT_EQ(refusal(XauthRole::Server, loseKeys),
              "peer 'other': the proposal 'hybrid-g2-aes128-sha' needs a private key of the kind "
              "RSA with its certificate");
    EXPECT_EQ(refusal(XauthRole::Client, TrustNobody),
              "peer 'other': the proposal 'hybrid-g2-aes128-sha' needs an authority to trust, or "
              "the peer's certificate; there is neither");
}

// Covers P1-07.
TEST(EngineConfigPhase1, HybridWithoutXauthIsRefused)
{
    EXPECT_EQ(KeyRefusal("hybrid-g2-aes128-sha", [](EngineConfig&) {}),
              "peer 'other': the proposal 'hybrid-g2-aes128-sha' proves the gateway only; make the "
              "peer an XAUTH client or server");
}

// Covers P1-07.
TEST(EngineConfigPhase1, XauthGoesWithEveryMethodThatHasANumberForIt)
{
    for (const std::string& method : AuthNames())
    {
        const std::string proposal = method + "-g2-aes128-sha";
        const std::string expected =
            method.find("ecdsa") == std::string::npos
                ? ACCEPTED
                : "peer 'other': the proposal '" + proposal +
                      "' cannot be combined with XAUTH; no number is assigned to its method with "
                      "it";
        for (const XauthRole role : {XauthRole::Client, XauthRole::Server})
        {
            EXPECT_EQ(KeyRefusal(proposal, [role](EngineConfig& c) { TakePart(c, role); }),
                      expected);
        }
    }
}

TEST(EngineConfigPhase1, HybridMayStandNextToOtherMethods)
{
    EXPECT_EQ(KeyRefusal("hybrid-g2-aes128-sha, pre-g2-aes128-sha, rsa-g2-aes128-sha",
                         [](EngineConfig& c) { TakePart(c, XauthRole::Client); }),
              ACCEPTED);
}

// Covers AM-02.
TEST(EngineConfigPhase1, AggressiveModeWithTwoGroupsIsRefused)
{
    EXPECT_EQ(AggressiveRefusalOf("pre-g2-aes128-sha, pre-g5-aes128-sha"),
              "peer 'other': the proposals 'pre-g2-aes128-sha' and 'pre-g5-aes128-sha' differ in "
              "the group; aggressive mode carries one key exchange, so all must name the same "
              "group");
    EXPECT_EQ(AggressiveRefusalOf("pre-g2-aes128-sha, rsa-g2-des-md5"), ACCEPTED);
}

TEST(EngineConfigPhase1, AggressiveModeWithTwoWaysToHideTheIdentityIsRefused)
{
    const std::string first = "rsarev-g2-aes128-sha";
    for (const std::string other : {"rsaenc-g2-aes128-sha",
                                    "rsarev-g2-des-sha",
                                    "rsarev-g2-aes128-md5",
                                    "pre-g2-aes128-sha",
                                    "rsa-g2-aes128-sha"})
    {
        EXPECT_EQ(AggressiveRefusalOf(first + ", " + other),
                  "peer 'other': the proposals '" + first + "' and '" + other +
                      "' do not hide the identity in the same way; aggressive mode sends it before "
                      "the choice, so all must name the same method, cipher and hash");
    }
    EXPECT_NE(AggressiveRefusalOf("pre-g2-aes128-sha, rsarev-g2-aes128-sha"), ACCEPTED);
}

TEST(EngineConfigPhase1, WhatWeNeverOfferMayDifferInAggressiveMode)
{
    EXPECT_EQ(KeyRefusal("pre-g2-aes128-sha, pre-g5-aes128-sha, rsarev-g2-des-md5",
                         [](EngineConfig& c)
                         {
                             BeDynamic(c);
                             c.peers[0].mode = Phase1Mode::Aggressive;
                         }),
              ACCEPTED);
}

TEST(EngineConfigPhase1, WhatIsChosenLaterMayDifferInMainMode)
{
    EXPECT_EQ(KeyRefusal("pre-g2-aes128-sha, rsa-g5-aes128-sha", [](EngineConfig&) {}), ACCEPTED);
}

} // namespace ipsec
} // namespace ns3
