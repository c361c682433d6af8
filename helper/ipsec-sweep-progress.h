// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Shows on a terminal how far a sweep is.
 */
#ifndef IPSEC_SWEEP_PROGRESS_H
#define IPSEC_SWEEP_PROGRESS_H

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>

namespace ns3
{
namespace ipsec
{

/// A bar on standard error, with the time that is left as far as finished points let expect it.
class SweepProgress
{
  public:
    /// @param isShown without, nothing is printed.
    explicit SweepProgress(bool isShown);

    /// A point is to be computed, and was computed.
    void Expect(double weight);
    void Finish(double weight);

    void Show() const;
    void Clear() const;

  private:
    bool m_isShown;
    std::chrono::steady_clock::time_point m_begin;
    size_t m_points = 0;
    size_t m_finished = 0;
    double m_weight = 0;
    double m_finishedWeight = 0;
};

/// Returns how long the rest takes if it goes on as before; nothing before anything is finished.
std::optional<std::chrono::seconds> TimeLeft(std::chrono::duration<double> passed,
                                             double finished,
                                             double all);

/// Writes the line: "[####....] 12 of 20 runs, 0:35 left".
std::string ProgressLine(size_t finished,
                         size_t points,
                         double share,
                         std::optional<std::chrono::seconds> left);

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_SWEEP_PROGRESS_H
