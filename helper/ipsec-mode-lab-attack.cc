// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-mode-lab-attack.h"

#include "ipsec-impostor.h"
#include "ipsec-scenario-network.h"
#include "ipsec-scenario-runner.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <memory>
#include <stdexcept>

namespace ns3
{
namespace ipsec
{

namespace
{

/// Behind the streams of all [flood].
constexpr int64_t IMPOSTOR_STREAM = 1300000000;
/// Characters of a keyboard that can be seen, and letters.
constexpr double PRINTABLE = 94;
constexpr double LETTERS = 26;

} // namespace

LabWords
ReadLabWords(const std::optional<std::string>& asked, const std::string& standard)
{
    if (asked)
    {
        return {*asked, ReadWordList(*asked), ""};
    }
    try
    {
        return {standard, ReadWordList(standard), ""};
    }
    catch (const std::invalid_argument& e)
    {
        return {standard, {}, e.what()};
    }
}

void
SetPreSharedKey(Scenario& scenario, const std::string& tunnel, const std::string& key)
{
    for (TunnelSettings& one : scenario.tunnels)
    {
        for (TunnelEndSettings& end : one.ends)
        {
            end.preSharedKey = one.name == tunnel ? key : end.preSharedKey;
        }
    }
}

std::string
PreSharedKeyOf(const Scenario& scenario, const std::string& tunnel)
{
    return scenario.FindTunnel(tunnel)->ends[0].preSharedKey;
}

std::optional<MainModeProof>
RunImpostor(const Scenario& scenario, const std::string& tunnel, const std::string& pcapFolder)
{
    const std::string& responder = scenario.FindTunnel(tunnel)->ends[1].gateway;
    const IpAddress address = scenario.FindGateway(responder)->address;
    std::unique_ptr<IpsecImpostor> impostor;
    std::optional<MainModeProof> proof;
    RunOptions options;
    options.pcapFolder = pcapFolder;
    options.prepare = [&](const ScenarioNetwork& network)
    {
        const std::vector<ScenarioGateway>& gateways = network.Gateways();
        const auto found =
            std::find_if(gateways.begin(),
                         gateways.end(),
                         [&](const ScenarioGateway& one) { return one.name == responder; });
        impostor =
            std::make_unique<IpsecImpostor>(found->outside->GetCloud(), address, IMPOSTOR_STREAM);
    };
    RunScenario(scenario, options);
    return impostor->MainMode().Proof();
}

std::vector<KeyKindRow>
KeyKinds(size_t words)
{
    const auto count = static_cast<double>(words);
    std::vector<KeyKindRow> rows{{"a word of the list", count},
                                 {"a word and two digits", count * 100},
                                 {"8 random lower-case letters", std::pow(LETTERS, 8)},
                                 {"two words of the list", count * count},
                                 {"8 random printable characters", std::pow(PRINTABLE, 8)},
                                 {"four random words of the list", std::pow(count, 4)},
                                 {"12 random printable characters", std::pow(PRINTABLE, 12)},
                                 {"16 random printable characters", std::pow(PRINTABLE, 16)},
                                 {"128 random bits", std::pow(2.0, 128)}};
    std::stable_sort(rows.begin(),
                     rows.end(),
                     [](const KeyKindRow& a, const KeyKindRow& b)
                     { return a.possibilities < b.possibilities; });
    return rows;
}

std::string
LongTimeText(double seconds)
{
    struct Unit
    {
        double seconds;
        const char* name;
    };

    static const Unit UNITS[] = {{31557600, "years"},
                                 {86400, "days"},
                                 {3600, "h"},
                                 {60, "min"},
                                 {1, "s"},
                                 {1e-3, "ms"},
                                 {1e-6, "us"}};
    const auto unit = std::find_if(std::begin(UNITS),
                                   std::end(UNITS) - 1,
                                   [&](const Unit& one) { return seconds >= one.seconds; });
    char text[48];
    const double value = seconds / unit->seconds;
    std::snprintf(text, sizeof(text), value < 1e6 ? "%.0f %s" : "%.1e %s", value, unit->name);
    if (value < 10)
    {
        std::snprintf(text, sizeof(text), "%.1f %s", value, unit->name);
    }
    return text;
}

} // namespace ipsec
} // namespace ns3
