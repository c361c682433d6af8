// SPDX-License-Identifier: GPL-2.0-only
#include "data-plane-samples.h"
#include "live-replay.h"
#include "vector-file.h"

#include "ns3/esp-transform.h"
#include "ns3/ike-nat-detection.h"

#include <algorithm>

namespace ns3
{
namespace ipsec
{
namespace
{

/// What is computed from the secrets of deployed peers.
class LiveKeys : public LiveReplay
{
};

TEST_P(LiveKeys, KeysAreTheRecordedOnes)
{
    const RecordedPhase1& p = m_handshake.phase1;
    EXPECT_EQ(ToHex(m_keys.skeyid.View()), ToHex(p.skeyid));
    EXPECT_EQ(ToHex(m_keys.skeyidD.View()), ToHex(p.skeyidD));
    EXPECT_EQ(ToHex(m_keys.skeyidA.View()), ToHex(p.skeyidA));
    EXPECT_EQ(ToHex(m_keys.skeyidE.View()), ToHex(p.skeyidE));
    EXPECT_EQ(ToHex(m_cipherKey.View()), ToHex(p.cipherKey));
    EXPECT_EQ(ToHex(Phase1Iv(p.hash, p.cipher, p.gxi, p.gxr)), ToHex(p.initialIv));
}

TEST_P(LiveKeys, PublicValuesAreAsLongAsTheirGroupSays)
{
    const RecordedPhase1& p = m_handshake.phase1;
    const DhGroup* group = FindDhGroup(p.group);
    ASSERT_NE(group, nullptr);
    EXPECT_EQ(p.gxi.size(), group->keOctets);
    EXPECT_EQ(p.gxr.size(), group->keOctets);
    EXPECT_EQ(p.gxy.size(), group->secretOctets);
}

TEST_P(LiveKeys, HashesOfPhase1AreTheRecordedOnes)
{
    const RecordedPhase1& p = m_handshake.phase1;
    const OctetView skeyid = m_keys.skeyid.View();
    EXPECT_EQ(ToHex(HashR(p.hash, skeyid, HashInput(), p.idR)), ToHex(p.hashR));
    if (!p.hashI.empty())
    {
        EXPECT_EQ(ToHex(HashI(p.hash, skeyid, HashInput(), p.idI)), ToHex(p.hashI));
    }
}

TEST_P(LiveKeys, AuthenticationOnTheWireIsTheRecordedOne)
{
    const RecordedPhase1& p = m_handshake.phase1;
    const ExchangeType mode =
        m_handshake.mode == "main" ? ExchangeType::MainMode : ExchangeType::AggressiveMode;
    for (const ReplayedMessage* message : Of(mode))
    {
        const bool initiator = message->recorded->fromInitiator;
        if (const RawPayload* signature = message->chain.Find(PayloadType::Sig))
        {
            EXPECT_EQ(ToHex(signature->body), ToHex(initiator ? p.sigI : p.sigR));
            EXPECT_EQ(ToHex(message->chain.Find(PayloadType::Cert)->body),
                      ToHex(initiator ? p.certI : p.certR));
        }
        const RawPayload* hash = message->chain.Find(PayloadType::Hash);
        if (hash && m_handshake.preSharedKeyOfResponder.empty())
        {
            EXPECT_EQ(ToHex(hash->body), ToHex(initiator ? p.hashI : p.hashR));
        }
        if (hash && !m_handshake.preSharedKeyOfResponder.empty())
        {
            // The responder had another key: its hash is right under that one only.
            const SecretBytes theirs = SkeyidOf(m_handshake.preSharedKeyOfResponder);
            EXPECT_EQ(ToHex(HashR(p.hash, theirs.View(), HashInput(), p.idR)), ToHex(hash->body));
            EXPECT_FALSE(ConstantTimeEqual(hash->body, p.hashR));
        }
    }
}

TEST_P(LiveKeys, HashesOfPhase2Verify)
{
    const HashId hash = m_handshake.phase1.hash;
    const OctetView skeyidA = m_keys.skeyidA.View();
    for (const ReplayedMessage* message : Of(ExchangeType::Informational))
    {
        EXPECT_EQ(ToHex(message->chain.payloads[0].body),
                  ToHex(Hash1(hash, skeyidA, message->header.messageId, message->BehindFirst())));
    }
    for (const ReplayedMessage* first : Of(ExchangeType::QuickMode))
    {
        const uint32_t id = first->header.messageId;
        const std::vector<const ReplayedMessage*> quick = QuickMode(id);
        ASSERT_TRUE(quick.size() == 3 || quick.size() == 1);
        EXPECT_EQ(ToHex(quick[0]->chain.payloads[0].body),
                  ToHex(Hash1(hash, skeyidA, id, quick[0]->BehindFirst())));
        if (quick.size() == 1)
        {
            EXPECT_FALSE(m_handshake.configuredAtResponder.empty());
            continue;
        }
        const Octets& ni = quick[0]->chain.Find(PayloadType::Nonce)->body;
        const Octets& nr = quick[1]->chain.Find(PayloadType::Nonce)->body;
        EXPECT_EQ(ToHex(quick[1]->chain.payloads[0].body),
                  ToHex(Hash2(hash, skeyidA, id, ni, quick[1]->BehindFirst())));
        EXPECT_EQ(ToHex(quick[2]->chain.payloads[0].body), ToHex(Hash3(hash, skeyidA, id, ni, nr)));
    }
}

TEST_P(LiveKeys, NatDetectionFindsTheForcedEncapsulation)
{
    // Both peers put octets of no meaning in place of their own address, to force UDP
    // encapsulation: each finds itself reachable and the other behind a NAT.
    const RecordedPhase1& p = m_handshake.phase1;
    size_t seen = 0;
    for (const ReplayedMessage& message : m_messages)
    {
        if (message.chain.Count(PayloadType::NatD) == 0)
        {
            continue;
        }
        seen++;
        const bool fromInitiator = message.recorded->fromInitiator;
        const Endpoint initiator{m_handshake.initiator, message.recorded->sourcePort};
        const Endpoint responder{m_handshake.responder, message.recorded->destinationPort};
        const Endpoint& receiver = fromInitiator ? responder : initiator;
        const Endpoint& sender = fromInitiator ? initiator : responder;
        EXPECT_EQ(ToHex(message.chain.Find(PayloadType::NatD)->body),
                  ToHex(NatDHash(p.hash, p.cookieI, p.cookieR, receiver)));
        const NatFindings findings = DetectNat(p.hash,
                                               p.cookieI,
                                               p.cookieR,
                                               receiver,
                                               sender,
                                               NatTraversal::Auto,
                                               NatTraversalVersion::Rfc3947,
                                               message.chain);
        EXPECT_FALSE(findings.localBehindNat);
        EXPECT_TRUE(findings.remoteBehindNat);
    }
    // The initiator whose peer failed to authenticate never sent its own.
    EXPECT_EQ(seen, m_handshake.preSharedKeyOfResponder.empty() ? 2u : 1u);
}

/// Returns the quick mode that made an SA.
const RecordedChild&
ChildOf(const RecordedHandshake& handshake, const RecordedSa& sa)
{
    const auto child =
        std::find_if(handshake.children.begin(),
                     handshake.children.end(),
                     [&sa](const RecordedChild& c) { return c.messageId == sa.messageId; });
    EXPECT_NE(child, handshake.children.end());
    return *child;
}

/// Our rows for the algorithms of a quick mode's answer.
struct ChildAlgorithms
{
    const CipherAlgorithm* cipher = nullptr;
    const IntegrityAlgorithm* integrity = nullptr;
    uint64_t encapsulation = 0;
};

ChildAlgorithms
AlgorithmsOf(const TransformPayload& transform)
{
    bool conflict = false;
    const auto number = [&](IpsecAttribute type)
    { return transform.Number(static_cast<uint16_t>(type), conflict).value_or(0); };
    ChildAlgorithms algorithms;
    algorithms.cipher = FindCipherByEspId(transform.id, number(IpsecAttribute::KeyLength));
    algorithms.integrity = FindIntegrityByAttribute(number(IpsecAttribute::Authentication));
    algorithms.encapsulation = number(IpsecAttribute::EncapsulationMode);
    EXPECT_FALSE(conflict);
    return algorithms;
}

TEST_P(LiveKeys, KeymatAndItsSplitAreTheRecordedOnes)
{
    for (const RecordedSa& sa : m_handshake.sas)
    {
        const RecordedChild& child = ChildOf(m_handshake, sa);
        const std::vector<const ReplayedMessage*> quick = QuickMode(child.messageId);
        ASSERT_EQ(quick.size(), 3u);
        // The receiver of an SA chose its SPI.
        const ProposalPayload theirs = OnlyProposal(*quick[sa.receivedByInitiator ? 0 : 1]);
        EXPECT_EQ(OctetReader(theirs.spi).U32(), sa.spi);
        const ChildAlgorithms a = AlgorithmsOf(OnlyProposal(*quick[1]).transforms.at(0));
        ASSERT_TRUE(a.cipher && a.integrity);
        EXPECT_EQ(a.encapsulation, ENCAPSULATION_UDP_TUNNEL);
        EXPECT_EQ(m_handshake.espProposal.rfind(a.cipher->name, 0), 0u);
        EXPECT_EQ(child.cipher.substr(0, 3), std::string(a.cipher->name).substr(0, 3));
        EXPECT_EQ(child.integrity.find(GetHash(a.integrity->hash).name), 5u);
        const size_t octets = a.cipher->keyOctets + a.integrity->keyOctets;
        const SecretBytes keymat = Keymat(m_handshake.phase1.hash,
                                          m_keys.skeyidD.View(),
                                          child.gxy,
                                          ProtocolId::Esp,
                                          sa.spi,
                                          child.ni,
                                          child.nr,
                                          octets);
        EXPECT_EQ(ToHex(keymat.View()), ToHex(sa.keymat));
        EXPECT_EQ(ToHex(keymat.View().First(a.cipher->keyOctets)), ToHex(sa.cipherKey));
        EXPECT_EQ(ToHex(keymat.View().From(a.cipher->keyOctets)), ToHex(sa.integrityKey));
    }
}

/// Makes the SA of a recorded packet.
IpsecSa
SaOf(const RecordedSa& recorded, const ChildAlgorithms& algorithms)
{
    IpsecSa sa;
    sa.spi = recorded.spi;
    sa.cipher = algorithms.cipher->id;
    sa.integrity = algorithms.integrity->id;
    sa.cipherKey = SecretBytes(recorded.cipherKey);
    sa.integrityKey = SecretBytes(recorded.integrityKey);
    return sa;
}

TEST_P(LiveKeys, EspOpensToTheInnerPacketsAndSealsBackToTheSameOctets)
{
    for (const RecordedEsp& packet : m_handshake.packets)
    {
        SCOPED_TRACE("packet " + std::to_string(packet.frame));
        EXPECT_EQ(packet.encapsulation, "udp");
        const auto recorded =
            std::find_if(m_handshake.sas.begin(),
                         m_handshake.sas.end(),
                         [&packet](const RecordedSa& sa) { return sa.spi == packet.spi; });
        ASSERT_NE(recorded, m_handshake.sas.end());
        const std::vector<const ReplayedMessage*> quick = QuickMode(recorded->messageId);
        const ChildAlgorithms a = AlgorithmsOf(OnlyProposal(*quick.at(1)).transforms.at(0));
        const IpsecSa sa = SaOf(*recorded, a);

        const Result<EspHeader> header = ParseEspHeader(packet.wire);
        ASSERT_TRUE(header.Ok());
        EXPECT_EQ(header->spi, packet.spi);
        EXPECT_EQ(header->sequence, packet.sequence);
        const Result<SaContent> content = OpenEsp(sa, packet.wire);
        ASSERT_TRUE(content.Ok()) << FaultName(content.GetFault());
        EXPECT_EQ(content->nextHeader, packet.nextHeader);
        EXPECT_EQ(ToHex(content->payload), ToHex(packet.inner));
        const size_t overhead = EspOverhead(sa.cipher, sa.integrity, packet.inner.size());
        EXPECT_EQ(packet.wire.size(), packet.inner.size() + overhead);
        EXPECT_EQ(overhead,
                  ESP_HEADER_OCTETS + a.cipher->ivOctets + packet.padLength + ESP_TRAILER_OCTETS +
                      a.integrity->icvOctets);

        RepeatedRandomSource iv(
            OctetView(packet.wire).From(ESP_HEADER_OCTETS).First(a.cipher->ivOctets).Copy());
        const Result<Octets> sealed =
            SealEsp(sa, packet.sequence, packet.nextHeader, packet.inner, iv);
        ASSERT_TRUE(sealed.Ok());
        EXPECT_EQ(ToHex(*sealed), ToHex(packet.wire));
    }
}

INSTANTIATE_TEST_SUITE_P(Recorded,
                         LiveKeys,
                         testing::ValuesIn(VectorFile::List("live")),
                         RecordingName);

} // namespace
} // namespace ipsec
} // namespace ns3
