// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Randomness that OpenSSL takes by itself: it comes from the run's source, too.
 */
#ifndef CRYPTO_OPENSSL_RANDOM_H
#define CRYPTO_OPENSSL_RANDOM_H

#include "ns3/ipsec-random-source.h"

#include <openssl/types.h>

namespace ns3
{
namespace ipsec
{

/// Makes a new library context take all its random octets from the OpensslRandomScope of the calling
/// thread. Call it before anything is fetched from the context.
/// @throws std::runtime_error if OpenSSL refuses.
void UseRandomScopes(OSSL_LIB_CTX* context);

/// While it lives, OpenSSL operations of this thread draw from @p random; without one they fail.
/// Scopes may be nested.
class OpensslRandomScope
{
  public:
    explicit OpensslRandomScope(RandomSource& random);
    ~OpensslRandomScope();
    OpensslRandomScope(const OpensslRandomScope&) = delete;
    OpensslRandomScope& operator=(const OpensslRandomScope&) = delete;

  private:
    RandomSource* m_outer;
};

} // namespace ipsec
} // namespace ns3

#endif // CRYPTO_OPENSSL_RANDOM_H
