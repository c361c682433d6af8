// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/ipsec-expectation.h"
#include "ns3/ipsec-report-json.h"
#include "ns3/ipsec-scenario-reader.h"
#include "ns3/ipsec-scenario-runner.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <stdexcept>

namespace
{

using namespace ns3::ipsec;
using std::chrono::seconds;

/// A tunnel between a client and its hub, with nothing that happened.
RunRecord
Nothing()
{
    RunRecord record;
    record.tunnels.push_back({"in", "alice", "hub", false, {}, {}});
    record.nodes.resize(3);
    record.nodes[0].name = "alice";
    record.nodes[1].name = "hub";
    record.nodes[2].name = "bob";
    return record;
}

/// Adds an IKE SA of alice's with a peer, established after so many seconds.
void
Establish(RunRecord& record, const std::string& peer, Phase1Mode mode, int64_t at)
{
    IkeSaRecord sa;
    sa.peer = peer;
    sa.info.mode = mode;
    sa.info.proposal = Phase1Proposal::Parse("pre-g2-aes128-sha");
    sa.info.establishedAt = Instant(seconds(at));
    sa.order = static_cast<uint64_t>(at);
    record.nodes[0].ikeSas.push_back(sa);
}

void
Assign(RunRecord& record, const char* address, int64_t at)
{
    record.nodes[0].addresses.push_back(
        {Instant(seconds(at)), "hub", IpAddress::Parse(address), 0});
}

bool
Holds(const std::string& sentence, const RunRecord& record)
{
    return EvaluateExpectations({ParseExpectation(sentence)}, record).at(0).pass;
}

TEST(Phase1Expectations, ModeIsThatOfTheNewestIkeSaOfTheEnds)
{
    RunRecord record = Nothing();
    EXPECT_FALSE(Holds("ike-mode in = main", record));
    EXPECT_FALSE(Holds("ike-mode in = aggressive", record));
    Establish(record, "hub", Phase1Mode::Main, 1);
    EXPECT_TRUE(Holds("ike-mode in = main", record));
    Establish(record, "hub", Phase1Mode::Aggressive, 2);
    EXPECT_FALSE(Holds("ike-mode in = main", record));
    EXPECT_TRUE(Holds("ike-mode in = aggressive", record));
    Establish(record, "elsewhere", Phase1Mode::Main, 3);
    EXPECT_TRUE(Holds("ike-mode in = aggressive", record));
}

TEST(Phase1Expectations, AddressIsTheLastOneThatAClientGot)
{
    RunRecord record = Nothing();
    EXPECT_FALSE(Holds("client alice has address", record));
    EXPECT_FALSE(Holds("client alice address = 10.0.0.1", record));
    Assign(record, "10.0.0.1", 1);
    EXPECT_TRUE(Holds("client alice has address", record));
    EXPECT_TRUE(Holds("client alice address = 10.0.0.1", record));
    EXPECT_FALSE(Holds("client bob has address", record));
    Assign(record, "10.0.0.2", 2);
    EXPECT_FALSE(Holds("client alice address = 10.0.0.1", record));
    EXPECT_TRUE(Holds("client alice address = 10.0.0.2", record));
}

TEST(Phase1Expectations, TunnelFailsIfTheResponderAloneKnowsWhy)
{
    RunRecord record = Nothing();
    record.nodes[1].dropCounts[Fault::CertificateExpired] = 1;
    // The drop was somebody else's doing.
    record.nodes[1].drops.push_back({Instant(seconds(1)), Fault::CertificateExpired, "bob", 0, 0});
    EXPECT_FALSE(Holds("tunnel in fails with CertificateExpired", record));
    record.nodes[1].drops.push_back(
        {Instant(seconds(2)), Fault::CertificateExpired, "alice", 0, 0});
    EXPECT_TRUE(Holds("tunnel in fails with CertificateExpired", record));
    EXPECT_FALSE(Holds("tunnel in fails with CertificateRevoked", record));
    EXPECT_FALSE(Holds("tunnel in fails", record));
}

TEST(Phase1Expectations, RepetitionIsNoFailure)
{
    RunRecord record = Nothing();
    record.nodes[1].dropCounts[Fault::Duplicate] = 1;
    record.nodes[1].drops.push_back({Instant(seconds(1)), Fault::Duplicate, "alice", 0, 0});
    EXPECT_FALSE(Holds("tunnel in fails with Duplicate", record));
}

TEST(Phase1Expectations, NonsenseIsRefused)
{
    for (const char* text : {"ike-mode in",
                             "ike-mode in > main",
                             "ike-mode in = quick",
                             "client alice",
                             "client alice has",
                             "client alice has luck",
                             "client alice address = here",
                             "client alice address > 10.0.0.1",
                             "eavesdropper in",
                             "eavesdropper in hears nothing",
                             "eavesdropper in learns",
                             "eavesdropper in learns everything"})
    {
        EXPECT_THROW(ParseExpectation(text), std::invalid_argument) << text;
    }
}

TEST(Phase1Expectations, NamesMustBeThere)
{
    const std::string path = std::string(IPSEC_SCENARIOS) + "/mode-config.ini";
    for (const char* text : {"ike-mode nowhere = main",
                             "eavesdropper nowhere learns nothing",
                             "eavesdropper nowhere learns hash",
                             "eavesdropper nowhere learns no-hash",
                             "client nobody has address",
                             "client hub has address"})
    {
        EXPECT_THROW(ReadScenario(path, {std::string("expect.alice-up.that=") + text}),
                     std::invalid_argument)
            << text;
    }
}

TEST(Phase1Results, IkeSaTellsModeCertificateUserAndAddress)
{
    RunRecord record = Nothing();
    Establish(record, "hub", Phase1Mode::Aggressive, 5);
    EXPECT_NE(ReportJson(record).find("\"mode\": \"aggressive\""), std::string::npos);
    for (const char* key : {"certificate", "xauthUser", "assignedAddress"})
    {
        EXPECT_NE(ReportJson(record).find("\"" + std::string(key) + "\": null"), std::string::npos);
    }
    // An address of an earlier IKE SA is not this one's.
    Assign(record, "10.0.0.1", 4);
    EXPECT_NE(ReportJson(record).find("\"assignedAddress\": null"), std::string::npos);
    Assign(record, "10.0.0.2", 6);
    record.nodes[0].ikeSas[0].xauthUser = "alice";
    record.nodes[0].ikeSas[0].info.certificateSubject = "CN=hub";
    const std::string json = ReportJson(record);
    EXPECT_NE(json.find("\"certificate\": \"CN=hub\""), std::string::npos);
    EXPECT_NE(json.find("\"xauthUser\": \"alice\""), std::string::npos);
    EXPECT_NE(json.find("\"assignedAddress\": \"10.0.0.2\""), std::string::npos);
}

RunRecord
RunShipped(const std::string& name)
{
    return RunScenario(ReadScenario(std::string(IPSEC_SCENARIOS) + "/" + name + ".ini", {}));
}

// Covers XA-01.
TEST(Phase1Results, BothEndsKnowWhomXauthLetIn)
{
    const RunRecord record = RunShipped("xauth");
    for (const auto& [name, peer] : {std::pair("alice", "hub"), std::pair("hub", "alice")})
    {
        const std::deque<IkeSaRecord>& sas = record.FindNode(name)->ikeSas;
        const auto found = std::find_if(
            sas.begin(), sas.end(), [&](const IkeSaRecord& sa) { return sa.peer == peer; });
        ASSERT_NE(found, sas.end()) << name;
        EXPECT_EQ(found->xauthUser, "alice") << name;
    }
    for (const IkeSaRecord& sa : record.FindNode("mallory")->ikeSas)
    {
        EXPECT_EQ(sa.xauthUser, "");
    }
}

TEST(Phase1Results, ClientsRecordTheirAddressesAndTheServerNone)
{
    const RunRecord record = RunShipped("mode-config");
    ASSERT_EQ(record.FindNode("alice")->addresses.size(), 1u);
    EXPECT_EQ(record.FindNode("alice")->addresses[0].address, IpAddress::Parse("10.2.1.77"));
    EXPECT_EQ(record.FindNode("bob")->addresses.size(), 1u);
    EXPECT_TRUE(record.FindNode("hub")->addresses.empty());
}

} // namespace
