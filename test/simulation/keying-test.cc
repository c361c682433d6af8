// SPDX-License-Identifier: GPL-2.0-only
// What a scenario says of a tunnel with manual keys and of one with IKE, key by key.
#include "scenario-refusal.h"

#include "ns3/ipsec-scenario-engine.h"
#include "ns3/ipsec-scenario-keys.h"
#include "ns3/ipsec-scenario-reader.h"

#include <algorithm>
#include <gtest/gtest.h>

namespace
{

using namespace ns3::ipsec;

/// What a key of a tunnel is for.
enum class Purpose
{
    Common,      ///< what the SAs are made of
    IkeProposal, ///< what phase 1 is protected with
    IkePeer,     ///< who the other end is, how it is called, and what is agreed on with it
    Renewal,     ///< when SAs that end are made, and made again
    ManualKeys,  ///< what IKE finds itself
};

struct TunnelKey
{
    const char* name;
    Purpose purpose;
    /// A value that is right.
    const char* value;
    /// What it needs beside.
    std::vector<std::string> options{};
};

void
PrintTo(const TunnelKey& key, std::ostream* out)
{
    *out << key.name;
}

const char ESP_KEY[] = "0x00112233445566778899aabbccddeeff";

const TunnelKey TUNNEL_KEYS[] = {
    {"between", Purpose::Common, "a, b"},
    {"proxy-id", Purpose::Common, "10.1.0.0/25, 10.2.0.0/25"},
    {"proxy-protocol", Purpose::Common, "tcp"},
    {"proxy-ports", Purpose::Common, "any, any"},
    {"vpn", Purpose::Common, "policy"},
    {"order", Purpose::Common, "7"},
    {"keying", Purpose::Common, "ike"},
    {"phase2-proposals", Purpose::Common, "nopfs-esp-null-md5"},
    {"encapsulation", Purpose::Common, "tunnel"},
    {"replay-window", Purpose::Common, "128"},
    {"extended-sequence", Purpose::Common, "off"},
    {"df", Purpose::Common, "clear"},
    {"fragment", Purpose::Common, "outer"},
    {"dscp", Purpose::Common, "46"},
    {"ecn", Purpose::Common, "false"},
    {"ttl", Purpose::Common, "9"},
    {"auth", Purpose::IkeProposal, "pre"},
    {"phase1-proposals", Purpose::IkeProposal, "pre-g2-aes128-sha"},
    {"phase1-lifetime", Purpose::IkeProposal, "8h"},
    {"external-address",
     Purpose::IkePeer,
     "9.9.9.9",
     {"tunnel.ab.between=a", "tunnel.ab.external-lan=10.9.0.0/24"}},
    {"external-lan",
     Purpose::IkePeer,
     "10.9.0.0/24",
     {"tunnel.ab.between=a", "tunnel.ab.external-address=9.9.9.9"}},
    {"mode", Purpose::IkePeer, "aggressive"},
    {"aggressive-refusal", Purpose::IkePeer, "silent"},
    {"pre-shared-key", Purpose::IkePeer, "secret"},
    {"id", Purpose::IkePeer, "example.org"},
    {"peer-id", Purpose::IkePeer, "example.org"},
    {"peer-address", Purpose::IkePeer, "known"},
    {"group", Purpose::IkePeer, "false"},
    {"send-certificate", Purpose::IkePeer, "always"},
    {"request-certificate", Purpose::IkePeer, "false"},
    {"fragmentation", Purpose::IkePeer, "true"},
    {"nat-traversal", Purpose::IkePeer, "force"},
    {"nat-keepalive", Purpose::IkePeer, "9s"},
    {"xauth", Purpose::IkePeer, "false"},
    {"xauth-tries", Purpose::IkePeer, "2"},
    {"xauth-timeout", Purpose::IkePeer, "30s"},
    {"xauth-users", Purpose::IkePeer, "alice:wonderland"},
    {"mode-config", Purpose::IkePeer, "off"},
    {"pool", Purpose::IkePeer, "p"},
    {"dns", Purpose::IkePeer, "10.2.0.53"},
    {"subnets", Purpose::IkePeer, "10.2.0.0/24"},
    {"split-include", Purpose::IkePeer, "true"},
    {"mode-config-timeout", Purpose::IkePeer, "30s"},
    {"start", Purpose::Renewal, "auto"},
    {"start-at", Purpose::Renewal, "1s"},
    {"phase2-lifetime", Purpose::Renewal, "10min"},
    {"phase2-lifesize", Purpose::Renewal, "10kB"},
    {"lifetimes", Purpose::Renewal, "linked"},
    {"dpd", Purpose::Renewal, "periodic"},
    {"dpd-delay", Purpose::Renewal, "9s"},
    {"dpd-retry", Purpose::Renewal, "2s"},
    {"dpd-tries", Purpose::Renewal, "3"},
    {"dpd-action", Purpose::Renewal, "restart"},
    {"keep-up", Purpose::Renewal, "true"},
    {"spi", Purpose::ManualKeys, "300"},
    {"encryption-key", Purpose::ManualKeys, ESP_KEY},
    {"authentication-key", Purpose::ManualKeys, ESP_KEY},
    {"ah-spi", Purpose::ManualKeys, "301"},
    {"ah-key", Purpose::ManualKeys, ESP_KEY},
};

/// What both kinds of tunnels say: the network, and what the SAs are made of.
const char COMMON[] = "[gateway a]\n"
                      "address = 1.1.1.1\n"
                      "lan = 10.1.0.0/24\n"
                      "[gateway b]\n"
                      "address = 2.2.2.2\n"
                      "lan = 10.2.0.0/24\n"
                      "[tunnel ab]\n"
                      "between = a, b\n"
                      "phase2-proposals = nopfs-esp-null-md5\n"
                      "df = set\n"
                      "replay-window = 128\n";
const char IKE_PROPOSAL[] = "phase1-proposals = pre-g2-aes128-sha\n";
const char IKE_PEER[] = "pre-shared-key = secret\n";
const char BY_HAND[] = "keying = manual\n"
                       "a.spi = 256\n"
                       "a.authentication-key = 0x00112233445566778899aabbccddeeff\n"
                       "b.spi = 257\n"
                       "b.authentication-key = 0xffeeddccbbaa99887766554433221100\n";
/// The line behind each of the two.
constexpr int NEXT_LINE[] = {14, 17};

std::string
TextOf(TunnelKeying keying)
{
    return COMMON + (keying == TunnelKeying::Ike ? std::string(IKE_PROPOSAL) + IKE_PEER
                                                 : std::string(BY_HAND));
}

/// Writes a key at the end of a tunnel that has it not yet, and reads that.
std::string
RefusalOf(TunnelKeying keying, const TunnelKey& key, const std::string& gateway = "")
{
    std::string text = TextOf(keying);
    const std::string name = std::string("\n") + key.name + " = ";
    const size_t there = text.find(name);
    if (there != std::string::npos)
    {
        text.erase(there + 1, text.find('\n', there + 1) - there);
    }
    const bool isManual = keying == TunnelKeying::Manual;
    const char* value = isManual && key.name == std::string("keying") ? "manual" : key.value;
    return ScenarioRefusal(text + gateway + key.name + " = " + value + "\n",
                           isManual ? std::vector<std::string>{} : key.options);
}

bool
IsIkeOnly(const TunnelKey& key)
{
    return key.purpose != Purpose::Common && key.purpose != Purpose::ManualKeys;
}

// Covers MK-02: the table below has every key that a tunnel can be told.
TEST(Keying, IsKnownForEveryKeyOfATunnel)
{
    std::vector<std::string> tested;
    for (const TunnelKey& key : TUNNEL_KEYS)
    {
        tested.emplace_back(key.name);
    }
    std::vector<std::string> known = FindScenarioSection("tunnel")->KeyNames();
    std::sort(tested.begin(), tested.end());
    std::sort(known.begin(), known.end());
    EXPECT_EQ(tested, known);
}

class KeyingOf : public testing::TestWithParam<TunnelKey>
{
};

// Covers MK-02.
TEST_P(KeyingOf, AKeyIsTakenByIkeUnlessIkeFindsItItself)
{
    const TunnelKey& key = GetParam();
    if (key.purpose != Purpose::ManualKeys)
    {
        EXPECT_EQ(RefusalOf(TunnelKeying::Ike, key), "");
        return;
    }
    EXPECT_EQ(RefusalOf(TunnelKeying::Ike, key, "b."),
              "x.ini:" + std::to_string(NEXT_LINE[0]) + ": tunnel.ab.b." + key.name +
                  ": is there, but keying is ike, which finds it itself; allowed with keying = "
                  "manual");
}

// Covers MK-02: what only phase 1 and its peer need is refused, not passed over.
TEST_P(KeyingOf, AKeyIsTakenByHandUnlessItIsOfIke)
{
    const TunnelKey& key = GetParam();
    if (key.purpose == Purpose::Common)
    {
        EXPECT_EQ(RefusalOf(TunnelKeying::Manual, key), "");
    }
    if (IsIkeOnly(key))
    {
        EXPECT_EQ(RefusalOf(TunnelKeying::Manual, key),
                  "x.ini:" + std::to_string(NEXT_LINE[1]) + ": tunnel.ab." + key.name +
                      ": is there, but keying is manual, and only IKE has a use for it; allowed: "
                      "between, proxy-id, proxy-protocol, proxy-ports, vpn, order, keying, "
                      "phase2-proposals, encapsulation, replay-window, extended-sequence, df, "
                      "fragment, dscp, ecn, ttl, spi, encryption-key, authentication-key, ah-spi, "
                      "ah-key");
    }
}

INSTANTIATE_TEST_SUITE_P(All,
                         KeyingOf,
                         testing::ValuesIn(TUNNEL_KEYS),
                         [](const testing::TestParamInfo<TunnelKey>& info)
                         {
                             std::string name = info.param.name;
                             std::replace(name.begin(), name.end(), '-', '_');
                             return name;
                         });

// Covers MK-02: take a tunnel by hand, leave out what it has by hand, add an IKE proposal and an
// IKE peer, and nothing else.
TEST(Keying, AddsAnIkeProposalAndAnIkePeerToTheSameTunnel)
{
    const auto plan = [](TunnelKeying keying)
    {
        const Scenario scenario = ReadScenarioText(TextOf(keying), "x.ini", {});
        return PlanGateway(scenario, *scenario.FindGateway("a"));
    };
    const GatewayPlan hand = plan(TunnelKeying::Manual);
    const GatewayPlan ike = plan(TunnelKeying::Ike);

    EXPECT_TRUE(hand.engine->peers.empty());
    ASSERT_EQ(hand.manualSas.size(), 2u);
    EXPECT_TRUE(ike.manualSas.empty());
    ASSERT_EQ(ike.engine->peers.size(), 1u);
    const PeerConfig& peer = ike.engine->peers[0];
    EXPECT_EQ(peer.name, "b");
    ASSERT_EQ(peer.proposals.size(), 1u);
    EXPECT_EQ(peer.proposals[0].ToString(), "pre-g2-aes128-sha");

    // Everything else is what the SAs by hand say themselves.
    ASSERT_EQ(peer.children.size(), 1u);
    const ChildConfig& child = peer.children[0];
    for (const IpsecSa& sa : hand.manualSas)
    {
        EXPECT_EQ(sa.local.address, peer.localAddress);
        EXPECT_EQ(sa.remote.address, *peer.remoteAddress);
        EXPECT_EQ(sa.proxyId, child.proxyId);
        EXPECT_EQ(sa.mode, child.mode);
        EXPECT_EQ(sa.replayWindow, child.replayWindow);
        EXPECT_EQ(sa.outerHeader.df, child.outerHeader.df);
        ASSERT_EQ(child.proposals.size(), 1u);
        ASSERT_TRUE(child.proposals[0].esp);
        EXPECT_EQ(sa.cipher, child.proposals[0].esp->cipher);
        EXPECT_EQ(sa.integrity, child.proposals[0].esp->integrity);
        EXPECT_FALSE(child.proposals[0].pfsGroup);
    }
    ASSERT_EQ(hand.policies.Policies().size(), 1u);
    ASSERT_EQ(ike.policies.Policies().size(), 1u);
    const Policy& ofHand = hand.policies.Policies().front();
    const Policy& ofIke = ike.policies.Policies().front();
    EXPECT_EQ(ofHand.selector, ofIke.selector);
    EXPECT_EQ(ofHand.action, ofIke.action);
    EXPECT_EQ(ofHand.order, ofIke.order);
}

// Covers MK-02: of what IKE adds, the peer must be told a key; the gateway has a proposal.
TEST(Keying, NeedsOfIkeThePeerAndOfKeysByHandEachOne)
{
    EXPECT_EQ(ScenarioRefusal(std::string(COMMON) + IKE_PEER), "");
    EXPECT_EQ(ScenarioRefusal(std::string(COMMON) + IKE_PROPOSAL),
              "x.ini:7: tunnel.ab.pre-shared-key: is missing for a; write pre-shared-key = TEXT or "
              "0xHEX");
    EXPECT_EQ(ScenarioRefusal(std::string(COMMON) + "keying = manual\n"),
              "x.ini:7: tunnel.ab.a.spi: is missing; write a number from 256 to 4294967295");
}

TEST(Keying, OfTheCommandLineMakesKeysOfTheFileWrong)
{
    EXPECT_EQ(ScenarioRefusal(TextOf(TunnelKeying::Ike), {"tunnel.ab.keying=manual"})
                  .find("x.ini:12: tunnel.ab.phase1-proposals: is there, but keying is manual"),
              0u);
}

} // namespace
