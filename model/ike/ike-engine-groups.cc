// SPDX-License-Identifier: GPL-2.0-only
#include "ike-engine-state.h"

#include <algorithm>
#include <tuple>

namespace ns3
{
namespace ipsec
{

bool
operator<(const ClientKey& a, const ClientKey& b)
{
    return std::tie(a.group, a.type, a.identity, a.endpoint) <
           std::tie(b.group, b.type, b.identity, b.endpoint);
}

void
EngineState::JoinGroup(IkeSaSlot& slot, const Identity& identity)
{
    const ClientKey key{slot.peer, identity.type, identity.data, slot.remote};
    // The last of those that came from there, if it did not move away since.
    const auto behind = clients.upper_bound({key, std::numeric_limits<PeerId>::max()});
    if (behind != clients.begin())
    {
        const auto& [known, id] = *std::prev(behind);
        const bool isSame = !(known < key) && !(key < known);
        if (isSame && IsStillAt(peers.at(id), key.endpoint))
        {
            MoveToPeer(slot, id);
            return;
        }
    }
    MoveToPeer(slot, AddClient(key));
}

bool
EngineState::IsStillAt(const Peer& peer, const Endpoint& endpoint) const
{
    return peer.established.empty() || slots.at(peer.established.back()).remote == endpoint;
}

PeerId
EngineState::AddClient(const ClientKey& key)
{
    const PeerId id = nextClient++;
    PeerConfig own = config->peers[key.group];
    own.isGroup = false;
    own.name += "#" + std::to_string(id - config->peers.size() + 1);
    // Of the group; a copy for each client would be a copy of all for all.
    own.xauth.Edit().users.clear();
    Peer& peer = peers[id];
    peer.children.resize(own.children.size());
    peer.config = std::make_shared<const PeerConfig>(std::move(own));
    peer.client = key;
    clients.insert({key, id});
    return id;
}

const PeerConfig&
EngineState::GroupConfigOf(PeerId peer) const
{
    const Peer& known = peers.at(peer);
    return known.client ? config->peers[known.client->group] : *known.config;
}

void
EngineState::KnowUser(IkeSaSlot& slot, const std::string& user, Turn& turn)
{
    slot.access.user = user;
    Peer* peer = &peers.at(slot.peer);
    if (!peer->client)
    {
        return;
    }
    if (!peer->user.empty() && peer->user != user)
    {
        // Another user of a shared identity came from where the first one was.
        const PeerId first = slot.peer;
        const ClientKey key = *peer->client;
        peer->established.erase(
            std::remove(peer->established.begin(), peer->established.end(), slot.id),
            peer->established.end());
        MoveToPeer(slot, AddClient(key));
        turn.left.insert(first);
        peer = &peers.at(slot.peer);
        peer->established.push_back(slot.id);
    }
    if (peer->user.empty())
    {
        peer->user = user;
        PeerConfig named = *peer->config;
        named.name += "(" + user + ")";
        peer->config = std::make_shared<const PeerConfig>(std::move(named));
    }
}

std::vector<PeerId>
EngineState::SameClients(ClientKey key, const std::string& user) const
{
    // An identity that the whole group has tells nobody apart; a user does.
    const bool isShared = config->peers[key.group].remoteId.has_value();
    std::vector<PeerId> same;
    key.endpoint = {{}, 0};
    for (auto it = clients.lower_bound({key, 0}); it != clients.end(); ++it)
    {
        const auto& [known, id] = *it;
        if (known.group != key.group || known.type != key.type || known.identity != key.identity)
        {
            break;
        }
        if (peers.at(id).user == user && !(isShared && user.empty()))
        {
            same.push_back(id);
        }
    }
    return same;
}

void
EngineState::ForgetClient(PeerId id)
{
    const auto found = peers.find(id);
    clients.erase({*found->second.client, id});
    for (uint32_t child = 0; child < found->second.children.size(); child++)
    {
        Unclaim({id, child});
    }
    if (found->second.scheduled)
    {
        peerDeadlines.erase({*found->second.scheduled, id});
    }
    peers.erase(found);
}

std::vector<PeerId>
EngineState::ClientsOf(PeerId group) const
{
    std::vector<PeerId> found;
    ClientKey first;
    first.group = group;
    first.endpoint = {{}, 0};
    first.type = IdType{0};
    for (auto it = clients.lower_bound({first, 0}); it != clients.end() && it->first.group == group;
         ++it)
    {
        found.push_back(it->second);
    }
    return found;
}

} // namespace ipsec
} // namespace ns3
