// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-branch-recorder.h"

#include "ipsec-packet-message.h"

#include "ns3/ipsec-conversions.h"

#include <optional>

namespace ns3
{
namespace ipsec
{

BranchRecorder::BranchRecorder(const ScenarioGateway& gateway,
                               const Scenario& scenario,
                               RecorderNodes& nodes,
                               RecorderSums& sums)
    : m_gateway(gateway)
    , m_nodes(nodes)
    , m_sums(sums)
    , m_record(nodes.BranchesOf(gateway.name))
    , m_peers(gateway, scenario, nodes)
    , m_clear(gateway)
{
    gateway.daemon->SetListener(this);
    gateway.outside->SetListener(this);
    for (const IpsecSa& sa : gateway.plan.manualSas)
    {
        HearSaInstalled(sa);
    }
}

BranchRecorder::~BranchRecorder()
{
    Leave();
}

void
BranchRecorder::Leave()
{
    m_gateway.daemon->SetListener(nullptr);
    m_gateway.outside->SetListener(nullptr);
}

void
BranchRecorder::Finish()
{
    // What ends with the simulator is not part of the run.
    Leave();
    m_record.ikeSas += m_ikeSas;
    m_record.ipsecSas += m_ipsecSas;
    m_record.clearPackets += m_clear.ClearPackets();
    for (const auto* drops : {&m_gateway.daemon->Drops(), &m_gateway.dataPlane->Drops()})
    {
        for (const auto& [fault, count] : *drops)
        {
            m_record.dropCounts[fault] += count;
        }
    }
}

void
BranchRecorder::HearTx(const MessageSummary& message)
{
    m_nodes.NoteSender(message.initiatorCookie, m_gateway.name);
    const Duration transit = m_nodes.TransitOf(m_gateway.name, m_record.hub).most;
    m_sums.matcher.CountSent(InstantNow(),
                             message,
                             m_gateway.name,
                             ToInstant(m_gateway.outside->LatestDeparture()) + transit);
}

void
BranchRecorder::HearArrival(const MessageSummary& message,
                            const Endpoint& /* local */,
                            const Endpoint& remote)
{
    m_sums.matcher.CountReceived(
        InstantNow(), message, m_peers.OtherEnd(remote, message.initiatorCookie));
}

void
BranchRecorder::HearRefusal(const MessageSummary& /* message */, const Endpoint& /* remote */)
{
    m_sums.matcher.CountRefused();
}

void
BranchRecorder::HearIkeSaUp(const IkeSaInfo& /* info */)
{
    m_ikeSas++;
}

void
BranchRecorder::HearIkeSaDown(const IkeSaDown& down)
{
    if (down.wasEstablished)
    {
        m_ikeSas -= m_ikeSas > 0 ? 1 : 0;
    }
    else
    {
        m_record.failures++;
    }
}

void
BranchRecorder::HearSaInstalled(const IpsecSa& sa)
{
    m_ipsecSas++;
    m_sums.tracker.Installed(InstantNow(), m_gateway.name, m_peers.TunnelName(sa.child), sa.Key());
}

void
BranchRecorder::HearSaRemoved(const RemoveSa& removed)
{
    // Manual ones come back after a crash without a word.
    m_ipsecSas -= m_ipsecSas > 0 ? 1 : 0;
    m_sums.tracker.Removed(
        InstantNow(), m_gateway.name, m_peers.TunnelName(removed.child), removed.key);
}

void
BranchRecorder::HearAcquireFailed(const AcquireFailed& /* failed */)
{
    m_record.failures++;
}

void
BranchRecorder::HearWork(const Work& work)
{
    m_record.work.Add(work);
}

void
BranchRecorder::HearMacTx(Ptr<const Packet> packet)
{
    m_clear.See(ToOctets(*packet));
}

void
BranchRecorder::HearMacTxDrop(Ptr<const Packet> packet)
{
    m_record.unsentPackets++;
    Lose(*packet);
}

void
BranchRecorder::HearPhyTxDrop(Ptr<const Packet> packet)
{
    m_record.lostPackets++;
    Lose(*packet);
}

void
BranchRecorder::Lose(const Packet& packet)
{
    if (const std::optional<PacketMessage> lost = MessageIn(packet))
    {
        m_sums.matcher.Dropped(InstantNow(), MessageContent(lost->summary), m_gateway.name);
    }
}

void
BranchRecorder::HearPhyRxDrop(Ptr<const Packet> packet)
{
    if (const std::optional<PacketMessage> lost = MessageIn(*packet))
    {
        m_sums.matcher.Lost(InstantNow(),
                            MessageContent(lost->summary),
                            m_peers.OtherEnd(lost->source, lost->summary.initiatorCookie));
    }
}

void
BranchRecorder::HearMacRx(Ptr<const Packet> packet)
{
    if (m_gateway.daemon->IsRunning())
    {
        return;
    }
    if (const std::optional<PacketMessage> unheard = MessageIn(*packet))
    {
        m_sums.matcher.CountUnheard(
            InstantNow(),
            MessageContent(unheard->summary),
            m_peers.OtherEnd(unheard->source, unheard->summary.initiatorCookie));
    }
}

} // namespace ipsec
} // namespace ns3
