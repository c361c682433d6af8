// SPDX-License-Identifier: GPL-2.0-only
// Streams over TCP whose receiver cannot be reached, at first or at all.
#include "ns3/ipsec-scenario-reader.h"
#include "ns3/ipsec-scenario-runner.h"

#include <gtest/gtest.h>
#include <string>
#include <vector>

namespace ns3
{
namespace ipsec
{
namespace
{

const std::string BASE = "[simulation]\nstop = 400s\n"
                         "[gateway a]\naddress = 1.1.1.1\nlan = 10.1.0.0/24\n"
                         "[gateway b]\naddress = 2.2.2.2\nlan = 10.2.0.0/24\n"
                         "[tunnel ab]\nbetween = a, b\npre-shared-key = k\nstart = auto\n"
                         "[traffic page]\nkind = tcp\nfrom = pc-a\nto = pc-b\nsize = 500B\n"
                         "rate = 400kbps\ncount = 100\nstart = 2s\n";

TrafficRecord
PageOf(const std::string& more, const std::vector<std::string>& changes = {})
{
    return RunScenario(ReadScenarioText(BASE + more, "x.ini", changes), {}).traffic.at(0);
}

TEST(ScenarioStream, ATunnelThatNeverComesUpEndsNothing)
{
    const TrafficRecord page = PageOf("[event cut]\nkind = link-down\ntarget = b\nat = 0s\n");
    EXPECT_EQ(page.sent, 0u);
    EXPECT_EQ(page.received, 0u);
}

TEST(ScenarioStream, BeginsAgainWhenTcpHasGivenUp)
{
    // The first connection has come to nothing by then.
    const TrafficRecord page = PageOf("[event cut]\nkind = link-down\ntarget = b\nat = 0s\n"
                                      "[event mended]\nkind = link-up\ntarget = b\nat = 250s\n");
    EXPECT_EQ(page.sent, 100u);
    EXPECT_EQ(page.received, 100u);
}

TEST(ScenarioStream, BeginsAgainWhenTcpHasGivenUpAConnectionThatWasThere)
{
    // Two packets a second. TCP gives up after two minutes, and connects again 24 s after the end.
    const TrafficRecord page = PageOf("[event cut]\nkind = link-down\ntarget = b\nat = 20s\n"
                                      "[event mended]\nkind = link-up\ntarget = b\nat = 220s\n",
                                      {"traffic.page.rate=8kbps", "traffic.page.count=100000"});
    EXPECT_GT(page.received, 200u);
}

TEST(ScenarioStream, BeginsWhenAClientHasItsAddress)
{
    const std::string text =
        "[simulation]\nstop = 30s\n"
        "[gateway hub]\naddress = 198.51.100.1\nlan = 10.2.0.0/24\n"
        "[host intranet]\nbehind = hub\n"
        "[nat home]\naddress = 203.0.113.1\nlan = 192.168.1.0/24\n"
        "dhcp = 192.168.1.100 - 192.168.1.150\n"
        "[client laptop]\naddress = dhcp\nbehind = home\nid = laptop@example.com\n"
        "[tunnel laptop]\nbetween = laptop, hub\nmode = aggressive\npre-shared-key = k\n"
        "start = auto\n"
        "[traffic page]\nkind = tcp\nfrom = laptop\nto = intranet\nsize = 500B\n"
        "rate = 80kbps\ncount = 100\nstart = 0s\n";
    EXPECT_EQ(RunScenario(ReadScenarioText(text, "x.ini"), {}).traffic.at(0).received, 100u);
}

TEST(ScenarioStream, SendsAtItsRateUntilAllIsSent)
{
    const TrafficRecord page = PageOf("");
    EXPECT_EQ(page.sent, 100u);
    EXPECT_EQ(page.received, 100u);
    EXPECT_EQ(page.sentOctets, 50000u);
    EXPECT_EQ(page.receivedOctets, 50000u);
}

} // namespace
} // namespace ipsec
} // namespace ns3
