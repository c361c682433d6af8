// SPDX-License-Identifier: GPL-2.0-only
#include "tunnel-samples.h"

#include "ns3/boolean.h"
#include "ns3/bulk-send-helper.h"
#include "ns3/config.h"
#include "ns3/esp-header.h"
#include "ns3/ipsec-conversions.h"
#include "ns3/packet-sink-helper.h"
#include "ns3/packet-sink.h"
#include "ns3/simulator.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <gtest/gtest.h>

namespace ns3
{
namespace ipsec
{

namespace
{

/// What fits through TunnelByHand() on a path of 1500.
constexpr uint16_t LARGEST = 1438;
constexpr Encapsulation ENCAPSULATION{EncapsulationMode::Tunnel,
                                      false,
                                      EspAlgorithms{CipherId::Aes128, IntegrityId::HmacSha1_96},
                                      std::nullopt};

/// Returns a tunnel by hand with these rules.
ManualTunnel
WithRules(DfRule df, FragmentWhere fragment)
{
    ManualTunnel tunnel = TunnelByHand();
    tunnel.outerHeader.df = df;
    tunnel.outerHeader.fragment = fragment;
    return tunnel;
}

size_t
CountFragments(const std::vector<Octets>& packets)
{
    return static_cast<size_t>(std::count_if(packets.begin(), packets.end(), IsFragment));
}

TEST(TunnelSize, MtuOfTheDeviceIsWhatFitsThroughTheTunnel)
{
    TwoSites sites;
    sites.helper.InstallManual(sites.gatewayA, sites.gatewayB, TunnelByHand());

    EXPECT_EQ(IpsecHelper::GetDevice(sites.gatewayA)->GetMtu(), LARGEST);
}

TEST(TunnelSize, MtuFollowsTheLinkTowardsThePeer)
{
    TwoSites sites;
    sites.wireA->SetMtu(1000);
    sites.helper.InstallManual(sites.gatewayA, sites.gatewayB, TunnelByHand());

    EXPECT_EQ(IpsecHelper::GetDevice(sites.gatewayA)->GetMtu(),
              LargestPacketOctets(ENCAPSULATION, 1000));
}

TEST(TunnelSize, MtuOfManyTunnelsIsTheLeast)
{
    TwoSites sites;
    ManualTunnel second = BundleByHand();
    second.espIn.spi = 0x4001;
    second.espOut.spi = 0x4002;
    second.proxyId.remote = Prefix::Parse("10.3.0.0/24");
    sites.helper.InstallManual(sites.gatewayA, {TunnelByHand(), second});

    Encapsulation bundle = ENCAPSULATION;
    bundle.ah = IntegrityId::HmacSha1_96;
    EXPECT_EQ(IpsecHelper::GetDevice(sites.gatewayA)->GetMtu(), LargestPacketOctets(bundle, 1500));
}

TEST(TunnelSize, MtuLeavesRoomForUdpUntilItIsKnownThatThereIsNone)
{
    TwoSites sites;
    sites.helper.SetPhase2Proposals("nopfs-esp-aes128-sha");
    sites.Connect();
    const Ptr<IpsecNetDevice> device = IpsecHelper::GetDevice(sites.gatewayA);
    Encapsulation inUdp = ENCAPSULATION;
    inUdp.udpEncapsulated = true;
    EXPECT_EQ(device->GetMtu(), LargestPacketOctets(inUdp, 1500));

    sites.SendAt(MilliSeconds(1), sites.pcA, TwoSites::PC_B);
    sites.RunUntil(Seconds(1));
    EXPECT_EQ(device->GetMtu(), LARGEST);
}

TEST(TunnelSize, MtuSetByHandStays)
{
    TwoSites sites;
    sites.helper.SetDeviceAttribute("Mtu", UintegerValue(900));
    sites.helper.InstallManual(sites.gatewayA, sites.gatewayB, TunnelByHand());

    EXPECT_EQ(IpsecHelper::GetDevice(sites.gatewayA)->GetMtu(), 900);
    EXPECT_FALSE(IpsecHelper::GetDevice(sites.gatewayA)->SetMtu(67));
}

TEST(TunnelSize, LargestPacketFillsOnePacketOfTheWire)
{
    TwoSites sites;
    sites.helper.InstallManual(sites.gatewayA, sites.gatewayB, TunnelByHand());
    SendAt(MilliSeconds(1), sites, {LARGEST, true, 0});
    sites.RunUntil(MilliSeconds(100));

    ASSERT_EQ(sites.wire.size(), 1U);
    EXPECT_GT(sites.wire[0].size(), 1500U - 16);
    EXPECT_LE(sites.wire[0].size(), 1500U);
    EXPECT_EQ(sites.receivedB.size(), 1U);
}

TEST(TunnelSize, DontFragmentIsAnsweredWithWhatFits)
{
    TwoSites sites;
    sites.helper.InstallManual(sites.gatewayA, sites.gatewayB, TunnelByHand());
    const IcmpWatcher icmp(sites.pcA);
    SendAt(MilliSeconds(1), sites, {LARGEST + 1, true, 0});
    sites.RunUntil(MilliSeconds(100));

    EXPECT_EQ(icmp.FragmentationNeeded(), std::vector<uint16_t>{LARGEST});
    EXPECT_EQ(DropsOf(*sites.PlaneA(), Fault::PacketTooBig), 1U);
    EXPECT_TRUE(sites.wire.empty());
}

TEST(TunnelSize, SocketOfTheGatewayLearnsThatItsPacketIsTooBig)
{
    TwoSites sites;
    sites.helper.InstallManual(sites.gatewayA, sites.gatewayB, TunnelByHand());
    Ipv4Header header;
    header.SetSource("10.1.0.1");
    header.SetDestination(TwoSites::PC_B);
    header.SetProtocol(IP_PROTOCOL_UDP);
    header.SetPayloadSize(1480);
    header.SetDontFragment();
    Socket::SocketErrno error = Socket::ERROR_NOTERROR;
    const Ptr<Ipv4> ipv4 = sites.gatewayA->GetObject<Ipv4>();
    const Ptr<Ipv4Route> route =
        ipv4->GetRoutingProtocol()->RouteOutput(Create<Packet>(1480), header, nullptr, error);

    EXPECT_FALSE(route);
    EXPECT_EQ(error, Socket::ERROR_MSGSIZE);
    EXPECT_EQ(DropsOf(*sites.PlaneA(), Fault::PacketTooBig), 1U);
}

/// Sends 3000 octets through a tunnel with these rules; DF says whether the packet has it.
std::vector<Octets>
WireOfLargePacket(DfRule df, FragmentWhere fragment, bool dontFragment, size_t expected = 1)
{
    TwoSites sites;
    sites.helper.InstallManual(sites.gatewayA, sites.gatewayB, WithRules(df, fragment));
    // The PC's own link would cut it.
    sites.pcA->GetDevice(1)->SetMtu(4000);
    sites.gatewayA->GetDevice(1)->SetMtu(4000);
    SendAt(MilliSeconds(1), sites, {3000, dontFragment, 0});
    sites.RunUntil(MilliSeconds(100));
    EXPECT_EQ(sites.receivedB.size(), expected);
    EXPECT_TRUE(sites.PlaneB()->Drops().empty());
    return sites.wire;
}

TEST(TunnelSize, CutsInsideAsWanted)
{
    const std::vector<Octets> wire = WireOfLargePacket(DfRule::Copy, FragmentWhere::Inner, false);

    EXPECT_EQ(wire.size(), 3U);
    EXPECT_EQ(CountFragments(wire), 0U);
}

TEST(TunnelSize, CutsOutsideAsWanted)
{
    const std::vector<Octets> wire = WireOfLargePacket(DfRule::Copy, FragmentWhere::Outer, false);

    EXPECT_EQ(wire.size(), 3U);
    EXPECT_EQ(CountFragments(wire), 3U);
}

TEST(TunnelSize, CutsOutsideWhatMustNotBeCutIfDfIsCleared)
{
    const std::vector<Octets> wire = WireOfLargePacket(DfRule::Clear, FragmentWhere::Outer, true);

    EXPECT_EQ(CountFragments(wire), 3U);
    EXPECT_TRUE(std::none_of(wire.begin(), wire.end(), HasDontFragment));
}

TEST(TunnelSize, DontFragmentHoldsOutsideIfItIsCopied)
{
    EXPECT_TRUE(WireOfLargePacket(DfRule::Copy, FragmentWhere::Outer, true, 0).empty());
}

TEST(TunnelSize, CutsInsideIfDfIsSetOutside)
{
    const std::vector<Octets> wire = WireOfLargePacket(DfRule::Set, FragmentWhere::Outer, false);

    EXPECT_EQ(CountFragments(wire), 0U);
    EXPECT_TRUE(std::all_of(wire.begin(), wire.end(), HasDontFragment));
}

TEST(TunnelSize, EachTunnelOfANodeCutsInItsOwnWay)
{
    TwoSites sites;
    ManualTunnel outside = WithRules(DfRule::Copy, FragmentWhere::Outer);
    outside.proxyId.remote = Prefix::Parse("10.3.0.0/24");
    outside.espOut.spi = 0x4001;
    outside.espIn.spi = 0x4002;
    sites.helper.InstallManual(sites.gatewayA, {TunnelByHand(), outside});
    sites.helper.InstallManual(sites.gatewayB, {TunnelByHand().Mirror(), outside.Mirror()});
    sites.SendAt(MilliSeconds(1), sites.pcA, TwoSites::PC_B, 2000);
    sites.SendAt(MilliSeconds(50), sites.pcA, "10.3.0.2", 2000);
    sites.RunUntil(MilliSeconds(40));
    EXPECT_EQ(CountFragments(sites.wire), 0U);
    EXPECT_EQ(sites.receivedB.size(), 1U);
    sites.RunUntil(MilliSeconds(100));
    EXPECT_GT(CountFragments(sites.wire), 0U);
}

// Path MTU

/// Two sites of which B's link takes 1000 octets only.
class NarrowPath : public testing::Test
{
  protected:
    NarrowPath()
    {
        sites.wireB->SetMtu(1000);
    }

    void
    Install()
    {
        sites.helper.InstallManual(sites.gatewayA, sites.gatewayB, TunnelByHand());
    }

    /// Lets pcA send packets of 1200 octets that must not be cut.
    void
    SendBothAt(Time first, Time second)
    {
        SendAt(first, sites, {1200, true, 0});
        SendAt(second, sites, {1200, true, 0});
    }

    TwoSites sites;
    IcmpWatcher icmp{sites.pcA};
};

TEST_F(NarrowPath, RouterTellsTheGatewayAndTheGatewayTheSender)
{
    Install();
    SendBothAt(MilliSeconds(1), MilliSeconds(100));
    sites.RunUntil(MilliSeconds(200));

    const auto fits = static_cast<uint16_t>(LargestPacketOctets(ENCAPSULATION, 1000));
    EXPECT_EQ(icmp.FragmentationNeeded(), std::vector<uint16_t>{fits});
    EXPECT_TRUE(sites.receivedB.empty());
}

TEST_F(NarrowPath, PacketsThatMayBeCutFitAfterwards)
{
    Install();
    SendAt(MilliSeconds(1), sites, {1200, true, 0});
    SendAt(MilliSeconds(100), sites, {1200, false, 0});
    sites.RunUntil(MilliSeconds(200));

    EXPECT_EQ(sites.receivedB.size(), 1U);
    EXPECT_EQ(sites.PlaneA()->ProtectedPackets(), 3U);
}

TEST_F(NarrowPath, IsForgottenInTime)
{
    sites.helper.SetDataPlaneAttribute("PathMtuTimeout", TimeValue(Minutes(10)));
    Install();
    SendBothAt(MilliSeconds(1), Minutes(11));
    sites.RunUntil(Minutes(12));

    EXPECT_TRUE(icmp.FragmentationNeeded().empty());
}

TEST_F(NarrowPath, IsNotBelievedIfUnwanted)
{
    sites.helper.SetDataPlaneAttribute("PathMtuDiscovery", BooleanValue(false));
    Install();
    SendBothAt(MilliSeconds(1), MilliSeconds(100));
    sites.RunUntil(MilliSeconds(200));

    EXPECT_TRUE(icmp.FragmentationNeeded().empty());
}

TEST_F(NarrowPath, CountsForEspInUdpToo)
{
    sites.Connect();
    sites.InstallSasByHand(true);
    SendBothAt(MilliSeconds(1), MilliSeconds(100));
    sites.RunUntil(MilliSeconds(200));

    Encapsulation inUdp = ENCAPSULATION;
    inUdp.udpEncapsulated = true;
    const auto fits = static_cast<uint16_t>(LargestPacketOctets(inUdp, 1000));
    EXPECT_EQ(icmp.FragmentationNeeded(), std::vector<uint16_t>{fits});
}

/// Returns what the path to B counts for after a router quoted a packet with @p spi.
uint16_t
PathMtuAfter(uint32_t spi, uint16_t mtu)
{
    TwoSites sites;
    sites.helper.InstallManual(sites.gatewayA, sites.gatewayB, TunnelByHand());
    OctetWriter esp;
    esp.U32(spi).U32(1);
    TooBigMessage message;
    message.mtu = mtu;
    message.protocol = IP_PROTOCOL_ESP;
    message.source = TwoSites::ADDRESS_A;
    message.destination = TwoSites::ADDRESS_B;
    message.payload = esp.Take();
    sites.PlaneA()->HandleTooBig(message);
    return sites.PlaneA()->TunnelSizes().PathMtu(
        InstantNow(), IpAddress::Parse(TwoSites::ADDRESS_B), 1500);
}

TEST(PathMtu, OnlyAnSaThatWeSendThroughIsBelieved)
{
    EXPECT_EQ(PathMtuAfter(0x2001, 1000), 1000);
    EXPECT_EQ(PathMtuAfter(0x2002, 1000), 1500);
}

TEST(PathMtu, NobodyTalksItDownBelow576)
{
    EXPECT_EQ(PathMtuAfter(0x2001, 68), 576);
    EXPECT_EQ(PathMtuAfter(0x2001, 0), 576);
}

// TCP

/// What a transfer of 200 kB from pcA to pcB left behind.
struct Transfer
{
    uint64_t received = 0;
    /// Inner packets that were pieces, and outer ones.
    size_t innerFragments = 0;
    size_t outerFragments = 0;
};

Transfer
RunTcp(uint32_t segment, FragmentWhere fragment)
{
    TwoSites sites;
    sites.helper.InstallManual(sites.gatewayA, sites.gatewayB, WithRules(DfRule::Copy, fragment));
    Transfer transfer;
    sites.PlaneA()->TraceConnectWithoutContext(
        "Protect",
        Callback<void, Ptr<const Packet>, const Sealed&>(
            [&transfer](Ptr<const Packet> inner, const Sealed&)
            { transfer.innerFragments += IsFragment(ToOctets(*inner)) ? 1 : 0; }));
    Config::SetDefault("ns3::TcpSocket::SegmentSize", UintegerValue(segment));
    PacketSinkHelper sink("ns3::TcpSocketFactory", InetSocketAddress(Ipv4Address::GetAny(), 5001));
    const ApplicationContainer sinks = sink.Install(sites.pcB);
    BulkSendHelper source("ns3::TcpSocketFactory", InetSocketAddress(TwoSites::PC_B, 5001));
    source.SetAttribute("MaxBytes", UintegerValue(200000));
    source.Install(sites.pcA).Start(MilliSeconds(1));
    sites.RunUntil(Seconds(20));
    Config::SetDefault("ns3::TcpSocket::SegmentSize", UintegerValue(536));

    transfer.received = DynamicCast<PacketSink>(sinks.Get(0))->GetTotalRx();
    transfer.outerFragments = CountFragments(sites.wire);
    EXPECT_TRUE(sites.PlaneA()->Drops().empty());
    EXPECT_TRUE(sites.PlaneB()->Drops().empty());
    return transfer;
}

TEST(TunnelSize, TcpThatRespectsTheMtuIsNotCut)
{
    // Headers with the timestamps of ns-3's TCP take 52 octets.
    const Transfer transfer = RunTcp(LARGEST - 52, FragmentWhere::Inner);
    EXPECT_EQ(transfer.received, 200000U);
    EXPECT_EQ(transfer.innerFragments, 0U);
    EXPECT_EQ(transfer.outerFragments, 0U);
}

TEST(TunnelSize, LargerTcpSegmentsAreCutInside)
{
    const Transfer transfer = RunTcp(1448, FragmentWhere::Inner);
    EXPECT_EQ(transfer.received, 200000U);
    EXPECT_GT(transfer.innerFragments, 0U);
    EXPECT_EQ(transfer.outerFragments, 0U);
}

TEST(TunnelSize, LargerTcpSegmentsAreCutOutsideIfWanted)
{
    const Transfer transfer = RunTcp(1448, FragmentWhere::Outer);
    EXPECT_EQ(transfer.received, 200000U);
    EXPECT_EQ(transfer.innerFragments, 0U);
    EXPECT_GT(transfer.outerFragments, 0U);
}

} // namespace

} // namespace ipsec
} // namespace ns3
