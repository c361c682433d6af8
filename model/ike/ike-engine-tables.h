// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * What an engine holds: peers, IKE SAs in every stage, and the look-ups between them.
 *
 * What identifies what: an IKE SA, by the cookie that is ours; before that, a first message by its
 * cookie and sender; an exchange under it, by the message ID; an IPsec SA, by its SaKey.
 */
#ifndef IKE_ENGINE_TABLES_H
#define IKE_ENGINE_TABLES_H

#include "ike-address-pool.h"
#include "ike-engine-slots.h"
#include "ike-engine.h"
#include "ike-fragmentation.h"
#include "ike-phase1-common.h"

#include "ns3/ipsec-shared.h"

#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

namespace ns3
{
namespace ipsec
{

/// Returns a cookie as a number, for tables.
uint64_t CookieNumber(const Cookie& cookie);

/// What tells a first message of phase 1 from all others: the initiator's cookie, and where it
/// came from.
using FirstMessage = std::pair<Cookie, Endpoint>;

struct FirstMessageHash
{
    size_t operator()(const FirstMessage& message) const;
};

/// Everything that an engine remembers between two inputs. A copy is a whole engine.
struct EngineTables
{
    IkeSaSlot* FindByCookies(const IsakmpHeader& header);
    /// Tells whether a peer of the configuration, or the group of a client, is among these.
    bool IsAmong(const std::set<PeerId>& configured, PeerId peer) const;
    /// Describes a message that came, if those of its peer are to be.
    void DescribeReceived(MessageSummary& summary,
                          const IsakmpHeader& header,
                          const Endpoint& local,
                          const Endpoint& remote,
                          OctetView clear);
    /// Tells whether this cookie was drawn here for an SA that still exists.
    bool IsOwnCookie(const Cookie& cookie) const;
    const PeerConfig& ConfigOf(PeerId peer) const;
    /// Returns the peer that its address tells.
    std::optional<PeerId> FindStatic(const Endpoint& local, const Endpoint& remote) const;
    /// Returns the dynamic peer of a local address that an identity belongs to, of those that
    /// @p accepts: rather one that expects it than one that expects any.
    template <typename Accepts>
    std::optional<PeerId> FindDynamic(IpAddress local, OctetView idBody, Accepts accepts) const;
    /// Returns the newest IKE SA that quick modes may run under, or null.
    IkeSaSlot* NewestReady(PeerId peer);
    IkeSaInfo InfoOf(const IkeSaSlot& slot) const;

    SharedEngineConfig config;
    DescribedPeers described;
    std::map<PeerId, Peer> peers;
    /// Clients of groups, in the order of what they are known by.
    std::set<std::pair<ClientKey, PeerId>> clients;
    /// Never used twice.
    PeerId nextClient = 0;
    /// By name of the pool.
    std::map<std::string, AddressLeases> leases;
    std::map<SlotId, IkeSaSlot> slots;
    SlotId nextSlot = 1;
    std::unordered_map<uint64_t, SlotId> byOwnCookie;
    std::unordered_map<FirstMessage, SlotId, FirstMessageHash> byFirstMessage;
    std::set<std::pair<Instant, SlotId>> deadlines;
    /// When pairs of a child end that others took the place of.
    std::set<std::pair<Instant, ChildId>> pairDeadlines;
    EventNumber nextEvent = 1;
    std::set<std::pair<Instant, PeerId>> peerDeadlines;
    /// From the first fragment on.
    Rare<Reassembly> reassembly;
    /// Unfinished phase 1 exchanges as responder, oldest first, and how many per address.
    std::set<SlotId> halfOpen;
    std::map<IpAddress, uint32_t> halfOpenByAddress;
    std::map<std::pair<IpAddress, IpAddress>, PeerId> peerByAddresses;
    std::vector<PeerId> dynamicPeers;
    /// Whose child claims an address as its own (ChildConfig::remoteIsPeer), as long as it has SAs.
    std::map<IpAddress, std::set<ChildId>> claims;
    std::unordered_map<SaKey, ChildId, SaKeyHash> saOwners;
    std::unordered_set<uint32_t> usedSpis;
    /// When the last clear notification went to an address.
    std::map<IpAddress, Instant> lastNotify;
};

template <typename Accepts>
std::optional<PeerId>
EngineTables::FindDynamic(IpAddress local, OctetView idBody, Accepts accepts) const
{
    const Result<Identity> identity = ReadPhase1Identity(idBody);
    std::optional<PeerId> anybody;
    for (const PeerId peer : dynamicPeers)
    {
        const PeerConfig& peerConfig = ConfigOf(peer);
        if (!identity || peerConfig.localAddress != local || !accepts(peerConfig) ||
            !CheckIdentity(*identity, peerConfig))
        {
            continue;
        }
        if (peerConfig.remoteId)
        {
            return peer;
        }
        anybody = anybody.value_or(peer);
    }
    return anybody;
}

} // namespace ipsec
} // namespace ns3

#endif // IKE_ENGINE_TABLES_H
