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

/// Reads what the responder contributes.
Result<KeyExchange>
ReadContribution(const IncomingMessage& message,
                 const Phase1Proposal& proposal,
                 StepContext& context)
{
    if (!HidesIdentity(proposal.auth))
    {
        return ReadKeyExchange(message.chain);
    }
    return RevealKeyExchange(
        {proposal, Phase1Mode::Aggressive, Role::Responder, message.header.responderCookie},
        message.chain,
        *context.config.keys->Find(KeyKind::Rsa),
        context);
}

/// Derives the keys once AM2 is read.
Result<IkeKeys>
DeriveKeys(const ExpectAm2& state,
           const KeyExchange& peer,
           const Phase1Proposal& proposal,
           const Cookie& responderCookie,
           StepContext& context)
{
    if (const auto nonce = CheckNonce(peer.nonce, state.nonce); !nonce)
    {
        return nonce.GetFault();
    }
    return AgreeOnKeys(proposal,
                       state.dh,
                       peer.publicValue,
                       {state.initiatorCookie,
                        responderCookie,
                        state.dh.publicValue,
                        peer.publicValue,
                        state.nonce,
                        peer.nonce},
                       context);
}

/// Makes the NAT-D payloads of AM3, which name the ports that it travels between: behind a NAT it
/// is the first message on port 4500 (RFC 3947 section 4).
std::vector<RawPayload>
NatDOfAm3(const IkeKeys& keys,
          const PeerAnnouncements& announced,
          const IncomingMessage& am2,
          StepContext& context)
{
    if (announced.natTraversal == NatTraversalVersion::None)
    {
        return {};
    }
    const bool isMoved = FindNat(keys, announced, am2, context.config).IsDetected();
    return MakeNatD(keys.hash,
                    keys.initiatorCookie,
                    keys.responderCookie,
                    {am2.local.address, isMoved ? NATT_PORT : am2.local.port},
                    {am2.remote.address, isMoved ? NATT_PORT : am2.remote.port},
                    context.config.natTraversal,
                    announced.natTraversal,
                    context.random);
}

/// Makes AM3; the proof is last, so that no change behind it can go unnoticed.
Result<OutgoingMessage>
MakeAm3(const ProofGround& ground,
        const PeerAnnouncements& announced,
        const IncomingMessage& am2,
        bool initialContact,
        CipherChain& chain,
        StepContext& context)
{
    const IkeKeys& keys = ground.keys;
    Result<std::vector<RawPayload>> proof =
        MakeProof(Role::Initiator, ground, OwnIdBody(context.config), announced, context);
    if (!proof)
    {
        return proof.GetFault();
    }
    std::vector<RawPayload> payloads = NatDOfAm3(keys, announced, am2, context);
    if (initialContact)
    {
        payloads.push_back(MakeIsakmpNotify(
            NotifyType::InitialContact, keys.initiatorCookie, keys.responderCookie, {}));
    }
    Append(payloads, std::move(*proof));
    return MakeEncryptedMessage(
        Phase1Header(ExchangeType::AggressiveMode, keys.initiatorCookie, keys.responderCookie),
        payloads,
        chain,
        context.work);
}

} // namespace

Result<Step<ExpectAm2>>
StartAggressiveMode(StepContext& context)
{
    const PeerConfig& config = context.config;
    const Phase1Proposal& first = config.proposals.front();
    ExpectAm2 next;
    next.initiatorCookie = DrawCookie(context.random, {});
    next.saBody = WriteSaPayload(
        OfferPhase1(config.proposals, XauthUseOf(config, Role::Initiator), config.lifetime));
    next.dh = DrawFirstKeyPair(first.group, context);
    next.nonce = context.random.Draw(config.personality->nonceOctets);

    KeyExchange own{next.dh.publicValue, next.nonce, OwnIdBody(config), {}};
    Result<std::vector<RawPayload>> contribution =
        HidesIdentity(first.auth)
            ? HideFromOthers({first, Phase1Mode::Aggressive, Role::Initiator, next.initiatorCookie},
                             own,
                             context)
            : WriteKeyExchange(own);
    if (!contribution)
    {
        return contribution.GetFault();
    }
    std::vector<RawPayload> payloads = {{PayloadType::Sa, next.saBody}};
    Append(payloads, std::move(*contribution));
    Append(payloads, MakeCertificateRequests(first.auth, config));
    Append(payloads, OwnVendorIds(config));
    OutgoingMessage message = MakeClearMessage(
        Phase1Header(ExchangeType::AggressiveMode, next.initiatorCookie, {}), payloads);
    return Step<ExpectAm2>{std::move(next), std::move(message)};
}

Result<Phase1Answered>
HandleAm2(const ExpectAm2& state,
          const IncomingMessage& message,
          bool initialContact,
          StepContext& context)
{
    // the choice
    const PeerConfig& config = context.config;
    const RawPayload* sa = message.chain.Find(PayloadType::Sa);
    const Result<SaPayload> answer =
        sa ? ParseSaPayload(sa->body) : Result<SaPayload>(Fault::MissingPayload);
    if (!answer)
    {
        return answer.GetFault();
    }
    const Result<Phase1Choice> choice = CheckPhase1Answer(
        *answer, config.proposals, XauthUseOf(config, Role::Initiator), config.lifetime);
    if (!choice)
    {
        return choice.GetFault();
    }
    const AuthMethod method = choice->proposal.auth;
    if (const auto checked = CheckAm2(message.chain, method, PeersXauthRole(config.xauth->role));
        !checked)
    {
        return checked.GetFault();
    }

    // keys
    Result<KeyExchange> peer = ReadContribution(message, choice->proposal, context);
    if (!peer)
    {
        return peer.GetFault();
    }
    Result<IkeKeys> keys =
        DeriveKeys(state, *peer, choice->proposal, message.header.responderCookie, context);
    if (!keys)
    {
        return keys.GetFault();
    }

    // HASH_R or SIG_R
    const Phase1Transcript transcript{state.saBody, state.dh.publicValue, peer->publicValue};
    const ProofGround ground{*keys, *choice, transcript};
    Result<ProvenPeer> proven = CheckProof(Role::Responder,
                                           ground,
                                           message.chain,
                                           peer->idBody,
                                           KnownCertificate(method, context),
                                           context);
    if (!proven)
    {
        return proven.GetFault();
    }

    // AM3
    PeerAnnouncements announced;
    announced.Read(message.chain, config);
    CipherChain chain = Phase1Chain(*keys);
    Result<OutgoingMessage> out =
        MakeAm3(ground, announced, message, initialContact, chain, context);
    if (!out)
    {
        return out.GetFault();
    }
    const NatFindings nat = FindNat(*keys, announced, message, config);
    IkeSa done = MakeIkeSa(
        std::move(*proven), *keys, Role::Initiator, Phase1Mode::Aggressive, *choice, nat, context);
    done.keys.lastBlock = chain.Iv().Copy();
    return Phase1Answered{{std::move(done), false}, std::move(*out)};
}

} // namespace ipsec
} // namespace ns3
