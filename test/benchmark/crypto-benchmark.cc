// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Times our cryptography next to what OpenSSL alone needs for the same, in one run: only the ratio
 * of two neighbours means something. For each pair "ours" comes first and "raw" second.
 */
#include "ns3/crypto-cipher.h"
#include "ns3/crypto-dh.h"
#include "ns3/crypto-hash.h"
#include "ns3/crypto-library.h"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/obj_mac.h>
#include <openssl/params.h>

#include <benchmark/benchmark.h>

using namespace ns3::ipsec;

namespace
{

/// Octets that look random and are the same in each run.
Octets
Sample(size_t count)
{
    return SeededRandomSource(count).Draw(count);
}

/// The prime of a group whose number is a benchmark's argument.
BIGNUM*
Prime(int64_t group)
{
    switch (group)
    {
    case 1:
        return BN_get_rfc2409_prime_768(nullptr);
    case 2:
        return BN_get_rfc2409_prime_1024(nullptr);
    case 5:
        return BN_get_rfc3526_prime_1536(nullptr);
    case 14:
        return BN_get_rfc3526_prime_2048(nullptr);
    case 15:
        return BN_get_rfc3526_prime_3072(nullptr);
    default:
        return BN_get_rfc3526_prime_4096(nullptr);
    }
}

EC_GROUP*
Curve(int64_t group)
{
    const int nid = group == 19   ? NID_X9_62_prime256v1
                    : group == 20 ? NID_secp384r1
                                  : NID_secp521r1;
    return EC_GROUP_new_by_curve_name_ex(CryptoLibrary::Get().Context(), nullptr, nid);
}

void
OurKeygen(benchmark::State& state)
{
    const DhGroup& group = *FindDhGroup(state.range(0));
    SeededRandomSource random(1);
    GenerateDhKeyPair(group, random); // builds the table, which is paid once in a run
    for (auto _ : state)
    {
        benchmark::DoNotOptimize(GenerateDhKeyPair(group, random).publicValue.data());
    }
}

void
OurDerive(benchmark::State& state)
{
    const DhGroup& group = *FindDhGroup(state.range(0));
    SeededRandomSource random(1);
    const DhKeyPair own = GenerateDhKeyPair(group, random);
    const DhKeyPair peer = GenerateDhKeyPair(group, random);
    for (auto _ : state)
    {
        const Result<SecretBytes> secret = ComputeSharedSecret(own, peer.publicValue);
        benchmark::DoNotOptimize(secret->View().data());
    }
}

/// One exponentiation of variable time with an exponent as short as ours: the bound.
void
RawExponentiation(benchmark::State& state, bool generator)
{
    const DhGroup& group = *FindDhGroup(state.range(0));
    SeededRandomSource random(1);
    const DhKeyPair own = GenerateDhKeyPair(group, random);
    const Octets peer = GenerateDhKeyPair(group, random).publicValue;
    BN_CTX* context = BN_CTX_new();
    BIGNUM* prime = Prime(state.range(0));
    BN_MONT_CTX* montgomery = BN_MONT_CTX_new();
    BN_MONT_CTX_set(montgomery, prime, context);
    BIGNUM* base = BN_bin2bn(peer.data(), static_cast<int>(peer.size()), nullptr);
    BIGNUM* exponent =
        BN_bin2bn(own.exponent.View().data(), static_cast<int>(own.exponent.size()), nullptr);
    BIGNUM* power = BN_new();
    for (auto _ : state)
    {
        if (generator)
        {
            BN_mod_exp_mont_word(power, 2, exponent, prime, context, montgomery);
        }
        else
        {
            BN_mod_exp_mont(power, base, exponent, prime, context, montgomery);
        }
        benchmark::DoNotOptimize(power);
    }
    BN_free(power);
    BN_free(exponent);
    BN_free(base);
    BN_MONT_CTX_free(montgomery);
    BN_free(prime);
    BN_CTX_free(context);
}

void
RawKeygen(benchmark::State& state)
{
    RawExponentiation(state, true);
}

void
RawDerive(benchmark::State& state)
{
    RawExponentiation(state, false);
}

/// One multiplication of a point, with OpenSSL's own generator table or without.
void
RawPoint(benchmark::State& state, bool generator)
{
    SeededRandomSource random(1);
    const DhKeyPair own = GenerateDhKeyPair(*FindDhGroup(state.range(0)), random);
    BN_CTX* context = BN_CTX_new();
    EC_GROUP* curve = Curve(state.range(0));
    BIGNUM* scalar =
        BN_bin2bn(own.exponent.View().data(), static_cast<int>(own.exponent.size()), nullptr);
    BIGNUM* x = BN_new();
    EC_POINT* peer = EC_POINT_new(curve);
    EC_POINT* product = EC_POINT_new(curve);
    BN_set_word(x, 7);
    EC_POINT_mul(curve, peer, x, nullptr, nullptr, context);
    for (auto _ : state)
    {
        EC_POINT_mul(curve,
                     product,
                     generator ? scalar : nullptr,
                     generator ? nullptr : peer,
                     generator ? nullptr : scalar,
                     context);
        EC_POINT_get_affine_coordinates(curve, product, x, nullptr, context);
        benchmark::DoNotOptimize(x);
    }
    EC_POINT_free(product);
    EC_POINT_free(peer);
    BN_free(x);
    BN_free(scalar);
    EC_GROUP_free(curve);
    BN_CTX_free(context);
}

void
RawEcpKeygen(benchmark::State& state)
{
    RawPoint(state, true);
}

void
RawEcpDerive(benchmark::State& state)
{
    RawPoint(state, false);
}

/// An HMAC context with its digest chosen, as a careful program keeps one per security association.
EVP_MAC_CTX*
NewHmac(const char* digest)
{
    EVP_MAC* mac = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
    EVP_MAC_CTX* context = EVP_MAC_CTX_new(mac);
    std::string name = digest;
    const OSSL_PARAM params[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name.data(), 0),
        OSSL_PARAM_construct_end()};
    EVP_MAC_CTX_set_params(context, params);
    EVP_MAC_free(mac);
    return context;
}

void
OurHmac(benchmark::State& state, HashId hash)
{
    const Octets keys[] = {Sample(20), Sample(21)};
    const Octets message = Sample(state.range(0));
    uint8_t icv[12];
    size_t i = 0;
    for (auto _ : state)
    {
        HmacTruncated(hash, keys[i++ % 2], {message}, icv, sizeof(icv));
        benchmark::DoNotOptimize(icv);
    }
}

void
RawHmac(benchmark::State& state, HashId hash)
{
    const Octets keys[] = {Sample(20), Sample(21)};
    const Octets message = Sample(state.range(0));
    EVP_MAC_CTX* context = NewHmac(GetHash(hash).opensslName);
    uint8_t mac[EVP_MAX_MD_SIZE];
    size_t length = 0;
    size_t i = 0;
    for (auto _ : state)
    {
        const Octets& key = keys[i++ % 2];
        EVP_MAC_init(context, key.data(), key.size(), nullptr);
        EVP_MAC_update(context, message.data(), message.size());
        EVP_MAC_final(context, mac, &length, sizeof(mac));
        benchmark::DoNotOptimize(mac);
    }
    EVP_MAC_CTX_free(context);
}

void
OurDigest(benchmark::State& state)
{
    const Octets message = Sample(state.range(0));
    for (auto _ : state)
    {
        benchmark::DoNotOptimize(Digest(HashId::Sha1, {message}).data());
    }
}

void
RawDigest(benchmark::State& state)
{
    const Octets message = Sample(state.range(0));
    EVP_MD* sha1 = EVP_MD_fetch(nullptr, "SHA1", nullptr);
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    uint8_t digest[EVP_MAX_MD_SIZE];
    for (auto _ : state)
    {
        EVP_DigestInit_ex2(context, sha1, nullptr);
        EVP_DigestUpdate(context, message.data(), message.size());
        EVP_DigestFinal_ex(context, digest, nullptr);
        benchmark::DoNotOptimize(digest);
    }
    EVP_MD_CTX_free(context);
    EVP_MD_free(sha1);
}

void
OurCbc(benchmark::State& state, CipherId id)
{
    const CipherAlgorithm& cipher = GetCipher(id);
    const Octets key = Sample(cipher.keyOctets);
    const Octets iv = Sample(cipher.ivOctets);
    Octets data = Sample(state.range(0));
    for (auto _ : state)
    {
        benchmark::DoNotOptimize(CbcEncrypt(id, key, iv, data.data(), data.size()));
    }
}

void
RawCbc(benchmark::State& state, CipherId id)
{
    const CipherAlgorithm& cipher = GetCipher(id);
    const Octets key = Sample(cipher.keyOctets);
    const Octets iv = Sample(cipher.ivOctets);
    Octets data = Sample(state.range(0));
    EVP_CIPHER_CTX* context = EVP_CIPHER_CTX_new();
    EVP_EncryptInit_ex2(context, CryptoLibrary::Get().Cipher(id), nullptr, nullptr, nullptr);
    EVP_CIPHER_CTX_set_padding(context, 0);
    int length = 0;
    for (auto _ : state)
    {
        EVP_EncryptInit_ex2(context, nullptr, key.data(), iv.data(), nullptr);
        EVP_EncryptUpdate(
            context, data.data(), &length, data.data(), static_cast<int>(data.size()));
        benchmark::DoNotOptimize(length);
    }
    EVP_CIPHER_CTX_free(context);
}

const int MODP_GROUPS[] = {1, 2, 5, 14, 15, 16};
const int ECP_GROUPS[] = {19, 20, 21};

/// Registers ours and raw next to each other for one argument.
template <typename Ours, typename Raw>
void
Pair(const std::string& name, Ours ours, Raw raw, int64_t argument)
{
    benchmark::RegisterBenchmark((name + "/ours").c_str(), ours)->Arg(argument);
    benchmark::RegisterBenchmark((name + "/raw").c_str(), raw)->Arg(argument);
}

void
RegisterAll()
{
    for (const int group : MODP_GROUPS)
    {
        Pair("keygen", OurKeygen, RawKeygen, group);
        Pair("derive", OurDerive, RawDerive, group);
    }
    for (const int group : ECP_GROUPS)
    {
        Pair("keygen", OurKeygen, RawEcpKeygen, group);
        Pair("derive", OurDerive, RawEcpDerive, group);
    }
    for (const int octets : {64, 1400})
    {
        for (const HashId hash : {HashId::Md5, HashId::Sha1, HashId::Sha256})
        {
            Pair(
                std::string("hmac-") + GetHash(hash).name,
                [hash](benchmark::State& state) { OurHmac(state, hash); },
                [hash](benchmark::State& state) { RawHmac(state, hash); },
                octets);
        }
        Pair("digest-sha", OurDigest, RawDigest, octets);
    }
    for (const int octets : {64, 1408})
    {
        for (const CipherId id : {CipherId::Aes128, CipherId::Aes256, CipherId::TripleDes})
        {
            Pair(
                std::string("cbc-") + GetCipher(id).name,
                [id](benchmark::State& state) { OurCbc(state, id); },
                [id](benchmark::State& state) { RawCbc(state, id); },
                octets);
        }
    }
}

} // namespace

int
main(int argc, char* argv[])
{
    RegisterAll();
    benchmark::Initialize(&argc, argv);
    benchmark::RunSpecifiedBenchmarks();
    return 0;
}
