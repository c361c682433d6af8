// SPDX-License-Identifier: GPL-2.0-only
#include "client-group.h"

#include <gtest/gtest.h>

// What a new IKE SA means for those that the same identity, or the same address, has already.

namespace ns3
{
namespace ipsec
{

namespace
{

EngineConfig
ServerWith(Uniqueness uniqueness, ContactScope scope = ContactScope::Identity)
{
    EngineConfig config = GroupServerConfig();
    config.peers[0].personality.Edit().uniqueness = uniqueness;
    config.peers[0].personality.Edit().contactScope = scope;
    return config;
}

/// A client that says it is the first one, at an address of its own.
EngineConfig
Impostor(uint32_t number, bool sendInitialContact)
{
    EngineConfig config = GroupClientConfig(number);
    config.peers[0].localId = GroupClientConfig(1).peers[0].localId;
    config.peers[0].personality.Edit().initialContact =
        sendInitialContact ? ContactAnnouncement::First : ContactAnnouncement::Never;
    return config;
}

/// The same identity calls from one address, then from another: who is up afterwards?
std::string
UpAfterMove(Uniqueness uniqueness, bool sendInitialContact)
{
    ClientGroup group(ServerWith(uniqueness));
    group.Add();
    group.Add(Impostor(2, sendInitialContact));
    group.Connect(1);
    EXPECT_TRUE(group.IsUp(1));
    group.Advance(std::chrono::seconds(10));
    group.Connect(2);
    return std::string(group.IsUp(1) ? "first " : "") + (group.IsUp(2) ? "second" : "");
}

} // namespace

TEST(UniquenessTest, NoGoesByWhatThePeerAnnounces)
{
    EXPECT_EQ(UpAfterMove(Uniqueness::No, false), "first second");
    EXPECT_EQ(UpAfterMove(Uniqueness::No, true), "second");
}

TEST(UniquenessTest, NeverKeepsBothWhateverThePeerAnnounces)
{
    EXPECT_EQ(UpAfterMove(Uniqueness::Never, false), "first second");
    EXPECT_EQ(UpAfterMove(Uniqueness::Never, true), "first second");
}

TEST(UniquenessTest, ReplaceEndsTheFirstOne)
{
    EXPECT_EQ(UpAfterMove(Uniqueness::Replace, false), "second");
    EXPECT_EQ(UpAfterMove(Uniqueness::Replace, true), "second");
}

TEST(UniquenessTest, KeepRefusesTheSecondOne)
{
    EXPECT_EQ(UpAfterMove(Uniqueness::Keep, false), "first ");
    EXPECT_EQ(UpAfterMove(Uniqueness::Keep, true), "first ");
}

// The one that is replaced is told.
TEST(UniquenessTest, ReplacedClientHearsOfIt)
{
    ClientGroup group(ServerWith(Uniqueness::Replace));
    group.Add();
    group.Add(Impostor(2, false));
    group.Connect(1);
    group.Advance(std::chrono::seconds(10));
    group.Connect(2);
    EXPECT_TRUE(group.Client(1).engine.IkeSas().empty());
    EXPECT_EQ(group.Server().engine.IkeSas().size(), 1u);
}

// The one that is refused is told why.
TEST(UniquenessTest, RefusedClientHearsOfIt)
{
    ClientGroup group(ServerWith(Uniqueness::Keep));
    group.Add();
    group.Add(Impostor(2, false));
    group.Connect(1);
    group.Connect(2);
    const auto down = group.Client(2).Seen<IkeSaDown>();
    ASSERT_EQ(down.size(), 1u);
    EXPECT_EQ(down[0].notify, static_cast<uint16_t>(NotifyType::AuthenticationFailed));
    const auto drops = group.Server().Seen<Dropped>();
    EXPECT_TRUE(std::any_of(drops.begin(),
                            drops.end(),
                            [](const Dropped& drop) { return drop.fault == Fault::NotUnique; }));
}

// From the same address it is the same client that comes again, not another one.
TEST(UniquenessTest, KeepLetsAClientComeAgain)
{
    ClientGroup group(ServerWith(Uniqueness::Keep));
    group.Add();
    group.Connect(1);
    group.Advance(std::chrono::seconds(10));
    group.Restart(1);
    group.Connect(1);
    EXPECT_TRUE(group.IsUp(1));
}

TEST(UniquenessTest, ClientsBeyondTheLimitAreRefused)
{
    EngineConfig config = GroupServerConfig();
    config.limits.clients = 2;
    ClientGroup group(config);
    for (uint32_t client = 1; client <= 3; client++)
    {
        group.Add();
        group.Connect(client);
        EXPECT_EQ(group.IsUp(client), client <= 2) << client;
    }
    // Who is known may come again.
    group.Advance(std::chrono::seconds(10));
    group.Restart(1);
    group.Connect(1);
    EXPECT_TRUE(group.IsUp(1));
    group.Leave(2);
    group.Restart(3);
    group.Connect(3);
    EXPECT_TRUE(group.IsUp(3)) << "a place became free";
}

// Two clients behind one NAT: INITIAL-CONTACT of the second kills the first one if the address
// tells, and not if the identity does (RFC 3947 section 4).
TEST(UniquenessTest, InitialContactByAddressKillsNeighbours)
{
    for (const ContactScope scope : {ContactScope::Identity, ContactScope::Address})
    {
        ClientGroup group(ServerWith(Uniqueness::No, scope));
        group.Add();
        group.Add();
        group.PutBehindNat();
        group.Connect(1);
        group.Advance(std::chrono::seconds(10));
        group.Connect(2);
        EXPECT_TRUE(group.IsUp(2));
        EXPECT_EQ(group.IsUp(1), scope == ContactScope::Identity);
    }
}

} // namespace ipsec
} // namespace ns3
