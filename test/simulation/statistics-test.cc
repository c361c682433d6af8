// SPDX-License-Identifier: GPL-2.0-only
// Statistics against values that are known from tables or computed by other means.
#include "ns3/ipsec-statistics.h"

#include <gtest/gtest.h>

namespace
{

using namespace ns3::ipsec;

// From the tables of Student's distribution, two-sided 95 %.
TEST(Statistics, StudentsTIsThatOfTables)
{
    const std::pair<size_t, double> table[]{{1, 12.7062},
                                            {2, 4.30265},
                                            {3, 3.18245},
                                            {4, 2.77645},
                                            {5, 2.57058},
                                            {9, 2.26216},
                                            {10, 2.22814},
                                            {30, 2.04227},
                                            {60, 2.00030},
                                            {120, 1.97993},
                                            {1000, 1.96234}};
    for (const auto& [freedom, t] : table)
    {
        EXPECT_NEAR(StudentT95(freedom), t, 0.00001 * t) << freedom;
    }
}

TEST(Statistics, StudentsDistributionOfOneDegreeIsCauchys)
{
    EXPECT_NEAR(StudentShareBelow(1, 1), 0.75, 1e-12);
    EXPECT_NEAR(StudentShareBelow(-1, 1), 0.25, 1e-12);
    EXPECT_NEAR(StudentShareBelow(0, 7), 0.5, 1e-12);
}

TEST(Statistics, MeanAndIntervalOfFiveValues)
{
    const MeanInterval mean = MeanOf({1, 2, 3, 4, 5});
    EXPECT_EQ(mean.count, 5u);
    EXPECT_DOUBLE_EQ(mean.mean, 3);
    EXPECT_NEAR(mean.deviation, 1.5811388, 1e-7);
    // 2.776445 * 1.5811388 / sqrt(5)
    EXPECT_NEAR(mean.halfWidth.value(), 1.963243, 1e-6);
}

TEST(Statistics, OneValueHasNoInterval)
{
    const MeanInterval mean = MeanOf({7});
    EXPECT_EQ(mean.count, 1u);
    EXPECT_DOUBLE_EQ(mean.mean, 7);
    EXPECT_FALSE(mean.halfWidth);
    EXPECT_EQ(MeanOf({}).count, 0u);
}

TEST(Statistics, EqualValuesHaveAnIntervalOfNothing)
{
    EXPECT_DOUBLE_EQ(MeanOf({4, 4, 4}).halfWidth.value(), 0);
    // Whatever rounding makes of them.
    for (const std::vector<double>& values :
         {std::vector<double>(7, 0.1), {0.1 + 0.2, 0.3, 0.3}, {0, 0, 0}})
    {
        EXPECT_EQ(MeanOf(values).deviation, 0);
        EXPECT_EQ(MeanOf(values).halfWidth, 0);
        EXPECT_EQ(MeanOf(values).mean, values.back());
    }
    EXPECT_GT(MeanOf({1, 1 + 1e-9}).deviation, 0);
}

TEST(Statistics, PowerLawIsFoundAgain)
{
    const std::optional<PowerLaw> law = FitPowerLaw({{10, 20}, {100, 2000}, {1000, 200000}});
    ASSERT_TRUE(law);
    EXPECT_NEAR(law->exponent, 2, 1e-12);
    EXPECT_NEAR(law->factor, 0.2, 1e-12);
    EXPECT_NEAR(law->halfWidth.value(), 0, 1e-9);
}

// The numbers are those of the normal equations, computed apart.
TEST(Statistics, PowerLawOfNoisyPointsHasAnInterval)
{
    const std::optional<PowerLaw> law = FitPowerLaw({{10, 1.0}, {20, 2.2}, {40, 3.9}, {80, 8.5}});
    ASSERT_TRUE(law);
    EXPECT_NEAR(law->exponent, 1.008836, 1e-5);
    EXPECT_NEAR(law->factor, 0.100313, 1e-5);
    EXPECT_NEAR(law->halfWidth.value(), 0.18568, 1e-4);
}

TEST(Statistics, PowerLawNeedsTwoSizesAboveZero)
{
    EXPECT_FALSE(FitPowerLaw({}));
    EXPECT_FALSE(FitPowerLaw({{10, 1}}));
    EXPECT_FALSE(FitPowerLaw({{10, 1}, {10, 2}}));
    EXPECT_FALSE(FitPowerLaw({{10, 1}, {20, 0}}));
    EXPECT_FALSE(FitPowerLaw({{10, 1}, {20, 2}})->halfWidth);
}

} // namespace
