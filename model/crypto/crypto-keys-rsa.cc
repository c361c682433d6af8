// SPDX-License-Identifier: GPL-2.0-only
#include "crypto-key-object.h"
#include "crypto-library.h"
#include "crypto-openssl-random.h"

#include <openssl/rsa.h>

#include <algorithm>
#include <cassert>

namespace ns3
{
namespace ipsec
{

namespace
{

/// Octets of a block that are not text: 00, type, at least eight of padding, 00 (RFC 8017 section
/// 7.2.1).
constexpr size_t BLOCK_OVERHEAD = 11;
/// Draws of one padding octet until it must be other than zero; a working source needs few.
constexpr size_t MAX_DRAWS = 256;

/// Returns 1 if the octets are equal, else 0, in a time that does not depend on them.
size_t
IsEqual(size_t a, size_t b)
{
    const size_t different = a ^ b;
    return 1 ^ ((different | (size_t{0} - different)) >> (sizeof(size_t) * 8 - 1));
}

/// Returns @p yes if @p condition is 1 and @p no if it is 0, likewise.
size_t
Choose(size_t condition, size_t yes, size_t no)
{
    const size_t mask = size_t{0} - condition;
    return (yes & mask) | (no & ~mask);
}

/// Prepares an operation that leaves padding to us.
KeyContextHandle
UnpaddedContext(const CryptoKeyObject& key, int (*init)(EVP_PKEY_CTX*))
{
    KeyContextHandle context(
        EVP_PKEY_CTX_new_from_pkey(CryptoLibrary::Get().Context(), key.key.get(), nullptr));
    RequireSuccess(context && init(context.get()) == 1 &&
                       EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_NO_PADDING) == 1,
                   "prepare an RSA operation");
    return context;
}

/// An octet of padding, which must not be zero.
uint8_t
DrawNotZero(RandomSource& random)
{
    for (size_t i = 0; i < MAX_DRAWS; i++)
    {
        uint8_t octet = 0;
        random.Fill(&octet, 1);
        if (octet != 0)
        {
            return octet;
        }
    }
    return 1;
}

} // namespace

Result<Octets>
RaisePublic(const CryptoKeyObject& key, OctetView block)
{
    const QuietErrors quiet;
    const OpensslBlindingScope blinding;
    const KeyContextHandle context = UnpaddedContext(key, EVP_PKEY_encrypt_init);
    Octets out(OctetsOf(key.modulus));
    size_t length = out.size();
    if (block.size() != out.size() ||
        EVP_PKEY_encrypt(context.get(), out.data(), &length, block.data(), block.size()) != 1 ||
        length != out.size())
    {
        return Fault::CryptoFailure;
    }
    return out;
}

Result<SecretBytes>
RaisePrivate(const CryptoKeyObject& key, OctetView block)
{
    const QuietErrors quiet;
    const OpensslBlindingScope blinding;
    const KeyContextHandle context = UnpaddedContext(key, EVP_PKEY_decrypt_init);
    Octets out(OctetsOf(key.modulus));
    size_t length = out.size();
    const bool computed =
        block.size() == out.size() &&
        EVP_PKEY_decrypt(context.get(), out.data(), &length, block.data(), block.size()) == 1 &&
        length == out.size();
    SecretBytes secret(std::move(out));
    if (!computed)
    {
        return Fault::CryptoFailure;
    }
    return secret;
}

Result<Octets>
EncryptRsa(const PublicKey& key, OctetView text, RandomSource& random)
{
    if (key.Kind() != KeyKind::Rsa)
    {
        return Fault::CryptoFailure;
    }
    const size_t blockOctets = OctetsOf(key.Object().modulus);
    if (text.size() + BLOCK_OVERHEAD > blockOctets)
    {
        return Fault::CryptoFailure;
    }
    Octets block = {0, 2};
    block.resize(blockOctets - text.size() - 1);
    std::generate(block.begin() + 2, block.end(), [&random] { return DrawNotZero(random); });
    block.push_back(0);
    block.insert(block.end(), text.begin(), text.end());
    const SecretBytes padded(std::move(block));
    return RaisePublic(key.Object(), padded.View());
}

SecretBytes
DecryptRsa(const PrivateKey& key, OctetView ciphertext, size_t fallbackOctets, RandomSource& random)
{
    const SecretBytes fallback(random.Draw(fallbackOctets));
    if (key.Kind() != KeyKind::Rsa)
    {
        return fallback;
    }
    // A ciphertext that is no number below the modulus is wrong for all to see.
    const Result<SecretBytes> raised = RaisePrivate(key.Object(), ciphertext);
    const SecretBytes zeros(Octets(OctetsOf(key.Object().modulus)));
    const OctetView block = raised.Ok() ? raised->View() : zeros.View();

    // Every octet is looked at, and nothing branches on what it is, until text or fallback is
    // copied: its length is all that the caller's further work can depend on.
    assert(block.size() > BLOCK_OVERHEAD);
    size_t separator = 0;
    size_t seen = 0;
    for (size_t i = 2; i < block.size(); i++)
    {
        const size_t zero = IsEqual(block[i], 0);
        separator = Choose(zero & (seen ^ 1), i, separator);
        seen |= zero;
    }
    const size_t longEnough = separator >= BLOCK_OVERHEAD - 1 ? 1 : 0;
    const size_t good = IsEqual(block[0], 0) & IsEqual(block[1], 2) & seen & longEnough;
    const size_t textOctets = Choose(good, block.size() - separator - 1, fallback.size());
    Octets out(textOctets);
    for (size_t i = 0; i < textOctets; i++)
    {
        const size_t inBlock = Choose(good, separator + 1 + i, 0);
        const size_t inFallback = Choose(good, 0, i);
        const uint8_t other = fallback.empty() ? 0 : fallback.View()[inFallback];
        out[i] = static_cast<uint8_t>(Choose(good, block[inBlock], other));
    }
    return SecretBytes(std::move(out));
}

} // namespace ipsec
} // namespace ns3
