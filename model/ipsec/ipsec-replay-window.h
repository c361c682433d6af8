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

    /**
     * Returns which 64-bit number a packet of an SA with extended sequence numbers has, if it
     * carries @p low: the one that lies in the window or, if none does, next above it (RFC 4303
     * appendix A2.1). Only the ICV tells whether the guess was right. 0, which is never acceptable,
     * for a number from before the first.
     */
    uint64_t Extend(uint32_t low) const;
    /// Tells whether a packet with this number may be accepted. Number 0 never is.
    bool IsAcceptable(uint64_t sequence) const;
    /// Notes an acceptable packet whose ICV was right.
    void Accept(uint64_t sequence);

    /// Returns the highest number accepted, 0 before the first.
    uint64_t
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
    size_t WordOf(uint64_t sequence) const;

    uint32_t m_size;
    uint64_t m_highest = 0;
    /// One bit per sequence number; the number of words is a power of two.
    std::vector<uint64_t> m_ring;
};

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_REPLAY_WINDOW_H
