// SPDX-License-Identifier: GPL-2.0-only
#include "ike-exchange.h"

#include "ns3/crypto-certificate.h"
#include "ns3/isakmp-payloads.h"

#include <algorithm>
#include <iterator>

namespace ns3
{
namespace ipsec
{

namespace
{

/// Returns how often this payload may stand in the message.
size_t
MostOf(PayloadType type, const PayloadRule* rules, size_t count)
{
    for (size_t i = 0; i < count; i++)
    {
        if (rules[i].type == type)
        {
            return rules[i].most;
        }
    }
    // A fragment is all that its message holds: it never stands beside other payloads.
    const bool isPrivate = static_cast<uint8_t>(type) >= 128 && type != PayloadType::Fragment;
    return type == PayloadType::VendorId || isPrivate ? MAX_PAYLOADS : 0;
}

/// Longest detail of a payload that is kept: bodies may have 64 kB.
constexpr size_t MAX_DETAIL = 256;

/// Shortens a text to @p longest octets at most, not inside of a UTF-8 character.
std::string
Shortened(const std::string& text, size_t longest)
{
    const std::string dots = "...";
    if (text.size() <= longest || longest <= dots.size())
    {
        return text;
    }
    size_t end = longest - dots.size();
    while (end > 0 && (static_cast<uint8_t>(text[end]) & 0xc0) == 0x80)
    {
        end--;
    }
    return text.substr(0, end) + dots;
}

/**
 * Returns who an ID body of phase 1 says it is; empty if it says nothing. Ciphertext does not pass:
 * protocol and port are zero or those of IKE (RFC 2407 section 4.6.2).
 */
std::string
IdentityDetail(OctetView body)
{
    constexpr uint8_t UDP = 17;
    const Result<IdPayload> id = ParseIdPayload(body);
    if (!id)
    {
        return "";
    }
    const bool isAny = id->protocol == 0 && id->port == 0;
    const bool isIke = id->protocol == UDP && (id->port == 0 || id->port == IKE_PORT);
    switch (id->type)
    {
    case IdType::Ipv4AddrSubnet:
    case IdType::Ipv6AddrSubnet:
    case IdType::Ipv4AddrRange:
    case IdType::Ipv6AddrRange:
        // What a tunnel is for, not who somebody is.
        return "";
    default:
        return isAny || isIke ? Identity::FromPayload(*id).ToString() : "";
    }
}

/// Returns the subject of a certificate, or the authority that a certificate request names.
std::string
CertificateDetail(const RawPayload& payload)
{
    const Result<CertPayload> cert = ParseCertPayload(payload.body);
    if (!cert || cert->encoding != CERT_X509_SIGNATURE)
    {
        return "";
    }
    if (payload.type == PayloadType::CertRequest)
    {
        return DistinguishedNameText(cert->data);
    }
    const Result<Certificate> certificate = Certificate::FromDer(cert->data);
    return certificate ? DistinguishedNameText(certificate->Subject()) : "";
}

PayloadLabel
LabelOf(const RawPayload& payload)
{
    PayloadLabel label;
    label.type = payload.type;
    switch (payload.type)
    {
    case PayloadType::Notify:
        if (const Result<NotifyPayload> notify = ParseNotifyPayload(payload.body))
        {
            label.notify = notify->type;
        }
        break;
    case PayloadType::Id:
        label.detail = Shortened(IdentityDetail(payload.body), MAX_DETAIL);
        break;
    case PayloadType::Cert:
    case PayloadType::CertRequest:
        label.detail = Shortened(CertificateDetail(payload), MAX_DETAIL);
        break;
    case PayloadType::Attributes:
        if (const Result<AttributesPayload> attributes = ParseAttributesPayload(payload.body))
        {
            label.detail = ConfigMessageName(attributes->message);
        }
        break;
    default:
        break;
    }
    // The word ends where lines begin.
    std::replace(label.detail.begin(), label.detail.end(), '\n', ' ');
    return label;
}

} // namespace

OctetView
IncomingMessage::RawFrom(size_t index) const
{
    const OctetView raw = OctetView(clear).First(chain.octets);
    return index < chain.payloads.size() ? raw.From(chain.payloads[index].offset) : OctetView();
}

Result<Done>
CountPayloads(const PayloadChain& chain, const PayloadRule* rules, size_t count)
{
    for (size_t i = 0; i < count; i++)
    {
        if (chain.Count(rules[i].type) < rules[i].least)
        {
            return Fault::MissingPayload;
        }
    }
    for (const RawPayload& payload : chain.payloads)
    {
        const size_t most = MostOf(payload.type, rules, count);
        if (most == 0)
        {
            return Fault::UnexpectedPayload;
        }
        if (chain.Count(payload.type) > most)
        {
            return Fault::DuplicatePayload;
        }
    }
    return Done{};
}

Result<Done>
CheckPayloads(const PayloadChain& chain, const PayloadRule* rules, size_t count)
{
    const Result<Done> counted = CountPayloads(chain, rules, count);
    if (!counted)
    {
        return counted;
    }
    if (chain.payloads.empty() || chain.payloads.front().type != rules[0].type)
    {
        return Fault::UnexpectedPayload;
    }
    return Done{};
}

namespace
{

/// Says what a message is; null stands for payloads that nobody can read.
MessageSummary
SummaryOf(const IsakmpHeader& header, size_t octets, const std::vector<RawPayload>* payloads)
{
    MessageSummary summary;
    summary.initiatorCookie = header.initiatorCookie;
    summary.responderCookie = header.responderCookie;
    summary.exchange = header.exchange;
    summary.messageId = header.messageId;
    summary.encrypted = header.IsEncrypted();
    summary.readable = payloads != nullptr;
    summary.octets = octets;
    if (payloads)
    {
        summary.payloads.reserve(payloads->size());
        for (const RawPayload& payload : *payloads)
        {
            summary.payloads.push_back(LabelOf(payload));
        }
    }
    return summary;
}

} // namespace

MessageSummary
Summarise(const IsakmpHeader& header, size_t octets, const PayloadChain* chain)
{
    return SummaryOf(header, octets, chain ? &chain->payloads : nullptr);
}

std::string
PayloadLabel::Word() const
{
    return detail.substr(0, detail.find('\n'));
}

std::vector<std::string>
PayloadLabel::Lines() const
{
    std::vector<std::string> lines;
    for (size_t at = detail.find('\n'); at != std::string::npos;)
    {
        const size_t end = detail.find('\n', at + 1);
        lines.push_back(detail.substr(at + 1, end == std::string::npos ? end : end - at - 1));
        at = end;
    }
    return lines;
}

void
PayloadLabel::AddLine(const std::string& line)
{
    detail += '\n';
    // What peers write may hold anything.
    std::replace_copy(line.begin(), line.end(), std::back_inserter(detail), '\n', ' ');
}

std::string
MessageSummary::PayloadsText(size_t longest) const
{
    std::string text;
    if (fragment != 0)
    {
        text = std::string(PayloadName(PayloadType::Fragment)) + " " + std::to_string(fragment);
        text += fragments == 0 ? "" : "/" + std::to_string(fragments);
    }
    for (const PayloadLabel& label : payloads)
    {
        text += text.empty() ? "" : " ";
        text += PayloadName(label.type);
        if (label.type == PayloadType::Notify && label.notify != 0)
        {
            text += "(" + NotifyName(label.notify) + ")";
        }
        // What attributes are for is no secret of anybody.
        const bool isPublic = !encrypted || label.type == PayloadType::Attributes;
        const std::string word = isPublic ? label.Word() : "";
        if (!word.empty())
        {
            text += "(" + Shortened(word, longest) + ")";
        }
    }
    return text;
}

OutgoingMessage
MakeClearMessage(IsakmpHeader header, const std::vector<RawPayload>& payloads)
{
    header.nextPayload = payloads.front().type;
    Octets clear = WritePayloadChain(payloads);
    Octets datagram = WriteIsakmpMessage(header, clear);
    MessageSummary summary = SummaryOf(header, datagram.size(), &payloads);
    return {std::move(datagram), std::move(summary), std::move(clear)};
}

Result<OutgoingMessage>
MakeEncryptedMessage(IsakmpHeader header,
                     const std::vector<RawPayload>& payloads,
                     CipherChain& cipher,
                     Work& work)
{
    header.nextPayload = payloads.front().type;
    header.flags |= FLAG_ENCRYPTION;
    Octets clear = WritePayloadChain(payloads);
    const Result<Octets> text = cipher.Encrypt(clear);
    if (!text)
    {
        return text.GetFault();
    }
    work.Add(WorkKind::CipherOctets, static_cast<uint16_t>(cipher.Cipher()), text->size());
    Octets datagram = WriteIsakmpMessage(header, *text);
    MessageSummary summary = SummaryOf(header, datagram.size(), &payloads);
    return OutgoingMessage{std::move(datagram), std::move(summary), std::move(clear)};
}

Result<IncomingMessage>
DecryptMessage(const IsakmpHeader& header, OctetView datagram, CipherChain& cipher, Work& work)
{
    const OctetView ciphertext = datagram.From(ISAKMP_HEADER_OCTETS);
    Result<Octets> clear = cipher.Decrypt(ciphertext);
    if (!clear)
    {
        return clear.GetFault();
    }
    work.Add(WorkKind::CipherOctets, static_cast<uint16_t>(cipher.Cipher()), clear->size());
    Result<PayloadChain> chain = ParsePayloadChain(header.nextPayload, *clear);
    // One block is the most that padding needs; strongSwan adds a whole block to aligned messages.
    const size_t block = GetCipher(cipher.Cipher()).blockOctets;
    if (!chain || clear->size() - chain->octets > block)
    {
        return Fault::Undecryptable;
    }
    return IncomingMessage{header, std::move(*chain), std::move(*clear), {}, {}};
}

Result<IncomingMessage>
ReadClearMessage(const IsakmpHeader& header, OctetView datagram)
{
    const OctetView body = datagram.From(ISAKMP_HEADER_OCTETS);
    Result<PayloadChain> chain = ParsePayloadChain(header.nextPayload, body);
    if (!chain)
    {
        return chain.GetFault();
    }
    if (chain->octets != body.size())
    {
        return Fault::MalformedPayload;
    }
    return IncomingMessage{header, std::move(*chain), body.Copy(), {}, {}};
}

Result<Done>
VerifyHash(OctetView expected, const PayloadChain& chain)
{
    const RawPayload& first = chain.payloads.front();
    if (first.type != PayloadType::Hash || !ConstantTimeEqual(expected, first.body))
    {
        return Fault::BadHash;
    }
    return Done{};
}

Result<Done>
CheckNonce(OctetView nonce, OctetView own)
{
    constexpr size_t SHORTEST = 8;
    constexpr size_t LONGEST = 256;
    if (nonce.size() < SHORTEST || nonce.size() > LONGEST)
    {
        return Fault::BadNonce;
    }
    if (nonce == own)
    {
        return Fault::ReflectedValue;
    }
    return Done{};
}

} // namespace ipsec
} // namespace ns3
