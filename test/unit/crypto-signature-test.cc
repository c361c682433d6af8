// SPDX-License-Identifier: GPL-2.0-only
#include "asymmetric-samples.h"
#include "recorded-handshake.h"
#include "vector-file.h"

#include "ns3/crypto-hash.h"
#include "ns3/crypto-keys.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/x509.h>

#include <gtest/gtest.h>
#include <map>
#include <memory>

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
const KeyKind KINDS_OF_R_AND_S[] = {KeyKind::Dsa,
                                    KeyKind::EcdsaP256,
                                    KeyKind::EcdsaP384,
                                    KeyKind::EcdsaP521};

Fault
RefusalOf(const PublicKey& key, OctetView hash, OctetView signature)
{
    const Result<Done> verified = VerifySignature(key, hash, signature);
    return verified.Ok() ? Fault::Duplicate : verified.GetFault();
}

/// Subtracts one from a number in network order that is not zero.
Octets
LessOne(Octets number)
{
    for (size_t i = number.size(); i-- > 0;)
    {
        if (number[i]-- != 0)
        {
            break;
        }
    }
    return number;
}

/// What must be drawn to get @p k: that much more than a multiple of the order, plus one.
Octets
DrawFor(OctetView k, size_t orderOctets)
{
    return Concat({Octets(orderOctets + 8 - k.size()), LessOne(k.Copy())});
}

/// The block of a signature, from the octet before its padding up to the hash.
Octets
Block(size_t octets, OctetView behindPadding)
{
    return Concat({Octets{0, 1}, Octets(octets - 2 - behindPadding.size(), 0xff), behindPadding});
}

/// Computes number^3 with that many octets.
Octets
Cube(OctetView number, size_t octets)
{
    const std::unique_ptr<BIGNUM, decltype(&BN_free)> n(
        BN_bin2bn(number.data(), static_cast<int>(number.size()), nullptr), BN_free);
    const std::unique_ptr<BIGNUM, decltype(&BN_free)> cube(BN_new(), BN_free);
    const std::unique_ptr<BN_CTX, decltype(&BN_CTX_free)> context(BN_CTX_new(), BN_CTX_free);
    Octets out(octets);
    EXPECT_EQ(BN_sqr(cube.get(), n.get(), context.get()), 1);
    EXPECT_EQ(BN_mul(cube.get(), cube.get(), n.get(), context.get()), 1);
    EXPECT_GE(BN_bn2binpad(cube.get(), out.data(), static_cast<int>(octets)), 0);
    return out;
}

/// Finds the smallest number whose cube is not below @p target, bit by bit.
Octets
CubeRootAbove(OctetView target)
{
    Octets root(target.size());
    for (size_t bit = target.size() * 8 / 3 + 1; bit-- > 0;)
    {
        uint8_t& octet = root[root.size() - 1 - bit / 8];
        octet |= 1 << (bit % 8);
        const Octets cube = Cube(root, target.size() + 2);
        const Octets padded = Concat({Octets(2), target});
        if (cube >= padded)
        {
            octet &= ~(1 << (bit % 8));
        }
    }
    for (size_t i = root.size(); i-- > 0 && ++root[i] == 0;)
    {
    }
    return root;
}

TEST(SignHash, OfEcdsaIsAsInRfc4754)
{
    const std::map<std::string, KeyKind> kinds = {{"EcdsaP256", KeyKind::EcdsaP256},
                                                  {"EcdsaP384", KeyKind::EcdsaP384},
                                                  {"EcdsaP521", KeyKind::EcdsaP521}};
    ForEachVector(
        "ecdsa-rfc4754.txt",
        [&kinds](VectorBlock& block)
        {
            const KeyKind kind = kinds.at(block.Text("Kind"));
            const Octets point = Concat({Octets{4}, block.Hex("PublicX"), block.Hex("PublicY")});
            const std::string curve = std::string(KeyKindName(kind)).substr(6);
            const PrivateKey key =
                PrivateKey::FromPem(PemOf("EC", {{"priv", block.Hex("Private")}}, curve, point));
            ASSERT_EQ(key.Kind(), kind);
            const HashId hash = FindHashByName(block.Text("Hash"))->id;
            const Octets digest = Digest(hash, {block.Hex("Message")});
            const Octets k = block.Hex("K");
            ScriptedRandomSource random(DrawFor(k, key.Public().SignatureOctets() / 2));
            const Octets expected = Concat({block.Hex("R"), block.Hex("S")});
            EXPECT_EQ(ToHex(*SignHash(key, digest, random)), ToHex(expected));
            EXPECT_TRUE(VerifySignature(key.Public(), digest, expected).Ok());
        });
}

TEST(SignHash, OfDsaIsAsInRfc6979)
{
    VectorFile file("dsa-rfc6979.txt");
    const VectorBlock& domain = file.Only("Kind");
    domain.Skip("Kind");
    const PrivateKey key = PrivateKey::FromPem(PemOf("DSA",
                                                     {{OSSL_PKEY_PARAM_FFC_P, domain.Hex("P")},
                                                      {OSSL_PKEY_PARAM_FFC_Q, domain.Hex("Q")},
                                                      {OSSL_PKEY_PARAM_FFC_G, domain.Hex("G")},
                                                      {OSSL_PKEY_PARAM_PRIV_KEY, domain.Hex("X")},
                                                      {OSSL_PKEY_PARAM_PUB_KEY, domain.Hex("Y")}}));
    for (const VectorBlock* block : file.Blocks("Hash"))
    {
        const HashId hash = FindHashByName(block->Text("Hash"))->id;
        const Octets digest = Digest(hash, {AsOctets(block->Text("Message"))});
        ScriptedRandomSource random(DrawFor(block->Hex("K"), 20));
        const Octets expected = Concat({block->Hex("R"), block->Hex("S")});
        EXPECT_EQ(ToHex(*SignHash(key, digest, random)), ToHex(expected));
        EXPECT_TRUE(VerifySignature(key.Public(), digest, expected).Ok());
    }
}

// RFC 2409 section 5.1: RSA "encrypts" the hash itself, with no DigestInfo around it.
TEST(SignHash, OfRsaIsThePrivateOperationOnThePaddedHash)
{
    const PrivateKey& key = SampleKeyPair(KeyKind::Rsa);
    SeededRandomSource random(1);
    const Octets hash = random.Draw(20);
    const Octets block = Block(128, Concat({Octets{0}, hash}));
    EXPECT_EQ(*SignHash(key, hash, random), RawRsaPrivate(key.ToPem(), block));
}

TEST(SignHash, IsVerifiedByItsOwnKeyOnly)
{
    SeededRandomSource random(2);
    for (const KeyKind kind : ALL_KINDS)
    {
        const PrivateKey& key = SampleKeyPair(kind);
        SeededRandomSource other(3);
        const PublicKey stranger = PrivateKey::Generate(kind, 1024, other).Public();
        for (const size_t octets : {16, 20, 32, 48, 64})
        {
            const Octets hash = random.Draw(octets);
            const Octets signature = *SignHash(key, hash, random);
            EXPECT_EQ(signature.size(), key.Public().SignatureOctets());
            EXPECT_TRUE(VerifySignature(key.Public(), hash, signature).Ok()) << KeyKindName(kind);
            EXPECT_EQ(RefusalOf(stranger, hash, signature), Fault::AuthenticationFailed);
        }
    }
}

TEST(SignHash, TakesEveryRandomOctetFromItsSource)
{
    const Octets hash(20, 3);
    for (const KeyKind kind : KINDS_OF_R_AND_S)
    {
        const PrivateKey& key = SampleKeyPair(kind);
        SeededRandomSource first(4);
        SeededRandomSource second(4);
        const Octets signature = *SignHash(key, hash, first);
        EXPECT_EQ(signature, *SignHash(key, hash, second)) << KeyKindName(kind);
        EXPECT_NE(signature, *SignHash(key, hash, second)) << KeyKindName(kind);
    }
}

TEST(SignHash, OfAHashThatDoesNotFitIsRefused)
{
    const PrivateKey& key = SampleKeyPair(KeyKind::Rsa, 512);
    SeededRandomSource random(5);
    EXPECT_TRUE(SignHash(key, Octets(53), random).Ok());
    EXPECT_EQ(SignHash(key, Octets(54), random).GetFault(), Fault::CryptoFailure);
    EXPECT_EQ(SignHash(key, Octets(64), random).GetFault(), Fault::CryptoFailure);
    EXPECT_EQ(RefusalOf(key.Public(), Octets(64), Octets(64)), Fault::AuthenticationFailed);
}

// bad input 73: length other than the modulus
TEST(VerifySignature, RefusesEveryOtherLength)
{
    SeededRandomSource random(6);
    const Octets hash = random.Draw(20);
    for (const KeyKind kind : ALL_KINDS)
    {
        const PrivateKey& key = SampleKeyPair(kind);
        const Octets signature = *SignHash(key, hash, random);
        for (size_t length = 0; length < signature.size(); length++)
        {
            EXPECT_EQ(RefusalOf(key.Public(), hash, OctetView(signature).First(length)),
                      Fault::AuthenticationFailed);
            EXPECT_EQ(RefusalOf(key.Public(), hash, OctetView(signature).Last(length)),
                      Fault::AuthenticationFailed);
        }
        EXPECT_EQ(RefusalOf(key.Public(), hash, Concat({signature, Octets{0}})),
                  Fault::AuthenticationFailed);
        EXPECT_EQ(RefusalOf(key.Public(), hash, Concat({Octets{0}, signature})),
                  Fault::AuthenticationFailed);
    }
}

TEST(VerifySignature, RefusesEveryChangedOctet)
{
    SeededRandomSource random(7);
    const Octets hash = random.Draw(20);
    for (const KeyKind kind : ALL_KINDS)
    {
        const PrivateKey& key = SampleKeyPair(kind);
        const Octets signature = *SignHash(key, hash, random);
        for (size_t i = 0; i < signature.size(); i++)
        {
            Octets changed = signature;
            changed[i] ^= 0x10;
            EXPECT_EQ(RefusalOf(key.Public(), hash, changed), Fault::AuthenticationFailed) << i;
        }
    }
}

// bad input 73: short hash inside, changed padding, DigestInfo, octets behind the hash
TEST(VerifySignature, OfRsaComparesTheWholeBlock)
{
    const PrivateKey& key = SampleKeyPair(KeyKind::Rsa);
    const std::string pem = key.ToPem();
    const Octets hash(20, 0x42);
    const Octets zeroAndHash = Concat({Octets{0}, hash});
    const Octets right = Block(128, zeroAndHash);
    ASSERT_TRUE(VerifySignature(key.Public(), hash, RawRsaPrivate(pem, right)).Ok());

    Octets typeTwo = right;
    typeTwo[1] = 2;
    Octets typeZero = right;
    typeZero[1] = 0;
    Octets otherPadding = right;
    otherPadding[50] = 0xfe;
    Octets noSeparator = right;
    noSeparator[107] = 0xff;
    const Octets sha1Info = FromHex("3021300906052b0e03021a05000414");
    const Octets wrong[] = {
        typeTwo,
        typeZero,
        otherPadding,
        noSeparator,
        Block(128, Concat({Octets{0}, OctetView(hash).First(19)})),
        Block(128, Concat({Octets{0}, sha1Info, hash})),
        Block(128, Concat({zeroAndHash, Octets{0x42}})),
        Concat({Octets{0, 1}, Octets(8, 0xff), zeroAndHash, Octets(97, 0x5a)}),
        Concat({Octets{0, 1}, zeroAndHash, Octets(105, 0)}),
        Concat({Octets(108), hash}),
    };
    for (const Octets& block : wrong)
    {
        ASSERT_EQ(block.size(), 128U);
        EXPECT_EQ(RefusalOf(key.Public(), hash, RawRsaPrivate(pem, block)),
                  Fault::AuthenticationFailed)
            << ToHex(block);
    }
    EXPECT_EQ(RefusalOf(key.Public(), Octets(), RawRsaPrivate(pem, right)),
              Fault::AuthenticationFailed);
}

// bad input 73: a forgery for e = 3: a number whose cube is the right block but for its last octets
TEST(VerifySignature, OfRsaRefusesACubeThatBeginsRight)
{
    // Nobody needs a private key for a cube that is below the modulus.
    Octets modulus(128, 0xff);
    modulus[1] = 0;
    const Result<PublicKey> key = PublicKey::FromDer(RsaKeyInfo(modulus, Octets{3}));
    ASSERT_TRUE(key.Ok());
    const Octets hash = Digest(HashId::Sha1, {AsOctets("forged")});
    const Octets begin = Concat({Octets{0, 1}, Octets(8, 0xff), Octets{0}, hash});
    const Octets cubeRoot = CubeRootAbove(Concat({begin, Octets(128 - begin.size())}));
    const Octets cube = Cube(cubeRoot, 128);
    ASSERT_EQ(OctetView(cube).First(begin.size()), OctetView(begin));
    EXPECT_EQ(RefusalOf(*key, hash, cubeRoot), Fault::AuthenticationFailed);
}

// The cubes of zero and one are themselves.
TEST(VerifySignature, OfRsaRefusesZeroAndOne)
{
    const PublicKey key = *PublicKey::FromDer(RsaKeyInfo(Octets(128, 0xff), Octets{3}));
    Octets one(128);
    one.back() = 1;
    EXPECT_EQ(RefusalOf(key, Octets(20), Octets(128)), Fault::AuthenticationFailed);
    EXPECT_EQ(RefusalOf(key, Octets{1}, one), Fault::AuthenticationFailed);
    EXPECT_EQ(RefusalOf(key, Octets(), one), Fault::AuthenticationFailed);
}

TEST(VerifySignature, OfRsaRefusesWhatIsNotBelowTheModulus)
{
    const PrivateKey& key = SampleKeyPair(KeyKind::Rsa);
    EXPECT_EQ(RefusalOf(key.Public(), Octets(20), Octets(128, 0xff)), Fault::AuthenticationFailed);
}

// CVE-2013-2944: an empty signature, or one of zeros, was good for any hash.
TEST(VerifySignature, RefusesRAndSOutOfTheirRange)
{
    SeededRandomSource random(9);
    const Octets hash = random.Draw(20);
    for (const KeyKind kind : KINDS_OF_R_AND_S)
    {
        const PrivateKey& key = SampleKeyPair(kind);
        const Octets signature = *SignHash(key, hash, random);
        const size_t half = signature.size() / 2;
        const OctetView r = OctetView(signature).First(half);
        const OctetView s = OctetView(signature).From(half);
        const Octets zeros(half);
        const Octets ones(half, 0xff);
        EXPECT_EQ(RefusalOf(key.Public(), hash, Octets()), Fault::AuthenticationFailed);
        for (const Octets& wrong : {Concat({zeros, zeros}),
                                    Concat({zeros, s}),
                                    Concat({r, zeros}),
                                    Concat({ones, s}),
                                    Concat({r, ones}),
                                    Concat({s, r})})
        {
            EXPECT_EQ(RefusalOf(key.Public(), hash, wrong), Fault::AuthenticationFailed)
                << KeyKindName(kind);
        }
    }
}

TEST(VerifySignature, RefusesTheOrderItselfAsROrS)
{
    // The order of P-256, which is zero modulo itself.
    const Octets order =
        FromHex("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");
    const PrivateKey& key = SampleKeyPair(KeyKind::EcdsaP256);
    const Octets hash(32, 1);
    SeededRandomSource random(10);
    const Octets signature = *SignHash(key, hash, random);
    EXPECT_EQ(RefusalOf(key.Public(), hash, Concat({order, OctetView(signature).From(32)})),
              Fault::AuthenticationFailed);
    EXPECT_EQ(RefusalOf(key.Public(), hash, Concat({OctetView(signature).First(32), order})),
              Fault::AuthenticationFailed);
}

/// Returns the public key in a DER certificate.
PublicKey
KeyIn(OctetView certificate)
{
    const unsigned char* next = certificate.data();
    const std::unique_ptr<X509, decltype(&X509_free)> read(
        d2i_X509(nullptr, &next, static_cast<long>(certificate.size())), X509_free);
    unsigned char* written = nullptr;
    const int length = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(read.get()), &written);
    const Octets info(written, written + length);
    OPENSSL_free(written);
    return *PublicKey::FromDer(info);
}

TEST(VerifySignature, AcceptsWhatADeployedImplementationSigned)
{
    for (const char* name : {"live/rsasig-main-aes256-sha256-modp2048.txt",
                             "live/rsasig-main-fragmented.txt",
                             "live/ecdsa256-main-aes128-sha256-ecp256.txt"})
    {
        const RecordedPhase1 phase1 = RecordedHandshake::Read(name).phase1;
        // The body of a CERT payload begins with its encoding.
        const PublicKey keyI = KeyIn(OctetView(phase1.certI).From(1));
        const PublicKey keyR = KeyIn(OctetView(phase1.certR).From(1));
        EXPECT_TRUE(VerifySignature(keyI, phase1.hashI, phase1.sigI).Ok()) << name;
        EXPECT_TRUE(VerifySignature(keyR, phase1.hashR, phase1.sigR).Ok()) << name;
        EXPECT_EQ(RefusalOf(keyI, phase1.hashR, phase1.sigI), Fault::AuthenticationFailed);
        EXPECT_EQ(RefusalOf(keyR, phase1.hashI, phase1.sigR), Fault::AuthenticationFailed);
    }
}

} // namespace
} // namespace ipsec
} // namespace ns3
