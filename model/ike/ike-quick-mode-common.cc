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
 * Returns when each end renews: the initiator at the personality's mark, the responder halfway
 * between that and the end, so that it acts only if the initiator did not.
 */
SaLifetime
MakeLifetime(const Phase2Choice& choice, Role role, const Personality& personality)
{
    const int share = role == Role::Initiator ? 1 : 2;
    SaLifetime lifetime;
    lifetime.hard = choice.lifetime;
    lifetime.soft = choice.lifetime - personality.RenewalMargin(choice.lifetime) / share;
    lifetime.hardKilobytes = choice.lifetimeKilobytes;
    if (choice.lifetimeKilobytes > 0)
    {
        const double margin = (100 - personality.softLifetimePercent) / share;
        const auto soft = static_cast<uint64_t>(static_cast<double>(choice.lifetimeKilobytes) *
                                                (100 - margin) / 100);
        // Zero would mean never.
        lifetime.softKilobytes = std::max<uint64_t>(soft, 1);
    }
    return lifetime;
}

/// Splits KEYMAT: cipher key first, then the integrity key (RFC 2407 section 4.5).
void
SetKeys(IpsecSa& sa, const SecretBytes& keymat)
{
    const size_t cipherOctets = GetCipher(sa.cipher).keyOctets;
    sa.cipherKey = SecretBytes(keymat.View().First(cipherOctets));
    sa.integrityKey = SecretBytes(keymat.View().From(cipherOctets));
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

std::vector<RawPayload>
WithHash(Octets hash, std::vector<RawPayload> payloads)
{
    payloads.insert(payloads.begin(), RawPayload{PayloadType::Hash, std::move(hash)});
    return payloads;
}

SaPair
MakeSaPair(const QuickModeGround& ground,
           uint32_t child,
           const SaPairInput& input,
           StepContext& context)
{
    const ChildConfig& config = context.config.children[child];
    const Phase2Choice& choice = input.choice;
    IpsecSa sa;
    sa.protocol = ProtocolId::Esp;
    sa.mode = config.mode;
    sa.local = ground.local;
    sa.remote = ground.remote;
    sa.udpEncapsulated = ground.natTraversal;
    sa.proxyId = config.proxyId;
    sa.cipher = choice.proposal.esp->cipher;
    sa.integrity = choice.proposal.esp->integrity;
    sa.lifetime = MakeLifetime(choice, input.role, context.config.personality);
    sa.replayWindow = config.replayWindow;
    sa.installedAt = context.now;
    sa.child = {ground.peer, child};
    sa.proposal = choice.proposal.ToString();

    SaPair pair{sa, sa};
    pair.inbound.direction = SaDirection::Inbound;
    pair.inbound.spi = input.ownSpi;
    pair.inbound.pairSpi = choice.peerSpi;
    pair.outbound.direction = SaDirection::Outbound;
    pair.outbound.spi = choice.peerSpi;
    pair.outbound.pairSpi = input.ownSpi;
    const size_t octets = GetCipher(sa.cipher).keyOctets + GetIntegrity(sa.integrity).keyOctets;
    for (IpsecSa* one : {&pair.inbound, &pair.outbound})
    {
        context.work.Add(WorkKind::Prf, static_cast<uint16_t>(ground.keys.hash));
        SetKeys(*one,
                Keymat(ground.keys.hash,
                       ground.keys.skeyids.skeyidD.View(),
                       input.gxy,
                       one->protocol,
                       one->spi,
                       input.ni,
                       input.nr,
                       octets));
    }
    return pair;
}

} // namespace ipsec
} // namespace ns3
