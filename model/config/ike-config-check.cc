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

/// Nonces of RFC 2409 section 5.
constexpr uint32_t MIN_NONCE = 8;
constexpr uint32_t MAX_NONCE = 256;
/// Below, fragments are mostly headers; above, there is no IPv4 packet.
constexpr uint32_t MIN_FRAGMENT = 128;
constexpr uint32_t MAX_FRAGMENT = 65535;
/// RFC 2408 section 5.1 leaves the number open; CVE-2016-5361 says that few are enough.
constexpr uint32_t MAX_AGGRESSIVE_REPLY_TRIES = 10;

void
CheckPersonality(const std::string& where, const Personality& personality)
{
    const RetransmissionSchedule& schedule = personality.retransmission;
    Require(schedule.first > Duration::zero() && schedule.cap > Duration::zero() &&
                schedule.growth >= 1.0,
            where,
            "retransmission waits must be positive and must not shrink");
    Require(personality.nonceOctets >= MIN_NONCE && personality.nonceOctets <= MAX_NONCE,
            where,
            "the nonce has " + std::to_string(personality.nonceOctets) +
                " octets; 8 to 256 are allowed");
    Require(personality.maxQuickModes >= 1, where, "at least one quick mode at once is needed");
    Require(personality.fragmentOctets >= MIN_FRAGMENT &&
                personality.fragmentOctets <= MAX_FRAGMENT,
            where,
            "IKE fragments of " + std::to_string(personality.fragmentOctets) +
                " octets are not allowed; 128 to 65535 are");
    Require(personality.aggressiveReplyTries <= MAX_AGGRESSIVE_REPLY_TRIES,
            where,
            "the second message of aggressive mode would be repeated " +
                std::to_string(personality.aggressiveReplyTries) +
                " times to an address that is not proven; at most " +
                std::to_string(MAX_AGGRESSIVE_REPLY_TRIES) + " are allowed");
    Require(personality.softLifetimePercent > 0.0 && personality.softLifetimePercent <= 100.0,
            where,
            "an SA must be renewed after more than 0 and at most 100 percent of its lifetime");
}

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
CheckPeer(const PeerConfig& peer, const std::vector<AddressPool>& pools)
{
    const std::string where = "peer '" + peer.name + "'";
    CheckAddresses(where, peer);
    CheckCount(where, peer.proposals.size());
    CheckAuthentication(where, peer);
    CheckIdentities(where, peer);
    CheckLifetime(where, peer.lifetime);
    CheckPersonality(where, peer.personality);
    CheckRemoteAccess(where, peer, pools);
    CheckChildren(where, peer);
}

} // namespace ipsec
} // namespace ns3
