// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * The mean of repeated runs, and how far it can be trusted.
 */
#ifndef IPSEC_MEAN_INTERVAL_H
#define IPSEC_MEAN_INTERVAL_H

#include <cstddef>
#include <vector>

namespace ns3
{
namespace ipsec
{

/// A mean with its 95 % confidence interval: mean - halfWidth to mean + halfWidth.
struct MeanInterval
{
    size_t count = 0;
    double mean = 0;
    /// Zero for fewer than two values, which tell nothing of their spread.
    double halfWidth = 0;
};

/// Returns the mean of @p values and the interval that Student's t-distribution gives it.
MeanInterval MeanWithInterval(const std::vector<double>& values);

/// Returns the t that 95 % of Student's t-distribution with @p degrees (1 or more) lie within, on
/// both sides of zero.
double StudentLimit(size_t degrees);

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_MEAN_INTERVAL_H
