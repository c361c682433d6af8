// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/ipsec-octets.h"

#include <gtest/gtest.h>
#include <stdexcept>
#include <utility>

namespace ns3
{
namespace ipsec
{
namespace
{

TEST(OctetReader, ReadsNetworkByteOrder)
{
    const Octets octets = FromHex("01 0203 04050607 08090a0b0c0d0e0f");
    OctetReader reader(octets);
    EXPECT_EQ(reader.U8(), 0x01);
    EXPECT_EQ(reader.U16(), 0x0203);
    EXPECT_EQ(reader.U32(), 0x04050607u);
    EXPECT_EQ(reader.U64(), 0x08090a0b0c0d0e0full);
    EXPECT_TRUE(reader.Done());
}

TEST(OctetReader, AReadPastTheEndSticks)
{
    const Octets octets = FromHex("010203");
    OctetReader reader(octets);
    EXPECT_EQ(reader.U32(), 0u);
    EXPECT_FALSE(reader.Ok());
    // Octets were left, but after an error nothing more is given.
    EXPECT_EQ(reader.U8(), 0);
    EXPECT_TRUE(reader.TakeRest().empty());
    EXPECT_FALSE(reader.Done());
}

TEST(OctetReader, ALengthBeyondTheEndTakesNothing)
{
    const Octets octets = FromHex("0102");
    OctetReader reader(octets);
    EXPECT_TRUE(reader.Take(SIZE_MAX).empty());
    EXPECT_FALSE(reader.Ok());
}

TEST(OctetReader, ASubReaderCannotReachItsParentsRest)
{
    const Octets octets = FromHex("01020304");
    OctetReader reader(octets);
    OctetReader sub = reader.Sub(2);
    EXPECT_EQ(sub.U16(), 0x0102);
    EXPECT_TRUE(sub.Done());
    EXPECT_EQ(sub.U8(), 0);
    EXPECT_FALSE(sub.Ok());
    EXPECT_TRUE(reader.Ok());
    EXPECT_EQ(reader.U16(), 0x0304);
}

TEST(OctetReader, ASubReaderOfTooManyOctetsFailsItselfAndItsParent)
{
    const Octets octets = FromHex("0102");
    OctetReader reader(octets);
    const OctetReader sub = reader.Sub(3);
    EXPECT_FALSE(sub.Ok());
    EXPECT_FALSE(reader.Ok());
}

TEST(OctetReader, DoneNeedsEveryOctetRead)
{
    const Octets octets = FromHex("0102");
    OctetReader reader(octets);
    reader.U8();
    EXPECT_TRUE(reader.Ok());
    EXPECT_FALSE(reader.Done());
    EXPECT_EQ(reader.Left(), 1u);
}

TEST(OctetReader, FailGivesNothingMore)
{
    const Octets octets = FromHex("0102");
    OctetReader reader(octets);
    reader.Fail();
    EXPECT_FALSE(reader.Ok());
    EXPECT_EQ(reader.U8(), 0);
}

TEST(OctetReader, AnArrayThatDoesNotFitIsZero)
{
    const Octets octets = FromHex("010203");
    OctetReader reader(octets);
    const std::array<uint8_t, 4> zeros{};
    EXPECT_EQ(reader.TakeArray<4>(), zeros);
    EXPECT_FALSE(reader.Ok());
}

TEST(OctetWriter, WritesNetworkByteOrder)
{
    OctetWriter writer;
    writer.U8(1).U16(0x0203).U32(0x04050607).U64(0x08090a0b0c0d0e0full).Zeros(2);
    EXPECT_EQ(ToHex(writer.Take()), "0102030405060708090a0b0c0d0e0f0000");
}

TEST(OctetWriter, ClosesALengthOverWhatWasWrittenSince)
{
    OctetWriter writer;
    writer.U8(0xaa);
    const size_t start = writer.size();
    const size_t length = writer.OpenLength16();
    writer.Append(FromHex("010203"));
    writer.CloseLength16(length, start);
    EXPECT_TRUE(writer.Ok());
    EXPECT_EQ(ToHex(writer.Take()), "aa0005010203");
}

TEST(OctetWriter, ALengthOfSixteenBitsIsTheMost)
{
    OctetWriter writer;
    const size_t length = writer.OpenLength16();
    writer.Zeros(0xffff);
    writer.CloseLength16(length, length + 2);
    EXPECT_TRUE(writer.Ok());
    writer.U8(0);
    writer.CloseLength16(length, length + 2);
    EXPECT_FALSE(writer.Ok());
}

TEST(OctetView, PartsNeverLeaveTheWhole)
{
    const Octets octets = FromHex("010203");
    const OctetView view(octets);
    EXPECT_EQ(ToHex(view.First(2)), "0102");
    EXPECT_EQ(ToHex(view.First(4)), "010203");
    EXPECT_EQ(ToHex(view.Last(2)), "0203");
    EXPECT_EQ(ToHex(view.Last(4)), "010203");
    EXPECT_EQ(ToHex(view.From(1)), "0203");
    EXPECT_TRUE(view.From(4).empty());
}

TEST(OctetView, EqualityLooksAtLengthAndContent)
{
    EXPECT_TRUE(OctetView(FromHex("0102")) == OctetView(FromHex("0102")));
    EXPECT_TRUE(OctetView(FromHex("0102")) != OctetView(FromHex("0103")));
    EXPECT_TRUE(OctetView(FromHex("0102")) != OctetView(FromHex("010200")));
}

TEST(ConstantTimeEqual, SeesADifferenceInEachOctet)
{
    const Octets secret = FromHex("00112233445566778899aabbccddeeff");
    EXPECT_TRUE(ConstantTimeEqual(secret, secret));
    for (size_t i = 0; i < secret.size(); i++)
    {
        Octets other = secret;
        other[i] ^= 0x80;
        EXPECT_FALSE(ConstantTimeEqual(secret, other)) << "octet " << i;
    }
}

TEST(ConstantTimeEqual, UnequalLengthsAreUnequal)
{
    // bad input 71
    const Octets secret = FromHex("001122");
    EXPECT_FALSE(ConstantTimeEqual(secret, FromHex("0011")));
    EXPECT_FALSE(ConstantTimeEqual(secret, {}));
    EXPECT_FALSE(ConstantTimeEqual(secret, FromHex("00112200")));
}

TEST(SecretBytes, MovingEmptiesTheSource)
{
    SecretBytes source(FromHex("0102"));
    const SecretBytes target(std::move(source));
    EXPECT_EQ(ToHex(target.View()), "0102");
    EXPECT_TRUE(source.empty()); // NOLINT: the promise under test
}

TEST(SecretBytes, AssigningToItselfKeepsTheSecret)
{
    SecretBytes secret(FromHex("0102"));
    SecretBytes& alias = secret;
    secret = alias;
    EXPECT_EQ(ToHex(secret.View()), "0102");
}

TEST(SecretBytes, CopiesAreIndependent)
{
    SecretBytes first(FromHex("0102"));
    const SecretBytes second = first;
    first = SecretBytes(FromHex("0304"));
    EXPECT_EQ(ToHex(second.View()), "0102");
    EXPECT_EQ(ToHex(first.View()), "0304");
}

TEST(Hex, GoesRoundInLowerCase)
{
    EXPECT_EQ(ToHex(FromHex("00 7F\tffAb")), "007fffab");
    EXPECT_EQ(ToHex(FromHex("")), "");
}

TEST(Hex, OtherCharactersAndOddCountsAreRefused)
{
    EXPECT_THROW(FromHex("0g"), std::invalid_argument);
    EXPECT_THROW(FromHex("0x10"), std::invalid_argument);
    EXPECT_THROW(FromHex("123"), std::invalid_argument);
    EXPECT_THROW(FromHex("1 2"), std::invalid_argument);
}

TEST(Octets, ConcatKeepsTheOrder)
{
    EXPECT_EQ(ToHex(Concat({FromHex("01"), OctetView(), FromHex("0203"), AsOctets("A")})),
              "01020341");
}

} // namespace
} // namespace ipsec
} // namespace ns3
