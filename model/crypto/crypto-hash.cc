// SPDX-License-Identifier: GPL-2.0-only
#include "crypto-hash.h"

#include "crypto-library.h"

#include <algorithm>
#include <cassert>
#include <stdexcept>
#include <string>

namespace ns3
{
namespace ipsec
{

namespace
{

/// Throws if OpenSSL refused; with correct arguments that means that memory ran out.
void
Require(bool success, const char* operation, HashId hash)
{
    if (!success)
    {
        throw std::runtime_error(std::string("OpenSSL refused ") + operation + " with " +
                                 GetHash(hash).opensslName);
    }
}

/// Computes HMAC into the @p digestOctets octets at @p out.
void
ComputeHmac(HashId hash,
            OctetView key,
            std::initializer_list<OctetView> parts,
            uint8_t* out,
            size_t digestOctets)
{
    EVP_MAC_CTX* context = CryptoLibrary::Get().KeyedHmac(hash, key);
    bool success = context != nullptr;
    for (const OctetView& part : parts)
    {
        success = success && EVP_MAC_update(context, part.data(), part.size()) == 1;
    }
    size_t written = 0;
    success = success && EVP_MAC_final(context, out, &written, digestOctets) == 1;
    Require(success && written == digestOctets, "HMAC", hash);
}

} // namespace

Octets
Digest(HashId hash, std::initializer_list<OctetView> parts)
{
    CryptoLibrary& library = CryptoLibrary::Get();
    EVP_MD_CTX* context = library.MdContext();
    bool success = EVP_DigestInit_ex2(context, library.Md(hash), nullptr) == 1;
    for (const OctetView& part : parts)
    {
        success = success && EVP_DigestUpdate(context, part.data(), part.size()) == 1;
    }
    Octets digest(GetHash(hash).digestOctets);
    success = success && EVP_DigestFinal_ex(context, digest.data(), nullptr) == 1;
    Require(success, "a digest", hash);
    return digest;
}

Octets
Hmac(HashId hash, OctetView key, std::initializer_list<OctetView> parts)
{
    Octets mac(GetHash(hash).digestOctets);
    ComputeHmac(hash, key, parts, mac.data(), mac.size());
    return mac;
}

void
HmacTruncated(HashId hash,
              OctetView key,
              std::initializer_list<OctetView> parts,
              uint8_t* out,
              size_t icvOctets)
{
    const size_t digestOctets = GetHash(hash).digestOctets;
    assert(icvOctets <= digestOctets);
    uint8_t mac[EVP_MAX_MD_SIZE];
    ComputeHmac(hash, key, parts, mac, digestOctets);
    std::copy_n(mac, icvOctets, out);
}

} // namespace ipsec
} // namespace ns3
