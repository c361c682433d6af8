// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * OpenSSL as the other files of this folder use it: a private library context with the default and
 * the legacy provider, algorithms fetched once, contexts kept per thread.
 */
#ifndef CRYPTO_LIBRARY_H
#define CRYPTO_LIBRARY_H

#include "crypto-algorithms.h"

#include <openssl/bn.h>
#include <openssl/evp.h>

#include <memory>

namespace ns3
{
namespace ipsec
{

/// Owns every OpenSSL object that is shared; made at first use, and there until the program ends.
class CryptoLibrary
{
  public:
    /**
     * Returns the one library.
     * @throws std::runtime_error naming the algorithm or provider that this OpenSSL lacks.
     */
    static CryptoLibrary& Get();

    CryptoLibrary(const CryptoLibrary&) = delete;
    CryptoLibrary& operator=(const CryptoLibrary&) = delete;

    /// Returns the private library context, for objects made outside this class.
    OSSL_LIB_CTX* Context() const;
    const EVP_MD* Md(HashId hash) const;
    const EVP_CIPHER* Cipher(CipherId cipher) const;
    /// Kept contexts of the calling thread, to be re-initialised by each use.
    EVP_MD_CTX* MdContext();
    EVP_MAC_CTX* HmacContext(HashId hash);
    EVP_CIPHER_CTX* CipherContext(CipherId cipher);
    BN_CTX* BnContext();

  private:
    CryptoLibrary();
    ~CryptoLibrary();
    struct Content;
    std::unique_ptr<Content> m_content;
};

} // namespace ipsec
} // namespace ns3

#endif // CRYPTO_LIBRARY_H
