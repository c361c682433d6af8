// SPDX-License-Identifier: GPL-2.0-only
#include "key-holder.h"
#include "peer-pair.h"

#include "ns3/crypto-hash.h"
#include "ns3/isakmp-sa-payload.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <set>

namespace ns3
{
namespace ipsec
{

namespace
{

using Kinds = std::vector<PayloadType>;
using std::chrono::hours;
using std::chrono::seconds;

/// Runs with either side starting.
class QuickModeNegotiation : public testing::TestWithParam<Side>
{
  protected:
    /// Runs phase 1 until QM1 is on its way.
    void
    RunToQm1(PeerPair& pair) const
    {
        pair.Acquire(m_initiator);
        for (int message = 1; message <= 6; message++)
        {
            pair.Deliver();
        }
        ASSERT_TRUE(pair.IsIkeUp());
        ASSERT_EQ(pair.InFlight(), 1u);
        ASSERT_EQ(pair.Next().summary.exchange, ExchangeType::QuickMode);
    }

    const Side m_initiator = GetParam();
    const Side m_responder = Other(m_initiator);
};

INSTANTIATE_TEST_SUITE_P(EitherSideStarts,
                         QuickModeNegotiation,
                         testing::Values(Side::A, Side::B),
                         testing::PrintToStringParamName());

/// A pair whose second phases differ.
PeerPair
PairOfProposals(const std::string& ofA, const std::string& ofB)
{
    return PeerPair(SiteConfig(Side::A, "pre-g1-des-md5", ofA),
                    SiteConfig(Side::B, "pre-g1-des-md5", ofB));
}

/// Returns how the negotiation of the only child failed.
AcquireFailed
FailureOf(const PeerPair& pair, Side initiator)
{
    const std::vector<AcquireFailed> failures = pair.Seen<AcquireFailed>(initiator);
    EXPECT_EQ(failures.size(), 1u);
    return failures.empty() ? AcquireFailed{} : failures[0];
}

uint64_t
WorkOf(const PeerPair& pair, Side side, WorkKind kind)
{
    uint64_t amount = 0;
    for (const auto& [key, value] : pair.End(side).work.Items())
    {
        amount += key.kind == kind ? value : 0;
    }
    return amount;
}

std::string
AgreedProposal(const PeerPair& pair)
{
    return pair.AreTunnelsUp() ? pair.Sas(Side::A, SaDirection::Inbound)[0].proposal : "none";
}

} // namespace

// Covers QM-03, QM-09.
TEST_P(QuickModeNegotiation, EveryEspProposalEstablishes)
{
    for (const char* cipher : {"null", "des", "3des", "aes128", "aes192", "aes256"})
    {
        for (const char* hash : {"md5", "sha", "sha256", "sha384", "sha512"})
        {
            const std::string proposal = std::string("nopfs-esp-") + cipher + "-" + hash;
            PeerPair pair("pre-g1-des-md5", proposal);
            pair.Acquire(m_initiator);
            pair.Settle();
            EXPECT_EQ(AgreedProposal(pair), proposal);
        }
    }
}

// Covers QM-06.
TEST(QuickModeOffer, StandardSetIsTwoProposalsWithGroup2AndKe)
{
    PeerPair pair("standard", "standard");
    pair.Acquire(Side::A);
    pair.DeliverAll(6);
    const KeyHolder holder(pair);
    ASSERT_EQ(pair.InFlight(), 1u);
    const Octets& qm1 = pair.Next().octets;
    const std::vector<RawPayload> payloads =
        holder.Open(qm1, holder.FirstIv(ParseIsakmpHeader(qm1)->messageId));
    EXPECT_EQ(BodyOf(payloads, PayloadType::Ke).size(), 128u);
    const SaPayload sa = *ParseSaPayload(BodyOf(payloads, PayloadType::Sa));
    ASSERT_EQ(sa.proposals.size(), 2u);
    EXPECT_EQ(sa.proposals[0].transforms.at(0).id, 3);
    EXPECT_EQ(sa.proposals[1].transforms.at(0).id, 12);
    for (const ProposalPayload& proposal : sa.proposals)
    {
        bool conflict = false;
        const TransformPayload& transform = proposal.transforms.at(0);
        EXPECT_EQ(proposal.protocol, ProtocolId::Esp);
        EXPECT_EQ(transform.Number(static_cast<uint16_t>(IpsecAttribute::Group), conflict), 2u);
        EXPECT_EQ(
            transform.Number(static_cast<uint16_t>(IpsecAttribute::EncapsulationMode), conflict),
            1u);
    }
    pair.Settle();
    EXPECT_EQ(AgreedProposal(pair), "g2-esp-3des-sha");
}

// Covers QM-07, QM-08.
TEST(QuickModeOffer, SetsWithoutPfsCarryNoKeAndNoGroup)
{
    for (const char* set : {"compatible", "basic"})
    {
        PeerPair pair("pre-g1-des-md5", set);
        pair.Acquire(Side::A);
        pair.DeliverAll(6);
        const KeyHolder holder(pair);
        const Octets& qm1 = pair.Next().octets;
        const std::vector<RawPayload> payloads =
            holder.Open(qm1, holder.FirstIv(ParseIsakmpHeader(qm1)->messageId));
        const SaPayload sa = *ParseSaPayload(BodyOf(payloads, PayloadType::Sa));
        EXPECT_EQ(sa.proposals.size(), ParsePhase2Proposals(set).size());
        for (const RawPayload& payload : payloads)
        {
            EXPECT_NE(payload.type, PayloadType::Ke);
        }
        for (const ProposalPayload& proposal : sa.proposals)
        {
            bool conflict = false;
            EXPECT_FALSE(proposal.transforms.at(0)
                             .Number(static_cast<uint16_t>(IpsecAttribute::Group), conflict)
                             .has_value());
        }
    }
}

// Covers QM-15.
TEST_P(QuickModeNegotiation, ResponderTakesTheFirstOfTheInitiatorsListThatItAccepts)
{
    const std::string a = "nopfs-esp-aes128-sha nopfs-esp-3des-sha nopfs-esp-des-md5";
    const std::string b = "nopfs-esp-des-md5 nopfs-esp-3des-sha";
    PeerPair pair = m_initiator == Side::A ? PairOfProposals(a, b) : PairOfProposals(b, a);
    pair.Acquire(m_initiator);
    pair.Settle();
    EXPECT_EQ(AgreedProposal(pair), "nopfs-esp-3des-sha");
}

// Covers QM-10, QM-11.
TEST_P(QuickModeNegotiation, PfsMustBeTheSameOnBothEnds)
{
    for (const std::string ofInitiator : {"nopfs", "g1", "g2"})
    {
        for (const std::string ofResponder : {"nopfs", "g1", "g2"})
        {
            const std::string i = ofInitiator + "-esp-des-md5";
            const std::string r = ofResponder + "-esp-des-md5";
            PeerPair pair = m_initiator == Side::A ? PairOfProposals(i, r) : PairOfProposals(r, i);
            pair.Acquire(m_initiator);
            pair.Settle();
            if (i == r)
            {
                EXPECT_EQ(AgreedProposal(pair), i);
                continue;
            }
            EXPECT_TRUE(pair.End(Side::A).sas.empty()) << i << " and " << r;
            EXPECT_TRUE(pair.End(Side::B).sas.empty()) << i << " and " << r;
            EXPECT_EQ(FailureOf(pair, m_initiator).notify,
                      static_cast<uint16_t>(NotifyType::NoProposalChosen));
        }
    }
}

// Covers QM-11.
TEST_P(QuickModeNegotiation, PfsCostsOneMoreExchangeOfKeysAndNoPfsNone)
{
    for (const Side side : {Side::A, Side::B})
    {
        PeerPair without;
        without.Acquire(m_initiator);
        without.Settle();
        EXPECT_EQ(WorkOf(without, side, WorkKind::DhKeygen), 1u);
        EXPECT_EQ(WorkOf(without, side, WorkKind::DhDerive), 1u);
        PeerPair with("pre-g1-des-md5", "g1-esp-des-md5");
        with.Acquire(m_initiator);
        with.Settle();
        EXPECT_EQ(WorkOf(with, side, WorkKind::DhKeygen), 2u);
        EXPECT_EQ(WorkOf(with, side, WorkKind::DhDerive), 2u);
    }
}

// Covers QM-14.
TEST_P(QuickModeNegotiation, NoCommonAlgorithmsGiveNoProposalChosen)
{
    PeerPair pair = PairOfProposals("nopfs-esp-des-md5", "nopfs-esp-3des-md5 nopfs-esp-des-sha");
    RunToQm1(pair);

    // QM1 -->
    EXPECT_EQ(DroppedFault(pair.Deliver()), Fault::NoProposalChosen);

    // <-- HASH N(NO-PROPOSAL-CHOSEN)
    ASSERT_EQ(pair.InFlight(), 1u);
    EXPECT_EQ(pair.Next().summary.exchange, ExchangeType::Informational);
    EXPECT_EQ(PayloadKinds(pair.Next().summary), (Kinds{PayloadType::Hash, PayloadType::Notify}));
    EXPECT_EQ(pair.Next().summary.payloads[1].notify, 14);
    pair.Deliver();
    const AcquireFailed failure = FailureOf(pair, m_initiator);
    EXPECT_EQ(failure.child, (ChildId{0, 0}));
    EXPECT_EQ(failure.reason, Fault::ErrorNotify);
    EXPECT_EQ(failure.notify, 14);

    // and that ends it: nothing is sent again
    const size_t sent = pair.Sent().size();
    pair.Settle();
    EXPECT_EQ(pair.Sent().size(), sent);
    EXPECT_TRUE(pair.IsIkeUp());
    EXPECT_TRUE(pair.End(m_responder).sas.empty());
}

// Covers QM-13, QM-14.
TEST_P(QuickModeNegotiation, ProxyIdsThatDoNotMirrorGiveInvalidIdInformation)
{
    const std::vector<std::pair<const char*, const char*>> wrong = {{"10.1.0.0/25", "10.2.0.0/24"},
                                                                    {"10.1.0.0/23", "10.2.0.0/24"},
                                                                    {"10.1.0.0/24", "10.2.1.0/24"},
                                                                    {"10.1.0.0/24", "0.0.0.0/0"},
                                                                    {"10.2.0.0/24", "10.1.0.0/24"}};
    for (const auto& [local, remote] : wrong)
    {
        EngineConfig a = SiteConfig(Side::A);
        a.peers[0].children[0].proxyId = {Prefix::Parse(local), Prefix::Parse(remote)};
        PeerPair pair(a, SiteConfig(Side::B));
        RunToQm1(pair);

        // QM1 -->
        EXPECT_EQ(DroppedFault(pair.Deliver()), Fault::ProxyIdMismatch) << local << remote;

        // <-- HASH N(INVALID-ID-INFORMATION)
        pair.Settle();
        EXPECT_EQ(FailureOf(pair, m_initiator).notify, 18) << local << remote;
        EXPECT_TRUE(pair.End(Side::A).sas.empty());
        EXPECT_TRUE(pair.End(Side::B).sas.empty());
    }
}

// Covers QM-13.
TEST_P(QuickModeNegotiation, ProtocolAndPortsBelongToTheProxyId)
{
    EngineConfig a = SiteConfig(Side::A);
    EngineConfig b = SiteConfig(Side::B);
    a.peers[0].children[0].proxyId.protocol = 6;
    a.peers[0].children[0].proxyId.localPort = 80;
    PeerPair different(a, b);
    different.Acquire(m_initiator);
    different.Settle();
    EXPECT_EQ(FailureOf(different, m_initiator).notify, 18);
    b.peers[0].children[0].proxyId = a.peers[0].children[0].proxyId.Mirror();
    PeerPair same(a, b);
    same.End(m_initiator).engine.Config();
    same.Initiate(m_initiator);
    same.Settle();
    EXPECT_TRUE(same.AreTunnelsUp());
}

// Covers QM-16.
TEST_P(QuickModeNegotiation, TunnelAndTransportDoNotMatch)
{
    EngineConfig a = SiteConfig(Side::A);
    EngineConfig b = SiteConfig(Side::B);
    ChildConfig& child = a.peers[0].children[0];
    child.mode = EncapsulationMode::Transport;
    child.proxyId = {Prefix{a.peers[0].localAddress, 32}, Prefix{b.peers[0].localAddress, 32}};
    b.peers[0].children[0].proxyId = child.proxyId.Mirror();
    PeerPair pair(a, b);
    pair.Acquire(m_initiator);
    pair.Settle();
    EXPECT_TRUE(pair.End(Side::A).sas.empty());
    EXPECT_EQ(FailureOf(pair, m_initiator).notify, 14);
}

// Covers LT-03.
TEST_P(QuickModeNegotiation, ShorterLifetimeCountsAtBothEnds)
{
    const std::vector<std::pair<Duration, Duration>> pairs = {
        {hours(1), seconds(600)}, {seconds(600), hours(1)}, {hours(24), hours(24)}};
    for (const auto& [ofA, ofB] : pairs)
    {
        EngineConfig a = SiteConfig(Side::A);
        EngineConfig b = SiteConfig(Side::B);
        a.peers[0].children[0].lifetime = ofA;
        b.peers[0].children[0].lifetime = ofB;
        PeerPair pair(a, b);
        pair.Acquire(m_initiator);
        pair.Settle();
        ASSERT_TRUE(pair.AreTunnelsUp());
        for (const Side side : {Side::A, Side::B})
        {
            for (const auto& [key, sa] : pair.End(side).sas)
            {
                EXPECT_EQ(sa.lifetime.hard, std::min(ofA, ofB)) << side;
                EXPECT_GT(sa.lifetime.soft, Duration::zero());
                EXPECT_LT(sa.lifetime.soft, sa.lifetime.hard);
            }
        }
    }
}

// Covers LT-03.
TEST_P(QuickModeNegotiation, KilobyteLifetimeCountsAtBothEnds)
{
    EngineConfig a = SiteConfig(Side::A);
    EngineConfig b = SiteConfig(Side::B);
    a.peers[0].children[0].lifetimeKilobytes = 100000;
    b.peers[0].children[0].lifetimeKilobytes = 100000;
    PeerPair pair(a, b);
    pair.Acquire(m_initiator);
    pair.Settle();
    ASSERT_TRUE(pair.AreTunnelsUp());
    EXPECT_EQ(pair.Sas(m_initiator, SaDirection::Outbound)[0].lifetime.hardKilobytes, 100000u);
    EXPECT_EQ(pair.Sas(m_responder, SaDirection::Outbound)[0].lifetime.hardKilobytes, 100000u);
}

// Covers LT-03. RFC 2407 section 4.6.3.1: the responder says where it is below the offer.
TEST_P(QuickModeNegotiation, LesserVolumeCountsAtBothEnds)
{
    for (const uint64_t ofA : {0, 1000, 70000})
    {
        for (const uint64_t ofB : {0, 1000, 70000})
        {
            for (const char* proposal : {"nopfs-esp-des-md5", "nopfs-ah-md5+esp-3des-sha"})
            {
                EngineConfig a = SiteConfig(Side::A, "pre-g1-des-md5", proposal);
                EngineConfig b = SiteConfig(Side::B, "pre-g1-des-md5", proposal);
                a.peers[0].children[0].lifetimeKilobytes = ofA;
                b.peers[0].children[0].lifetimeKilobytes = ofB;
                PeerPair pair(a, b);
                pair.Acquire(m_initiator);
                pair.Settle();
                ASSERT_EQ(pair.Disagreement(), "");
                const uint64_t least = ofA == 0 || ofB == 0 ? ofA + ofB : std::min(ofA, ofB);
                for (const Side side : {Side::A, Side::B})
                {
                    EXPECT_GE(pair.End(side).sas.size(), 2u);
                    for (const auto& [key, sa] : pair.End(side).sas)
                    {
                        EXPECT_EQ(sa.lifetime.hardKilobytes, least) << ofA << " and " << ofB;
                        EXPECT_EQ(sa.lifetime.softKilobytes == 0, least == 0);
                    }
                }
            }
        }
    }
}

// Covers AR-02.
TEST_P(QuickModeNegotiation, ReplayWindowIsALocalChoice)
{
    EngineConfig a = SiteConfig(Side::A);
    a.peers[0].children[0].replayWindow = 0;
    PeerPair pair(a, SiteConfig(Side::B));
    pair.Acquire(m_initiator);
    pair.Settle();
    ASSERT_TRUE(pair.AreTunnelsUp());
    EXPECT_EQ(pair.Sas(Side::A, SaDirection::Inbound)[0].replayWindow, 0u);
    EXPECT_EQ(pair.Sas(Side::B, SaDirection::Inbound)[0].replayWindow, 64u);
}

} // namespace ipsec
} // namespace ns3
