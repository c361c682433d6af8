// SPDX-License-Identifier: GPL-2.0-only
// ns-3's DHCP over a cloud that stands for a LAN.
#include "dial-up-world.h"

#include "ns3/dhcp-client.h"
#include "ns3/inet-socket-address.h"
#include "ns3/simulator.h"
#include "ns3/udp-socket-factory.h"

#include <gtest/gtest.h>
#include <set>
#include <stdexcept>

namespace ns3
{
namespace ipsec
{

namespace
{

/// A LAN with a router that serves addresses, and hosts that ask for them.
struct Lan
{
    Lan(uint32_t hosts, const DhcpRange& range, Time lease = Seconds(30))
    {
        helper.SetLanAttribute("Delay", TimeValue(MicroSeconds(100)));
        helper.SetDhcpClientAttribute("Collect", TimeValue(MilliSeconds(100)));
        helper.SetDhcpClientAttribute("RTRS", TimeValue(Seconds(1)));
        helper.SetDhcpServerAttribute("LeaseTime", TimeValue(lease));
        helper.SetDhcpServerAttribute("RenewTime", TimeValue(lease / 2));
        helper.SetDhcpServerAttribute("RebindTime", TimeValue(lease * 5 / 6));
        lan = helper.CreateLan();
        router = DialUpWorld::MakeNode("router");
        helper.AttachRouter(router, lan, "192.168.1.1", "255.255.255.0");
        helper.ServeDhcp(router, lan, range);
        for (uint32_t i = 0; i < hosts; ++i)
        {
            nodes.Add(DialUpWorld::MakeNode("host" + std::to_string(i)));
            helper.Join(nodes.Get(i), lan);
        }
        DialUpHelper::AssignStreams(nodes, 1);
    }

    ~Lan()
    {
        Simulator::Destroy();
        Names::Clear();
    }

    /// Returns the address that a host has, 0.0.0.0 if none.
    Ipv4Address
    AddressOf(uint32_t host) const
    {
        const Ptr<Ipv4> ipv4 = nodes.Get(host)->GetObject<Ipv4>();
        return ipv4->GetNAddresses(1) == 0 ? Ipv4Address::GetAny()
                                           : ipv4->GetAddress(1, 0).GetLocal();
    }

    /// Returns the addresses that hosts have.
    std::set<Ipv4Address>
    Addresses() const
    {
        std::set<Ipv4Address> all;
        for (uint32_t i = 0; i < nodes.GetN(); ++i)
        {
            if (AddressOf(i) != Ipv4Address::GetAny())
            {
                all.insert(AddressOf(i));
            }
        }
        return all;
    }

    DialUpHelper helper;
    Ptr<IpsecCloudChannel> lan;
    Ptr<Node> router;
    NodeContainer nodes;
};

const DhcpRange WIDE{"192.168.1.100", "192.168.1.199", ""};

class DhcpOnALan : public testing::TestWithParam<uint32_t>
{
};

TEST_P(DhcpOnALan, GivesEveryHostAnAddressOfItsOwnAndTheLanFindsIt)
{
    Lan lan(GetParam(), WIDE);
    DialUpWorld::RunUntil(Seconds(2));
    EXPECT_EQ(lan.Addresses().size(), GetParam());
    for (uint32_t i = 0; i < GetParam(); ++i)
    {
        EXPECT_EQ(lan.lan->Find(lan.AddressOf(i)), DialUpHelper::GetDevice(lan.nodes.Get(i)));
    }
}

INSTANTIATE_TEST_SUITE_P(Sizes, DhcpOnALan, testing::Values(1, 3, 50));

TEST(DhcpOnALan, LeasesAreRenewedAndStay)
{
    Lan lan(3, WIDE);
    DialUpWorld::RunUntil(Seconds(2));
    const std::set<Ipv4Address> first = lan.Addresses();
    DialUpWorld::RunUntil(Seconds(100));
    EXPECT_EQ(lan.Addresses(), first);
}

TEST(DhcpOnALan, LeaseThatNobodyRenewsEndsAndIsForgottenByTheLan)
{
    Lan lan(1, WIDE);
    DialUpWorld::RunUntil(Seconds(2));
    const Ipv4Address address = lan.AddressOf(0);
    ASSERT_NE(address, Ipv4Address::GetAny());
    // Nobody answers from here on.
    const Ptr<IpsecCloudNetDevice> wire = DialUpHelper::GetDevice(lan.router);
    wire->SetUp(false);
    DialUpWorld::RunUntil(Seconds(40));
    EXPECT_EQ(lan.AddressOf(0), Ipv4Address::GetAny());
    EXPECT_NE(lan.lan->Find(address), DialUpHelper::GetDevice(lan.nodes.Get(0)));
    // It comes back with the server.
    wire->SetUp(true);
    DialUpWorld::RunUntil(Seconds(50));
    EXPECT_EQ(lan.AddressOf(0), address);
    EXPECT_EQ(lan.lan->Find(address), DialUpHelper::GetDevice(lan.nodes.Get(0)));
}

TEST(DhcpOnALan, ExhaustedPoolLeavesTheRestWithout)
{
    Lan lan(3, {"192.168.1.100", "192.168.1.101", ""});
    DialUpWorld::RunUntil(Seconds(20));
    EXPECT_EQ(lan.Addresses().size(), 2U);
}

TEST(DhcpOnALan, InternetCarriesNoBroadcast)
{
    Lan lan(1, WIDE);
    lan.lan->SetAttribute("Broadcast", BooleanValue(false));
    DialUpWorld::RunUntil(Seconds(10));
    EXPECT_EQ(lan.AddressOf(0), Ipv4Address::GetAny());
}

TEST(DhcpOnALan, ServerOutsideOfItsLanIsRefused)
{
    Lan lan(0, WIDE);
    EXPECT_THROW(lan.helper.ServeDhcp(lan.router, lan.lan, {"10.0.0.1", "10.0.0.9", ""}),
                 std::invalid_argument);
    EXPECT_THROW(
        lan.helper.ServeDhcp(lan.router, lan.helper.CreateLan(), {"10.0.0.1", "10.0.0.9", ""}),
        std::invalid_argument);
}

TEST(DhcpOnALan, HostThatMovesGetsAnAddressThere)
{
    Lan lan(2, WIDE);
    const Ptr<IpsecCloudChannel> other = lan.helper.CreateLan();
    const Ptr<Node> router = DialUpWorld::MakeNode("other-router");
    lan.helper.AttachRouter(router, other, "192.168.2.1", "255.255.255.0");
    lan.helper.ServeDhcp(router, other, {"192.168.2.100", "192.168.2.199", ""});
    DialUpWorld::RunUntil(Seconds(2));
    const Ipv4Address before = lan.AddressOf(0);
    DialUpHelper::Move(lan.nodes.Get(0), other);
    EXPECT_NE(lan.lan->Find(before), DialUpHelper::GetDevice(lan.nodes.Get(0)));
    DialUpWorld::RunUntil(Seconds(4));
    EXPECT_TRUE(Ipv4Mask("255.255.255.0").IsMatch(lan.AddressOf(0), "192.168.2.0"));
    EXPECT_EQ(other->Find(lan.AddressOf(0)), DialUpHelper::GetDevice(lan.nodes.Get(0)));
    EXPECT_EQ(lan.lan->GetNDevices(), 2U);
}

TEST(DhcpOnALan, WhatIsOnItsWayToAHostThatMovesIsLost)
{
    Lan lan(1, WIDE);
    const Ptr<IpsecCloudChannel> other = lan.helper.CreateLan();
    DialUpWorld::RunUntil(Seconds(2));
    const Ptr<IpsecCloudNetDevice> device = DialUpHelper::GetDevice(lan.nodes.Get(0));
    uint32_t arrived = 0;
    uint32_t lost = 0;
    device->TraceConnectWithoutContext(
        "MacRx", Callback<void, Ptr<const Packet>>([&](Ptr<const Packet>) { arrived++; }));
    device->TraceConnectWithoutContext(
        "PhyRxDrop", Callback<void, Ptr<const Packet>>([&](Ptr<const Packet>) { lost++; }));
    const Ptr<Socket> socket = Socket::CreateSocket(lan.router, UdpSocketFactory::GetTypeId());
    socket->SendTo(Create<Packet>(100), 0, InetSocketAddress(lan.AddressOf(0), DialUpWorld::PORT));
    DialUpHelper::Move(lan.nodes.Get(0), other);
    DialUpWorld::RunUntil(Seconds(3));
    EXPECT_EQ(arrived, 0U);
    EXPECT_EQ(lost, 1U);
}

} // namespace
} // namespace ipsec
} // namespace ns3
