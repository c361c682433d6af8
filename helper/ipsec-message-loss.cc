// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-message-loss.h"

#include "ipsec-ike-capture.h"

#include "ns3/ipsec-conversions.h"
#include "ns3/isakmp-message.h"

#include <algorithm>

namespace ns3
{
namespace ipsec
{

NS_OBJECT_ENSURE_REGISTERED(MessageLoss);

namespace
{

/// Exchanges that are remembered at once: a flood must not fill the memory.
constexpr size_t MOST_EXCHANGES = 100000;

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
    const std::optional<OctetView> message = IkeOf(octets);
    if (!message)
    {
        return {};
    }
    const Result<IsakmpHeader> header = ParseIsakmpHeader(*message);
    if (m_seen.size() >= MOST_EXCHANGES)
    {
        m_seen.erase(m_seen.begin());
    }
    std::vector<Octets>& seen = m_seen[{header->initiatorCookie, header->messageId}];
    const Octets content = message->Copy();
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
