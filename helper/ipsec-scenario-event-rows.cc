// SPDX-License-Identifier: GPL-2.0-only
// The keys of [event NAME].
#include "ipsec-scenario-rows.h"
#include "ipsec-scenario-units.h"

#include <stdexcept>

namespace ns3
{
namespace ipsec
{

namespace
{

/// Most repetitions: more than a run has use for.
constexpr uint64_t MOST_REPETITIONS = 100000;

/// Reads "10s", or "random 10s..50s".
void
SetInstant(EventSettings& event, const std::string& text)
{
    const std::vector<std::string> words = SplitWords(text);
    event.until.reset();
    if (words.empty() || words[0] != "random")
    {
        event.at = ParseDuration(text);
        return;
    }
    const size_t dots = words.size() == 2 ? words[1].find("..") : std::string::npos;
    if (dots == std::string::npos)
    {
        throw std::invalid_argument("'" + Printable(text) +
                                    "' is no range; allowed: random TIME..TIME, such as random "
                                    "10s..50s");
    }
    event.at = ParseDuration(words[1].substr(0, dots));
    event.until = ParseDuration(words[1].substr(dots + 2));
    if (*event.until <= event.at)
    {
        throw std::invalid_argument("'" + Printable(text) +
                                    "' ends before it begins; allowed: the earlier time first");
    }
}

/// Reads "1h", "-1h", or a date.
void
SetJump(EventSettings& event, const std::string& text)
{
    event.jump.reset();
    event.date.reset();
    if (text.find('-', 1) != std::string::npos)
    {
        event.date = ParseCalendar(text);
        return;
    }
    const bool isBack = text[0] == '-';
    const Duration length = ParseDuration(text.substr(isBack ? 1 : 0));
    event.jump = isBack ? -length : length;
}

/// Reads "quick 3".
void
SetMessage(LoseSettings& lose, const std::string& text)
{
    constexpr uint64_t MOST_MESSAGES = 6;
    const std::vector<std::string> words = SplitWords(text);
    if (words.size() != 2)
    {
        throw std::invalid_argument("'" + Printable(text) +
                                    "' is no message; allowed: EXCHANGE and its place there, such "
                                    "as quick 3");
    }
    lose.exchange = ParseChoice<ExchangeType>(words[0],
                                              {{"main", ExchangeType::MainMode},
                                               {"aggressive", ExchangeType::AggressiveMode},
                                               {"quick", ExchangeType::QuickMode}});
    lose.number = static_cast<uint32_t>(ParseCount(words[1], 1, MOST_MESSAGES));
    lose.text = text;
}

using Key = ScenarioKey;

/// More than a run has messages.
constexpr uint64_t MOST_LOST = 1000000000;

std::vector<Key>
LoseKeys()
{
    return {{"message",
             "EXCHANGE NUMBER",
             "",
             "lose: which message, such as quick 3 or main 2; of main, aggressive or quick mode",
             [](Scenario& s, size_t i, const std::string& t) { SetMessage(s.events[i].lose, t); },
             nullptr},
            {"count",
             "NUMBER",
             "1000000000",
             "lose: how many of them at most, copies included",
             [](Scenario& s, size_t i, const std::string& t)
             { s.events[i].lose.count = ParseCount(t, 1, MOST_LOST); },
             nullptr},
            {"share",
             "PERCENT",
             "100%",
             "lose: which part of them, drawn for each one and for each copy",
             [](Scenario& s, size_t i, const std::string& t)
             { s.events[i].lose.share = ParsePercent(t); },
             nullptr}};
}

std::vector<Key>
WhenKeys()
{
    return {
        {"at",
         "TIME|random TIME..TIME",
         REQUIRED_KEY,
         "when; of a range each target draws its own instant from the seed",
         [](Scenario& s, size_t i, const std::string& t) { SetInstant(s.events[i], t); },
         nullptr},
        {"kind",
         "KIND",
         REQUIRED_KEY,
         "what happens: start-tunnel, stop-tunnel, link-down, link-up, link, partition, crash, "
         "restart, stop, start, address-change, clock, lose, remove-key, nat-reboot, nat-rebind, "
         "nat-address, connect, disconnect or roam",
         [](Scenario& s, size_t i, const std::string& t)
         { s.events[i].kind = ParseChoice<EventKind>(t, EventKinds()); },
         nullptr},
        {"target",
         "TUNNEL|GATEWAY|BRANCHES|NAT|all|random|internet",
         REQUIRED_KEY,
         "to what: a tunnel, whose first gateway acts, for the first two kinds; a NAT for nat-... "
         "and links; a client that dials up, or a [clients] of them, for the last three; else a "
         "gateway or client, each one of a [branches] or [clients], each of them, or one that is "
         "drawn; internet for link only",
         [](Scenario& s, size_t i, const std::string& t) { s.events[i].target = ParseName(t); },
         nullptr},
        {"repeat",
         "NUMBER",
         "1",
         "how often in all",
         [](Scenario& s, size_t i, const std::string& t)
         { s.events[i].repeat = ParseCount(t, 1, MOST_REPETITIONS); },
         nullptr},
        {"every",
         "TIME",
         "",
         "time from one repetition to the next",
         [](Scenario& s, size_t i, const std::string& t) { s.events[i].every = ParseDuration(t); },
         nullptr},
        {"for",
         "TIME",
         "",
         "time after which it is undone: the link as it was, the gateway restarted or started, "
         "the old address back, the NAT up again, which without takes 30s, the client back in its "
         "own network",
         [](Scenario& s, size_t i, const std::string& t)
         { s.events[i].lasting = ParseDuration(t); },
         nullptr}};
}

std::vector<Key>
LinkKeys()
{
    return {{"delay",
             "TIME",
             "",
             "link: its delay from then on",
             [](Scenario& s, size_t i, const std::string& t)
             { s.events[i].link.delay = ParseDuration(t); },
             nullptr},
            {"jitter",
             "TIME",
             "",
             "link: the same",
             [](Scenario& s, size_t i, const std::string& t)
             { s.events[i].link.jitter = ParseDuration(t); },
             nullptr},
            {"loss",
             "PERCENT",
             "",
             "link: the same",
             [](Scenario& s, size_t i, const std::string& t)
             { s.events[i].link.loss = ParsePercent(t); },
             nullptr},
            {"reorder",
             "PERCENT",
             "",
             "link: the same",
             [](Scenario& s, size_t i, const std::string& t)
             { s.events[i].link.reorder = ParsePercent(t); },
             nullptr},
            {"duplicate",
             "PERCENT",
             "",
             "link: the same",
             [](Scenario& s, size_t i, const std::string& t)
             { s.events[i].link.duplicate = ParsePercent(t); },
             nullptr},
            {"corrupt",
             "PERCENT",
             "",
             "link: the same",
             [](Scenario& s, size_t i, const std::string& t)
             { s.events[i].link.corrupt = ParsePercent(t); },
             nullptr},
            {"rate",
             "RATE",
             "",
             "link: the same",
             [](Scenario& s, size_t i, const std::string& t)
             { s.events[i].link.rate = ParseRate(t); },
             nullptr}};
}

std::vector<Key>
OtherKeys()
{
    return {{"part",
             "NUMBER",
             "",
             "partition: the part of the internet that it is in from then on; all begin in 0, and "
             "packets cross only between equal numbers",
             [](Scenario& s, size_t i, const std::string& t)
             { s.events[i].part = static_cast<uint32_t>(ParseCount(t, 0, 1000000)); },
             nullptr},
            {"address",
             "ADDRESS",
             "",
             "address-change, nat-address: the new one; roam: the one there, of a client without "
             "DHCP",
             [](Scenario& s, size_t i, const std::string& t)
             { s.events[i].address = IpAddress::Parse(t); },
             nullptr},
            {"to",
             "NAT|internet",
             "",
             "roam: the [nat] whose network it is in from then on, or the internet",
             [](Scenario& s, size_t i, const std::string& t) { s.events[i].to = ParseName(t); },
             nullptr},
            {"jump",
             "TIME|DATE",
             "",
             "clock: how far the calendar jumps, such as 1h or -1h, or where to; only certificates "
             "are judged by it",
             [](Scenario& s, size_t i, const std::string& t) { SetJump(s.events[i], t); },
             nullptr},
            {"peer",
             "GATEWAY",
             "",
             "remove-key: whose key goes; without, all keys",
             [](Scenario& s, size_t i, const std::string& t) { s.events[i].peer = ParseName(t); },
             nullptr}};
}

} // namespace

ScenarioSection
EventSection()
{
    ScenarioSection section{
        "event",
        true,
        "something that happens in the run",
        WhenKeys(),
        [](Scenario& s, const std::string& name, const ScenarioPosition& position)
        {
            EventSettings event;
            event.name = name;
            event.position = position;
            s.events.push_back(event);
        }};
    for (const auto& keys : {LinkKeys(), LoseKeys(), OtherKeys()})
    {
        section.keys.insert(section.keys.end(), keys.begin(), keys.end());
    }
    return section;
}

} // namespace ipsec
} // namespace ns3
