// SPDX-License-Identifier: GPL-2.0-only
#include "config-samples.h"

#include <gtest/gtest.h>

namespace ns3
{
namespace ipsec
{

// Covers MM-06.
TEST(EngineConfigPeers, DynamicPeersWithDifferentKeysAreRefused)
{
    EngineConfig config = GoodConfig();
    config.peers.push_back(DynamicPeer("d"));
    config.peers.push_back(DynamicPeer("e"));
    EXPECT_EQ(Refusal(config), ACCEPTED);
    config.peers[2].preSharedKey = SecretBytes(AsOctets("another"));
    EXPECT_EQ(Refusal(config),
              "peers 'd' and 'e': both have dynamic addresses but different pre-shared keys; in "
              "main mode dynamic peers must share one key");
}

// Covers P1-20.
TEST(EngineConfigPeers, DynamicPeersWithDifferentProposalsAreRefused)
{
    EngineConfig config;
    config.peers = {DynamicPeer("d"), DynamicPeer("e")};
    config.peers[1].proposals = ParsePhase1Proposals("compatible");
    EXPECT_EQ(Refusal(config),
              "peers 'd' and 'e': both have dynamic addresses but different phase 1 proposals; "
              "dynamic peers must share one list");
}

TEST(EngineConfigPeers, DynamicPeersAtDifferentLocalAddressesAreIndependent)
{
    EngineConfig config;
    config.peers = {DynamicPeer("d"), DynamicPeer("e")};
    config.peers[1].localAddress = IpAddress::Parse("198.51.100.1");
    config.peers[1].preSharedKey = SecretBytes(AsOctets("another"));
    config.peers[1].proposals = ParsePhase1Proposals("basic");
    EXPECT_EQ(Refusal(config), ACCEPTED);
}

// Covers MM-06. Aggressive mode is told apart by identities, but does not come between the others.
TEST(EngineConfigPeers, APeerOfAggressiveModeDoesNotHideTwoOfMainMode)
{
    EngineConfig config;
    config.peers = {
        DynamicAggressivePeer("c", "c.example.com"), DynamicPeer("d"), DynamicPeer("e")};
    config.peers[0].preSharedKey = SecretBytes(AsOctets("another"));
    EXPECT_EQ(Refusal(config), ACCEPTED);
    config.peers[2].preSharedKey = SecretBytes(AsOctets("another"));
    EXPECT_EQ(Refusal(config),
              "peers 'd' and 'e': both have dynamic addresses but different pre-shared keys; in "
              "main mode dynamic peers must share one key");
}

// Covers P1-20.
TEST(EngineConfigPeers, PeersWithAddressesMayHaveListsOfTheirOwn)
{
    EngineConfig config = GoodConfig();
    config.peers.push_back(GoodPeer("c", "192.0.2.3"));
    config.peers.push_back(DynamicPeer("d"));
    config.peers[1].proposals = ParsePhase1Proposals("compatible");
    config.peers[2].proposals = ParsePhase1Proposals("basic");
    EXPECT_EQ(Refusal(config), ACCEPTED);
}

// Covers AM-07.
TEST(EngineConfigPeers, DynamicPeersOfAggressiveModeMayHaveKeysAndProposalsOfTheirOwn)
{
    EngineConfig config;
    config.peers = {DynamicAggressivePeer("d", "d.example.com"),
                    DynamicAggressivePeer("e", "e.example.com")};
    config.peers[1].preSharedKey = SecretBytes(AsOctets("another"));
    config.peers[1].proposals = ParsePhase1Proposals("basic");
    EXPECT_EQ(Refusal(config), ACCEPTED);
}

TEST(EngineConfigPeers, DynamicPeersOfAggressiveModeWithTheSameIdentityAreRefused)
{
    for (const char* id : {"d.example.com", "d@example.com", "keyid:d", "CN=d, O=Example"})
    {
        EngineConfig config;
        config.peers = {DynamicAggressivePeer("d", id), DynamicAggressivePeer("e", id)};
        EXPECT_EQ(Refusal(config),
                  "peers 'd' and 'e': both have dynamic addresses and the remote ID " +
                      std::string(id) + "; nothing tells them apart");
        config.peers[1].localAddress = IpAddress::Parse("198.51.100.1");
        EXPECT_EQ(Refusal(config), ACCEPTED);
    }
}

TEST(EngineConfigPeers, DynamicPeersOfAggressiveModeWithEqualDistinguishedNamesAreRefused)
{
    EngineConfig config;
    config.peers = {DynamicAggressivePeer("d", "CN=fw a"), DynamicAggressivePeer("e", "CN=FW  A")};
    ASSERT_NE(config.peers[0].remoteId->data, config.peers[1].remoteId->data);
    EXPECT_NE(Refusal(config), ACCEPTED);
    config.peers[1].remoteId = Identity::Parse("CN=fw b");
    EXPECT_EQ(Refusal(config), ACCEPTED);
}

TEST(EngineConfigPeers, OnlyOneDynamicPeerOfAggressiveModeMayBeAnybody)
{
    EngineConfig config;
    config.peers = {DynamicAggressivePeer("d", "d.example.com"),
                    DynamicAggressivePeer("e", "e.example.com")};
    config.peers[0].remoteId.reset();
    EXPECT_EQ(Refusal(config), ACCEPTED);
    config.peers[1].remoteId.reset();
    EXPECT_EQ(Refusal(config),
              "peers 'd' and 'e': both have dynamic addresses and no remote ID; nothing tells them "
              "apart");
}

} // namespace ipsec
} // namespace ns3
