// SPDX-License-Identifier: GPL-2.0-only
// What IkeDaemon does with the effects of its engine; its inputs are in ike-daemon.cc.
#include "ike-daemon.h"
#include "ipsec-conversions.h"

#include "ns3/esp-header.h"
#include "ns3/log.h"
#include "ns3/node.h"
#include "ns3/simulator.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace ns3
{
namespace ipsec
{

NS_LOG_COMPONENT_DEFINE("IkeDaemonEffects");

void
IkeDaemon::Run(Effects effects)
{
    if (!effects.work.Items().empty())
    {
        m_workTrace(effects.work);
    }
    std::move(effects.list.begin(), effects.list.end(), std::back_inserter(m_queue));
    if (m_applying)
    {
        return;
    }
    m_applying = true;
    while (!m_queue.empty())
    {
        const Effect effect = std::move(m_queue.front());
        m_queue.pop_front();
        std::visit([this](const auto& what) { Apply(what); }, effect);
    }
    m_applying = false;
    Reschedule();
}

void
IkeDaemon::Apply(const Transmit& effect)
{
    Ptr<Packet> packet;
    if (effect.local.port == NATT_PORT)
    {
        packet = ToPacket(Concat({NON_ESP_MARKER, effect.datagram}));
    }
    else
    {
        packet = ToPacket(effect.datagram);
    }
    if (!SendTo(effect.local, effect.remote, packet))
    {
        Apply(Dropped{Fault::NoRoute, effect.remote, std::nullopt, 0});
        return;
    }
    m_txTrace(effect.summary, effect.local, effect.remote);
}

void
IkeDaemon::Apply(const InstallSa& effect)
{
    // Staged packets leave from within, so that whoever watches hears of the SA first.
    m_saInstalledTrace(effect.sa);
    if (m_dataPlane)
    {
        m_dataPlane->InstallSa(effect.sa);
    }
}

void
IkeDaemon::Apply(const RemoveSa& effect)
{
    // One that expired is gone already, and was traced then.
    if (!m_dataPlane || m_dataPlane->RemoveSa(effect.key))
    {
        m_saRemovedTrace(effect);
    }
}

void
IkeDaemon::Apply(const IkeSaUp& effect)
{
    m_ikeSaUpTrace(effect.info);
}

void
IkeDaemon::Apply(const IkeSaDown& effect)
{
    m_ikeSaDownTrace(effect);
}

void
IkeDaemon::Apply(const AddressAssigned& effect)
{
    m_addressAssignedTrace(effect);
}

void
IkeDaemon::Apply(const AcquireFailed& effect)
{
    m_acquireFailedTrace(effect);
    if (m_dataPlane)
    {
        m_dataPlane->AbandonStaged(effect.child, Fault::StagedAbandoned);
    }
}

void
IkeDaemon::Apply(const Dropped& effect)
{
    m_drops[effect.fault]++;
    m_dropTrace(effect);
}

void
IkeDaemon::Apply(const StateChanged& effect)
{
    m_stateTrace(effect);
}

bool
IkeDaemon::SendEspInUdp(const Endpoint& local, const Endpoint& remote, Ptr<Packet> esp)
{
    return SendTo(local, remote, esp);
}

bool
IkeDaemon::SendTo(const Endpoint& local, const Endpoint& remote, Ptr<Packet> packet)
{
    const auto found = m_sockets.find(local);
    if (found == m_sockets.end() || !HasRoute(local, remote))
    {
        return false;
    }
    return found->second->SendTo(packet, 0, ToNs3(remote)) >= 0;
}

bool
IkeDaemon::HasRoute(const Endpoint& local, const Endpoint& remote) const
{
    // A bound socket of ns-3 reports success whether there is a route or not.
    Ipv4Header header;
    header.SetSource(ToNs3(local.address));
    header.SetDestination(ToNs3(remote.address));
    header.SetProtocol(IP_PROTOCOL_UDP);
    if (m_dataPlane)
    {
        return static_cast<bool>(m_dataPlane->OuterRoute(
            header.GetSource(), header.GetDestination(), header.GetProtocol()));
    }
    const Ptr<Ipv4RoutingProtocol> routing = GetNode()->GetObject<Ipv4>()->GetRoutingProtocol();
    Socket::SocketErrno error = Socket::ERROR_NOTERROR;
    return routing && routing->RouteOutput(nullptr, header, nullptr, error);
}

// Time

void
IkeDaemon::HandleTimeout()
{
    NS_LOG_FUNCTION(this);
    m_armed.reset();
    Run(m_engine->HandleTimeout(InstantNow(), m_random));
}

void
IkeDaemon::Reschedule()
{
    const std::optional<Instant> deadline = m_engine->NextDeadline();
    if (deadline == m_armed || !m_running)
    {
        return;
    }
    m_event.Cancel();
    m_armed = deadline;
    if (deadline)
    {
        const Time delay = std::max(ToTime(*deadline) - Simulator::Now(), Time(0));
        m_event = Simulator::Schedule(delay, &IkeDaemon::HandleTimeout, this);
    }
}

} // namespace ipsec
} // namespace ns3
