// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/ike-sa.h"
#include "ns3/ipsec-octets.h"
#include "ns3/ipsec-shared.h"

#include <gtest/gtest.h>
#include <memory>
#include <string>
#include <unordered_map>

namespace ns3
{
namespace ipsec
{

namespace
{

struct Settings
{
    int number = 7;
};

} // namespace

TEST(Shared, CopiesAreOneUntilOneOfThemIsChanged)
{
    const Shared<Settings> untouched;
    Shared<Settings> first;
    EXPECT_EQ(&*first, &*untouched) << "nobody changed it";
    first.Edit().number = 8;
    EXPECT_EQ(untouched->number, 7);
    Shared<Settings> second = first;
    EXPECT_EQ(&*second, &*first);
    second.Edit().number = 9;
    EXPECT_EQ(first->number, 8);
    const Settings* alone = &*second;
    EXPECT_EQ(&second.Edit(), alone) << "nobody else has it";
}

TEST(Rare, CopiesAreIndependentAndNothingIsThereAtFirst)
{
    Rare<Settings> rare;
    EXPECT_EQ(rare.Find(), nullptr);
    rare.Make().number = 8;
    Rare<Settings> copy = rare;
    copy.Make().number = 9;
    EXPECT_EQ(rare.Find()->number, 8);
    copy = Rare<Settings>();
    EXPECT_EQ(copy.Find(), nullptr);
    rare.Reset();
    EXPECT_EQ(rare.Find(), nullptr);
}

TEST(CommonText, EqualTextsAreTheSame)
{
    const CommonText first = std::string("nopfs-esp-") + "aes128-sha";
    const CommonText second = "nopfs-esp-aes128-sha";
    EXPECT_EQ(&first.Text(), &second.Text());
    EXPECT_TRUE(first == second);
    EXPECT_TRUE(first != CommonText("nopfs-ah-sha"));
    EXPECT_EQ(CommonText().Text(), "");
    EXPECT_LE(sizeof(CommonText), sizeof(void*));
}

TEST(StartSmall, ATableWithOneElementHasFewBuckets)
{
    std::unordered_map<int, int> table;
    StartSmall(table);
    table[1] = 1;
    EXPECT_LE(table.bucket_count(), 2u);
}

TEST(SecretBytes, CopiesShareTheirOctets)
{
    const SecretBytes first(FromHex("0102"));
    const SecretBytes second = first;
    EXPECT_EQ(second.View().data(), first.View().data());
    SecretBytes third = second;
    third = SecretBytes(FromHex("03"));
    EXPECT_EQ(first.View(), OctetView(FromHex("0102")));
    EXPECT_EQ(third.View(), OctetView(FromHex("03")));
    const SecretBytes moved = std::move(third);
    EXPECT_EQ(moved.size(), 1u);
}

TEST(SecretBytes, StaysWhileAnybodyHoldsIt)
{
    auto first = std::make_unique<SecretBytes>(FromHex("0102"));
    auto second = std::make_unique<SecretBytes>(*first);
    const SecretBytes third = *second;
    first.reset();
    EXPECT_EQ(third.View(), OctetView(FromHex("0102")));
    *second = SecretBytes();
    second.reset();
    EXPECT_EQ(third.View(), OctetView(FromHex("0102")));
}

TEST(SecretBytes, OverwritesWhatItIsMadeOf)
{
    Octets octets = FromHex("0102");
    const volatile uint8_t* const before = octets.data();
    const SecretBytes secret(std::move(octets));
    EXPECT_TRUE(octets.empty());
    ASSERT_EQ(octets.data(), before) << "still in the hands of the caller";
    EXPECT_EQ(before[0], 0);
    EXPECT_EQ(before[1], 0);
    EXPECT_EQ(secret.size(), 2u);
    EXPECT_TRUE(SecretBytes(Octets{}).empty());
}

TEST(MessageIds, HasWhatWasInserted)
{
    MessageIds ids;
    for (const uint32_t id : {5U, 1U, 9U, 5U})
    {
        ids.Insert(id);
    }
    EXPECT_EQ(ids.size(), 3u);
    EXPECT_TRUE(ids.Has(1) && ids.Has(5) && ids.Has(9));
    EXPECT_FALSE(ids.Has(0) || ids.Has(4) || ids.Has(10));
}

} // namespace ipsec
} // namespace ns3
