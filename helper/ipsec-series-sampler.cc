// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-series-sampler.h"

#include "ns3/ipsec-conversions.h"
#include "ns3/simulator.h"

#include <algorithm>
#include <array>
#include <set>

namespace ns3
{
namespace ipsec
{

namespace
{

/// In a second.
constexpr double MILLISECONDS = 1000;

/// What is counted between two samples, in the order of RATE_NAMES.
enum Rate : size_t
{
    MAIN_MODES,
    AGGRESSIVE_MODES,
    QUICK_MODES,
    DH,
    RETRANSMISSIONS,
    MESSAGES_OUT,
    MESSAGES_IN,
    RATES,
};

const std::array<const char*, RATES> RATE_NAMES{"main-modes",
                                                "aggressive-modes",
                                                "quick-modes",
                                                "dh",
                                                "retransmissions",
                                                "messages-out",
                                                "messages-in"};

} // namespace

/// The numbers of one gateway, or of all.
class SeriesSampler::Counters
{
  public:
    /// Writes the values of this sample, and starts to count the next.
    void
    Write(Series& series, const std::string& node, double seconds)
    {
        series.Set(node, "ike-sas", ikeSas);
        series.Set(node, "ipsec-sa-pairs", pairs);
        for (size_t i = 0; i < RATES; i++)
        {
            series.Set(node, RATE_NAMES[i], rates[i] / seconds);
        }
        double sum = 0;
        for (const auto& [reason, count] : lost)
        {
            series.Set(node, LOST_PREFIX + reason, count / seconds);
            sum += count;
        }
        series.Set(node, "lost", sum / seconds);
        rates = {};
        lost.clear();
    }

    double ikeSas = 0;
    double pairs = 0;
    std::array<double, RATES> rates{};
    /// By reason.
    std::map<std::string, double> lost;
};

/// Listens to one gateway, and counts for it and for all.
class SeriesSampler::Tap
{
  public:
    /// @param own may be null: nobody asks for the gateway alone.
    Tap(const ScenarioGateway& gateway, Counters* own, Counters* all)
        : m_engine(gateway.daemon)
        , m_own(own)
        , m_all(all)
    {
        Ptr<IkeDaemon> daemon = gateway.daemon;
        daemon->TraceConnectWithoutContext("Tx", MakeCallback(&Tap::Tx, this));
        daemon->TraceConnectWithoutContext("Rx", MakeCallback(&Tap::Rx, this));
        daemon->TraceConnectWithoutContext("IkeSaUp", MakeCallback(&Tap::Up, this));
        daemon->TraceConnectWithoutContext("IkeSaDown", MakeCallback(&Tap::Down, this));
        daemon->TraceConnectWithoutContext("SaInstalled", MakeCallback(&Tap::Installed, this));
        daemon->TraceConnectWithoutContext("SaRemoved", MakeCallback(&Tap::Removed, this));
        daemon->TraceConnectWithoutContext("Drop", MakeCallback(&Tap::DropMessage, this));
        daemon->TraceConnectWithoutContext("Work", MakeCallback(&Tap::AddWork, this));
        gateway.dataPlane->TraceConnectWithoutContext("Drop", MakeCallback(&Tap::DropPacket, this));
        gateway.outside->TraceConnectWithoutContext("PhyTxDrop",
                                                    MakeCallback(&Tap::LoseOnTheWay, this));
        gateway.outside->TraceConnectWithoutContext("MacTxDrop",
                                                    MakeCallback(&Tap::LoseUnsent, this));
    }

    size_t
    HalfOpen() const
    {
        return m_engine->GetEngine().HalfOpen();
    }

  private:
    void
    Count(Rate rate, double amount = 1)
    {
        m_all->rates[rate] += amount;
        if (m_own)
        {
            m_own->rates[rate] += amount;
        }
    }

    void
    Lose(const char* reason)
    {
        m_all->lost[reason]++;
        if (m_own)
        {
            m_own->lost[reason]++;
        }
    }

    void
    Change(double Counters::*number, double by)
    {
        m_all->*number += by;
        if (m_own)
        {
            m_own->*number += by;
        }
    }

    void
    Tx(const MessageSummary& message, const Endpoint& /* local */, const Endpoint& /* remote */)
    {
        Count(MESSAGES_OUT);
        if (message.repeated && message.EndsMessage())
        {
            Count(RETRANSMISSIONS);
        }
    }

    void
    Rx(const MessageSummary& /* message */,
       const Endpoint& /* local */,
       const Endpoint& /* remote */)
    {
        Count(MESSAGES_IN);
    }

    void
    Up(const IkeSaInfo& info)
    {
        Change(&Counters::ikeSas, 1);
        Count(info.mode == Phase1Mode::Main ? MAIN_MODES : AGGRESSIVE_MODES);
    }

    void
    Down(const IkeSaDown& down)
    {
        Change(&Counters::ikeSas, down.wasEstablished ? -1 : 0);
    }

    void
    Installed(const IpsecSa& sa)
    {
        // An inbound SA stands for a pair; the AH around ESP is no pair of its own.
        const bool isOuterHalf = sa.protocol == ProtocolId::Ah && sa.bundledSpi != 0;
        if (sa.direction == SaDirection::Inbound && !isOuterHalf)
        {
            m_pairs.insert(sa.Key());
            Change(&Counters::pairs, 1);
            Count(QUICK_MODES);
        }
    }

    void
    Removed(const RemoveSa& removed)
    {
        Change(&Counters::pairs, -static_cast<double>(m_pairs.erase(removed.key)));
    }

    void
    DropMessage(const Dropped& dropped)
    {
        if (!IsHarmless(dropped.fault))
        {
            Lose(FaultName(dropped.fault));
        }
    }

    void
    DropPacket(Ptr<const Packet> /* packet */, Fault fault)
    {
        Lose(FaultName(fault));
    }

    void
    LoseOnTheWay(Ptr<const Packet> /* packet */)
    {
        Lose(LOST_ON_THE_WAY);
    }

    void
    LoseUnsent(Ptr<const Packet> /* packet */)
    {
        Lose(LOST_UNSENT);
    }

    void
    AddWork(const Work& work)
    {
        for (const auto& [key, amount] : work.Items())
        {
            if (key.kind == WorkKind::DhKeygen || key.kind == WorkKind::DhDerive)
            {
                Count(DH, static_cast<double>(amount));
            }
        }
    }

    Ptr<IkeDaemon> m_engine;
    Counters* m_own;
    Counters* m_all;
    std::set<SaKey> m_pairs;
};

SeriesSampler::SeriesSampler(const Scenario& scenario,
                             const ScenarioNetwork& network,
                             const ScenarioTraffic& traffic,
                             const TunnelTracker& tunnels,
                             const DialUpRecorder& clients,
                             CpuSource cpu)
    : m_traffic(traffic)
    , m_tunnels(tunnels)
    , m_clients(clients)
    , m_clientGroups(scenario.DialUpNames().size())
    , m_lastClients(clients.Counts())
    , m_cpu(std::move(cpu))
    , m_interval(scenario.output.seriesInterval)
    , m_all(std::make_unique<Counters>())
{
    for (const std::string& name : scenario.SeriesNodes())
    {
        m_clientNodes.insert(name);
        if (scenario.FindGateway(name))
        {
            m_counters[name] = std::make_unique<Counters>();
        }
        for (const ScenarioNat& nat : network.Nats())
        {
            if (nat.name == name)
            {
                m_nats[name] = nat.box;
            }
        }
    }
    for (const ScenarioGateway& gateway : network.Gateways())
    {
        const auto own = m_counters.find(gateway.name);
        m_taps.push_back(std::make_unique<Tap>(
            gateway, own == m_counters.end() ? nullptr : own->second.get(), m_all.get()));
        m_tapsByName[gateway.name] = m_taps.back().get();
    }
    m_due = InstantNow() + m_interval;
    Simulator::Schedule(ToTime(m_interval), &SeriesSampler::Continue, this);
}

SeriesSampler::~SeriesSampler() = default;

void
SeriesSampler::Continue()
{
    Sample();
    m_due = InstantNow() + m_interval;
    Simulator::Schedule(ToTime(m_interval), &SeriesSampler::Continue, this);
}

void
SeriesSampler::Finish()
{
    if (InstantNow() == m_due)
    {
        Sample();
    }
}

void
SeriesSampler::Sample()
{
    const double seconds = std::chrono::duration<double>(m_interval).count();
    m_series.Begin(InstantNow());
    m_all->Write(m_series, ALL_NODES, seconds);
    m_series.Set(ALL_NODES, "tunnels-up", static_cast<double>(m_tunnels.Up()));
    m_series.Set(ALL_NODES, "one-way", static_cast<double>(m_tunnels.OneWay()));
    double halfOpen = 0;
    for (const auto& tap : m_taps)
    {
        halfOpen += static_cast<double>(tap->HalfOpen());
    }
    m_series.Set(ALL_NODES, "half-open", halfOpen);
    for (const auto& [name, counters] : m_counters)
    {
        counters->Write(m_series, name, seconds);
        m_series.Set(name, "tunnels-up", static_cast<double>(m_tunnels.UpAt(name)));
        m_series.Set(name, "one-way", static_cast<double>(m_tunnels.OneWayAt(name)));
        m_series.Set(name, "half-open", static_cast<double>(m_tapsByName.at(name)->HalfOpen()));
        SampleCpu(name, seconds);
    }
    for (const auto& [name, box] : m_nats)
    {
        m_series.Set(name, "nat-mappings", static_cast<double>(box->MappingCount()));
    }
    SampleTraffic(seconds);
    SampleClients(seconds);
}

void
SeriesSampler::SampleCpu(const std::string& node, double seconds)
{
    const std::optional<CpuSample> sample = m_cpu ? m_cpu(node) : std::nullopt;
    if (sample)
    {
        m_series.Set(node, "cpu", 100 * sample->utilisation);
        m_series.Set(node, "cpu-queue", sample->queue);
        m_series.Set(node, "cpu-inputs", sample->inputs / seconds);
        m_series.Set(node, "cpu-wait", MILLISECONDS * sample->meanWait);
        m_series.Set(node, "cpu-longest-wait", MILLISECONDS * sample->longestWait);
    }
}

void
SeriesSampler::SampleTraffic(double seconds)
{
    double allSent = 0;
    double allReceived = 0;
    for (const TrafficCount& count : m_traffic.Counts())
    {
        auto& [lastSent, lastReceived] = m_lastTraffic[count.name];
        const double sent = static_cast<double>(count.sent - lastSent) / seconds;
        const double received = static_cast<double>(count.received - lastReceived) / seconds;
        m_series.Set(ALL_NODES, SENT_PREFIX + count.name, sent);
        m_series.Set(ALL_NODES, RECEIVED_PREFIX + count.name, received);
        if (count.silence)
        {
            m_series.Set(ALL_NODES,
                         SILENCE_PREFIX + count.name,
                         std::chrono::duration<double>(*count.silence).count());
        }
        allSent += sent;
        allReceived += received;
        lastSent = count.sent;
        lastReceived = count.received;
    }
    m_series.Set(ALL_NODES, "sent", allSent);
    m_series.Set(ALL_NODES, "received", allReceived);
}

void
SeriesSampler::SampleClients(double seconds)
{
    const std::vector<DialUpCount>& counts = m_clients.Counts();
    DialUpCount all;
    for (size_t i = 0; i < counts.size(); i++)
    {
        if (m_clientNodes.count(counts[i].name) > 0)
        {
            SetClients(counts[i].name, counts[i], m_lastClients[i], seconds);
        }
        // The others are of a [clients], which stands for them.
        if (i < m_clientGroups)
        {
            all.connected += counts[i].connected;
            all.waiting += counts[i].waiting;
            all.connections += counts[i].connections;
            all.failures += counts[i].failures;
        }
    }
    if (!counts.empty())
    {
        SetClients(ALL_NODES, all, m_lastOfAll, seconds);
    }
    m_lastClients = counts;
    m_lastOfAll = all;
}

void
SeriesSampler::SetClients(const std::string& node,
                          const DialUpCount& now,
                          const DialUpCount& last,
                          double seconds)
{
    const auto rate = [seconds](uint64_t from, uint64_t to)
    { return static_cast<double>(to - from) / seconds; };
    m_series.Set(node, "clients-connected", static_cast<double>(now.connected));
    m_series.Set(node, "clients-waiting", static_cast<double>(now.waiting));
    m_series.Set(node, "connects", rate(last.connections, now.connections));
    m_series.Set(node, "connect-failures", rate(last.failures, now.failures));
}

} // namespace ipsec
} // namespace ns3
