// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-scenario-check.h"
#include "ipsec-series.h"

#include <algorithm>
#include <iterator>

namespace ns3
{
namespace ipsec
{

namespace
{

/// Checks that what expectations and series speak of is there.
class ExpectationChecker : private ScenarioChecker
{
  public:
    using ScenarioChecker::ScenarioChecker;

    void
    Run()
    {
        CheckSeries();
        for (Expectation& expectation : m_scenario.expectations)
        {
            CheckExpectation(expectation);
        }
    }

  private:
    void CheckSeries() const;
    bool HasTraffic(const std::string& name) const;
    bool DialsUp(const std::string& name) const;
    void CheckExpectation(Expectation& expectation) const;
    void CheckTunnelsExpectation(Expectation& expectation) const;
    /// Names the gateways and clients that do not dial up.
    std::string NamesWithRules() const;
    void CheckSeriesExpectation(const Expectation& expectation) const;
    void CheckAttackerExpectation(const Expectation& expectation) const;
};

void
ExpectationChecker::CheckExpectation(Expectation& expectation) const
{
    const auto refuse = [&](const std::string& what, const std::string& allowed)
    {
        Refuse("expect." + expectation.name + ".that",
               expectation.position,
               "'" + Printable(expectation.text) + "' speaks of " + what + " '" +
                   Printable(expectation.subject) + "', which is not there; allowed: " + allowed);
    };
    switch (expectation.kind)
    {
    case ExpectationKind::TunnelUp:
    case ExpectationKind::TunnelFails:
    case ExpectationKind::MainMode:
    case ExpectationKind::AggressiveMode:
    case ExpectationKind::LearnsIdentities:
    case ExpectationKind::LearnsNothing:
    case ExpectationKind::LearnsHash:
    case ExpectationKind::LearnsNoHash:
    case ExpectationKind::Warnings:
        if (!m_scenario.FindTunnel(expectation.subject))
        {
            refuse("tunnel", NamesOf(m_scenario.tunnels));
        }
        break;
    case ExpectationKind::Answered:
    case ExpectationKind::LostPackets:
    case ExpectationKind::LongestSilence:
        if (!HasTraffic(expectation.subject))
        {
            refuse("traffic", NamesOf(m_scenario.traffic) + ", or a [branches] with traffic");
        }
        break;
    case ExpectationKind::TunnelsUp:
    case ExpectationKind::LongestOutage:
    case ExpectationKind::LongestOneWay:
        CheckTunnelsExpectation(expectation);
        break;
    case ExpectationKind::Amplification:
        if (std::none_of(m_scenario.floods.begin(),
                         m_scenario.floods.end(),
                         [&](const FloodSettings& one) { return one.name == expectation.subject; }))
        {
            refuse("flood", NamesOf(m_scenario.floods));
        }
        break;
    case ExpectationKind::SeriesPeak:
    case ExpectationKind::SeriesMean:
    case ExpectationKind::SeriesAt:
        CheckSeriesExpectation(expectation);
        break;
    case ExpectationKind::IkeSas:
    case ExpectationKind::IkeSasEnded:
    case ExpectationKind::IpsecSas:
    case ExpectationKind::KeepAlives:
    case ExpectationKind::Work:
        if (!m_scenario.FindGateway(expectation.subject))
        {
            refuse("gateway", NamesOf(m_scenario.gateways));
        }
        break;
    case ExpectationKind::ClearPackets:
        if (const GatewaySettings* gateway = m_scenario.FindGateway(expectation.subject);
            !gateway || gateway->dialUp->isDialUp)
        {
            // A client that dials up brings its rules with its tunnel; nobody counts against them.
            refuse("gateway with rules from the start", NamesWithRules());
        }
        break;
    case ExpectationKind::NatMappings:
    case ExpectationKind::NatMade:
    case ExpectationKind::NatDrops:
        if (!m_scenario.FindNat(expectation.subject))
        {
            refuse("nat", NamesOf(m_scenario.nats));
        }
        break;
    case ExpectationKind::AttackerReads:
    case ExpectationKind::AttackerReadsNothing:
        CheckAttackerExpectation(expectation);
        break;
    case ExpectationKind::Connects:
    case ExpectationKind::ConnectFailures:
    case ExpectationKind::TunnelLosses:
    case ExpectationKind::LongestWait:
    case ExpectationKind::LongestGap:
        if (!DialsUp(expectation.subject))
        {
            const std::vector<std::string> names = m_scenario.DialUpNames();
            refuse("client that dials up",
                   names.empty() ? "none, write dial-up = true or address = dhcp in a [client NAME]"
                                 : JoinList(names));
        }
        break;
    case ExpectationKind::HasAddress:
    case ExpectationKind::AddressIs:
    {
        const GatewaySettings* client = m_scenario.FindGateway(expectation.subject);
        if (!client || !client->isClient)
        {
            refuse("client", "the name of a [client NAME]");
        }
        break;
    }
    case ExpectationKind::Messages:
    case ExpectationKind::Retransmissions:
    case ExpectationKind::Drops:
    case ExpectationKind::Setting:
        break;
    }
}

bool
ExpectationChecker::HasTraffic(const std::string& name) const
{
    const BranchesSettings* branches = m_scenario.FindBranches(name);
    const auto& all = m_scenario.traffic;
    return (branches && branches->traffic.kind != BranchTrafficKind::None) ||
           std::any_of(all.begin(),
                       all.end(),
                       [&](const TrafficSettings& traffic) { return traffic.name == name; });
}

/// Tells whether that is a client that dials up, or a [clients] of them.
bool
ExpectationChecker::DialsUp(const std::string& name) const
{
    const std::vector<std::string> names = m_scenario.DialUpNames();
    const GatewaySettings* client = m_scenario.FindGateway(name);
    return (client && client->dialUp->isDialUp) ||
           std::find(names.begin(), names.end(), name) != names.end();
}

/// Checks the group, and looks up the event that time is counted from.
std::string
ExpectationChecker::NamesWithRules() const
{
    std::vector<GatewaySettings> others;
    std::copy_if(m_scenario.gateways.begin(),
                 m_scenario.gateways.end(),
                 std::back_inserter(others),
                 [](const GatewaySettings& one) { return !one.dialUp->isDialUp; });
    return NamesOf(others);
}

void
ExpectationChecker::CheckTunnelsExpectation(Expectation& expectation) const
{
    const std::string key = "expect." + expectation.name + ".that";
    const std::string shown = "'" + Printable(expectation.text) + "' speaks of ";
    if (expectation.subject != ALL_NODES && !m_scenario.FindBranches(expectation.subject))
    {
        Refuse(key,
               expectation.position,
               shown + "branches '" + Printable(expectation.subject) +
                   "', which are not there; allowed: " + NamesOf(m_scenario.branches));
    }
    if (expectation.after.empty())
    {
        return;
    }
    const auto& events = m_scenario.events;
    const auto found =
        std::find_if(events.begin(),
                     events.end(),
                     [&](const EventSettings& event) { return event.name == expectation.after; });
    if (found == events.end())
    {
        Refuse(key,
               expectation.position,
               shown + "event '" + Printable(expectation.after) +
                   "', which is not there; allowed: " + NamesOf(events));
    }
    expectation.afterTime = found->at;
}

void
ExpectationChecker::CheckSeriesExpectation(const Expectation& expectation) const
{
    const std::string key = "expect." + expectation.name + ".that";
    const std::string shown = "'" + Printable(expectation.text) + "' speaks of ";
    std::vector<std::string> nodes = m_scenario.SeriesNodes();
    nodes.emplace_back(ALL_NODES);
    if (std::find(nodes.begin(), nodes.end(), expectation.subject) == nodes.end())
    {
        Refuse(key,
               expectation.position,
               shown + "node '" + Printable(expectation.subject) +
                   "', which has no series; allowed: " + JoinList(nodes) +
                   ", and others that output.series-of names");
    }
    for (const std::string prefix : {SENT_PREFIX, RECEIVED_PREFIX, SILENCE_PREFIX})
    {
        const bool isOfTraffic = expectation.metric.rfind(prefix, 0) == 0;
        if (isOfTraffic && !HasTraffic(expectation.metric.substr(prefix.size())))
        {
            Refuse(key,
                   expectation.position,
                   shown + "traffic '" + Printable(expectation.metric.substr(prefix.size())) +
                       "', which is not there; allowed: " + NamesOf(m_scenario.traffic) +
                       ", or a [branches] with traffic");
        }
    }
    if (expectation.by && (*expectation.by > m_scenario.simulation.stop ||
                           *expectation.by < m_scenario.output.seriesInterval))
    {
        Refuse(key,
               expectation.position,
               "'" + Printable(expectation.text) +
                   "' asks for a time without a sample; allowed: from series-interval to the end "
                   "of the run");
    }
}

void
ExpectationChecker::CheckSeries() const
{
    for (const std::string& name : m_scenario.output.seriesOf)
    {
        if (!m_scenario.FindGateway(name) && !m_scenario.FindNat(name) && !DialsUp(name))
        {
            Refuse("output.series-of",
                   m_scenario.position,
                   "there is no gateway '" + Printable(name) +
                       "'; allowed: " + NamesOf(m_scenario.gateways));
        }
    }
    if (m_scenario.FindGateway(ALL_NODES) && m_scenario.output.series)
    {
        Refuse("gateway." + std::string(ALL_NODES),
               m_scenario.FindGateway(ALL_NODES)->position,
               "has the name of the sum over all gateways in series; allowed: another name");
    }
}

void
ExpectationChecker::CheckAttackerExpectation(const Expectation& expectation) const
{
    const auto& attackers = m_scenario.attackers;
    const bool isThere =
        std::any_of(attackers.begin(),
                    attackers.end(),
                    [&](const AttackerSettings& a) { return a.name == expectation.subject; });
    if (!isThere || !m_scenario.FindTunnel(expectation.object))
    {
        Refuse("expect." + expectation.name + ".that",
               expectation.position,
               "'" + Printable(expectation.text) + "' speaks of " +
                   (isThere ? "tunnel '" + Printable(expectation.object)
                            : "attacker '" + Printable(expectation.subject)) +
                   "', which is not there; allowed: " +
                   (isThere ? NamesOf(m_scenario.tunnels) : NamesOf(attackers)));
    }
}

} // namespace

void
CheckExpectations(Scenario& scenario, const ScenarioPositions& positions)
{
    ExpectationChecker(scenario, positions).Run();
}

} // namespace ipsec
} // namespace ns3
