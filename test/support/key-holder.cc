// SPDX-License-Identifier: GPL-2.0-only
#include "key-holder.h"

#include "ns3/crypto-cipher.h"
#include "ns3/crypto-hash.h"

#include <algorithm>
#include <gtest/gtest.h>

namespace ns3
{
namespace ipsec
{

namespace
{

Octets
MessageIdOctets(uint32_t messageId)
{
    OctetWriter writer;
    writer.U32(messageId);
    return writer.Take();
}

size_t
BlockOctets(const IkeSaInfo& info)
{
    return GetCipher(info.proposal.cipher).blockOctets;
}

} // namespace

std::vector<RawPayload>
ClearPayloads(OctetView message)
{
    const Result<IsakmpHeader> header = ParseIsakmpHeader(message);
    EXPECT_TRUE(header.Ok());
    const Result<PayloadChain> chain =
        ParsePayloadChain(header->nextPayload, message.From(ISAKMP_HEADER_OCTETS));
    EXPECT_TRUE(chain.Ok());
    return chain->payloads;
}

Octets
BodyOf(const std::vector<RawPayload>& payloads, PayloadType type)
{
    for (const RawPayload& payload : payloads)
    {
        if (payload.type == type)
        {
            return payload.body;
        }
    }
    ADD_FAILURE() << "no payload " << PayloadName(type);
    return {};
}

RawPayload&
PayloadOf(std::vector<RawPayload>& payloads, PayloadType type)
{
    return *std::find_if(payloads.begin(),
                         payloads.end(),
                         [type](const RawPayload& payload) { return payload.type == type; });
}

Octets
Rewritten(OctetView message, const PayloadChange& change)
{
    std::vector<RawPayload> payloads = ClearPayloads(message);
    change(payloads);
    return ClearMessage(*ParseIsakmpHeader(message), payloads);
}

Octets
ClearMessage(IsakmpHeader header, const std::vector<RawPayload>& payloads)
{
    header.nextPayload = payloads.empty() ? PayloadType::None : payloads[0].type;
    return WriteIsakmpMessage(header, WritePayloadChain(payloads));
}

Octets
WithOctet(OctetView message, size_t offset, uint8_t value)
{
    Octets changed = message.Copy();
    changed.at(offset) = value;
    return changed;
}

RawPayload
NotifyRaw(NotifyType type, OctetView spi)
{
    NotifyPayload notify;
    notify.type = static_cast<uint16_t>(type);
    notify.spi = spi.Copy();
    return {PayloadType::Notify, WriteNotifyPayload(notify)};
}

RawPayload
DeleteRaw(ProtocolId protocol, const std::vector<Octets>& spis)
{
    DeletePayload deletion;
    deletion.protocol = protocol;
    deletion.spis = spis;
    return {PayloadType::Delete, WriteDeletePayload(deletion)};
}

KeyHolder::KeyHolder(const PeerPair& established)
{
    const std::vector<IkeSaInfo> sas = established.End(Side::A).engine.IkeSas();
    EXPECT_FALSE(sas.empty()) << "no IKE SA is established";
    m_info = sas.at(0);
    for (const Flight& flight : established.Sent())
    {
        if (flight.summary.exchange == ExchangeType::MainMode && flight.summary.encrypted)
        {
            m_lastBlock = OctetView(flight.octets).Last(BlockOctets(m_info)).Copy();
        }
    }
}

IsakmpHeader
KeyHolder::Header(ExchangeType exchange, uint32_t messageId) const
{
    IsakmpHeader header;
    header.initiatorCookie = m_info.initiatorCookie;
    header.responderCookie = m_info.responderCookie;
    header.exchange = exchange;
    header.flags = FLAG_ENCRYPTION;
    header.messageId = messageId;
    return header;
}

Octets
KeyHolder::FirstIv(uint32_t messageId) const
{
    const Octets digest = Digest(m_info.proposal.hash, {m_lastBlock, MessageIdOctets(messageId)});
    return OctetView(digest).First(BlockOctets(m_info)).Copy();
}

Octets
KeyHolder::IvAfter(OctetView message) const
{
    return message.Last(BlockOctets(m_info)).Copy();
}

Octets
KeyHolder::Phase1Iv(const PeerPair& pair) const
{
    std::vector<Octets> values;
    for (const Flight& flight : pair.Sent())
    {
        const std::vector<PayloadType> kinds = PayloadKinds(flight.summary);
        if (!flight.summary.encrypted &&
            std::find(kinds.begin(), kinds.end(), PayloadType::Ke) != kinds.end())
        {
            values.push_back(BodyOf(ClearPayloads(flight.octets), PayloadType::Ke));
        }
    }
    const Octets digest = Digest(m_info.proposal.hash, {values.at(0), values.at(1)});
    return OctetView(digest).First(BlockOctets(m_info)).Copy();
}

std::vector<RawPayload>
KeyHolder::Open(OctetView message, OctetView iv) const
{
    const Result<IsakmpHeader> header = ParseIsakmpHeader(message);
    EXPECT_TRUE(header.Ok());
    Octets body = message.From(ISAKMP_HEADER_OCTETS).Copy();
    EXPECT_TRUE(CbcDecrypt(
        m_info.proposal.cipher, m_info.encryptionKey.View(), iv, body.data(), body.size()));
    const Result<PayloadChain> chain = ParsePayloadChain(header->nextPayload, body);
    EXPECT_TRUE(chain.Ok()) << "wrong key or IV";
    return chain.Ok() ? chain->payloads : std::vector<RawPayload>{};
}

Octets
KeyHolder::Seal(const IsakmpHeader& header,
                const std::vector<RawPayload>& payloads,
                OctetView iv) const
{
    IsakmpHeader sealed = header;
    sealed.nextPayload = payloads.empty() ? PayloadType::None : payloads[0].type;
    Octets body = WritePayloadChain(payloads);
    const size_t block = BlockOctets(m_info);
    body.resize((body.size() + block - 1) / block * block);
    EXPECT_TRUE(CbcEncrypt(
        m_info.proposal.cipher, m_info.encryptionKey.View(), iv, body.data(), body.size()));
    return WriteIsakmpMessage(sealed, body);
}

RawPayload
KeyHolder::Hash(uint32_t messageId, OctetView before, const std::vector<RawPayload>& payloads) const
{
    return {PayloadType::Hash,
            Hmac(m_info.proposal.hash,
                 m_info.skeyidA.View(),
                 {MessageIdOctets(messageId), before, WritePayloadChain(payloads)})};
}

Octets
KeyHolder::Informational(uint32_t messageId, const std::vector<RawPayload>& payloads) const
{
    std::vector<RawPayload> all = payloads;
    all.insert(all.begin(), Hash(messageId, {}, payloads));
    return Seal(Header(ExchangeType::Informational, messageId), all, FirstIv(messageId));
}

Octets
KeyHolder::Changed(OctetView message, OctetView iv, const PayloadChange& change) const
{
    std::vector<RawPayload> payloads = Open(message, iv);
    change(payloads);
    return Seal(*ParseIsakmpHeader(message), payloads, iv);
}

Octets
KeyHolder::Rehashed(OctetView message,
                    OctetView iv,
                    OctetView before,
                    const PayloadChange& change) const
{
    const uint32_t messageId = ParseIsakmpHeader(message)->messageId;
    return Changed(message,
                   iv,
                   [&](std::vector<RawPayload>& payloads)
                   {
                       payloads.erase(payloads.begin());
                       change(payloads);
                       payloads.insert(payloads.begin(), Hash(messageId, before, payloads));
                   });
}

} // namespace ipsec
} // namespace ns3
