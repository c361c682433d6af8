// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-sweep.h"

#include "ipsec-scenario-units.h"
#include "ipsec-sweep-progress.h"
#include "ipsec-sweep-store.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <exception>
#include <fcntl.h>
#include <fstream>
#include <iostream>
#include <sched.h>
#include <stdexcept>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace ns3
{
namespace ipsec
{

namespace
{

/// @name Exit statuses of a child
/// @{
constexpr int CHILD_FINISHED = 0;
constexpr int CHILD_FAILED = 1;
constexpr int CHILD_BAD_INPUT = 2;
/// @}
/// How often the bar is drawn though nothing happened.
constexpr long TICK_NANOSECONDS = 500'000'000;
/// What is quoted of a child's complaint.
constexpr size_t LONGEST_COMPLAINT = 300;

/// Holds back the signals that a sweep waits for, so that none is missed between two looks.
class HeldSignals
{
  public:
    HeldSignals()
    {
        sigemptyset(&m_awaited);
        sigaddset(&m_awaited, SIGCHLD);
        for (const int signal : {SIGINT, SIGTERM, SIGHUP})
        {
            struct sigaction action = {};
            sigaction(signal, nullptr, &action);
            // As nohup asks for.
            if (action.sa_handler != SIG_IGN)
            {
                sigaddset(&m_awaited, signal);
            }
        }
        struct sigaction usual = {};
        usual.sa_handler = SIG_DFL;
        sigaction(SIGCHLD, &usual, &m_oldChild);
        sigprocmask(SIG_BLOCK, &m_awaited, &m_oldMask);
    }

    ~HeldSignals()
    {
        Release();
    }

    HeldSignals(const HeldSignals&) = delete;
    HeldSignals& operator=(const HeldSignals&) = delete;

    /// Makes signals what they were; a child does so, too.
    void
    Release()
    {
        sigaction(SIGCHLD, &m_oldChild, nullptr);
        sigprocmask(SIG_SETMASK, &m_oldMask, nullptr);
    }

    /// Ignores from now on what ends a sweep.
    void
    Ignore()
    {
        for (const int signal : {SIGINT, SIGTERM, SIGHUP})
        {
            std::signal(signal, SIG_IGN);
        }
    }

    /// Waits for the next one, at most for a tick; returns it, or 0.
    int
    Await() const
    {
        const timespec tick{0, TICK_NANOSECONDS};
        const int signal = sigtimedwait(&m_awaited, nullptr, &tick);
        return signal > 0 ? signal : 0;
    }

  private:
    sigset_t m_awaited;
    sigset_t m_oldMask;
    struct sigaction m_oldChild = {};
};

/// Returns the first line that a child left behind.
std::string
ReadComplaint(const std::string& path)
{
    std::ifstream file(path);
    std::string line;
    while (line.empty() && std::getline(file, line))
    {
    }
    return Printable(line.substr(0, LONGEST_COMPLAINT));
}

/// Lets a child read nothing, print nothing, and complain into a file.
void
Redirect(const std::string& complaints)
{
    const int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
    const int file = open(complaints.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    dup2(nothing, STDIN_FILENO);
    dup2(nothing, STDOUT_FILENO);
    dup2(file >= 0 ? file : nothing, STDERR_FILENO);
}

/// The life of a child process: it computes one point, keeps the result, and ends.
[[noreturn]] void
LiveAsChild(const SweepPoint& point, const PointWork& work, const SweepStore& store)
{
    int status = CHILD_FINISHED;
    Redirect(store.ComplaintPath(point, getpid()));
    try
    {
        store.Save(point, work(point));
    }
    catch (const std::invalid_argument& e)
    {
        std::cerr << e.what() << std::endl;
        status = CHILD_BAD_INPUT;
    }
    catch (const std::exception& e)
    {
        std::cerr << e.what() << std::endl;
        status = CHILD_FAILED;
    }
    // Not exit(): what the parent will do at its end is none of the child's business.
    _exit(status);
}

std::string
EndText(int status)
{
    if (WIFSIGNALED(status))
    {
        return "ended by signal " + std::to_string(WTERMSIG(status)) + " (" +
               strsignal(WTERMSIG(status)) + ")";
    }
    return "exit status " + std::to_string(WEXITSTATUS(status));
}

/// One sweep from its first child to its last.
class Sweep
{
  public:
    Sweep(const std::vector<SweepPoint>& points, const PointWork& work, const SweepOptions& options)
        : m_points(points)
        , m_work(work)
        , m_store(options.folder)
        , m_jobs(options.jobs > 0 ? options.jobs : AvailableCores())
        , m_progress(options.hasProgress)
    {
        m_outcome.results.resize(points.size());
        for (size_t i = 0; i < points.size(); i++)
        {
            m_outcome.results[i] = m_store.Load(points[i]);
            if (m_outcome.results[i])
            {
                m_outcome.foundFinished++;
                continue;
            }
            m_waiting.push_back(i);
            m_progress.Expect(points[i].weight);
        }
        // The longest first, so that none of them runs alone at the end.
        std::stable_sort(m_waiting.begin(),
                         m_waiting.end(),
                         [&](size_t a, size_t b) { return points[a].weight > points[b].weight; });
        std::reverse(m_waiting.begin(), m_waiting.end());
    }

    SweepOutcome
    Run()
    {
        while (m_outcome.signal == 0 && (!m_waiting.empty() || !m_children.empty()))
        {
            while (m_children.size() < m_jobs && !m_waiting.empty())
            {
                Start(m_waiting.back());
                m_waiting.pop_back();
            }
            m_progress.Show();
            const int signal = m_signals.Await();
            m_outcome.signal = signal == SIGCHLD ? 0 : signal;
            CollectEnded();
        }
        EndChildren();
        if (m_outcome.signal != 0)
        {
            m_signals.Ignore();
        }
        m_progress.Clear();
        std::sort(m_failures.begin(), m_failures.end());
        for (const auto& [position, line] : m_failures)
        {
            m_outcome.failures.push_back(line);
        }
        return std::move(m_outcome);
    }

  private:
    void
    Start(size_t position)
    {
        // What is buffered would otherwise be printed twice.
        std::cout.flush();
        std::fflush(nullptr);
        const pid_t parent = getpid();
        const pid_t child = fork();
        if (child < 0)
        {
            Fail(position, std::string("no process for it: ") + std::strerror(errno));
            return;
        }
        if (child == 0)
        {
            m_signals.Release();
            // A terminal sends it to all, but it is the parent who ends children.
            std::signal(SIGINT, SIG_IGN);
            prctl(PR_SET_PDEATHSIG, SIGKILL);
            // The parent may have died before that.
            if (getppid() != parent)
            {
                _exit(CHILD_FAILED);
            }
            LiveAsChild(m_points[position], m_work, m_store);
        }
        m_children[child] = position;
    }

    void
    Fail(size_t position, const std::string& why)
    {
        m_failures.emplace_back(position, m_points[position].Name() + ": " + why);
    }

    /// Takes the results of the children that have ended.
    void
    CollectEnded()
    {
        for (auto it = m_children.begin(); it != m_children.end();)
        {
            int status = 0;
            if (waitpid(it->first, &status, WNOHANG) != it->first)
            {
                ++it;
                continue;
            }
            Collect(it->second, it->first, status);
            it = m_children.erase(it);
        }
    }

    void
    Collect(size_t position, pid_t child, int status)
    {
        const SweepPoint& point = m_points[position];
        m_outcome.results[position] = m_store.Load(point);
        if (!m_outcome.results[position] && m_outcome.signal == 0)
        {
            const std::string complaint = ReadComplaint(m_store.ComplaintPath(point, child));
            Fail(position, EndText(status) + (complaint.empty() ? "" : ": " + complaint));
        }
        m_store.RemoveParts(point, child);
        m_progress.Finish(point.weight);
    }

    /// Ends the children that still run, and waits for each.
    void
    EndChildren()
    {
        for (const auto& [child, position] : m_children)
        {
            kill(child, SIGKILL);
        }
        for (const auto& [child, position] : m_children)
        {
            int status = 0;
            while (waitpid(child, &status, 0) < 0 && errno == EINTR)
            {
            }
            Collect(position, child, status);
        }
        m_children.clear();
    }

    const std::vector<SweepPoint>& m_points;
    const PointWork& m_work;
    SweepStore m_store;
    unsigned m_jobs;
    SweepProgress m_progress;
    HeldSignals m_signals;
    /// Positions of points that have not begun, the next one at the end.
    std::vector<size_t> m_waiting;
    /// Position of the point that a child computes.
    std::map<pid_t, size_t> m_children;
    std::vector<std::pair<size_t, std::string>> m_failures;
    SweepOutcome m_outcome;
};

} // namespace

std::string
SweepPoint::Name() const
{
    std::string name;
    for (const auto& [parameter, value] : parameters)
    {
        name += parameter + "=" + value + ", ";
    }
    return name + "run " + std::to_string(run);
}

unsigned
AvailableCores()
{
    cpu_set_t cores;
    CPU_ZERO(&cores);
    if (sched_getaffinity(0, sizeof(cores), &cores) == 0)
    {
        return static_cast<unsigned>(std::max(1, CPU_COUNT(&cores)));
    }
    return std::max(1U, std::thread::hardware_concurrency());
}

SweepOutcome
RunSweep(const std::vector<SweepPoint>& points, const PointWork& work, const SweepOptions& options)
{
    return Sweep(points, work, options).Run();
}

} // namespace ipsec
} // namespace ns3
