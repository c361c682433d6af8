// SPDX-License-Identifier: GPL-2.0-only
#include "client-group.h"
#include "peer-pair.h"

#include <algorithm>
#include <gtest/gtest.h>

// Clients that protect their own host's traffic: two of them may have the same private address, or
// the same NAT (RFC 3948 section 5).

namespace ns3
{
namespace ipsec
{

namespace
{

const Prefix SERVER_HOST = Prefix::Parse("192.0.2.1/32");
const Prefix NAT_HOST = Prefix::Parse("203.0.113.1/32");

EngineConfig
Server(EncapsulationMode mode)
{
    EngineConfig config = GroupServerConfig();
    config.peers[0].modeConfig = {};
    ChildConfig& child = config.peers[0].children[0];
    child.remoteIsAssigned = false;
    child.remoteIsPeer = true;
    child.mode = mode;
    if (mode == EncapsulationMode::Transport)
    {
        child.proxyId.local = SERVER_HOST;
    }
    return config;
}

EngineConfig
Client(uint32_t number, const std::string& address, EncapsulationMode mode)
{
    EngineConfig config = GroupClientConfig(number);
    PeerConfig& peer = config.peers[0];
    peer.modeConfig = {};
    peer.localAddress = IpAddress::Parse(address);
    ChildConfig& child = peer.children[0];
    child.localIsAssigned = false;
    child.mode = mode;
    child.proxyId.local = Prefix::Host(peer.localAddress);
    if (mode == EncapsulationMode::Transport)
    {
        child.proxyId.remote = SERVER_HOST;
    }
    return config;
}

/// Clients in tunnel mode with these addresses behind one NAT.
ClientGroup
GroupOf(const std::vector<std::string>& addresses,
        EncapsulationMode mode = EncapsulationMode::Tunnel)
{
    ClientGroup group(Server(mode));
    group.PutBehindNat();
    for (const std::string& address : addresses)
    {
        group.Add(Client(static_cast<uint32_t>(&address - addresses.data() + 1), address, mode));
    }
    return group;
}

std::vector<Prefix>
RemoteSides(const ClientGroup& group)
{
    std::vector<Prefix> remotes;
    for (const auto& [key, sa] : const_cast<ClientGroup&>(group).Server().sas)
    {
        if (key.direction == SaDirection::Outbound)
        {
            remotes.push_back(sa.proxyId.remote);
        }
    }
    return remotes;
}

size_t
Conflicts(ClientGroup& group)
{
    const std::vector<Dropped> drops = group.Server().Seen<Dropped>();
    return std::count_if(drops.begin(),
                         drops.end(),
                         [](const Dropped& one) { return one.fault == Fault::SelectorConflict; });
}

} // namespace

TEST(SelectorConflict, ClientsWithAddressesOfTheirOwnGetAPolicyEach)
{
    ClientGroup group = GroupOf({"10.0.0.5", "10.0.0.6"});
    group.Connect(1);
    group.Connect(2);
    EXPECT_TRUE(group.IsUp(1));
    EXPECT_TRUE(group.IsUp(2));
    std::vector<Prefix> remotes = RemoteSides(group);
    ASSERT_EQ(remotes.size(), 2u);
    std::sort(remotes.begin(),
              remotes.end(),
              [](const Prefix& a, const Prefix& b) { return a.address < b.address; });
    EXPECT_EQ(remotes[0], Prefix::Parse("10.0.0.5/32"));
    EXPECT_EQ(remotes[1], Prefix::Parse("10.0.0.6/32"));
}

TEST(SelectorConflict, SecondClientWithTheSamePrivateAddressIsRefusedAndTold)
{
    ClientGroup group = GroupOf({"10.0.0.5", "10.0.0.5"});
    group.Connect(1);
    group.Connect(2);
    EXPECT_TRUE(group.IsUp(1));
    EXPECT_FALSE(group.IsUp(2));
    EXPECT_EQ(Conflicts(group), 1u);
    const std::vector<AcquireFailed> failed = group.Client(2).Seen<AcquireFailed>();
    ASSERT_EQ(failed.size(), 1u);
    EXPECT_EQ(failed[0].notify, static_cast<uint16_t>(NotifyType::InvalidIdInformation));
}

TEST(SelectorConflict, AddressIsFreeAgainOnceItsHolderLeft)
{
    ClientGroup group = GroupOf({"10.0.0.5", "10.0.0.5"});
    group.Connect(1);
    group.Leave(1);
    group.Connect(2);
    EXPECT_TRUE(group.IsUp(2));
    EXPECT_EQ(Conflicts(group), 0u);
}

TEST(SelectorConflict, ClientThatForgotEverythingTakesItsOwnPlace)
{
    ClientGroup group = GroupOf({"10.0.0.5", "10.0.0.9"});
    group.Connect(1);
    group.Restart(1);
    // It comes back through another mapping and says nothing of INITIAL-CONTACT's kind.
    group.SwapPorts(1, 2);
    EngineConfig silent = group.Client(1).engine.Config();
    silent.peers[0].personality.Edit().initialContact = ContactAnnouncement::Never;
    group.Client(1).engine = Engine(silent);
    group.Connect(1);
    EXPECT_TRUE(group.IsUp(1));
    EXPECT_EQ(RemoteSides(group).size(), 1u);
    EXPECT_EQ(Conflicts(group), 0u);
}

// What is refused leaves no trace.
TEST(SelectorConflict, RefusedProposalCostsTheSameClientNothing)
{
    ClientGroup group = GroupOf({"10.0.0.5"});
    group.Connect(1);
    ASSERT_TRUE(group.IsUp(1));
    EngineConfig other = Client(1, "10.0.0.5", EncapsulationMode::Tunnel);
    other.peers[0].children[0].proposals = ParsePhase2Proposals("nopfs-esp-aes256-sha512");
    other.peers[0].personality.Edit().initialContact = ContactAnnouncement::Never;
    group.Add(other);
    group.Connect(2);
    EXPECT_FALSE(group.IsUp(2));
    EXPECT_TRUE(group.IsUp(1));
    EXPECT_EQ(group.Server().sas.size(), 2u);
}

TEST(SelectorConflict, NobodyMayClaimAnAddressOfOurOwnNetwork)
{
    ClientGroup group = GroupOf({"10.2.0.77"});
    group.Connect(1);
    EXPECT_FALSE(group.IsUp(1));
    EXPECT_EQ(Conflicts(group), 1u);
}

TEST(SelectorConflict, NobodyMayClaimAnAddressBehindAnotherPeer)
{
    EngineConfig config = Server(EncapsulationMode::Tunnel);
    PeerConfig site = SiteConfig(Side::A).peers[0];
    site.name = "site";
    site.localAddress = config.peers[0].localAddress;
    site.remoteAddress = IpAddress::Parse("192.0.2.99");
    site.children[0].proxyId = {Prefix::Parse("10.2.0.0/24"), Prefix::Parse("10.7.0.0/24")};
    config.peers.push_back(site);
    ClientGroup group(config);
    group.PutBehindNat();
    group.Add(Client(1, "10.7.0.1", EncapsulationMode::Tunnel));
    group.Connect(1);
    EXPECT_FALSE(group.IsUp(1));
    EXPECT_EQ(Conflicts(group), 1u);
}

TEST(SelectorConflict, TransportModeTakesTheAddressOfTheNatForTheClients)
{
    ClientGroup group = GroupOf({"10.0.0.5"}, EncapsulationMode::Transport);
    group.Connect(1);
    EXPECT_EQ(group.Client(1).sas.size(), 2u);
    EXPECT_EQ(RemoteSides(group), std::vector<Prefix>{NAT_HOST});
    for (const auto& [key, sa] : group.Server().sas)
    {
        ASSERT_TRUE(sa.original.has_value());
        EXPECT_EQ(sa.original->remote, IpAddress::Parse("10.0.0.5"));
        EXPECT_EQ(sa.original->local, SERVER_HOST.address);
    }
    for (const auto& [key, sa] : group.Client(1).sas)
    {
        ASSERT_TRUE(sa.original.has_value());
        EXPECT_EQ(sa.original->remote, SERVER_HOST.address);
        EXPECT_EQ(sa.original->local, NAT_HOST.address);
    }
}

TEST(SelectorConflict, SecondClientOfANatInTransportModeIsRefused)
{
    ClientGroup group = GroupOf({"10.0.0.5", "10.0.0.6"}, EncapsulationMode::Transport);
    group.Connect(1);
    group.Connect(2);
    EXPECT_EQ(group.Client(1).sas.size(), 2u);
    EXPECT_TRUE(group.Client(2).sas.empty());
    EXPECT_EQ(group.Server().sas.size(), 2u);
    EXPECT_EQ(Conflicts(group), 1u);
}

} // namespace ipsec
} // namespace ns3
