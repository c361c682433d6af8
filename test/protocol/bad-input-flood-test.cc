// SPDX-License-Identifier: GPL-2.0-only
#include "key-holder.h"
#include "peer-pair.h"

#include <algorithm>
#include <gtest/gtest.h>

namespace ns3
{
namespace ipsec
{

namespace
{

using std::chrono::milliseconds;
using std::chrono::seconds;

/// A first message as it comes from anybody: @p good with another cookie.
Octets
WithCookie(const Octets& good, uint64_t number)
{
    OctetWriter writer;
    writer.U64(0x8000000000000000u + number);
    const Octets cookie = writer.Take();
    Octets message = good;
    std::copy(cookie.begin(), cookie.end(), message.begin());
    return message;
}

/// A pair in which B answers anybody and has small limits.
PeerPair
LimitedPair(uint32_t halfOpen, uint32_t perAddress)
{
    EngineConfig a = SiteConfig(Side::A);
    a.peers[0].localId = Identity::Parse("branch.example.com");
    EngineConfig b = SiteConfig(Side::B);
    b.peers[0].remoteAddress.reset();
    b.limits.halfOpen = halfOpen;
    b.limits.halfOpenPerAddress = perAddress;
    return PeerPair(a, b);
}

Endpoint
Stranger(uint32_t number)
{
    return {{IpAddress::Parse("203.0.113.0").value + number}, IKE_PORT};
}

} // namespace

TEST(Flood, LimitOfZeroIsNone)
{
    PeerPair pair = LimitedPair(0, 0);
    pair.Acquire(Side::A);
    const Octets mm1 = pair.Next().octets;
    for (uint64_t number = 0; number < 1100; number++)
    {
        pair.InjectFrom(Stranger(1), Side::B, WithCookie(mm1, number));
    }
    EXPECT_EQ(pair.End(Side::B).engine.HalfOpen(), 1100u);
}

// bad input 92
TEST(Flood, HalfOpenStateStopsAtTheLimitOfOneAddress)
{
    PeerPair pair = LimitedPair(100, 10);
    pair.Acquire(Side::A);
    const Octets mm1 = pair.Next().octets;
    for (uint64_t number = 0; number < 50; number++)
    {
        pair.InjectFrom(Stranger(1), Side::B, WithCookie(mm1, number));
    }
    EXPECT_EQ(pair.End(Side::B).engine.HalfOpen(), 10u);
    EXPECT_EQ(pair.Drops(Side::B, Fault::HalfOpenLimit), 40u);
    pair.Settle();
    EXPECT_TRUE(pair.AreTunnelsUp());
}

// bad input 92, F36
TEST(Flood, OldestHalfOpenGoesBeyondTheTotalLimit)
{
    PeerPair pair = LimitedPair(20, 20);
    pair.Acquire(Side::A);
    const Octets mm1 = pair.Next().octets;
    for (uint32_t number = 0; number < 200; number++)
    {
        pair.InjectFrom(Stranger(number), Side::B, WithCookie(mm1, number));
        EXPECT_LE(pair.End(Side::B).engine.HalfOpen(), 20u);
    }
    pair.Settle();
    EXPECT_TRUE(pair.AreTunnelsUp());
}

// bad input 92
TEST(Flood, EstablishedSasAreUntouched)
{
    PeerPair pair = LimitedPair(5, 5);
    pair.Acquire(Side::A);
    const Octets mm1 = pair.Next().octets;
    pair.Settle();
    ASSERT_TRUE(pair.AreTunnelsUp());
    for (uint32_t number = 0; number < 50; number++)
    {
        pair.InjectFrom(Stranger(number), Side::B, WithCookie(mm1, number));
    }
    pair.LoseAll();
    pair.Settle();
    EXPECT_TRUE(pair.AreTunnelsUp());
    EXPECT_EQ(pair.End(Side::B).engine.IkeSas().size(), 1u);
}

// bad input 92: no Diffie-Hellman before MM3, one bounded answer per datagram
TEST(Flood, FirstMessagesCostNoDiffieHellmanAndAreNotAmplified)
{
    PeerPair pair = LimitedPair(100, 100);
    pair.Acquire(Side::A);
    const Octets mm1 = pair.Next().octets;
    for (uint32_t number = 0; number < 50; number++)
    {
        const Effects effects = pair.InjectFrom(Stranger(number), Side::B, WithCookie(mm1, number));
        size_t octets = 0;
        for (const Effect& effect : effects.list)
        {
            const auto* transmit = std::get_if<Transmit>(&effect);
            octets += transmit ? transmit->datagram.size() : 0;
        }
        EXPECT_LE(octets, mm1.size());
    }
    for (const auto& [key, amount] : pair.End(Side::B).work.Items())
    {
        EXPECT_NE(key.kind, WorkKind::DhKeygen);
        EXPECT_NE(key.kind, WorkKind::DhDerive);
    }
}

TEST(Flood, ClearNotificationsAreLimitedPerAddress)
{
    PeerPair pair(SiteConfig(Side::A, "pre-g1-des-md5"), SiteConfig(Side::B, "pre-g1-des-sha"));
    pair.Acquire(Side::A);
    const Octets mm1 = pair.Next().octets;
    pair.Deliver();
    EXPECT_EQ(pair.InFlight(), 1u);
    pair.Inject(Side::B, WithCookie(mm1, 1));
    EXPECT_EQ(pair.InFlight(), 1u);
    EXPECT_EQ(pair.Drops(Side::B, Fault::RateLimited), 1u);
    pair.Advance(seconds(1) - milliseconds(1));
    pair.Inject(Side::B, WithCookie(mm1, 2));
    EXPECT_EQ(pair.InFlight(), 1u);
    pair.Advance(milliseconds(1));
    pair.Inject(Side::B, WithCookie(mm1, 3));
    EXPECT_EQ(pair.InFlight(), 2u);
}

// bad input 93
TEST(Flood, CookieThatARefusalDisclosedOpensNothing)
{
    PeerPair pair(SiteConfig(Side::A, "pre-g1-des-md5"), SiteConfig(Side::B, "pre-g1-des-sha"));
    pair.Acquire(Side::A);
    pair.Deliver();
    ASSERT_EQ(pair.InFlight(), 1u);
    const IsakmpHeader refusal = *ParseIsakmpHeader(pair.Next().octets);
    IsakmpHeader header = refusal;
    header.exchange = ExchangeType::MainMode;
    header.messageId = 0;
    const std::vector<RawPayload> mm3 = {{PayloadType::Ke, Octets(96, 2)},
                                         {PayloadType::Nonce, Octets(16, 3)}};
    EXPECT_TRUE(WasRefused(pair.Inject(Side::B, ClearMessage(header, mm3))));
    header.exchange = ExchangeType::QuickMode;
    header.messageId = 7;
    header.flags = FLAG_ENCRYPTION;
    EXPECT_TRUE(WasRefused(pair.Inject(Side::B, WriteIsakmpMessage(header, Octets(64, 1)))));
    EXPECT_EQ(pair.End(Side::B).engine.HalfOpen(), 0u);
}

// bad input 1, 5, 6
TEST(Flood, NoiseIsCountedAndForgotten)
{
    PeerPair pair;
    SeededRandomSource random(3);
    for (size_t octets = 0; octets < 300; octets++)
    {
        const Effects effects = pair.Inject(Side::B, random.Draw(octets));
        EXPECT_TRUE(WasRefused(effects)) << octets;
    }
    EXPECT_EQ(pair.Drops(Side::B), 300u);
    EXPECT_EQ(pair.InFlight(), 0u);
    EXPECT_FALSE(pair.End(Side::B).engine.NextDeadline().has_value());
    pair.Acquire(Side::A);
    pair.Settle();
    EXPECT_TRUE(pair.AreTunnelsUp());
}

} // namespace ipsec
} // namespace ns3
