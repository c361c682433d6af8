// SPDX-License-Identifier: GPL-2.0-only
// What must hold of clients that dial up, and of who gives them their addresses.
#include "ipsec-scenario-addresses.h"
#include "ipsec-scenario-check.h"
#include "ipsec-scenario-rows.h"

#include <algorithm>
#include <set>

namespace ns3
{
namespace ipsec
{

namespace
{

/// Checks clients and their tunnels.
class DialUpChecker : private ScenarioChecker
{
  public:
    using ScenarioChecker::ScenarioChecker;

    void
    Run()
    {
        for (GatewaySettings& client : m_scenario.gateways)
        {
            if (client.isClient)
            {
                CheckClient(client);
            }
        }
        for (TunnelSettings& tunnel : m_scenario.tunnels)
        {
            for (size_t end = 0; end < tunnel.ends.size(); end++)
            {
                if (IsDialUpEnd(m_scenario, tunnel, end))
                {
                    CheckTunnel(tunnel, end);
                }
            }
        }
    }

  private:
    static std::string
    KeyOf(const GatewaySettings& client, const std::string& key)
    {
        return "client." + client.name + "." + key;
    }

    static std::string
    KeyOf(const TunnelSettings& tunnel, const std::string& key)
    {
        return "tunnel." + tunnel.name + "." + key;
    }

    bool
    IsWritten(const std::string& key) const
    {
        return m_positions.count(WrittenKey(key)) > 0;
    }

    void CheckClient(GatewaySettings& client) const;
    void CheckKeys(const GatewaySettings& client) const;
    void CheckTimes(const GatewaySettings& client) const;
    void CheckGateway(const GatewaySettings& client) const;
    void CheckTunnel(TunnelSettings& tunnel, size_t end) const;
    void CheckStart(TunnelSettings& tunnel, const GatewaySettings& client) const;
    void CheckTraffic(const TunnelSettings& tunnel, size_t end) const;
};

void
DialUpChecker::CheckClient(GatewaySettings& client) const
{
    const DialUpSettings& dialUp = client.dialUp;
    if (dialUp.isDhcp && !dialUp.wanted.value_or(true))
    {
        Refuse(KeyOf(client, "dial-up"),
               client.position,
               "is false, but address = dhcp is for clients that dial up; allowed: true");
    }
    const bool isDialUp = dialUp.wanted.value_or(dialUp.isDhcp);
    const bool isDhcp = dialUp.isDhcp;
    client.dialUp.Edit().isDialUp = isDialUp;
    if (!isDialUp)
    {
        CheckKeys(client);
        return;
    }
    if (isDhcp && client.behind.empty() && !m_scenario.internet.access)
    {
        Refuse(KeyOf(client, "address"),
               client.position,
               "is dhcp, but nobody in the internet gives addresses; write dhcp = PREFIX in "
               "[internet], or behind = NAT");
    }
    CheckTimes(client);
    CheckGateway(client);
}

void
DialUpChecker::CheckKeys(const GatewaySettings& client) const
{
    for (const ScenarioKey& key : DialUpKeys())
    {
        if (std::string(key.name) != "dial-up" && IsWritten(KeyOf(client, key.name)))
        {
            Refuse(KeyOf(client, key.name),
                   client.position,
                   "is for clients that dial up; write dial-up = true, or address = dhcp");
        }
    }
}

void
DialUpChecker::CheckTimes(const GatewaySettings& client) const
{
    const DialUpSettings& dialUp = client.dialUp;
    if (dialUp.arrival && dialUp.arrival->IsOfMany())
    {
        Refuse(KeyOf(client, "arrival"),
               client.position,
               "is the time from one client to the next, but there is one; allowed: TIME, uniform "
               "TIME..TIME, exponential MEAN");
    }
    if (dialUp.longestBackOff < dialUp.firstBackOff)
    {
        Refuse(
            KeyOf(client,
                  IsWritten(KeyOf(client, "longest-back-off")) ? "longest-back-off" : "back-off"),
            client.position,
            "makes the first pause longer than the longest one; allowed: back-off up to "
            "longest-back-off");
    }
}

/// A client has one gateway, to which it may have several tunnels.
void
DialUpChecker::CheckGateway(const GatewaySettings& client) const
{
    std::set<std::string> gateways;
    for (const TunnelEnd& at : m_scenario.TunnelsAt(client.name))
    {
        const TunnelSettings& tunnel = *at.tunnel;
        gateways.insert(tunnel.IsExternal() ? tunnel.externalAddress->ToString()
                                            : tunnel.ends[1 - at.end].gateway);
    }
    if (gateways.size() != 1)
    {
        Refuse("client." + client.name,
               client.position,
               gateways.empty()
                   ? "dials up, but there is no tunnel to its gateway; write a [tunnel NAME] with "
                     "between = " +
                         client.name + ", GATEWAY"
                   : "dials up, but its tunnels lead to " +
                         JoinList({gateways.begin(), gateways.end()}) + "; allowed: one gateway");
    }
}

void
DialUpChecker::CheckTunnel(TunnelSettings& tunnel, size_t end) const
{
    const GatewaySettings& client = *m_scenario.FindGateway(tunnel.ends[end].gateway);
    if (tunnel.keying == TunnelKeying::Manual || tunnel.vpn == TunnelVpn::Route)
    {
        const bool isManual = tunnel.keying == TunnelKeying::Manual;
        Refuse(KeyOf(tunnel, isManual ? "keying" : "vpn"),
               tunnel.position,
               std::string("is ") + (isManual ? "manual" : "route") + ", but '" + client.name +
                   "' dials up; allowed: " + (isManual ? "ike" : "policy"));
    }
    if (tunnel.ends[end].rules->keepUp)
    {
        const std::string ofEnd = KeyOf(tunnel, client.name + ".keep-up");
        Refuse(IsWritten(ofEnd) ? ofEnd : KeyOf(tunnel, "keep-up"),
               tunnel.position,
               "is for gateways, but '" + client.name +
                   "' dials up and comes back by itself; allowed: false, and reconnect in [client "
                   "NAME]");
    }
    if (!client.id && !tunnel.ends[end].id)
    {
        Refuse(KeyOf(client, "id"),
               client.position,
               "is missing; a client that dials up has no address for good, so it needs a name: "
               "write id = IDENTITY, such as " +
                   client.name + "@example.com");
    }
    CheckStart(tunnel, client);
    CheckTraffic(tunnel, end);
}

void
DialUpChecker::CheckStart(TunnelSettings& tunnel, const GatewaySettings& client) const
{
    const std::string start = KeyOf(tunnel, "start");
    if (tunnel.start == TunnelStart::Traffic && IsWritten(start))
    {
        Refuse(start,
               tunnel.position,
               "is traffic, but '" + client.name +
                   "' dials up whether there is traffic or not; allowed: auto, hand");
    }
    if (tunnel.start == TunnelStart::Traffic)
    {
        tunnel.start = TunnelStart::Auto;
    }
    for (const char* key : {"start", "start-at", "start-spread"})
    {
        if (client.dialUp->arrival && IsWritten(KeyOf(tunnel, key)))
        {
            Refuse(KeyOf(client, "arrival"),
                   client.position,
                   std::string("says when it connects, and so does ") + key +
                       "; allowed: one of both");
        }
    }
}

void
DialUpChecker::CheckTraffic(const TunnelSettings& tunnel, size_t end) const
{
    const std::optional<ProxyId>& own = tunnel.ends[end].rules->proxyId;
    if (tunnel.remoteAccess->modeConfig || (!own && !tunnel.proxyId))
    {
        return;
    }
    const ProxyId proxyId = EndProxyId(m_scenario, tunnel, end);
    if (proxyId.local.length > 0)
    {
        Refuse(KeyOf(tunnel, own ? tunnel.ends[end].gateway + ".proxy-id" : "proxy-id"),
               tunnel.position,
               "has " + proxyId.local.ToString() + " for the side of '" + tunnel.ends[end].gateway +
                   "', which dials up and whose side is its address, whichever that is; write "
                   "0.0.0.0/0 for it");
    }
}

/// Checks who gives addresses.
class DhcpChecker : private ScenarioChecker
{
  public:
    using ScenarioChecker::ScenarioChecker;

    void
    Run()
    {
        for (NatSettings& nat : m_scenario.nats)
        {
            if (!nat.dhcp && IsNeeded(nat.name))
            {
                nat.dhcp = UpperHalf(nat.lan);
            }
            if (nat.dhcp)
            {
                CheckRoom(nat);
                CheckRange(nat);
            }
        }
        if (m_scenario.internet.access)
        {
            CheckAccess();
        }
    }

  private:
    /// Tells whether a client may ask for an address in a network.
    bool IsNeeded(const std::string& network) const;
    bool HasDhcpTarget(const EventSettings& event) const;
    void CheckRoom(const NatSettings& nat) const;
    void CheckRange(const NatSettings& nat) const;
    void CheckAccess() const;
    void CheckLease(const std::string& key, const ScenarioPosition& position, Duration lease) const;
};

bool
DhcpChecker::HasDhcpTarget(const EventSettings& event) const
{
    const auto& all = m_scenario.gateways;
    return std::any_of(all.begin(),
                       all.end(),
                       [&](const GatewaySettings& client) {
                           return client.dialUp->isDhcp &&
                                  event.MayHit(client.name, client.branches);
                       });
}

bool
DhcpChecker::IsNeeded(const std::string& network) const
{
    const auto& clients = m_scenario.gateways;
    const auto& events = m_scenario.events;
    return std::any_of(clients.begin(),
                       clients.end(),
                       [&](const GatewaySettings& client)
                       { return client.dialUp->isDhcp && client.behind == network; }) ||
           std::any_of(events.begin(),
                       events.end(),
                       [&](const EventSettings& event) {
                           return event.kind == EventKind::Roam && event.Network() == network &&
                                  HasDhcpTarget(event);
                       });
}

void
DhcpChecker::CheckRoom(const NatSettings& nat) const
{
    constexpr uint8_t LONGEST = 29;
    if (nat.lan.length > LONGEST)
    {
        Refuse("nat." + nat.name + ".lan",
               nat.position,
               "'" + nat.lan.ToString() +
                   "' has no room for addresses that are given by DHCP; allowed: up to /29");
    }
}

void
DhcpChecker::CheckRange(const NatSettings& nat) const
{
    CheckLease("nat." + nat.name + ".dhcp-lease", nat.position, nat.dhcpLease);
    const DhcpSettings& range = *nat.dhcp;
    constexpr uint32_t MOST_ADDRESSES = 65536;
    if (range.last.value - range.first.value >= MOST_ADDRESSES && range.first < range.last)
    {
        Refuse("nat." + nat.name + ".dhcp",
               nat.position,
               "'" + range.first.ToString() + " - " + range.last.ToString() +
                   "' are more addresses than a DHCP server keeps; allowed: up to 65536");
    }
    const bool isInside = nat.lan.Contains(range.first) && nat.lan.Contains(range.last);
    const bool isOfHosts = !range.Contains(nat.lan.address) && !range.Contains(nat.LanAddress()) &&
                           !range.Contains(nat.LastLanAddress());
    if (!isInside || !isOfHosts || !(range.first < range.last))
    {
        Refuse("nat." + nat.name + ".dhcp",
               nat.position,
               "'" + range.first.ToString() + " - " + range.last.ToString() +
                   "' are not two or more addresses of hosts in its lan " + nat.lan.ToString() +
                   "; allowed: from " + IpAddress{nat.lan.address.value + 2}.ToString() + " to " +
                   IpAddress{nat.LastLanAddress().value - 1}.ToString());
    }
}

// Messages tell half of it in whole seconds, and who is told 0 asks again at once, for ever.
void
DhcpChecker::CheckLease(const std::string& key,
                        const ScenarioPosition& position,
                        Duration lease) const
{
    constexpr std::chrono::seconds least(4);
    if (lease < least)
    {
        Refuse(key, position, "is too short; allowed: 4s to 10 years");
    }
}

void
DhcpChecker::CheckAccess() const
{
    constexpr uint8_t LONGEST = 29;
    // The server keeps a list of all its addresses.
    constexpr uint8_t SHORTEST = 16;
    const Prefix& access = *m_scenario.internet.access;
    const std::string shown = "'" + access.ToString() + "' ";
    const auto refuse = [&](const std::string& why)
    { Refuse("internet.dhcp", m_scenario.position, shown + why); };
    if (access.length < SHORTEST || access.length > LONGEST || !IsUnicast(access.address))
    {
        refuse("is no network for a DHCP server; allowed: a unicast prefix from /16 to /29");
    }
    CheckLease("internet.dhcp-lease", m_scenario.position, m_scenario.internet.accessLease);
    const std::string router = "access-router";
    if (m_scenario.FindGateway(router) || m_scenario.FindHost(router) || m_scenario.FindNat(router))
    {
        refuse("has a router that is called access-router, and so is another node; allowed: "
               "another name for that");
    }
    for (const GatewaySettings& gateway : m_scenario.gateways)
    {
        const bool isInside = gateway.behind.empty() && access.Contains(gateway.address);
        if (isInside || (!gateway.isClient && Overlap(access, gateway.lan)))
        {
            refuse("overlaps '" + gateway.name + "'; allowed: a network apart from all others");
        }
    }
    const InternetSettings& internet = m_scenario.internet;
    if (!internet.tap.empty() && Overlap(access, TapNetwork(internet)))
    {
        refuse("overlaps the network at the TAP device; allowed: a network apart from all others");
    }
    for (const IpAddress ofRouter : {TAP_ROUTER_ADDRESS, ACCESS_ROUTER_ADDRESS})
    {
        if (access.Contains(ofRouter))
        {
            refuse("holds " + ofRouter.ToString() +
                   ", which is that of a router of the internet; allowed: a network without it");
        }
    }
    for (const TunnelSettings& tunnel : m_scenario.tunnels)
    {
        const bool isPeer = tunnel.IsExternal() && access.Contains(*tunnel.externalAddress);
        if (isPeer || (tunnel.externalLan && Overlap(access, *tunnel.externalLan)))
        {
            refuse("overlaps what is outside of tunnel '" + tunnel.name +
                   "' (external-address, external-lan); allowed: a network apart from all others");
        }
    }
    for (const NatSettings& nat : m_scenario.nats)
    {
        if (nat.behind.empty() && access.Contains(nat.address))
        {
            refuse("overlaps '" + nat.name + "'; allowed: a network apart from all others");
        }
    }
}

} // namespace

void
CompleteDialUp(Scenario& scenario, const ScenarioPositions& positions)
{
    DialUpChecker(scenario, positions).Run();
}

void
CompleteDhcp(Scenario& scenario, const ScenarioPositions& positions)
{
    DhcpChecker(scenario, positions).Run();
}

} // namespace ipsec
} // namespace ns3
