// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-scenario-traffic.h"

#include "ipsec-iperf3-server.h"
#include "ipsec-scenario-ping.h"
#include "ipsec-scenario-stream.h"

#include "ns3/data-rate.h"
#include "ns3/ipsec-conversions.h"
#include "ns3/packet-sink-helper.h"
#include "ns3/simulator.h"
#include "ns3/tcp-socket-factory.h"
#include "ns3/udp-socket-factory.h"
#include "ns3/uinteger.h"

#include <algorithm>

namespace ns3
{
namespace ipsec
{

namespace
{

/// A sender that was silent for longer has ended, or is TCP and waits for answers.
constexpr Duration LEAST_PAUSE = std::chrono::seconds(1);

const char*
KindName(TrafficKind kind)
{
    switch (kind)
    {
    case TrafficKind::Ping:
        return "ping";
    case TrafficKind::Udp:
        return "udp";
    case TrafficKind::Tcp:
        return "tcp";
    case TrafficKind::Iperf3:
        return "iperf3";
    }
    return "";
}

} // namespace

/// One traffic: its applications and what they reported.
class ScenarioTraffic::Flow
{
  public:
    Flow(const TrafficSettings& settings, uint16_t number)
        : m_settings(settings)
        , m_number(number)
    {
        m_record.name = settings.name;
        m_record.kind = KindName(settings.kind);
        m_record.from = settings.from;
        m_record.to = settings.to;
        m_record.toAddress = settings.toAddress;
    }

    void
    InstallPing(Ptr<Node> from)
    {
        Ptr<ScenarioPing> ping = CreateObject<ScenarioPing>();
        ping->SetAttribute("Remote", Ipv4AddressValue(ToNs3(m_settings.toAddress)));
        ping->SetAttribute("Interval", TimeValue(ToTime(m_settings.interval)));
        ping->SetAttribute("Size", UintegerValue(m_settings.size));
        ping->SetAttribute("Count", UintegerValue(m_settings.count));
        ping->SetAttribute("Identifier", UintegerValue(m_number + 1));
        ping->TraceConnectWithoutContext("Sent", MakeCallback(&Flow::PingSent, this));
        ping->TraceConnectWithoutContext("Answered", MakeCallback(&Flow::PingAnswered, this));
        ping->SetStartTime(ToTime(m_settings.start));
        ping->SetStopTime(ToTime(m_settings.stop));
        from->AddApplication(ping);
    }

    /// @param to may be null: the receiver is outside the simulation.
    void
    InstallStream(Ptr<Node> from, Ptr<Node> to)
    {
        const TypeId factory = m_settings.kind == TrafficKind::Udp ? UdpSocketFactory::GetTypeId()
                                                                   : TcpSocketFactory::GetTypeId();
        const double bitsPerSecond =
            m_settings.size * 8e9 / static_cast<double>(m_settings.interval.count());
        Ptr<ScenarioStream> source = CreateObject<ScenarioStream>();
        source->SetAttribute(
            "Remote",
            AddressValue(InetSocketAddress(ToNs3(m_settings.toAddress), m_settings.port)));
        source->SetAttribute("Protocol", TypeIdValue(factory));
        source->SetAttribute("DataRate",
                             DataRateValue(DataRate(static_cast<uint64_t>(bitsPerSecond + 0.5))));
        source->SetAttribute("PacketSize", UintegerValue(m_settings.size));
        source->SetAttribute("Count", UintegerValue(m_settings.count));
        source->TraceConnectWithoutContext("Tx", MakeCallback(&Flow::StreamSent, this));
        source->SetStartTime(ToTime(m_settings.start));
        source->SetStopTime(ToTime(m_settings.stop));
        from->AddApplication(source);
        if (to)
        {
            PacketSinkHelper sink(factory.GetName(),
                                  InetSocketAddress(Ipv4Address::GetAny(), m_settings.port));
            ApplicationContainer sinks = sink.Install(to);
            sinks.Start(Seconds(0));
            sinks.Get(0)->TraceConnectWithoutContext("Rx",
                                                     MakeCallback(&Flow::StreamReceived, this));
        }
    }

    void
    InstallIperf3(Ptr<Node> to)
    {
        Ptr<Iperf3Server> server = CreateObject<Iperf3Server>();
        server->SetAttribute("Port", UintegerValue(m_settings.port));
        server->SetAttribute("Client", Ipv4AddressValue(ToNs3(IpAddress::Parse(m_settings.from))));
        server->TraceConnectWithoutContext("Received", MakeCallback(&Flow::Iperf3Received, this));
        server->TraceConnectWithoutContext("Claimed", MakeCallback(&Flow::Iperf3Claimed, this));
        server->SetStartTime(ToTime(m_settings.start));
        server->SetStopTime(ToTime(m_settings.stop));
        to->AddApplication(server);
    }

    /// Returns what became of it so far.
    TrafficRecord
    Record() const
    {
        TrafficRecord record = m_record;
        if (m_firstSent)
        {
            const Instant since = m_lastArrival.value_or(*m_firstSent);
            record.longestSilence = std::max(m_longestSilence, m_lastSent - since);
        }
        return record;
    }

    TrafficCount
    Count() const
    {
        TrafficCount count{m_record.name, m_record.sent, m_record.received, std::nullopt};
        const bool hasEnded =
            InstantNow() - m_lastSent > std::max(m_settings.interval, LEAST_PAUSE);
        if (m_firstSent)
        {
            const Instant since = m_lastArrival.value_or(*m_firstSent);
            if (!hasEnded)
            {
                count.silence = InstantNow() - since;
            }
        }
        return count;
    }

  private:
    void
    NoteSent()
    {
        m_lastSent = InstantNow();
        m_firstSent = m_firstSent.value_or(m_lastSent);
    }

    void
    NoteArrival()
    {
        // Of iperf3 nobody sees what is sent.
        if (m_firstSent)
        {
            const Instant now = InstantNow();
            m_longestSilence =
                std::max(m_longestSilence, now - m_lastArrival.value_or(*m_firstSent));
            m_lastArrival = now;
        }
    }

    void
    PingSent(uint16_t sequence)
    {
        NoteSent();
        m_record.sent++;
        m_record.sentOctets += m_settings.size;
        m_bySequence[sequence] = m_record.probes.size();
        m_record.probes.push_back({InstantNow(), std::nullopt});
    }

    void
    PingAnswered(uint16_t sequence, Time roundTrip)
    {
        NoteArrival();
        m_record.received++;
        m_record.receivedOctets += m_settings.size;
        m_record.probes[m_bySequence[sequence]].roundTrip = ToDuration(roundTrip);
    }

    void
    StreamSent(Ptr<const Packet> packet)
    {
        NoteSent();
        m_record.sent++;
        m_record.sentOctets += packet->GetSize();
    }

    void
    StreamReceived(Ptr<const Packet> packet, const Address& /* from */)
    {
        NoteArrival();
        m_record.receivedOctets += packet->GetSize();
        // TCP knows no packets: it may hand over several at once, or parts.
        m_record.received = m_settings.kind == TrafficKind::Udp
                                ? m_record.received + 1
                                : m_record.receivedOctets / m_settings.size;
    }

    void
    Iperf3Received(uint64_t octets)
    {
        m_record.receivedOctets += octets;
        m_record.received = m_record.receivedOctets / m_settings.size;
    }

    void
    Iperf3Claimed(uint64_t octets)
    {
        m_record.sentOctets += octets;
        m_record.sent = m_record.sentOctets / m_settings.size;
    }

    TrafficSettings m_settings;
    uint16_t m_number;
    TrafficRecord m_record;
    std::map<uint16_t, size_t> m_bySequence;
    std::optional<Instant> m_firstSent;
    Instant m_lastSent{};
    std::optional<Instant> m_lastArrival;
    Duration m_longestSilence{};
};

ScenarioTraffic::ScenarioTraffic(const Scenario& scenario, const ScenarioNetwork& network)
{
    for (const TrafficSettings& settings : scenario.traffic)
    {
        m_flows.push_back(std::make_unique<Flow>(settings, static_cast<uint16_t>(m_flows.size())));
        if (settings.kind == TrafficKind::Iperf3)
        {
            m_flows.back()->InstallIperf3(network.NodeOf(settings.to));
            continue;
        }
        Ptr<Node> from = network.NodeOf(settings.from);
        if (settings.kind == TrafficKind::Ping)
        {
            m_flows.back()->InstallPing(from);
            continue;
        }
        const bool isInside = scenario.FindHost(settings.to) != nullptr ||
                              scenario.FindGateway(settings.to) != nullptr;
        m_flows.back()->InstallStream(from, isInside ? network.NodeOf(settings.to) : nullptr);
    }
    for (size_t i = 0; i < scenario.branches.size(); i++)
    {
        if (scenario.branches[i].traffic.kind != BranchTrafficKind::None)
        {
            m_branches.push_back(std::make_unique<BranchTraffic>(
                scenario.branches[i], scenario, network, static_cast<uint16_t>(i)));
        }
    }
}

ScenarioTraffic::~ScenarioTraffic() = default;

std::vector<TrafficCount>
ScenarioTraffic::Counts() const
{
    std::vector<TrafficCount> counts;
    for (const auto& flow : m_flows)
    {
        counts.push_back(flow->Count());
    }
    for (const auto& branches : m_branches)
    {
        const TrafficRecord& record = branches->Record();
        counts.push_back({record.name, record.sent, record.received, std::nullopt});
    }
    return counts;
}

std::vector<TrafficRecord>
ScenarioTraffic::Records() const
{
    std::vector<TrafficRecord> records;
    for (const auto& flow : m_flows)
    {
        records.push_back(flow->Record());
    }
    for (const auto& branches : m_branches)
    {
        records.push_back(branches->Record());
    }
    return records;
}

} // namespace ipsec
} // namespace ns3
