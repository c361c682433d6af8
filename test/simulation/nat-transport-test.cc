// SPDX-License-Identifier: GPL-2.0-only
// Transport mode through a NAT: the checksums inside were made with addresses that nobody sees.
#include "ns3/ipsec-scenario-reader.h"
#include "ns3/ipsec-scenario-runner.h"

#include <gtest/gtest.h>

namespace
{

using namespace ns3::ipsec;

std::string
Client(const std::string& name, const std::string& more = "")
{
    return "[client " + name + "]\nbehind = home\nid = " + name + ".example.com\n[tunnel " + name +
           "]\nbetween = " + name +
           ", hub\nmode = aggressive\npre-shared-key = k\nencapsulation = transport\n"
           "phase1-proposals = pre-g14-aes128-sha256\n"
           "phase2-proposals = nopfs-esp-aes128-sha256\nstart = auto\nproxy-id = " +
           (name == "alice" ? "192.168.1.2" : "192.168.1.3") + "/32, 198.51.100.1/32\n" + more;
}

std::string
Net()
{
    return "[simulation]\nstop = 20s\n[internet]\ndelay = 20ms\n"
           "[gateway hub]\naddress = 198.51.100.1\nlan = 10.2.0.0/24\n"
           "[nat home]\naddress = 203.0.113.1\nlan = 192.168.1.0/24\nports = random\n";
}

std::string
Traffic(const std::string& kind, const std::string& from = "alice")
{
    return "[traffic " + kind + "]\nkind = " + kind + "\nfrom = " + from +
           "\nto = 198.51.100.1\nstart = 2s\n" +
           (kind == "tcp" ? "count = 20000\n" : "count = 5\n");
}

RunRecord
RunText(const std::string& text)
{
    return RunScenario(ReadScenarioText(text, "transport.ini", {}));
}

const TrafficRecord&
TrafficOf(const RunRecord& record, const std::string& name)
{
    for (const TrafficRecord& traffic : record.traffic)
    {
        if (traffic.name == name)
        {
            return traffic;
        }
    }
    throw std::out_of_range(name);
}

} // namespace

// The stacks of both ends check: what is wrong does not arrive.
TEST(NatTransport, UdpAndTcpAndPingsCross)
{
    const RunRecord record =
        RunText(Net() + Client("alice") + Traffic("udp") + Traffic("tcp") + Traffic("ping"));
    EXPECT_TRUE(record.TunnelUpAt("alice"));
    for (const char* kind : {"udp", "tcp", "ping"})
    {
        const TrafficRecord& traffic = TrafficOf(record, kind);
        EXPECT_GT(traffic.received, 0u) << kind;
        EXPECT_EQ(traffic.received, traffic.sent) << kind;
    }
    for (const IpsecSaRecord& sa : record.FindNode("hub")->ipsecSas)
    {
        EXPECT_EQ(sa.sa.mode, EncapsulationMode::Transport);
        EXPECT_TRUE(sa.sa.udpEncapsulated);
        EXPECT_EQ(sa.sa.proxyId.remote, Prefix::Parse("203.0.113.1/32"));
    }
}

// RFC 3948 section 5.2: to the hub both are the NAT.
TEST(NatTransport, SecondClientOfOneNatIsRefused)
{
    const RunRecord record =
        RunText(Net() + Client("alice") + Client("bob", "start-at = 1s\n") + Traffic("ping"));
    EXPECT_TRUE(record.TunnelUpAt("alice"));
    EXPECT_FALSE(record.TunnelUpAt("bob"));
    const auto& drops = record.FindNode("hub")->dropCounts;
    EXPECT_EQ(drops.count(Fault::SelectorConflict), 1u);
    EXPECT_EQ(TrafficOf(record, "ping").received, 5u);
}
