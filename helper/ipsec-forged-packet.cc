// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-forged-packet.h"

#include "ns3/esp-header.h"
#include "ns3/ipsec-conversions.h"
#include "ns3/ipv4-header.h"
#include "ns3/udp-header.h"

namespace ns3
{
namespace ipsec
{

namespace
{

constexpr uint8_t TTL = 64;

} // namespace

Ptr<Packet>
ForgeIkePacket(IpAddress source, IpAddress destination, OctetView message)
{
    const Ptr<Packet> packet = ToPacket(message);
    UdpHeader udp;
    udp.SetSourcePort(IKE_PORT);
    udp.SetDestinationPort(IKE_PORT);
    udp.EnableChecksums();
    udp.InitializeChecksum(ToNs3(source), ToNs3(destination), IP_PROTOCOL_UDP);
    packet->AddHeader(udp);
    Ipv4Header ip;
    ip.SetSource(ToNs3(source));
    ip.SetDestination(ToNs3(destination));
    ip.SetProtocol(IP_PROTOCOL_UDP);
    ip.SetPayloadSize(static_cast<uint16_t>(packet->GetSize()));
    ip.SetTtl(TTL);
    ip.EnableChecksum();
    packet->AddHeader(ip);
    return packet;
}

} // namespace ipsec
} // namespace ns3
