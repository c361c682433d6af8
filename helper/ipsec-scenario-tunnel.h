// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * What a scenario says of its tunnels and of what goes through them, as plain values.
 */
#ifndef IPSEC_SCENARIO_TUNNEL_H
#define IPSEC_SCENARIO_TUNNEL_H

#include "ns3/ike-config.h"
#include "ns3/ipsec-endpoint.h"
#include "ns3/ipsec-shared.h"
#include "ns3/ipsec-spd.h"
#include "ns3/ipsec-time.h"

#include <array>
#include <cstdint>
#include <map>
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

/// Where the keys of a scenario were set: "tunnel.ab.mode" -> file and line.
using ScenarioPositions = std::map<std::string, ScenarioPosition>;

/// With manual keying: what an end receives with.
struct ManualEndKeys
{
    std::optional<uint32_t> spi;
    SecretBytes encryptionKey;
    SecretBytes authenticationKey;
    /// Of AH in a bundle with ESP.
    std::optional<uint32_t> ahSpi;
    SecretBytes ahKey;
};

/// What one end of a tunnel is configured with that others may have alike.
struct TunnelEndRules
{
    Phase1Mode mode = Phase1Mode::Main;
    AggressiveRefusal aggressiveRefusal = AggressiveRefusal::Notify;
    /// Takes the place of the method in every proposal.
    std::optional<AuthMethod> auth;
    /// Empty means the gateway's own list, and its set.
    std::vector<Phase1Proposal> phase1Proposals;
    std::string phase1Set;
    std::vector<Phase2Proposal> phase2Proposals;
    /// Traffic as this end sees it; nothing means the tunnel's.
    std::optional<ProxyId> proxyId;
    EncapsulationMode encapsulation = EncapsulationMode::Tunnel;
    /// Nothing means what the gateway's personality has; so it is with DPD.
    std::optional<Duration> phase1Lifetime;
    std::optional<Duration> phase2Lifetime;
    std::optional<uint64_t> phase2LifetimeKilobytes;
    std::optional<DpdMode> dpdMode;
    std::optional<Duration> dpdDelay;
    std::optional<Duration> dpdRetry;
    std::optional<uint32_t> dpdTries;
    DpdAction dpdAction = DpdAction::Hold;
    bool keepUp = false;
    NatTraversal natTraversal = NatTraversal::Auto;
    /// Nothing means what the gateway's personality has.
    std::optional<Duration> natKeepalive;
    uint32_t replayWindow = 64;
    ExtendedSequence extendedSequence = ExtendedSequence::Off;
    OuterHeaderRules outerHeader;
    ChildLifetimePolicy childLifetimePolicy = ChildLifetimePolicy::Independent;
    ManualEndKeys manual;
    CertificateSending certificateSending = CertificateSending::IfAsked;
    bool requestCertificate = true;
    bool fragmentation = false;
    /// The other end is called by any address: it is a dynamic peer, or a user.
    bool anyPeerAddress = false;
    /// Many clients come under the configuration of this end at once.
    bool isGroup = false;
    /// Servers only: users that are known here; nothing means those of the other end.
    std::optional<std::map<std::string, SecretBytes>> xauthUsers;
};

/// What one end of a tunnel is configured with.
struct TunnelEndSettings
{
    /// Name of a gateway or client; empty for a peer outside the simulation.
    std::string gateway;
    std::string preSharedKey;
    /// What this end says it is; nothing means its address.
    std::optional<Identity> id;
    /// What this end expects the other to say; nothing means what the other is told to say.
    std::optional<Identity> peerId;
    /// Branches share it in memory.
    Shared<TunnelEndRules> rules;
};

/// XAUTH and Mode Config of a tunnel. Its client is the [client] among its ends; a gateway serves a
/// peer outside the simulation; of two gateways the first is the client.
struct RemoteAccessSettings
{
    bool xauth = false;
    uint32_t xauthTries = 3;
    Duration xauthTimeout{};
    bool modeConfig = false;
    /// The client asks; else the server tells.
    bool pull = true;
    std::string pool;
    std::vector<IpAddress> dns;
    std::vector<Prefix> subnets;
    bool splitInclude = false;
    Duration modeConfigTimeout{};
};

enum class TunnelStart : uint8_t
{
    Auto,    ///< the first gateway calls when the run begins
    Traffic, ///< the first packet that needs the tunnel starts the negotiation
    Hand,    ///< an [event] does
};

/// Where the keys of a tunnel come from.
enum class TunnelKeying : uint8_t
{
    Ike,
    Manual, ///< the scenario has them, and nobody negotiates
};

/// How packets find a tunnel.
enum class TunnelVpn : uint8_t
{
    Policy, ///< policies take what they match, whatever the routes say
    Route,  ///< routes lead to the tunnel device
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
    /// Narrow the proxy ID; 0 is any. The first port is on the first end's side.
    uint8_t protocol = 0;
    std::array<uint16_t, 2> ports{};
    TunnelKeying keying = TunnelKeying::Ike;
    TunnelVpn vpn = TunnelVpn::Policy;
    /// Rules with lower numbers come first.
    uint32_t order = 0;
    TunnelStart start = TunnelStart::Traffic;
    Duration startAt{};
    /// Name of the [branches] that it is one of; empty if it stands alone.
    std::string branches;
    /// Branches share it in memory.
    Shared<RemoteAccessSettings> remoteAccess;

    bool
    IsExternal() const
    {
        return externalAddress.has_value();
    }
};

/// [policy NAME]: a rule of a gateway besides those of its tunnels.
struct PolicySettings
{
    std::string name;
    ScenarioPosition position;
    /// Name of a gateway or client.
    std::string at;
    PolicyAction action = PolicyAction::Bypass;
    /// Traffic as the gateway sees it.
    ProxyId traffic;
    uint32_t order = 0;
};

/// [route NAME]: what a gateway leads into a tunnel.
struct RouteSettings
{
    std::string name;
    ScenarioPosition position;
    /// Name of a gateway or client.
    std::string at;
    Prefix to;
    /// Name of a tunnel with vpn = route that ends there.
    std::string via;
};

enum class OverlayKind : uint8_t
{
    Gre,
    L2tp,
};

/// [overlay NAME]: a tunnel without protection between two gateways.
struct OverlaySettings
{
    std::string name;
    ScenarioPosition position;
    OverlayKind kind = OverlayKind::Gre;
    /// Names of its gateways.
    std::array<std::string, 2> between;
};

/// [attacker NAME]: somebody who captures, and later gets keys.
struct AttackerSettings
{
    std::string name;
    ScenarioPosition position;
    /// Name of the gateway whose link to the internet is captured.
    std::string watches;
    /// Name of the gateway whose IKE SAs give their keys away; empty means the same.
    std::string stealsFrom;
};

/// [flood NAME]: somebody who sends first messages of phase 1 under addresses that are not his.
struct FloodSettings
{
    std::string name;
    ScenarioPosition position;
    /// Name of the gateway that is flooded.
    std::string to;
    Phase1Mode mode = Phase1Mode::Main;
    /// Messages per second.
    uint64_t rate = 0;
    /// Where source addresses are drawn from.
    Prefix sources;
    std::vector<Phase1Proposal> proposals;
    /// Aggressive mode: who it says it is; nothing means its address.
    std::optional<Identity> id;
    Duration start{};
    /// Zero means the end of the run.
    Duration stop{};
};

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_SCENARIO_TUNNEL_H
