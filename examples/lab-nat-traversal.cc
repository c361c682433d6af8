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
#include "ns3/ipsec-nat-lab.h"
#include "ns3/ipsec-scenario-runner.h"
#include "ns3/ipsec-scenario-units.h"

#include <algorithm>
#include <set>
#include <stdexcept>

namespace
{

using namespace ns3::ipsec;

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

/// A way to run the scenario, and what came of it.
struct Tried
{
    std::string name;
    NatRunOutcome outcome;
};

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
    std::string KeepaliveTable(const std::vector<Tried>& tried) const;
    BarChart KeepaliveChart(const std::vector<Tried>& tried) const;
    const SeenDatagram* FirstOf(NattKind kind) const;
    size_t FirstMessageOnNattPort() const;
    std::string MismatchText(bool fromInitiator) const;
    void AddStepExercises(std::vector<Exercise>& all) const;
    void AddCaseExercises(std::vector<Exercise>& all) const;

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
    std::vector<Tried> m_tried;
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
    std::vector<LabRow> rows{
        {"message", "hash of", "NAT-D", "as written", "", "as it arrived", ""}};
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
    return LabTable(rows);
}

std::string
NatLab::Conclusions() const
{
    std::string out;
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
        out += hasAny ? "  So " + receiver + " knows: " + sender + is(isSenderBehind) + ", " +
                            receiver + is(isReceiverBehind) + ".\n"
                      : "  " + sender + " sent no NAT-D.\n";
    }
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
    return LabTable(rows);
}

std::string
NatLab::MappingTable() const
{
    std::vector<LabRow> rows{{"at/s", "mapping", "", "lasted/s"}};
    for (const MappingEvent& event : m_mappings.Events())
    {
        const ns3::ipsec::Duration age = event.at - event.mapping.created;
        rows.push_back({SecondsText(event.at),
                        event.mapping.ToString(),
                        event.end ? std::string("ends: ") + NatEndName(*event.end) : "begins",
                        event.end ? NumberText("%.3f", Milliseconds(age) / 1000) : ""});
    }
    return LabTable(rows);
}

std::string
NatLab::CaseTable() const
{
    std::vector<LabRow> rows{{"",
                              "tunnels up at/s",
                              "answered from inside",
                              "from the hub",
                              "the NAT lost",
                              "failures"}};
    for (const Tried& one : m_tried)
    {
        const NatRunOutcome& outcome = one.outcome;
        rows.push_back({one.name,
                        outcome.allUpAt ? SecondsText(*outcome.allUpAt) : "-",
                        OfText(outcome.fromInside),
                        OfText(outcome.fromHub),
                        ReasonsText(outcome),
                        JoinList(outcome.failures)});
    }
    return LabTable(rows);
}

std::string
NatLab::KeepaliveTable(const std::vector<Tried>& tried) const
{
    std::vector<LabRow> rows{
        {"keepalive", "were sent", "mappings made", "answered from the hub", "the NAT lost"}};
    for (const Tried& one : tried)
    {
        rows.push_back({one.name,
                        Count(one.outcome.keepAlives),
                        Count(one.outcome.mappings),
                        OfText(one.outcome.fromHub),
                        ReasonsText(one.outcome)});
    }
    return LabTable(rows);
}

BarChart
NatLab::KeepaliveChart(const std::vector<Tried>& tried) const
{
    BarChart chart{"answered-over-keepalive",
                   "Calls from the hub to those behind the NAT",
                   "NAT keepalive every (s)",
                   "answered (%)",
                   {{"all calls of the run", {}}}};
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

const SeenDatagram*
NatLab::FirstOf(NattKind kind) const
{
    const auto found = std::find_if(m_inside.begin(),
                                    m_inside.end(),
                                    [&](const SeenDatagram& one) { return KindOf(one) == kind; });
    return found == m_inside.end() ? nullptr : &*found;
}

size_t
NatLab::FirstMessageOnNattPort() const
{
    size_t messages = 0;
    for (const SeenDatagram& one : m_inside)
    {
        const NattKind kind = KindOf(one);
        messages += kind == NattKind::Ike || kind == NattKind::IkeWithMarker ? 1 : 0;
        if (kind == NattKind::IkeWithMarker)
        {
            return messages;
        }
    }
    return 0;
}

std::string
NatLab::MismatchText(bool fromInitiator) const
{
    const auto found =
        std::find_if(m_checks.begin(),
                     m_checks.end(),
                     [&](const NatDCheck& check)
                     { return check.isFromInitiator == fromInitiator && !check.MatchesArrived(); });
    return found == m_checks.end() ? "none" : found->isAboutDestination ? "destination" : "source";
}

void
NatLab::AddStepExercises(std::vector<Exercise>& all) const
{
    all.push_back({"1",
                   "Which hash of the first gateway's NAT-D payloads does the hub find different: "
                   "destination, source, or none?",
                   MismatchText(true),
                   "what does the NAT change in a packet on its way out?"});
    all.push_back({"2",
                   "And which of the hub's does the gateway find different?",
                   MismatchText(false),
                   "and what on the way in?"});
    all.push_back(
        {"3",
         "Which message of main mode is the first on port 4500? (its number)",
         Count(FirstMessageOnNattPort()),
         "the initiator changes the port as soon as it knows of the NAT, from message 4"});
    const SeenDatagram* ike = FirstOf(NattKind::IkeWithMarker);
    all.push_back({"4",
                   "Which four octets stand in front of IKE on port 4500? (in hexadecimal)",
                   ike ? ToHex(OctetView(ike->payload).First(4)) : "none",
                   "an SPI is never zero"});
    const SeenDatagram* keepalive = FirstOf(NattKind::KeepAlive);
    all.push_back({"5",
                   "How many octets has a NAT keepalive, with the headers of IP and UDP?",
                   keepalive ? Count(keepalive->packetOctets) : "none",
                   "20 of IP, 8 of UDP, and what RFC 3948 section 2.3 says"});
    const NodeRecord& first = *m_record.FindNode(m_names.inside.front());
    const std::optional<Endpoint> outside = OutsideAt(
        m_mappings.Events(), {first.address, NATT_PORT}, Instant(std::chrono::seconds(1)));
    all.push_back({"6",
                   "Which port of the NAT stands for the first gateway's port 4500 at 1 s?",
                   outside ? Count(outside->port) : "none",
                   "see part 4"});
    all.push_back({"7",
                   "How many keepalives did the gateways behind the NAT send in all?",
                   Count(m_tried.front().outcome.keepAlives),
                   "one whenever nothing else left for 20 s; count them in Wireshark with the "
                   "filter udpencap.nat_keepalive"});
}

void
NatLab::AddCaseExercises(std::vector<Exercise>& all) const
{
    const auto of = [&](const char* name) -> const NatRunOutcome&
    {
        return std::find_if(m_tried.begin(),
                            m_tried.end(),
                            [&](const Tried& one) { return one.name == name; })
            ->outcome;
    };
    const auto answered = [&](const char* name) { return Count(of(name).fromInside.answered); };
    all.push_back({"8",
                   "Without NAT traversal, how many pings from inside are answered if the NAT "
                   "refuses ESP?",
                   answered("without, the NAT refuses ESP"),
                   "IKE got through; see part 5"});
    all.push_back({"9",
                   "And if it lets the ESP of one host through?",
                   answered("without, the NAT lets ESP of one host through"),
                   "ESP has no ports: how should the NAT tell two hosts apart?"});
    all.push_back(
        {"10", "How many are answered with AH?", answered("AH"), "what does the ICV of AH cover?"});
    all.push_back({"11",
                   "How many calls from the hub are answered without keepalives?",
                   Count(of("no keepalives").fromHub.answered),
                   "when does the hub speak, and when did those behind the NAT speak last?"});
    const auto call = std::find_if(m_record.traffic.begin(),
                                   m_record.traffic.end(),
                                   [](const TrafficRecord& traffic)
                                   { return traffic.name == "call-after-rebinding"; });
    if (call != m_record.traffic.end())
    {
        all.push_back({"12",
                       "After the NAT forgot its mappings, keepalives make new ones. How many of "
                       "the next five calls are answered?",
                       Count(call->received),
                       "a keepalive is not authenticated: may the hub send elsewhere because of "
                       "it?"});
    }
}

std::vector<Exercise>
NatLab::Exercises() const
{
    std::vector<Exercise> all;
    AddStepExercises(all);
    AddCaseExercises(all);
    return all;
}

void
NatLab::Show()
{
    m_request.Print(LabTitle("1. The messages") + LadderOfFirst() +
                    LabTitle("2. NAT-D, recomputed from what was captured") + NatDTable() + "\n" +
                    Conclusions() + LabTitle("3. Step by step: the first of each kind") +
                    StepTable() + LabTitle("4. The NAT's mappings over time") + MappingTable() +
                    LabTitle("5. What goes wrong, and what helps") + CaseTable());
    std::vector<Tried> keepalives;
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
    if (!keepalives.empty())
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
