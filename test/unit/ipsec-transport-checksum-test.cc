// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/ipsec-transport-checksum.h"

#include <gtest/gtest.h>

namespace ns3
{
namespace ipsec
{

namespace
{

constexpr uint8_t TCP = 6;
constexpr uint8_t UDP = 17;
const IpAddress PRIVATE = IpAddress::Parse("10.0.0.5");
const IpAddress NAT = IpAddress::Parse("203.0.113.1");
const IpAddress SERVER = IpAddress::Parse("192.0.2.1");

/// Adds 16-bit words with carries as RFC 1071 defines it, in the plainest way.
uint16_t
PlainChecksum(Octets octets)
{
    if (octets.size() % 2 != 0)
    {
        octets.push_back(0);
    }
    uint32_t sum = 0;
    for (size_t i = 0; i < octets.size(); i += 2)
    {
        sum += octets[i] * 256 + octets[i + 1];
        sum = sum % 65536 + sum / 65536;
    }
    return static_cast<uint16_t>(65535 - sum);
}

size_t
ChecksumAt(uint8_t protocol)
{
    return protocol == TCP ? 16 : 6;
}

/// Makes an IPv4 packet whose checksum covers these addresses, whatever its header says.
Octets
PacketOf(uint8_t protocol, size_t data, IpAddress from, IpAddress to, IpAddress headerFrom)
{
    Octets segment(ChecksumAt(protocol) + 4 + data, 0);
    for (size_t i = 0; i < segment.size(); i++)
    {
        segment[i] = static_cast<uint8_t>(37 * i + 11);
    }
    segment[ChecksumAt(protocol)] = segment[ChecksumAt(protocol) + 1] = 0;
    OctetWriter pseudo;
    pseudo.Append(from.ToOctets()).Append(to.ToOctets());
    pseudo.U16(protocol).U16(static_cast<uint16_t>(segment.size())).Append(segment);
    const uint16_t checksum = PlainChecksum(pseudo.Take());
    segment[ChecksumAt(protocol)] = static_cast<uint8_t>(checksum >> 8);
    segment[ChecksumAt(protocol) + 1] = static_cast<uint8_t>(checksum);
    OctetWriter packet;
    packet.U8(0x45).U8(0).U16(static_cast<uint16_t>(20 + segment.size())).U32(0).U8(64);
    packet.U8(protocol).U16(0).Append(headerFrom.ToOctets()).Append(SERVER.ToOctets());
    packet.Append(segment);
    return packet.Take();
}

} // namespace

class TransportChecksum : public testing::TestWithParam<uint8_t>
{
};

INSTANTIATE_TEST_SUITE_P(TcpAndUdp, TransportChecksum, testing::Values(TCP, UDP));

TEST_P(TransportChecksum, ItCoversTheAddressesOfThePacketThatIsDelivered)
{
    for (size_t data = 0; data < 40; data++)
    {
        Octets packet = PacketOf(GetParam(), data, PRIVATE, SERVER, NAT);
        const Octets right = PacketOf(GetParam(), data, NAT, SERVER, NAT);
        CorrectChecksum(packet, OriginalAddresses{SERVER, PRIVATE});
        EXPECT_EQ(packet, right) << data;
        packet = PacketOf(GetParam(), data, PRIVATE, SERVER, NAT);
        CorrectChecksum(packet, std::nullopt);
        EXPECT_EQ(packet, right) << data;
    }
}

TEST_P(TransportChecksum, WhatWasWrongBeforeStaysWrong)
{
    Octets packet = PacketOf(GetParam(), 20, PRIVATE, SERVER, NAT);
    packet.back() ^= 0x10;
    Octets right = PacketOf(GetParam(), 20, NAT, SERVER, NAT);
    right.back() ^= 0x10;
    CorrectChecksum(packet, OriginalAddresses{SERVER, PRIVATE});
    EXPECT_EQ(packet, right);
}

TEST(TransportChecksum, UdpWithoutOneStaysWithoutOne)
{
    Octets packet = PacketOf(UDP, 20, PRIVATE, SERVER, NAT);
    packet[20 + 6] = packet[20 + 7] = 0;
    const Octets before = packet;
    CorrectChecksum(packet, OriginalAddresses{SERVER, PRIVATE});
    CorrectChecksum(packet, std::nullopt);
    EXPECT_EQ(packet, before);
}

TEST(TransportChecksum, OtherProtocolsAndShortPacketsAreLeftAlone)
{
    Octets packet = PacketOf(UDP, 20, PRIVATE, SERVER, NAT);
    packet[9] = 1;
    Octets before = packet;
    CorrectChecksum(packet, OriginalAddresses{SERVER, PRIVATE});
    EXPECT_EQ(packet, before);
    packet[9] = TCP;
    packet.resize(20 + 17);
    before = packet;
    CorrectChecksum(packet, OriginalAddresses{SERVER, PRIVATE});
    EXPECT_EQ(packet, before);
}

} // namespace ipsec
} // namespace ns3
