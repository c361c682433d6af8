// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * The events of a scenario: what happens to tunnels, gateways and links at an instant.
 */
#ifndef IPSEC_SCENARIO_EVENT_H
#define IPSEC_SCENARIO_EVENT_H

#include "ipsec-scenario-tunnel.h"

#include "ns3/crypto-certificate.h"
#include "ns3/ipsec-endpoint.h"
#include "ns3/ipsec-time.h"
#include "ns3/isakmp-constants.h"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ns3
{
namespace ipsec
{

enum class EventKind : uint8_t
{
    StartTunnel,
    StopTunnel,    ///< its IKE SA goes with all its IPsec SAs
    LinkDown,      ///< nothing leaves a gateway's link, or arrives there
    LinkUp,        ///< it does again
    Link,          ///< what the link does to packets changes
    Partition,     ///< the link moves to a part of the internet that others do not reach
    Crash,         ///< the gateway loses everything and is silent
    Restart,       ///< it begins anew, after a crash of that instant if it was at work
    Stop,          ///< its daemon deletes all SAs, tells the peers, and ends
    Start,         ///< the daemon begins anew
    AddressChange, ///< the gateway has another address in the internet
    Clock,         ///< its calendar jumps
    Lose,          ///< messages of one kind get lost on their way to the gateway
    RemoveKey,     ///< its keys for a peer, or all, are taken out of the configuration
    NatReboot,     ///< a NAT is down for a while, and has forgotten its mappings then
    NatRebind,     ///< a NAT forgets its mappings while it goes on
    NatAddress,    ///< a NAT has another address outside
    Connect,       ///< the user of a client that dials up wants the tunnel
    Disconnect,    ///< he does not want it any more
    Roam,          ///< his client is in another network
};

/// What a link does from an event on, as far as it is written.
struct LinkChange
{
    std::optional<Duration> delay;
    std::optional<Duration> jitter;
    std::optional<double> loss;
    std::optional<double> reorder;
    std::optional<double> duplicate;
    std::optional<double> corrupt;
    std::optional<uint64_t> rate;

    bool IsEmpty() const;
};

/// Which messages get lost.
struct LoseSettings
{
    /// As written, such as "quick 3".
    std::string text;
    ExchangeType exchange = ExchangeType::QuickMode;
    /// Place in the exchange, from 1.
    uint32_t number = 0;
    /// How many at most, and which part of them, from 0 to 1.
    uint64_t count = 0;
    double share = 1;
};

/// Target of events that happen to each gateway or NAT, to one that is drawn, or to the whole
/// internet.
constexpr char TARGET_ALL[] = "all";
constexpr char TARGET_RANDOM[] = "random";
constexpr char TARGET_INTERNET[] = "internet";

/// [event NAME]: what happens at an instant.
struct EventSettings
{
    std::string name;
    ScenarioPosition position;
    EventKind kind = EventKind::StartTunnel;
    Duration at{};
    /// If it is drawn: until when; at is from when.
    std::optional<Duration> until;
    /// How often, and how far apart.
    uint64_t repeat = 1;
    Duration every{};
    /// After this a link is up again, a gateway restarted or started; nothing if somebody else does
    /// that, or nobody.
    std::optional<Duration> lasting;
    /// Name of a tunnel, whose first end acts; of a gateway, [branches] or NAT; or TARGET_...
    std::string target;
    LinkChange link;
    LoseSettings lose;
    /// Address change, of a gateway or NAT; roam, of a client without DHCP.
    std::optional<IpAddress> address;
    /// Clock: how far the calendar jumps, or where it jumps to.
    std::optional<Duration> jump;
    std::optional<CalendarSeconds> date;
    /// Partition: its number.
    uint32_t part = 0;
    /// Remove key: the other end; empty for all.
    std::string peer;
    /// Roam: the NAT whose network is the new one; TARGET_INTERNET for the internet.
    std::string to;

    /// Tells whether its target is a tunnel.
    bool IsOfTunnel() const;
    /// Tells whether only a NAT can be its target.
    bool IsOfNat() const;
    /// Tells whether only a client that dials up can be its target.
    bool IsOfDialUp() const;
    /// Tells whether it happens, or may, to a gateway or client, which is of a [branches] or
    /// [clients] unless that is empty.
    bool MayHit(const std::string& gateway, const std::string& branches) const;
    /// Returns the network that a roam leads to: the name of its NAT, or nothing.
    std::string Network() const;
    /// Tells whether it is about a link: of a gateway or a NAT.
    bool IsOfLink() const;
    /// Returns when it happens at the latest, repetitions included.
    Duration Latest() const;
};

/// Returns the kinds by name, in the order in which they are shown.
const std::vector<std::pair<std::string, EventKind>>& EventKinds();
/// Returns the name of a kind, such as "link-down".
std::string EventKindName(EventKind kind);
/// Returns what a link change says, such as "loss 10%, delay 50ms".
std::string LinkChangeText(const LinkChange& change);

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_SCENARIO_EVENT_H
