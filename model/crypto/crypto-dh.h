// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Diffie-Hellman.
 */
#ifndef CRYPTO_DH_H
#define CRYPTO_DH_H

#include "crypto-algorithms.h"

#include "ns3/ipsec-fault.h"
#include "ns3/ipsec-octets.h"
#include "ns3/ipsec-random-source.h"

#include <memory>

namespace ns3
{
namespace ipsec
{

class DhAnnouncement;

/// One side's half of an exchange.
struct DhKeyPair
{
    uint16_t group = 0;
    SecretBytes exponent;
    /// Body of the KE payload: as long as the prime (RFC 2409 section 5), or x and y (RFC 5903).
    Octets publicValue;
    /// Set by AnnounceKeyPair(), where the other end may be in this process, too.
    std::shared_ptr<DhAnnouncement> announcement;
};

/// Draws a short private exponent and computes the public value.
DhKeyPair GenerateDhKeyPair(const DhGroup& group, RandomSource& random);

/// Computes the public value of a given exponent (known-answer tests, recorded handshakes).
DhKeyPair MakeDhKeyPair(const DhGroup& group, OctetView exponent);

/**
 * Checks a peer's public value. BadKeyExchange for one of the wrong length, for 0, 1, p-1 and
 * above, for a point off the curve or at infinity; ReflectedValue for our own.
 */
Result<Done> CheckPublicValue(const DhKeyPair& own, OctetView peerPublicValue);

/// Computes g^xy, padded on the left to the prime's length (x alone for ECP groups), unless
/// CheckPublicValue() refuses the peer's value.
Result<SecretBytes> ComputeSharedSecret(const DhKeyPair& own, OctetView peerPublicValue);

} // namespace ipsec
} // namespace ns3

#endif // CRYPTO_DH_H
