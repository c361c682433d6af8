// SPDX-License-Identifier: GPL-2.0-only
#include "ike-config-check.h"

#include <set>

namespace ns3
{
namespace ipsec
{

namespace
{

/// DSCP has six bits (RFC 2474 section 3).
constexpr uint8_t MAX_DSCP = 63;

/// The IP header stays in front of ESP and AH, so there is nobody else's traffic to carry (RFC 4301
/// section 4.1). What address a dynamic peer will have is not known here; that it has one is.
void
CheckTransport(const std::string& where, const PeerConfig& peer, const ChildConfig& child)
{
    const ProxyId& proxyId = child.proxyId;
    const Prefix own = Prefix::Host(peer.localAddress);
    if (child.remoteIsPeer)
    {
        Require(proxyId.local == own,
                where,
                "transport mode carries only what the two ends themselves send; the local side of "
                "the proxy ID must be " +
                    own.ToString());
        return;
    }
    const Prefix other = Prefix::Host(peer.remoteAddress.value_or(proxyId.remote.address));
    Require(proxyId.local == own && proxyId.remote == other,
            where,
            "transport mode carries only what the two ends themselves send; use tunnel mode, or "
            "the proxy ID " +
                own.ToString() + " <-> " + (peer.remoteAddress ? other.ToString() : "ADDRESS/32"));
}

/// Checks that a hash can be negotiated: one that was not read from text need not be.
void
CheckHash(const std::string& where, const std::string& text, IntegrityId integrity)
{
    Require(GetIntegrity(integrity).attributeId != 0,
            where,
            "the proposal '" + text + "' has a hash that cannot be negotiated");
}

/// Checks what one proposal protects, and that it can.
void
CheckProtection(const std::string& where, const PeerConfig& peer, const Phase2Proposal& proposal)
{
    Require(proposal.ah || proposal.esp, where, "a proposal names neither ESP nor AH");
    const std::string text = proposal.ToString();
    if (proposal.ah)
    {
        CheckHash(where, text, *proposal.ah);
        Require(peer.natTraversal != NatTraversal::Force,
                where,
                "the proposal '" + text +
                    "' asks for AH, which covers the addresses that a NAT changes; with forced NAT "
                    "traversal use ESP");
    }
    if (!proposal.esp)
    {
        return;
    }
    if (GetCipher(proposal.esp->cipher).icvOctets > 0)
    {
        Require(proposal.esp->integrity == IntegrityId::None,
                where,
                "the proposal '" + text + "' has a hash next to a cipher that needs none");
        return;
    }
    Require(proposal.esp->integrity != IntegrityId::None,
            where,
            "the proposal '" + text + "' has no hash; ESP without integrity is not allowed");
    CheckHash(where, text, proposal.esp->integrity);
}

void
CheckProposals(const std::string& where, const PeerConfig& peer, const ChildConfig& child)
{
    CheckCount(where, child.proposals.size());
    for (const Phase2Proposal& proposal : child.proposals)
    {
        CheckProtection(where, peer, proposal);
        Require(proposal.pfsGroup == child.proposals.front().pfsGroup,
                where,
                "the proposals '" + child.proposals.front().ToString() + "' and '" +
                    proposal.ToString() +
                    "' differ in PFS; one offer carries one key exchange, so all must name the "
                    "same group or nopfs");
    }
}

/// Checks what a receiver does with sequence numbers: which half of 64 bits is meant, only the
/// window tells (RFC 4303 section 3.4.3).
void
CheckSequence(const std::string& where, const ChildConfig& child)
{
    Require(IsReplayWindow(child.replayWindow),
            where,
            "the replay window is " + std::to_string(child.replayWindow) +
                "; 0 (off) or 32 to 4096 are allowed");
    Require(child.extendedSequence == ExtendedSequence::Off || child.replayWindow > 0,
            where,
            "extended sequence numbers need a replay window; it is off");
}

void
CheckOuterHeader(const std::string& where, const OuterHeaderRules& rules)
{
    Require(!rules.dscp || *rules.dscp <= MAX_DSCP,
            where,
            "the DSCP of outer headers is " + std::to_string(rules.dscp.value_or(0)) +
                "; 0 to 63 are allowed");
    Require(rules.ttl >= 1, where, "the TTL of outer headers is 0; 1 to 255 are allowed");
}

void
CheckChild(const std::string& where,
           const PeerConfig& peer,
           const ChildConfig& child,
           ConfigStage stage)
{
    CheckProposals(where, peer, child);
    Require(!child.localIsOwn || child.proxyId.local == Prefix::Host(peer.localAddress),
            where,
            "the local side is our own address, but the proxy ID has " +
                child.proxyId.local.ToString() + " in the place of " +
                Prefix::Host(peer.localAddress).ToString());
    if (child.mode == EncapsulationMode::Transport && stage == ConfigStage::Start)
    {
        CheckTransport(where, peer, child);
    }
    Require(!child.remoteIsPeer || (!peer.remoteAddress && !child.remoteIsAssigned),
            where,
            "the remote side is the peer's own host, which only a peer with a dynamic address and "
            "without Mode Config may say");
    CheckLifetime(where, child.lifetime);
    Require(child.lifetimeKilobytes <= MAX_LIFE,
            where,
            "the lifetime in kilobytes must be 0 (none) to " + std::to_string(MAX_LIFE));
    CheckSequence(where, child);
    CheckOuterHeader(where, child.outerHeader);
}

} // namespace

void
CheckChildren(const std::string& where, const PeerConfig& peer, ConfigStage stage)
{
    std::set<std::string> names;
    std::set<std::string> proxyIds;
    for (const ChildConfig& child : peer.children)
    {
        CheckChild(where + ", child '" + child.name + "'", peer, child, stage);
        Require(names.insert(child.name).second,
                where,
                "two children have the name '" + child.name + "'");
        Require(proxyIds.insert(child.proxyId.ToString()).second,
                where,
                "two children have the proxy ID " + child.proxyId.ToString() +
                    "; a request could not tell them apart");
    }
}

} // namespace ipsec
} // namespace ns3
