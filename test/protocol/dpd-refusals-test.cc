// SPDX-License-Identifier: GPL-2.0-only
#include "watched-pair.h"

#include "ns3/crypto-hash.h"

#include <gtest/gtest.h>

// What dead peer detection does not believe: copies, reflections, wrong numbers, the other order.

namespace ns3
{
namespace ipsec
{

namespace
{

using std::chrono::minutes;
using std::chrono::seconds;

constexpr uint32_t MESSAGE_ID = 0x01020304;

DpdConfig
Detection()
{
    return {DpdMode::Periodic, seconds(10), seconds(2), 3, DpdAction::Hold};
}

void
AnswersAnything(PeerConfig& peer)
{
    peer.personality.Edit().dpdAnswersAnySequence = true;
}

void
NotifyFirst(PeerConfig& peer)
{
    peer.dpd = Detection();
    peer.personality.Edit().dpdNotifyFirst = true;
}

/// A pair of which A asks B.
PeerPair
WatchedPair(const PeerChange& b = AsItIs)
{
    return UpPair(Watching(Detection()), b);
}

Octets
Cookies(const PeerPair& pair)
{
    const IkeSaInfo info = pair.End(Side::A).engine.IkeSas().at(0);
    return Concat({info.initiatorCookie, info.responderCookie});
}

RawPayload
DpdRaw(NotifyType type, OctetView spi, OctetView data)
{
    NotifyPayload notify;
    notify.type = static_cast<uint16_t>(type);
    notify.spi = spi.Copy();
    notify.data = data.Copy();
    return {PayloadType::Notify, WriteNotifyPayload(notify)};
}

/// Delivers a DPD message that the other end could have made.
Effects
Deliver(PeerPair& pair,
        Side to,
        NotifyType type,
        uint32_t sequence,
        uint32_t messageId = MESSAGE_ID)
{
    const RawPayload payload = DpdRaw(type, Cookies(pair), NetworkOrder(sequence));
    return pair.Inject(to, KeyHolder(pair).Informational(messageId, {payload}));
}

uint32_t
LastNumber(const PeerPair& pair, Side from, NotifyType type)
{
    return OctetReader(SentNotifies(pair, from, type).back().data).U32();
}

/// Runs to the first probe of A, which is on the wire then.
PeerPair
AskedPair(const PeerChange& b = AsItIs)
{
    PeerPair pair = WatchedPair(b);
    EXPECT_TRUE(pair.AdvanceToDeadline());
    EXPECT_EQ(pair.InFlight(), 1u);
    return pair;
}

} // namespace

// bad input 85, A11
TEST(DpdRefusal, CopyOfAProbeIsNotAnswered)
{
    PeerPair pair = AskedPair();
    const Octets probe = pair.Next().octets;
    pair.Deliver();
    EXPECT_EQ(CountNotifies(pair, Side::B, NotifyType::RUThereAck), 1u);
    const Effects effects = pair.Inject(Side::B, probe);
    EXPECT_EQ(DroppedFault(effects), Fault::DpdRefused);
    EXPECT_EQ(CountNotifies(pair, Side::B, NotifyType::RUThereAck), 1u);
}

TEST(DpdRefusal, PersonalityMayAnswerCopiesButBelievesNothing)
{
    PeerPair pair = UpPair(Watching(Detection()),
                           [](PeerConfig& peer)
                           {
                               AnswersAnything(peer);
                               peer.dpd = Detection();
                           });
    ASSERT_TRUE(pair.AdvanceToDeadline());
    const Octets probe = pair.Next().octets;
    RunFor(pair, seconds(1));
    const Instant answered = pair.Now();
    while (!pair.End(Side::B).engine.IkeSas().empty() && pair.Now() < answered + minutes(1))
    {
        RunCut(pair, seconds(1));
        pair.Inject(Side::B, probe);
    }
    EXPECT_EQ(CountNotifies(pair, Side::B, NotifyType::RUThereAck), 15u);
    EXPECT_EQ(WhyDown(pair, Side::B), Fault::PeerDead) << "copies are no signs of life";
}

// libreswan answers three
TEST(DpdRefusal, PersonalityMayAnswerSomeCopiesUntilTheNextFreshNumber)
{
    PeerPair pair = WatchedPair(
        [](PeerConfig& peer)
        {
            AnswersAnything(peer);
            peer.personality.Edit().dpdUnexpectedAnswers = 3;
        });
    uint32_t messageId = 1;
    const auto answers = [&](uint32_t sequence, int times)
    {
        std::string outcome;
        for (int i = 0; i < times; i++)
        {
            const Effects effects =
                Deliver(pair, Side::B, NotifyType::RUThere, sequence, messageId++);
            outcome += FindEffect<Transmit>(effects) ? "answered " : "refused ";
            EXPECT_NE(FindEffect<Transmit>(effects) != nullptr,
                      FindEffect<Dropped>(effects) != nullptr);
        }
        return outcome;
    };
    EXPECT_EQ(answers(100, 5), "answered answered answered answered refused ");
    EXPECT_EQ(answers(99, 1), "refused ") << "the older ones count with the copies";
    EXPECT_EQ(answers(101, 5), "answered answered answered answered refused ");
}

TEST(DpdRefusal, CounterIsNotSetBack)
{
    PeerPair pair = WatchedPair();
    EXPECT_EQ(Deliver(pair, Side::B, NotifyType::RUThere, 100, 1).list.size(), 1u);
    pair.LoseAll();
    EXPECT_EQ(DroppedFault(Deliver(pair, Side::B, NotifyType::RUThere, 100, 2)), Fault::DpdRefused);
    EXPECT_EQ(DroppedFault(Deliver(pair, Side::B, NotifyType::RUThere, 50, 3)), Fault::DpdRefused);
    EXPECT_EQ(DroppedFault(Deliver(pair, Side::B, NotifyType::RUThere, 51, 4)), Fault::DpdRefused)
        << "the refused one counted";
    EXPECT_NE(FindEffect<Transmit>(Deliver(pair, Side::B, NotifyType::RUThere, 101, 5)), nullptr);
}

// A11: an old R-U-THERE-ACK must not keep a dead SA.
TEST(DpdRefusal, OldAnswersDoNotKeepADeadPeer)
{
    PeerPair pair = AskedPair();
    pair.Deliver();
    const Octets answer = pair.Next().octets;
    pair.Deliver();
    const Instant answered = pair.Now();
    while (!pair.End(Side::A).engine.IkeSas().empty() && pair.Now() < answered + minutes(1))
    {
        RunCut(pair, seconds(1));
        pair.Inject(Side::A, answer);
    }
    EXPECT_EQ(pair.Now(), answered + seconds(16));
    EXPECT_EQ(pair.Drops(Side::A, Fault::DpdRefused), 15u);
}

TEST(DpdRefusal, AnswerCountsOnlyForANumberThatIsDue)
{
    PeerPair pair = WatchedPair();
    EXPECT_EQ(DroppedFault(Deliver(pair, Side::A, NotifyType::RUThereAck, 0)), Fault::DpdRefused)
        << "nothing was asked";
    RunCut(pair, seconds(13));
    const uint32_t number = LastNumber(pair, Side::A, NotifyType::RUThere);
    for (const uint32_t wrong : {number - 2, number + 1, 0u})
    {
        PeerPair fork = pair;
        EXPECT_EQ(DroppedFault(Deliver(fork, Side::A, NotifyType::RUThereAck, wrong)),
                  Fault::DpdRefused);
        RunCut(fork, seconds(3));
        EXPECT_EQ(WhyDown(fork, Side::A), Fault::PeerDead);
    }
    for (const uint32_t right : {number - 1, number})
    {
        PeerPair fork = pair;
        EXPECT_TRUE(Deliver(fork, Side::A, NotifyType::RUThereAck, right).list.empty());
        RunCut(fork, seconds(3));
        EXPECT_TRUE(fork.IsIkeUp());
    }
}

// Whoever sends our own messages back to us could else keep a dead peer alive.
TEST(DpdRefusal, ReflectedProbesAreNotThePeers)
{
    PeerPair pair = AskedPair();
    for (int i = 0; i < 3; i++)
    {
        const Octets probe = pair.Next().octets;
        pair.LoseAll();
        EXPECT_EQ(DroppedFault(pair.Inject(Side::A, probe)), Fault::BadMessageId);
        EXPECT_EQ(pair.InFlight(), 0u);
        pair.AdvanceToDeadline();
    }
    EXPECT_EQ(WhyDown(pair, Side::A), Fault::PeerDead);
}

TEST(DpdRefusal, ForgedMessagesAreNoSignsOfLife)
{
    PeerPair pair = AskedPair();
    pair.Deliver();
    const Octets answer = pair.Next().octets;
    pair.LoseAll();
    const Octets forged = WithOctet(answer, answer.size() - 1, answer.back() ^ 1);
    EXPECT_TRUE(WasRefused(pair.Inject(Side::A, forged)));
    RunCut(pair, seconds(6));
    EXPECT_EQ(WhyDown(pair, Side::A), Fault::PeerDead);
}

TEST(DpdRefusal, WrongCookiesSizesAndProtocolsAreRefused)
{
    const PeerPair pair = WatchedPair();
    const Octets cookies = Cookies(pair);
    const auto refusal = [&pair](const RawPayload& payload)
    {
        PeerPair fork = pair;
        const Effects effects =
            fork.Inject(Side::B, KeyHolder(pair).Informational(MESSAGE_ID, {payload}));
        EXPECT_TRUE(WasRefused(effects));
        EXPECT_EQ(fork.InFlight(), 0u);
        return DroppedFault(effects);
    };
    const Octets swapped = Concat({OctetView(cookies).Last(8), OctetView(cookies).First(8)});
    const NotifyType probe = NotifyType::RUThere;
    EXPECT_EQ(refusal(DpdRaw(probe, swapped, NetworkOrder(5))), Fault::DpdRefused);
    EXPECT_EQ(refusal(DpdRaw(probe, {}, NetworkOrder(5))), Fault::DpdRefused);
    EXPECT_EQ(refusal(DpdRaw(probe, cookies, {})), Fault::MalformedPayload);
    EXPECT_EQ(refusal(DpdRaw(probe, cookies, OctetView(cookies).First(5))),
              Fault::MalformedPayload);
    NotifyPayload aboutEsp;
    aboutEsp.protocol = ProtocolId::Esp;
    aboutEsp.type = static_cast<uint16_t>(probe);
    aboutEsp.spi = cookies;
    aboutEsp.data = OctetView(NetworkOrder(5)).Copy();
    EXPECT_EQ(refusal({PayloadType::Notify, WriteNotifyPayload(aboutEsp)}), Fault::DpdRefused);
}

TEST(DpdRefusal, PeerThatDidNotAnnounceItIsNotAnswered)
{
    PeerPair pair =
        UpPair([](PeerConfig& peer) { peer.personality.Edit().announceDpd = false; }, AsItIs);
    EXPECT_EQ(DroppedFault(Deliver(pair, Side::B, NotifyType::RUThere, 1)), Fault::DpdRefused);
    EXPECT_EQ(pair.InFlight(), 0u);
}

// CVE-2009-0790: detection before there is an SA.
TEST(DpdRefusal, ProbeBeforeTheSaIsEstablishedIsDropped)
{
    PeerPair whole;
    whole.Acquire(Side::A);
    PeerPair pair = whole;
    pair.DeliverAll(5);
    whole.Settle();
    const KeyHolder holder(whole);
    // A has the keys, and waits for MM6.
    const RawPayload payload = DpdRaw(NotifyType::RUThere, Cookies(whole), NetworkOrder(1));
    // The IV of phase 2 comes of the last block of phase 1, which is MM5's as yet.
    const OctetView lastBlock = OctetView(LastFrom(pair, Side::A).octets).Last(8);
    const Octets digest = Digest(HashId::Md5, {lastBlock, NetworkOrder(MESSAGE_ID)});
    const Octets message = holder.Seal(holder.Header(ExchangeType::Informational, MESSAGE_ID),
                                       {holder.Hash(MESSAGE_ID, {}, {payload}), payload},
                                       OctetView(digest).First(8));
    const Effects effects = pair.Inject(Side::A, message);
    EXPECT_EQ(DroppedFault(effects), Fault::DpdRefused);
    EXPECT_EQ(effects.list.size(), 1u);
    pair.Settle();
    EXPECT_TRUE(pair.AreTunnelsUp());
}

TEST(DpdRefusal, ProbeAmongOtherPayloadsFollowsTheSameRules)
{
    PeerPair pair = WatchedPair();
    const KeyHolder holder(pair);
    const RawPayload probe = DpdRaw(NotifyType::RUThere, Cookies(pair), NetworkOrder(7));
    const RawPayload other = NotifyRaw(NotifyType::Connected);
    pair.Inject(Side::B, holder.Informational(1, {other, probe}));
    EXPECT_EQ(pair.InFlight(), 1u);
    const Effects again = pair.Inject(Side::B, holder.Informational(2, {probe, other}));
    EXPECT_EQ(DroppedFault(again), Fault::DpdRefused);
    EXPECT_EQ(pair.InFlight(), 1u);
}

// The order of payloads

TEST(DpdOrder, PeersThatBothPutTheNotificationFirstUnderstandEachOther)
{
    PeerPair pair = UpPair(NotifyFirst, NotifyFirst);
    RunFor(pair, minutes(5));
    EXPECT_TRUE(pair.IsIkeUp());
    EXPECT_TRUE(pair.AreTunnelsUp());
    EXPECT_GT(CountNotifies(pair, Side::B, NotifyType::RUThereAck), 10u);
    EXPECT_EQ(pair.Drops(Side::A) + pair.Drops(Side::B), 0u);
    const Flight& last = LastFrom(pair, Side::B);
    ASSERT_EQ(last.summary.payloads.size(), 2u);
    EXPECT_EQ(last.summary.payloads[0].type, PayloadType::Notify);
    EXPECT_EQ(last.summary.payloads[1].type, PayloadType::Hash);
}

TEST(DpdOrder, HashCoversTheNotificationAsItStandsInTheMessage)
{
    PeerPair pair = UpPair(NotifyFirst, NotifyFirst);
    ASSERT_TRUE(pair.AdvanceToDeadline());
    const KeyHolder holder(pair);
    const Flight& probe = pair.Next();
    std::vector<RawPayload> payloads =
        holder.Open(probe.octets, holder.FirstIv(probe.summary.messageId));
    ASSERT_EQ(payloads.size(), 2u);
    const Octets whole = WritePayloadChain(payloads);
    const size_t covered = whole.size() - GENERIC_HEADER_OCTETS - payloads[1].body.size();
    EXPECT_EQ(whole[0], static_cast<uint8_t>(PayloadType::Hash)) << "the header announces it";
    EXPECT_EQ(holder.Hash(probe.summary.messageId, OctetView(whole).First(covered), {}).body,
              payloads[1].body);
}

// The link flaps: each end takes the other for dead although all messages arrive.
TEST(DpdOrder, PeersOfDifferentOrdersTakeEachOtherForDead)
{
    for (const bool turned : {false, true})
    {
        PeerPair pair = turned ? UpPair(NotifyFirst, Watching(Detection()))
                               : UpPair(Watching(Detection()), NotifyFirst);
        RunFor(pair, seconds(16));
        EXPECT_EQ(WhyDown(pair, Side::A), Fault::PeerDead);
        EXPECT_EQ(WhyDown(pair, Side::B), Fault::PeerDead);
        EXPECT_EQ(pair.Drops(Side::A, turned ? Fault::DpdRefused : Fault::BadHash), 3u);
        EXPECT_EQ(pair.Drops(Side::B, turned ? Fault::BadHash : Fault::DpdRefused), 3u);
    }
}

TEST(DpdOrder, OtherMessagesKeepTheHashInFront)
{
    PeerPair pair = UpPair(NotifyFirst, NotifyFirst);
    pair.Terminate(Side::A);
    pair.DeliverAll();
    EXPECT_TRUE(pair.IsIkeDown());
    EXPECT_EQ(LastFrom(pair, Side::A).summary.payloads.at(0).type, PayloadType::Hash);
}

TEST(DpdOrder, OnlyDetectionMayHaveTheHashBehind)
{
    PeerPair pair = UpPair(NotifyFirst, NotifyFirst);
    const KeyHolder holder(pair);
    std::vector<RawPayload> payloads = {NotifyRaw(NotifyType::NoProposalChosen, Cookies(pair)),
                                        {PayloadType::Hash, {}}};
    const Octets shell = WritePayloadChain(payloads);
    payloads[1].body =
        holder.Hash(MESSAGE_ID, OctetView(shell).First(shell.size() - GENERIC_HEADER_OCTETS), {})
            .body;
    const Octets message = holder.Seal(holder.Header(ExchangeType::Informational, MESSAGE_ID),
                                       payloads,
                                       holder.FirstIv(MESSAGE_ID));
    EXPECT_EQ(DroppedFault(pair.Inject(Side::B, message)), Fault::BadHash);
}

} // namespace ipsec
} // namespace ns3
