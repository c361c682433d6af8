// SPDX-License-Identifier: GPL-2.0-only
#include "client-group.h"

#include <gtest/gtest.h>

namespace ns3
{
namespace ipsec
{

namespace
{

/// A group whose clients all show the same identity.
EngineConfig
SharedIdentityServer()
{
    EngineConfig config = GroupServerConfig();
    config.peers[0].remoteId = Identity::Parse("keyid:sales");
    return config;
}

EngineConfig
SharedIdentityClient(uint32_t number)
{
    EngineConfig config = GroupClientConfig(number);
    config.peers[0].localId = Identity::Parse("keyid:sales");
    return config;
}

/// Adds XAUTH for alice and bob.
EngineConfig
WithUsers(EngineConfig server)
{
    server.peers[0].xauth.Edit().role = XauthRole::Server;
    server.peers[0].xauth.Edit().users["alice"] = SecretBytes(AsOctets("wonderland"));
    server.peers[0].xauth.Edit().users["bob"] = SecretBytes(AsOctets("builder"));
    return server;
}

EngineConfig
AsUser(EngineConfig client, const std::string& user, const std::string& password)
{
    client.peers[0].xauth.Edit().role = XauthRole::Client;
    client.peers[0].xauth.Edit().user = user;
    client.peers[0].xauth.Edit().password = SecretBytes(AsOctets(password));
    return client;
}

/// How many peers the server has beyond its group.
size_t
Clients(ClientGroup& group)
{
    return group.Server().engine.Peers().size() - 1;
}

size_t
AddressesInUse(ClientGroup& group)
{
    return group.Server().engine.AddressesInUse("pool");
}

} // namespace

TEST(Group, ClientsAtOnceHaveAddressesAndTunnelsOfTheirOwn)
{
    ClientGroup group;
    for (uint32_t i = 1; i <= 3; i++)
    {
        group.Connect(group.Add());
    }
    for (uint32_t i = 1; i <= 3; i++)
    {
        EXPECT_TRUE(group.IsUp(i)) << i;
        EXPECT_EQ(group.AddressOf(i), "10.9.0." + std::to_string(i));
    }
    EXPECT_EQ(Clients(group), 3u);
    EXPECT_EQ(group.Server().sas.size(), 6u);
}

TEST(Group, ClientIsAPeerWithANumberAboveTheConfiguredOnes)
{
    ClientGroup group;
    group.Connect(group.Add());
    group.Connect(group.Add());
    const std::vector<IkeSaInfo> sas = group.Server().engine.IkeSas();
    ASSERT_EQ(sas.size(), 2u);
    EXPECT_EQ(sas[0].peer, 1u);
    EXPECT_EQ(sas[1].peer, 2u);
    EXPECT_EQ(sas[0].peerName, "clients#1");
    EXPECT_EQ(sas[1].peerName, "clients#2");
}

TEST(Group, ConfigurationOfAClientHasItsAddress)
{
    ClientGroup group;
    group.Connect(group.Add());
    const PeerConfig* client = group.Server().engine.FindPeerConfig(1);
    ASSERT_NE(client, nullptr);
    EXPECT_EQ(client->children[0].proxyId.ToString(), "10.2.0.0/24 <-> 10.9.0.1/32");
    EXPECT_EQ(group.Server().engine.FindPeerConfig(0)->children[0].proxyId.remote, Prefix{});
    EXPECT_EQ(group.Server().engine.FindPeerConfig(2), nullptr);
}

TEST(Group, ClientsOfOneIdentityAreToldApartByWhereTheyAre)
{
    ClientGroup group(SharedIdentityServer());
    group.Connect(group.Add(SharedIdentityClient(1)));
    group.Connect(group.Add(SharedIdentityClient(2)));
    EXPECT_TRUE(group.IsUp(1));
    EXPECT_TRUE(group.IsUp(2));
    EXPECT_EQ(Clients(group), 2u);
}

TEST(Group, ClientsOfOneIdentityBehindOneNatAreToldApartByTheirPorts)
{
    ClientGroup group(SharedIdentityServer());
    group.PutBehindNat();
    group.Connect(group.Add(SharedIdentityClient(1)));
    group.Connect(group.Add(SharedIdentityClient(2)));
    EXPECT_TRUE(group.IsUp(1));
    EXPECT_TRUE(group.IsUp(2));
    EXPECT_EQ(Clients(group), 2u);
}

TEST(Group, NothingIsLeftOfAClientThatLeft)
{
    ClientGroup group;
    group.Connect(group.Add());
    group.Connect(group.Add());
    group.Leave(1);
    EXPECT_EQ(Clients(group), 1u);
    EXPECT_EQ(AddressesInUse(group), 1u);
    EXPECT_TRUE(group.IsUp(2));
}

// Bounded memory: whoever comes and goes leaves nothing behind.
TEST(Group, ComingAndGoingDoesNotGrow)
{
    ClientGroup group;
    group.Add();
    for (int i = 0; i < 50; i++)
    {
        group.Connect(1);
        ASSERT_TRUE(group.IsUp(1)) << i;
        EXPECT_EQ(group.AddressOf(1), "10.9.0.1");
        group.Leave(1);
        ASSERT_EQ(Clients(group), 0u);
        ASSERT_EQ(AddressesInUse(group), 0u);
    }
}

TEST(Group, ClientStaysUntilItsLastIpsecSaIsGone)
{
    EngineConfig server = GroupServerConfig();
    server.peers[0].lifetime = std::chrono::seconds(100);
    ClientGroup group(server);
    EngineConfig client = GroupClientConfig(1);
    client.peers[0].personality.Edit().ikeRenewer = Renewer::Nobody;
    group.Connect(group.Add(client));
    ASSERT_TRUE(group.IsUp(1));
    group.Advance(std::chrono::seconds(200));
    EXPECT_TRUE(group.Server().engine.IkeSas().empty());
    EXPECT_EQ(Clients(group), 1u);
    EXPECT_EQ(AddressesInUse(group), 1u);
    group.ExpireAtServer(group.Server().sas.begin()->first);
    EXPECT_EQ(Clients(group), 0u);
    EXPECT_EQ(AddressesInUse(group), 0u);
}

TEST(Group, ClientThatStartsAnewIsTheSameClient)
{
    for (const bool isShared : {true, false})
    {
        ClientGroup group(isShared ? SharedIdentityServer() : GroupServerConfig());
        group.Connect(group.Add(isShared ? SharedIdentityClient(1) : GroupClientConfig(1)));
        group.Restart(1);
        group.Advance(std::chrono::seconds(5));
        group.Connect(1);
        EXPECT_TRUE(group.IsUp(1));
        EXPECT_EQ(Clients(group), 1u);
        EXPECT_EQ(group.Server().sas.size(), 2u);
        EXPECT_EQ(group.AddressOf(1), "10.9.0.1");
    }
}

TEST(Group, InitialContactEndsNothingOfOtherClients)
{
    for (const bool isShared : {true, false})
    {
        ClientGroup group(isShared ? SharedIdentityServer() : GroupServerConfig());
        for (uint32_t i = 1; i <= 2; i++)
        {
            group.Connect(group.Add(isShared ? SharedIdentityClient(i) : GroupClientConfig(i)));
            group.Advance(std::chrono::seconds(5));
        }
        EXPECT_TRUE(group.IsUp(1));
        EXPECT_TRUE(group.IsUp(2));
    }
}

TEST(Group, ClientThatComesBackFromElsewhereReplacesItself)
{
    ClientGroup group;
    group.PutBehindNat();
    group.Add();
    group.Add();
    group.Connect(1);
    group.Restart(1);
    group.SwapPorts(1, 2);
    group.Advance(std::chrono::seconds(5));
    group.Connect(1);
    EXPECT_TRUE(group.IsUp(1));
    EXPECT_EQ(Clients(group), 1u);
    EXPECT_EQ(group.AddressOf(1), "10.9.0.1");
}

// Of a shared identity nobody knows: the first may still be there.
TEST(Group, ClientOfASharedIdentityFromElsewhereReplacesNobody)
{
    ClientGroup group(SharedIdentityServer());
    group.Connect(group.Add(SharedIdentityClient(1)));
    group.Advance(std::chrono::seconds(5));
    group.Connect(group.Add(SharedIdentityClient(2)));
    EXPECT_EQ(Clients(group), 2u);
    EXPECT_EQ(AddressesInUse(group), 2u);
}

TEST(Group, UserOfASharedIdentityFromElsewhereReplacesItself)
{
    ClientGroup group(WithUsers(SharedIdentityServer()));
    group.Connect(group.Add(AsUser(SharedIdentityClient(1), "alice", "wonderland")));
    group.Connect(group.Add(AsUser(SharedIdentityClient(2), "bob", "builder")));
    group.Advance(std::chrono::seconds(5));
    group.Connect(group.Add(AsUser(SharedIdentityClient(3), "alice", "wonderland")));
    EXPECT_EQ(Clients(group), 2u);
    EXPECT_EQ(group.AddressOf(3), group.AddressOf(1));
    EXPECT_TRUE(group.IsUp(2));
    EXPECT_TRUE(group.IsUp(3));
}

TEST(Group, UserIsPartOfTheNameOfAClient)
{
    ClientGroup group(WithUsers(SharedIdentityServer()));
    group.Connect(group.Add(AsUser(SharedIdentityClient(1), "alice", "wonderland")));
    EXPECT_EQ(group.Server().engine.IkeSas().at(0).peerName, "clients#1(alice)");
}

// The port of a NAT may be another's next time.
TEST(Group, OtherUserFromTheSameEndpointIsAnotherClient)
{
    ClientGroup group(WithUsers(SharedIdentityServer()));
    group.PutBehindNat();
    group.Add(AsUser(SharedIdentityClient(1), "alice", "wonderland"));
    group.Add(AsUser(SharedIdentityClient(2), "bob", "builder"));
    group.Connect(1);
    group.SwapPorts(1, 2);
    group.Advance(std::chrono::seconds(5));
    group.Connect(2);
    EXPECT_TRUE(group.IsUp(2));
    EXPECT_EQ(Clients(group), 2u);
    EXPECT_NE(group.AddressOf(1), group.AddressOf(2));
    EXPECT_EQ(group.Server().sas.size(), 4u);
}

TEST(Group, WrongPasswordLeavesNothing)
{
    ClientGroup group(WithUsers(SharedIdentityServer()));
    group.Connect(group.Add(AsUser(SharedIdentityClient(1), "alice", "looking glass")));
    EXPECT_EQ(Clients(group), 0u);
    EXPECT_EQ(group.Client(1).Seen<AcquireFailed>().at(0).reason, Fault::XauthFailed);
}

TEST(Group, ExhaustedPoolRefusesTheNextClientOnly)
{
    EngineConfig server = GroupServerConfig();
    server.pools[0].last = IpAddress::Parse("10.9.0.2");
    ClientGroup group(server);
    for (uint32_t i = 1; i <= 3; i++)
    {
        group.Connect(group.Add());
    }
    EXPECT_TRUE(group.IsUp(1));
    EXPECT_TRUE(group.IsUp(2));
    EXPECT_FALSE(group.IsUp(3));
    EXPECT_EQ(group.Server().Seen<IkeSaDown>().at(0).reason, Fault::PoolExhausted);
    group.Leave(1);
    group.Connect(3);
    EXPECT_TRUE(group.IsUp(3));
    EXPECT_EQ(group.AddressOf(3), "10.9.0.1");
}

TEST(Group, TerminationOfTheGroupEndsAllItsClients)
{
    ClientGroup group;
    group.Connect(group.Add());
    group.Connect(group.Add());
    GroupEnd& server = group.Server();
    const Effects effects = server.engine.Terminate(Instant{}, 0, server.random);
    EXPECT_EQ(Clients(group), 0u);
    EXPECT_EQ(AddressesInUse(group), 0u);
    EXPECT_TRUE(server.engine.IkeSas().empty());
}

TEST(Group, PacketForAClientThatIsGoneIsGivenUp)
{
    ClientGroup group;
    group.Connect(group.Add());
    group.Leave(1);
    GroupEnd& server = group.Server();
    const Effects effects = server.engine.Acquire(Instant{}, {1, 0}, FlowKey{}, server.random);
    ASSERT_EQ(effects.list.size(), 1u);
    EXPECT_EQ(std::get<AcquireFailed>(effects.list[0]).reason, Fault::UnknownPeer);
    EXPECT_TRUE(server.engine.Initiate(Instant{}, 1, server.random).list.empty());
    EXPECT_TRUE(server.engine.Terminate(Instant{}, 1, server.random).list.empty());
}

TEST(Group, CopyOfAServerGoesItsOwnWay)
{
    ClientGroup group;
    group.Connect(group.Add());
    ClientGroup fork = group;
    fork.Leave(1);
    EXPECT_EQ(Clients(fork), 0u);
    EXPECT_EQ(Clients(group), 1u);
    EXPECT_TRUE(group.IsUp(1));
}

} // namespace ipsec
} // namespace ns3
