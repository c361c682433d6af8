// SPDX-License-Identifier: GPL-2.0-only
#include "fragmented-handshake.h"
#include "message-mutations.h"

#include "ns3/ike-fragmentation.h"

namespace ns3
{
namespace ipsec
{
namespace
{

using std::chrono::seconds;

class BadFragments : public FragmentedHandshake
{
};

INSTANTIATE_TEST_SUITE_P(EitherSideStarts,
                         BadFragments,
                         testing::Values(Side::A, Side::B),
                         testing::PrintToStringParamName());

// bad input 88
TEST_P(BadFragments, AFragmentThatNobodyAgreedOnIsRefused)
{
    PeerPair pair(Plain(Side::A), Plain(Side::B));
    pair.Acquire(m_initiator);
    for (int message = 0; message < 9; message++)
    {
        ASSERT_EQ(pair.InFlight(), 1u);
        const Flight next = pair.Next();
        const FragmentPayload whole{1, 1, true, next.octets};
        const Effects effects = pair.DeliverInstead(MakeFragment(next, whole));
        EXPECT_TRUE(WasRefused(effects)) << message;
        EXPECT_EQ(DroppedFault(effects), Fault::FragmentRefused) << message;
        EXPECT_EQ(pair.InFlight(), 1u) << message;
        pair.Deliver();
    }
    EXPECT_TRUE(pair.AreTunnelsUp());
}

// bad input 88; CVE-2013-6076 was a fragment for which there was no IKE SA
TEST_P(BadFragments, AFirstMessageInFragmentsIsRefused)
{
    PeerPair pair = FragmentingPair();
    pair.Acquire(m_initiator);
    const Flight mm1 = pair.Next();
    for (const bool isLast : {false, true})
    {
        const Effects effects = pair.DeliverInstead(MakeFragment(mm1, {1, 1, isLast, mm1.octets}));
        EXPECT_EQ(DroppedFault(effects), Fault::FragmentRefused);
    }
    EXPECT_EQ(pair.End(m_responder).engine.NextDeadline(), std::nullopt);
    EXPECT_EQ(pair.End(m_responder).engine.HalfOpen(), 0u);
}

TEST_P(BadFragments, AFragmentForNoIkeSaIsRefused)
{
    PeerPair pair = FragmentingPair();
    BringMm3(pair);
    Octets fragment = pair.Next().octets;
    fragment[9] ^= 1; // responder cookie
    EXPECT_EQ(DroppedFault(pair.DeliverInstead(fragment)), Fault::NoSuchExchange);
}

// bad input 88
TEST_P(BadFragments, AFragmentInsideAFragmentedMessageIsRefused)
{
    PeerPair pair = FragmentingPair();
    BringMm3(pair);
    const Octets inner = MakeFragment(pair.Next(), {2, 1, true, Octets(60, 7)});
    EXPECT_EQ(DroppedFault(pair.DeliverInstead(MakeFragment(pair.Next(), {3, 1, true, inner}))),
              Fault::FragmentRefused);
    pair.DeliverAll();
    EXPECT_TRUE(pair.AreTunnelsUp());
}

// bad input 88
TEST_P(BadFragments, AFragmentBesideOtherPayloadsIsRefused)
{
    PeerPair pair(Fragmenting(Side::A, 1280), Fragmenting(Side::B, 1280));
    pair.Acquire(m_initiator);
    const IsakmpHeader header = *ParseIsakmpHeader(pair.Next().octets);
    const OctetView body = OctetView(pair.Next().octets).From(ISAKMP_HEADER_OCTETS);
    std::vector<RawPayload> payloads = ParsePayloadChain(header.nextPayload, body)->payloads;
    payloads.push_back({PayloadType::Fragment, WriteFragmentPayload({1, 1, true, {1, 2, 3}})});
    const Effects effects =
        pair.DeliverInstead(WriteIsakmpMessage(header, WritePayloadChain(payloads)));
    EXPECT_EQ(DroppedFault(effects), Fault::UnexpectedPayload);
}

// bad input 87. The last fragment makes a message, and a clear message that was changed is taken
// for one of its sender's, in fragments or not.
TEST_P(BadFragments, AnyOtherOctetInAFragmentDoesNoLastingHarm)
{
    PeerPair start = FragmentingPair();
    BringMm3(start);
    const size_t fragments = start.InFlight();
    for (size_t fragment = 0; fragment + 1 < fragments; fragment++)
    {
        for (size_t offset = 0; offset < start.Next().octets.size(); offset++)
        {
            for (const uint8_t change : {0x01, 0x80, 0xff})
            {
                PeerPair pair = start;
                Octets changed = pair.Next().octets;
                changed[offset] ^= change;
                pair.DeliverInstead(changed);
                EXPECT_EQ(pair.End(m_responder).engine.HalfOpen(), 1u);
                pair.Settle();
                EXPECT_TRUE(pair.IsIkeUp()) << fragment << " " << offset;
                EXPECT_TRUE(pair.AreTunnelsUp()) << fragment << " " << offset;
            }
        }
        start.Deliver();
    }
}

// bad input 87: a changed fragment instead of the right one
TEST_P(BadFragments, AMessageWithAChangedFragmentLeadsToNoDisagreement)
{
    PeerPair start = FragmentingPair();
    BringMm3(start);
    const size_t fragments = start.InFlight();
    for (size_t fragment = 0; fragment < fragments; fragment++)
    {
        for (size_t offset = 0; offset < start.Next().octets.size(); offset++)
        {
            PeerPair pair = start;
            Octets changed = pair.Next().octets;
            changed[offset] ^= 0x10;
            pair.DeliverInstead(changed);
            pair.Lose();
            pair.Settle();
            EXPECT_TRUE(pair.IsIkeUp() || pair.IsIkeDown()) << fragment << " " << offset;
            EXPECT_EQ(pair.IsIkeUp(), pair.AreTunnelsUp()) << fragment << " " << offset;
        }
        start.Deliver();
    }
}

// bad input 87
TEST_P(BadFragments, TruncatedFragmentsAreRefused)
{
    PeerPair pair = FragmentingPair();
    BringMm3(pair);
    const size_t fragments = pair.InFlight();
    for (size_t fragment = 0; fragment < fragments; fragment++)
    {
        const Octets octets = pair.Next().octets;
        for (size_t size = 0; size < octets.size(); size++)
        {
            EXPECT_TRUE(WasRefused(pair.DeliverInstead(OctetView(octets).First(size)))) << size;
            // A payload that ends too early, in a datagram that does not.
            EXPECT_TRUE(WasRefused(pair.DeliverInstead(ConsistentPrefix(octets, size)))) << size;
        }
        pair.Deliver();
    }
    pair.DeliverAll();
    EXPECT_TRUE(pair.AreTunnelsUp());
}

TEST_P(BadFragments, FragmentsFromElsewhereAndOfOtherIdsDoNotGetInTheWay)
{
    PeerPair pair = FragmentingPair();
    pair.Acquire(m_initiator);
    uint8_t number = 1;
    for (int step = 0; step < 60 && pair.InFlight() > 0; step++)
    {
        const Flight next = pair.Next();
        if (IsFragment(next))
        {
            number = static_cast<uint8_t>(number % 9 + 1);
            const Octets garbage = MakeFragment(next, {1, number, number > 7, Octets(50, number)});
            pair.InjectFrom({next.source.address, 9999}, Other(next.from), garbage);
            pair.DeliverInstead(MakeFragment(next, {7, number, number > 7, Octets(50, number)}));
        }
        pair.Deliver();
    }
    EXPECT_TRUE(pair.IsIkeUp());
    EXPECT_TRUE(pair.AreTunnelsUp());
}

// bad input 87: bounded number, size and time (CVE-2016-10396)
TEST_P(BadFragments, AFloodOfFragmentsIsBoundedAndPasses)
{
    PeerPair pair = FragmentingPair();
    BringMm3(pair);
    const Flight like = pair.Next();
    for (uint16_t id = 100; id < 2100; id++)
    {
        pair.DeliverInstead(MakeFragment(like, {id, 3, false, Octets(1000, 1)}));
    }
    EXPECT_EQ(pair.Drops(m_responder, Fault::FragmentLimit), 2000 - Reassembly::MAX_SETS);
    pair.DeliverAll();
    EXPECT_TRUE(pair.AreTunnelsUp());
    pair.Advance(Reassembly::TIMEOUT);
    pair.Timeout(m_responder);
    EXPECT_LT(pair.Drops(m_responder, Fault::FragmentTimeout), Reassembly::MAX_SETS);
}

// bad input 87: time
TEST_P(BadFragments, AFragmentThatStaysAloneIsGivenUp)
{
    PeerPair pair = FragmentingPair();
    pair.Acquire(m_initiator);
    pair.DeliverAll();
    pair.Advance(Reassembly::TIMEOUT);
    EXPECT_TRUE(pair.Timeout(m_responder).list.empty());
    const std::optional<Instant> before = pair.End(m_responder).engine.NextDeadline();
    const Flight& like = pair.Sent().back();
    const Octets fragment = MakeFragment(like, {9, 1, false, Octets(100, 1)});
    pair.Inject(m_responder, fragment);
    const std::optional<Instant> deadline = pair.End(m_responder).engine.NextDeadline();
    ASSERT_EQ(deadline, pair.Now() + Reassembly::TIMEOUT);
    pair.Advance(Reassembly::TIMEOUT - Duration(1));
    EXPECT_TRUE(pair.Timeout(m_responder).list.empty());
    pair.Advance(Duration(1));
    const Effects effects = pair.Timeout(m_responder);
    EXPECT_EQ(effects.list.size(), 1u);
    EXPECT_EQ(DroppedFault(effects), Fault::FragmentTimeout);
    EXPECT_EQ(pair.End(m_responder).engine.NextDeadline(), before);
}

TEST_P(BadFragments, FragmentsGoWithTheirIkeSa)
{
    PeerPair pair = FragmentingPair();
    BringMm3(pair);
    const Flight like = pair.Next();
    pair.LoseAll();
    pair.Advance(seconds(60));
    pair.InjectFrom(like.source, m_responder, like.octets);
    pair.Advance(seconds(10));
    pair.Timeout(m_responder);
    EXPECT_EQ(pair.End(m_responder).engine.HalfOpen(), 0u);
    EXPECT_EQ(pair.End(m_responder).engine.NextDeadline(), std::nullopt);
    pair.Advance(seconds(60));
    EXPECT_TRUE(pair.Timeout(m_responder).list.empty());
    EXPECT_EQ(pair.Drops(m_responder, Fault::FragmentTimeout), 0u);
}

} // namespace
} // namespace ipsec
} // namespace ns3
