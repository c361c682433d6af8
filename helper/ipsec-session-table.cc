// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-session-table.h"

#include "ns3/esp-header.h"
#include "ns3/ipsec-cargo.h"
#include "ns3/ipsec-hash.h"

#include <algorithm>
#include <map>

namespace ns3
{
namespace ipsec
{

namespace
{

constexpr uint8_t ICMP_ECHO_REPLY = 0;
constexpr uint8_t ICMP_ECHO = 8;
constexpr uint16_t TYPE_SHIFT = 8;

std::string
ProtocolName(uint8_t protocol)
{
    static const std::map<uint8_t, std::string> NAMES{{IP_PROTOCOL_ICMP, "icmp"},
                                                      {IP_PROTOCOL_TCP, "tcp"},
                                                      {IP_PROTOCOL_UDP, "udp"},
                                                      {IP_PROTOCOL_GRE, "gre"},
                                                      {IP_PROTOCOL_ESP, "esp"},
                                                      {IP_PROTOCOL_AH, "ah"}};
    const auto found = NAMES.find(protocol);
    return found == NAMES.end() ? "ip " + std::to_string(protocol) : found->second;
}

/// Gives an ICMP packet the numbers that stand for ports. Echo and its reply are one session.
void
NumberIcmp(FlowKey& flow, OctetView packet)
{
    OctetReader icmp(packet.From(size_t{4} * (packet[0] & 15)));
    const uint8_t type = icmp.U8();
    icmp.U8();  // code
    icmp.U16(); // checksum
    const uint16_t identifier = icmp.U16();
    if (!icmp.Ok())
    {
        return;
    }
    const bool isReply = type == ICMP_ECHO_REPLY;
    const uint16_t shown = isReply ? ICMP_ECHO << TYPE_SHIFT : type << TYPE_SHIFT;
    flow.sourcePort = isReply ? shown : identifier;
    flow.destinationPort = isReply ? identifier : shown;
}

} // namespace

std::string
Session::ToString() const
{
    return ProtocolName(flow.protocol) + " VPN: public --> public " + flow.source.ToString() + ":" +
           std::to_string(flow.sourcePort) + " --> " + flow.destination.ToString() + ":" +
           std::to_string(flow.destinationPort);
}

size_t
SessionTable::EndsHash::operator()(const Ends& ends) const
{
    const auto& [protocol, lesser, greater] = ends;
    size_t hash = protocol;
    for (const Endpoint& end : {lesser, greater})
    {
        hash = MixHash(hash, end.address.value);
        hash = MixHash(hash, end.port);
    }
    return hash;
}

SessionTable::Ends
SessionTable::EndsOf(const FlowKey& flow)
{
    const Endpoint source{flow.source, flow.sourcePort};
    const Endpoint destination{flow.destination, flow.destinationPort};
    return {flow.protocol, std::min(source, destination), std::max(source, destination)};
}

void
SessionTable::See(OctetView packet)
{
    const Result<FlowKey> parsed = ParseFlowKey(packet);
    if (!parsed || IsLaterFragment(packet))
    {
        return;
    }
    FlowKey flow = *parsed;
    if (flow.protocol == IP_PROTOCOL_ICMP)
    {
        NumberIcmp(flow, packet);
    }
    const Ends ends = EndsOf(flow);
    const auto found = m_places.find(ends);
    if (found == m_places.end() && m_sessions.size() >= MAX_SESSIONS)
    {
        m_overflow++;
        return;
    }
    const size_t place = found == m_places.end() ? m_sessions.size() : found->second;
    if (found == m_places.end())
    {
        m_places[ends] = place;
        m_sessions.push_back({flow, 0, 0});
    }
    Session& session = m_sessions[place];
    const bool isAnswer =
        session.flow.source != flow.source || session.flow.sourcePort != flow.sourcePort;
    (isAnswer ? session.answers : session.packets)++;
}

} // namespace ipsec
} // namespace ns3
