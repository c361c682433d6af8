// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-scenario-runner.h"

#include "ipsec-expectation.h"
#include "ipsec-scenario-attacker.h"
#include "ipsec-scenario-events.h"
#include "ipsec-scenario-flood.h"
#include "ipsec-scenario-network.h"
#include "ipsec-scenario-recorder.h"
#include "ipsec-scenario-traffic.h"
#include "ipsec-series-sampler.h"

#include "ns3/boolean.h"
#include "ns3/crypto-dh-workers.h"
#include "ns3/global-value.h"
#include "ns3/ipsec-conversions.h"
#include "ns3/names.h"
#include "ns3/node.h"
#include "ns3/rng-seed-manager.h"
#include "ns3/simulator.h"
#include "ns3/string.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <memory>
#include <optional>

namespace ns3
{
namespace ipsec
{

namespace
{

/// How often progress is shown in a run.
constexpr int64_t PROGRESS_STEPS = 50;

/// Frees the simulator, whatever happens.
class SimulatorGuard
{
  public:
    SimulatorGuard() = default;
    SimulatorGuard(const SimulatorGuard&) = delete;
    SimulatorGuard& operator=(const SimulatorGuard&) = delete;

    ~SimulatorGuard()
    {
        Simulator::Destroy();
        Names::Clear();
        GlobalValue::Bind("ChecksumEnabled", BooleanValue(m_hadChecksums));
    }

  private:
    bool m_hadChecksums = Node::ChecksumEnabled();
};

/// Tells whether a link may change packets.
bool
MayCorrupt(const Scenario& scenario)
{
    const auto corrupts = [](const auto& one) { return one.link.corrupt > 0; };
    return corrupts(scenario.internet) ||
           std::any_of(scenario.gateways.begin(), scenario.gateways.end(), corrupts) ||
           std::any_of(scenario.events.begin(),
                       scenario.events.end(),
                       [](const EventSettings& event)
                       { return event.link.corrupt.value_or(0) > 0; });
}

/**
 * Tells whether anybody can see a checksum, or any can be wrong. Captures without them look broken
 * in Wireshark, a real peer drops such packets, attackers and what prepares a run may look at them,
 * a NAT breaks those of transport mode, and they find what a link changed. All others are right by
 * construction, and ns-3 computes each four times on its way: a twelfth of what a branch of
 * thousands costs to come up. Whoever runs several may have switched them on.
 */
bool
NeedsChecksums(const Scenario& scenario, const RunOptions& options)
{
    return Node::ChecksumEnabled() || MayCorrupt(scenario) || !options.pcapFolder.empty() ||
           options.prepare || scenario.simulation.realTime || !scenario.internet.tap.empty() ||
           !scenario.nats.empty() || !scenario.attackers.empty() || !scenario.floods.empty();
}

void
Prepare(const Scenario& scenario, const RunOptions& options)
{
    const SimulationSettings& settings = scenario.simulation;
    GlobalValue::Bind("SimulatorImplementationType",
                      StringValue(settings.realTime ? "ns3::RealtimeSimulatorImpl"
                                                    : "ns3::DefaultSimulatorImpl"));
    GlobalValue::Bind("ChecksumEnabled", BooleanValue(NeedsChecksums(scenario, options)));
    RngSeedManager::SetSeed(settings.seed);
    RngSeedManager::SetRun(settings.run);
    static const std::map<std::string, const char*> SCHEDULERS{
        {"map", "ns3::MapScheduler"},
        {"heap", "ns3::HeapScheduler"},
        {"list", "ns3::ListScheduler"},
        {"calendar", "ns3::CalendarScheduler"},
        {"priority-queue", "ns3::PriorityQueueScheduler"}};
    ObjectFactory scheduler;
    scheduler.SetTypeId(SCHEDULERS.at(settings.scheduler));
    Simulator::SetScheduler(scheduler);
    if (!settings.realTime)
    {
        // Until a simulation runs first, ns-3 keeps a list of all times there are, in case that
        // their resolution changes: a tenth of the time that thousands of nodes take to be built.
        Simulator::Run();
    }
}

/// Calls the progress function again and again.
class ProgressTicker
{
  public:
    ProgressTicker(const RunOptions& options, const ScenarioRecorder& recorder, Duration stop)
        : m_options(options)
        , m_recorder(recorder)
        , m_step(ToTime(stop / PROGRESS_STEPS))
    {
        if (m_options.progress)
        {
            Simulator::Schedule(m_step, &ProgressTicker::Tick, this);
        }
    }

  private:
    void
    Tick()
    {
        m_options.progress(InstantNow(), m_recorder.LivingSas());
        Simulator::Schedule(m_step, &ProgressTicker::Tick, this);
    }

    const RunOptions& m_options;
    const ScenarioRecorder& m_recorder;
    Time m_step;
};

/// Tells whoever watches that the network is built, and later of each mark.
void
ScheduleMarks(const RunOptions& options)
{
    if (!options.atMark)
    {
        return;
    }
    options.atMark(InstantNow());
    for (const Instant mark : options.marks)
    {
        Simulator::Schedule(ToTime(mark.time_since_epoch()),
                            [&options, mark]() { options.atMark(mark); });
    }
}

/// How long the inputs of one processor waited since the last sample.
class WaitWatch
{
  public:
    explicit WaitWatch(Ptr<CryptoCpu> cpu)
    {
        cpu->TraceConnectWithoutContext("Wait", MakeCallback(&WaitWatch::Note, this));
    }

    WaitWatch(const WaitWatch&) = delete;
    WaitWatch& operator=(const WaitWatch&) = delete;

    /// Writes number, mean and most into a sample, and starts anew.
    void
    Take(CpuSample& sample)
    {
        sample.inputs = m_count;
        sample.meanWait = m_count == 0 ? 0 : m_sum.GetSeconds() / m_count;
        sample.longestWait = m_longest.GetSeconds();
        m_count = 0;
        m_sum = Time(0);
        m_longest = Time(0);
    }

  private:
    void
    Note(CpuLane /* lane */, Time waited)
    {
        m_count++;
        m_sum += waited;
        m_longest = std::max(m_longest, waited);
    }

    double m_count = 0;
    Time m_sum;
    Time m_longest;
};

/// Tells how busy those processors of a network that are sampled were since they were last asked.
CpuSource
SampleCpus(const Scenario& scenario, const ScenarioNetwork& network)
{
    struct Last
    {
        Ptr<CryptoCpu> cpu;
        Time at;
        Time busy;
        std::shared_ptr<WaitWatch> waits;
    };

    std::map<std::string, Last> known;
    const std::vector<std::string> sampled = scenario.SeriesNodes();
    for (const ScenarioGateway& gateway : network.Gateways())
    {
        if (gateway.cpu && std::find(sampled.begin(), sampled.end(), gateway.name) != sampled.end())
        {
            known[gateway.name] = {
                gateway.cpu, Time(0), Time(0), std::make_shared<WaitWatch>(gateway.cpu)};
        }
    }
    return [known](const std::string& name) mutable -> std::optional<CpuSample>
    {
        const auto found = known.find(name);
        if (found == known.end())
        {
            return std::nullopt;
        }
        Last& last = found->second;
        CpuSample sample;
        sample.utilisation = last.cpu->Utilisation(last.at, last.busy);
        sample.queue = static_cast<double>(last.cpu->QueueLength());
        last.waits->Take(sample);
        last.at = Simulator::Now();
        last.busy = last.cpu->BusyTime();
        return sample;
    };
}

template <typename Proposals>
void
WarnOfWeak(const Proposals& proposals,
           const std::string& phase,
           const std::string& gateway,
           std::vector<std::string>& warnings)
{
    for (const auto& proposal : proposals)
    {
        if (IsWeak(proposal))
        {
            warnings.push_back(gateway + ": " + phase + " proposal " + proposal.ToString() +
                               " is weak (" + WeakParts(proposal) + ")");
        }
    }
}

TunnelRecord
DescribeTunnel(const Scenario& scenario, const TunnelSettings& tunnel)
{
    TunnelRecord record;
    record.name = tunnel.name;
    record.first = tunnel.ends[0].gateway;
    record.isExternal = tunnel.IsExternal();
    record.isManual = tunnel.keying == TunnelKeying::Manual;
    record.second =
        tunnel.IsExternal() ? tunnel.externalAddress->ToString() : tunnel.ends[1].gateway;
    for (size_t i = 0; i < tunnel.ends.size(); i++)
    {
        const TunnelEndSettings& end = tunnel.ends[i];
        if (!end.gateway.empty())
        {
            // Of the gateway's own list, too, if the tunnel cites none.
            if (!record.isManual)
            {
                WarnOfWeak(
                    EndProposals(scenario, tunnel, i), "phase 1", end.gateway, record.warnings);
            }
            WarnOfWeak(end.rules->phase2Proposals, "phase 2", end.gateway, record.warnings);
        }
    }
    return record;
}

/// Adds what is dangerous in the configuration of each gateway to the first of its tunnels.
void
AddDangers(RunRecord& record, const ScenarioNetwork& network)
{
    std::map<std::string, TunnelRecord*> firstTunnels;
    for (TunnelRecord& tunnel : record.tunnels)
    {
        firstTunnels.emplace(tunnel.first, &tunnel);
        firstTunnels.emplace(tunnel.second, &tunnel);
    }
    for (const ScenarioGateway& gateway : network.Gateways())
    {
        const auto first = firstTunnels.find(gateway.name);
        if (first == firstTunnels.end())
        {
            continue;
        }
        for (const std::string& danger : Warnings(*gateway.plan.engine))
        {
            first->second->warnings.push_back(gateway.name + ": " + danger);
        }
    }
}

/// Describes what the scenario says and reports show.
void
DescribeScenario(RunRecord& record, const Scenario& scenario)
{
    record.scenario = scenario.name;
    record.seed = scenario.simulation.seed;
    record.run = scenario.simulation.run;
    record.dhOncePerPair = scenario.simulation.dhOncePerPair;
    for (const TunnelSettings& tunnel : scenario.tunnels)
    {
        if (tunnel.branches.empty() || scenario.IsShown(tunnel.ends[0].gateway))
        {
            record.tunnels.push_back(DescribeTunnel(scenario, tunnel));
        }
    }
}

} // namespace

RunRecord
RunScenario(const Scenario& scenario, const RunOptions& options)
{
    const auto wallStart = std::chrono::steady_clock::now();
    const SimulatorGuard guard;
    Prepare(scenario, options);
    const DhWorkers workers(scenario.simulation.dhWorkers,
                            scenario.simulation.dhOncePerPair ? DhSharing::OncePerPair
                                                              : DhSharing::ByEachEnd);
    // Nobody knows what the hook needs.
    const ScenarioNetwork network(scenario, options.prepare ? NodeStack::Whole : NodeStack::Lean);
    ScenarioRecorder recorder(scenario, network);
    const ScenarioTraffic traffic(scenario, network);
    const ScenarioAttackers attackers(scenario, network);
    const ScenarioFloods floods(scenario, network);
    std::optional<SeriesSampler> sampler;
    if (scenario.NeedsSeries())
    {
        sampler.emplace(scenario,
                        network,
                        traffic,
                        recorder.Tunnels(),
                        recorder.DialUps(),
                        SampleCpus(scenario, network));
    }
    if (!options.pcapFolder.empty())
    {
        network.EnablePcap(options.pcapFolder);
    }
    const ScenarioEvents events(scenario, network);
    if (options.prepare)
    {
        options.prepare(network);
    }
    const ProgressTicker ticker(options, recorder, scenario.simulation.stop);

    Simulator::Stop(ToTime(scenario.simulation.stop));
    ScheduleMarks(options);
    Simulator::Run();

    if (sampler)
    {
        sampler->Finish();
    }
    RunRecord record;
    record.end = InstantNow();
    if (options.atMark)
    {
        options.atMark(record.end);
    }
    DescribeScenario(record, scenario);
    record.savedWork = workers.Saved();
    AddDangers(record, network);
    recorder.Finish(record);
    record.traffic = traffic.Records();
    record.events = events.Records();
    record.floods = floods.Records();
    if (sampler)
    {
        record.series = sampler->Samples();
    }
    record.attacks = attackers.Records(record.nodes);
    // While the recorder is still there: what ends may trace its end.
    Simulator::Destroy();
    record.expectations = EvaluateExpectations(scenario.expectations, record);
    record.wallSeconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - wallStart).count();
    return record;
}

} // namespace ipsec
} // namespace ns3
