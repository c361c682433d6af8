// SPDX-License-Identifier: GPL-2.0-only
#include "key-holder.h"
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

/// The methods by public key encryption in both modes.
class HiddenExchange : public testing::TestWithParam<std::tuple<std::string, Phase1Mode>>
{
  protected:
    const std::string m_method = std::get<0>(GetParam());
    const Phase1Mode m_mode = std::get<1>(GetParam());

    /// A pair with the initiator's hidden contribution on its way; with @p dynamic the responder
    /// finds its peer by the hidden identity only.
    PeerPair
    AtContribution(bool dynamic) const
    {
        EngineConfig b = MethodConfig(Side::B, m_method, m_mode);
        if (dynamic)
        {
            b.peers[0].remoteAddress.reset();
        }
        PeerPair pair(MethodConfig(Side::A, m_method, m_mode), b);
        pair.Initiate(Side::A);
        pair.DeliverAll(m_mode == Phase1Mode::Main ? 2 : 0);
        return pair;
    }
};

INSTANTIATE_TEST_SUITE_P(EveryWay,
                         HiddenExchange,
                         testing::Combine(testing::Values("rsaenc", "rsarev"),
                                          testing::Values(Phase1Mode::Main,
                                                          Phase1Mode::Aggressive)),
                         [](const auto& info)
                         {
                             return std::get<0>(info.param) +
                                    (std::get<1>(info.param) == Phase1Mode::Main ? "Main"
                                                                                 : "Aggressive");
                         });

} // namespace

TEST_P(HiddenExchange, ForAnotherCertificateIsRefusedAndTheRightOneCompletes)
{
    PeerPair pair = AtContribution(false);
    const PayloadChange change = [](Payloads& payloads)
    { PayloadOf(payloads, PayloadType::Hash).body[0] ^= 1; };
    const Effects effects = pair.DeliverInstead(Rewritten(pair.Next().octets, change));
    EXPECT_TRUE(WasRefused(effects));
    EXPECT_EQ(DroppedFault(effects), Fault::BadCertificate);
    pair.Settle();
    EXPECT_TRUE(pair.IsIkeUp());
}

namespace
{

/// Everything about a reaction that somebody on the wire, or the clock, could see.
std::string
Appearance(const Effects& effects)
{
    std::string text;
    for (const Effect& effect : effects.list)
    {
        text += std::to_string(effect.index()) + " ";
        if (const auto* transmit = std::get_if<Transmit>(&effect))
        {
            text += transmit->summary.PayloadsText() + " of " +
                    std::to_string(transmit->datagram.size()) + " ";
        }
    }
    for (const auto& [key, count] : effects.work.Items())
    {
        text += key.ToString() + "x" + std::to_string(count) + " ";
    }
    return text;
}

/// Ciphertexts for the hub that do not decrypt, or not to a nonce.
std::vector<Octets>
BadCiphertexts()
{
    constexpr size_t BLOCK = 128;
    const std::string pem = TestKey("hub", KeyKind::Rsa).ToPem();
    std::vector<Octets> bad = {{},
                               Octets(1, 7),
                               Octets(BLOCK - 1, 7),
                               Octets(BLOCK + 1, 7),
                               Octets(BLOCK, 0),
                               Octets(BLOCK, 0xff),
                               Octets(8000, 1)};
    Octets block(BLOCK, 0xa5);
    block[0] = 0;
    block[1] = 2;
    bad.push_back(PlainRsaBlock(pem, block)); // no end of the padding
    block[BLOCK - 17] = 0;
    Octets changed = block;
    changed[1] = 1; // the type of signatures
    bad.push_back(PlainRsaBlock(pem, changed));
    changed = block;
    changed[0] = 1; // too large a number for its padding
    bad.push_back(PlainRsaBlock(pem, changed));
    changed = block;
    changed[5] = 0; // less than eight octets of padding
    bad.push_back(PlainRsaBlock(pem, changed));
    bad.push_back(PlainRsaEncrypt(pem, {}));
    bad.push_back(PlainRsaEncrypt(pem, Octets(7, 1)));
    return bad;
}

} // namespace

// bad input 105, CVE-2018-0131: same messages, same sizes, same work; no SA.
TEST_P(HiddenExchange, ThatCannotBeReadIsAnsweredLikeOneThatCan)
{
    for (const bool dynamic : {false, true})
    {
        const PeerPair start = AtContribution(dynamic);
        const Octets good = start.Next().octets;
        PeerPair answered = start;
        const std::string expected = Appearance(answered.Deliver());
        const std::vector<PayloadType> hidden =
            m_method == "rsaenc" ? std::vector{PayloadType::Nonce, PayloadType::Id}
                                 : std::vector{PayloadType::Nonce};
        for (const PayloadType type : hidden)
        {
            for (const Octets& bad : BadCiphertexts())
            {
                PeerPair pair = start;
                const PayloadChange change = [&](Payloads& payloads)
                { PayloadOf(payloads, type).body = bad; };
                EXPECT_EQ(Appearance(pair.DeliverInstead(Rewritten(good, change))), expected)
                    << PayloadName(type) << " of " << bad.size() << ", dynamic " << dynamic;
                pair.Lose();
                pair.DeliverAll();
                EXPECT_TRUE(pair.End(Side::B).engine.IkeSas().empty());
            }
        }
    }
}

// bad input 105: a responder that lies learns nothing either.
TEST_P(HiddenExchange, OfAResponderThatCannotBeReadFailsOnlyAtTheHash)
{
    for (const Octets& bad : {Octets(128, 0), Octets(127, 7), Octets{}})
    {
        PeerPair pair = AtContribution(false);
        pair.Deliver();
        const PayloadChange change = [&](Payloads& payloads)
        { PayloadOf(payloads, PayloadType::Nonce).body = bad; };
        const Effects effects = pair.DeliverInstead(Rewritten(pair.Next().octets, change));
        if (m_mode == Phase1Mode::Main)
        {
            EXPECT_NE(FindEffect<Transmit>(effects), nullptr);
            EXPECT_EQ(FindEffect<Dropped>(effects), nullptr);
        }
        else
        {
            EXPECT_EQ(DroppedFault(effects), Fault::AuthenticationFailed);
        }
        EXPECT_TRUE(pair.IsIkeDown());
    }
}

// bad input 105: what does not decrypt to a point of the curve must not show that the nonce did.
TEST(HiddenKeyExchange, ThatIsNoPointOfTheCurveFailsOnlyAtTheHash)
{
    const PlainSuite suite = {"SHA1", "SHA1", "AES-128-CBC", 16, 16};
    EngineConfig a = MethodConfig(Side::A, "rsarev");
    EngineConfig b = MethodConfig(Side::B, "rsarev");
    a.peers[0].proposals = b.peers[0].proposals = ParsePhase1Proposals("rsarev-g19-aes128-sha");
    PeerPair pair(a, b);
    pair.Initiate(Side::A);
    pair.DeliverAll(2);
    const Octets good = pair.Next().octets;
    PeerPair answered = pair;
    const std::string expected = Appearance(answered.Deliver());
    const PayloadChange change = [&](Payloads& payloads)
    {
        const Octets nonce(32, 0x42);
        PlainEphemeral cipher(suite, nonce, ParseIsakmpHeader(good)->initiatorCookie);
        PayloadOf(payloads, PayloadType::Nonce).body =
            PlainRsaEncrypt(TestKey("hub", KeyKind::Rsa).ToPem(), nonce);
        PayloadOf(payloads, PayloadType::Ke).body = cipher.Seal(Octets(64, 0x11));
        PayloadOf(payloads, PayloadType::Id).body =
            cipher.Seal(Concat({Octets{2, 0, 0, 0}, AsOctets("alice.example.com")}));
    };
    EXPECT_EQ(Appearance(pair.DeliverInstead(Rewritten(good, change))), expected);
    pair.Lose();
    pair.Settle();
    EXPECT_TRUE(pair.IsIkeDown());
}

} // namespace ipsec
} // namespace ns3
