// SPDX-License-Identifier: GPL-2.0-only
#include "vector-file.h"

#include "ns3/ipsec-replay-window.h"

#include <gtest/gtest.h>
#include <random>
#include <set>
#include <sstream>

namespace ns3
{
namespace ipsec
{
namespace
{

/// Asks the window and moves it if it says yes, as a receiver does.
bool
Receive(ReplayWindow& window, uint64_t sequence)
{
    const bool accepted = window.IsAcceptable(sequence);
    if (accepted)
    {
        window.Accept(sequence);
    }
    return accepted;
}

std::vector<uint64_t>
ReadSequences(const VectorBlock& block)
{
    std::istringstream text(block.Text("Sequences"));
    std::vector<uint64_t> sequences;
    for (uint64_t sequence = 0; text >> sequence;)
    {
        sequences.push_back(sequence);
    }
    return sequences;
}

/// Reads one verdict for each sequence number.
std::vector<bool>
ReadVerdicts(const VectorBlock& block, uint32_t size)
{
    std::vector<bool> verdicts;
    for (const char digit : block.Text("Accepted" + std::to_string(size)))
    {
        if (digit != ' ')
        {
            verdicts.push_back(digit == '1');
        }
    }
    return verdicts;
}

// Covers AR-03. bad input 99
TEST(ReplayWindow, GivesTheVerdictsOfEveryKnownSequence)
{
    size_t sequencesChecked = 0;
    const VectorFile file("replay-window.txt");
    for (const VectorBlock& block : file.Blocks())
    {
        SCOPED_TRACE(block.Text("Name"));
        const std::vector<uint64_t> sequences = ReadSequences(block);
        const uint64_t highest = block.Number("Highest");
        for (const uint32_t size : {32, 64, 128, 1024, 4096})
        {
            const std::vector<bool> verdicts = ReadVerdicts(block, size);
            ASSERT_EQ(verdicts.size(), sequences.size());
            ReplayWindow window(size);
            for (size_t i = 0; i < sequences.size(); i++)
            {
                ASSERT_EQ(Receive(window, sequences[i]), verdicts[i])
                    << "window " << size << ", position " << i << ", number " << sequences[i];
            }
            EXPECT_EQ(window.Highest(), highest);
            sequencesChecked++;
        }
    }
    EXPECT_EQ(sequencesChecked, 165u);
}

struct EdgeCase
{
    uint32_t size;
    uint64_t newest;
    uint64_t sequence;
    bool acceptable;
};

// Covers AR-03.
TEST(ReplayWindow, HasExactEdges)
{
    const EdgeCase cases[] = {
        {1, 10, 9, false},
        {1, 10, 11, true},
        {32, 1000, 969, true},
        {32, 1000, 968, false},
        {64, 1000, 937, true},
        {64, 1000, 936, false},
        {64, 1023, 960, true},
        {64, 1023, 959, false},
        {65, 1000, 936, true},
        {65, 1000, 935, false},
        {4096, 5000, 905, true},
        {4096, 5000, 904, false},
        {64, 0xffffffff, 0xffffffff - 63, true},
        {64, 0xffffffff, 0xffffffff - 64, false},
        {64, 0xffffffff, 0, false},
        {64, 0xffffffff, 1, false},
        {64, 10, 1, true},
        {64, 0x500000000, 0x500000000 - 63, true},
        {64, 0x500000000, 0x500000000 - 64, false},
        {4096, 0xffffffffffffffff, 0xffffffffffffffff - 4095, true},
        {4096, 0xffffffffffffffff, 0xffffffffffffffff - 4096, false},
    };
    for (const EdgeCase& row : cases)
    {
        ReplayWindow window(row.size);
        window.Accept(row.newest);
        EXPECT_EQ(window.IsAcceptable(row.sequence), row.acceptable)
            << "size " << row.size << ", newest " << row.newest << ", number " << row.sequence;
    }
}

// bad input 95
TEST(ReplayWindow, IsNotMovedByAQuestion)
{
    ReplayWindow window(32);
    window.Accept(1);
    EXPECT_TRUE(window.IsAcceptable(1000));
    EXPECT_EQ(window.Highest(), 1u);
    EXPECT_TRUE(window.IsAcceptable(2));
}

TEST(ReplayWindow, NeverAcceptsNumberZero)
{
    EXPECT_FALSE(ReplayWindow(64).IsAcceptable(0));
    EXPECT_FALSE(ReplayWindow(0).IsAcceptable(0));
}

// Covers AR-02.
TEST(ReplayWindow, OfSizeZeroAcceptsEverythingElse)
{
    ReplayWindow window(0);
    for (const uint64_t sequence : {5u, 5u, 1u, 0xffffffffu, 2u, 0xffffffffu})
    {
        EXPECT_TRUE(Receive(window, sequence)) << sequence;
    }
    EXPECT_EQ(window.Highest(), 0xffffffffu);
}

/// Gives a window the lower half of a number, as a receiver does. "F" for a wrong guess, which the
/// ICV tells and which must change nothing.
char
ReceiveExtended(ReplayWindow& window, uint64_t sequence)
{
    const uint64_t guess = window.Extend(static_cast<uint32_t>(sequence));
    if (!window.IsAcceptable(guess))
    {
        return 'R';
    }
    if (guess != sequence)
    {
        return 'F';
    }
    window.Accept(guess);
    return '1';
}

// Covers AR-03.
TEST(ReplayWindow, GuessesTheUpperHalfAsTheTableSays)
{
    ForEachVector("extended-sequence.txt",
                  [](VectorBlock& block)
                  {
                      block.Skip("Name");
                      ReplayWindow window(static_cast<uint32_t>(block.Number("Window")));
                      std::string verdicts;
                      for (const uint64_t sequence : ReadSequences(block))
                      {
                          verdicts += ReceiveExtended(window, sequence);
                      }
                      EXPECT_EQ(verdicts, block.Text("Verdicts"));
                      EXPECT_EQ(window.Highest(), block.Number("Highest"));
                  });
}

TEST(ReplayWindow, GuessesNothingBehindTheLastNumber)
{
    for (const uint32_t size : {0u, 32u, 4096u})
    {
        ReplayWindow window(size);
        window.Accept(0xffffffffffffffff);
        EXPECT_EQ(window.Extend(0xffffffff), 0xffffffffffffffff);
        EXPECT_EQ(window.Extend(0), 0u);
        EXPECT_EQ(window.Extend(5), 0u);
    }
}

// Covers AR-02.
TEST(ReplayWindow, OfSizeZeroStillFollowsTheUpperHalf)
{
    ReplayWindow window(0);
    for (const uint64_t sequence :
         {0x1ull, 0x80000000ull, 0xffffffffull, 0x100000003ull, 0xfffffff0ull, 0x100000003ull})
    {
        EXPECT_EQ(ReceiveExtended(window, sequence), '1') << sequence;
    }
}

/// Says what a receiver with unlimited memory would say.
class PlainWindow
{
  public:
    explicit PlainWindow(uint32_t size)
        : m_size(size)
    {
    }

    bool
    Receive(uint64_t sequence)
    {
        const bool old = sequence <= m_highest && m_highest - sequence >= m_size;
        if (sequence == 0 || old || !m_seen.insert(sequence).second)
        {
            return false;
        }
        m_highest = std::max(m_highest, sequence);
        return true;
    }

  private:
    uint32_t m_size;
    uint64_t m_highest = 0;
    std::set<uint64_t> m_seen;
};

// Covers AR-03.
TEST(ReplayWindow, AgreesWithAReceiverThatRemembersEverything)
{
    std::mt19937 generator(4303);
    for (const uint32_t size : {1, 31, 32, 63, 64, 65, 127, 128, 129, 1000})
    {
        ReplayWindow window(size);
        PlainWindow plain(size);
        uint32_t centre = 1;
        for (int i = 0; i < 3000; i++)
        {
            centre += generator() % 4 == 0 ? generator() % (3 * size) : generator() % 3;
            const uint32_t back = std::min<uint32_t>(centre, generator() % (2 * size));
            const uint64_t sequence = centre - back;
            ASSERT_EQ(Receive(window, sequence), plain.Receive(sequence))
                << "size " << size << ", step " << i << ", number " << sequence;
        }
    }
}

} // namespace
} // namespace ipsec
} // namespace ns3
