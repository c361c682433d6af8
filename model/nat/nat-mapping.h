// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * What a NAT tells of its mappings, and why it refuses packets.
 */
#ifndef NAT_MAPPING_H
#define NAT_MAPPING_H

#include "nat-packet.h"

#include "ns3/ipsec-time.h"

#include <vector>

namespace ns3
{
namespace ipsec
{

/// Why a NAT lost a packet. NatFaultName() gives the text.
enum class NatFault : uint8_t
{
    None,             ///< it did not
    Malformed,        ///< headers that are not whole or contradict each other
    Unsupported,      ///< a protocol, or a kind of ICMP, that is not translated
    BadQuotation,     ///< an ICMP error, or the header it quotes, with a wrong checksum
    NoMapping,        ///< from outside, and for nobody
    Filtered,         ///< from a remote that the mapping does not let in
    NoOutsideAddress, ///< the box has no address outside
    NoPort,           ///< no outside port is free
    MappingLimit,     ///< as many mappings as there may be
    HostLimit,        ///< as many mappings as one inside host may have
    SessionLimit,     ///< as many remotes as one mapping may have
    OwnPort,          ///< the box itself speaks to that remote from that port
    HairpinOff,       ///< from inside to an outside endpoint of another inside host
    EspOff,           ///< ESP, which is not let through
    EspBusy,          ///< another inside host has the remote, or waits for its first answer
    IkeBusy,          ///< another inside host has port 500 with that remote
    FragmentLimit,    ///< too many fragments
    FragmentTimeout,  ///< the first fragment did not come in time
    TooBig,           ///< larger than the next link takes, and must not be cut
    Bypass,           ///< from outside straight to an inside address
    Down,             ///< the box is rebooting
};

/// Number of reasons, for tables indexed by them.
constexpr size_t NAT_FAULT_COUNT = static_cast<size_t>(NatFault::Down) + 1;

/// Returns the name of a reason as results and traces show it, such as "NoMapping".
const char* NatFaultName(NatFault fault);

/// A mapping, as traces and lists show it.
struct NatMapping
{
    NatProtocol protocol = NatProtocol::Udp;
    Endpoint inside{{}, 0};
    Endpoint outside{{}, 0};
    /// The remote it is for; 0.0.0.0:0 where it is for all, port 0 where it is for all ports.
    Endpoint remote{{}, 0};
    /// Whether it is a port forwarding, which does not end.
    bool isStatic = false;
    Instant created;

    /// Writes "udp 10.0.0.2:5000 = 192.0.2.1:5000".
    std::string ToString() const;
};

/// Why a mapping ended.
enum class NatEnd : uint8_t
{
    Timeout,       ///< nothing prolonged it
    Closed,        ///< all its TCP connections were closed or reset
    Reboot,        ///< the box forgot everything
    AddressChange, ///< its outside address is gone
    Removed,       ///< by hand
};

/// Returns the name of a reason, such as "Timeout".
const char* NatEndName(NatEnd end);

/// A mapping that began or ended.
struct NatEvent
{
    enum class Kind : uint8_t
    {
        Created,
        Expired,
    };

    Kind kind = Kind::Created;
    NatMapping mapping;
    /// Why it ended.
    NatEnd end = NatEnd::Timeout;
};

/// In the order in which they happened.
using NatEvents = std::vector<NatEvent>;

} // namespace ipsec
} // namespace ns3

#endif // NAT_MAPPING_H
