// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Anti-replay window.
 */
#ifndef IPSEC_REPLAY_WINDOW_H
#define IPSEC_REPLAY_WINDOW_H

#include <cstddef>
#include <cstdint>
#include <vector>

namespace ns3
{
namespace ipsec
{

/**
 * Remembers which sequence numbers arrived (RFC 4303 section 3.4.3, the ring of RFC 6479). It is
 * asked before the ICV is checked and moved after.
 */
class ReplayWindow
{
  public:
    /// @param size packets behind the newest that are accepted; 0 accepts everything.
    explicit ReplayWindow(uint32_t size);

    /// Tells whether a packet with this number may be accepted. Number 0 never is.
    bool IsAcceptable(uint32_t sequence) const;
    /// Notes an acceptable packet whose ICV was right.
    void Accept(uint32_t sequence);

    /// Returns the highest number accepted, 0 before the first.
    uint32_t
    Highest() const
    {
        return m_highest;
    }

    /// Returns how many packets behind the newest are accepted.
    uint32_t
    size() const
    {
        return m_size;
    }

  private:
    /// Returns the position in the ring of the word that holds the bit of @p sequence.
    size_t WordOf(uint32_t sequence) const;

    uint32_t m_size;
    uint32_t m_highest = 0;
    /// One bit per sequence number; the number of words is a power of two.
    std::vector<uint64_t> m_ring;
};

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_REPLAY_WINDOW_H
