// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-packet-message.h"

#include "ipsec-ike-capture.h"

#include "ns3/esp-header.h"
#include "ns3/ike-fragmentation.h"
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

} // namespace

std::optional<PacketMessage>
MessageIn(const Packet& packet)
{
    if (!IsUdp(packet))
    {
        return std::nullopt;
    }
    const Octets octets = ToOctets(packet);
    const std::optional<OctetView> payload = IkePayloadOf(octets);
    if (!payload || payload->size() < ISAKMP_HEADER_OCTETS)
    {
        return std::nullopt;
    }
    // Nobody looks at what a fragment lacks, but its length counts.
    Octets message = payload->Copy();
    const uint32_t length = OctetReader(payload->From(LENGTH_OFFSET)).U32();
    message.resize(std::clamp<size_t>(length, message.size(), MOST_MESSAGE_OCTETS));
    const std::optional<MessageSummary> summary = SummariseUnread(message);
    if (!summary)
    {
        return std::nullopt;
    }
    const Result<FlowKey> flow = ParseFlowKey(octets);
    return PacketMessage{
        *summary, {flow->source, flow->sourcePort}, {flow->destination, flow->destinationPort}};
}

} // namespace ipsec
} // namespace ns3
