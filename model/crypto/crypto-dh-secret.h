// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * A Diffie-Hellman shared secret that may still be in computation.
 *
 * Both ends of a simulated exchange are in one process. So the end that speaks first announces its
 * key pair: when the other end begins to compute the secret, a thread may begin with the first
 * end's own computation, too, before the answer has crossed the simulated internet (DhWorkers says
 * whether there are threads). Whatever is lost on the way wastes that, and changes nothing.
 */
#ifndef CRYPTO_DH_SECRET_H
#define CRYPTO_DH_SECRET_H

#include "crypto-dh.h"

#include <memory>

namespace ns3
{
namespace ipsec
{

class DhJob;

/// A value: copies are the same secret, which is the same whichever thread computes it, and when.
class DhSecret
{
  public:
    explicit DhSecret(std::shared_ptr<DhJob> job);

    /**
     * Returns g^xy as ComputeSharedSecret() does. It waits, or computes, if need be.
     * @throws std::runtime_error if OpenSSL failed, in whichever thread it was.
     */
    const SecretBytes& Value() const;

  private:
    std::shared_ptr<DhJob> m_job;
};

/// Checks the peer's public value at once, with the faults of ComputeSharedSecret(); the rest may
/// take its time.
Result<DhSecret> BeginSharedSecret(const DhKeyPair& own, OctetView peerPublicValue);

/// Most key pairs that are announced at once: with more, the latest get no secret ahead of time.
constexpr size_t MAX_ANNOUNCED = 65536;
/// Most answers to one of them: copies of its message that reach somebody twice, say.
constexpr size_t MAX_ANSWERS = 4;

/// Returns how many key pairs are announced now.
size_t AnnouncedKeyPairs();

/// Tells those in this process who answer a key pair that its owner is here, too, as long as any
/// copy of it lives. Nothing happens without DhWorkers.
void AnnounceKeyPair(DhKeyPair& pair);

} // namespace ipsec
} // namespace ns3

#endif // CRYPTO_DH_SECRET_H
