// SPDX-License-Identifier: GPL-2.0-only
#include "ike-config.h"

#include <algorithm>
#include <map>
#include <set>
#include <stdexcept>
#include <utility>

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
/// RFC 4303 section 3.4.3 asks for at least 32; beyond the upper bound nothing is gained.
constexpr uint32_t MIN_REPLAY_WINDOW = 32;
constexpr uint32_t MAX_REPLAY_WINDOW = 4096;
/// Lifetimes travel as 32 bits of seconds or kilobytes.
constexpr uint64_t MAX_LIFE = 0xffffffff;

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

/// The IP header stays in front of ESP, so there is nobody else's traffic to carry (RFC 4301
/// section 4.1). What address a dynamic peer will have is not known here; that it has one is.
void
CheckTransport(const std::string& where, const PeerConfig& peer, const ProxyId& proxyId)
{
    const Prefix own = Prefix::Host(peer.localAddress);
    const Prefix other = Prefix::Host(peer.remoteAddress.value_or(proxyId.remote.address));
    Require(proxyId.local == own && proxyId.remote == other,
            where,
            "transport mode carries only what the two ends themselves send; use tunnel mode, or "
            "the proxy ID " +
                own.ToString() + " <-> " + (peer.remoteAddress ? other.ToString() : "ADDRESS/32"));
}

void
CheckChild(const std::string& where, const PeerConfig& peer, const ChildConfig& child)
{
    CheckCount(where, child.proposals.size());
    for (const Phase2Proposal& proposal : child.proposals)
    {
        Require(proposal.ah || proposal.esp, where, "a proposal names neither ESP nor AH");
        Require(!proposal.ah,
                where,
                "the proposal '" + proposal.ToString() +
                    "' asks for AH, which cannot be negotiated; use ESP");
        Require(proposal.pfsGroup == child.proposals.front().pfsGroup,
                where,
                "the proposals '" + child.proposals.front().ToString() + "' and '" +
                    proposal.ToString() +
                    "' differ in PFS; one offer carries one key exchange, so all must name the "
                    "same group or nopfs");
    }
    if (child.mode == EncapsulationMode::Transport)
    {
        CheckTransport(where, peer, child.proxyId);
    }
    CheckLifetime(where, child.lifetime);
    Require(child.lifetimeKilobytes <= MAX_LIFE,
            where,
            "the lifetime in kilobytes must be 0 (none) to " + std::to_string(MAX_LIFE));
    Require(child.replayWindow == 0 || (child.replayWindow >= MIN_REPLAY_WINDOW &&
                                        child.replayWindow <= MAX_REPLAY_WINDOW),
            where,
            "the replay window is " + std::to_string(child.replayWindow) +
                "; 0 (off) or 32 to 4096 are allowed");
}

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
    Require(*peer.remoteAddress != peer.localAddress,
            where,
            "the local and the remote address are both " + peer.localAddress.ToString());
}

/// Checks that what a method needs at this end is there.
void
CheckCredentials(const std::string& where, const PeerConfig& peer, const Phase1Proposal& proposal)
{
    const AuthAlgorithm& auth = GetAuth(proposal.auth);
    if (!auth.key)
    {
        Require(!peer.preSharedKey.empty(), where, "the pre-shared key is missing");
        return;
    }
    const std::string what = "the proposal '" + proposal.ToString() + "' ";
    Require(peer.keys != nullptr, where, what + "needs keys and certificates; there are none");
    if (proposal.auth == AuthMethod::HybridRsa && peer.xauth.role == XauthRole::Client)
    {
        return;
    }
    const OwnKey* own = peer.keys->Find(*auth.key);
    Require(own != nullptr && !own->chain.empty(),
            where,
            what + "needs a private key of the kind " + KeyKindName(*auth.key) +
                " with its certificate");
}

void
CheckPeer(const PeerConfig& peer)
{
    const std::string where = "peer '" + peer.name + "'";
    CheckAddresses(where, peer);
    CheckCount(where, peer.proposals.size());
    for (const Phase1Proposal& proposal : peer.proposals)
    {
        CheckCredentials(where, peer, proposal);
    }
    CheckLifetime(where, peer.lifetime);
    CheckPersonality(where, peer.personality);
    std::set<std::string> names;
    std::set<std::string> proxyIds;
    for (const ChildConfig& child : peer.children)
    {
        CheckChild(where + ", child '" + child.name + "'", peer, child);
        Require(names.insert(child.name).second,
                where,
                "two children have the name '" + child.name + "'");
        Require(proxyIds.insert(child.proxyId.ToString()).second,
                where,
                "two children have the proxy ID " + child.proxyId.ToString() +
                    "; a request could not tell them apart");
    }
}

/// Checks two peers that a first message cannot tell apart: both are found by the same addresses,
/// and main mode needs the key and the proposals before it knows who is calling (RFC 2409 section
/// 5.4).
void
CheckSameAddresses(const PeerConfig& a, const PeerConfig& b)
{
    const std::string where = "peers '" + a.name + "' and '" + b.name + "'";
    Require(!a.remoteAddress.has_value(), where, "both have the same local and remote address");
    if (a.mode == Phase1Mode::Aggressive || b.mode == Phase1Mode::Aggressive)
    {
        return; // told apart by their identities
    }
    Require(ConstantTimeEqual(a.preSharedKey.View(), b.preSharedKey.View()),
            where,
            "both have dynamic addresses but different pre-shared keys; in main mode dynamic peers "
            "must share one key");
    Require(a.proposals == b.proposals,
            where,
            "both have dynamic addresses but different phase 1 proposals; dynamic peers must share "
            "one list");
}

} // namespace

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
    std::set<std::string> names;
    std::map<std::pair<IpAddress, std::optional<IpAddress>>, const PeerConfig*> addresses;
    for (const PeerConfig& peer : peers)
    {
        CheckPeer(peer);
        Require(
            names.insert(peer.name).second, "peer '" + peer.name + "'", "the name is used twice");
        const auto [other, isNew] =
            addresses.emplace(std::make_pair(peer.localAddress, peer.remoteAddress), &peer);
        if (isNew)
        {
            continue;
        }
        CheckSameAddresses(*other->second, peer);
        if (other->second->mode == Phase1Mode::Aggressive)
        {
            other->second = &peer; // the first in main mode speaks for all others
        }
    }
}

} // namespace ipsec
} // namespace ns3
