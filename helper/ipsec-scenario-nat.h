// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * The NATs of a scenario and the links of its nodes, as plain values.
 */
#ifndef IPSEC_SCENARIO_NAT_H
#define IPSEC_SCENARIO_NAT_H

#include "ipsec-scenario-dial-up.h"
#include "ipsec-scenario-tunnel.h"

#include "ns3/ipsec-endpoint.h"
#include "ns3/ipsec-time.h"
#include "ns3/nat-config.h"
#include "ns3/nat-packet.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ns3
{
namespace ipsec
{

struct Scenario;

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

/// A port of a NAT that leads to somebody behind it.
struct NatForwardSettings
{
    NatProtocol protocol = NatProtocol::Udp;
    uint16_t port = 0;
    /// Name of a gateway, client, host or NAT behind it.
    std::string to;
    uint16_t insidePort = 0;
};

/// [nat NAME]: a NAT and the network behind it.
struct NatSettings
{
    std::string name;
    ScenarioPosition position;
    /// Name of the NAT that it was made like; empty if a section wrote it.
    std::string copyOf;
    /// Outside.
    IpAddress address;
    /// Inside; its first address is the NAT's own.
    Prefix lan;
    /// Name of the NAT that it is itself behind; empty for the internet.
    std::string behind;
    NatConfig config;
    LinkSettings link;
    std::vector<NatForwardSettings> forwards;
    /// What it gives to those who ask by DHCP; nothing if nobody does.
    std::optional<DhcpSettings> dhcp;
    Duration dhcpLease{};

    /// Returns its own address in its LAN.
    IpAddress LanAddress() const;
    /// Returns the broadcast address of its LAN.
    IpAddress LastLanAddress() const;
};

/// Returns the NATs between a network and the internet, the innermost first. A network goes by the
/// name of its NAT, the internet by none.
std::vector<const NatSettings*> NatsAbove(const Scenario& scenario, const std::string& network);

/// Where somebody is reached: an address, the network that it is of, and the NAT whose outside
/// address it is, or null if it is his own.
struct Reach
{
    IpAddress address;
    std::string network;
    const NatSettings* nat = nullptr;
};

/// Returns where somebody in @p from reaches who has @p address in @p network.
Reach ReachOf(const Scenario& scenario,
              const std::string& from,
              const std::string& network,
              IpAddress address);

/// Returns the address alone.
IpAddress ReachedAt(const Scenario& scenario,
                    const std::string& from,
                    const std::string& network,
                    IpAddress address);

/// Tells whether a NAT is in the way from one network into another.
bool IsBehindNat(const Scenario& scenario, const std::string& from, const std::string& network);

/// Tells the same of a NAT that does not forward both ports of IKE.
bool IsOutOfReach(const Scenario& scenario, const std::string& from, const std::string& network);

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_SCENARIO_NAT_H
