// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * What ESP and AH do to one packet, in one form for both, with the work that it takes.
 */
#ifndef IPSEC_TRANSFORM_H
#define IPSEC_TRANSFORM_H

#include "ipsec-cargo.h"
#include "ipsec-outer-header.h"

#include "ns3/crypto-work.h"
#include "ns3/ipsec-random-source.h"

namespace ns3
{
namespace ipsec
{

/// Returns the number by which IP headers name a protocol.
uint8_t IpProtocolOf(ProtocolId protocol);

/// Returns how many octets an SA adds to a payload of @p payloadOctets.
size_t SaOverhead(const IpsecSa& sa, size_t payloadOctets);

/// Seals with the SA's protocol; @p outer is the header that goes in front. ESP is made in
/// @p memory.
Result<Octets> SealCargo(const IpsecSa& sa,
                         uint64_t sequence,
                         const Cargo& cargo,
                         const OuterHeader& outer,
                         RandomSource& random,
                         Work& work,
                         Octets memory = {});

/// What a packet says of itself before anything is proved.
struct SaPacketName
{
    uint32_t spi = 0;
    /// Lower half, if the SA has extended sequence numbers.
    uint32_t sequence = 0;
};

/// Reads the name of a packet; the faults of ParseEspHeader() and ParseAhHeader().
Result<SaPacketName> ReadPacketName(ProtocolId protocol, OctetView packet);

/// Opens with the SA's protocol; the faults of OpenEsp() and OpenAh(). What was in ESP goes to
/// @p memory.
Result<SaContent> OpenCargo(const IpsecSa& sa,
                            uint64_t sequence,
                            OctetView ipHeader,
                            OctetView packet,
                            Work& work,
                            Octets memory = {});

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_TRANSFORM_H
