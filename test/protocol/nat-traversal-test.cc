// SPDX-License-Identifier: GPL-2.0-only
#include "key-holder.h"
#include "peer-pair.h"

#include "ns3/crypto-hash.h"
#include "ns3/isakmp-sa-payload.h"

#include <gtest/gtest.h>

namespace ns3
{
namespace ipsec
{

namespace
{

const IpAddress OUTSIDE = IpAddress::Parse("203.0.113.1");

/// A behind a NAT; B knows it by the NAT's address and takes its identity as it is.
PeerPair
NattedPair(NatTraversal mode = NatTraversal::Auto)
{
    EngineConfig a = SiteConfig(Side::A);
    EngineConfig b = SiteConfig(Side::B);
    a.peers[0].natTraversal = b.peers[0].natTraversal = mode;
    b.peers[0].remoteAddress = OUTSIDE;
    b.peers[0].remoteId = Identity::Parse("192.0.2.1");
    PeerPair pair(a, b);
    pair.PutBehindNat(OUTSIDE);
    return pair;
}

PeerPair
PairOfModes(NatTraversal ofA, NatTraversal ofB)
{
    EngineConfig a = SiteConfig(Side::A);
    EngineConfig b = SiteConfig(Side::B);
    a.peers[0].natTraversal = ofA;
    b.peers[0].natTraversal = ofB;
    return PeerPair(a, b);
}

std::vector<Octets>
NatDOf(const Flight& flight)
{
    std::vector<Octets> bodies;
    for (const RawPayload& payload : ClearPayloads(flight.octets))
    {
        if (payload.type == PayloadType::NatD)
        {
            bodies.push_back(payload.body);
        }
    }
    return bodies;
}

/// Computes RFC 3947 section 3.2 by itself.
Octets
NatD(const MessageSummary& message, const char* address, uint16_t port)
{
    OctetWriter writer;
    writer.Append(message.initiatorCookie).Append(message.responderCookie);
    writer.Append(IpAddress::Parse(address).ToOctets()).U16(port);
    return Digest(HashId::Md5, {writer.Take()});
}

/// Returns the encapsulation attribute of the first transform of QM1.
uint64_t
EncapsulationOffered(const PeerPair& pair)
{
    const KeyHolder holder(pair);
    for (const Flight& flight : pair.Sent())
    {
        if (flight.summary.exchange == ExchangeType::QuickMode)
        {
            const auto payloads =
                holder.Open(flight.octets, holder.FirstIv(flight.summary.messageId));
            const SaPayload sa = *ParseSaPayload(BodyOf(payloads, PayloadType::Sa));
            bool conflict = false;
            return sa.proposals.at(0)
                .transforms.at(0)
                .Number(static_cast<uint16_t>(IpsecAttribute::EncapsulationMode), conflict)
                .value_or(0);
        }
    }
    return 0;
}

} // namespace

TEST(NatDetection, FirstHashIsTheOtherEndsThenOwn)
{
    PeerPair pair;
    pair.Initiate(Side::A);
    pair.DeliverAll(3);
    ASSERT_GE(pair.Sent().size(), 4u);
    const Flight& mm3 = pair.Sent()[2];
    const Flight& mm4 = pair.Sent()[3];
    const Octets ofA = NatD(mm3.summary, "192.0.2.1", 500);
    const Octets ofB = NatD(mm3.summary, "192.0.2.2", 500);
    EXPECT_EQ(NatDOf(mm3), (std::vector<Octets>{ofB, ofA}));
    EXPECT_EQ(NatDOf(mm4), (std::vector<Octets>{ofA, ofB}));
}

// Covers NT-01.
TEST(NatDetection, WithoutNatEverythingStaysOnPort500)
{
    PeerPair pair;
    pair.Acquire(Side::A);
    pair.Settle();
    ASSERT_TRUE(pair.AreTunnelsUp());
    for (const Flight& flight : pair.Sent())
    {
        EXPECT_EQ(flight.source.port, 500);
        EXPECT_EQ(flight.destination.port, 500);
    }
    EXPECT_EQ(EncapsulationOffered(pair), ENCAPSULATION_TUNNEL);
    EXPECT_FALSE(pair.Sas(Side::A, SaDirection::Outbound)[0].udpEncapsulated);
}

// Covers NT-01, NT-02, F22.
TEST(NatDetection, InitiatorBehindNatFloatsAtMessageFive)
{
    PeerPair pair = NattedPair();
    pair.Acquire(Side::A);

    // MM1 -->, <-- MM2, MM3 -->, <-- MM4: port 500
    for (int message = 1; message <= 4; message++)
    {
        EXPECT_EQ(pair.Sent().back().source.port, 500) << message;
        pair.Deliver();
    }

    // MM5 --> from 4500 to 4500
    EXPECT_EQ(pair.Sent().back().source.port, 4500);
    EXPECT_EQ(pair.Sent().back().destination.port, 4500);
    pair.Deliver();

    // <-- MM6 to the port that MM5 came from
    EXPECT_EQ(pair.Sent().back().source.port, 4500);
    EXPECT_EQ(pair.Sent().back().destination, (Endpoint{OUTSIDE, 14500}));
    pair.Deliver();

    // QM1 -->, <-- QM2, QM3 -->
    pair.Settle();
    EXPECT_TRUE(pair.IsIkeUp());
    EXPECT_TRUE(pair.AreTunnelsUp());
    EXPECT_TRUE(pair.End(Side::A).engine.IkeSas().at(0).natTraversal);
    EXPECT_TRUE(pair.End(Side::B).engine.IkeSas().at(0).natTraversal);
    for (size_t i = 6; i < pair.Sent().size(); i++)
    {
        EXPECT_EQ(pair.Sent()[i].source.port, 4500) << i;
    }
}

// Covers NT-02, F22.
TEST(NatDetection, SasBehindNatAreEncapsulatedBetweenTheEndpointsThatWork)
{
    PeerPair pair = NattedPair();
    pair.Acquire(Side::A);
    pair.Settle();
    ASSERT_TRUE(pair.AreTunnelsUp());
    EXPECT_EQ(EncapsulationOffered(pair), ENCAPSULATION_UDP_TUNNEL);
    const IpsecSa ofA = pair.Sas(Side::A, SaDirection::Outbound)[0];
    const IpsecSa ofB = pair.Sas(Side::B, SaDirection::Outbound)[0];
    EXPECT_TRUE(ofA.udpEncapsulated);
    EXPECT_TRUE(ofB.udpEncapsulated);
    EXPECT_EQ(ofA.local, (Endpoint{IpAddress::Parse("192.0.2.1"), 4500}));
    EXPECT_EQ(ofA.remote, (Endpoint{IpAddress::Parse("192.0.2.2"), 4500}));
    EXPECT_EQ(ofB.remote, (Endpoint{OUTSIDE, 14500}));
}

// Covers F22.
TEST(NatDetection, ResponderBehindANatThatForwardsPortsIsFoundToo)
{
    PeerPair pair = NattedPair();
    pair.PutBehindNat(OUTSIDE, 0);
    pair.Acquire(Side::B);
    pair.Settle();
    EXPECT_TRUE(pair.AreTunnelsUp());
    EXPECT_EQ(pair.Sent().at(4).source.port, 4500);
    EXPECT_TRUE(pair.Sas(Side::A, SaDirection::Outbound).at(0).udpEncapsulated);
    EXPECT_EQ(pair.Sas(Side::B, SaDirection::Outbound).at(0).remote, (Endpoint{OUTSIDE, 4500}));
}

TEST(NatDetection, PeerThatTheNatHidesCannotBeCalled)
{
    PeerPair pair = NattedPair();
    pair.Initiate(Side::B);
    EXPECT_EQ(pair.Sent().size(), 1u);
    EXPECT_EQ(pair.InFlight(), 0u);
}

class ForcedNat : public testing::TestWithParam<Side>
{
};

INSTANTIATE_TEST_SUITE_P(EitherSideStarts,
                         ForcedNat,
                         testing::Values(Side::A, Side::B),
                         testing::PrintToStringParamName());

// Covers NT-01, NT-02.
TEST_P(ForcedNat, OneEndThatForcesMakesBothEncapsulate)
{
    for (const auto& [ofA, ofB] : std::vector<std::pair<NatTraversal, NatTraversal>>{
             {NatTraversal::Force, NatTraversal::Auto},
             {NatTraversal::Auto, NatTraversal::Force},
             {NatTraversal::Force, NatTraversal::Force}})
    {
        PeerPair pair = PairOfModes(ofA, ofB);
        pair.Acquire(GetParam());
        pair.Settle();
        EXPECT_TRUE(pair.IsIkeUp());
        EXPECT_TRUE(pair.AreTunnelsUp());
        EXPECT_TRUE(pair.Sas(Side::A, SaDirection::Outbound).at(0).udpEncapsulated);
        EXPECT_TRUE(pair.Sas(Side::B, SaDirection::Outbound).at(0).udpEncapsulated);
        EXPECT_EQ(pair.Sent().at(4).source.port, 4500);
        EXPECT_EQ(pair.Sent().at(5).source.port, 4500);
        EXPECT_EQ(EncapsulationOffered(pair), ENCAPSULATION_UDP_TUNNEL);
    }
}

TEST_P(ForcedNat, OneEndThatIsOffKeepsBothOff)
{
    for (const auto& [ofA, ofB] : std::vector<std::pair<NatTraversal, NatTraversal>>{
             {NatTraversal::Off, NatTraversal::Auto},
             {NatTraversal::Off, NatTraversal::Force},
             {NatTraversal::Force, NatTraversal::Off},
             {NatTraversal::Off, NatTraversal::Off}})
    {
        PeerPair pair = PairOfModes(ofA, ofB);
        pair.Acquire(GetParam());
        pair.Settle();
        EXPECT_TRUE(pair.IsIkeUp());
        EXPECT_TRUE(pair.AreTunnelsUp());
        EXPECT_FALSE(pair.Sas(Side::A, SaDirection::Outbound).at(0).udpEncapsulated);
        for (const Flight& flight : pair.Sent())
        {
            EXPECT_EQ(flight.source.port, 500);
        }
        EXPECT_TRUE(NatDOf(pair.Sent().at(2)).empty());
    }
}

// Covers NT-04.
TEST_P(ForcedNat, EndThatIsOffNeitherAnnouncesNorAnswers)
{
    PeerPair pair = PairOfModes(NatTraversal::Off, NatTraversal::Off);
    pair.Initiate(GetParam());
    pair.Settle();
    for (const size_t message : {0, 1})
    {
        // The vendor ID is that of dead peer detection.
        EXPECT_EQ(pair.Sent().at(message).summary.PayloadsText(), "SA VID") << message;
    }
}

// bad input 76
TEST(NatDetection, FewerThanTwoHashesSwitchItOff)
{
    for (const size_t count : {0, 1})
    {
        PeerPair pair = PairOfModes(NatTraversal::Force, NatTraversal::Auto);
        pair.Initiate(Side::A);
        pair.DeliverAll(2);

        // MM3 with fewer NAT-D -->
        const auto remove = [count](std::vector<RawPayload>& payloads)
        { payloads.resize(2 + count); };
        pair.DeliverInstead(Rewritten(pair.Next().octets, remove));
        pair.Lose();

        // <-- MM4 with fewer NAT-D
        ASSERT_EQ(pair.InFlight(), 1u) << count;
        pair.DeliverInstead(Rewritten(pair.Next().octets, remove));
        pair.Lose();
        pair.Settle();
        EXPECT_TRUE(pair.IsIkeUp()) << count;
        EXPECT_FALSE(pair.End(Side::A).engine.IkeSas().at(0).natTraversal) << count;
        EXPECT_FALSE(pair.End(Side::B).engine.IkeSas().at(0).natTraversal) << count;
    }
}

// bad input 76
TEST(NatDetection, HashesOfTheWrongLengthCountAsANat)
{
    for (const size_t octets : {0, 1, 15, 17, 1000})
    {
        PeerPair pair;
        pair.Initiate(Side::A);
        pair.DeliverAll(2);

        const auto spoil = [octets](std::vector<RawPayload>& payloads)
        {
            payloads.at(2).body.assign(octets, 7);
            payloads.at(3).body.assign(octets, 7);
        };

        // MM3 -->
        pair.DeliverInstead(Rewritten(pair.Next().octets, spoil));
        pair.Lose();

        // <-- MM4
        pair.DeliverInstead(Rewritten(pair.Next().octets, spoil));
        pair.Lose();
        pair.Settle();
        EXPECT_TRUE(pair.IsIkeUp()) << octets;
        EXPECT_TRUE(pair.End(Side::B).engine.IkeSas().at(0).natTraversal) << octets;
    }
}

TEST(NatDetection, MoreThanTwoHashesOfOwnAddressesAreSearched)
{
    PeerPair pair;
    pair.Initiate(Side::A);
    pair.DeliverAll(2);

    // MM3 of a host with three addresses -->
    const Octets changed =
        Rewritten(pair.Next().octets,
                  [](std::vector<RawPayload>& payloads) {
                      payloads.insert(payloads.begin() + 3, 2, {PayloadType::NatD, Octets(16, 9)});
                  });
    pair.DeliverInstead(changed);
    pair.Lose();
    pair.Settle();
    EXPECT_TRUE(pair.IsIkeUp());
    EXPECT_FALSE(pair.End(Side::B).engine.IkeSas().at(0).natTraversal);
}

// F22
TEST(NatDetection, OldPort500IsNoLongerUsedAfterTheFloat)
{
    PeerPair pair = NattedPair();
    pair.Acquire(Side::A);
    pair.Settle();
    ASSERT_TRUE(pair.AreTunnelsUp());
    pair.Terminate(Side::B);
    ASSERT_FALSE(pair.Sent().empty());
    EXPECT_EQ(pair.Sent().back().source.port, 4500);
    pair.Settle();
    EXPECT_TRUE(pair.IsIkeDown());
    EXPECT_TRUE(pair.End(Side::A).sas.empty());
}

} // namespace ipsec
} // namespace ns3
