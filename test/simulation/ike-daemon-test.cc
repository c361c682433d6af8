// SPDX-License-Identifier: GPL-2.0-only
#include "config-samples.h"
#include "two-sites.h"

#include "ns3/esp-header.h"
#include "ns3/ipsec-conversions.h"
#include "ns3/ipv4-routing-table-entry.h"
#include "ns3/ipv4-static-routing-helper.h"
#include "ns3/simulator.h"
#include "ns3/udp-socket-factory.h"
#include "ns3/uinteger.h"

#include <gtest/gtest.h>
#include <map>
#include <set>
#include <utility>

namespace ns3
{
namespace ipsec
{

namespace
{

constexpr size_t PROTOCOL_OFFSET = 9;

/// Keeps what the trace sources of a daemon tell.
class Watcher
{
  public:
    explicit Watcher(Ptr<IkeDaemon> daemon)
    {
        daemon->TraceConnectWithoutContext("Tx", MakeCallback(&Watcher::Sent, this));
        daemon->TraceConnectWithoutContext("Rx", MakeCallback(&Watcher::Received, this));
        daemon->TraceConnectWithoutContext("IkeSaUp", MakeCallback(&Watcher::IkeUp, this));
        daemon->TraceConnectWithoutContext("IkeSaDown", MakeCallback(&Watcher::IkeDown, this));
        daemon->TraceConnectWithoutContext("SaInstalled", MakeCallback(&Watcher::Installed, this));
        daemon->TraceConnectWithoutContext("SaRemoved", MakeCallback(&Watcher::Removed, this));
        daemon->TraceConnectWithoutContext("AcquireFailed", MakeCallback(&Watcher::Failed, this));
        daemon->TraceConnectWithoutContext("Drop", MakeCallback(&Watcher::Dropping, this));
    }

    std::map<ExchangeType, size_t> sent;
    std::map<ExchangeType, size_t> received;
    std::vector<IkeSaInfo> up;
    std::vector<IkeSaDown> down;
    std::vector<IpsecSa> installed;
    std::vector<RemoveSa> removed;
    std::vector<AcquireFailed> failed;
    std::map<Fault, size_t> drops;
    /// Ports that messages were sent from.
    std::set<uint16_t> ports;

  private:
    void
    Sent(const MessageSummary& message, const Endpoint& local, const Endpoint&)
    {
        ++sent[message.exchange];
        ports.insert(local.port);
    }

    void
    Received(const MessageSummary& message, const Endpoint&, const Endpoint&)
    {
        ++received[message.exchange];
    }

    void
    IkeUp(const IkeSaInfo& info)
    {
        up.push_back(info);
    }

    void
    IkeDown(const IkeSaDown& what)
    {
        down.push_back(what);
    }

    void
    Installed(const IpsecSa& sa)
    {
        installed.push_back(sa);
    }

    void
    Removed(const RemoveSa& what)
    {
        removed.push_back(what);
    }

    void
    Failed(const AcquireFailed& what)
    {
        failed.push_back(what);
    }

    void
    Dropping(const Dropped& what)
    {
        ++drops[what.fault];
    }
};

uint64_t
DropsOf(const IpsecDataPlane& plane, Fault fault)
{
    const auto found = plane.Drops().find(fault);
    return found == plane.Drops().end() ? 0 : found->second;
}

// Covers PO-01, QM-02, P1-26, QM-18.
TEST(IkeDaemon, TrafficBringsUpATunnelInNineMessages)
{
    TwoSites sites;
    sites.Connect();
    const Watcher a(sites.DaemonA());
    const Watcher b(sites.DaemonB());
    sites.EchoFromNowOn();
    sites.SendAt(MilliSeconds(1), sites.pcA, TwoSites::PC_B);
    sites.RunUntil(Seconds(1));

    EXPECT_EQ(a.sent.at(ExchangeType::MainMode) + b.sent.at(ExchangeType::MainMode), 6U);
    EXPECT_EQ(a.sent.at(ExchangeType::QuickMode) + b.sent.at(ExchangeType::QuickMode), 3U);
    EXPECT_EQ(a.up.size(), 1U);
    EXPECT_EQ(b.up.size(), 1U);
    EXPECT_EQ(a.installed.size(), 2U);
    EXPECT_EQ(b.installed.size(), 2U);
    EXPECT_EQ(sites.receivedB.size(), 1U);
    EXPECT_EQ(sites.receivedA.size(), 1U);
}

TEST(IkeDaemon, NegotiatesUnderAPolicyThatCoversItsOwnAddresses)
{
    TwoSites sites;
    sites.Connect("0.0.0.0/0", "0.0.0.0/0");
    sites.EchoFromNowOn();
    sites.SendAt(MilliSeconds(1), sites.pcA, TwoSites::PC_B);
    sites.RunUntil(Seconds(1));

    EXPECT_EQ(sites.receivedA.size(), 1U);
    EXPECT_TRUE(sites.PlaneA()->Drops().empty());
    EXPECT_TRUE(sites.PlaneB()->Drops().empty());
}

// Covers QM-22.
TEST(IkeDaemon, PacketsThatWaitLeaveInOrderBehindMessageThree)
{
    TwoSites sites;
    sites.Connect();
    for (uint32_t octets = 100; octets < 105; ++octets)
    {
        sites.SendAt(MilliSeconds(octets - 99), sites.pcA, TwoSites::PC_B, octets);
    }
    sites.RunUntil(Seconds(1));

    ASSERT_EQ(sites.receivedB.size(), 5U);
    for (uint32_t i = 0; i < 5; ++i)
    {
        EXPECT_EQ(sites.receivedB[i]->GetSize(), 100 + i);
    }
    ASSERT_EQ(sites.wire.size(), 14U);
    EXPECT_EQ(sites.wire[8][PROTOCOL_OFFSET], IP_PROTOCOL_UDP);
    EXPECT_EQ(sites.wire[9][PROTOCOL_OFFSET], IP_PROTOCOL_ESP);
}

TEST(IkeDaemon, StageWithoutRoomDropsTheFirstPacketAndStillNegotiates)
{
    TwoSites sites;
    sites.helper.SetDataPlaneAttribute("StageLimit", UintegerValue(0));
    sites.Connect();
    sites.SendAt(MilliSeconds(1), sites.pcA, TwoSites::PC_B);
    sites.SendAt(MilliSeconds(500), sites.pcA, TwoSites::PC_B);
    sites.RunUntil(Seconds(1));

    EXPECT_EQ(DropsOf(*sites.PlaneA(), Fault::StagedOverflow), 1U);
    EXPECT_EQ(sites.receivedB.size(), 1U);
}

// Covers NT-01, NT-02.
TEST(IkeDaemon, ForcedNatTraversalMovesEverythingToPort4500)
{
    TwoSites sites;
    sites.helper.SetNatTraversal(NatTraversal::Force);
    sites.Connect();
    const Watcher a(sites.DaemonA());
    sites.EchoFromNowOn();
    sites.SendAt(MilliSeconds(1), sites.pcA, TwoSites::PC_B);
    sites.RunUntil(Seconds(1));

    EXPECT_EQ(a.ports, (std::set<uint16_t>{IKE_PORT, NATT_PORT}));
    EXPECT_EQ(sites.receivedA.size(), 1U);
    ASSERT_FALSE(a.installed.empty());
    EXPECT_TRUE(a.installed[0].udpEncapsulated);
    for (const Octets& packet : sites.wire)
    {
        EXPECT_EQ(packet[PROTOCOL_OFFSET], IP_PROTOCOL_UDP);
        EXPECT_FALSE(HoldsPayload(packet));
    }
}

// Covers P1-29.
TEST(IkeDaemon, AFailedNegotiationDropsThePacketsThatWait)
{
    TwoSites sites;
    sites.Connect();
    sites.wireB->SetUp(false);
    const Watcher a(sites.DaemonA());
    sites.SendAt(MilliSeconds(1), sites.pcA, TwoSites::PC_B);
    sites.RunUntil(Seconds(300));

    ASSERT_EQ(a.failed.size(), 1U);
    EXPECT_EQ(a.failed[0].reason, Fault::NegotiationTimeout);
    EXPECT_EQ(DropsOf(*sites.PlaneA(), Fault::StagedAbandoned), 1U);
}

// Covers PO-03.
TEST(IkeDaemon, WithoutARouteNothingIsSentAndTheReasonIsTold)
{
    TwoSites sites;
    sites.Connect();
    const Ptr<Ipv4StaticRouting> routing =
        Ipv4StaticRoutingHelper().GetStaticRouting(sites.gatewayA->GetObject<Ipv4>());
    ASSERT_TRUE(routing);
    for (uint32_t i = routing->GetNRoutes(); i-- > 0;)
    {
        if (routing->GetRoute(i).IsDefault())
        {
            routing->RemoveRoute(i);
        }
    }
    const Watcher a(sites.DaemonA());
    sites.SendAt(MilliSeconds(1), sites.pcA, TwoSites::PC_B);
    sites.RunUntil(Seconds(300));

    EXPECT_TRUE(a.sent.empty());
    EXPECT_GE(a.drops.at(Fault::NoRoute), 1U);
    EXPECT_EQ(a.failed.size(), 1U);
    EXPECT_TRUE(sites.wire.empty());
}

TEST(IkeDaemon, StoppingTellsThePeer)
{
    TwoSites sites;
    sites.Connect();
    sites.DaemonA()->SetStopTime(Seconds(1));
    const Watcher b(sites.DaemonB());
    sites.SendAt(MilliSeconds(1), sites.pcA, TwoSites::PC_B);
    sites.RunUntil(Seconds(2));

    EXPECT_EQ(b.installed.size(), 2U);
    EXPECT_EQ(b.removed.size(), 2U);
    EXPECT_EQ(b.down.size(), 1U);
    EXPECT_TRUE(sites.PlaneA()->GetProcessor().Associations().Entries().empty());
    EXPECT_TRUE(sites.PlaneB()->GetProcessor().Associations().Entries().empty());
}

TEST(IkeDaemon, StoppedDaemonMakesNobodyWait)
{
    TwoSites sites;
    sites.Connect();
    sites.DaemonA()->SetStopTime(MilliSeconds(10));
    sites.SendAt(MilliSeconds(20), sites.pcA, TwoSites::PC_B);
    sites.RunUntil(Seconds(1));

    EXPECT_EQ(DropsOf(*sites.PlaneA(), Fault::StagedAbandoned), 1U);
}

// Covers PO-08.
TEST(IkeDaemon, EitherGatewayMayInitiate)
{
    TwoSites sites;
    sites.Connect();
    const Watcher b(sites.DaemonB());
    Simulator::Schedule(MilliSeconds(5), &IkeDaemon::Initiate, sites.DaemonB(), PeerId{0});
    sites.RunUntil(Seconds(1));

    ASSERT_EQ(b.up.size(), 1U);
    EXPECT_EQ(b.up[0].role, Role::Initiator);
    EXPECT_EQ(b.installed.size(), 2U);
}

/// Connects the two sites by a tunnel whose SAs end after one kilobyte.
void
ConnectForAKilobyte(TwoSites& sites)
{
    const char* addresses[] = {TwoSites::ADDRESS_A, TwoSites::ADDRESS_B};
    const char* lans[] = {TwoSites::LAN_A, TwoSites::LAN_B};
    for (const int own : {0, 1})
    {
        ChildConfig child;
        child.name = "lan";
        child.proposals = ParsePhase2Proposals("nopfs-esp-aes128-sha");
        child.proxyId = {Prefix::Parse(lans[own]), Prefix::Parse(lans[1 - own])};
        child.lifetimeKilobytes = 1;
        PeerConfig peer;
        peer.name = "other";
        peer.localAddress = IpAddress::Parse(addresses[own]);
        peer.remoteAddress = IpAddress::Parse(addresses[1 - own]);
        peer.proposals = ParsePhase1Proposals("pre-g2-aes128-sha");
        peer.preSharedKey = SecretBytes(AsOctets("tiandihui2"));
        peer.children.push_back(child);
        EngineConfig config;
        config.peers.push_back(peer);
        sites.helper.Install(own == 0 ? sites.gatewayA : sites.gatewayB, config);
    }
    IpsecHelper::AssignStreams(NodeContainer(sites.gatewayA, sites.gatewayB), 100);
}

// The packet for which the last SA has no octets left asks for another SA.
TEST(IkeDaemon, PacketThatUsesUpTheLastSaStartsANegotiation)
{
    TwoSites sites;
    ConnectForAKilobyte(sites);
    const Watcher a(sites.DaemonA());
    sites.SendAt(MilliSeconds(1), sites.pcA, TwoSites::PC_B, 600);
    sites.SendAt(MilliSeconds(500), sites.pcA, TwoSites::PC_B, 600);
    sites.RunUntil(Seconds(1));

    EXPECT_EQ(a.removed.size(), 2U);
    EXPECT_EQ(a.installed.size(), 4U);
    EXPECT_EQ(sites.receivedB.size(), 2U);
}

TEST(IkeDaemon, ConsumesAndCountsKeepalives)
{
    TwoSites sites;
    sites.Connect();
    const Ptr<Socket> socket = Socket::CreateSocket(sites.pcA, UdpSocketFactory::GetTypeId());
    Simulator::Schedule(MilliSeconds(1),
                        [socket]()
                        {
                            const InetSocketAddress target(Ipv4Address("192.0.2.1"), NATT_PORT);
                            socket->SendTo(ToPacket(Octets{0xff}), 0, target);
                            socket->SendTo(ToPacket(Octets{0xff, 0xff}), 0, target);
                        });
    sites.RunUntil(Seconds(1));

    EXPECT_EQ(sites.DaemonA()->Drops().at(Fault::NatKeepalive), 1U);
    EXPECT_EQ(sites.DaemonA()->Drops().at(Fault::TooShort), 1U);
}

/// Adds a daemon without data plane to a node, for one address of it and one peer.
Ptr<IkeDaemon>
AddDaemon(Ptr<Node> node, const char* local, const char* remote)
{
    EngineConfig config;
    config.peers.push_back(GoodPeer(remote, remote));
    PeerConfig& peer = config.peers.front();
    peer.localAddress = IpAddress::Parse(local);
    if (peer.localAddress != IpAddress::Parse(TwoSites::ADDRESS_A))
    {
        std::swap(peer.children[0].proxyId.local, peer.children[0].proxyId.remote);
    }
    const Ptr<IkeDaemon> daemon = CreateObject<IkeDaemon>();
    daemon->SetConfig(config);
    node->AddApplication(daemon);
    return daemon;
}

TEST(IkeDaemon, HearsWhatIsForItsAddressThoughAnotherHasOneOfTheSameInterface)
{
    TwoSites sites;
    const char* const second = "198.51.100.2";
    const Ptr<Ipv4> ipv4 = sites.gatewayB->GetObject<Ipv4>();
    ipv4->AddAddress(static_cast<uint32_t>(ipv4->GetInterfaceForDevice(sites.wireB)),
                     Ipv4InterfaceAddress(second, Ipv4Mask::GetOnes()));
    sites.wireB->GetCloud()->AddNetwork(second, Ipv4Mask::GetOnes(), sites.wireB);
    const Watcher ofFirst(AddDaemon(sites.gatewayB, TwoSites::ADDRESS_B, TwoSites::ADDRESS_A));
    const Watcher ofSecond(AddDaemon(sites.gatewayB, second, TwoSites::ADDRESS_A));
    const Ptr<IkeDaemon> caller = AddDaemon(sites.gatewayA, TwoSites::ADDRESS_A, second);
    Simulator::Schedule(MilliSeconds(1), &IkeDaemon::Initiate, caller, PeerId{0});
    sites.RunUntil(Seconds(1));

    EXPECT_EQ(ofSecond.up.size(), 1U);
    EXPECT_EQ(ofSecond.installed.size(), 2U);
    EXPECT_TRUE(ofFirst.received.empty());
    EXPECT_TRUE(ofFirst.drops.empty());
}

} // namespace

} // namespace ipsec
} // namespace ns3
