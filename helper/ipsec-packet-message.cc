// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-packet-message.h"

#include "ns3/esp-header.h"
#include "ns3/ike-fragmentation.h"
#include "ns3/ipsec-cargo.h"
#include "ns3/ipsec-conversions.h"
#include "ns3/ipsec-flow-key.h"
#include "ns3/isakmp-message.h"

#include <algorithm>
#include <array>

namespace ns3
{
namespace ipsec
{

namespace
{

constexpr size_t UDP_HEADER_OCTETS = 8;
/// Where the IPv4 header has its protocol (RFC 791 section 3.1), and that of ISAKMP its length (RFC
/// 2408 section 3.1).
constexpr size_t PROTOCOL_OFFSET = 9;
constexpr size_t LENGTH_OFFSET = 24;
constexpr uint32_t MOST_MESSAGE_OCTETS = 65535;

/// Tells whether it is a packet of UDP, without a look at the rest: most that are lost carry data.
bool
IsUdp(const Packet& packet)
{
    std::array<uint8_t, PROTOCOL_OFFSET + 1> start{};
    return packet.CopyData(start.data(), start.size()) == start.size() &&
           start[PROTOCOL_OFFSET] == IP_PROTOCOL_UDP;
}

/// Returns what is behind the UDP header, and behind the marker on port 4500; empty if it is not
/// of IKE.
OctetView
Inside(OctetView datagram, const FlowKey& flow)
{
    const OctetView payload = datagram.From(UDP_HEADER_OCTETS);
    if (flow.sourcePort == NATT_PORT || flow.destinationPort == NATT_PORT)
    {
        const size_t octets = NON_ESP_MARKER.size();
        return payload.First(octets) == OctetView(NON_ESP_MARKER) ? payload.From(octets)
                                                                  : OctetView();
    }
    return flow.sourcePort == IKE_PORT || flow.destinationPort == IKE_PORT ? payload : OctetView();
}

} // namespace

std::optional<PacketMessage>
MessageIn(const Packet& packet)
{
    if (!IsUdp(packet))
    {
        return std::nullopt;
    }
    const Octets octets = ToOctets(packet);
    const OctetView view(octets);
    const Result<FlowKey> flow = ParseFlowKey(view);
    if (!flow || IsLaterFragment(view))
    {
        return std::nullopt;
    }
    const OctetView inside = Inside(view.From((octets[0] & 15) * size_t{4}), *flow);
    if (inside.size() < ISAKMP_HEADER_OCTETS)
    {
        return std::nullopt;
    }
    // Nobody looks at what a fragment lacks, but its length counts.
    Octets message = inside.Copy();
    const uint32_t length = OctetReader(inside.From(LENGTH_OFFSET)).U32();
    message.resize(std::clamp<size_t>(length, message.size(), MOST_MESSAGE_OCTETS));
    const std::optional<MessageSummary> summary = SummariseUnread(message);
    if (!summary)
    {
        return std::nullopt;
    }
    return PacketMessage{
        *summary, {flow->source, flow->sourcePort}, {flow->destination, flow->destinationPort}};
}

} // namespace ipsec
} // namespace ns3
