// SPDX-License-Identifier: GPL-2.0-only
// RFC 5382 (TCP) and RFC 5508 (ICMP), by requirement. RFC 5382 REQ-6 (FTP) does not apply: there is
// no application level gateway. RFC 5508 REQ-8 (ICMP when there is no mapping to be had) is in
// NatBoxTest.AHostOverItsLimitIsToldByIcmp in test/simulation.
#include "nat-samples.h"

#include "ns3/nat-rewrite.h"

#include <gtest/gtest.h>

using namespace std::chrono_literals;

namespace ns3
{
namespace ipsec
{

namespace
{

const Endpoint HOST = At("10.0.0.2:5000");
const Endpoint SERVER = At("198.51.100.1:80");

/// Opens a connection from inside and returns its outside endpoint.
Endpoint
Connect(NatBench& bench)
{
    const Endpoint outside = bench.Mapped(TcpPacket(HOST, SERVER, TCP_SYN));
    EXPECT_TRUE(bench.IsLetIn(TcpPacket(SERVER, outside, TCP_SYN | TCP_ACK), HOST));
    bench.Mapped(TcpPacket(HOST, SERVER, TCP_ACK));
    return outside;
}

TEST(NatRfc5382, Req1TheMappingIsTheSameForAllRemotes)
{
    NatBench bench;
    const Endpoint outside = Connect(bench);

    EXPECT_EQ(bench.Mapped(TcpPacket(HOST, At("203.0.113.9:443"), TCP_SYN)), outside);
}

TEST(NatRfc5382, Req2SimultaneousOpenGoesThrough)
{
    NatBench bench;
    const Endpoint outside = bench.Mapped(TcpPacket(HOST, SERVER, TCP_SYN));
    EXPECT_TRUE(bench.IsLetIn(TcpPacket(SERVER, outside, TCP_SYN), HOST));
    bench.Mapped(TcpPacket(HOST, SERVER, TCP_SYN | TCP_ACK));
    EXPECT_TRUE(bench.IsLetIn(TcpPacket(SERVER, outside, TCP_SYN | TCP_ACK), HOST));

    EXPECT_TRUE(bench.Wait(2h).empty()) << "it is open";
}

TEST(NatRfc5382, Req4AnUnsolicitedSynGetsNoAnswerOfTheNat)
{
    NatBench bench;
    const Endpoint outside = Connect(bench);
    const NatOutcome outcome = bench.In(TcpPacket(At("203.0.113.9:1"), outside, TCP_SYN));

    EXPECT_EQ(outcome.fault, NatFault::Filtered);
    EXPECT_TRUE(outcome.packets.size() == 1 && outcome.kind == NatOutcome::Kind::Own)
        << "the edge drops it unless the box listens there";
}

TEST(NatRfc5382, Req5AnOpenConnectionLastsTwoHoursAndFourMinutes)
{
    NatBench bench;
    Connect(bench);

    EXPECT_TRUE(bench.Wait(124min - 1ns).empty());
    EXPECT_EQ(bench.Wait(1ns).size(), 1U);
}

TEST(NatRfc5382, Req5AHalfOpenConnectionLastsFourMinutes)
{
    NatBench bench;
    const Endpoint outside = bench.Mapped(TcpPacket(HOST, SERVER, TCP_SYN));
    EXPECT_TRUE(bench.IsLetIn(TcpPacket(SERVER, outside, TCP_SYN | TCP_ACK), HOST));

    EXPECT_TRUE(bench.Wait(4min - 1ns).empty());
    EXPECT_EQ(bench.Wait(1ns).size(), 1U);
}

TEST(NatRfc5382, Req5AConnectionWithBothFinsEndsAfterFourMinutes)
{
    NatBench bench;
    const Endpoint outside = Connect(bench);
    bench.Mapped(TcpPacket(HOST, SERVER, TCP_FIN | TCP_ACK));
    EXPECT_TRUE(bench.Wait(1h).empty()) << "a half-closed connection is open";
    EXPECT_TRUE(bench.IsLetIn(TcpPacket(SERVER, outside, TCP_FIN | TCP_ACK), HOST));
    bench.Mapped(TcpPacket(HOST, SERVER, TCP_ACK));

    EXPECT_TRUE(bench.Wait(4min - 1ns).empty());
    const NatEvents events = bench.Wait(1ns);
    ASSERT_EQ(events.size(), 1U);
    EXPECT_EQ(events[0].end, NatEnd::Closed);
}

TEST(NatRfc5382, Req5AConnectionThatWasResetEndsAfterFourMinutes)
{
    NatBench bench;
    const Endpoint outside = Connect(bench);
    EXPECT_TRUE(bench.IsLetIn(TcpPacket(SERVER, outside, TCP_RST), HOST));

    const NatEvents events = bench.Wait(4min);
    ASSERT_EQ(events.size(), 1U);
    EXPECT_EQ(events[0].end, NatEnd::Closed);
}

TEST(NatRfc5382, Req5APortThatIsUsedAgainIsOpenAgain)
{
    NatBench bench;
    const Endpoint outside = Connect(bench);
    EXPECT_TRUE(bench.IsLetIn(TcpPacket(SERVER, outside, TCP_RST), HOST));
    EXPECT_EQ(Connect(bench), outside);

    EXPECT_TRUE(bench.Wait(2h).empty());
}

TEST(NatRfc5382, Req7NoTwoInsideEndpointsShareAPort)
{
    NatBench bench;
    const Endpoint outside = Connect(bench);

    EXPECT_NE(bench.Mapped(TcpPacket(At("10.0.0.3:5000"), SERVER, TCP_SYN)), outside);
}

TEST(NatRfc5382, Req8AHairpinShowsTheOutsideEndpoint)
{
    NatBench bench;
    bench.nat.Table().AddForward(bench.now, {NatProtocol::Tcp, 80, At("10.0.0.3:8080")});
    const NatOutcome outcome = bench.Out(TcpPacket(HOST, Endpoint{bench.outside, 80}, TCP_SYN));

    ASSERT_EQ(outcome.kind, NatOutcome::Kind::Forward);
    EXPECT_EQ(FlowOf(outcome.packets.at(0)).source, (Endpoint{bench.outside, 5000}));
    EXPECT_EQ(FlowOf(outcome.packets[0]).destination, At("10.0.0.3:8080"));
    EXPECT_TRUE(HasValidChecksum(outcome.packets[0]));
}

TEST(NatRfc5382, Req9And10ErrorsReachTheHostAndEndNothing)
{
    NatBench bench;
    const Endpoint outside = Connect(bench);
    const NatPacket sent = bench.Out(TcpPacket(HOST, SERVER, TCP_ACK, 100)).packets.at(0);
    const NatOutcome error = bench.In(IcmpError(SERVER.address, bench.outside, sent, 3, 4, 8));

    ASSERT_EQ(error.kind, NatOutcome::Kind::Forward);
    EXPECT_EQ(error.packets.at(0).destination, HOST.address);
    EXPECT_EQ(FlowOf(QuotedIn(error.packets[0])).source, HOST);
    EXPECT_TRUE(HasValidChecksum(error.packets[0]));
    EXPECT_TRUE(bench.IsLetIn(TcpPacket(SERVER, outside, TCP_ACK), HOST));
}

TEST(NatRfc5382, AResetOfNothingMakesNoMapping)
{
    NatBench bench;

    EXPECT_EQ(bench.Out(TcpPacket(HOST, SERVER, TCP_RST)).fault, NatFault::NoMapping);
    EXPECT_EQ(bench.nat.Table().MappingCount(), 0U);
}

TEST(NatRfc5508, Req1QueriesAreAnsweredToWhoAsked)
{
    NatBench bench;
    const IpAddress server = SERVER.address;
    const Endpoint one = bench.Mapped(EchoRequest(At("10.0.0.2:0"), server));
    const Endpoint two = bench.Mapped(EchoRequest(At("10.0.0.3:0"), server));

    EXPECT_NE(one.port, two.port) << "the identifier is what tells them apart";
    EXPECT_TRUE(bench.IsLetIn(EchoReply(server, one), At("10.0.0.2:0")));
    EXPECT_TRUE(bench.IsLetIn(EchoReply(server, two), At("10.0.0.3:0")));
}

TEST(NatRfc5508, Req1AQueryFromOutsideIsForTheBox)
{
    NatBench bench;
    const Endpoint outside = bench.Mapped(EchoRequest(HOST, SERVER.address));
    const NatOutcome outcome =
        bench.In(EchoRequest(Endpoint{SERVER.address, outside.port}, bench.outside));

    EXPECT_EQ(outcome.kind, NatOutcome::Kind::Own);
}

TEST(NatRfc5508, Req1AnIdentifierOfZeroIsNoExcuse)
{
    NatBench bench;
    const Endpoint inside{HOST.address, 0};
    const Endpoint outside = bench.Mapped(EchoRequest(inside, SERVER.address));
    ASSERT_EQ(outside.port, 0);

    EXPECT_EQ(bench.In(EchoRequest(Endpoint{SERVER.address, 0}, bench.outside)).kind,
              NatOutcome::Kind::Own);
    EXPECT_TRUE(bench.IsLetIn(EchoReply(SERVER.address, outside), inside));
}

TEST(NatRfc5508, Req2AQueryLastsAMinute)
{
    NatBench bench;
    bench.Mapped(EchoRequest(HOST, SERVER.address));

    EXPECT_TRUE(bench.Wait(60s - 1ns).empty());
    EXPECT_EQ(bench.Wait(1ns).size(), 1U);
}

TEST(NatRfc5508, Req3AnErrorWithAWrongChecksumIsLost)
{
    NatBench bench;
    const NatPacket sent = bench.Out(UdpPacket(HOST, SERVER)).packets.at(0);
    NatPacket error = IcmpError(SERVER.address, bench.outside, sent);
    error.payload[2] ^= 1;
    EXPECT_EQ(bench.In(error).fault, NatFault::BadQuotation);

    NatPacket quotesBadly = IcmpError(SERVER.address, bench.outside, sent);
    quotesBadly.payload[8 + 10] ^= 1;
    quotesBadly.payload[2] = quotesBadly.payload[3] = 0;
    const uint16_t checksum = InternetChecksum(quotesBadly.payload);
    quotesBadly.payload[2] = checksum >> 8;
    quotesBadly.payload[3] = checksum & 0xff;
    EXPECT_EQ(bench.In(quotesBadly).fault, NatFault::BadQuotation);
}

TEST(NatRfc5508, Req4AnErrorQuotesWhatTheHostSent)
{
    NatBench bench;
    const NatPacket before = UdpPacket(HOST, SERVER);
    const NatPacket sent = bench.Out(before).packets.at(0);
    const NatOutcome error =
        bench.In(IcmpError(SERVER.address, bench.outside, sent, 3, 3, sent.payload.size()));

    ASSERT_EQ(error.kind, NatOutcome::Kind::Forward);
    const NatPacket quoted = QuotedIn(error.packets.at(0));
    EXPECT_EQ(quoted.source, before.source);
    EXPECT_EQ(quoted.payload, before.payload) << "ports and checksum are restored";
    EXPECT_TRUE(HasValidChecksum(error.packets[0]));
    EXPECT_EQ(error.packets[0].source, SERVER.address) << "the sender of the error stays";
}

TEST(NatRfc5508, Req4AnErrorAboutNobodyIsNotLetIn)
{
    NatBench bench;
    const NatPacket stray = UdpPacket(Endpoint{bench.outside, 9}, SERVER);
    const NatOutcome outcome = bench.In(IcmpError(SERVER.address, bench.outside, stray));

    EXPECT_EQ(outcome.kind, NatOutcome::Kind::Own);
    EXPECT_EQ(outcome.fault, NatFault::NoMapping);
}

TEST(NatRfc5508, Req5AnErrorFromInsideComesFromTheOutsideAddress)
{
    NatBench bench;
    const Endpoint outside = bench.Mapped(UdpPacket(HOST, SERVER));
    const NatPacket in = UdpPacket(SERVER, outside);
    const NatPacket delivered = bench.In(in).packets.at(0);
    const NatOutcome error =
        bench.Out(IcmpError(HOST.address, SERVER.address, delivered, 3, 3, 28));

    ASSERT_EQ(error.kind, NatOutcome::Kind::Forward);
    EXPECT_EQ(error.packets.at(0).source, bench.outside);
    EXPECT_EQ(QuotedIn(error.packets[0]).destination, bench.outside);
    EXPECT_EQ(QuotedIn(error.packets[0]).payload, in.payload);
    EXPECT_TRUE(HasValidChecksum(error.packets[0]));
}

TEST(NatRfc5508, Req6ErrorsAreTurnedAroundLikePackets)
{
    NatConfig config;
    config.filtering = NatBehaviour::EndpointIndependent;
    NatBench bench(config);
    const Endpoint other = At("10.0.0.3:7000");
    const Endpoint target = bench.Mapped(UdpPacket(other, SERVER));
    const NatPacket asked = UdpPacket(HOST, target);
    const NatPacket delivered = bench.Out(asked).packets.at(0);
    const NatOutcome error =
        bench.Out(IcmpError(other.address, delivered.source, delivered, 3, 3, 28));

    ASSERT_EQ(error.kind, NatOutcome::Kind::Forward);
    EXPECT_EQ(error.packets.at(0).destination, HOST.address);
    EXPECT_EQ(error.packets[0].source, bench.outside);
    EXPECT_EQ(FlowOf(QuotedIn(error.packets[0])).source, HOST);
    EXPECT_EQ(FlowOf(QuotedIn(error.packets[0])).destination, target);
    EXPECT_EQ(QuotedIn(error.packets[0]).payload, asked.payload);
    EXPECT_TRUE(HasValidChecksum(error.packets[0]));
}

TEST(NatRfc5508, Req11OtherKindsAreNotTranslated)
{
    NatBench bench;
    NatPacket packet = EchoRequest(HOST, SERVER.address);
    packet.payload[0] = 9; // router advertisement

    EXPECT_EQ(bench.Out(packet).fault, NatFault::Unsupported);
}

} // namespace

} // namespace ipsec
} // namespace ns3
