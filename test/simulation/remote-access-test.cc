// SPDX-License-Identifier: GPL-2.0-only
#include "two-sites.h"

#include "ns3/ipsec-conversions.h"
#include "ns3/simulator.h"

#include <gtest/gtest.h>

namespace ns3
{
namespace ipsec
{

namespace
{

const Ipv4Address ASSIGNED("10.9.0.1");

PeerConfig
CommonPeer(const char* own)
{
    ChildConfig child;
    child.name = "inside";
    child.proposals = ParsePhase2Proposals("nopfs-esp-aes128-sha");
    PeerConfig peer;
    peer.localAddress = IpAddress::Parse(own);
    peer.proposals = ParsePhase1Proposals("pre-g2-aes128-sha");
    peer.preSharedKey = SecretBytes(AsOctets("tiandihui2"));
    peer.children.push_back(child);
    return peer;
}

/// Gateway B lets users in; gateway A is the node of one.
struct RemoteSite : TwoSites
{
    RemoteSite()
    {
        EngineConfig server;
        PeerConfig group = CommonPeer(ADDRESS_B);
        group.name = "users";
        group.isGroup = true;
        group.xauth.Edit().role = XauthRole::Server;
        group.xauth.Edit().users["alice"] = SecretBytes(AsOctets("wonderland"));
        group.modeConfig.Edit().role = ModeConfigRole::PullServer;
        group.modeConfig.Edit().pool = "pool";
        group.children[0].proxyId.local = Prefix::Parse(LAN_B);
        group.children[0].remoteIsAssigned = true;
        server.peers.push_back(group);
        AddressPool pool;
        pool.name = "pool";
        pool.first = IpAddress::Parse("10.9.0.1");
        pool.last = IpAddress::Parse("10.9.0.9");
        server.pools.push_back(pool);

        EngineConfig client;
        PeerConfig gateway = CommonPeer(ADDRESS_A);
        gateway.name = "gateway";
        gateway.remoteAddress = IpAddress::Parse(ADDRESS_B);
        gateway.localId = Identity::Parse("users.example.com");
        gateway.xauth.Edit().role = XauthRole::Client;
        gateway.xauth.Edit().user = "alice";
        gateway.xauth.Edit().password = SecretBytes(AsOctets("wonderland"));
        gateway.modeConfig.Edit().role = ModeConfigRole::PullClient;
        gateway.children[0].proxyId.remote = Prefix::Parse(LAN_B);
        gateway.children[0].localIsAssigned = true;
        client.peers.push_back(gateway);

        helper.Install(gatewayA, client);
        helper.Install(gatewayB, server);
        IpsecHelper::AssignStreams(NodeContainer(gatewayA, gatewayB), 100);
        Simulator::Schedule(MilliSeconds(1), [this] { DaemonA()->Initiate(0); });
    }
};

TEST(RemoteAccess, NoPolicyIsThereBeforeTheAddress)
{
    RemoteSite site;
    EXPECT_TRUE(site.PlaneA()->Policies().Policies().empty());
    EXPECT_TRUE(site.PlaneB()->Policies().Policies().empty());
}

TEST(RemoteAccess, ClientReachesTheInsideFromItsAssignedAddress)
{
    RemoteSite site;
    site.EchoFromNowOn();
    site.SendAt(Seconds(1), site.gatewayA, TwoSites::PC_B);
    site.RunUntil(Seconds(2));
    // The question at the PC, and its answer at the client.
    EXPECT_EQ(site.receivedB.size(), 2U);
    EXPECT_EQ(site.PlaneA()->ProtectedPackets(), 1U);
    EXPECT_EQ(site.PlaneA()->UnprotectedPackets(), 1U);
    EXPECT_GE(site.gatewayA->GetObject<Ipv4>()->GetInterfaceForAddress(ASSIGNED), 0);
    for (const Octets& packet : site.wire)
    {
        EXPECT_FALSE(HoldsPayload(packet));
    }
}

TEST(RemoteAccess, InsideReachesTheClientAtItsAssignedAddress)
{
    RemoteSite site;
    site.SendAt(Seconds(1), site.pcB, ASSIGNED);
    site.RunUntil(Seconds(2));
    EXPECT_EQ(site.PlaneB()->ProtectedPackets(), 1U);
    EXPECT_GE(site.PlaneA()->UnprotectedPackets(), 1U);
}

TEST(RemoteAccess, PolicyOfTheServerGoesWithItsClient)
{
    RemoteSite site;
    site.RunUntil(Seconds(1));
    ASSERT_EQ(site.PlaneB()->Policies().Policies().size(), 1U);
    EXPECT_EQ(site.PlaneB()->Policies().Policies()[0].selector.ToString(),
              "10.2.0.0/24 <-> 10.9.0.1/32");
    site.DaemonA()->Terminate(0);
    site.RunUntil(Seconds(2));
    EXPECT_TRUE(site.PlaneB()->Policies().Policies().empty());
}

// Otherwise its packets would go into the open, and nothing would ask for a new tunnel.
TEST(RemoteAccess, PolicyOfTheClientStaysAndBringsTheTunnelBack)
{
    RemoteSite site;
    site.EchoFromNowOn();
    site.RunUntil(Seconds(1));
    site.DaemonA()->Terminate(0);
    site.SendAt(Seconds(1), site.gatewayA, TwoSites::PC_B);
    site.RunUntil(Seconds(4));
    EXPECT_EQ(site.PlaneA()->Policies().Policies().size(), 1U);
    EXPECT_EQ(site.receivedB.size(), 2U);
    for (const Octets& packet : site.wire)
    {
        EXPECT_FALSE(HoldsPayload(packet));
    }
}

} // namespace
} // namespace ipsec
} // namespace ns3
