// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * A scenario: everything a run is told, as plain values.
 */
#ifndef IPSEC_SCENARIO_H
#define IPSEC_SCENARIO_H

#include "ns3/ike-config.h"
#include "ns3/ipsec-endpoint.h"
#include "ns3/ipsec-fault.h"
#include "ns3/ipsec-time.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ns3
{
namespace ipsec
{

/// Where something stands in a scenario, for messages to its author.
struct ScenarioPosition
{
    /// File name, or "command line".
    std::string file;
    /// Line from 1; 0 if there is none.
    uint32_t line = 0;

    /// Writes "file:line", or the file alone.
    std::string ToString() const;
};

/// [simulation]
struct SimulationSettings
{
    Duration stop{};
    uint32_t seed = 1;
    uint64_t run = 1;
    /// "map", "heap", "calendar", "list" or "priority-queue".
    std::string scheduler;
    bool realTime = false;
};

/// What one attachment to the internet does to packets.
struct LinkSettings
{
    /// Through the internet one way; for one gateway's link, what it adds in both directions.
    Duration delay{};
    /// Most that is added to the delay.
    Duration jitter{};
    /// Parts of all packets, from 0 to 1.
    double loss = 0;
    double reorder = 0;
    double duplicate = 0;
    double corrupt = 0;
    /// In bits per second; 0 is unlimited.
    uint64_t rate = 0;
    uint32_t mtu = 1500;
};

/// [internet]
struct InternetSettings
{
    LinkSettings link;
    /// Name of a TAP device, empty for none.
    std::string tap;
    /// Address of the simulated router at the TAP device, and the length of its network's prefix.
    IpAddress tapAddress;
    uint8_t tapLength = 24;
};

/// [gateway NAME]
struct GatewaySettings
{
    std::string name;
    ScenarioPosition position;
    IpAddress address;
    Prefix lan;
    Personality personality;
    LinkSettings link;
    bool defaultRoute = true;

    /// Returns the gateway's own address in its LAN: the first one.
    IpAddress LanAddress() const;
    /// Returns the broadcast address of its LAN.
    IpAddress LastLanAddress() const;
};

/// [host NAME]
struct HostSettings
{
    std::string name;
    ScenarioPosition position;
    /// Name of the gateway whose LAN the host is in.
    std::string behind;
    IpAddress address;
};

/// What one end of a tunnel is configured with.
struct TunnelEndSettings
{
    /// Name of a gateway; empty for a peer outside the simulation.
    std::string gateway;
    std::vector<Phase1Proposal> phase1Proposals;
    std::vector<Phase2Proposal> phase2Proposals;
    std::string preSharedKey;
    /// What this end says it is; nothing means its address.
    std::optional<Identity> id;
    /// What this end expects the other to say; nothing means what the other is told to say.
    std::optional<Identity> peerId;
    /// Traffic as this end sees it; nothing means the tunnel's.
    std::optional<ProxyId> proxyId;
    EncapsulationMode encapsulation = EncapsulationMode::Tunnel;
    Duration phase1Lifetime{};
    Duration phase2Lifetime{};
    uint64_t phase2LifetimeKilobytes = 0;
    NatTraversal natTraversal = NatTraversal::Auto;
    uint32_t replayWindow = 64;
};

enum class TunnelStart : uint8_t
{
    Auto,    ///< the first gateway calls when the run begins
    Traffic, ///< the first packet that needs the tunnel starts the negotiation
};

/// [tunnel NAME]
struct TunnelSettings
{
    std::string name;
    ScenarioPosition position;
    /// The first end sees proxyId as written. The second is empty for an external peer.
    std::array<TunnelEndSettings, 2> ends;
    /// Address of a peer outside the simulation, and the network behind it.
    std::optional<IpAddress> externalAddress;
    std::optional<Prefix> externalLan;
    /// Traffic as the first end sees it; nothing means the two LANs.
    std::optional<ProxyId> proxyId;
    TunnelStart start = TunnelStart::Traffic;
    Duration startAt{};

    bool
    IsExternal() const
    {
        return externalAddress.has_value();
    }
};

enum class TrafficKind : uint8_t
{
    Ping,
    Udp,
    Tcp,
};

/// [traffic NAME]
struct TrafficSettings
{
    std::string name;
    ScenarioPosition position;
    TrafficKind kind = TrafficKind::Ping;
    std::string from;
    /// Name of a host, or an address.
    std::string to;
    IpAddress toAddress;
    Duration interval{};
    /// In bits per second; 0 if the interval says how fast.
    uint64_t rate = 0;
    uint32_t size = 0;
    uint64_t count = 0;
    Duration start{};
    /// Zero means the end of the run.
    Duration stop{};
};

/// [output]
struct OutputSettings
{
    bool pcap = true;
    bool svg = true;
    bool html = true;
    bool wireshark = true;
};

enum class ExpectationKind : uint8_t
{
    TunnelUp,
    TunnelFails,
    Answered,
    Messages,
    Retransmissions,
    Drops,
    IkeSas,
    IpsecSas,
};

enum class Comparison : uint8_t
{
    Equal,
    AtLeast,
    AtMost,
    More,
    Less,
};

/// [expect NAME], already understood.
struct Expectation
{
    /// Empty if no section wrote it.
    std::string name;
    std::string text;
    ScenarioPosition position;
    ExpectationKind kind = ExpectationKind::TunnelUp;
    /// Name of a tunnel, traffic, exchange or gateway.
    std::string subject;
    std::optional<Duration> by;
    std::optional<Fault> fault;
    Comparison comparison = Comparison::AtLeast;
    double value = 0;
    bool isPercent = false;
};

/// Everything a run is told.
struct Scenario
{
    /// The file's name without folder and extension.
    std::string name;
    ScenarioPosition position;
    SimulationSettings simulation;
    InternetSettings internet;
    std::vector<GatewaySettings> gateways;
    std::vector<HostSettings> hosts;
    std::vector<TunnelSettings> tunnels;
    std::vector<TrafficSettings> traffic;
    OutputSettings output;
    std::vector<Expectation> expectations;

    /// Find by name, or null.
    const GatewaySettings* FindGateway(const std::string& gateway) const;
    const HostSettings* FindHost(const std::string& host) const;
    const TunnelSettings* FindTunnel(const std::string& tunnel) const;
};

/// Returns the address of one end (0 or 1) of a tunnel, a gateway or a peer outside.
IpAddress EndAddress(const Scenario& scenario, const TunnelSettings& tunnel, size_t end);

/// Returns the traffic that one end (0 or 1) of a tunnel is configured to protect.
ProxyId EndProxyId(const Scenario& scenario, const TunnelSettings& tunnel, size_t end);

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_SCENARIO_H
