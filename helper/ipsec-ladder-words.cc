// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-ladder.h"

namespace ns3
{
namespace ipsec
{

namespace
{

std::string
MessageWords(const Ladder& ladder, const LadderStep& step)
{
    const std::string& from = step.isLeft ? ladder.left : ladder.right;
    const std::string& to = step.isLeft ? ladder.right : ladder.left;
    std::string words = from + " to " + to + ": " + step.label + ", " + step.payloads + ", ";
    words += step.encrypted ? "encrypted" : "in clear";
    words += ", " + std::to_string(step.octets) + " octets";
    words += step.port == NATT_PORT ? ", port 4500" : "";
    words += step.repeated ? ", sent again" : "";
    words += step.networkCopy ? ", copy by the network" : "";
    words += step.arrival ? ", arrives at " + SecondsText(*step.arrival) + " s" : "";
    return words + FateText(step);
}

} // namespace

std::string
LadderWords(const Ladder& ladder, const LadderFold& fold)
{
    std::string words = ladder.left + " and " + ladder.right + ":\n";
    for (size_t i = 0; i < ladder.steps.size(); i++)
    {
        const LadderStep& step = ladder.steps[i];
        if (fold.Hides(i))
        {
            words += FoldText(ladder, fold) + "\n";
            i = fold.end - 1;
            continue;
        }
        words += SecondsText(step.at) + " s: ";
        words += step.isMessage ? MessageWords(ladder, step)
                                : (step.isLeft ? ladder.left : ladder.right) + ": " + step.label;
        words += "\n";
    }
    return words + (ladder.steps.empty() ? "no message\n" : "");
}

} // namespace ipsec
} // namespace ns3
