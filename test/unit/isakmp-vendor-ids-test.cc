// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/isakmp-vendor-ids.h"

#include <gtest/gtest.h>
#include <set>

namespace ns3
{
namespace ipsec
{
namespace
{

std::vector<VendorId>
AllKnown()
{
    std::vector<VendorId> all;
    for (int id = static_cast<int>(VendorId::Unknown) + 1; id <= static_cast<int>(VendorId::MsNt5);
         id++)
    {
        all.push_back(static_cast<VendorId>(id));
    }
    return all;
}

TEST(VendorIds, WhatWeSendIsRecognised)
{
    for (const VendorId id : AllKnown())
    {
        EXPECT_EQ(RecogniseVendorId(VendorIdOctets(id)), id) << VendorIdName(id);
    }
}

TEST(VendorIds, EachHasItsOwnName)
{
    std::set<std::string> names;
    for (const VendorId id : AllKnown())
    {
        EXPECT_TRUE(names.insert(VendorIdName(id)).second) << VendorIdName(id);
    }
    EXPECT_EQ(VendorIdName(VendorId::NatTraversalRfc3947), "RFC 3947");
    EXPECT_EQ(VendorIdName(VendorId::Unknown), "unknown");
    EXPECT_TRUE(VendorIdOctets(VendorId::Unknown).empty());
}

TEST(VendorIds, ThePublishedOctetsAreKnown)
{
    // MD5 of "RFC 3947"; RFC 3706 section 5.3; MD5 of the drafts' names
    EXPECT_EQ(RecogniseVendorId(FromHex("4a131c81070358455c5728f20e95452f")),
              VendorId::NatTraversalRfc3947);
    EXPECT_EQ(RecogniseVendorId(FromHex("afcad71368a1f1c96b8696fc77570100")),
              VendorId::DeadPeerDetection);
    EXPECT_EQ(RecogniseVendorId(FromHex("7d9419a65310ca6f2c179d9215529d56")),
              VendorId::NatTraversalDraft03);
    EXPECT_EQ(RecogniseVendorId(FromHex("90cb80913ebb696e086381b5ec427b1f")),
              VendorId::NatTraversalDraft02Newline);
    EXPECT_EQ(RecogniseVendorId(FromHex("09002689dfd6b712")), VendorId::Xauth);
}

TEST(VendorIds, VersionsBehindTheDigestMayDiffer)
{
    EXPECT_EQ(RecogniseVendorId(FromHex("afcad71368a1f1c96b8696fc77570203")),
              VendorId::DeadPeerDetection);
    EXPECT_EQ(RecogniseVendorId(FromHex("4048b7d56ebce88525e7de7f00d6c2d3c0000000")),
              VendorId::Fragmentation);
    EXPECT_EQ(RecogniseVendorId(FromHex("4048b7d56ebce88525e7de7f00d6c2d3")),
              VendorId::Fragmentation);
    EXPECT_EQ(RecogniseVendorId(FromHex("1e2b516905991c7d7c96fcbfb587e46100000009")),
              VendorId::MsNt5);
    EXPECT_EQ(
        RecogniseVendorId(FromHex("699369228741c6d4ca094c93e242c9de19e7b7c60000000500000500")),
        VendorId::NetScreen);
}

TEST(VendorIds, OtherLengthsAndContentsAreUnknown)
{
    // bad input 40: an empty one is ignored
    EXPECT_EQ(RecogniseVendorId({}), VendorId::Unknown);
    for (const VendorId id : AllKnown())
    {
        const Octets octets = VendorIdOctets(id);
        EXPECT_EQ(RecogniseVendorId(OctetView(octets).First(7)), VendorId::Unknown);
        EXPECT_EQ(RecogniseVendorId(Concat({octets, Octets(16, 0)})), VendorId::Unknown);
        Octets changed = octets;
        changed[0] ^= 1;
        EXPECT_EQ(RecogniseVendorId(changed), VendorId::Unknown) << VendorIdName(id);
    }
    EXPECT_EQ(RecogniseVendorId(FromHex("4a131c81070358455c5728f20e95452e")), VendorId::Unknown);
}

} // namespace
} // namespace ipsec
} // namespace ns3
