// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/double.h"
#include "ns3/ipsec-cloud-helper.h"
#include "ns3/ipsec-conversions.h"
#include "ns3/rng-seed-manager.h"
#include "ns3/simulator.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <set>

namespace ns3
{
namespace ipsec
{

namespace
{

/// Octets of a packet whose header is bare and whose last octet is its number.
constexpr uint32_t PACKET_OCTETS = 125;

/// Three bare nodes on a cloud; what arrives at each is kept.
class Cloud
{
  public:
    struct Arrival
    {
        Time at;
        uint8_t number;
    };

    Cloud()
        : channel(CreateObject<IpsecCloudChannel>())
    {
        RngSeedManager::SetSeed(1);
        RngSeedManager::SetRun(1);
        channel->SetAttribute("Delay", TimeValue(MilliSeconds(10)));
        for (size_t i = 0; i < devices.size(); ++i)
        {
            nodes[i] = CreateObject<Node>();
            devices[i] = CreateObject<IpsecCloudNetDevice>();
            nodes[i]->AddDevice(devices[i]);
            channel->Attach(devices[i]);
            channel->AddNetwork(AddressOf(i), Ipv4Mask::GetOnes(), devices[i]);
            devices[i]->AssignStreams(static_cast<int64_t>(10 * i));
            devices[i]->TraceConnectWithoutContext(
                "MacRx",
                Callback<void, Ptr<const Packet>>(
                    [this, i](Ptr<const Packet> packet)
                    {
                        const Octets octets = ToOctets(*packet);
                        arrivals[i].push_back({Simulator::Now(), octets.back()});
                        corrupted += octets[PACKET_OCTETS - 2] != 0;
                    }));
        }
    }

    ~Cloud()
    {
        Simulator::Destroy();
    }

    static Ipv4Address
    AddressOf(size_t i)
    {
        return Ipv4Address(0xc0000201 + static_cast<uint32_t>(i));
    }

    /// Sends packets with the numbers 0 to @p count - 1 from device 0.
    void
    Send(uint8_t count, Ipv4Address to, Time interval = Time(0))
    {
        for (uint8_t number = 0; number < count; ++number)
        {
            Octets octets(PACKET_OCTETS, 0);
            const std::array<uint8_t, 4> destination = ToCore(to).ToOctets();
            std::copy(destination.begin(), destination.end(), octets.begin() + 16);
            octets.back() = number;
            Simulator::Schedule(
                number * interval,
                [this, octets]()
                { devices[0]->Send(ToPacket(octets), devices[0]->GetBroadcast(), 0x0800); });
        }
    }

    void
    Run()
    {
        Simulator::Run();
    }

    Ptr<IpsecCloudChannel> channel;
    std::array<Ptr<Node>, 3> nodes;
    std::array<Ptr<IpsecCloudNetDevice>, 3> devices;
    std::array<std::vector<Arrival>, 3> arrivals;
    /// Arrived packets whose filling is not zero.
    size_t corrupted = 0;
};

/// Counts how often a trace source of packets fires.
class Counter
{
  public:
    Counter(Ptr<NetDevice> device, const std::string& source)
    {
        device->TraceConnectWithoutContext(source, MakeCallback(&Counter::Count, this));
    }

    size_t count = 0;

  private:
    void
    Count(Ptr<const Packet>)
    {
        ++count;
    }
};

bool
IsInOrder(const std::vector<Cloud::Arrival>& arrivals)
{
    return std::is_sorted(arrivals.begin(),
                          arrivals.end(),
                          [](const auto& a, const auto& b) { return a.number < b.number; });
}

TEST(Cloud, DeliversAfterTheDelaysOfChannelAndBothEnds)
{
    Cloud cloud;
    cloud.devices[0]->SetAttribute("Delay", TimeValue(MilliSeconds(2)));
    cloud.devices[1]->SetAttribute("Delay", TimeValue(MilliSeconds(3)));
    cloud.Send(1, Cloud::AddressOf(1));
    cloud.Run();

    ASSERT_EQ(cloud.arrivals[1].size(), 1U);
    EXPECT_EQ(cloud.arrivals[1][0].at, MilliSeconds(15));
    EXPECT_TRUE(cloud.arrivals[2].empty());
}

TEST(Cloud, SendsNoFasterThanTheRate)
{
    Cloud cloud;
    // 125 octets take one millisecond.
    cloud.devices[0]->SetAttribute("DataRate", DataRateValue(DataRate("1Mbps")));
    cloud.Send(3, Cloud::AddressOf(1));
    cloud.Run();

    ASSERT_EQ(cloud.arrivals[1].size(), 3U);
    EXPECT_EQ(cloud.arrivals[1][0].at, MilliSeconds(11));
    EXPECT_EQ(cloud.arrivals[1][1].at, MilliSeconds(12));
    EXPECT_EQ(cloud.arrivals[1][2].at, MilliSeconds(13));
}

TEST(Cloud, DropsWhatTheQueueDoesNotHold)
{
    Cloud cloud;
    cloud.devices[0]->SetAttribute("DataRate", DataRateValue(DataRate("1Mbps")));
    cloud.devices[0]->SetAttribute("QueueLimit", UintegerValue(2));
    const Counter dropped(cloud.devices[0], "MacTxDrop");
    cloud.Send(10, Cloud::AddressOf(1));
    cloud.Run();

    EXPECT_EQ(cloud.arrivals[1].size(), 3U);
    EXPECT_EQ(dropped.count, 7U);
}

TEST(Cloud, LosesTheGivenPart)
{
    Cloud cloud;
    cloud.devices[0]->SetAttribute("Loss", DoubleValue(0.3));
    const Counter lost(cloud.devices[0], "PhyTxDrop");
    cloud.Send(200, Cloud::AddressOf(1), MicroSeconds(1));
    cloud.Run();

    EXPECT_EQ(cloud.arrivals[1].size() + lost.count, 200U);
    EXPECT_NEAR(static_cast<double>(lost.count), 60.0, 20.0);
}

TEST(Cloud, JitterDelaysWithoutReordering)
{
    Cloud cloud;
    cloud.devices[0]->SetAttribute("Jitter", TimeValue(MilliSeconds(5)));
    cloud.Send(100, Cloud::AddressOf(1), MicroSeconds(100));
    cloud.Run();

    ASSERT_EQ(cloud.arrivals[1].size(), 100U);
    EXPECT_TRUE(IsInOrder(cloud.arrivals[1]));
    Time longest;
    for (const Cloud::Arrival& arrival : cloud.arrivals[1])
    {
        const Time took = arrival.at - arrival.number * MicroSeconds(100);
        EXPECT_GE(took, MilliSeconds(10));
        EXPECT_LE(took, MilliSeconds(15));
        longest = std::max(longest, took);
    }
    EXPECT_GT(longest, MilliSeconds(12));
}

TEST(Cloud, ReordersTheGivenPart)
{
    Cloud cloud;
    cloud.devices[0]->SetAttribute("Reorder", DoubleValue(0.1));
    cloud.Send(100, Cloud::AddressOf(1), MicroSeconds(100));
    cloud.Run();

    EXPECT_EQ(cloud.arrivals[1].size(), 100U);
    EXPECT_FALSE(IsInOrder(cloud.arrivals[1]));
}

TEST(Cloud, DuplicatesTheGivenPart)
{
    Cloud cloud;
    cloud.devices[0]->SetAttribute("Duplicate", DoubleValue(1));
    cloud.Send(10, Cloud::AddressOf(1));
    cloud.Run();

    EXPECT_EQ(cloud.arrivals[1].size(), 20U);
}

TEST(Cloud, CorruptsOneBitBehindTheHeader)
{
    Cloud cloud;
    cloud.devices[0]->SetAttribute("Corrupt", DoubleValue(1));
    size_t differing = 0;
    cloud.devices[1]->TraceConnectWithoutContext("MacRx",
                                                 Callback<void, Ptr<const Packet>>(
                                                     [&differing](Ptr<const Packet> packet)
                                                     {
                                                         const Octets octets = ToOctets(*packet);
                                                         for (size_t i = 20; i < octets.size(); ++i)
                                                         {
                                                             differing += static_cast<size_t>(
                                                                 __builtin_popcount(octets[i]));
                                                         }
                                                     }));
    cloud.Send(1, Cloud::AddressOf(1));
    cloud.Run();

    EXPECT_EQ(differing, 1U);
}

TEST(Cloud, KindsOfImpairmentDoNotDisturbEachOther)
{
    const auto lostNumbers = [](double duplicate)
    {
        Cloud cloud;
        cloud.devices[0]->SetAttribute("Loss", DoubleValue(0.5));
        cloud.devices[0]->SetAttribute("Duplicate", DoubleValue(duplicate));
        cloud.Send(50, Cloud::AddressOf(1), MicroSeconds(1));
        cloud.Run();
        std::set<uint8_t> arrived;
        for (const Cloud::Arrival& arrival : cloud.arrivals[1])
        {
            arrived.insert(arrival.number);
        }
        return arrived;
    };
    EXPECT_EQ(lostNumbers(0), lostNumbers(0.5));
}

TEST(Cloud, LongestNetworkWins)
{
    Cloud cloud;
    cloud.channel->AddNetwork("10.0.0.0", "255.0.0.0", cloud.devices[1]);
    cloud.channel->AddNetwork("10.9.0.0", "255.255.0.0", cloud.devices[2]);

    EXPECT_EQ(cloud.channel->Find("10.8.0.1"), cloud.devices[1]);
    EXPECT_EQ(cloud.channel->Find("10.9.0.1"), cloud.devices[2]);
    EXPECT_FALSE(cloud.channel->Find("172.16.0.1"));
    EXPECT_TRUE(cloud.channel->RemoveNetwork("10.9.0.0", "255.255.0.0"));
    EXPECT_EQ(cloud.channel->Find("10.9.0.1"), cloud.devices[1]);
}

TEST(Cloud, CarriesNothingBetweenPartitions)
{
    Cloud cloud;
    cloud.devices[1]->SetAttribute("Partition", UintegerValue(1));
    const Counter lost(cloud.devices[0], "PhyTxDrop");
    cloud.Send(1, Cloud::AddressOf(1));
    cloud.Send(1, Cloud::AddressOf(2));
    cloud.Run();

    EXPECT_TRUE(cloud.arrivals[1].empty());
    EXPECT_EQ(cloud.arrivals[2].size(), 1U);
    EXPECT_EQ(lost.count, 1U);
}

TEST(Cloud, DeviceThatIsDownNeitherSendsNorReceives)
{
    Cloud cloud;
    const Counter notSent(cloud.devices[0], "MacTxDrop");
    const Counter notReceived(cloud.devices[1], "PhyRxDrop");
    cloud.Send(1, Cloud::AddressOf(1));
    Simulator::Schedule(MilliSeconds(5), &IpsecRawIpDevice::SetUp, cloud.devices[1], false);
    Simulator::Schedule(MilliSeconds(20),
                        [&cloud]()
                        {
                            cloud.devices[0]->SetUp(false);
                            cloud.Send(1, Cloud::AddressOf(2));
                        });
    cloud.Run();

    EXPECT_EQ(notReceived.count, 1U);
    EXPECT_EQ(notSent.count, 1U);
    EXPECT_TRUE(cloud.arrivals[1].empty());
    EXPECT_TRUE(cloud.arrivals[2].empty());
}

TEST(Cloud, FindsOneOfManyInOneLook)
{
    Cloud cloud;
    for (uint32_t i = 0; i < 50000; ++i)
    {
        cloud.channel->AddNetwork(
            Ipv4Address(0x64000000 + i), Ipv4Mask::GetOnes(), cloud.devices[i % 3]);
    }
    // A scan of 50,000 addresses for each of these would take minutes.
    size_t found = 0;
    for (uint32_t i = 0; i < 50000; ++i)
    {
        found += cloud.channel->Find(Ipv4Address(0x64000000 + i)) == cloud.devices[i % 3];
    }
    EXPECT_EQ(found, 50000U);
}

} // namespace

} // namespace ipsec
} // namespace ns3
