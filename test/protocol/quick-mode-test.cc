// SPDX-License-Identifier: GPL-2.0-only
#include "key-holder.h"
#include "peer-pair.h"

#include "ns3/crypto-hash.h"
#include "ns3/isakmp-sa-payload.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <set>

namespace ns3
{
namespace ipsec
{

namespace
{

using Kinds = std::vector<PayloadType>;
using std::chrono::hours;
using std::chrono::seconds;

const Kinds HASH_ONLY = {PayloadType::Hash};

/// Runs with either side starting.
class QuickMode : public testing::TestWithParam<Side>
{
  protected:
    /// Runs phase 1 until QM1 is on its way.
    void
    RunToQm1(PeerPair& pair) const
    {
        pair.Acquire(m_initiator);
        for (int message = 1; message <= 6; message++)
        {
            pair.Deliver();
        }
        ASSERT_TRUE(pair.IsIkeUp());
        ASSERT_EQ(pair.InFlight(), 1u);
        ASSERT_EQ(pair.Next().summary.exchange, ExchangeType::QuickMode);
    }

    const Side m_initiator = GetParam();
    const Side m_responder = Other(m_initiator);
};

INSTANTIATE_TEST_SUITE_P(EitherSideStarts,
                         QuickMode,
                         testing::Values(Side::A, Side::B),
                         testing::PrintToStringParamName());

/// Returns the positions of effects: what a test says about order reads as numbers.
struct Order
{
    int inbound = -1;
    int outbound = -1;
    int transmit = -1;
};

Order
OrderOf(const Effects& effects)
{
    Order order;
    for (size_t i = 0; i < effects.list.size(); i++)
    {
        const auto position = static_cast<int>(i);
        if (const auto* install = std::get_if<InstallSa>(&effects.list[i]))
        {
            (install->sa.direction == SaDirection::Inbound ? order.inbound : order.outbound) =
                position;
        }
        else if (std::holds_alternative<Transmit>(effects.list[i]))
        {
            order.transmit = position;
        }
    }
    return order;
}

/// Computes the 44 octets of KEYMAT that SKEYID_d and the wire tell.
Octets
KeymatWithoutPfs(const PeerPair& pair, uint32_t spi)
{
    const KeyHolder holder(pair);
    const IkeSaInfo ike = pair.End(Side::A).engine.IkeSas().at(0);
    const Octets& qm1 = pair.Sent().at(6).octets;
    const Octets& qm2 = pair.Sent().at(7).octets;
    const Octets iv = holder.FirstIv(ParseIsakmpHeader(qm1)->messageId);
    OctetWriter seed;
    seed.U8(static_cast<uint8_t>(ProtocolId::Esp)).U32(spi);
    seed.Append(BodyOf(holder.Open(qm1, iv), PayloadType::Nonce));
    seed.Append(BodyOf(holder.Open(qm2, holder.IvAfter(qm1)), PayloadType::Nonce));
    const Octets tail = seed.Take();
    Octets keymat;
    Octets block;
    while (keymat.size() < 44)
    {
        block = Hmac(ike.proposal.hash, ike.skeyidD.View(), {block, tail});
        keymat.insert(keymat.end(), block.begin(), block.end());
    }
    return keymat;
}

} // namespace

// Covers QM-17, QM-18, QM-22.
TEST_P(QuickMode, EachMessageCarriesItsPayloadsAndInstallsItsSas)
{
    PeerPair pair;
    RunToQm1(pair);

    // QM1 -->
    EXPECT_EQ(PayloadKinds(pair.Next().summary),
              (Kinds{PayloadType::Hash,
                     PayloadType::Sa,
                     PayloadType::Nonce,
                     PayloadType::Id,
                     PayloadType::Id}));
    const Order atQm1 = OrderOf(pair.Deliver());
    EXPECT_GE(atQm1.inbound, 0);
    EXPECT_LT(atQm1.inbound, atQm1.transmit);
    EXPECT_EQ(atQm1.outbound, -1);

    // <-- QM2
    EXPECT_EQ(PayloadKinds(pair.Next().summary),
              (Kinds{PayloadType::Hash,
                     PayloadType::Sa,
                     PayloadType::Nonce,
                     PayloadType::Id,
                     PayloadType::Id}));
    const Order atQm2 = OrderOf(pair.Deliver());
    EXPECT_GE(atQm2.inbound, 0);
    EXPECT_LT(atQm2.inbound, atQm2.transmit);
    EXPECT_GT(atQm2.outbound, atQm2.transmit);

    // QM3 -->
    EXPECT_EQ(PayloadKinds(pair.Next().summary), HASH_ONLY);
    const Order atQm3 = OrderOf(pair.Deliver());
    EXPECT_EQ(atQm3.inbound, -1);
    EXPECT_GE(atQm3.outbound, 0);
    EXPECT_TRUE(pair.AreTunnelsUp());
    EXPECT_EQ(pair.InFlight(), 0u);
}

// Covers QM-01, QM-02, P1-27.
TEST_P(QuickMode, TakesThreeMessagesAfterSix)
{
    PeerPair pair;
    pair.Acquire(m_initiator);
    pair.Settle();
    EXPECT_TRUE(pair.AreTunnelsUp());
    EXPECT_EQ(pair.CountSent(ExchangeType::MainMode), 6u);
    EXPECT_EQ(pair.CountSent(ExchangeType::QuickMode), 3u);
    EXPECT_EQ(pair.Sent().size(), 9u);
    EXPECT_EQ(pair.Drops(Side::A) + pair.Drops(Side::B), 0u);
}

// Covers QM-19.
TEST_P(QuickMode, EveryMessageIsEncryptedUnderOneMessageId)
{
    PeerPair pair;
    pair.Acquire(m_initiator);
    pair.Settle();
    ASSERT_EQ(pair.Sent().size(), 9u);
    const uint32_t messageId = ParseIsakmpHeader(pair.Sent()[6].octets)->messageId;
    EXPECT_NE(messageId, 0u);
    for (size_t i = 6; i < 9; i++)
    {
        EXPECT_TRUE(ParseIsakmpHeader(pair.Sent()[i].octets)->IsEncrypted());
        EXPECT_EQ(ParseIsakmpHeader(pair.Sent()[i].octets)->messageId, messageId);
    }
}

// Covers QM-18.
TEST_P(QuickMode, BothDirectionsHaveTheirOwnSpiAndKeys)
{
    PeerPair pair("pre-g1-des-md5", "nopfs-esp-aes256-sha256");
    pair.Acquire(m_initiator);
    pair.Settle();
    ASSERT_TRUE(pair.AreTunnelsUp());
    const IpsecSa in = pair.Sas(Side::A, SaDirection::Inbound).at(0);
    const IpsecSa out = pair.Sas(Side::A, SaDirection::Outbound).at(0);
    EXPECT_GE(in.spi, 256u);
    EXPECT_GE(out.spi, 256u);
    EXPECT_NE(in.spi, out.spi);
    EXPECT_EQ(in.pairSpi, out.spi);
    EXPECT_EQ(out.pairSpi, in.spi);
    EXPECT_EQ(in.cipherKey.size(), 32u);
    EXPECT_EQ(in.integrityKey.size(), 32u);
    EXPECT_NE(in.cipherKey.View(), out.cipherKey.View());
    EXPECT_NE(in.integrityKey.View(), out.integrityKey.View());
    EXPECT_EQ(in.local.address, IpAddress::Parse("192.0.2.1"));
    EXPECT_EQ(in.remote.address, IpAddress::Parse("192.0.2.2"));
    EXPECT_EQ(in.proxyId.local, Prefix::Parse("10.1.0.0/24"));
    EXPECT_EQ(in.mode, EncapsulationMode::Tunnel);
    EXPECT_FALSE(in.udpEncapsulated);
}

// S3: RFC 2409 section 5.5 computed from the wire
TEST_P(QuickMode, KeysAreThePrfOfSkeyidDProtocolSpiAndNonces)
{
    PeerPair pair("pre-g1-des-md5", "nopfs-esp-3des-sha");
    pair.Acquire(m_initiator);
    pair.Settle();
    ASSERT_TRUE(pair.AreTunnelsUp());
    for (const Side side : {Side::A, Side::B})
    {
        const IpsecSa sa = pair.Sas(side, SaDirection::Inbound).at(0);
        const Octets keymat = KeymatWithoutPfs(pair, sa.spi);
        EXPECT_EQ(sa.cipherKey.View(), OctetView(keymat).First(24)) << side;
        EXPECT_EQ(sa.integrityKey.View(), OctetView(keymat).From(24).First(20)) << side;
    }
}

// Covers QM-11, QM-12: who learns SKEYID_d has all keys without PFS, and none with it.
TEST_P(QuickMode, SkeyidDIsNotEnoughForTheKeysWithPfs)
{
    PeerPair pair("pre-g1-des-md5", "g1-esp-3des-sha");
    pair.Acquire(m_initiator);
    pair.Settle();
    ASSERT_TRUE(pair.AreTunnelsUp());
    for (const Side side : {Side::A, Side::B})
    {
        const IpsecSa sa = pair.Sas(side, SaDirection::Inbound).at(0);
        const Octets keymat = KeymatWithoutPfs(pair, sa.spi);
        EXPECT_NE(sa.cipherKey.View(), OctetView(keymat).First(24)) << side;
        EXPECT_NE(sa.integrityKey.View(), OctetView(keymat).From(24).First(20)) << side;
    }
}

} // namespace ipsec
} // namespace ns3
