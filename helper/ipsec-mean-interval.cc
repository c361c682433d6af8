// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-mean-interval.h"

#include <cmath>
#include <numeric>

namespace ns3
{
namespace ipsec
{

namespace
{

constexpr double CONFIDENCE = 0.95;
/// Above any limit: with one degree of freedom it is 12.7.
constexpr double HIGHEST_LIMIT = 16;
/// Halvings that leave nothing of that range.
constexpr int HALVINGS = 60;

/// Returns which part of Student's t-distribution lies within -t and t: the finite series of
/// Abramowitz and Stegun, 26.7.3 and 26.7.4.
double
PartWithin(double t, size_t degrees)
{
    const double angle = std::atan(t / std::sqrt(static_cast<double>(degrees)));
    const double sine = std::sin(angle);
    const double cosine = std::cos(angle);
    const bool isOdd = degrees % 2 == 1;
    double term = isOdd ? cosine : 1;
    double sum = 0;
    for (size_t i = isOdd ? 3 : 2; i <= degrees; i += 2)
    {
        sum += term;
        term *= cosine * cosine * static_cast<double>(i - 1) / static_cast<double>(i);
    }
    return isOdd ? (angle + sine * sum) * 2 / std::acos(-1.0) : sine * sum;
}

} // namespace

double
StudentLimit(size_t degrees)
{
    double low = 0;
    double high = HIGHEST_LIMIT;
    for (int i = 0; i < HALVINGS; i++)
    {
        const double middle = (low + high) / 2;
        (PartWithin(middle, degrees) < CONFIDENCE ? low : high) = middle;
    }
    return high;
}

MeanInterval
MeanWithInterval(const std::vector<double>& values)
{
    MeanInterval interval;
    interval.count = values.size();
    if (values.empty())
    {
        return interval;
    }
    const auto count = static_cast<double>(values.size());
    interval.mean = std::accumulate(values.begin(), values.end(), 0.0) / count;
    if (values.size() < 2)
    {
        return interval;
    }
    double squares = 0;
    for (const double value : values)
    {
        squares += (value - interval.mean) * (value - interval.mean);
    }
    interval.halfWidth = StudentLimit(values.size() - 1) * std::sqrt(squares / (count - 1) / count);
    return interval;
}

} // namespace ipsec
} // namespace ns3
