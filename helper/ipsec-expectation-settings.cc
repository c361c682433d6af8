// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-expectation-settings.h"

#include "ipsec-scenario-ini.h"
#include "ipsec-scenario-units.h"

#include <vector>

namespace ns3
{
namespace ipsec
{

namespace
{

/// Joins words from the one at @p begin on, whatever stood between them.
std::string
JoinWords(const ExpectationWords& words, size_t begin)
{
    std::string text;
    for (size_t i = begin; i < words.size(); i++)
    {
        text += (i == begin ? "" : " ") + words[i];
    }
    return text;
}

/// Names the keys of the section that a text speaks of, or says what a key looks like.
std::string
AllowedKeys(const std::string& key, const ScenarioTexts& texts)
{
    std::vector<std::string> keys;
    const std::string section = key.substr(0, key.rfind('.') + 1);
    for (auto text = texts.lower_bound(section);
         !section.empty() && text != texts.end() && text->first.rfind(section, 0) == 0;
         text++)
    {
        keys.push_back(text->first);
    }
    return keys.empty() ? "a key of a section that is there, such as simulation.stop or "
                          "gateway.NAME.address"
                        : JoinList(keys);
}

} // namespace

bool
ParseSettingExpectation(Expectation& expectation, const ExpectationWords& words)
{
    // A traffic may be called "setting", too; keys have a dot.
    if (words.size() < 4 || words[0] != "setting" || words[2] != "=" ||
        words[1].find('.') == std::string::npos)
    {
        return false;
    }
    expectation.kind = ExpectationKind::Setting;
    expectation.subject = words[1];
    expectation.object = JoinWords(words, 3);
    return true;
}

void
FindSettings(Scenario& scenario, const ScenarioTexts& texts, const ScenarioPositions& positions)
{
    for (Expectation& expectation : scenario.expectations)
    {
        if (expectation.kind != ExpectationKind::Setting)
        {
            continue;
        }
        const auto found = texts.find(expectation.subject);
        if (found == texts.end())
        {
            const std::string key = "expect." + expectation.name + ".that";
            throw ScenarioError(
                positions.at(key),
                key,
                "'" + Printable(expectation.text) + "' speaks of key '" +
                    Printable(expectation.subject) +
                    "', which is not there; allowed: " + AllowedKeys(expectation.subject, texts));
        }
        expectation.found = JoinWords(SplitWords(found->second), 0);
    }
}

Observation
SeeSetting(const Expectation& expectation)
{
    return {expectation.found == expectation.object, "it is " + Printable(expectation.found)};
}

} // namespace ipsec
} // namespace ns3
