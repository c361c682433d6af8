// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-expectation.h"
#include "ipsec-scenario-rows.h"
#include "ipsec-scenario-units.h"

#include <stdexcept>

namespace ns3
{
namespace ipsec
{

namespace
{

/// Most payload of one packet: what an IPv4 packet holds behind IP and TCP headers.
constexpr uint64_t MOST_PAYLOAD = 65495;

Duration
ParseSampleInterval(const std::string& text)
{
    const Duration interval = ParseDuration(text);
    if (interval < std::chrono::milliseconds(1))
    {
        throw std::invalid_argument("'" + text + "' is too short; allowed: 1ms or more");
    }
    return interval;
}

uint64_t
ParseTrafficRate(const std::string& text)
{
    const uint64_t rate = ParseRate(text);
    if (rate == 0)
    {
        throw std::invalid_argument("'" + text +
                                    "' is not a rate to send at; allowed: a number "
                                    "with bps, kbps, Mbps or Gbps");
    }
    return rate;
}

} // namespace

Duration
ParseTrafficInterval(const std::string& text)
{
    const Duration interval = ParseDuration(text);
    if (interval < std::chrono::microseconds(1))
    {
        throw std::invalid_argument("'" + text + "' is too short; allowed: 1us or more");
    }
    return interval;
}

uint32_t
ParsePayloadSize(const std::string& text)
{
    const uint64_t size = ParseOctetCount(text);
    if (size < 1 || size > MOST_PAYLOAD)
    {
        throw std::invalid_argument("'" + text + "' is out of range; allowed: 1B to 65495B");
    }
    return static_cast<uint32_t>(size);
}

namespace
{

std::string
ParseSender(const std::string& text)
{
    // Names have no dots.
    return text.find('.') == std::string::npos ? ParseName(text)
                                               : IpAddress::Parse(text).ToString();
}

} // namespace

ScenarioSection
TrafficSection()
{
    return {
        "traffic",
        true,
        "packets from a host to a host",
        {{"kind",
          "ping|udp|tcp|iperf3",
          "ping",
          "ICMP echo, a stream, or what a real iperf3 outside the simulation sends",
          [](Scenario& s, size_t i, const std::string& t)
          {
              s.traffic[i].kind = ParseChoice<TrafficKind>(t,
                                                           {{"ping", TrafficKind::Ping},
                                                            {"udp", TrafficKind::Udp},
                                                            {"tcp", TrafficKind::Tcp},
                                                            {"iperf3", TrafficKind::Iperf3}});
          },
          nullptr},
         {"from",
          "HOST|GATEWAY|CLIENT|ADDRESS",
          REQUIRED_KEY,
          "who sends; with iperf3 its address outside the simulation",
          [](Scenario& s, size_t i, const std::string& t) { s.traffic[i].from = ParseSender(t); },
          nullptr},
         {"to",
          "HOST|GATEWAY|ADDRESS",
          REQUIRED_KEY,
          "who receives",
          [](Scenario& s, size_t i, const std::string& t) { s.traffic[i].to = t; },
          nullptr},
         {"port",
          "NUMBER",
          "",
          "port of the receiver; without, 5001, 5002 and so on, and for iperf3 5201",
          [](Scenario& s, size_t i, const std::string& t)
          { s.traffic[i].port = static_cast<uint16_t>(ParseCount(t, 1, 65535)); },
          nullptr},
         {"interval",
          "TIME",
          "1s",
          "time between two packets",
          [](Scenario& s, size_t i, const std::string& t)
          { s.traffic[i].interval = ParseTrafficInterval(t); },
          nullptr},
         {"rate",
          "RATE",
          "",
          "payload per second, instead of interval",
          [](Scenario& s, size_t i, const std::string& t)
          { s.traffic[i].rate = ParseTrafficRate(t); },
          nullptr},
         {"size",
          "SIZE",
          "56B",
          "payload of one packet",
          [](Scenario& s, size_t i, const std::string& t)
          { s.traffic[i].size = ParsePayloadSize(t); },
          nullptr},
         {"count",
          "NUMBER",
          "5",
          "packets to send",
          [](Scenario& s, size_t i, const std::string& t)
          { s.traffic[i].count = ParseCount(t, 1, 1000000000); },
          nullptr},
         {"start",
          "TIME",
          "1s",
          "when the first packet is sent, or iperf3 is answered from",
          [](Scenario& s, size_t i, const std::string& t)
          { s.traffic[i].start = ParseDuration(t); },
          nullptr},
         {"stop",
          "TIME",
          "",
          "when sending ends, if count was not reached; without, at the end of the run",
          [](Scenario& s, size_t i, const std::string& t) { s.traffic[i].stop = ParseDuration(t); },
          nullptr}},
        [](Scenario& s, const std::string& name, const ScenarioPosition& position)
        {
            TrafficSettings traffic;
            traffic.name = name;
            traffic.position = position;
            s.traffic.push_back(traffic);
        }};
}

ScenarioSection
OutputSection()
{
    return {
        "output",
        false,
        "what --output DIR writes besides results.json",
        {{"pcap",
          "true|false",
          "true",
          "one capture per attachment, in pcap/; none of branches, for their hub sees all",
          [](Scenario& s, size_t, const std::string& t) { s.output.pcap = ParseFlag(t); },
          nullptr},
         {"svg",
          "true|false",
          "true",
          "ladder.svg, the messages as a chart",
          [](Scenario& s, size_t, const std::string& t) { s.output.svg = ParseFlag(t); },
          nullptr},
         {"html",
          "true|false",
          "true",
          "report.html, everything on one page",
          [](Scenario& s, size_t, const std::string& t) { s.output.html = ParseFlag(t); },
          nullptr},
         {"wireshark",
          "true|false",
          "true",
          "wireshark/, key tables that decrypt the captures",
          [](Scenario& s, size_t, const std::string& t) { s.output.wireshark = ParseFlag(t); },
          nullptr},
         {"netanim",
          "true|false",
          "false",
          "netanim.xml, the nodes for NetAnim, with the state of their SAs as colours",
          [](Scenario& s, size_t, const std::string& t) { s.output.netanim = ParseFlag(t); },
          nullptr},
         {"series",
          "true|false",
          "false",
          "series.csv and plots/: numbers over simulated time",
          [](Scenario& s, size_t, const std::string& t) { s.output.series = ParseFlag(t); },
          nullptr},
         {"series-interval",
          "TIME",
          "1s",
          "time between two samples, 1ms at least",
          [](Scenario& s, size_t, const std::string& t)
          { s.output.seriesInterval = ParseSampleInterval(t); },
          nullptr},
         {"series-of",
          "NAMES",
          "",
          "gateways, NATs and [clients] that dial up which have series of their own; without, all "
          "that are not one of "
          "[branches]",
          [](Scenario& s, size_t, const std::string& t) { s.output.seriesOf = SplitList(t); },
          nullptr},
         {"show-branches",
          "NUMBER",
          "3",
          "how many of each [branches] the ladder and the tables show; sums and expectations are "
          "always about all",
          [](Scenario& s, size_t, const std::string& t)
          { s.output.showBranches = static_cast<uint32_t>(ParseCount(t, 0, 100000)); },
          nullptr}},
        nullptr};
}

ScenarioSection
ExpectSection()
{
    return {"expect",
            true,
            "what must be true at the end; without any: every tunnel up, every ping answered once",
            {{"that",
              "SENTENCE",
              REQUIRED_KEY,
              ExpectationForms(),
              [](Scenario& s, size_t i, const std::string& t)
              {
                  Expectation expectation = ParseExpectation(t);
                  expectation.name = s.expectations[i].name;
                  expectation.position = s.expectations[i].position;
                  expectation.hint = s.expectations[i].hint;
                  s.expectations[i] = expectation;
              },
              nullptr},
             {"hint",
              "TEXT",
              "",
              "what the report tells whoever did not meet it, as in a task for students",
              [](Scenario& s, size_t i, const std::string& t) { s.expectations[i].hint = t; },
              nullptr}},
            [](Scenario& s, const std::string& name, const ScenarioPosition& position)
            {
                Expectation expectation;
                expectation.name = name;
                expectation.position = position;
                s.expectations.push_back(expectation);
            }};
}

} // namespace ipsec
} // namespace ns3
