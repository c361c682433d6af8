// SPDX-License-Identifier: GPL-2.0-only
// What leaves: policies, staged packets, sequence numbers, lifetimes.
#include "data-plane-samples.h"

#include "ns3/esp-transform.h"
#include "ns3/ipsec-processor.h"

#include <gtest/gtest.h>

namespace ns3
{
namespace ipsec
{
namespace
{

const Instant START{std::chrono::seconds(100)};
const ChildId CHILD{0, 0};

Instant
After(int seconds)
{
    return START + std::chrono::seconds(seconds);
}

/// Gateway A with one policy that protects what goes to B's network.
class ProcessorOutbound : public testing::Test
{
  protected:
    ProcessorOutbound()
    {
        Add(SampleSa().proxyId, PolicyAction::Protect);
    }

    void
    Add(const ProxyId& selector, PolicyAction action)
    {
        m_processor.Policies().Add({selector, action, CHILD});
    }

    ProtectVerdict
    Protect(Ticket ticket = 1, OctetView packet = SamplePacket(), Instant now = START)
    {
        return m_processor.Protect(now, packet, ticket, m_random, m_report);
    }

    std::vector<ProtectVerdict>
    Install(const IpsecSa& sa, Instant now = START)
    {
        return m_processor.InstallSa(now, sa, m_random, m_report);
    }

    SeededRandomSource m_random{1};
    Processor m_processor{3};
    ProcessorReport m_report;
};

const Sealed&
AsSealed(const ProtectVerdict& verdict)
{
    static const Sealed nothing{};
    const Sealed* sealed = std::get_if<Sealed>(&verdict);
    EXPECT_NE(sealed, nullptr) << "variant " << verdict.index();
    return sealed == nullptr ? nothing : *sealed;
}

const Staged&
AsStaged(const ProtectVerdict& verdict)
{
    static const Staged nothing{};
    const Staged* staged = std::get_if<Staged>(&verdict);
    EXPECT_NE(staged, nullptr) << "variant " << verdict.index();
    return staged == nullptr ? nothing : *staged;
}

/// Returns why a packet was discarded.
std::string
Reason(const ProtectVerdict& verdict)
{
    const Discarded* discarded = std::get_if<Discarded>(&verdict);
    return discarded == nullptr ? "(not discarded)" : FaultName(discarded->fault);
}

uint32_t
SequenceOf(const Sealed& sealed)
{
    return ParseEspHeader(sealed.packet)->sequence;
}

uint32_t
SpiOf(const ProtectVerdict& verdict)
{
    return AsSealed(verdict).spi;
}

TEST_F(ProcessorOutbound, SealsWhatThePolicyProtects)
{
    Install(SampleSa());
    const ProtectVerdict verdict = Protect(17);
    const Sealed& sealed = AsSealed(verdict);
    EXPECT_EQ(sealed.ticket, 17u);
    EXPECT_EQ(sealed.protocol, ProtocolId::Esp);
    EXPECT_EQ(sealed.mode, EncapsulationMode::Tunnel);
    EXPECT_EQ(sealed.local, GatewayA());
    EXPECT_EQ(sealed.remote, GatewayB());
    EXPECT_EQ(sealed.spi, 0x1001u);
    EXPECT_EQ(sealed.child, CHILD);
    const Result<SaContent> content = OpenEsp(FarEnd(SampleSa()), sealed.packet);
    ASSERT_TRUE(content.Ok());
    EXPECT_EQ(content->nextHeader, IP_PROTOCOL_IPIP);
    EXPECT_EQ(ToHex(content->payload), ToHex(SamplePacket()));
}

TEST_F(ProcessorOutbound, BypassesDiscardsAndRefusesAsPoliciesSay)
{
    const Prefix any;
    Add({any, Prefix::Parse("10.3.0.0/16"), 0, 0, 0}, PolicyAction::Bypass);
    Add({any, Prefix::Parse("10.4.0.0/16"), 0, 0, 0}, PolicyAction::Discard);
    EXPECT_TRUE(
        std::holds_alternative<Bypassed>(Protect(1, SampleUdp("10.1.0.5", "10.3.0.1", 9, 8))));
    EXPECT_EQ(Reason(Protect(1, SampleUdp("10.1.0.5", "10.4.0.1", 9, 8))), "PolicyDiscard");
    EXPECT_EQ(Reason(Protect(1, SampleUdp("10.1.0.5", "10.5.0.1", 9, 8))), "NoPolicy");
    EXPECT_EQ(Reason(Protect(1, Octets(20))), "InnerMalformed");
}

TEST_F(ProcessorOutbound, ClassifiesWithoutTouchingAnything)
{
    const Spd& policies = m_processor.Policies();
    EXPECT_EQ(ActionOf(policies.FindSteering(*ParseFlowKey(SamplePacket()))),
              PolicyAction::Protect);
    EXPECT_EQ(ActionOf(policies.FindSteering(FlowKey{})), std::nullopt);
    EXPECT_TRUE(AsStaged(Protect()).needsSa);
}

// Covers S2.
TEST_F(ProcessorOutbound, NeverLetsAProtectedPacketLeaveInClear)
{
    Add({{}, {}, 0, 0, 0}, PolicyAction::Bypass);
    IpsecSa sa = SampleSa();
    sa.lifetime.hard = std::chrono::seconds(10);
    for (const Instant now : {START, After(9), After(10), After(11)})
    {
        if (now == After(9))
        {
            Install(sa, START);
        }
        EXPECT_FALSE(std::holds_alternative<Bypassed>(Protect(1, SamplePacket(), now)));
    }
    (void)m_processor.AbandonStaged(CHILD, Fault::StagedAbandoned);
    EXPECT_FALSE(std::holds_alternative<Bypassed>(Protect(1, SamplePacket(), After(12))));
}

// Covers S2.
TEST_F(ProcessorOutbound, ProtectsALaterFragmentThatAPolicyWithPortsMayMean)
{
    Processor processor;
    ProxyId selector = SampleSa().proxyId;
    selector.protocol = IP_PROTOCOL_UDP;
    selector.remotePort = 9;
    processor.Policies().Add({selector, PolicyAction::Protect, CHILD});
    processor.Policies().Add({{}, PolicyAction::Bypass, {}});
    IpsecSa sa = SampleSa();
    sa.proxyId = selector;
    (void)processor.InstallSa(START, sa, m_random, m_report);

    Octets packet = SamplePacket();
    EXPECT_EQ(SpiOf(processor.Protect(START, packet, 1, m_random, m_report)), 0x1001u);
    packet[7] = 1; // fragment offset
    EXPECT_EQ(ActionOf(processor.Policies().FindSteeringFragment(*ParseFlowKey(packet))),
              PolicyAction::Protect);
    EXPECT_EQ(SpiOf(processor.Protect(START, packet, 1, m_random, m_report)), 0x1001u);
}

TEST_F(ProcessorOutbound, AsksForAnSaOnce)
{
    EXPECT_TRUE(AsStaged(Protect(1)).needsSa);
    EXPECT_FALSE(AsStaged(Protect(2)).needsSa);
    (void)m_processor.AbandonStaged(CHILD, Fault::StagedAbandoned);
    EXPECT_TRUE(AsStaged(Protect(3)).needsSa);
    Install(SampleSa());
    m_processor.RemoveSa(SampleSa().Key());
    EXPECT_TRUE(AsStaged(Protect(4)).needsSa);
}

TEST_F(ProcessorOutbound, AnInboundSaDoesNotEndTheWaiting)
{
    Protect(1);
    EXPECT_TRUE(Install(FarEnd(SampleSa())).empty());
    EXPECT_FALSE(AsStaged(Protect(2)).needsSa);
}

TEST_F(ProcessorOutbound, StagesForEachChildApart)
{
    m_processor.Policies().Add(
        {{Prefix{}, Prefix::Parse("10.3.0.0/16"), 0, 0, 0}, PolicyAction::Protect, {0, 1}});
    EXPECT_TRUE(AsStaged(Protect(1)).needsSa);
    const ProtectVerdict other = Protect(2, SampleUdp("10.1.0.5", "10.3.0.1", 9, 8));
    EXPECT_TRUE(AsStaged(other).needsSa);
    EXPECT_EQ(AsStaged(other).child, (ChildId{0, 1}));
    EXPECT_EQ(Install(SampleSa()).size(), 1u);
}

TEST_F(ProcessorOutbound, DropsTheOldestIfTheStageIsFull)
{
    for (const Ticket ticket : {1, 2, 3})
    {
        EXPECT_EQ(AsStaged(Protect(ticket)).overflow, std::nullopt);
    }
    EXPECT_EQ(AsStaged(Protect(4)).overflow, Ticket{1});
    EXPECT_EQ(AsStaged(Protect(5)).overflow, Ticket{2});
    EXPECT_EQ(Install(SampleSa()).size(), 3u);
}

TEST_F(ProcessorOutbound, WithoutAStageGivesBackThePacketItself)
{
    Processor processor(0);
    processor.Policies().Add({SampleSa().proxyId, PolicyAction::Protect, CHILD});
    const ProtectVerdict verdict = processor.Protect(START, SamplePacket(), 8, m_random, m_report);
    EXPECT_TRUE(AsStaged(verdict).needsSa);
    EXPECT_EQ(AsStaged(verdict).overflow, Ticket{8});
}

// Covers AR-01.
TEST_F(ProcessorOutbound, SealsStagedPacketsInOrderFromNumberOne)
{
    for (const Ticket ticket : {11, 12, 13})
    {
        Protect(ticket, SamplePacket(100 + ticket));
    }
    const std::vector<ProtectVerdict> verdicts = Install(SampleSa());
    ASSERT_EQ(verdicts.size(), 3u);
    for (uint32_t i = 0; i < 3; i++)
    {
        const Sealed& sealed = AsSealed(verdicts[i]);
        EXPECT_EQ(sealed.ticket, 11 + i);
        EXPECT_EQ(SequenceOf(sealed), 1 + i);
        EXPECT_EQ(OpenEsp(FarEnd(SampleSa()), sealed.packet)->payload.size(), 111 + i);
    }
    EXPECT_EQ(SequenceOf(AsSealed(Protect(14))), 4u);
}

TEST_F(ProcessorOutbound, GivesBackStagedPacketsOfAFailedNegotiation)
{
    Protect(1);
    Protect(2);
    const std::vector<Discarded> lost = m_processor.AbandonStaged(CHILD, Fault::NoProposalChosen);
    ASSERT_EQ(lost.size(), 2u);
    EXPECT_EQ(lost[0].ticket, 1u);
    EXPECT_EQ(lost[1].ticket, 2u);
    EXPECT_EQ(lost[0].fault, Fault::NoProposalChosen);
    EXPECT_TRUE(m_processor.AbandonStaged(CHILD, Fault::NoProposalChosen).empty());
    EXPECT_TRUE(Install(SampleSa()).empty());
}

TEST_F(ProcessorOutbound, SendsThroughTheNewestSaAfterARekey)
{
    Install(SampleSa(0x2000));
    EXPECT_EQ(SpiOf(Protect()), 0x2000u);
    Install(SampleSa(0x1000));
    EXPECT_EQ(SpiOf(Protect()), 0x1000u);
    m_processor.RemoveSa(SampleSa(0x1000).Key());
    EXPECT_EQ(SpiOf(Protect()), 0x2000u);
}

/// Sets the counter of an SA: a run of 2^32 packets is too long for a test.
void
SetSequence(const Processor& processor, const SaKey& key, uint32_t sequence)
{
    const_cast<SaEntry*>(processor.Associations().Find(key))->sequence = sequence;
}

// bad input 100
TEST_F(ProcessorOutbound, NeverWrapsTheSequenceNumber)
{
    Install(SampleSa());
    SetSequence(m_processor, SampleSa().Key(), 0xfffffffe);
    EXPECT_EQ(SequenceOf(AsSealed(Protect())), 0xffffffffu);
    EXPECT_EQ(Reason(Protect()), "SequenceExhausted");
    EXPECT_EQ(Reason(Protect()), "SequenceExhausted");
    Install(SampleSa(0x2000));
    EXPECT_EQ(SequenceOf(AsSealed(Protect())), 1u);
}

// bad input 100
TEST_F(ProcessorOutbound, AsksForASuccessorWellBeforeTheNumbersEnd)
{
    Install(SampleSa());
    SetSequence(m_processor, SampleSa().Key(), SEQUENCE_SOFT_LIMIT - 2);
    Protect();
    EXPECT_TRUE(m_report.expiries.empty());
    Protect();
    Protect();
    ASSERT_EQ(m_report.expiries.size(), 1u);
    EXPECT_EQ(m_report.expiries[0].kind, SaExpiry::Kind::Soft);
    EXPECT_EQ(m_report.expiries[0].key, SampleSa().Key());
    EXPECT_EQ(m_report.expiries[0].child, CHILD);
}

// bad input 106
TEST_F(ProcessorOutbound, LeavesTheCountersAloneIfTheCipherRefuses)
{
    IpsecSa sa = SampleSa();
    sa.cipherKey = SampleKey(3, 1);
    Install(sa);
    EXPECT_EQ(Reason(Protect()), "CryptoFailure");
    EXPECT_EQ(m_processor.Associations().Find(sa.Key())->sequence, 0u);
    EXPECT_EQ(m_processor.Associations().Find(sa.Key())->octets, 0u);
}

TEST_F(ProcessorOutbound, DiscardsWhatTheSaWasNotNegotiatedFor)
{
    IpsecSa sa = SampleSa();
    sa.proxyId.remote = Prefix::Parse("10.2.9.0/24");
    Install(sa);
    EXPECT_EQ(Reason(Protect()), "SelectorMismatch");
}

TEST_F(ProcessorOutbound, CountsPacketsOctetsAndWork)
{
    Install(SampleSa());
    const ProtectVerdict first = Protect(1, SamplePacket(100), After(5));
    Protect(2, SamplePacket(200), After(6));
    const SaEntry& entry = *m_processor.Associations().Find(SampleSa().Key());
    EXPECT_EQ(entry.packets, 2u);
    EXPECT_EQ(entry.octets, 300u);
    EXPECT_EQ(entry.lastUsed, After(6));
    EXPECT_EQ(AsSealed(first).packet.size(), 8u + 16 + 112 + 12);
    const Work& work = m_report.work;
    const uint16_t aes = static_cast<uint16_t>(CipherId::Aes128);
    const uint16_t sha = static_cast<uint16_t>(IntegrityId::HmacSha1_96);
    EXPECT_EQ(work.Items().size(), 2u);
    EXPECT_EQ(work.Amount({WorkKind::CipherOctets, aes}), 112u + 208);
    EXPECT_EQ(work.Amount({WorkKind::IcvOctets, sha}), 24u + 112 + 24 + 208);
}

TEST_F(ProcessorOutbound, ReportsTheEndsInTimeOnceEach)
{
    IpsecSa sa = SampleSa();
    sa.lifetime.soft = std::chrono::seconds(90);
    sa.lifetime.hard = std::chrono::seconds(100);
    Install(sa);
    EXPECT_EQ(m_processor.NextDeadline(), After(90));
    EXPECT_TRUE(m_processor.HandleTimeout(After(89)).expiries.empty());

    const ProcessorReport soft = m_processor.HandleTimeout(After(90));
    ASSERT_EQ(soft.expiries.size(), 1u);
    EXPECT_EQ(soft.expiries[0].kind, SaExpiry::Kind::Soft);
    EXPECT_TRUE(m_processor.HandleTimeout(After(99)).expiries.empty());
    EXPECT_EQ(SpiOf(Protect(1, SamplePacket(), After(99))), sa.spi);

    const ProcessorReport hard = m_processor.HandleTimeout(After(100));
    ASSERT_EQ(hard.expiries.size(), 1u);
    EXPECT_EQ(hard.expiries[0].kind, SaExpiry::Kind::Hard);
    EXPECT_EQ(hard.expiries[0].key, sa.Key());
    EXPECT_TRUE(m_processor.Associations().Entries().empty());
    EXPECT_EQ(m_processor.NextDeadline(), std::nullopt);
}

TEST_F(ProcessorOutbound, ReportsOnlyTheHardEndIfBothPassed)
{
    IpsecSa sa = SampleSa();
    sa.lifetime.soft = std::chrono::seconds(90);
    sa.lifetime.hard = std::chrono::seconds(100);
    Install(sa);
    const ProcessorReport report = m_processor.HandleTimeout(After(500));
    ASSERT_EQ(report.expiries.size(), 1u);
    EXPECT_EQ(report.expiries[0].kind, SaExpiry::Kind::Hard);
}

TEST_F(ProcessorOutbound, DoesNotAskToRenewAnSaThatHasASuccessor)
{
    IpsecSa sa = SampleSa();
    sa.lifetime.soft = std::chrono::seconds(90);
    sa.lifetime.hard = std::chrono::seconds(100);
    Install(sa);
    Install(SampleSa(0x2000), After(80));
    EXPECT_TRUE(m_processor.HandleTimeout(After(95)).expiries.empty());
    EXPECT_EQ(m_processor.HandleTimeout(After(100)).expiries.size(), 1u);
}

TEST_F(ProcessorOutbound, DoesNotSendThroughAnSaPastItsHardEnd)
{
    IpsecSa sa = SampleSa();
    sa.lifetime.hard = std::chrono::seconds(100);
    Install(sa);
    EXPECT_TRUE(AsStaged(Protect(1, SamplePacket(), After(100))).needsSa);
    ASSERT_EQ(m_report.expiries.size(), 1u);
    EXPECT_EQ(m_report.expiries[0].kind, SaExpiry::Kind::Hard);
    EXPECT_TRUE(m_processor.HandleTimeout(After(100)).expiries.empty());
}

TEST_F(ProcessorOutbound, ReportsTheSoftEndInKilobytesOnce)
{
    IpsecSa sa = SampleSa();
    sa.lifetime.softKilobytes = 1;
    Install(sa);
    Protect(1, SamplePacket(1000));
    EXPECT_TRUE(m_report.expiries.empty());
    Protect(2, SamplePacket(28));
    Protect(3, SamplePacket(28));
    ASSERT_EQ(m_report.expiries.size(), 1u);
    EXPECT_EQ(m_report.expiries[0].kind, SaExpiry::Kind::Soft);
}

TEST_F(ProcessorOutbound, StagesWhatDoesNotFitIntoTheKilobytes)
{
    IpsecSa sa = SampleSa();
    sa.lifetime.hardKilobytes = 1;
    Install(sa);
    Protect(1, SamplePacket(1000));
    Protect(2, SamplePacket(28));
    ASSERT_EQ(m_report.expiries.size(), 1u);
    EXPECT_EQ(m_report.expiries[0].kind, SaExpiry::Kind::Hard);
    EXPECT_EQ(m_processor.Associations().Find(sa.Key()), nullptr);
    EXPECT_FALSE(AsStaged(Protect(3)).needsSa);
    EXPECT_EQ(Install(SampleSa(0x2000)).size(), 2u);
}

TEST_F(ProcessorOutbound, FillsTheKilobytesToTheLastOctet)
{
    IpsecSa sa = SampleSa();
    sa.lifetime.hardKilobytes = 1;
    Install(sa);
    Protect(1, SamplePacket(512));
    EXPECT_EQ(SpiOf(Protect(2, SamplePacket(512))), sa.spi);
    EXPECT_TRUE(m_report.expiries.empty());
}

TEST_F(ProcessorOutbound, SendsAtLeastOnePacketThroughAnySa)
{
    IpsecSa sa = SampleSa();
    sa.lifetime.hardKilobytes = 1;
    Protect(1, SamplePacket(1400));
    const std::vector<ProtectVerdict> verdicts = Install(sa);
    ASSERT_EQ(verdicts.size(), 1u);
    EXPECT_EQ(SpiOf(verdicts[0]), sa.spi);
}

TEST_F(ProcessorOutbound, InTransportModeSealsWhatFollowsTheIpHeader)
{
    IpsecSa sa = SampleSa();
    sa.mode = EncapsulationMode::Transport;
    Install(sa);
    const ProtectVerdict verdict = Protect();
    EXPECT_EQ(AsSealed(verdict).mode, EncapsulationMode::Transport);
    const Result<SaContent> content = OpenEsp(sa, AsSealed(verdict).packet);
    ASSERT_TRUE(content.Ok());
    EXPECT_EQ(content->nextHeader, IP_PROTOCOL_UDP);
    EXPECT_EQ(ToHex(content->payload), ToHex(OctetView(SamplePacket()).From(20)));

    Octets fragment = SamplePacket();
    fragment[6] = 0x20; // more fragments
    EXPECT_EQ(Reason(Protect(1, fragment)), "InnerMalformed");
}

TEST_F(ProcessorOutbound, CopiesGoOnIndependently)
{
    Install(SampleSa());
    Protect(1);
    Processor copy = m_processor;
    const ProtectVerdict inCopy = copy.Protect(START, SamplePacket(), 2, m_random, m_report);
    EXPECT_EQ(SequenceOf(AsSealed(inCopy)), 2u);
    EXPECT_EQ(SequenceOf(AsSealed(Protect(2))), 2u);
}

} // namespace
} // namespace ipsec
} // namespace ns3
