// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/ipsec-fault.h"

#include <gtest/gtest.h>
#include <set>
#include <string>

namespace ns3
{
namespace ipsec
{
namespace
{

// A row out of order trips the assert inside FaultName, so walking through all of them checks it.
TEST(Fault, EveryFaultHasItsOwnNameAndAText)
{
    std::set<std::string> names;
    for (size_t i = 0; i < FAULT_COUNT; i++)
    {
        const Fault fault = static_cast<Fault>(i);
        EXPECT_TRUE(names.insert(FaultName(fault)).second) << FaultName(fault);
        EXPECT_NE(std::string(FaultText(fault)), "") << FaultName(fault);
    }
    EXPECT_EQ(names.size(), FAULT_COUNT);
}

TEST(Fault, NamesAreThoseOfTheEnumeration)
{
    EXPECT_STREQ(FaultName(Fault::TooShort), "TooShort");
    EXPECT_STREQ(FaultName(Fault::NoProposalChosen), "NoProposalChosen");
    EXPECT_STREQ(FaultName(Fault::CryptoFailure), "CryptoFailure");
}

TEST(Result, HoldsAValueOrAFault)
{
    const Result<std::string> good = std::string("value");
    const Result<std::string> bad = Fault::BadNonce;
    EXPECT_TRUE(good.Ok());
    EXPECT_TRUE(static_cast<bool>(good));
    EXPECT_EQ(*good, "value");
    EXPECT_EQ(good->size(), 5u);
    EXPECT_FALSE(bad.Ok());
    EXPECT_EQ(bad.GetFault(), Fault::BadNonce);
}

TEST(Result, GivesItsValueAway)
{
    Result<std::string> result = std::string("a text too long for the small string buffer");
    const std::string taken = std::move(result).Value();
    EXPECT_EQ(taken, "a text too long for the small string buffer");
}

} // namespace
} // namespace ipsec
} // namespace ns3
