// SPDX-License-Identifier: GPL-2.0-only
#include "config-samples.h"
#include "test-credentials.h"

#include <gtest/gtest.h>

namespace ns3
{
namespace ipsec
{

namespace
{

/// Returns the refusal of a peer by RSA signatures whose local ID is @p id.
std::string
LocalIdRefusal(const std::string& id,
               const std::string& method = "rsa",
               CertificateSending sending = CertificateSending::IfAsked)
{
    EngineConfig config = SiteConfig(Side::A, method + "-g2-aes128-sha");
    UseKeys(config, Side::A);
    config.peers[0].localId = Identity::Parse(id);
    config.peers[0].certificateSending = sending;
    return Refusal(config);
}

/// Returns the refusal of a dynamic peer of a kind whose remote ID is @p id.
std::string
DynamicIdRefusal(PeerKind kind, const std::string& id, Phase1Mode mode = Phase1Mode::Aggressive)
{
    EngineConfig config;
    config.peers = {DynamicAggressivePeer("d", id)};
    config.peers[0].kind = kind;
    config.peers[0].mode = mode;
    return Refusal(config);
}

const std::string MALLORY = "peer 'other': the local ID is mallory.example.com, but the "
                            "certificate for the proposal '";
const std::string NAMES = "' names alice.example.com or alice@example.com or 192.0.2.1 or "
                          "CN=alice, O=Example";

} // namespace

// Covers P1-29.
TEST(EngineConfigIdentities, WhatOurCertificateNamesIsAccepted)
{
    for (const char* id :
         {"alice.example.com", "alice@example.com", "192.0.2.1", "CN=alice, O=Example"})
    {
        EXPECT_EQ(LocalIdRefusal(id), ACCEPTED);
    }
    EXPECT_EQ(LocalIdRefusal("keyid:mallory"), ACCEPTED);
}

// Covers P1-29.
TEST(EngineConfigIdentities, WhatOurCertificateDoesNotNameIsRefused)
{
    EXPECT_EQ(LocalIdRefusal("mallory.example.com"), MALLORY + "rsa-g2-aes128-sha" + NAMES);
    EXPECT_NE(LocalIdRefusal("mallory@example.com"), ACCEPTED);
    EXPECT_NE(LocalIdRefusal("192.0.2.3"), ACCEPTED);
    EXPECT_NE(LocalIdRefusal("CN=mallory, O=Example"), ACCEPTED);
}

TEST(EngineConfigIdentities, OurAddressMustBeNamedWhereItIsOurIdentity)
{
    EngineConfig config = SiteConfig(Side::A, "rsa-g2-aes128-sha");
    UseKeys(config, Side::A);
    config.peers[0].localId.reset();
    EXPECT_EQ(Refusal(config), ACCEPTED);
    config.peers[0].localAddress = IpAddress::Parse("192.0.2.9");
    EXPECT_EQ(Refusal(config),
              "peer 'other': the local ID is 192.0.2.9, but the certificate for the proposal "
              "'rsa-g2-aes128-sha" +
                  NAMES);
}

TEST(EngineConfigIdentities, CertificateThatIsNotSentNeedNotNameUs)
{
    const std::string id = "mallory.example.com";
    EXPECT_EQ(LocalIdRefusal(id, "rsa", CertificateSending::Never), ACCEPTED);
    EXPECT_EQ(LocalIdRefusal(id, "pre", CertificateSending::Always), ACCEPTED);
    for (const std::string method : {"rsaenc", "rsarev"})
    {
        EXPECT_EQ(LocalIdRefusal(id, method), ACCEPTED);
        EXPECT_EQ(LocalIdRefusal(id, method, CertificateSending::Always),
                  MALLORY + method + "-g2-aes128-sha" + NAMES);
    }
}

// Covers AM-04.
TEST(EngineConfigIdentities, DialUpUserWithAPreSharedKeyInMainModeIsRefused)
{
    EXPECT_EQ(DynamicIdRefusal(PeerKind::DialUp, "alice@example.com"), ACCEPTED);
    EXPECT_EQ(DynamicIdRefusal(PeerKind::DialUp, "alice@example.com", Phase1Mode::Main),
              "peer 'd': a dial-up user with a pre-shared key needs aggressive mode; main mode "
              "would look for the key by an address that nobody knows beforehand");
    EXPECT_EQ(DynamicIdRefusal(PeerKind::Site, "alice@example.com", Phase1Mode::Main), ACCEPTED);
}

// Covers AM-04.
TEST(EngineConfigIdentities, DialUpUserWithACertificateMayUseMainMode)
{
    EngineConfig config = SiteConfig(Side::B, "rsa-g2-aes128-sha");
    UseKeys(config, Side::B);
    config.peers[0].kind = PeerKind::DialUp;
    config.peers[0].remoteAddress.reset();
    EXPECT_EQ(Refusal(config), ACCEPTED);
}

// Covers P1-14, AM-04.
TEST(EngineConfigIdentities, DynamicVpnInMainModeIsRefused)
{
    EXPECT_EQ(DynamicIdRefusal(PeerKind::DynamicVpn, "alice@example.com"), ACCEPTED);
    EXPECT_EQ(DynamicIdRefusal(PeerKind::DynamicVpn, "alice@example.com", Phase1Mode::Main),
              "peer 'd': dynamic VPN needs aggressive mode");
}

// Covers P1-14.
TEST(EngineConfigIdentities, DynamicVpnWithAPredefinedSetIsRefused)
{
    const auto refusal = [](PeerKind kind, const std::string& set)
    {
        EngineConfig config;
        config.peers = {DynamicAggressivePeer("d", "alice@example.com")};
        config.peers[0].kind = kind;
        config.peers[0].proposalSet = set;
        return Refusal(config);
    };
    for (const std::string set : {"standard", "compatible", "basic"})
    {
        EXPECT_EQ(refusal(PeerKind::DynamicVpn, set),
                  "peer 'd': the predefined proposal set '" + set +
                      "' cannot be used for dynamic VPN; write custom proposals");
        EXPECT_EQ(refusal(PeerKind::DialUp, set), ACCEPTED);
    }
    EXPECT_EQ(refusal(PeerKind::DynamicVpn, ""), ACCEPTED);
}

// Covers AM-05.
TEST(EngineConfigIdentities, DialUpUserMayGoByMailAddressNameOrAddress)
{
    for (const char* id : {"alice@example.com", "pc.example.com", "192.0.2.77"})
    {
        EXPECT_EQ(DynamicIdRefusal(PeerKind::DialUp, id), ACCEPTED) << id;
        EXPECT_EQ(DynamicIdRefusal(PeerKind::DynamicVpn, id), ACCEPTED) << id;
    }
}

// Covers AM-06, PO-06.
TEST(EngineConfigIdentities, DynamicSiteThatGoesByAnAddressIsRefused)
{
    for (const Phase1Mode mode : {Phase1Mode::Main, Phase1Mode::Aggressive})
    {
        for (const char* id : {"gw@example.com", "gw.example.com", "keyid:gw", "CN=gw, O=Example"})
        {
            EXPECT_EQ(DynamicIdRefusal(PeerKind::Site, id, mode), ACCEPTED) << id;
        }
        EXPECT_EQ(DynamicIdRefusal(PeerKind::Site, "192.0.2.77", mode),
                  "peer 'd': the remote ID is the address 192.0.2.77, but the peer's address is "
                  "dynamic; name a site by a domain, a user at a domain, a key ID or a "
                  "distinguished name");
    }
}

// Covers PO-05, PO-06.
TEST(EngineConfigIdentities, AddressOtherThanThePeersIsRefusedWhereThereIsNoNat)
{
    const auto refusal = [](NatTraversal nat, const std::string& id)
    {
        return PeerRefusal(
            [&](PeerConfig& peer)
            {
                peer.natTraversal = nat;
                peer.remoteId = Identity::Parse(id);
            });
    };
    EXPECT_EQ(refusal(NatTraversal::Off, "192.0.2.3"),
              "peer 'b': the remote ID is the address 192.0.2.3, but the peer is called at "
              "192.0.2.2; without NAT traversal both must be the same, or the ID a name");
    EXPECT_EQ(refusal(NatTraversal::Off, "192.0.2.2"), ACCEPTED);
    EXPECT_EQ(refusal(NatTraversal::Off, "gw.example.com"), ACCEPTED);
    EXPECT_EQ(refusal(NatTraversal::Auto, "10.0.0.1"), ACCEPTED);
    EXPECT_EQ(refusal(NatTraversal::Force, "10.0.0.1"), ACCEPTED);
}

} // namespace ipsec
} // namespace ns3
