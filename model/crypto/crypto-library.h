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

#include "ns3/ipsec-octets.h"

#include <openssl/bn.h>
#include <openssl/evp.h>

#include <memory>

namespace ns3
{
namespace ipsec
{

/// Which way a cipher goes.
enum class CipherDirection : int
{
    Decrypt = 0, // the values are those of EVP_CipherInit_ex2
    Encrypt = 1,
};

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
    BN_CTX* BnContext();
    /**
     * Give a kept context of the calling thread a key (and IV) for one message; null if OpenSSL
     * refuses. A key that the context still has from its last message is not expanded again.
     */
    EVP_MAC_CTX* KeyedHmac(HashId hash, OctetView key);
    EVP_CIPHER_CTX* KeyedCipher(CipherId cipher,
                                CipherDirection direction,
                                OctetView key,
                                OctetView iv);

  private:
    CryptoLibrary();
    ~CryptoLibrary();
    struct Content;
    std::unique_ptr<Content> m_content;
};

} // namespace ipsec
} // namespace ns3

#endif // CRYPTO_LIBRARY_H
