// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * A scenario: everything a run is told, as plain values.
 */
#ifndef IPSEC_SCENARIO_H
#define IPSEC_SCENARIO_H

#include "ipsec-scenario-branches.h"
#include "ipsec-scenario-dial-up.h"
#include "ipsec-scenario-event.h"
#include "ipsec-scenario-index.h"
#include "ipsec-scenario-nat.h"
#include "ipsec-scenario-tunnel.h"

#include "ns3/ike-config.h"
#include "ns3/ipsec-cpu-costs.h"
#include "ns3/ipsec-endpoint.h"
#include "ns3/ipsec-fault.h"
#include "ns3/ipsec-processor.h"
#include "ns3/ipsec-time.h"

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ns3
{
namespace ipsec
{

/// [simulation]
struct SimulationSettings
{
    Duration stop{};
    uint32_t seed = 1;
    uint64_t run = 1;
    /// "map", "heap", "calendar", "list" or "priority-queue".
    std::string scheduler;
    bool realTime = false;
    /// The calendar's time at instant 0: certificates are judged by it.
    CalendarSeconds startDate = 0;
    /// File of what operations cost this machine, relative to the scenario file; empty for none.
    std::string machineCosts;
    /// How shared secrets are computed: nothing that is simulated depends on it.
    unsigned dhWorkers = 0;
    bool dhOncePerPair = false;
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
    /// Network of those who are behind no NAT and get their addresses by DHCP; its first address is
    /// its router's. Nothing means there is none.
    std::optional<Prefix> access;
    Duration accessLease{};
};

/// What a key of a certificate is: RSA with 2048 bits, say.
struct KeySettings
{
    KeyKind kind = KeyKind::Rsa;
    size_t bits = 2048;
};

/// [authority NAME]: who issues certificates.
struct AuthoritySettings
{
    std::string name;
    ScenarioPosition position;
    /// Name of the authority above; empty for a root.
    std::string issuer;
    KeySettings key;
    /// DER Name; empty means CN=NAME, O=ipsec.
    Octets subject;
    /// Nothing means a year before the run and ten years after it.
    std::optional<CalendarSeconds> notBefore;
    std::optional<CalendarSeconds> notAfter;
    HashId hash = HashId::Sha256;
    /// Names of gateways, clients and authorities whose certificates its list revokes; without any,
    /// there is a list only if somebody requires one.
    std::vector<std::string> revokes;
    /// Until when its revocation list is current; nothing means as long as itself.
    std::optional<CalendarSeconds> listUntil;
    /// PEM files in place of what would be made, relative to the scenario file; empty for none.
    std::string certificateFile;
    std::string privateKeyFile;
    std::string listFile;
};

/// The certificate of a gateway or client, and what it trusts.
struct CertificateSettings
{
    /// Name of an authority, "self", or empty for the implicit authority.
    std::string issuer;
    /// DER Name; empty means CN=NAME, O=ipsec.
    Octets subject;
    /// What it says beside; empty means its address, and each of its identities.
    std::vector<Identity> names;
    std::optional<CalendarSeconds> notBefore;
    std::optional<CalendarSeconds> notAfter;
    HashId hash = HashId::Sha256;
    /// Keys to use in place of those that each method would make: at most one of each kind.
    std::vector<KeySettings> keys;
    /// PEM files in place of what would be made, relative to the scenario file; empty for none.
    std::string certificateFile;
    std::string privateKeyFile;
    /// Authorities that are trusted; empty means all roots.
    std::vector<std::string> trust;
    /// Gateways and clients whose certificates are accepted as they are.
    std::vector<std::string> pinned;
    bool requireList = false;
    bool acceptWeak = false;
};

/// [cpu NAME]: a processor.
struct CpuSettings
{
    std::string name;
    ScenarioPosition position;
    CpuProfile profile;
};

/// [personality NAME]
struct PersonalitySettings
{
    std::string name;
    ScenarioPosition position;
    Personality personality;
};

/// [gateway NAME], or [client NAME]: a gateway without a network behind it.
struct GatewaySettings
{
    std::string name;
    ScenarioPosition position;
    bool isClient = false;
    /// Name of the [branches] that it is one of; empty if it stands alone.
    std::string branches;
    /// Name of the NAT whose network its address is in; empty for the internet.
    std::string behind;
    IpAddress address;
    /// Of a client: its own address alone.
    Prefix lan;
    /// Branches share this and the like in memory.
    Shared<Personality> personality;
    LinkSettings link;
    bool defaultRoute = true;
    /// The internet has a route to its LAN.
    bool publicLan = false;
    /// Packets that wait for the SA of one tunnel at most; 0 drops them.
    uint32_t stagedPackets = DEFAULT_STAGE_LIMIT;
    /// Name of a profile or of a [cpu NAME], and what it is once the scenario is complete.
    std::string cpu = "free";
    Shared<CpuProfile> cpuProfile;
    /// Largest inner packet; nothing computes it.
    std::optional<uint16_t> tunnelMtu;
    /// What an end of a tunnel proposes that cites nothing itself, and the name of the set.
    std::vector<Phase1Proposal> ikeProposals;
    std::string ikeProposalSet;
    Shared<CertificateSettings> certificate;
    /// Clients: what kind of user it is, and who it says it is unless the tunnel says otherwise.
    PeerKind clientKind = PeerKind::DialUp;
    std::optional<Identity> id;
    /// What XAUTH is answered with.
    std::string xauthUser;
    std::string xauthPassword;
    Shared<DialUpSettings> dialUp;

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
    /// Name of the gateway or NAT whose LAN the host is in.
    std::string behind;
    IpAddress address;
};

/// [pool NAME]: addresses that Mode Config hands out.
struct PoolSettings
{
    ScenarioPosition position;
    AddressPool pool;
};

class ScenarioPki;

enum class TrafficKind : uint8_t
{
    Ping,
    Udp,
    Tcp,
    Iperf3, ///< a client outside the simulation sends
};

/// [traffic NAME]
struct TrafficSettings
{
    std::string name;
    ScenarioPosition position;
    TrafficKind kind = TrafficKind::Ping;
    /// Name of a host or gateway; of an iperf3 client, its address.
    std::string from;
    /// Name of a host, or an address.
    std::string to;
    IpAddress toAddress;
    /// Port of the receiver; 0 for none, until the scenario is complete.
    uint16_t port = 0;
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
    /// Write series.csv and plots; samples are also taken if an expectation needs them.
    bool series = false;
    /// Write netanim.xml.
    bool netanim = false;
    Duration seriesInterval{};
    /// Gateways and NATs with series of their own; empty means all that are not of [branches].
    std::vector<std::string> seriesOf;
    /// How many of each [branches] the ladder and the tables show.
    uint32_t showBranches = 0;
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
    IkeSasEnded,
    IpsecSas,
    /// @name How the newest IKE SA of a tunnel was made
    /// @{
    MainMode,
    AggressiveMode,
    /// @}
    HasAddress,
    AddressIs,
    LearnsIdentities,
    LearnsNothing,
    /// A HASH by which guesses of the pre-shared key can be tried offline, or none.
    LearnsHash,
    LearnsNoHash,
    AttackerReads,
    AttackerReadsNothing,
    /// Lines of the report's warnings about a tunnel.
    Warnings,
    /// Cryptographic operations of a gateway, those of the object alone.
    Work,
    ClearPackets,
    /// A share of all tunnels, or of those of one [branches].
    TunnelsUp,
    LostPackets,
    /// @name Times, in seconds
    /// @{
    LongestOutage,
    LongestOneWay,
    LongestSilence, ///< of a traffic
    /// @}
    /// @name Of a NAT, or of the NATs that a node is behind
    /// @{
    NatMappings,
    NatMade, ///< mappings, in the whole run
    NatDrops,
    KeepAlives,
    /// @}
    /// @name Of a client that dials up, or of all of one [clients]
    /// @{
    Connects,
    ConnectFailures,
    TunnelLosses,
    LongestWait, ///< in seconds, like the next
    LongestGap,
    /// @}
    /// Octets of answers per octet of a [flood].
    Amplification,
    /// What the scenario itself says, so that a task can keep something as it is.
    Setting,
    /// @name Values of a series
    /// @{
    SeriesPeak,
    SeriesMean,
    SeriesAt,
    /// @}
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
    /// What to tell whoever did not meet it; may be empty.
    std::string hint;
    ScenarioPosition position;
    ExpectationKind kind = ExpectationKind::TunnelUp;
    /// Name of a tunnel, traffic, exchange, gateway, attacker or key.
    std::string subject;
    /// Name of the tunnel that an attacker reads, of the reason of a NAT's losses, or of an
    /// operation; the text that a key must have.
    std::string object;
    /// Of a setting: the text that the key has, once the scenario is read.
    std::string found;
    std::optional<Duration> by;
    /// TunnelsUp: by counts from here; the name of an event, or empty for the begin of the run.
    std::string after;
    /// The same as a time, once the scenario is complete.
    Duration afterTime{};
    /// TunnelsUp: of all, from 0 to 1.
    double share = 1;
    /// Of a series, whose node is the subject.
    std::string metric;
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
    std::vector<AuthoritySettings> authorities;
    std::vector<PersonalitySettings> personalities;
    std::vector<PoolSettings> pools;
    std::vector<CpuSettings> cpus;
    std::vector<NatSettings> nats;
    /// Clients, too.
    std::vector<GatewaySettings> gateways;
    std::vector<HostSettings> hosts;
    std::vector<TunnelSettings> tunnels;
    /// Their gateways and tunnels stand among the others.
    std::vector<BranchesSettings> branches;
    std::vector<PolicySettings> policies;
    std::vector<RouteSettings> routes;
    std::vector<EventSettings> events;
    std::vector<OverlaySettings> overlays;
    std::vector<AttackerSettings> attackers;
    std::vector<FloodSettings> floods;
    std::vector<TrafficSettings> traffic;
    OutputSettings output;
    std::vector<Expectation> expectations;
    /// Keys and certificates, as far as tunnels need them, once the scenario is complete.
    std::shared_ptr<const ScenarioPki> pki;

    /// Find by name, or null.
    const GatewaySettings* FindGateway(const std::string& gateway) const;
    const HostSettings* FindHost(const std::string& host) const;
    const NatSettings* FindNat(const std::string& nat) const;
    const TunnelSettings* FindTunnel(const std::string& tunnel) const;
    const AuthoritySettings* FindAuthority(const std::string& authority) const;
    const CpuSettings* FindCpu(const std::string& cpu) const;
    const AddressPool* FindPool(const std::string& pool) const;
    const BranchesSettings* FindBranches(const std::string& name) const;
    /// Returns the gateways that have series of their own.
    std::vector<std::string> SeriesNodes() const;
    /// Tells whether anybody asks for series.
    bool NeedsSeries() const;
    /// Tells whether reports show a gateway or tunnel one by one: all but most branches.
    bool IsShown(const std::string& gateway) const;
    /// Returns who dials up: clients by name, and each [clients] that does by its own.
    std::vector<std::string> DialUpNames() const;
    /// Returns the tunnels of a gateway, in the order of the scenario.
    std::vector<TunnelEnd> TunnelsAt(const std::string& gateway) const;
    /// Returns the personality of a section, or a preset.
    /// @throws std::invalid_argument naming those there are.
    Personality FindPersonality(const std::string& personality) const;

  private:
    NameIndex m_gatewayIndex;
    NameIndex m_hostIndex;
    NameIndex m_natIndex;
    NameIndex m_tunnelIndex;
    TunnelEndIndex m_tunnelEnds;
};

/// Returns the phase 1 proposals of one end (0 or 1) that is a gateway: its own, else all of the
/// gateway (P1-17), with the method that the tunnel wants.
std::vector<Phase1Proposal> EndProposals(const Scenario& scenario,
                                         const TunnelSettings& tunnel,
                                         size_t end);

/// Returns the end (0 or 1) that XAUTH asks and Mode Config gives an address to.
size_t ClientEnd(const Scenario& scenario, const TunnelSettings& tunnel);

/// Tells whether XAUTH follows phase 1 of a tunnel: where it says so, and with hybrid.
bool UsesXauth(const Scenario& scenario, const TunnelSettings& tunnel);

/// Returns the address of one end (0 or 1) of a tunnel, a gateway or a peer outside.
IpAddress EndAddress(const Scenario& scenario, const TunnelSettings& tunnel, size_t end);

/// Returns the address that one end (0 or 1) of a tunnel is reached at by the other one: its own,
/// or that of a NAT.
IpAddress SeenAddress(const Scenario& scenario, const TunnelSettings& tunnel, size_t end);

/// Tells whether a NAT is between the ends of a tunnel.
bool CrossesNat(const Scenario& scenario, const TunnelSettings& tunnel);

/// Tells whether one end (0 or 1) of a tunnel cannot be called by the other one: it is a client, or
/// behind a NAT that forwards nothing.
bool IsCaller(const Scenario& scenario, const TunnelSettings& tunnel, size_t end);

/// Tells whether one end (0 or 1) of a tunnel takes whatever host the client at the other end says
/// it is: behind a NAT several may have the same address.
bool TakesAnyHost(const Scenario& scenario, const TunnelSettings& tunnel, size_t end);

/// Returns the traffic that one end (0 or 1) of a tunnel is configured to protect.
ProxyId EndProxyId(const Scenario& scenario, const TunnelSettings& tunnel, size_t end);

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_SCENARIO_H
