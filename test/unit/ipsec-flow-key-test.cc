// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/esp-header.h"
#include "ns3/ipsec-flow-key.h"

#include <gtest/gtest.h>

namespace ns3
{
namespace ipsec
{
namespace
{

/// A packet from 10.1.0.1 to 10.2.0.1 with the header fields that matter here.
Octets
Packet(uint8_t protocol, uint16_t fragment, OctetView payload, size_t optionOctets = 0)
{
    OctetWriter writer;
    writer.U8(static_cast<uint8_t>(0x45 + optionOctets / 4)).U8(0);
    writer.U16(static_cast<uint16_t>(20 + optionOctets + payload.size()));
    writer.U16(1).U16(fragment).U8(64).U8(protocol).U16(0);
    writer.U32(0x0a010001).U32(0x0a020001).Zeros(optionOctets).Append(payload);
    return writer.Take();
}

const char* const UDP_53_TO_4500 = "0035 1194 0008 0000";

TEST(FlowKey, ReadsAddressesProtocolAndPorts)
{
    const Result<FlowKey> key = ParseFlowKey(Packet(IP_PROTOCOL_UDP, 0, FromHex(UDP_53_TO_4500)));
    ASSERT_TRUE(key.Ok());
    EXPECT_EQ(key->source.ToString(), "10.1.0.1");
    EXPECT_EQ(key->destination.ToString(), "10.2.0.1");
    EXPECT_EQ(key->protocol, IP_PROTOCOL_UDP);
    EXPECT_EQ(key->sourcePort, 53);
    EXPECT_EQ(key->destinationPort, 4500);
    EXPECT_EQ(key->ToString(), "10.1.0.1:53 -> 10.2.0.1:4500 udp");
}

TEST(FlowKey, PortsLieBehindTheOptions)
{
    const Result<FlowKey> key =
        ParseFlowKey(Packet(IP_PROTOCOL_TCP, 0, FromHex(UDP_53_TO_4500), 40));
    ASSERT_TRUE(key.Ok());
    EXPECT_EQ(key->sourcePort, 53);
    EXPECT_EQ(key->destinationPort, 4500);
    EXPECT_EQ(key->ToString(), "10.1.0.1:53 -> 10.2.0.1:4500 tcp");
}

TEST(FlowKey, OtherProtocolsHaveNoPorts)
{
    const Result<FlowKey> ping = ParseFlowKey(Packet(IP_PROTOCOL_ICMP, 0, FromHex("08001234")));
    ASSERT_TRUE(ping.Ok());
    EXPECT_EQ(ping->sourcePort, 0);
    EXPECT_EQ(ping->destinationPort, 0);
    EXPECT_EQ(ping->ToString(), "10.1.0.1 -> 10.2.0.1 icmp");
    const Result<FlowKey> ospf = ParseFlowKey(Packet(89, 0, FromHex("02010000")));
    ASSERT_TRUE(ospf.Ok());
    EXPECT_EQ(ospf->ToString(), "10.1.0.1 -> 10.2.0.1 89");
}

TEST(FlowKey, OnlyTheFirstFragmentHasPorts)
{
    const uint16_t moreFragments = 0x2000;
    const Result<FlowKey> first =
        ParseFlowKey(Packet(IP_PROTOCOL_UDP, moreFragments, FromHex(UDP_53_TO_4500)));
    const Result<FlowKey> later =
        ParseFlowKey(Packet(IP_PROTOCOL_UDP, moreFragments | 1, FromHex(UDP_53_TO_4500)));
    ASSERT_TRUE(first.Ok());
    ASSERT_TRUE(later.Ok());
    EXPECT_EQ(first->destinationPort, 4500);
    EXPECT_EQ(later->sourcePort, 0);
    EXPECT_EQ(later->destinationPort, 0);
}

TEST(FlowKey, APayloadTooShortForBothPortsHasNone)
{
    for (size_t size = 0; size < 4; size++)
    {
        const Result<FlowKey> key = ParseFlowKey(Packet(IP_PROTOCOL_UDP, 0, Octets(size, 0xff)));
        ASSERT_TRUE(key.Ok());
        EXPECT_EQ(key->sourcePort, 0);
        EXPECT_EQ(key->destinationPort, 0);
    }
}

TEST(FlowKey, EveryTruncationAndEveryTailIsRefused)
{
    // bad input 98
    const Octets packet = Packet(IP_PROTOCOL_UDP, 0, FromHex(UDP_53_TO_4500));
    for (size_t size = 0; size < packet.size(); size++)
    {
        const Result<FlowKey> key = ParseFlowKey(OctetView(packet).First(size));
        ASSERT_FALSE(key.Ok()) << size << " octets";
        EXPECT_EQ(key.GetFault(), Fault::InnerMalformed);
    }
    EXPECT_FALSE(ParseFlowKey(Concat({packet, FromHex("00")})).Ok());
}

TEST(FlowKey, OtherVersionsAreRefused)
{
    // bad input 98
    for (unsigned version = 0; version < 16; version++)
    {
        Octets packet = Packet(IP_PROTOCOL_ICMP, 0, FromHex("08001234"));
        packet[0] = static_cast<uint8_t>(version << 4 | 5);
        EXPECT_EQ(ParseFlowKey(packet).Ok(), version == 4) << version;
    }
}

TEST(FlowKey, HeaderLengthsThatDoNotFitAreRefused)
{
    for (unsigned words = 0; words < 16; words++)
    {
        Octets packet = Packet(IP_PROTOCOL_ICMP, 0, FromHex("08001234"));
        packet[0] = static_cast<uint8_t>(0x40 | words);
        // Twenty octets of header and four of payload: six words still fit.
        EXPECT_EQ(ParseFlowKey(packet).Ok(), words == 5 || words == 6) << words;
    }
}

} // namespace
} // namespace ipsec
} // namespace ns3
