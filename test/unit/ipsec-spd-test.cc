// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/esp-header.h"
#include "ns3/ipsec-spd.h"

#include <gtest/gtest.h>
#include <random>

namespace ns3
{
namespace ipsec
{
namespace
{

Policy
MakePolicy(const std::string& local, const std::string& remote, PolicyAction action)
{
    Policy policy;
    policy.selector.local = Prefix::Parse(local);
    policy.selector.remote = Prefix::Parse(remote);
    policy.action = action;
    return policy;
}

FlowKey
MakeFlow(const std::string& source, const std::string& destination)
{
    return {IpAddress::Parse(source), IpAddress::Parse(destination), IP_PROTOCOL_UDP, 1000, 2000};
}

TEST(Spd, WithoutRulesFindsNothing)
{
    EXPECT_EQ(Spd().FindOutbound(MakeFlow("10.1.0.1", "10.2.0.1")), nullptr);
}

TEST(Spd, FindsTheFirstRuleThatMatchesNotTheNarrowest)
{
    Spd spd;
    spd.Add(MakePolicy("10.1.0.0/16", "10.0.0.0/8", PolicyAction::Discard));
    spd.Add(MakePolicy("10.1.0.1", "10.2.0.1", PolicyAction::Protect));
    spd.Add(MakePolicy("0.0.0.0/0", "0.0.0.0/0", PolicyAction::Bypass));
    EXPECT_EQ(spd.FindOutbound(MakeFlow("10.1.0.1", "10.2.0.1")), &spd.Policies()[0]);
    EXPECT_EQ(spd.FindOutbound(MakeFlow("10.9.0.1", "10.2.0.1")), &spd.Policies()[2]);
}

TEST(Spd, LooksAtTheNextRuleIfPortsDoNotMatch)
{
    Spd spd;
    Policy web = MakePolicy("0.0.0.0/0", "10.2.0.0/16", PolicyAction::Protect);
    web.selector.protocol = IP_PROTOCOL_UDP;
    web.selector.remotePort = 80;
    spd.Add(web);
    spd.Add(MakePolicy("0.0.0.0/0", "10.2.0.0/16", PolicyAction::Bypass));
    FlowKey flow = MakeFlow("10.1.0.1", "10.2.0.1");
    EXPECT_EQ(spd.FindOutbound(flow), &spd.Policies()[1]);
    flow.destinationPort = 80;
    EXPECT_EQ(spd.FindOutbound(flow), &spd.Policies()[0]);
}

TEST(Spd, RuleOfAChildCanBeTakenOut)
{
    Spd spd;
    Policy first = MakePolicy("10.1.0.0/16", "10.9.0.1", PolicyAction::Protect);
    first.child = {3, 0};
    Policy second = MakePolicy("10.1.0.0/16", "10.9.0.2", PolicyAction::Protect);
    second.child = {3, 1};
    spd.Add(first);
    spd.Add(second);
    spd.Add(MakePolicy("0.0.0.0/0", "10.9.0.0/24", PolicyAction::Discard));
    spd.Remove({3, 0});
    ASSERT_EQ(spd.Policies().size(), 2U);
    EXPECT_EQ(spd.FindOutbound(MakeFlow("10.1.0.1", "10.9.0.1")), &spd.Policies()[1]);
    EXPECT_EQ(spd.FindOutbound(MakeFlow("10.1.0.1", "10.9.0.2")), &spd.Policies()[0]);
}

TEST(Spd, RulesThatProtectNothingStayWhenAChildGoes)
{
    Spd spd;
    spd.Add(MakePolicy("10.1.0.0/16", "10.2.0.0/16", PolicyAction::Bypass));
    spd.Remove({});
    EXPECT_EQ(spd.Policies().size(), 1U);
}

TEST(Spd, OneRuleCanBeTakenOutAndItsLikesStay)
{
    Spd spd;
    const Policy bypass = MakePolicy("0.0.0.0/0", "10.2.0.0/16", PolicyAction::Bypass);
    Policy later = bypass;
    later.order = 7;
    spd.Add(bypass);
    spd.Add(later);
    EXPECT_TRUE(spd.RemoveRule(bypass));
    EXPECT_EQ(spd.Policies(), std::vector<Policy>{later});
    EXPECT_FALSE(spd.RemoveRule(bypass));
}

TEST(Spd, KnowsWhetherARuleLooksAtPorts)
{
    Spd spd;
    Policy web = MakePolicy("0.0.0.0/0", "10.2.0.0/16", PolicyAction::Protect);
    web.selector.protocol = IP_PROTOCOL_UDP;
    web.selector.remotePort = 80;
    web.child = {1, 0};
    EXPECT_FALSE(spd.HasPorts());
    spd.Add(web);
    EXPECT_TRUE(spd.HasPorts());
    spd.Remove({1, 0});
    EXPECT_FALSE(spd.HasPorts());
}

TEST(Spd, LooksAtInboundPacketsFromTheOtherEnd)
{
    Spd spd;
    spd.Add(MakePolicy("10.1.0.0/16", "10.2.0.0/16", PolicyAction::Protect));
    EXPECT_EQ(spd.FindInbound(MakeFlow("10.2.0.1", "10.1.0.1")), &spd.Policies()[0]);
    EXPECT_EQ(spd.FindInbound(MakeFlow("10.1.0.1", "10.2.0.1")), nullptr);
    EXPECT_EQ(spd.FindOutbound(MakeFlow("10.2.0.1", "10.1.0.1")), nullptr);
}

// Covers S2.
TEST(Spd, GivesALaterFragmentToARuleWithPortsThatProtects)
{
    Spd spd;
    Policy web = MakePolicy("0.0.0.0/0", "10.2.0.0/16", PolicyAction::Protect);
    web.selector.protocol = IP_PROTOCOL_UDP;
    web.selector.remotePort = 80;
    spd.Add(web);
    spd.Add(MakePolicy("0.0.0.0/0", "0.0.0.0/0", PolicyAction::Bypass));
    FlowKey flow = MakeFlow("10.1.0.1", "10.2.0.1");
    flow.sourcePort = 0;
    flow.destinationPort = 0;
    EXPECT_EQ(spd.FindOutboundFragment(flow), &spd.Policies()[0]);
    flow.protocol = IP_PROTOCOL_TCP;
    EXPECT_EQ(spd.FindOutboundFragment(flow), &spd.Policies()[1]);
    EXPECT_EQ(spd.FindInboundFragment(MakeFlow("10.2.0.1", "10.1.0.1")), &spd.Policies()[0]);
}

// Covers S2.
TEST(Spd, DoesNotGiveALaterFragmentToARuleWithPortsThatBypasses)
{
    Spd spd;
    Policy ike = MakePolicy("0.0.0.0/0", "0.0.0.0/0", PolicyAction::Bypass);
    ike.selector.protocol = IP_PROTOCOL_UDP;
    ike.selector.remotePort = IKE_PORT;
    spd.Add(ike);
    spd.Add(MakePolicy("0.0.0.0/0", "0.0.0.0/0", PolicyAction::Protect));
    FlowKey flow = MakeFlow("10.1.0.1", "10.2.0.1");
    flow.sourcePort = 0;
    flow.destinationPort = 0;
    EXPECT_EQ(spd.FindOutboundFragment(flow), &spd.Policies()[1]);
}

TEST(Spd, RefusesAPrefixThatMatchesNoHost)
{
    Spd spd;
    Policy policy = MakePolicy("10.1.0.0/16", "10.2.0.0/16", PolicyAction::Protect);
    policy.selector.local.address.value |= 1;
    EXPECT_THROW(spd.Add(policy), std::invalid_argument);
    policy.selector.local = Prefix{{}, 33};
    EXPECT_THROW(spd.Add(policy), std::invalid_argument);
    EXPECT_TRUE(spd.Policies().empty());
}

/// Draws an address out of few, so that rules overlap.
IpAddress
DrawAddress(std::mt19937& generator)
{
    return {static_cast<uint32_t>(0x0a000000 | (generator() & 0x00030303))};
}

Prefix
DrawPrefix(std::mt19937& generator)
{
    const uint8_t lengths[] = {0, 8, 15, 24, 32};
    Prefix prefix{DrawAddress(generator), lengths[generator() % 5]};
    prefix.address.value &= prefix.Mask().value;
    return prefix;
}

TEST(Spd, AgreesWithALookAtEveryRuleInOrder)
{
    std::mt19937 generator(4301);
    Spd spd;
    for (int i = 0; i < 300; i++)
    {
        Policy policy;
        policy.selector.local = DrawPrefix(generator);
        policy.selector.remote = DrawPrefix(generator);
        policy.selector.protocol = generator() % 3 == 0 ? 0 : IP_PROTOCOL_UDP;
        policy.selector.remotePort = policy.selector.protocol == 0 ? 0 : generator() % 4;
        if (policy.selector.local.length + policy.selector.remote.length < 24)
        {
            policy.selector.localPort = 3; // keeps wide rules from taking everything
            policy.selector.protocol = IP_PROTOCOL_UDP;
        }
        spd.Add(policy);
    }
    size_t found = 0;
    for (int i = 0; i < 3000; i++)
    {
        const FlowKey flow{DrawAddress(generator),
                           DrawAddress(generator),
                           generator() % 2 == 0 ? IP_PROTOCOL_UDP : IP_PROTOCOL_TCP,
                           static_cast<uint16_t>(generator() % 4),
                           static_cast<uint16_t>(generator() % 4)};
        const Policy* outbound = nullptr;
        const Policy* inbound = nullptr;
        for (const Policy& policy : spd.Policies())
        {
            outbound = outbound || !policy.selector.MatchesOutbound(flow) ? outbound : &policy;
            inbound = inbound || !policy.selector.MatchesInbound(flow) ? inbound : &policy;
        }
        ASSERT_EQ(spd.FindOutbound(flow), outbound) << flow.ToString();
        ASSERT_EQ(spd.FindInbound(flow), inbound) << flow.ToString();
        found += outbound != nullptr ? 1 : 0;
    }
    // Neither a desert nor a single rule that takes all.
    EXPECT_GT(found, 300u);
    EXPECT_LT(found, 3000u);
}

} // namespace
} // namespace ipsec
} // namespace ns3
