// SPDX-License-Identifier: GPL-2.0-only
#include "asymmetric-samples.h"
#include "key-holder.h"
#include "message-mutations.h"
#include "plain-crypto.h"
#include "test-credentials.h"

#include <gtest/gtest.h>

namespace ns3
{
namespace ipsec
{

namespace
{

using Payloads = std::vector<RawPayload>;

EngineConfig
MethodConfig(Side side, const std::string& method, Phase1Mode mode = Phase1Mode::Main)
{
    EngineConfig config = SiteConfig(side, method + "-g1-aes128-sha");
    config.peers[0].mode = mode;
    config.peers[0].children.clear();
    UseKeys(config, side);
    return config;
}

PeerPair
MethodPair(const std::string& method, Phase1Mode mode = Phase1Mode::Main)
{
    return PeerPair(MethodConfig(Side::A, method, mode), MethodConfig(Side::B, method, mode));
}

/// A pair with the message of this number on its way.
PeerPair
PairAt(size_t message, const std::string& method, Phase1Mode mode = Phase1Mode::Main)
{
    PeerPair pair = MethodPair(method, mode);
    pair.Initiate(Side::A);
    pair.DeliverAll(message - 1);
    EXPECT_EQ(pair.InFlight(), 1u);
    return pair;
}

/// Checks that an exchange came to nothing and that the next one does not.
void
ExpectNothingButASecondChance(PeerPair pair)
{
    pair.Settle();
    EXPECT_TRUE(pair.IsIkeDown());
    EXPECT_EQ(pair.End(Side::B).engine.HalfOpen(), 0u);
    pair.Initiate(Side::A);
    pair.Settle();
    EXPECT_TRUE(pair.IsIkeUp());
}

/// Main mode with certificates and with both methods by public key encryption.
class AuthenticationProperties : public testing::TestWithParam<std::string>
{
  protected:
    const std::string m_method = GetParam();
};

INSTANTIATE_TEST_SUITE_P(EveryMethod,
                         AuthenticationProperties,
                         testing::Values("rsa", "rsaenc", "rsarev"),
                         [](const testing::TestParamInfo<std::string>& info)
                         { return info.param; });

} // namespace

TEST_P(AuthenticationProperties, EveryPlanOfLossesAndDoublesEndsEstablished)
{
    const PeerPair start = PairAt(1, m_method);
    for (const std::vector<Fate>& plan : AllPlans(6))
    {
        PeerPair pair = start;
        const size_t deliveries = RunPlan(pair, plan);
        EXPECT_TRUE(pair.IsIkeUp()) << PlanText(plan);
        EXPECT_LE(deliveries, 40u) << PlanText(plan);
        EXPECT_EQ(pair.End(Side::B).engine.HalfOpen(), 0u) << PlanText(plan);
    }
}

// F16
TEST_P(AuthenticationProperties, EveryTruncationOfEveryMessageIsRefused)
{
    for (size_t message = 1; message <= 6; message++)
    {
        PeerPair pair = PairAt(message, m_method);
        ExpectTruncationsRefused(pair);
        pair.Settle();
        EXPECT_TRUE(pair.IsIkeUp()) << "MM" << message;
    }
}

// F14, S1. Whatever is changed in what is hidden, no SA comes of it but by a good copy.
TEST(HiddenMainMode, ChangesOfItsContributionsNeverEndInHalfAnSa)
{
    for (const char* method : {"rsaenc", "rsarev"})
    {
        for (const size_t message : {3, 4})
        {
            const PeerPair pair = PairAt(message, method);
            const Octets good = pair.Next().octets;
            for (size_t offset = 0; offset < good.size(); offset += 3)
            {
                PeerPair fork = pair;
                const Octets changed =
                    WithOctet(good, offset, static_cast<uint8_t>(good[offset] ^ 0x10));
                if (WasRefused(fork.DeliverInstead(changed)))
                {
                    fork.DeliverAll();
                    EXPECT_TRUE(fork.IsIkeUp()) << method << " MM" << message << " " << offset;
                    continue;
                }
                fork.Lose();
                fork.Settle();
                const std::string region = RegionName(good, offset);
                const bool isFree = region == "NAT-D" || region == "flags" || region == "version";
                EXPECT_TRUE(isFree || fork.End(Side::A).engine.IkeSas().empty()) << region;
                // Only HASH_R covers the responder's identity: with MM5 the initiator has proven
                // itself, and then takes no MM6.
                const bool isIdR = message == 4 && region == "ID";
                EXPECT_TRUE(fork.IsIkeUp() || fork.IsIkeDown() || isIdR) << region;
            }
        }
    }
}

// F14. A change inside CERT, which SIG does not cover, ends the exchange at both ends and the next
// one completes; after all others the good copy does.
TEST(SignedMainMode, ChangesOfItsProofsNeverEndInHalfAnSa)
{
    for (const size_t message : {5, 6})
    {
        const PeerPair pair = PairAt(message, "rsa");
        const Octets good = pair.Next().octets;
        size_t ended = 0;
        for (size_t offset = ISAKMP_HEADER_OCTETS; offset < good.size(); offset += 3)
        {
            PeerPair fork = pair;
            fork.DeliverInstead(WithOctet(good, offset, static_cast<uint8_t>(good[offset] ^ 1)));
            PeerPair after = fork;
            after.Settle();
            if (after.IsIkeUp())
            {
                continue;
            }
            ended++;
            EXPECT_TRUE(after.IsIkeDown()) << "MM" << message << " octet " << offset;
            if (offset % 16 == 0)
            {
                ExpectNothingButASecondChance(std::move(fork));
            }
        }
        EXPECT_GT(ended, 0u);
    }
}

namespace
{

/// What the responder says of MM5 with other payloads, from somebody who has the keys of the
/// exchange; neither end may have an SA in the end, unless @p up.
Fault
FaultOfMm5(const PayloadChange& change, bool up = false)
{
    PeerPair pair = PairAt(5, "rsa");
    PeerPair informed = pair;
    informed.DeliverAll();
    const KeyHolder holder(informed);
    const Octets changed = holder.Changed(pair.Next().octets, holder.Phase1Iv(pair), change);
    const Effects effects = pair.DeliverInstead(changed);
    pair.Lose();
    EXPECT_EQ(pair.End(Side::B).engine.IkeSas().size(), up ? 1u : 0u);
    return up ? Fault::DummyPacket : DroppedFault(effects);
}

/// What the initiator says of AM2 with other payloads. It can still take the good one.
Fault
FaultOfAm2(const PayloadChange& change)
{
    PeerPair pair = PairAt(2, "rsa", Phase1Mode::Aggressive);
    const Effects effects = pair.DeliverInstead(Rewritten(pair.Next().octets, change));
    EXPECT_TRUE(pair.End(Side::A).engine.IkeSas().empty());
    pair.Settle();
    EXPECT_TRUE(pair.IsIkeUp()) << "the good AM2 did not complete";
    return DroppedFault(effects);
}

Octets
CertBody(const Octets& data, uint8_t encoding = CERT_X509_SIGNATURE)
{
    return Concat({Octets{encoding}, data});
}

PayloadChange
WithCert(const Octets& body)
{
    return [body](Payloads& payloads) { PayloadOf(payloads, PayloadType::Cert).body = body; };
}

PayloadChange
WithSig(const Octets& body)
{
    return [body](Payloads& payloads) { PayloadOf(payloads, PayloadType::Sig).body = body; };
}

/// A block of PKCS#1 v1.5 type 1 raised by alice's private key.
Octets
SignedBlock(const Octets& text)
{
    Octets block = {0, 1};
    block.resize(128 - text.size() - 1, 0xff);
    block.push_back(0);
    return RawRsaPrivate(TestKey("alice", KeyKind::Rsa).ToPem(), Concat({block, text}));
}

} // namespace

// bad input 74
TEST(HostileCertificates, InMm5AreRefusedEachWithItsReason)
{
    const Octets garbage = {0x30, 0x03, 0x01, 0x02, 0x03};
    EXPECT_EQ(FaultOfMm5(WithCert(CertBody(garbage))), Fault::BadCertificate);
    EXPECT_EQ(FaultOfMm5(WithCert(CertBody({}))), Fault::BadCertificate);
    const Octets other = TestCertificate(Side::A, KeyKind::EcdsaP256, TestRequest(Side::A)).Der();
    EXPECT_EQ(FaultOfMm5(WithCert(CertBody(other))), Fault::MissingCertificate);
    const Octets hubs = TestCertificate(Side::B, KeyKind::Rsa, TestRequest(Side::B)).Der();
    EXPECT_EQ(FaultOfMm5(WithCert(CertBody(hubs))), Fault::AuthenticationFailed);
}

// bad input 74
TEST(HostileCertificates, InAm2AreRefusedAndTheGoodOneCompletes)
{
    const Octets garbage = {0x30, 0x03, 0x01, 0x02, 0x03};
    EXPECT_EQ(FaultOfAm2(WithCert(CertBody(garbage))), Fault::BadCertificate);
    const Octets other = TestCertificate(Side::B, KeyKind::Dsa, TestRequest(Side::B)).Der();
    EXPECT_EQ(FaultOfAm2(WithCert(CertBody(other))), Fault::MissingCertificate);
    const Octets ours = TestCertificate(Side::A, KeyKind::Rsa, TestRequest(Side::A)).Der();
    EXPECT_EQ(FaultOfAm2(WithCert(CertBody(ours))), Fault::AuthenticationFailed);
}

// bad input 74: their number is bounded before any of them is read.
TEST(HostileCertificates, InLargeNumbersAreRefused)
{
    const auto times = [](size_t count)
    {
        return [count](Payloads& payloads)
        {
            const RawPayload cert = PayloadOf(payloads, PayloadType::Cert);
            payloads.insert(payloads.begin() + 1, count - 1, cert);
        };
    };
    FaultOfMm5(times(MAX_SENT_CERTIFICATES), true);
    EXPECT_EQ(FaultOfMm5(times(MAX_SENT_CERTIFICATES + 1)), Fault::DuplicatePayload);
    EXPECT_EQ(FaultOfMm5(times(100)), Fault::Undecryptable);
    EXPECT_EQ(FaultOfAm2(times(MAX_SENT_CERTIFICATES + 1)), Fault::DuplicatePayload);
    EXPECT_EQ(FaultOfAm2(times(100)), Fault::TooManyPayloads);
}

// bad input 75
TEST(HostileCertificates, OfOtherEncodingsAreIgnored)
{
    for (int encoding = 0; encoding <= 255; encoding++)
    {
        if (encoding == CERT_X509_SIGNATURE)
        {
            continue;
        }
        const Octets body = CertBody({0x30, 0x01}, static_cast<uint8_t>(encoding));
        FaultOfMm5(
            [&body](Payloads& payloads) {
                payloads.insert(payloads.begin() + 1, {PayloadType::Cert, body, 0});
            },
            true);
    }
}

// bad input 73, CVE-2018-16151
TEST(HostileSignatures, OfAnyOtherFormAreRefused)
{
    Octets hash;
    const PayloadChange steal = [&hash](Payloads& payloads)
    {
        hash = PlainRsaRecover(TestKey("alice", KeyKind::Rsa).ToPem(),
                               BodyOf(payloads, PayloadType::Sig));
    };
    FaultOfMm5(steal, true);
    FaultOfMm5(WithSig(SignedBlock(hash)), true); // the control: it is this block
    const Octets digestInfo = FromHex("3021300906052b0e03021a05000414");
    const Octets shortHash = OctetView(hash).First(hash.size() - 1).Copy();
    Octets padding = {0, 1};
    padding.resize(2 + 8, 0xff);
    padding.push_back(0);
    Octets early = Concat({padding, hash});
    early.resize(128, 0x55); // what forgers of e = 3 need (CVE-2026-50721)
    const Octets good = SignedBlock(hash);
    const Octets forgeries[] = {SignedBlock(Concat({digestInfo, hash})),
                                SignedBlock(shortHash),
                                SignedBlock({}),
                                RawRsaPrivate(TestKey("alice", KeyKind::Rsa).ToPem(), early),
                                OctetView(good).First(127).Copy(),
                                OctetView(good).From(1).Copy(),
                                Concat({Octets{0}, good}),
                                Concat({good, Octets{0}}),
                                Octets(128, 0),
                                Octets(128, 0xff),
                                Octets{}};
    for (const Octets& forgery : forgeries)
    {
        EXPECT_EQ(FaultOfMm5(WithSig(forgery)), Fault::AuthenticationFailed) << ToHex(forgery);
        EXPECT_EQ(FaultOfAm2(WithSig(forgery)), Fault::AuthenticationFailed) << ToHex(forgery);
    }
}

TEST(HostileCertificateRequests, ThatSayNothingAreIgnored)
{
    for (const size_t message : {3, 4})
    {
        PeerPair pair = PairAt(message, "rsa");
        const PayloadChange change = [](Payloads& payloads)
        {
            for (const Octets& body : {Octets{}, Octets{0xff}, Octets{4, 0xff, 0xff, 0xff}})
            {
                payloads.push_back({PayloadType::CertRequest, body, 0});
            }
        };
        pair.DeliverInstead(Rewritten(pair.Next().octets, change));
        pair.Lose();
        pair.Settle();
        EXPECT_TRUE(pair.IsIkeUp()) << "MM" << message;
    }
}

} // namespace ipsec
} // namespace ns3
