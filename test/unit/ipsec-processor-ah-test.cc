// SPDX-License-Identifier: GPL-2.0-only
// AH alone and around ESP: one path with ESP for windows, lifetimes, counters and selectors.
#include "protected-samples.h"

#include "ns3/ipsec-processor.h"

#include <algorithm>
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

/// Gateway A sends, gateway B receives.
class AhAndBundles : public testing::Test
{
  protected:
    AhAndBundles()
    {
        m_a.Policies().Add({SampleSa().proxyId, PolicyAction::Protect, {}});
    }

    /// Installs an SA at both ends, inbound first.
    void
    Install(const IpsecSa& sa, Instant now = START)
    {
        EXPECT_TRUE(m_b.InstallSa(now, FarEnd(sa), m_random, m_report).empty());
        m_released = m_a.InstallSa(now, sa, m_random, m_report);
    }

    void
    Install(const SampleBundle& bundle, Instant now = START)
    {
        Install(bundle.ah, now);
        Install(bundle.esp, now);
    }

    ProtectVerdict
    Protect(OctetView packet = SamplePacket(), Instant now = START)
    {
        return m_a.Protect(now, packet, 1, m_random, m_report);
    }

    Transit
    Send(OctetView packet = SamplePacket(), Instant now = START)
    {
        return Transit(AsSealed(Protect(packet, now)));
    }

    UnprotectVerdict
    Receive(const Transit& transit, Instant now = START)
    {
        return m_b.Unprotect(now, transit.Arrival(), m_report);
    }

    const SaEntry&
    At(const Processor& processor, const IpsecSa& sa)
    {
        return *processor.Associations().Find(sa.Key());
    }

    SeededRandomSource m_random{1};
    Processor m_a;
    Processor m_b;
    ProcessorReport m_report;
    std::vector<ProtectVerdict> m_released;
};

/// Tells whether @p octets show @p secret anywhere.
bool
Shows(const Octets& octets, const Octets& secret)
{
    return std::search(octets.begin(), octets.end(), secret.begin(), secret.end()) != octets.end();
}

// Covers QM-03, QM-04.
TEST_F(AhAndBundles, AhCarriesAPacketInBothModesForAllToSee)
{
    const Octets packet = SamplePacket();
    for (const EncapsulationMode mode : {EncapsulationMode::Tunnel, EncapsulationMode::Transport})
    {
        IpsecSa sa = SampleAh(mode == EncapsulationMode::Tunnel ? 0x300 : 0x301);
        sa.mode = mode;
        if (mode == EncapsulationMode::Transport)
        {
            sa.proxyId = {};
        }
        Install(sa);
        const ProtectVerdict verdict = Protect(packet);
        const Sealed& sealed = AsSealed(verdict);
        EXPECT_EQ(sealed.protocol, ProtocolId::Ah);
        EXPECT_EQ(sealed.header.protocol, IP_PROTOCOL_AH);
        EXPECT_TRUE(Shows(sealed.packet, OctetView(packet).From(20).Copy()));
        const UnprotectVerdict received = Receive(Transit(sealed));
        EXPECT_EQ(ToHex(OctetView(AsOpened(received).packet).From(20)),
                  ToHex(OctetView(packet).From(20)));
        EXPECT_EQ(AsOpened(received).mode, mode);
    }
}

// Covers QM-04.
TEST_F(AhAndBundles, EspHidesWhatAhShowsAndBothRefuseAChange)
{
    const Octets payload = OctetView(SamplePacket()).From(28).Copy();
    for (const IpsecSa& sa : {SampleAh(), SampleSa()})
    {
        Install(sa);
        Transit transit = Send();
        EXPECT_EQ(Shows(transit.payload, payload), sa.protocol == ProtocolId::Ah);
        transit.payload[transit.payload.size() / 2] ^= 1;
        EXPECT_EQ(Outcome(Receive(transit)), "BadIcv");
    }
}

// bad input 102
TEST_F(AhAndBundles, AhTravelsThroughRoutersButNotThroughAddressTranslation)
{
    Install(SampleAh());
    Transit routed = Send();
    routed.ipHeader[8] -= 5; // time to live
    EXPECT_EQ(Outcome(Receive(routed)), "Opened");
    Transit translated = Send();
    translated.ipHeader[15] ^= 1; // source address
    EXPECT_EQ(Outcome(Receive(translated)), "BadIcv");
}

// Covers AR-01, AR-03. bad input 99
TEST_F(AhAndBundles, AhRefusesReplays)
{
    Install(SampleAh());
    const Transit transit = Send();
    EXPECT_EQ(Outcome(Receive(transit)), "Opened");
    EXPECT_EQ(Outcome(Receive(transit)), "Replayed");
    EXPECT_EQ(At(m_b, FarEnd(SampleAh())).replayed, 1u);
}

// bad input 98
TEST_F(AhAndBundles, AhChecksWhatIsInsideAgainstItsSelectors)
{
    IpsecSa wide = SampleAh();
    wide.proxyId = {};
    m_a = Processor();
    m_a.Policies().Add({{}, PolicyAction::Protect, {}});
    (void)m_a.InstallSa(START, wide, m_random, m_report);
    (void)m_b.InstallSa(START, FarEnd(SampleAh()), m_random, m_report);
    EXPECT_EQ(Outcome(Receive(Send(SampleUdp("10.9.0.5", "10.2.0.7", 9, 8)))), "SelectorMismatch");
    EXPECT_EQ(Outcome(Receive(Send(SampleUdp("10.1.0.5", "10.2.0.7", 9, 8)))), "Opened");
}

// Covers QM-03, QM-18.
TEST_F(AhAndBundles, ABundleIsTwoSasInEachDirectionAndGoesAroundAsAhThenEsp)
{
    const SampleBundle bundle;
    Install(bundle);
    EXPECT_EQ(m_a.Associations().Entries().size(), 2u);
    EXPECT_EQ(m_b.Associations().Entries().size(), 2u);
    const ProtectVerdict verdict = Protect();
    const Sealed& sealed = AsSealed(verdict);
    EXPECT_EQ(sealed.protocol, ProtocolId::Esp);
    EXPECT_EQ(sealed.spi, bundle.esp.spi);
    EXPECT_EQ(sealed.header.protocol, IP_PROTOCOL_AH);
    const Result<AhHeader> ah = ParseAhHeader(sealed.packet);
    EXPECT_EQ(ah->spi, bundle.ah.spi);
    EXPECT_EQ(ah->nextHeader, IP_PROTOCOL_ESP);
    EXPECT_EQ(ParseEspHeader(OctetView(sealed.packet).From(24))->spi, bundle.esp.spi);

    const UnprotectVerdict received = Receive(Transit(sealed));
    EXPECT_EQ(ToHex(AsOpened(received).packet), ToHex(SamplePacket()));
    EXPECT_EQ(AsOpened(received).sa, FarEnd(bundle.esp).Key());
}

TEST_F(AhAndBundles, ABundleCountsAtBothSasAndBothEndsAlike)
{
    const SampleBundle bundle;
    Install(bundle);
    for (int i = 0; i < 3; i++)
    {
        EXPECT_EQ(Outcome(Receive(Send())), "Opened");
    }
    for (const IpsecSa& sa : {bundle.ah, bundle.esp})
    {
        EXPECT_EQ(At(m_a, sa).packets, 3u);
        EXPECT_EQ(At(m_a, sa).sequence, 3u);
        EXPECT_EQ(At(m_b, FarEnd(sa)).packets, 3u);
        EXPECT_EQ(At(m_b, FarEnd(sa)).octets, At(m_a, sa).octets);
        EXPECT_EQ(At(m_b, FarEnd(sa)).replay.Highest(), 3u);
    }
    EXPECT_EQ(At(m_a, bundle.esp).octets, 300u);
}

TEST_F(AhAndBundles, ATransportBundleKeepsTheHeaderOfThePacket)
{
    SampleBundle bundle;
    bundle.ah.mode = EncapsulationMode::Transport;
    bundle.esp.mode = EncapsulationMode::Transport;
    bundle.esp.proxyId = bundle.ah.proxyId = {};
    Install(bundle);
    Octets packet = SamplePacket();
    packet[1] = 0x2b; // type of service
    packet[5] = 0x77; // identification
    packet[8] = 9;    // time to live
    const ProtectVerdict verdict = Protect(packet);
    EXPECT_EQ(AsSealed(verdict).header.typeOfService, 0x2b);
    EXPECT_EQ(AsSealed(verdict).header.identification, 0x77);
    EXPECT_EQ(AsSealed(verdict).header.timeToLive, 9);
    const UnprotectVerdict received = Receive(Transit(AsSealed(verdict)));
    EXPECT_EQ(ToHex(OctetView(AsOpened(received).packet).From(20)),
              ToHex(OctetView(packet).From(20)));
}

TEST_F(AhAndBundles, EspOfABundleWithoutItsAhIsRefused)
{
    const SampleBundle bundle;
    Install(bundle);
    const Transit whole = Send();
    Transit bare = whole;
    bare.payload = OctetView(whole.payload).From(24).Copy();
    bare.ipHeader[9] = IP_PROTOCOL_ESP;
    EXPECT_EQ(Outcome(Receive(bare)), "BundleMismatch");
    EXPECT_EQ(At(m_b, FarEnd(bundle.esp)).replay.Highest(), 0u);
    EXPECT_EQ(At(m_b, FarEnd(bundle.esp)).failed, 1u);
    EXPECT_EQ(Outcome(Receive(whole)), "Opened");
}

/// Makes a packet of the bundle's AH around anything.
Transit
AhAround(const IpsecSa& ah, uint8_t nextHeader, OctetView payload)
{
    Processor sender;
    SeededRandomSource random(1);
    ProcessorReport report;
    IpsecSa alone = ah;
    alone.bundledSpi = 0;
    alone.mode = EncapsulationMode::Transport;
    alone.proxyId = {};
    sender.Policies().Add({{}, PolicyAction::Protect, {}});
    (void)sender.InstallSa(START, alone, random, report);
    OuterHeader header;
    header.protocol = nextHeader;
    const Octets packet = Concat({header.Write(payload.size()), payload});
    return Transit(AsSealed(sender.Protect(START, packet, 1, random, report)));
}

TEST_F(AhAndBundles, AhOfABundleThatDoesNotCarryItsEspIsRefused)
{
    const SampleBundle bundle;
    Install(bundle);
    const IpsecSa other = SampleSa(0x9009);
    (void)m_b.InstallSa(START, FarEnd(other), m_random, m_report);
    const Octets inner = SamplePacket();
    EXPECT_EQ(Outcome(Receive(AhAround(bundle.ah, IP_PROTOCOL_IPIP, inner))), "BundleMismatch");
    EXPECT_EQ(At(m_b, FarEnd(bundle.ah)).failed, 1u);

    m_b.RemoveSa(FarEnd(bundle.ah).Key());
    (void)m_b.InstallSa(START, FarEnd(bundle.ah), m_random, m_report);
    SeededRandomSource random(3);
    const Octets foreign = FromHex("00009009 00000001 00000000 00000000 00000000");
    EXPECT_EQ(Outcome(Receive(AhAround(bundle.ah, IP_PROTOCOL_ESP, foreign))), "BundleMismatch");
    EXPECT_EQ(At(m_b, FarEnd(other)).replay.Highest(), 0u);
}

TEST_F(AhAndBundles, HalfABundleReceivesNothing)
{
    const SampleBundle bundle;
    Install(bundle);
    const Transit first = Send();
    const Transit second = Send();
    m_b.RemoveSa(FarEnd(bundle.esp).Key());
    EXPECT_EQ(Outcome(Receive(first)), "NoSuchSa");
    (void)m_b.InstallSa(START, FarEnd(bundle.esp), m_random, m_report);
    m_b.RemoveSa(FarEnd(bundle.ah).Key());
    EXPECT_EQ(Outcome(Receive(second)), "NoSuchSa");
}

TEST_F(AhAndBundles, PacketsWaitUntilBothSasAreThereInEitherOrder)
{
    const SampleBundle bundle;
    for (const auto& [first, second] :
         {std::pair(bundle.ah, bundle.esp), std::pair(bundle.esp, bundle.ah)})
    {
        m_a = Processor();
        m_a.Policies().Add({SampleSa().proxyId, PolicyAction::Protect, {}});
        EXPECT_EQ(Outcome(Protect()), "Staged");
        EXPECT_TRUE(m_a.InstallSa(START, first, m_random, m_report).empty());
        EXPECT_EQ(Outcome(Protect()), "Staged");
        const auto released = m_a.InstallSa(START, second, m_random, m_report);
        ASSERT_EQ(released.size(), 2u);
        EXPECT_EQ(Outcome(released[0]), "Sealed");
        EXPECT_EQ(Outcome(released[1]), "Sealed");
    }
}

TEST_F(AhAndBundles, ARekeyGoesOnThroughTheOldBundleUntilTheNewOneIsWhole)
{
    const SampleBundle old(0x300, 0x100);
    const SampleBundle next(0x400, 0x200);
    Install(old);
    Install(next.ah);
    EXPECT_EQ(AsSealed(Protect()).spi, 0x100u);
    Install(next.esp);
    EXPECT_EQ(AsSealed(Protect()).spi, 0x200u);
    m_a.RemoveSa(next.ah.Key());
    EXPECT_EQ(AsSealed(Protect()).spi, 0x100u);
    m_a.RemoveSa(old.esp.Key());
    EXPECT_EQ(Outcome(Protect()), "Staged");
}

TEST_F(AhAndBundles, TheSoftEndIsReportedOnceForTheSaThatLeads)
{
    SampleBundle bundle;
    bundle.ah.lifetime.soft = bundle.esp.lifetime.soft = std::chrono::seconds(50);
    bundle.ah.lifetime.softKilobytes = 1;
    (void)m_a.InstallSa(START, bundle.ah, m_random, m_report);
    (void)m_a.InstallSa(START, bundle.esp, m_random, m_report);
    Processor byTime = m_a;
    Protect(SamplePacket(1000));
    ASSERT_EQ(m_report.expiries.size(), 1u);
    EXPECT_EQ(m_report.expiries[0].kind, SaExpiry::Kind::Soft);
    EXPECT_EQ(m_report.expiries[0].key, bundle.esp.Key());
    EXPECT_TRUE(m_a.HandleTimeout(After(50)).expiries.empty());

    const ProcessorReport report = byTime.HandleTimeout(After(50));
    ASSERT_EQ(report.expiries.size(), 1u);
    EXPECT_EQ(report.expiries[0].key, bundle.esp.Key());
    EXPECT_EQ(byTime.NextDeadline(), std::nullopt);
}

TEST_F(AhAndBundles, TheHardEndOfOneTakesBothAndReportsBoth)
{
    SampleBundle bundle;
    bundle.ah.lifetime.hard = std::chrono::seconds(50);
    bundle.esp.lifetime.hard = std::chrono::seconds(60);
    (void)m_a.InstallSa(START, bundle.ah, m_random, m_report);
    (void)m_a.InstallSa(START, bundle.esp, m_random, m_report);
    Processor atSending = m_a;
    const ProcessorReport report = m_a.HandleTimeout(After(60));
    EXPECT_EQ(report.expiries.size(), 2u);
    EXPECT_TRUE(m_a.Associations().Entries().empty());
    EXPECT_EQ(m_a.NextDeadline(), std::nullopt);

    m_report = {};
    (void)atSending.Protect(After(50), SamplePacket(), 1, m_random, m_report);
    EXPECT_EQ(m_report.expiries.size(), 2u);
    EXPECT_TRUE(atSending.Associations().Entries().empty());
}

TEST_F(AhAndBundles, KilobytesOfTheOuterSaCountToo)
{
    SampleBundle bundle;
    bundle.ah.lifetime.hardKilobytes = 2;
    Install(bundle);
    EXPECT_EQ(Outcome(Receive(Send(SamplePacket(1000)))), "Opened");
    EXPECT_EQ(Outcome(Protect(SamplePacket(1000))), "Staged");
    EXPECT_TRUE(m_a.Associations().Entries().empty());
}

// bad input 100
TEST_F(AhAndBundles, NeitherNumberOfABundleWraps)
{
    const SampleBundle bundle;
    for (const IpsecSa& sa : {bundle.ah, bundle.esp})
    {
        Install(bundle);
        const_cast<SaEntry&>(At(m_a, sa)).sequence = 0xffffffff;
        EXPECT_EQ(Outcome(Protect()), "SequenceExhausted");
    }
}

// bad input 94, 95, 101
TEST_F(AhAndBundles, EveryTruncationAndChangeOfABundleIsRefusedAndTheNextPacketCounts)
{
    Install(SampleBundle());
    const Transit whole = Send(SamplePacket(40));
    for (size_t length = 0; length < whole.payload.size(); length++)
    {
        Transit cut = whole;
        cut.payload.resize(length);
        ASSERT_NE(Outcome(Receive(cut)), "Opened") << length;
    }
    for (size_t i = 0; i < whole.payload.size(); i++)
    {
        Transit changed = whole;
        changed.payload[i] ^= 0x40;
        ASSERT_NE(Outcome(Receive(changed)), "Opened") << i;
    }
    EXPECT_EQ(Outcome(Receive(whole)), "Opened");
}

TEST_F(AhAndBundles, CopiesOfAProcessorKeepTheirOwnBundles)
{
    Install(SampleBundle());
    Processor copy = m_b;
    const Transit transit = Send();
    m_b = Processor();
    EXPECT_EQ(Outcome(copy.Unprotect(START, transit.Arrival(), m_report)), "Opened");
    Processor sender = m_a;
    m_a = Processor();
    EXPECT_EQ(Outcome(sender.Protect(START, SamplePacket(), 1, m_random, m_report)), "Sealed");
}

TEST_F(AhAndBundles, CountTheWorkOfBothSas)
{
    Install(SampleBundle());
    m_report = {};
    const ProtectVerdict verdict = Protect();
    const Work& work = m_report.work;
    const WorkKey icv{WorkKind::IcvOctets, static_cast<uint16_t>(IntegrityId::HmacSha1_96)};
    const size_t esp = 8 + 16 + 112 + 12;
    EXPECT_EQ(AsSealed(verdict).packet.size(), 24 + esp);
    EXPECT_EQ(work.Amount(icv), esp - 12 + 20 + 24 + esp);
    const uint64_t sealed = work.Amount(icv);
    (void)Receive(Transit(AsSealed(verdict)));
    EXPECT_EQ(m_report.work.Amount(icv), 2 * sealed);
}

} // namespace
} // namespace ipsec
} // namespace ns3
