// SPDX-License-Identifier: GPL-2.0-only
#include "key-holder.h"
#include "peer-pair.h"

#include "ns3/isakmp-sa-payload.h"
#include "ns3/isakmp-vendor-ids.h"

#include <algorithm>
#include <gtest/gtest.h>

// RFC 3947 and the drafts before it: the vendor IDs tell which one two ends speak.

namespace ns3
{
namespace ipsec
{

namespace
{

const IpAddress OUTSIDE = IpAddress::Parse("203.0.113.1");

using Documents = NatTraversalDocuments;

/// A behind a NAT, in tunnel mode or, between the two ends themselves, in transport mode.
PeerPair
NattedPair(Documents ofA,
           Documents ofB,
           Phase1Mode phase1 = Phase1Mode::Main,
           EncapsulationMode mode = EncapsulationMode::Tunnel)
{
    EngineConfig a = SiteConfig(Side::A);
    EngineConfig b = SiteConfig(Side::B);
    a.peers[0].personality.Edit().natTraversalDocuments = ofA;
    b.peers[0].personality.Edit().natTraversalDocuments = ofB;
    b.peers[0].remoteAddress = OUTSIDE;
    b.peers[0].remoteId = Identity::Parse("192.0.2.1");
    for (EngineConfig* config : {&a, &b})
    {
        PeerConfig& peer = config->peers[0];
        peer.mode = phase1;
        peer.children[0].mode = mode;
        if (mode == EncapsulationMode::Transport)
        {
            peer.children[0].proxyId = {Prefix::Host(peer.localAddress),
                                        Prefix::Host(*peer.remoteAddress)};
        }
    }
    PeerPair pair(a, b);
    pair.PutBehindNat(OUTSIDE);
    pair.Acquire(Side::A);
    pair.Settle();
    return pair;
}

/// Returns the vendor IDs of NAT traversal in the first message of an end.
std::vector<VendorId>
Announced(const PeerPair& pair, Side from)
{
    const auto first = std::find_if(pair.Sent().begin(),
                                    pair.Sent().end(),
                                    [from](const Flight& flight) { return flight.from == from; });
    std::vector<VendorId> ids;
    for (const RawPayload& payload : ClearPayloads(first->octets))
    {
        const VendorId id = payload.type == PayloadType::VendorId ? RecogniseVendorId(payload.body)
                                                                  : VendorId::Unknown;
        if (id != VendorId::Unknown && id != VendorId::DeadPeerDetection)
        {
            ids.push_back(id);
        }
    }
    return ids;
}

/// Returns how many payloads of a type were sent in clear.
size_t
CountClear(const PeerPair& pair, PayloadType type)
{
    size_t count = 0;
    for (const Flight& flight : pair.Sent())
    {
        if (!flight.summary.encrypted)
        {
            const std::vector<RawPayload> payloads = ClearPayloads(flight.octets);
            count += std::count_if(payloads.begin(),
                                   payloads.end(),
                                   [type](const RawPayload& one) { return one.type == type; });
        }
    }
    return count;
}

/// Returns the payloads of QM1, decrypted.
std::vector<RawPayload>
FirstOfQuickMode(const PeerPair& pair)
{
    const KeyHolder holder(pair);
    const auto found = std::find_if(pair.Sent().begin(),
                                    pair.Sent().end(),
                                    [](const Flight& flight)
                                    { return flight.summary.exchange == ExchangeType::QuickMode; });
    EXPECT_NE(found, pair.Sent().end());
    return holder.Open(found->octets, holder.FirstIv(found->summary.messageId));
}

uint64_t
EncapsulationOffered(const PeerPair& pair)
{
    const SaPayload sa = *ParseSaPayload(BodyOf(FirstOfQuickMode(pair), PayloadType::Sa));
    bool conflict = false;
    return sa.proposals.at(0)
        .transforms.at(0)
        .Number(static_cast<uint16_t>(IpsecAttribute::EncapsulationMode), conflict)
        .value_or(0);
}

std::vector<Octets>
BodiesOf(const std::vector<RawPayload>& payloads, PayloadType type)
{
    std::vector<Octets> bodies;
    for (const RawPayload& payload : payloads)
    {
        if (payload.type == type)
        {
            bodies.push_back(payload.body);
        }
    }
    return bodies;
}

} // namespace

// Covers NT-04.
TEST(NatTraversalDocuments, InitiatorAnnouncesAllThatItKnowsAndTheResponderTheNewestOfThem)
{
    const PeerPair pair = NattedPair(Documents::Both, Documents::Both);
    EXPECT_EQ(Announced(pair, Side::A),
              (std::vector<VendorId>{VendorId::NatTraversalRfc3947,
                                     VendorId::NatTraversalDraft03,
                                     VendorId::NatTraversalDraft02Newline,
                                     VendorId::NatTraversalDraft02}));
    EXPECT_EQ(Announced(pair, Side::B), std::vector<VendorId>{VendorId::NatTraversalRfc3947});
    EXPECT_TRUE(pair.AreTunnelsUp());
    EXPECT_EQ(EncapsulationOffered(pair), ENCAPSULATION_UDP_TUNNEL);
}

class DraftsOfNatTraversal : public testing::TestWithParam<Phase1Mode>
{
};

INSTANTIATE_TEST_SUITE_P(MainAndAggressive,
                         DraftsOfNatTraversal,
                         testing::Values(Phase1Mode::Main, Phase1Mode::Aggressive));

// Covers NT-04.
TEST_P(DraftsOfNatTraversal, TheyHaveNumbersOfTheirOwn)
{
    for (const auto& [ofA, ofB] :
         std::vector<std::pair<Documents, Documents>>{{Documents::Drafts, Documents::Both},
                                                      {Documents::Both, Documents::Drafts},
                                                      {Documents::Drafts, Documents::Drafts}})
    {
        const PeerPair pair = NattedPair(ofA, ofB, GetParam());
        EXPECT_EQ(Announced(pair, Side::B), std::vector<VendorId>{VendorId::NatTraversalDraft03});
        EXPECT_EQ(CountClear(pair, PayloadType::NatD), 0u);
        EXPECT_GE(CountClear(pair, PayloadType::NatDDraft), 2u);
        EXPECT_TRUE(pair.AreTunnelsUp());
        if (GetParam() == Phase1Mode::Main)
        {
            EXPECT_EQ(EncapsulationOffered(pair), ENCAPSULATION_UDP_TUNNEL_DRAFT);
        }
        EXPECT_TRUE(pair.Sas(Side::B, SaDirection::Outbound).at(0).udpEncapsulated);
        EXPECT_EQ(pair.Sas(Side::B, SaDirection::Outbound).at(0).remote,
                  (Endpoint{OUTSIDE, 14500}));
    }
}

TEST_P(DraftsOfNatTraversal, EndsThatKnowNoneInCommonDoWithout)
{
    const PeerPair pair = NattedPair(Documents::Rfc, Documents::Drafts, GetParam());
    EXPECT_TRUE(Announced(pair, Side::B).empty());
    EXPECT_EQ(CountClear(pair, PayloadType::NatD) + CountClear(pair, PayloadType::NatDDraft), 0u);
    EXPECT_FALSE(pair.End(Side::A).engine.IkeSas().at(0).natTraversal);
}

// RFC 3947 section 5.2: both original addresses, the initiator's first.
TEST(NatOriginalAddresses, TransportModeTellsThem)
{
    for (const Documents documents : {Documents::Rfc, Documents::Drafts})
    {
        const bool isRfc = documents == Documents::Rfc;
        const PeerPair pair =
            NattedPair(documents, documents, Phase1Mode::Main, EncapsulationMode::Transport);
        ASSERT_TRUE(pair.IsIkeUp());
        EXPECT_EQ(EncapsulationOffered(pair),
                  isRfc ? ENCAPSULATION_UDP_TRANSPORT : ENCAPSULATION_UDP_TRANSPORT_DRAFT);
        EXPECT_EQ(
            BodiesOf(FirstOfQuickMode(pair), isRfc ? PayloadType::NatOa : PayloadType::NatOaDraft),
            (std::vector<Octets>{FromHex("01000000 c0000201"), FromHex("01000000 c0000202")}));
        ASSERT_EQ(pair.Sas(Side::A, SaDirection::Inbound).size(), 1u);
        ASSERT_EQ(pair.Sas(Side::B, SaDirection::Inbound).size(), 1u);
        const IpsecSa ofA = pair.Sas(Side::A, SaDirection::Inbound)[0];
        const IpsecSa ofB = pair.Sas(Side::B, SaDirection::Inbound)[0];
        // what B sends is addressed to the NAT, what A sends comes from its own address
        ASSERT_TRUE(ofA.original && ofB.original);
        EXPECT_EQ(ofA.original->remote, IpAddress::Parse("192.0.2.2"));
        EXPECT_EQ(ofA.original->local, OUTSIDE);
        EXPECT_EQ(ofB.original->remote, IpAddress::Parse("192.0.2.1"));
        EXPECT_EQ(ofB.original->local, IpAddress::Parse("192.0.2.2"));
        EXPECT_EQ(ofB.proxyId.remote, Prefix::Host(OUTSIDE));
    }
}

TEST(NatOriginalAddresses, TunnelModeNeedsNone)
{
    const PeerPair pair = NattedPair(Documents::Rfc, Documents::Rfc);
    EXPECT_TRUE(BodiesOf(FirstOfQuickMode(pair), PayloadType::NatOa).empty());
    EXPECT_FALSE(pair.Sas(Side::B, SaDirection::Inbound).at(0).original.has_value());
}

} // namespace ipsec
} // namespace ns3
