// SPDX-License-Identifier: GPL-2.0-only
#include "protected-samples.h"

#include "ns3/ipsec-outer-header.h"

#include <gtest/gtest.h>

namespace ns3
{
namespace ipsec
{
namespace
{

/// The ECN field (RFC 3168 section 5).
enum Ecn : uint8_t
{
    NOT_ECT = 0,
    ECT_1 = 1,
    ECT_0 = 2,
    CE = 3,
};

const Ecn ALL_ECN[] = {NOT_ECT, ECT_0, ECT_1, CE};
constexpr int DROP = -1;

/// Adds up a header as a receiver does; 0xffff if its checksum is right.
uint32_t
SumOf(OctetView header)
{
    uint32_t sum = 0;
    for (OctetReader reader(header); reader.Left() > 0;)
    {
        sum += reader.U16();
    }
    while (sum > 0xffff)
    {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    return sum;
}

/// Makes a packet with a right checksum.
Octets
PacketWith(uint8_t typeOfService, uint16_t identification = 0x1234)
{
    OuterHeader header;
    header.typeOfService = typeOfService;
    header.identification = identification;
    header.protocol = IP_PROTOCOL_UDP;
    header.source = IpAddress::Parse("10.1.0.5");
    header.destination = IpAddress::Parse("10.2.0.7");
    return Concat({header.Write(8), Octets(8, 1)});
}

// RFC 6040 section 4.2, figure 4: rows are inner headers, columns outer ones, both in the order of
// ALL_ECN.
constexpr int DECAPSULATED[4][4] = {
    {NOT_ECT, NOT_ECT, NOT_ECT, DROP},
    {ECT_0, ECT_0, ECT_1, CE},
    {ECT_1, ECT_1, ECT_1, CE},
    {CE, CE, CE, CE},
};

TEST(OuterHeader, CombinesEcnAsTheTableOfRfc6040)
{
    for (size_t inner = 0; inner < 4; inner++)
    {
        for (size_t outer = 0; outer < 4; outer++)
        {
            Octets packet = PacketWith(static_cast<uint8_t>(0xb8 | ALL_ECN[inner]));
            const Octets before = packet;
            const Result<Done> done =
                CombineEcn(static_cast<uint8_t>(0x28 | ALL_ECN[outer]), packet);
            const int expected = DECAPSULATED[inner][outer];
            SCOPED_TRACE("inner " + std::to_string(inner) + ", outer " + std::to_string(outer));
            if (expected == DROP)
            {
                ASSERT_FALSE(done.Ok());
                EXPECT_EQ(done.GetFault(), Fault::EcnMismatch);
                EXPECT_EQ(packet, before);
                continue;
            }
            ASSERT_TRUE(done.Ok());
            EXPECT_EQ(packet[1], 0xb8 | expected);
            EXPECT_EQ(SumOf(OctetView(packet).First(20)), 0xffffu);
            EXPECT_EQ(ToHex(OctetView(packet).From(20)), ToHex(OctetView(before).From(20)));
        }
    }
}

TEST(OuterHeader, KeepsEveryChecksumRightWhereItChangesEcn)
{
    for (uint32_t identification = 0; identification < 0x10000; identification += 7)
    {
        Octets packet = PacketWith(ECT_0, static_cast<uint16_t>(identification));
        ASSERT_TRUE(CombineEcn(CE, packet).Ok());
        ASSERT_EQ(packet[1], CE);
        ASSERT_EQ(SumOf(OctetView(packet).First(20)), 0xffffu) << identification;
    }
}

// RFC 6040 section 4.1: normal mode copies all four, compatibility mode sends not-ECT.
TEST(OuterHeader, EncapsulatesEcnAsTheTableOfRfc6040)
{
    for (const Ecn inner : ALL_ECN)
    {
        const Octets packet = PacketWith(static_cast<uint8_t>(0xb8 | inner));
        OuterHeaderRules rules;
        EXPECT_EQ(OuterHeaderForTunnel(rules, packet).typeOfService, 0xb8 | inner);
        rules.ecn = false;
        EXPECT_EQ(OuterHeaderForTunnel(rules, packet).typeOfService, 0xb8 | NOT_ECT);
        rules.dscp = 46;
        EXPECT_EQ(OuterHeaderForTunnel(rules, packet).typeOfService, 46 << 2);
    }
}

TEST(OuterHeader, TakesDfAndTimeToLiveFromItsRules)
{
    Octets packet = PacketWith(0);
    for (const bool inner : {false, true})
    {
        packet[6] = inner ? 0x40 : 0;
        OuterHeaderRules rules;
        EXPECT_EQ(OuterHeaderForTunnel(rules, packet).dontFragment, inner);
        rules.df = DfRule::Set;
        EXPECT_TRUE(OuterHeaderForTunnel(rules, packet).dontFragment);
        rules.df = DfRule::Clear;
        EXPECT_FALSE(OuterHeaderForTunnel(rules, packet).dontFragment);
        rules.ttl = 9;
        EXPECT_EQ(OuterHeaderForTunnel(rules, packet).timeToLive, 9);
    }
}

TEST(OuterHeader, WritesWhatItReadsWithARightChecksum)
{
    const Octets packet = PacketWith(0xb9);
    EXPECT_EQ(SumOf(OctetView(packet).First(20)), 0xffffu);
    EXPECT_EQ(ToHex(ReadOuterHeader(packet).Write(8)), ToHex(OctetView(packet).First(20)));
}

/// Two gateways with one tunnel; what happens to ECN between them.
class EcnTunnel
{
  public:
    explicit EcnTunnel(IpsecSa sa)
    {
        m_sender.Policies().Add({sa.proxyId, PolicyAction::Protect, sa.child});
        (void)m_sender.InstallSa({}, sa, m_random, m_report);
        (void)m_receiver.InstallSa({}, FarEnd(sa), m_random, m_report);
    }

    Transit
    Send(uint8_t typeOfService)
    {
        return Transit(
            AsSealed(m_sender.Protect({}, PacketWith(typeOfService), 1, m_random, m_report)));
    }

    UnprotectVerdict
    Receive(const ArrivedPacket& packet)
    {
        return m_receiver.Unprotect({}, packet, m_report);
    }

  private:
    Processor m_sender;
    Processor m_receiver;
    SeededRandomSource m_random{1};
    ProcessorReport m_report;
};

TEST(EcnThroughATunnel, ReachesTheReceiverOfEspAndAh)
{
    for (const IpsecSa& sa : {SampleSa(), SampleAh()})
    {
        EcnTunnel tunnel(sa);
        Transit transit = tunnel.Send(0xb8 | ECT_0);
        EXPECT_EQ(transit.ipHeader[1], 0xb8 | ECT_0);
        transit.ipHeader[1] = 0xb8 | CE; // a router on the way
        const UnprotectVerdict verdict = tunnel.Receive(transit.Arrival());
        EXPECT_EQ(AsOpened(verdict).packet[1], 0xb8 | CE);
        EXPECT_EQ(SumOf(OctetView(AsOpened(verdict).packet).First(20)), 0xffffu);
    }
}

TEST(EcnThroughATunnel, DropsCongestionThatTheInnerHeaderCannotTell)
{
    EcnTunnel tunnel(SampleSa());
    Transit transit = tunnel.Send(NOT_ECT);
    transit.ipHeader[1] = CE;
    EXPECT_EQ(Outcome(tunnel.Receive(transit.Arrival())), "EcnMismatch");
}

TEST(EcnThroughATunnel, IsKeptOutInCompatibilityMode)
{
    IpsecSa sa = SampleSa();
    sa.outerHeader.ecn = false;
    EcnTunnel tunnel(sa);
    Transit transit = tunnel.Send(ECT_0);
    EXPECT_EQ(transit.ipHeader[1], NOT_ECT);
    transit.ipHeader[1] = CE;
    EXPECT_EQ(AsOpened(tunnel.Receive(transit.Arrival())).packet[1], ECT_0);
}

TEST(EcnThroughATunnel, ComesWithTheTypeOfServiceOfUdp)
{
    IpsecSa sa = SampleSa();
    sa.udpEncapsulated = true;
    EcnTunnel tunnel(sa);
    const Transit transit = tunnel.Send(ECT_1);
    ArrivedPacket inUdp = Arrived(GatewayA(), transit.payload);
    inUdp.typeOfService = CE;
    EXPECT_EQ(AsOpened(tunnel.Receive(inUdp)).packet[1], CE);
}

} // namespace
} // namespace ipsec
} // namespace ns3
