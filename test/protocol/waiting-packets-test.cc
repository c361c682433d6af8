// SPDX-License-Identifier: GPL-2.0-only
#include "key-holder.h"
#include "peer-pair.h"

#include <algorithm>
#include <gtest/gtest.h>

// Packets wait for an SA until it is installed or AcquireFailed says that it never comes. Whoever
// asked once does not ask again, so every wish that nobody answers is a tunnel that stays dead.

namespace ns3
{
namespace ipsec
{

namespace
{

/// Messages of main mode.
constexpr size_t MAIN_MODE = 6;

size_t
Failures(const PeerPair& pair, Side side)
{
    return pair.Seen<AcquireFailed>(side).size();
}

/// A pair with two tunnels, of which one is negotiated at a time.
PeerPair
PairOfTwo()
{
    EngineConfig configs[] = {SiteConfig(Side::A), SiteConfig(Side::B)};
    for (EngineConfig& config : configs)
    {
        ChildConfig second = config.peers[0].children[0];
        second.name = "lan2";
        second.proxyId.local.address.value += 2 << 8;
        second.proxyId.remote.address.value += 2 << 8;
        config.peers[0].children.push_back(second);
        config.peers[0].personality.Edit().maxQuickModes = 1;
    }
    return PeerPair(configs[0], configs[1]);
}

/// Makes of the QM2 on its way one without identities, as a peer with a mistake would.
Octets
Qm2WithoutIdentities(const PeerPair& pair, const KeyHolder& keys)
{
    const Octets& qm1 = pair.Sent().at(MAIN_MODE).octets;
    const IsakmpHeader header = *ParseIsakmpHeader(qm1);
    const Octets nonce = BodyOf(keys.Open(qm1, keys.FirstIv(header.messageId)), PayloadType::Nonce);
    return keys.Rehashed(pair.Next().octets,
                         keys.IvAfter(qm1),
                         nonce,
                         [](std::vector<RawPayload>& payloads)
                         {
                             payloads.erase(
                                 std::remove_if(payloads.begin(),
                                                payloads.end(),
                                                [](const RawPayload& payload)
                                                { return payload.type == PayloadType::Id; }),
                                 payloads.end());
                         });
}

/// Runs with either side starting.
class WaitingPackets : public testing::TestWithParam<Side>
{
  protected:
    const Side m_initiator = GetParam();
    const Side m_responder = Other(m_initiator);
};

INSTANTIATE_TEST_SUITE_P(EitherSideStarts,
                         WaitingPackets,
                         testing::Values(Side::A, Side::B),
                         testing::PrintToStringParamName());

} // namespace

TEST_P(WaitingPackets, TerminateDuringMainModeGivesThemUp)
{
    for (size_t delivered = 0; delivered < MAIN_MODE; delivered++)
    {
        PeerPair pair;
        pair.Acquire(m_initiator);
        pair.DeliverAll(delivered);
        pair.Terminate(m_initiator);
        EXPECT_EQ(Failures(pair, m_initiator), 1u) << delivered << " messages delivered";
    }
}

TEST_P(WaitingPackets, TerminateGivesUpThoseBehindTheLimitOfQuickModesToo)
{
    PeerPair pair = PairOfTwo();
    pair.Initiate(m_initiator);
    pair.DeliverAll(MAIN_MODE);
    // QM1 of the first tunnel -->
    ASSERT_EQ(pair.InFlight(), 1u);
    pair.Terminate(m_initiator);
    EXPECT_EQ(Failures(pair, m_initiator), 2u);
}

TEST_P(WaitingPackets, TunnelThatWasTerminatedWhileItWaitedCanBeAskedForAgain)
{
    PeerPair pair;
    pair.Acquire(m_initiator);
    pair.Terminate(m_initiator);
    pair.LoseAll();
    pair.Acquire(m_initiator);
    pair.Settle();
    EXPECT_TRUE(pair.AreTunnelsUp());
}

TEST_P(WaitingPackets, NextTunnelStartsWhenQm2OfTheFirstIsRefused)
{
    PeerPair pair = PairOfTwo();
    pair.Initiate(m_initiator);
    pair.DeliverAll(MAIN_MODE);
    const KeyHolder keys(pair);
    // QM1 --> <-- QM2 without what must be in it
    pair.Deliver();
    ASSERT_EQ(pair.InFlight(), 1u);
    pair.DeliverInstead(Qm2WithoutIdentities(pair, keys));
    pair.Lose();
    EXPECT_EQ(Failures(pair, m_initiator), 1u);

    pair.Settle();
    ASSERT_EQ(pair.Sas(m_initiator, SaDirection::Outbound).size(), 1u);
    EXPECT_EQ(pair.Sas(m_initiator, SaDirection::Outbound)[0].child.child, 1u);
}

TEST_P(WaitingPackets, ResponderWithoutQm3GivesThemUpWhenTheIkeSaIsDeleted)
{
    PeerPair pair;
    pair.Acquire(m_initiator);
    pair.DeliverAll(MAIN_MODE + 1);
    ASSERT_EQ(pair.Sas(m_responder, SaDirection::Inbound).size(), 1u);
    ASSERT_TRUE(pair.Sas(m_responder, SaDirection::Outbound).empty());
    // The half pair is going to serve this packet, so nothing more is negotiated.
    pair.Acquire(m_responder);
    ASSERT_EQ(pair.InFlight(), 1u);

    // QM2 is lost, the Delete is not
    pair.LoseAll();
    pair.Terminate(m_initiator);
    pair.DeliverAll();
    EXPECT_TRUE(pair.End(m_responder).sas.empty());
    EXPECT_EQ(Failures(pair, m_responder), 1u);
}

TEST_P(WaitingPackets, ResponderWithoutQm3GivesThemUpWhenTheIkeSaExpires)
{
    EngineConfig configs[] = {SiteConfig(Side::A), SiteConfig(Side::B)};
    for (EngineConfig& config : configs)
    {
        config.peers[0].lifetime = std::chrono::seconds(30);
    }
    PeerPair pair(configs[0], configs[1]);
    pair.Acquire(m_initiator);
    pair.DeliverAll(MAIN_MODE + 1);
    pair.Acquire(m_responder);
    while (pair.Now() < Instant(std::chrono::seconds(30)))
    {
        pair.LoseAll();
        ASSERT_TRUE(pair.AdvanceToDeadline());
    }
    EXPECT_TRUE(pair.End(m_responder).sas.empty());
    EXPECT_EQ(Failures(pair, m_responder), 1u);
}

TEST_P(WaitingPackets, ResponderWithoutQm3GivesThemUpAfterAllItsRepetitions)
{
    PeerPair pair;
    pair.Acquire(m_initiator);
    pair.DeliverAll(MAIN_MODE + 1);
    pair.Acquire(m_responder);
    while (!pair.Sas(m_responder, SaDirection::Inbound).empty())
    {
        pair.LoseAll();
        ASSERT_TRUE(pair.AdvanceToDeadline());
    }
    EXPECT_EQ(Failures(pair, m_responder), 1u);
}

TEST_P(WaitingPackets, HalfPairThatExpiresGivesThemUp)
{
    PeerPair pair;
    pair.Acquire(m_initiator);
    pair.DeliverAll(MAIN_MODE + 1);
    pair.Acquire(m_responder);
    pair.HardExpiry(m_responder, pair.Sas(m_responder, SaDirection::Inbound).at(0).Key());
    EXPECT_EQ(Failures(pair, m_responder), 1u);
}

// S6: no SA in one direction only.
TEST_P(WaitingPackets, Qm3BehindTheEndOfTheInboundSaInstallsNoOutboundSa)
{
    PeerPair pair;
    pair.Acquire(m_initiator);
    pair.DeliverAll(MAIN_MODE + 2);
    // QM3 -->
    ASSERT_EQ(pair.InFlight(), 1u);
    pair.HardExpiry(m_responder, pair.Sas(m_responder, SaDirection::Inbound).at(0).Key());
    EXPECT_EQ(DroppedFault(pair.Deliver()), Fault::NoSuchExchange);
    EXPECT_TRUE(pair.End(m_responder).sas.empty());
}

TEST_P(WaitingPackets, InitiatorLearnsThatTheResponderHasNoUseForItsQm3)
{
    PeerPair pair;
    pair.Acquire(m_initiator);
    pair.DeliverAll(MAIN_MODE + 2);
    pair.HardExpiry(m_responder, pair.Sas(m_responder, SaDirection::Inbound).at(0).Key());
    pair.DeliverAll();
    EXPECT_TRUE(pair.End(m_initiator).sas.empty());
}

} // namespace ipsec
} // namespace ns3
