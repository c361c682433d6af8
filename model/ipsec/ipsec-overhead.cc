// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-overhead.h"

#include "ah-transform.h"
#include "esp-transform.h"

#include <algorithm>

namespace ns3
{
namespace ipsec
{

namespace
{

constexpr size_t IPV4_HEADER_OCTETS = 20;
constexpr size_t UDP_HEADER_OCTETS = 8;
/// No padding of ESP is longer than this.
constexpr size_t LONGEST_PADDING = 16;

} // namespace

size_t
OuterPacketOctets(const Encapsulation& encapsulation, size_t packetOctets)
{
    size_t octets = encapsulation.mode == EncapsulationMode::Tunnel
                        ? packetOctets
                        : packetOctets - std::min(packetOctets, IPV4_HEADER_OCTETS);
    if (encapsulation.esp)
    {
        octets += EspOverhead(encapsulation.esp->cipher, encapsulation.esp->integrity, octets);
    }
    if (encapsulation.ah)
    {
        octets += AhOverhead(*encapsulation.ah);
    }
    return IPV4_HEADER_OCTETS + (encapsulation.udpEncapsulated ? UDP_HEADER_OCTETS : 0) + octets;
}

size_t
LargestPacketOctets(const Encapsulation& encapsulation, size_t pathMtu)
{
    // What is added grows and shrinks with the padding only, so the answer is not far below.
    const size_t added = OuterPacketOctets(encapsulation, pathMtu) - pathMtu;
    size_t octets = pathMtu > added ? pathMtu - added + LONGEST_PADDING : 0;
    while (octets > 0 && OuterPacketOctets(encapsulation, octets) > pathMtu)
    {
        octets--;
    }
    return octets;
}

} // namespace ipsec
} // namespace ns3
