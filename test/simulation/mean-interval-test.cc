// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/ipsec-mean-interval.h"

#include <cmath>
#include <gtest/gtest.h>

namespace ns3
{
namespace ipsec
{
namespace
{

// NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.7.2: critical values of Student's t,
// 0.975.
TEST(StudentLimit, IsThatOfTheTables)
{
    const std::pair<size_t, double> table[] = {{1, 12.706},
                                               {2, 4.303},
                                               {3, 3.182},
                                               {4, 2.776},
                                               {5, 2.571},
                                               {9, 2.262},
                                               {10, 2.228},
                                               {19, 2.093},
                                               {20, 2.086},
                                               {29, 2.045},
                                               {30, 2.042},
                                               {60, 2.000},
                                               {100, 1.984}};
    for (const auto& [degrees, limit] : table)
    {
        EXPECT_NEAR(StudentLimit(degrees), limit, 0.0005) << degrees;
    }
}

TEST(StudentLimit, ComesCloseToTheNormalDistributions)
{
    EXPECT_NEAR(StudentLimit(100000), 1.95996, 0.0001);
}

TEST(MeanInterval, OfFiveNumbers)
{
    // Standard deviation sqrt(2.5), t = 2.776.
    const MeanInterval interval = MeanWithInterval({1, 2, 3, 4, 5});
    EXPECT_EQ(interval.count, 5u);
    EXPECT_DOUBLE_EQ(interval.mean, 3);
    EXPECT_NEAR(interval.halfWidth, 2.776445 * std::sqrt(2.5 / 5), 1e-5);
}

TEST(MeanInterval, OfEqualNumbersIsAPoint)
{
    EXPECT_DOUBLE_EQ(MeanWithInterval({0.5, 0.5, 0.5}).halfWidth, 0);
}

TEST(MeanInterval, OfOneOrNoneHasNoWidth)
{
    EXPECT_DOUBLE_EQ(MeanWithInterval({7}).mean, 7);
    EXPECT_DOUBLE_EQ(MeanWithInterval({7}).halfWidth, 0);
    EXPECT_EQ(MeanWithInterval({}).count, 0u);
}

} // namespace
} // namespace ipsec
} // namespace ns3
