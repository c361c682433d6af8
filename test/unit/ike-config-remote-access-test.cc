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

AddressPool
GoodPool()
{
    AddressPool pool;
    pool.name = "clients";
    pool.first = IpAddress::Parse("10.9.0.1");
    pool.last = IpAddress::Parse("10.9.0.100");
    return pool;
}

/// Returns the refusal after @p change was made to a good pool.
template <typename Change>
std::string
PoolRefusal(Change change)
{
    EngineConfig config;
    config.pools = {GoodPool()};
    change(config.pools[0]);
    return Refusal(config);
}

/// Returns the refusal after @p change was made to a server of XAUTH and Mode Config.
template <typename Change>
std::string
ServerRefusal(Change change)
{
    EngineConfig config;
    config.pools = {GoodPool()};
    config.peers = {DynamicAggressivePeer("d", "keyid:staff")};
    PeerConfig& peer = config.peers[0];
    peer.xauth.Edit().role = XauthRole::Server;
    peer.xauth.Edit().users["alice"] = SecretBytes(AsOctets("wonderland"));
    peer.modeConfig.Edit().role = ModeConfigRole::PullServer;
    peer.modeConfig.Edit().pool = "clients";
    peer.children[0].remoteIsAssigned = true;
    change(config);
    return Refusal(config);
}

void
BeClient(PeerConfig& peer)
{
    peer.xauth.Edit().role = XauthRole::Client;
    peer.xauth.Edit().user = "alice";
    peer.modeConfig.Edit().role = ModeConfigRole::PullClient;
    peer.children[0].localIsAssigned = true;
}

} // namespace

TEST(EngineConfigRemoteAccess, GoodServerAndClientAreAccepted)
{
    EXPECT_EQ(ServerRefusal([](EngineConfig&) {}), ACCEPTED);
    EXPECT_EQ(PeerRefusal(BeClient), ACCEPTED);
}

TEST(EngineConfigRemoteAccess, XauthClientWithoutAUserIsRefused)
{
    EXPECT_EQ(PeerRefusal(
                  [](PeerConfig& peer)
                  {
                      BeClient(peer);
                      peer.xauth.Edit().user.clear();
                  }),
              "peer 'b': the XAUTH client has no user name");
}

// Covers XA-01.
TEST(EngineConfigRemoteAccess, XauthServerThatCannotAskIsRefused)
{
    EXPECT_EQ(ServerRefusal([](EngineConfig& c) { c.peers[0].xauth.Edit().users.clear(); }),
              "peer 'd': the XAUTH server knows no users");
    for (const uint32_t tries : {0u, 11u})
    {
        EXPECT_EQ(
            ServerRefusal([tries](EngineConfig& c) { c.peers[0].xauth.Edit().tries = tries; }),
            "peer 'd': the XAUTH server asks " + std::to_string(tries) +
                " times; 1 to 10 are allowed");
    }
    EXPECT_EQ(ServerRefusal([](EngineConfig& c) { c.peers[0].xauth.Edit().timeout = seconds(0); }),
              "peer 'd': the XAUTH server must wait for an answer");
}

TEST(EngineConfigRemoteAccess, ModeConfigOfAPoolThatIsNotThereIsRefused)
{
    for (const ModeConfigRole role : {ModeConfigRole::PullServer, ModeConfigRole::PushServer})
    {
        EXPECT_EQ(ServerRefusal(
                      [role](EngineConfig& c)
                      {
                          c.peers[0].modeConfig.Edit().role = role;
                          c.peers[0].modeConfig.Edit().pool = "guests";
                      }),
                  "peer 'd': Mode Config takes addresses from the pool 'guests', which does not "
                  "exist");
    }
}

TEST(EngineConfigRemoteAccess, ModeConfigWithoutTimeIsRefused)
{
    EXPECT_EQ(
        ServerRefusal([](EngineConfig& c) { c.peers[0].modeConfig.Edit().timeout = seconds(0); }),
        "peer 'd': Mode Config must be waited for");
}

// Covers MC-02.
TEST(EngineConfigRemoteAccess, AssignedAddressesThatNobodyAssignsAreRefused)
{
    EXPECT_EQ(ServerRefusal([](EngineConfig& c)
                            { c.peers[0].modeConfig.Edit().role = ModeConfigRole::PullClient; }),
              "peer 'd', child 'lan': the remote side is an assigned address, but we do not assign "
              "any; make us a Mode Config server");
    const std::string sentence =
        "the local side is an assigned address, but the peer does not assign any; make us a Mode "
        "Config client";
    EXPECT_EQ(ChildRefusal([](ChildConfig& child) { child.localIsAssigned = true; }),
              "peer 'b', child 'lan': " + sentence);
    EXPECT_EQ(ServerRefusal([](EngineConfig& c) { c.peers[0].children[0].localIsAssigned = true; }),
              "peer 'd', child 'lan': " + sentence);
}

TEST(EngineConfigRemoteAccess, AssignedAddressThatIsAlsoOurOwnIsRefused)
{
    EXPECT_EQ(PeerRefusal(
                  [](PeerConfig& peer)
                  {
                      BeClient(peer);
                      peer.children[0].localIsOwn = true;
                      peer.children[0].proxyId.local = Prefix::Host(peer.localAddress);
                  }),
              "peer 'b', child 'lan': the local side cannot be both an assigned address and our "
              "own");
}

TEST(EngineConfigRemoteAccess, AssignedAddressInTransportModeIsRefused)
{
    EXPECT_EQ(
        PeerRefusal(
            [](PeerConfig& peer)
            {
                BeClient(peer);
                peer.children[0].mode = EncapsulationMode::Transport;
            }),
        "peer 'b', child 'lan': an assigned address is not the one that packets travel under; "
        "use tunnel mode");
}

TEST(EngineConfigRemoteAccess, PoolThatIsEmptyOrHugeIsRefused)
{
    EXPECT_EQ(PoolRefusal([](AddressPool& pool) { pool.first = IpAddress{}; }),
              "pool 'clients': the first address is missing");
    EXPECT_EQ(PoolRefusal([](AddressPool& pool) { std::swap(pool.first, pool.last); }),
              "pool 'clients': the first address 10.9.0.100 is behind the last one 10.9.0.1");
    EXPECT_EQ(PoolRefusal([](AddressPool& pool) { pool.last = pool.first; }), ACCEPTED);
    EXPECT_EQ(PoolRefusal([](AddressPool& pool) { pool.last.value = pool.first.value + 0xfffff; }),
              ACCEPTED);
    EXPECT_EQ(PoolRefusal([](AddressPool& pool) { pool.last.value = pool.first.value + 0x100000; }),
              "pool 'clients': there are 1048577 addresses; at most 1048576 are allowed");
}

TEST(EngineConfigRemoteAccess, PoolWithANetmaskOfMoreThan32BitsIsRefused)
{
    EXPECT_EQ(PoolRefusal([](AddressPool& pool) { pool.prefixLength = 33; }),
              "pool 'clients': the prefix length is 33; 0 to 32 are allowed");
}

TEST(EngineConfigRemoteAccess, LeaseOutsideThePoolOrKeptTwiceIsRefused)
{
    for (const char* address : {"10.9.0.0", "10.9.0.101"})
    {
        EXPECT_EQ(PoolRefusal([address](AddressPool& pool)
                              { pool.staticLeases["alice"] = IpAddress::Parse(address); }),
                  std::string("pool 'clients': the address ") + address +
                      " kept for 'alice' is not one of the pool");
    }
    EXPECT_EQ(PoolRefusal(
                  [](AddressPool& pool) {
                      pool.staticLeases = {{"alice", pool.first}, {"bob", pool.last}};
                  }),
              ACCEPTED);
    EXPECT_EQ(PoolRefusal(
                  [](AddressPool& pool) {
                      pool.staticLeases = {{"alice", pool.last}, {"bob", pool.last}};
                  }),
              "pool 'clients': the address 10.9.0.100 is kept for two users");
}

TEST(EngineConfigRemoteAccess, TwoPoolsOfOneNameAreRefused)
{
    EngineConfig config;
    config.pools = {GoodPool(), GoodPool()};
    EXPECT_EQ(Refusal(config), "pool 'clients': the name is used twice");
}

} // namespace ipsec
} // namespace ns3
