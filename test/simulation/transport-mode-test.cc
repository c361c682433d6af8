// SPDX-License-Identifier: GPL-2.0-only
#include "tunnel-samples.h"

#include "ns3/esp-header.h"
#include "ns3/ipsec-conversions.h"
#include "ns3/ipv4-raw-socket-factory.h"
#include "ns3/simulator.h"
#include "ns3/udp-socket-factory.h"
#include "ns3/uinteger.h"

#include <gtest/gtest.h>

namespace ns3
{
namespace ipsec
{

namespace
{

constexpr uint8_t PROTOCOL_GRE = 47;
constexpr uint16_t PORT_L2TP = 1701;
constexpr size_t TTL_OFFSET = 8;

/// Returns a GRE header (RFC 2784) for IPv4 and some octets as an inner packet.
Octets
GrePacket(size_t octets)
{
    OctetWriter header;
    header.U16(0).U16(0x0800);
    return Concat({header.Take(), Octets(octets, TwoSites::PAYLOAD)});
}

/// Sends GRE from gatewayA to gatewayB as a tunnel endpoint does, and keeps what arrives.
class GreEnds
{
  public:
    explicit GreEnds(const TwoSites& sites)
        : m_sender(Open(sites.gatewayA))
        , m_receiver(Open(sites.gatewayB))
    {
        m_receiver->SetRecvCallback(MakeCallback(&GreEnds::HandleRead, this));
    }

    void
    SendAt(Time at, size_t octets)
    {
        const Ptr<Socket> sender = m_sender;
        Simulator::Schedule(at,
                            [sender, octets]()
                            {
                                sender->SendTo(
                                    ToPacket(GrePacket(octets)),
                                    0,
                                    InetSocketAddress(Ipv4Address(TwoSites::ADDRESS_B), 0));
                            });
    }

    /// Whole packets with their IP headers.
    std::vector<Octets> received;

  private:
    static Ptr<Socket>
    Open(Ptr<Node> node)
    {
        const Ptr<Socket> socket = Socket::CreateSocket(node, Ipv4RawSocketFactory::GetTypeId());
        socket->SetAttribute("Protocol", UintegerValue(PROTOCOL_GRE));
        return socket;
    }

    void
    HandleRead(Ptr<Socket> socket)
    {
        received.push_back(ToOctets(*socket->Recv()));
    }

    Ptr<Socket> m_sender;
    Ptr<Socket> m_receiver;
};

/// Carries GRE of @p octets through @p tunnel.
void
ExpectGreThrough(const ManualTunnel& tunnel, uint8_t outer, size_t octets)
{
    TwoSites sites;
    sites.helper.InstallManual(sites.gatewayA, sites.gatewayB, tunnel);
    GreEnds gre(sites);
    gre.SendAt(MilliSeconds(1), octets);
    sites.RunUntil(MilliSeconds(100));

    ASSERT_EQ(gre.received.size(), 1U);
    EXPECT_EQ(OctetView(gre.received[0]).From(20).Copy(), GrePacket(octets));
    EXPECT_EQ(ProtocolOf(gre.received[0]), PROTOCOL_GRE);
    EXPECT_FALSE(sites.wire.empty());
    for (const Octets& packet : sites.wire)
    {
        EXPECT_EQ(ProtocolOf(packet), outer);
    }
    EXPECT_TRUE(sites.PlaneA()->Drops().empty());
    EXPECT_TRUE(sites.PlaneB()->Drops().empty());
}

ManualTunnel
AhTransport()
{
    ManualTunnel tunnel = AhByHand();
    const ManualTunnel shape = TransportByHand(PROTOCOL_GRE);
    tunnel.mode = shape.mode;
    tunnel.proxyId = shape.proxyId;
    return tunnel;
}

// Covers PO-07.
TEST(TransportMode, EspCarriesGre)
{
    ExpectGreThrough(TransportByHand(PROTOCOL_GRE), IP_PROTOCOL_ESP, 200);
}

// Covers PO-07.
TEST(TransportMode, AhCarriesGre)
{
    ExpectGreThrough(AhTransport(), IP_PROTOCOL_AH, 200);
}

TEST(TransportMode, LargeDatagramsAreProtectedWholeAndCutOutside)
{
    ExpectGreThrough(TransportByHand(PROTOCOL_GRE), IP_PROTOCOL_ESP, 3000);
    ExpectGreThrough(AhTransport(), IP_PROTOCOL_AH, 3000);
}

TEST(TransportMode, KeepsTheHeaderOfThePacket)
{
    TwoSites sites;
    sites.helper.InstallManual(sites.gatewayA, sites.gatewayB, TransportByHand(PROTOCOL_GRE));
    GreEnds gre(sites);
    gre.SendAt(MilliSeconds(1), 200);
    sites.RunUntil(MilliSeconds(100));

    ASSERT_EQ(sites.wire.size(), 1U);
    ASSERT_EQ(gre.received.size(), 1U);
    // Version to TTL but for the length, and both addresses.
    EXPECT_EQ(sites.wire[0][1], gre.received[0][1]);
    EXPECT_EQ(OctetView(sites.wire[0]).From(4).First(5).Copy(),
              OctetView(gre.received[0]).From(4).First(5).Copy());
    EXPECT_EQ(sites.wire[0][TTL_OFFSET], 64);
}

// Covers PO-07.
TEST(TransportMode, EspCarriesL2tp)
{
    TwoSites sites;
    ManualTunnel tunnel = TransportByHand(IP_PROTOCOL_UDP);
    tunnel.proxyId.localPort = PORT_L2TP;
    tunnel.proxyId.remotePort = PORT_L2TP;
    sites.helper.InstallManual(sites.gatewayA, sites.gatewayB, tunnel);
    std::vector<Ptr<Socket>> ends;
    size_t received = 0;
    for (const Ptr<Node>& gateway : {sites.gatewayA, sites.gatewayB})
    {
        const Ptr<Socket> socket = Socket::CreateSocket(gateway, UdpSocketFactory::GetTypeId());
        socket->Bind(InetSocketAddress(Ipv4Address::GetAny(), PORT_L2TP));
        socket->SetRecvCallback(
            Callback<void, Ptr<Socket>>([&received](Ptr<Socket>) { ++received; }));
        ends.push_back(socket);
    }
    const auto send = [](Ptr<Socket> from, const char* to)
    {
        from->SendTo(ToPacket(Octets(100, TwoSites::PAYLOAD)),
                     0,
                     InetSocketAddress(Ipv4Address(to), PORT_L2TP));
    };
    Simulator::Schedule(MilliSeconds(1), [&]() { send(ends[0], TwoSites::ADDRESS_B); });
    Simulator::Schedule(MilliSeconds(50), [&]() { send(ends[1], TwoSites::ADDRESS_A); });
    sites.RunUntil(MilliSeconds(100));

    EXPECT_EQ(received, 2U);
    ASSERT_EQ(sites.wire.size(), 2U);
    for (const Octets& packet : sites.wire)
    {
        EXPECT_EQ(ProtocolOf(packet), IP_PROTOCOL_ESP);
        EXPECT_FALSE(HoldsPayload(packet));
    }
}

TEST(TransportMode, LeavesOtherPortsAlone)
{
    TwoSites sites;
    ManualTunnel tunnel = TransportByHand(IP_PROTOCOL_UDP);
    tunnel.proxyId.remotePort = PORT_L2TP;
    sites.helper.InstallManual(sites.gatewayA, sites.gatewayB, tunnel);
    sites.SendAt(MilliSeconds(1), sites.gatewayA, TwoSites::ADDRESS_B);
    sites.RunUntil(MilliSeconds(100));

    ASSERT_FALSE(sites.wire.empty());
    EXPECT_EQ(ProtocolOf(sites.wire[0]), IP_PROTOCOL_UDP);
}

} // namespace

} // namespace ipsec
} // namespace ns3
