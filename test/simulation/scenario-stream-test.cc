// SPDX-License-Identifier: GPL-2.0-only
// Streams over TCP whose receiver cannot be reached, at first or at all.
#include "ns3/ipsec-scenario-reader.h"
#include "ns3/ipsec-scenario-runner.h"

#include <gtest/gtest.h>

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
PageOf(const std::string& more)
{
    return RunScenario(ReadScenarioText(BASE + more, "x.ini", {}), {}).traffic.at(0);
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
