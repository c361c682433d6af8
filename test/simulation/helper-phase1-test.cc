// SPDX-License-Identifier: GPL-2.0-only
// What IpsecHelper sets up in a few lines: modes, methods, users.
#include "two-sites.h"

#include "ns3/ipsec-conversions.h"
#include "ns3/simulator.h"
#include "ns3/string.h"

#include <gtest/gtest.h>

namespace ns3
{
namespace ipsec
{

namespace
{

/// Sends one packet from site to site and returns gateway A's IKE SA.
IkeSaInfo
SaOf(TwoSites& sites)
{
    sites.Connect();
    sites.SendAt(Seconds(1), sites.pcA, TwoSites::PC_B);
    sites.RunUntil(Seconds(5));
    EXPECT_EQ(sites.receivedB.size(), 1U);
    const std::vector<IkeSaInfo> sas = sites.DaemonA()->GetEngine().IkeSas();
    EXPECT_EQ(sas.size(), 1U);
    return sas.empty() ? IkeSaInfo{} : sas[0];
}

class HelperMethod : public testing::TestWithParam<const char*>
{
};

// Covers P1-04, P1-06.
TEST_P(HelperMethod, NeedsProposalsOnly)
{
    for (const Phase1Mode mode : {Phase1Mode::Main, Phase1Mode::Aggressive})
    {
        TwoSites sites;
        const std::string proposal = std::string(GetParam()) + "-g2-aes128-sha";
        sites.helper.SetPhase1Proposals(proposal);
        sites.helper.SetPreSharedKey("tiandihui2");
        sites.helper.SetPhase1Mode(mode);
        const IkeSaInfo sa = SaOf(sites);
        EXPECT_EQ(sa.proposal.ToString(), proposal);
        EXPECT_EQ(sa.mode, mode);
    }
}

INSTANTIATE_TEST_SUITE_P(
    All,
    HelperMethod,
    testing::Values("pre", "rsa", "dsa", "ecdsa256", "ecdsa384", "ecdsa521", "rsaenc", "rsarev"));

// Covers P1-05.
TEST(HelperCertificates, AuthorityOfTheUserIssuesThem)
{
    TwoSites sites;
    auto pki = std::make_shared<IpsecPki>();
    PkiAuthority authority;
    authority.name = "mine";
    authority.key = KeyChoice::Parse("ecdsa256");
    authority.subject = ParseDistinguishedName("CN=Mine");
    pki->AddAuthority(authority);
    sites.helper.UseCertificates(pki);
    sites.helper.SetPhase1Proposals("ecdsa256-g2-aes128-sha");
    sites.helper.SetFragmentation(true);
    EXPECT_NE(SaOf(sites).certificateSubject, "");
    EXPECT_EQ(DistinguishedNameText(pki->AuthorityCertificate("mine").Subject()), "CN=Mine");
}

TEST(HelperCertificates, AreJudgedByTheDateOfTheRun)
{
    TwoSites sites;
    sites.helper.SetPhase1Proposals("rsa-g2-aes128-sha");
    sites.helper.SetDaemonAttribute("StartDate", StringValue("2046-01-01"));
    sites.Connect();
    sites.SendAt(Seconds(1), sites.pcA, TwoSites::PC_B);
    sites.RunUntil(Seconds(5));
    EXPECT_EQ(sites.receivedB.size(), 0U);
    EXPECT_GT(sites.DaemonB()->Drops().count(Fault::CertificateExpired), 0U);
}

TEST(HelperCertificates, DateThatIsNoneIsRefused)
{
    TwoSites sites;
    sites.helper.SetPreSharedKey("tiandihui2");
    sites.helper.SetDaemonAttribute("StartDate", StringValue("soon"));
    EXPECT_THROW(sites.Connect(), std::invalid_argument);
}

// Covers AM-09.
TEST(HelperModes, MainModeSiteRefusesAggressiveModeSilently)
{
    TwoSites sites;
    const auto peer = [](const char* own, const char* other, Phase1Mode mode)
    {
        PeerConfig config;
        config.name = other;
        config.localAddress = IpAddress::Parse(own);
        config.remoteAddress = IpAddress::Parse(other);
        config.mode = mode;
        config.aggressiveRefusal = AggressiveRefusal::Silent;
        config.proposals = ParsePhase1Proposals("standard");
        config.preSharedKey = SecretBytes(AsOctets("tiandihui2"));
        EngineConfig engine;
        engine.peers.push_back(config);
        return engine;
    };
    sites.helper.Install(sites.gatewayA,
                         peer(TwoSites::ADDRESS_A, TwoSites::ADDRESS_B, Phase1Mode::Aggressive));
    sites.helper.Install(sites.gatewayB,
                         peer(TwoSites::ADDRESS_B, TwoSites::ADDRESS_A, Phase1Mode::Main));
    Simulator::Schedule(Seconds(1), [&sites] { sites.DaemonA()->Initiate(0); });
    sites.RunUntil(Seconds(2));
    EXPECT_EQ(sites.DaemonB()->Drops().at(Fault::ExchangeRefused), 1U);
    EXPECT_TRUE(sites.DaemonA()->Drops().empty());
}

/// Makes gateway A the node of a user, who gets an address at gateway B.
void
ConnectUser(TwoSites& sites, ModeConfigRole role)
{
    AddressPool pool;
    pool.name = "pool";
    pool.first = IpAddress::Parse("10.9.0.1");
    pool.last = IpAddress::Parse("10.9.0.9");
    ModeConfig server;
    server.role = role;
    server.pool = "pool";
    sites.helper.AddPool(pool);
    sites.helper.UseModeConfig(server);
    sites.helper.UseXauth("alice", "wonderland");
    sites.helper.ConnectClient(sites.gatewayA,
                               TwoSites::ADDRESS_A,
                               "alice@example.com",
                               sites.gatewayB,
                               TwoSites::ADDRESS_B,
                               TwoSites::LAN_B);
    sites.helper.InstallSites();
    IpsecHelper::AssignStreams(NodeContainer(sites.gatewayA, sites.gatewayB), 100);
    Simulator::Schedule(MilliSeconds(1), [&sites] { sites.DaemonA()->Initiate(0); });
    sites.EchoFromNowOn();
    sites.SendAt(Seconds(1), sites.gatewayA, TwoSites::PC_B);
    sites.RunUntil(Seconds(3));
    EXPECT_EQ(sites.PlaneA()->ProtectedPackets(), 1U);
    EXPECT_EQ(sites.PlaneA()->UnprotectedPackets(), 1U);
    EXPECT_GE(sites.gatewayA->GetObject<Ipv4>()->GetInterfaceForAddress("10.9.0.1"), 0);
}

// Covers P1-07.
TEST(HelperClients, UserWithAPreSharedKeyAnswersXauthAndAsksForAnAddress)
{
    TwoSites sites;
    sites.helper.SetPreSharedKey("tiandihui2");
    sites.helper.SetPhase1Mode(Phase1Mode::Aggressive);
    ConnectUser(sites, ModeConfigRole::PullServer);
}

// Covers P1-07.
TEST(HelperClients, UserWithoutACertificateTrustsTheGatewaysAndIsToldAnAddress)
{
    TwoSites sites;
    sites.helper.SetPhase1Proposals("hybrid-g2-aes128-sha");
    ConnectUser(sites, ModeConfigRole::PushServer);
}

} // namespace
} // namespace ipsec
} // namespace ns3
