// SPDX-License-Identifier: GPL-2.0-only
#include "ike-main-mode.h"
#include "ike-phase1-common.h"
#include "ike-phase1-rules.h"

#include "ns3/isakmp-sa-payload.h"

namespace ns3
{
namespace ipsec
{

namespace
{

/// Makes the payloads of MM3 that the keys are made of.
Result<std::vector<RawPayload>>
MakeContribution(const ExpectMm4& next, StepContext& context)
{
    const Phase1Proposal& proposal = next.choice.proposal;
    const KeyExchange own{next.dh.publicValue, next.nonce, {}, {}};
    if (!HidesIdentity(proposal.auth))
    {
        return WriteKeyExchange(own);
    }
    return HideFromOthers(
        {proposal, Phase1Mode::Main, Role::Initiator, next.initiatorCookie}, own, context);
}

/// Makes MM5 and moves the chain of @p next on.
Result<OutgoingMessage>
MakeMm5(ExpectMm6& next,
        const PeerAnnouncements& announced,
        bool initialContact,
        StepContext& context)
{
    const Cookie& initiator = next.keys.initiatorCookie;
    const Cookie& responder = next.keys.responderCookie;
    const Octets idBody = OwnIdBody(context.config);
    Result<std::vector<RawPayload>> proof = MakeProof(
        Role::Initiator, {next.keys, next.choice, next.transcript}, idBody, announced, context);
    if (!proof)
    {
        return proof.GetFault();
    }
    std::vector<RawPayload> payloads;
    if (!HidesIdentity(next.choice.proposal.auth))
    {
        payloads.push_back({PayloadType::Id, idBody});
    }
    Append(payloads, std::move(*proof));
    if (initialContact)
    {
        payloads.push_back(MakeIsakmpNotify(NotifyType::InitialContact, initiator, responder, {}));
    }
    Result<OutgoingMessage> out =
        MakeEncryptedMessage(Phase1Header(ExchangeType::MainMode, initiator, responder),
                             payloads,
                             next.chain,
                             context.work);
    next.keys.lastBlock = next.chain.Iv().Copy();
    return out;
}

/// Reads what the responder contributes in MM4.
Result<KeyExchange>
ReadMm4(const ExpectMm4& state, const IncomingMessage& message, StepContext& context)
{
    const Phase1Proposal& proposal = state.choice.proposal;
    if (const auto checked = CheckMm34(message.chain, proposal.auth); !checked)
    {
        return checked.GetFault();
    }
    if (!HidesIdentity(proposal.auth))
    {
        return ReadKeyExchange(message.chain);
    }
    return RevealKeyExchange({proposal, Phase1Mode::Main, Role::Responder, state.responderCookie},
                             message.chain,
                             *context.config.keys->Find(KeyKind::Rsa),
                             context);
}

} // namespace

Step<ExpectMm2>
StartMainMode(StepContext& context)
{
    ExpectMm2 next;
    next.initiatorCookie = DrawCookie(context.random, {});
    next.saBody = WriteSaPayload(OfferPhase1(context.config.proposals,
                                             XauthUseOf(context.config, Role::Initiator),
                                             context.config.lifetime));
    std::vector<RawPayload> payloads = {{PayloadType::Sa, next.saBody}};
    Append(payloads, OwnVendorIds(context.config));
    OutgoingMessage message =
        MakeClearMessage(Phase1Header(ExchangeType::MainMode, next.initiatorCookie, {}), payloads);
    return {std::move(next), std::move(message)};
}

Result<Step<ExpectMm4>>
HandleMm2(const ExpectMm2& state, const IncomingMessage& message, StepContext& context)
{
    if (const auto checked = CheckMm12(message.chain); !checked)
    {
        return checked.GetFault();
    }
    const Result<SaPayload> answer = ParseSaPayload(message.chain.payloads[0].body);
    if (!answer)
    {
        return answer.GetFault();
    }
    Result<Phase1Choice> choice = CheckPhase1Answer(*answer,
                                                    context.config.proposals,
                                                    XauthUseOf(context.config, Role::Initiator),
                                                    context.config.lifetime);
    if (!choice)
    {
        return choice.GetFault();
    }

    ExpectMm4 next;
    next.initiatorCookie = state.initiatorCookie;
    next.responderCookie = message.header.responderCookie;
    next.saBody = state.saBody;
    next.choice = *choice;
    next.announced.Read(message.chain, context.config);
    next.dh = DrawFirstKeyPair(choice->proposal.group, context);
    next.nonce = context.random.Draw(context.config.personality->nonceOctets);

    Result<std::vector<RawPayload>> payloads = MakeContribution(next, context);
    if (!payloads)
    {
        return payloads.GetFault();
    }
    Append(*payloads, MakeCertificateRequests(choice->proposal.auth, context.config));
    Append(*payloads,
           NatDFor(choice->proposal.hash,
                   next.initiatorCookie,
                   next.responderCookie,
                   next.announced,
                   message,
                   context));
    OutgoingMessage out = MakeClearMessage(
        Phase1Header(ExchangeType::MainMode, next.initiatorCookie, next.responderCookie),
        *payloads);
    return Step<ExpectMm4>{std::move(next), std::move(out)};
}

Result<Step<ExpectMm6>>
HandleMm4(const ExpectMm4& state,
          const IncomingMessage& message,
          bool initialContact,
          StepContext& context)
{
    Result<KeyExchange> peer = ReadMm4(state, message, context);
    if (!peer)
    {
        return peer.GetFault();
    }
    if (const auto nonce = CheckNonce(peer->nonce, state.nonce); !nonce)
    {
        return nonce.GetFault();
    }

    // keys
    Result<IkeKeys> keys = AgreeOnKeys(state.choice.proposal,
                                       state.dh,
                                       peer->publicValue,
                                       {state.initiatorCookie,
                                        state.responderCookie,
                                        state.dh.publicValue,
                                        peer->publicValue,
                                        state.nonce,
                                        peer->nonce},
                                       context);
    if (!keys)
    {
        return keys.GetFault();
    }
    CipherChain chain = Phase1Chain(*keys);
    const NatFindings nat = FindNat(*keys, state.announced, message, context.config);
    ExpectMm6 next{std::move(*keys),
                   std::move(chain),
                   {state.saBody, state.dh.publicValue, peer->publicValue},
                   state.choice,
                   nat,
                   std::move(peer->idBody)};

    PeerAnnouncements announced = state.announced;
    announced.Read(message.chain, context.config);
    Result<OutgoingMessage> out = MakeMm5(next, announced, initialContact, context);
    if (!out)
    {
        return out.GetFault();
    }
    return Step<ExpectMm6>{std::move(next), std::move(*out)};
}

Result<Phase1Done>
HandleMm6(const ExpectMm6& state,
          const IncomingMessage& message,
          const CipherChain& chain,
          StepContext& context)
{
    const AuthMethod method = state.choice.proposal.auth;
    if (const auto checked =
            CheckMm56(message.chain, method, PeersXauthRole(context.config.xauth->role));
        !checked)
    {
        return checked.GetFault();
    }
    const RawPayload* id = message.chain.Find(PayloadType::Id);
    Result<ProvenPeer> peer = CheckProof(Role::Responder,
                                         {state.keys, state.choice, state.transcript},
                                         message.chain,
                                         id ? id->body : state.peerIdBody,
                                         KnownCertificate(method, context),
                                         context);
    if (!peer)
    {
        return peer.GetFault();
    }
    if (const auto notifies = CheckSaNotifies(message.chain, state.keys); !notifies)
    {
        return notifies.GetFault();
    }
    const std::optional<Duration> responderLifetime =
        FindResponderLifetime(message.chain,
                              static_cast<uint16_t>(IkeAttribute::LifeType),
                              static_cast<uint16_t>(IkeAttribute::LifeDuration));
    Phase1Choice choice = state.choice;
    choice.lifetime = ShorterLifetime(choice.lifetime, responderLifetime);
    IkeSa sa = MakeIkeSa(std::move(*peer),
                         state.keys,
                         Role::Initiator,
                         Phase1Mode::Main,
                         choice,
                         state.nat,
                         context);
    sa.keys.lastBlock = chain.Iv().Copy();
    return Phase1Done{std::move(sa), false};
}

} // namespace ipsec
} // namespace ns3
