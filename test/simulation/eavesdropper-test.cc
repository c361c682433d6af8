// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/ipsec-eavesdropper.h"
#include "ns3/ipsec-expectation.h"
#include "ns3/ipsec-ladder.h"
#include "ns3/ipsec-report-displays.h"
#include "ns3/ipsec-report-files.h"
#include "ns3/ipsec-report-json.h"
#include "ns3/ipsec-scenario-reader.h"
#include "ns3/ipsec-scenario-runner.h"

#include <gtest/gtest.h>

namespace
{

using namespace ns3::ipsec;
using std::chrono::milliseconds;
using Labels = std::vector<PayloadLabel>;
using Texts = std::vector<std::string>;

/// Two ends and a tunnel between them, without any message.
RunRecord
Silence()
{
    RunRecord record;
    record.scenario = "sample";
    record.tunnels.push_back({"ab", "fw-a", "fw-b", false, {}, {}});
    record.nodes.resize(2);
    record.nodes[0].name = "fw-a";
    record.nodes[1].name = "fw-b";
    return record;
}

void
Say(RunRecord& record, const std::string& from, const Labels& payloads, bool encrypted = false)
{
    MessageRecord message;
    message.from = from;
    message.to = from == "fw-a" ? "fw-b" : "fw-a";
    message.order = record.messages.size();
    message.sentAt = Instant(milliseconds(20 * message.order));
    message.receivedAt = *message.sentAt + milliseconds(20);
    message.source.address = IpAddress::Parse(from == "fw-a" ? "192.0.2.1" : "192.0.2.2");
    message.summary.exchange = ExchangeType::AggressiveMode;
    message.summary.payloads = payloads;
    message.summary.encrypted = encrypted;
    record.messages.push_back(message);
}

/// Aggressive mode whose second message proves knowledge of a key by this payload.
RunRecord
AggressiveMode(PayloadType proof, const std::string& responder = "hub.example.com")
{
    RunRecord record = Silence();
    Say(record,
        "fw-a",
        {{PayloadType::Sa, 0, ""}, {PayloadType::Ke, 0, ""}, {PayloadType::Id, 0, "alice"}});
    Say(record,
        "fw-b",
        {{PayloadType::Sa, 0, ""}, {PayloadType::Id, 0, responder}, {proof, 0, ""}});
    Say(record, "fw-a", {{PayloadType::Hash, 0, ""}}, true);
    return record;
}

Overheard
Hear(const RunRecord& record)
{
    return Overhear(record, record.tunnels[0]);
}

bool
Holds(const std::string& sentence, const RunRecord& record)
{
    return EvaluateExpectations({ParseExpectation(sentence)}, record).at(0).pass;
}

/// Runs a scenario that is shipped.
RunRecord
RunShipped(const std::string& name)
{
    return RunScenario(ReadScenario(std::string(IPSEC_SCENARIOS) + "/" + name + ".ini", {}));
}

TEST(Eavesdropper, HearsWhoSaysItIsWho)
{
    const Overheard overheard = Hear(AggressiveMode(PayloadType::Sig));
    EXPECT_EQ(overheard.ends[0].identities, Texts{"alice"});
    EXPECT_EQ(overheard.ends[1].identities, Texts{"hub.example.com"});
    EXPECT_TRUE(overheard.HasIdentities());
}

TEST(Eavesdropper, CannotReadWhatIsEncrypted)
{
    RunRecord record = Silence();
    Say(record, "fw-a", {{PayloadType::Id, 0, "alice"}, {PayloadType::Cert, 0, "CN=alice"}}, true);
    EXPECT_FALSE(Hear(record).HasIdentities());
    EXPECT_EQ(OverheardSentences(Hear(record)), Texts{"nothing but addresses and proposals"});
}

TEST(Eavesdropper, HearsNothingInSilence)
{
    EXPECT_EQ(OverheardSentences(Hear(Silence())), Texts{"nothing, there was no message"});
}

TEST(Eavesdropper, NotesWhatIsSaidAgainOnce)
{
    RunRecord record = AggressiveMode(PayloadType::Sig);
    Say(record, "fw-a", {{PayloadType::Id, 0, "alice"}});
    Say(record, "fw-a", {{PayloadType::Id, 0, "bob"}});
    EXPECT_EQ(Hear(record).ends[0].identities, (Texts{"alice", "bob"}));
}

TEST(Eavesdropper, DoesNotTakeTheNetworksChangesForWords)
{
    RunRecord record = Silence();
    Say(record, "fw-a", {{PayloadType::Id, 0, "alicf"}});
    record.messages[0].isNetworkCopy = true;
    EXPECT_FALSE(Hear(record).HasIdentities());
}

TEST(Eavesdropper, OwnAddressIsNoNewsButAnotherOneIs)
{
    RunRecord record = AggressiveMode(PayloadType::Hash, "192.0.2.2");
    EXPECT_EQ(Hear(record).ends[1].identities, Texts());
    EXPECT_TRUE(Hear(record).ends[1].provesKey);
    Say(record, "fw-b", {{PayloadType::Id, 0, "10.0.0.1"}});
    EXPECT_EQ(Hear(record).ends[1].identities, Texts{"10.0.0.1"});
}

TEST(Eavesdropper, ListensToTheEndsOfThisTunnelOnly)
{
    RunRecord record = AggressiveMode(PayloadType::Hash);
    record.tunnels.push_back({"ac", "fw-a", "fw-c", false, {}, {}});
    EXPECT_FALSE(Overhear(record, record.tunnels[1]).hasMessages);
}

TEST(Eavesdropper, CertificateIsAnIdentityButAnAuthorityIsNot)
{
    RunRecord record = Silence();
    Say(record, "fw-b", {{PayloadType::CertRequest, 0, "CN=root"}});
    EXPECT_FALSE(Hear(record).HasIdentities());
    EXPECT_EQ(OverheardSentences(Hear(record)), Texts{"fw-b trusts the authority CN=root"});
    Say(record, "fw-b", {{PayloadType::Cert, 0, "CN=hub, O=Example"}});
    EXPECT_TRUE(Hear(record).HasIdentities());
    EXPECT_EQ(OverheardSentences(Hear(record))[0], "fw-b has the certificate of CN=hub, O=Example");
}

TEST(Eavesdropper, CanTryPasswordsWithTheHashOfAnAggressiveResponder)
{
    const Overheard overheard = Hear(AggressiveMode(PayloadType::Hash));
    EXPECT_FALSE(overheard.ends[0].provesKey);
    EXPECT_TRUE(overheard.ends[1].provesKey);
    const Texts sentences = OverheardSentences(overheard);
    ASSERT_EQ(sentences.size(), 3u);
    EXPECT_EQ(sentences[2].rfind("HASH_R of fw-b is enough to try passwords offline", 0), 0u);
}

TEST(Eavesdropper, SignatureGivesNothingToTryPasswordsWith)
{
    EXPECT_FALSE(Hear(AggressiveMode(PayloadType::Sig)).ends[1].provesKey);
}

TEST(Eavesdropper, HashBesideAnEncryptedIdentityGivesNothingEither)
{
    EXPECT_FALSE(Hear(AggressiveMode(PayloadType::Hash, "")).ends[1].provesKey);
}

TEST(Eavesdropper, EveryReportHasTheSection)
{
    const RunRecord record = AggressiveMode(PayloadType::Hash);
    EXPECT_NE(ReportText(record).find("What an eavesdropper learns\n  tunnel ab: fw-a is alice\n"),
              std::string::npos);
    EXPECT_NE(
        ReportHtml(record).find("<h2 id=\"eavesdropper\">What an eavesdropper learns</h2>\n<ul>\n"
                                "<li>tunnel ab: fw-a is alice</li>"),
        std::string::npos);
    EXPECT_NE(ReportJson(record).find(R"("eavesdropper": {
        "learnsIdentities": true,
        "canTryPasswords": true,
        "identities": {
          "fw-a": [
            "alice"
          ],
          "fw-b": [
            "hub.example.com"
          ]
        },
        "certificates": {
          "fw-a": [],
          "fw-b": []
        },
        "authorities": {
          "fw-a": [],
          "fw-b": []
        }
      })"),
              std::string::npos)
        << ReportJson(record);
}

TEST(Ladder, ShowsWhatIsReadableAndCutsLongNames)
{
    const std::string name = "CN=fw-b.branches.example.com, OU=Branches, O=Example, C=DE";
    RunRecord record = AggressiveMode(PayloadType::Sig, name);
    record.messages[1].summary.payloads.insert(record.messages[1].summary.payloads.begin() + 2,
                                               {PayloadType::Cert, 0, name});
    const Ladder ladder = MakeLadders(record).at(0);
    EXPECT_EQ(ladder.steps[0].payloads, "SA KE ID(alice)");
    EXPECT_EQ(ladder.steps[1].payloads, "SA ID(CN=fw-b.branch...) CERT(CN=fw-b.branch...) SIG");
    EXPECT_EQ(ladder.steps[2].payloads, "HASH");
    const std::string line = "aggressive 2: " + ladder.steps[1].payloads + " -";
    EXPECT_NE(LadderText(ladder).find(line), std::string::npos) << LadderText(ladder);
    EXPECT_NE(LadderSvg({ladder}, "").find("SA KE ID(alice)</text>"), std::string::npos);
}

TEST(Expectations, EavesdropperLearnsIdentitiesOrNothing)
{
    const RunRecord loud = AggressiveMode(PayloadType::Sig);
    EXPECT_TRUE(Holds("eavesdropper ab learns identities", loud));
    EXPECT_FALSE(Holds("eavesdropper ab learns nothing", loud));
    RunRecord quiet = Silence();
    EXPECT_FALSE(Holds("eavesdropper ab learns nothing", quiet));
    Say(quiet, "fw-a", {{PayloadType::Sa, 0, ""}});
    EXPECT_FALSE(Holds("eavesdropper ab learns identities", quiet));
    EXPECT_TRUE(Holds("eavesdropper ab learns nothing", quiet));
}

TEST(Expectations, EavesdropperLearnsAHashOrNone)
{
    const RunRecord shared = AggressiveMode(PayloadType::Hash);
    EXPECT_TRUE(Holds("eavesdropper ab learns hash", shared));
    EXPECT_FALSE(Holds("eavesdropper ab learns no-hash", shared));
    const RunRecord signature = AggressiveMode(PayloadType::Sig);
    EXPECT_FALSE(Holds("eavesdropper ab learns hash", signature));
    EXPECT_TRUE(Holds("eavesdropper ab learns no-hash", signature));
    EXPECT_FALSE(Holds("eavesdropper ab learns no-hash", Silence()));
}

TEST(Expectations, HintIsForWhoeverDidNotMeetThem)
{
    RunRecord record = AggressiveMode(PayloadType::Hash);
    Expectation expectation = ParseExpectation("eavesdropper ab learns no-hash");
    expectation.hint = "try <main> mode";
    record.expectations = EvaluateExpectations({expectation}, record);
    EXPECT_NE(VerdictText(record).find("\n        hint: try <main> mode\n"), std::string::npos)
        << VerdictText(record);
    EXPECT_NE(ReportJson(record).find("\"hint\": \"try <main> mode\""), std::string::npos);
    EXPECT_NE(ReportHtml(record).find("; hint: try &lt;main&gt; mode</td>"), std::string::npos);
    expectation = ParseExpectation("eavesdropper ab learns hash");
    expectation.hint = "try main mode";
    record.expectations = EvaluateExpectations({expectation}, record);
    EXPECT_EQ(VerdictText(record).find("hint"), std::string::npos);
    EXPECT_EQ(ReportJson(record).find("\"hint\""), std::string::npos);
}

TEST(Eavesdropper, TellsAggressiveModeFromMainModeInARealRun)
{
    const RunRecord record = RunShipped("main-vs-aggressive");
    const Texts slow = OverheardSentences(Overhear(record, *record.FindTunnel("slow")));
    EXPECT_EQ(slow, Texts{"nothing but addresses and proposals"});
    const Overheard fast = Overhear(record, *record.FindTunnel("fast"));
    EXPECT_EQ(fast.ends[0].identities, Texts{"fast-a.example.org"});
    EXPECT_EQ(fast.ends[1].identities, Texts{"fast-b.example.org"});
    EXPECT_TRUE(fast.ends[1].provesKey);
}

} // namespace
