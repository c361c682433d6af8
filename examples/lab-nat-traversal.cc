// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * A teaching lab: NAT traversal step by step.
 *
 *     lab-nat-traversal [SCENARIO.ini] [OPTIONS]
 *
 * It captures two gateways behind one NAT on either side of it, recomputes their NAT-D payloads,
 * follows the datagrams through the NAT and its mappings over time, and then does without what NAT
 * traversal consists of. The handout is doc/labs/nat-traversal.md. Exit status: 0, or with
 * --answers all of them are right; 1, one is wrong or open; 2, bad input, in one line.
 */
#include "ns3/ipsec-lab-program.h"
#include "ns3/ipsec-lab-text.h"
#include "ns3/ipsec-ladder.h"
#include "ns3/ipsec-nat-lab-exercises.h"
#include "ns3/ipsec-scenario-runner.h"
#include "ns3/ipsec-scenario-units.h"

#include <algorithm>
#include <set>
#include <stdexcept>

namespace
{

using namespace ns3::ipsec;

constexpr const char* KEEPALIVE_CHART = "answered-over-keepalive";
/// Octets that are shown of a datagram.
constexpr size_t SHOWN_OCTETS = 12;
/// Octets that are shown of a hash.
constexpr size_t SHOWN_HASH_OCTETS = 6;

std::string
Count(uint64_t value)
{
    return std::to_string(value);
}

std::string
OfText(const AnsweredOf& answered)
{
    return Count(answered.answered) + " of " + Count(answered.sent);
}

std::string
SecondsOf(ns3::ipsec::Duration time)
{
    return NumberText("%.9gs", Milliseconds(time) / 1000);
}

std::string
ReasonsText(const NatRunOutcome& outcome)
{
    std::vector<std::string> reasons;
    for (const auto& [reason, count] : outcome.lost)
    {
        reasons.push_back(Count(count) + " " + reason);
    }
    return reasons.empty() ? "nothing" : JoinList(reasons);
}

std::vector<ns3::ipsec::Duration>
ParseKeepalives(const std::string& text)
{
    std::vector<ns3::ipsec::Duration> all;
    for (const std::string& one : text == "none" ? std::vector<std::string>() : SplitList(text))
    {
        all.push_back(ParseDuration(one));
    }
    return all;
}

/// One lab: the run, and what was captured on either side of the NAT.
class NatLab
{
  public:
    explicit NatLab(const LabRequest& request)
        : m_request(request)
        , m_keepalives(request.command.Read("keepalives", ParseKeepalives))
        , m_scenario(request.scenario.Read())
        , m_names(FindNatTunnels(m_scenario))
    {
        RunOptions options;
        options.prepare = [this](const ScenarioNetwork& network) { m_mappings.Attach(network); };
        m_record = request.Run(m_scenario, "", options);
        m_inside = Captured(m_names.inside.front() + "-internet");
        m_outside = Captured(m_names.hub + "-internet");
        m_checks = CheckNatD(m_inside, m_outside);
        for (const NatCase& one : NatCases(m_names))
        {
            m_tried.push_back({one.name, Try(one.changes)});
        }
    }

    /// Shows everything, and writes the output folder.
    void Show();

    /// Returns the exercises with their answers.
    std::vector<Exercise> Exercises() const;

  private:
    std::vector<SeenDatagram>
    Captured(const std::string& link) const
    {
        return ReadDatagrams(ReadIpCapture(m_request.Capture(link)));
    }

    NatRunOutcome
    Try(const std::vector<std::string>& changes) const
    {
        return ObserveNat(RunScenario(m_request.scenario.Read(changes)), m_names);
    }

    std::string LadderOfFirst() const;
    std::string NatDTable() const;
    std::string Conclusions() const;
    std::string StepTable() const;
    std::string MappingTable() const;
    std::string CaseTable() const;
    std::string KeepaliveTable(const std::vector<NatTried>& tried) const;
    BarChart KeepaliveChart(const std::vector<NatTried>& tried) const;

    const LabRequest& m_request;
    std::vector<ns3::ipsec::Duration> m_keepalives;
    Scenario m_scenario;
    NatTunnels m_names;
    MappingWatch m_mappings;
    RunRecord m_record;
    /// At the link of the first gateway behind the NAT, and at the hub's.
    std::vector<SeenDatagram> m_inside;
    std::vector<SeenDatagram> m_outside;
    std::vector<NatDCheck> m_checks;
    std::vector<NatTried> m_tried;
};

std::string
NatLab::LadderOfFirst() const
{
    for (Ladder ladder : MakeLadders(m_record))
    {
        if (ladder.left == m_names.inside.front() || ladder.right == m_names.inside.front())
        {
            return LadderText(ladder);
        }
    }
    return "";
}

std::string
NatLab::NatDTable() const
{
    std::vector<LabRow> rows{{"message",
                              "hash of",
                              "NAT-D",
                              "as written",
                              "hash as written",
                              "as it arrived",
                              "hash on arrival"}};
    const auto verdict = [](bool matches) { return matches ? "equal" : "DIFFERS"; };
    for (const NatDCheck& check : m_checks)
    {
        rows.push_back({"main " + Count(check.message),
                        check.isAboutDestination ? "destination" : "source",
                        ToHex(OctetView(check.hash).First(SHOWN_HASH_OCTETS)) + "...",
                        check.sent.ToString(),
                        verdict(check.MatchesSent()),
                        check.arrived.ToString(),
                        verdict(check.MatchesArrived())});
    }
    return m_request.Table("natD", rows);
}

std::string
NatLab::Conclusions() const
{
    std::string out;
    std::vector<LabRow> rows{{"who knows it", "itself behind a NAT", "the other behind a NAT"}};
    for (const bool fromInitiator : {true, false})
    {
        const std::string sender = fromInitiator ? m_names.inside.front() : m_names.hub;
        const std::string receiver = fromInitiator ? m_names.hub : m_names.inside.front();
        bool isSenderBehind = true;
        bool isReceiverBehind = false;
        bool hasAny = false;
        for (const NatDCheck& check : m_checks)
        {
            if (check.isFromInitiator == fromInitiator)
            {
                hasAny = true;
                isReceiverBehind =
                    isReceiverBehind || (check.isAboutDestination && !check.MatchesArrived());
                isSenderBehind =
                    isSenderBehind && (check.isAboutDestination || !check.MatchesArrived());
            }
        }
        const auto is = [](bool behind) { return behind ? " is behind a NAT" : " is not"; };
        const auto yes = [&](bool behind) { return !hasAny ? "" : behind ? "yes" : "no"; };
        rows.push_back({receiver, yes(isReceiverBehind), yes(isSenderBehind)});
        out += hasAny ? "  So " + receiver + " knows: " + sender + is(isSenderBehind) + ", " +
                            receiver + is(isReceiverBehind) + ".\n"
                      : "  " + sender + " sent no NAT-D in main mode.\n";
    }
    m_request.findings.Add("conclusions", rows);
    return out;
}

std::string
NatLab::StepTable() const
{
    std::vector<LabRow> rows{
        {"at/s", "what", "octets", "inside", "at the hub", "first octets of the payload"}};
    std::set<std::pair<std::string, bool>> done;
    for (const SeenDatagram& one : m_inside)
    {
        const SeenDatagram* twin = FindTwin(one, m_outside);
        const bool isOut = !twin || one.at <= twin->at;
        // Of ESP the first one of each SA, of anything else the first one of its kind.
        if (!done.insert({KindText(one) + Count(one.source.port), isOut}).second)
        {
            continue;
        }
        const auto way = [](const SeenDatagram& seen)
        { return seen.source.ToString() + " > " + seen.destination.ToString(); };
        rows.push_back(
            {SecondsText(one.at),
             KindText(one),
             Count(one.packetOctets),
             way(one),
             twin ? way(*twin) : "never arrived",
             ToHex(OctetView(one.payload).First(std::min(SHOWN_OCTETS, one.payload.size())))});
    }
    return m_request.Table("steps", rows);
}

std::string
NatLab::MappingTable() const
{
    std::vector<LabRow> rows{{"at/s", "mapping", "event", "lasted/s"}};
    for (const MappingEvent& event : m_mappings.Events())
    {
        const ns3::ipsec::Duration age = event.at - event.mapping.created;
        rows.push_back({SecondsText(event.at),
                        event.mapping.ToString(),
                        event.end ? std::string("ends: ") + NatEndName(*event.end) : "begins",
                        event.end ? NumberText("%.3f", Milliseconds(age) / 1000) : ""});
    }
    return m_request.Table("mappings", rows);
}

std::string
NatLab::CaseTable() const
{
    std::vector<LabRow> rows{{"way to run it",
                              "tunnels up at/s",
                              "answered from inside",
                              "from the hub",
                              "slowest answer",
                              "the NAT lost",
                              "failures"}};
    for (const NatTried& one : m_tried)
    {
        const NatRunOutcome& outcome = one.outcome;
        rows.push_back(
            {one.name,
             outcome.allUpAt ? SecondsText(*outcome.allUpAt) : "-",
             OfText(outcome.fromInside),
             OfText(outcome.fromHub),
             outcome.slowest ? NumberText("%.3f s", Milliseconds(*outcome.slowest) / 1000) : "-",
             ReasonsText(outcome),
             JoinList(outcome.failures)});
    }
    return m_request.Table("cases", rows);
}

std::string
NatLab::KeepaliveTable(const std::vector<NatTried>& tried) const
{
    std::vector<LabRow> rows{
        {"keepalive", "were sent", "mappings made", "answered from the hub", "the NAT lost"}};
    for (const NatTried& one : tried)
    {
        rows.push_back({one.name,
                        Count(one.outcome.keepAlives),
                        Count(one.outcome.mappings),
                        OfText(one.outcome.fromHub),
                        ReasonsText(one.outcome)});
    }
    return m_request.Table("keepalives", rows);
}

BarChart
NatLab::KeepaliveChart(const std::vector<NatTried>& tried) const
{
    BarChart chart{KEEPALIVE_CHART,
                   "Calls from the hub to those behind the NAT",
                   "NAT keepalive every (s)",
                   "answered (%)",
                   {{"all calls of the run", {}}},
                   ChartForm::Points};
    for (size_t i = 0; i < tried.size(); i++)
    {
        const AnsweredOf& calls = tried[i].outcome.fromHub;
        const double part = calls.sent == 0 ? 0
                                            : 100.0 * static_cast<double>(calls.answered) /
                                                  static_cast<double>(calls.sent);
        if (m_keepalives[i] > ns3::ipsec::Duration::zero())
        {
            chart.lines[0].points.push_back({Milliseconds(m_keepalives[i]) / 1000, part, 0});
        }
    }
    return chart;
}

std::vector<Exercise>
NatLab::Exercises() const
{
    return MakeNatExercises({m_names, m_record, m_inside, m_checks, m_mappings.Events(), m_tried});
}

void
NatLab::Show()
{
    // One after the other: the findings are in the order of the parts.
    m_request.Print(LabTitle("1. The messages") + LadderOfFirst());
    m_request.Print(LabTitle("2. NAT-D, recomputed from what was captured") + NatDTable() + "\n");
    m_request.Print(Conclusions());
    m_request.Print(LabTitle("3. Step by step: the first of each kind") + StepTable());
    m_request.Print(LabTitle("4. The NAT's mappings over time") + MappingTable());
    m_request.Print(LabTitle("5. What goes wrong, and what helps") + CaseTable());
    std::vector<NatTried> keepalives;
    for (const ns3::ipsec::Duration every : m_keepalives)
    {
        const std::string time = SecondsOf(every);
        keepalives.push_back({time == "0s" ? "never" : "every " + time,
                              Try(ForAllTunnels(m_names, "nat-keepalive=" + time))});
    }
    m_request.Print(LabTitle("6. How often to send keepalives") + KeepaliveTable(keepalives) +
                    LabTitle("7. Exercises") + ExercisesText(Exercises()));
    m_request.WriteRun(m_scenario, m_record);
    m_request.Write("mappings.csv", MappingsCsv(m_mappings.Events()));
    if (keepalives.empty())
    {
        RemoveBarChart(m_request.Path("plots"), KEEPALIVE_CHART);
    }
    else
    {
        m_request.WriteCharts({KeepaliveChart(keepalives)});
    }
    m_request.Print("\nTables, plots, captures: " + m_request.output + "\n");
}

} // namespace

int
main(int argc, char* argv[])
{
    Lab lab;
    lab.program = "lab-nat-traversal";
    lab.about = "Two gateways behind one NAT: how they notice it, how ESP gets through, how its "
                "mappings\nlive, and what happens without all that.";
    lab.scenario = "examples/labs/nat-traversal.ini";
    lab.options = {{"keepalives",
                    "times between NAT keepalives to go through in part 6, or none",
                    "LIST",
                    "10s,20s,25s,30s,45s,60s,0s"}};
    lab.show = [](const LabRequest& request) { NatLab(request).Show(); };
    lab.exercises = [](const LabRequest& request) { return NatLab(request).Exercises(); };
    return RunLab(lab, argc, argv);
}
