// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-statistics.h"

#include <algorithm>
#include <cmath>

namespace ns3
{
namespace ipsec
{

namespace
{

/// Half of what is outside of the interval lies on each side.
constexpr double SHARE_95 = 0.975;
/// Values that differ by no more than this part of them are equal: sums round so much.
constexpr double ROUNDING = 1e-12;
const double PI = std::acos(-1.0);

/// The share of Student's distribution between -t and t: Abramowitz and Stegun, 26.7.3 and 26.7.4.
double
StudentShareWithin(double t, size_t freedom)
{
    const double angle = std::atan(t / std::sqrt(static_cast<double>(freedom)));
    const double cosine = std::cos(angle);
    const bool isOdd = freedom % 2 == 1;
    double term = isOdd ? cosine : 1;
    double sum = 0;
    for (size_t power = isOdd ? 3 : 2; power <= freedom; power += 2)
    {
        sum += term;
        const double rank = static_cast<double>(power);
        term *= cosine * cosine * (rank - 1) / rank;
    }
    return isOdd ? 2 / PI * (angle + std::sin(angle) * sum) : std::sin(angle) * sum;
}

} // namespace

double
StudentShareBelow(double t, size_t freedom)
{
    const double half = StudentShareWithin(std::abs(t), freedom) / 2;
    return t < 0 ? 0.5 - half : 0.5 + half;
}

double
StudentT95(size_t freedom)
{
    constexpr int HALVINGS = 100;
    // Of one degree of freedom it is 12.7, and less of more.
    double low = 0;
    double high = 13;
    for (int i = 0; i < HALVINGS; i++)
    {
        const double middle = (low + high) / 2;
        (StudentShareBelow(middle, freedom) < SHARE_95 ? low : high) = middle;
    }
    return (low + high) / 2;
}

MeanInterval
MeanOf(const std::vector<double>& values)
{
    MeanInterval result;
    result.count = values.size();
    if (values.empty())
    {
        return result;
    }
    const double count = static_cast<double>(values.size());
    for (const double value : values)
    {
        result.mean += value / count;
    }
    if (values.size() == 1)
    {
        return result;
    }
    const auto [least, most] = std::minmax_element(values.begin(), values.end());
    if (*most - *least <= ROUNDING * std::max(std::abs(*least), std::abs(*most)))
    {
        result.mean = *least;
        result.halfWidth = 0;
        return result;
    }
    double squares = 0;
    for (const double value : values)
    {
        squares += (value - result.mean) * (value - result.mean);
    }
    result.deviation = std::sqrt(squares / (count - 1));
    result.halfWidth = StudentT95(values.size() - 1) * result.deviation / std::sqrt(count);
    return result;
}

std::optional<PowerLaw>
FitPowerLaw(const std::vector<std::pair<double, double>>& points)
{
    std::vector<std::pair<double, double>> logarithms;
    double meanX = 0;
    double meanY = 0;
    for (const auto& [x, y] : points)
    {
        if (x > 0 && y > 0)
        {
            logarithms.emplace_back(std::log(x), std::log(y));
            meanX += std::log(x);
            meanY += std::log(y);
        }
    }
    const double count = static_cast<double>(logarithms.size());
    meanX /= count;
    meanY /= count;
    double squares = 0;
    double products = 0;
    for (const auto& [x, y] : logarithms)
    {
        squares += (x - meanX) * (x - meanX);
        products += (x - meanX) * (y - meanY);
    }
    if (logarithms.size() < 2 || squares <= 0)
    {
        return std::nullopt;
    }
    PowerLaw law;
    law.exponent = products / squares;
    law.factor = std::exp(meanY - law.exponent * meanX);
    if (logarithms.size() > 2)
    {
        double residues = 0;
        for (const auto& [x, y] : logarithms)
        {
            const double residue = y - meanY - law.exponent * (x - meanX);
            residues += residue * residue;
        }
        const size_t freedom = logarithms.size() - 2;
        law.halfWidth =
            StudentT95(freedom) * std::sqrt(residues / static_cast<double>(freedom) / squares);
    }
    return law;
}

} // namespace ipsec
} // namespace ns3
