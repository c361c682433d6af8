// SPDX-License-Identifier: GPL-2.0-only
// What each mistake with certificates comes to, and the lab that shows it.
#include "lab-program-test.h"
#include "thrown-sentence.h"

#include "ns3/ipsec-certificate-lab.h"
#include "ns3/ipsec-scenario-reader.h"
#include "ns3/ipsec-scenario-runner.h"

#include <map>

namespace ns3
{
namespace ipsec
{
namespace
{

const LabScenario LAB{std::string(IPSEC_SCENARIOS) + "/../labs/certificates.ini", {}};

class CertificateLabCases : public FolderTest
{
  protected:
    CertificateLabCases()
    {
        if (!m_outcomes.empty())
        {
            return;
        }
        // Keys are made in no time, and sizes do not matter here.
        LabScenario quick = LAB;
        quick.changes = {"gateway.left.certificate-key=rsa1024",
                         "gateway.right.certificate-key=rsa1024"};
        const Scenario scenario = quick.Read();
        const CertificateTunnel names = FindCertificateTunnel(scenario);
        for (const CertificateCase& one : CertificateCases(scenario, names, m_folder.string()))
        {
            m_outcomes[one.name] = RunCertificateCase(LAB, names, one);
        }
    }

    /// Of all cases; they are run once for all tests.
    static std::map<std::string, CertificateOutcome> m_outcomes;
};

std::map<std::string, CertificateOutcome> CertificateLabCases::m_outcomes;

TEST_F(CertificateLabCases, HaveEachAReasonAtTheEndThatJudges)
{
    const std::map<std::string, Fault> reasons{{"expired", Fault::CertificateExpired},
                                               {"early", Fault::CertificateNotYetValid},
                                               {"issuer-expired", Fault::CertificateExpired},
                                               {"revoked", Fault::CertificateRevoked},
                                               {"issuer-revoked", Fault::CertificateRevoked},
                                               {"no-list", Fault::RevocationUnknown},
                                               {"self-signed", Fault::UntrustedSelfSigned},
                                               {"unknown-authority", Fault::UnknownAuthority},
                                               {"short-chain", Fault::UnknownAuthority},
                                               {"not-sent", Fault::MissingCertificate},
                                               {"not-asked", Fault::MissingCertificate},
                                               {"weak-hash", Fault::WeakCertificate},
                                               {"weak-key", Fault::WeakCertificate},
                                               {"other-id", Fault::IdentityMismatch}};
    for (const auto& [name, fault] : reasons)
    {
        const CertificateOutcome& one = m_outcomes.at(name);
        ASSERT_TRUE(one.noticed.has_value()) << name << " " << one.refusal;
        EXPECT_EQ(one.noticed->node, "right") << name;
        EXPECT_EQ(FaultName(one.noticed->fault), std::string(FaultName(fault))) << name;
        EXPECT_EQ(one.message, "main 5") << name;
        EXPECT_EQ(one.answer, "HASH N(AUTHENTICATION-FAILED), encrypted") << name;
        // The one whose certificate it is hears no more than that.
        EXPECT_EQ(one.firstReason, Fault::ErrorNotify) << name;
        EXPECT_FALSE(one.upAt.has_value()) << name;
    }
    // All of them, that of the one who answers, the good one, and those that are refused.
    EXPECT_EQ(m_outcomes.size(), reasons.size() + 4);
}

TEST_F(CertificateLabCases, TheOneWhoAnswersBelievedToHaveAnIkeSa)
{
    const CertificateOutcome& one = m_outcomes.at("answerer-expired");
    ASSERT_TRUE(one.noticed.has_value());
    EXPECT_EQ(one.noticed->node, "left");
    EXPECT_EQ(one.message, "main 6");
    EXPECT_EQ(one.answer, "HASH D, encrypted");
    EXPECT_EQ(one.firstReason, Fault::CertificateExpired);
    ASSERT_EQ(one.secondLog.size(), 2u);
    EXPECT_NE(one.secondLog[0].find("IKE SA up"), std::string::npos);
    EXPECT_NE(one.secondLog[1].find("IKE SA down: Terminated"), std::string::npos);
}

TEST_F(CertificateLabCases, SomeAreRefusedBeforeAnythingIsSent)
{
    EXPECT_NE(m_outcomes.at("other-name").refusal.find("names other.example.org"),
              std::string::npos);
    EXPECT_NE(m_outcomes.at("wrong-key").refusal.find("is not the certificate of private-key-file"),
              std::string::npos);
    for (const char* name : {"other-name", "wrong-key"})
    {
        EXPECT_FALSE(m_outcomes.at(name).noticed.has_value());
    }
    const CertificateOutcome& good = m_outcomes.at("good");
    EXPECT_TRUE(good.upAt.has_value());
    EXPECT_FALSE(good.noticed.has_value());
    EXPECT_EQ(good.refusal, "");
}

TEST(CertificateLabTunnel, HasAnAuthorityBelowARoot)
{
    const std::string file = std::string(IPSEC_SCENARIOS) + "/site-to-site.ini";
    EXPECT_NE(ThrownSentence([&] { FindCertificateTunnel(ReadScenario(file)); })
                  .find("has no tunnel whose first end has a certificate"),
              std::string::npos);
}

class CertificateLabSizes : public FolderTest
{
  protected:
    CertificateSizes
    Measure(std::vector<std::string> changes) const
    {
        changes.emplace_back("gateway.left.certificate-key=rsa1024");
        changes.emplace_back("gateway.right.certificate-key=rsa1024");
        RunOptions options;
        options.pcapFolder = m_folder.string();
        const CertificateTunnel names{"office", "left", "right", "issuing", "root"};
        const RunRecord record = RunScenario(LAB.Read(changes), options);
        return MeasureCertificates(
            record, names, {}, ReadIpCapture((m_folder / "left-internet.pcap").string()));
    }
};

TEST_F(CertificateLabSizes, FragmentsOfIpAreCounted)
{
    const CertificateSizes whole = Measure({"tunnel.office.auth=ecdsa256"});
    EXPECT_EQ(whole.ipFragments, 0u);
    EXPECT_EQ(whole.packets, 6u);
    const CertificateSizes ip = Measure({"internet.mtu=600B", "tunnel.office.fragmentation=false"});
    EXPECT_EQ(ip.message, "main 5");
    EXPECT_EQ(ip.datagrams, 1u);
    EXPECT_EQ(ip.datagramOctets, ip.octets);
    EXPECT_GE(ip.ipFragments, 4u);
    EXPECT_LE(ip.largestPacket, 600u);
    // Four messages in one packet, the others in their fragments.
    EXPECT_EQ(ip.packets, 4u + ip.ipFragments);
}

TEST_F(CertificateLabSizes, FragmentsOfIkeHaveHeadersOfTheirOwn)
{
    const std::string large = "authority.issuing.key=rsa2048";
    const CertificateSizes whole = Measure({large, "tunnel.office.fragmentation=false"});
    const CertificateSizes fragments = Measure({large});
    ASSERT_GT(fragments.datagrams, 1u);
    EXPECT_EQ(fragments.octets, whole.octets);
    // An ISAKMP header, and the header and the fixed fields of the payload.
    EXPECT_EQ(fragments.datagramOctets, whole.octets + fragments.datagrams * (28 + 4 + 4));
}

TEST_F(CertificateLabSizes, NamesAreReadableInAggressiveModeAlone)
{
    const CertificateSizes main = Measure({});
    EXPECT_TRUE(main.names.empty());
    EXPECT_EQ(main.ipFragments, 0u);
    const CertificateSizes aggressive = Measure({"tunnel.office.mode=aggressive"});
    EXPECT_EQ(aggressive.names.size(), 4u);
    EXPECT_EQ(aggressive.message, "aggressive 2");
    EXPECT_LT(*aggressive.upAt, *main.upAt);
}

class CertificateLabProgram : public LabProgramTest
{
  protected:
    CertificateLabProgram()
        : LabProgramTest("certificates")
    {
    }
};

TEST_F(CertificateLabProgram, ShowsEachMistakeAndWritesWhatItShows)
{
    const ProgramRun run = Lab("");
    ASSERT_EQ(run.status, 0) << run.err;
    for (const char* text : {"main 5: FRAG 2/2 ID CERT CERT SIG",
                             "nobody: up at 0.180 s\n",
                             "CertificateNotYetValid",
                             "right   0.140 IKE SA down: Terminated\n",
                             "is not the certificate of private-key-file\n",
                             "left.example.org, right.example.org, CN=right, O=Example"})
    {
        EXPECT_TRUE(run.Says(text)) << text << "\n" << run.out;
    }
    ExpectFiles({"cases.csv",
                 "pem/left.pem",
                 "methods/aggressive/pcap/left-internet.pcap",
                 "plots/octets-of-largest-message.svg",
                 "results.json"});
}

TEST_F(CertificateLabProgram, HandoutAgreesWithTheProgram)
{
    ExpectHandoutToAgree(15);
}

TEST_F(CertificateLabProgram, TasksFailWithHintsUntilTheyAreSolved)
{
    ExpectTasksToBeSolvable(
        {{1, "--gateway.centre.certificate-not-after=2027-01-31", "hint: the ladder says which"},
         {2, "--tunnel.wan.branch.send-certificate=always", "hint: the centre counts"},
         {3, "--gateway.centre.pin=partner", "hint: a gateway can take single certificates"}});
}

TEST_F(CertificateLabProgram, TasksAreMetInTheWayThatTheyTeach)
{
    ExpectTaskToRefuse(1, "--simulation.start-date=2026-01-01", "the shop's certificate ended");
    ExpectTaskToRefuse(3, "--gateway.centre.pin=partner,stranger", "only the partner's");
    // The partner's certificate is not the centre's to change.
    ExpectTaskToRefuse(3, "--gateway.partner.certificate-issuer=root", "the authority has not");
    ExpectTaskToRefuse(3,
                       "--gateway.centre.pin=partner --gateway.centre.require-crl=false",
                       "the centre goes on judging");
    // The old system at the centre neither asks nor is told whom it may take.
    ExpectTaskToRefuse(
        2, "--tunnel.wan.centre.request-certificate=true", "the centre is an old system");
    ExpectTaskToRefuse(2, "--gateway.centre.pin=branch", "whoever pins the branch");
    // A pre-shared key proves no certificate.
    const auto withKey = [](const std::string& tunnel)
    {
        const std::string key = "--tunnel." + tunnel + ".";
        return key + "auth=pre " + key + "phase1-proposals=pre-g14-aes128-sha256 " + key +
               "pre-shared-key=correct-horse-battery-staple";
    };
    ExpectTaskToRefuse(1, withKey("wan"), "both ends have certificates");
    ExpectTaskToRefuse(2, withKey("wan"), "both ends have certificates");
    ExpectTaskToRefuse(3, withKey("partner"), "the partner has nothing but");
}

TEST_F(CertificateLabProgram, SaysOfARunWhatItWas)
{
    // Whatever the ends use otherwise, a key of RSA is one where a line says so.
    ASSERT_EQ(Lab("--quiet --tunnel.office.auth=dsa").status, 0);
    const std::string cases = Contents(m_folder / "out/cases.csv");
    EXPECT_NE(cases.find("its key has 512 bits,,right,0.100,main 5,WeakCertificate"),
              std::string::npos)
        << cases;
    const ProgramRun dsa = Lab("--json - --tunnel.office.auth=dsa");
    const size_t rsa = dsa.out.find("\"RSA, 3072 bits\"");
    ASSERT_NE(rsa, std::string::npos);
    EXPECT_NE(dsa.out.substr(rsa, 200).find("\"octets\": 1708"), std::string::npos)
        << dsa.out.substr(rsa, 200);
    // "Ended" and "not begun" follow the calendar of the run.
    ASSERT_EQ(Lab("--quiet --simulation.start-date=2028-06-01").status, 0);
    const std::string later = Contents(m_folder / "out/cases.csv");
    EXPECT_NE(later.find("it has not begun,,right,0.100,main 5,CertificateNotYetValid"),
              std::string::npos)
        << later;
}

TEST_F(CertificateLabProgram, FindingsAreThereAsJson)
{
    ExpectFindings("",
                   {{"mistakes", 16}, {"logs", 47}, {"refusals", 2}, {"sizes", 8}, {"names", 8}});
}

TEST_F(CertificateLabProgram, TeachersQuoteWhatItShows)
{
    ExpectHandoutToQuote(Lab(""));
}

TEST_F(CertificateLabProgram, EndsMayBeCalledByTheirRoles)
{
    const ProgramRun run = Lab("--answers " + Write("answers.ini",
                                                    "[answers]\n1 = MM5\n3 = 1,524 octets\n"
                                                    "8 = the responder\n9 = authentication failed\n"
                                                    "10 = left.example.org\n"
                                                    "12 = unknown authority\n"));
    EXPECT_TRUE(run.Says("\n6 of 15 exercises are right\n")) << run.out;
}

} // namespace
} // namespace ipsec
} // namespace ns3
