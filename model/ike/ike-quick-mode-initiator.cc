// SPDX-License-Identifier: GPL-2.0-only
#include "ike-phase1-common.h"
#include "ike-phase1-negotiation.h"
#include "ike-phase2-transform.h"
#include "ike-quick-mode-common.h"

namespace ns3
{
namespace ipsec
{

namespace
{

/// Shortens what was chosen to what RESPONDER-LIFETIME says, of time and of volume; both halves of
/// a bundle may have one (RFC 2407 section 4.6.3.1).
void
ApplyResponderLifetimes(const PayloadChain& chain, Phase2Choice& choice)
{
    for (const RawPayload& payload : chain.payloads)
    {
        if (payload.type != PayloadType::Notify)
        {
            continue;
        }
        const Result<NotifyPayload> notify = ParseNotifyPayload(payload.body);
        if (!notify || notify->type != static_cast<uint16_t>(NotifyType::ResponderLifetime))
        {
            continue;
        }
        const Result<std::vector<DataAttribute>> attributes = ParseAttributes(notify->data);
        if (!attributes)
        {
            continue;
        }
        bool valid = true;
        const std::optional<Duration> lifetime =
            ReadLifetime(*attributes,
                         static_cast<uint16_t>(IpsecAttribute::LifeType),
                         static_cast<uint16_t>(IpsecAttribute::LifeDuration),
                         LIFE_SECONDS,
                         valid);
        const uint64_t kilobytes = ReadKilobytes(*attributes, valid);
        if (valid)
        {
            choice.lifetime = ShorterLifetime(choice.lifetime, lifetime);
            choice.lifetimeKilobytes = LesserLimit(choice.lifetimeKilobytes, kilobytes);
        }
    }
}

/// Reads what the responder chose, once HASH(2) was verified.
Result<Phase2Choice>
ReadAnswer(const QuickModeGround& ground,
           const ExpectQm2& state,
           const IncomingMessage& message,
           const StepContext& context)
{
    const ChildConfig& config = context.config.children[state.child];
    const Phase2Terms terms = TermsOf(ground, config, Role::Initiator, context.config.personality);
    const Result<SaPayload> answer = ParseSaPayload(message.chain.payloads[1].body);
    if (!answer)
    {
        return answer.GetFault();
    }
    Result<Phase2Choice> choice = CheckPhase2Answer(*answer, terms);
    if (!choice)
    {
        return choice.GetFault();
    }
    const Result<ProxyId> proxyId = ReadProxyId(message.chain, ground, Role::Initiator);
    if (!proxyId || *proxyId != config.proxyId)
    {
        return proxyId ? Fault::ProxyIdMismatch : proxyId.GetFault();
    }
    const Octets& nr = message.chain.Find(PayloadType::Nonce)->body;
    if (const auto nonce = CheckNonce(nr, state.nonce); !nonce)
    {
        return nonce.GetFault();
    }
    ApplyResponderLifetimes(message.chain, *choice);
    return choice;
}

} // namespace

Result<QuickModeStarted>
StartQuickMode(const QuickModeGround& ground,
               uint32_t child,
               uint32_t messageId,
               const IpsecSpis& ownSpis,
               StepContext& context)
{
    const ChildConfig& config = context.config.children[child];
    const Phase2Terms terms = TermsOf(ground, config, Role::Initiator, context.config.personality);
    if (UsableProposals(terms).empty())
    {
        return Fault::AhThroughNat;
    }
    ExpectQm2 next{child,
                   messageId,
                   ownSpis,
                   ground.keys.ChainFor(messageId),
                   context.random.Draw(context.config.personality->nonceOctets),
                   std::nullopt};
    std::vector<RawPayload> payloads = {
        {PayloadType::Sa, WriteSaPayload(OfferPhase2(terms, ownSpis))},
        {PayloadType::Nonce, next.nonce}};
    // One KE payload serves all proposals: EngineConfig::Validate() saw that their groups agree.
    if (const std::optional<uint16_t> group = config.proposals.front().pfsGroup)
    {
        next.dh = DrawFirstKeyPair(*group, context);
        payloads.push_back({PayloadType::Ke, next.dh->publicValue});
    }
    payloads.push_back({PayloadType::Id, WriteIdPayload(config.proxyId.LocalPayload())});
    payloads.push_back({PayloadType::Id, WriteIdPayload(config.proxyId.RemotePayload())});
    Append(payloads, MakeNatOa(ground, config, Role::Initiator));

    context.work.Add(WorkKind::Prf, static_cast<uint16_t>(ground.keys.hash));
    Octets hash = Hash1(ground.keys.hash,
                        ground.keys.skeyids.skeyidA.View(),
                        messageId,
                        WritePayloadChain(payloads));
    Result<OutgoingMessage> message =
        MakeEncryptedMessage(QuickModeHeader(ground.keys, messageId),
                             WithHash(std::move(hash), std::move(payloads)),
                             next.chain,
                             context.work);
    if (!message)
    {
        return message.GetFault();
    }
    return QuickModeStarted{std::move(next), std::move(*message)};
}

Result<QuickModeCompleted>
HandleQm2(const QuickModeGround& ground,
          const ExpectQm2& state,
          const IncomingMessage& message,
          CipherChain chain,
          StepContext& context)
{
    const HashId hash = ground.keys.hash;
    const OctetView skeyidA = ground.keys.skeyids.skeyidA.View();
    context.work.Add(WorkKind::Prf, static_cast<uint16_t>(hash));
    const Octets expected = Hash2(hash, skeyidA, state.messageId, state.nonce, message.RawFrom(1));
    if (const auto verified = VerifyHash(expected, message.chain); !verified)
    {
        return verified.GetFault();
    }
    if (const auto checked = CheckQm12(message.chain); !checked)
    {
        return checked.GetFault();
    }

    const Result<Phase2Choice> choice = ReadAnswer(ground, state, message, context);
    if (!choice)
    {
        return choice.GetFault();
    }

    const Result<std::optional<OriginalAddresses>> original =
        ReadNatOa(message.chain, ground, context.config.children[state.child], Role::Initiator);
    if (!original)
    {
        return original.GetFault();
    }

    // keys
    const Octets& nr = message.chain.Find(PayloadType::Nonce)->body;
    std::optional<DhSecret> gxy;
    const RawPayload* ke = message.chain.Find(PayloadType::Ke);
    if (state.dh.has_value() != (ke != nullptr))
    {
        return ke ? Fault::UnexpectedPayload : Fault::MissingPayload;
    }
    if (ke)
    {
        Result<DhSecret> secret = SharedSecret(*state.dh, ke->body, context);
        if (!secret)
        {
            return secret.GetFault();
        }
        gxy = std::move(*secret);
    }
    const SaPairInput input{*choice,
                            Role::Initiator,
                            state.ownSpis,
                            state.nonce,
                            nr,
                            gxy ? gxy->Value().View() : OctetView(),
                            *original};
    SaPair sas = MakeSaPair(ground, state.child, input, context);

    // QM3
    context.work.Add(WorkKind::Prf, static_cast<uint16_t>(hash));
    Result<OutgoingMessage> out = MakeEncryptedMessage(
        QuickModeHeader(ground.keys, state.messageId),
        {{PayloadType::Hash, Hash3(hash, skeyidA, state.messageId, state.nonce, nr)}},
        chain,
        context.work);
    if (!out)
    {
        return out.GetFault();
    }
    return QuickModeCompleted{std::move(sas), std::move(*out)};
}

} // namespace ipsec
} // namespace ns3
