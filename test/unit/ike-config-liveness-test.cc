// SPDX-License-Identifier: GPL-2.0-only
#include "config-samples.h"

#include <gtest/gtest.h>

namespace ns3
{
namespace ipsec
{

namespace
{

using std::chrono::seconds;

std::string
DpdRefusal(DpdConfig dpd)
{
    return PeerRefusal([&dpd](PeerConfig& peer) { peer.dpd = dpd; });
}

/// Tells whether a refusal says what was wrong.
bool
Names(const std::string& refusal, const std::string& what)
{
    return refusal.find(what) != std::string::npos;
}

} // namespace

TEST(LivenessConfigCheck, DetectionWithoutWaitsOrProbesIsRefused)
{
    EXPECT_EQ(DpdRefusal({DpdMode::Periodic}), ACCEPTED);
    EXPECT_TRUE(Names(DpdRefusal({DpdMode::Periodic, seconds(0)}), "the delay"));
    EXPECT_TRUE(Names(DpdRefusal({DpdMode::Always, seconds(10), seconds(0)}), "the wait"));
    EXPECT_TRUE(Names(DpdRefusal({DpdMode::OnDemand, seconds(10), seconds(5), 0}), "probes"));
    EXPECT_EQ(DpdRefusal({DpdMode::Off, seconds(0), seconds(0), 0}), ACCEPTED);
}

TEST(LivenessConfigCheck, PausesMustBePositiveAndGrow)
{
    EXPECT_TRUE(Names(PeerRefusal([](PeerConfig& peer) { peer.personality.firstPause = {}; }),
                      "the first pause"));
    EXPECT_TRUE(
        Names(PeerRefusal([](PeerConfig& peer) { peer.personality.longestPause = seconds(4); }),
              "pause"));
    EXPECT_EQ(PeerRefusal([](PeerConfig& peer) { peer.personality.longestPause = seconds(5); }),
              ACCEPTED);
}

} // namespace ipsec
} // namespace ns3
