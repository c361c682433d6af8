// SPDX-License-Identifier: GPL-2.0-only
#include "key-holder.h"
#include "plain-crypto.h"
#include "test-credentials.h"

#include <gtest/gtest.h>

namespace ns3
{
namespace ipsec
{

namespace
{

constexpr auto MAIN = Phase1Mode::Main;
constexpr auto AGGRESSIVE = Phase1Mode::Aggressive;

/// A site that calls a hub from an address that the hub does not know.
struct Caller
{
    std::string name;
    Phase1Mode mode = MAIN;
    std::string key = "tiandihui2";
    std::string proposals = "rsa-g1-aes128-sha";
};

Identity
IdOf(const std::string& name)
{
    return Identity::Parse(name + ".example.com");
}

OwnKey
KeyOf(const std::string& name)
{
    CertificateRequest request = TestRequest(Side::A);
    request.subject = ParseDistinguishedName("CN=" + name + ", O=Example");
    request.alternativeNames = {{AlternativeNameKind::Dns, AsOctets(name + ".example.com").Copy()}};
    SeededRandomSource random(1);
    const PrivateKey& key = TestKey(name, KeyKind::Rsa);
    return {key, {IssueCertificate(request, key.Public(), TestIssuer("root"), random)}};
}

/// The caller's own configuration.
EngineConfig
CallerConfig(const Caller& caller)
{
    EngineConfig config = SiteConfig(Side::A, caller.proposals);
    UseKeys(config, Side::A);
    EditKeys(config).own = {KeyOf(caller.name)};
    PeerConfig& peer = config.peers[0];
    peer.localId = IdOf(caller.name);
    peer.mode = caller.mode;
    peer.preSharedKey = SecretBytes(AsOctets(caller.key));
    peer.children.clear();
    return config;
}

/// What the hub knows of all of them.
EngineConfig
HubConfig(const std::vector<Caller>& callers)
{
    EngineConfig config;
    for (const Caller& caller : callers)
    {
        EngineConfig one = SiteConfig(Side::B, caller.proposals);
        UseKeys(one, Side::B);
        PeerConfig& peer = one.peers[0];
        peer.name = caller.name;
        peer.remoteAddress.reset();
        peer.remoteId = IdOf(caller.name);
        peer.mode = caller.mode;
        peer.preSharedKey = SecretBytes(AsOctets(caller.key));
        if (!peer.peerCertificates.empty())
        {
            peer.peerCertificates = KeyOf(caller.name).chain;
        }
        peer.children.clear();
        config.peers.push_back(peer);
    }
    return config;
}

/// Lets a caller try and returns the name under which the hub knows it; empty if it does not.
std::string
KnownAs(const EngineConfig& caller, const EngineConfig& hub)
{
    PeerPair pair(caller, hub);
    pair.PutBehindNat(IpAddress::Parse("198.51.100.7"));
    pair.Initiate(Side::A);
    pair.Settle();
    const std::vector<IkeSaInfo> sas = pair.End(Side::B).engine.IkeSas();
    EXPECT_LE(sas.size(), 1u);
    return sas.empty() ? "" : sas[0].peerName;
}

std::string
KnownAs(const Caller& caller, const std::vector<Caller>& hub)
{
    return KnownAs(CallerConfig(caller), HubConfig(hub));
}

/// A hub with callers of both modes, in an order that helps nobody.
const std::vector<Caller> SIGNING = {{"alice", AGGRESSIVE},
                                     {"bob", MAIN},
                                     {"carol", AGGRESSIVE},
                                     {"dave", MAIN}};

std::vector<Caller>
WithMethod(const std::string& proposals, Phase1Mode mode)
{
    return {{"alice", mode, "k", proposals}, {"bob", mode, "k", proposals}};
}

} // namespace

// Covers P1-15: with signatures main mode is answered to all.
TEST(DynamicPeers, AreKnownByWhatTheySignInMainMode)
{
    for (const Caller& caller : SIGNING)
    {
        EXPECT_EQ(KnownAs({caller.name, MAIN}, SIGNING), caller.name);
    }
}

// Covers AM-07, AM-09.
TEST(DynamicPeers, AreKnownByWhatTheySignInAggressiveModeIfItIsTheirs)
{
    for (const Caller& caller : SIGNING)
    {
        EXPECT_EQ(KnownAs({caller.name, AGGRESSIVE}, SIGNING),
                  caller.mode == AGGRESSIVE ? caller.name : "");
    }
}

// S1
TEST(DynamicPeers, CannotSignForAnother)
{
    for (const Phase1Mode mode : {MAIN, AGGRESSIVE})
    {
        for (const char* claimed : {"bob", "carol", "mallory"})
        {
            EngineConfig thief = CallerConfig({"alice", mode});
            thief.peers[0].localId = IdOf(claimed);
            // What it signs with is known at the hub, so that only the name is wrong.
            thief.peers[0].certificateSending = CertificateSending::Never;
            EngineConfig hub = HubConfig(SIGNING);
            for (PeerConfig& peer : hub.peers)
            {
                peer.peerCertificates = {thief.peers[0].keys->own[0].chain.front()};
            }
            EXPECT_EQ(KnownAs(thief, hub), "") << claimed;
        }
    }
}

// Covers P1-20: main mode goes by the list of the peers that want it.
TEST(DynamicPeers, OfMainModeGetTheirListWhoeverStandsBeforeThem)
{
    const std::vector<Caller> hub = {{"alice", AGGRESSIVE, "k", "rsa-g1-3des-md5"},
                                     {"bob", MAIN, "k", "pre-g1-aes128-sha"}};
    EXPECT_EQ(KnownAs(hub[1], hub), "bob");
}

// Covers AM-07.
TEST(DynamicPeers, InAggressiveModeHaveKeysOfTheirOwn)
{
    const std::vector<Caller> hub = {{"alice", AGGRESSIVE, "key of alice", "pre-g1-aes128-sha"},
                                     {"bob", AGGRESSIVE, "key of bob", "pre-g1-des-md5"}};
    for (const Caller& caller : hub)
    {
        EXPECT_EQ(KnownAs(caller, hub), caller.name);
        Caller thief = caller;
        thief.name = caller.name == "bob" ? "alice" : "bob";
        EXPECT_EQ(KnownAs(thief, hub), "");
    }
}

// Covers MM-05.
TEST(DynamicPeers, InMainModeShareOneKeyAndAreKnownByTheirIdentities)
{
    const std::vector<Caller> hub = {{"alice", MAIN, "shared", "pre-g1-aes128-sha"},
                                     {"bob", MAIN, "shared", "pre-g1-aes128-sha"}};
    EXPECT_EQ(KnownAs(hub[0], hub), "alice");
    EXPECT_EQ(KnownAs(hub[1], hub), "bob");
    EXPECT_EQ(KnownAs({"mallory", MAIN, "shared", "pre-g1-aes128-sha"}, hub), "");
}

namespace
{

/// Peers of both modes at one address of the hub, with two keys.
const std::vector<Caller> MIXED = {{"alice", AGGRESSIVE, "first", "pre-g1-aes128-sha"},
                                   {"bob", MAIN, "second", "pre-g1-aes128-sha"},
                                   {"carol", MAIN, "second", "pre-g1-aes128-sha"},
                                   {"dave", AGGRESSIVE, "third", "pre-g1-aes128-sha"}};

} // namespace

// S1
TEST(DynamicPeers, OfBothModesAreKnownWithTheirOwnKeyAndModeOnly)
{
    for (const Caller& caller : MIXED)
    {
        for (const char* key : {"first", "second", "third"})
        {
            for (const Phase1Mode mode : {MAIN, AGGRESSIVE})
            {
                const bool own = caller.key == key && caller.mode == mode;
                EXPECT_EQ(KnownAs({caller.name, mode, key, "pre-g1-aes128-sha"}, MIXED),
                          own ? caller.name : "")
                    << caller.name << " with the " << key << " key, aggressive "
                    << (mode == AGGRESSIVE);
            }
        }
    }
}

// S1: a liar does not mind HASH_R. It may send AM3 in clear, so that only the hash stands against
// it.
TEST(DynamicPeers, CannotProveAnotherByAClearThirdMessage)
{
    for (const std::string key : {"first", "third"})
    {
        EngineConfig liar = CallerConfig({"dave", AGGRESSIVE, "first", "pre-g1-aes128-sha"});
        liar.peers[0].natTraversal = NatTraversal::Off;
        PeerPair pair(liar, HubConfig(MIXED));
        pair.PutBehindNat(IpAddress::Parse("198.51.100.7"));
        pair.Initiate(Side::A);
        const auto am1 = ClearPayloads(pair.Next().octets);
        pair.Deliver();
        const auto am2 = ClearPayloads(pair.Next().octets);
        const IsakmpHeader header = *ParseIsakmpHeader(pair.Next().octets);
        PlainPhase1 plain;
        plain.suite.proofHash = "SHA1";
        plain.ckyI = OctetView(header.initiatorCookie).Copy();
        plain.ckyR = OctetView(header.responderCookie).Copy();
        plain.saI = BodyOf(am1, PayloadType::Sa);
        plain.gxi = BodyOf(am1, PayloadType::Ke);
        plain.gxr = BodyOf(am2, PayloadType::Ke);
        plain.idI = BodyOf(am1, PayloadType::Id);
        plain.skeyid =
            PlainHmac("SHA1",
                      AsOctets(key),
                      Concat({BodyOf(am1, PayloadType::Nonce), BodyOf(am2, PayloadType::Nonce)}));
        pair.Inject(Side::B, ClearMessage(header, {{PayloadType::Hash, plain.HashI()}}));
        EXPECT_EQ(pair.End(Side::B).engine.IkeSas().size(), key == "third" ? 1u : 0u);
    }
}

// Covers MM-06: whoever else is there.
TEST(DynamicPeers, OfMainModeWithDifferentKeysCannotBeConfigured)
{
    std::vector<Caller> hub = MIXED;
    EXPECT_NO_THROW(HubConfig(hub).Validate());
    hub[2].key = "another";
    EXPECT_THROW(HubConfig(hub).Validate(), std::invalid_argument);
}

// Covers P1-20.
TEST(DynamicPeers, OfMainModeWithDifferentListsCannotBeConfigured)
{
    std::vector<Caller> hub = MIXED;
    hub[2].proposals = "pre-g1-des-md5";
    EXPECT_THROW(HubConfig(hub).Validate(), std::invalid_argument);
}

// Covers P1-20.
TEST(DynamicPeers, GetTheSharedListAndAStaticPeerItsOwn)
{
    EngineConfig hub = HubConfig({{"alice", MAIN, "k", "pre-g1-3des-md5"}});
    PeerConfig fixed = HubConfig({{"bob", MAIN, "k", "pre-g1-aes128-sha"}}).peers[0];
    fixed.remoteAddress = IpAddress::Parse("192.0.2.1");
    hub.peers.push_back(fixed);
    const std::string both = "pre-g1-3des-md5, pre-g1-aes128-sha";
    for (const bool moved : {false, true})
    {
        PeerPair pair(CallerConfig({moved ? "alice" : "bob", MAIN, "k", both}), hub);
        if (moved)
        {
            pair.PutBehindNat(IpAddress::Parse("198.51.100.7"));
        }
        pair.Initiate(Side::A);
        pair.Settle();
        ASSERT_EQ(pair.End(Side::B).engine.IkeSas().size(), 1u);
        EXPECT_EQ(pair.End(Side::B).engine.IkeSas()[0].proposal.ToString(),
                  moved ? "pre-g1-3des-md5" : "pre-g1-aes128-sha");
    }
}

TEST(DynamicPeers, ThatNobodyKnowsAreRefusedOnceTheyAreNamed)
{
    const std::vector<Caller> hub = {{"alice", MAIN, "k", "pre-g1-aes128-sha"}};
    PeerPair pair(CallerConfig({"mallory", MAIN, "k", "pre-g1-aes128-sha"}), HubConfig(hub));
    pair.PutBehindNat(IpAddress::Parse("198.51.100.7"));
    pair.Initiate(Side::A);
    pair.Settle();
    EXPECT_TRUE(pair.IsIkeDown());
    EXPECT_GE(pair.Drops(Side::B, Fault::IdentityMismatch), 1u);
}

/// Both methods by public key encryption in both modes.
class DynamicHiddenPeers : public testing::TestWithParam<std::tuple<std::string, Phase1Mode>>
{
  protected:
    const std::string m_proposal = std::get<0>(GetParam()) + "-g1-aes128-sha";
    const Phase1Mode m_mode = std::get<1>(GetParam());

    /// Messages that the hub has sent when it has read who calls.
    size_t
    AnswersUntilNamed() const
    {
        return m_mode == MAIN ? 2 : 1;
    }
};

INSTANTIATE_TEST_SUITE_P(EveryWay,
                         DynamicHiddenPeers,
                         testing::Combine(testing::Values("rsaenc", "rsarev"),
                                          testing::Values(MAIN, AGGRESSIVE)),
                         [](const auto& info) {
                             return std::get<0>(info.param) +
                                    (std::get<1>(info.param) == MAIN ? "Main" : "Aggressive");
                         });

// Covers AM-07.
TEST_P(DynamicHiddenPeers, AreKnownByTheirHiddenIdentities)
{
    const std::vector<Caller> hub = WithMethod(m_proposal, m_mode);
    EXPECT_EQ(KnownAs(hub[0], hub), "alice");
    EXPECT_EQ(KnownAs(hub[1], hub), "bob");
}

// S1
TEST_P(DynamicHiddenPeers, CannotHideBehindAnother)
{
    const std::vector<Caller> hub = WithMethod(m_proposal, m_mode);
    EngineConfig thief = CallerConfig(hub[0]);
    thief.peers[0].localId = IdOf("bob");
    EXPECT_EQ(KnownAs(thief, HubConfig(hub)), "");
}

// bad input 105: whether an identity could be read, and whose it is, must not show in the answer.
TEST_P(DynamicHiddenPeers, AreAllAnsweredAlike)
{
    // carol's list has nothing that the others offer, and another mode may refuse them.
    std::vector<Caller> callers = WithMethod(m_proposal, m_mode);
    callers.push_back({"carol", AGGRESSIVE, "k", "pre-g1-des-md5"});
    std::vector<size_t> sizes;
    for (const char* claimed : {"alice", "bob", "carol", "mallory"})
    {
        EngineConfig caller = CallerConfig(callers[0]);
        caller.peers[0].localId = IdOf(claimed);
        caller.peers[0].natTraversal = NatTraversal::Off;
        PeerPair pair(caller, HubConfig(callers));
        pair.PutBehindNat(IpAddress::Parse("198.51.100.7"));
        pair.Initiate(Side::A);
        pair.DeliverAll(2 * AnswersUntilNamed() - 1);
        ASSERT_EQ(pair.InFlight(), 1u) << claimed;
        EXPECT_NE(pair.Next().summary.exchange, ExchangeType::Informational) << claimed;
        sizes.push_back(pair.Next().octets.size());
        EXPECT_EQ(sizes.back(), sizes.front()) << claimed;
        EXPECT_EQ(pair.Drops(Side::B), 0u) << claimed;
    }
}

// S1: what nobody can read proves nobody, not even to somebody who has the hub's own key.
TEST(DynamicHiddenPeer, CannotProveItselfWithTheHubsKey)
{
    const Caller alice = {"alice", MAIN, "k", "rsarev-g1-aes128-sha"};
    EngineConfig hub = HubConfig({alice});
    hub.peers[0].peerCertificates.clear();
    EngineConfig honest = CallerConfig(alice);
    honest.peers[0].certificateSending = CertificateSending::Always;
    EXPECT_EQ(KnownAs(honest, hub), "alice");

    EngineConfig thief = CallerConfig(alice);
    EditKeys(thief).own = hub.peers[0].keys->own;
    thief.peers[0].certificateSending = CertificateSending::Never;
    EXPECT_EQ(KnownAs(thief, hub), "");
}

} // namespace ipsec
} // namespace ns3
