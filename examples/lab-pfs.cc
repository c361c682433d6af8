// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * A teaching lab: perfect forward secrecy, and what a leaked SKEYID_d opens.
 *
 *     lab-pfs [SCENARIO.ini] [OPTIONS]
 *
 * It captures two tunnels through several renewals, one of them with PFS, lets secrets of their IKE
 * SAs leak, and decrypts from the captures what can be decrypted with them. Then it shows what PFS
 * costs. The handout is doc/labs/pfs.md. Exit status: 0, or with --answers all of them are right;
 * 1, one is wrong or open; 2, bad input, in one line.
 */
#include "ns3/ipsec-lab-program.h"
#include "ns3/ipsec-lab-text.h"
#include "ns3/ipsec-ladder.h"
#include "ns3/ipsec-pfs-lab.h"
#include "ns3/ipsec-report-files.h"
#include "ns3/ipsec-scenario-runner.h"
#include "ns3/ipsec-scenario-units.h"

#include <algorithm>
#include <stdexcept>

namespace
{

using namespace ns3::ipsec;

std::string
Count(uint64_t value)
{
    return std::to_string(value);
}

std::string
Time(const std::optional<ns3::ipsec::Duration>& time)
{
    return time ? NumberText("%.1f ms", Milliseconds(*time)) : "none";
}

std::string
OfText(uint64_t opened, uint64_t all)
{
    return Count(opened) + " of " + Count(all);
}

std::vector<ns3::ipsec::Duration>
ParseLifetimes(const std::string& text)
{
    std::vector<ns3::ipsec::Duration> all;
    if (text == "none")
    {
        return all;
    }
    for (const std::string& one : SplitList(text))
    {
        all.push_back(ParseLifetime(one));
    }
    return all;
}

/// One lab: the run, and what it tells of both tunnels.
class PfsLab
{
  public:
    explicit PfsLab(const LabRequest& request)
        : m_request(request)
        , m_lifetimes(request.command.Read("lifetimes", ParseLifetimes))
        , m_scenario(request.scenario.Read())
        , m_names(FindPfsTunnels(m_scenario))
        , m_record(request.Run(m_scenario))
        , m_plain(Observe(m_record, m_names.plain, ""))
        , m_secret(Observe(m_record, m_names.secret, ""))
    {
    }

    /// Shows everything, and writes the output folder.
    void Show();

    /// Returns the exercises with their answers.
    std::vector<Exercise> Exercises() const;

  private:
    /// Reads the capture of a tunnel's first end, and what the run tells of the tunnel.
    PfsFacts
    Observe(const RunRecord& record, const std::string& tunnel, const std::string& folder) const
    {
        const std::string end = record.FindTunnel(tunnel)->first;
        return ObservePfs(
            record, tunnel, ReadIpCapture(m_request.Capture(end + "-internet", folder)));
    }

    std::vector<PfsSweepPoint> Sweep() const;
    std::string LadderOf(const PfsFacts& facts) const;
    std::string LeakTable() const;
    std::string PairTable() const;
    std::string BoundaryTable() const;
    std::string CostTable() const;
    std::string SweepTable(const std::vector<PfsSweepPoint>& points) const;
    void AddLeakExercises(std::vector<Exercise>& all) const;
    void AddCostExercises(std::vector<Exercise>& all) const;

    const LabRequest& m_request;
    std::vector<ns3::ipsec::Duration> m_lifetimes;
    Scenario m_scenario;
    PfsTunnels m_names;
    RunRecord m_record;
    PfsFacts m_plain;
    PfsFacts m_secret;
};

std::vector<PfsSweepPoint>
PfsLab::Sweep() const
{
    std::vector<PfsSweepPoint> points;
    for (const ns3::ipsec::Duration lifetime : m_lifetimes)
    {
        const std::string change = "tunnel." + m_names.plain + ".phase1-lifetime=" +
                                   NumberText("%.9gs", Milliseconds(lifetime) / 1000);
        const std::string folder = "lifetimes";
        const RunRecord record = m_request.Run(m_request.scenario.Read({change}), folder);
        points.push_back(MeasureExposure(Observe(record, m_names.plain, folder), lifetime));
    }
    return points;
}

std::string
PfsLab::LadderOf(const PfsFacts& facts) const
{
    for (Ladder ladder : MakeLadders(m_record))
    {
        if (ladder.left == facts.first || ladder.left == facts.second)
        {
            const auto isLater = [](const LadderStep& step)
            { return step.isMessage && step.label == "quick 3"; };
            const auto last = std::find_if(ladder.steps.begin(), ladder.steps.end(), isLater);
            ladder.steps.erase(last == ladder.steps.end() ? last : last + 1, ladder.steps.end());
            return LadderText(ladder) + "\n";
        }
    }
    return "";
}

std::string
PfsLab::LeakTable() const
{
    std::vector<LabRow> rows{
        {"tunnel", "leaked", "SAs whose SPIs and nonces are read", "ESP packets opened"}};
    for (const PfsFacts* facts : {&m_plain, &m_secret})
    {
        for (const Leak leak : {Leak::SkeyidD, Leak::SkeyidE, Leak::Both})
        {
            const Loot loot = Exploit(facts->capture, facts->Secrets(leak, 0));
            rows.push_back({facts->tunnel,
                            LeakText(leak),
                            Count(loot.sas),
                            OfText(loot.opened, loot.captured)});
        }
        const Loot all = Exploit(facts->capture, facts->Secrets(Leak::Both));
        rows.push_back({facts->tunnel,
                        "both, of all IKE SAs",
                        Count(all.sas),
                        OfText(all.opened, all.captured)});
    }
    return m_request.Table("leaks", rows);
}

std::string
PfsLab::PairTable() const
{
    std::vector<LabRow> rows{{"tunnel",
                              "under IKE SA",
                              "up at/s",
                              "SPIs",
                              "KE",
                              "packets",
                              "opened by its IKE SA's secrets",
                              "by its own keys"}};
    for (const PfsFacts* facts : {&m_plain, &m_secret})
    {
        for (const PfsPair& pair : facts->pairs)
        {
            rows.push_back({facts->tunnel,
                            Count(pair.ikeSa + 1),
                            SecondsText(pair.upAt),
                            SpiText(pair.spis[0]) + " " + SpiText(pair.spis[1]),
                            pair.hasPfs ? "yes" : "no",
                            Count(pair.packets),
                            Count(pair.opened),
                            Count(pair.openedByKeys)});
        }
    }
    return m_request.Table("pairs", rows);
}

std::string
PfsLab::BoundaryTable() const
{
    std::vector<LabRow> rows{
        {"tunnel", "both secrets of IKE SA", "up at/s", "sent before the next one", "afterwards"}};
    for (const PfsFacts* facts : {&m_plain, &m_secret})
    {
        for (size_t i = 0; i < facts->ikeSas.size(); i++)
        {
            const bool hasNext = i + 1 < facts->ikeSas.size();
            const Instant next = hasNext ? facts->ikeSas[i + 1].upAt : Instant(m_record.end);
            const Loot before =
                Exploit(Before(facts->capture, next), facts->Secrets(Leak::Both, i));
            const Loot all = Exploit(facts->capture, facts->Secrets(Leak::Both, i));
            rows.push_back({facts->tunnel,
                            Count(i + 1),
                            SecondsText(facts->ikeSas[i].upAt),
                            OfText(before.opened, before.captured),
                            hasNext
                                ? OfText(all.opened - before.opened, all.captured - before.captured)
                                : "-"});
        }
    }
    return m_request.Table("beforeAndAfter", rows);
}

std::string
PfsLab::CostTable() const
{
    const PfsCost& a = m_plain.cost;
    const PfsCost& b = m_secret.cost;
    const auto each = [](const PfsCost& cost, double amount)
    { return cost.quickModes == 0 ? "-" : NumberText("%.0f", cost.EachQuickMode(amount)); };
    const auto octets = [&](const PfsCost& cost)
    { return each(cost, static_cast<double>(cost.quickOctets)); };
    // What phase 1 costs is the same for both.
    const bool isComparable = a.busy && b.busy && a.phase1Messages == b.phase1Messages;
    const std::string more =
        isComparable ? Time(ns3::ipsec::Duration(static_cast<int64_t>(
                           b.EachQuickMode(static_cast<double>((*b.busy - *a.busy).count())))))
                     : "-";
    return m_request.Table(
        "costs",
        {{"what", "without PFS", "with PFS"},
         {"messages of phase 1", Count(a.phase1Messages), Count(b.phase1Messages)},
         {"quick modes", Count(a.quickModes), Count(b.quickModes)},
         {"their messages", Count(a.quickMessages), Count(b.quickMessages)},
         {"octets of one quick mode", octets(a), octets(b)},
         {"of them in payloads KE",
          each(a, static_cast<double>(a.keOctets)),
          each(b, static_cast<double>(b.keOctets))},
         {"DH operations of both ends, phase 1 included", Count(a.dh), Count(b.dh)},
         {"time of one quick mode, from its first message on",
          Time(a.quickTime),
          Time(b.quickTime)},
         {"work of both processors", Time(a.busy), Time(b.busy)},
         {"more of it than without PFS, for each quick mode", "-", more}});
}

std::string
PfsLab::SweepTable(const std::vector<PfsSweepPoint>& points) const
{
    std::vector<LabRow> rows{
        {"lifetime of IKE SAs", "IKE SAs", "DH operations", "worst leak opens", "part"}};
    const auto row = [&](const std::string& what, const PfsSweepPoint& point)
    {
        rows.push_back({what,
                        Count(point.ikeSas),
                        Count(point.dh),
                        OfText(point.worst, point.captured),
                        NumberText("%.0f %%", 100 * point.Share())});
    };
    for (const PfsSweepPoint& point : points)
    {
        row(NumberText("%.9g s", Milliseconds(point.lifetime) / 1000), point);
    }
    row("as " + m_names.secret + ", with PFS", MeasureExposure(m_secret, {}));
    return m_request.Table("lifetimes", rows);
}

void
PfsLab::AddLeakExercises(std::vector<Exercise>& all) const
{
    const auto add = [&](const char* question, uint64_t packets, const char* hint) {
        all.push_back({Count(all.size() + 1), question, Count(packets), hint, "packets"});
    };
    const auto opened = [](const PfsFacts& facts, Leak leak)
    { return Exploit(facts.capture, facts.Secrets(leak, 0)).opened; };
    add("How many packets of ESP did the eavesdropper of the tunnel without PFS capture?",
        Exploit(m_plain.capture, {}).captured,
        "part 2 has it behind \"of\"; or count them in Wireshark with the filter esp");
    add("How many of them does SKEYID_d of the first IKE SA open, if nothing else leaks?",
        opened(m_plain, Leak::SkeyidD),
        "KEYMAT needs the nonces, too; which key are they encrypted with?");
    add("How many does SKEYID_e alone open?",
        opened(m_plain, Leak::SkeyidE),
        "it opens quick mode; what is missing then for KEYMAT?");
    add("How many do both open?", opened(m_plain, Leak::Both), "see part 2, leaked: both");
    add("How many do both open of the tunnel with PFS?",
        opened(m_secret, Leak::Both),
        "what else goes into KEYMAT with PFS, and where is it kept afterwards?");
    const Instant next = m_plain.ikeSas.size() > 1 ? m_plain.ikeSas[1].upAt : Instant(m_record.end);
    const Loot before = Exploit(Before(m_plain.capture, next), m_plain.Secrets(Leak::Both, 0));
    add("How many packets do both secrets of the first IKE SA open, without PFS, that were sent "
        "when the second IKE SA was up already?",
        opened(m_plain, Leak::Both) - before.opened,
        "IPsec SAs outlive the IKE SA that they were made under: see part 4");
    add("How many packets open, without PFS, if the secrets of all IKE SAs leak?",
        Exploit(m_plain.capture, m_plain.Secrets(Leak::Both)).opened,
        "see part 2, leaked: both, of all IKE SAs");
    add("With PFS the keys of the first pair of IPsec SAs leak instead. How many packets do they "
        "open?",
        m_secret.pairs.empty() ? 0 : m_secret.pairs[0].openedByKeys,
        "see the last column of part 3");
}

void
PfsLab::AddCostExercises(std::vector<Exercise>& all) const
{
    const PfsCost& a = m_plain.cost;
    const PfsCost& b = m_secret.cost;
    const auto add = [&](const char* question, auto amount, const char* hint, const char* unit)
    {
        const double more = b.EachQuickMode(static_cast<double>(b.*amount)) -
                            a.EachQuickMode(static_cast<double>(a.*amount));
        all.push_back({Count(all.size() + 1), question, NumberText("%.0f", more), hint, unit});
    };
    add("How many messages does PFS add to a quick mode?",
        &PfsCost::quickMessages,
        "compare messages and quick modes in part 5",
        "messages");
    add("How many octets does it add to one?",
        &PfsCost::quickOctets,
        "two payloads KE: a header of 4 octets and a number as long as the group's prime; "
        "encryption fills up the last block",
        "octets");
    // Without PFS quick mode has none; phase 1 must have as many in both.
    const bool isComparable = m_plain.ikeSas.size() == m_secret.ikeSas.size() && b.dh >= a.dh;
    all.push_back({Count(all.size() + 1),
                   "How many DH operations of both ends does it add to one?",
                   isComparable
                       ? NumberText("%.0f", b.EachQuickMode(static_cast<double>(b.dh - a.dh)))
                       : "none",
                   "each end makes a key pair and a shared secret",
                   "operations"});
    const bool hasTimes = a.quickTime && b.quickTime;
    all.push_back(
        {Count(all.size() + 1),
         "How many milliseconds does it add to the time of one, from its first message "
         "on, on these processors?",
         hasTimes ? NumberText("%.0f", Milliseconds(*b.quickTime - *a.quickTime)) : "none",
         "compare the times in part 5; the key pair of the one who begins is made before "
         "its first message leaves",
         "ms"});
}

std::vector<Exercise>
PfsLab::Exercises() const
{
    std::vector<Exercise> all;
    AddLeakExercises(all);
    AddCostExercises(all);
    return all;
}

void
PfsLab::Show()
{
    // One after the other: the findings are in the order of the parts.
    m_request.Print(LabTitle("1. The first quick mode of both tunnels") + LadderOf(m_plain) +
                    LadderOf(m_secret));
    m_request.Print(LabTitle("2. What leaked secrets of the first IKE SA open") + LeakTable());
    m_request.Print(LabTitle("3. Pair by pair of IPsec SAs") + PairTable());
    m_request.Print(LabTitle("4. Before and after the next phase 1") + BoundaryTable());
    m_request.Print(LabTitle("5. What PFS costs") + CostTable());
    const std::vector<PfsSweepPoint> points = Sweep();
    m_request.Print(LabTitle("6. A new phase 1 instead of PFS") + SweepTable(points) +
                    LabTitle("7. Exercises") + ExercisesText(Exercises()));
    m_request.WriteRun(m_scenario, m_record);
    m_request.Write("pairs.csv", PfsPairsCsv({m_plain, m_secret}));
    std::vector<BarChart> charts{PfsOverTimeChart(m_plain, m_secret, m_record.end)};
    if (points.empty())
    {
        RemoveBarChart(m_request.Path("plots"), EXPOSURE_CHART);
    }
    else
    {
        charts.push_back(PfsExposureChart(points, MeasureExposure(m_secret, {})));
    }
    m_request.WriteCharts(charts);
    m_request.Print("\nTables, plots, captures: " + m_request.output + "\n");
}

} // namespace

int
main(int argc, char* argv[])
{
    Lab lab;
    lab.program = "lab-pfs";
    lab.about =
        "Two tunnels, one with perfect forward secrecy: what leaked secrets of their IKE SAs "
        "open\nof captured packets, and what prevention costs.";
    lab.scenario = "examples/labs/pfs.ini";
    lab.options = {{"lifetimes",
                    "lifetimes of IKE SAs to go through in part 6, or none",
                    "LIST",
                    "20s,40s,80s,1h"}};
    lab.show = [](const LabRequest& request) { PfsLab(request).Show(); };
    lab.exercises = [](const LabRequest& request) { return PfsLab(request).Exercises(); };
    return RunLab(lab, argc, argv);
}
