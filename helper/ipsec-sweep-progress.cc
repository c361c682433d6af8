// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-sweep-progress.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace ns3
{
namespace ipsec
{

SweepProgress::SweepProgress(bool isShown)
    : m_isShown(isShown)
    , m_begin(std::chrono::steady_clock::now())
{
}

void
SweepProgress::Expect(double weight)
{
    m_points++;
    m_weight += weight;
}

void
SweepProgress::Finish(double weight)
{
    m_finished++;
    m_finishedWeight += weight;
}

void
SweepProgress::Show() const
{
    if (m_isShown)
    {
        const auto passed = std::chrono::steady_clock::now() - m_begin;
        const std::string line = ProgressLine(m_finished,
                                              m_points,
                                              m_weight > 0 ? m_finishedWeight / m_weight : 0,
                                              TimeLeft(passed, m_finishedWeight, m_weight));
        std::fprintf(stderr, "\r%-76s", line.c_str());
        std::fflush(stderr);
    }
}

void
SweepProgress::Clear() const
{
    if (m_isShown)
    {
        std::fprintf(stderr, "\r%76s\r", "");
        std::fflush(stderr);
    }
}

std::optional<std::chrono::seconds>
TimeLeft(std::chrono::duration<double> passed, double finished, double all)
{
    if (finished <= 0)
    {
        return std::nullopt;
    }
    const double left = passed.count() * std::max(0.0, all - finished) / finished;
    return std::chrono::seconds(std::llround(left));
}

std::string
ProgressLine(size_t finished, size_t points, double share, std::optional<std::chrono::seconds> left)
{
    constexpr size_t COLUMNS = 30;
    std::string line(static_cast<size_t>(std::min(1.0, share) * COLUMNS), '#');
    line.resize(COLUMNS, '.');
    line = "[" + line + "] " + std::to_string(finished) + " of " + std::to_string(points) + " runs";
    if (!left)
    {
        return line;
    }
    char text[32];
    const long long seconds = left->count();
    std::snprintf(text, sizeof(text), ", %lld:%02lld left", seconds / 60, seconds % 60);
    return line + text;
}

} // namespace ipsec
} // namespace ns3
