// SPDX-License-Identifier: GPL-2.0-only
#include "ike-informational.h"

#include "ns3/esp-header.h"

#include <algorithm>

namespace ns3
{
namespace ipsec
{

namespace
{

struct NotifyRow
{
    Fault fault;
    NotifyType type;
};

/// Faults of which the peer is told (RFC 2408 section 5). All others are silent: an answer would
/// help an attacker more than a peer.
constexpr std::array<NotifyRow, 13> NOTIFIED = {{
    {Fault::NoProposalChosen, NotifyType::NoProposalChosen},
    {Fault::BadProposalSyntax, NotifyType::BadProposalSyntax},
    {Fault::UnsupportedDoi, NotifyType::DoiNotSupported},
    {Fault::UnsupportedSituation, NotifyType::SituationNotSupported},
    {Fault::BadKeyExchange, NotifyType::InvalidKeyInformation},
    {Fault::ProxyIdMismatch, NotifyType::InvalidIdInformation},
    {Fault::SelectorConflict, NotifyType::InvalidIdInformation},
    {Fault::BadIdentity, NotifyType::InvalidIdInformation},
    {Fault::IdentityMismatch, NotifyType::AuthenticationFailed},
    {Fault::BadSpi, NotifyType::InvalidSpi},
    {Fault::AhThroughNat, NotifyType::NoProposalChosen},
    {Fault::UnknownPayload, NotifyType::InvalidPayloadType},
    {Fault::MissingPayload, NotifyType::PayloadMalformed},
}};

/// What else a peer is told that has proven to have the keys.
constexpr std::array<NotifyRow, 5> NOTIFIED_PROTECTED = {{
    {Fault::MalformedPayload, NotifyType::PayloadMalformed},
    {Fault::DuplicatePayload, NotifyType::PayloadMalformed},
    {Fault::ReservedNotZero, NotifyType::PayloadMalformed},
    {Fault::BadNonce, NotifyType::PayloadMalformed},
    {Fault::UnexpectedPayload, NotifyType::InvalidPayloadType},
}};

template <size_t N>
std::optional<NotifyType>
FindNotifyType(const std::array<NotifyRow, N>& rows, Fault fault)
{
    const auto* found = std::find_if(
        rows.begin(), rows.end(), [fault](const NotifyRow& row) { return row.fault == fault; });
    return found == rows.end() ? std::nullopt : std::make_optional(found->type);
}

IsakmpHeader
InformationalHeader(const Cookie& initiator, const Cookie& responder, uint32_t messageId)
{
    IsakmpHeader header;
    header.initiatorCookie = initiator;
    header.responderCookie = responder;
    header.exchange = ExchangeType::Informational;
    header.messageId = messageId;
    return header;
}

/// Protects a message that is an exchange of its own.
Result<OutgoingMessage>
Encrypt(const IkeKeys& keys,
        uint32_t messageId,
        const std::vector<RawPayload>& payloads,
        Work& work)
{
    CipherChain chain = keys.ChainFor(messageId);
    return MakeEncryptedMessage(
        InformationalHeader(keys.initiatorCookie, keys.responderCookie, messageId),
        payloads,
        chain,
        work);
}

/// Returns the octets of the chain that stand before its last payload.
OctetView
RawBeforeLast(const IncomingMessage& message)
{
    const size_t last = message.RawFrom(message.chain.payloads.size() - 1).size();
    const OctetView raw = message.RawFrom(0);
    return raw.First(raw.size() - last);
}

/// Verifies HASH(1) behind the one payload that it covers.
Result<Done>
VerifyLastHash(const IkeKeys& keys, const IncomingMessage& message)
{
    const std::vector<RawPayload>& payloads = message.chain.payloads;
    const Octets expected = Hash1(
        keys.hash, keys.skeyids.skeyidA.View(), message.header.messageId, RawBeforeLast(message));
    if (payloads.size() != 2 || payloads[1].type != PayloadType::Hash ||
        !ConstantTimeEqual(expected, payloads[1].body))
    {
        return Fault::BadHash;
    }
    return Done{};
}

constexpr std::array<PayloadRule, 3> INFORMATIONAL_RULES = {
    {{PayloadType::Hash, 1, 1}, {PayloadType::Notify, 0, 16}, {PayloadType::Delete, 0, 16}}};

} // namespace

std::optional<NotifyType>
NotifyFor(Fault fault)
{
    return FindNotifyType(NOTIFIED, fault);
}

std::optional<NotifyType>
ProtectedNotifyFor(Fault fault)
{
    const std::optional<NotifyType> type = NotifyFor(fault);
    return type ? type : FindNotifyType(NOTIFIED_PROTECTED, fault);
}

OutgoingMessage
MakeClearNotify(const Cookie& initiator,
                const Cookie& responder,
                uint32_t messageId,
                NotifyType type)
{
    NotifyPayload notify;
    notify.type = static_cast<uint16_t>(type);
    return MakeClearMessage(InformationalHeader(initiator, responder, messageId),
                            {{PayloadType::Notify, WriteNotifyPayload(notify)}});
}

Result<OutgoingMessage>
MakeProtectedInformational(const IkeKeys& keys,
                           uint32_t messageId,
                           std::vector<RawPayload> payloads,
                           Work& work)
{
    work.Add(WorkKind::Prf, static_cast<uint16_t>(keys.hash));
    Octets hash =
        Hash1(keys.hash, keys.skeyids.skeyidA.View(), messageId, WritePayloadChain(payloads));
    payloads.insert(payloads.begin(), RawPayload{PayloadType::Hash, std::move(hash)});
    return Encrypt(keys, messageId, payloads, work);
}

Result<OutgoingMessage>
MakeNotifyFirst(const IkeKeys& keys, uint32_t messageId, const RawPayload& notify, Work& work)
{
    work.Add(WorkKind::Prf, static_cast<uint16_t>(keys.hash));
    // The HASH covers what it follows as it stands there: with a header that announces the HASH.
    std::vector<RawPayload> payloads = {notify, {PayloadType::Hash, {}}};
    const Octets shell = WritePayloadChain(payloads);
    const OctetView covered = OctetView(shell).First(shell.size() - GENERIC_HEADER_OCTETS);
    payloads[1].body = Hash1(keys.hash, keys.skeyids.skeyidA.View(), messageId, covered);
    return Encrypt(keys, messageId, payloads, work);
}

RawPayload
MakeIpsecNotify(NotifyType type, ProtocolId protocol, OctetView spi)
{
    NotifyPayload notify;
    notify.protocol = protocol;
    notify.type = static_cast<uint16_t>(type);
    notify.spi = spi.Copy();
    return {PayloadType::Notify, WriteNotifyPayload(notify)};
}

std::vector<RawPayload>
MakeIpsecDeletes(const std::vector<SaKey>& inbound)
{
    std::vector<RawPayload> payloads;
    for (const ProtocolId protocol : {ProtocolId::Ah, ProtocolId::Esp})
    {
        DeletePayload del;
        del.protocol = protocol;
        for (const SaKey& key : inbound)
        {
            if (key.protocol == protocol)
            {
                del.spis.push_back(OctetView(NetworkOrder(key.spi)).Copy());
            }
        }
        if (!del.spis.empty())
        {
            payloads.push_back({PayloadType::Delete, WriteDeletePayload(del)});
        }
    }
    return payloads;
}

RawPayload
MakeIsakmpDelete(const Cookie& initiator, const Cookie& responder)
{
    DeletePayload del;
    del.protocol = ProtocolId::Isakmp;
    del.spis = {Concat({initiator, responder})};
    return {PayloadType::Delete, WriteDeletePayload(del)};
}

std::vector<RawPayload>
MakeDeletesOfAll(const Cookie& initiator,
                 const Cookie& responder,
                 const std::vector<SaKey>& inbound)
{
    // strongSwan goes by the first Delete of a message: by one of IPsec SAs it keeps the IKE SA,
    // whatever follows, and with its IKE SA it deletes all.
    std::vector<RawPayload> payloads = MakeIpsecDeletes(inbound);
    payloads.insert(payloads.begin(), MakeIsakmpDelete(initiator, responder));
    return payloads;
}

Result<IncomingMessage>
OpenInformational(const IkeKeys& keys,
                  const IsakmpHeader& header,
                  OctetView datagram,
                  DpdOrder order,
                  Work& work)
{
    CipherChain chain = keys.ChainFor(header.messageId);
    Result<IncomingMessage> message = DecryptMessage(header, datagram, chain, work);
    if (!message)
    {
        return message;
    }
    work.Add(WorkKind::Prf, static_cast<uint16_t>(keys.hash));
    if (order == DpdOrder::NotifyFirst &&
        message->chain.payloads.front().type == PayloadType::Notify)
    {
        const auto verified = VerifyLastHash(keys, *message);
        return verified ? std::move(message) : verified.GetFault();
    }
    const Octets expected =
        Hash1(keys.hash, keys.skeyids.skeyidA.View(), header.messageId, message->RawFrom(1));
    if (const auto verified = VerifyHash(expected, message->chain); !verified)
    {
        return verified.GetFault();
    }
    // The header is not covered: QM1 with another exchange type has a HASH(1) that verifies too.
    if (const auto checked = CheckPayloads(message->chain, INFORMATIONAL_RULES); !checked)
    {
        return checked.GetFault();
    }
    if (message->chain.Count(PayloadType::Notify) + message->chain.Count(PayloadType::Delete) == 0)
    {
        return Fault::MissingPayload;
    }
    return message;
}

} // namespace ipsec
} // namespace ns3
