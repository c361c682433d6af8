// SPDX-License-Identifier: GPL-2.0-only
#include "config-samples.h"

#include <gtest/gtest.h>

namespace ns3
{
namespace ipsec
{

namespace
{

using Sentences = std::vector<std::string>;

const std::string OFFLINE = "aggressive mode with a pre-shared key can be attacked offline: "
                            "whoever sees the answer can try keys on it";
const std::string GROUP = "any member of the group knows the pre-shared key and can impersonate "
                          "the gateway and collect XAUTH passwords; use hybrid authentication or "
                          "certificates";

Sentences
WarningsOf(const PeerConfig& peer)
{
    EngineConfig config;
    config.peers = {peer};
    return Warnings(config);
}

} // namespace

// Covers MM-04.
TEST(EngineConfigWarnings, MainModeWithAPreSharedKeyIsNoDanger)
{
    EngineConfig config = GoodConfig();
    config.peers.push_back(DynamicPeer("d"));
    EXPECT_EQ(Warnings(config), Sentences{});
}

// Covers MM-04.
TEST(EngineConfigWarnings, AggressiveModeWithAPreSharedKeyCanBeAttackedOffline)
{
    PeerConfig peer = GoodPeer("b", "192.0.2.2");
    peer.mode = Phase1Mode::Aggressive;
    EXPECT_EQ(WarningsOf(peer), Sentences{"peer 'b': " + OFFLINE});
    peer.proposals = ParsePhase1Proposals("rsa-g2-aes128-sha");
    EXPECT_EQ(WarningsOf(peer), Sentences{});
}

// Covers MM-06.
TEST(EngineConfigWarnings, DynamicPeersThatShareOneKeyCanPoseAsEachOther)
{
    EngineConfig config = GoodConfig();
    config.peers.push_back(DynamicPeer("d"));
    config.peers.push_back(DynamicPeer("e"));
    config.peers.push_back(DynamicPeer("f"));
    EXPECT_EQ(Warnings(config),
              Sentences{"peer 'd' and 2 more at 192.0.2.1 have dynamic addresses and share one "
                        "pre-shared key: each of them can impersonate the others and the gateway"});
    config.peers[1].localAddress = IpAddress::Parse("198.51.100.1");
    config.peers[2].proposals = ParsePhase1Proposals("rsa-g2-aes128-sha");
    EXPECT_EQ(Warnings(config), Sentences{});
}

TEST(EngineConfigWarnings, AGroupsKeyLetsEveryMemberPoseAsTheGateway)
{
    PeerConfig server = DynamicAggressivePeer("d", "keyid:staff");
    server.isGroup = true;
    EXPECT_EQ(WarningsOf(server), Sentences{"peer 'd': " + OFFLINE});
    server.xauth.Edit().role = XauthRole::Server;
    EXPECT_EQ(WarningsOf(server), (Sentences{"peer 'd': " + OFFLINE, "peer 'd': " + GROUP}));
    server.isGroup = false;
    EXPECT_EQ(WarningsOf(server), Sentences{"peer 'd': " + OFFLINE});
}

TEST(EngineConfigWarnings, AClientThatGoesByTheNameOfItsGroupIsWarned)
{
    PeerConfig client = GoodPeer("b", "192.0.2.2");
    client.xauth.Edit().role = XauthRole::Client;
    EXPECT_EQ(WarningsOf(client), Sentences{});
    client.localId = Identity::Parse("keyid:staff");
    EXPECT_EQ(WarningsOf(client), Sentences{"peer 'b': " + GROUP});
    client.proposals = ParsePhase1Proposals("hybrid-g2-aes128-sha");
    EXPECT_EQ(WarningsOf(client), Sentences{});
}

} // namespace ipsec
} // namespace ns3
