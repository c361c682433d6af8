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
BitOf(uint32_t sequence)
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
ReplayWindow::WordOf(uint32_t sequence) const
{
    return (sequence / WORD_BITS) & (m_ring.size() - 1);
}

bool
ReplayWindow::IsAcceptable(uint32_t sequence) const
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
ReplayWindow::Accept(uint32_t sequence)
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
        const uint32_t steps = sequence / WORD_BITS - m_highest / WORD_BITS;
        const size_t cleared = std::min<size_t>(steps, m_ring.size());
        for (size_t i = 0; i < cleared; i++)
        {
            m_ring[WordOf(sequence - static_cast<uint32_t>(i) * WORD_BITS)] = 0;
        }
        m_highest = sequence;
    }
    m_ring[WordOf(sequence)] |= BitOf(sequence);
}

} // namespace ipsec
} // namespace ns3
