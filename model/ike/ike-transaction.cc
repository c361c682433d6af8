// SPDX-License-Identifier: GPL-2.0-only
#include "ike-transaction.h"

#include <algorithm>

namespace ns3
{
namespace ipsec
{

namespace
{

constexpr std::array<PayloadRule, 2> TRANSACTION_RULES = {
    {{PayloadType::Hash, 1, 1}, {PayloadType::Attributes, 1, 1}}};

} // namespace

Result<OutgoingMessage>
MakeTransaction(const IkeKeys& keys,
                uint32_t messageId,
                const AttributesPayload& attributes,
                CipherChain& chain,
                Work& work)
{
    std::vector<RawPayload> payloads = {
        {PayloadType::Attributes, WriteAttributesPayload(attributes)}};
    work.Add(WorkKind::Prf, static_cast<uint16_t>(keys.hash));
    Octets hash =
        Hash1(keys.hash, keys.skeyids.skeyidA.View(), messageId, WritePayloadChain(payloads));
    payloads.insert(payloads.begin(), RawPayload{PayloadType::Hash, std::move(hash)});
    IsakmpHeader header;
    header.initiatorCookie = keys.initiatorCookie;
    header.responderCookie = keys.responderCookie;
    header.exchange = ExchangeType::Transaction;
    header.messageId = messageId;
    return MakeEncryptedMessage(header, payloads, chain, work);
}

Result<AttributesPayload>
ReadTransaction(const IkeKeys& keys, const IncomingMessage& message, Work& work)
{
    work.Add(WorkKind::Prf, static_cast<uint16_t>(keys.hash));
    const Octets expected =
        Hash1(keys.hash, keys.skeyids.skeyidA.View(), message.header.messageId, message.RawFrom(1));
    if (const auto verified = VerifyHash(expected, message.chain); !verified)
    {
        return verified.GetFault();
    }
    // The header is not covered: messages of other exchanges have a HASH that verifies too.
    if (const auto checked = CheckPayloads(message.chain, TRANSACTION_RULES); !checked)
    {
        return checked.GetFault();
    }
    return ParseAttributesPayload(message.chain.Find(PayloadType::Attributes)->body);
}

const DataAttribute*
FindAttribute(const AttributesPayload& payload, uint16_t type)
{
    const auto found = std::find_if(payload.attributes.begin(),
                                    payload.attributes.end(),
                                    [type](const DataAttribute& a) { return a.type == type; });
    return found == payload.attributes.end() ? nullptr : &*found;
}

} // namespace ipsec
} // namespace ns3
