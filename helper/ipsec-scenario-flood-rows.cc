// SPDX-License-Identifier: GPL-2.0-only
// The keys of [flood NAME].
#include "ipsec-scenario-rows.h"
#include "ipsec-scenario-units.h"

namespace ns3
{
namespace ipsec
{

namespace
{

/// Most messages per second: some gigabits per second.
constexpr uint64_t MOST_FLOOD_RATE = 1000000;

using Key = ScenarioKey;
using Text = const std::string;

std::vector<Key>
FloodWhatKeys()
{
    return {{"to",
             "GATEWAY",
             REQUIRED_KEY,
             "the gateway that is flooded",
             [](Scenario& s, size_t i, Text& t) { s.floods[i].to = ParseName(t); },
             nullptr},
            {"sources",
             "PREFIX",
             REQUIRED_KEY,
             "where the source address of each message is drawn from; what is sent to these "
             "addresses goes to nobody and is counted",
             [](Scenario& s, size_t i, Text& t) { s.floods[i].sources = Prefix::Parse(t); },
             nullptr},
            {"kind",
             "main|aggressive",
             "main",
             "the exchange that each message begins",
             [](Scenario& s, size_t i, Text& t)
             {
                 s.floods[i].mode = ParseChoice<Phase1Mode>(
                     t, {{"main", Phase1Mode::Main}, {"aggressive", Phase1Mode::Aggressive}});
             },
             nullptr},
            {"rate",
             "NUMBER",
             REQUIRED_KEY,
             "messages per second, evenly spread",
             [](Scenario& s, size_t i, Text& t)
             { s.floods[i].rate = ParseCount(t, 1, MOST_FLOOD_RATE); },
             nullptr},
            {"proposals",
             "PROPOSALS",
             "standard",
             "what each message offers, as phase1-proposals; aggressive mode has the group of the "
             "first",
             [](Scenario& s, size_t i, Text& t)
             { s.floods[i].proposals = ParsePhase1Proposals(t); },
             nullptr}};
}

std::vector<Key>
FloodWhenKeys()
{
    return {{"id",
             "IDENTITY",
             "",
             "aggressive: who each message says it is from; without, its source address",
             [](Scenario& s, size_t i, Text& t) { s.floods[i].id = Identity::Parse(t); },
             nullptr},
            {"start",
             "TIME",
             "0s",
             "when it begins",
             [](Scenario& s, size_t i, Text& t) { s.floods[i].start = ParseDuration(t); },
             nullptr},
            {"stop",
             "TIME",
             "",
             "when it ends; without, at the end of the run",
             [](Scenario& s, size_t i, Text& t) { s.floods[i].stop = ParseDuration(t); },
             nullptr}};
}

} // namespace

ScenarioSection
FloodSection()
{
    ScenarioSection section{
        "flood",
        true,
        "somebody who begins phase 1 again and again under addresses that are not his",
        FloodWhatKeys(),
        [](Scenario& s, const std::string& name, const ScenarioPosition& position)
        {
            FloodSettings flood;
            flood.name = name;
            flood.position = position;
            s.floods.push_back(flood);
        }};
    for (const Key& key : FloodWhenKeys())
    {
        section.keys.push_back(key);
    }
    return section;
}

} // namespace ipsec
} // namespace ns3
