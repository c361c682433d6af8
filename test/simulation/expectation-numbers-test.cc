// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/ipsec-expectation-series.h"
#include "ns3/ipsec-expectation.h"

#include <gtest/gtest.h>
#include <limits>

// How what was seen is written beside what was expected.

namespace
{

using namespace ns3::ipsec;

std::string
Seen(double value, double limit, bool isPercent = false)
{
    Expectation expectation;
    expectation.comparison = Comparison::AtMost;
    expectation.value = limit;
    expectation.isPercent = isPercent;
    return Compare(expectation, value).seen;
}

TEST(ExpectationNumbers, AreRoundedToWhatReadsWell)
{
    EXPECT_EQ(Seen(2.577616734, 5, true), "it is 2.578%");
    EXPECT_EQ(Seen(0.1, 5), "it is 0.1");
    EXPECT_EQ(Seen(1.0 / 3, 5), "it is 0.3333");
}

TEST(ExpectationNumbers, CountsAreWhole)
{
    EXPECT_EQ(Seen(0, 5), "it is 0");
    EXPECT_EQ(Seen(1234567, 5), "it is 1234567");
    EXPECT_EQ(Seen(-3, 5), "it is -3");
}

TEST(ExpectationNumbers, LargeOnesKeepAllDigitsBeforeThePoint)
{
    EXPECT_EQ(Seen(123456.78, 5), "it is 123457");
    EXPECT_EQ(Seen(12345.4, 5), "it is 12345");
}

// Else it would read "at most 5: it is 5", and fail.
TEST(ExpectationNumbers, AreNotRoundedToTheLimit)
{
    EXPECT_EQ(Seen(5.00001, 5), "it is 5.00001");
    EXPECT_EQ(Seen(4.999999, 5), "it is 4.999999");
    EXPECT_EQ(Seen(5, 5), "it is 5");
}

TEST(ExpectationNumbers, WhatIsNoNumberIsSaid)
{
    EXPECT_EQ(Seen(std::numeric_limits<double>::infinity(), 5), "it is inf");
    EXPECT_EQ(Seen(std::numeric_limits<double>::quiet_NaN(), 5), "it is nan");
}

} // namespace
