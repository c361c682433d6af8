// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * How large a packet becomes by protection, and how large it may be to fit.
 */
#ifndef IPSEC_OVERHEAD_H
#define IPSEC_OVERHEAD_H

#include "ns3/ike-proposal.h"
#include "ns3/ipsec-sa.h"

#include <cstddef>
#include <optional>

namespace ns3
{
namespace ipsec
{

/// Everything that decides how many octets protection adds.
struct Encapsulation
{
    EncapsulationMode mode = EncapsulationMode::Tunnel;
    bool udpEncapsulated = false;
    std::optional<EspAlgorithms> esp;
    /// Around ESP, or alone.
    std::optional<IntegrityId> ah;
};

/// Returns the length of the outer IP packet that carries an IP packet of @p packetOctets, whose
/// header is 20 octets long.
size_t OuterPacketOctets(const Encapsulation& encapsulation, size_t packetOctets);

/// Returns the length of the largest IP packet whose outer packet is no longer than @p pathMtu; 0
/// if none is.
size_t LargestPacketOctets(const Encapsulation& encapsulation, size_t pathMtu);

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_OVERHEAD_H
