// SPDX-License-Identifier: GPL-2.0-only
#include "watched-pair.h"

#include "ns3/isakmp-vendor-ids.h"

#include <algorithm>
#include <gtest/gtest.h>

// Dead peer detection (RFC 3706): who asks, when, and who is dead.

namespace ns3
{
namespace ipsec
{

namespace
{

using std::chrono::minutes;
using std::chrono::seconds;

/// Ten seconds without a sign of life, then three probes, two seconds apart.
DpdConfig
Detection(DpdMode mode = DpdMode::Periodic)
{
    return {mode, seconds(10), seconds(2), 3, DpdAction::Hold};
}

constexpr Duration DETECTION_TIME = seconds(10 + 3 * 2);

size_t
Probes(const PeerPair& pair, Side from)
{
    return CountNotifies(pair, from, NotifyType::RUThere);
}

size_t
Answers(const PeerPair& pair, Side from)
{
    return CountNotifies(pair, from, NotifyType::RUThereAck);
}

/// Tells whether the first message of an end announces DPD.
bool
AnnouncesDpd(const PeerPair& pair, Side from)
{
    const auto first = std::find_if(pair.Sent().begin(),
                                    pair.Sent().end(),
                                    [from](const Flight& flight) { return flight.from == from; });
    const std::vector<RawPayload> payloads = ClearPayloads(first->octets);
    return std::any_of(payloads.begin(),
                       payloads.end(),
                       [](const RawPayload& payload)
                       {
                           return payload.type == PayloadType::VendorId &&
                                  ToHex(payload.body) == "afcad71368a1f1c96b8696fc77570100";
                       });
}

void
Unannounced(PeerConfig& peer)
{
    peer.personality.Edit().announceDpd = false;
}

/// A pair of which A asks B.
PeerPair
WatchedPair(DpdMode mode = DpdMode::Periodic)
{
    return UpPair(Watching(Detection(mode)), AsItIs);
}

/// Both ends send a packet each second.
void
RunWithTraffic(PeerPair& pair, int time)
{
    for (int second = 0; second < time; second++)
    {
        pair.Carry(Side::A);
        pair.Carry(Side::B);
        RunFor(pair, seconds(1));
    }
}

/// B lost everything, and has another IKE SA with A, who keeps the first.
void
BeginAgainSilently(PeerPair& pair)
{
    pair.Crash(Side::B);
    pair.End(Side::B).engine = Engine(ChangedSite(Side::B,
                                                  [](PeerConfig& peer) {
                                                      peer.personality.Edit().initialContact =
                                                          ContactAnnouncement::Never;
                                                  }));
    pair.Initiate(Side::B);
    pair.DeliverAll();
    EXPECT_EQ(pair.End(Side::A).engine.IkeSas().size(), 2u);
}

/// Runs in all modes that ask.
class DpdModes : public testing::TestWithParam<DpdMode>
{
};

INSTANTIATE_TEST_SUITE_P(AllModes,
                         DpdModes,
                         testing::Values(DpdMode::OnDemand, DpdMode::Periodic, DpdMode::Always));

} // namespace

// Announcing

TEST(Dpd, BothEndsAnnounceItUnlessOneDoesNot)
{
    const PeerPair both = UpPair(AsItIs, AsItIs);
    EXPECT_TRUE(AnnouncesDpd(both, Side::A));
    EXPECT_TRUE(AnnouncesDpd(both, Side::B));
    const PeerPair onlyInitiator = UpPair(AsItIs, Unannounced);
    EXPECT_TRUE(AnnouncesDpd(onlyInitiator, Side::A));
    EXPECT_FALSE(AnnouncesDpd(onlyInitiator, Side::B));
    const PeerPair onlyResponder = UpPair(Unannounced, AsItIs);
    EXPECT_FALSE(AnnouncesDpd(onlyResponder, Side::A));
    EXPECT_FALSE(AnnouncesDpd(onlyResponder, Side::B)) << "an answer names what the peer named";
}

TEST(Dpd, WhoeverAsksAnnouncesItWhateverThePersonalitySays)
{
    const PeerPair pair = UpPair(
        [](PeerConfig& peer)
        {
            peer.personality.Edit().announceDpd = false;
            peer.dpd = Detection();
        },
        AsItIs);
    EXPECT_TRUE(AnnouncesDpd(pair, Side::A));
}

TEST(Dpd, PeerThatDidNotAnnounceItIsNotAsked)
{
    PeerPair pair = UpPair(Watching(Detection()), Unannounced);
    RunFor(pair, minutes(5));
    EXPECT_EQ(Probes(pair, Side::A), 0u);
    EXPECT_TRUE(pair.AreTunnelsUp());
}

TEST(Dpd, AggressiveModeAnnouncesItToo)
{
    const auto aggressive = [](PeerConfig& peer)
    {
        peer.mode = Phase1Mode::Aggressive;
        peer.dpd = Detection();
    };
    PeerPair pair = UpPair(aggressive, aggressive);
    RunFor(pair, seconds(10));
    EXPECT_EQ(Probes(pair, Side::A), 1u);
    EXPECT_EQ(Answers(pair, Side::B), 1u);
}

// On the wire

TEST(Dpd, ProbeAndAnswerAreNotificationsWithCookiesAndNumber)
{
    PeerPair pair = WatchedPair();
    RunFor(pair, seconds(10));
    const IkeSaInfo info = pair.End(Side::A).engine.IkeSas().at(0);
    const std::string cookies = ToHex(Concat({info.initiatorCookie, info.responderCookie}));
    const std::vector<NotifyPayload> probes = SentNotifies(pair, Side::A, NotifyType::RUThere);
    const std::vector<NotifyPayload> answers = SentNotifies(pair, Side::B, NotifyType::RUThereAck);
    ASSERT_EQ(probes.size(), 1u);
    ASSERT_EQ(answers.size(), 1u);
    ASSERT_EQ(probes[0].data.size(), 4u);
    EXPECT_LT(probes[0].data[0], 0x80) << "the first number has its high bit clear";
    const std::string number = ToHex(probes[0].data);
    // DOI, protocol ISAKMP, SPI size 16, type 36136 or 36137, SPI, number (RFC 3706 section 5.3).
    EXPECT_EQ(ToHex(WriteNotifyPayload(probes[0])), "0000000101108d28" + cookies + number);
    EXPECT_EQ(ToHex(WriteNotifyPayload(answers[0])), "0000000101108d29" + cookies + number);
}

TEST(Dpd, EveryProbeIsANewMessageWithTheNextNumber)
{
    PeerPair pair = WatchedPair();
    RunCut(pair, seconds(15));
    const std::vector<NotifyPayload> probes = SentNotifies(pair, Side::A, NotifyType::RUThere);
    ASSERT_EQ(probes.size(), 3u);
    for (size_t i = 1; i < probes.size(); i++)
    {
        EXPECT_EQ(OctetReader(probes[i].data).U32(), OctetReader(probes[i - 1].data).U32() + 1);
    }
    std::set<uint32_t> messageIds;
    for (const Flight& flight : pair.Sent())
    {
        if (flight.summary.exchange == ExchangeType::Informational)
        {
            EXPECT_FALSE(flight.summary.repeated);
            messageIds.insert(flight.summary.messageId);
        }
    }
    EXPECT_EQ(messageIds.size(), 3u);
}

TEST(Dpd, PersonalityMayRepeatTheNumberThatNobodyAnswered)
{
    PeerPair pair = UpPair(
        [](PeerConfig& peer)
        {
            peer.dpd = Detection();
            peer.personality.Edit().dpdRepeatsSequence = true;
            peer.personality.Edit().dpdFirstSequenceMask = 0x7fff;
        },
        AsItIs);
    RunCut(pair, seconds(12));
    const std::vector<NotifyPayload> probes = SentNotifies(pair, Side::A, NotifyType::RUThere);
    ASSERT_EQ(probes.size(), 2u);
    EXPECT_EQ(probes[0].data, probes[1].data);
    EXPECT_LE(OctetReader(probes[0].data).U32(), 0x7fffu);
}

// Detection

// Covers DP-01: link cut -> time to detect = delay + tries * retry.
TEST_P(DpdModes, PeerBehindACutLinkIsDeadAfterTheDelayAndAllTries)
{
    PeerPair pair = WatchedPair(GetParam());
    RunFor(pair, seconds(30));
    if (GetParam() != DpdMode::Always)
    {
        pair.Carry(Side::B);
    }
    const Instant cutAt = pair.Now();
    RunCut(pair, seconds(1));
    pair.Carry(Side::A);
    const size_t before = pair.Sent().size();
    EXPECT_EQ(RunCutUntilDown(pair, Side::A), cutAt + DETECTION_TIME);
    EXPECT_EQ(pair.Sent().size(), before + 3) << "a dead peer is told nothing";
    EXPECT_EQ(WhyDown(pair, Side::A), Fault::PeerDead);
    EXPECT_TRUE(pair.End(Side::A).sas.empty());
    for (const RemoveSa& removed : pair.Seen<RemoveSa>(Side::A))
    {
        EXPECT_EQ(removed.reason, Fault::PeerDead);
    }
    RunCut(pair, minutes(10));
    EXPECT_EQ(pair.Sent().size(), before + 3) << "nothing is asked of a peer that is gone";
}

TEST_P(DpdModes, PeerThatAnswersLives)
{
    PeerPair pair = WatchedPair(GetParam());
    for (int minute = 0; minute < 50; minute++)
    {
        pair.Carry(Side::A);
        RunFor(pair, minutes(1));
    }
    EXPECT_TRUE(pair.IsIkeUp());
    EXPECT_TRUE(pair.AreTunnelsUp());
    EXPECT_GT(Probes(pair, Side::A), 0u);
    EXPECT_EQ(Answers(pair, Side::B), Probes(pair, Side::A));
    EXPECT_EQ(pair.Drops(Side::A) + pair.Drops(Side::B), 0u);
}

TEST_P(DpdModes, AnswerToTheLastProbeIsInTime)
{
    PeerPair pair = WatchedPair(GetParam());
    pair.Advance(Duration(1));
    pair.Carry(Side::A);
    RunCut(pair, seconds(14) - Duration(2));
    ASSERT_EQ(Probes(pair, Side::A), 2u);
    RunFor(pair, Duration(1));
    ASSERT_EQ(Probes(pair, Side::A), 3u);
    RunFor(pair, minutes(5));
    EXPECT_TRUE(pair.AreTunnelsUp());
}

TEST(Dpd, IdleTunnelIsAskedAboutPeriodicallyButNotOnDemand)
{
    PeerPair periodic = WatchedPair(DpdMode::Periodic);
    RunFor(periodic, seconds(100));
    EXPECT_EQ(Probes(periodic, Side::A), 10u);
    PeerPair onDemand = WatchedPair(DpdMode::OnDemand);
    RunFor(onDemand, seconds(100));
    EXPECT_EQ(Probes(onDemand, Side::A), 0u);
}

TEST(Dpd, TrafficSuppressesProbesUnlessTheyAlwaysGo)
{
    for (const DpdMode mode : {DpdMode::OnDemand, DpdMode::Periodic})
    {
        PeerPair pair = WatchedPair(mode);
        RunWithTraffic(pair, 100);
        EXPECT_EQ(Probes(pair, Side::A), 0u);
    }
    PeerPair always = WatchedPair(DpdMode::Always);
    RunWithTraffic(always, 100);
    EXPECT_EQ(Probes(always, Side::A), 10u);
}

// libreswan
TEST(Dpd, PersonalityMayProbeBehindANatInSpiteOfTraffic)
{
    for (const bool isForced : {false, true})
    {
        PeerPair pair = UpPair(
            [&](PeerConfig& peer)
            {
                Watching(Detection(DpdMode::Periodic))(peer);
                peer.natTraversal = isForced ? NatTraversal::Force : NatTraversal::Auto;
                peer.personality.Edit().dpdProbesBehindNat = true;
            },
            AsItIs);
        RunWithTraffic(pair, 100);
        EXPECT_EQ(Probes(pair, Side::A), isForced ? 10u : 0u);
        EXPECT_TRUE(pair.AreTunnelsUp());
    }
}

TEST(Dpd, PacketsThatArriveSaveAPeerThatDoesNotAnswer)
{
    PeerPair pair = WatchedPair(DpdMode::Always);
    for (int second = 0; second < 100; second++)
    {
        pair.Carry(Side::B);
        RunCut(pair, seconds(1));
    }
    EXPECT_TRUE(pair.AreTunnelsUp());
    EXPECT_GT(Probes(pair, Side::A), 5u);
}

TEST(Dpd, MessagesOfOtherExchangesAreSignsOfLife)
{
    PeerPair pair = WatchedPair();
    RunFor(pair, seconds(9));
    pair.SoftExpiry(Side::B, pair.Sas(Side::B, SaDirection::Outbound).at(0).Key());
    pair.DeliverAll();
    RunFor(pair, seconds(9));
    EXPECT_EQ(Probes(pair, Side::A), 0u);
    RunFor(pair, seconds(1));
    EXPECT_EQ(Probes(pair, Side::A), 1u);
}

TEST(Dpd, OneProbeServesAllChildren)
{
    const auto twoChildren = [](PeerConfig& peer)
    {
        peer.dpd = Detection();
        peer.children.push_back(peer.children[0]);
        peer.children[1].name = "dmz";
        peer.children[1].proxyId.local.address = IpAddress::Parse("10.1.9.0");
        peer.children[1].proxyId.remote.address = IpAddress::Parse("10.1.9.0");
        const bool isA = peer.localAddress == IpAddress::Parse("192.0.2.1");
        (isA ? peer.children[1].proxyId.remote : peer.children[1].proxyId.local).address =
            IpAddress::Parse("10.2.9.0");
    };
    PeerPair pair = UpPair(twoChildren, twoChildren);
    RunFor(pair, seconds(10));
    EXPECT_EQ(Probes(pair, Side::A), 1u);
    RunCutUntilDown(pair, Side::A);
    EXPECT_TRUE(pair.End(Side::A).sas.empty());
}

// F21: the Delete gets lost; detection removes the orphan.
TEST(Dpd, RemovesWhatALostDeleteLeft)
{
    PeerPair pair = WatchedPair();
    pair.Terminate(Side::B);
    pair.LoseAll();
    EXPECT_EQ(pair.End(Side::A).sas.size(), 2u);
    RunFor(pair, DETECTION_TIME);
    EXPECT_TRUE(pair.End(Side::A).sas.empty());
    EXPECT_TRUE(pair.IsIkeDown());
    EXPECT_EQ(pair.Drops(Side::B, Fault::NoSuchExchange), 3u);
}

TEST(Dpd, NewIkeSaIsAskedInPlaceOfTheOldOne)
{
    PeerPair pair = WatchedPair();
    RunFor(pair, seconds(10));
    BeginAgainSilently(pair);
    RunFor(pair, seconds(60));
    EXPECT_EQ(Probes(pair, Side::A), 7u);
    EXPECT_EQ(Answers(pair, Side::B), Probes(pair, Side::A));
}

TEST(Dpd, DeadPeerIsToldNothingWhateverRuns)
{
    PeerPair pair = WatchedPair();
    // A pair that is half made, under the older of two IKE SAs.
    pair.SoftExpiry(Side::B, pair.Sas(Side::B, SaDirection::Outbound).at(0).Key());
    pair.Deliver();
    pair.LoseAll();
    BeginAgainSilently(pair);
    RunCutUntilDown(pair, Side::A);
    EXPECT_EQ(WhyDown(pair, Side::A), Fault::PeerDead);
    EXPECT_TRUE(pair.End(Side::A).sas.empty());
    for (const Flight& flight : pair.Sent())
    {
        const std::vector<PayloadType> kinds = PayloadKinds(flight.summary);
        EXPECT_EQ(std::count(kinds.begin(), kinds.end(), PayloadType::Delete), 0);
    }
}

// A day of probes must leave message IDs for the tunnels.
TEST(Dpd, ProbesDoNotUseUpTheIkeSa)
{
    const DpdConfig fast{DpdMode::Always, seconds(1), seconds(1), 3, DpdAction::Hold};
    PeerPair pair = UpPair(Watching(fast), Watching(fast));
    for (int minute = 0; minute < 50; minute++)
    {
        RunFor(pair, minutes(1));
    }
    EXPECT_EQ(Probes(pair, Side::A) + Probes(pair, Side::B), 6000u);
    EXPECT_TRUE(pair.AreTunnelsUp());
    pair.SoftExpiry(Side::A, pair.Sas(Side::A, SaDirection::Outbound).at(0).Key());
    pair.DeliverAll();
    EXPECT_TRUE(pair.AreTunnelsUp(2));
    EXPECT_EQ(pair.CountSent(ExchangeType::MainMode), 6u);
}

} // namespace ipsec
} // namespace ns3
