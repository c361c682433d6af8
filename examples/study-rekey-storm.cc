// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Studies rekey storms: SAs that were born together are renewed together, and the hub has to do it.
 *
 *     shop-1   ===+            --- till-1 sends by TCP to pc-hub, through the storm
 *     ...         +=== hub --- pc-hub
 *     shop-100 ===+
 *
 *     study-rekey-storm
 *     study-rekey-storm --sweep lifetime=120s,300s,600s --sweep hub-queue=fifo,esp-first --runs 10
 *
 * It prints a table of means, and writes tables and pictures to output/study-rekey-storm;
 * doc/studies.md says how to read them. Exit status: 0; 1, a run failed; 2, bad input, in one line.
 */
#include "ns3/ipsec-run-measures.h"
#include "ns3/ipsec-scenario-runner.h"
#include "ns3/ipsec-scenario-units.h"
#include "ns3/ipsec-study-findings.h"
#include "ns3/ipsec-study.h"

#include <algorithm>
#include <sstream>
#include <stdexcept>

namespace
{

using namespace ns3::ipsec;

const char HUB[] = "hub";
const char SHOPS[] = "shop";
const std::vector<std::string> HANDSHAKES{"main-modes", "aggressive-modes", "quick-modes"};
/// Begin of the names of TCP flows.
const std::string FLOW = "flow-";
/// How many there are unless somebody says it and there are fewer branches.
constexpr uint64_t FLOWS = 4;
/// How long the worst moment of TCP is.
constexpr size_t WORST_SECONDS = 5;
/// When what the branches send ends, before the end of the run.
constexpr Duration LAST_ANSWERS = std::chrono::seconds(10);

double
SecondsOf(Duration duration)
{
    return std::chrono::duration<double>(duration).count();
}

/// When what happens: bring-up, then the lifetimes that are watched.
struct Timeline
{
    Duration settle{};
    Duration stop{};
    /// Nothing without a restart.
    std::optional<Duration> crash;
    Duration back{};
};

Timeline
TimelineOf(const StudySettings& settings)
{
    Timeline timeline;
    const Duration lifetime = ReadSetting(settings, "lifetime", ParseLifetime);
    const double cycles = ReadSetting(
        settings, "cycles", [](const std::string& text) { return ParseNumber(text, 0.1, 1000); });
    timeline.settle = ReadTime(settings, "start-spread") + ReadTime(settings, "settle");
    timeline.stop = timeline.settle +
                    std::chrono::duration_cast<std::chrono::milliseconds>(lifetime * cycles) +
                    LAST_ANSWERS;
    if (settings.at("restart") != "none")
    {
        timeline.crash = timeline.settle + ReadTime(settings, "restart");
        timeline.back = *timeline.crash + ReadTime(settings, "restart-for");
        if (timeline.back >= timeline.stop)
        {
            throw std::invalid_argument("command line: --restart: the hub is back at " +
                                        TimeText(timeline.back) + "; allowed: before the end at " +
                                        TimeText(timeline.stop));
        }
    }
    return timeline;
}

uint64_t
FlowCount(const StudySettings& settings)
{
    const uint64_t branches = ReadSetting(
        settings, "branches", [](const std::string& text) { return ParseCount(text, 1, 60000); });
    if (settings.at("flows") == OWN_VALUE)
    {
        return std::min(branches, FLOWS);
    }
    return ReadSetting(settings,
                       "flows",
                       [&](const std::string& text)
                       { return ParseCount(text, 0, std::min<uint64_t>(branches, 100)); });
}

std::string
StormScenario(const StudySettings& settings)
{
    const Timeline timeline = TimelineOf(settings);
    if (settings.at("fuzz") != OWN_VALUE)
    {
        ReadSetting(settings, "fuzz", [](const std::string& text) { return ParsePercent(text); });
    }
    std::ostringstream text;
    text << "[simulation]\nstop = " << TimeText(timeline.stop) << "\n\n[internet]\n\n"
         << "[cpu hub]\n\n[cpu branch]\n\n[personality studied]\n";
    if (settings.at("margin") == OWN_VALUE && settings.at("renewal-at") != OWN_VALUE)
    {
        text << "renewal-margin = 0s\n";
    }
    text << "least-renewal-margin = 0s\n\n[gateway hub]\naddress = 192.0.2.1\n"
         << "lan = 10.0.0.0/16\npersonality = studied\ncpu = hub\n\n"
         << "[branches shop]\nhub = hub\naddresses = 198.18.0.0/15\nlans = 172.16.0.0/12\n"
         << "lan-length = 28\npersonality = studied\ncpu = branch\nbranch.keep-up = true\n"
         << "traffic = ping\ntraffic-start = " << TimeText(timeline.settle)
         << "\ntraffic-stop = " << TimeText(timeline.stop - LAST_ANSWERS) << "\n";
    if (settings.at("ike-lifetime") == OWN_VALUE)
    {
        text << "phase1-lifetime = " << settings.at("lifetime") << "\n";
    }
    if (timeline.crash)
    {
        text << "branch.dpd = always\nbranch.dpd-delay = 4s\nbranch.dpd-retry = 1s\n"
             << "branch.dpd-tries = 3\nbranch.dpd-action = restart\n\n[event restart]\n"
             << "kind = crash\ntarget = hub\nat = " << TimeText(*timeline.crash)
             << "\nfor = " << TimeText(timeline.back - *timeline.crash) << "\n";
    }
    const uint64_t rate = ReadSetting(settings, "flow-rate", ParseRate);
    for (uint64_t i = 1; i <= FlowCount(settings); i++)
    {
        text << "\n[host till-" << i << "]\nbehind = shop-" << i << "\n\n[traffic " << FLOW << i
             << "]\nkind = tcp\nfrom = till-" << i << "\nto = pc-hub\nsize = 536B\n"
             << "count = 1000000000\nrate = " << rate
             << "bps\nstart = " << TimeText(timeline.settle) << "\n";
    }
    text << "\n[output]\nseries = true\nseries-of = hub\nshow-branches = 0\n";
    return text.str();
}

bool
IsFlow(const std::string& traffic)
{
    return traffic.compare(0, FLOW.size(), FLOW) == 0;
}

/// Refuses scenarios in which there is nothing to measure, or something else than is said.
void
CheckStorm(const StudySettings& settings, const Scenario& scenario)
{
    const Timeline timeline = TimelineOf(settings);
    RequireSeries(scenario, HUB, Instant(timeline.stop));
    if (timeline.crash)
    {
        RequireCrash(scenario, "restart", HUB, {Instant(*timeline.crash), Instant(timeline.back)});
    }
    for (const TrafficSettings& traffic : scenario.traffic)
    {
        const bool isWhole = traffic.kind == TrafficKind::Tcp && traffic.start == timeline.settle &&
                             (traffic.stop == Duration(0) || traffic.stop >= timeline.stop) &&
                             SecondsOf(traffic.interval) * static_cast<double>(traffic.count) >=
                                 SecondsOf(timeline.stop - timeline.settle);
        if (IsFlow(traffic.name) && !isWhole)
        {
            throw std::invalid_argument("command line: --traffic." + traffic.name +
                                        ": does not send by TCP all the time that is measured; "
                                        "allowed: other rates and sizes");
        }
    }
}

/// Adds what the TCP flows got.
void
MeasureFlows(PointResult& point,
             const RunRecord& record,
             const Scenario& scenario,
             const Window& window)
{
    std::vector<TrafficSettings> flows;
    for (const TrafficSettings& traffic : scenario.traffic)
    {
        if (IsFlow(traffic.name))
        {
            flows.push_back(traffic);
        }
    }
    if (flows.empty())
    {
        return;
    }
    double silence = 0;
    for (const TrafficRecord& traffic : record.traffic)
    {
        // They begin with the window, and so does what they have of silence.
        if (IsFlow(traffic.name) && traffic.longestSilence)
        {
            silence = std::max(silence, SecondsOf(*traffic.longestSilence));
        }
    }
    const Series goodput = GoodputOf(record.series, flows);
    const std::vector<double> samples = SamplesIn(goodput, ALL_NODES, {GOODPUT}, window);
    const size_t worst = WORST_SECONDS * SamplesPerSecond(goodput);
    point.results.push_back({GOODPUT, "%", MeanOfSamples(samples)});
    point.results.push_back({"goodput-worst", "%", LeastMeanOf(samples, worst)});
    point.results.push_back({"tcp-silence", "s", silence});
    point.traces.push_back(TraceOf(GOODPUT, "%", goodput, ALL_NODES, {GOODPUT}, window));
}

PointResult
MeasureStorm(const SweepPoint& sweepPoint)
{
    const StudySettings& settings = sweepPoint.settings;
    const Scenario scenario = ReadPointScenario(sweepPoint);
    const RunRecord record = RunScenario(scenario);
    const Timeline timeline = TimelineOf(settings);
    const Window window{Instant(timeline.settle), Instant(timeline.stop)};
    const Series& series = record.series;
    const auto hub = [&](const std::vector<std::string>& metrics)
    { return SamplesIn(series, HUB, metrics, window); };
    const TunnelCount& tunnels = *record.FindTunnelCount(SHOPS);
    PointResult point;
    const auto add = [&](const char* name, const char* unit, std::optional<double> value) {
        point.results.push_back({name, unit, value});
    };
    add("handshakes-peak", "per second", PeakSecond(series, HUB, HANDSHAKES, window));
    add("handshakes-mean", "per second", MeanOfSamples(hub(HANDSHAKES)));
    add("cpu-peak", "%", PeakSecond(series, HUB, {"cpu"}, window));
    add("cpu-mean", "%", MeanOfSamples(hub({"cpu"})));
    add("queue-delay-longest", "ms", PeakOf(hub({"cpu-longest-wait"})));
    add("queue-delay-mean", "ms", MeanWait(series, HUB, window));
    add("retransmissions", "messages", CountIn(series, ALL_NODES, {"retransmissions"}, window));
    add("gap-mean", "s", MeanGapSeconds(tunnels, window));
    add("gap-longest", "s", LongestGapSeconds(tunnels, window));
    const Instant back(timeline.back);
    for (const auto& [name, share] : {std::pair("50", 0.5), {"95", 0.95}, {"100", 1.0}})
    {
        add((std::string("up-") + name).c_str(), "s", SecondsUntil(tunnels, share, Instant{}));
        if (timeline.crash)
        {
            add((std::string("back-") + name).c_str(), "s", SecondsUntil(tunnels, share, back));
        }
    }
    for (const TrafficRecord& traffic : record.traffic)
    {
        if (traffic.name == SHOPS && traffic.sent > 0)
        {
            add("pings-lost",
                "%",
                100.0 * static_cast<double>(traffic.Lost()) / static_cast<double>(traffic.sent));
        }
    }
    point.traces.push_back(TraceOf("handshakes", "per second", series, HUB, HANDSHAKES, window));
    point.traces.push_back(TraceOf("queue-delay", "ms", series, HUB, {"cpu-longest-wait"}, window));
    MeasureFlows(point, record, scenario, window);
    for (const Measure& loss : LossesByReason(series, window))
    {
        point.results.push_back(loss);
    }
    return point;
}

std::string
Findings(const SweepTable& results, const SweepTable& /* costs */)
{
    const NamedMeasures headlines{{"handshakes-peak", "handshakes, peak"},
                                  {"handshakes-mean", "mean"},
                                  {"queue-delay-longest", "longest wait for the CPU"},
                                  {"gap-mean", "mean gap"},
                                  {"back-100", "all back"},
                                  {"goodput", "TCP goodput"},
                                  {"goodput-worst", "in its worst 5 s"}};
    std::string text = MeansText(results, headlines);
    const std::string extremes = ExtremesText(results, headlines);
    text += extremes.empty() ? "" : "\nWhat differs most\n" + extremes;
    NamedMeasures losses;
    for (const auto& [measure, unit] : results.measures)
    {
        if (measure.rfind(COUNT_PREFIX, 0) == 0)
        {
            losses.emplace_back(measure, measure.substr(sizeof(COUNT_PREFIX) - 1));
        }
    }
    return text + (losses.empty()
                       ? "\nNothing was lost.\n"
                       : "\nLost or refused in a run, by reason\n" + MeansText(results, losses));
}

std::vector<StudyParameter>
Parameters()
{
    const auto branches = [](const std::string& key)
    { return std::string("branches.shop.") + key; };
    const auto habit = [](const std::string& key) { return "personality.studied." + key; };
    return {
        {"branches", "N", "100", "how many branches", {branches("count")}},
        {"lifetime", "TIME", "120s", "lifetime of IPsec SAs", {branches("phase2-lifetime")}},
        {"ike-lifetime",
         "TIME|own",
         "own",
         "lifetime of IKE SAs; own is that of IPsec SAs",
         {branches("phase1-lifetime")}},
        {"lifetimes",
         "independent|linked",
         "independent",
         "linked: when IPsec SAs end, everything is negotiated anew",
         {branches("lifetimes")}},
        {"cycles", "NUMBER", "2", "lifetimes that are watched", {}},
        {"personality", "NAME", "rfc", "habits of hub and branches", {habit("base")}},
        {"renewal-at",
         "PERCENT|own",
         "75%",
         "part of the lifetime after which SAs are renewed",
         {habit("renewal-at")}},
        {"margin",
         "TIME|own",
         "own",
         "the same as a time before the end, in place of renewal-at",
         {habit("renewal-margin")}},
        {"fuzz",
         "PERCENT|own",
         "0%",
         "random part by which the time before the end grows, of itself, at most 100%",
         {habit("renewal-fuzz")}},
        {"renewer",
         "either|initiator|nobody|own",
         "own",
         "who renews IPsec SAs; nobody: they end",
         {habit("ipsec-renewer")}},
        {"retransmission",
         "TIME|own",
         "own",
         "wait before a message is sent again",
         {habit("retransmission-first")}},
        {"retransmission-growth",
         "NUMBER|own",
         "own",
         "by what each further wait grows",
         {habit("retransmission-growth")}},
        {"retransmission-tries",
         "NUMBER|own",
         "own",
         "how often it is sent again",
         {habit("retransmission-tries")}},
        {"jitter", "PERCENT|own", "own", "random part left off of waits", {habit("jitter")}},
        {"phase1",
         "PROPOSAL",
         "pre-g2-aes128-sha",
         "proposal of phase 1",
         {branches("phase1-proposals")}},
        {"phase2",
         "PROPOSAL",
         "g2-esp-aes128-sha",
         "proposal of phase 2; nopfs-... renews without Diffie-Hellman",
         {branches("phase2-proposals")}},
        {"start-spread",
         "TIME",
         "1s",
         "branches start within this time",
         {branches("start-spread")}},
        {"loss", "PERCENT", "0%", "packets that the internet loses", {"internet.loss"}},
        {"delay", "TIME", "20ms", "one way through the internet", {"internet.delay"}},
        {"hub-cpu",
         "PROFILE",
         "branch-router",
         "processor of the hub: free, branch-router, hub-appliance",
         {"cpu.hub.profile"}},
        {"hub-cores", "N|own", "own", "its cores", {"cpu.hub.cores"}},
        {"hub-queue", "fifo|ike-first|esp-first", "fifo", "what it does first", {"cpu.hub.queue"}},
        {"branch-cpu", "PROFILE", "free", "processor of the branches", {"cpu.branch.profile"}},
        {"restart", "TIME|none", "none", "when the hub crashes, from the begin of watching", {}},
        {"restart-for", "TIME", "15s", "how long it is away", {}},
        {"flows",
         "N|own",
         "own",
         "TCP flows, each from a branch of its own; own is 4, or as many as there are branches",
         {}},
        {"flow-rate", "RATE", "100kbps", "what each of them is given to send", {}},
        {"ping-interval",
         "TIME",
         "5s",
         "time between pings of a branch",
         {branches("traffic-interval")}},
        {"settle", "TIME", "20s", "time for bring-up before anything is measured", {}},
        {"seed", "N", "1", "seed of all random streams", {"simulation.seed"}}};
}

Study
RekeyStorm()
{
    Study study;
    study.program = "study-rekey-storm";
    study.title = "Rekey storms";
    study.about = "Brings up many branches at once, and watches their SAs being renewed together: "
                  "what the hub\nhas to do, how long packets wait, which tunnels have a gap, and "
                  "what TCP flows make of it.\n";
    study.parameters = Parameters();
    study.sweeps = {"fuzz=0%,25%,50%,100%"};
    study.runs = 5;
    study.scenario = StormScenario;
    study.check = CheckStorm;
    study.work = MeasureStorm;
    study.charts = {
        {"handshakes",
         "Handshakes of the hub",
         "per second",
         {{"handshakes-peak", "peak"}, {"handshakes-mean", "mean"}}},
        {"cpu", "CPU of the hub", "% busy", {{"cpu-peak", "peak"}, {"cpu-mean", "mean"}}},
        {"queue",
         "Wait for the hub's CPU",
         "ms",
         {{"queue-delay-longest", "longest"}, {"queue-delay-mean", "mean"}}},
        {"gap",
         "Time that a tunnel is down",
         "s",
         {{"gap-mean", "mean of all"}, {"gap-longest", "longest at a time"}}},
        {"goodput",
         "TCP goodput, of what is offered",
         "%",
         {{"goodput", "mean"}, {"goodput-worst", "worst 5 s"}}},
        {"up",
         "Time until tunnels are up at first",
         "s",
         {{"up-50", "50 %"}, {"up-95", "95 %"}, {"up-100", "100 %"}}},
        {"back",
         "Time until they are back after the restart",
         "s",
         {{"back-50", "50 %"}, {"back-95", "95 %"}, {"back-100", "100 %"}}}};
    study.traceCharts = {{"", "Handshakes", "per second", {{"handshakes", ""}}},
                         {"", "Longest wait for the CPU", "ms", {{"queue-delay", ""}}},
                         {"", "TCP goodput", "% of offered", {{"goodput", ""}}}};
    // What TCP makes good afterwards at once would hide what it lost.
    study.traceCharts.back().yMost = 150;
    study.findings = Findings;
    return study;
}

} // namespace

int
main(int argc, char* argv[])
{
    return RunStudy(RekeyStorm(), argc, argv);
}
