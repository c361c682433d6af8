// SPDX-License-Identifier: GPL-2.0-only
#include "config-samples.h"
#include "peer-pair.h"
#include "test-credentials.h"

#include <gtest/gtest.h>

// What an engine at work may be told that one which begins may not.

namespace ns3
{
namespace ipsec
{

namespace
{

std::string
ChangeRefusal(const EngineConfig& config)
{
    return ThrownSentence([&config] { config.ValidateChange(); });
}

} // namespace

TEST(EngineConfigChange, MissingKeysAreAccepted)
{
    EngineConfig config = GoodConfig();
    config.peers[0].preSharedKey = SecretBytes();
    EXPECT_EQ(ChangeRefusal(config), ACCEPTED);
    EngineConfig certified = SiteConfig(Side::A, "rsa-g2-aes128-sha");
    EXPECT_EQ(ChangeRefusal(certified), ACCEPTED);
    UseKeys(certified, Side::A);
    EditKeys(certified).trust = Trust{};
    EXPECT_NE(Refusal(certified), ACCEPTED);
    EXPECT_EQ(ChangeRefusal(certified), ACCEPTED);
}

TEST(EngineConfigChange, OneOfTwoDynamicPeersMayLoseItsKey)
{
    EngineConfig config;
    config.peers = {DynamicPeer("d"), DynamicPeer("e")};
    config.peers[1].preSharedKey = SecretBytes();
    EXPECT_EQ(ChangeRefusal(config), ACCEPTED);
    config.peers[1].preSharedKey = SecretBytes(AsOctets("another"));
    EXPECT_NE(ChangeRefusal(config), ACCEPTED);
}

TEST(EngineConfigChange, KeysThatAreThereMustBeWhole)
{
    EngineConfig config = SiteConfig(Side::A, "rsa-g2-aes128-sha");
    UseKeys(config, Side::A);
    EXPECT_EQ(ChangeRefusal(config), ACCEPTED);
    EditKeys(config).own.clear();
    EXPECT_EQ(ChangeRefusal(config), Refusal(config));
    EXPECT_NE(ChangeRefusal(config), ACCEPTED);
}

TEST(EngineConfigChange, AnotherAddressIsAccepted)
{
    EngineConfig config = SiteConfig(Side::A, "rsa-g2-aes128-sha");
    UseKeys(config, Side::A);
    ChildConfig& child = config.peers[0].children[0];
    child.mode = EncapsulationMode::Transport;
    child.proxyId = {Prefix::Parse("192.0.2.1/32"), Prefix::Parse("192.0.2.2/32")};
    ASSERT_EQ(Refusal(config), ACCEPTED);
    config.peers[0].localAddress = IpAddress::Parse("192.0.2.9");
    EXPECT_NE(Refusal(config), ACCEPTED);
    EXPECT_EQ(ChangeRefusal(config), ACCEPTED);
    config.peers[0].localAddress = *config.peers[0].remoteAddress;
    EXPECT_NE(ChangeRefusal(config), ACCEPTED);
}

TEST(EngineConfigChange, AllElseIsRefusedAsAtFirst)
{
    EngineConfig config = GoodConfig();
    config.peers[0].personality.Edit().nonceOctets = 3;
    EXPECT_EQ(ChangeRefusal(config), "peer 'b': the nonce has 3 octets; 8 to 256 are allowed");
    config = GoodConfig();
    config.peers[0].children[0].proposals.clear();
    EXPECT_EQ(ChangeRefusal(config), Refusal(config));
    config = GoodConfig();
    config.peers[0].proposals.clear();
    EXPECT_EQ(ChangeRefusal(config), Refusal(config));
}

} // namespace ipsec
} // namespace ns3
