// SPDX-License-Identifier: GPL-2.0-only
#include "nat-samples.h"

#include <gtest/gtest.h>
#include <set>

using namespace std::chrono_literals;

namespace ns3
{
namespace ipsec
{

namespace
{

const std::string HOST = "10.0.0.2:5000";
const std::string SERVER = "198.51.100.1:53";

std::string
HostAt(uint32_t i, int port)
{
    return IpAddress{IpAddress::Parse("10.0.0.0").value + 2 + i}.ToString() + ":" +
           std::to_string(port);
}

TEST(NatTable, NothingGoesOutWithoutAnOutsideAddress)
{
    NatBench bench;
    bench.nat.Table().SetOutside(bench.now, {});

    EXPECT_EQ(bench.Out(UdpPacket(At(HOST), At(SERVER))).fault, NatFault::NoOutsideAddress);
}

TEST(NatTable, MappingsAreLimitedInAllAndPerHost)
{
    NatConfig config;
    config.maxMappings = 5;
    config.maxPerHost = 3;
    NatBench bench(config);
    std::vector<NatFault> faults;
    for (uint32_t host = 0; host < 2; ++host)
    {
        for (int port = 5000; port < 5004; ++port)
        {
            faults.push_back(bench.Out(UdpPacket(At(HostAt(host, port)), At(SERVER))).fault);
        }
    }

    EXPECT_EQ(faults,
              (std::vector<NatFault>{NatFault::None,
                                     NatFault::None,
                                     NatFault::None,
                                     NatFault::HostLimit,
                                     NatFault::None,
                                     NatFault::None,
                                     NatFault::MappingLimit,
                                     NatFault::MappingLimit}));
    bench.Wait(5min);
    EXPECT_EQ(bench.Out(UdpPacket(At(HOST), At(SERVER))).fault, NatFault::None) << "room again";
}

TEST(NatTable, RemotesOfAMappingAreLimited)
{
    NatConfig config;
    config.maxSessionsPerMapping = 2;
    NatBench bench(config);
    bench.Mapped(HOST, "198.51.100.1:1");
    bench.Mapped(HOST, "198.51.100.1:2");

    EXPECT_EQ(bench.Out(UdpPacket(At(HOST), At("198.51.100.1:3"))).fault, NatFault::SessionLimit);
}

TEST(NatTable, PortsRunOut)
{
    NatConfig config;
    config.firstPort = 2000;
    config.lastPort = 2009;
    NatBench bench(config);
    std::set<uint16_t> ports;
    for (uint32_t host = 0; host < 5; ++host)
    {
        ports.insert(bench.Mapped(HostAt(host, 5000), SERVER).port);
    }

    EXPECT_EQ(ports, (std::set<uint16_t>{2000, 2002, 2004, 2006, 2008}));
    EXPECT_EQ(bench.Out(UdpPacket(At(HostAt(5, 5000)), At(SERVER))).fault, NatFault::NoPort);
    EXPECT_EQ(bench.Mapped(HostAt(5, 5001), SERVER).port, 2001) << "odd ones are left";
}

TEST(NatTable, PortsArePreservedWhereTheyAreFree)
{
    NatBench bench;

    EXPECT_EQ(bench.Mapped(HostAt(0, 5000), SERVER).port, 5000);
    EXPECT_EQ(bench.Mapped(HostAt(1, 5000), SERVER).port, 5002);
    EXPECT_EQ(bench.Mapped(HostAt(2, 5002), SERVER).port, 5004);
}

TEST(NatTable, PortsAreGivenInOrderOrAtRandom)
{
    NatConfig config;
    config.keepsParity = false;
    config.portChoice = NatPortChoice::Sequential;
    NatBench inOrder(config);
    EXPECT_EQ(inOrder.Mapped(HostAt(0, 5000), SERVER).port, 1024);
    EXPECT_EQ(inOrder.Mapped(HostAt(1, 5000), SERVER).port, 1025);

    config.portChoice = NatPortChoice::Random;
    NatBench random(config);
    const int first = random.Mapped(HostAt(0, 5000), SERVER).port;
    const int second = random.Mapped(HostAt(1, 5000), SERVER).port;
    EXPECT_NE(first + 1, second);
    EXPECT_NE(first, 5000);
}

TEST(NatTable, AReservedPortIsNeverGiven)
{
    NatBench bench;
    bench.nat.Table().Reserve(NatProtocol::Udp, 5000);
    EXPECT_EQ(bench.Mapped(HOST, SERVER).port, 5002);
    bench.nat.Reboot(bench.now);

    EXPECT_EQ(bench.Mapped(HOST, SERVER).port, 5002);
}

TEST(NatTable, PoolAddressesTakeTurnsIfTheyMay)
{
    NatConfig config;
    config.pooling = NatPooling::Arbitrary;
    NatBench bench(config);
    bench.nat.Table().SetOutside(bench.now, {bench.outside, IpAddress::Parse("192.0.2.2")});
    std::set<IpAddress> used;
    for (int port = 5000; port < 5004; ++port)
    {
        used.insert(bench.Mapped(HostAt(0, port), SERVER).address);
    }

    EXPECT_EQ(used.size(), 2U);
}

TEST(NatTable, AForwardedPortIsOpenToEverybodyAndDoesNotEnd)
{
    NatConfig config;
    config.filtering = NatBehaviour::AddressAndPortDependent;
    NatBench bench(config);
    bench.nat.Table().AddForward(bench.now, {NatProtocol::Udp, 80, At("10.0.0.9:8080")});
    const Endpoint outside{bench.outside, 80};
    bench.Wait(24h);
    EXPECT_TRUE(bench.IsLetIn(UdpPacket(At(SERVER), outside), At("10.0.0.9:8080")));
    EXPECT_EQ(bench.Mapped("10.0.0.9:8080", SERVER), outside);
    bench.Wait(24h);

    EXPECT_EQ(bench.nat.Table().MappingCount(), 1U);
    EXPECT_EQ(bench.nat.Table().SessionCount(), 0U);
}

TEST(NatTable, AForwardedPortIsTakenFromWhoHadIt)
{
    NatBench bench;
    bench.Mapped("10.0.0.2:8000", SERVER);
    const NatEvents events =
        bench.nat.Table().AddForward(bench.now, {NatProtocol::Udp, 8000, At("10.0.0.9:80")});

    ASSERT_EQ(events.size(), 2U);
    EXPECT_EQ(events[0].end, NatEnd::Removed);
    EXPECT_TRUE(events[1].mapping.isStatic);
}

TEST(NatTable, APortIsForwardedOnce)
{
    NatBench bench;
    NatTable& table = bench.nat.Table();
    table.AddForward(bench.now, {NatProtocol::Udp, 80, At("10.0.0.9:80")});

    EXPECT_THROW(table.AddForward(bench.now, {NatProtocol::Udp, 80, At("10.0.0.8:80")}),
                 std::invalid_argument);
    EXPECT_THROW(table.AddForward(bench.now, {NatProtocol::Udp, 81, At("10.0.0.9:80")}),
                 std::invalid_argument);
    EXPECT_THROW(table.AddForward(bench.now, {NatProtocol::Icmp, 82, At("10.0.0.9:80")}),
                 std::invalid_argument);
    NatEvents events;
    EXPECT_TRUE(table.RemoveForward(NatProtocol::Udp, 80, events));
    EXPECT_FALSE(table.RemoveForward(NatProtocol::Udp, 80, events));
    table.AddForward(bench.now, {NatProtocol::Udp, 80, At("10.0.0.8:80")});
}

TEST(NatTable, ARebootLosesAllButForwardedPorts)
{
    NatBench bench;
    bench.nat.Table().AddForward(bench.now, {NatProtocol::Udp, 80, At("10.0.0.9:80")});
    const Endpoint outside = bench.Mapped(HOST, SERVER);
    const NatOutcome reboot = bench.nat.Reboot(bench.now);

    ASSERT_EQ(reboot.events.size(), 3U);
    EXPECT_EQ(reboot.events[0].end, NatEnd::Reboot);
    EXPECT_EQ(bench.nat.Table().MappingCount(), 1U);
    EXPECT_FALSE(bench.IsLetIn(UdpPacket(At(SERVER), outside), At(HOST)));
    EXPECT_FALSE(bench.nat.NextDeadline());
}

TEST(NatTable, MappingsEndWithTheirAddressAndOthersStay)
{
    NatBench bench;
    const IpAddress second = IpAddress::Parse("192.0.2.2");
    bench.nat.Table().SetOutside(bench.now, {bench.outside, second});
    bench.nat.Table().AddForward(bench.now, {NatProtocol::Udp, 80, At("10.0.0.9:80")});
    bench.Mapped(HostAt(0, 5000), SERVER);
    bench.Mapped(HostAt(1, 5000), SERVER);
    const NatEvents events = bench.nat.Table().SetOutside(bench.now, {second});

    ASSERT_EQ(events.size(), 3U);
    EXPECT_EQ(events[0].end, NatEnd::AddressChange);
    EXPECT_EQ(events[2].mapping.outside, (Endpoint{second, 80})) << "the forwarded port moves on";
    EXPECT_EQ(bench.nat.Table().MappingCount(), 2U);
    EXPECT_EQ(bench.Mapped(HostAt(0, 5000), SERVER).address, second);
}

TEST(NatTable, AnswersToTheBoxAreItsOwn)
{
    NatBench bench;
    const Endpoint own{bench.outside, 6000};
    bench.nat.NoteOwn(bench.now, UdpPacket(own, At(SERVER)));
    const NatOutcome answer = bench.In(UdpPacket(At(SERVER), own));
    EXPECT_EQ(answer.kind, NatOutcome::Kind::Own);
    EXPECT_EQ(answer.fault, NatFault::None);
    EXPECT_EQ(bench.Mapped("10.0.0.2:6000", SERVER).port, 6002) << "the port is the box's";
    EXPECT_EQ(bench.nat.Table().MappingCount(), 1U);
    bench.Wait(5min);

    EXPECT_EQ(bench.In(UdpPacket(At(SERVER), own)).fault, NatFault::NoMapping);
    EXPECT_EQ(bench.Mapped("10.0.0.2:6000", SERVER).port, 6000) << "and free again";
}

TEST(NatTable, TheBoxMayUseAMappedPortTowardsOthers)
{
    NatBench bench;
    const Endpoint shared = bench.Mapped(HOST, SERVER);
    const Endpoint other = At("203.0.113.1:53");
    bench.nat.NoteOwn(bench.now, UdpPacket(shared, other));

    EXPECT_EQ(bench.In(UdpPacket(other, shared)).fault, NatFault::None);
    EXPECT_EQ(bench.In(UdpPacket(other, shared)).kind, NatOutcome::Kind::Own);
    EXPECT_TRUE(bench.IsLetIn(UdpPacket(At(SERVER), shared), At(HOST)));
    EXPECT_EQ(bench.Out(UdpPacket(At(HOST), other)).fault, NatFault::OwnPort);
}

TEST(NatTable, ACopyIsAFork)
{
    NatBench bench;
    const Endpoint outside = bench.Mapped(HOST, SERVER);
    NatTranslator copy = bench.nat;
    bench.nat.Reboot(bench.now);

    EXPECT_EQ(copy.FromOutside(bench.now, UdpPacket(At(SERVER), outside)).kind,
              NatOutcome::Kind::Forward);
}

TEST(NatTable, FiftyThousandMappingsAreNothingSpecial)
{
    NatBench bench;
    for (uint32_t i = 0; i < 50000; ++i)
    {
        const NatOutcome outcome = bench.Out(TcpPacket(
            At(HostAt(i % 500, 2000 + static_cast<int>(i) / 500)), At("198.51.100.1:80"), TCP_SYN));
        ASSERT_EQ(outcome.kind, NatOutcome::Kind::Forward) << i;
    }
    EXPECT_EQ(bench.nat.Table().MappingCount(), 50000U);
    EXPECT_EQ(bench.Wait(4min).size(), 50000U);
}

TEST(NatTable, AHairpinToAPortThatTheBoxUsesIsRefused)
{
    NatBench bench;
    const Endpoint target = bench.Mapped("10.0.0.3:7000", SERVER);
    const Endpoint sender = bench.Mapped(HOST, SERVER);
    bench.nat.NoteOwn(bench.now, UdpPacket(target, sender));
    const NatOutcome outcome = bench.Out(UdpPacket(At(HOST), target));

    EXPECT_EQ(outcome.kind, NatOutcome::Kind::Drop);
    EXPECT_EQ(outcome.fault, NatFault::OwnPort);
}

} // namespace

} // namespace ipsec
} // namespace ns3
