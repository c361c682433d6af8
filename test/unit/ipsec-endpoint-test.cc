// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/ipsec-endpoint.h"

#include <gtest/gtest.h>
#include <stdexcept>

namespace ns3
{
namespace ipsec
{
namespace
{

TEST(IpAddress, TextAndOctetsGoRound)
{
    const IpAddress address = IpAddress::Parse("192.0.2.255");
    EXPECT_EQ(address.value, 0xc00002ffu);
    EXPECT_EQ(address.ToString(), "192.0.2.255");
    EXPECT_EQ(ToHex(address.ToOctets()), "c00002ff");
    EXPECT_EQ(IpAddress::FromOctets(address.ToOctets()), address);
}

TEST(IpAddress, TextThatIsNoAddressIsRefused)
{
    for (const char* text : {"",
                             "1.2.3",
                             "1.2.3.",
                             "1.2.3.4.5",
                             "1.2.3.256",
                             "1.2.3.0004",
                             "1.2.3.-4",
                             " 1.2.3.4",
                             "1.2.3.4 ",
                             "1..2.3",
                             "a.b.c.d",
                             "1.2.3.4/24"})
    {
        EXPECT_THROW(IpAddress::Parse(text), std::invalid_argument) << text;
    }
}

TEST(IpAddress, TheMessageNamesTheText)
{
    try
    {
        IpAddress::Parse("1.2.3.256");
        FAIL() << "accepted";
    }
    catch (const std::invalid_argument& refusal)
    {
        EXPECT_STREQ(refusal.what(), "'1.2.3.256' is not an IPv4 address such as 192.0.2.1");
    }
}

TEST(IpAddress, OtherThanFourOctetsGiveNoAddress)
{
    EXPECT_TRUE(IpAddress::FromOctets(FromHex("010203")).IsAny());
    EXPECT_TRUE(IpAddress::FromOctets(FromHex("0102030405")).IsAny());
}

TEST(Endpoint, ComparesAddressThenPort)
{
    const Endpoint low{IpAddress::Parse("10.0.0.1"), 4500};
    const Endpoint same = low;
    const Endpoint port{IpAddress::Parse("10.0.0.1"), 4501};
    const Endpoint address{IpAddress::Parse("10.0.0.2"), 1};
    EXPECT_TRUE(low == same);
    EXPECT_TRUE(low != port);
    EXPECT_TRUE(low < port);
    EXPECT_TRUE(port < address);
    EXPECT_FALSE(address < low);
    EXPECT_EQ(low.ToString(), "10.0.0.1:4500");
}

TEST(Prefix, ContainsExactlyItsAddresses)
{
    const Prefix prefix = Prefix::Parse("192.168.4.0/22");
    EXPECT_TRUE(prefix.Contains(IpAddress::Parse("192.168.4.0")));
    EXPECT_TRUE(prefix.Contains(IpAddress::Parse("192.168.7.255")));
    EXPECT_FALSE(prefix.Contains(IpAddress::Parse("192.168.3.255")));
    EXPECT_FALSE(prefix.Contains(IpAddress::Parse("192.168.8.0")));
}

TEST(Prefix, ContainsNarrowerPrefixesOnly)
{
    const Prefix wide = Prefix::Parse("10.0.0.0/8");
    EXPECT_TRUE(wide.Contains(Prefix::Parse("10.1.0.0/16")));
    EXPECT_TRUE(wide.Contains(wide));
    EXPECT_FALSE(Prefix::Parse("10.1.0.0/16").Contains(wide));
    EXPECT_FALSE(wide.Contains(Prefix::Parse("11.0.0.0/16")));
}

TEST(Prefix, LengthZeroHoldsEverything)
{
    const Prefix all = Prefix::Parse("0.0.0.0/0");
    EXPECT_EQ(all.Mask().value, 0u);
    EXPECT_TRUE(all.Contains(IpAddress::Parse("255.255.255.255")));
}

TEST(Prefix, AnAddressAloneIsAHost)
{
    const Prefix host = Prefix::Parse("10.0.0.1");
    EXPECT_EQ(host, Prefix::Host(IpAddress::Parse("10.0.0.1")));
    EXPECT_EQ(host.ToString(), "10.0.0.1/32");
}

TEST(Prefix, HostBitsAreRefusedWithTheRightSpelling)
{
    try
    {
        Prefix::Parse("10.1.2.3/16");
        FAIL() << "accepted";
    }
    catch (const std::invalid_argument& refusal)
    {
        EXPECT_STREQ(refusal.what(), "'10.1.2.3/16' has host bits set; write 10.1.0.0/16");
    }
}

TEST(Prefix, TextThatIsNoPrefixIsRefused)
{
    for (const char* text : {"10.0.0.0/", "10.0.0.0/33", "10.0.0.0/8x", "/8", "10.0.0/8"})
    {
        EXPECT_THROW(Prefix::Parse(text), std::invalid_argument) << text;
    }
}

TEST(IpAddress, ALeadingZeroIsRefused)
{
    EXPECT_THROW(IpAddress::Parse("01.1.1.1"), std::invalid_argument);
    EXPECT_THROW(Prefix::Parse("10.0.0.0/08"), std::invalid_argument);
    EXPECT_EQ(IpAddress::Parse("0.0.0.0").value, 0U);
}

} // namespace
} // namespace ipsec
} // namespace ns3
