// SPDX-License-Identifier: GPL-2.0-only
#include "key-holder.h"
#include "peer-pair.h"

#include "ns3/isakmp-sa-payload.h"

#include <algorithm>
#include <gtest/gtest.h>

namespace ns3
{
namespace ipsec
{

namespace
{

/// A pair with the quick mode message of this number on its way: 1 is QM1.
PeerPair
PairAt(size_t message, const std::string& phase2 = "nopfs-esp-des-md5")
{
    PeerPair pair("pre-g1-des-md5", phase2);
    pair.Acquire(Side::A);
    pair.DeliverAll(6 + message - 1);
    EXPECT_EQ(pair.InFlight(), 1u);
    return pair;
}

/// Returns the next message with changed payloads and a right HASH.
Octets
Rehashed(const PeerPair& pair, const PayloadChange& change)
{
    const KeyHolder holder(pair);
    const Octets& qm1 = pair.Sent().at(6).octets;
    const Octets iv = holder.FirstIv(ParseIsakmpHeader(qm1)->messageId);
    if (pair.Sent().size() == 7)
    {
        return holder.Rehashed(qm1, iv, {}, change);
    }
    const Octets ni = BodyOf(holder.Open(qm1, iv), PayloadType::Nonce);
    return holder.Rehashed(pair.Next().octets, holder.IvAfter(qm1), ni, change);
}

PayloadChange
WithBody(PayloadType type, const Octets& body)
{
    return [type, body](std::vector<RawPayload>& payloads)
    { PayloadOf(payloads, type).body = body; };
}

} // namespace

// The tools themselves: an unchanged message is the same after it was opened and sealed again.
TEST(BadQuickFraming, UnchangedMessageIsRewrittenOctetByOctet)
{
    for (const size_t message : {1, 2})
    {
        const PeerPair pair = PairAt(message);
        EXPECT_EQ(Rehashed(pair, [](std::vector<RawPayload>&) {}), pair.Next().octets);
    }
}

// bad input 20
TEST(BadQuickFraming, ClearQuickModeIsRefused)
{
    for (size_t message = 1; message <= 3; message++)
    {
        PeerPair pair = PairAt(message);
        IsakmpHeader header = *ParseIsakmpHeader(pair.Next().octets);
        header.flags = 0;
        const Octets clear = ClearMessage(header, {{PayloadType::Hash, Octets(16, 1)}});
        EXPECT_EQ(DroppedFault(pair.DeliverInstead(clear)), Fault::NotEncrypted);
        pair.Settle();
        EXPECT_TRUE(pair.AreTunnelsUp());
    }
}

// bad input 23
TEST(BadQuickFraming, MessageIdOfZeroIsRefused)
{
    PeerPair pair = PairAt(1);
    IsakmpHeader header = *ParseIsakmpHeader(pair.Next().octets);
    header.messageId = 0;
    const Octets body = OctetView(pair.Next().octets).From(ISAKMP_HEADER_OCTETS).Copy();
    EXPECT_EQ(DroppedFault(pair.DeliverInstead(WriteIsakmpMessage(header, body))),
              Fault::BadMessageId);
    pair.Settle();
    EXPECT_TRUE(pair.AreTunnelsUp());
}

// bad input 38
TEST(BadQuickFraming, HashThatIsNotFirstIsRefused)
{
    PeerPair pair = PairAt(1);
    const KeyHolder holder(pair);
    const Octets& qm1 = pair.Next().octets;
    const Octets changed = holder.Changed(qm1,
                                          holder.FirstIv(ParseIsakmpHeader(qm1)->messageId),
                                          [](std::vector<RawPayload>& payloads)
                                          { std::swap(payloads.at(0), payloads.at(1)); });
    EXPECT_TRUE(WasRefused(pair.DeliverInstead(changed)));
    pair.LoseAll();
    pair.Settle();
    EXPECT_TRUE(pair.AreTunnelsUp());
}

// bad input 71
TEST(BadQuickFraming, WrongHashesAreRefused)
{
    for (size_t message = 1; message <= 3; message++)
    {
        for (const size_t octets : {0, 1, 15, 16, 17, 64})
        {
            PeerPair pair = PairAt(message);
            const KeyHolder holder(pair);
            const Octets iv = message == 1
                                  ? holder.FirstIv(ParseIsakmpHeader(pair.Next().octets)->messageId)
                                  : holder.IvAfter(pair.Sent().at(4 + message).octets);
            const Octets changed = holder.Changed(
                pair.Next().octets, iv, WithBody(PayloadType::Hash, Octets(octets, 5)));
            EXPECT_EQ(DroppedFault(pair.DeliverInstead(changed)), Fault::BadHash);
            pair.Settle();
            EXPECT_TRUE(pair.AreTunnelsUp()) << "QM" << message << " hash of " << octets;
        }
    }
}

// bad input 91
TEST(BadQuickFraming, QuickModeBeforePhase1IsDoneIsDroppedAndItsRepetitionSucceeds)
{
    PeerPair pair;
    pair.Acquire(Side::A);
    pair.DeliverAll(5);
    // MM6 arrives, QM1 is sent; a copy of B that has not yet seen MM5 gets it first.
    PeerPair late;
    late.Acquire(Side::A);
    late.DeliverAll(4);
    pair.Deliver();
    ASSERT_EQ(pair.Next().summary.exchange, ExchangeType::QuickMode);
    EXPECT_EQ(DroppedFault(late.Inject(Side::B, pair.Next().octets)), Fault::NoSuchExchange);
    late.Settle();
    EXPECT_TRUE(late.AreTunnelsUp());
}

// F11, bad input 91: QM1 overtakes MM6's last duplicate, its repetition comes later
TEST(BadQuickFraming, QuickModeForUnknownCookiesIsRefused)
{
    PeerPair pair = PairAt(1);
    PeerPair stranger("pre-g1-des-md5", "nopfs-esp-des-md5", 99);
    EXPECT_EQ(DroppedFault(stranger.Inject(Side::B, pair.Next().octets)), Fault::NoSuchExchange);
}

// bad input 17: the exchange type is outside HASH(1), whose formula is the same
TEST(BadQuickFraming, InformationalTurnedIntoQuickModeIsNotAnswered)
{
    PeerPair pair = PairAt(1);
    const KeyHolder holder(pair);
    const Octets informational =
        holder.Informational(0x1234, {NotifyRaw(NotifyType::ReplayStatus)});
    const Effects effects = pair.Inject(
        Side::B, WithOctet(informational, 18, static_cast<uint8_t>(ExchangeType::QuickMode)));
    EXPECT_TRUE(WasRefused(effects));
    pair.Settle();
    EXPECT_TRUE(pair.AreTunnelsUp());
}

// bad input 17
TEST(BadQuickFraming, QuickModeTurnedIntoInformationalIsRefused)
{
    PeerPair pair = PairAt(1);
    const Octets changed =
        WithOctet(pair.Next().octets, 18, static_cast<uint8_t>(ExchangeType::Informational));
    EXPECT_TRUE(WasRefused(pair.DeliverInstead(changed)));
    pair.Settle();
    EXPECT_TRUE(pair.AreTunnelsUp());
}

} // namespace ipsec
} // namespace ns3
