// SPDX-License-Identifier: GPL-2.0-only
#include "crypto-dh-jobs.h"

#include <csignal>
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

void
DhJobs::Set(unsigned threads, DhSharing sharing)
{
    std::vector<std::thread> ended;
    {
        const Lock lock(m_mutex);
        ended.swap(m_threads);
        m_isEnding = true;
        m_wanted = 0;
        m_sharing = sharing;
        m_saved = Work();
    }
    m_offered.notify_all();
    for (std::thread& thread : ended)
    {
        thread.join();
    }
    const Lock lock(m_mutex);
    m_waiting.clear();
    m_isEnding = false;
    m_wanted = threads;
}

bool
DhJobs::HasWorkers() const
{
    const Lock lock(m_mutex);
    return m_wanted > 0;
}

DhSharing
DhJobs::Sharing() const
{
    const Lock lock(m_mutex);
    return m_sharing;
}

void
DhJobs::NoteSaved(uint16_t group)
{
    const Lock lock(m_mutex);
    m_saved.Add(WorkKind::DhDerive, group);
}

Work
DhJobs::Saved() const
{
    const Lock lock(m_mutex);
    return m_saved;
}

void
DhJobs::Offer(const std::shared_ptr<DhJob>& job)
{
    const Lock lock(m_mutex);
    if (m_wanted == 0 || m_waiting.size() >= MAX_WAITING)
    {
        return;
    }
    m_waiting.push_back(job);
    if (m_threads.size() < m_wanted)
    {
        StartThreads();
    }
    m_offered.notify_one();
}

void
DhJobs::StartThreads()
{
    const SignalsBlocked blocked;
    while (m_threads.size() < m_wanted)
    {
        m_threads.emplace_back(&DhJobs::RunThread, this);
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
            Compute(job, lock);
        }
        else if (const std::shared_ptr<DhJob> other = TakeWaiting())
        {
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
