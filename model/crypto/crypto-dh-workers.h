// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Who computes Diffie-Hellman secrets, and when: the choice of a program.
 */
#ifndef CRYPTO_DH_WORKERS_H
#define CRYPTO_DH_WORKERS_H

#include "crypto-work.h"

namespace ns3
{
namespace ipsec
{

/// How often the secret that two ends share is computed, if both are in this process.
enum class DhSharing
{
    ByEachEnd,   ///< twice, as two machines do
    OncePerPair, ///< once: the end that reads it later gets what the other one computed
};

/// How secrets are computed.
struct DhPlan
{
    unsigned threads = 0;
    DhSharing sharing = DhSharing::ByEachEnd;
    /// Work that was counted but not done, since the other end had done it.
    Work saved = {};
};

/**
 * While it lives, secrets are computed ahead of their readers by threads, or once for both ends, or
 * both. Neither changes any octet, nor the work that is counted: what is different is only which
 * thread computes, when, and how often. A later one takes the place of an earlier one, which is in
 * force again when the later one ends; so they must end in the opposite order.
 *
 * No process must be forked while threads live, unless it executes another program at once.
 */
class DhWorkers
{
  public:
    /// Most threads.
    static constexpr unsigned MAX_THREADS = 64;

    /**
     * @param threads 0 lets whoever reads a secret compute it; so do those that the system does
     *                not let start, which is no error
     * @param sharing each end by itself, or once for both
     */
    explicit DhWorkers(unsigned threads, DhSharing sharing = DhSharing::ByEachEnd);
    /// Waits for what threads have in hand; what they have not begun is left to its readers.
    ~DhWorkers();
    DhWorkers(const DhWorkers&) = delete;
    DhWorkers& operator=(const DhWorkers&) = delete;

    /// Returns the work that was counted but not done, since the other end had done it. It does not
    /// depend on threads.
    Work Saved() const;

  private:
    /// What was in force before.
    DhPlan m_before;
};

} // namespace ipsec
} // namespace ns3

#endif // CRYPTO_DH_WORKERS_H
