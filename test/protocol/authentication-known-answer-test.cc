// SPDX-License-Identifier: GPL-2.0-only
// Every value of phase 1 a second time: from private keys, exponents and the messages on the wire,
// by the formulas of RFC 2409 and OpenSSL's primitives (test/support/plain-crypto.h).
#include "key-holder.h"
#include "plain-crypto.h"
#include "test-credentials.h"

#include <gtest/gtest.h>
#include <tuple>

namespace ns3
{
namespace ipsec
{

namespace
{

/// What a proposal is in OpenSSL's words.
struct Method
{
    const char* name;
    const char* proposal;
    PlainSuite suite;
    KeyKind key;
};

constexpr PlainSuite AES_SHA = {"SHA1", "SHA1", "AES-128-CBC", 16, 16};

constexpr Method METHODS[] = {
    {"rsa", "rsa-g1-3des-sha", {"SHA1", "SHA1", "DES-EDE3-CBC", 24, 8}, KeyKind::Rsa},
    {"rsaSha256",
     "rsa-g1-aes256-sha256",
     {"SHA256", "SHA256", "AES-256-CBC", 32, 16},
     KeyKind::Rsa},
    {"dsa", "dsa-g1-aes128-sha", AES_SHA, KeyKind::Dsa},
    {"dsaMd5", "dsa-g1-aes256-md5", {"MD5", "SHA1", "AES-256-CBC", 32, 16}, KeyKind::Dsa},
    {"ecdsa256",
     "ecdsa256-g1-aes128-sha256",
     {"SHA256", "SHA256", "AES-128-CBC", 16, 16},
     KeyKind::EcdsaP256},
    {"ecdsa256Sha1",
     "ecdsa256-g1-aes256-sha",
     {"SHA1", "SHA256", "AES-256-CBC", 32, 16},
     KeyKind::EcdsaP256},
    {"ecdsa384",
     "ecdsa384-g1-aes128-sha256",
     {"SHA256", "SHA384", "AES-128-CBC", 16, 16},
     KeyKind::EcdsaP384},
    {"ecdsa521",
     "ecdsa521-g1-aes128-sha256",
     {"SHA256", "SHA512", "AES-128-CBC", 16, 16},
     KeyKind::EcdsaP521},
    {"rsaenc", "rsaenc-g1-des-sha", {"SHA1", "SHA1", "DES-CBC", 8, 8}, KeyKind::Rsa},
    {"rsaencMd5", "rsaenc-g1-aes256-md5", {"MD5", "MD5", "AES-256-CBC", 32, 16}, KeyKind::Rsa},
    {"rsarev", "rsarev-g1-aes128-sha", AES_SHA, KeyKind::Rsa},
    {"rsarevMd5", "rsarev-g1-3des-md5", {"MD5", "MD5", "DES-EDE3-CBC", 24, 8}, KeyKind::Rsa},
};

std::string
KeyName(Side side)
{
    return side == Side::A ? "alice" : "hub";
}

std::string
RsaPem(Side side)
{
    return TestKey(KeyName(side), KeyKind::Rsa).ToPem();
}

Octets
CertificateDer(Side side, KeyKind kind)
{
    return TestCertificate(side, kind, TestRequest(side)).Der();
}

EngineConfig
MethodConfig(Side side, const char* proposal, Phase1Mode mode)
{
    EngineConfig config = SiteConfig(side, proposal);
    config.peers[0].mode = mode;
    config.peers[0].children.clear();
    config.peers[0].certificateSending = CertificateSending::Always;
    config.peers[0].natTraversal = NatTraversal::Off;
    UseKeys(config, side);
    return config;
}

constexpr uint64_t SEED = 9;

/// Finds the exponent of a public value among what an end drew: the first octets of any word of its
/// source, with the highest bit set.
Octets
ExponentOf(Side side, OctetView publicValue)
{
    constexpr size_t EXPONENT_OCTETS = 20;
    constexpr size_t WORD_OCTETS = 8;
    constexpr size_t MOST_WORDS = 2000;
    SeededRandomSource random(2 * SEED + (side == Side::A ? 0 : 1));
    const Octets stream = random.Draw(MOST_WORDS * WORD_OCTETS);
    for (size_t word = 0; word + 4 < MOST_WORDS; word++)
    {
        Octets exponent = OctetView(stream).From(word * WORD_OCTETS).First(EXPONENT_OCTETS).Copy();
        exponent[0] |= 0x80;
        if (PlainPower(Octets{2}, exponent) == publicValue)
        {
            return exponent;
        }
    }
    ADD_FAILURE() << "no such exponent was drawn";
    return {};
}

/// Opens an encrypted message.
std::vector<RawPayload>
Opened(const PlainPhase1& plain, OctetView message, OctetView iv)
{
    const Octets clear =
        PlainDecrypt(plain.suite, plain.Key(), iv, message.From(ISAKMP_HEADER_OCTETS));
    const Result<PayloadChain> chain =
        ParsePayloadChain(ParseIsakmpHeader(message)->nextPayload, clear);
    EXPECT_TRUE(chain.Ok()) << "wrong key or IV";
    return chain.Ok() ? chain->payloads : std::vector<RawPayload>{};
}

/// Reads what one end hid into its values; checks HASH(1) and the certificate on the way.
struct Hidden
{
    Octets ke, nonce, id;
};

Hidden
Revealed(const std::vector<RawPayload>& payloads,
         const Method& method,
         OctetView cookie,
         Side recipient,
         bool fromInitiator)
{
    Hidden hidden;
    const bool revised = std::string(method.name).substr(0, 6) == "rsarev";
    hidden.ke = BodyOf(payloads, PayloadType::Ke);
    hidden.id = BodyOf(payloads, PayloadType::Id);
    hidden.nonce = PlainRsaDecrypt(RsaPem(recipient), BodyOf(payloads, PayloadType::Nonce));
    if (fromInitiator)
    {
        EXPECT_EQ(BodyOf(payloads, PayloadType::Hash),
                  PlainDigest(method.suite.hash, CertificateDer(recipient, KeyKind::Rsa)));
    }
    if (!revised)
    {
        hidden.id = PlainRsaDecrypt(RsaPem(recipient), hidden.id);
        return hidden;
    }
    PlainEphemeral cipher(method.suite, hidden.nonce, cookie);
    hidden.ke = cipher.Open(hidden.ke);
    hidden.id = cipher.Open(hidden.id);
    if (fromInitiator)
    {
        const Octets der = CertificateDer(Other(recipient), KeyKind::Rsa);
        EXPECT_EQ(cipher.Open(BodyOf(payloads, PayloadType::Cert)), Concat({Octets{4}, der}));
    }
    return hidden;
}

using Way = std::tuple<Method, Phase1Mode, Side>;

std::string
NameOfWay(const testing::TestParamInfo<Way>& info)
{
    const auto& [method, mode, side] = info.param;
    return std::string(method.name) + (mode == Phase1Mode::Main ? "Main" : "Aggressive") +
           (side == Side::A ? "A" : "B");
}

class KnownAnswer : public testing::TestWithParam<Way>
{
  protected:
    const Method m_method = std::get<0>(GetParam());
    const Phase1Mode m_mode = std::get<1>(GetParam());
    const Side m_initiator = std::get<2>(GetParam());
    const Side m_responder = Other(m_initiator);

    bool
    IsSigned() const
    {
        const std::string proposal = m_method.proposal;
        return m_method.key != KeyKind::Rsa || proposal.compare(0, 4, "rsa-") == 0;
    }

    /// Checks what an end proves itself with, last in its message but for notifications.
    void
    ExpectProof(const std::vector<RawPayload>& payloads, Side side, OctetView hash) const
    {
        if (!IsSigned())
        {
            Octets last;
            for (const RawPayload& payload : payloads)
            {
                last = payload.type == PayloadType::Hash ? payload.body : last;
            }
            EXPECT_EQ(ToHex(last), ToHex(hash)) << side;
            return;
        }
        const std::string pem = TestKey(KeyName(side), m_method.key).ToPem();
        const Octets signature = BodyOf(payloads, PayloadType::Sig);
        if (m_method.key == KeyKind::Rsa)
        {
            EXPECT_EQ(ToHex(PlainRsaRecover(pem, signature)), ToHex(hash)) << side;
        }
        else
        {
            EXPECT_TRUE(PlainVerify(pem, hash, signature)) << side;
        }
        EXPECT_EQ(BodyOf(payloads, PayloadType::Cert),
                  Concat({Octets{4}, CertificateDer(side, m_method.key)}));
    }

    /// Reads everything that phase 1 is made of but identities in encrypted messages.
    PlainPhase1
    Recomputed(const PeerPair& pair) const
    {
        const bool isMain = m_mode == Phase1Mode::Main;
        const auto first = ClearPayloads(pair.Sent()[isMain ? 2 : 0].octets);
        const auto second = ClearPayloads(pair.Sent()[isMain ? 3 : 1].octets);
        const IsakmpHeader header = *ParseIsakmpHeader(pair.Sent()[1].octets);
        PlainPhase1 plain;
        plain.suite = m_method.suite;
        plain.ckyI = OctetView(header.initiatorCookie).Copy();
        plain.ckyR = OctetView(header.responderCookie).Copy();
        plain.saI = BodyOf(ClearPayloads(pair.Sent()[0].octets), PayloadType::Sa);
        if (IsSigned())
        {
            plain.gxi = BodyOf(first, PayloadType::Ke);
            plain.gxr = BodyOf(second, PayloadType::Ke);
            plain.ni = BodyOf(first, PayloadType::Nonce);
            plain.nr = BodyOf(second, PayloadType::Nonce);
            plain.idI = isMain ? Octets() : BodyOf(first, PayloadType::Id);
            plain.idR = isMain ? Octets() : BodyOf(second, PayloadType::Id);
        }
        else
        {
            const Hidden i = Revealed(first, m_method, plain.ckyI, m_responder, true);
            const Hidden r = Revealed(second, m_method, plain.ckyR, m_initiator, false);
            std::tie(plain.gxi, plain.ni, plain.idI) = std::tie(i.ke, i.nonce, i.id);
            std::tie(plain.gxr, plain.nr, plain.idR) = std::tie(r.ke, r.nonce, r.id);
        }
        plain.gxy = PlainPower(plain.gxr, ExponentOf(m_initiator, plain.gxi));
        EXPECT_EQ(plain.gxy, PlainPower(plain.gxi, ExponentOf(m_responder, plain.gxr)));
        IsSigned() ? plain.DeriveSigned() : plain.DeriveEncrypted();
        return plain;
    }
};

INSTANTIATE_TEST_SUITE_P(EveryMethod,
                         KnownAnswer,
                         testing::Combine(testing::ValuesIn(METHODS),
                                          testing::Values(Phase1Mode::Main, Phase1Mode::Aggressive),
                                          testing::Values(Side::A, Side::B)),
                         NameOfWay);

} // namespace

// Covers P1-04, P1-06.
TEST_P(KnownAnswer, FollowsFromTheFormulasOfTheRfc)
{
    PeerPair pair(MethodConfig(Side::A, m_method.proposal, m_mode),
                  MethodConfig(Side::B, m_method.proposal, m_mode),
                  SEED);
    pair.Initiate(m_initiator);
    pair.DeliverAll();
    ASSERT_TRUE(pair.IsIkeUp());
    PlainPhase1 plain = Recomputed(pair);

    const IkeSaInfo info = pair.End(Side::A).engine.IkeSas()[0];
    EXPECT_EQ(ToHex(info.skeyidD.View()), ToHex(plain.skeyidD));
    EXPECT_EQ(ToHex(info.skeyidA.View()), ToHex(plain.skeyidA));
    EXPECT_EQ(ToHex(info.skeyidE.View()), ToHex(plain.skeyidE));
    EXPECT_EQ(ToHex(info.encryptionKey.View()), ToHex(plain.Key()));

    std::vector<RawPayload> ofInitiator;
    std::vector<RawPayload> ofResponder;
    if (m_mode == Phase1Mode::Main)
    {
        const Octets& mm5 = pair.Sent()[4].octets;
        ofInitiator = Opened(plain, mm5, plain.FirstIv());
        ofResponder =
            Opened(plain, pair.Sent()[5].octets, OctetView(mm5).Last(m_method.suite.blockOctets));
        if (IsSigned())
        {
            plain.idI = BodyOf(ofInitiator, PayloadType::Id);
            plain.idR = BodyOf(ofResponder, PayloadType::Id);
        }
    }
    else
    {
        ofResponder = ClearPayloads(pair.Sent()[1].octets);
        ofInitiator = Opened(plain, pair.Sent()[2].octets, plain.FirstIv());
    }
    EXPECT_EQ(OctetView(plain.idI).From(4), AsOctets(KeyName(m_initiator) + ".example.com"));
    EXPECT_EQ(OctetView(plain.idR).From(4), AsOctets(KeyName(m_responder) + ".example.com"));
    ExpectProof(ofInitiator, m_initiator, plain.HashI());
    ExpectProof(ofResponder, m_responder, plain.HashR());
}

namespace
{

/// An initiator written by hand, with exponent and nonce of the test's choice: A of a pair only
/// lends it its first message.
class ByHand
{
  public:
    ByHand(const Method& method, Phase1Mode mode)
        : m_pair(MethodConfig(Side::A, method.proposal, mode),
                 MethodConfig(Side::B, method.proposal, mode))
    {
        m_pair.Initiate(Side::A);
        m_header = *ParseIsakmpHeader(m_pair.Next().octets);
        plain.suite = method.suite;
        plain.ckyI = OctetView(m_header.initiatorCookie).Copy();
        plain.saI = BodyOf(ClearPayloads(m_pair.Next().octets), PayloadType::Sa);
        plain.gxi = PlainPower(Octets{2}, EXPONENT);
        plain.ni = Octets(16, 0x4e);
        // FQDN, protocol 0, port 0
        plain.idI = Concat({Octets{2, 0, 0, 0}, AsOctets("alice.example.com")});
    }

    /// Sends a clear message and returns the payloads of the answer.
    std::vector<RawPayload>
    Send(const std::vector<RawPayload>& payloads)
    {
        m_pair.LoseAll();
        m_pair.Inject(Side::B, ClearMessage(m_header, payloads));
        EXPECT_EQ(m_pair.InFlight(), 1u) << "no answer";
        m_header = *ParseIsakmpHeader(m_pair.Next().octets);
        plain.ckyR = OctetView(m_header.responderCookie).Copy();
        return ClearPayloads(m_pair.Next().octets);
    }

    /// Sends the first encrypted message.
    Octets
    SendEncrypted(const std::vector<RawPayload>& payloads)
    {
        m_pair.LoseAll();
        Octets clear = WritePayloadChain(payloads);
        const size_t block = plain.suite.blockOctets;
        clear.resize((clear.size() + block - 1) / block * block);
        IsakmpHeader header = m_header;
        header.flags = FLAG_ENCRYPTION;
        header.nextPayload = payloads[0].type;
        Octets message = WriteIsakmpMessage(
            header, PlainEncrypt(plain.suite, plain.Key(), plain.FirstIv(), clear));
        m_pair.Inject(Side::B, message);
        return message;
    }

    void
    TakeKe(OctetView gxr)
    {
        plain.gxr = gxr.Copy();
        plain.gxy = PlainPower(gxr, EXPONENT);
    }

    void
    ExpectUp() const
    {
        const std::vector<IkeSaInfo> sas = m_pair.End(Side::B).engine.IkeSas();
        ASSERT_EQ(sas.size(), 1u);
        EXPECT_EQ(sas[0].remoteId.ToString(), "alice.example.com");
        EXPECT_EQ(ToHex(sas[0].skeyidD.View()), ToHex(plain.skeyidD));
        EXPECT_EQ(ToHex(sas[0].skeyidA.View()), ToHex(plain.skeyidA));
        EXPECT_EQ(ToHex(sas[0].skeyidE.View()), ToHex(plain.skeyidE));
    }

    const Octets&
    Answer() const
    {
        return m_pair.Next().octets;
    }

    PlainPhase1 plain;

  private:
    inline static const Octets EXPONENT = Octets(30, 0x77);
    PeerPair m_pair;
    IsakmpHeader m_header;
};

/// Ends main mode by public key encryption: HASH_I to HASH_R.
void
ExpectHashesOfMainMode(ByHand& hand)
{
    hand.plain.DeriveEncrypted();
    const Octets mm5 = hand.SendEncrypted({{PayloadType::Hash, hand.plain.HashI()}});
    hand.ExpectUp();
    const auto mm6 =
        Opened(hand.plain, hand.Answer(), OctetView(mm5).Last(hand.plain.suite.blockOctets));
    EXPECT_EQ(ToHex(BodyOf(mm6, PayloadType::Hash)), ToHex(hand.plain.HashR()));
}

} // namespace

// RFC 2409 section 5.2.
TEST(KnownAnswerByHand, AnInitiatorOfRsaEncryptionIsAccepted)
{
    ByHand hand({"rsaenc", "rsaenc-g1-aes128-sha", AES_SHA, KeyKind::Rsa}, Phase1Mode::Main);
    hand.Send({{PayloadType::Sa, hand.plain.saI}});
    const std::string hub = RsaPem(Side::B);
    const auto mm4 = hand.Send({{PayloadType::Ke, hand.plain.gxi},
                                {PayloadType::Id, PlainRsaEncrypt(hub, hand.plain.idI)},
                                {PayloadType::Nonce, PlainRsaEncrypt(hub, hand.plain.ni)}});
    hand.plain.idR = PlainRsaDecrypt(RsaPem(Side::A), BodyOf(mm4, PayloadType::Id));
    hand.plain.nr = PlainRsaDecrypt(RsaPem(Side::A), BodyOf(mm4, PayloadType::Nonce));
    hand.TakeKe(BodyOf(mm4, PayloadType::Ke));
    ExpectHashesOfMainMode(hand);
}

// RFC 2409 section 5.3.
TEST(KnownAnswerByHand, AnInitiatorOfRevisedRsaEncryptionIsAccepted)
{
    ByHand hand({"rsarev", "rsarev-g1-aes128-sha", AES_SHA, KeyKind::Rsa}, Phase1Mode::Main);
    hand.Send({{PayloadType::Sa, hand.plain.saI}});
    PlainEphemeral keI(AES_SHA, hand.plain.ni, hand.plain.ckyI);
    const Octets hiddenKe = keI.Seal(hand.plain.gxi);
    const auto mm4 =
        hand.Send({{PayloadType::Hash, PlainDigest("SHA1", CertificateDer(Side::B, KeyKind::Rsa))},
                   {PayloadType::Nonce, PlainRsaEncrypt(RsaPem(Side::B), hand.plain.ni)},
                   {PayloadType::Ke, hiddenKe},
                   {PayloadType::Id, keI.Seal(hand.plain.idI)}});
    hand.plain.nr = PlainRsaDecrypt(RsaPem(Side::A), BodyOf(mm4, PayloadType::Nonce));
    PlainEphemeral keR(AES_SHA, hand.plain.nr, hand.plain.ckyR);
    hand.TakeKe(keR.Open(BodyOf(mm4, PayloadType::Ke)));
    hand.plain.idR = keR.Open(BodyOf(mm4, PayloadType::Id));
    ExpectHashesOfMainMode(hand);
}

// RFC 2409 section 5.1: the signature of DSA is over HMAC-SHA-1, whatever was negotiated.
TEST(KnownAnswerByHand, AnInitiatorOfDsaWithMd5IsAcceptedInAggressiveMode)
{
    ByHand hand({"dsa", "dsa-g1-aes128-md5", {"MD5", "SHA1", "AES-128-CBC", 16, 16}, KeyKind::Dsa},
                Phase1Mode::Aggressive);
    const auto am2 = hand.Send({{PayloadType::Sa, hand.plain.saI},
                                {PayloadType::Ke, hand.plain.gxi},
                                {PayloadType::Nonce, hand.plain.ni},
                                {PayloadType::Id, hand.plain.idI}});
    hand.plain.nr = BodyOf(am2, PayloadType::Nonce);
    hand.plain.idR = BodyOf(am2, PayloadType::Id);
    hand.TakeKe(BodyOf(am2, PayloadType::Ke));
    hand.plain.DeriveSigned();
    EXPECT_TRUE(PlainVerify(
        TestKey("hub", KeyKind::Dsa).ToPem(), hand.plain.HashR(), BodyOf(am2, PayloadType::Sig)));
    hand.SendEncrypted(
        {{PayloadType::Cert, Concat({Octets{4}, CertificateDer(Side::A, KeyKind::Dsa)})},
         {PayloadType::Sig,
          PlainDsaSign(TestKey("alice", KeyKind::Dsa).ToPem(), hand.plain.HashI())}});
    hand.ExpectUp();
}

} // namespace ipsec
} // namespace ns3
