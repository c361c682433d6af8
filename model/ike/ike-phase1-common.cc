// SPDX-License-Identifier: GPL-2.0-only
#include "ike-phase1-common.h"

#include "ns3/esp-header.h"

#include <algorithm>

namespace ns3
{
namespace ipsec
{

IsakmpHeader
Phase1Header(ExchangeType exchange, const Cookie& initiator, const Cookie& responder)
{
    IsakmpHeader header;
    header.initiatorCookie = initiator;
    header.responderCookie = responder;
    header.exchange = exchange;
    return header;
}

Cookie
DrawCookie(RandomSource& random, const Cookie& other)
{
    Cookie cookie{};
    while (cookie == Cookie{} || cookie == other)
    {
        random.Fill(cookie.data(), cookie.size());
    }
    return cookie;
}

bool
Announces(const PayloadChain& chain, VendorId what)
{
    return std::any_of(chain.payloads.begin(),
                       chain.payloads.end(),
                       [what](const RawPayload& payload) {
                           return payload.type == PayloadType::VendorId &&
                                  RecogniseVendorId(payload.body) == what;
                       });
}

bool
AnnouncesNatTraversal(const PayloadChain& chain)
{
    return Announces(chain, VendorId::NatTraversalRfc3947);
}

std::vector<RawPayload>
OwnVendorIds(const PeerConfig& config)
{
    std::vector<RawPayload> vendorIds;
    if (config.natTraversal != NatTraversal::Off)
    {
        vendorIds.push_back({PayloadType::VendorId, VendorIdOctets(VendorId::NatTraversalRfc3947)});
    }
    if (config.fragmentation)
    {
        vendorIds.push_back({PayloadType::VendorId, VendorIdOctets(VendorId::Fragmentation)});
    }
    return vendorIds;
}

std::vector<RawPayload>
AnsweringVendorIds(const PeerConfig& config, const PayloadChain& chain)
{
    std::vector<RawPayload> vendorIds;
    for (RawPayload& vendorId : OwnVendorIds(config))
    {
        if (Announces(chain, RecogniseVendorId(vendorId.body)))
        {
            vendorIds.push_back(std::move(vendorId));
        }
    }
    return vendorIds;
}

DhKeyPair
DrawKeyPair(uint16_t group, StepContext& context)
{
    context.work.Add(WorkKind::DhKeygen, group);
    return GenerateDhKeyPair(*FindDhGroup(group), context.random);
}

Result<SecretBytes>
SharedSecret(const DhKeyPair& own, OctetView peer, StepContext& context)
{
    context.work.Add(WorkKind::DhDerive, own.group);
    return ComputeSharedSecret(own, peer);
}

Result<IkeKeys>
DeriveIkeKeys(const Phase1Proposal& proposal, const Phase1KeyInput& input, StepContext& context)
{
    // SKEYID, SKEYID_d, SKEYID_a, SKEYID_e; the expansion of appendix B is not counted.
    constexpr uint64_t DERIVATIONS = 4;
    context.work.Add(WorkKind::Prf, static_cast<uint16_t>(proposal.hash), DERIVATIONS);
    SecretBytes skeyid =
        PreSharedKeySkeyid(proposal.hash, context.config.preSharedKey.View(), input.ni, input.nr);
    IkeKeys keys;
    keys.initiatorCookie = input.initiatorCookie;
    keys.responderCookie = input.responderCookie;
    keys.hash = proposal.hash;
    keys.cipher = proposal.cipher;
    keys.skeyids = DeriveSkeyids(
        proposal.hash, std::move(skeyid), input.gxy, input.initiatorCookie, input.responderCookie);
    Result<SecretBytes> key =
        IsakmpCipherKey(proposal.hash, proposal.cipher, keys.skeyids.skeyidE.View());
    if (!key)
    {
        return key.GetFault();
    }
    keys.encryptionKey = std::move(*key);
    return keys;
}

Identity
OwnIdentity(const PeerConfig& config)
{
    return config.localId ? *config.localId : Identity::FromAddress(config.localAddress);
}

Result<Identity>
ReadPhase1Identity(OctetView body)
{
    const Result<IdPayload> id = ParseIdPayload(body);
    if (!id)
    {
        return id.GetFault();
    }
    const bool any = id->protocol == 0 && id->port == 0;
    const bool udp = id->protocol == IP_PROTOCOL_UDP && (id->port == IKE_PORT || id->port == 0);
    if (!any && !udp)
    {
        return Fault::BadIdentity;
    }
    return Identity::FromPayload(*id);
}

Result<Done>
CheckIdentity(const Identity& identity, const PeerConfig& config)
{
    if (config.remoteId)
    {
        return identity == *config.remoteId ? Result<Done>(Done{}) : Fault::IdentityMismatch;
    }
    if (config.remoteAddress)
    {
        return identity == Identity::FromAddress(*config.remoteAddress) ? Result<Done>(Done{})
                                                                        : Fault::IdentityMismatch;
    }
    return Done{};
}

RawPayload
MakeIsakmpNotify(NotifyType type, const Cookie& initiator, const Cookie& responder, OctetView data)
{
    NotifyPayload notify;
    notify.type = static_cast<uint16_t>(type);
    notify.spi = Concat({initiator, responder});
    notify.data = data.Copy();
    return {PayloadType::Notify, WriteNotifyPayload(notify)};
}

Octets
LifetimeData(uint16_t typeClass, uint16_t durationClass, Duration lifetime)
{
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(lifetime).count();
    OctetWriter writer;
    WriteAttributes(writer,
                    {DataAttribute::Basic(typeClass, LIFE_SECONDS),
                     DataAttribute::Number(durationClass, static_cast<uint32_t>(seconds))});
    return writer.Take();
}

Result<Done>
CheckSaNotifies(const PayloadChain& chain, const IkeKeys& keys)
{
    const Octets cookies = Concat({keys.initiatorCookie, keys.responderCookie});
    for (const RawPayload& payload : chain.payloads)
    {
        if (payload.type != PayloadType::Notify)
        {
            continue;
        }
        const Result<NotifyPayload> notify = ParseNotifyPayload(payload.body);
        if (!notify || notify->spi != cookies)
        {
            return Fault::MalformedPayload;
        }
        const bool contact = notify->type == static_cast<uint16_t>(NotifyType::InitialContact);
        const bool lifetime = notify->type == static_cast<uint16_t>(NotifyType::ResponderLifetime);
        if ((contact && !notify->data.empty()) || (lifetime && !ParseAttributes(notify->data)))
        {
            return Fault::MalformedPayload;
        }
    }
    return Done{};
}

std::optional<NotifyPayload>
FindNotify(const PayloadChain& chain, NotifyType type)
{
    for (const RawPayload& payload : chain.payloads)
    {
        if (payload.type != PayloadType::Notify)
        {
            continue;
        }
        Result<NotifyPayload> notify = ParseNotifyPayload(payload.body);
        if (notify && notify->type == static_cast<uint16_t>(type))
        {
            return std::move(*notify);
        }
    }
    return std::nullopt;
}

std::optional<Duration>
FindResponderLifetime(const PayloadChain& chain, uint16_t typeClass, uint16_t durationClass)
{
    const std::optional<NotifyPayload> notify = FindNotify(chain, NotifyType::ResponderLifetime);
    if (!notify)
    {
        return std::nullopt;
    }
    const Result<std::vector<DataAttribute>> attributes = ParseAttributes(notify->data);
    if (!attributes)
    {
        return std::nullopt;
    }
    bool valid = true;
    const std::optional<Duration> lifetime =
        ReadLifetime(*attributes, typeClass, durationClass, LIFE_SECONDS, valid);
    return valid ? lifetime : std::nullopt;
}

} // namespace ipsec
} // namespace ns3
