// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec-tests
 * What tests of scenarios with clients that dial up have in common.
 */
#ifndef DIAL_UP_SCENARIOS_H
#define DIAL_UP_SCENARIOS_H

#include "ns3/ipsec-scenario-reader.h"
#include "ns3/ipsec-scenario-runner.h"

#include <string>
#include <vector>

namespace ns3
{
namespace ipsec
{

/// A hub, a home, a cafe behind its provider, and a network for those who are behind no NAT.
inline constexpr char DIAL_UP_WORLD[] = "[simulation]\n"
                                        "stop = 60s\n"
                                        "[internet]\n"
                                        "delay = 20ms\n"
                                        "dhcp = 198.18.0.0/24\n"
                                        "[gateway hub]\n"
                                        "address = 198.51.100.1\n"
                                        "lan = 10.2.0.0/24\n"
                                        "[host server]\n"
                                        "behind = hub\n"
                                        "[pool office]\n"
                                        "addresses = 10.2.4.0/24\n"
                                        "[nat home]\n"
                                        "address = 203.0.113.1\n"
                                        "lan = 192.168.1.0/24\n"
                                        "[nat provider]\n"
                                        "address = 203.0.113.100\n"
                                        "lan = 100.64.0.0/16\n"
                                        "[nat cafe]\n"
                                        "behind = provider\n"
                                        "address = 100.64.0.7\n"
                                        "lan = 192.168.2.0/24\n";

inline constexpr char MODE_CONFIG[] = "mode-config = pull\npool = office\n";

/// Alice, whose tunnel is for an address of the pool unless @p inside says otherwise.
inline std::string
Alice(const std::string& where, const std::string& inside = MODE_CONFIG)
{
    return "[client alice]\nid = alice@example.com\n" + where +
           "[tunnel alice]\nbetween = alice, hub\nmode = aggressive\n"
           "pre-shared-key = key-of-alice\nphase1-proposals = pre-g2-aes128-sha\n"
           "phase2-proposals = nopfs-esp-aes128-sha\n" +
           inside;
}

inline const std::string AT_HOME = "behind = home\naddress = dhcp\n";
inline const std::string PING =
    "[traffic ping]\nfrom = alice\nto = server\nstart = 5s\ncount = 50\n";

/// Runs the world with more sections.
inline RunRecord
RunText(const std::string& more, const std::vector<std::string>& options = {})
{
    return RunScenario(ReadScenarioText(DIAL_UP_WORLD + more, "x.ini", options));
}

/// Returns how much of the first traffic was answered or arrived.
inline uint64_t
Answered(const RunRecord& record)
{
    return record.traffic.at(0).received;
}

} // namespace ipsec
} // namespace ns3

#endif // DIAL_UP_SCENARIOS_H
