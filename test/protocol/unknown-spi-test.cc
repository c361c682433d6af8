// SPDX-License-Identifier: GPL-2.0-only
#include "watched-pair.h"

#include <gtest/gtest.h>

// ESP and AH with SPIs that the receiver does not know, and how a tunnel comes back after one end
// lost everything.

namespace ns3
{
namespace ipsec
{

namespace
{

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr uint32_t SPI = 0x12345678;
constexpr uint32_t MESSAGE_ID = 0x01020304;

PeerChange
Reacting(InvalidSpiReaction reaction)
{
    return [reaction](PeerConfig& peer) { peer.personality.Edit().invalidSpi = reaction; };
}

size_t
Told(const PeerPair& pair, Side from)
{
    return CountNotifies(pair, from, NotifyType::InvalidSpi);
}

uint32_t
OutboundSpi(const PeerPair& pair, Side side)
{
    return pair.Sas(side, SaDirection::Outbound).at(0).spi;
}

/// Makes INVALID-SPI with the SPI in both places or in one of them.
RawPayload
InvalidSpiRaw(OctetView spi, OctetView data, ProtocolId protocol = ProtocolId::Esp)
{
    NotifyPayload notify;
    notify.protocol = protocol;
    notify.type = static_cast<uint16_t>(NotifyType::InvalidSpi);
    notify.spi = spi.Copy();
    notify.data = data.Copy();
    return {PayloadType::Notify, WriteNotifyPayload(notify)};
}

/// A sends a packet each second, for which it negotiates an SA if it has none; B reacts to those
/// that it does not know. Returns after how long a packet arrived, or @p most.
Duration
Outage(PeerPair& pair, Duration most)
{
    const Instant begin = pair.Now();
    while (pair.Now() < begin + most)
    {
        const std::vector<IpsecSa> outbound = pair.Sas(Side::A, SaDirection::Outbound);
        if (outbound.empty())
        {
            pair.Acquire(Side::A);
        }
        else if (pair.End(Side::B).sas.count(
                     {SaDirection::Inbound, ProtocolId::Esp, outbound.back().spi, {}}) > 0)
        {
            return pair.Now() - begin;
        }
        else
        {
            pair.Carry(Side::A);
            pair.UnknownSpi(Side::B, outbound.back().spi);
        }
        RunFor(pair, seconds(1));
    }
    return most;
}

/// A pair of which B lost everything and is there again.
PeerPair
CrashedPair(const PeerChange& a, const PeerChange& b)
{
    PeerPair pair = UpPair(a, b);
    pair.Advance(seconds(10));
    pair.Crash(Side::B);
    return pair;
}

} // namespace

TEST(UnknownSpi, IsToldUnderTheIkeSaWithItsProtocol)
{
    for (const ProtocolId protocol : {ProtocolId::Esp, ProtocolId::Ah})
    {
        PeerPair pair = UpPair(AsItIs, AsItIs);
        pair.UnknownSpi(Side::B, SPI, protocol);
        ASSERT_EQ(pair.InFlight(), 1u);
        EXPECT_TRUE(pair.Next().summary.encrypted);
        const std::vector<NotifyPayload> told = SentNotifies(pair, Side::B, NotifyType::InvalidSpi);
        ASSERT_EQ(told.size(), 1u);
        // DOI, protocol, no SPI, type 11, the SPI as data.
        const std::string number = protocol == ProtocolId::Esp ? "03" : "02";
        EXPECT_EQ(ToHex(WriteNotifyPayload(told[0])), "00000001" + number + "00000b" + "12345678");
        pair.DeliverAll();
        EXPECT_TRUE(pair.AreTunnelsUp()) << "nobody sends on it";
    }
}

TEST(UnknownSpi, IsIgnoredIfThePersonalitySaysSo)
{
    PeerPair pair = UpPair(AsItIs, Reacting(InvalidSpiReaction::Ignore));
    EXPECT_TRUE(pair.UnknownSpi(Side::B, SPI).list.empty());
}

TEST(UnknownSpi, OfAnAddressThatNobodyKnowsIsIgnored)
{
    for (const InvalidSpiReaction reaction :
         {InvalidSpiReaction::Notify, InvalidSpiReaction::NewIkeSa})
    {
        PeerPair pair = UpPair(AsItIs, Reacting(reaction));
        const UnknownSpi unknown{{IpAddress::Parse("192.0.2.2"), 0},
                                 {IpAddress::Parse("198.51.100.9"), 0},
                                 ProtocolId::Esp,
                                 SPI};
        PairEnd& end = pair.End(Side::B);
        EXPECT_TRUE(end.engine.HandleUnknownSpi(pair.Now(), unknown, end.random).list.empty());
    }
}

// Who is not configured with an address is known by where its IKE SA is.
TEST(UnknownSpi, OfADynamicPeerOrClientIsToldUnderItsIkeSa)
{
    for (const bool isGroup : {false, true})
    {
        const Identity id = Identity::Parse("a.example.com");
        PeerPair pair = UpPair([&](PeerConfig& peer) { peer.localId = id; },
                               [&](PeerConfig& peer)
                               {
                                   peer.remoteAddress.reset();
                                   peer.remoteId = id;
                                   peer.isGroup = isGroup;
                               });
        pair.UnknownSpi(Side::B, SPI);
        EXPECT_EQ(Told(pair, Side::B), 1u) << isGroup;
    }
}

TEST(UnknownSpi, IsToldOnlyNowAndThen)
{
    PeerPair pair = UpPair(AsItIs, AsItIs);
    for (int packet = 0; packet < 1000; packet++)
    {
        pair.UnknownSpi(Side::B, SPI + packet);
        pair.LoseAll();
        pair.Advance(std::chrono::milliseconds(10));
    }
    EXPECT_EQ(Told(pair, Side::B), 10u);
    EXPECT_EQ(pair.Drops(Side::B, Fault::RateLimited), 990u);
}

// Whoever sends in the peer's name must not use up the IKE SA.
TEST(UnknownSpi, LeavesMessageIdsForTunnels)
{
    PeerPair pair = UpPair(AsItIs, AsItIs);
    for (int second = 0; second < 3000; second++)
    {
        pair.UnknownSpi(Side::B, SPI);
        pair.DeliverAll();
        pair.Advance(seconds(1));
    }
    EXPECT_LT(Told(pair, Side::B), 2050u);
    pair.SoftExpiry(Side::A, pair.Sas(Side::A, SaDirection::Outbound).at(0).Key());
    pair.DeliverAll();
    EXPECT_TRUE(pair.AreTunnelsUp(2));
    EXPECT_EQ(pair.CountSent(ExchangeType::MainMode), 6u);
}

TEST(UnknownSpi, BeginsOneIkeSaWithAConfiguredPeer)
{
    PeerPair pair(ChangedSite(Side::A, AsItIs),
                  ChangedSite(Side::B, Reacting(InvalidSpiReaction::NewIkeSa)));
    pair.UnknownSpi(Side::B, SPI);
    EXPECT_EQ(pair.CountSent(ExchangeType::MainMode), 1u);
    for (int second = 0; second < 10; second++)
    {
        pair.Advance(seconds(1));
        pair.UnknownSpi(Side::B, SPI);
    }
    EXPECT_EQ(pair.CountSent(ExchangeType::MainMode), 1u) << "it has begun";
    pair.DeliverAll();
    EXPECT_TRUE(pair.IsIkeUp());
    EXPECT_TRUE(pair.End(Side::B).sas.empty()) << "a tunnel is made when it is needed";
}

TEST(UnknownSpi, BeginsNothingByItselfAfterAnOrderlyEnd)
{
    PeerPair pair = UpPair(AsItIs, Reacting(InvalidSpiReaction::NewIkeSa));
    const uint32_t spi = OutboundSpi(pair, Side::A);
    pair.Terminate(Side::B);
    pair.DeliverAll();
    // A packet that was on its way.
    EXPECT_TRUE(pair.UnknownSpi(Side::B, spi).list.empty());
}

// Being told

TEST(InvalidSpi, RemovesThePairThatIsSentOnWhereverTheSpiStands)
{
    const PeerPair pair = UpPair(AsItIs, AsItIs);
    const auto spi = NetworkOrder(OutboundSpi(pair, Side::A));
    for (const RawPayload& payload : {InvalidSpiRaw({}, spi), InvalidSpiRaw(spi, {})})
    {
        PeerPair fork = pair;
        fork.Inject(Side::A, KeyHolder(pair).Informational(MESSAGE_ID, {payload}));
        EXPECT_TRUE(fork.End(Side::A).sas.empty());
        EXPECT_EQ(fork.Seen<RemoveSa>(Side::A).at(0).reason, Fault::SpiUnknownToPeer);
        EXPECT_TRUE(fork.IsIkeUp());
        fork.Acquire(Side::A);
        fork.DeliverAll();
        EXPECT_EQ(fork.Sas(Side::A, SaDirection::Outbound).size(), 1u);
    }
}

TEST(InvalidSpi, OfAnotherSpiOrProtocolChangesNothing)
{
    const PeerPair pair = UpPair(AsItIs, AsItIs);
    const auto outbound = NetworkOrder(OutboundSpi(pair, Side::A));
    const auto inbound = NetworkOrder(OutboundSpi(pair, Side::B));
    for (const RawPayload& payload : {InvalidSpiRaw({}, NetworkOrder(SPI)),
                                      InvalidSpiRaw({}, inbound),
                                      InvalidSpiRaw({}, outbound, ProtocolId::Ah),
                                      InvalidSpiRaw({}, outbound, ProtocolId::Isakmp),
                                      InvalidSpiRaw({}, {})})
    {
        PeerPair fork = pair;
        fork.Inject(Side::A, KeyHolder(pair).Informational(MESSAGE_ID, {payload}));
        EXPECT_TRUE(fork.AreTunnelsUp());
    }
}

// bad input 77, F18
TEST(InvalidSpi, InClearIsCountedAndChangesNothing)
{
    PeerPair pair = UpPair(AsItIs, AsItIs);
    IsakmpHeader header = KeyHolder(pair).Header(ExchangeType::Informational, MESSAGE_ID);
    header.flags = 0;
    const RawPayload payload = InvalidSpiRaw({}, NetworkOrder(OutboundSpi(pair, Side::A)));
    EXPECT_EQ(DroppedFault(pair.Inject(Side::A, ClearMessage(header, {payload}))),
              Fault::UnauthenticatedNotify);
    EXPECT_TRUE(pair.AreTunnelsUp());
}

TEST(InvalidSpi, DoesNotRefuseTheQuickModeThatRuns)
{
    PeerPair pair = UpPair(AsItIs, AsItIs);
    pair.SoftExpiry(Side::A, pair.Sas(Side::A, SaDirection::Outbound).at(0).Key());
    const auto spi = NetworkOrder(OutboundSpi(pair, Side::A));
    pair.Inject(Side::A, KeyHolder(pair).Informational(MESSAGE_ID, {InvalidSpiRaw({}, spi)}));
    EXPECT_TRUE(pair.Seen<AcquireFailed>(Side::A).empty());
    pair.DeliverAll();
    EXPECT_EQ(pair.Sas(Side::A, SaDirection::Outbound).size(), 1u);
}

TEST(InvalidSpi, BundleGoesAsAWhole)
{
    PeerPair pair("pre-g1-des-md5", "nopfs-ah-md5+esp-des-md5");
    pair.Initiate(Side::A);
    pair.DeliverAll();
    ASSERT_TRUE(pair.AreTunnelsUp(2));
    const auto spi = NetworkOrder(pair.Sas(Side::A, SaDirection::Outbound).at(0).spi);
    const ProtocolId protocol = pair.Sas(Side::A, SaDirection::Outbound).at(0).protocol;
    pair.Inject(Side::A,
                KeyHolder(pair).Informational(MESSAGE_ID, {InvalidSpiRaw({}, spi, protocol)}));
    EXPECT_TRUE(pair.End(Side::A).sas.empty());
}

TEST(InvalidSpi, TunnelThatIsKeptUpIsNegotiatedAgainWithoutAPacket)
{
    const PeerChange keptUp = [](PeerConfig& peer) { peer.keepUp = true; };
    const PeerChange restarted = [](PeerConfig& peer)
    {
        peer.dpd.mode = DpdMode::OnDemand;
        peer.dpd.action = DpdAction::Restart;
    };
    for (const PeerChange& change : {keptUp, restarted, PeerChange(AsItIs)})
    {
        PeerPair pair = UpPair(change, AsItIs);
        const auto spi = NetworkOrder(OutboundSpi(pair, Side::A));
        pair.Inject(Side::A, KeyHolder(pair).Informational(MESSAGE_ID, {InvalidSpiRaw({}, spi)}));
        RunFor(pair, seconds(5));
        PeerConfig plain;
        change(plain);
        const bool isExpected = plain.keepUp || plain.dpd.action == DpdAction::Restart;
        EXPECT_EQ(pair.Sas(Side::A, SaDirection::Outbound).size(), isExpected ? 1u : 0u);
    }
}

// A one-sided crash (I10)

TEST(OneSidedCrash, IsAnOutageUntilTheSasEndIfNobodyNotices)
{
    PeerPair pair = CrashedPair(AsItIs, Reacting(InvalidSpiReaction::Ignore));
    EXPECT_EQ(Outage(pair, minutes(10)), minutes(10));
    EXPECT_EQ(pair.Sent().size(), 9u) << "nobody says anything";
    pair.HardExpiry(Side::A, pair.Sas(Side::A, SaDirection::Outbound).at(0).Key());
    pair.LoseAll();
    pair.End(Side::A).sas.clear();
    // The old IKE SA is as dead, which a negotiation finds out.
    EXPECT_LT(Outage(pair, minutes(5)), minutes(2));
    EXPECT_EQ(pair.Sas(Side::A, SaDirection::Outbound).size(), 1u);
}

TEST(OneSidedCrash, NotifyHelpsAsSoonAsThereIsAnIkeSa)
{
    // Without INITIAL-CONTACT, so that the new IKE SA by itself ends nothing.
    PeerPair pair =
        CrashedPair(AsItIs,
                    [](PeerConfig& peer)
                    { peer.personality.Edit().initialContact = ContactAnnouncement::Never; });
    EXPECT_EQ(Outage(pair, minutes(5)), minutes(5));
    EXPECT_EQ(Told(pair, Side::B), 0u) << "nobody would believe it in clear";
    pair.Initiate(Side::B);
    // Main mode only: B's tunnel does not come about.
    while (pair.End(Side::B).engine.IkeSas().empty())
    {
        pair.Deliver();
    }
    pair.LoseAll();
    EXPECT_LE(Outage(pair, minutes(5)), seconds(2));
    EXPECT_EQ(Told(pair, Side::B), 1u);
}

TEST(OneSidedCrash, NewIkeSaBringsTheTunnelBackAtOnce)
{
    PeerPair pair = CrashedPair(AsItIs, Reacting(InvalidSpiReaction::NewIkeSa));
    EXPECT_LE(Outage(pair, minutes(10)), seconds(2));
    EXPECT_TRUE(pair.IsIkeUp());
    EXPECT_TRUE(pair.AreTunnelsUp());
}

// F28
TEST(OneSidedCrash, DetectionBringsTheTunnelBackAfterItsTime)
{
    const DpdConfig detection{DpdMode::OnDemand, seconds(10), seconds(2), 3, DpdAction::Hold};
    PeerPair pair = CrashedPair(Watching(detection), Reacting(InvalidSpiReaction::Ignore));
    const Duration outage = Outage(pair, minutes(10));
    EXPECT_GE(outage, seconds(6));
    EXPECT_LE(outage, seconds(18));
    EXPECT_TRUE(pair.AreTunnelsUp());
}

// F27
TEST(OneSidedCrash, CallOfThePeerThatIsBackEndsTheOldSas)
{
    PeerPair pair = CrashedPair(AsItIs, Reacting(InvalidSpiReaction::Ignore));
    pair.Initiate(Side::B);
    pair.DeliverAll();
    EXPECT_TRUE(pair.IsIkeUp());
    EXPECT_TRUE(pair.AreTunnelsUp());
}

} // namespace ipsec
} // namespace ns3
