// SPDX-License-Identifier: GPL-2.0-only
// What arrives: SAs by SPI, anti-replay, checks of the inner packet, moved peers, clear packets.
#include "data-plane-samples.h"

#include "ns3/crypto-hash.h"
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

Instant
After(int seconds)
{
    return START + std::chrono::seconds(seconds);
}

/// Gateway B, and what A sends to it.
class ProcessorInbound : public testing::Test
{
  protected:
    /// Starts to use the inbound SA that belongs to A's outbound one.
    void
    Install(const IpsecSa& sender)
    {
        m_sender = sender;
        EXPECT_TRUE(m_processor.InstallSa(START, FarEnd(sender), m_random, m_report).empty());
    }

    /// Seals as A does.
    Octets
    Send(uint64_t sequence, OctetView inner = SamplePacket(), uint8_t nextHeader = IP_PROTOCOL_IPIP)
    {
        Result<Octets> packet = SealEsp(m_sender, sequence, nextHeader, inner, m_random);
        EXPECT_TRUE(packet.Ok());
        return packet.Ok() ? *packet : Octets{};
    }

    UnprotectVerdict
    Receive(OctetView esp, Instant now = START)
    {
        return m_processor.Unprotect(now, Arrived(m_source, esp), m_report);
    }

    const SaEntry&
    Entry() const
    {
        return *m_processor.Associations().Find(FarEnd(m_sender).Key());
    }

    SeededRandomSource m_random{1};
    IpsecSa m_sender;
    Endpoint m_source = GatewayA();
    Processor m_processor;
    ProcessorReport m_report;
};

const Opened&
AsOpened(const UnprotectVerdict& verdict)
{
    static const Opened nothing{};
    const Opened* opened = std::get_if<Opened>(&verdict);
    EXPECT_NE(opened, nullptr) << FaultName(std::get<Discarded>(verdict).fault);
    return opened == nullptr ? nothing : *opened;
}

/// Returns why a packet was discarded, or "Opened".
std::string
Outcome(const UnprotectVerdict& verdict)
{
    const Discarded* discarded = std::get_if<Discarded>(&verdict);
    return discarded == nullptr ? "Opened" : FaultName(discarded->fault);
}

/// Returns a packet with another last octet: its ICV is wrong.
Octets
Forged(Octets packet)
{
    packet.back() ^= 1;
    return packet;
}

TEST_F(ProcessorInbound, OpensWhatThePeerSealed)
{
    Install(SampleSa());
    const UnprotectVerdict verdict = Receive(Send(1), After(3));
    const Opened& opened = AsOpened(verdict);
    EXPECT_EQ(ToHex(opened.packet), ToHex(SamplePacket()));
    EXPECT_EQ(opened.sa, FarEnd(SampleSa()).Key());
    EXPECT_EQ(opened.movedFrom, std::nullopt);
    EXPECT_EQ(Entry().packets, 1u);
    EXPECT_EQ(Entry().octets, 100u);
    EXPECT_EQ(Entry().lastUsed, After(3));
}

TEST_F(ProcessorInbound, RefusesAnUnknownSpi)
{
    Install(SampleSa());
    Octets packet = Send(1);
    packet[3] ^= 1;
    EXPECT_EQ(Outcome(Receive(packet)), "NoSuchSa");
    EXPECT_EQ(Outcome(Receive(FromHex("00000000 00000001 00000000"))), "NoSuchSa");
}

// bad input 94
TEST_F(ProcessorInbound, RefusesSizesBeforeAnyCryptography)
{
    Install(SampleSa());
    const Octets packet = Send(1);
    EXPECT_EQ(Outcome(Receive(OctetView(packet).First(7))), "EspTooShort");
    EXPECT_EQ(Outcome(Receive(OctetView(packet).First(37))), "EspTooShort");
    EXPECT_EQ(Outcome(Receive(OctetView(packet).First(packet.size() - 1))), "EspNotAligned");
    EXPECT_TRUE(m_report.work.Items().empty());
}

// bad input 95
TEST_F(ProcessorInbound, LeavesWindowCountersAndEndpointAloneIfTheIcvIsWrong)
{
    IpsecSa sa = SampleSa();
    sa.udpEncapsulated = true;
    sa.followsPeer = true;
    sa.lifetime.softKilobytes = 1;
    sa.lifetime.hardKilobytes = 1;
    Install(sa);
    m_source.port = 61000;
    EXPECT_EQ(Outcome(Receive(Forged(Send(5000, SamplePacket(1400))))), "BadIcv");
    EXPECT_EQ(Entry().replay.Highest(), 0u);
    EXPECT_EQ(Entry().packets, 0u);
    EXPECT_EQ(Entry().octets, 0u);
    EXPECT_EQ(Entry().lastUsed, std::nullopt);
    EXPECT_EQ(Entry().sa.remote, GatewayA());
    EXPECT_EQ(Entry().failed, 1u);
    EXPECT_TRUE(m_report.expiries.empty());
    EXPECT_EQ(Outcome(Receive(Send(1))), "Opened");
}

TEST_F(ProcessorInbound, CountsTheWorkThatWasDone)
{
    Install(SampleSa());
    const WorkKey icv{WorkKind::IcvOctets, static_cast<uint16_t>(IntegrityId::HmacSha1_96)};
    const WorkKey cipher{WorkKind::CipherOctets, static_cast<uint16_t>(CipherId::Aes128)};
    (void)Receive(Forged(Send(1)));
    EXPECT_EQ(m_report.work.Amount(icv), 24u + 112);
    EXPECT_EQ(m_report.work.Amount(cipher), 0u);
    (void)Receive(Send(1));
    EXPECT_EQ(m_report.work.Amount(icv), 2u * (24 + 112));
    EXPECT_EQ(m_report.work.Amount(cipher), 112u);
}

// bad input 96
TEST_F(ProcessorInbound, DoesNotMoveTheWindowForWrongPadding)
{
    IpsecSa sa = SampleSa(CipherId::Null, IntegrityId::HmacSha1_96);
    Install(sa);
    OctetWriter writer;
    writer.U32(sa.spi).U32(9).Append(FromHex("4500 0000 0501 0204"));
    const Octets covered = writer.Take();
    const Octets mac = Hmac(HashId::Sha1, sa.integrityKey.View(), {covered});
    EXPECT_EQ(Outcome(Receive(Concat({covered, OctetView(mac).First(12)}))), "BadPadding");
    EXPECT_EQ(Entry().replay.Highest(), 0u);
}

// bad input 97
TEST_F(ProcessorInbound, DropsDummyPacketsAfterCountingThem)
{
    Install(SampleSa());
    EXPECT_EQ(Outcome(Receive(Send(1, Octets(40), IP_PROTOCOL_NONE))), "DummyPacket");
    EXPECT_EQ(Entry().packets, 1u);
    EXPECT_EQ(Entry().failed, 0u);
    EXPECT_EQ(Outcome(Receive(Send(1))), "Replayed");
}

// bad input 98
TEST_F(ProcessorInbound, RefusesInnerPacketsOutsideTheSelectors)
{
    Install(SampleSa());
    const Octets fromElsewhere = SampleUdp("10.9.0.5", "10.2.0.7", 9, 8);
    const Octets toElsewhere = SampleUdp("10.1.0.5", "10.9.0.7", 9, 8);
    const Octets reversed = SampleUdp("10.2.0.7", "10.1.0.5", 9, 8);
    EXPECT_EQ(Outcome(Receive(Send(1, fromElsewhere))), "SelectorMismatch");
    EXPECT_EQ(Outcome(Receive(Send(2, toElsewhere))), "SelectorMismatch");
    EXPECT_EQ(Outcome(Receive(Send(3, reversed))), "SelectorMismatch");
    EXPECT_EQ(Entry().failed, 3u);
}

// bad input 98
TEST_F(ProcessorInbound, RefusesInnerPacketsThatAreNotWholeIpv4Packets)
{
    Install(SampleSa());
    Octets version6 = SamplePacket();
    version6[0] = 0x65;
    Octets tooLong = SamplePacket();
    tooLong[3]++;
    Octets headerTooLong = SamplePacket(28);
    headerTooLong[0] = 0x4f;
    uint32_t sequence = 1;
    for (const Octets& inner : {version6, tooLong, headerTooLong, Octets(3), Octets{}})
    {
        EXPECT_EQ(Outcome(Receive(Send(sequence++, inner))), "InnerMalformed");
    }
    EXPECT_EQ(Outcome(Receive(Send(sequence++, SamplePacket(), 41))), "InnerMalformed");
    EXPECT_EQ(Outcome(Receive(Send(sequence++, SamplePacket(), IP_PROTOCOL_UDP))),
              "InnerMalformed");
}

TEST_F(ProcessorInbound, CutsPaddingThatHidesTheLength)
{
    Install(SampleSa());
    const UnprotectVerdict verdict = Receive(Send(1, Concat({SamplePacket(), Octets(50)})));
    EXPECT_EQ(ToHex(AsOpened(verdict).packet), ToHex(SamplePacket()));
}

// Covers AR-01. bad input 99
TEST_F(ProcessorInbound, RefusesReplaysAndNumberZero)
{
    Install(SampleSa());
    const Octets packet = Send(1);
    EXPECT_EQ(Outcome(Receive(packet)), "Opened");
    EXPECT_EQ(Outcome(Receive(packet)), "Replayed");
    EXPECT_EQ(Outcome(Receive(Send(0))), "Replayed");
    EXPECT_EQ(Entry().replayed, 2u);
    EXPECT_EQ(Entry().packets, 1u);
}

// Covers AR-02.
TEST_F(ProcessorInbound, WithoutAWindowAcceptsReplays)
{
    IpsecSa sa = SampleSa();
    sa.replayWindow = 0;
    Install(sa);
    const Octets packet = Send(1);
    EXPECT_EQ(Outcome(Receive(packet)), "Opened");
    EXPECT_EQ(Outcome(Receive(packet)), "Opened");
    EXPECT_EQ(Outcome(Receive(Send(0))), "Replayed");
}

TEST_F(ProcessorInbound, BelievesGcmAboutTheEndpoint)
{
    IpsecSa sa = SampleSa(CipherId::Aes128Gcm, IntegrityId::None);
    sa.udpEncapsulated = true;
    sa.followsPeer = true;
    Install(sa);
    m_source.port = 61000;
    EXPECT_EQ(AsOpened(Receive(Send(1))).movedFrom, m_source);
}

TEST_F(ProcessorInbound, CountsTheWorkOfGcmOnceAndOfForgeriesToo)
{
    Install(SampleSa(CipherId::Aes128Gcm, IntegrityId::None));
    const WorkKey cipher{WorkKind::CipherOctets, static_cast<uint16_t>(CipherId::Aes128Gcm)};
    (void)Receive(Forged(Send(1)));
    (void)Receive(Send(1));
    EXPECT_EQ(m_report.work.Items().size(), 1u);
    EXPECT_EQ(m_report.work.Amount(cipher), 2u * 104);
}

TEST_F(ProcessorInbound, TellsThatThePeerMoved)
{
    IpsecSa sa = SampleSa();
    sa.udpEncapsulated = true;
    sa.followsPeer = true;
    Install(sa);
    m_source.port = 61000;
    EXPECT_EQ(AsOpened(Receive(Send(1))).movedFrom, m_source);
    m_processor.MovePeer(FarEnd(sa).Key(), m_source);
    EXPECT_EQ(AsOpened(Receive(Send(2))).movedFrom, std::nullopt);
}

// RFC 3947 section 4: who is behind a NAT must not follow.
TEST_F(ProcessorInbound, StaysWhereThePeerWasIfItMustNotFollow)
{
    IpsecSa sa = SampleSa();
    sa.udpEncapsulated = true;
    Install(sa);
    const Endpoint before = Entry().sa.remote;
    m_source.port = 61000;
    EXPECT_EQ(AsOpened(Receive(Send(1))).movedFrom, std::nullopt);
    m_processor.MovePeer(FarEnd(sa).Key(), m_source);
    EXPECT_EQ(Entry().sa.remote, before);
}

TEST_F(ProcessorInbound, DoesNotBelieveALatePacketAboutTheEndpoint)
{
    IpsecSa sa = SampleSa();
    sa.udpEncapsulated = true;
    sa.followsPeer = true;
    Install(sa);
    EXPECT_EQ(Outcome(Receive(Send(10))), "Opened");
    m_source.port = 61000;
    EXPECT_EQ(AsOpened(Receive(Send(9))).movedFrom, std::nullopt);
    EXPECT_EQ(AsOpened(Receive(Send(11))).movedFrom, m_source);
}

TEST_F(ProcessorInbound, DoesNotBelieveUnauthenticatedOrPlainEspAboutTheEndpoint)
{
    m_source.port = 61000;
    Install(SampleSa());
    EXPECT_EQ(AsOpened(Receive(Send(1))).movedFrom, std::nullopt);
    IpsecSa sa = SampleSa(CipherId::Aes128, IntegrityId::None);
    sa.udpEncapsulated = true;
    sa.followsPeer = true;
    Install(sa);
    EXPECT_EQ(AsOpened(Receive(Send(1))).movedFrom, std::nullopt);
}

TEST_F(ProcessorInbound, MovesAllSasOfTheChildAndKeepsTheirNames)
{
    IpsecSa sample = SampleSa();
    sample.followsPeer = true;
    Install(sample);
    IpsecSa back = FarEnd(SampleSa(0x700));
    back.followsPeer = true;
    back.direction = SaDirection::Outbound;
    IpsecSa other = back;
    other.spi = 0x800;
    other.child = {0, 1};
    (void)m_processor.InstallSa(START, back, m_random, m_report);
    (void)m_processor.InstallSa(START, other, m_random, m_report);

    const Endpoint moved{IpAddress::Parse("203.0.113.7"), 61000};
    m_processor.MovePeer(FarEnd(SampleSa()).Key(), moved);
    EXPECT_EQ(Entry().sa.remote, moved);
    EXPECT_EQ(m_processor.Associations().Find(back.Key())->sa.remote, moved);
    EXPECT_EQ(m_processor.Associations().Find(other.Key())->sa.remote, GatewayA());
    m_processor.RemoveSa(back.Key());
    EXPECT_EQ(m_processor.Associations().Entries().size(), 2u);
}

TEST_F(ProcessorInbound, KeepsTheOldInboundSaAfterARekey)
{
    Install(SampleSa(0x500));
    const Octets late = Send(1);
    Install(SampleSa(0x600));
    EXPECT_EQ(Outcome(Receive(Send(1))), "Opened");
    EXPECT_EQ(Outcome(Receive(late)), "Opened");
    m_processor.RemoveSa(FarEnd(SampleSa(0x500)).Key());
    EXPECT_EQ(Outcome(Receive(late)), "NoSuchSa");
}

TEST_F(ProcessorInbound, RefusesPacketsAfterTheHardEnd)
{
    IpsecSa sa = SampleSa();
    sa.lifetime.hard = std::chrono::seconds(10);
    Install(sa);
    EXPECT_EQ(Outcome(Receive(Send(1), After(9))), "Opened");
    EXPECT_EQ(Outcome(Receive(Send(2), After(10))), "SaExpired");
    EXPECT_EQ(m_processor.HandleTimeout(After(10)).expiries.size(), 1u);
    EXPECT_EQ(Outcome(Receive(Send(2), After(10))), "NoSuchSa");
}

TEST_F(ProcessorInbound, CountsKilobytesToo)
{
    IpsecSa sa = SampleSa();
    sa.lifetime.softKilobytes = 1;
    sa.lifetime.hardKilobytes = 2;
    Install(sa);
    EXPECT_EQ(Outcome(Receive(Send(1, SamplePacket(1024)))), "Opened");
    ASSERT_EQ(m_report.expiries.size(), 1u);
    EXPECT_EQ(m_report.expiries[0].kind, SaExpiry::Kind::Soft);
    EXPECT_EQ(Outcome(Receive(Send(2, SamplePacket(1024)))), "Opened");
    EXPECT_EQ(Outcome(Receive(Send(3, SamplePacket(28)))), "SaExpired");
    ASSERT_EQ(m_report.expiries.size(), 2u);
    EXPECT_EQ(m_report.expiries[1].kind, SaExpiry::Kind::Hard);
    EXPECT_TRUE(m_processor.Associations().Entries().empty());
}

TEST_F(ProcessorInbound, InTransportModePutsTheIpHeaderBackInFront)
{
    IpsecSa sa = SampleSa();
    sa.mode = EncapsulationMode::Transport;
    sa.proxyId = {
        Prefix::Host(GatewayA().address), Prefix::Host(GatewayB().address), IP_PROTOCOL_UDP, 0, 9};
    Install(sa);
    const Octets udp = OctetView(SamplePacket()).From(20).Copy();
    const UnprotectVerdict verdict = Receive(Send(1, udp, IP_PROTOCOL_UDP));
    EXPECT_EQ(AsOpened(verdict).mode, EncapsulationMode::Transport);
    const Octets& packet = AsOpened(verdict).packet;
    const Result<FlowKey> flow = ParseFlowKey(packet);
    ASSERT_TRUE(flow.Ok());
    EXPECT_EQ(flow->source.ToString(), GatewayA().address.ToString());
    EXPECT_EQ(ToHex(OctetView(packet).From(20)), ToHex(udp));
    EXPECT_EQ(Outcome(Receive(Send(2, udp, IP_PROTOCOL_TCP))), "SelectorMismatch");
    EXPECT_EQ(Outcome(Receive(Send(3, SamplePacket()))), "SelectorMismatch");
}

// bad input 103
TEST_F(ProcessorInbound, DropsClearPacketsThatAPolicyProtects)
{
    const ProxyId selector = FarEnd(SampleSa()).proxyId;
    m_processor.Policies().Add({selector, PolicyAction::Protect, {}});
    m_processor.Policies().Add(
        {{Prefix{}, Prefix::Parse("10.4.0.0/16"), 0, 0, 0}, PolicyAction::Discard, {}});
    m_processor.Policies().Add(
        {{Prefix{}, Prefix::Parse("10.5.0.0/16"), 0, 0, 0}, PolicyAction::Bypass, {}});
    const auto check = [&](const std::string& source)
    {
        const FlowKey flow = *ParseFlowKey(SampleUdp(source, "10.2.0.7", 9, 8));
        return FaultInClear(m_processor.Policies().FindInbound(flow));
    };
    EXPECT_EQ(check("10.1.0.5"), Fault::ClearTextForbidden);
    EXPECT_EQ(check("10.4.0.5"), Fault::PolicyDiscard);
    EXPECT_EQ(check("10.5.0.5"), std::nullopt);
    EXPECT_EQ(check("10.6.0.5"), std::nullopt);
    EXPECT_EQ(ParseFlowKey(Octets(19)).GetFault(), Fault::InnerMalformed);
}

// bad input 103
TEST_F(ProcessorInbound, DropsClearLaterFragmentsThatMayBelongToAProtectedFlow)
{
    ProxyId selector = FarEnd(SampleSa()).proxyId;
    selector.protocol = IP_PROTOCOL_UDP;
    selector.localPort = 9;
    m_processor.Policies().Add({selector, PolicyAction::Protect, {}});
    const Spd& policies = m_processor.Policies();
    Octets fragment = SamplePacket();
    EXPECT_EQ(FaultInClear(policies.FindInbound(*ParseFlowKey(fragment))),
              Fault::ClearTextForbidden);
    fragment[7] = 3; // fragment offset
    EXPECT_EQ(FaultInClear(policies.FindInboundFragment(*ParseFlowKey(fragment))),
              Fault::ClearTextForbidden);
}

} // namespace
} // namespace ipsec
} // namespace ns3
