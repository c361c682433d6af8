// SPDX-License-Identifier: GPL-2.0-only
// ESP with CTR and GCM, with extended sequence numbers, and with each ICV: the known answers and
// what must never come twice.
#include "data-plane-samples.h"
#include "vector-file.h"

#include "ns3/crypto-hash.h"
#include "ns3/esp-transform.h"

#include <gtest/gtest.h>
#include <set>

namespace ns3
{
namespace ipsec
{
namespace
{

/// Suites whose IV is the sequence number.
const std::pair<CipherId, IntegrityId> COUNTER_SUITES[] = {
    {CipherId::Aes128Ctr, IntegrityId::HmacSha1_96},
    {CipherId::Aes256Ctr, IntegrityId::HmacSha256_128},
    {CipherId::Aes128Gcm, IntegrityId::None},
    {CipherId::Aes256Gcm, IntegrityId::None},
};

Octets
Seal(const IpsecSa& sa, uint64_t sequence, OctetView payload = SamplePacket())
{
    SeededRandomSource random(7);
    Result<Octets> packet = SealEsp(sa, sequence, IP_PROTOCOL_IPIP, payload, random);
    EXPECT_TRUE(packet.Ok());
    return packet.Ok() ? *packet : Octets{};
}

std::string
Outcome(const IpsecSa& sa, OctetView packet, uint32_t sequenceHigh = 0)
{
    const Result<SaContent> content = OpenEsp(sa, packet, sequenceHigh);
    return content.Ok() ? "Opened" : FaultName(content.GetFault());
}

/// Returns the carried part of the IV.
Octets
IvOf(OctetView packet)
{
    return packet.From(ESP_HEADER_OCTETS).First(8).Copy();
}

TEST(EspCounterModes, OpenThePacketsOfTheTestCasesForGcm)
{
    ForEachVector(
        "esp-gcm.txt",
        [](VectorBlock& block)
        {
            block.Skip("Name");
            IpsecSa sa = SampleSa(FindCipherByName(block.Text("Cipher"))->id, IntegrityId::None);
            const Octets number = block.Hex("Sequence");
            sa.extendedSequence = number.size() == 8;
            sa.cipherKey = SecretBytes(block.Hex("Key"));
            const uint32_t high = sa.extendedSequence ? OctetReader(number).U32() : 0;
            const Octets packet = block.Hex("Packet");
            const Result<SaContent> content = OpenEsp(sa, packet, high);
            ASSERT_TRUE(content.Ok()) << FaultName(content.GetFault());
            EXPECT_EQ(ToHex(content->payload), ToHex(block.Hex("Payload")));
            EXPECT_EQ(content->nextHeader, block.Number("NextHeader"));
            EXPECT_EQ(Outcome(sa, packet, high + 1), sa.extendedSequence ? "BadIcv" : "Opened");
        });
}

TEST(EspCounterModes, OpenThePacketsOfLinux)
{
    ForEachVector("esp-linux.txt",
                  [](VectorBlock& block)
                  {
                      block.Skip("Name");
                      IpsecSa sa =
                          SampleSa(FindCipherByName(block.Text("Cipher"))->id, IntegrityId::None);
                      sa.cipherKey = SecretBytes(block.Hex("Key"));
                      const Result<SaContent> content = OpenEsp(sa, block.Hex("Packet"));
                      ASSERT_TRUE(content.Ok()) << FaultName(content.GetFault());
                      EXPECT_EQ(ToHex(content->payload), ToHex(block.Hex("Payload")));
                      EXPECT_EQ(content->nextHeader, block.Number("NextHeader"));
                  });
}

// bad input 100
TEST(EspCounterModes, TheIvIsTheWholeNumberWhateverIsDrawn)
{
    RepeatedRandomSource sameAgain(Octets(4, 0x55));
    for (const auto& [cipher, integrity] : COUNTER_SUITES)
    {
        const IpsecSa sa = SampleSa(cipher, integrity);
        std::set<Octets> ivs;
        for (const uint64_t sequence :
             {uint64_t{1}, uint64_t{2}, uint64_t{1} << 32 | 1, ~uint64_t{0}, uint64_t{0xffffffff}})
        {
            const Octets packet = *SealEsp(sa, sequence, 4, SamplePacket(), sameAgain);
            EXPECT_EQ(OctetReader(IvOf(packet)).U64(), sequence) << GetCipher(cipher).name;
            ivs.insert(IvOf(packet));
        }
        EXPECT_EQ(ivs.size(), 5u);
    }
}

TEST(EspCounterModes, AlignToFourOctetsOnly)
{
    // Eight of header, eight of IV, the trailer's two, the ICV; ten octets and two need no padding.
    EXPECT_EQ(EspOverhead(CipherId::Aes128Gcm, IntegrityId::None, 10), 8u + 8 + 2 + 16);
    EXPECT_EQ(EspOverhead(CipherId::Aes128Gcm, IntegrityId::None, 11), 8u + 8 + 3 + 2 + 16);
    EXPECT_EQ(EspOverhead(CipherId::Aes256Ctr, IntegrityId::HmacSha1_96, 10), 8u + 8 + 2 + 12);
}

TEST(EspCounterModes, GcmTakesNoHmacBesides)
{
    IpsecSa sa = SampleSa(CipherId::Aes128Gcm, IntegrityId::None);
    const Octets packet = Seal(sa, 5);
    sa.integrity = IntegrityId::HmacSha1_96;
    sa.integrityKey = SampleKey(20, 5);
    EXPECT_EQ(ToHex(Seal(sa, 5)), ToHex(packet));
    EXPECT_EQ(Outcome(sa, packet), "Opened");
}

// bad input 94, 95
TEST(EspCounterModes, RefuseEveryTruncationAndEveryChangeOfAnOctet)
{
    for (const auto& [cipher, integrity] : COUNTER_SUITES)
    {
        SCOPED_TRACE(GetCipher(cipher).name);
        const IpsecSa sa = SampleSa(cipher, integrity);
        Octets packet = Seal(sa, 1);
        for (size_t length = 0; length < packet.size(); length++)
        {
            ASSERT_NE(Outcome(sa, OctetView(packet).First(length)), "Opened") << length;
        }
        for (size_t i = 0; i < packet.size(); i++)
        {
            for (const uint8_t change : {0x01, 0x80, 0xff})
            {
                packet[i] ^= change;
                ASSERT_EQ(Outcome(sa, packet), "BadIcv") << i;
                packet[i] ^= change;
            }
        }
        EXPECT_EQ(Outcome(sa, packet), "Opened");
    }
}

// RFC 4303 section 2.2.1.
TEST(EspExtendedSequence, TheIcvCoversTheHalfThatIsNotSent)
{
    IpsecSa sa = SampleSa(CipherId::Null, IntegrityId::HmacSha256_128);
    sa.extendedSequence = true;
    const Octets packet = Seal(sa, uint64_t{0x01020304} << 32 | 0x0a0b0c0d);
    EXPECT_EQ(ToHex(OctetView(packet).From(4).First(4)), "0a0b0c0d");
    const OctetView covered = OctetView(packet).First(packet.size() - 16);
    const Octets mac = Hmac(HashId::Sha256, sa.integrityKey.View(), {covered, FromHex("01020304")});
    EXPECT_EQ(ToHex(OctetView(packet).Last(16)), ToHex(OctetView(mac).First(16)));
}

// bad input 95
TEST(EspExtendedSequence, AWrongUpperHalfIsAWrongIcv)
{
    for (const auto& [cipher, integrity] : COUNTER_SUITES)
    {
        IpsecSa sa = SampleSa(cipher, integrity);
        sa.extendedSequence = true;
        const Octets packet = Seal(sa, uint64_t{7} << 32 | 9);
        EXPECT_EQ(Outcome(sa, packet, 7), "Opened") << GetCipher(cipher).name;
        EXPECT_EQ(Outcome(sa, packet, 6), "BadIcv") << GetCipher(cipher).name;
        EXPECT_EQ(Outcome(sa, packet, 0), "BadIcv") << GetCipher(cipher).name;
    }
}

TEST(EspExtendedSequence, WithoutItTheUpperHalfIsNotCovered)
{
    const IpsecSa sa = SampleSa();
    EXPECT_EQ(Outcome(sa, Seal(sa, 9), 7), "Opened");
}

struct IcvCase
{
    IntegrityId integrity;
    HashId hash;
    size_t octets;
};

// RFC 2403, RFC 2404, RFC 4868 section 2.3: the first half of SHA-2, 96 bits of the others. The prf
// of IKE with the same hashes is never cut.
TEST(EspIcv, IsAsLongAsItsRfcSays)
{
    const IcvCase cases[] = {
        {IntegrityId::HmacMd5_96, HashId::Md5, 12},
        {IntegrityId::HmacSha1_96, HashId::Sha1, 12},
        {IntegrityId::HmacSha256_128, HashId::Sha256, 16},
        {IntegrityId::HmacSha384_192, HashId::Sha384, 24},
        {IntegrityId::HmacSha512_256, HashId::Sha512, 32},
        {IntegrityId::HmacSha256_96, HashId::Sha256, 12},
    };
    for (const IcvCase& row : cases)
    {
        const IpsecSa sa = SampleSa(CipherId::Null, row.integrity);
        const Octets packet = Seal(sa, 1, Octets(10, 1));
        ASSERT_EQ(packet.size(), 8 + 12 + row.octets);
        const Octets mac = Hmac(row.hash, sa.integrityKey.View(), {OctetView(packet).First(20)});
        EXPECT_EQ(ToHex(OctetView(packet).From(20)), ToHex(OctetView(mac).First(row.octets)));
        EXPECT_EQ(mac.size(), GetHash(row.hash).digestOctets);
    }
}

} // namespace
} // namespace ipsec
} // namespace ns3
