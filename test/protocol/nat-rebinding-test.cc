// SPDX-License-Identifier: GPL-2.0-only
#include "key-holder.h"
#include "watched-pair.h"

#include "ns3/ike-dpd.h"

#include <gtest/gtest.h>

// What happens after phase 1 behind a NAT: the peer is followed, the mapping is kept alive (RFC
// 3947 section 4, RFC 3948 section 4).

namespace ns3
{
namespace ipsec
{

namespace
{

using std::chrono::seconds;

const IpAddress OUTSIDE = IpAddress::Parse("203.0.113.1");
const IpAddress OTHER_OUTSIDE = IpAddress::Parse("203.0.113.9");
constexpr uint16_t SHIFT = 10000;
constexpr uint16_t NEW_SHIFT = 20000;

EngineConfig
ConfigBehindNat(Side side)
{
    EngineConfig config = SiteConfig(side);
    if (side == Side::B)
    {
        config.peers[0].remoteAddress = OUTSIDE;
        config.peers[0].remoteId = Identity::Parse("192.0.2.1");
    }
    return config;
}

/// A behind a NAT and B in the open, with a tunnel between them.
PeerPair
UpThroughNat(EngineConfig a = ConfigBehindNat(Side::A), EngineConfig b = ConfigBehindNat(Side::B))
{
    PeerPair pair(std::move(a), std::move(b));
    pair.PutBehindNat(OUTSIDE, SHIFT);
    pair.Acquire(Side::A);
    pair.DeliverAll();
    EXPECT_TRUE(pair.AreTunnelsUp());
    return pair;
}

Endpoint
RemoteOfIke(const PeerPair& pair, Side side)
{
    return pair.End(side).engine.IkeSas().at(0).remote;
}

Endpoint
RemoteOfSa(const PeerPair& pair, Side side)
{
    return pair.Sas(side, SaDirection::Outbound).at(0).remote;
}

const Endpoint OLD{OUTSIDE, NATT_PORT + SHIFT};
const Endpoint MOVED{OUTSIDE, NATT_PORT + NEW_SHIFT};

/// The NAT forgets its mapping and makes another one with the next packet from inside.
void
Rebind(PeerPair& pair)
{
    pair.PutBehindNat(OUTSIDE, NEW_SHIFT);
}

size_t
KeepAlives(const PeerPair& pair, Side side)
{
    return pair.Seen<KeepAlive>(side).size();
}

/// Lets time pass for an end, second by second.
void
Wait(PeerPair& pair, Side side, int time)
{
    for (int second = 0; second < time; second++)
    {
        pair.Advance(seconds(1));
        pair.Timeout(side);
        pair.DeliverAll();
    }
}

EngineConfig
KeepingAlive(Duration interval = seconds(20))
{
    EngineConfig config = ConfigBehindNat(Side::A);
    config.peers[0].personality.Edit().natKeepalive = interval;
    return config;
}

} // namespace

// Covers F23.
TEST(NatRebinding, IkeMessageFromTheNewPortMovesIkeAndIpsecSas)
{
    PeerPair pair = UpThroughNat();
    ASSERT_EQ(RemoteOfIke(pair, Side::B), OLD);
    ASSERT_EQ(RemoteOfSa(pair, Side::B), OLD);
    Rebind(pair);

    // another QM1 -->
    pair.SoftExpiry(Side::A, pair.Sas(Side::A, SaDirection::Outbound)[0].Key());
    pair.Deliver();
    EXPECT_EQ(RemoteOfIke(pair, Side::B), MOVED);
    EXPECT_EQ(RemoteOfSa(pair, Side::B), MOVED);

    // <-- QM2 to where QM1 came from
    EXPECT_EQ(pair.Sent().back().destination, MOVED);
    pair.DeliverAll();
    EXPECT_EQ(pair.Sas(Side::A, SaDirection::Outbound).size(), 2u);
    EXPECT_EQ(pair.Sas(Side::B, SaDirection::Outbound).at(1).remote, MOVED);
}

// AM3 is the first message on port 4500, and its NAT-D payloads say so: B is in the open.
TEST(NatRebinding, ResponderOfAggressiveModeFollowsToo)
{
    EngineConfig a = ConfigBehindNat(Side::A);
    EngineConfig b = ConfigBehindNat(Side::B);
    a.peers[0].mode = b.peers[0].mode = Phase1Mode::Aggressive;
    PeerPair pair = UpThroughNat(std::move(a), std::move(b));
    Rebind(pair);

    // another QM1 -->
    pair.SoftExpiry(Side::A, pair.Sas(Side::A, SaDirection::Outbound)[0].Key());
    pair.Deliver();
    EXPECT_EQ(RemoteOfIke(pair, Side::B), MOVED);
    EXPECT_EQ(RemoteOfSa(pair, Side::B), MOVED);
    pair.DeliverAll();
    Wait(pair, Side::B, 60);
    EXPECT_EQ(KeepAlives(pair, Side::B), 0u);
}

// Covers F23.
TEST(NatRebinding, EspFromTheNewPortMovesIkeAndAllIpsecSas)
{
    PeerPair pair = UpThroughNat();
    pair.Moved(Side::B, MOVED);
    EXPECT_EQ(RemoteOfIke(pair, Side::B), MOVED);
    EXPECT_EQ(RemoteOfSa(pair, Side::B), MOVED);

    // <-- what B has to say goes there
    Rebind(pair);
    pair.Terminate(Side::B);
    EXPECT_EQ(pair.Sent().back().destination, MOVED);
    pair.DeliverAll();
    EXPECT_TRUE(pair.IsIkeDown());
}

TEST(NatRebinding, ForgedMessageMovesNothing)
{
    PeerPair pair = UpThroughNat();
    pair.SoftExpiry(Side::A, pair.Sas(Side::A, SaDirection::Outbound)[0].Key());
    Octets forged = pair.Next().octets;
    forged.back() ^= 1;
    pair.InjectFrom({OTHER_OUTSIDE, 4500}, Side::B, forged);
    EXPECT_EQ(RemoteOfIke(pair, Side::B), OLD);
    EXPECT_EQ(RemoteOfSa(pair, Side::B), OLD);
}

// Covers A8, F23: rebinding between QM1 and QM2.
TEST(NatRebinding, CopyOfAMessageMovesItsExchangeAndNothingElse)
{
    PeerPair pair = UpThroughNat();
    pair.SoftExpiry(Side::A, pair.Sas(Side::A, SaDirection::Outbound)[0].Key());
    pair.Deliver();

    // <-- QM2 comes to the old port, which the NAT has forgotten
    pair.LoseAll();
    Rebind(pair);

    // QM1 again -->
    ASSERT_TRUE(pair.AdvanceToDeadline());
    ASSERT_TRUE(pair.DeliverFrom(Side::A));
    EXPECT_EQ(RemoteOfIke(pair, Side::B), OLD);
    EXPECT_EQ(RemoteOfSa(pair, Side::B), OLD);

    // <-- QM2 again, QM3 -->
    for (int i = 0; i < 4 && pair.Sas(Side::B, SaDirection::Outbound).size() < 2; i++)
    {
        pair.AdvanceToDeadline();
        pair.DeliverAll();
    }
    EXPECT_EQ(pair.Sas(Side::B, SaDirection::Outbound).size(), 2u);
    EXPECT_EQ(RemoteOfIke(pair, Side::B), MOVED);
    EXPECT_EQ(RemoteOfSa(pair, Side::B), MOVED);
    EXPECT_EQ(pair.Sas(Side::B, SaDirection::Outbound).at(1).remote, MOVED);
}

// Covers F23: rebinding while quick mode runs.
TEST(NatRebinding, RepetitionsGoAfterThePeer)
{
    PeerPair pair = UpThroughNat();

    // <-- QM1 of B, lost
    pair.SoftExpiry(Side::B, pair.Sas(Side::B, SaDirection::Outbound)[0].Key());
    pair.LoseAll();
    pair.Moved(Side::B, MOVED);
    Rebind(pair);

    // <-- QM1 again
    ASSERT_TRUE(pair.AdvanceToDeadline());
    EXPECT_EQ(pair.Sent().back().destination, MOVED);
    pair.DeliverAll();
    EXPECT_EQ(pair.Sas(Side::A, SaDirection::Outbound).size(), 2u);
}

// Covers F23: rebinding while main mode runs.
TEST(NatRebinding, CopyOfTheFifthMessageGetsItsAnswerAtTheNewPort)
{
    PeerPair pair(ConfigBehindNat(Side::A), ConfigBehindNat(Side::B));
    pair.PutBehindNat(OUTSIDE, SHIFT);
    pair.Initiate(Side::A);
    pair.DeliverAll(5);

    // <-- MM6 is lost with the mapping
    pair.LoseAll();
    Rebind(pair);

    // MM5 again -->, <-- MM6 again
    ASSERT_TRUE(pair.AdvanceToDeadline());
    pair.Deliver();
    EXPECT_EQ(pair.Sent().back().destination, MOVED);
    pair.DeliverAll();
    EXPECT_TRUE(pair.IsIkeUp());
}

// Covers F24: nobody but the side in the open follows.
TEST(NatRebinding, SideBehindTheNatStaysWithTheAddressThatItCalled)
{
    PeerPair pair = UpThroughNat();
    const Endpoint before = RemoteOfIke(pair, Side::A);
    pair.Moved(Side::A, MOVED);
    EXPECT_EQ(RemoteOfIke(pair, Side::A), before);
    EXPECT_EQ(RemoteOfSa(pair, Side::A), before);
}

// Covers A8: IKEv1's hashes do not tell who made a message. Long ago a probe is no longer known by
// its message ID.
TEST(NatRebinding, OwnOldProbeThatComesBackMovesNothing)
{
    EngineConfig b = ConfigBehindNat(Side::B);
    b.peers[0].dpd = {DpdMode::Always, seconds(10), seconds(2), 3, DpdAction::Hold};
    PeerPair pair = UpThroughNat(ConfigBehindNat(Side::A), b);
    std::vector<Octets> probes;
    while (probes.size() <= MAX_DPD_MESSAGES)
    {
        const size_t before = pair.Sent().size();
        ASSERT_TRUE(pair.AdvanceToDeadline());
        for (size_t i = before; i < pair.Sent().size(); i++)
        {
            if (pair.Sent()[i].from == Side::B)
            {
                probes.push_back(pair.Sent()[i].octets);
            }
        }
        pair.DeliverAll();
    }
    ASSERT_EQ(RemoteOfIke(pair, Side::B), OLD);
    pair.InjectFrom({OTHER_OUTSIDE, 6666}, Side::B, probes.front());
    EXPECT_EQ(RemoteOfIke(pair, Side::B), OLD);
    EXPECT_EQ(RemoteOfSa(pair, Side::B), OLD);
}

TEST(NatRebinding, MessageToTheOldPortIsRefused)
{
    PeerPair pair = UpThroughNat();
    pair.SoftExpiry(Side::A, pair.Sas(Side::A, SaDirection::Outbound)[0].Key());
    const Octets qm1 = pair.Next().octets;
    pair.LoseAll();
    const Endpoint local{pair.End(Side::B).address, IKE_PORT};
    PairEnd& b = pair.End(Side::B);
    const Effects effects = b.engine.HandleDatagram(
        pair.Now(), Datagram{local, {OUTSIDE, IKE_PORT + SHIFT}, qm1}, b.random);
    EXPECT_EQ(DroppedFault(effects), Fault::OldPort);
    EXPECT_EQ(effects.list.size(), 1u);
}

// RFC 3948 section 4

TEST(NatKeepalive, SideBehindTheNatSendsOneAfterEachSilence)
{
    PeerPair pair = UpThroughNat(KeepingAlive());
    Wait(pair, Side::A, 19);
    EXPECT_EQ(KeepAlives(pair, Side::A), 0u);
    Wait(pair, Side::A, 1);
    ASSERT_EQ(KeepAlives(pair, Side::A), 1u);
    const KeepAlive first = pair.Seen<KeepAlive>(Side::A)[0];
    EXPECT_EQ(first.local, (Endpoint{pair.End(Side::A).address, NATT_PORT}));
    EXPECT_EQ(first.remote, (Endpoint{pair.End(Side::B).address, NATT_PORT}));
    Wait(pair, Side::A, 60);
    EXPECT_EQ(KeepAlives(pair, Side::A), 4u);
}

TEST(NatKeepalive, SideInTheOpenSendsNone)
{
    EngineConfig b = ConfigBehindNat(Side::B);
    b.peers[0].personality.Edit().natKeepalive = seconds(20);
    PeerPair pair = UpThroughNat(ConfigBehindNat(Side::A), b);
    Wait(pair, Side::B, 120);
    EXPECT_EQ(KeepAlives(pair, Side::B), 0u);
    EXPECT_EQ(KeepAlives(pair, Side::A), 0u);
}

TEST(NatKeepalive, NoneIsSentWithoutANat)
{
    EngineConfig a = SiteConfig(Side::A);
    a.peers[0].personality.Edit().natKeepalive = seconds(20);
    PeerPair pair(a, SiteConfig(Side::B));
    pair.Acquire(Side::A);
    pair.DeliverAll();
    Wait(pair, Side::A, 120);
    EXPECT_EQ(KeepAlives(pair, Side::A), 0u);
}

TEST(NatKeepalive, PacketsTakeItsPlace)
{
    PeerPair pair = UpThroughNat(KeepingAlive());
    for (int i = 0; i < 12; i++)
    {
        Wait(pair, Side::A, 10);
        pair.Carry(Side::A);
    }
    EXPECT_EQ(KeepAlives(pair, Side::A), 0u);

    // What comes in says nothing about the mapping's last use from inside.
    for (int i = 0; i < 3; i++)
    {
        Wait(pair, Side::A, 10);
        pair.Carry(Side::B);
    }
    EXPECT_EQ(KeepAlives(pair, Side::A), 1u);
}

TEST(NatKeepalive, IkeMessagesTakeItsPlace)
{
    EngineConfig a = KeepingAlive();
    a.peers[0].dpd = {DpdMode::Always, seconds(10), seconds(2), 3, DpdAction::Hold};
    PeerPair pair = UpThroughNat(a);
    Wait(pair, Side::A, 100);
    EXPECT_EQ(KeepAlives(pair, Side::A), 0u);
}

TEST(NatKeepalive, ItEndsWithTheLastSa)
{
    PeerPair pair = UpThroughNat(KeepingAlive());
    Wait(pair, Side::A, 20);
    ASSERT_EQ(KeepAlives(pair, Side::A), 1u);
    pair.Terminate(Side::A);
    pair.DeliverAll();
    Wait(pair, Side::A, 120);
    EXPECT_EQ(KeepAlives(pair, Side::A), 1u);
    EXPECT_EQ(pair.End(Side::A).engine.NextDeadline(), std::nullopt);
}

TEST(NatKeepalive, ZeroMeansNever)
{
    PeerPair pair = UpThroughNat(KeepingAlive({}));
    Wait(pair, Side::A, 120);
    EXPECT_EQ(KeepAlives(pair, Side::A), 0u);
}

} // namespace ipsec
} // namespace ns3
