// SPDX-License-Identifier: GPL-2.0-only
// CVE-2016-10396 was work that grew with the square of the fragments.
#include "fragment-samples.h"
#include "recorded-handshake.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <random>

namespace ns3
{
namespace ipsec
{
namespace
{

using std::chrono::seconds;

const IpAddress PAYER = IpAddress::Parse("192.0.2.1");
const Reassembly::Origin ORIGIN{7, PAYER, {PAYER, IKE_PORT}};

class ReassemblyTable : public testing::Test
{
  protected:
    Reassembly::Outcome
    Take(const ReadOne& one)
    {
        return m_reassembly.Take(m_now, ORIGIN, one.header, one.fragment);
    }

    /// Takes a fragment that nobody split off a message.
    Reassembly::Outcome
    Take(uint8_t number, bool isLast, size_t octets = 10, uint16_t id = 1)
    {
        return Take({m_parts[0].header, {id, number, isLast, Octets(octets, number)}});
    }

    void
    ExpectEmpty() const
    {
        EXPECT_EQ(m_reassembly.Sets(PAYER), 0u);
        EXPECT_EQ(m_reassembly.OctetsHeld(PAYER), 0u);
        EXPECT_FALSE(m_reassembly.NextDeadline());
    }

    Instant m_now{};
    Reassembly m_reassembly;
    const Octets m_message = LargeMessage(450);
    const std::vector<ReadOne> m_parts = Split(m_message, 100);
};

TEST_F(ReassemblyTable, ReadsWhatStrongSwanSends)
{
    const RecordedHandshake recorded = RecordedHandshake::Read("live/rsasig-main-fragmented.txt");
    for (const RecordedMessage& message : recorded.messages)
    {
        if (message.fragment.empty())
        {
            continue;
        }
        const Reassembly::Outcome outcome = Take(Read(message.wire));
        EXPECT_EQ(outcome.refusal, std::nullopt);
        EXPECT_EQ(outcome.whole.value_or(Octets{}), message.reassembled);
    }
}

TEST_F(ReassemblyTable, JoinsFragmentsInAnyOrder)
{
    ASSERT_EQ(m_parts.size(), 5u);
    std::vector<size_t> order = {0, 1, 2, 3, 4};
    do
    {
        m_reassembly = Reassembly();
        for (size_t i = 0; i < order.size(); i++)
        {
            const Reassembly::Outcome outcome = Take(m_parts[order[i]]);
            ASSERT_EQ(outcome.refusal, std::nullopt);
            ASSERT_EQ(outcome.whole.has_value(), i == 4);
            if (outcome.whole)
            {
                ASSERT_EQ(*outcome.whole, m_message);
            }
        }
    } while (std::next_permutation(order.begin(), order.end()));
}

TEST_F(ReassemblyTable, IgnoresCopiesOfAFragment)
{
    Take(m_parts[0]);
    EXPECT_EQ(Take(m_parts[0]).refusal, Fault::Duplicate);
    for (size_t i = 1; i < 4; i++)
    {
        EXPECT_FALSE(Take(m_parts[i]).whole);
        EXPECT_EQ(Take(m_parts[i]).refusal, Fault::Duplicate);
    }
    EXPECT_EQ(Take(m_parts[4]).whole, m_message);
}

TEST_F(ReassemblyTable, ACopyBehindTheMessageBelongsToIt)
{
    for (const ReadOne& part : m_parts)
    {
        Take(part);
    }
    EXPECT_EQ(Take(m_parts[4]).refusal, std::nullopt);
    EXPECT_EQ(Take(m_parts[4]).refusal, Fault::Duplicate);
    m_now += Reassembly::TIMEOUT;
    EXPECT_TRUE(m_reassembly.Expire(m_now).empty()); // nothing was incomplete
    ExpectEmpty();
}

TEST_F(ReassemblyTable, AMessageSentAgainIsThereAgain)
{
    for (int copy = 0; copy < 3; copy++)
    {
        for (size_t i = 0; i < 4; i++)
        {
            EXPECT_FALSE(Take(m_parts[i]).whole) << copy << " " << i;
        }
        EXPECT_EQ(Take(m_parts[4]).whole, m_message) << copy;
    }
    EXPECT_EQ(m_reassembly.Sets(PAYER), 1u);
    EXPECT_EQ(m_reassembly.OctetsHeld(PAYER), m_message.size());
}

TEST_F(ReassemblyTable, TheNextMessageMayHaveTheSameId)
{
    for (const ReadOne& part : m_parts)
    {
        Take(part);
    }
    Take(m_parts[4]); // a late copy
    const Octets next = LargeMessage(350, 1);
    const std::vector<ReadOne> parts = Split(next, 100);
    for (size_t i = 0; i < 3; i++)
    {
        EXPECT_FALSE(Take(parts[i]).whole);
    }
    EXPECT_EQ(Take(parts[3]).whole, next);
}

// bad input 87: contradictions
TEST_F(ReassemblyTable, RefusesTheWholeSetIfOneFragmentContradictsIt)
{
    struct Row
    {
        const char* name;
        uint8_t number;
        bool isLast;
        size_t octets;
    };

    // The set holds number 2 of ten octets, and number 4 of ten octets, which is the last.
    const Row rows[] = {
        {"number 0", 0, false, 10},
        {"number 0 and last", 0, true, 10},
        {"other data", 2, false, 9},
        {"last of the same data", 2, true, 10},
        {"not last of the same data", 4, false, 10},
        {"a second last in front", 3, true, 10},
        {"a second last behind", 5, true, 10},
        {"behind the last", 5, false, 10},
        {"255", 255, false, 10},
    };
    for (const Row& row : rows)
    {
        EXPECT_EQ(Take(2, false).refusal, std::nullopt);
        EXPECT_EQ(Take(4, true).refusal, std::nullopt);
        EXPECT_EQ(Take(row.number, row.isLast, row.octets).refusal, Fault::FragmentRefused)
            << row.name;
        ExpectEmpty();
    }
}

// bad input 87: a last fragment below one that is there
TEST_F(ReassemblyTable, RefusesALastFragmentInFrontOfAnother)
{
    Take(9, false);
    EXPECT_EQ(Take(8, true).refusal, Fault::FragmentRefused);
    ExpectEmpty();
}

TEST_F(ReassemblyTable, KeepsAnotherIdApart)
{
    Take(2, false, 10, 1);
    EXPECT_EQ(Take(2, true, 20, 2).refusal, std::nullopt);
    EXPECT_EQ(m_reassembly.Sets(PAYER), 2u);
}

TEST_F(ReassemblyTable, DoesNotJoinWhatCameFromElsewhere)
{
    Reassembly::Origin other = ORIGIN;
    other.remote.port = 501;
    for (size_t i = 0; i < 4; i++)
    {
        Take(m_parts[i]);
    }
    const auto outcome = m_reassembly.Take(m_now, other, m_parts[4].header, m_parts[4].fragment);
    EXPECT_FALSE(outcome.whole);
    EXPECT_EQ(Take(m_parts[4]).whole, m_message);
}

// bad input 87: gaps and overlap change the length, which the message itself tells
TEST_F(ReassemblyTable, RefusesWhatIsNotAsLongAsItSays)
{
    for (const size_t part : {size_t{0}, size_t{2}, size_t{4}})
    {
        for (const int change : {-1, 1})
        {
            Reassembly::Outcome outcome;
            for (size_t i = 0; i < m_parts.size(); i++)
            {
                ReadOne one = m_parts[i];
                one.fragment.data.resize(one.fragment.data.size() + (i == part ? change : 0));
                outcome = Take(one);
            }
            EXPECT_EQ(outcome.refusal, Fault::FragmentRefused);
            EXPECT_FALSE(outcome.whole);
            ExpectEmpty();
        }
    }
}

// bad input 88
TEST_F(ReassemblyTable, RefusesFragmentsOfAFragment)
{
    IsakmpHeader header = m_parts[0].header;
    header.nextPayload = PayloadType::Fragment;
    const Octets inner =
        WriteIsakmpMessage(header,
                           WritePayloadChain({{PayloadType::Fragment,
                                               WriteFragmentPayload({1, 1, true, Octets(200)})}}));
    Reassembly::Outcome outcome;
    for (const ReadOne& part : Split(inner, 100))
    {
        outcome = Take(part);
    }
    EXPECT_EQ(outcome.refusal, Fault::FragmentRefused);
    ExpectEmpty();
}

TEST_F(ReassemblyTable, RefusesAMessageOfAnotherIkeSa)
{
    ReadOne whole = m_parts[0];
    whole.fragment = {1, 1, true, m_message};
    EXPECT_EQ(Take(whole).whole, m_message);
    m_reassembly = Reassembly();
    for (size_t octet = 0; octet < 16; octet++)
    {
        ReadOne changed = whole;
        changed.fragment.data[octet] ^= 1;
        EXPECT_EQ(Take(changed).refusal, Fault::FragmentRefused) << octet;
    }
    ExpectEmpty();
}

TEST_F(ReassemblyTable, JoinsAsManyFragmentsAsHaveNumbers)
{
    const Octets message = LargeMessage(255 * 100);
    std::vector<ReadOne> parts = Split(message, 100);
    std::reverse(parts.begin(), parts.end());
    std::optional<Octets> whole;
    for (const ReadOne& part : parts)
    {
        whole = Take(part).whole;
    }
    EXPECT_EQ(whole, message);
}

// bad input 87: number of sets
TEST_F(ReassemblyTable, KeepsSixteenMessagesOfAnAddressAndPushesOutTheOldest)
{
    for (uint16_t id = 1; id <= 16; id++)
    {
        EXPECT_EQ(Take(2, false, 10, id).pushedOut, 0u);
        m_now += seconds(1);
    }
    for (uint16_t id = 17; id <= 1000; id++)
    {
        EXPECT_EQ(Take(2, false, 10, id).pushedOut, 1u) << id;
        ASSERT_EQ(m_reassembly.Sets(PAYER), Reassembly::MAX_SETS);
    }
    // 985 to 1000 are left.
    EXPECT_EQ(Take(2, false, 10, 985).refusal, Fault::Duplicate);
    EXPECT_EQ(Take(2, false, 10, 984).refusal, std::nullopt);
}

TEST_F(ReassemblyTable, PushesOutCompleteMessagesFirst)
{
    Take(2, false, 10, 2);
    m_now += seconds(1);
    for (const ReadOne& part : m_parts)
    {
        Take(part);
    }
    for (uint16_t id = 3; id <= 17; id++)
    {
        EXPECT_EQ(Take(2, false, 10, id).pushedOut, 0u);
    }
    EXPECT_EQ(m_reassembly.Sets(PAYER), Reassembly::MAX_SETS);
    EXPECT_EQ(Take(2, false, 10, 2).refusal, Fault::Duplicate);
}

// bad input 87: size
TEST_F(ReassemblyTable, KeepsNoMoreThan64KilobytesOfAnAddress)
{
    for (uint16_t id = 1; id <= 100; id++)
    {
        for (uint8_t number = 2; number <= 20; number++)
        {
            EXPECT_EQ(Take(number, false, 1000, id).refusal, std::nullopt);
            ASSERT_LE(m_reassembly.OctetsHeld(PAYER), Reassembly::MAX_OCTETS);
        }
    }
    EXPECT_GT(m_reassembly.OctetsHeld(PAYER), Reassembly::MAX_OCTETS - 20000);
}

// bad input 87: size
TEST_F(ReassemblyTable, RefusesAMessageThatIsLargerThanAnyMayBe)
{
    for (uint8_t number = 1; number <= 65; number++)
    {
        EXPECT_EQ(Take(number, false, 1000).refusal, std::nullopt);
    }
    EXPECT_EQ(Take(66, false, 1000).refusal, Fault::FragmentLimit);
    ExpectEmpty();
}

TEST_F(ReassemblyTable, OneAddressDoesNotPushOutTheMessagesOfAnother)
{
    Take(m_parts[0]);
    const Reassembly::Origin other{8, IpAddress::Parse("192.0.2.9"), {}};
    for (uint16_t id = 1; id <= 100; id++)
    {
        m_reassembly.Take(m_now, other, m_parts[0].header, {id, 2, false, Octets(5000)});
    }
    EXPECT_EQ(m_reassembly.Sets(PAYER), 1u);
    EXPECT_LE(m_reassembly.OctetsHeld(other.payer), Reassembly::MAX_OCTETS);
}

// bad input 87: time
TEST_F(ReassemblyTable, GivesUpAMessageThatStaysIncomplete)
{
    m_now += seconds(5);
    Take(m_parts[0]);
    m_now += seconds(10);
    Take(m_parts[1]);
    EXPECT_EQ(m_reassembly.NextDeadline(), Instant{} + seconds(5) + Reassembly::TIMEOUT);
    m_now = *m_reassembly.NextDeadline() - Duration(1);
    EXPECT_TRUE(m_reassembly.Expire(m_now).empty());
    const std::vector<Reassembly::Origin> gone = m_reassembly.Expire(m_now + Duration(1));
    ASSERT_EQ(gone.size(), 1u);
    EXPECT_EQ(gone[0].ikeSa, ORIGIN.ikeSa);
    EXPECT_EQ(gone[0].remote, ORIGIN.remote);
    ExpectEmpty();
}

TEST_F(ReassemblyTable, ForgetsWhatCameForOneIkeSa)
{
    Reassembly::Origin other = ORIGIN;
    other.ikeSa = 8;
    Take(2, false, 10, 1);
    Take(2, false, 10, 2);
    m_reassembly.Take(m_now, other, m_parts[0].header, m_parts[0].fragment);
    m_reassembly.Forget(ORIGIN.ikeSa, PAYER);
    EXPECT_EQ(m_reassembly.Sets(PAYER), 1u);
    m_reassembly.Forget(8, PAYER);
    ExpectEmpty();
}

TEST_F(ReassemblyTable, ACopyGoesItsOwnWay)
{
    Take(m_parts[0]);
    Reassembly copy = m_reassembly;
    m_reassembly.Forget(ORIGIN.ikeSa, PAYER);
    for (size_t i = 1; i < m_parts.size(); i++)
    {
        const auto outcome = copy.Take(m_now, ORIGIN, m_parts[i].header, m_parts[i].fragment);
        EXPECT_EQ(outcome.whole.has_value(), i + 1 == m_parts.size());
    }
}

// bad input 87: whatever comes, the account is right and the bounds hold
TEST_F(ReassemblyTable, KeepsItsAccountThroughRandomFragments)
{
    std::mt19937 random(4); // fixed seed
    for (int i = 0; i < 20000; i++)
    {
        const auto id = static_cast<uint16_t>(random() % 20);
        const auto number = static_cast<uint8_t>(random() % 6 == 0 ? random() : random() % 5);
        Take(number, random() % 4 == 0, 1 + random() % (random() % 20 == 0 ? 60000 : 20), id);
        m_now += std::chrono::milliseconds(random() % 500);
        m_reassembly.Expire(m_now);
        ASSERT_LE(m_reassembly.Sets(PAYER), Reassembly::MAX_SETS);
        ASSERT_LE(m_reassembly.OctetsHeld(PAYER), Reassembly::MAX_OCTETS);
    }
    m_reassembly.Forget(ORIGIN.ikeSa, PAYER);
    ExpectEmpty();
}

} // namespace
} // namespace ipsec
} // namespace ns3
