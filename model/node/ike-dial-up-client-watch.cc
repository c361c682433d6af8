// SPDX-License-Identifier: GPL-2.0-only
// What DialUpClient hears and what it makes of it; its states are in ike-dial-up-client.cc.
#include "ike-dial-up-client.h"
#include "ipsec-conversions.h"
#include "ipsec-policy-routing.h"

#include "ns3/log.h"
#include "ns3/node.h"
#include "ns3/simulator.h"

#include <algorithm>
#include <utility>

namespace ns3
{
namespace ipsec
{

NS_LOG_COMPONENT_DEFINE("DialUpClientWatch");

namespace
{

/// Where the rules of a client stand: before and behind those of all tunnels.
constexpr int32_t BEFORE_TUNNELS = -1000;
constexpr int32_t BEHIND_TUNNELS = 1000;

Policy
RuleFor(const Prefix& remote, PolicyAction action, int32_t order)
{
    Policy rule;
    rule.selector.remote = remote;
    rule.action = action;
    rule.order = order;
    return rule;
}

} // namespace

void
DialUpClient::Watch()
{
    m_daemon->TraceConnectWithoutContext("IkeSaUp",
                                         MakeCallback(&DialUpClient::HandleIkeSaUp, this));
    m_daemon->TraceConnectWithoutContext("IkeSaDown",
                                         MakeCallback(&DialUpClient::HandleIkeSaDown, this));
    m_daemon->TraceConnectWithoutContext("AcquireFailed",
                                         MakeCallback(&DialUpClient::HandleAcquireFailed, this));
    m_daemon->TraceConnectWithoutContext("AddressAssigned",
                                         MakeCallback(&DialUpClient::HandleAddressAssigned, this));
    m_daemon->TraceConnectWithoutContext("SaInstalled",
                                         MakeCallback(&DialUpClient::HandleSaInstalled, this));
    m_daemon->TraceConnectWithoutContext("SaRemoved",
                                         MakeCallback(&DialUpClient::HandleSaRemoved, this));
    m_routing->TraceConnectWithoutContext("AddressAdded",
                                          MakeCallback(&DialUpClient::HandleAddress, this));
    m_routing->TraceConnectWithoutContext("AddressRemoved",
                                          MakeCallback(&DialUpClient::HandleAddress, this));
}

void
DialUpClient::Unwatch()
{
    m_daemon->TraceDisconnectWithoutContext("IkeSaUp",
                                            MakeCallback(&DialUpClient::HandleIkeSaUp, this));
    m_daemon->TraceDisconnectWithoutContext("IkeSaDown",
                                            MakeCallback(&DialUpClient::HandleIkeSaDown, this));
    m_daemon->TraceDisconnectWithoutContext("AcquireFailed",
                                            MakeCallback(&DialUpClient::HandleAcquireFailed, this));
    m_daemon->TraceDisconnectWithoutContext(
        "AddressAssigned", MakeCallback(&DialUpClient::HandleAddressAssigned, this));
    m_daemon->TraceDisconnectWithoutContext("SaInstalled",
                                            MakeCallback(&DialUpClient::HandleSaInstalled, this));
    m_daemon->TraceDisconnectWithoutContext("SaRemoved",
                                            MakeCallback(&DialUpClient::HandleSaRemoved, this));
    m_routing->TraceDisconnectWithoutContext("AddressAdded",
                                             MakeCallback(&DialUpClient::HandleAddress, this));
    m_routing->TraceDisconnectWithoutContext("AddressRemoved",
                                             MakeCallback(&DialUpClient::HandleAddress, this));
    m_outbound.clear();
}

// What is told

void
DialUpClient::HandleIkeSaUp(const IkeSaInfo& up)
{
    m_hasIkeSa = m_hasIkeSa || (up.peer == m_peer && ToTime(up.establishedAt) >= m_attemptSince);
}

bool
DialUpClient::IsOfAnEarlierAttempt(Fault reason) const
{
    return m_state == DialUpState::Connecting && !m_hasIkeSa && reason == Fault::Terminated;
}

void
DialUpClient::HandleIkeSaDown(const IkeSaDown& down)
{
    if (down.peer == m_peer && !IsOfAnEarlierAttempt(down.reason))
    {
        m_failure = m_failure.value_or(down.reason);
        ReviewSoon();
    }
}

void
DialUpClient::HandleAcquireFailed(const AcquireFailed& failed)
{
    if (failed.child.peer == m_peer && !IsOfAnEarlierAttempt(failed.reason))
    {
        m_failure = m_failure.value_or(failed.reason);
        ReviewSoon();
    }
}

void
DialUpClient::HandleAddressAssigned(const AddressAssigned& assigned)
{
    if (assigned.peer == m_peer && assigned.to == AssignedTo::Us)
    {
        m_assigned = ToNs3(assigned.address);
    }
}

void
DialUpClient::HandleSaInstalled(const IpsecSa& sa)
{
    if (sa.child.peer == m_peer && sa.direction == SaDirection::Outbound)
    {
        m_outbound[sa.child.child].insert(sa.Key());
        ReviewSoon();
    }
}

void
DialUpClient::HandleSaRemoved(const RemoveSa& removed)
{
    if (removed.child.peer == m_peer && m_outbound[removed.child.child].erase(removed.key) > 0)
    {
        m_removal = removed.reason;
        ReviewSoon();
    }
}

void
DialUpClient::HandleAddress(uint32_t interface, Ipv4InterfaceAddress /* address */)
{
    if (GetNode()->GetObject<Ipv4>()->GetInterfaceForDevice(m_device) ==
        static_cast<int32_t>(interface))
    {
        ReviewSoon();
    }
}

// What follows

void
DialUpClient::ReviewSoon()
{
    // DHCP has not set its route yet, and a renewal replaces one SA by another in one instant.
    if (m_running && !m_review.IsRunning())
    {
        m_review = Simulator::ScheduleNow(&DialUpClient::Review, this);
    }
}

void
DialUpClient::Review()
{
    if (FollowAddress())
    {
        ComeBack();
    }
    else
    {
        FollowTunnel();
    }
}

void
DialUpClient::FollowTunnel()
{
    if (m_state == DialUpState::Connecting && IsUp())
    {
        BecomeConnected();
    }
    else if (m_state == DialUpState::Connecting && m_failure)
    {
        EndAttempt(*m_failure);
    }
    else if (m_state == DialUpState::Connected && !IsUp())
    {
        LoseTunnel(m_removal.value_or(Fault::Terminated));
        if (m_reconnect)
        {
            BackOff();
        }
        else
        {
            GiveUp(DialUpState::Off);
        }
    }
}

bool
DialUpClient::FollowAddress()
{
    const std::optional<Ipv4InterfaceAddress> old = m_local;
    m_local = FindAddress();
    const bool moved = std::exchange(m_moved, false);
    if (m_local == old && !moved)
    {
        return false;
    }
    const Ipv4Address before = old ? old->GetLocal() : ToNs3(UNKNOWN_ADDRESS);
    const Ipv4Address now = m_local ? m_local->GetLocal() : ToNs3(UNKNOWN_ADDRESS);
    NS_LOG_INFO("address " << before << " -> " << now);
    m_addressTrace(old ? before : Ipv4Address::GetAny(), m_local ? now : Ipv4Address::GetAny());
    if (before != now)
    {
        m_routing->RemoveTunnelEnd(before);
        m_routing->AddTunnelEnd(now);
    }
    m_daemon->ChangeAddress(ToCore(before), ToCore(now));
    UpdateRules();
    return true;
}

void
DialUpClient::ComeBack()
{
    if (!m_wanted)
    {
        return;
    }
    m_counters.addressChanges++;
    if (m_state == DialUpState::Connected)
    {
        LoseTunnel(Fault::NoRoute);
    }
    else
    {
        AbandonAttempt();
        CleanUp();
    }
    ForgetFailures();
    TryNow();
}

std::optional<Ipv4InterfaceAddress>
DialUpClient::FindAddress() const
{
    const Ptr<Ipv4> ipv4 = GetNode()->GetObject<Ipv4>();
    const int32_t interface = m_device ? ipv4->GetInterfaceForDevice(m_device) : -1;
    if (interface < 0)
    {
        return std::nullopt;
    }
    const auto number = static_cast<uint32_t>(interface);
    for (uint32_t i = 0; i < ipv4->GetNAddresses(number); ++i)
    {
        // A DHCP client without a lease has 0.0.0.0.
        const Ipv4InterfaceAddress own = ipv4->GetAddress(number, i);
        if (own.GetLocal() != Ipv4Address::GetAny())
        {
            return own;
        }
    }
    return std::nullopt;
}

bool
DialUpClient::IsUp() const
{
    const size_t children = Gateway().children.size();
    const auto hasSa = [](const auto& child) { return !child.second.empty(); };
    const auto up = std::count_if(m_outbound.begin(), m_outbound.end(), hasSa);
    return static_cast<size_t>(up) == children;
}

// Rules

std::vector<Prefix>
DialUpClient::CarriedNetworks() const
{
    std::vector<Prefix> networks;
    for (const Policy& rule : m_dataPlane->Policies().Policies())
    {
        if (rule.action == PolicyAction::Protect && rule.child.peer == m_peer)
        {
            networks.push_back(rule.selector.remote);
        }
    }
    return networks;
}

std::vector<Policy>
DialUpClient::WantedRules() const
{
    std::vector<Policy> rules;
    if (!m_wanted)
    {
        return rules;
    }
    // In transport mode the gateway itself is whom the tunnels lead to.
    const std::vector<ChildConfig>& children = Gateway().children;
    const bool isTransport = std::any_of(children.begin(),
                                         children.end(),
                                         [](const ChildConfig& child)
                                         { return child.mode == EncapsulationMode::Transport; });
    if (!isTransport)
    {
        const Prefix gateway = Prefix::Host(*Gateway().remoteAddress);
        rules.push_back(RuleFor(gateway, PolicyAction::Bypass, BEFORE_TUNNELS));
    }
    if (m_local && m_local->GetMask() != Ipv4Mask::GetZero())
    {
        const Ipv4Mask mask = m_local->GetMask();
        const Prefix lan = ToPrefix(m_local->GetLocal().CombineMask(mask), mask);
        rules.push_back(RuleFor(lan, PolicyAction::Bypass, BEFORE_TUNNELS));
    }
    if (m_blockWhileLost)
    {
        // Behind those of the tunnel, which may go at any time.
        const bool isUp = m_state == DialUpState::Connected;
        for (const Prefix& network : isUp ? m_carriedNetworks : m_lostNetworks)
        {
            rules.push_back(RuleFor(network, PolicyAction::Discard, BEHIND_TUNNELS));
        }
    }
    return rules;
}

void
DialUpClient::UpdateRules()
{
    std::vector<Policy> wanted = WantedRules();
    if (wanted == m_rules)
    {
        return;
    }
    for (const Policy& rule : m_rules)
    {
        m_dataPlane->Policies().RemoveRule(rule);
    }
    for (const Policy& rule : wanted)
    {
        m_dataPlane->Policies().Add(rule);
    }
    m_rules = std::move(wanted);
}

} // namespace ipsec
} // namespace ns3
