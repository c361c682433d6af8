// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-message-recorder.h"

#include "ipsec-packet-message.h"

#include "ns3/ipsec-conversions.h"

#include <optional>

namespace ns3
{
namespace ipsec
{

MessageRecorder::MessageRecorder(const ScenarioGateway& gateway,
                                 const RecorderPeers& peers,
                                 RecorderNodes& nodes,
                                 RecorderSums& sums)
    : m_gateway(gateway)
    , m_peers(peers)
    , m_nodes(nodes)
    , m_sums(sums)
    , m_takesTime(gateway.cpu && !gateway.cpu->IsFree())
{
    using Self = MessageRecorder;
    gateway.daemon->SetListener(this);
    gateway.daemon->TraceConnectWithoutContext("Tx", MakeCallback(&Self::Tx, this));
    gateway.daemon->TraceConnectWithoutContext("Rx", MakeCallback(&Self::Rx, this));
    gateway.outside->TraceConnectWithoutContext("PhyTxDrop", MakeCallback(&Self::Lose, this));
    gateway.outside->TraceConnectWithoutContext("MacTxDrop", MakeCallback(&Self::Lose, this));
    gateway.outside->TraceConnectWithoutContext("PhyRxDrop",
                                                MakeCallback(&Self::LoseArriving, this));
    gateway.outside->TraceConnectWithoutContext("MacRx", MakeCallback(&Self::Come, this));
}

MessageRecorder::~MessageRecorder()
{
    m_gateway.daemon->SetListener(nullptr);
}

void
MessageRecorder::Tx(const MessageSummary& message, const Endpoint& local, const Endpoint& remote)
{
    m_nodes.NoteSender(message.initiatorCookie, m_gateway.name);
    if (message.exchange == ExchangeType::QuickMode &&
        m_peersQuickModes.count(message.messageId) == 0)
    {
        m_ownQuickModes.insert(message.messageId);
    }
    const std::string other = m_peers.OtherEnd(remote, message.initiatorCookie);
    const Instant latest = ToInstant(m_gateway.outside->LatestDeparture()) +
                           m_nodes.TransitOf(m_gateway.name, other).most;
    if (m_nodes.IsHidden(other))
    {
        m_sums.matcher.CountSent(InstantNow(), message, m_gateway.name, latest);
        return;
    }
    MessageRecord record;
    record.source = local;
    record.destination = remote;
    record.from = m_gateway.name;
    record.to = other;
    record.order = m_sums.order++;
    record.summary = message;
    record.latestArrival = latest;
    record.toOutside = !m_nodes.IsKnown(other);
    m_sums.matcher.Sent(InstantNow(), record);
}

MessageRecord
MessageRecorder::MakeReceived(const MessageSummary& message, const Endpoint& remote) const
{
    MessageRecord record;
    record.from = m_peers.OtherEnd(remote, message.initiatorCookie);
    record.to = m_gateway.name;
    record.summary = message;
    return record;
}

MessageRecord
MessageRecorder::MakeArrived(const MessageSummary& message,
                             const Endpoint& local,
                             const Endpoint& remote)
{
    MessageRecord record = MakeReceived(message, remote);
    record.source = remote;
    record.destination = local;
    record.order = m_sums.order++;
    record.seenFrom = remote;
    record.fromOutside = !m_nodes.IsKnown(record.from);
    return record;
}

Duration
MessageRecorder::LeastTransit(const MessageRecord& message) const
{
    return message.fromOutside ? Duration::zero()
                               : m_nodes.TransitOf(message.from, m_gateway.name).least;
}

void
MessageRecorder::HearArrival(const MessageSummary& message,
                             const Endpoint& local,
                             const Endpoint& remote)
{
    const std::string from = m_peers.OtherEnd(remote, message.initiatorCookie);
    if (m_nodes.IsHidden(from))
    {
        m_sums.matcher.CountReceived(InstantNow(), message, from);
        return;
    }
    MessageRecord record = MakeArrived(message, local, remote);
    record.isWaiting = m_takesTime;
    m_sums.matcher.Received(InstantNow(), record, LeastTransit(record));
}

void
MessageRecorder::HearRefusal(const MessageSummary& message, const Endpoint& remote)
{
    const MessageRecord record = MakeReceived(message, remote);
    if (m_nodes.IsHidden(record.from))
    {
        m_sums.matcher.CountRefused();
        return;
    }
    m_sums.matcher.Refused(InstantNow(), record);
}

void
MessageRecorder::Rx(const MessageSummary& message,
                    const Endpoint& /* local */,
                    const Endpoint& remote)
{
    if (message.exchange == ExchangeType::QuickMode)
    {
        m_lastQuickMode =
            m_ownQuickModes.count(message.messageId) > 0 ? Role::Initiator : Role::Responder;
        m_peersQuickModes.insert(message.messageId);
    }
    if (m_takesTime)
    {
        m_sums.matcher.Handled(
            InstantNow(), m_gateway.daemon->ArrivedAt(), MakeReceived(message, remote));
    }
}

void
MessageRecorder::Lose(Ptr<const Packet> packet)
{
    if (const std::optional<PacketMessage> lost = MessageIn(*packet))
    {
        m_sums.matcher.Dropped(InstantNow(), MessageContent(lost->summary), m_gateway.name);
    }
}

void
MessageRecorder::LoseArriving(Ptr<const Packet> packet)
{
    if (const std::optional<PacketMessage> lost = MessageIn(*packet))
    {
        m_sums.matcher.Lost(InstantNow(),
                            MessageContent(lost->summary),
                            m_peers.OtherEnd(lost->source, lost->summary.initiatorCookie));
    }
}

void
MessageRecorder::Come(Ptr<const Packet> packet)
{
    if (m_gateway.daemon->IsRunning())
    {
        return;
    }
    const std::optional<PacketMessage> unheard = MessageIn(*packet);
    if (!unheard)
    {
        return;
    }
    const std::string from = m_peers.OtherEnd(unheard->source, unheard->summary.initiatorCookie);
    if (m_nodes.IsHidden(from))
    {
        m_sums.matcher.CountUnheard(InstantNow(), MessageContent(unheard->summary), from);
        return;
    }
    const MessageRecord record =
        MakeArrived(unheard->summary, unheard->destination, unheard->source);
    m_sums.matcher.Unheard(InstantNow(), record, LeastTransit(record));
}

} // namespace ipsec
} // namespace ns3
