// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Values of a scenario file: numbers with their units, choices, names.
 */
#ifndef IPSEC_SCENARIO_UNITS_H
#define IPSEC_SCENARIO_UNITS_H

#include "ns3/ipsec-octets.h"
#include "ns3/ipsec-proxy-id.h"
#include "ns3/ipsec-time.h"

#include <array>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace ns3
{
namespace ipsec
{

/**
 * Read one value. All throw std::invalid_argument with one clause that quotes the value and says
 * what is allowed.
 */

/// "20ms", "1.5s", "1h": ns, us, ms, s, min, h or d; at most ten years.
Duration ParseDuration(const std::string& text);
/// The same from one second on.
Duration ParseLifetime(const std::string& text);
/// "100Mbps": bps, kbps, Mbps or Gbps; "unlimited" is 0.
uint64_t ParseRate(const std::string& text);
/// "50%", from 0% to @p most percent, as a part of 1.
double ParsePercent(const std::string& text, double most = 100);
/// "1.8", from @p least to @p most.
double ParseNumber(const std::string& text, double least, double most);
/// "1500B": B, kB or MB.
uint64_t ParseOctetCount(const std::string& text);
/// The same as kilobytes, the unit of ISAKMP, in whole ones.
uint64_t ParseLifesize(const std::string& text);
/// A whole number from @p least to @p most.
uint64_t ParseCount(const std::string& text, uint64_t least, uint64_t most);
/// "true" or "false".
bool ParseFlag(const std::string& text);
/// A word of letters, digits, dashes and underscores, at most 32 characters.
std::string ParseName(const std::string& text);
/// Words separated by commas, blanks around them removed.
std::vector<std::string> SplitList(const std::string& text);
/// Words separated by blanks.
std::vector<std::string> SplitWords(const std::string& text);
/// The text without blanks at both ends.
std::string Trim(const std::string& text);
/// Joins words with ", ".
std::string JoinList(const std::vector<std::string>& words);
/// The text with control characters replaced, so that a message stays one line.
std::string Printable(const std::string& text);

/// "192.168.0.0/24, 172.16.0.0/24": the local side, then the remote one.
ProxyId ParseProxyId(const std::string& text);
/// "any" (0), "icmp", "tcp", "udp", "gre", or a number from 1 to 255.
uint8_t ParseIpProtocol(const std::string& text);
/// "any, 1701": the port of the local side, then of the remote one; "any" is 0.
std::array<uint16_t, 2> ParsePorts(const std::string& text);
/// "0x0123": a key in hexadecimal digits.
SecretBytes ParseHexKey(const std::string& text);

/// Highest place of a rule.
constexpr uint64_t MOST_ORDER = 1000000;

/// One of the words given, as its value.
template <typename T>
T ParseChoice(const std::string& text, const std::vector<std::pair<std::string, T>>& choices);

/// Throws "'TEXT' is not one of WORDS".
[[noreturn]] void RefuseChoice(const std::string& text, const std::vector<std::string>& words);

template <typename T>
T
ParseChoice(const std::string& text, const std::vector<std::pair<std::string, T>>& choices)
{
    std::vector<std::string> words;
    for (const auto& choice : choices)
    {
        if (choice.first == text)
        {
            return choice.second;
        }
        words.push_back(choice.first);
    }
    RefuseChoice(text, words);
}

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_SCENARIO_UNITS_H
