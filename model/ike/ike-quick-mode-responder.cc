// SPDX-License-Identifier: GPL-2.0-only
#include "ike-phase1-common.h"
#include "ike-quick-mode-common.h"

namespace ns3
{
namespace ipsec
{

namespace
{

/// Tells whether the initiator would use its SAs longer than we do ours.
bool
IsShortened(const Phase2Choice& choice)
{
    return (choice.peerLifetime && *choice.peerLifetime > choice.lifetime) ||
           LesserLimit(choice.peerKilobytes, choice.lifetimeKilobytes) != choice.peerKilobytes;
}

/// Makes RESPONDER-LIFETIME for an SA that we receive on (RFC 2407 section 4.6.3.1).
RawPayload
MakeResponderLifetime(ProtocolId protocol, uint32_t ownSpi, const Phase2Choice& choice)
{
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(choice.lifetime).count();
    std::vector<DataAttribute> attributes;
    const auto add = [&attributes](uint16_t unit, uint64_t amount)
    {
        attributes.push_back(
            DataAttribute::Basic(static_cast<uint16_t>(IpsecAttribute::LifeType), unit));
        attributes.push_back(DataAttribute::Number(
            static_cast<uint16_t>(IpsecAttribute::LifeDuration), static_cast<uint32_t>(amount)));
    };
    add(LIFE_SECONDS, seconds);
    if (choice.lifetimeKilobytes > 0)
    {
        add(LIFE_KILOBYTES, choice.lifetimeKilobytes);
    }
    OctetWriter data;
    WriteAttributes(data, attributes);
    NotifyPayload notify;
    notify.protocol = protocol;
    notify.type = static_cast<uint16_t>(NotifyType::ResponderLifetime);
    notify.spi = OctetView(NetworkOrder(ownSpi)).Copy();
    notify.data = data.Take();
    return {PayloadType::Notify, WriteNotifyPayload(notify)};
}

/// Adds what stands behind SA, NONCE and KE in QM2: the identities as they came, and shorter
/// lifetimes, for each protocol one.
void
AddRestOfQm2(const IncomingMessage& message,
             const Phase2Choice& choice,
             const IpsecSpis& ownSpis,
             std::vector<RawPayload>& payloads)
{
    for (const RawPayload& payload : message.chain.payloads)
    {
        if (payload.type == PayloadType::Id)
        {
            payloads.push_back(payload);
        }
    }
    if (!IsShortened(choice))
    {
        return;
    }
    if (choice.proposal.ah)
    {
        payloads.push_back(MakeResponderLifetime(ProtocolId::Ah, ownSpis.ah, choice));
    }
    if (choice.proposal.esp)
    {
        payloads.push_back(MakeResponderLifetime(ProtocolId::Esp, ownSpis.esp, choice));
    }
}

/// Puts HASH(2) before the payloads, encrypts them and moves the chain on.
Result<OutgoingMessage>
MakeQm2(const QuickModeGround& ground,
        const QuickModeRequest& request,
        uint32_t messageId,
        std::vector<RawPayload> payloads,
        CipherChain& chain,
        StepContext& context)
{
    context.work.Add(WorkKind::Prf, static_cast<uint16_t>(ground.keys.hash));
    Octets hash = Hash2(ground.keys.hash,
                        ground.keys.skeyids.skeyidA.View(),
                        messageId,
                        request.ni,
                        WritePayloadChain(payloads));
    return MakeEncryptedMessage(QuickModeHeader(ground.keys, messageId),
                                WithHash(std::move(hash), std::move(payloads)),
                                chain,
                                context.work);
}

} // namespace

Result<QuickModeRequest>
ReadQm1(const QuickModeGround& ground, const IncomingMessage& message)
{
    const Octets expected = Hash1(ground.keys.hash,
                                  ground.keys.skeyids.skeyidA.View(),
                                  message.header.messageId,
                                  message.RawFrom(1));
    if (const auto verified = VerifyHash(expected, message.chain); !verified)
    {
        return verified.GetFault();
    }
    if (const auto checked = CheckQm12(message.chain); !checked)
    {
        return checked.GetFault();
    }
    Result<SaPayload> offer = ParseSaPayload(message.chain.payloads[1].body);
    if (!offer)
    {
        return offer.GetFault();
    }
    Result<ProxyId> proxyId = ReadProxyId(message.chain, ground, Role::Responder);
    if (!proxyId)
    {
        return proxyId.GetFault();
    }
    QuickModeRequest request;
    request.protocol = offer->proposals.front().protocol;
    request.spi = offer->proposals.front().spi;
    request.offer = std::move(*offer);
    request.proxyId = *proxyId;
    request.ni = message.chain.Find(PayloadType::Nonce)->body;
    if (const RawPayload* ke = message.chain.Find(PayloadType::Ke))
    {
        request.gxi = ke->body;
    }
    return request;
}

Result<QuickModeAnswered>
HandleQm1(const QuickModeGround& ground,
          const QuickModeRequest& request,
          const IncomingMessage& message,
          CipherChain chain,
          uint32_t child,
          const IpsecSpis& ownSpis,
          StepContext& context)
{
    const ChildConfig& config = context.config.children[child];
    const uint32_t messageId = message.header.messageId;
    SaPayload answer;
    const Result<Phase2Choice> choice =
        ChoosePhase2(request.offer,
                     TermsOf(ground, config, Role::Responder, context.config.personality),
                     ownSpis,
                     answer);
    if (!choice)
    {
        return choice.GetFault();
    }
    const Result<std::optional<OriginalAddresses>> original =
        ReadNatOa(message.chain, ground, config, Role::Responder);
    if (!original)
    {
        return original.GetFault();
    }
    const Octets nr = context.random.Draw(context.config.personality->nonceOctets);
    if (const auto nonce = CheckNonce(request.ni, nr); !nonce)
    {
        return nonce.GetFault();
    }

    // Diffie-Hellman, if the chosen proposal has a group
    const std::optional<uint16_t> group = choice->proposal.pfsGroup;
    if (group.has_value() != request.gxi.has_value())
    {
        return request.gxi ? Fault::UnexpectedPayload : Fault::MissingPayload;
    }
    std::vector<RawPayload> payloads = {{PayloadType::Sa, WriteSaPayload(answer)},
                                        {PayloadType::Nonce, nr}};
    std::optional<DhSecret> gxy;
    if (group)
    {
        const DhKeyPair dh = DrawKeyPair(*group, context);
        Result<DhSecret> secret = SharedSecret(dh, *request.gxi, context);
        if (!secret)
        {
            return secret.GetFault();
        }
        gxy = std::move(*secret);
        payloads.push_back({PayloadType::Ke, dh.publicValue});
    }

    AddRestOfQm2(message, *choice, ownSpis, payloads);
    Append(payloads, MakeNatOa(ground, config, Role::Responder));
    Result<OutgoingMessage> out =
        MakeQm2(ground, request, messageId, std::move(payloads), chain, context);
    if (!out)
    {
        return out.GetFault();
    }
    const SaPairInput input{*choice,
                            Role::Responder,
                            ownSpis,
                            request.ni,
                            nr,
                            gxy ? gxy->Value().View() : OctetView(),
                            *original};
    SaPair sas = MakeSaPair(ground, child, input, context);
    ExpectQm3 next{child, messageId, std::move(chain), request.ni, nr, std::move(sas)};
    return QuickModeAnswered{std::move(next), std::move(*out)};
}

Result<Done>
HandleQm3(const QuickModeGround& ground,
          const ExpectQm3& state,
          const IncomingMessage& message,
          StepContext& context)
{
    context.work.Add(WorkKind::Prf, static_cast<uint16_t>(ground.keys.hash));
    const Octets expected = Hash3(
        ground.keys.hash, ground.keys.skeyids.skeyidA.View(), state.messageId, state.ni, state.nr);
    if (const auto verified = VerifyHash(expected, message.chain); !verified)
    {
        return verified.GetFault();
    }
    return CheckPayloads(message.chain, QM3_RULES);
}

} // namespace ipsec
} // namespace ns3
