// SPDX-License-Identifier: GPL-2.0-only
#include "fragmented-handshake.h"

#include <algorithm>

namespace ns3
{
namespace ipsec
{
namespace
{

constexpr size_t IP_AND_UDP = 28;

class Fragmentation : public FragmentedHandshake
{
};

INSTANTIATE_TEST_SUITE_P(EitherSideStarts,
                         Fragmentation,
                         testing::Values(Side::A, Side::B),
                         testing::PrintToStringParamName());

TEST_P(Fragmentation, CrossesASmallMtuFromTheFirstAnswerOn)
{
    PeerPair pair = FragmentingPair();
    pair.Acquire(m_initiator);
    pair.DeliverAll();
    EXPECT_TRUE(pair.IsIkeUp());
    EXPECT_TRUE(pair.AreTunnelsUp());
    EXPECT_FALSE(IsFragment(pair.Sent()[0]));
    for (size_t i = 1; i < pair.Sent().size(); i++)
    {
        EXPECT_LE(IP_AND_UDP + pair.Sent()[i].octets.size(), SMALL_PACKET) << i;
    }
    EXPECT_GT(CountFragments(pair), 15u);
    EXPECT_EQ(pair.Drops(Side::A) + pair.Drops(Side::B), 0u);
}

TEST_P(Fragmentation, LeavesRoomForTheMarkerOfPort4500)
{
    EngineConfig a = Fragmenting(Side::A);
    a.peers[0].natTraversal = NatTraversal::Force;
    PeerPair pair(a, Fragmenting(Side::B));
    pair.Acquire(m_initiator);
    pair.DeliverAll();
    EXPECT_TRUE(pair.AreTunnelsUp());
    size_t largest = 0;
    for (const Flight& flight : pair.Sent())
    {
        if (flight.source.port == NATT_PORT)
        {
            largest = std::max(largest, IP_AND_UDP + 4 + flight.octets.size());
        }
    }
    EXPECT_EQ(largest, SMALL_PACKET);
}

TEST_P(Fragmentation, FragmentsWhatIsSentUnderTheEstablishedIkeSaToo)
{
    PeerPair pair = FragmentingPair();
    pair.Acquire(m_initiator);
    pair.DeliverAll();
    const auto isQuick = [](const Flight& flight)
    { return IsFragment(flight) && flight.summary.exchange == ExchangeType::QuickMode; };
    EXPECT_TRUE(std::any_of(pair.Sent().begin(), pair.Sent().end(), isQuick));
}

TEST_P(Fragmentation, TheDefaultSizeLeavesMessagesByPreSharedKeyWhole)
{
    PeerPair pair(Fragmenting(Side::A, 1280), Fragmenting(Side::B, 1280));
    pair.Acquire(m_initiator);
    pair.DeliverAll();
    EXPECT_TRUE(pair.AreTunnelsUp());
    EXPECT_EQ(CountFragments(pair), 0u);
}

// bad input 88, from the sender's side: nobody sends fragments to whom did not ask for them.
TEST_P(Fragmentation, NeedsBothEnds)
{
    for (const Side alone : {Side::A, Side::B})
    {
        PeerPair pair(alone == Side::A ? Fragmenting(Side::A) : Plain(Side::A),
                      alone == Side::B ? Fragmenting(Side::B) : Plain(Side::B));
        pair.Acquire(m_initiator);
        pair.DeliverAll();
        EXPECT_TRUE(pair.AreTunnelsUp());
        EXPECT_EQ(CountFragments(pair), 0u);
    }
}

TEST_P(Fragmentation, TheResponderAnnouncesItOnlyIfTheInitiatorDid)
{
    const auto vendorIds = [](const MessageSummary& message)
    {
        return std::count_if(message.payloads.begin(),
                             message.payloads.end(),
                             [](const PayloadLabel& p) { return p.type == PayloadType::VendorId; });
    };
    for (const bool asks : {false, true})
    {
        const auto config = [&](Side side)
        { return side == m_responder || asks ? Fragmenting(side, 1280) : Plain(side); };
        PeerPair pair(config(Side::A), config(Side::B));
        pair.Acquire(m_initiator);
        pair.Deliver();
        // The others are NAT traversal's and dead peer detection's.
        EXPECT_EQ(vendorIds(pair.Sent()[0].summary), asks ? 3 : 2);
        EXPECT_EQ(vendorIds(pair.Sent()[1].summary), asks ? 3 : 2);
    }
}

// F1, F35
TEST_P(Fragmentation, OneLossAnywhereIsRepairedByTheSameOctets)
{
    PeerPair reference = FragmentingPair();
    reference.Acquire(m_initiator);
    reference.DeliverAll();
    const std::vector<Octets> datagrams = DifferentDatagrams(reference);
    for (size_t lost = 0; lost < datagrams.size(); lost++)
    {
        PeerPair pair = FragmentingPair();
        pair.Acquire(m_initiator);
        bool done = false;
        for (size_t step = 0; step < 300; step++)
        {
            if (pair.InFlight() == 0 && !pair.AdvanceToDeadline())
            {
                break;
            }
            if (pair.InFlight() > 0 && !done && pair.Next().octets == datagrams[lost])
            {
                pair.Lose();
                done = true;
            }
            else if (pair.InFlight() > 0)
            {
                pair.Deliver();
            }
        }
        EXPECT_TRUE(done) << lost;
        EXPECT_TRUE(pair.IsIkeUp()) << lost;
        EXPECT_TRUE(pair.AreTunnelsUp()) << lost;
        EXPECT_EQ(DifferentDatagrams(pair), datagrams) << lost;
    }
}

TEST_P(Fragmentation, DoubledFragmentsChangeNothing)
{
    PeerPair reference = FragmentingPair();
    reference.Acquire(m_initiator);
    reference.DeliverAll();
    PeerPair pair = FragmentingPair();
    pair.Acquire(m_initiator);
    while (pair.InFlight() > 0)
    {
        if (IsFragment(pair.Next()))
        {
            pair.Duplicate();
            pair.Deliver();
        }
        pair.Deliver();
    }
    EXPECT_TRUE(pair.IsIkeUp());
    EXPECT_TRUE(pair.AreTunnelsUp());
    EXPECT_EQ(pair.Sent().size(), reference.Sent().size());
    pair.Settle();
    EXPECT_EQ(pair.Drops(Side::A, Fault::FragmentTimeout), 0u);
    EXPECT_EQ(pair.Drops(Side::B, Fault::FragmentTimeout), 0u);
}

TEST_P(Fragmentation, TheOrderOfFragmentsDoesNotMatter)
{
    PeerPair pair = FragmentingPair();
    pair.Acquire(m_initiator);
    for (int message = 0; message < 20 && pair.InFlight() > 0; message++)
    {
        std::vector<Flight> flights = TakeFlights(pair);
        std::reverse(flights.begin(), flights.end());
        for (const Flight& flight : flights)
        {
            DeliverFlight(pair, flight);
        }
    }
    pair.Settle();
    EXPECT_TRUE(pair.IsIkeUp());
    EXPECT_TRUE(pair.AreTunnelsUp());
}

// Duplicates are seen on the whole message, and answered by it.
TEST_P(Fragmentation, ARepeatedMessageIsAnsweredByTheSameFragments)
{
    PeerPair pair = FragmentingPair();
    BringMm3(pair);
    const std::vector<Flight> mm3 = TakeFlights(pair);
    for (const Flight& flight : mm3)
    {
        DeliverFlight(pair, flight);
    }
    const std::vector<Flight> mm4 = TakeFlights(pair);
    ASSERT_GT(mm4.size(), 2u);
    for (const Flight& flight : mm3)
    {
        EXPECT_EQ(pair.InFlight(), 0u);
        DeliverFlight(pair, flight);
    }
    const std::vector<Flight> again = TakeFlights(pair);
    ASSERT_EQ(again.size(), mm4.size());
    for (size_t i = 0; i < again.size(); i++)
    {
        EXPECT_EQ(again[i].octets, mm4[i].octets);
        EXPECT_TRUE(again[i].summary.repeated);
    }
}

TEST_P(Fragmentation, EqualSeedsGiveEqualFragments)
{
    std::vector<Octets> first;
    for (int run = 0; run < 2; run++)
    {
        PeerPair pair = FragmentingPair(5);
        pair.Acquire(m_initiator);
        pair.Settle();
        if (run == 1)
        {
            EXPECT_EQ(DifferentDatagrams(pair), first);
        }
        first = DifferentDatagrams(pair);
    }
}

TEST_P(Fragmentation, AForkCarriesTheFragmentsThatWait)
{
    PeerPair pair = FragmentingPair();
    BringMm3(pair);
    pair.Deliver();
    PeerPair fork = pair;
    pair.DeliverAll();
    fork.DeliverAll();
    EXPECT_TRUE(pair.AreTunnelsUp());
    EXPECT_TRUE(fork.AreTunnelsUp());
    EXPECT_EQ(DifferentDatagrams(fork), DifferentDatagrams(pair));
}

TEST_P(Fragmentation, LaddersShowOneLineForEachDatagram)
{
    PeerPair pair = FragmentingPair();
    BringMm3(pair);
    const std::vector<Flight> mm3 = TakeFlights(pair);
    const std::string of = "/" + std::to_string(mm3.size());
    for (size_t i = 0; i < mm3.size(); i++)
    {
        const MessageSummary& sent = mm3[i].summary;
        const bool isLast = i + 1 == mm3.size();
        const std::string number = "FRAG " + std::to_string(i + 1);
        const std::string payloads = " KE NONCE NAT-D NAT-D";
        EXPECT_EQ(sent.PayloadsText(), number + of + (isLast ? payloads : ""));
        EXPECT_EQ(sent.octets, mm3[i].octets.size());
        EXPECT_EQ(sent.EndsMessage(), isLast);

        const Effects effects = pair.InjectFrom(mm3[i].source, m_responder, mm3[i].octets);
        ASSERT_TRUE(effects.received);
        EXPECT_EQ(effects.received->PayloadsText(), number + (isLast ? of + payloads : ""));
        EXPECT_EQ(effects.received->octets, mm3[i].octets.size());
    }
}

} // namespace
} // namespace ipsec
} // namespace ns3
