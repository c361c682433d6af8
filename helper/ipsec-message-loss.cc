// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-message-loss.h"

#include "ns3/esp-header.h"
#include "ns3/ipsec-cargo.h"
#include "ns3/ipsec-conversions.h"
#include "ns3/ipsec-flow-key.h"

#include <algorithm>

namespace ns3
{
namespace ipsec
{

NS_OBJECT_ENSURE_REGISTERED(MessageLoss);

namespace
{

constexpr size_t UDP_HEADER_OCTETS = 8;
/// Exchanges that are remembered at once: a flood must not fill the memory.
constexpr size_t MOST_EXCHANGES = 100000;

/// Returns the IKE message in a whole packet, or nothing.
OctetView
FindMessage(OctetView packet)
{
    const Result<FlowKey> flow = ParseFlowKey(packet);
    if (!flow || flow->protocol != IP_PROTOCOL_UDP || IsLaterFragment(packet))
    {
        return {};
    }
    const size_t start = (packet[0] & 0x0f) * size_t{4} + UDP_HEADER_OCTETS;
    const bool isFloated = flow->sourcePort == NATT_PORT || flow->destinationPort == NATT_PORT;
    const bool isIke = flow->sourcePort == IKE_PORT || flow->destinationPort == IKE_PORT;
    const size_t marker = isFloated ? NON_ESP_MARKER.size() : 0;
    if ((!isFloated && !isIke) || packet.size() < start + marker + ISAKMP_HEADER_OCTETS)
    {
        return {};
    }
    const OctetView inside = packet.From(start);
    return isFloated && !(inside.First(marker) == NON_ESP_MARKER) ? OctetView()
                                                                  : inside.From(marker);
}

} // namespace

TypeId
MessageLoss::GetTypeId()
{
    static TypeId tid = TypeId("ns3::ipsec::MessageLoss")
                            .SetParent<ErrorModel>()
                            .SetGroupName("Ipsec")
                            .AddConstructor<MessageLoss>();
    return tid;
}

void
MessageLoss::Watch(const Ptr<IpsecCloudNetDevice>& link, LostCallback lost)
{
    m_lost = std::move(lost);
    link->TraceConnectWithoutContext("MacTx", MakeCallback(&MessageLoss::SeeLeaving, this));
}

void
MessageLoss::Begin(const EventSettings& event, Ptr<UniformRandomVariable> random)
{
    m_rules.push_back({&event, random, event.lose.count});
}

void
MessageLoss::End(const EventSettings& event)
{
    m_rules.erase(std::remove_if(m_rules.begin(),
                                 m_rules.end(),
                                 [&](const Rule& rule) { return rule.event == &event; }),
                  m_rules.end());
}

void
MessageLoss::SeeLeaving(Ptr<const Packet> packet)
{
    See(*packet);
}

MessageLoss::Numbered
MessageLoss::See(const Packet& packet)
{
    const Octets octets = ToOctets(packet);
    const OctetView message = FindMessage(octets);
    const Result<IsakmpHeader> header = ParseIsakmpHeader(message);
    if (!header)
    {
        return {};
    }
    if (m_seen.size() >= MOST_EXCHANGES)
    {
        m_seen.erase(m_seen.begin());
    }
    std::vector<Octets>& seen = m_seen[{header->initiatorCookie, header->messageId}];
    const Octets content = message.Copy();
    const auto found = std::find(seen.begin(), seen.end(), content);
    const auto number = static_cast<uint32_t>(found - seen.begin()) + 1;
    if (found == seen.end())
    {
        seen.push_back(content);
    }
    return {header->exchange, number};
}

bool
MessageLoss::DoCorrupt(Ptr<Packet> packet)
{
    const Numbered message = See(*packet);
    for (Rule& rule : m_rules)
    {
        const LoseSettings& lose = rule.event->lose;
        const bool isMeant = lose.exchange == message.exchange && lose.number == message.number;
        if (isMeant && rule.left > 0 && (lose.share >= 1 || rule.random->GetValue() < lose.share))
        {
            rule.left--;
            m_lost(*rule.event, lose.text);
            return true;
        }
    }
    return false;
}

void
MessageLoss::DoReset()
{
}

} // namespace ipsec
} // namespace ns3
