// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/crypto-dh-jobs.h"

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <future>
#include <gtest/gtest.h>
#include <memory>
#include <optional>
#include <pthread.h>
#include <stdexcept>
#include <string>
#include <sys/resource.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace ns3
{
namespace ipsec
{
namespace
{

constexpr unsigned WORKERS[] = {0, 1, 2};
/// Longer than any test waits that passes.
constexpr std::chrono::seconds PATIENCE{20};

SecretBytes
SecretOf(const std::string& text)
{
    return SecretBytes(AsOctets(text));
}

std::shared_ptr<DhJob>
JobOf(DhJob::Computation computation)
{
    return std::make_shared<DhJob>(std::move(computation));
}

/// Keeps one worker busy until it is told to go on.
class BusyWorker
{
  public:
    BusyWorker()
    {
        m_job = JobOf(
            [this]()
            {
                m_begun.set_value();
                m_goOn.get_future().wait_for(PATIENCE);
                m_thread = std::this_thread::get_id();
                return SecretOf("busy");
            });
        DhJobs::Get().Offer(m_job);
        m_begun.get_future().wait_for(PATIENCE);
    }

    ~BusyWorker()
    {
        GoOn();
        DhJobs::Get().Await(*m_job);
    }

    void
    GoOn()
    {
        if (!m_isTold)
        {
            m_isTold = true;
            m_goOn.set_value();
        }
    }

    /// Waits for its end, and returns the thread that worked.
    std::thread::id
    Thread()
    {
        DhJobs::Get().Await(*m_job);
        return m_thread;
    }

  private:
    std::promise<void> m_begun;
    std::promise<void> m_goOn;
    std::shared_ptr<DhJob> m_job;
    std::thread::id m_thread;
    bool m_isTold = false;
};

TEST(DhJobs, WorkersComputeAheadOfReaders)
{
    const DhWorkers scope(1);
    std::promise<std::thread::id> computed;
    const auto job = JobOf(
        [&]()
        {
            computed.set_value(std::this_thread::get_id());
            return SecretOf("s");
        });
    DhJobs::Get().Offer(job);
    std::future<std::thread::id> thread = computed.get_future();
    ASSERT_EQ(thread.wait_for(PATIENCE), std::future_status::ready);
    EXPECT_NE(thread.get(), std::this_thread::get_id());
    EXPECT_EQ(DhJobs::Get().Await(*job).View(), AsOctets("s"));
}

TEST(DhJobs, AReaderComputesWhatNobodyHasBegun)
{
    for (const unsigned workers : {0U, 1U})
    {
        const DhWorkers scope(workers);
        std::optional<BusyWorker> busy;
        if (workers > 0)
        {
            busy.emplace();
        }
        std::thread::id thread;
        const auto job = JobOf(
            [&]()
            {
                thread = std::this_thread::get_id();
                return SecretOf("s");
            });
        DhJobs::Get().Offer(job);
        EXPECT_EQ(DhJobs::Get().Await(*job).View(), AsOctets("s"));
        EXPECT_EQ(thread, std::this_thread::get_id());
    }
}

TEST(DhJobs, AReaderComputesOthersWhileItsOwnIsInWork)
{
    const DhWorkers scope(1);
    std::promise<void> begun;
    std::promise<void> otherDone;
    const auto own = JobOf(
        [&]()
        {
            begun.set_value();
            const auto status = otherDone.get_future().wait_for(PATIENCE);
            return SecretOf(status == std::future_status::ready ? "helped" : "waited in vain");
        });
    DhJobs::Get().Offer(own);
    begun.get_future().wait();
    std::thread::id thread;
    const auto other = JobOf(
        [&]()
        {
            thread = std::this_thread::get_id();
            otherDone.set_value();
            return SecretOf("o");
        });
    DhJobs::Get().Offer(other);
    EXPECT_EQ(DhJobs::Get().Await(*own).View(), AsOctets("helped"));
    EXPECT_EQ(thread, std::this_thread::get_id());
}

TEST(DhJobs, EachIsComputedOnce)
{
    const DhWorkers scope(2);
    int times[64] = {};
    std::vector<std::shared_ptr<DhJob>> jobs;
    for (int& count : times)
    {
        jobs.push_back(JobOf(
            [&count]()
            {
                count++;
                return SecretOf("s");
            }));
        DhJobs::Get().Offer(jobs.back());
        DhJobs::Get().Offer(jobs.back());
    }
    for (size_t i = 0; i < jobs.size(); i++)
    {
        DhJobs::Get().Await(*jobs[i]);
        DhJobs::Get().Await(*jobs[i]);
        EXPECT_EQ(times[i], 1) << i;
    }
}

TEST(DhJobs, AnErrorComesOutAtEveryReader)
{
    for (const unsigned workers : WORKERS)
    {
        const DhWorkers scope(workers);
        const auto job = JobOf([]() -> SecretBytes
                               { throw std::runtime_error("OpenSSL failed in arithmetic"); });
        DhJobs::Get().Offer(job);
        for (int i = 0; i < 2; i++)
        {
            std::string sentence;
            try
            {
                DhJobs::Get().Await(*job);
            }
            catch (const std::runtime_error& error)
            {
                sentence = error.what();
            }
            EXPECT_EQ(sentence, "OpenSSL failed in arithmetic") << workers;
        }
    }
}

TEST(DhJobs, WhatWaitsWhenWorkersEndIsLeftToItsReaders)
{
    std::vector<std::shared_ptr<DhJob>> jobs;
    std::optional<DhWorkers> scope(std::in_place, 1U);
    auto busy = std::make_unique<BusyWorker>();
    std::thread::id thread;
    const auto waiting = JobOf(
        [&]()
        {
            thread = std::this_thread::get_id();
            return SecretOf("s");
        });
    DhJobs::Get().Offer(waiting);
    // The worker must not take it between the end of its job and its own: so they end together.
    std::thread teller(
        [&]()
        {
            while (DhJobs::Get().HasWorkers())
            {
                std::this_thread::yield();
            }
            busy->GoOn();
        });
    scope.reset();
    teller.join();
    EXPECT_NE(busy->Thread(), std::this_thread::get_id());
    EXPECT_EQ(DhJobs::Get().Await(*waiting).View(), AsOctets("s"));
    EXPECT_EQ(thread, std::this_thread::get_id());
}

TEST(DhJobs, WhatNobodyWantsAnyMoreIsNotComputed)
{
    const DhWorkers scope(1);
    BusyWorker busy;
    std::atomic<bool> wasComputed = false;
    {
        const auto unwanted = JobOf(
            [&]()
            {
                wasComputed = true;
                return SecretOf("u");
            });
        DhJobs::Get().Offer(unwanted);
    }
    std::promise<void> reached;
    const auto next = JobOf(
        [&]()
        {
            reached.set_value();
            return SecretOf("n");
        });
    DhJobs::Get().Offer(next);
    busy.GoOn();
    ASSERT_EQ(reached.get_future().wait_for(PATIENCE), std::future_status::ready);
    EXPECT_FALSE(wasComputed);
    DhJobs::Get().Await(*next);
}

TEST(DhWorkers, ALaterOneGivesBackWhatWasInForce)
{
    DhJobs& jobs = DhJobs::Get();
    const DhWorkers outer(2, DhSharing::OncePerPair);
    jobs.NoteSaved(2);
    {
        const DhWorkers inner(0);
        EXPECT_FALSE(jobs.HasWorkers());
        EXPECT_EQ(jobs.Sharing(), DhSharing::ByEachEnd);
        EXPECT_TRUE(inner.Saved().Items().empty());
    }
    EXPECT_TRUE(jobs.HasWorkers());
    EXPECT_EQ(jobs.Sharing(), DhSharing::OncePerPair);
    EXPECT_EQ(outer.Saved().Amount({WorkKind::DhDerive, 2}), 1u);
    const uint64_t before = jobs.ComputedByThreads();
    {
        // A thread is there again, and takes it.
        const BusyWorker busy;
    }
    EXPECT_EQ(jobs.ComputedByThreads(), before + 1);
}

/// Leaves this process room for so many octets more, and computes with more threads than fit.
/// Returns 0 if every job was done, @p mayStart of them by threads if any may start.
int
ComputeInLittleRoom(uint64_t room, bool mayStart)
{
    uint64_t pages = 0;
    std::ifstream("/proc/self/statm") >> pages;
    const rlim_t octets = pages * static_cast<uint64_t>(sysconf(_SC_PAGESIZE)) + room;
    const rlimit limit{octets, octets};
    if (setrlimit(RLIMIT_AS, &limit) != 0)
    {
        return 2;
    }
    DhJobs& jobs = DhJobs::Get();
    const DhWorkers scope(DhWorkers::MAX_THREADS);
    std::vector<std::shared_ptr<DhJob>> all;
    for (int i = 0; i < 100; i++)
    {
        all.push_back(JobOf([]() { return SecretOf("s"); }));
        jobs.Offer(all.back());
    }
    for (const std::shared_ptr<DhJob>& job : all)
    {
        if (jobs.Await(*job).View() != AsOctets("s"))
        {
            return 3;
        }
    }
    return jobs.HasWorkers() == mayStart && jobs.Waiting() <= (mayStart ? all.size() : 0) ? 0 : 4;
}

TEST(DhWorkersDeathTest, GoOnWithTheThreadsThatStarted)
{
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    GTEST_SKIP() << "their shadow memory needs more room than any limit leaves";
#endif
    // A process of its own, in which no thread has ended yet: stacks are used again.
    GTEST_FLAG_SET(death_test_style, "threadsafe");
    size_t stack = 0;
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_getstacksize(&attributes, &stack);
    pthread_attr_destroy(&attributes);
    EXPECT_EXIT(exit(ComputeInLittleRoom(stack / 2, false)), testing::ExitedWithCode(0), "");
    EXPECT_EXIT(exit(ComputeInLittleRoom(10 * stack, true)), testing::ExitedWithCode(0), "");
}

} // namespace
} // namespace ipsec
} // namespace ns3
