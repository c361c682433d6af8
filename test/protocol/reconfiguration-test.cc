// SPDX-License-Identifier: GPL-2.0-only
#include "thrown-sentence.h"
#include "watched-pair.h"

#include <gtest/gtest.h>

// An engine at work is told another configuration.

namespace ns3
{
namespace ipsec
{

namespace
{

std::string
Refusal(PeerPair& pair, const PeerChange& change)
{
    PairEnd& end = pair.End(Side::A);
    EngineConfig changed = end.engine.Config();
    change(changed.peers[0]);
    return ThrownSentence(
        [&]
        { static_cast<void>(end.engine.Reconfigure(pair.Now(), std::move(changed), end.random)); });
}

} // namespace

TEST(Reconfiguration, OfNonsenseIsRefusedBeforeAnythingChanges)
{
    PeerPair pair = UpPair(AsItIs, AsItIs);
    const std::string refusal = Refusal(pair,
                                        [](PeerConfig& peer)
                                        {
                                            peer.preSharedKey = SecretBytes();
                                            peer.personality.Edit().nonceOctets = 3;
                                        });
    EXPECT_EQ(refusal, "peer 'other': the nonce has 3 octets; 8 to 256 are allowed");
    const PeerConfig& kept = pair.End(Side::A).engine.Config().peers[0];
    EXPECT_EQ(kept.personality->nonceOctets, Personality().nonceOctets);
    EXPECT_FALSE(kept.preSharedKey.empty());
    EXPECT_TRUE(pair.AreTunnelsUp());
    pair.Terminate(Side::A);
    pair.DeliverAll();
    pair.Acquire(Side::B);
    pair.DeliverAll();
    EXPECT_TRUE(pair.IsIkeUp());
    EXPECT_TRUE(pair.AreTunnelsUp());
}

TEST(Reconfiguration, CountsForWhatIsNegotiatedFromThenOn)
{
    PeerPair pair = UpPair(AsItIs, AsItIs);
    EXPECT_EQ(Refusal(pair,
                      [](PeerConfig& peer)
                      { peer.children[0].lifetime = std::chrono::seconds(100); }),
              "(nothing was thrown)");
    EXPECT_EQ(pair.Sas(Side::A, SaDirection::Inbound).at(0).lifetime.hard, std::chrono::hours(1));
    pair.Terminate(Side::A);
    pair.DeliverAll();
    pair.Acquire(Side::A);
    pair.DeliverAll();
    EXPECT_EQ(pair.Sas(Side::A, SaDirection::Inbound).at(0).lifetime.hard,
              std::chrono::seconds(100));
}

} // namespace ipsec
} // namespace ns3
