// SPDX-License-Identifier: GPL-2.0-only
#include "ike-config.h"

#include "ike-config-check.h"

#include <algorithm>

namespace ns3
{
namespace ipsec
{

const OwnKey*
KeyStore::Find(KeyKind kind) const
{
    const auto found = std::find_if(
        own.begin(), own.end(), [kind](const OwnKey& key) { return key.key.Kind() == kind; });
    return found == own.end() ? nullptr : &*found;
}

bool
PeerConfig::Offers(const Phase1Proposal& proposal) const
{
    return std::find(proposals.begin(), proposals.end(), proposal) != proposals.end();
}

bool
PeerConfig::HidesIdentities() const
{
    return std::any_of(proposals.begin(),
                       proposals.end(),
                       [](const Phase1Proposal& proposal) { return HidesIdentity(proposal.auth); });
}

void
EngineConfig::Validate() const
{
    CheckPools(pools);
    for (const PeerConfig& peer : peers)
    {
        CheckPeer(peer, pools);
    }
    CheckPeersTogether(peers);
}

} // namespace ipsec
} // namespace ns3
