// SPDX-License-Identifier: GPL-2.0-only
// Many users, who come, stay and go.
#include "dial-up-world.h"

#include "ns3/boolean.h"
#include "ns3/simulator.h"
#include "ns3/string.h"

#include <gtest/gtest.h>
#include <stdexcept>

namespace ns3
{
namespace ipsec
{

namespace
{

/// Users at home, and the hub.
struct Population : DialUpWorld
{
    explicit Population(uint32_t users, uint64_t run = 1)
        : DialUpWorld(run)
    {
        PeerConfig group = GroupOfHub();
        for (uint32_t i = 0; i < users; ++i)
        {
            group.xauth.Edit().users["user" + std::to_string(i)] = SecretBytes(AsOctets("secret"));
            MakeLaptop("laptop" + std::to_string(i));
        }
        InstallHub(group);
        dialUp.Install(laptops,
                       HubForClient("users.example.com"),
                       [](uint32_t i, PeerConfig& gateway)
                       {
                           const std::string user = "user" + std::to_string(i);
                           gateway.localId = Identity::Parse(user + "@example.com");
                           gateway.xauth.Edit().user = user;
                           gateway.xauth.Edit().password = SecretBytes(AsOctets("secret"));
                       });
    }

    /// Gives everybody a user and a stream.
    void
    Inhabit()
    {
        users = dialUp.InstallUsers(laptops);
        AssignStreams();
    }

    size_t
    InUse() const
    {
        return IpsecHelper::GetDaemon(hub)->GetEngine().AddressesInUse("pool");
    }

    ApplicationContainer users;
};

void
NoteEvent(std::string* text, uint32_t user, DialUpState /* from */, DialUpState to)
{
    *text += std::to_string(Simulator::Now().GetNanoSeconds()) + " " + std::to_string(user) + " " +
             DialUpStateName(to) + "\n";
}

/// Returns what five users do in a run, with every instant.
std::string
Story(uint64_t run)
{
    Population world(5, run);
    world.dialUp.SetUserAttribute("Holding",
                                  StringValue("ns3::ExponentialRandomVariable[Mean=10]"));
    world.dialUp.SetUserAttribute("Away", StringValue("ns3::ExponentialRandomVariable[Mean=10]"));
    world.Inhabit();
    std::string text;
    for (uint32_t i = 0; i < world.laptops.GetN(); ++i)
    {
        const Ptr<DialUpClient> client = DialUpHelper::GetClient(world.laptops.Get(i));
        client->TraceConnectWithoutContext("State", MakeBoundCallback(&NoteEvent, &text, i));
    }
    DialUpWorld::RunUntil(Seconds(100));
    return text;
}

TEST(DialUpPopulation, FiftyUsersComeAndGoAndLeaveNoAddressBehind)
{
    Population world(50);
    world.dialUp.SetUserAttribute("FirstArrival",
                                  StringValue("ns3::UniformRandomVariable[Min=0|Max=60]"));
    world.dialUp.SetUserAttribute("Holding",
                                  StringValue("ns3::ExponentialRandomVariable[Mean=60]"));
    world.dialUp.SetUserAttribute("Away", StringValue("ns3::ExponentialRandomVariable[Mean=60]"));
    world.Inhabit();
    world.users.Stop(Seconds(240));
    size_t most = 0;
    for (int at = 1; at < 240; ++at)
    {
        Simulator::Schedule(Seconds(at), [&] { most = std::max(most, world.InUse()); });
    }
    DialUpWorld::RunUntil(Seconds(245));
    uint64_t arrivals = 0;
    for (uint32_t i = 0; i < 50; ++i)
    {
        const Ptr<Node> laptop = world.laptops.Get(i);
        const Ptr<DialUpClient> client = DialUpHelper::GetClient(laptop);
        EXPECT_EQ(client->GetState(), DialUpState::Off);
        EXPECT_EQ(client->GetCounters().connections, DialUpHelper::GetUser(laptop)->GetArrivals());
        EXPECT_GE(DialUpHelper::GetUser(laptop)->GetArrivals(), 1U);
        arrivals += DialUpHelper::GetUser(laptop)->GetArrivals();
    }
    EXPECT_GT(arrivals, 60U);
    EXPECT_GT(most, 10U);
    EXPECT_LT(most, 50U);
    EXPECT_EQ(world.InUse(), 0U);
    EXPECT_TRUE(IpsecHelper::GetDaemon(world.hub)->GetEngine().IkeSas().empty());
}

TEST(DialUpPopulation, ConstantTimesAreKeptExactly)
{
    Population world(1);
    world.dialUp.SetUserAttribute("FirstArrival",
                                  StringValue("ns3::ConstantRandomVariable[Constant=10]"));
    world.dialUp.SetUserAttribute("Holding",
                                  StringValue("ns3::ConstantRandomVariable[Constant=20]"));
    world.dialUp.SetUserAttribute("Away", StringValue("ns3::ConstantRandomVariable[Constant=5]"));
    world.Inhabit();
    DialUpDiary diary(DialUpHelper::GetClient(world.laptops.Get(0)));
    DialUpWorld::RunUntil(Seconds(50));
    ASSERT_EQ(diary.States(), "Connecting Connected Off Connecting Connected");
    EXPECT_EQ(diary.entered[0].first, Seconds(10));
    EXPECT_EQ(diary.entered[2].first - diary.entered[1].first, Seconds(20));
    EXPECT_EQ(diary.entered[3].first - diary.entered[2].first, Seconds(5));
}

TEST(DialUpPopulation, UserWhoDoesNotReturnComesOnce)
{
    Population world(1);
    world.dialUp.SetUserAttribute("Holding",
                                  StringValue("ns3::ConstantRandomVariable[Constant=20]"));
    world.dialUp.SetUserAttribute("Returns", BooleanValue(false));
    world.Inhabit();
    DialUpWorld::RunUntil(Seconds(1000));
    EXPECT_EQ(DialUpHelper::GetUser(world.laptops.Get(0))->GetArrivals(), 1U);
    EXPECT_EQ(DialUpHelper::GetUser(world.laptops.Get(0))->GetDepartures(), 1U);
    EXPECT_EQ(world.InUse(), 0U);
}

TEST(DialUpPopulation, SecondUserOfAClientIsRefused)
{
    Population world(1);
    world.Inhabit();
    EXPECT_THROW(world.dialUp.InstallUsers(world.laptops), std::invalid_argument);
    EXPECT_THROW(world.dialUp.InstallUsers(NodeContainer(world.web)), std::invalid_argument);
}

TEST(DialUpPopulation, SameSeedAndRunTellTheSameStory)
{
    const std::string first = Story(1);
    EXPECT_FALSE(first.empty());
    EXPECT_EQ(Story(1), first);
    EXPECT_NE(Story(2), first);
}

} // namespace
} // namespace ipsec
} // namespace ns3
