// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-ladder.h"

#include <algorithm>

namespace ns3
{
namespace ipsec
{

namespace
{

/// Columns between the two lifelines.
constexpr size_t WIDTH = 76;
constexpr size_t TIME_COLUMNS = 11;

std::string
Padded(const std::string& text, size_t width)
{
    return text.size() >= width ? text : std::string(width - text.size(), ' ') + text;
}

std::string
TimeColumn(Instant at)
{
    return Padded(SecondsText(at), TIME_COLUMNS - 2) + "  ";
}

/// Draws "|---- main 1: SA VID ------------>|".
std::string
Arrow(const LadderStep& step)
{
    const char line = step.encrypted ? '=' : '-';
    std::string text = " " + step.label + ": " + step.payloads + " ";
    const size_t room = WIDTH - 8;
    if (text.size() > room)
    {
        text = text.substr(0, room - 4) + "... ";
    }
    const char head = step.unheard ? 'X' : step.isLeft ? '>' : '<';
    std::string body = std::string(3, line) + text;
    body.resize(WIDTH - 1, line);
    // What stands on the way where a message ends there.
    const std::optional<char> ends = step.lost       ? std::optional<char>('X')
                                     : step.underway ? std::optional<char>('.')
                                                     : std::nullopt;
    if (step.isLeft)
    {
        body = !ends ? body + head : body.substr(0, WIDTH - 6) + *ends + "     ";
        return "|" + body + "|";
    }
    return !ends ? std::string("|") + head + body + "|"
                 : "|     " + std::string(1, *ends) + body.substr(0, WIDTH - 6) + "|";
}

std::string
Remarks(const LadderStep& step)
{
    std::string remarks;
    const auto add = [&](bool holds, const char* text)
    { remarks += holds ? (remarks.empty() ? "  " : ", ") + std::string(text) : ""; };
    add(step.encrypted, "encrypted");
    add(step.port == NATT_PORT, "port 4500");
    add(step.repeated, "sent again");
    add(step.networkCopy, "copy by the network");
    add(step.lost, "LOST");
    LadderStep rest = step;
    rest.lost = false;
    const std::string fate = FateText(rest);
    return remarks + (remarks.empty() && !fate.empty() ? "  " + fate.substr(2) : fate);
}

std::string
EventLine(const LadderStep& step)
{
    std::string line(WIDTH + 2, ' ');
    line.front() = line.back() = '|';
    const std::string text = step.label.substr(0, WIDTH - 6);
    if (step.isLeft)
    {
        line.replace(0, text.size() + 2, "* " + text);
        return line;
    }
    line.replace(line.size() - text.size() - 2, text.size() + 2, text + " *");
    return line;
}

} // namespace

std::string
LadderText(const Ladder& ladder)
{
    const auto title = [](const std::string& name, const std::string& address)
    { return address.empty() || address == name ? name : name + " " + address; };
    const std::string left = title(ladder.left, ladder.leftAddress);
    const std::string right = title(ladder.right, ladder.rightAddress);
    const size_t gap =
        WIDTH + 2 > left.size() + right.size() ? WIDTH + 2 - left.size() - right.size() : size_t{2};
    std::string out =
        Padded("time/s", TIME_COLUMNS - 2) + "  " + left + std::string(gap, ' ') + right + "\n";
    const size_t shown = std::min(ladder.steps.size(), MAX_TEXT_STEPS);
    for (size_t i = 0; i < shown; i++)
    {
        const LadderStep& step = ladder.steps[i];
        out += TimeColumn(step.at) +
               (step.isMessage ? Arrow(step) + Remarks(step) : EventLine(step)) + "\n";
    }
    if (shown < ladder.steps.size())
    {
        out += std::string(TIME_COLUMNS, ' ') + "... " +
               std::to_string(ladder.steps.size() - shown) + " more\n";
    }
    if (ladder.steps.empty())
    {
        out += std::string(TIME_COLUMNS, ' ') + "no message\n";
    }
    return out;
}

} // namespace ipsec
} // namespace ns3
