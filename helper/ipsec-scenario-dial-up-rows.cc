// SPDX-License-Identifier: GPL-2.0-only
// The keys of [client NAME] and [clients NAME] by which users dial up.
#include "ipsec-scenario-rows.h"
#include "ipsec-scenario-units.h"

#include <stdexcept>

namespace ns3
{
namespace ipsec
{

namespace
{

using Text = const std::string;

constexpr double LEAST_FACTOR = 1;
constexpr double MOST_FACTOR = 100;
constexpr uint64_t MOST_TRIES = 1000000;

DialUpSettings&
DialUp(Scenario& scenario, size_t instance)
{
    return scenario.gateways[instance].dialUp.Edit();
}

/// Reads a time that is not zero.
Duration
ParsePause(Text& text)
{
    const Duration pause = ParseDuration(text);
    if (pause < std::chrono::milliseconds(1))
    {
        throw std::invalid_argument("'" + Printable(text) + "' is too short; allowed: 1ms or more");
    }
    return pause;
}

[[noreturn]] void
RefuseDraw(Text& text, bool isOfMany)
{
    throw std::invalid_argument(
        "'" + Printable(text) +
        "' is no time to draw; allowed: TIME, uniform TIME..TIME, exponential MEAN" +
        (isOfMany ? ", and in [clients] poisson GAP, every GAP" : ""));
}

/// Reads "30s", "uniform 0s..60s" or "exponential 30s"; of arrivals, "poisson 2s" and "every 2s",
/// too.
TimeDraw
ParseTimeDraw(Text& text, bool isOfMany)
{
    const std::vector<std::string> words = SplitWords(text);
    if (words.size() == 1)
    {
        return {TimeLaw::Fixed, ParseDuration(text), {}};
    }
    if (words.size() != 2)
    {
        RefuseDraw(text, isOfMany);
    }
    if (words[0] == "uniform")
    {
        const size_t dots = words[1].find("..");
        if (dots == std::string::npos)
        {
            RefuseDraw(text, isOfMany);
        }
        const TimeDraw draw{TimeLaw::Uniform,
                            ParseDuration(words[1].substr(0, dots)),
                            ParseDuration(words[1].substr(dots + 2))};
        if (draw.second < draw.first)
        {
            throw std::invalid_argument("'" + Printable(text) +
                                        "' ends before it begins; allowed: the shorter time first");
        }
        return draw;
    }
    if (words[0] == "exponential")
    {
        return {TimeLaw::Exponential, ParsePause(words[1]), {}};
    }
    if (isOfMany && (words[0] == "poisson" || words[0] == "every"))
    {
        return {
            words[0] == "poisson" ? TimeLaw::Poisson : TimeLaw::Every, ParsePause(words[1]), {}};
    }
    RefuseDraw(text, isOfMany);
}

/// Reads how long somebody is gone, which takes some time: else who fails at once would begin again
/// at the same instant for ever.
TimeDraw
ParseAway(Text& text)
{
    const TimeDraw draw = ParseTimeDraw(text, false);
    if (draw.law != TimeLaw::Exponential && draw.first < std::chrono::milliseconds(1))
    {
        throw std::invalid_argument("'" + Printable(text) + "' is too short; allowed: 1ms or more");
    }
    return draw;
}

/// Keys that say when somebody comes and goes.
std::vector<ScenarioKey>
UserKeys()
{
    return {
        {"dial-up",
         "true|false",
         "",
         "whether it connects, notices what it lost and comes back by itself, as a user's client "
         "does; without, if its address comes by DHCP",
         [](Scenario& s, size_t i, Text& t) { DialUp(s, i).wanted = ParseFlag(t); },
         nullptr},
        {"arrival",
         "TIME|DISTRIBUTION",
         "",
         "when its user first wants the tunnel, in the place of start: TIME, uniform TIME..TIME or "
         "exponential MEAN; of [clients] also poisson GAP or every GAP, from one to the next",
         [](Scenario& s, size_t i, Text& t) { DialUp(s, i).arrival = ParseTimeDraw(t, true); },
         nullptr},
        {"holding",
         "TIME|DISTRIBUTION",
         "",
         "how long the user stays from the moment the tunnel is up, drawn each time: TIME, uniform "
         "TIME..TIME or exponential MEAN; without, to the end of the run",
         [](Scenario& s, size_t i, Text& t) { DialUp(s, i).holding = ParseTimeDraw(t, false); },
         nullptr},
        {"away",
         "TIME|DISTRIBUTION",
         "",
         "how long the user is gone before he comes again, drawn each time; without, he does not",
         [](Scenario& s, size_t i, Text& t) { DialUp(s, i).away = ParseAway(t); },
         nullptr},
    };
}

/// Keys that say what the client does when it fails or loses its tunnel.
std::vector<ScenarioKey>
ReconnectKeys()
{
    return {
        {"reconnect",
         "true|false",
         "true",
         "dial-up: whether another attempt follows one that failed, or a tunnel that was lost",
         [](Scenario& s, size_t i, Text& t) { DialUp(s, i).reconnects = ParseFlag(t); },
         nullptr},
        {"back-off",
         "TIME",
         "5s",
         "dial-up: pause before the first of them; a new address needs none",
         [](Scenario& s, size_t i, Text& t) { DialUp(s, i).firstBackOff = ParsePause(t); },
         nullptr},
        {"back-off-factor",
         "NUMBER",
         "2",
         "dial-up: how many times longer each pause is than the one before",
         [](Scenario& s, size_t i, Text& t)
         { DialUp(s, i).backOffFactor = ParseNumber(t, LEAST_FACTOR, MOST_FACTOR); },
         nullptr},
        {"longest-back-off",
         "TIME",
         "5min",
         "dial-up: no pause is longer",
         [](Scenario& s, size_t i, Text& t) { DialUp(s, i).longestBackOff = ParsePause(t); },
         nullptr},
        {"back-off-jitter",
         "PERCENT",
         "0%",
         "dial-up: by how much a pause is shorter at most, drawn each time, so that many do not "
         "come back at once",
         [](Scenario& s, size_t i, Text& t) { DialUp(s, i).backOffJitter = ParsePercent(t); },
         nullptr},
        {"connect-timeout",
         "TIME",
         "2min",
         "dial-up: how long an attempt may take; 0s leaves its end to IKE",
         [](Scenario& s, size_t i, Text& t) { DialUp(s, i).connectTimeout = ParseDuration(t); },
         nullptr},
        {"refusal-tries",
         "NUMBER",
         "1",
         "dial-up: attempts in a row after which it gives up because an end does not prove who it "
         "is: a wrong password, an expired certificate",
         [](Scenario& s, size_t i, Text& t)
         { DialUp(s, i).refusalTries = static_cast<uint32_t>(ParseCount(t, 1, MOST_TRIES)); },
         nullptr},
        {"attempt-limit",
         "NUMBER",
         "0",
         "dial-up: attempts in a row after which it gives up whatever the reason; 0: never",
         [](Scenario& s, size_t i, Text& t)
         { DialUp(s, i).attemptLimit = static_cast<uint32_t>(ParseCount(t, 0, MOST_TRIES)); },
         nullptr},
        {"block-while-lost",
         "true|false",
         "true",
         "dial-up: whether what a lost tunnel carried is dropped until it is back, rather than "
         "sent in clear",
         [](Scenario& s, size_t i, Text& t) { DialUp(s, i).blocksWhileLost = ParseFlag(t); },
         nullptr},
    };
}

} // namespace

std::vector<ScenarioKey>
DialUpKeys()
{
    std::vector<ScenarioKey> keys = UserKeys();
    const std::vector<ScenarioKey> more = ReconnectKeys();
    keys.insert(keys.end(), more.begin(), more.end());
    return keys;
}

DhcpSettings
ParseDhcpRange(const std::string& text)
{
    const AddressPool pool = ParseAddressRange(text);
    if (!(pool.first < pool.last))
    {
        throw std::invalid_argument("'" + Printable(text) +
                                    "' are less than two addresses; allowed: FIRST - LAST");
    }
    return {pool.first, pool.last};
}

} // namespace ipsec
} // namespace ns3
