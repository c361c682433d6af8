// SPDX-License-Identifier: GPL-2.0-only
#include "live-replay.h"
#include "vector-file.h"

#include "ns3/isakmp-payloads.h"
#include "ns3/isakmp-vendor-ids.h"

#include <algorithm>
#include <optional>
#include <tuple>

namespace ns3
{
namespace ipsec
{
namespace
{

/// What the messages of deployed peers say.
class LiveMessages : public LiveReplay
{
};

TEST_P(LiveMessages, HeadersSayWhatAnotherProgramRead)
{
    for (const RecordedMessage& message : m_handshake.messages)
    {
        SCOPED_TRACE("message " + std::to_string(message.frame));
        const Result<IsakmpHeader> header = ParseIsakmpHeader(message.wire);
        ASSERT_TRUE(header.Ok());
        EXPECT_EQ(header->initiatorCookie, m_handshake.phase1.cookieI);
        const Cookie none{};
        const bool first = message.frame == 1;
        EXPECT_EQ(header->responderCookie, first ? none : m_handshake.phase1.cookieR);
        EXPECT_EQ(static_cast<uint8_t>(header->exchange), message.exchange);
        if (message.messageId == 0)
        {
            EXPECT_EQ(ExchangeName(header->exchange), m_handshake.mode);
        }
        EXPECT_EQ(header->messageId, message.messageId);
        EXPECT_EQ(header->flags, message.flags);
        EXPECT_EQ(header->length, message.length);
        EXPECT_EQ(message.sourcePort, message.destinationPort);
    }
}

TEST_P(LiveMessages, PayloadsAreTheRecordedOnes)
{
    for (const ReplayedMessage& message : m_messages)
    {
        SCOPED_TRACE("message " + std::to_string(message.recorded->frame));
        const auto& recorded = message.recorded->payloads;
        ASSERT_EQ(message.chain.payloads.size(), recorded.size());
        for (size_t i = 0; i < recorded.size(); i++)
        {
            EXPECT_EQ(PayloadName(message.chain.payloads[i].type), recorded[i].first);
            EXPECT_EQ(ToHex(message.chain.payloads[i].body), ToHex(recorded[i].second));
        }
        const OctetView tail = OctetView(message.plaintext).From(message.chain.octets);
        EXPECT_EQ(ToHex(tail), ToHex(message.recorded->padding));
        EXPECT_EQ(ToHex(message.iv), ToHex(message.recorded->iv));
    }
}

TEST_P(LiveMessages, MessagesWriteBackToTheSameOctets)
{
    const RecordedPhase1& p = m_handshake.phase1;
    for (const ReplayedMessage& message : m_messages)
    {
        SCOPED_TRACE("message " + std::to_string(message.recorded->frame));
        Octets body = WritePayloadChain(message.chain.payloads);
        if (message.header.IsEncrypted())
        {
            CipherChain chain(p.cipher, m_cipherKey, message.iv);
            // The peer pads a whole block where none is needed; we would not.
            Result<Octets> ciphertext = chain.Encrypt(Concat({body, message.recorded->padding}));
            ASSERT_TRUE(ciphertext.Ok());
            body = std::move(ciphertext).Value();
        }
        EXPECT_EQ(ToHex(WriteIsakmpMessage(message.header, body)),
                  ToHex(message.recorded->Datagram()));
    }
}

/// Reads a payload's body as what it is and writes it again.
std::optional<Octets>
Rewritten(const RawPayload& payload)
{
    switch (payload.type)
    {
    case PayloadType::Sa:
    {
        const Result<SaPayload> sa = ParseSaPayload(payload.body);
        return sa ? std::optional<Octets>(WriteSaPayload(*sa)) : std::nullopt;
    }
    case PayloadType::Id:
    {
        const Result<IdPayload> id = ParseIdPayload(payload.body);
        return id ? std::optional<Octets>(WriteIdPayload(*id)) : std::nullopt;
    }
    case PayloadType::Cert:
    case PayloadType::CertRequest:
    {
        const Result<CertPayload> cert = ParseCertPayload(payload.body);
        return cert ? std::optional<Octets>(WriteCertPayload(*cert)) : std::nullopt;
    }
    case PayloadType::Notify:
    {
        const Result<NotifyPayload> notify = ParseNotifyPayload(payload.body);
        return notify ? std::optional<Octets>(WriteNotifyPayload(*notify)) : std::nullopt;
    }
    case PayloadType::Delete:
    {
        const Result<DeletePayload> del = ParseDeletePayload(payload.body);
        return del ? std::optional<Octets>(WriteDeletePayload(*del)) : std::nullopt;
    }
    case PayloadType::VendorId:
        return VendorIdOctets(RecogniseVendorId(payload.body));
    default:
        return payload.body;
    }
}

TEST_P(LiveMessages, BodiesWriteBackToTheSameOctets)
{
    for (const ReplayedMessage& message : m_messages)
    {
        SCOPED_TRACE("message " + std::to_string(message.recorded->frame));
        for (const RawPayload& payload : message.chain.payloads)
        {
            const std::optional<Octets> octets = Rewritten(payload);
            ASSERT_TRUE(octets) << PayloadName(payload.type);
            EXPECT_EQ(ToHex(*octets), ToHex(payload.body)) << PayloadName(payload.type);
        }
    }
}

TEST_P(LiveMessages, EveryTruncationOfAClearMessageIsRefused)
{
    // F16
    for (const ReplayedMessage& message : m_messages)
    {
        if (message.header.IsEncrypted())
        {
            continue;
        }
        const OctetView datagram = message.recorded->wire;
        const OctetView body = datagram.From(ISAKMP_HEADER_OCTETS);
        for (size_t size = 0; size < datagram.size(); size++)
        {
            EXPECT_FALSE(ParseIsakmpHeader(datagram.First(size)).Ok());
        }
        for (size_t size = 0; size < body.size(); size++)
        {
            EXPECT_FALSE(ParsePayloadChain(message.header.nextPayload, body.First(size)).Ok());
        }
    }
}

TEST_P(LiveMessages, TheAnswerNamesTheRecordedAlgorithms)
{
    const RecordedPhase1& p = m_handshake.phase1;
    const ProposalPayload proposal = OnlyProposal(m_messages.at(1));
    const TransformPayload& transform = proposal.transforms.at(0);
    bool conflict = false;
    const auto number = [&](IkeAttribute type)
    { return transform.Number(static_cast<uint16_t>(type), conflict).value_or(0); };
    EXPECT_EQ(proposal.protocol, ProtocolId::Isakmp);
    EXPECT_EQ(transform.id, KEY_IKE);
    const CipherAlgorithm* cipher =
        FindCipherByIkeId(number(IkeAttribute::Encryption), number(IkeAttribute::KeyLength));
    const HashAlgorithm* hash = FindHashByIkeId(number(IkeAttribute::Hash));
    ASSERT_NE(cipher, nullptr);
    ASSERT_NE(hash, nullptr);
    EXPECT_EQ(cipher->id, p.cipher);
    EXPECT_EQ(hash->id, p.hash);
    EXPECT_EQ(number(IkeAttribute::Group), p.group);
    EXPECT_EQ(number(IkeAttribute::Authentication), p.authMethod);
    EXPECT_EQ(number(IkeAttribute::LifeType), LIFE_SECONDS);
    EXPECT_FALSE(conflict);
    const DhGroup* group = FindDhGroup(p.group);
    ASSERT_NE(group, nullptr);
    const std::string hashName = hash->id == HashId::Sha1 ? "sha1" : hash->name;
    EXPECT_EQ(m_handshake.ikeProposal,
              cipher->name + ("-" + hashName) + (group->elliptic ? "-ecp" : "-modp") +
                  std::to_string(group->bits));
}

TEST_P(LiveMessages, IdentitiesAreTheConfiguredOnes)
{
    const RecordedPhase1& p = m_handshake.phase1;
    const std::vector<std::tuple<Octets, std::string, IpAddress>> sides = {
        {p.idI, m_handshake.initiatorName, m_handshake.initiator},
        {p.idR, m_handshake.responderName, m_handshake.responder}};
    for (const auto& [body, name, address] : sides)
    {
        if (body.empty())
        {
            EXPECT_FALSE(m_handshake.preSharedKeyOfResponder.empty());
            continue;
        }
        const Result<IdPayload> id = ParseIdPayload(body);
        ASSERT_TRUE(id.Ok());
        EXPECT_EQ(id->type, name.empty() ? IdType::Ipv4Addr : IdType::Fqdn);
        const Octets expected =
            name.empty() ? OctetView(address.ToOctets()).Copy() : AsOctets(name).Copy();
        EXPECT_EQ(ToHex(id->data), ToHex(expected));
    }
}

TEST_P(LiveMessages, ARefusalSaysWhy)
{
    const std::vector<const ReplayedMessage*> messages = Of(ExchangeType::Informational);
    const bool keysDiffer = !m_handshake.preSharedKeyOfResponder.empty();
    const bool networksDiffer = !m_handshake.configuredAtResponder.empty();
    if (!keysDiffer && !networksDiffer)
    {
        EXPECT_EQ(m_handshake.children.size(), m_handshake.sas.size() / 2);
        EXPECT_FALSE(m_handshake.packets.empty());
        return;
    }
    ASSERT_EQ(messages.size(), 1u);
    const Result<NotifyPayload> notify =
        ParseNotifyPayload(messages[0]->chain.Find(PayloadType::Notify)->body);
    ASSERT_TRUE(notify.Ok());
    EXPECT_TRUE(IsErrorNotify(notify->type));
    EXPECT_EQ(NotifyName(notify->type),
              keysDiffer ? "AUTHENTICATION-FAILED" : "INVALID-ID-INFORMATION");
    EXPECT_TRUE(m_handshake.packets.empty());
}

TEST_P(LiveMessages, QuickModesCarryTheRecordedValues)
{
    for (const RecordedChild& child : m_handshake.children)
    {
        const std::vector<const ReplayedMessage*> quick = QuickMode(child.messageId);
        ASSERT_EQ(quick.size(), 3u);
        EXPECT_EQ(ToHex(quick[0]->chain.Find(PayloadType::Nonce)->body), ToHex(child.ni));
        EXPECT_EQ(ToHex(quick[1]->chain.Find(PayloadType::Nonce)->body), ToHex(child.nr));
        EXPECT_EQ(quick[0]->chain.Find(PayloadType::Ke) != nullptr, !child.gxy.empty());
        for (const Octets& body : {child.clientI, child.clientR})
        {
            const Result<IdPayload> id = ParseIdPayload(body);
            ASSERT_TRUE(id.Ok());
            EXPECT_EQ(id->type, IdType::Ipv4AddrSubnet);
            const Prefix& network =
                body == child.clientI ? m_handshake.initiatorNetwork : m_handshake.responderNetwork;
            EXPECT_EQ(ToHex(id->data),
                      ToHex(Concat({network.address.ToOctets(), network.Mask().ToOctets()})));
            EXPECT_TRUE(std::any_of(quick[1]->chain.payloads.begin(),
                                    quick[1]->chain.payloads.end(),
                                    [&body](const RawPayload& p) { return p.body == body; }));
        }
    }
}

TEST_P(LiveMessages, RepeatedMessagesAreIdentical)
{
    for (size_t i = 0; i < m_handshake.messages.size(); i++)
    {
        const RecordedMessage& message = m_handshake.messages[i];
        if (message.note != "byte-identical retransmission")
        {
            EXPECT_EQ(message.note, "");
            continue;
        }
        const auto end = m_handshake.messages.begin() + static_cast<std::ptrdiff_t>(i);
        EXPECT_TRUE(std::any_of(m_handshake.messages.begin(),
                                end,
                                [&message](const RecordedMessage& earlier)
                                { return earlier.wire == message.wire; }));
    }
}

TEST_P(LiveMessages, FragmentsJoinToTheWholeMessage)
{
    Octets joined;
    for (const RecordedMessage& message : m_handshake.messages)
    {
        if (message.fragment.empty())
        {
            continue;
        }
        const Result<IsakmpHeader> header = ParseIsakmpHeader(message.wire);
        ASSERT_TRUE(header.Ok());
        EXPECT_EQ(header->nextPayload, PayloadType::Fragment);
        const Result<PayloadChain> chain = ParsePayloadChain(
            header->nextPayload, OctetView(message.wire).From(ISAKMP_HEADER_OCTETS));
        ASSERT_TRUE(chain.Ok());
        ASSERT_EQ(chain->payloads.size(), 1u);
        OctetReader reader(chain->payloads[0].body);
        const std::string id = std::to_string(reader.U16());
        const std::string number = std::to_string(reader.U8());
        const std::string last = std::to_string(reader.U8());
        EXPECT_EQ(id + " " + number + " " + last, message.fragment);
        joined = Concat({joined, reader.TakeRest()});
        if (last == "1")
        {
            EXPECT_EQ(ToHex(joined), ToHex(message.reassembled));
            joined.clear();
        }
    }
    EXPECT_TRUE(joined.empty());
}

INSTANTIATE_TEST_SUITE_P(Recorded,
                         LiveMessages,
                         testing::ValuesIn(VectorFile::List("live")),
                         RecordingName);

} // namespace
} // namespace ipsec
} // namespace ns3
