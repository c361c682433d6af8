// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Large messages, and their fragments as a receiver reads them.
 */
#ifndef FRAGMENT_SAMPLES_H
#define FRAGMENT_SAMPLES_H

#include "ns3/ike-fragmentation.h"

#include <vector>

namespace ns3
{
namespace ipsec
{

/// Makes an encrypted message of @p octets octets whose content is not the same everywhere.
Octets LargeMessage(size_t octets, uint8_t flavour = 0);

/// A fragment as it is read from a datagram.
struct ReadOne
{
    IsakmpHeader header;
    FragmentPayload fragment;
};

/// Reads a datagram that must be a fragment.
ReadOne Read(OctetView datagram);
/// Splits a message so that fragments hold @p data octets each.
std::vector<ReadOne> Split(const Octets& message, size_t data);

} // namespace ipsec
} // namespace ns3

#endif // FRAGMENT_SAMPLES_H
