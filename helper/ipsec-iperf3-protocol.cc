// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-iperf3-protocol.h"

#include "ipsec-json-writer.h"

#include <boost/property_tree/json_parser.hpp>
#include <boost/property_tree/ptree.hpp>
#include <limits>
#include <sstream>

namespace ns3
{
namespace ipsec
{

namespace
{

using boost::property_tree::ptree;

constexpr size_t LENGTH_OCTETS = 4;
/// Deepest JSON that iperf3 sends is 3; the parser below calls itself for each level.
constexpr int MOST_LEVELS = 16;

/// Writes a number as it travels, most significant octet first.
std::string
FourOctets(uint32_t number)
{
    std::string octets;
    for (int shift = 24; shift >= 0; shift -= 8)
    {
        octets.push_back(static_cast<char>(number >> shift));
    }
    return octets;
}

/// Tells whether there are few levels; brackets in strings count, too, and iperf3 has none.
bool
IsShallow(const std::string& json)
{
    int level = 0;
    for (const char c : json)
    {
        level += c == '{' || c == '[' ? 1 : c == '}' || c == ']' ? -1 : 0;
        if (level > MOST_LEVELS)
        {
            return false;
        }
    }
    return true;
}

std::optional<ptree>
Parse(const std::string& json)
{
    if (!IsShallow(json))
    {
        return std::nullopt;
    }
    ptree tree;
    std::istringstream in(json);
    try
    {
        boost::property_tree::read_json(in, tree);
    }
    catch (const boost::property_tree::ptree_error&)
    {
        return std::nullopt;
    }
    return tree;
}

} // namespace

std::string
Iperf3NotImplemented()
{
    constexpr uint32_t NOT_IMPLEMENTED = 13;
    return std::string(1, static_cast<char>(Iperf3State::ServerError)) +
           FourOctets(NOT_IMPLEMENTED) + FourOctets(0);
}

std::string
Iperf3Message(const std::string& json)
{
    return FourOctets(static_cast<uint32_t>(json.size())) + json;
}

bool
TakeIperf3Message(std::string& octets, std::optional<std::string>& json)
{
    json.reset();
    if (octets.size() < LENGTH_OCTETS)
    {
        return true;
    }
    size_t length = 0;
    for (size_t i = 0; i < LENGTH_OCTETS; i++)
    {
        length = length << 8 | static_cast<uint8_t>(octets[i]);
    }
    if (length > IPERF3_MOST_JSON)
    {
        return false;
    }
    if (octets.size() >= LENGTH_OCTETS + length)
    {
        json = octets.substr(LENGTH_OCTETS, length);
        octets.erase(0, LENGTH_OCTETS + length);
    }
    return true;
}

std::optional<uint32_t>
ReadIperf3Parameters(const std::string& json)
{
    const std::optional<ptree> tree = Parse(json);
    if (!tree || !tree->get<bool>("tcp", false) || tree->get<bool>("reverse", false) ||
        tree->get<bool>("bidirectional", false) || tree->get<int64_t>("omit", 0) != 0)
    {
        return std::nullopt;
    }
    const auto streams = tree->get<int64_t>("parallel", 1);
    if (streams < 1 || streams > IPERF3_MOST_STREAMS)
    {
        return std::nullopt;
    }
    return static_cast<uint32_t>(streams);
}

std::optional<uint64_t>
ReadIperf3Results(const std::string& json)
{
    const std::optional<ptree> tree = Parse(json);
    const auto streams = tree ? tree->get_child_optional("streams") : boost::none;
    if (!streams)
    {
        return std::nullopt;
    }
    uint64_t octets = 0;
    for (const auto& [name, stream] : *streams)
    {
        const auto sent = stream.get<int64_t>("bytes", -1);
        if (sent < 0 || static_cast<uint64_t>(sent) > std::numeric_limits<uint64_t>::max() - octets)
        {
            return std::nullopt;
        }
        octets += static_cast<uint64_t>(sent);
    }
    return octets;
}

std::string
WriteIperf3Results(const std::vector<uint64_t>& octets, double seconds)
{
    JsonWriter json;
    json.BeginObject();
    for (const char* key : {"cpu_util_total", "cpu_util_user", "cpu_util_system"})
    {
        json.Key(key).Number(uint64_t{0});
    }
    // A receiver does not know what was sent again.
    json.Key("sender_has_retransmits").Number(-1.0);
    json.Key("streams").BeginArray();
    // iperf3 numbers its streams 1, 3, 4, 5 and so on, and wants the same numbers back.
    uint64_t id = 1;
    for (const uint64_t received : octets)
    {
        json.BeginObject().Key("id").Number(id).Key("bytes").Number(received);
        json.Key("retransmits").Number(-1.0);
        for (const char* key : {"jitter", "errors", "packets", "start_time"})
        {
            json.Key(key).Number(uint64_t{0});
        }
        json.Key("end_time").Number(seconds).EndObject();
        id += id == 1 ? 2 : 1;
    }
    json.EndArray().EndObject();
    return json.Take();
}

} // namespace ipsec
} // namespace ns3
