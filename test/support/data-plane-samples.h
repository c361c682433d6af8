// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * SAs, packets and random sources for tests of the data plane: two gateways, A in front of
 * 10.1.0.0/16 and B in front of 10.2.0.0/16.
 */
#ifndef DATA_PLANE_SAMPLES_H
#define DATA_PLANE_SAMPLES_H

#include "ns3/ipsec-processor.h"
#include "ns3/ipsec-random-source.h"
#include "ns3/ipsec-sa.h"

#include <string>

namespace ns3
{
namespace ipsec
{

/// Gives the same octets again and again, where a known answer fixes an IV.
class RepeatedRandomSource : public RandomSource
{
  public:
    explicit RepeatedRandomSource(Octets octets);
    void Fill(uint8_t* out, size_t count) override;

  private:
    Octets m_octets;
};

/// Returns a key of @p count octets that differs for each @p seed.
SecretBytes SampleKey(size_t count, uint8_t seed);

/// Makes A's outbound SA towards B, AES-128 with HMAC-SHA1-96.
IpsecSa SampleSa(uint32_t spi = 0x1001);
/// The same with other algorithms.
IpsecSa SampleSa(CipherId cipher, IntegrityId integrity);
/// Returns the SA at the other end: inbound, everything seen from there.
IpsecSa FarEnd(const IpsecSa& sa);

/// Makes an IPv4 packet with a UDP header and @p payloadOctets of payload.
Octets SampleUdp(const std::string& source,
                 const std::string& destination,
                 uint16_t destinationPort,
                 size_t payloadOctets);
/// Makes a packet from A's network to B's, @p totalOctets long (28 at least).
Octets SamplePacket(size_t totalOctets = 100);

/// Makes an arrival of ESP without IP options; the octets must outlive it.
ArrivedPacket Arrived(const Endpoint& source, OctetView esp);

/// Returns the endpoint of a gateway.
Endpoint GatewayA();
Endpoint GatewayB();

} // namespace ipsec
} // namespace ns3

#endif // DATA_PLANE_SAMPLES_H
