// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * SAs of AH and bundles for tests of the data plane, and packets on their way to the other end.
 */
#ifndef PROTECTED_SAMPLES_H
#define PROTECTED_SAMPLES_H

#include "data-plane-samples.h"

#include <string>

namespace ns3
{
namespace ipsec
{

/// Makes A's outbound SA of AH towards B.
IpsecSa SampleAh(uint32_t spi = 0x3003, IntegrityId integrity = IntegrityId::HmacSha1_96);

/// Two SAs of one direction: AH goes around ESP.
struct SampleBundle
{
    explicit SampleBundle(uint32_t ahSpi = 0x3003, uint32_t espSpi = 0x1001);

    IpsecSa ah;
    IpsecSa esp;
};

/// A packet between two gateways; a test may change its octets.
struct Transit
{
    /// Takes a sealed packet as it leaves.
    explicit Transit(const Sealed& sealed);
    /// Takes a whole IPv4 packet with ESP or AH inside.
    explicit Transit(OctetView packet);

    /// Returns the arrival, which borrows from this.
    ArrivedPacket Arrival() const;

    Octets ipHeader;
    Octets payload;
};

/// Returns the sealed packet; fails the test if the verdict is another.
const Sealed& AsSealed(const ProtectVerdict& verdict);
/// Returns what was inside; fails the test if the packet was refused.
const Opened& AsOpened(const UnprotectVerdict& verdict);
/// Returns why a packet was discarded, or "Opened".
std::string Outcome(const UnprotectVerdict& verdict);
/// Returns why a packet was discarded, or "Sealed", "Staged", "Bypassed".
std::string Outcome(const ProtectVerdict& verdict);

} // namespace ipsec
} // namespace ns3

#endif // PROTECTED_SAMPLES_H
