// SPDX-License-Identifier: GPL-2.0-only
#include "ike-quick-mode-common.h"

#include "ike-key-derivation.h"

#include <algorithm>

namespace ns3
{
namespace ipsec
{

namespace
{

/**
 * Returns when this end renews: the initiator at the personality's mark, the responder later, so
 * that it acts only if the initiator did not. SAs whose end is to take the IKE SA along (LT-04) are
 * not renewed.
 */
SaLifetime
MakeLifetime(const Phase2Choice& choice, Role role, StepContext& context)
{
    const Personality& personality = context.config.personality;
    const bool isInitiator = role == Role::Initiator;
    SaLifetime lifetime;
    lifetime.hard = choice.lifetime;
    lifetime.hardKilobytes = choice.lifetimeKilobytes;
    if (context.config.childLifetimePolicy == ChildLifetimePolicy::Linked ||
        !personality.Renews(personality.ipsecRenewer, isInitiator))
    {
        return lifetime;
    }
    const double random = personality.renewalFuzz > 0 ? context.random.DrawUnit() : 0;
    lifetime.soft =
        choice.lifetime - personality.RenewalMargin(choice.lifetime, isInitiator, random);
    if (choice.lifetimeKilobytes > 0)
    {
        lifetime.softKilobytes =
            personality.SoftKilobytes(choice.lifetimeKilobytes, isInitiator, random);
    }
    return lifetime;
}

/// Returns the integrity algorithm that is used for a negotiated one.
IntegrityId
UsedIntegrity(IntegrityId negotiated, const Personality& personality)
{
    return negotiated == IntegrityId::HmacSha256_128 && personality.truncateSha256To96
               ? IntegrityId::HmacSha256_96
               : negotiated;
}

/// Makes one SA of a tunnel from what all of them share.
IpsecSa
MakeSa(IpsecSa common,
       ProtocolId protocol,
       SaDirection direction,
       const SaPairInput& input,
       const Personality& personality)
{
    const Phase2Proposal& proposal = input.choice.proposal;
    const bool inbound = direction == SaDirection::Inbound;
    const IpsecSpis& own = inbound ? input.ownSpis : input.choice.peerSpis;
    const IpsecSpis& other = inbound ? input.choice.peerSpis : input.ownSpis;
    const bool isBundle = proposal.ah && proposal.esp;
    const bool isAh = protocol == ProtocolId::Ah;
    IpsecSa sa = std::move(common);
    sa.direction = direction;
    sa.protocol = protocol;
    sa.spi = own.Of(protocol);
    sa.pairSpi = other.Of(protocol);
    sa.bundledSpi = isBundle ? own.Of(isAh ? ProtocolId::Esp : ProtocolId::Ah) : 0;
    sa.cipher = isAh ? CipherId::Null : proposal.esp->cipher;
    sa.integrity = UsedIntegrity(isAh ? *proposal.ah : proposal.esp->integrity, personality);
    return sa;
}

/// Splits KEYMAT: the cipher's key with its salt first (RFC 3686 section 5.1, RFC 4106 section
/// 8.1), then the integrity key (RFC 2407 section 4.5).
void
SetKeys(IpsecSa& sa, const SecretBytes& keymat)
{
    const CipherAlgorithm& cipher = GetCipher(sa.cipher);
    const size_t cipherOctets = cipher.keyOctets + cipher.saltOctets;
    sa.cipherKey = SecretBytes(keymat.View().First(cipherOctets));
    sa.integrityKey = SecretBytes(keymat.View().From(cipherOctets));
}

size_t
KeymatOctets(const IpsecSa& sa)
{
    const CipherAlgorithm& cipher = GetCipher(sa.cipher);
    return cipher.keyOctets + cipher.saltOctets + GetIntegrity(sa.integrity).keyOctets;
}

} // namespace

IsakmpHeader
QuickModeHeader(const IkeKeys& keys, uint32_t messageId)
{
    IsakmpHeader header;
    header.initiatorCookie = keys.initiatorCookie;
    header.responderCookie = keys.responderCookie;
    header.exchange = ExchangeType::QuickMode;
    header.messageId = messageId;
    return header;
}

Result<Done>
CheckQm12(const PayloadChain& chain)
{
    if (const auto checked = CheckPayloads(chain, QM12_RULES); !checked)
    {
        return checked.GetFault();
    }
    if (chain.payloads[1].type != PayloadType::Sa)
    {
        return Fault::UnexpectedPayload;
    }
    return Done{};
}

Result<ProxyId>
ReadProxyId(const PayloadChain& chain, const QuickModeGround& ground, Role role)
{
    std::vector<IdPayload> ids;
    for (const RawPayload& payload : chain.payloads)
    {
        if (payload.type == PayloadType::Id)
        {
            Result<IdPayload> id = ParseIdPayload(payload.body);
            if (!id)
            {
                return id.GetFault();
            }
            ids.push_back(std::move(*id));
        }
    }
    if (ids.empty())
    {
        ProxyId own;
        own.local = Prefix::Host(ground.local.address);
        own.remote = Prefix::Host(ground.remote.address);
        return own;
    }
    if (ids.size() != 2)
    {
        return Fault::BadIdentity;
    }
    return role == Role::Initiator ? ProxyId::FromPayloads(ids[0], ids[1])
                                   : ProxyId::FromPayloads(ids[1], ids[0]);
}

namespace
{

constexpr uint8_t HOST_BITS = 32;

/// Tells whether packets of a child travel in UDP behind their own IP header, whose addresses a NAT
/// changes.
bool
NeedsOriginals(const QuickModeGround& ground, const ChildConfig& child)
{
    return ground.nat.IsDetected() && child.mode == EncapsulationMode::Transport;
}

} // namespace

std::vector<RawPayload>
MakeNatOa(const QuickModeGround& ground, const ChildConfig& child, Role own)
{
    if (!NeedsOriginals(ground, child))
    {
        return {};
    }
    const bool isInitiator = own == Role::Initiator;
    const PayloadType type = NatOaType(ground.nat.version);
    const IpAddress initiator = isInitiator ? ground.local.address : ground.remote.address;
    const IpAddress responder = isInitiator ? ground.remote.address : ground.local.address;
    return {{type, WriteNatOaPayload({initiator})}, {type, WriteNatOaPayload({responder})}};
}

Result<std::optional<OriginalAddresses>>
ReadNatOa(const PayloadChain& chain,
          const QuickModeGround& ground,
          const ChildConfig& child,
          Role own)
{
    std::vector<IpAddress> addresses;
    for (const RawPayload& payload : chain.payloads)
    {
        if (payload.type != NatOaType(ground.nat.version))
        {
            continue;
        }
        const Result<NatOaPayload> original = ParseNatOaPayload(payload.body);
        if (!original)
        {
            return original.GetFault();
        }
        addresses.push_back(original->address);
    }
    if (addresses.empty() || !NeedsOriginals(ground, child))
    {
        return std::optional<OriginalAddresses>();
    }
    if (addresses.size() == 1)
    {
        // By early drafts an end tells its own alone. What it takes us for is not known then, if we
        // are behind a NAT.
        if (ground.nat.localBehindNat)
        {
            return std::optional<OriginalAddresses>();
        }
        return std::optional<OriginalAddresses>({ground.local.address, addresses[0]});
    }
    const bool isInitiator = own == Role::Initiator;
    return std::optional<OriginalAddresses>(
        {addresses[isInitiator ? 0 : 1], addresses[isInitiator ? 1 : 0]});
}

ProxyId
SeenHere(const ProxyId& asked, const QuickModeGround& ground, const ChildConfig& child)
{
    const bool areHosts = asked.local.length == HOST_BITS && asked.remote.length == HOST_BITS;
    if (!NeedsOriginals(ground, child) || !areHosts)
    {
        return asked;
    }
    ProxyId seen = asked;
    seen.local = Prefix::Host(ground.local.address);
    seen.remote = Prefix::Host(ground.remote.address);
    return seen;
}

std::vector<RawPayload>
WithHash(Octets hash, std::vector<RawPayload> payloads)
{
    payloads.insert(payloads.begin(), RawPayload{PayloadType::Hash, std::move(hash)});
    return payloads;
}

Phase2Terms
TermsOf(const QuickModeGround& ground,
        const ChildConfig& child,
        Role role,
        const Personality& personality)
{
    Phase2Terms terms{child, ground.nat.Encapsulation()};
    if (role == Role::Responder)
    {
        // An initiator asked for what it wants: the answer must be just that.
        terms.acceptUnrequestedPfs = personality.acceptUnrequestedPfs;
        terms.lifetimeRule = personality.lifetimeRule;
        terms.preferOwnProposals = personality.preferOwnProposals;
    }
    return terms;
}

bool
NeedsSpi(const ChildConfig& child, ProtocolId protocol)
{
    return std::any_of(child.proposals.begin(),
                       child.proposals.end(),
                       [protocol](const Phase2Proposal& p) {
                           return protocol == ProtocolId::Ah ? p.ah.has_value() : p.esp.has_value();
                       });
}

SaPair
MakeSaPair(const QuickModeGround& ground,
           uint32_t child,
           const SaPairInput& input,
           StepContext& context)
{
    const ChildConfig& config = context.config.children[child];
    const Phase2Choice& choice = input.choice;
    IpsecSa common;
    common.mode = config.mode;
    common.local = ground.local;
    common.remote = ground.remote;
    common.udpEncapsulated = ground.nat.IsDetected();
    common.followsPeer = ground.nat.FollowsPeer();
    common.original = input.original;
    common.proxyId = config.proxyId;
    common.lifetime = MakeLifetime(choice, input.role, context);
    common.outerHeader = config.outerHeader;
    common.extendedSequence = choice.extendedSequence;
    common.replayWindow = config.replayWindow;
    common.installedAt = context.now;
    common.child = {ground.peer, child};
    common.proposal = choice.proposal.ToString();

    SaPair pair;
    for (const SaDirection direction : {SaDirection::Inbound, SaDirection::Outbound})
    {
        for (const ProtocolId protocol : {ProtocolId::Ah, ProtocolId::Esp})
        {
            if (protocol == ProtocolId::Ah ? !choice.proposal.ah : !choice.proposal.esp)
            {
                continue;
            }
            IpsecSa sa = MakeSa(common, protocol, direction, input, context.config.personality);
            context.work.Add(WorkKind::Prf, static_cast<uint16_t>(ground.keys.hash));
            SetKeys(sa,
                    Keymat(ground.keys.hash,
                           ground.keys.skeyids.skeyidD.View(),
                           input.gxy,
                           sa.protocol,
                           sa.spi,
                           input.ni,
                           input.nr,
                           KeymatOctets(sa)));
            (direction == SaDirection::Inbound ? pair.inbound : pair.outbound).push_back(sa);
        }
    }
    return pair;
}

} // namespace ipsec
} // namespace ns3
