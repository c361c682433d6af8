// SPDX-License-Identifier: GPL-2.0-only
#include "vector-file.h"

#include "ns3/crypto-hash.h"
#include "ns3/ike-key-derivation.h"

#include <algorithm>
#include <gtest/gtest.h>

namespace ns3
{
namespace ipsec
{
namespace
{

const Cookie INITIATOR = {1, 2, 3, 4, 5, 6, 7, 8};
const Cookie RESPONDER = {9, 10, 11, 12, 13, 14, 15, 16};

/// Numbers of octets from 1 on, recognisable in a dump.
Octets
Ramp(size_t count, uint8_t first)
{
    Octets octets(count);
    for (uint8_t& octet : octets)
    {
        octet = first++;
    }
    return octets;
}

Cookie
CookieOf(VectorBlock& block, const std::string& name)
{
    const Octets octets = block.Hex(name);
    return OctetReader(octets).TakeArray<8>();
}

/// Makes SKEYID by the method that the vector names.
SecretBytes
SkeyidOf(VectorBlock& block, HashId hash)
{
    const std::string method = block.Text("Method");
    const Octets ni = block.Hex("Ni");
    const Octets nr = block.Hex("Nr");
    if (method == "psk")
    {
        return PreSharedKeySkeyid(hash, block.Hex("PreSharedKey"), ni, nr);
    }
    if (method == "sig")
    {
        return SignatureSkeyid(hash, ni, nr, block.Hex("Gxy"));
    }
    if (method == "pke")
    {
        return EncryptionSkeyid(
            hash, ni, nr, CookieOf(block, "CookieI"), CookieOf(block, "CookieR"));
    }
    throw std::runtime_error(block.Where() + ": unknown method");
}

TEST(Skeyid, GivesTheKnownAnswersOfNist)
{
    ForEachVector("ikev1-kdf.txt",
                  [](VectorBlock& block)
                  {
                      const HashAlgorithm* hash = FindHashByName(block.Text("Hash"));
                      ASSERT_NE(hash, nullptr);
                      SecretBytes skeyid = SkeyidOf(block, hash->id);
                      EXPECT_EQ(ToHex(skeyid.View()), ToHex(block.Hex("Skeyid")));
                      if (!block.Has("SkeyidD"))
                      {
                          return;
                      }
                      const Skeyids keys = DeriveSkeyids(hash->id,
                                                         std::move(skeyid),
                                                         block.Hex("Gxy"),
                                                         CookieOf(block, "CookieI"),
                                                         CookieOf(block, "CookieR"));
                      EXPECT_EQ(ToHex(keys.skeyid.View()), ToHex(block.Hex("Skeyid")));
                      EXPECT_EQ(ToHex(keys.skeyidD.View()), ToHex(block.Hex("SkeyidD")));
                      EXPECT_EQ(ToHex(keys.skeyidA.View()), ToHex(block.Hex("SkeyidA")));
                      EXPECT_EQ(ToHex(keys.skeyidE.View()), ToHex(block.Hex("SkeyidE")));
                  });
}

// RFC 2409 appendix B, written out: K1 = prf(SKEYID_e, 0), Kn = prf(SKEYID_e, Kn-1).
TEST(ExpandSkeyidE, FeedsEachBlockIntoTheNext)
{
    const Octets skeyidE = Ramp(20, 0x40);
    const Octets k1 = Hmac(HashId::Sha1, skeyidE, {Octets{0}});
    const Octets k2 = Hmac(HashId::Sha1, skeyidE, {k1});
    const Octets k3 = Hmac(HashId::Sha1, skeyidE, {k2});
    const Octets stream = Concat({k1, k2, k3});
    for (const size_t octets : {21, 24, 32, 40, 41, 60})
    {
        EXPECT_EQ(ToHex(ExpandSkeyidE(HashId::Sha1, skeyidE, octets).View()),
                  ToHex(OctetView(stream).First(octets)))
            << octets;
    }
}

TEST(ExpandSkeyidE, IsCutAndNotExpandedIfLongEnough)
{
    const Octets skeyidE = Ramp(20, 0x40);
    for (const size_t octets : {8, 16, 20})
    {
        EXPECT_EQ(ToHex(ExpandSkeyidE(HashId::Sha1, skeyidE, octets).View()),
                  ToHex(OctetView(skeyidE).First(octets)))
            << octets;
    }
}

TEST(IsakmpCipherKey, IsAsLongAsTheCipherWants)
{
    const Octets skeyidE = Ramp(16, 0x40);
    for (const CipherId cipher :
         {CipherId::Des, CipherId::TripleDes, CipherId::Aes128, CipherId::Aes192, CipherId::Aes256})
    {
        const size_t octets = GetCipher(cipher).keyOctets;
        const Result<SecretBytes> key = IsakmpCipherKey(HashId::Md5, cipher, skeyidE);
        ASSERT_TRUE(key.Ok());
        EXPECT_EQ(key->View(), ExpandSkeyidE(HashId::Md5, skeyidE, octets).View());
    }
}

TEST(IsakmpCipherKey, WeakDesKeyIsRefused)
{
    Octets skeyidE = Ramp(20, 0x40);
    std::fill_n(skeyidE.begin(), 8, 0xfe);
    EXPECT_FALSE(IsakmpCipherKey(HashId::Sha1, CipherId::Des, skeyidE).Ok());
    EXPECT_TRUE(IsakmpCipherKey(HashId::Sha1, CipherId::Aes128, skeyidE).Ok());
}

/// What both phase 1 hashes cover.
struct Phase1Values
{
    Octets skeyid = Ramp(20, 0x10);
    Octets gxi = Ramp(96, 0x20);
    Octets gxr = Ramp(96, 0x90);
    Octets sai = Ramp(44, 0x30);
    Octets id = Ramp(8, 0x70);

    Phase1HashInput
    Input() const
    {
        return {gxi, gxr, INITIATOR, RESPONDER, sai};
    }
};

// RFC 2409 section 5.
TEST(Phase1Hash, OfTheInitiatorCoversHisValuesFirst)
{
    const Phase1Values v;
    EXPECT_EQ(HashI(HashId::Sha1, v.skeyid, v.Input(), v.id),
              Hmac(HashId::Sha1, v.skeyid, {v.gxi, v.gxr, INITIATOR, RESPONDER, v.sai, v.id}));
}

TEST(Phase1Hash, OfTheResponderCoversHisValuesFirstAndTheInitiatorsSa)
{
    const Phase1Values v;
    EXPECT_EQ(HashR(HashId::Sha1, v.skeyid, v.Input(), v.id),
              Hmac(HashId::Sha1, v.skeyid, {v.gxr, v.gxi, RESPONDER, INITIATOR, v.sai, v.id}));
}

// RFC 2409 section 5.5.
TEST(QuickModeHash, CoversMessageIdNoncesAndTheRest)
{
    const Octets skeyidA = Ramp(20, 0x10);
    const Octets mid = {0xde, 0xad, 0xbe, 0xef};
    const Octets ni = Ramp(16, 0x20);
    const Octets nr = Ramp(16, 0x40);
    const Octets rest = Ramp(100, 0x80);
    EXPECT_EQ(Hash1(HashId::Md5, skeyidA, 0xdeadbeef, rest),
              Hmac(HashId::Md5, skeyidA, {mid, rest}));
    EXPECT_EQ(Hash2(HashId::Md5, skeyidA, 0xdeadbeef, ni, rest),
              Hmac(HashId::Md5, skeyidA, {mid, ni, rest}));
    EXPECT_EQ(Hash3(HashId::Md5, skeyidA, 0xdeadbeef, ni, nr),
              Hmac(HashId::Md5, skeyidA, {Octets{0}, mid, ni, nr}));
}

/// KEYMAT's inputs, and its first blocks written out as in RFC 2409 section 5.5.
struct KeymatValues
{
    Octets skeyidD = Ramp(20, 0x10);
    Octets gxy = Ramp(128, 0x01);
    Octets ni = Ramp(16, 0x20);
    Octets nr = Ramp(16, 0x40);
    Octets spi = {0x12, 0x34, 0x56, 0x78};

    SecretBytes
    Compute(OctetView secret, ProtocolId protocol, size_t octets) const
    {
        return Keymat(HashId::Sha1, skeyidD, secret, protocol, 0x12345678, ni, nr, octets);
    }
};

TEST(Keymat, OfOneBlockIsThePrfOfProtocolSpiAndNonces)
{
    const KeymatValues v;
    EXPECT_EQ(ToHex(v.Compute({}, ProtocolId::Esp, 20).View()),
              ToHex(Hmac(HashId::Sha1, v.skeyidD, {Octets{3}, v.spi, v.ni, v.nr})));
    EXPECT_EQ(ToHex(v.Compute({}, ProtocolId::Ah, 20).View()),
              ToHex(Hmac(HashId::Sha1, v.skeyidD, {Octets{2}, v.spi, v.ni, v.nr})));
}

TEST(Keymat, OfMoreBlocksFeedsEachIntoTheNext)
{
    const KeymatValues v;
    const Octets seed = Concat({Octets{3}, v.spi, v.ni, v.nr});
    const Octets k1 = Hmac(HashId::Sha1, v.skeyidD, {seed});
    const Octets k2 = Hmac(HashId::Sha1, v.skeyidD, {k1, seed});
    const Octets k3 = Hmac(HashId::Sha1, v.skeyidD, {k2, seed});
    EXPECT_EQ(ToHex(v.Compute({}, ProtocolId::Esp, 52).View()),
              ToHex(OctetView(Concat({k1, k2, k3})).First(52)));
}

TEST(Keymat, WithForwardSecrecyCoversTheNewSecretInEveryBlock)
{
    const KeymatValues v;
    const Octets seed = Concat({v.gxy, Octets{3}, v.spi, v.ni, v.nr});
    const Octets k1 = Hmac(HashId::Sha1, v.skeyidD, {seed});
    const Octets k2 = Hmac(HashId::Sha1, v.skeyidD, {k1, seed});
    EXPECT_EQ(ToHex(v.Compute(v.gxy, ProtocolId::Esp, 36).View()),
              ToHex(OctetView(Concat({k1, k2})).First(36)));
}

} // namespace
} // namespace ipsec
} // namespace ns3
