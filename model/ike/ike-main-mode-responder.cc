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

/// Makes MM6; RESPONDER-LIFETIME goes with it if the peer offered a longer lifetime than ours.
Result<OutgoingMessage>
MakeMm6(const ExpectMm5& state, CipherChain& chain, StepContext& context)
{
    std::vector<RawPayload> payloads =
        MakeAuthentication(Role::Responder, state.keys, state.transcript, context);
    if (state.choice.peerLifetime && *state.choice.peerLifetime > state.choice.lifetime)
    {
        payloads.push_back(
            MakeIsakmpNotify(NotifyType::ResponderLifetime,
                             state.keys.initiatorCookie,
                             state.keys.responderCookie,
                             LifetimeData(static_cast<uint16_t>(IkeAttribute::LifeType),
                                          static_cast<uint16_t>(IkeAttribute::LifeDuration),
                                          state.choice.lifetime)));
    }
    return MakeEncryptedMessage(Phase1Header(ExchangeType::MainMode,
                                             state.keys.initiatorCookie,
                                             state.keys.responderCookie),
                                payloads,
                                chain,
                                context.work);
}

} // namespace

Result<Step<ExpectMm3>>
HandleMm1(const IncomingMessage& message, StepContext& context)
{
    if (const auto checked = CheckPayloads(message.chain, MM12_RULES); !checked)
    {
        return checked.GetFault();
    }
    const Octets& saBody = message.chain.payloads[0].body;
    const Result<SaPayload> offer = ParseSaPayload(saBody);
    if (!offer)
    {
        return offer.GetFault();
    }
    SaPayload answer;
    const Result<Phase1Choice> choice =
        ChoosePhase1(*offer, context.config.proposals, context.config.lifetime, answer);
    if (!choice)
    {
        return choice.GetFault();
    }

    ExpectMm3 next;
    next.initiatorCookie = message.header.initiatorCookie;
    next.responderCookie = DrawCookie(context.random, next.initiatorCookie);
    next.saBody = saBody;
    next.choice = *choice;
    next.peerKnowsNatTraversal =
        context.config.natTraversal != NatTraversal::Off && AnnouncesNatTraversal(message.chain);
    std::vector<RawPayload> payloads = {{PayloadType::Sa, WriteSaPayload(answer)}};
    for (RawPayload& vendorId : AnsweringVendorIds(context.config, message.chain))
    {
        payloads.push_back(std::move(vendorId));
    }
    OutgoingMessage out = MakeClearMessage(
        Phase1Header(ExchangeType::MainMode, next.initiatorCookie, next.responderCookie), payloads);
    return Step<ExpectMm3>{std::move(next), std::move(out)};
}

Result<Step<ExpectMm5>>
HandleMm3(const ExpectMm3& state, const IncomingMessage& message, StepContext& context)
{
    if (const auto checked = CheckPayloads(message.chain, MM34_RULES); !checked)
    {
        return checked.GetFault();
    }
    const Octets& gxi = message.chain.Find(PayloadType::Ke)->body;
    const Octets& ni = message.chain.Find(PayloadType::Nonce)->body;
    const Octets nr = context.random.Draw(context.config.personality.nonceOctets);
    if (const auto nonce = CheckNonce(ni, nr); !nonce)
    {
        return nonce.GetFault();
    }

    // keys
    const Phase1Proposal& proposal = state.choice.proposal;
    const DhKeyPair dh = DrawKeyPair(proposal.group, context);
    const Result<SecretBytes> gxy = SharedSecret(dh, gxi, context);
    if (!gxy)
    {
        return gxy.GetFault();
    }
    Result<IkeKeys> keys = DeriveIkeKeys(
        proposal,
        {state.initiatorCookie, state.responderCookie, gxi, dh.publicValue, ni, nr, gxy->View()},
        context);
    if (!keys)
    {
        return keys.GetFault();
    }
    CipherChain chain(proposal.cipher,
                      keys->encryptionKey,
                      Phase1Iv(proposal.hash, proposal.cipher, gxi, dh.publicValue));
    ExpectMm5 next{
        std::move(*keys), std::move(chain), {state.saBody, gxi, dh.publicValue}, state.choice, {}};

    // MM4
    std::vector<RawPayload> payloads = {{PayloadType::Ke, dh.publicValue},
                                        {PayloadType::Nonce, nr}};
    if (state.peerKnowsNatTraversal)
    {
        next.nat = DetectNat(proposal.hash,
                             state.initiatorCookie,
                             state.responderCookie,
                             message.local,
                             message.remote,
                             context.config.natTraversal,
                             message.chain);
        for (RawPayload& natD : MakeNatD(proposal.hash,
                                         state.initiatorCookie,
                                         state.responderCookie,
                                         message.local,
                                         message.remote,
                                         context.config.natTraversal,
                                         context.random))
        {
            payloads.push_back(std::move(natD));
        }
    }
    OutgoingMessage out = MakeClearMessage(
        Phase1Header(ExchangeType::MainMode, state.initiatorCookie, state.responderCookie),
        payloads);
    return Step<ExpectMm5>{std::move(next), std::move(out)};
}

Result<MainModeAnswered>
HandleMm5(const ExpectMm5& state,
          const IncomingMessage& message,
          CipherChain chain,
          StepContext& context)
{
    Result<ProvenPeer> peer =
        CheckAuthentication(Role::Initiator, message.chain, state.keys, state.transcript, context);
    if (!peer)
    {
        return peer.GetFault();
    }
    Result<OutgoingMessage> out = MakeMm6(state, chain, context);
    if (!out)
    {
        return out.GetFault();
    }
    IkeSa sa{peer->authenticated,
             state.keys,
             Role::Responder,
             state.choice,
             state.nat,
             OwnIdentity(context.config),
             std::move(peer->identity),
             context.now,
             context.now + state.choice.lifetime,
             {}};
    sa.keys.lastBlock = chain.Iv().Copy();
    return MainModeAnswered{
        {std::move(sa), FindNotify(message.chain, NotifyType::InitialContact).has_value()},
        std::move(*out)};
}

} // namespace ipsec
} // namespace ns3
