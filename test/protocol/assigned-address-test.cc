// SPDX-License-Identifier: GPL-2.0-only
#include "remote-access.h"

#include <gtest/gtest.h>

namespace ns3
{
namespace ipsec
{

TEST(AssignedAddress, ExhaustedPoolEndsTheIkeSaWithItsReason)
{
    for (const ConfigWay way : {ConfigWay::Pull, ConfigWay::Push})
    {
        BothConfigs configs = ModeConfigs(Side::A, way);
        AddressPool& pool = configs.b.pools[0];
        pool.last = pool.first;
        pool.staticLeases["somebody else"] = pool.first;
        PeerPair pair(configs.a, configs.b);
        pair.Acquire(Side::A);
        pair.Settle();
        EXPECT_TRUE(pair.IsIkeDown());
        EXPECT_EQ(DownFault(pair, Side::B), Fault::PoolExhausted);
        EXPECT_EQ(pair.CountSent(ExchangeType::QuickMode), 0u);
        EXPECT_EQ(pair.Seen<AcquireFailed>(Side::A).size(), 1u);
    }
}

TEST(AssignedAddress, AddressComesBackWhenTheClientIsGone)
{
    PeerPair pair = AfterPhase1(ModeConfigs(Side::A, ConfigWay::Pull));
    pair.Settle();
    ASSERT_EQ(pair.End(Side::B).engine.AddressesInUse("clients"), 1u);
    pair.Terminate(Side::A);
    pair.DeliverAll();
    EXPECT_EQ(pair.End(Side::B).engine.AddressesInUse("clients"), 0u);
}

TEST(AssignedAddress, AddressStaysWhileAnIpsecSaUsesIt)
{
    BothConfigs configs = ModeConfigs(Side::A, ConfigWay::Pull);
    configs.Of(Side::A).lifetime = std::chrono::minutes(30);
    configs.Of(Side::A).personality.Edit().ikeRenewer = Renewer::Nobody;
    configs.Of(Side::B).personality.Edit().ikeRenewer = Renewer::Nobody;
    PeerPair pair = AfterPhase1(configs);
    pair.DeliverAll();
    while (!pair.IsIkeDown())
    {
        pair.DeliverAll();
        ASSERT_TRUE(pair.AdvanceToDeadline(std::chrono::hours(1)));
    }
    EXPECT_EQ(pair.End(Side::B).sas.size(), 2u);
    EXPECT_EQ(pair.End(Side::B).engine.AddressesInUse("clients"), 1u);
}

TEST(AssignedAddress, StaticLeaseGoesByUserAndElseByIdentity)
{
    for (const bool hasXauth : {true, false})
    {
        BothConfigs configs = hasXauth ? XauthConfigs(Side::A)
                                       : BothConfigs{SiteConfig(Side::A), SiteConfig(Side::B)};
        AddModeConfig(configs, Side::A, ConfigWay::Pull);
        configs.b.pools[0].staticLeases["alice"] = IpAddress::Parse("10.9.0.3");
        configs.b.pools[0].staticLeases["192.0.2.1"] = IpAddress::Parse("10.9.0.4");
        PeerPair pair = AfterPhase1(configs);
        pair.DeliverAll();
        EXPECT_EQ(AssignedAt(pair, Side::A).address.ToString(), hasXauth ? "10.9.0.3" : "10.9.0.4");
    }
}

// A new IKE SA asks again; what it carries is the same.
TEST(AssignedAddress, NextIkeSaOfTheClientGetsTheSameAddress)
{
    BothConfigs configs = ModeConfigs(Side::A, ConfigWay::Pull);
    configs.Of(Side::A).lifetime = std::chrono::minutes(30);
    configs.Of(Side::A).personality.Edit().ikeRenewer = Renewer::Nobody;
    configs.Of(Side::B).personality.Edit().ikeRenewer = Renewer::Nobody;
    PeerPair pair = AfterPhase1(configs);
    pair.DeliverAll();
    while (!pair.IsIkeDown())
    {
        pair.DeliverAll();
        pair.AdvanceToDeadline(std::chrono::hours(1));
    }
    pair.Initiate(Side::A);
    pair.DeliverAll();
    const std::vector<AddressAssigned> told = pair.Seen<AddressAssigned>(Side::A);
    ASSERT_EQ(told.size(), 2u);
    EXPECT_EQ(told[0].address, told[1].address);
    EXPECT_TRUE(pair.AreTunnelsUp());
}

// A server that lost its memory gives another address: pairs with the old one are of no use.
TEST(AssignedAddress, OtherAddressReplacesWhatCarriedTheFirst)
{
    PeerPair pair = AfterPhase1(ModeConfigs(Side::A, ConfigWay::Pull));
    pair.DeliverAll();
    BothConfigs other = ModeConfigs(Side::A, ConfigWay::Pull);
    other.b.pools[0].first = IpAddress::Parse("10.9.0.2");
    pair.End(Side::B).engine = Engine(other.b);
    pair.End(Side::B).sas.clear();
    const uint32_t old = pair.Sas(Side::A, SaDirection::Inbound)[0].spi;
    pair.Initiate(Side::A);
    pair.SoftExpiry(Side::A, pair.Sas(Side::A, SaDirection::Inbound)[0].Key());
    pair.Settle();
    pair.Initiate(Side::A);
    pair.Settle();
    const std::vector<IpsecSa> inbound = pair.Sas(Side::A, SaDirection::Inbound);
    ASSERT_EQ(inbound.size(), 1u);
    EXPECT_NE(inbound[0].spi, old);
    EXPECT_EQ(inbound[0].proxyId.local.ToString(), "10.9.0.2/32");
}

TEST(AssignedAddress, ClientThatAsksAgainKeepsItsAddress)
{
    PeerPair pair = AfterPhase1(ModeConfigs(Side::A, ConfigWay::Pull));
    pair.DeliverAll();
    const KeyHolder keys(pair);
    const Octets request =
        TransactionMessage(keys, 77, {ConfigMessage::Request, 1, {DataAttribute::Variable(1, {})}});
    pair.Inject(Side::B, request);
    const AttributesPayload reply =
        OpenTransaction(keys, pair.Next().octets, keys.IvAfter(request));
    EXPECT_EQ(reply.attributes.at(0), DataAttribute::Variable(1, FromHex("0a090001")));
    EXPECT_EQ(pair.End(Side::B).engine.AddressesInUse("clients"), 1u);
    EXPECT_TRUE(pair.AreTunnelsUp());
}

} // namespace ipsec
} // namespace ns3
