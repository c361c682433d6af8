// SPDX-License-Identifier: GPL-2.0-only
// Clients behind NATs, with and without an address of the gateway, and on their way from one to
// another.
#include "dial-up-world.h"

#include "ns3/nat-helper.h"
#include "ns3/simulator.h"
#include "ns3/string.h"

#include <gtest/gtest.h>

namespace ns3
{
namespace ipsec
{

namespace
{

/// What its tunnel is for.
enum class Inside
{
    Assigned,  ///< an address of the gateway's pool
    Own,       ///< the address that it has
    Transport, ///< packets between itself and the gateway
};

/// Where a client is, and how it got its address there.
struct Case
{
    int nats;
    bool isDhcp;
    Inside inside;
};

std::string
CaseName(const testing::TestParamInfo<Case>& info)
{
    static const char* const INSIDE[] = {"Assigned", "Own", "Transport"};
    static const char* const NATS[] = {"NoNat", "OneNat", "TwoNats"};
    return std::string(NATS[info.param.nats]) + (info.param.isDhcp ? "Dhcp" : "Static") +
           INSIDE[static_cast<int>(info.param.inside)];
}

/**
 * Home has no NAT, cafe has one, den has two:
 *
 *     den 192.168.3.0/24 --- (NAT) 100.64.0.2 --- (NAT) 203.0.113.3 ==== cloud
 */
struct NattedWorld : DialUpWorld
{
    NattedWorld()
        : den(dialUp.CreateLan())
        , carrierRouter(MakeNode("carrier"))
        , denRouter(MakeNode("den"))
    {
        const auto outside = cloud.Attach(carrierRouter, "203.0.113.3", "255.255.255.0");
        const Ptr<IpsecCloudChannel> between = dialUp.CreateLan();
        dialUp.AttachRouter(carrierRouter, between, "100.64.0.1", "255.255.255.0");
        const auto middle = dialUp.Join(denRouter, between, "100.64.0.2", "255.255.255.0");
        dialUp.AttachRouter(denRouter, den, "192.168.3.1", "255.255.255.0");
        dialUp.ServeDhcp(denRouter, den, {"192.168.3.100", "192.168.3.199", ""});
        nats.SetAttribute("PortChoice", StringValue("random"));
        carrierBox = nats.Install(carrierRouter, outside);
        nats.Install(denRouter, middle);
        cafeBox = nats.Install(cafeRouter, DialUpHelper::GetDevice(cafeRouter));
        Listen(hub, Ipv4Address(HUB));
    }

    Ptr<IpsecCloudChannel>
    Network(int natCount) const
    {
        const Ptr<IpsecCloudChannel> networks[] = {home, cafe, den};
        return networks[natCount];
    }

    static std::string
    AddressIn(int natCount)
    {
        const char* const addresses[] = {"192.168.1.50", "192.168.2.50", "192.168.3.50"};
        return addresses[natCount];
    }

    /// Installs the hub and a client in one of the networks.
    Ptr<DialUpClient>
    InstallClient(const Case& wanted)
    {
        PeerConfig group = GroupOfHub();
        PeerConfig gateway = HubForClient("alice@example.com");
        if (wanted.inside != Inside::Assigned)
        {
            const bool isTransport = wanted.inside == Inside::Transport;
            const Prefix side =
                isTransport ? Prefix::Host(IpAddress::Parse(HUB)) : Prefix::Parse("10.2.0.0/24");
            group.modeConfig.Edit().role = ModeConfigRole::Off;
            group.children[0].remoteIsAssigned = false;
            group.children[0].remoteIsPeer = true;
            group.children[0].proxyId.local = side;
            gateway.modeConfig.Edit().role = ModeConfigRole::Off;
            gateway.children[0].localIsAssigned = false;
            gateway.children[0].localIsOwn = true;
            gateway.children[0].proxyId.remote = side;
            const auto mode =
                isTransport ? EncapsulationMode::Transport : EncapsulationMode::Tunnel;
            group.children[0].mode = mode;
            gateway.children[0].mode = mode;
        }
        InstallHub(group);
        alice = MakeNode("alice");
        laptops.Add(alice);
        if (wanted.isDhcp)
        {
            dialUp.Join(alice, Network(wanted.nats));
        }
        else
        {
            dialUp.Join(alice, Network(wanted.nats), AddressIn(wanted.nats), "255.255.255.0");
        }
        const Ptr<DialUpClient> client = dialUp.Install(alice, gateway);
        NatHelper::AssignStreams(NodeContainer(carrierRouter, denRouter, cafeRouter), 500);
        AssignStreams();
        IpsecHelper::GetDaemon(hub)->TraceConnectWithoutContext(
            "PeerMoved", MakeCallback(&NattedWorld::NoteMoved, this));
        return client;
    }

    /// Whom the client talks to.
    Ipv4Address
    Destination(Inside inside) const
    {
        return inside == Inside::Transport ? Ipv4Address(HUB) : SERVER;
    }

    /// Moves the client as it is used to.
    void
    MoveAt(Time at, int natCount, bool isDhcp)
    {
        Simulator::Schedule(at,
                            [this, natCount, isDhcp]
                            {
                                if (isDhcp)
                                {
                                    DialUpHelper::Move(alice, Network(natCount));
                                    return;
                                }
                                DialUpHelper::Move(
                                    alice, Network(natCount), AddressIn(natCount), "255.255.255.0");
                            });
    }

    /// Returns the SAs by which the hub sends.
    std::vector<IpsecSa>
    Outbound() const
    {
        std::vector<IpsecSa> found;
        const IpsecDataPlane& plane = *IpsecHelper::GetDataPlane(hub);
        for (const auto& [key, entry] : plane.GetProcessor().Associations().Entries())
        {
            if (key.direction == SaDirection::Outbound)
            {
                found.push_back(entry.sa);
            }
        }
        return found;
    }

    void
    NoteMoved(const PeerMoved& /* moved */)
    {
        moves++;
    }

    NatHelper nats;
    Ptr<IpsecCloudChannel> den;
    Ptr<Node> carrierRouter;
    Ptr<Node> denRouter;
    Ptr<Node> alice;
    Ptr<NatBox> carrierBox;
    Ptr<NatBox> cafeBox;
    uint32_t moves = 0;
};

class DialUpBehindNats : public testing::TestWithParam<Case>
{
};

// Covers NT-02, PO-06.
TEST_P(DialUpBehindNats, ConnectsAndIsAnsweredThroughItsTunnel)
{
    NattedWorld world;
    const Ptr<DialUpClient> client = world.InstallClient(GetParam());
    const Ipv4Address to = world.Destination(GetParam().inside);
    world.SendAt(Seconds(5), world.alice, to);
    DialUpWorld::RunUntil(Seconds(10));
    EXPECT_EQ(client->GetState(), DialUpState::Connected);
    EXPECT_EQ(client->GetCounters().attempts, 1U);
    const std::vector<IpsecSa> outbound = world.Outbound();
    ASSERT_EQ(outbound.size(), 1U);
    EXPECT_EQ(outbound[0].udpEncapsulated, GetParam().nats > 0);
    ASSERT_EQ(world.echoes.size(), 1U);
    EXPECT_EQ(world.echoes[0].at, to);
    EXPECT_EQ(world.answers.size(), 1U);
    EXPECT_EQ(world.clearPackets, 0U);
    if (GetParam().inside == Inside::Own)
    {
        EXPECT_EQ(world.echoes[0].from, *client->GetLocalAddress());
    }
    else if (GetParam().inside == Inside::Assigned)
    {
        EXPECT_EQ(world.echoes[0].from, Ipv4Address("10.9.0.1"));
    }
}

TEST_P(DialUpBehindNats, MovesToEveryOtherNetworkAndBack)
{
    NattedWorld world;
    const Ptr<DialUpClient> client = world.InstallClient(GetParam());
    const Ipv4Address to = world.Destination(GetParam().inside);
    for (int i = 1; i <= 3; ++i)
    {
        world.MoveAt(Seconds(10 * i), (GetParam().nats + i) % 3, GetParam().isDhcp);
        world.SendAt(Seconds(10 * i + 5), world.alice, to);
    }
    DialUpWorld::RunUntil(Seconds(40));
    EXPECT_EQ(client->GetState(), DialUpState::Connected);
    EXPECT_EQ(client->GetCounters().connections, 4U);
    EXPECT_EQ(client->GetCounters().losses, 3U);
    EXPECT_EQ(world.answers.size(), 3U);
    EXPECT_EQ(world.clearPackets, 0U);
    // The hub knows that it is the same user, and keeps nothing of the tunnels before.
    const std::vector<IpsecSa> outbound = world.Outbound();
    ASSERT_EQ(outbound.size(), 1U);
    EXPECT_EQ(outbound[0].udpEncapsulated, GetParam().nats > 0);
}

std::vector<Case>
AllCases()
{
    std::vector<Case> cases;
    for (const int nats : {0, 1, 2})
    {
        for (const bool isDhcp : {true, false})
        {
            for (const Inside inside : {Inside::Assigned, Inside::Own, Inside::Transport})
            {
                cases.push_back({nats, isDhcp, inside});
            }
        }
    }
    return cases;
}

INSTANTIATE_TEST_SUITE_P(All, DialUpBehindNats, testing::ValuesIn(AllCases()), CaseName);

class DialUpRebinding : public testing::TestWithParam<Case>
{
};

TEST_P(DialUpRebinding, HubFollowsTheNextPacketAndTheTunnelStays)
{
    NattedWorld world;
    const Ptr<DialUpClient> client = world.InstallClient(GetParam());
    const Ipv4Address to = world.Destination(GetParam().inside);
    const Ptr<NatBox> box = GetParam().nats == 1 ? world.cafeBox : world.carrierBox;
    Simulator::Schedule(Seconds(10), [box] { box->Reboot(); });
    world.SendAt(Seconds(12), world.alice, to);
    DialUpWorld::RunUntil(Seconds(15));
    EXPECT_EQ(client->GetState(), DialUpState::Connected);
    EXPECT_EQ(client->GetCounters().connections, 1U);
    EXPECT_EQ(client->GetCounters().losses, 0U);
    EXPECT_EQ(world.moves, 1U);
    EXPECT_EQ(world.answers.size(), 1U);
}

INSTANTIATE_TEST_SUITE_P(All,
                         DialUpRebinding,
                         testing::Values(Case{1, true, Inside::Assigned},
                                         Case{1, false, Inside::Own},
                                         Case{1, true, Inside::Transport},
                                         Case{2, true, Inside::Assigned},
                                         Case{2, true, Inside::Own},
                                         Case{2, false, Inside::Transport}),
                         CaseName);

// Without an address of the gateway

TEST(DialUpOwnAddress, NothingLeaksWhileTheTunnelIsLost)
{
    NattedWorld world;
    const Ptr<DialUpClient> client = world.InstallClient({0, true, Inside::Own});
    Simulator::Schedule(Seconds(10), [&] { IpsecHelper::GetDaemon(world.hub)->Stop(); });
    world.SendAt(Seconds(12), world.alice, DialUpWorld::SERVER);
    DialUpWorld::RunUntil(Seconds(13));
    EXPECT_NE(client->GetState(), DialUpState::Connected);
    EXPECT_EQ(world.clearPackets, 0U);
    EXPECT_TRUE(world.echoes.empty());
}

TEST(DialUpOwnAddress, RulesGoWhenTheUserDoesNotWantTheTunnel)
{
    NattedWorld world;
    const Ptr<DialUpClient> client = world.InstallClient({0, true, Inside::Own});
    Simulator::Schedule(Seconds(10), [client] { client->Disconnect(); });
    DialUpWorld::RunUntil(Seconds(11));
    EXPECT_TRUE(IpsecHelper::GetDataPlane(world.alice)->Policies().Policies().empty());
}

TEST(DialUpClientLife, CrashedNodeFailsItsAttemptsAndComesBack)
{
    NattedWorld world;
    const Ptr<DialUpClient> client = world.InstallClient({1, true, Inside::Assigned});
    Simulator::Schedule(Seconds(10), [&] { IpsecHelper::GetDaemon(world.alice)->Crash(); });
    Simulator::Schedule(Seconds(18),
                        [&]
                        {
                            IpsecHelper::GetDaemon(world.alice)->Restart();
                            client->Connect();
                        });
    world.SendAt(Seconds(22), world.alice, DialUpWorld::SERVER);
    DialUpWorld::RunUntil(Seconds(25));
    EXPECT_EQ(client->GetState(), DialUpState::Connected);
    EXPECT_EQ(client->GetCounters().failuresByReason.at(Fault::NodeDown), 1U);
    EXPECT_EQ(client->GetCounters().losses, 1U);
    EXPECT_EQ(world.answers.size(), 1U);
}

// What led packets into the tunnel went with the SAs; nothing leads them into the open.
TEST(DialUpClientLife, CrashedNodeSendsNothingInClearUntilItsTunnelIsBack)
{
    for (const bool blocks : {true, false})
    {
        NattedWorld world;
        world.dialUp.SetClientAttribute("BlockWhileLost", BooleanValue(blocks));
        const Ptr<DialUpClient> client = world.InstallClient({1, true, Inside::Assigned});
        Simulator::Schedule(Seconds(9), [&] { IpsecHelper::GetDaemon(world.hub)->Crash(); });
        Simulator::Schedule(Seconds(10), [&] { IpsecHelper::GetDaemon(world.alice)->Crash(); });
        Simulator::Schedule(Seconds(18), [&] { IpsecHelper::GetDaemon(world.alice)->Restart(); });
        world.SendAt(Seconds(22), world.alice, DialUpWorld::SERVER);
        DialUpWorld::RunUntil(Seconds(25));
        EXPECT_NE(client->GetState(), DialUpState::Connected);
        EXPECT_EQ(world.clearPackets > 0, !blocks);
    }
}

} // namespace
} // namespace ipsec
} // namespace ns3
