// SPDX-License-Identifier: GPL-2.0-only
#include "key-holder.h"
#include "peer-pair.h"
#include "test-credentials.h"

#include "ns3/isakmp-payloads.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <tuple>

namespace ns3
{
namespace ipsec
{

namespace
{

using Kinds = std::vector<PayloadType>;
using Way = std::tuple<std::string, Phase1Mode, Side>;

/// A configuration for one method and mode.
EngineConfig
MethodConfig(Side side, const std::string& method, Phase1Mode mode = Phase1Mode::Main)
{
    EngineConfig config = SiteConfig(side, method + "-g1-aes128-sha");
    config.peers[0].mode = mode;
    UseKeys(config, side);
    return config;
}

PeerPair
MethodPair(const std::string& method, Phase1Mode mode = Phase1Mode::Main)
{
    return PeerPair(MethodConfig(Side::A, method, mode), MethodConfig(Side::B, method, mode));
}

/// Every method in both modes, with either side starting.
class Authentication : public testing::TestWithParam<Way>
{
  protected:
    const std::string m_method = std::get<0>(GetParam());
    const Phase1Mode m_mode = std::get<1>(GetParam());
    const Side m_initiator = std::get<2>(GetParam());
    const Side m_responder = Other(m_initiator);

    PeerPair
    Pair() const
    {
        return MethodPair(m_method, m_mode);
    }

    size_t
    Messages() const
    {
        return m_mode == Phase1Mode::Main ? 6 : 3;
    }
};

std::string
NameOfWay(const testing::TestParamInfo<Way>& info)
{
    const auto& [method, mode, side] = info.param;
    return method + (mode == Phase1Mode::Main ? "Main" : "Aggressive") +
           (side == Side::A ? "A" : "B");
}

INSTANTIATE_TEST_SUITE_P(EveryMethod,
                         Authentication,
                         testing::Combine(testing::Values("pre",
                                                          "rsa",
                                                          "dsa",
                                                          "ecdsa256",
                                                          "ecdsa384",
                                                          "ecdsa521",
                                                          "rsaenc",
                                                          "rsarev"),
                                          testing::Values(Phase1Mode::Main, Phase1Mode::Aggressive),
                                          testing::Values(Side::A, Side::B)),
                         NameOfWay);

/// The payloads of one message of a pair's phase 1, counted from 1.
Kinds
KindsOf(const PeerPair& pair, size_t message)
{
    return PayloadKinds(pair.Sent().at(message - 1).summary);
}

/// What a responder says of an initiator that it refuses in main mode.
Fault
RefusalOf(const EngineConfig& a, const EngineConfig& b)
{
    PeerPair pair(a, b);
    pair.Initiate(Side::A);
    pair.DeliverAll(4);
    const Effects effects = pair.Deliver();
    const Fault fault = DroppedFault(effects);
    pair.Settle();
    EXPECT_TRUE(pair.IsIkeDown()) << FaultName(fault);
    EXPECT_EQ(pair.End(Side::B).engine.HalfOpen(), 0u) << FaultName(fault);
    return fault;
}

/// The same where A's certificate for RSA signatures is another one.
Fault
RefusalOf(const Certificate& certificate)
{
    EngineConfig a = MethodConfig(Side::A, "rsa");
    EditKeys(a).own[0].chain = {certificate};
    a.peers[0].certificateSending = CertificateSending::Always;
    return RefusalOf(a, MethodConfig(Side::B, "rsa"));
}

Fault
RefusalOf(const CertificateRequest& request, const Issuer& issuer = TestIssuer("root"))
{
    return RefusalOf(TestCertificate(Side::A, KeyKind::Rsa, request, issuer));
}

/// Changes the last octet of the nonce payload of a message in clear.
Octets
WithOtherNonce(Octets message)
{
    const std::vector<RawPayload> payloads = ClearPayloads(message);
    const auto nonce =
        std::find_if(payloads.begin(),
                     payloads.end(),
                     [](const RawPayload& payload) { return payload.type == PayloadType::Nonce; });
    const auto found =
        std::search(message.begin(), message.end(), nonce->body.begin(), nonce->body.end());
    *(found + static_cast<std::ptrdiff_t>(nonce->body.size()) - 1) ^= 1;
    return message;
}

} // namespace

// Covers P1-04, P1-06.
TEST_P(Authentication, EstablishesPhase1AndATunnel)
{
    PeerPair pair = Pair();
    pair.Initiate(m_initiator);
    pair.Settle();
    ASSERT_TRUE(pair.IsIkeUp());
    EXPECT_TRUE(pair.AreTunnelsUp());
    EXPECT_EQ(pair.CountSent(m_mode == Phase1Mode::Main ? ExchangeType::MainMode
                                                        : ExchangeType::AggressiveMode),
              Messages());
    EXPECT_EQ(pair.Drops(Side::A) + pair.Drops(Side::B), 0u);
    for (const Side side : {Side::A, Side::B})
    {
        const IkeSaInfo info = pair.End(side).engine.IkeSas()[0];
        EXPECT_EQ(info.remoteId.ToString(),
                  side == Side::A ? "hub.example.com" : "alice.example.com");
        EXPECT_EQ(info.certificateSubject.empty(), m_method == "pre");
    }
}

// S7
TEST_P(Authentication, EqualSeedsGiveEqualOctets)
{
    PeerPair once = Pair();
    PeerPair again = Pair();
    for (PeerPair* pair : {&once, &again})
    {
        pair->Initiate(m_initiator);
        pair->Settle();
    }
    ASSERT_EQ(once.Sent().size(), again.Sent().size());
    for (size_t i = 0; i < once.Sent().size(); i++)
    {
        EXPECT_EQ(once.Sent()[i].octets, again.Sent()[i].octets) << i;
    }
}

// Covers MM-07.
TEST(AuthenticationPayloads, ASignatureStandsWhereAHashWouldWithTheCertificateThatWasAskedFor)
{
    PeerPair pair = MethodPair("rsa");
    pair.Initiate(Side::A);
    pair.Settle();
    EXPECT_EQ(KindsOf(pair, 3),
              (Kinds{PayloadType::Ke,
                     PayloadType::Nonce,
                     PayloadType::CertRequest,
                     PayloadType::NatD,
                     PayloadType::NatD}));
    EXPECT_EQ(KindsOf(pair, 5),
              (Kinds{PayloadType::Id, PayloadType::Cert, PayloadType::Sig, PayloadType::Notify}));
    EXPECT_EQ(KindsOf(pair, 6), (Kinds{PayloadType::Id, PayloadType::Cert, PayloadType::Sig}));
}

// RFC 2409 section 5.2.
TEST(AuthenticationPayloads, EncryptionMovesIdentityAndNonceIntoTheThirdAndFourthMessage)
{
    EngineConfig a = MethodConfig(Side::A, "rsaenc");
    a.peers[0].natTraversal = NatTraversal::Off;
    PeerPair pair(a, MethodConfig(Side::B, "rsaenc"));
    pair.Initiate(Side::A);
    pair.Settle();
    EXPECT_EQ(KindsOf(pair, 3),
              (Kinds{PayloadType::Ke, PayloadType::Hash, PayloadType::Id, PayloadType::Nonce}));
    EXPECT_EQ(KindsOf(pair, 4), (Kinds{PayloadType::Ke, PayloadType::Id, PayloadType::Nonce}));
    EXPECT_EQ(KindsOf(pair, 5), (Kinds{PayloadType::Hash, PayloadType::Notify}));
    EXPECT_EQ(KindsOf(pair, 6), (Kinds{PayloadType::Hash}));
}

// RFC 2409 section 5.3.
TEST(AuthenticationPayloads, RevisedEncryptionHidesTheKeyExchangeToo)
{
    EngineConfig a = MethodConfig(Side::A, "rsarev", Phase1Mode::Aggressive);
    a.peers[0].natTraversal = NatTraversal::Off;
    a.peers[0].certificateSending = CertificateSending::Always;
    PeerPair pair(a, MethodConfig(Side::B, "rsarev", Phase1Mode::Aggressive));
    pair.Initiate(Side::A);
    pair.Settle();
    EXPECT_EQ(KindsOf(pair, 1),
              (Kinds{PayloadType::Sa,
                     PayloadType::Hash,
                     PayloadType::Nonce,
                     PayloadType::Ke,
                     PayloadType::Id,
                     PayloadType::Cert}));
    EXPECT_EQ(KindsOf(pair, 2),
              (Kinds{PayloadType::Sa,
                     PayloadType::Nonce,
                     PayloadType::Ke,
                     PayloadType::Id,
                     PayloadType::Hash}));
}

// Covers P1-05.
TEST(AuthenticationCertificates, ASelfSignedOneIsAcceptedWherePinnedAndOnlyThere)
{
    const Issuer own{TestRequest(Side::A).subject, TestKey("alice", KeyKind::Rsa)};
    const Certificate selfSigned =
        TestCertificate(Side::A, KeyKind::Rsa, TestRequest(Side::A), own);
    EXPECT_EQ(RefusalOf(selfSigned), Fault::UntrustedSelfSigned);

    EngineConfig a = MethodConfig(Side::A, "rsa");
    EditKeys(a).own[0].chain = {selfSigned};
    EngineConfig b = MethodConfig(Side::B, "rsa");
    b.peers[0].peerCertificates = {selfSigned};
    PeerPair pair(a, b);
    pair.Initiate(Side::A);
    pair.Settle();
    EXPECT_TRUE(pair.IsIkeUp());
}

// Covers P1-05.
TEST(AuthenticationCertificates, AChainOverAnIntermediateAuthorityIsAccepted)
{
    CertificateRequest request;
    request.subject = TestIssuer("branch").name;
    request.isAuthority = true;
    request.notBefore = TEST_DAY - TEST_HALF_YEAR;
    request.notAfter = TEST_DAY + TEST_HALF_YEAR;
    SeededRandomSource random(1);
    const Certificate branch =
        IssueCertificate(request, TestIssuer("branch").key.Public(), TestIssuer("root"), random);
    EngineConfig a = MethodConfig(Side::A, "rsa");
    EditKeys(a).own[0].chain = {
        TestCertificate(Side::A, KeyKind::Rsa, TestRequest(Side::A), TestIssuer("branch")), branch};
    PeerPair pair(a, MethodConfig(Side::B, "rsa"));
    pair.Initiate(Side::A);
    pair.Settle();
    EXPECT_TRUE(pair.IsIkeUp());
    EXPECT_EQ(KindsOf(pair, 5),
              (Kinds{PayloadType::Id,
                     PayloadType::Cert,
                     PayloadType::Cert,
                     PayloadType::Sig,
                     PayloadType::Notify}));
}

// Covers P1-05, bad input 74.
TEST(AuthenticationCertificates, EachThatIsRefusedHasItsOwnReason)
{
    CertificateRequest request = TestRequest(Side::A);
    EXPECT_EQ(RefusalOf(request, TestIssuer("unknown")), Fault::UnknownAuthority);
    request.notAfter = TEST_DAY - 1;
    EXPECT_EQ(RefusalOf(request), Fault::CertificateExpired);
    request = TestRequest(Side::A);
    request.notBefore = TEST_DAY + 86400;
    EXPECT_EQ(RefusalOf(request), Fault::CertificateNotYetValid);
    request = TestRequest(Side::A);
    request.hash = HashId::Md5;
    EXPECT_EQ(RefusalOf(request), Fault::WeakCertificate);
}

// Covers P1-05, bad input 74.
TEST(AuthenticationCertificates, OneThatIsKnownButNamesSomebodyElseIsRefused)
{
    CertificateRequest request = TestRequest(Side::A);
    request.alternativeNames.clear();
    EngineConfig a = MethodConfig(Side::A, "rsa");
    a.peers[0].certificateSending = CertificateSending::Never;
    EngineConfig b = MethodConfig(Side::B, "rsa");
    b.peers[0].peerCertificates = {TestCertificate(Side::A, KeyKind::Rsa, request)};
    EXPECT_EQ(RefusalOf(a, b), Fault::CertificateMismatch);
}

// Covers P1-05, bad input 74.
TEST(AuthenticationCertificates, OneThatIsSentSpeaksForNoKeyId)
{
    EngineConfig a = MethodConfig(Side::A, "rsa");
    EngineConfig b = MethodConfig(Side::B, "rsa");
    a.peers[0].localId = b.peers[0].remoteId = Identity::Parse("keyid:alice");
    EXPECT_EQ(RefusalOf(a, b), Fault::CertificateMismatch);
}

TEST(AuthenticationCertificates, ARevokedOneIsRefused)
{
    EngineConfig b = MethodConfig(Side::B, "rsa");
    SeededRandomSource random(1);
    EditKeys(b).trust.revocationLists = {
        IssueRevocationList(TestIssuer("root"),
                            {TestCertificate(Side::A, KeyKind::Rsa, TestRequest(Side::A))},
                            TEST_DAY - 86400,
                            TEST_DAY + 86400,
                            random)};
    EXPECT_EQ(RefusalOf(MethodConfig(Side::A, "rsa"), b), Fault::CertificateRevoked);
}

TEST(AuthenticationCertificates, AreJudgedByTheSimulatedCalendar)
{
    EngineConfig b = MethodConfig(Side::B, "rsa");
    b.calendarStart = TEST_DAY + TEST_HALF_YEAR - 1;
    PeerPair pair(MethodConfig(Side::A, "rsa"), b);
    PeerPair later = pair;
    pair.Initiate(Side::A);
    pair.DeliverAll();
    EXPECT_TRUE(pair.IsIkeUp());
    later.Advance(std::chrono::seconds(2));
    later.Initiate(Side::A);
    later.DeliverAll(4);
    EXPECT_EQ(DroppedFault(later.Deliver()), Fault::CertificateExpired);
}

TEST(AuthenticationCertificates, NoneSentAndNoneKnownIsRefused)
{
    EngineConfig a = MethodConfig(Side::A, "rsa");
    a.peers[0].certificateSending = CertificateSending::Never;
    EXPECT_EQ(RefusalOf(a, MethodConfig(Side::B, "rsa")), Fault::MissingCertificate);
}

TEST(AuthenticationCertificates, AreNotSentToAPeerThatAsksForAnotherAuthority)
{
    EngineConfig b = MethodConfig(Side::B, "rsa");
    EditKeys(b).trust.authorities = {TestAuthority("other")};
    EXPECT_EQ(RefusalOf(MethodConfig(Side::A, "rsa"), b), Fault::MissingCertificate);
}

TEST(AuthenticationCertificates, OfAResponderAreRefusedLikeThoseOfAnInitiator)
{
    CertificateRequest request = TestRequest(Side::B);
    request.notAfter = TEST_DAY - 1;
    EngineConfig b = MethodConfig(Side::B, "rsa");
    EditKeys(b).own[0].chain = {TestCertificate(Side::B, KeyKind::Rsa, request)};
    PeerPair pair(MethodConfig(Side::A, "rsa"), b);
    pair.Initiate(Side::A);
    pair.DeliverAll(5);
    EXPECT_EQ(DroppedFault(pair.Deliver()), Fault::CertificateExpired);
    pair.Settle();
    EXPECT_TRUE(pair.IsIkeDown());
}

// S1: a certificate of another key proves nothing.
TEST(AuthenticationSignatures, OfAnotherKeyAreRefused)
{
    const PrivateKey& mallory = TestKey("mallory", KeyKind::Rsa);
    SeededRandomSource random(1);
    EngineConfig a = MethodConfig(Side::A, "rsa");
    a.peers[0].certificateSending = CertificateSending::Never;
    EditKeys(a).own[0] = {
        mallory,
        {IssueCertificate(TestRequest(Side::A), mallory.Public(), TestIssuer("root"), random)}};
    EngineConfig b = MethodConfig(Side::B, "rsa");
    b.peers[0].peerCertificates = {TestCertificate(Side::A, KeyKind::Rsa, TestRequest(Side::A))};
    EXPECT_EQ(RefusalOf(a, b), Fault::AuthenticationFailed);
}

// bad input 105, CVE-2018-0131: what cannot be read looks like what can, until the keys differ.
TEST(AuthenticationEncryption, WhatCannotBeReadFailsOnlyAtTheHash)
{
    for (const char* method : {"rsaenc", "rsarev"})
    {
        PeerPair pair = MethodPair(method);
        pair.Initiate(Side::A);
        pair.DeliverAll(2);
        PeerPair good = pair;
        good.Deliver();
        // MM3 --> with a nonce that is no ciphertext of B's key
        pair.DeliverInstead(WithOtherNonce(pair.Next().octets));
        pair.Lose();
        ASSERT_EQ(pair.InFlight(), 1u) << method;
        ASSERT_EQ(good.InFlight(), 1u) << method;
        EXPECT_EQ(pair.Next().octets.size(), good.Next().octets.size());
        EXPECT_EQ(PayloadKinds(pair.Next().summary), PayloadKinds(good.Next().summary));
        pair.DeliverAll(1);
        EXPECT_EQ(DroppedFault(pair.Deliver()), Fault::Undecryptable) << method;
        pair.Settle();
        EXPECT_TRUE(pair.IsIkeDown());
    }
}

} // namespace ipsec
} // namespace ns3
