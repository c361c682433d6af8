// SPDX-License-Identifier: GPL-2.0-only
#include "protected-samples.h"
#include "vector-file.h"

#include "ns3/ah-transform.h"
#include "ns3/crypto-hash.h"

#include <gtest/gtest.h>

namespace ns3
{
namespace ipsec
{
namespace
{

/// AH in front of its ICV.
constexpr size_t FIXED_OCTETS = 12;

const IntegrityId INTEGRITIES[] = {IntegrityId::HmacMd5_96,
                                   IntegrityId::HmacSha1_96,
                                   IntegrityId::HmacSha256_128,
                                   IntegrityId::HmacSha384_192,
                                   IntegrityId::HmacSha512_256,
                                   IntegrityId::HmacSha256_96};

/// Makes the header that a packet of AH travels with.
Octets
SampleHeader(size_t payloadOctets)
{
    OuterHeader header;
    header.typeOfService = 0x28;
    header.identification = 0x1234;
    header.protocol = IP_PROTOCOL_AH;
    header.source = GatewayA().address;
    header.destination = GatewayB().address;
    return Concat({header.Write(payloadOctets)});
}

/// Seals a packet from one gateway to the other.
Transit
Seal(const IpsecSa& sa, uint64_t sequence = 5, OctetView payload = SamplePacket())
{
    const Octets header = SampleHeader(AhOverhead(sa.integrity) + payload.size());
    Result<Octets> packet = SealAh(sa, sequence, IP_PROTOCOL_IPIP, payload, header);
    EXPECT_TRUE(packet.Ok());
    return Transit(Concat({header, packet.Ok() ? *packet : Octets{}}));
}

std::string
Outcome(const IpsecSa& sa, const Transit& transit, uint32_t sequenceHigh = 0)
{
    const Result<SaContent> content = OpenAh(sa, transit.ipHeader, transit.payload, sequenceHigh);
    return content.Ok() ? "Opened" : FaultName(content.GetFault());
}

TEST(AhTransform, MakesAndReadsTheKnownPackets)
{
    const VectorFile file("ah-packets.txt");
    for (const VectorBlock* block : file.Blocks("Name"))
    {
        SCOPED_TRACE(block->Text("Name"));
        const Transit transit(block->Hex("Packet"));
        const Octets inner = block->Hex("Inner");
        const bool isTunnel = block->Text("Mode") == "tunnel";
        const size_t headerOctets = isTunnel ? 0 : size_t{4} * (inner[0] & 15);
        const OctetView payload = OctetView(inner).From(headerOctets);
        const uint8_t nextHeader = isTunnel ? IP_PROTOCOL_IPIP : inner[9];

        IpsecSa sa = SampleAh(0, FindIntegrityByName(block->Text("Integrity"))->id);
        sa.spi = ParseAhHeader(transit.payload)->spi;
        sa.integrityKey = SecretBytes(block->Hex("Key"));
        const Result<Octets> sealed =
            SealAh(sa, block->Number("Sequence"), nextHeader, payload, transit.ipHeader);
        ASSERT_TRUE(sealed.Ok());
        EXPECT_EQ(ToHex(*sealed), ToHex(transit.payload));
        const Result<SaContent> content = OpenAh(sa, transit.ipHeader, transit.payload);
        ASSERT_TRUE(content.Ok()) << FaultName(content.GetFault());
        EXPECT_EQ(ToHex(content->payload), ToHex(payload));
        EXPECT_EQ(content->nextHeader, nextHeader);
    }
    for (const VectorBlock* block : file.Blocks("Change"))
    {
        block->SkipAll();
    }
}

// bad input 102
TEST(AhTransform, JudgesEveryChangeOnTheWay)
{
    const VectorFile file("ah-packets.txt");
    for (const VectorBlock* block : file.Blocks("Change"))
    {
        IpsecSa sa = SampleAh();
        sa.integrityKey = SecretBytes(block->Hex("Key"));
        const bool accept = block->Text("Verdict") == "accept";
        SCOPED_TRACE(block->Text("Change"));
        EXPECT_EQ(Outcome(sa, Transit(block->Hex("Packet"))) == "Opened", accept);
    }
    for (const VectorBlock* block : file.Blocks("Name"))
    {
        block->SkipAll();
    }
}

TEST(AhTransform, OpensWhatItSealedForAllAlgorithmsAndLengths)
{
    SeededRandomSource random(1);
    for (const IntegrityId integrity : INTEGRITIES)
    {
        const IpsecSa sa = SampleAh(0x3003, integrity);
        for (size_t length = 0; length < 70; length++)
        {
            const Octets payload = random.Draw(length == 69 ? 1400 : length);
            const Transit transit = Seal(sa, 5, payload);
            ASSERT_EQ(transit.payload.size(), payload.size() + AhOverhead(integrity));
            const Result<SaContent> content = OpenAh(sa, transit.ipHeader, transit.payload);
            ASSERT_TRUE(content.Ok()) << FaultName(content.GetFault());
            ASSERT_EQ(ToHex(content->payload), ToHex(payload));
        }
    }
}

// RFC 4302 section 2.2: in 32-bit words, minus 2. Behind IPv4 nothing is padded to eight octets.
TEST(AhTransform, WritesItsLengthInWordsMinusTwo)
{
    const uint8_t lengths[] = {4, 4, 5, 7, 9, 4};
    for (size_t i = 0; i < std::size(INTEGRITIES); i++)
    {
        EXPECT_EQ(Seal(SampleAh(0x3003, INTEGRITIES[i])).payload[1], lengths[i]);
    }
}

// bad input 101
TEST(AhTransform, RefusesEveryOtherLength)
{
    for (const IntegrityId integrity : INTEGRITIES)
    {
        const IpsecSa sa = SampleAh(0x3003, integrity);
        Transit transit = Seal(sa);
        const uint8_t right = transit.payload[1];
        for (size_t length = 0; length < 256; length++)
        {
            transit.payload[1] = static_cast<uint8_t>(length);
            ASSERT_EQ(Outcome(sa, transit), length == right ? "Opened" : "LengthMismatch");
        }
    }
}

TEST(AhTransform, NoticesAReservedFieldThatWasChanged)
{
    Transit transit = Seal(SampleAh());
    transit.payload[3] = 1;
    EXPECT_EQ(Outcome(SampleAh(), transit), "BadIcv");
}

// bad input 101
TEST(AhTransform, RefusesEveryTruncation)
{
    for (const IntegrityId integrity : INTEGRITIES)
    {
        const IpsecSa sa = SampleAh(0x3003, integrity);
        const Transit whole = Seal(sa);
        for (size_t length = 0; length < whole.payload.size(); length++)
        {
            Transit cut = whole;
            cut.payload.resize(length);
            ASSERT_NE(Outcome(sa, cut), "Opened") << length;
        }
        for (size_t length = 0; length < whole.ipHeader.size(); length++)
        {
            Transit cut = whole;
            cut.ipHeader.resize(length);
            ASSERT_EQ(Outcome(sa, cut), "LengthMismatch") << length;
        }
    }
}

/// Tells whether routers may change an octet of the IP header: type of service, flags and fragment
/// offset, time to live, checksum (RFC 4302 section 3.3.3.1.1.1).
bool
IsMutable(size_t position)
{
    for (const size_t changing : {1, 6, 7, 8, 10, 11})
    {
        if (position == changing)
        {
            return true;
        }
    }
    return false;
}

// bad input 102
TEST(AhTransform, RefusesEveryChangeOfAnOctetThatNobodyMayChange)
{
    const IpsecSa sa = SampleAh();
    Transit transit = Seal(sa, 5, SamplePacket(40));
    for (Octets Transit::*part : {&Transit::ipHeader, &Transit::payload})
    {
        for (size_t i = 0; i < (transit.*part).size(); i++)
        {
            const bool accepted = part == &Transit::ipHeader && IsMutable(i);
            for (const uint8_t change : {0x01, 0x80, 0xff})
            {
                (transit.*part)[i] ^= change;
                ASSERT_EQ(Outcome(sa, transit) == "Opened", accepted)
                    << (part == &Transit::ipHeader ? "header " : "AH ") << i;
                (transit.*part)[i] ^= change;
            }
        }
    }
    EXPECT_EQ(Outcome(sa, transit), "Opened");
}

/// Returns a header with options behind it, padded to whole words with zeros.
Octets
HeaderWithOptions(const std::string& hex)
{
    Octets options = FromHex(hex);
    options.resize((options.size() + 3) / 4 * 4);
    Octets header = Concat({SampleHeader(100), options});
    header[0] = static_cast<uint8_t>(0x40 | header.size() / 4);
    return header;
}

/// Returns the verdict if options changed on the way.
std::string
OutcomeOfOptions(const std::string& sent, const std::string& received)
{
    const IpsecSa sa = SampleAh();
    const Octets header = HeaderWithOptions(sent);
    const Result<Octets> packet = SealAh(sa, 5, IP_PROTOCOL_UDP, Octets(30, 7), header);
    if (!packet)
    {
        return FaultName(packet.GetFault());
    }
    Transit transit(Concat({HeaderWithOptions(received), *packet}));
    return Outcome(sa, transit);
}

struct OptionCase
{
    const char* name;
    uint8_t type;
    bool isCovered;
};

// RFC 4302 appendix A1. bad input 102
TEST(AhTransform, CoversTheOptionsOfTheTableAndZeroesTheOthers)
{
    const OptionCase cases[] = {
        {"security", 130, true},
        {"extended security", 133, true},
        {"commercial security", 134, true},
        {"router alert", 148, true},
        {"sender directed delivery", 149, true},
        {"loose source route", 131, false},
        {"time stamp", 68, false},
        {"record route", 7, false},
        {"strict source route", 137, false},
        {"traceroute", 82, false},
        {"stream ID", 136, false},
        {"MTU probe", 11, false},
        {"address extension", 147, false},
        {"unknown", 222, false},
    };
    for (const OptionCase& row : cases)
    {
        const std::string type = ToHex(Octets{row.type});
        EXPECT_EQ(OutcomeOfOptions(type + "04aaaa", type + "04aabb"),
                  row.isCovered ? "BadIcv" : "Opened")
            << row.name;
        // One octet further, behind an option without a length.
        EXPECT_EQ(OutcomeOfOptions("01" + type + "04aaaa", "01" + type + "04aabb"),
                  row.isCovered ? "BadIcv" : "Opened")
            << row.name;
    }
}

TEST(AhTransform, CoversWhatFollowsTheEndOfTheOptions)
{
    EXPECT_EQ(OutcomeOfOptions("00070600", "00070600"), "Opened");
    EXPECT_EQ(OutcomeOfOptions("00070600", "00070601"), "BadIcv");
    EXPECT_EQ(OutcomeOfOptions("01010101", "01010100"), "BadIcv");
}

TEST(AhTransform, RefusesOptionsThatRunOutOfTheHeader)
{
    for (const char* options : {"07050000", "94000000", "07010000", "01010107"})
    {
        EXPECT_EQ(OutcomeOfOptions(options, options), "LengthMismatch") << options;
    }
}

// RFC 4302 section 2.5.1.
TEST(AhTransform, CoversTheHalfOfTheNumberThatIsNotSent)
{
    IpsecSa sa = SampleAh();
    sa.extendedSequence = true;
    const Transit transit = Seal(sa, uint64_t{7} << 32 | 9, Octets(20, 3));
    EXPECT_EQ(ParseAhHeader(transit.payload)->sequence, 9u);
    EXPECT_EQ(Outcome(sa, transit, 7), "Opened");
    EXPECT_EQ(Outcome(sa, transit, 8), "BadIcv");

    Octets header = transit.ipHeader;
    for (const size_t position : {1, 6, 7, 8, 10, 11})
    {
        header[position] = 0;
    }
    const OctetView ah(transit.payload);
    const Octets mac = Hmac(HashId::Sha1,
                            sa.integrityKey.View(),
                            {header,
                             ah.First(FIXED_OCTETS),
                             Octets(12),
                             ah.From(FIXED_OCTETS + 12),
                             FromHex("00000007")});
    EXPECT_EQ(ToHex(ah.From(FIXED_OCTETS).First(12)), ToHex(OctetView(mac).First(12)));
}

TEST(AhTransform, WithoutExtendedNumbersTheUpperHalfIsNotCovered)
{
    EXPECT_EQ(Outcome(SampleAh(), Seal(SampleAh()), 7), "Opened");
}

} // namespace
} // namespace ipsec
} // namespace ns3
