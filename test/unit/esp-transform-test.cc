// SPDX-License-Identifier: GPL-2.0-only
#include "data-plane-samples.h"
#include "vector-file.h"

#include "ns3/crypto-cipher.h"
#include "ns3/crypto-hash.h"
#include "ns3/esp-transform.h"

#include <gtest/gtest.h>

namespace ns3
{
namespace ipsec
{
namespace
{

const CipherId CIPHERS[] = {CipherId::Null,
                            CipherId::Des,
                            CipherId::TripleDes,
                            CipherId::Aes128,
                            CipherId::Aes192,
                            CipherId::Aes256,
                            CipherId::Aes128Ctr,
                            CipherId::Aes192Ctr,
                            CipherId::Aes256Ctr,
                            CipherId::Aes128Gcm,
                            CipherId::Aes256Gcm};
const IntegrityId INTEGRITIES[] = {IntegrityId::None,
                                   IntegrityId::HmacMd5_96,
                                   IntegrityId::HmacSha1_96,
                                   IntegrityId::HmacSha256_128,
                                   IntegrityId::HmacSha384_192,
                                   IntegrityId::HmacSha512_256,
                                   IntegrityId::HmacSha256_96};

std::string
Name(CipherId cipher, IntegrityId integrity)
{
    return std::string(GetCipher(cipher).name) + " with " + GetIntegrity(integrity).name;
}

/// Seals with the octets that a test's failure must be able to repeat.
Octets
Seal(const IpsecSa& sa, OctetView payload)
{
    SeededRandomSource random(7);
    Result<Octets> packet = SealEsp(sa, 1, IP_PROTOCOL_IPIP, payload, random);
    EXPECT_TRUE(packet.Ok());
    return packet.Ok() ? *packet : Octets{};
}

/// Returns why a packet was refused; fails the test if it was not.
Fault
Refusal(const IpsecSa& sa, OctetView packet)
{
    const Result<SaContent> content = OpenEsp(sa, packet);
    EXPECT_FALSE(content.Ok());
    return content.Ok() ? Fault::NoSuchSa : content.GetFault();
}

/// Makes a packet with a right ICV around any text, for a NULL cipher.
Octets
AuthenticPacket(const IpsecSa& sa, OctetView text)
{
    OctetWriter writer;
    writer.U32(sa.spi).U32(1).Append(text);
    Octets packet = writer.Take();
    const IntegrityAlgorithm& integrity = GetIntegrity(sa.integrity);
    const Octets mac = Hmac(integrity.hash, sa.integrityKey.View(), {packet});
    return Concat({packet, OctetView(mac).First(integrity.icvOctets)});
}

TEST(EspTransform, MakesAndReadsThePacketsOfRfc3602)
{
    const VectorFile file("esp-rfc3602.txt");
    for (const VectorBlock& block : file.Blocks())
    {
        SCOPED_TRACE(block.Text("Name"));
        IpsecSa sa = SampleSa(CipherId::Aes128, IntegrityId::None);
        sa.spi = OctetReader(block.Hex("Spi")).U32();
        sa.cipherKey = SecretBytes(block.Hex("Key"));
        const Octets payload = block.Hex("Payload");
        const Octets packet = block.Hex("Packet");
        const uint8_t nextHeader = static_cast<uint8_t>(block.Number("NextHeader"));
        RepeatedRandomSource iv(block.Hex("Iv"));

        const Result<Octets> sealed =
            SealEsp(sa, static_cast<uint32_t>(block.Number("Sequence")), nextHeader, payload, iv);
        ASSERT_TRUE(sealed.Ok());
        EXPECT_EQ(ToHex(*sealed), ToHex(packet));
        const size_t overhead = ESP_HEADER_OCTETS + 16 + ESP_TRAILER_OCTETS;
        EXPECT_EQ(packet.size() - payload.size() - overhead, block.Number("PadLength"));

        const Result<SaContent> content = OpenEsp(sa, packet);
        ASSERT_TRUE(content.Ok());
        EXPECT_EQ(ToHex(content->payload), ToHex(payload));
        EXPECT_EQ(content->nextHeader, nextHeader);
    }
}

TEST(EspTransform, PadsAsTheTableOfRfc4303)
{
    const VectorFile file("esp-padding.txt");
    for (const VectorBlock& block : file.Blocks())
    {
        SCOPED_TRACE(block.Text("Name"));
        const IpsecSa sa = SampleSa(CipherId::Aes128, IntegrityId::None);
        SeededRandomSource random(1);
        Result<Octets> packet = SealEsp(sa, 1, 0, block.Hex("Payload"), random);
        ASSERT_TRUE(packet.Ok());

        Octets text = OctetView(*packet).From(ESP_HEADER_OCTETS + 16).Copy();
        const OctetView iv = OctetView(*packet).From(ESP_HEADER_OCTETS).First(16);
        ASSERT_TRUE(CbcDecrypt(sa.cipher, sa.cipherKey.View(), iv, text.data(), text.size()));
        EXPECT_EQ(ToHex(text), ToHex(block.Hex("Padded")));
    }
}

TEST(EspTransform, OpensWhatItSealedForAllAlgorithmsAndLengths)
{
    SeededRandomSource random(1);
    for (const CipherId cipher : CIPHERS)
    {
        for (const IntegrityId integrity : INTEGRITIES)
        {
            SCOPED_TRACE(Name(cipher, integrity));
            const IpsecSa sa = SampleSa(cipher, integrity);
            for (size_t length = 0; length < 70; length++)
            {
                const Octets payload = random.Draw(length == 69 ? 1400 : length);
                const Result<Octets> packet = SealEsp(sa, 77, IP_PROTOCOL_IPIP, payload, random);
                ASSERT_TRUE(packet.Ok());
                ASSERT_EQ(packet->size(),
                          payload.size() + EspOverhead(cipher, integrity, payload.size()));
                const Result<SaContent> content = OpenEsp(sa, *packet);
                ASSERT_TRUE(content.Ok()) << FaultName(content.GetFault());
                ASSERT_EQ(ToHex(content->payload), ToHex(payload));
                ASSERT_EQ(content->nextHeader, IP_PROTOCOL_IPIP);
            }
        }
    }
}

TEST(EspTransform, WritesSpiAndSequenceFirst)
{
    SeededRandomSource random(1);
    const Result<Octets> packet = SealEsp(SampleSa(0x89abcdef), 0x01020304, 4, {}, random);
    ASSERT_TRUE(packet.Ok());
    EXPECT_EQ(ToHex(OctetView(*packet).First(8)), "89abcdef01020304");
}

TEST(EspTransform, DrawsAnIvForEveryPacket)
{
    SeededRandomSource random(1);
    const IpsecSa sa = SampleSa();
    const Octets payload = SamplePacket();
    const Result<Octets> first = SealEsp(sa, 1, 4, payload, random);
    const Result<Octets> second = SealEsp(sa, 2, 4, payload, random);
    ASSERT_TRUE(first.Ok() && second.Ok());
    EXPECT_NE(ToHex(OctetView(*first).From(8).First(16)),
              ToHex(OctetView(*second).From(8).First(16)));
}

TEST(EspTransform, RepeatsItsOctetsForEqualSeeds)
{
    EXPECT_EQ(ToHex(Seal(SampleSa(), SamplePacket())), ToHex(Seal(SampleSa(), SamplePacket())));
}

TEST(EspTransform, WithoutACipherAlignsToFourOctets)
{
    // Ten octets and the two of the trailer need no padding, eleven need three.
    EXPECT_EQ(EspOverhead(CipherId::Null, IntegrityId::HmacSha1_96, 10), 8u + 0 + 2 + 12);
    EXPECT_EQ(EspOverhead(CipherId::Null, IntegrityId::HmacSha1_96, 11), 8u + 3 + 2 + 12);
}

// bad input 94, 95
TEST(EspTransform, RefusesEveryTruncation)
{
    for (const IntegrityId integrity : {IntegrityId::HmacMd5_96, IntegrityId::HmacSha512_256})
    {
        for (const CipherId cipher : CIPHERS)
        {
            SCOPED_TRACE(Name(cipher, integrity));
            const IpsecSa sa = SampleSa(cipher, integrity);
            const Octets packet = Seal(sa, SamplePacket());
            for (size_t length = 0; length < packet.size(); length++)
            {
                ASSERT_FALSE(OpenEsp(sa, OctetView(packet).First(length)).Ok()) << length;
            }
        }
    }
}

// bad input 95
TEST(EspTransform, RefusesEveryChangeOfASingleOctet)
{
    for (const IntegrityId integrity : INTEGRITIES)
    {
        if (integrity == IntegrityId::None)
        {
            continue;
        }
        SCOPED_TRACE(GetIntegrity(integrity).name);
        const IpsecSa sa = SampleSa(CipherId::TripleDes, integrity);
        Octets packet = Seal(sa, SamplePacket(40));
        for (uint8_t& octet : packet)
        {
            for (const uint8_t change : {0x01, 0x80, 0xff})
            {
                octet ^= change;
                ASSERT_EQ(Refusal(sa, packet), Fault::BadIcv) << (&octet - packet.data());
                octet ^= change;
            }
        }
        EXPECT_TRUE(OpenEsp(sa, packet).Ok());
    }
}

// bad input 94
TEST(EspTransform, RefusesSizesBeforeItLooksAtTheIcv)
{
    const IpsecSa sa = SampleSa(CipherId::Aes128, IntegrityId::HmacSha1_96);
    const size_t least = 8 + 16 + 2 + 12;
    EXPECT_EQ(Refusal(sa, Octets{}), Fault::EspTooShort);
    EXPECT_EQ(Refusal(sa, Octets(8)), Fault::EspTooShort);
    EXPECT_EQ(Refusal(sa, Octets(least - 1)), Fault::EspTooShort);
    EXPECT_EQ(Refusal(sa, Octets(least)), Fault::EspNotAligned);
    EXPECT_EQ(Refusal(sa, Octets(8 + 16 + 17 + 12)), Fault::EspNotAligned);
    EXPECT_EQ(Refusal(sa, Octets(8 + 16 + 16 + 12)), Fault::BadIcv);
}

// bad input 94
TEST(EspTransform, WithoutACipherRefusesTextThatIsNotAligned)
{
    const IpsecSa sa = SampleSa(CipherId::Null, IntegrityId::HmacSha1_96);
    EXPECT_EQ(Refusal(sa, Octets(8 + 5 + 12)), Fault::EspNotAligned);
    EXPECT_EQ(Refusal(sa, Octets(8 + 8 + 12)), Fault::BadIcv);
}

struct PaddingCase
{
    const char* text;
    bool accepted;
};

// bad input 96
TEST(EspTransform, ChecksThePaddingOfAuthenticPackets)
{
    const IpsecSa sa = SampleSa(CipherId::Null, IntegrityId::HmacSha1_96);
    const PaddingCase cases[] = {
        {"aaaaaaaa aaaa 00 04", true},
        {"aaaaaaaa aa01 01 04", true},
        {"01020304 0506 06 04", true},
        {"aaaaaaaa aa02 01 04", false},
        {"aaaaaaaa aa00 01 04", false},
        {"aaaaaaaa 0101 02 04", false},
        {"aaaaaaaa 0201 02 04", false},
        {"00020304 0506 06 04", false},
        {"01020304 0506 07 04", false},
        {"01020304 0506 ff 04", false},
    };
    for (const PaddingCase& row : cases)
    {
        SCOPED_TRACE(row.text);
        const Result<SaContent> content = OpenEsp(sa, AuthenticPacket(sa, FromHex(row.text)));
        EXPECT_EQ(content.Ok(), row.accepted);
        EXPECT_TRUE(content.Ok() || content.GetFault() == Fault::BadPadding);
    }
}

// bad input 95, 96
TEST(EspTransform, ChecksTheIcvBeforeThePadding)
{
    const IpsecSa sa = SampleSa(CipherId::Null, IntegrityId::HmacSha1_96);
    Octets packet = AuthenticPacket(sa, FromHex("01020304 0506 ff 04"));
    ASSERT_EQ(Refusal(sa, packet), Fault::BadPadding);
    packet.back() ^= 1;
    EXPECT_EQ(Refusal(sa, packet), Fault::BadIcv);
}

TEST(EspTransform, RefusesPacketsSealedWithOtherKeys)
{
    const Octets packet = Seal(SampleSa(), SamplePacket());
    IpsecSa other = SampleSa();
    other.integrityKey = SampleKey(20, 99);
    EXPECT_EQ(Refusal(other, packet), Fault::BadIcv);
    other = SampleSa();
    other.cipherKey = SampleKey(16, 99);
    EXPECT_EQ(Refusal(other, packet), Fault::BadPadding);
}

// bad input 106
TEST(EspTransform, ReportsACipherThatRefuses)
{
    IpsecSa sa = SampleSa();
    const Octets packet = Seal(sa, SamplePacket());
    sa.cipherKey = SampleKey(15, 1);
    SeededRandomSource random(1);
    const Result<Octets> sealed = SealEsp(sa, 1, 4, SamplePacket(), random);
    ASSERT_FALSE(sealed.Ok());
    EXPECT_EQ(sealed.GetFault(), Fault::CryptoFailure);
    EXPECT_EQ(Refusal(sa, packet), Fault::CryptoFailure);
}

} // namespace
} // namespace ipsec
} // namespace ns3
