// SPDX-License-Identifier: GPL-2.0-only
#include "nat-ports.h"

namespace ns3
{
namespace ipsec
{

namespace
{

constexpr uint32_t PORT_COUNT = 65536;
constexpr uint32_t WORD_BITS = 64;
constexpr uint64_t ALL_BITS = ~uint64_t{0};
/// The even ports of a word.
constexpr uint64_t EVEN_BITS = 0x5555555555555555;

uint64_t
BitOf(uint32_t port)
{
    return uint64_t{1} << (port % WORD_BITS);
}

/// Returns the number of the lowest bit that is set.
uint32_t
LowestBit(uint64_t word)
{
    uint32_t bit = 0;
    while ((word & (uint64_t{1} << bit)) == 0)
    {
        ++bit;
    }
    return bit;
}

} // namespace

bool
NatPortRange::Contains(uint16_t port) const
{
    return port >= first && port <= last && (!parity || port % 2 == *parity);
}

NatPorts::NatPorts()
    : m_taken(PORT_COUNT / WORD_BITS)
{
}

bool
NatPorts::IsTaken(uint16_t port) const
{
    return (m_taken[port / WORD_BITS] & BitOf(port)) != 0;
}

void
NatPorts::Take(uint16_t port)
{
    m_taken[port / WORD_BITS] |= BitOf(port);
}

void
NatPorts::Release(uint16_t port)
{
    m_taken[port / WORD_BITS] &= ~BitOf(port);
}

std::optional<uint16_t>
NatPorts::NextFree(const NatPortRange& range, uint32_t start) const
{
    uint64_t wanted = ALL_BITS;
    if (range.parity)
    {
        wanted = *range.parity == 0 ? EVEN_BITS : ~EVEN_BITS;
    }
    if (start < range.first || start > range.last)
    {
        start = range.first;
    }
    std::optional<uint16_t> found = FirstFree(start, range.last, wanted);
    if (!found && start > range.first)
    {
        found = FirstFree(range.first, start - 1, wanted);
    }
    return found;
}

std::optional<uint16_t>
NatPorts::FirstFree(uint32_t from, uint32_t to, uint64_t wanted) const
{
    for (uint32_t word = from / WORD_BITS; word <= to / WORD_BITS; ++word)
    {
        uint64_t free = ~m_taken[word] & wanted;
        if (word == from / WORD_BITS)
        {
            free &= ALL_BITS << (from % WORD_BITS);
        }
        if (word == to / WORD_BITS)
        {
            free &= ALL_BITS >> (WORD_BITS - 1 - to % WORD_BITS);
        }
        if (free != 0)
        {
            return static_cast<uint16_t>(word * WORD_BITS + LowestBit(free));
        }
    }
    return std::nullopt;
}

} // namespace ipsec
} // namespace ns3
