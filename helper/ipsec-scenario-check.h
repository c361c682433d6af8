// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * What must hold between the sections of a scenario.
 */
#ifndef IPSEC_SCENARIO_CHECK_H
#define IPSEC_SCENARIO_CHECK_H

#include "ipsec-scenario-ini.h"
#include "ipsec-scenario-units.h"
#include "ipsec-scenario.h"

#include <map>
#include <string>
#include <vector>

namespace ns3
{
namespace ipsec
{

/**
 * Fills in what a scenario leaves open (hosts, their addresses, expectations, identities) and
 * checks what its sections say about each other.
 * @throws ScenarioError for the first thing that is wrong.
 */
void CompleteScenario(Scenario& scenario, const ScenarioPositions& positions);

/// The part of CompleteScenario() that is about the TAP device, gateways and hosts.
void CompleteNodes(Scenario& scenario, const ScenarioPositions& positions);

/// The part that is about NATs and the addresses behind them; of CompleteNodes().
void CompleteNats(Scenario& scenario, const ScenarioPositions& positions);

/// The part that is about clients that dial up and their tunnels.
void CompleteDialUp(Scenario& scenario, const ScenarioPositions& positions);

/// The part that is about who gives addresses by DHCP; of CompleteNats().
void CompleteDhcp(Scenario& scenario, const ScenarioPositions& positions);

/// The part that is about traffic.
void CompleteTraffic(Scenario& scenario, const ScenarioPositions& positions);

/// The part that is about keys of tunnels which their keying has no use for.
void CheckKeying(Scenario& scenario, const ScenarioPositions& positions);

/// The part that is about SPIs and keys set by hand; anti-replay is off with them unless written.
void CheckManualKeys(Scenario& scenario, const ScenarioPositions& positions);

/// The part that is about policies, routes, events and, by CheckManualKeys(), manual keys.
void CheckProtection(Scenario& scenario, const ScenarioPositions& positions);

/// The part that is about events.
void CheckEvents(Scenario& scenario, const ScenarioPositions& positions);

/// The part that is about events of clients that dial up; of CheckEvents().
void CheckRoaming(Scenario& scenario, const ScenarioPositions& positions);

/// The part that finds the processors of gateways.
void CompleteCpus(Scenario& scenario, const ScenarioPositions& positions);

/// The part that is about expectations and series.
void CheckExpectations(Scenario& scenario, const ScenarioPositions& positions);

/// What all parts have in common.
class ScenarioChecker
{
  public:
    ScenarioChecker(Scenario& scenario, const ScenarioPositions& positions)
        : m_scenario(scenario)
        , m_positions(positions)
    {
    }

  protected:
    /// Throws a ScenarioError at the place of a key, or of its section if it was not written.
    [[noreturn]] void Refuse(const std::string& key,
                             const ScenarioPosition& section,
                             const std::string& why) const;

    /// Returns how a key of a branch is written: "branches.shop.lans" for "gateway.shop-1.lan".
    std::string WrittenKey(const std::string& key) const;

    /// Refuses the address that an event gives @p self in a network, the name of its NAT or
    /// nothing, if it is none of a host there, or somebody else's.
    void CheckNewAddress(const EventSettings& event,
                         const std::string& network,
                         const std::string& self) const;

    /// Tells whether two networks have addresses in common.
    static bool
    Overlap(const Prefix& a, const Prefix& b)
    {
        return a.Contains(b) || b.Contains(a);
    }

    /// Tells whether an address may be that of one host.
    static bool
    IsUnicast(IpAddress address)
    {
        const uint32_t first = address.value >> 24;
        return first != 0 && first != 127 && first < 224;
    }

    /// Most names that stand in one message.
    static constexpr size_t MOST_NAMES = 16;

    /// Joins the names of a list, for messages.
    template <typename T>
    static std::string NamesOf(const std::vector<T>& list);

    Scenario& m_scenario;
    const ScenarioPositions& m_positions;
};

template <typename T>
std::string
ScenarioChecker::NamesOf(const std::vector<T>& list)
{
    std::vector<std::string> names;
    for (const T& item : list)
    {
        if (names.size() == MOST_NAMES)
        {
            names.push_back("... (" + std::to_string(list.size()) + " in all)");
            break;
        }
        names.push_back(item.name);
    }
    return names.empty() ? "none, there is no such section" : JoinList(names);
}

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_SCENARIO_CHECK_H
