// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Diffie-Hellman secrets that are still to be computed, and the threads that do so ahead of their
 * readers.
 */
#ifndef CRYPTO_DH_JOBS_H
#define CRYPTO_DH_JOBS_H

#include "crypto-dh-workers.h"

#include "ns3/ipsec-octets.h"

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace ns3
{
namespace ipsec
{

/// One computation. It is done once, by the thread that begins it first.
class DhJob
{
  public:
    using Computation = std::function<SecretBytes()>;

    explicit DhJob(Computation computation);
    DhJob(const DhJob&) = delete;
    DhJob& operator=(const DhJob&) = delete;

  private:
    friend class DhJobs;

    enum class State : uint8_t
    {
        Waiting,
        InWork,
        Done,
    };

    // All guarded by the mutex of DhJobs; the result does not change once it is done.
    State m_state = State::Waiting;
    /// Forgotten as soon as it was done, with the exponent that it holds.
    Computation m_computation;
    SecretBytes m_secret;
    std::exception_ptr m_error;
};

/// All jobs of the process: who waits for a thread, and the threads.
class DhJobs
{
  public:
    /// Most jobs that wait for a thread: the main modes of ten thousand branches that all start at
    /// once, three times over. What has no place is computed by whoever reads it.
    static constexpr size_t MAX_WAITING = 65536;

    /// Returns the one object.
    static DhJobs& Get();

    DhJobs(const DhJobs&) = delete;
    DhJobs& operator=(const DhJobs&) = delete;

    /// Sets how secrets are computed from here on, and returns how they were until now. Threads
    /// start with the first job that is offered to them, as many as the system allows; those of
    /// before finish what they have in hand, and are waited for.
    DhPlan Set(const DhPlan& plan);
    bool HasWorkers() const;
    DhSharing Sharing() const;

    /// Notes that an end took a secret of this group from the other one.
    void NoteSaved(uint16_t group);
    /// Returns the work that this saved under the plan of now.
    Work Saved() const;

    /// @name What was computed since the process began, and what waits for a thread
    /// @{
    uint64_t ComputedByThreads() const;
    uint64_t ComputedByReaders() const;
    size_t Waiting() const;
    /// @}

    /// Lets a thread compute a job, if there are any. A job that nobody holds any more by the time
    /// that its turn comes is not computed.
    void Offer(const std::shared_ptr<DhJob>& job);
    /**
     * Returns what a job computes. Nobody has begun? Then the caller does it. Somebody else has?
     * Then the caller computes what waits meanwhile, if anything does.
     * @throws whatever the computation threw, in whichever thread it was.
     */
    const SecretBytes& Await(DhJob& job);

  private:
    using Lock = std::unique_lock<std::mutex>;

    DhJobs() = default;
    ~DhJobs() = default;

    void StartThreads();
    void RunThread();
    std::shared_ptr<DhJob> TakeWaiting();
    void Compute(DhJob& job, Lock& lock);

    mutable std::mutex m_mutex;
    std::condition_variable m_offered;
    std::condition_variable m_done;
    std::deque<std::weak_ptr<DhJob>> m_waiting;
    std::vector<std::thread> m_threads;
    DhPlan m_plan;
    bool m_isEnding = false;
    uint64_t m_byThreads = 0;
    uint64_t m_byReaders = 0;
};

} // namespace ipsec
} // namespace ns3

#endif // CRYPTO_DH_JOBS_H
