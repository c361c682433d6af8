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

/// Makes MM6; RESPONDER-LIFETIME goes with it if the peer offered a longer lifetime than ours.
Result<OutgoingMessage>
MakeMm6(const ExpectMm5& state,
        const IkeKeys& keys,
        const PayloadChain& mm5,
        CipherChain& chain,
        StepContext& context)
{
    PeerAnnouncements announced = state.announced;
    announced.Read(mm5, context.config);
    const Octets idBody = OwnIdBody(context.config);
    Result<std::vector<RawPayload>> proof = MakeProof(
        Role::Responder, {keys, state.choice, state.transcript}, idBody, announced, context);
    if (!proof)
    {
        return proof.GetFault();
    }
    std::vector<RawPayload> payloads;
    if (!HidesIdentity(state.choice.proposal.auth))
    {
        payloads.push_back({PayloadType::Id, idBody});
    }
    Append(payloads, std::move(*proof));
    if (std::optional<RawPayload> lifetime = MakeResponderLifetime(keys, state.choice))
    {
        payloads.push_back(std::move(*lifetime));
    }
    return MakeEncryptedMessage(
        Phase1Header(ExchangeType::MainMode, keys.initiatorCookie, keys.responderCookie),
        payloads,
        chain,
        context.work);
}

} // namespace

Result<Step<ExpectMm3>>
HandleMm1(const IncomingMessage& message, StepContext& context)
{
    if (const auto checked = CheckMm12(message.chain); !checked)
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
    const Result<Phase1Choice> choice = ChoosePhase1(*offer, Phase1TermsOf(context.config), answer);
    if (!choice)
    {
        return choice.GetFault();
    }

    ExpectMm3 next;
    next.initiatorCookie = message.header.initiatorCookie;
    next.responderCookie = DrawCookie(context.random, next.initiatorCookie);
    next.saBody = saBody;
    next.choice = *choice;
    next.announced.Read(message.chain, context.config);
    std::vector<RawPayload> payloads = {{PayloadType::Sa, WriteSaPayload(answer)}};
    Append(payloads, AnsweredVendorIds(context.config, next.announced));
    OutgoingMessage out = MakeClearMessage(
        Phase1Header(ExchangeType::MainMode, next.initiatorCookie, next.responderCookie), payloads);
    return Step<ExpectMm3>{std::move(next), std::move(out)};
}

Result<KeyExchange>
ReadMm3(const ExpectMm3& state, const IncomingMessage& message, StepContext& context)
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
    return RevealKeyExchange({proposal, Phase1Mode::Main, Role::Initiator, state.initiatorCookie},
                             message.chain,
                             *context.config.keys->Find(KeyKind::Rsa),
                             context);
}

Result<Step<ExpectMm5>>
HandleMm3(const ExpectMm3& state,
          const KeyExchange& peer,
          const IncomingMessage& message,
          StepContext& context)
{
    const Octets nr = context.random.Draw(context.config.personality->nonceOctets);
    if (const auto nonce = CheckNonce(peer.nonce, nr); !nonce)
    {
        return nonce.GetFault();
    }

    // keys
    const Phase1Proposal& proposal = state.choice.proposal;
    const DhKeyPair dh = DrawKeyPair(proposal.group, context);
    Result<PendingKeys> keys = BeginKeys(proposal,
                                         dh,
                                         peer.publicValue,
                                         {state.initiatorCookie,
                                          state.responderCookie,
                                          peer.publicValue,
                                          dh.publicValue,
                                          peer.nonce,
                                          nr},
                                         context);
    if (!keys)
    {
        return keys.GetFault();
    }
    PeerAnnouncements announced = state.announced;
    announced.Read(message.chain, context.config);
    const NatFindings nat = FindNat(keys->known, announced, message, context.config);
    ExpectMm5 next{std::move(*keys),
                   {state.saBody, peer.publicValue, dh.publicValue},
                   state.choice,
                   nat,
                   std::move(announced),
                   peer.idBody,
                   {}};
    if (const auto found = FindRecipient(proposal.auth, peer, next.peerCertificate, context);
        !found)
    {
        return found.GetFault();
    }

    // MM4
    const KeyExchange own{dh.publicValue, nr, {}, {}};
    Result<std::vector<RawPayload>> payloads =
        HidesIdentity(proposal.auth)
            ? WriteAnswer({proposal, Phase1Mode::Main, Role::Responder, state.responderCookie},
                          own,
                          next.peerCertificate,
                          context)
            : WriteKeyExchange(own);
    if (!payloads)
    {
        return payloads.GetFault();
    }
    Append(*payloads, MakeCertificateRequests(proposal.auth, context.config));
    Append(*payloads,
           NatDFor(proposal.hash,
                   state.initiatorCookie,
                   state.responderCookie,
                   next.announced,
                   message,
                   context));
    OutgoingMessage out = MakeClearMessage(
        Phase1Header(ExchangeType::MainMode, state.initiatorCookie, state.responderCookie),
        *payloads);
    return Step<ExpectMm5>{std::move(next), std::move(out)};
}

OctetView
PeerIdBody(const ExpectMm5& state, const IncomingMessage& message)
{
    const RawPayload* id = message.chain.Find(PayloadType::Id);
    return id ? id->body : state.peerIdBody;
}

Result<Phase1Answered>
HandleMm5(const ExpectMm5& state,
          const IkeKeys& keys,
          const IncomingMessage& message,
          CipherChain chain,
          StepContext& context)
{
    const AuthMethod method = state.choice.proposal.auth;
    if (const auto checked =
            CheckMm56(message.chain, method, PeersXauthRole(context.config.xauth->role));
        !checked)
    {
        return checked.GetFault();
    }
    Result<ProvenPeer> peer = CheckProof(Role::Initiator,
                                         {keys, state.choice, state.transcript},
                                         message.chain,
                                         PeerIdBody(state, message),
                                         state.peerCertificate,
                                         context);
    if (!peer)
    {
        return peer.GetFault();
    }
    if (const auto notifies = CheckSaNotifies(message.chain, keys); !notifies)
    {
        return notifies.GetFault();
    }
    Result<OutgoingMessage> out = MakeMm6(state, keys, message.chain, chain, context);
    if (!out)
    {
        return out.GetFault();
    }
    IkeSa sa = MakeIkeSa(std::move(*peer),
                         keys,
                         Role::Responder,
                         Phase1Mode::Main,
                         state.choice,
                         state.nat,
                         context);
    sa.keys.lastBlock = chain.Iv().Copy();
    return Phase1Answered{
        {std::move(sa), FindNotify(message.chain, NotifyType::InitialContact).has_value()},
        std::move(*out)};
}

} // namespace ipsec
} // namespace ns3
