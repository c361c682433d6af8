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
PeerConfig::HasKeyFor(const Phase1Proposal& proposal) const
{
    if (GetAuth(proposal.auth).family == AuthFamily::PreSharedKey)
    {
        return !preSharedKey.empty();
    }
    const bool trustsSomebody =
        keys && (!keys->trust.authorities.empty() || !keys->trust.pinned.empty());
    return trustsSomebody || !peerCertificates.empty();
}

bool
PeerConfig::HidesIdentities() const
{
    return std::any_of(proposals.begin(),
                       proposals.end(),
                       [](const Phase1Proposal& proposal) { return HidesIdentity(proposal.auth); });
}

namespace
{

void
Check(const EngineConfig& config, ConfigStage stage)
{
    CheckPools(config.pools);
    for (const PeerConfig& peer : config.peers)
    {
        CheckPeer(peer, config.pools, stage);
    }
    CheckPeersTogether(config.peers);
}

} // namespace

void
EngineConfig::Validate() const
{
    Check(*this, ConfigStage::Start);
}

void
EngineConfig::ValidateChange() const
{
    Check(*this, ConfigStage::AtWork);
}

} // namespace ipsec
} // namespace ns3
