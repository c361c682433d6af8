// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-markup.h"
#include "ipsec-report-page.h"

#include <algorithm>

namespace ns3
{
namespace ipsec
{

namespace
{

/// Octets of a scenario that the page shows; no scenario written by hand is that long.
constexpr size_t MOST_TEXT = 100000;

/// Writes a word so that a shell takes it as it is.
std::string
ShellWord(const std::string& word)
{
    const bool isPlain =
        !word.empty() &&
        std::all_of(word.begin(),
                    word.end(),
                    [](char c)
                    {
                        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                               (c >= '0' && c <= '9') ||
                               std::string("-_./=,:%+@").find(c) != std::string::npos;
                    });
    if (isPlain)
    {
        return word;
    }
    std::string quoted = "'";
    for (const char c : word)
    {
        quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
    }
    return quoted + "'";
}

} // namespace

std::string
ScenarioHtml(const ScenarioSource& source)
{
    const std::string& text = source.text;
    if (text.empty())
    {
        return "";
    }
    const size_t lineEnd = text.size() <= MOST_TEXT ? text.size() : text.rfind('\n', MOST_TEXT);
    const size_t shown = lineEnd == std::string::npos ? MOST_TEXT : lineEnd;
    const std::string note = shown == text.size()
                                 ? ""
                                 : "<p class=\"meta\">" + std::to_string(text.size() - shown) +
                                       " more octets of it are not shown.</p>\n";
    std::vector<std::string> overrides;
    for (const std::string& one : source.overrides)
    {
        overrides.push_back("--" + one);
    }
    const std::string overridden =
        overrides.empty() ? ""
                          : "<p>The command line replaced some of it:</p>\n" + HtmlList(overrides);
    return "<p class=\"meta\">" + EscapeMarkup(source.file) + "</p>\n" +
           HtmlDetails(
               "the whole file", HtmlPreformatted("Scenario", text.substr(0, shown)) + note, true) +
           overridden;
}

std::string
ReproductionHtml(const RunRecord& record, const ScenarioSource& source)
{
    if (source.file.empty())
    {
        return "";
    }
    std::string command = "ipsec-lab " + ShellWord(source.file);
    for (const std::string& one : source.overrides)
    {
        // Seed and run stand below, whether they came from the command line or not.
        if (one.rfind("simulation.seed=", 0) != 0 && one.rfind("simulation.run=", 0) != 0)
        {
            command += " " + ShellWord("--" + one);
        }
    }
    command += " --seed " + std::to_string(record.seed) + " --run " + std::to_string(record.run) +
               " --output output";
    return "<p>The same scenario, seed and run give the same octets on the wire, and this page "
           "again:</p>\n" +
           HtmlPreformatted("Command", command) +
           "<p class=\"meta\">With <code>--run N</code> everything that is random is drawn "
           "anew.</p>\n";
}

} // namespace ipsec
} // namespace ns3
