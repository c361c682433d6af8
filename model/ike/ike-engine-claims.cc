// SPDX-License-Identifier: GPL-2.0-only
#include "ike-engine-state.h"
#include "ike-informational.h"
#include "ike-quick-mode-common.h"

#include <algorithm>

namespace ns3
{
namespace ipsec
{

namespace
{

constexpr uint8_t HOST_BITS = 32;

} // namespace

Result<uint32_t>
EngineState::ChildFor(IkeSaSlot& slot, const ProxyId& asked, Turn& turn)
{
    const std::vector<ChildConfig>& children = ConfigOf(slot.peer).children;
    for (uint32_t i = 0; i < children.size(); i++)
    {
        const ChildConfig& child = children[i];
        const ProxyId seen = SeenHere(asked, GroundOf(slot), child);
        ProxyId wanted = child.proxyId;
        if (child.remoteIsPeer && seen.remote.length == HOST_BITS)
        {
            wanted.remote = seen.remote;
        }
        if (wanted != seen)
        {
            continue;
        }
        if (child.remoteIsPeer)
        {
            if (const auto claimed = Claim(slot, i, wanted, turn); !claimed)
            {
                return claimed.GetFault();
            }
        }
        return i;
    }
    return Fault::ProxyIdMismatch;
}

Result<Done>
EngineState::Claim(IkeSaSlot& slot, uint32_t child, const ProxyId& wanted, Turn& turn)
{
    const ChildId own{slot.peer, child};
    if (IsElsewhere(wanted, slot.peer))
    {
        return Fault::SelectorConflict;
    }
    const auto rivals = claims.find(wanted.remote.address);
    const std::set<ChildId> others = rivals == claims.end() ? std::set<ChildId>() : rivals->second;
    for (const ChildId& other : others)
    {
        const auto holder = peers.find(other.peer);
        if (other == own || holder == peers.end() ||
            holder->second.children[other.child].pairs.empty() ||
            !holder->second.config->children[other.child].proxyId.Overlaps(wanted))
        {
            continue;
        }
        if (!IsSameClient(other.peer, slot.peer))
        {
            return Fault::SelectorConflict;
        }
        // It came again before we knew that it went.
        RemovePairsOf(slot, other, turn);
    }
    Unclaim(own);
    claims[wanted.remote.address].insert(own);
    const PeerConfig& known = ConfigOf(slot.peer);
    if (known.children[child].proxyId != wanted)
    {
        auto changed = std::make_shared<PeerConfig>(known);
        changed->children[child].proxyId = wanted;
        RemovePairsOf(slot, own, turn);
        peers[slot.peer].config = std::move(changed);
    }
    return Done{};
}

void
EngineState::Unclaim(ChildId child)
{
    const IpAddress address =
        peers.at(child.peer).config->children[child.child].proxyId.remote.address;
    const auto claimed = claims.find(address);
    if (claimed != claims.end() && claimed->second.erase(child) > 0 && claimed->second.empty())
    {
        claims.erase(claimed);
    }
}

bool
EngineState::IsElsewhere(const ProxyId& wanted, PeerId peer) const
{
    if (wanted.local.Contains(wanted.remote) && wanted.local.length > 0)
    {
        return true; // in our own network
    }
    for (PeerId other = 0; other < config->peers.size(); other++)
    {
        for (const ChildConfig& child : config->peers[other].children)
        {
            if (other != peer && !child.remoteIsPeer && !child.remoteIsAssigned &&
                child.proxyId.Overlaps(wanted))
            {
                return true;
            }
        }
    }
    return false;
}

bool
EngineState::IsSameClient(PeerId a, PeerId b) const
{
    const Peer& one = peers.at(a);
    const Peer& other = peers.at(b);
    return one.client && other.client && one.client->group == other.client->group &&
           one.client->type == other.client->type &&
           one.client->identity == other.client->identity && one.user == other.user;
}

void
EngineState::RemovePairsOf(IkeSaSlot& slot, ChildId child, Turn& turn)
{
    const std::vector<InstalledPair> pairs = peers.at(child.peer).children[child.child].pairs;
    for (const InstalledPair& pair : pairs)
    {
        if (child.peer == slot.peer)
        {
            SendProtected(slot, MakeIpsecDeletes(pair.inbound), turn);
        }
        RemovePair(child, pair.inbound.front(), Fault::Replaced, turn);
    }
}

} // namespace ipsec
} // namespace ns3
