// SPDX-License-Identifier: GPL-2.0-only
#include "config-samples.h"

#include <cmath>
#include <gtest/gtest.h>

namespace ns3
{
namespace ipsec
{

namespace
{

using std::chrono::seconds;

} // namespace

TEST(EngineConfigCheck, GoodConfigurationIsAccepted)
{
    EngineConfig config = GoodConfig();
    config.peers.push_back(GoodPeer("c", "192.0.2.3"));
    config.peers.push_back(DynamicPeer("d"));
    config.peers[0].children.push_back(GoodChild("dmz"));
    config.peers[0].children.back().proxyId.local = Prefix::Parse("10.9.0.0/24");
    EXPECT_EQ(Refusal(config), ACCEPTED);
}

TEST(EngineConfigCheck, NoPeersAndNoChildrenAreAccepted)
{
    EXPECT_EQ(Refusal(EngineConfig{}), ACCEPTED);
    EXPECT_EQ(PeerRefusal([](PeerConfig& peer) { peer.children.clear(); }), ACCEPTED);
}

TEST(EngineConfigCheck, NoPhase1ProposalIsRefused)
{
    EXPECT_EQ(PeerRefusal([](PeerConfig& peer) { peer.proposals.clear(); }),
              "peer 'b': there are 0 proposals; 1 to 4 are allowed");
}

// Covers P1-09.
TEST(EngineConfigCheck, FifthPhase1ProposalIsRefused)
{
    EXPECT_EQ(PeerRefusal([](PeerConfig& peer) { peer.proposals.resize(4); }), ACCEPTED);
    EXPECT_EQ(PeerRefusal([](PeerConfig& peer) { peer.proposals.resize(5); }),
              "peer 'b': there are 5 proposals; 1 to 4 are allowed");
}

// Covers QM-05.
TEST(EngineConfigCheck, FifthPhase2ProposalIsRefused)
{
    EXPECT_EQ(ChildRefusal([](ChildConfig& child) { child.proposals.clear(); }),
              "peer 'b', child 'lan': there are 0 proposals; 1 to 4 are allowed");
    EXPECT_EQ(ChildRefusal([](ChildConfig& child)
                           { child.proposals.resize(5, child.proposals.front()); }),
              "peer 'b', child 'lan': there are 5 proposals; 1 to 4 are allowed");
}

TEST(EngineConfigCheck, MissingPreSharedKeyIsRefused)
{
    EXPECT_EQ(PeerRefusal([](PeerConfig& peer) { peer.preSharedKey = SecretBytes(); }),
              "peer 'b': the pre-shared key is missing");
}

TEST(EngineConfigCheck, MissingAddressesAreRefused)
{
    EXPECT_EQ(PeerRefusal([](PeerConfig& peer) { peer.localAddress = IpAddress{}; }),
              "peer 'b': the local address is missing");
    EXPECT_EQ(PeerRefusal([](PeerConfig& peer) { peer.remoteAddress = IpAddress{}; }),
              "peer 'b': the remote address is 0.0.0.0; leave it out for a peer with a dynamic "
              "address");
}

TEST(EngineConfigCheck, EqualAddressesAreRefused)
{
    EXPECT_EQ(PeerRefusal([](PeerConfig& peer) { peer.remoteAddress = peer.localAddress; }),
              "peer 'b': the local and the remote address are both 192.0.2.1");
}

TEST(EngineConfigCheck, GroupAtOneAddressIsRefused)
{
    EXPECT_EQ(
        PeerRefusal([](PeerConfig& peer) { peer.isGroup = true; }),
        "peer 'b': a group of clients cannot have the one address 192.0.2.2; leave the remote "
        "address out");
    EXPECT_EQ(PeerRefusal(
                  [](PeerConfig& peer)
                  {
                      peer.isGroup = true;
                      peer.remoteAddress.reset();
                  }),
              ACCEPTED);
}

TEST(EngineConfigCheck, TwoPeersAtOneAddressAreRefused)
{
    EngineConfig config = GoodConfig();
    config.peers.push_back(GoodPeer("c", "192.0.2.2"));
    EXPECT_EQ(Refusal(config), "peers 'b' and 'c': both have the same local and remote address");
    config.peers[1].localAddress = IpAddress::Parse("198.51.100.1");
    EXPECT_EQ(Refusal(config), ACCEPTED);
}

TEST(EngineConfigCheck, NameUsedTwiceIsRefused)
{
    EngineConfig config = GoodConfig();
    config.peers.push_back(GoodPeer("b", "192.0.2.3"));
    EXPECT_EQ(Refusal(config), "peer 'b': the name is used twice");
    EXPECT_EQ(PeerRefusal([](PeerConfig& peer) { peer.children.push_back(GoodChild("lan")); }),
              "peer 'b': two children have the name 'lan'");
}

TEST(EngineConfigCheck, TwoChildrenForTheSameTrafficAreRefused)
{
    EXPECT_NE(PeerRefusal([](PeerConfig& peer) { peer.children.push_back(GoodChild("other")); })
                  .find("a request could not tell them apart"),
              std::string::npos);
}

TEST(EngineConfigCheck, ChildrenOfDifferentPeersMayShareAName)
{
    EngineConfig config = GoodConfig();
    config.peers.push_back(GoodPeer("c", "192.0.2.3"));
    EXPECT_EQ(config.peers[0].children[0].name, config.peers[1].children[0].name);
    EXPECT_EQ(Refusal(config), ACCEPTED);
}

TEST(EngineConfigCheck, LifetimesThatDoNotFitTheWireAreRefused)
{
    for (const Duration lifetime : {Duration::zero(),
                                    Duration(seconds(-1)),
                                    Duration(std::chrono::milliseconds(999)),
                                    Duration(seconds(4294967296))})
    {
        EXPECT_EQ(PeerRefusal([lifetime](PeerConfig& peer) { peer.lifetime = lifetime; }),
                  "peer 'b': the lifetime must be 1 to 4294967295 seconds");
        EXPECT_EQ(ChildRefusal([lifetime](ChildConfig& child) { child.lifetime = lifetime; }),
                  "peer 'b', child 'lan': the lifetime must be 1 to 4294967295 seconds");
    }
    EXPECT_EQ(PeerRefusal([](PeerConfig& peer) { peer.lifetime = seconds(4294967295); }), ACCEPTED);
    EXPECT_EQ(ChildRefusal([](ChildConfig& child) { child.lifetimeKilobytes = 0x100000000; }),
              "peer 'b', child 'lan': the lifetime in kilobytes must be 0 (none) to 4294967295");
}

// Covers LT-02.
TEST(EngineConfigCheck, DefaultLifetimesLieInTheUsualRange)
{
    const PeerConfig peer = GoodPeer("b", "192.0.2.2");
    EXPECT_GE(peer.lifetime, std::chrono::hours(1));
    EXPECT_LE(peer.lifetime, std::chrono::hours(24));
    EXPECT_GE(peer.children[0].lifetime, std::chrono::minutes(30));
    EXPECT_LE(peer.children[0].lifetime, std::chrono::hours(3));
    EXPECT_GT(peer.lifetime, peer.children[0].lifetime);
}

TEST(EngineConfigCheck, NonceOutsideTheRfcIsRefused)
{
    for (const uint32_t octets : {7u, 257u})
    {
        EXPECT_EQ(PeerRefusal([octets](PeerConfig& peer)
                              { peer.personality.Edit().nonceOctets = octets; }),
                  "peer 'b': the nonce has " + std::to_string(octets) +
                      " octets; 8 to 256 are allowed");
    }
}

TEST(EngineConfigCheck, FragmentsThatHoldNothingOrAreNoPacketAreRefused)
{
    for (const uint32_t octets : {0u, 127u, 65536u})
    {
        EXPECT_EQ(PeerRefusal([octets](PeerConfig& peer)
                              { peer.personality.Edit().fragmentOctets = octets; }),
                  "peer 'b': IKE fragments of " + std::to_string(octets) +
                      " octets are not allowed; 128 to 65535 are");
    }
}

TEST(EngineConfigCheck, WaitsThatShrinkOrDoNotPassAreRefused)
{
    const std::string sentence =
        "peer 'b': retransmission waits must be positive and must not shrink";
    EXPECT_EQ(
        PeerRefusal([](PeerConfig& peer) { peer.personality.Edit().retransmission.growth = 0.9; }),
        sentence);
    EXPECT_EQ(
        PeerRefusal([](PeerConfig& peer) { peer.personality.Edit().retransmission.first = {}; }),
        sentence);
    EXPECT_EQ(
        PeerRefusal([](PeerConfig& peer) { peer.personality.Edit().retransmission.cap = {}; }),
        sentence);
}

TEST(EngineConfigCheck, AnswersToUnprovenAddressesThatNeverEndAreRefused)
{
    EXPECT_EQ(
        PeerRefusal([](PeerConfig& peer) { peer.personality.Edit().aggressiveReplyTries = 10; }),
        ACCEPTED);
    EXPECT_EQ(
        PeerRefusal([](PeerConfig& peer) { peer.personality.Edit().aggressiveReplyTries = 11; }),
        "peer 'b': the second message of aggressive mode would be repeated 11 times to an "
        "address that is not proven; at most 10 are allowed");
}

TEST(EngineConfigCheck, RenewalNeverOrAtOnceIsRefused)
{
    for (const double percent : {0.0, -1.0, 100.5})
    {
        EXPECT_EQ(
            PeerRefusal([percent](PeerConfig& peer)
                        { peer.personality.Edit().softLifetimePercent = percent; }),
            "peer 'b': an SA must be renewed after more than 0 and at most 100 percent of its "
            "lifetime");
    }
    EXPECT_EQ(PeerRefusal([](PeerConfig& peer) { peer.personality.Edit().maxQuickModes = 0; }),
              "peer 'b': at least one quick mode at once is needed");
}

namespace
{

/// One field of a personality spoilt, and what is said of it.
struct Nonsense
{
    void (*spoil)(Personality&);
    const char* sentence;
};

const Nonsense NONSENSE[] = {
    {[](Personality& p) { p.retransmission.step = std::chrono::seconds(-1); },
     "retransmission waits must be positive and must not shrink"},
    {[](Personality& p) { p.retransmission.growth = std::nan(""); },
     "retransmission waits must be positive and must not shrink"},
    {[](Personality& p) { p.retransmission.growth = 10.5; },
     "retransmission waits must not grow more than tenfold"},
    {[](Personality& p) { p.retransmission.tries = 101; },
     "a message would be repeated 101 times; at most 100 are allowed"},
    {[](Personality& p) { p.retransmission.firstWaits = 0; },
     "1 to 100 retransmission waits must be of the first length"},
    {[](Personality& p) { p.retransmission.jitter = 0.95; },
     "0 to 90 percent of a retransmission wait may be random"},
    {[](Personality& p) { p.retransmission.jitter = std::nan(""); },
     "0 to 90 percent of a retransmission wait may be random"},
    {[](Personality& p) {
         p.retransmission = {std::chrono::hours(1), 10.0, 100, Duration::max()};
     },
     "an exchange that nobody answers must be given up within a day"},
    {[](Personality& p) { p.halfOpenTimeout = {}; },
     "the time that half-open state waits must be longer than nothing and at most a day"},
    {[](Personality& p) { p.ledgerTime = {}; },
     "the time that duplicates are answered must be longer than nothing and at most a day"},
    {[](Personality& p) { p.rememberedMessages = 0; },
     "1 to 16 messages of an exchange are remembered"},
    {[](Personality& p) { p.ikeLifetime = {}; }, "the lifetime must be 1 to 4294967295 seconds"},
    {[](Personality& p) { p.ipsecLifetime = {}; }, "the lifetime must be 1 to 4294967295 seconds"},
    {[](Personality& p) { p.ipsecLifetimeKilobytes = 0x100000000; },
     "the lifetime in kilobytes must be 0 (none) to 4294967295"},
    {[](Personality& p) { p.renewalMargin = std::chrono::seconds(-1); },
     "the margin of renewals must be at most a day"},
    {[](Personality& p) { p.leastRenewalMargin = std::chrono::hours(25); },
     "the least margin of renewals must be at most a day"},
    {[](Personality& p) { p.renewalFuzz = -0.1; },
     "the random part of a renewal's margin must be 0 to 10 times the margin"},
    {[](Personality& p) { p.responderMargin = 11; },
     "a responder's margin must be 0 to 10 times the initiator's"},
    {[](Personality& p) { p.oldIkeSaDelay = std::chrono::hours(25); },
     "the time that a replaced IKE SA stays must be at most a day"},
    {[](Personality& p) { p.retirementDelay = std::chrono::hours(25); },
     "the time that a replaced pair stays must be at most a day"},
    {[](Personality& p) { p.graceTime = std::chrono::seconds(-1); },
     "the time that a withdrawn pair receives must be at most a day"},
    {[](Personality& p) { p.natKeepalive = std::chrono::hours(25); },
     "the silence before a NAT keepalive must be at most a day"},
    {[](Personality& p) { p.dpdDelay = std::chrono::seconds(-1); },
     "the delay of dead peer detection must be at most a day"},
    {[](Personality& p) { p.dpdRetry = {}; },
     "the wait between probes of dead peer detection must be longer than nothing and at most a "
     "day"},
    {[](Personality& p) { p.dpdTries = 0; }, "dead peer detection needs 1 to 100 probes"},
    {[](Personality& p) { p.dpdFirstSequenceMask = 0x80000000; },
     "the first number of dead peer detection must have its highest bit clear"},
    {[](Personality& p) { p.firstPause = {}; },
     "the first pause before a negotiation is repeated must be longer than nothing and at most a "
     "day"},
    {[](Personality& p) { p.longestPause = std::chrono::hours(25); },
     "the longest pause before one is repeated must be longer than nothing and at most a day"},
    {[](Personality& p) { p.longestPause = std::chrono::seconds(4); },
     "the longest pause before a negotiation is repeated is shorter than the first"},
};

} // namespace

TEST(EngineConfigCheck, NonsenseInAPersonalityIsRefusedInOneSentence)
{
    for (const Nonsense& row : NONSENSE)
    {
        EXPECT_EQ(PeerRefusal([&row](PeerConfig& peer) { row.spoil(peer.personality.Edit()); }),
                  std::string("peer 'b': ") + row.sentence);
    }
}

TEST(EngineConfigCheck, PausesThatDoNotGrowAreAccepted)
{
    EXPECT_EQ(PeerRefusal([](PeerConfig& peer)
                          { peer.personality.Edit().longestPause = peer.personality->firstPause; }),
              ACCEPTED);
}

TEST(EngineConfigCheck, DeadPeerDetectionThatNeverEndsIsRefused)
{
    const auto refusal = [](DpdConfig dpd)
    { return PeerRefusal([dpd](PeerConfig& peer) { peer.dpd = dpd; }); };
    EXPECT_EQ(refusal({DpdMode::Periodic}), ACCEPTED);
    EXPECT_EQ(refusal({DpdMode::Periodic, seconds(10), seconds(5), 5}), ACCEPTED);
    EXPECT_EQ(refusal({DpdMode::Off, {}, {}, 0}), ACCEPTED);
    EXPECT_EQ(
        refusal({DpdMode::Periodic, {}, seconds(5), 5}),
        "peer 'b': the delay of dead peer detection must be longer than nothing and at most a "
        "day");
    EXPECT_EQ(
        refusal({DpdMode::Always, seconds(10), {}, 5}),
        "peer 'b': the wait between probes of dead peer detection must be longer than nothing "
        "and at most a day");
    EXPECT_EQ(refusal({DpdMode::OnDemand, seconds(10), seconds(5), 0}),
              "peer 'b': dead peer detection needs 1 to 100 probes");
}

TEST(EngineConfigCheck, AllPresetsAreAccepted)
{
    for (const std::string& name : Personality::PresetNames())
    {
        EXPECT_EQ(PeerRefusal([&name](PeerConfig& peer)
                              { peer.personality = Personality::Preset(name); }),
                  ACCEPTED)
            << name;
    }
}

} // namespace ipsec
} // namespace ns3
