// SPDX-License-Identifier: GPL-2.0-only
#include "key-holder.h"
#include "peer-pair.h"

#include "ns3/isakmp-sa-payload.h"

#include <gtest/gtest.h>

// RFC 3715 section 2.1: AH covers the addresses that a NAT changes.

namespace ns3
{
namespace ipsec
{

namespace
{

const IpAddress OUTSIDE = IpAddress::Parse("203.0.113.1");

/// A behind a NAT, with these proposals at both ends.
PeerPair
NattedPair(const std::string& ofA, const std::string& ofB)
{
    EngineConfig a = SiteConfig(Side::A, "pre-g1-des-md5", ofA);
    EngineConfig b = SiteConfig(Side::B, "pre-g1-des-md5", ofB);
    b.peers[0].remoteAddress = OUTSIDE;
    b.peers[0].remoteId = Identity::Parse("192.0.2.1");
    PeerPair pair(a, b);
    pair.PutBehindNat(OUTSIDE);
    return pair;
}

} // namespace

TEST(AhThroughNat, InitiatorSaysWhyAndSendsNoQuickMode)
{
    for (const std::string proposal : {"nopfs-ah-md5", "nopfs-ah-md5+esp-3des-sha"})
    {
        PeerPair pair = NattedPair(proposal, proposal);
        pair.Acquire(Side::A);
        pair.Settle();
        const std::vector<AcquireFailed> failures = pair.Seen<AcquireFailed>(Side::A);
        ASSERT_EQ(failures.size(), 1u);
        EXPECT_EQ(failures[0].reason, Fault::AhThroughNat);
        EXPECT_EQ(pair.CountSent(ExchangeType::QuickMode), 0u);
        EXPECT_TRUE(pair.IsIkeUp());
    }
}

TEST(AhThroughNat, EspOfAMixedListIsTakenInstead)
{
    const std::string list = "nopfs-ah-md5 nopfs-ah-md5+esp-3des-sha nopfs-esp-3des-sha";
    PeerPair pair = NattedPair(list, list);
    pair.Acquire(Side::A);
    pair.Settle();
    ASSERT_TRUE(pair.AreTunnelsUp());
    EXPECT_EQ(pair.Sas(Side::B, SaDirection::Inbound).at(0).proposal, "nopfs-esp-3des-sha");
    EXPECT_TRUE(pair.Sas(Side::B, SaDirection::Inbound).at(0).udpEncapsulated);
}

TEST(AhThroughNat, ResponderRefusesAhFromAPeerThatAsksForItAllTheSame)
{
    PeerPair pair = NattedPair("nopfs-esp-des-md5", "nopfs-ah-md5");
    pair.Acquire(Side::A);
    pair.DeliverAll(6);
    const KeyHolder holder(pair);
    const Octets qm1 = pair.Next().octets;
    const Octets iv = holder.FirstIv(ParseIsakmpHeader(qm1)->messageId);
    const Octets ah = holder.Rehashed(qm1,
                                      iv,
                                      {},
                                      [](std::vector<RawPayload>& payloads)
                                      {
                                          RawPayload& raw = PayloadOf(payloads, PayloadType::Sa);
                                          SaPayload sa = *ParseSaPayload(raw.body);
                                          sa.proposals[0].protocol = ProtocolId::Ah;
                                          raw.body = WriteSaPayload(sa);
                                      });
    EXPECT_EQ(DroppedFault(pair.DeliverInstead(ah)), Fault::AhThroughNat);
    pair.Lose();
    ASSERT_EQ(pair.InFlight(), 1u);
    EXPECT_EQ(pair.Next().summary.payloads.back().notify, 14);
    EXPECT_TRUE(pair.End(Side::B).sas.empty());
}

} // namespace ipsec
} // namespace ns3
