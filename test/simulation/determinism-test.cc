// SPDX-License-Identifier: GPL-2.0-only
#include "two-sites.h"

#include "ns3/double.h"
#include "ns3/simulator.h"

#include <cstdio>
#include <fstream>
#include <gtest/gtest.h>
#include <iterator>

namespace ns3
{
namespace ipsec
{

namespace
{

/// Runs a negotiation and traffic over a lossy internet, and returns the capture.
std::string
CaptureOf(uint64_t run)
{
    const std::string name = testing::TempDir() + "ipsec-determinism-" +
                             testing::UnitTest::GetInstance()->current_test_info()->name() +
                             ".pcap";
    {
        TwoSites sites(run);
        sites.wireA->SetAttribute("Loss", DoubleValue(0.2));
        sites.wireA->SetAttribute("Jitter", TimeValue(MilliSeconds(3)));
        IpsecCloudHelper::AssignStreams(NetDeviceContainer(sites.wireA), 200);
        sites.Connect();
        sites.cloud.EnablePcap(name, sites.wireA, true, true);
        sites.EchoFromNowOn();
        for (int i = 0; i < 20; ++i)
        {
            sites.SendAt(MilliSeconds(1 + 500 * i), sites.pcA, TwoSites::PC_B);
        }
        sites.RunUntil(Seconds(20));
    }
    std::ifstream file(name, std::ios::binary);
    const std::string capture((std::istreambuf_iterator<char>(file)), {});
    std::remove(name.c_str());
    return capture;
}

TEST(Determinism, TheSameRunGivesTheSameOctets)
{
    const std::string capture = CaptureOf(1);
    EXPECT_GT(capture.size(), 2000U);
    EXPECT_TRUE(capture == CaptureOf(1));
}

TEST(Determinism, AnotherRunGivesOtherOctets)
{
    EXPECT_FALSE(CaptureOf(1) == CaptureOf(2));
}

} // namespace

} // namespace ipsec
} // namespace ns3
