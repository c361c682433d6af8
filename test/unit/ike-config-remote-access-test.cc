// SPDX-License-Identifier: GPL-2.0-only
#include "thrown-sentence.h"

#include "ns3/ike-config.h"

#include <gtest/gtest.h>

namespace ns3
{
namespace ipsec
{

namespace
{

/// A server of XAUTH and Mode Config for a group.
EngineConfig
GoodServer()
{
    EngineConfig config;
    AddressPool pool;
    pool.name = "pool";
    pool.first = IpAddress::Parse("10.9.0.1");
    pool.last = IpAddress::Parse("10.9.0.9");
    pool.staticLeases["alice"] = IpAddress::Parse("10.9.0.9");
    config.pools.push_back(pool);
    ChildConfig child;
    child.name = "inside";
    child.proposals = ParsePhase2Proposals("standard");
    child.proxyId.local = Prefix::Parse("10.2.0.0/24");
    child.remoteIsAssigned = true;
    PeerConfig peer;
    peer.name = "clients";
    peer.isGroup = true;
    peer.localAddress = IpAddress::Parse("192.0.2.1");
    peer.proposals = ParsePhase1Proposals("standard");
    peer.preSharedKey = SecretBytes(AsOctets("tiandihui2"));
    peer.xauth.role = XauthRole::Server;
    peer.xauth.users["alice"] = SecretBytes(AsOctets("wonderland"));
    peer.modeConfig.role = ModeConfigRole::PullServer;
    peer.modeConfig.pool = "pool";
    peer.children.push_back(child);
    config.peers.push_back(peer);
    return config;
}

std::string
Refusal(const EngineConfig& config)
{
    return ThrownSentence([&config] { config.Validate(); });
}

testing::AssertionResult
Says(const EngineConfig& config, const std::string& part)
{
    const std::string sentence = Refusal(config);
    return sentence.find(part) != std::string::npos ? testing::AssertionSuccess()
                                                    : testing::AssertionFailure() << sentence;
}

} // namespace

TEST(RemoteAccessConfig, GoodServerIsAccepted)
{
    EXPECT_NO_THROW(GoodServer().Validate());
}

TEST(RemoteAccessConfig, PoolThatRunsBackwardsIsRefused)
{
    EngineConfig config = GoodServer();
    std::swap(config.pools[0].first, config.pools[0].last);
    EXPECT_TRUE(Says(config, "not from 10.9.0.9 to 10.9.0.1"));
}

TEST(RemoteAccessConfig, TwoPoolsOfOneNameAreRefused)
{
    EngineConfig config = GoodServer();
    config.pools.push_back(config.pools[0]);
    EXPECT_TRUE(Says(config, "the name is used twice"));
}

TEST(RemoteAccessConfig, AddressKeptOutsideThePoolIsRefused)
{
    EngineConfig config = GoodServer();
    config.pools[0].staticLeases["bob"] = IpAddress::Parse("10.9.0.10");
    EXPECT_TRUE(Says(config, "'bob' is not one of the pool"));
}

TEST(RemoteAccessConfig, AddressKeptTwiceIsRefused)
{
    EngineConfig config = GoodServer();
    config.pools[0].staticLeases["bob"] = IpAddress::Parse("10.9.0.9");
    EXPECT_TRUE(Says(config, "10.9.0.9 is kept twice"));
}

TEST(RemoteAccessConfig, NetmaskOfAPoolHasOneToThirtyTwoBits)
{
    EngineConfig config = GoodServer();
    config.pools[0].prefixLength = 33;
    EXPECT_TRUE(Says(config, "prefix length must be 1 to 32"));
}

TEST(RemoteAccessConfig, ServerOfNoUsersIsRefused)
{
    EngineConfig config = GoodServer();
    config.peers[0].xauth.users.clear();
    EXPECT_TRUE(Says(config, "knows no users"));
}

TEST(RemoteAccessConfig, TriesAreBounded)
{
    for (const uint32_t tries : {0, 17})
    {
        EngineConfig config = GoodServer();
        config.peers[0].xauth.tries = tries;
        EXPECT_TRUE(Says(config, "1 to 16 tries")) << tries;
    }
}

TEST(RemoteAccessConfig, ClientWithoutAUserIsRefused)
{
    EngineConfig config = GoodServer();
    config.peers[0].xauth.role = XauthRole::Client;
    EXPECT_TRUE(Says(config, "the name of a user"));
}

TEST(RemoteAccessConfig, TimesMustBePositive)
{
    EngineConfig xauth = GoodServer();
    xauth.peers[0].xauth.timeout = {};
    EXPECT_TRUE(Says(xauth, "time for XAUTH"));
    EngineConfig modeConfig = GoodServer();
    modeConfig.peers[0].modeConfig.timeout = {};
    EXPECT_TRUE(Says(modeConfig, "time for Mode Config"));
}

TEST(RemoteAccessConfig, UnknownPoolIsRefused)
{
    EngineConfig config = GoodServer();
    config.peers[0].modeConfig.pool = "puddle";
    EXPECT_TRUE(Says(config, "'puddle', which is not there"));
}

TEST(RemoteAccessConfig, ListThatFitsNoDatagramIsRefused)
{
    EngineConfig config = GoodServer();
    config.peers[0].modeConfig.subnets.resize(2001);
    EXPECT_TRUE(Says(config, "2000 networks"));
}

TEST(RemoteAccessConfig, AssignedAddressNeedsMatchingRole)
{
    EngineConfig config = GoodServer();
    config.peers[0].children[0].localIsAssigned = true;
    EXPECT_TRUE(Says(config, "no client of Mode Config"));
    config = GoodServer();
    config.peers[0].modeConfig.role = ModeConfigRole::Off;
    EXPECT_TRUE(Says(config, "no server of Mode Config"));
}

TEST(RemoteAccessConfig, ChildrenThatDifferInTheAssignedAddressOnlyAreRefused)
{
    EngineConfig config = GoodServer();
    ChildConfig second = config.peers[0].children[0];
    second.name = "second";
    second.proxyId.remote = Prefix::Parse("10.9.0.0/24");
    config.peers[0].children.push_back(second);
    EXPECT_TRUE(Says(config, "the same but for the address"));
}

TEST(RemoteAccessConfig, GroupWithOneAddressIsRefused)
{
    EngineConfig config = GoodServer();
    config.peers[0].remoteAddress = IpAddress::Parse("198.51.100.1");
    EXPECT_TRUE(Says(config, "cannot all have the address 198.51.100.1"));
}

} // namespace ipsec
} // namespace ns3
