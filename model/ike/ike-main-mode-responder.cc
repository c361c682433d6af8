// SPDX-License-Identifier: GPL-2.0-only
#include "ike-main-mode.h"
#include "ike-phase1-common.h"

#include "ns3/isakmp-sa-payload.h"

namespace ns3
{
namespace ipsec
{

namespace
{

constexpr std::array<PayloadRule, 1> MM1_RULES = {{{PayloadType::Sa, 1, 1}}};
constexpr std::array<PayloadRule, 4> MM3_RULES = {{{PayloadType::Ke, 1, 1},
                                                   {PayloadType::Nonce, 1, 1},
                                                   {PayloadType::NatD, 0, 8},
                                                   {PayloadType::CertRequest, 0, 8}}};
constexpr std::array<PayloadRule, 3> MM5_RULES = {
    {{PayloadType::Id, 1, 1}, {PayloadType::Hash, 1, 1}, {PayloadType::Notify, 0, 4}}};

/// Makes MM6; RESPONDER-LIFETIME goes with it if the peer offered a longer lifetime than ours.
Result<OutgoingMessage>
MakeMm6(const ExpectMm5& state, CipherChain& chain, StepContext& context)
{
    const HashId hash = state.keys.hash;
    const Octets idBody = WriteIdPayload(OwnIdentity(context.config).ToPayload());
    context.work.Add(WorkKind::Prf, static_cast<uint16_t>(hash));
    std::vector<RawPayload> payloads = {{PayloadType::Id, idBody},
                                        {PayloadType::Hash,
                                         HashR(hash,
                                               state.keys.skeyids.skeyid.View(),
                                               {state.transcript.gxi,
                                                state.transcript.gxr,
                                                state.keys.initiatorCookie,
                                                state.keys.responderCookie,
                                                state.transcript.saBody},
                                               idBody)}};
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
    if (const auto checked = CheckPayloads(message.chain, MM1_RULES); !checked)
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
    if (next.peerKnowsNatTraversal)
    {
        for (RawPayload& vendorId : OwnVendorIds(context.config))
        {
            payloads.push_back(std::move(vendorId));
        }
    }
    OutgoingMessage out = MakeClearMessage(
        Phase1Header(ExchangeType::MainMode, next.initiatorCookie, next.responderCookie), payloads);
    return Step<ExpectMm3>{std::move(next), std::move(out)};
}

Result<Step<ExpectMm5>>
HandleMm3(const ExpectMm3& state, const IncomingMessage& message, StepContext& context)
{
    if (const auto checked = CheckPayloads(message.chain, MM3_RULES); !checked)
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
    if (const auto checked = CheckPayloads(message.chain, MM5_RULES); !checked)
    {
        return checked.GetFault();
    }
    const Octets& idBody = message.chain.Find(PayloadType::Id)->body;
    context.work.Add(WorkKind::Prf, static_cast<uint16_t>(state.keys.hash));
    const Octets expected = HashI(state.keys.hash,
                                  state.keys.skeyids.skeyid.View(),
                                  {state.transcript.gxi,
                                   state.transcript.gxr,
                                   state.keys.initiatorCookie,
                                   state.keys.responderCookie,
                                   state.transcript.saBody},
                                  idBody);
    const Result<PeerAuthenticated> authenticated =
        PeerAuthenticated::VerifyPeer(expected, message.chain.Find(PayloadType::Hash)->body);
    if (!authenticated)
    {
        return authenticated.GetFault();
    }
    if (const auto notifies = CheckSaNotifies(message.chain, state.keys); !notifies)
    {
        return notifies.GetFault();
    }
    Result<Identity> identity = ReadPhase1Identity(idBody);
    if (!identity)
    {
        return identity.GetFault();
    }
    if (const auto checked = CheckIdentity(*identity, context.config); !checked)
    {
        return checked.GetFault();
    }
    Result<OutgoingMessage> out = MakeMm6(state, chain, context);
    if (!out)
    {
        return out.GetFault();
    }
    IkeSa sa{*authenticated,
             state.keys,
             Role::Responder,
             state.choice,
             state.nat,
             OwnIdentity(context.config),
             std::move(*identity),
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
