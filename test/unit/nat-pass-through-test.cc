// SPDX-License-Identifier: GPL-2.0-only
#include "nat-samples.h"

#include <gtest/gtest.h>

using namespace std::chrono_literals;

namespace ns3
{
namespace ipsec
{

namespace
{

const IpAddress ALICE = IpAddress::Parse("10.0.0.2");
const IpAddress BOB = IpAddress::Parse("10.0.0.3");
const IpAddress HUB = IpAddress::Parse("198.51.100.1");
const IpAddress OTHER = IpAddress::Parse("203.0.113.1");

NatConfig
With(EspPassThrough esp, IkePassThrough ike = IkePassThrough::Off)
{
    NatConfig config;
    config.esp = esp;
    config.ike = ike;
    return config;
}

bool
IsLetOut(NatBench& bench, const NatPacket& packet)
{
    const NatOutcome outcome = bench.Out(packet);
    return outcome.kind == NatOutcome::Kind::Forward &&
           outcome.packets.at(0).source == bench.outside;
}

bool
IsEspLetIn(NatBench& bench, IpAddress from, uint32_t spi, IpAddress inside)
{
    return bench.IsLetIn(EspPacket(from, bench.outside, spi), Endpoint{inside, 0});
}

TEST(NatPassThrough, EspCanBeRefused)
{
    NatBench bench(With(EspPassThrough::Off));

    EXPECT_EQ(bench.Out(EspPacket(ALICE, HUB, 0x1001)).fault, NatFault::EspOff);
    EXPECT_EQ(bench.In(EspPacket(HUB, bench.outside, 0x2001)).kind, NatOutcome::Kind::Own)
        << "it may be for the box";
}

TEST(NatPassThrough, OneHostHasARemoteForItself)
{
    NatBench bench(With(EspPassThrough::OnePerRemote));
    EXPECT_TRUE(IsLetOut(bench, EspPacket(ALICE, HUB, 0x1001)));

    EXPECT_TRUE(IsEspLetIn(bench, HUB, 0x2001, ALICE));
    EXPECT_EQ(bench.Out(EspPacket(BOB, HUB, 0x1002)).fault, NatFault::EspBusy);
    EXPECT_TRUE(IsLetOut(bench, EspPacket(BOB, OTHER, 0x1003)));
    EXPECT_TRUE(IsEspLetIn(bench, OTHER, 0x2003, BOB));
}

TEST(NatPassThrough, ARemoteIsFreeAgainAfterTheTimeout)
{
    NatBench bench(With(EspPassThrough::OnePerRemote));
    EXPECT_TRUE(IsLetOut(bench, EspPacket(ALICE, HUB, 0x1001)));
    EXPECT_EQ(bench.Wait(5min).size(), 1U);

    EXPECT_FALSE(IsEspLetIn(bench, HUB, 0x2001, ALICE));
    EXPECT_TRUE(IsLetOut(bench, EspPacket(BOB, HUB, 0x1002)));
}

TEST(NatPassThrough, TheFirstAnswerTeachesTheSpi)
{
    NatBench bench(With(EspPassThrough::LearnSpi));
    EXPECT_TRUE(IsLetOut(bench, EspPacket(ALICE, HUB, 0x1001)));
    EXPECT_TRUE(IsEspLetIn(bench, HUB, 0x2001, ALICE));
    EXPECT_TRUE(IsLetOut(bench, EspPacket(BOB, HUB, 0x1002)));
    EXPECT_TRUE(IsEspLetIn(bench, HUB, 0x2002, BOB));

    EXPECT_TRUE(IsEspLetIn(bench, HUB, 0x2001, ALICE));
    EXPECT_TRUE(IsEspLetIn(bench, HUB, 0x2002, BOB));
    EXPECT_FALSE(IsEspLetIn(bench, HUB, 0x2003, ALICE)) << "whose might that be?";
}

TEST(NatPassThrough, OnlyOneHostWaitsForTheAnswerOfARemote)
{
    NatBench bench(With(EspPassThrough::LearnSpi));
    EXPECT_TRUE(IsLetOut(bench, EspPacket(ALICE, HUB, 0x1001)));
    EXPECT_EQ(bench.Out(EspPacket(BOB, HUB, 0x1002)).fault, NatFault::EspBusy);
    EXPECT_TRUE(IsEspLetIn(bench, HUB, 0x2001, ALICE));

    EXPECT_TRUE(IsLetOut(bench, EspPacket(BOB, HUB, 0x1002)));
}

TEST(NatPassThrough, AReservedSpiTeachesNothing)
{
    NatBench bench(With(EspPassThrough::LearnSpi));
    EXPECT_TRUE(IsLetOut(bench, EspPacket(ALICE, HUB, 0x1001)));
    for (const uint32_t spi : {0U, 1U, 255U})
    {
        EXPECT_EQ(bench.In(EspPacket(HUB, bench.outside, spi)).fault, NatFault::Malformed);
        EXPECT_EQ(bench.Out(EspPacket(ALICE, HUB, spi)).fault, NatFault::Malformed);
    }
    bench.Wait(200s);
    EXPECT_TRUE(IsLetOut(bench, EspPacket(ALICE, HUB, 0x1002)));
    EXPECT_TRUE(IsEspLetIn(bench, HUB, 256, ALICE)) << "the lowest that may be";
    bench.Wait(200s);

    EXPECT_EQ(bench.In(EspPacket(HUB, bench.outside, 0)).fault, NatFault::Malformed);
    EXPECT_TRUE(IsEspLetIn(bench, HUB, 256, ALICE)) << "the first session ended, not this one";
}

TEST(NatPassThrough, AnSpiIsForgottenWithItsSession)
{
    // Below the reading of packets, where nothing keeps the SPI from being 0.
    NatConfig config = With(EspPassThrough::LearnSpi);
    NatPassThrough sessions(config);
    NatFacts out;
    out.flow = NatFlow{NatProtocol::Esp, {ALICE, 0}, {HUB, 0}};
    NatFacts in;
    in.flow = NatFlow{NatProtocol::Esp, {HUB, 0}, {OTHER, 0}};
    Instant now{};
    for (out.spi = 0x1001; out.spi < 0x1004; ++out.spi)
    {
        sessions.Outbound(now, out, OTHER, true);
        EXPECT_EQ(sessions.Inbound(now, in).kind, NatAnswer::Kind::Translate);
        now += 200s;
        sessions.Expire(now);
        in.spi = in.spi == 0 ? 0x77 : 0;
    }
}

TEST(NatPassThrough, AGuessCanBeWrong)
{
    // The hub rekeys towards alice just while bob waits: bob gets what is alice's. This is why
    // RFC 3715 calls for another way.
    NatBench bench(With(EspPassThrough::LearnSpi));
    EXPECT_TRUE(IsLetOut(bench, EspPacket(ALICE, HUB, 0x1001)));
    EXPECT_TRUE(IsEspLetIn(bench, HUB, 0x2001, ALICE));
    EXPECT_TRUE(IsLetOut(bench, EspPacket(BOB, HUB, 0x1002)));

    EXPECT_TRUE(IsEspLetIn(bench, HUB, 0x2009, BOB));
}

TEST(NatPassThrough, ErrorsAboutEspFindTheirHost)
{
    for (const EspPassThrough mode : {EspPassThrough::OnePerRemote, EspPassThrough::LearnSpi})
    {
        NatBench bench(With(mode));
        const NatPacket sent = bench.Out(EspPacket(ALICE, HUB, 0x1001)).packets.at(0);
        const NatOutcome error = bench.In(IcmpError(OTHER, bench.outside, sent, 3, 4));
        ASSERT_EQ(error.kind, NatOutcome::Kind::Forward);
        EXPECT_EQ(error.packets.at(0).destination, ALICE);
        EXPECT_EQ(QuotedIn(error.packets[0]).source, ALICE);
        EXPECT_TRUE(HasValidChecksum(error.packets[0]));
    }
}

TEST(NatPassThrough, WithoutAwarenessOfIkeTheSecondHostLosesPort500)
{
    NatBench bench;
    EXPECT_EQ(bench.Mapped(IkePacket(ALICE, HUB, 1)).port, 500);
    EXPECT_NE(bench.Mapped(IkePacket(BOB, HUB, 2)).port, 500);
}

TEST(NatPassThrough, Port500IsKeptForOneHostPerRemote)
{
    NatBench bench(With(EspPassThrough::OnePerRemote, IkePassThrough::OnePerRemote));
    EXPECT_EQ(bench.Mapped(IkePacket(ALICE, HUB, 1)).port, 500);
    EXPECT_EQ(bench.Mapped(IkePacket(BOB, OTHER, 2)).port, 500);

    EXPECT_EQ(bench.Out(IkePacket(BOB, HUB, 3)).fault, NatFault::IkeBusy);
    EXPECT_TRUE(bench.IsLetIn(IkePacket(HUB, bench.outside, 1), Endpoint{ALICE, 500}));
    EXPECT_TRUE(bench.IsLetIn(IkePacket(OTHER, bench.outside, 2), Endpoint{BOB, 500}));
}

TEST(NatPassThrough, CookiesTellHostsApart)
{
    NatBench bench(With(EspPassThrough::OnePerRemote, IkePassThrough::ByCookie));
    EXPECT_EQ(bench.Mapped(IkePacket(ALICE, HUB, 1)).port, 500);
    EXPECT_EQ(bench.Mapped(IkePacket(BOB, HUB, 2)).port, 500);

    EXPECT_TRUE(bench.IsLetIn(IkePacket(HUB, bench.outside, 1), Endpoint{ALICE, 500}));
    EXPECT_TRUE(bench.IsLetIn(IkePacket(HUB, bench.outside, 2), Endpoint{BOB, 500}));
    EXPECT_EQ(bench.In(IkePacket(HUB, bench.outside, 3)).fault, NatFault::NoMapping)
        << "an exchange that the hub begins is for nobody";
}

TEST(NatPassThrough, WithASingleHostAnExchangeOfTheRemoteIsIts)
{
    NatBench bench(With(EspPassThrough::OnePerRemote, IkePassThrough::ByCookie));
    EXPECT_EQ(bench.Mapped(IkePacket(ALICE, HUB, 1)).port, 500);

    EXPECT_TRUE(bench.IsLetIn(IkePacket(HUB, bench.outside, 9), Endpoint{ALICE, 500}));
    EXPECT_EQ(bench.Mapped(IkePacket(ALICE, HUB, 9)).port, 500);
}

TEST(NatPassThrough, PortsBesides500AreTranslatedAsEver)
{
    NatBench bench(With(EspPassThrough::OnePerRemote, IkePassThrough::ByCookie));
    const Endpoint hub4500{HUB, 4500};
    EXPECT_EQ(bench.Mapped(UdpPacket({ALICE, 4500}, hub4500)).port, 4500);
    EXPECT_NE(bench.Mapped(UdpPacket({BOB, 4500}, hub4500)).port, 4500);
    EXPECT_NE(bench.Mapped(UdpPacket({ALICE, 500}, {HUB, 53})).port, 500) << "that is kept";
}

TEST(NatPassThrough, SessionsAreLimited)
{
    NatConfig config = With(EspPassThrough::LearnSpi);
    config.maxMappings = 3;
    NatBench bench(config);
    for (uint32_t spi = 1; spi <= 4; ++spi)
    {
        const NatFault expected = spi <= 3 ? NatFault::None : NatFault::MappingLimit;
        EXPECT_EQ(bench.Out(EspPacket(ALICE, HUB, 0x1000 + spi)).fault, expected);
    }
    EXPECT_EQ(bench.Wait(1h).size(), 3U);
    EXPECT_EQ(bench.nat.Table().MappingCount(), 0U);
}

TEST(NatPassThrough, SessionsOfAHostAreLimited)
{
    NatConfig config = With(EspPassThrough::LearnSpi, IkePassThrough::ByCookie);
    config.maxPerHost = 2;
    NatBench bench(config);
    EXPECT_TRUE(IsLetOut(bench, EspPacket(ALICE, HUB, 0x1001)));
    EXPECT_TRUE(IsLetOut(bench, IkePacket(ALICE, HUB, 1)));

    EXPECT_EQ(bench.Out(EspPacket(ALICE, HUB, 0x1002)).fault, NatFault::HostLimit);
    EXPECT_EQ(bench.Out(IkePacket(ALICE, HUB, 2)).fault, NatFault::HostLimit);
    EXPECT_TRUE(IsLetOut(bench, EspPacket(ALICE, HUB, 0x1001))) << "what there is goes on";
    EXPECT_TRUE(IsLetOut(bench, IkePacket(BOB, HUB, 3))) << "others have limits of their own";
}

TEST(NatPassThrough, ARemoteBeginsNoSessions)
{
    NatBench bench(With(EspPassThrough::OnePerRemote, IkePassThrough::ByCookie));
    EXPECT_TRUE(IsLetOut(bench, IkePacket(ALICE, HUB, 1)));
    for (uint64_t cookie = 2; cookie < 100; ++cookie)
    {
        EXPECT_TRUE(bench.IsLetIn(IkePacket(HUB, bench.outside, cookie), Endpoint{ALICE, 500}));
    }
    EXPECT_EQ(bench.nat.Table().MappingCount(), 1U);

    EXPECT_TRUE(IsLetOut(bench, IkePacket(ALICE, HUB, 99)));
    EXPECT_EQ(bench.nat.Table().MappingCount(), 2U) << "an answer begins one";
}

} // namespace

} // namespace ipsec
} // namespace ns3
