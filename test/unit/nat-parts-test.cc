// SPDX-License-Identifier: GPL-2.0-only
// The small parts of a NAT: words, ports, checksums, reading and rewriting packets.
#include "nat-samples.h"

#include "ns3/nat-rewrite.h"

#include <gtest/gtest.h>
#include <set>
#include <stdexcept>

namespace ns3
{
namespace ipsec
{

namespace
{

const Endpoint HOST = At("10.0.0.2:5000");
const Endpoint SERVER = At("198.51.100.1:80");
const Endpoint OUTSIDE = At("192.0.2.1:6000");

TEST(NatConfig, WordsAreReadAsTheyAreWritten)
{
    for (uint8_t i = 0; i < 3; ++i)
    {
        NatBehaviour behaviour{};
        ReadNatWord(NatWord(static_cast<NatBehaviour>(i)), behaviour);
        EXPECT_EQ(static_cast<uint8_t>(behaviour), i);
        EspPassThrough esp{};
        ReadNatWord(NatWord(static_cast<EspPassThrough>(i)), esp);
        EXPECT_EQ(static_cast<uint8_t>(esp), i);
        IkePassThrough ike{};
        ReadNatWord(NatWord(static_cast<IkePassThrough>(i)), ike);
        EXPECT_EQ(static_cast<uint8_t>(ike), i);
        NatPortChoice choice{};
        ReadNatWord(NatWord(static_cast<NatPortChoice>(i)), choice);
        EXPECT_EQ(static_cast<uint8_t>(choice), i);
    }
    NatPooling pooling{};
    EXPECT_THROW(ReadNatWord("often", pooling), std::invalid_argument);
}

TEST(NatConfig, WhatCannotBeIsRefused)
{
    NatConfig config;
    config.udpTimeout = Duration::zero();
    EXPECT_THROW(NatTable{config}, std::invalid_argument);
    config = NatConfig{};
    config.firstPort = 2000;
    config.lastPort = 1999;
    EXPECT_THROW(NatTable{config}, std::invalid_argument);
    config = NatConfig{};
    config.maxMappings = 0;
    EXPECT_THROW(NatTable{config}, std::invalid_argument);
}

TEST(NatMapping, EveryReasonHasAName)
{
    std::set<std::string> names;
    for (size_t i = 0; i < NAT_FAULT_COUNT; ++i)
    {
        names.insert(NatFaultName(static_cast<NatFault>(i)));
    }

    EXPECT_EQ(names.size(), NAT_FAULT_COUNT);
    EXPECT_STREQ(NatFaultName(NatFault::Down), "Down");
    EXPECT_STREQ(NatFaultName(NatFault::TooBig), "TooBig");
    EXPECT_STREQ(NatFaultName(NatFault::HairpinOff), "HairpinOff");
}

TEST(NatPorts, TheNextFreePortGoesRoundTheRange)
{
    NatPorts ports;
    const NatPortRange range{100, 300, std::nullopt};
    EXPECT_EQ(ports.NextFree(range, 250), 250);
    EXPECT_EQ(ports.NextFree(range, 5), 100) << "outside of the range it begins at its beginning";
    for (uint16_t port = 250; port <= 300; ++port)
    {
        ports.Take(port);
    }
    EXPECT_EQ(ports.NextFree(range, 250), 100);
    for (uint16_t port = 100; port < 250; ++port)
    {
        ports.Take(port);
    }
    EXPECT_FALSE(ports.NextFree(range, 250));
    ports.Release(191);
    EXPECT_EQ(ports.NextFree(range, 250), 191);
    EXPECT_FALSE(ports.NextFree({100, 300, 0}, 250)) << "191 is odd";
    EXPECT_EQ(ports.NextFree({100, 300, 1}, 250), 191);
}

TEST(NatPorts, AllPortsCanBeGivenOnce)
{
    NatPorts ports;
    const NatPortRange all;
    for (uint32_t i = 0; i < 65536; ++i)
    {
        const std::optional<uint16_t> port = ports.NextFree(all, 40000);
        ASSERT_TRUE(port);
        ASSERT_FALSE(ports.IsTaken(*port));
        ports.Take(*port);
    }
    EXPECT_FALSE(ports.NextFree(all, 40000));
}

TEST(NatRewrite, ChecksumsAreThoseOfRfc1071AndRfc1624)
{
    EXPECT_EQ(InternetChecksum(FromHex("0001f203f4f5f6f7")), 0x220d);
    // The example of RFC 1624 section 4.
    EXPECT_EQ(UpdatedChecksum(0xdd2f, FromHex("5555"), FromHex("3285")), 0x0000);
}

TEST(NatRewrite, ChecksumsHoldAfterTranslation)
{
    for (uint16_t port = 1; port < 3000; port += 7)
    {
        for (NatPacket packet : {UdpPacket({HOST.address, port}, SERVER),
                                 TcpPacket({HOST.address, port}, SERVER, TCP_SYN, 5),
                                 EchoRequest({HOST.address, port}, SERVER.address)})
        {
            TranslateSource(packet, OUTSIDE, true);
            EXPECT_TRUE(HasValidChecksum(packet)) << FlowOf(packet).ToString();
            EXPECT_EQ(FlowOf(packet).source, OUTSIDE);
        }
    }
}

TEST(NatRewrite, AWrongChecksumStaysWrong)
{
    NatPacket packet = UdpPacket(HOST, SERVER);
    packet.payload[7] ^= 0x10;
    TranslateSource(packet, OUTSIDE, true);

    EXPECT_FALSE(HasValidChecksum(packet));
}

TEST(NatRewrite, AUdpChecksumOfZeroStaysZero)
{
    NatPacket packet = UdpPacket(HOST, SERVER);
    packet.payload[6] = packet.payload[7] = 0;
    TranslateSource(packet, OUTSIDE, true);

    EXPECT_EQ(packet.payload[6], 0);
    EXPECT_EQ(packet.payload[7], 0);
}

TEST(NatRewrite, WithoutChecksumsFieldsStayZero)
{
    NatPacket packet = TcpPacket(HOST, SERVER, TCP_SYN);
    packet.payload[16] = packet.payload[17] = 0;
    TranslateSource(packet, OUTSIDE, false);

    EXPECT_EQ(packet.payload[16], 0);
    EXPECT_EQ(packet.payload[17], 0);
}

TEST(NatRewrite, ALaterFragmentKeepsItsOctets)
{
    const NatPacket before = CutInto(UdpPacket(HOST, SERVER, 100), 40).at(1);
    NatPacket after = before;
    TranslateSource(after, OUTSIDE, true);

    EXPECT_EQ(after.source, OUTSIDE.address);
    EXPECT_EQ(after.payload, before.payload);
}

TEST(NatRewrite, AnErrorWithAShortQuotationIsTranslatedAsFarAsItGoes)
{
    // ns-3 quotes 8 octets, which is up to the UDP checksum but not the TCP one.
    for (const NatPacket& about : {UdpPacket(OUTSIDE, SERVER), TcpPacket(OUTSIDE, SERVER, TCP_SYN)})
    {
        NatPacket error = IcmpError(SERVER.address, OUTSIDE.address, about);
        TranslateQuotedSource(error, HOST, true);
        EXPECT_TRUE(HasValidChecksum(error));
        EXPECT_EQ(FlowOf(QuotedIn(error)).source, HOST);
    }
}

TEST(NatPacket, EveryTruncationIsRefusedOrReadAlike)
{
    const NatPacket udp = UdpPacket(HOST, SERVER);
    for (const NatPacket& whole : {udp,
                                   TcpPacket(HOST, SERVER, TCP_SYN),
                                   EchoRequest(HOST, SERVER.address),
                                   EspPacket(HOST.address, SERVER.address, 0x1007),
                                   IcmpError(SERVER.address, HOST.address, udp)})
    {
        NatFacts facts;
        ASSERT_EQ(ReadNatFacts(whole, false, facts), NatReading::Ok);
        const NatFlow flow = facts.flow;
        NatPacket cut = whole;
        while (!cut.payload.empty())
        {
            cut.payload.pop_back();
            const NatReading reading = ReadNatFacts(cut, false, facts);
            EXPECT_TRUE(reading == NatReading::Malformed || facts.flow == flow);
        }
        EXPECT_EQ(ReadNatFacts(cut, false, facts), NatReading::Malformed);
    }
}

TEST(NatPacket, OptionsOfAQuotedHeaderAreSkipped)
{
    NatPacket error = IcmpError(SERVER.address, HOST.address, UdpPacket(OUTSIDE, SERVER));
    error.payload[8] = 0x46;
    error.payload.insert(error.payload.begin() + 28, {1, 1, 1, 0});
    NatFacts facts;

    EXPECT_EQ(ReadNatFacts(error, false, facts), NatReading::Ok);
    ASSERT_TRUE(facts.quoted);
    EXPECT_EQ(facts.quoted->source, OUTSIDE);
    EXPECT_EQ(facts.quoted->destination, SERVER);
}

TEST(NatFragments, AFragmentedPacketIsForgottenWhenAllOfItIsThrough)
{
    NatConfig config;
    config.maxFragmented = 1;
    NatBench bench(config);
    for (uint16_t id = 0; id < 100; ++id)
    {
        NatPacket packet = UdpPacket(HOST, SERVER, 3000);
        packet.identification = id;
        for (const NatPacket& fragment : CutInto(packet, 1480))
        {
            EXPECT_EQ(bench.Out(fragment).kind, NatOutcome::Kind::Forward) << id;
        }
    }
}

TEST(NatFragments, ACopyOfTheFirstFragmentStaysWithTheOthers)
{
    NatBench bench;
    const std::vector<NatPacket> fragments = CutInto(UdpPacket(HOST, SERVER, 4000), 1480);
    const uint16_t id = bench.Out(fragments[0]).packets.at(0).identification;
    EXPECT_EQ(bench.Out(fragments[1]).packets.at(0).identification, id);
    EXPECT_EQ(bench.Out(fragments[0]).packets.at(0).identification, id);

    EXPECT_EQ(bench.Out(UdpPacket(HOST, SERVER)).packets.at(0).identification, id + 2);
}

TEST(NatFragments, ACopyStandsForNothingThatIsStillToCome)
{
    NatConfig config;
    config.maxFragmented = 1;
    NatBench bench(config);
    NatPacket packet = UdpPacket(HOST, SERVER, 4 * 1480 - 8);
    const std::vector<NatPacket> fragments = CutInto(packet, 1480);
    ASSERT_EQ(fragments.size(), 4U);
    for (const size_t i : {0, 3, 1, 1, 3, 2})
    {
        EXPECT_EQ(bench.Out(fragments[i]).kind, NatOutcome::Kind::Forward) << i;
    }
    packet.identification = 1;
    for (const NatPacket& fragment : CutInto(packet, 1480))
    {
        EXPECT_EQ(bench.Out(fragment).kind, NatOutcome::Kind::Forward) << "the room is free again";
    }
}

// RFC 1812 section 5.3.7: a router does not forward what no host can have sent.
TEST(NatTranslator, SourcesThatNoHostHasAreNotTranslated)
{
    NatBench bench(NatConfig{});
    for (const char* source : {"0.0.0.0", "127.0.0.1", "224.0.0.5", "255.255.255.255"})
    {
        const Endpoint from{IpAddress::Parse(source), HOST.port};
        EXPECT_EQ(bench.Out(UdpPacket(from, SERVER)).fault, NatFault::Malformed) << source;
    }
    EXPECT_EQ(bench.Out(UdpPacket(HOST, SERVER)).kind, NatOutcome::Kind::Forward);
}

TEST(NatFragments, WhatIsRefusedMakesRoomForOthers)
{
    NatConfig config;
    config.maxFragmented = 4;
    NatBench bench(config);
    const std::vector<NatPacket> fragments = CutInto(UdpPacket(HOST, SERVER, 4000), 1480);
    EXPECT_EQ(bench.Out(fragments[0]).kind, NatOutcome::Kind::Forward);
    for (uint16_t id = 0; id < 20; ++id)
    {
        NatPacket stray = UdpPacket(SERVER, {bench.outside, 9}, 3000);
        stray.identification = id;
        EXPECT_EQ(bench.In(CutInto(stray, 1480).at(0)).fault, NatFault::NoMapping);
        stray = EspPacket(SERVER.address, bench.outside, 0);
        stray.hasMoreFragments = true;
        stray.identification = id;
        EXPECT_EQ(bench.In(stray).fault, NatFault::Malformed);
    }

    EXPECT_EQ(bench.Out(fragments[1]).kind, NatOutcome::Kind::Forward) << "it keeps its own";
    NatPacket another = UdpPacket(HOST, SERVER, 3000);
    another.identification = 7;
    for (const NatPacket& fragment : CutInto(another, 1480))
    {
        EXPECT_EQ(bench.Out(fragment).kind, NatOutcome::Kind::Forward);
    }
}

TEST(NatFragments, WhatIsRefusedIsRefusedAsAWhole)
{
    NatBench bench;
    NatPacket packet = UdpPacket(SERVER, OUTSIDE, 3000);
    packet.destination = bench.outside;
    packet.protocol = static_cast<uint8_t>(NatProtocol::Tcp);
    const std::vector<NatPacket> fragments = CutInto(packet, 1480);
    EXPECT_EQ(bench.In(fragments[1]).kind, NatOutcome::Kind::Hold);
    const NatOutcome first = bench.In(fragments[0]);

    EXPECT_EQ(first.kind, NatOutcome::Kind::Own);
    EXPECT_EQ(first.fault, NatFault::NoMapping);
    EXPECT_EQ(first.packets.size(), 2U) << "both are whoever's the packet is";
    EXPECT_EQ(bench.In(fragments[2]).kind, NatOutcome::Kind::Own);
}

} // namespace

} // namespace ipsec
} // namespace ns3
