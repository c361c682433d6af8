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

/// A pair that negotiates phase 1 only, with the message of this number on its way: 1 is MM1.
PeerPair
PairAt(size_t message)
{
    EngineConfig a = SiteConfig(Side::A);
    EngineConfig b = SiteConfig(Side::B);
    a.peers[0].children.clear();
    b.peers[0].children.clear();
    PeerPair pair(a, b);
    pair.Initiate(Side::A);
    pair.DeliverAll(message - 1);
    EXPECT_EQ(pair.InFlight(), 1u);
    return pair;
}

/// Delivers a changed copy of the next message, which must be refused for this reason; then the
/// good copy must complete phase 1.
void
ExpectRefused(PeerPair pair, const Octets& changed, Fault fault)
{
    const Effects effects = pair.DeliverInstead(changed);
    EXPECT_TRUE(WasRefused(effects));
    EXPECT_STREQ(FaultName(DroppedFault(effects)), FaultName(fault));
    pair.Settle();
    EXPECT_TRUE(pair.IsIkeUp()) << "the good copy did not complete";
}

/// The same for a header that was changed.
void
ExpectHeaderRefused(size_t message, Fault fault, const std::function<void(IsakmpHeader&)>& change)
{
    const PeerPair pair = PairAt(message);
    const Octets good = pair.Next().octets;
    IsakmpHeader header = *ParseIsakmpHeader(good);
    change(header);
    const Octets body = OctetView(good).From(ISAKMP_HEADER_OCTETS).Copy();
    ExpectRefused(pair, WriteIsakmpMessage(header, body), fault);
}

} // namespace

// bad input 8
TEST(BadHeaderInput, OctetsBehindTheMessageAreRefused)
{
    for (size_t message = 1; message <= 6; message++)
    {
        const PeerPair pair = PairAt(message);
        Octets longer = pair.Next().octets;
        longer.push_back(0);
        ExpectRefused(pair, longer, Fault::LengthMismatch);
    }
}

// bad input 9
TEST(BadHeaderInput, WildLengthsAreRefused)
{
    for (const uint32_t length : {0u, 27u, 0x7fffffffu, 0xffffffffu})
    {
        const PeerPair pair = PairAt(1);
        Octets changed = pair.Next().octets;
        OctetWriter writer;
        writer.U32(length);
        const Octets field = writer.Take();
        std::copy(field.begin(), field.end(), changed.begin() + 24);
        ExpectRefused(pair, changed, Fault::LengthMismatch);
    }
}

// bad input 10
TEST(BadHeaderInput, InitiatorCookieOfZeroIsRefused)
{
    for (size_t message = 1; message <= 6; message++)
    {
        ExpectHeaderRefused(
            message, Fault::BadCookie, [](IsakmpHeader& header) { header.initiatorCookie = {}; });
    }
}

// bad input 11
TEST(BadHeaderInput, EqualCookiesAreRefused)
{
    for (size_t message = 1; message <= 6; message++)
    {
        ExpectHeaderRefused(message,
                            Fault::BadCookie,
                            [](IsakmpHeader& header)
                            { header.responderCookie = header.initiatorCookie; });
    }
}

// bad input 12
TEST(BadHeaderInput, FirstMessageWithAResponderCookieIsRefused)
{
    ExpectHeaderRefused(
        1, Fault::NoSuchExchange, [](IsakmpHeader& header) { header.responderCookie.fill(7); });
}

TEST(BadHeaderInput, AnswerWithoutAResponderCookieIsRefused)
{
    ExpectHeaderRefused(
        2, Fault::BadCookie, [](IsakmpHeader& header) { header.responderCookie = {}; });
}

// bad input 13
TEST(BadHeaderInput, OwnMessageSentBackIsRefused)
{
    for (size_t message = 1; message <= 5; message++)
    {
        PeerPair pair = PairAt(message);
        const Side sender = pair.Next().from;
        EXPECT_TRUE(WasRefused(pair.Inject(sender, pair.Next().octets))) << message;
        pair.Settle();
        EXPECT_TRUE(pair.IsIkeUp()) << message;
        EXPECT_EQ(pair.End(sender).engine.HalfOpen(), 0u);
    }
}

// bad input 13
TEST(BadHeaderInput, SwappedCookiesAreRefused)
{
    for (size_t message = 2; message <= 6; message++)
    {
        ExpectHeaderRefused(message,
                            Fault::NoSuchExchange,
                            [](IsakmpHeader& header)
                            { std::swap(header.initiatorCookie, header.responderCookie); });
    }
}

// bad input 14
TEST(BadHeaderInput, OtherMajorVersionsAreRefused)
{
    for (const uint8_t version : {0x00, 0x20, 0xf0})
    {
        for (size_t message = 1; message <= 6; message++)
        {
            ExpectHeaderRefused(message,
                                Fault::BadVersion,
                                [version](IsakmpHeader& header) { header.version = version; });
        }
    }
}

// bad input 15
TEST(BadHeaderInput, HigherMinorVersionIsAccepted)
{
    PeerPair pair = PairAt(1);
    pair.DeliverInstead(WithOctet(pair.Next().octets, 17, 0x11));
    pair.Lose();
    pair.Settle();
    EXPECT_TRUE(pair.IsIkeUp());
}

// bad input 16
TEST(BadHeaderInput, UnknownExchangeTypesAreRefused)
{
    for (const int exchange : {0, 1, 3, 7, 31, 34, 240, 255})
    {
        ExpectHeaderRefused(1,
                            Fault::UnknownExchangeType,
                            [exchange](IsakmpHeader& header)
                            { header.exchange = static_cast<ExchangeType>(exchange); });
    }
}

// bad input 17
TEST(BadHeaderInput, ExchangeTypeThatChangesOnTheWayIsRefused)
{
    for (size_t message = 2; message <= 6; message++)
    {
        for (const ExchangeType exchange : {ExchangeType::AggressiveMode,
                                            ExchangeType::Informational,
                                            ExchangeType::Transaction,
                                            ExchangeType::QuickMode,
                                            ExchangeType::NewGroupMode})
        {
            const PeerPair pair = PairAt(message);
            PeerPair fork = pair;
            EXPECT_TRUE(WasRefused(fork.DeliverInstead(
                WithOctet(pair.Next().octets, 18, static_cast<uint8_t>(exchange)))));
            fork.Settle();
            EXPECT_TRUE(fork.IsIkeUp());
        }
    }
}

// bad input 18
TEST(BadHeaderInput, ReservedFlagsAreIgnored)
{
    for (const int flags : {0x08, 0x80, 0xf8})
    {
        PeerPair pair = PairAt(1);
        pair.DeliverInstead(WithOctet(pair.Next().octets, 19, static_cast<uint8_t>(flags)));
        pair.Lose();
        pair.Settle();
        EXPECT_TRUE(pair.IsIkeUp()) << flags;
    }
}

// bad input 19
TEST(BadHeaderInput, EncryptionFlagBeforeThereAreKeysIsRefused)
{
    for (size_t message = 1; message <= 4; message++)
    {
        ExpectHeaderRefused(message,
                            Fault::BadFlags,
                            [](IsakmpHeader& header) { header.flags |= FLAG_ENCRYPTION; });
    }
}

// bad input 19
TEST(BadHeaderInput, EncryptedMessageForUnknownCookiesIsNotDecrypted)
{
    PeerPair pair = PairAt(5);
    IsakmpHeader header = *ParseIsakmpHeader(pair.Next().octets);
    header.responderCookie[0] ^= 1;
    const Octets body = OctetView(pair.Next().octets).From(ISAKMP_HEADER_OCTETS).Copy();
    const Effects effects = pair.DeliverInstead(WriteIsakmpMessage(header, body));
    EXPECT_EQ(DroppedFault(effects), Fault::NoSuchExchange);
    EXPECT_TRUE(effects.work.Items().empty());
}

// bad input 20
TEST(BadHeaderInput, Message5And6InClearAreRefused)
{
    for (const size_t message : {5, 6})
    {
        const PeerPair pair = PairAt(message);
        PeerPair oracle = pair;
        oracle.Settle();
        const KeyHolder holder(oracle);
        const Octets iv =
            message == 5 ? holder.Phase1Iv(oracle) : holder.IvAfter(oracle.Sent().at(4).octets);
        IsakmpHeader header = *ParseIsakmpHeader(pair.Next().octets);
        header.flags = 0;
        ExpectRefused(
            pair, ClearMessage(header, holder.Open(pair.Next().octets, iv)), Fault::NotEncrypted);
    }
}

// bad input 22
TEST(BadHeaderInput, MessageIdInPhase1IsRefused)
{
    for (size_t message = 1; message <= 6; message++)
    {
        ExpectHeaderRefused(
            message, Fault::BadMessageId, [](IsakmpHeader& header) { header.messageId = 1; });
    }
}

// bad input 25
TEST(BadHeaderInput, CiphertextThatIsNotWholeBlocksIsRefusedBeforeDecryption)
{
    const PeerPair pair = PairAt(5);
    const Octets body = OctetView(pair.Next().octets).From(ISAKMP_HEADER_OCTETS).Copy();
    const IsakmpHeader header = *ParseIsakmpHeader(pair.Next().octets);
    for (const size_t octets : {size_t{0}, size_t{1}, size_t{7}, body.size() - 1})
    {
        PeerPair fork = pair;
        const Effects effects =
            fork.DeliverInstead(WriteIsakmpMessage(header, OctetView(body).First(octets)));
        EXPECT_EQ(DroppedFault(effects), Fault::Undecryptable) << octets;
        EXPECT_TRUE(effects.work.Items().empty()) << octets;
    }
}

// bad input 27
TEST(BadHeaderInput, MessageWithoutPayloadsIsRefused)
{
    const PeerPair pair = PairAt(1);
    IsakmpHeader header = *ParseIsakmpHeader(pair.Next().octets);
    header.nextPayload = PayloadType::None;
    PeerPair fork = pair;
    EXPECT_TRUE(WasRefused(fork.DeliverInstead(WriteIsakmpMessage(header, {}))));
    fork.Settle();
    EXPECT_TRUE(fork.IsIkeUp());
}

} // namespace ipsec
} // namespace ns3
