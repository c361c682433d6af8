// SPDX-License-Identifier: GPL-2.0-only
#include "ike-engine-tables.h"

#include "ike-payload-details.h"

#include "ns3/ipsec-hash.h"

#include <algorithm>

namespace ns3
{
namespace ipsec
{

uint64_t
CookieNumber(const Cookie& cookie)
{
    return OctetReader(cookie).U64();
}

size_t
FirstMessageHash::operator()(const FirstMessage& message) const
{
    const Endpoint& from = message.second;
    size_t hash = CookieNumber(message.first);
    hash = MixHash(hash, from.address.value);
    hash = MixHash(hash, from.port);
    return hash;
}

const PeerConfig&
EngineTables::ConfigOf(PeerId peer) const
{
    return *peers.at(peer).config;
}

std::optional<PeerId>
EngineTables::FindStatic(const Endpoint& local, const Endpoint& remote) const
{
    const auto found = peerByAddresses.find({local.address, remote.address});
    return found == peerByAddresses.end() ? std::nullopt : std::optional<PeerId>(found->second);
}

bool
EngineTables::IsAmong(const std::set<PeerId>& configured, PeerId peer) const
{
    if (configured.empty())
    {
        return false;
    }
    const std::optional<ClientKey>& client = peers.at(peer).client;
    return configured.count(client ? client->group : peer) > 0;
}

void
EngineTables::DescribeReceived(MessageSummary& summary,
                               const IsakmpHeader& header,
                               const Endpoint& local,
                               const Endpoint& remote,
                               OctetView clear)
{
    if (described.from.empty())
    {
        return;
    }
    // A first message has no IKE SA yet.
    const IkeSaSlot* slot = FindByCookies(header);
    const std::optional<PeerId> peer = slot ? slot->peer : FindStatic(local, remote);
    if (peer && IsAmong(described.from, *peer))
    {
        DescribePayloads(summary, clear);
    }
}

IkeSaSlot*
EngineTables::FindByCookies(const IsakmpHeader& header)
{
    const auto asResponder = byOwnCookie.find(CookieNumber(header.responderCookie));
    if (asResponder != byOwnCookie.end())
    {
        IkeSaSlot& slot = slots.at(asResponder->second);
        if (slot.role == Role::Responder && slot.initiatorCookie == header.initiatorCookie)
        {
            return &slot;
        }
    }
    const auto asInitiator = byOwnCookie.find(CookieNumber(header.initiatorCookie));
    if (asInitiator != byOwnCookie.end())
    {
        IkeSaSlot& slot = slots.at(asInitiator->second);
        const bool unanswered = slot.responderCookie == Cookie{};
        if (slot.role == Role::Initiator &&
            (unanswered || slot.responderCookie == header.responderCookie))
        {
            return &slot;
        }
    }
    return nullptr;
}

bool
EngineTables::IsOwnCookie(const Cookie& cookie) const
{
    return byOwnCookie.count(CookieNumber(cookie)) > 0;
}

IkeSaSlot*
EngineTables::NewestReady(PeerId peer)
{
    const std::vector<SlotId>& established = peers[peer].established;
    const auto found = std::find_if(established.rbegin(),
                                    established.rend(),
                                    [&](SlotId id) { return slots.at(id).IsReady(); });
    return found == established.rend() ? nullptr : &slots.at(*found);
}

IkeSaInfo
EngineTables::InfoOf(const IkeSaSlot& slot) const
{
    const IkeSa& sa = *slot.Established();
    IkeSaInfo info;
    info.peer = slot.peer;
    info.peerName = ConfigOf(slot.peer).name;
    info.role = slot.role;
    info.initiatorCookie = slot.initiatorCookie;
    info.responderCookie = slot.responderCookie;
    info.proposal = sa.choice.proposal;
    info.local = slot.local;
    info.remote = slot.remote;
    info.mode = sa.mode;
    info.localId = sa.localId;
    info.remoteId = sa.peer.identity;
    info.certificateSubject =
        sa.peer.certificate ? DistinguishedNameText(sa.peer.certificate->Subject()) : "";
    info.natTraversal = sa.nat.IsDetected();
    info.establishedAt = sa.establishedAt;
    info.expiresAt = sa.expiresAt;
    info.skeyidD = sa.keys.skeyids.skeyidD;
    info.skeyidA = sa.keys.skeyids.skeyidA;
    info.skeyidE = sa.keys.skeyids.skeyidE;
    info.encryptionKey = sa.keys.encryptionKey;
    return info;
}

} // namespace ipsec
} // namespace ns3
