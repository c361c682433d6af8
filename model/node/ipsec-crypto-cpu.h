// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * A node's processor for cryptography: work takes time, and waits for a core.
 */
#ifndef IPSEC_CRYPTO_CPU_H
#define IPSEC_CRYPTO_CPU_H

#include "ipsec-cpu-costs.h"

#include "ns3/event-id.h"
#include "ns3/ipsec-fault.h"
#include "ns3/nstime.h"
#include "ns3/object.h"
#include "ns3/traced-callback.h"
#include "ns3/traced-value.h"

#include <array>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>

namespace ns3
{
namespace ipsec
{

/// What is kept in order: the effects of jobs of one lane leave in the order of the jobs.
enum class CpuLane : uint8_t
{
    Ike,
    Outbound,
    Inbound,
};

/// What becomes of a job when the queue is full.
enum class CpuAdmission : uint8_t
{
    MayDrop, ///< it comes from the network or from a host, and is lost
    Always,  ///< a timer or a command of the node itself waits in any case
};

/// What a job computed when it got its core.
struct CpuOutcome
{
    Work work;
    /// Happens when the time that the work costs is over.
    std::function<void()> effects;
};

/**
 * Makes cryptography take time. Every input of a node becomes a job. It waits until a core is free
 * and is then computed, really and at once; the core stays busy for as long as the work costs, and
 * only then the effects happen.
 *
 * The effects of one lane keep the order of its jobs, with any number of cores. Those of IKE also
 * wait for packets that began before, so that a Delete does not overtake what its SA still sent.
 */
class CryptoCpu : public Object
{
  public:
    static TypeId GetTypeId();
    CryptoCpu();
    ~CryptoCpu() override;

    /// A job that gets its core now, and says what it did.
    using Job = std::function<CpuOutcome()>;

    /// Sets cores, queue, limit and costs at once; only while nothing runs or waits.
    void SetProfile(const CpuProfile& profile);
    const CpuProfile& GetProfile() const;

    /// Tells whether nothing takes time, so that nobody needs to submit anything.
    bool
    IsFree() const
    {
        return m_profile.isFree;
    }

    /// Takes a job; false if the queue is full and the job may be dropped.
    bool Submit(CpuLane lane, CpuAdmission admission, Job job);
    /// Takes a job that comes before everything that waits in its lane.
    void SubmitFirst(CpuLane lane, Job job);
    /// Forgets all jobs, in whatever stage: the node crashed.
    void Reset();

    /// @name Counters, since the beginning
    /// @{
    /// Returns for how long cores were busy so far, all added up.
    Time BusyTime() const;
    /// Returns BusyTime() as a part of what the cores could have done since @p since, when it was
    /// @p busyThen.
    double Utilisation(Time since, Time busyThen) const;
    uint32_t QueueLength() const;
    uint32_t LongestQueue() const;
    uint64_t Jobs(CpuLane lane) const;
    uint64_t Drops(CpuLane lane) const;
    /// Returns how often each operation was done, and how many octets were encrypted.
    const Work& Done() const;
    /// @}

    /// @name Signatures of the trace sources
    /// @{
    typedef void (*UtilisationTracedCallback)(Time from, Time to, double busy);
    typedef void (*DropTracedCallback)(CpuLane lane);
    typedef void (*WaitTracedCallback)(CpuLane lane, Time waited);
    /// @}

  protected:
    void DoDispose() override;

  private:
    /// A job that waits.
    struct Waiting
    {
        uint64_t number = 0;
        Time since;
        Job job;
    };

    /// A job that has its core, or waits for others to be done.
    struct Flight
    {
        CpuLane lane = CpuLane::Ike;
        bool isDone = false;
        Time begun;
        EventId end;
        std::function<void()> effects;
    };

    static constexpr size_t LANES = 3;

    void SetProfileName(std::string name);
    std::string GetProfileName() const;
    void SetCores(uint32_t cores);
    uint32_t GetCores() const;
    void SetQueueName(std::string name);
    std::string GetQueueName() const;
    void SetQueueLimit(uint32_t limit);
    uint32_t GetQueueLimit() const;

    /// Gives jobs to free cores.
    void Dispatch();
    /// Returns the lane whose first job is next, or nothing.
    std::optional<CpuLane> NextLane() const;
    void Begin(CpuLane lane, const Job& job);
    void End(uint64_t flight);
    /// Lets effects happen whose turn it is.
    void Release();
    bool MayHappen(const Flight& flight, uint64_t number) const;
    void NoteQueue();
    /// Watches the next period, unless one is watched.
    void WatchPeriod();
    void EndPeriod();

    CpuProfile m_profile;
    std::string m_profileName = "free";
    std::array<std::deque<Waiting>, LANES> m_waiting;
    uint64_t m_nextNumber = 1;
    /// In the order in which they began.
    std::map<uint64_t, Flight> m_flights;
    uint64_t m_nextFlight = 1;
    uint32_t m_busyCores = 0;
    /// Of jobs that are done.
    Time m_busyTime;
    std::array<uint64_t, LANES> m_jobs{};
    std::array<uint64_t, LANES> m_drops{};
    uint32_t m_longestQueue = 0;
    Work m_done;
    Time m_period;
    EventId m_periodEnd;
    Time m_periodBegan;
    Time m_busyBefore;

    TracedValue<uint32_t> m_queueLength;
    TracedCallback<Time, Time, double> m_utilisationTrace;
    TracedCallback<CpuLane> m_dropTrace;
    TracedCallback<CpuLane, Time> m_waitTrace;
};

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_CRYPTO_CPU_H
