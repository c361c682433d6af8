// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-scenario-units.h"

#include "ns3/esp-header.h"

#include <cmath>
#include <cstdlib>
#include <map>
#include <sstream>
#include <stdexcept>

namespace ns3
{
namespace ipsec
{

namespace
{

constexpr double TEN_YEARS_NANOSECONDS = 10.0 * 366 * 86400 * 1e9;
constexpr size_t MAX_NAME = 32;

/// A unit and how many of the smallest it is.
struct Unit
{
    const char* name;
    double factor;
};

/// Reads "NUMBER UNIT" without a sign or exponent and returns the number in the smallest unit.
double
ParseQuantity(const std::string& text, const std::vector<Unit>& units, const std::string& what)
{
    const size_t end = text.find_first_not_of("0123456789.");
    const std::string digits = text.substr(0, end);
    const std::string unitName = end == std::string::npos ? "" : Trim(text.substr(end));
    const bool isNumber = !digits.empty() && digits.find_first_of("0123456789") == 0 &&
                          digits.back() != '.' && digits.find('.') == digits.rfind('.');
    if (isNumber)
    {
        for (const Unit& unit : units)
        {
            if (unitName == unit.name)
            {
                return std::strtod(digits.c_str(), nullptr) * unit.factor;
            }
        }
    }
    throw std::invalid_argument("'" + Printable(text) + "' is not " + what);
}

} // namespace

Duration
ParseDuration(const std::string& text)
{
    static const std::vector<Unit> UNITS{{"ns", 1},
                                         {"us", 1e3},
                                         {"ms", 1e6},
                                         {"s", 1e9},
                                         {"min", 60e9},
                                         {"h", 3600e9},
                                         {"d", 86400e9}};
    const double nanoseconds = ParseQuantity(
        text, UNITS, "a time; allowed: a number with ns, us, ms, s, min, h or d, such as 20ms");
    if (nanoseconds > TEN_YEARS_NANOSECONDS)
    {
        throw std::invalid_argument("'" + text + "' is too long; allowed: at most 10 years");
    }
    return Duration(std::llround(nanoseconds));
}

Duration
ParseLifetime(const std::string& text)
{
    const Duration lifetime = ParseDuration(text);
    if (lifetime < std::chrono::seconds(1))
    {
        throw std::invalid_argument("'" + text + "' is too short; allowed: 1s to 10 years");
    }
    return lifetime;
}

uint64_t
ParseRate(const std::string& text)
{
    if (text == "unlimited")
    {
        return 0;
    }
    static const std::vector<Unit> UNITS{{"bps", 1}, {"kbps", 1e3}, {"Mbps", 1e6}, {"Gbps", 1e9}};
    static const char WHAT[] =
        "a rate; allowed: unlimited, or a number with bps, kbps, Mbps or Gbps, such as 100Mbps";
    const double rate = ParseQuantity(text, UNITS, WHAT);
    if (rate < 1 || rate > 1e13)
    {
        throw std::invalid_argument("'" + text + "' is out of range; allowed: 1bps to 10000Gbps");
    }
    return static_cast<uint64_t>(std::llround(rate));
}

double
ParsePercent(const std::string& text, double most)
{
    constexpr double EVERYTHING = 100;
    std::ostringstream allowed;
    allowed << "allowed: 0% to " << most << "%";
    const double percent =
        ParseQuantity(text, {{"%", 1}}, "a share; " + allowed.str() + ", such as 0.5%");
    if (percent > most)
    {
        const char* what = most == EVERYTHING ? "more than everything" : "out of range";
        throw std::invalid_argument("'" + text + "' is " + what + "; " + allowed.str());
    }
    return percent / EVERYTHING;
}

uint64_t
ParseOctetCount(const std::string& text)
{
    static const char WHAT[] = "a size; allowed: a number with B, kB or MB, such as 1500B";
    const double octets = ParseQuantity(text, {{"B", 1}, {"kB", 1e3}, {"MB", 1e6}}, WHAT);
    if (octets > 1e12 || octets != std::floor(octets))
    {
        throw std::invalid_argument("'" + text + "' is not a whole number of octets below 1e12");
    }
    return static_cast<uint64_t>(octets);
}

uint64_t
ParseLifesize(const std::string& text)
{
    constexpr uint64_t KILOBYTE = 1000;
    const uint64_t octets = ParseOctetCount(text);
    if (octets % KILOBYTE != 0)
    {
        throw std::invalid_argument("'" + text +
                                    "' is no whole number of kB, in which peers agree on it; "
                                    "allowed: 0kB for no limit, or 1kB, 2kB, ...");
    }
    return octets / KILOBYTE;
}

double
ParseNumber(const std::string& text, double least, double most)
{
    std::ostringstream range;
    range << "a number from " << least << " to " << most << ", such as 1.8";
    const double number = ParseQuantity(text, {{"", 1}}, range.str());
    if (number < least || number > most)
    {
        throw std::invalid_argument("'" + text + "' is not " + range.str());
    }
    return number;
}

uint64_t
ParseCount(const std::string& text, uint64_t least, uint64_t most)
{
    const bool isNumber = !text.empty() && text.size() < 20 &&
                          text.find_first_not_of("0123456789") == std::string::npos;
    const uint64_t value = isNumber ? std::strtoull(text.c_str(), nullptr, 10) : 0;
    if (!isNumber || value < least || value > most)
    {
        throw std::invalid_argument("'" + Printable(text) + "' is not a number from " +
                                    std::to_string(least) + " to " + std::to_string(most));
    }
    return value;
}

bool
ParseFlag(const std::string& text)
{
    return ParseChoice<bool>(text, {{"true", true}, {"false", false}});
}

std::string
ParseName(const std::string& text)
{
    static const char ALLOWED[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";
    if (text.empty() || text.size() > MAX_NAME ||
        text.find_first_not_of(ALLOWED) != std::string::npos)
    {
        throw std::invalid_argument("'" + Printable(text) +
                                    "' is not a name; allowed: 1 to 32 letters, digits, '-', '_'");
    }
    return text;
}

std::vector<std::string>
SplitList(const std::string& text)
{
    std::vector<std::string> words;
    size_t start = 0;
    while (true)
    {
        const size_t comma = text.find(',', start);
        words.push_back(Trim(text.substr(start, comma - start)));
        if (comma == std::string::npos)
        {
            return words;
        }
        start = comma + 1;
    }
}

std::vector<std::string>
SplitWords(const std::string& text)
{
    std::vector<std::string> words;
    size_t start = text.find_first_not_of(" \t");
    while (start != std::string::npos)
    {
        const size_t end = text.find_first_of(" \t", start);
        words.push_back(text.substr(start, end - start));
        start = text.find_first_not_of(" \t", end);
    }
    return words;
}

std::string
Trim(const std::string& text)
{
    const size_t first = text.find_first_not_of(" \t\r");
    if (first == std::string::npos)
    {
        return "";
    }
    return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

std::string
JoinList(const std::vector<std::string>& words)
{
    std::string joined;
    for (const std::string& word : words)
    {
        joined += (joined.empty() ? "" : ", ") + word;
    }
    return joined;
}

std::string
Printable(const std::string& text)
{
    std::string out;
    for (const char c : text)
    {
        const auto octet = static_cast<unsigned char>(c);
        out += octet < 0x20 || octet == 0x7f ? '?' : c;
    }
    return out;
}

void
RefuseChoice(const std::string& text, const std::vector<std::string>& words)
{
    throw std::invalid_argument("'" + Printable(text) +
                                "' is not known; allowed: " + JoinList(words));
}

ProxyId
ParseProxyId(const std::string& text)
{
    const std::vector<std::string> parts = SplitList(text);
    if (parts.size() != 2)
    {
        throw std::invalid_argument("'" + Printable(text) +
                                    "' is not a proxy ID; allowed: two prefixes, such as "
                                    "192.168.0.0/24, 172.16.0.0/24");
    }
    ProxyId id;
    id.local = Prefix::Parse(parts[0]);
    id.remote = Prefix::Parse(parts[1]);
    return id;
}

uint8_t
ParseIpProtocol(const std::string& text)
{
    static const std::map<std::string, uint8_t> NAMES{{"any", 0},
                                                      {"icmp", IP_PROTOCOL_ICMP},
                                                      {"tcp", IP_PROTOCOL_TCP},
                                                      {"udp", IP_PROTOCOL_UDP},
                                                      {"gre", IP_PROTOCOL_GRE}};
    const auto found = NAMES.find(text);
    if (found != NAMES.end())
    {
        return found->second;
    }
    const bool isNumber =
        !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;
    if (!isNumber)
    {
        RefuseChoice(text, {"any", "icmp", "tcp", "udp", "gre", "1 to 255"});
    }
    return static_cast<uint8_t>(ParseCount(text, 1, 255));
}

std::array<uint16_t, 2>
ParsePorts(const std::string& text)
{
    const std::vector<std::string> parts = SplitList(text);
    if (parts.size() != 2)
    {
        throw std::invalid_argument("'" + Printable(text) +
                                    "' is no pair of ports; allowed: two of 1 to 65535 or any, "
                                    "such as any, 1701");
    }
    std::array<uint16_t, 2> ports{};
    for (size_t i = 0; i < ports.size(); i++)
    {
        ports[i] = parts[i] == "any" ? 0 : static_cast<uint16_t>(ParseCount(parts[i], 1, 65535));
    }
    return ports;
}

SecretBytes
ParseHexKey(const std::string& text)
{
    const bool isHex = text.size() > 2 && text.size() % 2 == 0 && text.compare(0, 2, "0x") == 0 &&
                       text.find_first_not_of("0123456789abcdefABCDEF", 2) == std::string::npos;
    if (!isHex)
    {
        throw std::invalid_argument("'" + Printable(text) +
                                    "' is no key; allowed: 0x and pairs of hexadecimal digits");
    }
    return SecretBytes(FromHex(text.substr(2)));
}

} // namespace ipsec
} // namespace ns3
