// SPDX-License-Identifier: GPL-2.0-only
// What IkeDaemon does with the effects of its engine; its inputs are in ike-daemon.cc.
#include "ike-daemon.h"
#include "ipsec-conversions.h"
#include "ipsec-net-device.h"

#include "ns3/esp-header.h"
#include "ns3/ipv4-route.h"
#include "ns3/log.h"
#include "ns3/node.h"
#include "ns3/simulator.h"
#include "ns3/udp-l4-protocol.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace ns3
{
namespace ipsec
{

NS_LOG_COMPONENT_DEFINE("IkeDaemonEffects");

namespace
{

/// What UDP over IPv4 can carry.
constexpr uint32_t MOST_DATAGRAM_OCTETS = 65535 - 20 - 8;

/// Returns what of a child's traffic is for networks that the peer named; all of it if it named
/// none, or none that the child may reach.
std::vector<ProxyId>
Narrowed(const ProxyId& whole, const std::vector<Prefix>& networks)
{
    std::vector<ProxyId> parts;
    for (const Prefix& network : networks)
    {
        ProxyId part = whole;
        part.remote = whole.remote.Contains(network) ? network : whole.remote;
        const bool isNew = std::find(parts.begin(), parts.end(), part) == parts.end();
        if (network.Contains(part.remote) && isNew)
        {
            parts.push_back(part);
        }
    }
    return parts.empty() ? std::vector<ProxyId>{whole} : parts;
}

} // namespace

void
IkeDaemon::Run(Effects effects)
{
    if (!effects.work.Items().empty())
    {
        TellWork(effects.work);
    }
    if (m_applying)
    {
        std::move(effects.list.begin(), effects.list.end(), std::back_inserter(m_queue));
        return;
    }
    m_applying = true;
    const uint32_t life = m_life;
    for (const Effect& effect : effects.list)
    {
        if (life == m_life)
        {
            std::visit([this](const auto& what) { Apply(what); }, effect);
        }
    }
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
IkeDaemon::TellIkeSaDown(const IkeSaDown& down)
{
    if (m_listener)
    {
        m_listener->HearIkeSaDown(down);
    }
    m_ikeSaDownTrace(down);
}

void
IkeDaemon::TellSaRemoved(const RemoveSa& removed)
{
    if (m_listener)
    {
        m_listener->HearSaRemoved(removed);
    }
    m_saRemovedTrace(removed);
}

void
IkeDaemon::TellWork(const Work& work)
{
    if (m_listener)
    {
        m_listener->HearWork(work);
    }
    m_workTrace(work);
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
    if (m_listener)
    {
        m_listener->HearTx(effect.summary);
    }
    m_txTrace(effect.summary, effect.local, effect.remote);
}

void
IkeDaemon::Apply(const InstallSa& effect)
{
    // Staged packets leave from within, so that whoever watches hears of the SA first.
    if (m_listener)
    {
        m_listener->HearSaInstalled(effect.sa);
    }
    m_saInstalledTrace(effect.sa);
    if (m_dataPlane)
    {
        if (effect.sa.direction == SaDirection::Outbound && IsDerived(effect.sa.child))
        {
            SetPolicy(effect.sa.child, effect.sa.proxyId);
        }
        m_dataPlane->InstallSa(effect.sa);
    }
}

void
IkeDaemon::Apply(const RemoveSa& effect)
{
    // One that expired is gone already, and was traced then.
    if (!m_dataPlane || m_dataPlane->RemoveSa(effect.key))
    {
        TellSaRemoved(effect);
    }
    DropPolicy(effect.child);
}

void
IkeDaemon::Apply(const PeerMoved& effect)
{
    const SaEntry* entry =
        m_dataPlane ? m_dataPlane->GetProcessor().Associations().Find(effect.key) : nullptr;
    if (entry && entry->sa.remote == effect.remote)
    {
        return; // a new IKE SA from where the peer was already
    }
    m_peerMovedTrace(effect);
    if (m_dataPlane)
    {
        m_dataPlane->MovePeer(effect.key, effect.remote);
    }
}

void
IkeDaemon::Apply(const KeepAlive& effect)
{
    if (!SendTo(effect.local, effect.remote, ToPacket(Octets{NAT_KEEPALIVE})))
    {
        Apply(Dropped{Fault::NoRoute, effect.remote, effect.peer, 0});
        return;
    }
    m_keepAliveTrace(effect);
}

void
IkeDaemon::Apply(const IkeSaUp& effect)
{
    if (m_listener)
    {
        m_listener->HearIkeSaUp(effect.info);
    }
    m_ikeSaUpTrace(effect.info);
}

void
IkeDaemon::Apply(const IkeSaDown& effect)
{
    TellIkeSaDown(effect);
}

void
IkeDaemon::Apply(const UserKnown& effect)
{
    m_userKnownTrace(effect);
}

void
IkeDaemon::Apply(const AddressAssigned& effect)
{
    m_addressAssignedTrace(effect);
    if (effect.to != AssignedTo::Us)
    {
        return;
    }
    SetAddress(effect.peer, effect.address);
    m_told[effect.peer] = effect.subnets;
    const PeerConfig* config = m_engine->FindPeerConfig(effect.peer);
    for (uint32_t child = 0; config && child < config->children.size(); ++child)
    {
        if (config->children[child].localIsAssigned)
        {
            SetPolicy({effect.peer, child}, config->children[child].proxyId);
        }
    }
}

void
IkeDaemon::Apply(const AcquireFailed& effect)
{
    if (m_listener)
    {
        m_listener->HearAcquireFailed(effect);
    }
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

// Policies and addresses of remote access

bool
IkeDaemon::IsDerived(ChildId child) const
{
    const PeerConfig* config = m_engine->FindPeerConfig(child.peer);
    if (!config)
    {
        return false;
    }
    const ChildConfig& own = config->children[child.child];
    return child.peer >= m_engine->Config().peers.size() || own.localIsAssigned || own.localIsOwn ||
           own.remoteIsAssigned || own.remoteIsPeer;
}

void
IkeDaemon::SetPolicy(ChildId child, const ProxyId& proxyId)
{
    if (!m_dataPlane)
    {
        return;
    }
    const auto told = m_told.find(child.peer);
    const std::vector<ProxyId> selectors =
        told == m_told.end() ? std::vector<ProxyId>{proxyId} : Narrowed(proxyId, told->second);
    const auto known = m_derivedPolicies.find(child);
    if (known != m_derivedPolicies.end() && known->second == selectors)
    {
        return;
    }
    if (known != m_derivedPolicies.end())
    {
        m_dataPlane->Policies().Remove(child);
    }
    for (const ProxyId& selector : selectors)
    {
        m_dataPlane->Policies().Add(Policy{selector, PolicyAction::Protect, child});
    }
    m_derivedPolicies[child] = selectors;
}

void
IkeDaemon::ReleaseAddress(PeerId peer)
{
    NS_LOG_FUNCTION(this << peer);
    for (auto derived = m_derivedPolicies.begin(); derived != m_derivedPolicies.end();)
    {
        const ChildId child = derived->first;
        if (child.peer != peer)
        {
            ++derived;
            continue;
        }
        m_dataPlane->Policies().Remove(child);
        derived = m_derivedPolicies.erase(derived);
    }
    m_told.erase(peer);
    if (m_assigned.count(peer) > 0)
    {
        DropAddress(peer);
    }
}

void
IkeDaemon::DropPolicy(ChildId child)
{
    if (!m_dataPlane || m_derivedPolicies.count(child) == 0 ||
        !m_dataPlane->GetProcessor().Associations().OfChild(child).empty())
    {
        return;
    }
    // A client keeps its address, and with it what leads its packets into the tunnel rather than
    // into the open.
    const PeerConfig* config = m_engine->FindPeerConfig(child.peer);
    const ChildConfig* own = config ? &config->children[child.child] : nullptr;
    if (own && (own->localIsAssigned || own->localIsOwn))
    {
        return;
    }
    m_dataPlane->Policies().Remove(child);
    m_derivedPolicies.erase(child);
}

std::optional<uint32_t>
IkeDaemon::TunnelInterface() const
{
    const Ptr<Ipv4> ipv4 = GetNode()->GetObject<Ipv4>();
    for (uint32_t interface = 0; interface < ipv4->GetNInterfaces(); ++interface)
    {
        if (DynamicCast<IpsecNetDevice>(ipv4->GetNetDevice(interface)))
        {
            return interface;
        }
    }
    return std::nullopt;
}

void
IkeDaemon::SetAddress(PeerId peer, IpAddress address)
{
    const auto old = m_assigned.find(peer);
    const bool isKnown = old != m_assigned.end();
    const std::optional<uint32_t> interface = TunnelInterface();
    if (!interface || (isKnown && old->second == address))
    {
        return;
    }
    if (isKnown)
    {
        DropAddress(peer);
    }
    GetNode()->GetObject<Ipv4>()->AddAddress(
        *interface, Ipv4InterfaceAddress(ToNs3(address), Ipv4Mask::GetOnes()));
    m_assigned[peer] = address;
}

void
IkeDaemon::DropAddress(PeerId peer)
{
    const auto old = m_assigned.find(peer);
    GetNode()->GetObject<Ipv4>()->RemoveAddress(*TunnelInterface(), ToNs3(old->second));
    m_assigned.erase(old);
}

bool
IkeDaemon::SendTo(const Endpoint& local, const Endpoint& remote, Ptr<Packet> packet)
{
    if (m_ports.count(local) == 0 || packet->GetSize() > MOST_DATAGRAM_OCTETS)
    {
        return false;
    }
    const Ptr<Ipv4Route> route = RouteTo(local, remote);
    if (!route)
    {
        return false;
    }
    m_udp->Send(
        packet, ToNs3(local.address), ToNs3(remote.address), local.port, remote.port, route);
    return true;
}

Ptr<Ipv4Route>
IkeDaemon::RouteTo(const Endpoint& local, const Endpoint& remote) const
{
    // UDP reports nothing, whether there is a route or not.
    Ipv4Header header;
    header.SetSource(ToNs3(local.address));
    header.SetDestination(ToNs3(remote.address));
    header.SetProtocol(IP_PROTOCOL_UDP);
    if (m_dataPlane)
    {
        return m_dataPlane->OuterRoute(
            header.GetSource(), header.GetDestination(), header.GetProtocol());
    }
    const Ptr<Ipv4RoutingProtocol> routing = GetNode()->GetObject<Ipv4>()->GetRoutingProtocol();
    Socket::SocketErrno error = Socket::ERROR_NOTERROR;
    return routing ? routing->RouteOutput(nullptr, header, nullptr, error) : nullptr;
}

// Time

void
IkeDaemon::ReportTraffic()
{
    if (!m_dataPlane)
    {
        return;
    }
    for (const SaKey& key : m_engine->AwaitsTraffic(InstantNow()))
    {
        const SaEntry* entry = m_dataPlane->GetProcessor().Associations().Find(key);
        if (entry && entry->lastUsed)
        {
            m_engine->HandleTraffic(InstantNow(), key, *entry->lastUsed);
        }
    }
}

void
IkeDaemon::Reschedule()
{
    const std::optional<Instant> deadline = m_engine->NextDeadline();
    if (deadline == m_armed || !m_running || m_timeoutWaits)
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
