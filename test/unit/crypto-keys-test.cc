// SPDX-License-Identifier: GPL-2.0-only
#include "asymmetric-samples.h"
#include "thrown-sentence.h"

#include "ns3/crypto-keys.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <gtest/gtest.h>
#include <memory>
#include <vector>

namespace ns3
{
namespace ipsec
{
namespace
{

const KeyKind ALL_KINDS[] = {KeyKind::Rsa,
                             KeyKind::Dsa,
                             KeyKind::EcdsaP256,
                             KeyKind::EcdsaP384,
                             KeyKind::EcdsaP521};

Fault
RefusalOf(OctetView keyInfo)
{
    const Result<PublicKey> key = PublicKey::FromDer(keyInfo);
    return key.Ok() ? Fault::Duplicate : key.GetFault();
}

/// An odd number with its highest bit set, as a modulus that nobody knows the factors of.
Octets
Modulus(size_t octets)
{
    SeededRandomSource random(octets);
    Octets modulus = random.Draw(octets);
    modulus.front() |= 0x80;
    modulus.back() |= 1;
    return modulus;
}

/// Writes the public half with all parameters of its curve.
Octets
SpeltOut(const PrivateKey& key)
{
    const std::string pem = key.ToPem();
    const std::unique_ptr<BIO, decltype(&BIO_free_all)> in(
        BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), BIO_free_all);
    const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> read(
        PEM_read_bio_PrivateKey(in.get(), nullptr, nullptr, nullptr), EVP_PKEY_free);
    EXPECT_EQ(EVP_PKEY_set_utf8_string_param(read.get(), OSSL_PKEY_PARAM_EC_ENCODING, "explicit"),
              1);
    unsigned char* written = nullptr;
    const int length = i2d_PUBKEY(read.get(), &written);
    const Octets info(written, written + length);
    OPENSSL_free(written);
    EXPECT_GT(info.size(), 200U);
    return info;
}

TEST(PrivateKey, EqualSeedsMakeEqualKeys)
{
    for (const KeyKind kind : ALL_KINDS)
    {
        SeededRandomSource first(1);
        SeededRandomSource second(1);
        SeededRandomSource other(2);
        const PrivateKey key = PrivateKey::Generate(kind, 1024, first);
        const PrivateKey different = PrivateKey::Generate(kind, 1024, other);
        const PrivateKey again = PrivateKey::Generate(kind, 1024, second);
        EXPECT_EQ(key.ToPem(), again.ToPem()) << KeyKindName(kind);
        EXPECT_NE(key.ToPem(), different.ToPem()) << KeyKindName(kind);
        EXPECT_EQ(first.Draw(8), second.Draw(8)) << KeyKindName(kind);
    }
}

// Neither blinding nor anything else that OpenSSL keeps in a key may be seen in the run's source.
TEST(PrivateKey, ItsHistoryIsNotSeenInWhatItMakes)
{
    for (const KeyKind kind : ALL_KINDS)
    {
        SeededRandomSource forUsed(1);
        SeededRandomSource forFresh(1);
        const PrivateKey used = PrivateKey::Generate(kind, 1024, forUsed);
        const PrivateKey fresh = PrivateKey::Generate(kind, 1024, forFresh);
        SeededRandomSource busy(3);
        for (size_t i = 0; i < 40; i++)
        {
            ASSERT_TRUE(SignHash(used, busy.Draw(20), busy).Ok());
        }
        const Octets hash(20, 7);
        EXPECT_EQ(*SignHash(used, hash, forUsed), *SignHash(fresh, hash, forFresh))
            << KeyKindName(kind);
        EXPECT_EQ(forUsed.Draw(8), forFresh.Draw(8)) << KeyKindName(kind);
        EXPECT_EQ(used.ToPem(), fresh.ToPem()) << KeyKindName(kind);
    }
}

TEST(PrivateKey, ComesBackFromItsPem)
{
    for (const KeyKind kind : ALL_KINDS)
    {
        const PrivateKey& key = SampleKeyPair(kind);
        const PrivateKey back = PrivateKey::FromPem(key.ToPem());
        EXPECT_EQ(back.Kind(), kind);
        EXPECT_EQ(back.ToPem(), key.ToPem());
        EXPECT_EQ(back.Public(), key.Public());
    }
}

TEST(PrivateKey, TellsItsBitsAndTheOctetsOfASignature)
{
    const size_t bits[] = {1024, 1024, 256, 384, 521};
    const size_t octets[] = {128, 40, 64, 96, 132};
    for (size_t i = 0; i < 5; i++)
    {
        const PublicKey key = SampleKeyPair(ALL_KINDS[i]).Public();
        EXPECT_EQ(key.Bits(), bits[i]);
        EXPECT_EQ(key.SignatureOctets(), octets[i]);
    }
}

TEST(PrivateKey, OfDsaWith2048BitsHasAnOrderOf256)
{
    const PrivateKey& key = SampleKeyPair(KeyKind::Dsa, 2048);
    EXPECT_EQ(key.Public().Bits(), 2048U);
    EXPECT_EQ(key.Public().SignatureOctets(), 64U);
    SeededRandomSource random(1);
    const Octets hash(32, 9);
    const Octets signature = *SignHash(key, hash, random);
    EXPECT_EQ(signature.size(), 64U);
    EXPECT_TRUE(VerifySignature(key.Public(), hash, signature).Ok());
}

TEST(PrivateKey, HasOneSentenceForEachBadPem)
{
    EXPECT_EQ(ThrownSentence([] { PrivateKey::FromPem("nothing"); }),
              "the PEM text holds no private key");
    EXPECT_EQ(ThrownSentence([] { PrivateKey::FromPem(""); }), "the PEM text holds no private key");
    const std::string encrypted =
        "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
        "MIGjMF8GCSqGSIb3DQEFDTBSMDEGCSqGSIb3DQEFDDAkBBBLkxrjSQGvDhUe0VAJ\n"
        "DoBpAgIIADAMBggqhkiG9w0CCQUAMB0GCWCGSAFlAwQBKgQQNj0qLYRdrNh0hEJN\n"
        "6hBRCARAq7r8zVJ6Gp3+nN0LRbfJzxVbgWWd0ZkJr9A4UpTnuS0kPp4qjIYDrPVS\n"
        "yGyQ5T4JhYl4RLqs0NnsmXP1NHMhUQ==\n"
        "-----END ENCRYPTED PRIVATE KEY-----\n";
    EXPECT_EQ(ThrownSentence([&] { PrivateKey::FromPem(encrypted); }),
              "the private key is encrypted");
    const std::string ed25519 = "-----BEGIN PRIVATE KEY-----\n"
                                "MC4CAQAwBQYDK2VwBCIEIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f\n"
                                "-----END PRIVATE KEY-----\n";
    EXPECT_EQ(ThrownSentence([&] { PrivateKey::FromPem(ed25519); }),
              "the private key is none of RSA with 512 to 8192 bits, DSA, or "
              "ECDSA with P-256, P-384 or P-521");
}

TEST(PrivateKey, MustBelongToItsPublicHalf)
{
    // The secret 2 has another point than the one of the secret 1 written here.
    const Octets base = FromHex("046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"
                                "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5");
    EXPECT_EQ(ThrownSentence(
                  [&] {
                      PrivateKey::FromPem(PemOf("EC", {{"priv", {1}}}, "P-256", base));
                  }),
              "(nothing was thrown)");
    EXPECT_EQ(ThrownSentence(
                  [&] {
                      PrivateKey::FromPem(PemOf("EC", {{"priv", {2}}}, "P-256", base));
                  }),
              "the private key does not belong to its public half");
}

TEST(PrivateKey, OfALengthThatDoesNotExistIsNotMade)
{
    SeededRandomSource random(1);
    EXPECT_EQ(ThrownSentence([&] { PrivateKey::Generate(KeyKind::Rsa, 511, random); }),
              "an RSA key has 512 to 8192 bits");
    EXPECT_EQ(ThrownSentence([&] { PrivateKey::Generate(KeyKind::Rsa, 8193, random); }),
              "an RSA key has 512 to 8192 bits");
    EXPECT_EQ(ThrownSentence([&] { PrivateKey::Generate(KeyKind::Dsa, 1000, random); }),
              "a DSA key has 512 to 1024 bits, a multiple of 64, or 2048 or 3072");
    EXPECT_EQ(ThrownSentence([&] { PrivateKey::Generate(KeyKind::Dsa, 1536, random); }),
              "a DSA key has 512 to 1024 bits, a multiple of 64, or 2048 or 3072");
}

TEST(PublicKey, ComesBackFromItsDer)
{
    for (const KeyKind kind : ALL_KINDS)
    {
        const PublicKey key = SampleKeyPair(kind).Public();
        const Result<PublicKey> back = PublicKey::FromDer(key.ToDer());
        ASSERT_TRUE(back.Ok()) << KeyKindName(kind);
        EXPECT_EQ(*back, key);
        EXPECT_EQ(back->ToDer(), key.ToDer());
        EXPECT_NE(*back, SampleKeyPair(KeyKind::Rsa, 512).Public());
    }
}

// bad input 74: exponent 0 and the like
TEST(PublicKey, OfRsaWithANonsenseExponentIsRefused)
{
    const Octets modulus = Modulus(128);
    EXPECT_TRUE(PublicKey::FromDer(RsaKeyInfo(modulus, Octets{3})).Ok());
    EXPECT_TRUE(PublicKey::FromDer(RsaKeyInfo(modulus, Octets{1, 0, 1})).Ok());
    EXPECT_EQ(RefusalOf(RsaKeyInfo(modulus, Octets{0})), Fault::BadCertificate);
    EXPECT_EQ(RefusalOf(RsaKeyInfo(modulus, Octets{1})), Fault::BadCertificate);
    EXPECT_EQ(RefusalOf(RsaKeyInfo(modulus, Octets{2})), Fault::BadCertificate);
    EXPECT_EQ(RefusalOf(RsaKeyInfo(modulus, Octets{1, 0, 0})), Fault::BadCertificate);
    EXPECT_EQ(RefusalOf(RsaKeyInfo(modulus, Octets(9, 0xff))), Fault::BadCertificate);
}

// bad input 74: a modulus of 512 bits is the smallest, and one of 16384 would cost too much
TEST(PublicKey, OfRsaWithANonsenseModulusIsRefused)
{
    const Octets exponent = {1, 0, 1};
    EXPECT_TRUE(PublicKey::FromDer(RsaKeyInfo(Modulus(64), exponent)).Ok());
    EXPECT_TRUE(PublicKey::FromDer(RsaKeyInfo(Modulus(1024), exponent)).Ok());
    EXPECT_EQ(RefusalOf(RsaKeyInfo(Octets{0}, exponent)), Fault::BadCertificate);
    EXPECT_EQ(RefusalOf(RsaKeyInfo(Octets{15}, exponent)), Fault::BadCertificate);
    EXPECT_EQ(RefusalOf(RsaKeyInfo(Modulus(63), exponent)), Fault::BadCertificate);
    EXPECT_EQ(RefusalOf(RsaKeyInfo(Modulus(1025), exponent)), Fault::BadCertificate);
    EXPECT_EQ(RefusalOf(RsaKeyInfo(Modulus(2048), exponent)), Fault::BadCertificate);
    Octets even = Modulus(128);
    even.back() ^= 1;
    EXPECT_EQ(RefusalOf(RsaKeyInfo(even, exponent)), Fault::BadCertificate);
}

TEST(PublicKey, OfAnotherKindIsRefused)
{
    EXPECT_EQ(RefusalOf(FromHex("302a300506032b6570032100d75a980182b10ab7d54bfed3c964073a0ee172f3da"
                                "a62325af021a68f707511a")),
              Fault::BadCertificate)
        << "Ed25519";
    EXPECT_EQ(RefusalOf(FromHex("3056301006072a8648ce3d020106052b8104000a0342000479be667ef9dcbbac55"
                                "a06295ce870b07029bfcdb2dce28d959f2815b16f81798483ada7726a3c4655da4"
                                "fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8")),
              Fault::BadCertificate)
        << "secp256k1";
}

TEST(PublicKey, WhosePointIsNotOnTheCurveIsRefused)
{
    Octets info = SampleKeyPair(KeyKind::EcdsaP256).Public().ToDer();
    info.back() ^= 1;
    EXPECT_EQ(RefusalOf(info), Fault::BadCertificate);
    const Octets infinity = FromHex("3019301306072a8648ce3d020106082a8648ce3d03010703020000");
    EXPECT_EQ(RefusalOf(infinity), Fault::BadCertificate);
}

// CVE-2020-0601: a curve that is spelt out may have any generator.
TEST(PublicKey, WhoseCurveIsSpeltOutIsRefused)
{
    EXPECT_EQ(RefusalOf(SpeltOut(SampleKeyPair(KeyKind::EcdsaP256))), Fault::BadCertificate);
}

// bad input 74: garbage
TEST(PublicKey, IsRefusedWhereverItsDerEnds)
{
    for (const KeyKind kind : ALL_KINDS)
    {
        const Octets info = SampleKeyPair(kind).Public().ToDer();
        for (size_t length = 0; length < info.size(); length++)
        {
            EXPECT_EQ(RefusalOf(OctetView(info).First(length)), Fault::BadCertificate) << length;
        }
        EXPECT_EQ(RefusalOf(Concat({info, Octets{0}})), Fault::BadCertificate);
    }
}

TEST(PublicKey, WithAnyOctetChangedDoesNoHarm)
{
    const Octets hash(20, 1);
    for (const KeyKind kind : ALL_KINDS)
    {
        const PrivateKey& key = SampleKeyPair(kind, 512);
        SeededRandomSource random(5);
        const Octets signature = *SignHash(key, hash, random);
        const Octets info = key.Public().ToDer();
        for (size_t i = 0; i < info.size(); i++)
        {
            Octets changed = info;
            changed[i] = static_cast<uint8_t>(changed[i] + 1 + random.Draw(1)[0] % 255);
            const Result<PublicKey> read = PublicKey::FromDer(changed);
            // Parameters of DSA that change may leave one signature right, as a p that divides.
            if (read && *read != key.Public() && kind != KeyKind::Dsa)
            {
                EXPECT_FALSE(VerifySignature(*read, hash, signature).Ok()) << i;
            }
        }
    }
}

} // namespace
} // namespace ipsec
} // namespace ns3
