// SPDX-License-Identifier: GPL-2.0-only
#include "ike-main-mode-common.h"
#include "ike-phase1-common.h"

#include "ns3/isakmp-sa-payload.h"

namespace ns3
{
namespace ipsec
{

namespace
{

/// Makes MM5 and moves the chain of @p next on.
Result<OutgoingMessage>
MakeMm5(ExpectMm6& next, bool initialContact, StepContext& context)
{
    const Cookie& initiator = next.keys.initiatorCookie;
    const Cookie& responder = next.keys.responderCookie;
    std::vector<RawPayload> payloads =
        MakeAuthentication(Role::Initiator, next.keys, next.transcript, context);
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

} // namespace

Step<ExpectMm2>
StartMainMode(StepContext& context)
{
    ExpectMm2 next;
    next.initiatorCookie = DrawCookie(context.random, {});
    next.saBody = WriteSaPayload(OfferPhase1(context.config.proposals, context.config.lifetime));
    std::vector<RawPayload> payloads = {{PayloadType::Sa, next.saBody}};
    for (RawPayload& vendorId : OwnVendorIds(context.config))
    {
        payloads.push_back(std::move(vendorId));
    }
    OutgoingMessage message =
        MakeClearMessage(Phase1Header(ExchangeType::MainMode, next.initiatorCookie, {}), payloads);
    return {std::move(next), std::move(message)};
}

Result<Step<ExpectMm4>>
HandleMm2(const ExpectMm2& state, const IncomingMessage& message, StepContext& context)
{
    if (const auto checked = CheckPayloads(message.chain, MM12_RULES); !checked)
    {
        return checked.GetFault();
    }
    const Result<SaPayload> answer = ParseSaPayload(message.chain.payloads[0].body);
    if (!answer)
    {
        return answer.GetFault();
    }
    Result<Phase1Choice> choice =
        CheckPhase1Answer(*answer, context.config.proposals, context.config.lifetime);
    if (!choice)
    {
        return choice.GetFault();
    }

    ExpectMm4 next;
    next.initiatorCookie = state.initiatorCookie;
    next.responderCookie = message.header.responderCookie;
    next.saBody = state.saBody;
    next.choice = *choice;
    next.peerKnowsNatTraversal =
        context.config.natTraversal != NatTraversal::Off && AnnouncesNatTraversal(message.chain);
    next.dh = DrawKeyPair(choice->proposal.group, context);
    next.nonce = context.random.Draw(context.config.personality.nonceOctets);

    std::vector<RawPayload> payloads = {{PayloadType::Ke, next.dh.publicValue},
                                        {PayloadType::Nonce, next.nonce}};
    if (next.peerKnowsNatTraversal)
    {
        for (RawPayload& natD : MakeNatD(choice->proposal.hash,
                                         next.initiatorCookie,
                                         next.responderCookie,
                                         message.local,
                                         message.remote,
                                         context.config.natTraversal,
                                         context.random))
        {
            payloads.push_back(std::move(natD));
        }
    }
    OutgoingMessage out = MakeClearMessage(
        Phase1Header(ExchangeType::MainMode, next.initiatorCookie, next.responderCookie), payloads);
    return Step<ExpectMm4>{std::move(next), std::move(out)};
}

Result<Step<ExpectMm6>>
HandleMm4(const ExpectMm4& state,
          const IncomingMessage& message,
          bool initialContact,
          StepContext& context)
{
    if (const auto checked = CheckPayloads(message.chain, MM34_RULES); !checked)
    {
        return checked.GetFault();
    }
    const Octets& gxr = message.chain.Find(PayloadType::Ke)->body;
    const Octets& nr = message.chain.Find(PayloadType::Nonce)->body;
    if (const auto nonce = CheckNonce(nr, state.nonce); !nonce)
    {
        return nonce.GetFault();
    }

    // keys
    const Result<SecretBytes> gxy = SharedSecret(state.dh, gxr, context);
    if (!gxy)
    {
        return gxy.GetFault();
    }
    const Phase1Proposal& proposal = state.choice.proposal;
    Result<IkeKeys> keys = DeriveIkeKeys(proposal,
                                         {state.initiatorCookie,
                                          state.responderCookie,
                                          state.dh.publicValue,
                                          gxr,
                                          state.nonce,
                                          nr,
                                          gxy->View()},
                                         context);
    if (!keys)
    {
        return keys.GetFault();
    }
    CipherChain chain(proposal.cipher,
                      keys->encryptionKey,
                      Phase1Iv(proposal.hash, proposal.cipher, state.dh.publicValue, gxr));
    ExpectMm6 next{std::move(*keys),
                   std::move(chain),
                   {state.saBody, state.dh.publicValue, gxr},
                   state.choice,
                   {},
                   OwnIdentity(context.config)};
    if (state.peerKnowsNatTraversal)
    {
        next.nat = DetectNat(proposal.hash,
                             state.initiatorCookie,
                             state.responderCookie,
                             message.local,
                             message.remote,
                             context.config.natTraversal,
                             message.chain);
    }

    Result<OutgoingMessage> out = MakeMm5(next, initialContact, context);
    if (!out)
    {
        return out.GetFault();
    }
    return Step<ExpectMm6>{std::move(next), std::move(*out)};
}

Result<MainModeDone>
HandleMm6(const ExpectMm6& state,
          const IncomingMessage& message,
          const CipherChain& chain,
          StepContext& context)
{
    Result<ProvenPeer> peer =
        CheckAuthentication(Role::Responder, message.chain, state.keys, state.transcript, context);
    if (!peer)
    {
        return peer.GetFault();
    }
    const std::optional<Duration> responderLifetime =
        FindResponderLifetime(message.chain,
                              static_cast<uint16_t>(IkeAttribute::LifeType),
                              static_cast<uint16_t>(IkeAttribute::LifeDuration));
    Phase1Choice choice = state.choice;
    choice.lifetime = ShorterLifetime(choice.lifetime, responderLifetime);
    IkeSa sa{peer->authenticated,
             state.keys,
             Role::Initiator,
             choice,
             state.nat,
             state.localId,
             std::move(peer->identity),
             context.now,
             context.now + choice.lifetime,
             {}};
    sa.keys.lastBlock = chain.Iv().Copy();
    return MainModeDone{std::move(sa), false};
}

} // namespace ipsec
} // namespace ns3
