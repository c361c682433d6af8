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

Result<RequestedChild>
EngineState::ChildFor(const IkeSaSlot& slot, const ProxyId& asked) const
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
        if (wanted == seen)
        {
            return child.remoteIsPeer ? CheckClaim({slot.peer, i}, wanted)
                                      : RequestedChild{i, false, wanted, {}};
        }
    }
    return Fault::ProxyIdMismatch;
}

Result<RequestedChild>
EngineState::CheckClaim(ChildId own, const ProxyId& wanted) const
{
    if (IsElsewhere(wanted, own.peer))
    {
        return Fault::SelectorConflict;
    }
    RequestedChild requested{own.child, true, wanted, {}};
    const auto rivals = claims.find(wanted.remote.address);
    if (rivals == claims.end())
    {
        return requested;
    }
    for (const ChildId& other : rivals->second)
    {
        const auto holder = peers.find(other.peer);
        if (other == own || holder == peers.end() ||
            holder->second.children[other.child].pairs.empty() ||
            !holder->second.config->children[other.child].proxyId.Overlaps(wanted))
        {
            continue;
        }
        if (!IsSameClient(other.peer, own.peer))
        {
            return Fault::SelectorConflict;
        }
        // It came again before we knew that it went.
        requested.leaving.push_back(other);
    }
    return requested;
}

std::shared_ptr<const PeerConfig>
EngineState::ConfigFor(const IkeSaSlot& slot, const RequestedChild& requested) const
{
    const std::shared_ptr<const PeerConfig>& known = peers.at(slot.peer).config;
    if (known->children[requested.child].proxyId == requested.proxyId)
    {
        return known;
    }
    auto changed = std::make_shared<PeerConfig>(*known);
    changed->children[requested.child].proxyId = requested.proxyId;
    return changed;
}

void
EngineState::Claim(IkeSaSlot& slot, const RequestedChild& requested, Turn& turn)
{
    for (const ChildId& other : requested.leaving)
    {
        RemovePairsOf(slot, other, turn);
    }
    const ChildId own{slot.peer, requested.child};
    Unclaim(own);
    claims[requested.proxyId.remote.address].insert(own);
    std::shared_ptr<const PeerConfig> changed = ConfigFor(slot, requested);
    if (changed != peers.at(slot.peer).config)
    {
        RemovePairsOf(slot, own, turn);
        peers.at(slot.peer).config = std::move(changed);
    }
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
