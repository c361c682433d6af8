// SPDX-License-Identifier: GPL-2.0-only
#include "ike-config-check.h"

#include <map>

namespace ns3
{
namespace ipsec
{

namespace
{

/// Tells whether a peer's pre-shared key is one that several users know, as far as this end can
/// tell: a client's KEY_ID is the name of its group.
bool
HasGroupKey(const PeerConfig& peer)
{
    const bool isMember = peer.xauth->role == XauthRole::Client && peer.localId &&
                          peer.localId->type == IdType::KeyId;
    return OffersPreSharedKey(peer) && (peer.isGroup || isMember);
}

void
WarnOfPeer(const PeerConfig& peer, std::vector<std::string>& warnings)
{
    const std::string where = "peer '" + peer.name + "': ";
    if (peer.mode == Phase1Mode::Aggressive && OffersPreSharedKey(peer))
    {
        warnings.push_back(where + "aggressive mode with a pre-shared key can be attacked offline: "
                                   "whoever sees the answer can try keys on it");
    }
    if (peer.xauth->role != XauthRole::Off && HasGroupKey(peer))
    {
        warnings.push_back(where + "any member of the group knows the pre-shared key and can "
                                   "impersonate the gateway and collect XAUTH passwords; use "
                                   "hybrid authentication or certificates");
    }
}

/// Tells whether main mode finds this peer's key without knowing who is calling.
bool
SharesKey(const PeerConfig& peer)
{
    return !peer.remoteAddress && peer.mode == Phase1Mode::Main && OffersPreSharedKey(peer);
}

} // namespace

std::vector<std::string>
Warnings(const EngineConfig& config)
{
    std::vector<std::string> warnings;
    std::map<IpAddress, std::vector<std::string>> sharing;
    for (const PeerConfig& peer : config.peers)
    {
        WarnOfPeer(peer, warnings);
        if (SharesKey(peer))
        {
            sharing[peer.localAddress].push_back(peer.name);
        }
    }
    for (const auto& [local, names] : sharing)
    {
        if (names.size() >= 2)
        {
            warnings.push_back("peer '" + names.front() + "' and " +
                               std::to_string(names.size() - 1) + " more at " + local.ToString() +
                               " have dynamic addresses and share one pre-shared key: each of them "
                               "can impersonate the others and the gateway");
        }
    }
    return warnings;
}

} // namespace ipsec
} // namespace ns3
