// SPDX-License-Identifier: GPL-2.0-only
#include "tunnel-samples.h"

#include "ns3/boolean.h"
#include "ns3/double.h"
#include "ns3/esp-header.h"
#include "ns3/flow-id-tag.h"
#include "ns3/ipsec-conversions.h"
#include "ns3/simulator.h"

#include <algorithm>
#include <gtest/gtest.h>

namespace ns3
{
namespace ipsec
{

namespace
{

constexpr size_t PROTOCOL_OFFSET = 9;

/// Makes a UDP packet as it comes from a wire.
Ptr<Packet>
RawUdp(Ipv4Address from, Ipv4Address to)
{
    OctetWriter udp;
    udp.U16(4000).U16(TwoSites::PORT).U16(16).U16(0);
    Ptr<Packet> packet = ToPacket(Concat({udp.Take(), Octets(8, TwoSites::PAYLOAD)}));
    Ipv4Header header;
    header.SetSource(from);
    header.SetDestination(to);
    header.SetProtocol(IP_PROTOCOL_UDP);
    header.SetTtl(64);
    header.SetPayloadSize(static_cast<uint16_t>(packet->GetSize()));
    packet->AddHeader(header);
    return packet;
}

TEST(Tunnel, CarriesAQuestionAndItsAnswer)
{
    TwoSites sites;
    sites.Connect();
    sites.InstallSasByHand();
    sites.EchoFromNowOn();
    sites.SendAt(MilliSeconds(1), sites.pcA, TwoSites::PC_B);
    sites.RunUntil(MilliSeconds(100));

    EXPECT_EQ(sites.receivedB.size(), 1U);
    EXPECT_EQ(sites.receivedA.size(), 1U);
    EXPECT_EQ(sites.PlaneA()->ProtectedPackets(), 1U);
    EXPECT_EQ(sites.PlaneA()->UnprotectedPackets(), 1U);
    EXPECT_TRUE(sites.PlaneA()->Drops().empty());
    EXPECT_TRUE(sites.PlaneB()->Drops().empty());
}

// Covers NT-02, PO-02.
TEST(Tunnel, ShowsOnlyEspOnTheWire)
{
    TwoSites sites;
    sites.Connect();
    sites.InstallSasByHand();
    sites.EchoFromNowOn();
    sites.SendAt(MilliSeconds(1), sites.pcA, TwoSites::PC_B);
    sites.RunUntil(MilliSeconds(100));

    ASSERT_EQ(sites.wire.size(), 2U);
    for (const Octets& packet : sites.wire)
    {
        EXPECT_EQ(packet[PROTOCOL_OFFSET], IP_PROTOCOL_ESP);
        EXPECT_FALSE(HoldsPayload(packet));
    }
}

// Covers PO-02.
TEST(Tunnel, LetsAPacketGoInClearThatNoPolicyNames)
{
    TwoSites sites;
    sites.Connect();
    sites.InstallSasByHand();
    sites.SendAt(MilliSeconds(1), sites.pcA, TwoSites::ADDRESS_B);
    sites.RunUntil(MilliSeconds(100));

    ASSERT_GE(sites.wire.size(), 1U);
    EXPECT_EQ(sites.wire[0][PROTOCOL_OFFSET], IP_PROTOCOL_UDP);
    EXPECT_TRUE(HoldsPayload(sites.wire[0]));
}

// Covers PO-02.
TEST(Tunnel, DropsAClearPacketThatAPolicyWantsProtected)
{
    TwoSites sites;
    sites.Connect();
    sites.InstallSasByHand();
    Simulator::Schedule(MilliSeconds(1),
                        &IpsecCloudNetDevice::Receive,
                        sites.wireA,
                        RawUdp(TwoSites::PC_B, TwoSites::PC_A));
    sites.RunUntil(MilliSeconds(100));

    EXPECT_TRUE(sites.receivedA.empty());
    EXPECT_EQ(DropsOf(*sites.PlaneA(), Fault::ClearTextForbidden), 1U);
}

TEST(Tunnel, ForEverythingDropsClearPacketsFromOutsideOnly)
{
    TwoSites sites;
    sites.Connect(TwoSites::LAN_A, "0.0.0.0/0");
    ProxyId everything;
    everything.local = Prefix::Parse(TwoSites::LAN_A);
    sites.InstallSasByHand(false, everything);
    sites.SendAt(MilliSeconds(1), sites.pcA, TwoSites::PC_B);
    Simulator::Schedule(MilliSeconds(2),
                        &IpsecCloudNetDevice::Receive,
                        sites.wireA,
                        RawUdp("203.0.113.7", TwoSites::PC_A));
    sites.RunUntil(MilliSeconds(100));

    EXPECT_EQ(sites.receivedB.size(), 1U);
    EXPECT_TRUE(sites.receivedA.empty());
    EXPECT_EQ(DropsOf(*sites.PlaneA(), Fault::ClearTextForbidden), 1U);
}

TEST(Tunnel, ForEverythingLeavesTheOwnNetworkAlone)
{
    TwoSites sites;
    sites.Connect(TwoSites::LAN_A, "0.0.0.0/0");
    const Ptr<Socket> echo =
        Socket::CreateSocket(sites.gatewayA, TypeId::LookupByName("ns3::UdpSocketFactory"));
    echo->Bind(InetSocketAddress(Ipv4Address::GetAny(), TwoSites::PORT));
    echo->SetRecvCallback(Callback<void, Ptr<Socket>>(
        [](Ptr<Socket> socket)
        {
            Address from;
            const Ptr<Packet> packet = socket->RecvFrom(from);
            socket->SendTo(packet, 0, from);
        }));
    sites.SendAt(MilliSeconds(1), sites.pcA, "10.1.0.1");
    sites.RunUntil(MilliSeconds(100));

    EXPECT_EQ(sites.receivedA.size(), 1U);
    EXPECT_TRUE(sites.wire.empty());
    EXPECT_TRUE(sites.PlaneA()->Drops().empty());
}

TEST(Tunnel, ReachesTheGatewayItselfWhenInterfacesTakeTheirOwnAddressesOnly)
{
    TwoSites sites;
    sites.Connect();
    sites.InstallSasByHand();
    // ns-3 3.41 renamed the attribute and turned its meaning over.
    const Ptr<Ipv4> ipv4 = sites.gatewayB->GetObject<Ipv4>();
    ASSERT_TRUE(ipv4->SetAttributeFailSafe("WeakEsModel", BooleanValue(false)) ||
                ipv4->SetAttributeFailSafe("StrongEndSystemModel", BooleanValue(true)));
    size_t received = 0;
    const Ptr<Socket> socket =
        Socket::CreateSocket(sites.gatewayB, TypeId::LookupByName("ns3::UdpSocketFactory"));
    socket->Bind(InetSocketAddress(Ipv4Address::GetAny(), TwoSites::PORT));
    socket->SetRecvCallback(Callback<void, Ptr<Socket>>([&received](Ptr<Socket>) { ++received; }));
    ipv4->RemoveAddress(
        static_cast<uint32_t>(ipv4->GetInterfaceForDevice(IpsecHelper::GetDevice(sites.gatewayB))),
        0);
    sites.SendAt(MilliSeconds(1), sites.pcA, "10.2.0.1");
    sites.RunUntil(MilliSeconds(100));

    EXPECT_EQ(received, 1U);
}

TEST(Tunnel, OuterHeaderHasTheTypeOfServiceOfTheInnerOne)
{
    TwoSites sites;
    sites.Connect();
    sites.InstallSasByHand();
    Ptr<Packet> packet = Create<Packet>(100);
    SocketIpTosTag tag;
    tag.SetTos(0xb8);
    packet->AddPacketTag(tag);
    sites.SendAt(MilliSeconds(1), sites.pcA, TwoSites::PC_B, packet);
    sites.RunUntil(MilliSeconds(100));

    ASSERT_EQ(sites.wire.size(), 1U);
    EXPECT_EQ(sites.wire[0][1], 0xb8);
}

TEST(Tunnel, CountsEspOfAnUnknownSpi)
{
    TwoSites sites;
    sites.Connect();
    sites.InstallSasByHand();
    sites.PlaneB()->RemoveSa(SaKey{SaDirection::Inbound, ProtocolId::Esp, 0x1001, {}});
    sites.SendAt(MilliSeconds(1), sites.pcA, TwoSites::PC_B);
    sites.RunUntil(MilliSeconds(100));

    EXPECT_TRUE(sites.receivedB.empty());
    EXPECT_EQ(DropsOf(*sites.PlaneB(), Fault::NoSuchSa), 1U);
}

TEST(Tunnel, KeepsPacketAndByteTags)
{
    TwoSites sites;
    sites.Connect();
    sites.InstallSasByHand();
    Ptr<Packet> packet = Create<Packet>(100);
    packet->AddPacketTag(FlowIdTag(7));
    packet->AddByteTag(FlowIdTag(8));
    sites.SendAt(MilliSeconds(1), sites.pcA, TwoSites::PC_B, packet);
    sites.RunUntil(MilliSeconds(100));

    ASSERT_EQ(sites.receivedB.size(), 1U);
    FlowIdTag packetTag;
    FlowIdTag byteTag;
    ASSERT_TRUE(sites.receivedB[0]->PeekPacketTag(packetTag));
    ASSERT_TRUE(sites.receivedB[0]->FindFirstMatchingByteTag(byteTag));
    EXPECT_EQ(packetTag.GetFlowId(), 7U);
    EXPECT_EQ(byteTag.GetFlowId(), 8U);
}

/// Returns the size on the wire of a packet through the tunnel.
size_t
SizeOnTheWire(bool udpEncapsulated)
{
    TwoSites sites;
    sites.Connect();
    sites.InstallSasByHand(udpEncapsulated);
    sites.SendAt(MilliSeconds(1), sites.pcA, TwoSites::PC_B);
    sites.RunUntil(MilliSeconds(100));
    EXPECT_EQ(sites.receivedB.size(), 1U);
    return sites.wire.empty() ? 0 : sites.wire[0].size();
}

// Covers NT-03.
TEST(Tunnel, InUdpCostsEightOctetsMore)
{
    EXPECT_EQ(SizeOnTheWire(true), SizeOnTheWire(false) + 8);
}

TEST(Tunnel, FragmentsLargePacketsInside)
{
    TwoSites sites;
    sites.Connect();
    sites.InstallSasByHand();
    sites.SendAt(MilliSeconds(1), sites.pcA, TwoSites::PC_B, 3000);
    sites.RunUntil(MilliSeconds(100));

    ASSERT_EQ(sites.receivedB.size(), 1U);
    EXPECT_EQ(sites.receivedB[0]->GetSize(), 3000U);
    for (const Octets& packet : sites.wire)
    {
        EXPECT_EQ(packet[PROTOCOL_OFFSET], IP_PROTOCOL_ESP);
        EXPECT_LE(packet.size(), 1500U);
        EXPECT_EQ(packet[6] & 0x3f, 0) << "the outer packet is a fragment";
    }
}

TEST(Tunnel, ProtectsWhatTheGatewayItselfSendsFromTheInside)
{
    TwoSites sites;
    sites.Connect();
    sites.InstallSasByHand();
    const Ptr<Socket> socket =
        Socket::CreateSocket(sites.gatewayA, TypeId::LookupByName("ns3::UdpSocketFactory"));
    socket->Bind(InetSocketAddress("10.1.0.1", 4000));
    Simulator::Schedule(MilliSeconds(1),
                        [socket]()
                        {
                            socket->SendTo(ToPacket(Octets(50, TwoSites::PAYLOAD)),
                                           0,
                                           InetSocketAddress(TwoSites::PC_B, TwoSites::PORT));
                        });
    sites.RunUntil(MilliSeconds(100));

    EXPECT_EQ(sites.receivedB.size(), 1U);
    ASSERT_EQ(sites.wire.size(), 1U);
    EXPECT_EQ(sites.wire[0][PROTOCOL_OFFSET], IP_PROTOCOL_ESP);
}

TEST(Tunnel, WithoutKeyManagerDropsWhatItCannotProtect)
{
    TwoSites sites;
    sites.Connect();
    sites.PlaneA()->SetKeyManager(nullptr);
    sites.SendAt(MilliSeconds(1), sites.pcA, TwoSites::PC_B);
    sites.RunUntil(MilliSeconds(100));

    EXPECT_EQ(DropsOf(*sites.PlaneA(), Fault::StagedAbandoned), 1U);
    EXPECT_TRUE(sites.wire.empty());
}

// Covers AR-03.
TEST(Tunnel, ReplaySentOnTheWireIsDropped)
{
    TwoSites sites;
    sites.wireA->SetAttribute("Duplicate", DoubleValue(1));
    sites.Connect();
    sites.InstallSasByHand();
    sites.SendAt(MilliSeconds(1), sites.pcA, TwoSites::PC_B);
    sites.RunUntil(MilliSeconds(100));

    EXPECT_EQ(sites.receivedB.size(), 1U);
    EXPECT_EQ(DropsOf(*sites.PlaneB(), Fault::Replayed), 1U);
}

TEST(Tunnel, CorruptionOnTheWireIsDropped)
{
    TwoSites sites;
    sites.wireA->SetAttribute("Corrupt", DoubleValue(1));
    sites.Connect();
    sites.InstallSasByHand();
    for (int i = 1; i <= 20; ++i)
    {
        sites.SendAt(MilliSeconds(i), sites.pcA, TwoSites::PC_B);
    }
    sites.RunUntil(MilliSeconds(100));

    EXPECT_TRUE(sites.receivedB.empty());
    EXPECT_GT(DropsOf(*sites.PlaneB(), Fault::BadIcv), 0U);
}

} // namespace

} // namespace ipsec
} // namespace ns3
