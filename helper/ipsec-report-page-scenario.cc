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

/// Returns what the command line replaced. Seed and run are no part of it: the page says of every
/// run which ones it had.
std::vector<std::string>
Overrides(const ScenarioSource& source)
{
    std::vector<std::string> overrides;
    for (const std::string& one : source.overrides)
    {
        if (one.rfind("simulation.seed=", 0) != 0 && one.rfind("simulation.run=", 0) != 0)
        {
            overrides.push_back("--" + one);
        }
    }
    return overrides;
}

/// Tells whether a scenario was no file that is still there.
bool
IsPiped(const ScenarioSource& source)
{
    return source.file.rfind("/dev/", 0) == 0 || source.file.rfind("/proc/", 0) == 0;
}

/// Says what is the same if the command is given again.
std::string
PromiseText(const RunRecord& record, const ScenarioSource& source)
{
    const bool isAlone = std::none_of(record.tunnels.begin(),
                                      record.tunnels.end(),
                                      [](const TunnelRecord& tunnel) { return tunnel.isExternal; });
    std::string text =
        isAlone ? "The same scenario, seed and run give the same octets on the wire"
                : "A peer outside the simulation does as it likes: this command gives a run like "
                  "this one, not the same octets";
    if (IsPiped(source))
    {
        return text + ". The scenario came through a pipe; store it as scenario.ini first:";
    }
    return text + (isAlone ? ", and this page again:" : ":");
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
    const std::vector<std::string> overrides = Overrides(source);
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
    std::string command =
        "build/examples/ipsec-lab " + ShellWord(IsPiped(source) ? "scenario.ini" : source.file);
    for (const std::string& one : Overrides(source))
    {
        command += " " + ShellWord(one);
    }
    command += " --seed " + std::to_string(record.seed) + " --run " + std::to_string(record.run) +
               " --output output";
    return "<p>" + PromiseText(record, source) + "</p>\n" + HtmlPreformatted("Command", command) +
           "<p class=\"meta\">The program is where the module was built, as its README says; in a "
           "tree of ns-3 it is <code>./ns3 run \"ipsec-lab ...\"</code>. With <code>--run N</code> "
           "everything that is random is drawn anew.</p>\n";
}

} // namespace ipsec
} // namespace ns3
