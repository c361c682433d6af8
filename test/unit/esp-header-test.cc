// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/esp-header.h"

#include <gtest/gtest.h>

namespace ns3
{
namespace ipsec
{
namespace
{

TEST(EspHeader, GoesRound)
{
    const Octets packet = FromHex("c0ffee01 00000002 aabbccdd");
    const Result<EspHeader> header = ParseEspHeader(packet);
    ASSERT_TRUE(header.Ok());
    EXPECT_EQ(header->spi, 0xc0ffee01u);
    EXPECT_EQ(header->sequence, 2u);
    OctetWriter writer;
    WriteEspHeader(writer, *header);
    EXPECT_EQ(ToHex(writer.Take()), "c0ffee0100000002");
}

TEST(EspHeader, EveryTruncationIsRefused)
{
    // bad input 94
    const Octets packet = FromHex("c0ffee0100000002");
    for (size_t size = 0; size < packet.size(); size++)
    {
        const Result<EspHeader> header = ParseEspHeader(OctetView(packet).First(size));
        ASSERT_FALSE(header.Ok()) << size << " octets";
        EXPECT_EQ(header.GetFault(), Fault::EspTooShort);
    }
}

TEST(AhHeader, GoesRound)
{
    const Octets packet = FromHex("04040000 c0ffee02 00000007");
    const Result<AhHeader> header = ParseAhHeader(packet);
    ASSERT_TRUE(header.Ok());
    EXPECT_EQ(header->nextHeader, IP_PROTOCOL_IPIP);
    EXPECT_EQ(header->payloadLength, 4);
    EXPECT_EQ(header->spi, 0xc0ffee02u);
    EXPECT_EQ(header->sequence, 7u);
    OctetWriter writer;
    WriteAhHeader(writer, *header);
    EXPECT_EQ(writer.Take(), packet);
}

TEST(AhHeader, EveryTruncationIsRefused)
{
    const Octets packet = FromHex("04040000c0ffee0200000007");
    for (size_t size = 0; size < packet.size(); size++)
    {
        const Result<AhHeader> header = ParseAhHeader(OctetView(packet).First(size));
        ASSERT_FALSE(header.Ok()) << size << " octets";
        EXPECT_EQ(header.GetFault(), Fault::EspTooShort);
    }
}

TEST(AhHeader, AReservedFieldIsIgnored)
{
    for (const char* hex : {"04040100c0ffee0200000007", "04040001c0ffee0200000007"})
    {
        const Result<AhHeader> header = ParseAhHeader(FromHex(hex));
        ASSERT_TRUE(header.Ok());
        EXPECT_EQ(header->spi, 0xc0ffee02u);
    }
}

} // namespace
} // namespace ipsec
} // namespace ns3
