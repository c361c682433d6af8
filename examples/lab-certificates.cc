// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * A teaching lab: certificates, and what goes wrong with them.
 *
 *     lab-certificates [SCENARIO.ini] [OPTIONS]
 *
 * It runs a tunnel with certificates, then once for each mistake, and tells who noticed, why, what
 * it said to the other end, and what each end could log. Then it shows how large the messages are
 * and what everybody reads in them. The handout is doc/labs/certificates.md. Exit status: 0, or
 * with --answers all of them are right; 1, one is wrong or open; 2, bad input, in one line.
 */
#include "ns3/ipsec-certificate-lab.h"
#include "ns3/ipsec-lab-program.h"
#include "ns3/ipsec-lab-text.h"
#include "ns3/ipsec-ladder.h"
#include "ns3/ipsec-report-files.h"
#include "ns3/ipsec-scenario-units.h"

#include <algorithm>
#include <iterator>

namespace
{

using namespace ns3::ipsec;

/// Methods that exercises are about.
const char* const ASKED[] = {"as-it-is", "small-path", "aggressive"};

std::string
Count(uint64_t value)
{
    return std::to_string(value);
}

std::string
NamesText(const std::vector<std::string>& names)
{
    return names.empty() ? "none" : JoinList(names);
}

/// One lab: the run without mistakes, and one for each mistake and method.
class CertificateLab
{
  public:
    /// @param isWhole false measures only the methods that exercises are about
    CertificateLab(const LabRequest& request, bool isWhole)
        : m_request(request)
        , m_scenario(request.scenario.Read())
        , m_names(FindCertificateTunnel(m_scenario))
        , m_record(request.Run(m_scenario))
    {
        MakeFolder(request.Path("pem"));
        for (const CertificateCase& one :
             CertificateCases(m_scenario, m_names, request.Path("pem")))
        {
            m_outcomes.push_back(RunCertificateCase(request.scenario, m_names, one));
        }
        for (const CertificateCase& one : CertificateMethods(m_names))
        {
            const bool isAsked =
                std::find(std::begin(ASKED), std::end(ASKED), one.name) != std::end(ASKED);
            if (isWhole || isAsked)
            {
                m_sizes.push_back(Measure(one));
            }
        }
    }

    /// Shows everything, and writes the output folder.
    void Show();

    /// Returns the exercises with their answers.
    std::vector<Exercise> Exercises() const;

  private:
    CertificateSizes
    Measure(const CertificateCase& method) const
    {
        // Without a change it is the run that is there already.
        const std::string folder = method.changes.empty() ? "" : "methods/" + method.name;
        const RunRecord record =
            method.changes.empty() ? m_record
                                   : m_request.Run(m_request.scenario.Read(method.changes), folder);
        return MeasureCertificates(
            record,
            m_names,
            method,
            ReadIpCapture(m_request.Capture(m_names.first + "-internet", folder)));
    }

    const CertificateOutcome& Of(const std::string& name) const;
    const CertificateSizes& SizesOf(const std::string& name) const;
    std::string CaseTable() const;
    std::string Logs() const;
    std::string Refusals() const;
    std::string SizeTable() const;
    std::string NameTable() const;
    /// Returns how else the end that noticed may be called.
    std::vector<std::string> EndNames(const CertificateOutcome& outcome) const;
    void AddMessageExercises(std::vector<Exercise>& all) const;
    void AddCaseExercises(std::vector<Exercise>& all) const;

    const LabRequest& m_request;
    Scenario m_scenario;
    CertificateTunnel m_names;
    RunRecord m_record;
    std::vector<CertificateOutcome> m_outcomes;
    std::vector<CertificateSizes> m_sizes;
};

const CertificateOutcome&
CertificateLab::Of(const std::string& name) const
{
    return *std::find_if(m_outcomes.begin(),
                         m_outcomes.end(),
                         [&](const CertificateOutcome& one) { return one.what.name == name; });
}

const CertificateSizes&
CertificateLab::SizesOf(const std::string& name) const
{
    return *std::find_if(m_sizes.begin(),
                         m_sizes.end(),
                         [&](const CertificateSizes& one) { return one.name == name; });
}

std::string
CertificateLab::CaseTable() const
{
    std::vector<LabRow> rows{{"certificate of " + m_names.first,
                              "noticed by",
                              "in",
                              "reason",
                              "which sent",
                              "reason of " + m_names.first}};
    for (const CertificateOutcome& one : m_outcomes)
    {
        if (!one.refusal.empty())
        {
            continue;
        }
        if (!one.noticed)
        {
            const std::string up =
                one.upAt ? "nobody: up at " + SecondsText(*one.upAt) + " s" : "nobody";
            rows.push_back({one.what.text, up});
            continue;
        }
        rows.push_back({one.what.text,
                        one.noticed->node,
                        one.message,
                        FaultName(one.noticed->fault),
                        one.answer.empty() ? "nothing" : one.answer,
                        one.firstReason ? FaultName(*one.firstReason) : "none"});
    }
    return m_request.Table("mistakes", rows);
}

std::string
CertificateLab::Logs() const
{
    std::string out;
    std::vector<LabRow> rows{{"certificate of " + m_names.first, "end", "line"}};
    for (const CertificateOutcome& one : m_outcomes)
    {
        if (!one.noticed)
        {
            continue;
        }
        out += "  " + one.what.text + " (" + FaultText(one.noticed->fault) + ")\n";
        for (const bool ofFirst : {true, false})
        {
            for (const std::string& line : ofFirst ? one.firstLog : one.secondLog)
            {
                const std::string& end = ofFirst ? m_names.first : m_names.second;
                rows.push_back({one.what.text, end, line});
                out += "    " + Left(end, 8) + line + "\n";
            }
        }
    }
    m_request.findings.Add("logs", rows);
    return out;
}

std::string
CertificateLab::Refusals() const
{
    std::string out;
    std::vector<LabRow> rows{{"certificate of " + m_names.first, "refusal"}};
    for (const CertificateOutcome& one : m_outcomes)
    {
        if (!one.refusal.empty())
        {
            rows.push_back({one.what.text, one.refusal});
            out += "  " + one.what.text + ":\n    " + one.refusal + "\n";
        }
    }
    m_request.findings.Add("refusals", rows);
    return out;
}

std::string
CertificateLab::SizeTable() const
{
    std::vector<LabRow> rows{{"way to prove oneself",
                              "name",
                              "largest message",
                              "octets",
                              "datagrams",
                              "their octets",
                              "IP packets",
                              "IP fragments",
                              "largest",
                              "up at/s"}};
    for (const CertificateSizes& sizes : m_sizes)
    {
        rows.push_back({sizes.text,
                        sizes.name,
                        sizes.message,
                        Count(sizes.octets),
                        Count(sizes.datagrams),
                        Count(sizes.datagramOctets),
                        Count(sizes.packets),
                        Count(sizes.ipFragments),
                        Count(sizes.largestPacket),
                        sizes.upAt ? SecondsText(*sizes.upAt) : "-"});
    }
    return m_request.Table("sizes", rows);
}

std::string
CertificateLab::NameTable() const
{
    std::vector<LabRow> rows{{"way to prove oneself", "names in clear"}};
    for (const CertificateSizes& sizes : m_sizes)
    {
        rows.push_back({sizes.text, NamesText(sizes.names)});
    }
    return m_request.Table("names", rows);
}

void
CertificateLab::AddMessageExercises(std::vector<Exercise>& all) const
{
    const CertificateSizes& good = SizesOf("as-it-is");
    const size_t space = good.message.find(' ');
    size_t certificates = 0;
    for (const std::string& word : SplitWords(good.payloads))
    {
        certificates += word.rfind("CERT", 0) == 0 ? 1 : 0;
    }
    const std::string number = space == std::string::npos ? "none" : good.message.substr(space + 1);
    all.push_back({"1",
                   "Which message of main mode brings the certificate of the one who begins? (its "
                   "number)",
                   number,
                   "the first message that only the other end can read",
                   "",
                   MessageNames("main", number)});
    all.push_back({"2",
                   "How many certificates are in it?",
                   Count(certificates),
                   "count CERT in part 1: its own, and what leads to a root that the other end "
                   "knows",
                   "certificates"});
    all.push_back({"3",
                   "How many octets have the datagrams of that message together, headers of IKE "
                   "included, those of UDP and IP not?",
                   Count(good.datagramOctets),
                   "see part 5: the message itself has fewer, but each fragment of it has headers "
                   "of its own",
                   "octets"});
    all.push_back({"4",
                   "In how many datagrams does it travel?",
                   Count(good.datagrams),
                   "see part 5, or FRAG in the ladder",
                   "datagrams"});
    all.push_back({"5",
                   "How many fragments of IP are there in phase 1 if IKE makes none, on a path of "
                   "600 octets?",
                   Count(SizesOf("small-path").ipFragments),
                   "see part 5",
                   "fragments"});
    all.push_back(
        {"6",
         "Which names does an eavesdropper read in identities and in subjects of certificates of "
         "main mode? (a list, or none)",
         NamesText(good.names),
         "see part 6"});
    all.push_back({"7",
                   "And in aggressive mode? (a list, or none)",
                   NamesText(SizesOf("aggressive").names),
                   "see part 6: identities, and subjects of certificates"});
}

/// Returns the name of the notification in "HASH N(AUTHENTICATION-FAILED), encrypted".
std::string
NotificationIn(const std::string& payloads)
{
    const size_t begin = payloads.find("N(");
    return begin == std::string::npos
               ? "none"
               : payloads.substr(begin + 2, payloads.find(')', begin) - begin - 2);
}

std::vector<std::string>
CertificateLab::EndNames(const CertificateOutcome& outcome) const
{
    if (!outcome.noticed)
    {
        return {};
    }
    const bool isFirst = outcome.noticed->node == m_names.first;
    const NodeRecord& node = *m_record.FindNode(outcome.noticed->node);
    std::vector<std::string> names{isFirst ? "initiator" : "responder",
                                   isFirst ? "the one who begins" : "the one who answers",
                                   node.address.ToString()};
    for (const IkeSaRecord& sa : node.ikeSas)
    {
        names.push_back(sa.info.localId.ToString());
    }
    return names;
}

void
CertificateLab::AddCaseExercises(std::vector<Exercise>& all) const
{
    const auto reason = [&](const char* name)
    {
        const CertificateOutcome& one = Of(name);
        return std::string(one.noticed ? FaultName(one.noticed->fault) : "none");
    };
    const auto sentence = [&](const char* name)
    {
        const CertificateOutcome& one = Of(name);
        return std::vector<std::string>{one.noticed ? FaultText(one.noticed->fault) : "none"};
    };
    const CertificateOutcome& expired = Of("expired");
    const CertificateOutcome& answerer = Of("answerer-expired");
    all.push_back({"8",
                   "The certificate of the one who begins has ended. Which end notices?",
                   expired.noticed ? expired.noticed->node : "none",
                   "who reads it?",
                   "",
                   EndNames(expired)});
    all.push_back(
        {"9",
         "Which reason does the other end know then? (its own, or the notification that it "
         "got)",
         expired.firstReason ? FaultName(*expired.firstReason) : "none",
         "see the last column of part 2: what does the notification say, and what does "
         "it not?",
         "",
         {NotificationIn(expired.answer), "N(" + NotificationIn(expired.answer) + ")"}});
    all.push_back({"10",
                   "The certificate of the one who answers has ended. Which end notices?",
                   answerer.noticed ? answerer.noticed->node : "none",
                   "who reads it?",
                   "",
                   EndNames(answerer)});
    const bool wasUp = std::any_of(answerer.secondLog.begin(),
                                   answerer.secondLog.end(),
                                   [](const std::string& line)
                                   { return line.find("IKE SA up") != std::string::npos; });
    all.push_back({"11",
                   "Has the one who answers an IKE SA then, for a moment? (yes or no)",
                   wasUp ? "yes" : "no",
                   "see its lines in part 3: when was it content?"});
    all.push_back({"12",
                   "Which reason follows if the certificate of the issuer is not sent with that of "
                   "the gateway?",
                   reason("short-chain"),
                   "see part 2",
                   "",
                   sentence("short-chain")});
    all.push_back({"13",
                   "Which one if the other end does not ask for a certificate?",
                   reason("not-asked"),
                   "see part 2: what does a gateway send that nobody asked for?",
                   "",
                   sentence("not-asked")});
    all.push_back({"14",
                   "Which one if the root took the certificate of the issuer back?",
                   reason("issuer-revoked"),
                   "see part 2",
                   "",
                   sentence("issuer-revoked")});
    const auto refused =
        std::count_if(m_outcomes.begin(),
                      m_outcomes.end(),
                      [](const CertificateOutcome& one) { return !one.refusal.empty(); });
    all.push_back({"15",
                   "How many of the mistakes does a gateway notice in its own configuration?",
                   Count(static_cast<uint64_t>(refused)),
                   "see part 4",
                   "mistakes"});
}

std::vector<Exercise>
CertificateLab::Exercises() const
{
    std::vector<Exercise> all;
    AddMessageExercises(all);
    AddCaseExercises(all);
    return all;
}

void
CertificateLab::Show()
{
    std::string ladders;
    for (const Ladder& ladder : MakeLadders(m_record))
    {
        ladders += LadderText(ladder);
    }
    // One after the other: the findings are in the order of the parts.
    m_request.Print(LabTitle("1. The messages, as the scenario has them") + ladders);
    m_request.Print(LabTitle("2. What goes wrong") + CaseTable());
    m_request.Print(LabTitle("3. What each end could log, of the first attempt") + Logs());
    m_request.Print(LabTitle("4. Refused before anything is sent") + Refusals());
    m_request.Print(LabTitle("5. How large phase 1 is") + SizeTable());
    m_request.Print(LabTitle("6. What everybody can read") + NameTable());
    m_request.Print(LabTitle("7. Exercises") + ExercisesText(Exercises()));
    m_request.WriteRun(m_scenario, m_record);
    m_request.Write("cases.csv", CertificateCasesCsv(m_outcomes));
    m_request.WriteCharts({CertificateSizesChart(m_sizes)});
    m_request.Print("\nTables, plots, captures: " + m_request.output + "\n");
}

} // namespace

int
main(int argc, char* argv[])
{
    Lab lab;
    lab.program = "lab-certificates";
    lab.about =
        "A tunnel with certificates, and a run for each mistake that one can make with them: "
        "who\nnotices, why, and what the other end learns.";
    lab.scenario = "examples/labs/certificates.ini";
    lab.show = [](const LabRequest& request) { CertificateLab(request, true).Show(); };
    lab.exercises = [](const LabRequest& request)
    { return CertificateLab(request, false).Exercises(); };
    return RunLab(lab, argc, argv);
}
