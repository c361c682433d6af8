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
