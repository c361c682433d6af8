// SPDX-License-Identifier: GPL-2.0-only
#include "key-holder.h"
#include "peer-pair.h"

#include "ns3/isakmp-sa-payload.h"

#include <gtest/gtest.h>

// AH, and AH with ESP: what is negotiated together lives and ends together.

namespace ns3
{
namespace ipsec
{

namespace
{

using std::chrono::seconds;

const char BUNDLE[] = "nopfs-ah-md5+esp-3des-sha";
constexpr uint32_t MESSAGE_ID = 0x01020304;

/// Runs with either side starting.
class Bundle : public testing::TestWithParam<Side>
{
  protected:
    /// A pair whose bundle is up.
    PeerPair
    UpPair() const
    {
        PeerPair pair("pre-g1-des-md5", BUNDLE);
        pair.Acquire(m_initiator);
        pair.DeliverAll();
        EXPECT_TRUE(pair.AreTunnelsUp(2));
        return pair;
    }

    const Side m_initiator = GetParam();
    const Side m_responder = Other(m_initiator);
};

INSTANTIATE_TEST_SUITE_P(EitherSideStarts,
                         Bundle,
                         testing::Values(Side::A, Side::B),
                         testing::PrintToStringParamName());

/// Writes what is installed and sent, in order: "in-ah", "out-esp", "send".
std::vector<std::string>
OrderOf(const Effects& effects)
{
    std::vector<std::string> order;
    for (const Effect& effect : effects.list)
    {
        if (const auto* install = std::get_if<InstallSa>(&effect))
        {
            order.push_back(
                std::string(install->sa.direction == SaDirection::Inbound ? "in" : "out") +
                (install->sa.protocol == ProtocolId::Ah ? "-ah" : "-esp"));
        }
        else if (std::holds_alternative<Transmit>(effect))
        {
            order.emplace_back("send");
        }
    }
    return order;
}

/// Returns the only SA of an end with this direction and protocol.
IpsecSa
SaOf(const PeerPair& pair, Side side, SaDirection direction, ProtocolId protocol)
{
    std::vector<IpsecSa> found;
    for (const IpsecSa& sa : pair.Sas(side, direction))
    {
        if (sa.protocol == protocol)
        {
            found.push_back(sa);
        }
    }
    EXPECT_EQ(found.size(), 1u);
    return found.at(0);
}

/// Returns the Delete payloads of an informational message.
std::vector<DeletePayload>
DeletesIn(const PeerPair& pair, const Flight& flight)
{
    const KeyHolder holder(pair);
    std::vector<DeletePayload> deletes;
    for (const RawPayload& payload :
         holder.Open(flight.octets, holder.FirstIv(flight.summary.messageId)))
    {
        if (payload.type == PayloadType::Delete)
        {
            deletes.push_back(*ParseDeletePayload(payload.body));
        }
    }
    return deletes;
}

Octets
SpiOctets(uint32_t spi)
{
    OctetWriter writer;
    writer.U32(spi);
    return writer.Take();
}

} // namespace

// Covers QM-03, QM-18.
TEST_P(Bundle, HasTwoSasForEachDirection)
{
    const PeerPair pair = UpPair();
    for (const Side side : {Side::A, Side::B})
    {
        EXPECT_EQ(pair.End(side).sas.size(), 4u);
        for (const SaDirection direction : {SaDirection::Inbound, SaDirection::Outbound})
        {
            const IpsecSa ah = SaOf(pair, side, direction, ProtocolId::Ah);
            const IpsecSa esp = SaOf(pair, side, direction, ProtocolId::Esp);
            EXPECT_EQ(ah.bundledSpi, esp.spi);
            EXPECT_EQ(esp.bundledSpi, ah.spi);
            EXPECT_NE(ah.spi, esp.spi);
            EXPECT_EQ(ah.integrity, IntegrityId::HmacMd5_96);
            EXPECT_EQ(ah.cipher, CipherId::Null);
            EXPECT_EQ(ah.cipherKey.size(), 0u);
            EXPECT_EQ(ah.integrityKey.size(), 16u);
            EXPECT_EQ(esp.cipher, CipherId::TripleDes);
            EXPECT_EQ(esp.integrityKey.size(), 20u);
            EXPECT_EQ(ah.proposal, BUNDLE);
            EXPECT_EQ(esp.proposal, BUNDLE);
        }
    }
}

// Covers QM-03, QM-18.
TEST_P(Bundle, AhAloneIsOnePairOfSas)
{
    PeerPair pair("pre-g1-des-md5", "g1-ah-sha256");
    pair.Acquire(m_initiator);
    pair.Settle();
    EXPECT_TRUE(pair.AreTunnelsUp());
    for (const Side side : {Side::A, Side::B})
    {
        for (const auto& [key, sa] : pair.End(side).sas)
        {
            EXPECT_EQ(key.protocol, ProtocolId::Ah);
            EXPECT_EQ(sa.bundledSpi, 0u);
            EXPECT_EQ(sa.integrityKey.size(), 32u);
        }
    }
}

// Covers QM-17, QM-22.
TEST_P(Bundle, InboundComesBeforeOutboundAndAhBeforeEsp)
{
    using Order = std::vector<std::string>;
    PeerPair pair("pre-g1-des-md5", BUNDLE);
    pair.Acquire(m_initiator);
    pair.DeliverAll(6);

    // QM1 -->
    EXPECT_EQ(OrderOf(pair.Deliver()), (Order{"in-ah", "in-esp", "send"}));
    // <-- QM2
    EXPECT_EQ(OrderOf(pair.Deliver()), (Order{"in-ah", "in-esp", "send", "out-ah", "out-esp"}));
    // QM3 -->
    EXPECT_EQ(OrderOf(pair.Deliver()), (Order{"out-ah", "out-esp"}));
    EXPECT_TRUE(pair.AreTunnelsUp(2));
}

TEST_P(Bundle, BothHalvesHaveTheSameLifetimeWindowAndTraffic)
{
    EngineConfig configs[] = {SiteConfig(Side::A, "pre-g1-des-md5", BUNDLE),
                              SiteConfig(Side::B, "pre-g1-des-md5", BUNDLE)};
    for (EngineConfig& config : configs)
    {
        ChildConfig& child = config.peers[0].children[0];
        child.lifetime = seconds(1000);
        child.lifetimeKilobytes = 5000;
        child.replayWindow = 128;
        child.extendedSequence = ExtendedSequence::Require;
        child.outerHeader.df = DfRule::Set;
        child.outerHeader.dscp = 46;
        child.outerHeader.ttl = 7;
    }
    PeerPair pair(configs[0], configs[1]);
    pair.Acquire(m_initiator);
    pair.Settle();
    ASSERT_TRUE(pair.AreTunnelsUp(2));
    for (const Side side : {Side::A, Side::B})
    {
        for (const auto& [key, sa] : pair.End(side).sas)
        {
            EXPECT_EQ(sa.lifetime.hard, seconds(1000));
            EXPECT_EQ(sa.lifetime.soft, side == m_initiator ? seconds(900) : seconds(950));
            EXPECT_EQ(sa.lifetime.hardKilobytes, 5000u);
            EXPECT_EQ(sa.lifetime.softKilobytes, side == m_initiator ? 4500u : 4750u);
            EXPECT_EQ(sa.replayWindow, 128u);
            EXPECT_TRUE(sa.extendedSequence);
            EXPECT_EQ(sa.outerHeader.df, DfRule::Set);
            EXPECT_EQ(sa.outerHeader.dscp, 46);
            EXPECT_EQ(sa.outerHeader.ttl, 7);
            EXPECT_EQ(sa.mode, EncapsulationMode::Tunnel);
        }
    }
}

TEST_P(Bundle, DeleteNamesEachProtocolInAPayloadOfItsOwn)
{
    PeerPair pair = UpPair();
    const PeerPair before = pair;
    const uint32_t ah = SaOf(pair, m_initiator, SaDirection::Inbound, ProtocolId::Ah).spi;
    const uint32_t esp = SaOf(pair, m_initiator, SaDirection::Inbound, ProtocolId::Esp).spi;
    pair.Terminate(m_initiator);

    // HASH D(ISAKMP) D(AH) D(ESP) -->
    ASSERT_EQ(pair.InFlight(), 1u);
    const std::vector<DeletePayload> deletes = DeletesIn(before, pair.Next());
    ASSERT_EQ(deletes.size(), 3u);
    EXPECT_EQ(deletes[0].protocol, ProtocolId::Isakmp) << "strongSwan goes by the first one";
    EXPECT_EQ(deletes[1].protocol, ProtocolId::Ah);
    EXPECT_EQ(deletes[1].spis, std::vector<Octets>{SpiOctets(ah)});
    EXPECT_EQ(deletes[2].protocol, ProtocolId::Esp);
    EXPECT_EQ(deletes[2].spis, std::vector<Octets>{SpiOctets(esp)});
    pair.Deliver();
    EXPECT_TRUE(pair.End(m_responder).sas.empty());
    EXPECT_TRUE(pair.IsIkeDown());
}

TEST_P(Bundle, DeleteOfEitherHalfEndsBoth)
{
    const PeerPair pair = UpPair();
    const KeyHolder holder(pair);
    for (const ProtocolId protocol : {ProtocolId::Ah, ProtocolId::Esp})
    {
        PeerPair fork = pair;
        const uint32_t spi = SaOf(pair, m_initiator, SaDirection::Inbound, protocol).spi;
        fork.Inject(m_responder,
                    holder.Informational(MESSAGE_ID, {DeleteRaw(protocol, {SpiOctets(spi)})}));
        EXPECT_TRUE(fork.End(m_responder).sas.empty());
        EXPECT_EQ(fork.Seen<RemoveSa>(m_responder).size(), 4u);
        EXPECT_EQ(fork.InFlight(), 0u);
    }
}

// bad input 82
TEST_P(Bundle, DeleteOfAnSpiUnderTheOtherProtocolIsIgnored)
{
    PeerPair pair = UpPair();
    const KeyHolder holder(pair);
    const uint32_t ah = SaOf(pair, m_initiator, SaDirection::Inbound, ProtocolId::Ah).spi;
    const uint32_t esp = SaOf(pair, m_initiator, SaDirection::Inbound, ProtocolId::Esp).spi;
    pair.Inject(m_responder,
                holder.Informational(MESSAGE_ID,
                                     {DeleteRaw(ProtocolId::Esp, {SpiOctets(ah)}),
                                      DeleteRaw(ProtocolId::Ah, {SpiOctets(esp)}),
                                      DeleteRaw(ProtocolId::IpComp, {SpiOctets(esp)})}));
    EXPECT_TRUE(pair.AreTunnelsUp(2));
}

TEST_P(Bundle, SoftExpiryOfEitherHalfRenewsBothOnce)
{
    for (const ProtocolId first : {ProtocolId::Ah, ProtocolId::Esp})
    {
        const ProtocolId second = first == ProtocolId::Ah ? ProtocolId::Esp : ProtocolId::Ah;
        PeerPair pair = UpPair();
        const SaKey firstKey = SaOf(pair, m_initiator, SaDirection::Outbound, first).Key();
        const SaKey secondKey = SaOf(pair, m_initiator, SaDirection::Outbound, second).Key();
        pair.Advance(seconds(3240));
        pair.Timeout(m_initiator);
        pair.SoftExpiry(m_initiator, firstKey);
        ASSERT_EQ(pair.InFlight(), 1u);
        pair.SoftExpiry(m_initiator, secondKey);
        EXPECT_EQ(pair.DeliverAll(), 3u);
        EXPECT_TRUE(pair.AreTunnelsUp(4));
        pair.SoftExpiry(m_initiator, secondKey);
        EXPECT_EQ(pair.InFlight(), 0u);
    }
}

TEST_P(Bundle, SuccessorRetiresBothHalves)
{
    PeerPair pair = UpPair();
    pair.Advance(seconds(3240));
    pair.Timeout(m_initiator);
    pair.SoftExpiry(m_initiator,
                    SaOf(pair, m_initiator, SaDirection::Outbound, ProtocolId::Ah).Key());
    pair.DeliverAll();
    ASSERT_TRUE(pair.AreTunnelsUp(4));
    pair.Advance(Personality().retirementDelay);
    pair.Timeout(m_initiator);
    ASSERT_EQ(pair.InFlight(), 1u);
    EXPECT_EQ(DeletesIn(pair, pair.Next()).size(), 2u);
    pair.Deliver();
    pair.Advance(Personality().graceTime);
    pair.Timeout(m_initiator);
    EXPECT_TRUE(pair.AreTunnelsUp(2));
}

TEST_P(Bundle, HardExpiryOfEitherHalfEndsBothAtBothEnds)
{
    for (const ProtocolId protocol : {ProtocolId::Ah, ProtocolId::Esp})
    {
        PeerPair pair = UpPair();
        pair.HardExpiry(m_initiator, SaOf(pair, m_initiator, SaDirection::Inbound, protocol).Key());
        ASSERT_EQ(pair.InFlight(), 1u);
        EXPECT_EQ(DeletesIn(pair, pair.Next()).size(), 2u);
        pair.Deliver();
        EXPECT_TRUE(pair.End(Side::A).sas.empty());
        EXPECT_TRUE(pair.End(Side::B).sas.empty());
        EXPECT_TRUE(pair.IsIkeUp());
    }
}

// F3
TEST_P(Bundle, ResponderThatGivesUpQm3TakesBothHalvesBack)
{
    PeerPair pair("pre-g1-des-md5", BUNDLE);
    pair.Acquire(m_initiator);
    pair.DeliverAll(6 + 2);
    ASSERT_EQ(pair.Sas(m_responder, SaDirection::Inbound).size(), 2u);
    for (int step = 0; step < 100 && !pair.End(m_responder).sas.empty(); step++)
    {
        while (pair.InFlight() > 0)
        {
            pair.Lose();
        }
        pair.AdvanceToDeadline();
    }
    pair.DeliverAll();
    EXPECT_TRUE(pair.End(m_responder).sas.empty());
    EXPECT_TRUE(pair.End(m_initiator).sas.empty());
}

TEST_P(Bundle, RefusalIsUnderstoodWhicheverSpiItNames)
{
    PeerPair pair("pre-g1-des-md5", BUNDLE);
    pair.Acquire(m_initiator);
    pair.DeliverAll(6);
    const KeyHolder holder(pair);
    const Octets& qm1 = pair.Next().octets;
    const std::vector<RawPayload> payloads =
        holder.Open(qm1, holder.FirstIv(ParseIsakmpHeader(qm1)->messageId));
    const SaPayload sa = *ParseSaPayload(BodyOf(payloads, PayloadType::Sa));
    ASSERT_EQ(sa.proposals.size(), 2u);
    for (const ProposalPayload& proposal : sa.proposals)
    {
        PeerPair fork = pair;
        const Effects effects =
            fork.Inject(m_initiator,
                        holder.Informational(
                            MESSAGE_ID, {NotifyRaw(NotifyType::NoProposalChosen, proposal.spi)}));
        const auto* failed = FindEffect<AcquireFailed>(effects);
        ASSERT_NE(failed, nullptr);
        EXPECT_EQ(failed->notify, 14);
    }
}

TEST_P(Bundle, PeerThatHasOnlyOneHalfRefusesAndNamesTheFirst)
{
    for (const char* other : {"nopfs-ah-md5", "nopfs-esp-3des-sha", "nopfs-ah-sha+esp-3des-sha"})
    {
        const bool startsAtA = m_initiator == Side::A;
        PeerPair pair(SiteConfig(Side::A, "pre-g1-des-md5", startsAtA ? BUNDLE : other),
                      SiteConfig(Side::B, "pre-g1-des-md5", startsAtA ? other : BUNDLE));
        pair.Acquire(m_initiator);
        pair.DeliverAll(6);
        const KeyHolder holder(pair);
        EXPECT_EQ(DroppedFault(pair.Deliver()), Fault::NoProposalChosen) << other;
        ASSERT_EQ(pair.InFlight(), 1u);
        const Flight& refusal = pair.Next();
        const NotifyPayload notify = *ParseNotifyPayload(
            BodyOf(holder.Open(refusal.octets, holder.FirstIv(refusal.summary.messageId)),
                   PayloadType::Notify));
        EXPECT_EQ(notify.type, 14);
        EXPECT_EQ(notify.protocol, ProtocolId::Ah);
        pair.Settle();
        EXPECT_EQ(pair.Seen<AcquireFailed>(m_initiator).size(), 1u);
        EXPECT_TRUE(pair.End(Side::A).sas.empty());
        EXPECT_TRUE(pair.End(Side::B).sas.empty());
    }
}

} // namespace ipsec
} // namespace ns3
