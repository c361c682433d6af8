// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/ike-address-pool.h"

#include <gtest/gtest.h>

namespace ns3
{
namespace ipsec
{

namespace
{

/// Three addresses, 10.9.0.1 to 10.9.0.3.
AddressPool
SmallPool()
{
    AddressPool pool;
    pool.name = "clients";
    pool.first = IpAddress::Parse("10.9.0.1");
    pool.last = IpAddress::Parse("10.9.0.3");
    return pool;
}

std::string
LeaseText(AddressLeases& leases, PeerId client, const std::string& holder)
{
    const Result<IpAddress> address = leases.Lease(client, holder);
    return address ? address->ToString() : FaultName(address.GetFault());
}

} // namespace

TEST(AddressPool, HandsOutAddressesInOrder)
{
    AddressLeases leases(SmallPool());
    EXPECT_EQ(LeaseText(leases, 1, "a"), "10.9.0.1");
    EXPECT_EQ(LeaseText(leases, 2, "b"), "10.9.0.2");
    EXPECT_EQ(leases.InUse(), 2u);
}

TEST(AddressPool, ClientKeepsItsAddressWhileItHasOne)
{
    AddressLeases leases(SmallPool());
    LeaseText(leases, 1, "a");
    EXPECT_EQ(LeaseText(leases, 1, "a"), "10.9.0.1");
    EXPECT_EQ(leases.InUse(), 1u);
}

TEST(AddressPool, TwoClientsOfOneHolderHaveTwoAddresses)
{
    AddressLeases leases(SmallPool());
    LeaseText(leases, 1, "a");
    EXPECT_EQ(LeaseText(leases, 2, "a"), "10.9.0.2");
}

TEST(AddressPool, IsExhaustedWhenAllAddressesAreInUse)
{
    AddressLeases leases(SmallPool());
    for (PeerId client = 1; client <= 3; client++)
    {
        EXPECT_NE(LeaseText(leases, client, "x"), "PoolExhausted");
    }
    EXPECT_EQ(LeaseText(leases, 4, "x"), "PoolExhausted");
}

TEST(AddressPool, AddressIsUsedAgainAfterItCameBack)
{
    AddressLeases leases(SmallPool());
    for (PeerId client = 1; client <= 3; client++)
    {
        LeaseText(leases, client, std::to_string(client));
    }
    leases.Release(2);
    EXPECT_EQ(LeaseText(leases, 4, "new"), "10.9.0.2");
    EXPECT_EQ(LeaseText(leases, 5, "newer"), "PoolExhausted");
}

TEST(AddressPool, HolderWhoComesBackGetsTheLastAddress)
{
    AddressLeases leases(SmallPool());
    LeaseText(leases, 1, "a");
    LeaseText(leases, 2, "b");
    leases.Release(1);
    leases.Release(2);
    EXPECT_EQ(LeaseText(leases, 3, "b"), "10.9.0.2");
    EXPECT_EQ(LeaseText(leases, 4, "a"), "10.9.0.1");
}

TEST(AddressPool, NewHolderGetsWhatIsFreeForLongest)
{
    AddressLeases leases(SmallPool());
    for (PeerId client = 1; client <= 3; client++)
    {
        LeaseText(leases, client, std::to_string(client));
    }
    for (const PeerId client : {2, 3, 1})
    {
        leases.Release(client);
    }
    EXPECT_EQ(LeaseText(leases, 4, "new"), "10.9.0.2");
    EXPECT_EQ(LeaseText(leases, 5, "newer"), "10.9.0.3");
    EXPECT_EQ(LeaseText(leases, 6, "2"), "10.9.0.1");
}

TEST(AddressPool, StaticLeaseIsForItsHolderAlone)
{
    AddressPool pool = SmallPool();
    pool.staticLeases["alice"] = IpAddress::Parse("10.9.0.1");
    AddressLeases leases(pool);
    EXPECT_EQ(LeaseText(leases, 1, "bob"), "10.9.0.2");
    EXPECT_EQ(LeaseText(leases, 2, "carol"), "10.9.0.3");
    EXPECT_EQ(LeaseText(leases, 3, "dave"), "PoolExhausted");
    EXPECT_EQ(LeaseText(leases, 4, "alice"), "10.9.0.1");
}

TEST(AddressPool, StaticLeaseThatCameBackStaysKept)
{
    AddressPool pool = SmallPool();
    pool.staticLeases["alice"] = IpAddress::Parse("10.9.0.3");
    AddressLeases leases(pool);
    LeaseText(leases, 1, "alice");
    leases.Release(1);
    LeaseText(leases, 2, "bob");
    LeaseText(leases, 3, "carol");
    EXPECT_EQ(LeaseText(leases, 4, "dave"), "PoolExhausted");
}

TEST(AddressPool, SecondClientOfAUserWithAStaticLeaseGetsAnother)
{
    AddressPool pool = SmallPool();
    pool.staticLeases["alice"] = IpAddress::Parse("10.9.0.3");
    AddressLeases leases(pool);
    EXPECT_EQ(LeaseText(leases, 1, "alice"), "10.9.0.3");
    EXPECT_EQ(LeaseText(leases, 2, "alice"), "10.9.0.1");
}

TEST(AddressPool, LastAddressOfAllIsHandedOutOnce)
{
    AddressPool pool = SmallPool();
    pool.first = IpAddress::Parse("255.255.255.254");
    pool.last = IpAddress::Parse("255.255.255.255");
    AddressLeases leases(pool);
    EXPECT_EQ(LeaseText(leases, 1, "a"), "255.255.255.254");
    EXPECT_EQ(LeaseText(leases, 2, "b"), "255.255.255.255");
    EXPECT_EQ(LeaseText(leases, 3, "c"), "PoolExhausted");
}

TEST(AddressPool, ReleaseOfNobodyChangesNothing)
{
    AddressLeases leases(SmallPool());
    leases.Release(7);
    EXPECT_EQ(leases.InUse(), 0u);
    EXPECT_EQ(LeaseText(leases, 1, "a"), "10.9.0.1");
}

// Bounded memory: what came back is one entry per address, however many holders there were.
TEST(AddressPool, ManyHoldersInTurnUseTheSameAddresses)
{
    AddressLeases leases(SmallPool());
    for (PeerId client = 1; client <= 10000; client++)
    {
        const Result<IpAddress> address = leases.Lease(client, std::to_string(client));
        ASSERT_TRUE(address.Ok());
        ASSERT_LE(address->value, IpAddress::Parse("10.9.0.3").value);
        leases.Release(client);
    }
    EXPECT_EQ(leases.InUse(), 0u);
}

} // namespace ipsec
} // namespace ns3
