// SPDX-License-Identifier: GPL-2.0-only
#include "thrown-sentence.h"
#include "tunnel-samples.h"

#include "ns3/esp-header.h"
#include "ns3/simulator.h"

#include <algorithm>
#include <gtest/gtest.h>

namespace ns3
{
namespace ipsec
{

namespace
{

// Covers MK-01.
TEST(ManualKeys, SpeakNoIke)
{
    TwoSites sites;
    sites.helper.InstallManual(sites.gatewayA, sites.gatewayB, TunnelByHand());
    sites.EchoFromNowOn();
    sites.SendAt(MilliSeconds(1), sites.pcA, TwoSites::PC_B);
    sites.RunUntil(Seconds(10));

    EXPECT_EQ(sites.receivedA.size(), 1U);
    EXPECT_FALSE(sites.DaemonA());
    ASSERT_EQ(sites.wire.size(), 2U);
    for (const Octets& packet : sites.wire)
    {
        EXPECT_EQ(ProtocolOf(packet), IP_PROTOCOL_ESP);
    }
}

// Covers LT-07.
TEST(ManualKeys, NeverExpire)
{
    TwoSites sites;
    sites.helper.InstallManual(sites.gatewayA, sites.gatewayB, TunnelByHand());
    sites.SendAt(Hours(240), sites.pcA, TwoSites::PC_B);
    sites.RunUntil(Hours(241));

    EXPECT_EQ(sites.receivedB.size(), 1U);
    EXPECT_EQ(sites.PlaneA()->GetProcessor().Associations().Entries().size(), 2U);
    EXPECT_FALSE(sites.PlaneA()->GetProcessor().NextDeadline());
}

/// Counts what arrives of a packet that the wire doubles.
size_t
ReceivedOfDoubled(uint32_t replayWindow)
{
    TwoSites sites;
    sites.wireA->SetAttribute("Duplicate", DoubleValue(1));
    ManualTunnel tunnel = TunnelByHand();
    tunnel.replayWindow = replayWindow;
    sites.helper.InstallManual(sites.gatewayA, sites.gatewayB, tunnel);
    sites.SendAt(MilliSeconds(1), sites.pcA, TwoSites::PC_B);
    sites.RunUntil(MilliSeconds(100));
    return sites.receivedB.size();
}

// Covers AR-02.
TEST(ManualKeys, CheckNoReplayUnlessAskedTo)
{
    EXPECT_EQ(ReceivedOfDoubled(0), 2U);
    EXPECT_EQ(ReceivedOfDoubled(32), 1U);
}

// Covers QM-18: AH and ESP together make two SAs per direction.
TEST(ManualKeys, MakeOneSaPerProtocolAndDirection)
{
    EXPECT_EQ(TunnelByHand().MakeSas({}).size(), 2U);
    EXPECT_EQ(AhByHand().MakeSas({}).size(), 2U);
    const std::vector<IpsecSa> bundle = BundleByHand().MakeSas({});
    ASSERT_EQ(bundle.size(), 4U);
    EXPECT_EQ(bundle[0].bundledSpi, bundle[1].spi);
    EXPECT_EQ(bundle[1].bundledSpi, bundle[0].spi);
    EXPECT_EQ(bundle[0].pairSpi, bundle[2].spi);
}

/// Keeps the SAs that a daemon installs.
std::vector<IpsecSa>
NegotiatedSas()
{
    TwoSites sites;
    sites.helper.SetPhase2Proposals("nopfs-esp-aes128-sha");
    sites.helper.SetNatTraversal(NatTraversal::Off);
    sites.Connect();
    std::vector<IpsecSa> sas;
    sites.DaemonA()->TraceConnectWithoutContext(
        "SaInstalled",
        Callback<void, const IpsecSa&>([&sas](const IpsecSa& sa) { sas.push_back(sa); }));
    sites.SendAt(MilliSeconds(1), sites.pcA, TwoSites::PC_B);
    sites.RunUntil(Seconds(1));
    return sas;
}

// Covers MK-02: what IKE adds is where keys, SPIs and lifetimes come from.
TEST(ManualKeys, GiveTheSameSaAsIkeButForWhatIkeAdds)
{
    const std::vector<IpsecSa> negotiated = NegotiatedSas();
    const std::vector<IpsecSa> byHand = TunnelByHand().MakeSas({});
    ASSERT_EQ(negotiated.size(), byHand.size());
    for (size_t i = 0; i < byHand.size(); ++i)
    {
        const IpsecSa& ike = negotiated[i];
        const IpsecSa& hand = byHand[i];
        EXPECT_EQ(ike.direction, hand.direction);
        EXPECT_EQ(ike.protocol, hand.protocol);
        EXPECT_EQ(ike.mode, hand.mode);
        EXPECT_EQ(ike.local.address, hand.local.address);
        EXPECT_EQ(ike.remote.address, hand.remote.address);
        EXPECT_EQ(ike.proxyId, hand.proxyId);
        EXPECT_EQ(ike.cipher, hand.cipher);
        EXPECT_EQ(ike.integrity, hand.integrity);
        EXPECT_EQ(ike.cipherKey.size(), hand.cipherKey.size());
        EXPECT_EQ(ike.integrityKey.size(), hand.integrityKey.size());
        EXPECT_EQ(ike.proposal, "nopfs-" + hand.proposal.Text());
        EXPECT_GT(ike.lifetime.hard, Duration::zero());
        EXPECT_EQ(hand.lifetime.hard, Duration::zero());
    }
}

TEST(ManualKeys, StandBesideTunnelsOfIke)
{
    TwoSites sites;
    sites.Connect("10.1.0.0/24", "10.2.0.128/25");
    ManualTunnel tunnel = TunnelByHand();
    tunnel.proxyId.remote = Prefix::Parse("10.2.0.0/25");
    sites.helper.InstallManual(sites.gatewayA, sites.gatewayB, tunnel);
    sites.SendAt(MilliSeconds(1), sites.pcA, TwoSites::PC_B);
    sites.RunUntil(MilliSeconds(100));

    EXPECT_EQ(sites.receivedB.size(), 1U);
    EXPECT_TRUE(sites.DaemonA());
    EXPECT_EQ(sites.wire.size(), 1U);
}

TEST(ManualKeys, RefuseWhatCannotWork)
{
    const auto sentence = [](auto change)
    {
        ManualTunnel tunnel = BundleByHand();
        change(tunnel);
        return ThrownSentence([&]() { tunnel.Validate(); });
    };
    EXPECT_NE(sentence([](ManualTunnel& t) { t.espIn.spi = 255; }).find("reserved"),
              std::string::npos);
    EXPECT_NE(sentence([](ManualTunnel& t) { t.ahOut.integrityKey = SecretBytes(Octets(16)); })
                  .find("20 octets, not 16"),
              std::string::npos);
    EXPECT_NE(sentence([](ManualTunnel& t) { t.esp->cipher = CipherId::Aes128Gcm; })
                  .find("must not be used with keys set by hand"),
              std::string::npos);
    EXPECT_NE(sentence(
                  [](ManualTunnel& t)
                  {
                      t.esp.reset();
                      t.ah.reset();
                  })
                  .find("needs ESP or AH"),
              std::string::npos);
    EXPECT_NE(sentence([](ManualTunnel& t) { t.mode = EncapsulationMode::Transport; })
                  .find("its two ends only"),
              std::string::npos);
    EXPECT_NE(sentence([](ManualTunnel& t) { t.replayWindow = 5; }).find("32 to 4096"),
              std::string::npos);
    EXPECT_NE(sentence([](ManualTunnel& t) { t.remoteAddress = {}; }).find("both addresses"),
              std::string::npos);
}

TEST(ManualKeys, RefuseAnSpiThatIsInUse)
{
    TwoSites sites;
    sites.helper.InstallManual(sites.gatewayA, {TunnelByHand()});
    EXPECT_THROW(sites.helper.InstallManual(sites.gatewayA, {TunnelByHand()}),
                 std::invalid_argument);
}

} // namespace

} // namespace ipsec
} // namespace ns3
