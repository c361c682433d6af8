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

/// Makes a new library context take all its random octets from the OpensslRandomScope of the
/// calling thread. Call it before anything is fetched from the context.
/// @return the provider that does it, to be unloaded before the context is freed.
/// @throws std::runtime_error if OpenSSL refuses.
OSSL_PROVIDER* UseRandomScopes(OSSL_LIB_CTX* context);

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

/**
 * While it lives, OpenSSL operations of this thread draw constants. It is for operations that draw
 * only to blind their timing: their results do not depend on what they draw, but how often they
 * draw depends on the history of the key, which the run's source must not show.
 */
class OpensslBlindingScope
{
  public:
    OpensslBlindingScope();

  private:
    SeededRandomSource m_source;
    OpensslRandomScope m_scope;
};

} // namespace ipsec
} // namespace ns3

#endif // CRYPTO_OPENSSL_RANDOM_H
