// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-message-recorder.h"

#include "ipsec-ike-capture.h"

#include "ns3/ike-fragmentation.h"
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

void
MessageRecorder::HearArrival(const MessageSummary& message,
                             const Endpoint& local,
                             const Endpoint& remote)
{
    MessageRecord record = MakeReceived(message, remote);
    if (m_nodes.IsHidden(record.from))
    {
        m_sums.matcher.CountReceived(message, record.from);
        return;
    }
    record.source = remote;
    record.destination = local;
    record.order = m_sums.order++;
    record.seenFrom = remote;
    record.fromOutside = !m_nodes.IsKnown(record.from);
    record.isWaiting = m_takesTime;
    const Duration transit = record.fromOutside
                                 ? Duration::zero()
                                 : m_nodes.TransitOf(record.from, m_gateway.name).least;
    m_sums.matcher.Received(InstantNow(), record, transit);
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
    const Octets octets = ToOctets(*packet);
    const std::optional<OctetView> datagram = IkeOf(octets);
    const std::optional<MessageSummary> message =
        datagram ? SummariseUnread(*datagram) : std::nullopt;
    if (message)
    {
        m_sums.matcher.Dropped(InstantNow(), MessageContent(*message), m_gateway.name);
    }
}

} // namespace ipsec
} // namespace ns3
