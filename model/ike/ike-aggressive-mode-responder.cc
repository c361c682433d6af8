// SPDX-License-Identifier: GPL-2.0-only
#include "ike-aggressive-mode.h"
#include "ike-phase1-common.h"
#include "ike-phase1-rules.h"

namespace ns3
{
namespace ipsec
{

namespace
{

/// Makes AM2; the proof is last.
Result<OutgoingMessage>
MakeAm2(const ExpectAm3& next,
        const SaPayload& answer,
        const KeyExchange& own,
        const IncomingMessage& am1,
        StepContext& context)
{
    const IkeKeys& keys = next.keys;
    const Phase1Proposal& proposal = next.choice.proposal;
    Result<std::vector<RawPayload>> contribution =
        HidesIdentity(proposal.auth)
            ? WriteAnswer({proposal, Phase1Mode::Aggressive, Role::Responder, keys.responderCookie},
                          own,
                          next.peerCertificate,
                          context)
            : WriteKeyExchange(own);
    Result<std::vector<RawPayload>> proof = MakeProof(
        Role::Responder, {keys, next.choice, next.transcript}, own.idBody, next.announced, context);
    if (!contribution || !proof)
    {
        return contribution ? proof.GetFault() : contribution.GetFault();
    }
    std::vector<RawPayload> payloads = {{PayloadType::Sa, WriteSaPayload(answer)}};
    Append(payloads, std::move(*contribution));
    Append(payloads, MakeCertificateRequests(proposal.auth, context.config));
    Append(payloads, AnsweredVendorIds(context.config, next.announced));
    Append(
        payloads,
        NatDFor(
            keys.hash, keys.initiatorCookie, keys.responderCookie, next.announced, am1, context));
    Append(payloads, std::move(*proof));
    return MakeClearMessage(
        Phase1Header(ExchangeType::AggressiveMode, keys.initiatorCookie, keys.responderCookie),
        payloads);
}

/// Checks a clear ID before anything is computed for it.
Result<Done>
CheckClearIdentity(const AggressiveRequest& request, const PeerConfig& config)
{
    if (HidesIdentity(request.choice.proposal.auth))
    {
        return Done{};
    }
    const Result<Identity> identity = ReadPhase1Identity(request.peer.idBody);
    return identity ? CheckIdentity(*identity, config) : identity.GetFault();
}

} // namespace

OctetView
ClearIdBody(const PayloadChain& chain)
{
    const RawPayload* id = chain.Find(PayloadType::Id);
    return id ? OctetView(id->body) : OctetView();
}

Result<AggressiveRequest>
ReadAm1(const IncomingMessage& message, StepContext& context)
{
    const PeerConfig& config = context.config;
    const RawPayload* sa = message.chain.Find(PayloadType::Sa);
    const Result<SaPayload> offer =
        sa ? ParseSaPayload(sa->body) : Result<SaPayload>(Fault::MissingPayload);
    if (!offer)
    {
        return offer.GetFault();
    }
    AggressiveRequest request;
    const Result<Phase1Choice> choice = ChoosePhase1(*offer, Phase1TermsOf(config), request.answer);
    if (!choice)
    {
        return choice.GetFault();
    }
    const Phase1Proposal& proposal = choice->proposal;
    if (const auto checked = CheckAm1(message.chain, proposal.auth); !checked)
    {
        return checked.GetFault();
    }
    request.initiatorCookie = message.header.initiatorCookie;
    request.saBody = sa->body;
    request.choice = *choice;
    request.announced.Read(message.chain, config);
    if (!HidesIdentity(proposal.auth))
    {
        request.peer = ReadKeyExchange(message.chain);
        return request;
    }
    Result<KeyExchange> peer = RevealKeyExchange(
        {proposal, Phase1Mode::Aggressive, Role::Initiator, request.initiatorCookie},
        message.chain,
        *config.keys->Find(KeyKind::Rsa),
        context);
    if (!peer)
    {
        return peer.GetFault();
    }
    request.peer = std::move(*peer);
    return request;
}

Result<Step<ExpectAm3>>
HandleAm1(const AggressiveRequest& request, const IncomingMessage& message, StepContext& context)
{
    const PeerConfig& config = context.config;
    const Phase1Proposal& proposal = request.choice.proposal;
    if (const auto checked = CheckClearIdentity(request, config); !checked)
    {
        return checked.GetFault();
    }
    std::optional<Certificate> recipient;
    if (const auto found = FindRecipient(proposal.auth, request.peer, recipient, context); !found)
    {
        return found.GetFault();
    }

    // keys
    KeyExchange own{
        {}, context.random.Draw(config.personality->nonceOctets), OwnIdBody(config), {}};
    if (const auto nonce = CheckNonce(request.peer.nonce, own.nonce); !nonce)
    {
        return nonce.GetFault();
    }
    const Cookie responderCookie = DrawCookie(context.random, request.initiatorCookie);
    const DhKeyPair dh = DrawKeyPair(proposal.group, context);
    own.publicValue = dh.publicValue;
    Result<IkeKeys> keys = AgreeOnKeys(proposal,
                                       dh,
                                       request.peer.publicValue,
                                       {request.initiatorCookie,
                                        responderCookie,
                                        request.peer.publicValue,
                                        dh.publicValue,
                                        request.peer.nonce,
                                        own.nonce},
                                       context);
    if (!keys)
    {
        return keys.GetFault();
    }
    CipherChain chain = Phase1Chain(*keys);
    ExpectAm3 next{std::move(*keys),
                   std::move(chain),
                   {request.saBody, request.peer.publicValue, dh.publicValue},
                   request.choice,
                   request.announced,
                   request.peer.idBody,
                   std::move(recipient)};
    Result<OutgoingMessage> out = MakeAm2(next, request.answer, own, message, context);
    if (!out)
    {
        return out.GetFault();
    }
    return Step<ExpectAm3>{std::move(next), std::move(*out)};
}

Result<Phase1Done>
HandleAm3(const ExpectAm3& state,
          const IncomingMessage& message,
          const CipherChain& chain,
          StepContext& context)
{
    if (const auto checked = CheckAm3(
            message.chain, state.choice.proposal.auth, PeersXauthRole(context.config.xauth->role));
        !checked)
    {
        return checked.GetFault();
    }
    Result<ProvenPeer> peer = CheckProof(Role::Initiator,
                                         {state.keys, state.choice, state.transcript},
                                         message.chain,
                                         state.peerIdBody,
                                         state.peerCertificate,
                                         context);
    if (!peer)
    {
        return peer.GetFault();
    }
    if (const auto notifies = CheckSaNotifies(message.chain, state.keys); !notifies)
    {
        return notifies.GetFault();
    }
    const NatFindings nat = FindNat(state.keys, state.announced, message, context.config);
    IkeSa sa = MakeIkeSa(std::move(*peer),
                         state.keys,
                         Role::Responder,
                         Phase1Mode::Aggressive,
                         state.choice,
                         nat,
                         context);
    sa.keys.lastBlock = chain.Iv().Copy();
    const bool contact = message.header.IsEncrypted() &&
                         FindNotify(message.chain, NotifyType::InitialContact).has_value();
    return Phase1Done{std::move(sa), contact};
}

} // namespace ipsec
} // namespace ns3
