// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/isakmp-attributes.h"

#include <gtest/gtest.h>

namespace ns3
{
namespace ipsec
{
namespace
{

std::string
Written(const std::vector<DataAttribute>& attributes)
{
    OctetWriter writer;
    WriteAttributes(writer, attributes);
    EXPECT_TRUE(writer.Ok());
    return ToHex(writer.Take());
}

TEST(Attributes, BothEncodingsGoRound)
{
    const Octets octets = FromHex("80010007 000c000400015180 40890000 ff8f0001");
    const Result<std::vector<DataAttribute>> attributes = ParseAttributes(octets);
    ASSERT_TRUE(attributes.Ok());
    ASSERT_EQ(attributes->size(), 4u);
    const std::vector<DataAttribute>& read = *attributes;
    EXPECT_EQ(read[0], DataAttribute::Basic(1, 7));
    EXPECT_EQ(read[1], DataAttribute::Variable(12, FromHex("00015180")));
    EXPECT_EQ(read[2], DataAttribute::Variable(16521, {}));
    EXPECT_EQ(read[3], DataAttribute::Basic(0x7f8f, 1));
    EXPECT_EQ(Written(read), ToHex(octets));
}

TEST(Attributes, NoOctetsAreNoAttributes)
{
    const Result<std::vector<DataAttribute>> attributes = ParseAttributes({});
    ASSERT_TRUE(attributes.Ok());
    EXPECT_TRUE(attributes->empty());
}

TEST(Attributes, TruncationsWithinAnAttributeAreRefused)
{
    // bad input 53
    const Octets octets = FromHex("80010007 000c000400015180");
    for (size_t size = 1; size < octets.size(); size++)
    {
        const Result<std::vector<DataAttribute>> attributes =
            ParseAttributes(OctetView(octets).First(size));
        ASSERT_EQ(attributes.Ok(), size == 4) << size << " octets";
        if (size != 4)
        {
            EXPECT_EQ(attributes.GetFault(), Fault::MalformedPayload);
        }
    }
}

TEST(Attributes, ALengthPastTheEndIsRefused)
{
    // bad input 53
    EXPECT_FALSE(ParseAttributes(FromHex("000cffff00015180")).Ok());
    EXPECT_FALSE(ParseAttributes(FromHex("000c000500015180")).Ok());
}

TEST(Attributes, NumbersOfAnyWidthUpToEightOctetsAreRead)
{
    // bad input 54
    EXPECT_EQ(DataAttribute::Basic(1, 0xffff).AsNumber(), 0xffffu);
    EXPECT_EQ(DataAttribute::Variable(1, FromHex("00")).AsNumber(), 0u);
    EXPECT_EQ(DataAttribute::Variable(1, FromHex("ff")).AsNumber(), 0xffu);
    EXPECT_EQ(DataAttribute::Variable(1, FromHex("010000")).AsNumber(), 0x10000u);
    EXPECT_EQ(DataAttribute::Variable(1, FromHex("0100000000")).AsNumber(), 0x100000000ull);
    EXPECT_EQ(DataAttribute::Variable(1, FromHex("ffffffffffffffff")).AsNumber(),
              0xffffffffffffffffull);
}

TEST(Attributes, NumbersBeyondSixtyFourBitsAreNone)
{
    // bad input 54, 58: no value wraps around
    EXPECT_EQ(DataAttribute::Variable(1, FromHex("010000000000000000")).AsNumber(), std::nullopt);
    EXPECT_EQ(DataAttribute::Variable(1, Octets(64, 0xff)).AsNumber(), std::nullopt);
    EXPECT_EQ(DataAttribute::Variable(1, FromHex("00ffffffffffffffff")).AsNumber(),
              0xffffffffffffffffull);
    EXPECT_EQ(DataAttribute::Variable(1, {}).AsNumber(), std::nullopt);
}

TEST(Attributes, TheCanonicalFormIsBasicWhereItFits)
{
    EXPECT_EQ(Written({DataAttribute::Number(12, 28800)}), "800c7080");
    EXPECT_EQ(Written({DataAttribute::Number(12, 65535)}), "800cffff");
    EXPECT_EQ(Written({DataAttribute::Number(12, 65536)}), "000c000400010000");
    EXPECT_EQ(DataAttribute::Number(12, 4294967295u).AsNumber(), 4294967295u);
}

TEST(Attributes, EqualityCountsTheEncoding)
{
    EXPECT_FALSE(DataAttribute::Basic(1, 5) == DataAttribute::Variable(1, FromHex("0005")));
    EXPECT_FALSE(DataAttribute::Basic(1, 5) == DataAttribute::Basic(2, 5));
    EXPECT_FALSE(DataAttribute::Basic(1, 5) == DataAttribute::Basic(1, 6));
}

} // namespace
} // namespace ipsec
} // namespace ns3
