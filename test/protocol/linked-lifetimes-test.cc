// SPDX-License-Identifier: GPL-2.0-only
#include "key-holder.h"
#include "peer-pair.h"

#include <algorithm>
#include <gtest/gtest.h>

// LT-04: what the end of an IPsec SA means for its IKE SA, and the other way round.

namespace ns3
{
namespace ipsec
{

namespace
{

using std::chrono::seconds;
using Kinds = std::vector<PayloadType>;

constexpr auto LINKED = ChildLifetimePolicy::Linked;
constexpr auto INDEPENDENT = ChildLifetimePolicy::Independent;
/// Of IKE SAs here.
const Duration IKE_LIFETIME = seconds(1000);

/// Two tunnels, each end with its own policy.
PeerPair
PairOf(ChildLifetimePolicy ofA, ChildLifetimePolicy ofB, const char* phase2 = "nopfs-esp-des-md5")
{
    EngineConfig configs[] = {SiteConfig(Side::A, "pre-g1-des-md5", phase2),
                              SiteConfig(Side::B, "pre-g1-des-md5", phase2)};
    configs[0].peers[0].childLifetimePolicy = ofA;
    configs[1].peers[0].childLifetimePolicy = ofB;
    for (EngineConfig& config : configs)
    {
        config.peers[0].lifetime = IKE_LIFETIME;
        ChildConfig second = config.peers[0].children[0];
        second.name = "lan2";
        second.proxyId.local.address.value += 2 << 8;
        second.proxyId.remote.address.value += 2 << 8;
        config.peers[0].children.push_back(second);
    }
    return PeerPair(configs[0], configs[1]);
}

/// Runs with either side being the one whose SA ends; it is linked.
class LinkedLifetimes : public testing::TestWithParam<Side>
{
  protected:
    /// A pair with both tunnels up, started by the other end.
    PeerPair
    UpPair(ChildLifetimePolicy ofOther, const char* phase2 = "nopfs-esp-des-md5") const
    {
        PeerPair pair =
            m_linked == Side::A ? PairOf(LINKED, ofOther, phase2) : PairOf(ofOther, LINKED, phase2);
        pair.Initiate(m_other);
        pair.DeliverAll();
        EXPECT_TRUE(pair.IsIkeUp());
        return pair;
    }

    const Side m_linked = GetParam();
    const Side m_other = Other(m_linked);
};

INSTANTIATE_TEST_SUITE_P(AtEitherSide,
                         LinkedLifetimes,
                         testing::Values(Side::A, Side::B),
                         testing::PrintToStringParamName());

Cookie
InitiatorCookie(const PeerPair& pair)
{
    return pair.End(Side::A).engine.IkeSas().at(0).initiatorCookie;
}

/// Returns an SA of a child.
IpsecSa
SaOfChild(const PeerPair& pair, Side side, SaDirection direction, uint32_t child)
{
    for (const IpsecSa& sa : pair.Sas(side, direction))
    {
        if (sa.child.child == child)
        {
            return sa;
        }
    }
    ADD_FAILURE() << "no SA of child " << child;
    return {};
}

/// Tells whether an SA of the first world is left in the second.
bool
SharesAnSa(const PeerPair& first, const PeerPair& second, Side side)
{
    const auto& sas = second.End(side).sas;
    return std::any_of(sas.begin(),
                       sas.end(),
                       [&](const auto& entry)
                       { return first.End(side).sas.count(entry.first) > 0; });
}

} // namespace

// Covers LT-04.
TEST_P(LinkedLifetimes, EndOfAnIpsecSaTakesTheIkeSaAndNegotiationBeginsAnew)
{
    for (const ChildLifetimePolicy ofOther : {LINKED, INDEPENDENT})
    {
        PeerPair pair = UpPair(ofOther);
        ASSERT_TRUE(pair.AreTunnelsUp(2));
        const PeerPair before = pair;
        pair.HardExpiry(m_linked, SaOfChild(pair, m_linked, SaDirection::Inbound, 0).Key());

        // HASH D(ISAKMP) D(ESP) -->
        ASSERT_EQ(pair.InFlight(), 2u);
        EXPECT_EQ(PayloadKinds(pair.Next().summary),
                  (Kinds{PayloadType::Hash, PayloadType::Delete, PayloadType::Delete}));
        EXPECT_TRUE(pair.End(m_linked).sas.empty());
        EXPECT_TRUE(pair.End(m_linked).engine.IkeSas().empty());
        pair.Deliver();
        EXPECT_TRUE(pair.End(m_other).sas.empty());
        EXPECT_TRUE(pair.IsIkeDown());

        // MM1 -->
        EXPECT_EQ(pair.Next().summary.exchange, ExchangeType::MainMode);
        pair.DeliverAll();
        EXPECT_TRUE(pair.IsIkeUp());
        EXPECT_TRUE(pair.AreTunnelsUp(2));
        EXPECT_NE(InitiatorCookie(pair), InitiatorCookie(before));
        EXPECT_FALSE(SharesAnSa(before, pair, m_linked));
        EXPECT_EQ(pair.Seen<AcquireFailed>(m_linked).size(), 0u);
    }
}

// Covers LT-04.
TEST_P(LinkedLifetimes, EndOfTheIkeSaTakesItsIpsecSasAndNegotiationBeginsAnew)
{
    for (const ChildLifetimePolicy ofOther : {LINKED, INDEPENDENT})
    {
        PeerPair pair = UpPair(ofOther);
        ASSERT_TRUE(pair.AreTunnelsUp(2));
        const PeerPair before = pair;
        pair.Advance(IKE_LIFETIME);
        const Effects effects = pair.Timeout(m_linked);
        const auto* down = FindEffect<IkeSaDown>(effects);
        ASSERT_NE(down, nullptr);
        EXPECT_EQ(down->reason, Fault::Expired);
        EXPECT_TRUE(pair.End(m_linked).sas.empty());
        pair.DeliverAll();
        EXPECT_TRUE(pair.IsIkeUp());
        EXPECT_TRUE(pair.AreTunnelsUp(2));
        EXPECT_FALSE(SharesAnSa(before, pair, m_linked));
        EXPECT_FALSE(SharesAnSa(before, pair, m_other));
    }
}

// Covers LT-04.
TEST_P(LinkedLifetimes, NothingIsRenewedBeforeItsEnd)
{
    const PeerPair pair = UpPair(INDEPENDENT);
    for (const auto& [key, sa] : pair.End(m_linked).sas)
    {
        EXPECT_EQ(sa.lifetime.soft, Duration::zero());
        EXPECT_EQ(sa.lifetime.softKilobytes, 0u);
        EXPECT_EQ(sa.lifetime.hard, std::chrono::hours(1));
    }
    for (const auto& [key, sa] : pair.End(m_other).sas)
    {
        EXPECT_GT(sa.lifetime.soft, Duration::zero());
    }
}

// Covers LT-04.
TEST_P(LinkedLifetimes, PairThatThePeerRenewedEndsAlone)
{
    PeerPair pair = UpPair(INDEPENDENT);
    const IpsecSa old = SaOfChild(pair, m_linked, SaDirection::Inbound, 0);
    pair.Advance(seconds(500));
    pair.SoftExpiry(m_other, SaOfChild(pair, m_other, SaDirection::Outbound, 0).Key());
    pair.DeliverAll();
    ASSERT_TRUE(pair.AreTunnelsUp(3));
    pair.HardExpiry(m_linked, old.Key());
    pair.DeliverAll();
    EXPECT_TRUE(pair.IsIkeUp());
    EXPECT_TRUE(pair.AreTunnelsUp(2));
    EXPECT_EQ(pair.CountSent(ExchangeType::MainMode), 6u);
}

// Covers LT-04.
TEST_P(LinkedLifetimes, TunnelThatWasNotUpStaysDown)
{
    PeerPair pair = PairOf(LINKED, LINKED);
    pair.Acquire(m_other, 1);
    pair.DeliverAll();
    ASSERT_TRUE(pair.AreTunnelsUp(1));
    pair.HardExpiry(m_linked, SaOfChild(pair, m_linked, SaDirection::Outbound, 1).Key());
    pair.DeliverAll();
    EXPECT_TRUE(pair.AreTunnelsUp(1));
    EXPECT_EQ(pair.Sas(m_linked, SaDirection::Inbound).at(0).child.child, 1u);
}

// Covers LT-04.
TEST_P(LinkedLifetimes, EitherHalfOfABundleEndsEverything)
{
    for (const ProtocolId protocol : {ProtocolId::Ah, ProtocolId::Esp})
    {
        PeerPair pair = UpPair(LINKED, "nopfs-ah-md5+esp-3des-sha");
        ASSERT_TRUE(pair.AreTunnelsUp(4));
        const PeerPair before = pair;
        const std::vector<IpsecSa> inbound = pair.Sas(m_linked, SaDirection::Inbound);
        const auto half = std::find_if(inbound.begin(),
                                       inbound.end(),
                                       [&](const IpsecSa& sa) { return sa.protocol == protocol; });
        pair.HardExpiry(m_linked, half->Key());

        // HASH D(ISAKMP) D(AH) D(ESP) -->
        EXPECT_EQ(
            PayloadKinds(pair.Next().summary),
            (Kinds{
                PayloadType::Hash, PayloadType::Delete, PayloadType::Delete, PayloadType::Delete}));
        pair.DeliverAll();
        EXPECT_TRUE(pair.AreTunnelsUp(4));
        EXPECT_FALSE(SharesAnSa(before, pair, m_linked));
    }
}

// Covers LT-04.
TEST_P(LinkedLifetimes, IkeSaThatThePeerDeletesTakesItsIpsecSasForGood)
{
    PeerPair pair = UpPair(INDEPENDENT);
    const IkeSaInfo info = pair.End(Side::A).engine.IkeSas().at(0);
    const Octets message = KeyHolder(pair).Informational(
        7, {DeleteRaw(ProtocolId::Isakmp, {Concat({info.initiatorCookie, info.responderCookie})})});
    pair.Inject(m_linked, message);
    EXPECT_TRUE(pair.End(m_linked).sas.empty());
    // Who deletes an IKE SA does not ask for a new one.
    EXPECT_EQ(pair.InFlight(), 0u);
}

// Covers LT-04. F21: both ends see the end at the same moment.
TEST_P(LinkedLifetimes, BothEndsAtOnceComeBackTogether)
{
    PeerPair pair = UpPair(LINKED);
    pair.HardExpiry(m_linked, SaOfChild(pair, m_linked, SaDirection::Inbound, 0).Key());
    pair.HardExpiry(m_other, SaOfChild(pair, m_other, SaDirection::Outbound, 0).Key());
    pair.DeliverAll(200);
    for (const Side side : {Side::A, Side::B})
    {
        for (const uint32_t child : {0, 1})
        {
            const IpsecSa out = SaOfChild(pair, side, SaDirection::Outbound, child);
            EXPECT_EQ(
                pair.End(Other(side)).sas.count({SaDirection::Inbound, out.protocol, out.spi, {}}),
                1u)
                << side << " sends where nobody listens";
        }
    }
    EXPECT_EQ(pair.Disagreement(), "");
    EXPECT_FALSE(pair.IsIkeDown());
}

// Covers LT-04.
TEST(LinkedLifetimesOfADynamicPeer, EndWithoutACallThatCannotBeMade)
{
    EngineConfig a = SiteConfig(Side::A);
    EngineConfig b = SiteConfig(Side::B);
    a.peers[0].localId = Identity::Parse("a.example.com");
    b.peers[0].remoteAddress.reset();
    b.peers[0].remoteId = a.peers[0].localId;
    b.peers[0].childLifetimePolicy = LINKED;
    PeerPair pair(a, b);
    pair.Acquire(Side::A);
    pair.Settle();
    ASSERT_TRUE(pair.AreTunnelsUp());
    pair.HardExpiry(Side::B, pair.Sas(Side::B, SaDirection::Inbound).at(0).Key());
    pair.DeliverAll();
    EXPECT_TRUE(pair.End(Side::A).sas.empty());
    EXPECT_TRUE(pair.IsIkeDown());
    EXPECT_TRUE(pair.Seen<AcquireFailed>(Side::B).empty());
    pair.Acquire(Side::A);
    pair.Settle();
    EXPECT_TRUE(pair.AreTunnelsUp());
}

// Another configuration joins what was independent when the IKE SA went.
TEST(LinkedLifetimesOfAnOlderPair, EndWithoutTheIkeSaThatIsGone)
{
    PeerPair pair = PairOf(INDEPENDENT, INDEPENDENT);
    pair.Initiate(Side::A);
    pair.DeliverAll();
    pair.Advance(IKE_LIFETIME);
    pair.Timeout(Side::A);
    pair.Timeout(Side::B);
    pair.LoseAll();
    ASSERT_TRUE(pair.IsIkeDown());
    PairEnd& end = pair.End(Side::A);
    EngineConfig linked = end.engine.Config();
    linked.peers[0].childLifetimePolicy = LINKED;
    ASSERT_TRUE(end.engine.Reconfigure(pair.Now(), linked, end.random).list.empty());
    pair.HardExpiry(Side::A, SaOfChild(pair, Side::A, SaDirection::Inbound, 0).Key());
    ASSERT_EQ(pair.Sas(Side::A, SaDirection::Inbound).size(), 1u);
    EXPECT_EQ(pair.Sas(Side::A, SaDirection::Inbound).at(0).child.child, 1u);
}

// Covers LT-01, LT-04.
TEST(IndependentLifetimes, EndOfAnIpsecSaLeavesTheIkeSa)
{
    PeerPair pair = PairOf(INDEPENDENT, INDEPENDENT);
    pair.Initiate(Side::A);
    pair.DeliverAll();
    ASSERT_TRUE(pair.AreTunnelsUp(2));
    pair.HardExpiry(Side::A, SaOfChild(pair, Side::A, SaDirection::Inbound, 0).Key());
    pair.DeliverAll();
    EXPECT_TRUE(pair.AreTunnelsUp(1));
    EXPECT_TRUE(pair.IsIkeUp());
    EXPECT_EQ(pair.CountSent(ExchangeType::MainMode), 6u);
}

// Covers LT-01, LT-04.
TEST(IndependentLifetimes, EndOfTheIkeSaLeavesTheIpsecSas)
{
    PeerPair pair = PairOf(INDEPENDENT, INDEPENDENT);
    pair.Initiate(Side::A);
    pair.DeliverAll();
    pair.Advance(IKE_LIFETIME);
    pair.Timeout(Side::A);
    pair.Timeout(Side::B);
    EXPECT_TRUE(pair.IsIkeDown());
    EXPECT_TRUE(pair.AreTunnelsUp(2));
    // Deletes, and the next main mode.
    pair.DeliverAll();
    EXPECT_TRUE(pair.AreTunnelsUp(2));
}

} // namespace ipsec
} // namespace ns3
