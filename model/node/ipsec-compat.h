// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * What differs between the versions of ns-3 that this module builds with (3.35 and later).
 */
#ifndef IPSEC_COMPAT_H
#define IPSEC_COMPAT_H

#include "ns3/ipv4-routing-protocol.h"

namespace ns3
{
namespace ipsec
{

/// Finds the parameter types of a member function with the shape of RouteInput.
template <typename Function>
struct RouteInputTraits;

template <typename Class,
          typename PacketPtr,
          typename Header,
          typename Device,
          typename Unicast,
          typename Multicast,
          typename Local,
          typename Error>
struct RouteInputTraits<bool (
    Class::*)(PacketPtr, Header, Device, Unicast, Multicast, Local, Error)>
{
    using UnicastForward = Unicast;
    using MulticastForward = Multicast;
    using LocalDeliver = Local;
    using ErrorReport = Error;
};

/// RouteInput's callbacks come by value up to ns-3.38 and by const reference later.
using RouteInputTypes = RouteInputTraits<decltype(&Ipv4RoutingProtocol::RouteInput)>;

/// EtherType of IPv4; ns-3 moves its own constant about.
constexpr uint16_t ETHERTYPE_IPV4 = 0x0800;
/// Link type of captures that hold bare IP packets (LINKTYPE_RAW).
constexpr uint32_t PCAP_RAW_IP = 101;

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_COMPAT_H
