// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-ladder.h"

#include <algorithm>

namespace ns3
{
namespace ipsec
{

namespace
{

/// Rows of all ladders of a picture together, of one ladder at most, and of one at least.
constexpr size_t ALL_STEPS = 1200;
constexpr size_t MOST_OF_ONE = 200;
constexpr size_t LEAST_OF_ONE = 24;

/// Waits longer than this are written between two rows.
constexpr Duration LONG_WAIT = std::chrono::seconds(1);

std::string
Counted(size_t count, const std::string& noun)
{
    return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

} // namespace

size_t
MostSteps(size_t ladders)
{
    return std::clamp(ALL_STEPS / std::max(ladders, size_t{1}), LEAST_OF_ONE, MOST_OF_ONE);
}

LadderFold
FoldLadder(const Ladder& ladder, size_t most)
{
    if (ladder.steps.size() <= most)
    {
        return {};
    }
    const size_t tail = most / 4;
    return {most - tail, ladder.steps.size() - tail};
}

std::string
FoldText(const Ladder& ladder, const LadderFold& fold)
{
    if (fold.begin == fold.end)
    {
        return "";
    }
    size_t messages = 0;
    size_t lost = 0;
    for (size_t i = fold.begin; i < fold.end; i++)
    {
        messages += ladder.steps[i].isMessage ? 1 : 0;
        lost += ladder.steps[i].isMessage && ladder.steps[i].lost ? 1 : 0;
    }
    const size_t rows = fold.end - fold.begin;
    return Counted(rows, "row") + " from " + SecondsText(ladder.steps[fold.begin].at) + " s to " +
           SecondsText(ladder.steps[fold.end - 1].at) +
           " s folded: " + Counted(messages, "message") +
           (lost > 0 ? " (" + std::to_string(lost) + " lost)" : "") + ", " +
           Counted(rows - messages, "event") + "; captures (pcap) have every message";
}

std::string
WaitText(const Ladder& ladder, size_t step)
{
    if (step == 0)
    {
        return "";
    }
    const Duration wait = ladder.steps[step].at - ladder.steps[step - 1].at;
    return wait > LONG_WAIT ? SecondsText(Instant(wait), 1) + " s later" : "";
}

bool
Ladder::HasTrouble() const
{
    return std::any_of(steps.begin(),
                       steps.end(),
                       [](const LadderStep& step)
                       { return !step.isMessage && step.tone == LadderTone::Bad; });
}

std::vector<const Ladder*>
ShownLadders(const std::vector<Ladder>& ladders)
{
    std::vector<const Ladder*> shown;
    for (const Ladder& ladder : ladders)
    {
        shown.push_back(&ladder);
    }
    if (shown.size() > MOST_LADDERS)
    {
        std::stable_partition(
            shown.begin(), shown.end(), [](const Ladder* ladder) { return ladder->HasTrouble(); });
        shown.resize(MOST_LADDERS);
    }
    return shown;
}

std::string
OmittedLadders(size_t omitted)
{
    return omitted == 0
               ? ""
               : Counted(omitted, "more ladder") + (omitted == 1 ? " is" : " are") +
                     " folded (pairs with failures come first); report.txt has all of them";
}

} // namespace ipsec
} // namespace ns3
