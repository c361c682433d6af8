// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Proxy IDs: which traffic a tunnel carries, seen from one end.
 */
#ifndef IPSEC_PROXY_ID_H
#define IPSEC_PROXY_ID_H

#include "ns3/ipsec-endpoint.h"
#include "ns3/ipsec-fault.h"
#include "ns3/ipsec-flow-key.h"
#include "ns3/isakmp-payloads.h"

#include <string>

namespace ns3
{
namespace ipsec
{

/// A pair of client identities (RFC 2409 section 5.5) as selectors; zero means any.
struct ProxyId
{
    Prefix local;
    Prefix remote;
    uint8_t protocol = 0;
    uint16_t localPort = 0;
    uint16_t remotePort = 0;

    /// Tells whether a packet that leaves this end belongs here.
    bool MatchesOutbound(const FlowKey& flow) const;
    /// Tells whether a packet that arrives at this end belongs here.
    bool MatchesInbound(const FlowKey& flow) const;
    /// Tells whether a packet could belong here and to @p other.
    bool Overlaps(const ProxyId& other) const;
    /// Returns the same traffic seen from the other end.
    ProxyId Mirror() const;
    /// Make the ID payloads for this end's and the other end's clients.
    IdPayload LocalPayload() const;
    IdPayload RemotePayload() const;
    /// Writes "local <-> remote", with protocol and ports where they are set.
    std::string ToString() const;

    /**
     * Reads the ID payloads of quick mode, already in the order local, remote. Addresses and
     * subnets only (a range must be a prefix); ProxyIdMismatch for others, BadIdentity for
     * different protocols.
     */
    static Result<ProxyId> FromPayloads(const IdPayload& local, const IdPayload& remote);
};

bool operator==(const ProxyId& a, const ProxyId& b);
bool operator!=(const ProxyId& a, const ProxyId& b);

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_PROXY_ID_H
