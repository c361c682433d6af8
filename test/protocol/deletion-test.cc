// SPDX-License-Identifier: GPL-2.0-only
#include "watched-pair.h"

#include <gtest/gtest.h>

// Deletions: said once, believed only if authenticated, the same whoever says them first.

namespace ns3
{
namespace ipsec
{

namespace
{

using std::chrono::minutes;

constexpr uint32_t MESSAGE_ID = 0x01020304;

/// Two tunnels with one peer.
void
TwoChildren(PeerConfig& peer)
{
    ChildConfig dmz = peer.children[0];
    dmz.name = "dmz";
    const bool isA = peer.localAddress == IpAddress::Parse("192.0.2.1");
    dmz.proxyId.local = Prefix::Parse(isA ? "10.1.9.0/24" : "10.2.9.0/24");
    dmz.proxyId.remote = Prefix::Parse(isA ? "10.2.9.0/24" : "10.1.9.0/24");
    peer.children.push_back(dmz);
}

void
SaysNothing(PeerConfig& peer)
{
    peer.personality.Edit().sendDeletes = false;
}

/// Returns the SPIs on which an end receives, as a Delete names them.
std::vector<Octets>
InboundSpis(const PeerPair& pair, Side side)
{
    std::vector<Octets> spis;
    for (const IpsecSa& sa : pair.Sas(side, SaDirection::Inbound))
    {
        spis.push_back(OctetView(NetworkOrder(sa.spi)).Copy());
    }
    return spis;
}

RawPayload
DeleteIkeSa(const PeerPair& pair)
{
    const IkeSaInfo info = pair.End(Side::A).engine.IkeSas().at(0);
    return DeleteRaw(ProtocolId::Isakmp, {Concat({info.initiatorCookie, info.responderCookie})});
}

} // namespace

TEST(Deletion, SeveralSpisInOnePayloadEndSeveralTunnels)
{
    for (const Side side : {Side::A, Side::B})
    {
        PeerPair pair = UpPair(TwoChildren, TwoChildren);
        const std::vector<Octets> spis = InboundSpis(pair, side);
        ASSERT_EQ(spis.size(), 2u);
        pair.Inject(Other(side),
                    KeyHolder(pair).Informational(MESSAGE_ID, {DeleteRaw(ProtocolId::Esp, spis)}));
        EXPECT_TRUE(pair.End(Other(side)).sas.empty());
        EXPECT_TRUE(pair.IsIkeUp());
    }
}

TEST(Deletion, SeveralPayloadsInOneMessageAreAllFollowed)
{
    PeerPair pair = UpPair(TwoChildren, TwoChildren);
    const std::vector<Octets> spis = InboundSpis(pair, Side::A);
    const std::vector<RawPayload> payloads = {DeleteRaw(ProtocolId::Esp, {spis[1]}),
                                              DeleteRaw(ProtocolId::Esp, {spis[0], spis[1]}),
                                              DeleteIkeSa(pair)};
    pair.Inject(Side::B, KeyHolder(pair).Informational(MESSAGE_ID, payloads));
    EXPECT_TRUE(pair.End(Side::B).sas.empty());
    EXPECT_TRUE(pair.End(Side::B).engine.IkeSas().empty());
    EXPECT_EQ(pair.Seen<RemoveSa>(Side::B).size(), 4u) << "each SA went once";
}

TEST(Deletion, OfTheIkeSaCountsAfterThoseThatItStandsBefore)
{
    PeerPair pair = UpPair(TwoChildren, TwoChildren);
    const std::vector<RawPayload> payloads = {
        DeleteIkeSa(pair), DeleteRaw(ProtocolId::Esp, InboundSpis(pair, Side::A))};
    pair.Inject(Side::B, KeyHolder(pair).Informational(MESSAGE_ID, payloads));
    EXPECT_TRUE(pair.End(Side::B).sas.empty());
    EXPECT_TRUE(pair.End(Side::B).engine.IkeSas().empty());
}

TEST(Deletion, EitherEndMayEndATunnel)
{
    for (const Side side : {Side::A, Side::B})
    {
        PeerPair pair = UpPair(AsItIs, AsItIs);
        pair.HardExpiry(side, pair.Sas(side, SaDirection::Inbound).at(0).Key());
        pair.DeliverAll();
        EXPECT_TRUE(pair.End(Side::A).sas.empty());
        EXPECT_TRUE(pair.End(Side::B).sas.empty());
        EXPECT_TRUE(pair.IsIkeUp());
    }
}

TEST(Deletion, IsSaidOnceAndNeverAgain)
{
    PeerPair pair = UpPair(AsItIs, AsItIs);
    const size_t sent = pair.Sent().size();
    pair.Terminate(Side::A);
    EXPECT_EQ(pair.Sent().size(), sent + 1);
    pair.LoseAll();
    EXPECT_FALSE(pair.End(Side::A).engine.NextDeadline());
    RunFor(pair, minutes(30));
    EXPECT_EQ(pair.Sent().size(), sent + 1);
    EXPECT_EQ(pair.End(Side::B).sas.size(), 2u) << "nobody told B";
}

// F21
TEST(Deletion, OfBothEndsAtOnceIsTheSameAsOfOne)
{
    PeerPair pair = UpPair(TwoChildren, TwoChildren);
    pair.Terminate(Side::A);
    pair.Terminate(Side::B);
    EXPECT_EQ(pair.InFlight(), 2u);
    pair.DeliverAll();
    EXPECT_TRUE(pair.IsIkeDown());
    EXPECT_TRUE(pair.End(Side::A).sas.empty());
    EXPECT_TRUE(pair.End(Side::B).sas.empty());
    EXPECT_EQ(pair.Drops(Side::A, Fault::NoSuchExchange), 1u);
    EXPECT_EQ(pair.Drops(Side::B, Fault::NoSuchExchange), 1u);
    pair.Initiate(Side::B);
    pair.DeliverAll();
    EXPECT_TRUE(pair.AreTunnelsUp(2));
}

TEST(Deletion, OfOneTunnelByBothEndsAtOnceLeavesTheIkeSa)
{
    PeerPair pair = UpPair(AsItIs, AsItIs);
    for (const Side side : {Side::A, Side::B})
    {
        pair.HardExpiry(side, pair.Sas(side, SaDirection::Inbound).at(0).Key());
    }
    EXPECT_EQ(pair.InFlight(), 2u);
    pair.DeliverAll();
    EXPECT_TRUE(pair.IsIkeUp());
    EXPECT_EQ(pair.Drops(Side::A) + pair.Drops(Side::B), 0u);
}

TEST(Deletion, PersonalityMayLeaveWithoutAWord)
{
    PeerPair pair = UpPair(SaysNothing, AsItIs);
    const size_t sent = pair.Sent().size();
    pair.Terminate(Side::A);
    EXPECT_EQ(pair.Sent().size(), sent);
    EXPECT_TRUE(pair.End(Side::A).sas.empty());
    EXPECT_TRUE(pair.End(Side::A).engine.IkeSas().empty());
    EXPECT_EQ(pair.End(Side::B).sas.size(), 2u);
    // It still hears of the peer's.
    PeerPair other = UpPair(SaysNothing, AsItIs);
    other.Terminate(Side::B);
    other.DeliverAll();
    EXPECT_TRUE(other.IsIkeDown());
}

// bad input 77, 78, F18
TEST(Deletion, CountsOnlyIfItIsAuthenticated)
{
    const PeerPair pair = UpPair(AsItIs, AsItIs);
    const KeyHolder holder(pair);
    const std::vector<RawPayload> payloads = {
        DeleteRaw(ProtocolId::Esp, InboundSpis(pair, Side::A)), DeleteIkeSa(pair)};
    IsakmpHeader header = holder.Header(ExchangeType::Informational, MESSAGE_ID);
    std::vector<RawPayload> wrongHash = payloads;
    wrongHash.insert(wrongHash.begin(), holder.Hash(MESSAGE_ID + 1, {}, payloads));
    const Octets forged = holder.Seal(header, wrongHash, holder.FirstIv(MESSAGE_ID));
    header.flags = 0;
    for (const Octets& message : {forged, ClearMessage(header, payloads)})
    {
        PeerPair fork = pair;
        EXPECT_TRUE(WasRefused(fork.Inject(Side::B, message)));
        EXPECT_TRUE(fork.IsIkeUp());
        EXPECT_TRUE(fork.AreTunnelsUp());
    }
}

} // namespace ipsec
} // namespace ns3
