// SPDX-License-Identifier: GPL-2.0-only
#include "ike-certificate-names.h"
#include "ike-config-check.h"

#include <algorithm>

namespace ns3
{
namespace ipsec
{

namespace
{

std::string
ProposalText(const Phase1Proposal& proposal)
{
    return "the proposal '" + proposal.ToString() + "'";
}

/// Tells whether we prove ourselves by a private key: the client of hybrid authentication does not.
bool
NeedsOwnKey(const Phase1Proposal& proposal, const PeerConfig& peer)
{
    const bool isHybridClient =
        proposal.auth == AuthMethod::HybridRsa && peer.xauth->role == XauthRole::Client;
    return GetAuth(proposal.auth).key && !isHybridClient;
}

/// Tells whether the peer proves itself by a signature: the client of hybrid authentication does
/// not.
bool
NeedsTrust(const Phase1Proposal& proposal, const PeerConfig& peer)
{
    const bool isHybridServer =
        proposal.auth == AuthMethod::HybridRsa && peer.xauth->role == XauthRole::Server;
    return GetAuth(proposal.auth).family == AuthFamily::Signature && !isHybridServer;
}

bool
HasRsaCertificate(const PeerConfig& peer)
{
    return std::any_of(peer.peerCertificates.begin(),
                       peer.peerCertificates.end(),
                       [](const Certificate& certificate)
                       { return certificate.Key().Kind() == KeyKind::Rsa; });
}

/// Checks that a signature of the peer could be believed.
void
CheckTrust(const std::string& where, const PeerConfig& peer, const Phase1Proposal& proposal)
{
    const Trust& trust = peer.keys->trust;
    Require(!trust.authorities.empty() || !trust.pinned.empty() || !peer.peerCertificates.empty(),
            where,
            ProposalText(proposal) +
                " needs an authority to trust, or the peer's certificate; there is neither");
}

/// Checks that we can hide what only the peer shall read. A dynamic peer calls us, and may bring
/// its certificate.
void
CheckRecipient(const std::string& where, const PeerConfig& peer, const Phase1Proposal& proposal)
{
    if (HasRsaCertificate(peer))
    {
        return;
    }
    Require(!peer.remoteAddress,
            where,
            ProposalText(proposal) +
                " encrypts with the peer's key, so an RSA certificate of the peer must be known "
                "beforehand; there is none");
    CheckTrust(where, peer, proposal);
}

void
CheckOwnKey(const std::string& where, const PeerConfig& peer, const Phase1Proposal& proposal)
{
    const KeyKind kind = *GetAuth(proposal.auth).key;
    const OwnKey* own = peer.keys->Find(kind);
    Require(own != nullptr && !own->chain.empty(),
            where,
            ProposalText(proposal) + " needs a private key of the kind " + KeyKindName(kind) +
                " with its certificate");
    Require(own->chain.front().Key() == own->key.Public(),
            where,
            std::string("our certificate of the kind ") + KeyKindName(kind) + ", of " +
                SubjectIdentity(own->chain.front()).ToString() + ", is not one of our private key");
}

/// Checks that what a method needs at this end is there.
void
CheckCredentials(const std::string& where, const PeerConfig& peer, const Phase1Proposal& proposal)
{
    if (!GetAuth(proposal.auth).key)
    {
        Require(!peer.preSharedKey.empty(), where, "the pre-shared key is missing");
        return;
    }
    Require(peer.keys != nullptr,
            where,
            ProposalText(proposal) + " needs keys and certificates; there are none");
    if (NeedsOwnKey(proposal, peer))
    {
        CheckOwnKey(where, peer, proposal);
    }
    if (NeedsTrust(proposal, peer))
    {
        CheckTrust(where, peer, proposal);
    }
    if (HidesIdentity(proposal.auth))
    {
        CheckRecipient(where, peer, proposal);
    }
}

/// Checks that a method can be said with and without XAUTH: its numbers are different ones.
void
CheckXauthNumber(const std::string& where, const PeerConfig& peer, const Phase1Proposal& proposal)
{
    const AuthAlgorithm& auth = GetAuth(proposal.auth);
    if (peer.xauth->role == XauthRole::Off)
    {
        Require(auth.WireId(XauthUse::None) != 0,
                where,
                ProposalText(proposal) +
                    " proves the gateway only; make the peer an XAUTH client or server");
        return;
    }
    Require(auth.WireId(XauthUse::Initiator) != 0,
            where,
            ProposalText(proposal) + " cannot be combined with XAUTH; no number is assigned to "
                                     "its method with it");
}

/// The first message of aggressive mode carries the key exchange, and under public key encryption
/// hides the identity, before anything is chosen (RFC 2409 section 5). A dynamic peer is never
/// called, so it may be offered what one message could not hold.
void
CheckAggressiveOffer(const std::string& where, const PeerConfig& peer)
{
    const Phase1Proposal& first = peer.proposals.front();
    for (const Phase1Proposal& other : peer.proposals)
    {
        const std::string both =
            "the proposals '" + first.ToString() + "' and '" + other.ToString() + "' ";
        Require(other.group == first.group,
                where,
                both + "differ in the group; aggressive mode carries one key exchange, so all "
                       "must name the same group");
        const bool sameHiding =
            other.auth == first.auth && other.cipher == first.cipher && other.hash == first.hash;
        Require((!HidesIdentity(first.auth) && !HidesIdentity(other.auth)) || sameHiding,
                where,
                both + "do not hide the identity in the same way; aggressive mode sends it before "
                       "the choice, so all must name the same method, cipher and hash");
    }
}

/// Writes what a certificate speaks for, such as "gw.example.com or CN=gw".
std::string
NamesText(const Certificate& certificate)
{
    std::string text;
    for (const AlternativeName& name : certificate.AlternativeNames())
    {
        const IdType type = name.kind == AlternativeNameKind::Dns     ? IdType::Fqdn
                            : name.kind == AlternativeNameKind::Email ? IdType::UserFqdn
                                                                      : IdType::Ipv4Addr;
        text += Identity{type, name.value}.ToString() + " or ";
    }
    return text + SubjectIdentity(certificate).ToString();
}

/// Tells whether our certificate may go to the peer under a method.
bool
IsSent(const Phase1Proposal& proposal, const PeerConfig& peer)
{
    if (!NeedsOwnKey(proposal, peer))
    {
        return false;
    }
    return HidesIdentity(proposal.auth) ? peer.certificateSending == CertificateSending::Always
                                        : peer.certificateSending != CertificateSending::Never;
}

/// Checks that the certificate that we send speaks for us: the peer would refuse another one. It
/// never speaks for a KEY_ID, which is between us and the peer.
void
CheckOwnIdentity(const std::string& where, const PeerConfig& peer)
{
    const Identity own = peer.localId.value_or(Identity::FromAddress(peer.localAddress));
    if (own.type == IdType::KeyId)
    {
        return;
    }
    for (const Phase1Proposal& proposal : peer.proposals)
    {
        if (!IsSent(proposal, peer))
        {
            continue;
        }
        const Certificate& certificate =
            peer.keys->Find(*GetAuth(proposal.auth).key)->chain.front();
        Require(CertificateNames(certificate, own),
                where,
                "the local ID is " + own.ToString() + ", but the certificate for " +
                    ProposalText(proposal) + " names " + NamesText(certificate));
    }
}

/// Checks who the peer may be. Where both ends are fixed the address is the identity (PO-06);
/// behind a NAT the peer cannot know the address it is seen from.
void
CheckRemoteIdentity(const std::string& where, const PeerConfig& peer)
{
    if (!peer.remoteId || peer.remoteId->type != IdType::Ipv4Addr)
    {
        return;
    }
    const std::string id = peer.remoteId->ToString();
    if (!peer.remoteAddress)
    {
        Require(peer.kind != PeerKind::Site,
                where,
                "the remote ID is the address " + id +
                    ", but the peer's address is dynamic; name a site by a domain, a user at a "
                    "domain, a key ID or a distinguished name");
        return;
    }
    Require(peer.natTraversal != NatTraversal::Off ||
                *peer.remoteId == Identity::FromAddress(*peer.remoteAddress),
            where,
            "the remote ID is the address " + id + ", but the peer is called at " +
                peer.remoteAddress->ToString() +
                "; without NAT traversal both must be the same, or the ID a name");
}

/// Checks what users, other than gateways, must use.
void
CheckKind(const std::string& where, const PeerConfig& peer)
{
    const bool isAggressive = peer.mode == Phase1Mode::Aggressive;
    if (peer.kind == PeerKind::DynamicVpn)
    {
        Require(isAggressive, where, "dynamic VPN needs aggressive mode");
        Require(peer.proposalSet.empty(),
                where,
                "the predefined proposal set '" + peer.proposalSet +
                    "' cannot be used for dynamic VPN; write custom proposals");
    }
    Require(peer.kind != PeerKind::DialUp || isAggressive || !OffersPreSharedKey(peer),
            where,
            "a dial-up user with a pre-shared key needs aggressive mode; main mode would look for "
            "the key by an address that nobody knows beforehand");
}

} // namespace

void
CheckAuthentication(const std::string& where, const PeerConfig& peer, ConfigStage stage)
{
    for (const Phase1Proposal& proposal : peer.proposals)
    {
        Require(GetCipher(proposal.cipher).ikeId != 0,
                where,
                ProposalText(proposal) + " has a cipher that phase 1 does not have");
        CheckXauthNumber(where, peer, proposal);
        if (stage == ConfigStage::Start || peer.HasKeyFor(proposal))
        {
            CheckCredentials(where, peer, proposal);
        }
    }
    if (peer.mode == Phase1Mode::Aggressive && peer.remoteAddress)
    {
        CheckAggressiveOffer(where, peer);
    }
}

void
CheckIdentities(const std::string& where, const PeerConfig& peer, ConfigStage stage)
{
    CheckKind(where, peer);
    if (stage == ConfigStage::Start)
    {
        CheckOwnIdentity(where, peer);
    }
    CheckRemoteIdentity(where, peer);
}

} // namespace ipsec
} // namespace ns3
