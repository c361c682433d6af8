// SPDX-License-Identifier: GPL-2.0-only
#include "config-samples.h"

#include <gtest/gtest.h>

namespace ns3
{
namespace ipsec
{

namespace
{

/// Returns the refusal of a child with one proposal that was not read from text.
std::string
ProposalRefusal(const Phase2Proposal& proposal)
{
    return ChildRefusal([&](ChildConfig& child) { child.proposals = {proposal}; });
}

} // namespace

TEST(ChildConfigCheck, DifferentPfsGroupsInOneOfferAreRefused)
{
    EXPECT_EQ(
        ChildRefusal([](ChildConfig& child)
                     { child.proposals = ParsePhase2Proposals("g2-esp-des-md5 g5-esp-des-md5"); }),
        "peer 'b', child 'lan': the proposals 'g2-esp-des-md5' and 'g5-esp-des-md5' differ in "
        "PFS; one offer carries one key exchange, so all must name the same group or nopfs");
    EXPECT_NE(ChildRefusal(
                  [](ChildConfig& child)
                  { child.proposals = ParsePhase2Proposals("nopfs-esp-des-md5 g5-esp-des-md5"); }),
              ACCEPTED);
}

TEST(ChildConfigCheck, ProposalWithoutProtocolIsRefused)
{
    EXPECT_EQ(ChildRefusal([](ChildConfig& child) { child.proposals = {Phase2Proposal{}}; }),
              "peer 'b', child 'lan': a proposal names neither ESP nor AH");
}

TEST(ChildConfigCheck, TransportModeForOthersTrafficIsRefused)
{
    const auto refusal = [](const char* local, const char* remote)
    {
        return ChildRefusal(
            [&](ChildConfig& child)
            {
                child.mode = EncapsulationMode::Transport;
                child.proxyId = {Prefix::Parse(local), Prefix::Parse(remote)};
            });
    };
    const std::string sentence = "transport mode carries only what the two ends themselves send; "
                                 "use tunnel mode, or the proxy ID 192.0.2.1/32 <-> 192.0.2.2/32";
    EXPECT_EQ(refusal("192.0.2.1/32", "192.0.2.2/32"), ACCEPTED);
    EXPECT_EQ(refusal("10.1.0.0/24", "10.2.0.0/24"), "peer 'b', child 'lan': " + sentence);
    EXPECT_EQ(refusal("192.0.2.1/32", "10.2.0.0/24"), "peer 'b', child 'lan': " + sentence);
    EXPECT_EQ(refusal("10.1.0.0/24", "192.0.2.2/32"), "peer 'b', child 'lan': " + sentence);
    EXPECT_EQ(refusal("192.0.2.0/24", "192.0.2.2/32"), "peer 'b', child 'lan': " + sentence);
}

TEST(ChildConfigCheck, TransportModeMayNameProtocolAndPorts)
{
    EXPECT_EQ(
        ChildRefusal(
            [](ChildConfig& child)
            {
                child.mode = EncapsulationMode::Transport;
                child.proxyId = {
                    Prefix::Parse("192.0.2.1/32"), Prefix::Parse("192.0.2.2/32"), 17, 1701, 0};
            }),
        ACCEPTED);
}

TEST(ChildConfigCheck, TransportModeWithADynamicPeerNeedsOneRemoteAddress)
{
    const auto refusal = [](const char* remote)
    {
        EngineConfig config;
        config.peers = {DynamicPeer("d")};
        ChildConfig& child = config.peers[0].children[0];
        child.mode = EncapsulationMode::Transport;
        child.proxyId = {Prefix::Parse("192.0.2.1/32"), Prefix::Parse(remote)};
        return Refusal(config);
    };
    EXPECT_EQ(refusal("192.0.2.2/32"), ACCEPTED);
    EXPECT_EQ(refusal("192.0.2.0/24"),
              "peer 'd', child 'lan': transport mode carries only what the two ends themselves "
              "send; use tunnel mode, or the proxy ID 192.0.2.1/32 <-> ADDRESS/32");
}

TEST(ChildConfigCheck, ReplayWindowIsOffOr32To4096)
{
    for (const uint32_t window : {0u, 32u, 64u, 4096u})
    {
        EXPECT_EQ(ChildRefusal([window](ChildConfig& child) { child.replayWindow = window; }),
                  ACCEPTED);
    }
    for (const uint32_t window : {1u, 31u, 4097u, 0xffffffffu})
    {
        EXPECT_EQ(ChildRefusal([window](ChildConfig& child) { child.replayWindow = window; }),
                  "peer 'b', child 'lan': the replay window is " + std::to_string(window) +
                      "; 0 (off) or 32 to 4096 are allowed");
    }
}

TEST(ChildConfigCheck, AhAndBundlesAreAccepted)
{
    for (const char* text : {"nopfs-ah-md5", "g2-ah-sha256", "nopfs-ah-md5+esp-3des-sha"})
    {
        EXPECT_EQ(ProposalRefusal(Phase2Proposal::Parse(text)), ACCEPTED) << text;
    }
}

TEST(ChildConfigCheck, AhWithForcedNatTraversalIsRefused)
{
    for (const char* text : {"nopfs-ah-md5", "nopfs-ah-md5+esp-3des-sha"})
    {
        const std::string refusal = PeerRefusal(
            [text](PeerConfig& peer)
            {
                peer.natTraversal = NatTraversal::Force;
                peer.children[0].proposals = ParsePhase2Proposals(text);
            });
        EXPECT_EQ(refusal,
                  std::string("peer 'b', child 'lan': the proposal '") + text +
                      "' asks for AH, which covers the addresses that a NAT changes; with forced "
                      "NAT traversal use ESP");
    }
}

TEST(ChildConfigCheck, EspWithoutIntegrityIsRefused)
{
    for (const CipherId cipher : {CipherId::Null, CipherId::Aes128, CipherId::Aes128Ctr})
    {
        Phase2Proposal proposal;
        proposal.esp = EspAlgorithms{cipher, IntegrityId::None};
        EXPECT_EQ(ProposalRefusal(proposal),
                  "peer 'b', child 'lan': the proposal '" + proposal.ToString() +
                      "' has no hash; ESP without integrity is not allowed");
    }
}

TEST(ChildConfigCheck, GcmWithAHashIsRefused)
{
    Phase2Proposal proposal;
    proposal.esp = EspAlgorithms{CipherId::Aes128Gcm, IntegrityId::HmacSha1_96};
    EXPECT_EQ(ProposalRefusal(proposal),
              "peer 'b', child 'lan': the proposal 'nopfs-esp-aes128gcm-sha' has a hash next to a "
              "cipher that needs none");
}

TEST(ChildConfigCheck, HashesWithoutANumberAreRefused)
{
    Phase2Proposal esp;
    esp.esp = EspAlgorithms{CipherId::Aes128, IntegrityId::HmacSha256_96};
    EXPECT_EQ(ProposalRefusal(esp),
              "peer 'b', child 'lan': the proposal 'nopfs-esp-aes128-sha256-96' has a hash that "
              "cannot be negotiated");
    for (const IntegrityId integrity : {IntegrityId::None, IntegrityId::HmacSha256_96})
    {
        Phase2Proposal ah;
        ah.ah = integrity;
        EXPECT_NE(ProposalRefusal(ah).find("has a hash that cannot be negotiated"),
                  std::string::npos);
    }
}

TEST(ChildConfigCheck, ExtendedSequenceNumbersNeedAWindow)
{
    for (const ExtendedSequence wish : {ExtendedSequence::Prefer, ExtendedSequence::Require})
    {
        const auto refusal = [wish](uint32_t window)
        {
            return ChildRefusal(
                [wish, window](ChildConfig& child)
                {
                    child.extendedSequence = wish;
                    child.replayWindow = window;
                });
        };
        EXPECT_EQ(refusal(32), ACCEPTED);
        EXPECT_EQ(refusal(0),
                  "peer 'b', child 'lan': extended sequence numbers need a replay window; it is "
                  "off");
    }
}

TEST(ChildConfigCheck, DscpAndTtlOfOuterHeadersMustFit)
{
    const auto dscp = [](uint8_t value)
    { return ChildRefusal([value](ChildConfig& child) { child.outerHeader.dscp = value; }); };
    EXPECT_EQ(dscp(0), ACCEPTED);
    EXPECT_EQ(dscp(63), ACCEPTED);
    EXPECT_EQ(dscp(64),
              "peer 'b', child 'lan': the DSCP of outer headers is 64; 0 to 63 are allowed");
    const auto ttl = [](uint8_t value)
    { return ChildRefusal([value](ChildConfig& child) { child.outerHeader.ttl = value; }); };
    EXPECT_EQ(ttl(1), ACCEPTED);
    EXPECT_EQ(ttl(0), "peer 'b', child 'lan': the TTL of outer headers is 0; 1 to 255 are allowed");
}

TEST(ChildConfigCheck, OwnAddressMustStandInTheProxyId)
{
    const auto own = [](const char* local)
    {
        return ChildRefusal(
            [local](ChildConfig& child)
            {
                child.localIsOwn = true;
                child.proxyId.local = Prefix::Parse(local);
            });
    };
    EXPECT_EQ(own("192.0.2.1/32"), ACCEPTED);
    EXPECT_EQ(own("10.1.0.0/24"),
              "peer 'b', child 'lan': the local side is our own address, but the proxy ID has "
              "10.1.0.0/24 in the place of 192.0.2.1/32");
}

TEST(ChildConfigCheck, CiphersThatPhase1DoesNotHaveAreRefusedThere)
{
    for (const CipherId cipher : {CipherId::Null, CipherId::Aes128Ctr, CipherId::Aes256Gcm})
    {
        const std::string refusal =
            PeerRefusal([cipher](PeerConfig& peer) { peer.proposals[0].cipher = cipher; });
        EXPECT_NE(refusal.find("has a cipher that phase 1 does not have"), std::string::npos);
    }
}

} // namespace ipsec
} // namespace ns3
