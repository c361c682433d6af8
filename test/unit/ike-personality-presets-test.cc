// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/ike-personality.h"

#include <gtest/gtest.h>
#include <iterator>

namespace ns3
{
namespace ipsec
{

using std::chrono::hours;

namespace
{

/// Lifetimes, and when SAs are renewed, as parts of them or in seconds before their end.
struct KnownLives
{
    const char* preset;
    double ikeLifetime;
    double ipsecLifetime;
    uint64_t kilobytes;
    /// Of an IKE and an IPsec SA as initiator, earliest and latest; then as responder.
    double ike[2];
    double ipsec[2];
    double asResponder[2];
};

// Earliest first. Those that are not established are the RFC preset's 90 % (95 % as responder).
const KnownLives LIVES[] = {
    {"rfc", 86400, 3600, 0, {77760, 77760}, {3240, 3240}, {3420, 3420}},
    {"junos", 86400, 28800, 0, {77760, 77760}, {25920, 25920}, {27360, 27360}},
    {"huawei", 86400, 3600, 1843200, {60480, 60480}, {2520, 2520}, {2520, 2520}},
    {"solaris", 86400, 3600, 0, {77760, 77760}, {3240, 3240}, {3420, 3420}},
    {"cisco-ios", 86400, 3600, 0, {77760, 77760}, {3240, 3240}, {3420, 3420}},
    {"racoon", 28800, 28800, 0, {23040, 23040}, {23040, 23040}, {23040, 23040}},
    // 4 h and 1 h, less up to a tenth; the hard end is a tenth later.
    {"strongswan", 15840, 3960, 0, {12960, 14400}, {3240, 3600}, {3240, 3600}},
    // 540 s to 1080 s before the end; the responder 270 s.
    {"libreswan", 28800, 28800, 0, {27720, 28260}, {27720, 28260}, {28530, 28530}},
    {"isakmpd", 3600, 1200, 0, {3060, 3420}, {1020, 1140}, {1020, 1140}},
    {"windows", 86400, 3600, 0, {77760, 77760}, {3240, 3240}, {3420, 3420}},
};

double
RenewedAt(const Personality& personality, Duration lifetime, bool isInitiator, double random)
{
    const Duration at = lifetime - personality.RenewalMargin(lifetime, isInitiator, random);
    return std::chrono::duration<double>(at).count();
}

void
ExpectRenewal(const Personality& personality,
              Duration lifetime,
              bool isInitiator,
              const double (&expected)[2])
{
    EXPECT_NEAR(RenewedAt(personality, lifetime, isInitiator, 1), expected[0], 1e-3);
    EXPECT_NEAR(RenewedAt(personality, lifetime, isInitiator, 0), expected[1], 1e-3);
}

} // namespace

TEST(PresetFigures, LifetimesAndRenewal)
{
    ASSERT_EQ(std::size(LIVES), Personality::PresetNames().size());
    for (const KnownLives& row : LIVES)
    {
        SCOPED_TRACE(row.preset);
        const Personality preset = Personality::Preset(row.preset);
        EXPECT_EQ(std::chrono::duration<double>(preset.ikeLifetime).count(), row.ikeLifetime);
        EXPECT_EQ(std::chrono::duration<double>(preset.ipsecLifetime).count(), row.ipsecLifetime);
        EXPECT_EQ(preset.ipsecLifetimeKilobytes, row.kilobytes);
        ExpectRenewal(preset, preset.ikeLifetime, true, row.ike);
        ExpectRenewal(preset, preset.ipsecLifetime, true, row.ipsec);
        ExpectRenewal(preset, preset.ipsecLifetime, false, row.asResponder);
    }
}

// Covers LT-02.
TEST(PresetFigures, LifetimesOfTheRfcPresetLieInTheUsualRange)
{
    const Personality rfc = Personality::Preset("rfc");
    EXPECT_GE(rfc.ikeLifetime, hours(1));
    EXPECT_LE(rfc.ikeLifetime, hours(24));
    EXPECT_GE(rfc.ipsecLifetime, std::chrono::minutes(30));
    EXPECT_LE(rfc.ipsecLifetime, hours(3));
    EXPECT_GT(rfc.ikeLifetime, rfc.ipsecLifetime);
}

namespace
{

/// Dead peer detection: 0 is off.
struct KnownDpd
{
    const char* preset;
    double delay;
    double retry;
    uint32_t tries;
    uint32_t firstSequenceMask;
};

const KnownDpd DPD[] = {
    {"rfc", 0, 5, 5, 0x7fffffff},
    {"junos", 10, 10, 5, 0x7fffffff},
    {"huawei", 0, 5, 3, 0x7fffffff},
    {"solaris", 0, 5, 5, 0x7fffffff},
    {"cisco-ios", 0, 5, 5, 0x7fffffff},
    {"racoon", 0, 5, 5, 0x0fffffff},
    {"strongswan", 0, 33, 5, 0x7fffffff},
    {"libreswan", 0, 5, 5, 0x7fff},
    {"isakmpd", 0, 5, 5, 0x7fff},
    {"windows", 0, 5, 5, 0x7fffffff},
};

/// Limits and what is negotiated.
struct KnownLimits
{
    const char* preset;
    uint32_t halfOpen;
    uint32_t halfOpenPerAddress;
    uint32_t quickModes;
    uint32_t duplicateAnswers;
    uint32_t remembered;
    uint32_t nonce;
    uint32_t fragment;
};

const KnownLimits LIMITS[] = {
    {"rfc", 25000, 1000, 64, 0, 1, 32, 1280},
    {"junos", 25000, 1000, 64, 0, 1, 32, 1280},
    {"huawei", 25000, 1000, 64, 0, 1, 32, 1280},
    {"solaris", 25000, 1000, 64, 0, 1, 32, 1280},
    {"cisco-ios", 25000, 1000, 64, 0, 1, 32, 1280},
    {"racoon", 25000, 1000, 64, 5, 1, 16, 1280},
    {"strongswan", 0, 5, 3, 0, 2, 32, 1280},
    {"libreswan", 50000, 1000, 64, 2, 1, 32, 576},
    {"isakmpd", 25000, 1000, 64, 0, 1, 16, 1280},
    {"windows", 25000, 1000, 64, 0, 1, 32, 1280},
};

} // namespace

TEST(PresetFigures, DeadPeerDetection)
{
    ASSERT_EQ(std::size(DPD), Personality::PresetNames().size());
    for (const KnownDpd& row : DPD)
    {
        SCOPED_TRACE(row.preset);
        const Personality preset = Personality::Preset(row.preset);
        EXPECT_EQ(std::chrono::duration<double>(preset.dpdDelay).count(), row.delay);
        EXPECT_EQ(std::chrono::duration<double>(preset.dpdRetry).count(), row.retry);
        EXPECT_EQ(preset.dpdTries, row.tries);
        EXPECT_EQ(preset.dpdFirstSequenceMask, row.firstSequenceMask);
        const std::string name = row.preset;
        EXPECT_EQ(preset.dpdRepeatsSequence, name == "isakmpd");
        EXPECT_EQ(preset.dpdNotifyFirst, name == "huawei");
        EXPECT_EQ(preset.dpdAnswersAnySequence, name == "strongswan" || name == "libreswan");
        EXPECT_EQ(preset.dpdUnexpectedAnswers, name == "libreswan" ? 3u : 0u);
        EXPECT_EQ(preset.dpdProbesBehindNat, name == "libreswan");
    }
}

TEST(PresetFigures, Limits)
{
    ASSERT_EQ(std::size(LIMITS), Personality::PresetNames().size());
    for (const KnownLimits& row : LIMITS)
    {
        SCOPED_TRACE(row.preset);
        const Personality preset = Personality::Preset(row.preset);
        EXPECT_EQ(preset.halfOpen, row.halfOpen);
        EXPECT_EQ(preset.halfOpenPerAddress, row.halfOpenPerAddress);
        EXPECT_EQ(preset.maxQuickModes, row.quickModes);
        EXPECT_EQ(preset.maxDuplicateAnswers, row.duplicateAnswers);
        EXPECT_EQ(preset.rememberedMessages, row.remembered);
        EXPECT_EQ(preset.nonceOctets, row.nonce);
        EXPECT_EQ(preset.fragmentOctets, row.fragment);
    }
}

TEST(PresetFigures, Choices)
{
    for (const std::string& name : Personality::PresetNames())
    {
        SCOPED_TRACE(name);
        const Personality preset = Personality::Preset(name);
        EXPECT_EQ(preset.name, name);
        EXPECT_EQ(preset.ikeRenewer,
                  name == "racoon" || name == "huawei" ? Renewer::Initiator : Renewer::Either);
        EXPECT_EQ(preset.childrenAtEnd,
                  name == "huawei"                           ? ChildrenAtEnd::Adopt
                  : name == "racoon" || name == "strongswan" ? ChildrenAtEnd::Adopt
                                                             : ChildrenAtEnd::Keep);
        EXPECT_EQ(preset.uniqueness, name == "libreswan" ? Uniqueness::Replace : Uniqueness::No);
        EXPECT_EQ(preset.lifetimeRule,
                  name == "racoon" ? LifetimeRule::Strict : LifetimeRule::Shorter);
        EXPECT_EQ(preset.acceptUnrequestedPfs, name == "libreswan");
        EXPECT_EQ(preset.preferOwnProposals, name == "strongswan");
        EXPECT_EQ(preset.sendInitialContactInAggressive, name != "isakmpd" && name != "libreswan");
        EXPECT_EQ(preset.initialContact,
                  name == "libreswan" ? ContactAnnouncement::Never : ContactAnnouncement::First);
        EXPECT_TRUE(preset.sendDeletes);
    }
}

} // namespace ipsec
} // namespace ns3
