// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-replay-window.h"

#include <algorithm>
#include <cassert>

namespace ns3
{
namespace ipsec
{

namespace
{

constexpr uint32_t WORD_BITS = 64;
/// Packets behind the newest that may still come late where nothing is checked, as in the largest
/// window: without a window the upper half of a number has to be guessed as well.
constexpr uint32_t GUESS_WINDOW = 4096;
/// Upper half of the last numbers of all.
constexpr uint64_t LAST_HIGH = 0xffffffff;

/// Returns how many words a ring needs: one more than the window fills, because its ends may lie
/// inside words, and a power of two, so that a mask finds the word.
size_t
RingWords(uint32_t size)
{
    const size_t touched = (static_cast<size_t>(size) + WORD_BITS - 1) / WORD_BITS + 1;
    size_t words = 1;
    while (words < touched)
    {
        words *= 2;
    }
    return words;
}

uint64_t
BitOf(uint64_t sequence)
{
    return uint64_t{1} << (sequence % WORD_BITS);
}

} // namespace

ReplayWindow::ReplayWindow(uint32_t size)
    : m_size(size)
    , m_ring(size == 0 ? 0 : RingWords(size))
{
}

size_t
ReplayWindow::WordOf(uint64_t sequence) const
{
    return (sequence / WORD_BITS) & (m_ring.size() - 1);
}

uint64_t
ReplayWindow::Extend(uint32_t low) const
{
    const uint32_t size = m_size == 0 ? GUESS_WINDOW : m_size;
    const uint64_t high = m_highest >> 32;
    const uint32_t top = static_cast<uint32_t>(m_highest);
    const uint32_t bottom = top - (size - 1);
    if (top >= size - 1)
    {
        // Case A: the window lies within one round of the lower half.
        const bool isNextRound = low < bottom;
        return isNextRound && high == LAST_HIGH ? 0 : (high + (isNextRound ? 1 : 0)) << 32 | low;
    }
    // Case B: its lower end lies in the round before.
    const bool isLastRound = low >= bottom;
    return isLastRound && high == 0 ? 0 : (high - (isLastRound ? 1 : 0)) << 32 | low;
}

bool
ReplayWindow::IsAcceptable(uint64_t sequence) const
{
    if (sequence == 0)
    {
        return false;
    }
    if (m_size == 0 || sequence > m_highest)
    {
        return true;
    }
    if (m_highest - sequence >= m_size)
    {
        return false;
    }
    return (m_ring[WordOf(sequence)] & BitOf(sequence)) == 0;
}

void
ReplayWindow::Accept(uint64_t sequence)
{
    assert(IsAcceptable(sequence));
    if (m_size == 0)
    {
        m_highest = std::max(m_highest, sequence);
        return;
    }
    if (sequence > m_highest)
    {
        // The words between the old and the new end still hold bits of an earlier round.
        const uint64_t steps = sequence / WORD_BITS - m_highest / WORD_BITS;
        const size_t cleared = std::min<uint64_t>(steps, m_ring.size());
        for (size_t i = 0; i < cleared; i++)
        {
            m_ring[WordOf(sequence - i * WORD_BITS)] = 0;
        }
        m_highest = sequence;
    }
    m_ring[WordOf(sequence)] |= BitOf(sequence);
}

} // namespace ipsec
} // namespace ns3
