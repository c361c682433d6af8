// SPDX-License-Identifier: GPL-2.0-only
// A user's client: how it connects, what goes through its tunnel, how it ends.
#include "dial-up-world.h"

#include "ns3/boolean.h"
#include "ns3/simulator.h"
#include "ns3/uinteger.h"

#include <gtest/gtest.h>
#include <stdexcept>

namespace ns3
{
namespace ipsec
{

namespace
{

const Ipv4Address ASSIGNED("10.9.0.1");

/// Returns how many rules of a node protect.
size_t
ProtectingRules(Ptr<Node> node)
{
    size_t rules = 0;
    for (const Policy& rule : IpsecHelper::GetDataPlane(node)->Policies().Policies())
    {
        rules += rule.action == PolicyAction::Protect ? 1 : 0;
    }
    return rules;
}

bool
HasAddress(Ptr<Node> node, Ipv4Address address)
{
    return node->GetObject<Ipv4>()->GetInterfaceForAddress(address) >= 0;
}

TEST(DialUpClient, WaitsForItsAddressAndConnects)
{
    DialUpWorld world;
    const Ptr<DialUpClient> alice = world.InstallAlice();
    DialUpDiary diary(alice);
    DialUpWorld::RunUntil(Seconds(2));
    EXPECT_EQ(diary.States(), "WaitsForAddress Connecting Connected");
    EXPECT_EQ(alice->GetAssignedAddress(), ASSIGNED);
    ASSERT_TRUE(alice->GetLocalAddress());
    EXPECT_EQ(*alice->GetLocalAddress(), Ipv4Address("192.168.1.100"));
    EXPECT_EQ(alice->GetCounters().attempts, 1U);
    ASSERT_EQ(diary.connectedAfter.size(), 1U);
    EXPECT_GT(diary.connectedAfter[0], MilliSeconds(200));
    EXPECT_LT(diary.connectedAfter[0], MilliSeconds(500));
}

TEST(DialUpClient, DaemonWithoutAnAddressCallsNobody)
{
    DialUpWorld world;
    const Ptr<Node> laptop = DialUpWorld::MakeNode("alice");
    world.dialUp.Join(laptop, world.dialUp.CreateLan());
    const Ptr<DialUpClient> alice =
        world.dialUp.Install(laptop, DialUpWorld::HubForClient("alice@example.com"));
    const Ptr<IkeDaemon> daemon = IpsecHelper::GetDaemon(laptop);
    std::vector<Fault> failures;
    daemon->TraceConnectWithoutContext(
        "AcquireFailed",
        Callback<void, const AcquireFailed&>([&](const AcquireFailed& failed)
                                             { failures.push_back(failed.reason); }));
    Simulator::Schedule(Seconds(2), [&] { daemon->Initiate(0); });
    DialUpWorld::RunUntil(Seconds(5));
    EXPECT_EQ(alice->GetState(), DialUpState::WaitsForAddress);
    EXPECT_EQ(alice->GetCounters().attempts, 0U);
    EXPECT_EQ(failures, std::vector<Fault>{Fault::NoRoute});
    EXPECT_FALSE(alice->GetLocalAddress());
}

// Without a source the stack sends a DHCPDISCOVER through every device.
TEST(DialUpClient, TunnelDeviceTakesNoBroadcast)
{
    DialUpWorld world;
    world.InstallAlice();
    uint32_t taken = 0;
    uint32_t dropped = 0;
    const Ptr<IpsecNetDevice> tunnel = IpsecHelper::GetDevice(world.laptops.Get(0));
    tunnel->TraceConnectWithoutContext(
        "MacTx", Callback<void, Ptr<const Packet>>([&](Ptr<const Packet>) { taken++; }));
    tunnel->TraceConnectWithoutContext(
        "MacTxDrop", Callback<void, Ptr<const Packet>>([&](Ptr<const Packet>) { dropped++; }));
    DialUpWorld::RunUntil(Seconds(5));
    EXPECT_EQ(taken, 0U);
    EXPECT_GE(dropped, 1U);
}

class IdentityOfAClient : public testing::TestWithParam<const char*>
{
};

TEST_P(IdentityOfAClient, ConnectsInAggressiveModeWithAPreSharedKey)
{
    DialUpWorld world;
    PeerConfig group = DialUpWorld::GroupOfHub();
    group.xauth = {};
    world.InstallHub(group);
    PeerConfig gateway = DialUpWorld::HubForClient(GetParam());
    gateway.xauth = {};
    const Ptr<DialUpClient> client = world.dialUp.Install(world.MakeLaptop("bob"), gateway);
    world.AssignStreams();
    DialUpWorld::RunUntil(Seconds(2));
    EXPECT_EQ(client->GetState(), DialUpState::Connected);
    const std::vector<IkeSaInfo> sas = IpsecHelper::GetDaemon(world.hub)->GetEngine().IkeSas();
    ASSERT_EQ(sas.size(), 1U);
    EXPECT_EQ(sas[0].mode, Phase1Mode::Aggressive);
    EXPECT_EQ(sas[0].remoteId, Identity::Parse(GetParam()));
}

INSTANTIATE_TEST_SUITE_P(Kinds,
                         IdentityOfAClient,
                         testing::Values("bob.example.com", "bob@example.com"));

class CertificatesOfAClient : public testing::TestWithParam<Phase1Mode>
{
};

TEST_P(CertificatesOfAClient, ConnectThemFromAnAddressThatNoCertificateNames)
{
    DialUpWorld world;
    IpsecPki pki(1, 1, EngineConfig{}.calendarStart);
    const auto keysOf = [&pki](const std::string& name, const Identity& id)
    {
        PkiHolder holder;
        holder.name = name;
        holder.AddName(id);
        pki.AddHolder(holder);
        return pki.KeyStoreOf(name, {KeyKind::Rsa}, {KeyKind::Rsa});
    };
    const Identity user = Identity::Parse("alice@example.com");
    PeerConfig group = DialUpWorld::GroupOfHub();
    PeerConfig gateway = DialUpWorld::HubForClient("alice@example.com");
    for (PeerConfig* peer : {&group, &gateway})
    {
        peer->mode = GetParam();
        peer->proposals = ParsePhase1Proposals("rsa-g2-aes128-sha");
        peer->xauth = {};
    }
    group.keys = keysOf("hub-keys", Identity::Parse(DialUpWorld::HUB));
    gateway.keys = keysOf("alice-keys", user);
    world.InstallHub(group);
    const Ptr<DialUpClient> client = world.dialUp.Install(world.MakeLaptop("alice"), gateway);
    world.AssignStreams();
    DialUpWorld::RunUntil(Seconds(2));
    EXPECT_EQ(client->GetState(), DialUpState::Connected);
    const std::vector<IkeSaInfo> sas = IpsecHelper::GetDaemon(world.hub)->GetEngine().IkeSas();
    ASSERT_EQ(sas.size(), 1U);
    EXPECT_EQ(sas[0].mode, GetParam());
}

INSTANTIATE_TEST_SUITE_P(Modes,
                         CertificatesOfAClient,
                         testing::Values(Phase1Mode::Main, Phase1Mode::Aggressive));

// What goes where

TEST(DialUpClient, SplitTunnelTakesOnlyTheNetworksThatTheGatewayNamed)
{
    DialUpWorld world;
    PeerConfig group = DialUpWorld::GroupOfHub();
    group.modeConfig.Edit().subnets = {Prefix::Parse("10.2.0.0/24")};
    world.InstallHub(group);
    const Ptr<DialUpClient> alice = world.InstallAlice();
    const Ptr<Node> laptop = world.laptops.Get(0);
    for (const Ipv4Address to : {DialUpWorld::SERVER, DialUpWorld::WEB, DialUpWorld::PRINTER})
    {
        world.SendAt(Seconds(2), laptop, to);
    }
    DialUpWorld::RunUntil(Seconds(3));
    ASSERT_EQ(world.echoes.size(), 3U);
    for (const DialUpWorld::Echo& echo : world.echoes)
    {
        EXPECT_EQ(echo.from, echo.at == DialUpWorld::SERVER ? ASSIGNED : *alice->GetLocalAddress());
    }
    EXPECT_EQ(world.answers.size(), 3U);
    // To the web server and back.
    EXPECT_EQ(world.clearPackets, 2U);
    EXPECT_EQ(IpsecHelper::GetDataPlane(laptop)->ProtectedPackets(), 1U);
}

TEST(DialUpClient, FullTunnelTakesAllButTheOwnLanAndTheGateway)
{
    DialUpWorld world;
    const Ptr<DialUpClient> alice = world.InstallAlice();
    const Ptr<Node> laptop = world.laptops.Get(0);
    const Ipv4Address hub(DialUpWorld::HUB);
    for (const Ipv4Address to : {DialUpWorld::SERVER, DialUpWorld::WEB, DialUpWorld::PRINTER, hub})
    {
        world.SendAt(Seconds(2), laptop, to);
    }
    DialUpWorld::RunUntil(Seconds(3));
    ASSERT_EQ(world.echoes.size(), 3U);
    for (const DialUpWorld::Echo& echo : world.echoes)
    {
        EXPECT_EQ(echo.from,
                  echo.at == DialUpWorld::PRINTER ? *alice->GetLocalAddress() : ASSIGNED);
    }
    EXPECT_EQ(world.answers.size(), 3U);
    // Only to the gateway, where nobody listens, and what it quotes of it.
    EXPECT_EQ(IpsecHelper::GetDataPlane(laptop)->ProtectedPackets(), 2U);
    EXPECT_GE(world.clearPackets, 1U);
    EXPECT_LE(world.clearPackets, 2U);
}

TEST(DialUpClient, LeaseIsRenewedUnderAFullTunnel)
{
    DialUpWorld world;
    const Ptr<DialUpClient> alice = world.InstallAlice();
    DialUpDiary diary(alice);
    DialUpWorld::RunUntil(Seconds(200));
    EXPECT_EQ(diary.States(), "WaitsForAddress Connecting Connected");
    EXPECT_EQ(alice->GetCounters().addressChanges, 1U);
}

// Ends

TEST(DialUpClient, DisconnectTakesAddressAndRulesAwayAndTellsTheGateway)
{
    DialUpWorld world;
    const Ptr<DialUpClient> alice = world.InstallAlice();
    const Ptr<Node> laptop = world.laptops.Get(0);
    DialUpDiary diary(alice);
    DialUpWorld::RunUntil(Seconds(2));
    ASSERT_TRUE(HasAddress(laptop, ASSIGNED));
    EXPECT_EQ(ProtectingRules(laptop), 1U);
    alice->Disconnect();
    EXPECT_FALSE(HasAddress(laptop, ASSIGNED));
    EXPECT_TRUE(IpsecHelper::GetDataPlane(laptop)->Policies().Policies().empty());
    EXPECT_FALSE(alice->GetAssignedAddress());
    DialUpWorld::RunUntil(Seconds(3));
    EXPECT_EQ(diary.States(), "WaitsForAddress Connecting Connected Off");
    EXPECT_EQ(diary.disconnected, std::vector<Fault>{Fault::Terminated});
    EXPECT_EQ(IpsecHelper::GetDaemon(world.hub)->GetEngine().AddressesInUse("pool"), 0U);
    // What went through the tunnel goes into the open now, as the user wants it.
    world.SendAt(Seconds(4), laptop, DialUpWorld::WEB);
    DialUpWorld::RunUntil(Seconds(5));
    ASSERT_EQ(world.echoes.size(), 1U);
    EXPECT_EQ(world.echoes[0].from, *alice->GetLocalAddress());
}

TEST(DialUpClient, ConnectsAgainAfterDisconnect)
{
    DialUpWorld world;
    const Ptr<DialUpClient> alice = world.InstallAlice();
    DialUpWorld::RunUntil(Seconds(2));
    alice->Disconnect();
    DialUpWorld::RunUntil(Seconds(3));
    alice->Connect();
    world.SendAt(Seconds(4), world.laptops.Get(0), DialUpWorld::SERVER);
    DialUpWorld::RunUntil(Seconds(5));
    EXPECT_EQ(alice->GetState(), DialUpState::Connected);
    EXPECT_EQ(alice->GetCounters().connections, 2U);
    EXPECT_EQ(world.answers.size(), 1U);
}

TEST(DialUpClient, WithoutAutoConnectNothingHappens)
{
    DialUpWorld world;
    world.dialUp.SetClientAttribute("AutoConnect", BooleanValue(false));
    const Ptr<DialUpClient> alice = world.InstallAlice();
    DialUpDiary diary(alice);
    DialUpWorld::RunUntil(Seconds(5));
    EXPECT_EQ(diary.States(), "");
    EXPECT_EQ(alice->GetCounters().attempts, 0U);
}

TEST(DialUpClient, WrongPasswordEndsInItsReasonAndInNoStorm)
{
    DialUpWorld world;
    world.InstallHub(DialUpWorld::GroupOfHub());
    PeerConfig gateway = DialUpWorld::HubForClient("mallory@example.com");
    gateway.xauth.Edit().password = SecretBytes(AsOctets("looking-glass"));
    const Ptr<DialUpClient> mallory = world.dialUp.Install(world.MakeLaptop("mallory"), gateway);
    world.AssignStreams();
    DialUpDiary diary(mallory);
    DialUpWorld::RunUntil(Seconds(3600));
    EXPECT_EQ(mallory->GetState(), DialUpState::Refused);
    EXPECT_EQ(mallory->GetLastReason(), Fault::XauthFailed);
    EXPECT_EQ(diary.failed, std::vector<Fault>{Fault::XauthFailed});
    EXPECT_EQ(mallory->GetCounters().attempts, 1U);
}

TEST(DialUpClient, RefusalsAreTriedAsOftenAsAllowed)
{
    DialUpWorld world;
    world.dialUp.SetClientAttribute("RefusalTries", UintegerValue(3));
    world.InstallHub(DialUpWorld::GroupOfHub());
    PeerConfig gateway = DialUpWorld::HubForClient("mallory@example.com");
    gateway.xauth.Edit().password = SecretBytes(AsOctets("looking-glass"));
    const Ptr<DialUpClient> mallory = world.dialUp.Install(world.MakeLaptop("mallory"), gateway);
    world.AssignStreams();
    DialUpWorld::RunUntil(Seconds(3600));
    EXPECT_EQ(mallory->GetState(), DialUpState::Refused);
    EXPECT_EQ(mallory->GetCounters().attempts, 3U);
    EXPECT_EQ(mallory->GetCounters().failuresByReason.at(Fault::XauthFailed), 3U);
}

// What cannot be installed

TEST(DialUpClient, NodeWithoutANetworkIsRefused)
{
    DialUpWorld world;
    const Ptr<Node> node = DialUpWorld::MakeNode("nowhere");
    EXPECT_THROW(world.dialUp.Install(node, DialUpWorld::HubForClient("a@example.com")),
                 std::invalid_argument);
}

TEST(DialUpClient, TunnelOfAnAddressThatNeitherSideGivesIsRefused)
{
    DialUpWorld world;
    PeerConfig gateway = DialUpWorld::HubForClient("a@example.com");
    gateway.children[0].localIsAssigned = false;
    EXPECT_THROW(world.dialUp.Install(world.MakeLaptop("a"), gateway), std::invalid_argument);
}

} // namespace
} // namespace ipsec
} // namespace ns3
