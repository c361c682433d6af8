// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-scenario-check.h"
#include "ipsec-scenario-keys.h"
#include "ipsec-scenario-manual.h"

namespace ns3
{
namespace ipsec
{

namespace
{

/// Checks that each tunnel is told only what its keying has a use for.
class KeyingChecker : private ScenarioChecker
{
  public:
    using ScenarioChecker::ScenarioChecker;

    void
    Run() const
    {
        for (const TunnelSettings& tunnel : m_scenario.tunnels)
        {
            for (const ScenarioKey& row : FindScenarioSection("tunnel")->keys)
            {
                if (row.only && *row.only != tunnel.keying)
                {
                    CheckUnwritten(tunnel, row);
                }
            }
        }
    }

  private:
    void CheckUnwritten(const TunnelSettings& tunnel, const ScenarioKey& row) const;
    static std::string Reason(TunnelKeying keying);
};

void
KeyingChecker::CheckUnwritten(const TunnelSettings& tunnel, const ScenarioKey& row) const
{
    const std::string prefix = "tunnel." + tunnel.name + ".";
    for (const std::string& key : {prefix + row.name,
                                   prefix + tunnel.ends[0].gateway + "." + row.name,
                                   prefix + tunnel.ends[1].gateway + "." + row.name})
    {
        if (m_positions.count(key) > 0)
        {
            Refuse(key, tunnel.position, Reason(tunnel.keying));
        }
    }
}

std::string
KeyingChecker::Reason(TunnelKeying keying)
{
    if (keying == TunnelKeying::Ike)
    {
        return "is there, but keying is ike, which finds it itself; allowed with keying = manual";
    }
    std::vector<std::string> allowed;
    for (const ScenarioKey& row : FindScenarioSection("tunnel")->keys)
    {
        if (row.only != TunnelKeying::Ike)
        {
            allowed.emplace_back(row.name);
        }
    }
    return "is there, but keying is manual, and only IKE has a use for it; allowed: " +
           JoinList(allowed);
}

/// Checks keys that somebody wrote.
class ManualChecker : private ScenarioChecker
{
  public:
    using ScenarioChecker::ScenarioChecker;

    void
    Run()
    {
        for (TunnelSettings& tunnel : m_scenario.tunnels)
        {
            if (tunnel.keying == TunnelKeying::Manual)
            {
                CheckManual(tunnel);
            }
        }
    }

  private:
    void CheckManual(TunnelSettings& tunnel);
    void CheckManualEnd(TunnelSettings& tunnel, size_t end);
    void CheckManualSpi(const TunnelSettings& tunnel, size_t end, uint32_t spi);
    bool IsWritten(const TunnelSettings& tunnel, size_t end, const std::string& key) const;

    /// Which tunnel receives on an SPI at which gateway.
    std::map<std::pair<std::string, uint32_t>, std::string> m_spis;
};

bool
ManualChecker::IsWritten(const TunnelSettings& tunnel, size_t end, const std::string& key) const
{
    const std::string prefix = "tunnel." + tunnel.name + ".";
    return m_positions.count(prefix + key) > 0 ||
           m_positions.count(prefix + tunnel.ends[end].gateway + "." + key) > 0;
}

void
ManualChecker::CheckManual(TunnelSettings& tunnel)
{
    const std::string prefix = "tunnel." + tunnel.name + ".";
    for (size_t end = 0; end < tunnel.ends.size(); end++)
    {
        CheckManualEnd(tunnel, end);
    }
    const TunnelEndSettings& first = tunnel.ends[0];
    const TunnelEndSettings& second = tunnel.ends[1];
    if (first.rules->phase2Proposals != second.rules->phase2Proposals ||
        first.rules->encapsulation != second.rules->encapsulation)
    {
        Refuse(prefix + "phase2-proposals",
               tunnel.position,
               "differs between the ends, or encapsulation does; manual keys need the same");
    }
}

void
ManualChecker::CheckManualEnd(TunnelSettings& tunnel, size_t end)
{
    const std::string prefix = "tunnel." + tunnel.name + ".";
    TunnelEndSettings& own = tunnel.ends[end];
    if (own.rules->phase2Proposals.size() != 1 || own.rules->phase2Proposals.front().pfsGroup)
    {
        Refuse(prefix + "phase2-proposals",
               tunnel.position,
               "is what the keys are for; with manual keys write one proposal, with nopfs");
    }
    if (own.rules->extendedSequence != ExtendedSequence::Off)
    {
        Refuse(prefix + "extended-sequence",
               tunnel.position,
               "is negotiated by IKE; allowed with manual keys: off");
    }
    const std::string fault = ManualKeysFault(tunnel, end);
    if (!fault.empty())
    {
        const size_t blank = fault.find(' ');
        Refuse(prefix + own.gateway + "." + fault.substr(0, blank),
               tunnel.position,
               fault.substr(blank + 1));
    }
    CheckManualSpi(tunnel, end, *own.rules->manual.spi);
    if (own.rules->manual.ahSpi)
    {
        CheckManualSpi(tunnel, end, *own.rules->manual.ahSpi);
    }
    // Numbers start anew with each run of a sender, and nobody would notice.
    if (!IsWritten(tunnel, end, "replay-window"))
    {
        own.rules.Edit().replayWindow = 0;
    }
}

void
ManualChecker::CheckManualSpi(const TunnelSettings& tunnel, size_t end, uint32_t spi)
{
    const std::string& gateway = tunnel.ends[end].gateway;
    const auto [first, isNew] = m_spis.emplace(std::pair(gateway, spi), tunnel.name);
    if (!isNew)
    {
        Refuse("tunnel." + tunnel.name + "." + gateway + ".spi",
               tunnel.position,
               std::to_string(spi) + " is also that of tunnel '" + first->second +
                   "' there; allowed: one of its own for each SA");
    }
}

} // namespace

void
CheckKeying(Scenario& scenario, const ScenarioPositions& positions)
{
    KeyingChecker(scenario, positions).Run();
}

void
CheckManualKeys(Scenario& scenario, const ScenarioPositions& positions)
{
    ManualChecker(scenario, positions).Run();
}

} // namespace ipsec
} // namespace ns3
