// SPDX-License-Identifier: GPL-2.0-only
// What is said about mistakes in traffic that comes from outside, and in its ports.
#include "scenario-refusal.h"

#include "ns3/ipsec-scenario-reader.h"

#include <gtest/gtest.h>

namespace
{

using namespace ns3::ipsec;

const char BASE[] = "[internet]\n"
                    "tap = tap0\n"
                    "tap-address = 10.9.0.1/24\n"
                    "[gateway a]\n"
                    "address = 1.1.1.1\n"
                    "lan = 10.1.0.0/24\n"
                    "[host pc]\n"
                    "behind = a\n"
                    "[tunnel real]\n"
                    "between = a\n"
                    "external-address = 10.9.0.2\n"
                    "external-lan = 10.2.0.0/24\n"
                    "pre-shared-key = secret\n"
                    "[traffic transfer]\n"
                    "kind = iperf3\n"
                    "from = 10.2.0.1\n"
                    "to = pc\n"
                    "[traffic up]\n"
                    "kind = tcp\n"
                    "from = a\n"
                    "to = pc\n"
                    "[traffic ping]\n"
                    "from = pc\n"
                    "to = 10.2.0.1\n";

/// Reads the base with an option of the command line; returns the refusal, or nothing.
std::string
Refusal(const std::string& option)
{
    return ScenarioRefusal(BASE, {option});
}

TEST(TrafficFromOutside, HasTheUsualPortOfItsKind)
{
    const Scenario scenario = ReadScenarioText(BASE, "x.ini", {"traffic.transfer.start=0s"});
    EXPECT_EQ(scenario.traffic[0].kind, TrafficKind::Iperf3);
    EXPECT_EQ(scenario.traffic[0].port, 5201);
    EXPECT_EQ(scenario.traffic[1].port, 5002);
    EXPECT_EQ(scenario.traffic[2].port, 0);
    const Scenario other = ReadScenarioText(BASE, "x.ini", {"traffic.up.port=80"});
    EXPECT_EQ(other.traffic[1].port, 80);
}

struct Mistake
{
    const char* name;
    /// Option of the command line.
    const char* option;
    const char* message;
};

void
PrintTo(const Mistake& mistake, std::ostream* out)
{
    *out << mistake.name;
}

class TrafficMistake : public testing::TestWithParam<Mistake>
{
};

TEST_P(TrafficMistake, GivesOneLineWithKeyReasonAndWhatIsAllowed)
{
    EXPECT_EQ(Refusal(GetParam().option), GetParam().message);
}

const Mistake MISTAKES[] = {
    {"ClientInside",
     "traffic.transfer.from=a",
     "command line: traffic.transfer.from: 'a' is no address; allowed with iperf3: that of the "
     "client outside"},
    {"ServerOutside",
     "traffic.transfer.to=10.2.0.7",
     "command line: traffic.transfer.to: '10.2.0.7' cannot answer iperf3; allowed: pc, or a "
     "gateway or client"},
    {"RateOfOthers",
     "traffic.transfer.rate=1Mbps",
     "command line: traffic.transfer.rate: is there, but the client of iperf3 decides that; "
     "allowed: from, to, port, size, start, stop"},
    {"CountOfOthers",
     "traffic.transfer.count=9",
     "command line: traffic.transfer.count: is there, but the client of iperf3 decides that; "
     "allowed: from, to, port, size, start, stop"},
    {"SenderOutsideOfOthers",
     "traffic.up.from=10.2.0.1",
     "command line: traffic.up.from: there is no host '10.2.0.1'; allowed: pc, or a gateway or "
     "client"},
    {"SenderIsNothing",
     "traffic.up.from=10.2.0",
     "command line: traffic.up.from: '10.2.0' is not an IPv4 address such as 192.0.2.1"},
    {"PortOfPing",
     "traffic.ping.port=7",
     "command line: traffic.ping.port: is there, but ping has none; allowed: udp, tcp, iperf3"},
    {"PortIsTaken",
     "traffic.up.port=5201",
     "command line: traffic.up.port: 5201 is also that of traffic 'transfer' there; allowed: one "
     "of its own"},
    {"NoPort",
     "traffic.up.port=0",
     "command line: traffic.up.port: '0' is not a number from 1 to 65535"},
};

INSTANTIATE_TEST_SUITE_P(All,
                         TrafficMistake,
                         testing::ValuesIn(MISTAKES),
                         [](const testing::TestParamInfo<Mistake>& info)
                         { return info.param.name; });

TEST(TrafficFromOutside, NeedsATapDevice)
{
    const std::string text = "[gateway a]\naddress = 1.1.1.1\nlan = 10.1.0.0/24\n"
                             "[gateway b]\naddress = 2.2.2.2\nlan = 10.2.0.0/24\n"
                             "[tunnel ab]\nbetween = a, b\npre-shared-key = k\n"
                             "[traffic t]\nkind = iperf3\nfrom = 10.2.0.7\nto = pc-a\n";
    EXPECT_EQ(ScenarioRefusal(text),
              "x.ini:11: traffic.t.kind: is iperf3, but no client is outside without a TAP "
              "device; write tap and tap-address in [internet]");
}

} // namespace
