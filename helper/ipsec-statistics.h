// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * What repeated runs tell: means with their intervals, and how something grows.
 */
#ifndef IPSEC_STATISTICS_H
#define IPSEC_STATISTICS_H

#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

namespace ns3
{
namespace ipsec
{

/// A mean, and how far it may be from the truth.
struct MeanInterval
{
    size_t count = 0;
    double mean = 0;
    /// Of the sample, with count - 1 in the denominator; 0 for one value.
    double deviation = 0;
    /// Half the width of the 95 % confidence interval by Student's t; nothing for one value.
    std::optional<double> halfWidth;
};

/// Returns mean and interval of values of independent runs; of none, a count of 0. Values that
/// rounding alone makes different are equal.
MeanInterval MeanOf(const std::vector<double>& values);

/// Returns the share of Student's t distribution below @p t, with whole degrees of freedom.
double StudentShareBelow(double t, size_t freedom);

/// Returns the t within which, on both sides of 0, lies 95 % of Student's distribution.
double StudentT95(size_t freedom);

/// y = factor * x ^ exponent.
struct PowerLaw
{
    double factor = 0;
    double exponent = 0;
    /// Half the width of the exponent's 95 % interval; nothing for less than three points.
    std::optional<double> halfWidth;
};

/**
 * Fits a power law by least squares of the logarithms. Points that are not above zero have none and
 * are left out; nothing without two different x.
 */
std::optional<PowerLaw> FitPowerLaw(const std::vector<std::pair<double, double>>& points);

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_STATISTICS_H
