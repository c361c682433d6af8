// SPDX-License-Identifier: GPL-2.0-only
#include "peer-pair.h"

#include <gtest/gtest.h>

// Whether IPsec SAs outlive the IKE SA that made them.

namespace ns3
{
namespace ipsec
{

namespace
{

using std::chrono::seconds;

constexpr Duration LIFETIME = seconds(1000);

/// A tunnel whose IKE SA ends in ten seconds, and is not renewed.
PeerPair
PairAtItsEnd(ChildrenAtEnd children)
{
    EngineConfig configs[] = {SiteConfig(Side::A), SiteConfig(Side::B)};
    for (EngineConfig& config : configs)
    {
        config.peers[0].lifetime = LIFETIME;
        config.peers[0].personality.Edit().childrenAtEnd = children;
        config.peers[0].personality.Edit().ikeRenewer = Renewer::Nobody;
    }
    PeerPair pair(configs[0], configs[1]);
    pair.Acquire(Side::A);
    pair.DeliverAll();
    pair.Advance(LIFETIME - seconds(10));
    pair.Timeout(Side::A);
    pair.Timeout(Side::B);
    EXPECT_TRUE(pair.AreTunnelsUp());
    return pair;
}

void
LetTheIkeSaEnd(PeerPair& pair)
{
    const Instant end = pair.Now() + seconds(60);
    while (pair.AdvanceToDeadline(end - pair.Now()))
    {
        pair.DeliverAll();
    }
}

} // namespace

TEST(ChildrenAtEndTest, KeepLetsThemLive)
{
    PeerPair pair = PairAtItsEnd(ChildrenAtEnd::Keep);
    LetTheIkeSaEnd(pair);
    EXPECT_TRUE(pair.IsIkeDown());
    EXPECT_TRUE(pair.AreTunnelsUp());
}

TEST(ChildrenAtEndTest, DropTakesThemAlong)
{
    PeerPair pair = PairAtItsEnd(ChildrenAtEnd::Drop);
    LetTheIkeSaEnd(pair);
    EXPECT_TRUE(pair.IsIkeDown());
    EXPECT_TRUE(pair.AreTunnelsUp(0));
}

TEST(ChildrenAtEndTest, AdoptTakesThemAlongIfNobodyIsThere)
{
    PeerPair pair = PairAtItsEnd(ChildrenAtEnd::Adopt);
    LetTheIkeSaEnd(pair);
    EXPECT_TRUE(pair.AreTunnelsUp(0));
}

// An end that keeps them must not send to one that dropped them.
TEST(ChildrenAtEndTest, DroppingIsToldToThePeer)
{
    for (const Side dropping : {Side::A, Side::B})
    {
        EngineConfig configs[] = {SiteConfig(Side::A), SiteConfig(Side::B)};
        for (EngineConfig& config : configs)
        {
            config.peers[0].lifetime = LIFETIME;
            config.peers[0].personality.Edit().ikeRenewer = Renewer::Nobody;
        }
        configs[dropping == Side::A ? 0 : 1].peers[0].personality.Edit().childrenAtEnd =
            ChildrenAtEnd::Drop;
        PeerPair pair(configs[0], configs[1]);
        pair.Acquire(Side::A);
        pair.DeliverAll();
        pair.Advance(LIFETIME);
        pair.Timeout(dropping);
        pair.DeliverAll();
        EXPECT_TRUE(pair.AreTunnelsUp(0)) << dropping;
    }
}

// What the peer did not delete goes with the IKE SA that it deleted: it must hear of that.
TEST(ChildrenAtEndTest, DroppingForThePeersDeleteIsToldUnderAnotherIkeSa)
{
    EngineConfig configs[] = {SiteConfig(Side::A), SiteConfig(Side::B)};
    for (EngineConfig& config : configs)
    {
        config.peers[0].lifetime = LIFETIME;
    }
    configs[1].peers[0].personality.Edit().childrenAtEnd = ChildrenAtEnd::Drop;
    PeerPair pair(configs[0], configs[1]);
    pair.Acquire(Side::A);
    pair.DeliverAll();
    // A renews the IKE SA and deletes the old one.
    const Instant end = pair.Now() + LIFETIME;
    while (pair.AdvanceToDeadline(end - pair.Now()))
    {
        pair.DeliverAll();
        ASSERT_EQ(pair.Sas(Side::A, SaDirection::Outbound).size(),
                  pair.Sas(Side::B, SaDirection::Inbound).size())
            << "A sends where nobody listens";
    }
    EXPECT_TRUE(pair.IsIkeUp());
    EXPECT_TRUE(pair.AreTunnelsUp(0));
}

// A renewal hands them on: an IKE SA that has a successor takes nothing along.
TEST(ChildrenAtEndTest, AdoptHandsThemOnAtARenewal)
{
    EngineConfig configs[] = {SiteConfig(Side::A), SiteConfig(Side::B)};
    for (EngineConfig& config : configs)
    {
        config.peers[0].lifetime = LIFETIME;
        config.peers[0].personality.Edit().childrenAtEnd = ChildrenAtEnd::Adopt;
    }
    PeerPair pair(configs[0], configs[1]);
    pair.Acquire(Side::A);
    pair.DeliverAll();
    const Instant end = pair.Now() + 5 * LIFETIME;
    while (pair.AdvanceToDeadline(end - pair.Now()))
    {
        pair.DeliverAll();
        ASSERT_TRUE(pair.AreTunnelsUp());
    }
    EXPECT_GE(pair.CountSent(ExchangeType::MainMode), 5 * 6u);
}

} // namespace ipsec
} // namespace ns3
