// SPDX-License-Identifier: GPL-2.0-only
#include "ike-config-check.h"

#include <algorithm>
#include <stdexcept>

namespace ns3
{
namespace ipsec
{

namespace
{

void
CheckAddresses(const std::string& where, const PeerConfig& peer)
{
    Require(!peer.localAddress.IsAny(), where, "the local address is missing");
    if (!peer.remoteAddress)
    {
        return;
    }
    Require(!peer.remoteAddress->IsAny(),
            where,
            "the remote address is 0.0.0.0; leave it out for a peer with a dynamic address");
    Require(!peer.isGroup,
            where,
            "a group of clients cannot have the one address " + peer.remoteAddress->ToString() +
                "; leave the remote address out");
    Require(*peer.remoteAddress != peer.localAddress,
            where,
            "the local and the remote address are both " + peer.localAddress.ToString());
}

} // namespace

void
Require(bool good, const std::string& where, const std::string& sentence)
{
    if (!good)
    {
        throw std::invalid_argument(where + ": " + sentence);
    }
}

void
CheckLifetime(const std::string& where, Duration lifetime)
{
    Require(lifetime >= std::chrono::seconds(1) && lifetime <= std::chrono::seconds(MAX_LIFE),
            where,
            "the lifetime must be 1 to " + std::to_string(MAX_LIFE) + " seconds");
}

void
CheckCount(const std::string& where, size_t proposals)
{
    Require(proposals >= 1 && proposals <= MAX_PROPOSALS,
            where,
            "there are " + std::to_string(proposals) + " proposals; 1 to " +
                std::to_string(MAX_PROPOSALS) + " are allowed");
}

bool
OffersPreSharedKey(const PeerConfig& peer)
{
    return std::any_of(peer.proposals.begin(),
                       peer.proposals.end(),
                       [](const Phase1Proposal& proposal)
                       { return GetAuth(proposal.auth).family == AuthFamily::PreSharedKey; });
}

void
CheckPeer(const PeerConfig& peer, const std::vector<AddressPool>& pools, ConfigStage stage)
{
    const std::string where = "peer '" + peer.name + "'";
    CheckAddresses(where, peer);
    CheckCount(where, peer.proposals.size());
    CheckAuthentication(where, peer, stage);
    CheckIdentities(where, peer, stage);
    CheckLifetime(where, peer.lifetime);
    CheckPersonality(where, peer.personality);
    CheckDpd(where, peer.dpd);
    CheckRemoteAccess(where, peer, pools);
    CheckChildren(where, peer, stage);
}

} // namespace ipsec
} // namespace ns3
