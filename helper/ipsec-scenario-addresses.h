// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Who has which address in a scenario, at its beginning or after one of its events.
 */
#ifndef IPSEC_SCENARIO_ADDRESSES_H
#define IPSEC_SCENARIO_ADDRESSES_H

#include "ipsec-scenario.h"

#include <string>

namespace ns3
{
namespace ipsec
{

/// Address of the router at the TAP device on its side of the internet (RFC 7600: for routers
/// without one of their own).
constexpr IpAddress TAP_ROUTER_ADDRESS{0xc0000008};
/// That of the router of those who get their addresses from the internet, next to it.
constexpr IpAddress ACCESS_ROUTER_ADDRESS{0xc0000009};

/// Tells whether an address is that of a router which the internet of every scenario may have.
constexpr bool
IsRouterOfInternet(IpAddress address)
{
    return address.value == TAP_ROUTER_ADDRESS.value ||
           address.value == ACCESS_ROUTER_ADDRESS.value;
}

/// Returns the network at the TAP device, of an internet with one.
Prefix TapNetwork(const InternetSettings& internet);

/**
 * Finds who else has the address that an event gives somebody, or gets it by another event while
 * that one lasts.
 * @param scenario the scenario, with its addresses filled in.
 * @param network name of the NAT whose network it is; empty: the internet.
 * @param event the event, which has an address.
 * @param self who gets it.
 * @returns its name, that of the gateway in whose LAN it lies, "internet.dhcp" or "nat.NAME.dhcp"
 * for one that is given away, or nothing.
 */
std::string OtherOwner(const Scenario& scenario,
                       const std::string& network,
                       const EventSettings& event,
                       const std::string& self);

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_SCENARIO_ADDRESSES_H
