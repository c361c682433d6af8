// SPDX-License-Identifier: GPL-2.0-only
#include "crypto-dh-jobs.h"

#include <csignal>
#include <system_error>
#include <utility>

namespace ns3
{
namespace ipsec
{

namespace
{

/// While it lives, threads that this one starts get no signals: those are the program's business.
class SignalsBlocked
{
  public:
    SignalsBlocked()
    {
        sigset_t all;
        sigfillset(&all);
        pthread_sigmask(SIG_SETMASK, &all, &m_before);
    }

    ~SignalsBlocked()
    {
        pthread_sigmask(SIG_SETMASK, &m_before, nullptr);
    }

    SignalsBlocked(const SignalsBlocked&) = delete;
    SignalsBlocked& operator=(const SignalsBlocked&) = delete;

  private:
    sigset_t m_before{};
};

} // namespace

DhJob::DhJob(Computation computation)
    : m_computation(std::move(computation))
{
}

DhJobs&
DhJobs::Get()
{
    // It never goes: secrets may be held by objects that the program destroys last.
    static DhJobs& jobs = *new DhJobs();
    return jobs;
}

DhPlan
DhJobs::Set(const DhPlan& plan)
{
    std::vector<std::thread> ended;
    DhPlan before;
    {
        const Lock lock(m_mutex);
        ended.swap(m_threads);
        m_isEnding = true;
        before = m_plan;
        m_plan.threads = 0;
    }
    m_offered.notify_all();
    for (std::thread& thread : ended)
    {
        thread.join();
    }
    const Lock lock(m_mutex);
    m_waiting.clear();
    m_isEnding = false;
    m_plan = plan;
    return before;
}

bool
DhJobs::HasWorkers() const
{
    const Lock lock(m_mutex);
    return m_plan.threads > 0;
}

DhSharing
DhJobs::Sharing() const
{
    const Lock lock(m_mutex);
    return m_plan.sharing;
}

void
DhJobs::NoteSaved(uint16_t group)
{
    const Lock lock(m_mutex);
    m_plan.saved.Add(WorkKind::DhDerive, group);
}

Work
DhJobs::Saved() const
{
    const Lock lock(m_mutex);
    return m_plan.saved;
}

uint64_t
DhJobs::ComputedByThreads() const
{
    const Lock lock(m_mutex);
    return m_byThreads;
}

uint64_t
DhJobs::ComputedByReaders() const
{
    const Lock lock(m_mutex);
    return m_byReaders;
}

size_t
DhJobs::Waiting() const
{
    const Lock lock(m_mutex);
    return m_waiting.size();
}

void
DhJobs::Offer(const std::shared_ptr<DhJob>& job)
{
    const Lock lock(m_mutex);
    if (m_threads.size() < m_plan.threads)
    {
        StartThreads();
    }
    if (m_threads.empty() || m_waiting.size() >= MAX_WAITING)
    {
        return;
    }
    m_waiting.push_back(job);
    m_offered.notify_one();
}

void
DhJobs::StartThreads()
{
    const SignalsBlocked blocked;
    try
    {
        while (m_threads.size() < m_plan.threads)
        {
            m_threads.emplace_back(&DhJobs::RunThread, this);
        }
    }
    catch (const std::system_error&)
    {
        // The system has no room for more: nothing depends on their number but time.
        m_plan.threads = static_cast<unsigned>(m_threads.size());
    }
}

const SecretBytes&
DhJobs::Await(DhJob& job)
{
    Lock lock(m_mutex);
    while (job.m_state != DhJob::State::Done)
    {
        if (job.m_state == DhJob::State::Waiting)
        {
            m_byReaders++;
            Compute(job, lock);
        }
        else if (const std::shared_ptr<DhJob> other = TakeWaiting())
        {
            m_byReaders++;
            Compute(*other, lock);
        }
        else
        {
            m_done.wait(lock);
        }
    }
    if (job.m_error)
    {
        std::rethrow_exception(job.m_error);
    }
    return job.m_secret;
}

void
DhJobs::RunThread()
{
    Lock lock(m_mutex);
    while (!m_isEnding)
    {
        if (const std::shared_ptr<DhJob> job = TakeWaiting())
        {
            m_byThreads++;
            Compute(*job, lock);
        }
        else
        {
            m_offered.wait(lock);
        }
    }
}

/// Takes the job that has waited longest and is still wanted, or null.
std::shared_ptr<DhJob>
DhJobs::TakeWaiting()
{
    while (!m_waiting.empty())
    {
        std::shared_ptr<DhJob> job = m_waiting.front().lock();
        m_waiting.pop_front();
        if (job && job->m_state == DhJob::State::Waiting)
        {
            return job;
        }
    }
    return nullptr;
}

/// Does a job that waits, and lets others work meanwhile.
void
DhJobs::Compute(DhJob& job, Lock& lock)
{
    job.m_state = DhJob::State::InWork;
    DhJob::Computation computation = std::exchange(job.m_computation, nullptr);
    SecretBytes secret;
    std::exception_ptr error;
    lock.unlock();
    try
    {
        secret = computation();
    }
    catch (...)
    {
        error = std::current_exception();
    }
    computation = nullptr;
    lock.lock();
    job.m_secret = std::move(secret);
    job.m_error = error;
    job.m_state = DhJob::State::Done;
    m_done.notify_all();
}

} // namespace ipsec
} // namespace ns3
