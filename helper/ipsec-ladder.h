// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * The message ladder between two gateways: what text, SVG and HTML draw.
 */
#ifndef IPSEC_LADDER_H
#define IPSEC_LADDER_H

#include "ipsec-run-record.h"

#include <optional>
#include <string>
#include <vector>

namespace ns3
{
namespace ipsec
{

enum class LadderTone : uint8_t
{
    Plain,
    Good,
    /// Something ended.
    Gone,
    Bad,
};

/// One row of a ladder: a message, or something that happened at one end.
struct LadderStep
{
    Instant at{};
    /// Orders what happens at the same instant.
    uint64_t order = 0;
    /// Messages only: when it arrived; nothing if it was lost or is on its way at the end.
    std::optional<Instant> arrival;
    /// Messages only: when the processor of the receiver got to it, if that was noticeably later.
    std::optional<Instant> handled;
    bool isMessage = false;
    /// Messages only: position in RunRecord::messages.
    size_t message = 0;
    /// Messages: sent from the left; events: at the left.
    bool isLeft = true;
    /// "main 1", "quick 3", "informational", or what happened.
    std::string label;
    /// Messages only.
    ExchangeType exchange = ExchangeType::MainMode;
    std::string payloads;
    /// Port that it was sent from.
    uint16_t port = IKE_PORT;
    bool encrypted = false;
    bool repeated = false;
    bool networkCopy = false;
    bool lost = false;
    bool underway = false;
    bool unheard = false;
    bool refused = false;
    bool waiting = false;
    size_t octets = 0;
    LadderTone tone = LadderTone::Plain;
};

/// Everything between two gateways, in the order of time.
struct Ladder
{
    std::string left;
    std::string right;
    /// All that an end had, one after the other, if it moved.
    std::string leftAddress;
    std::string rightAddress;
    std::vector<LadderStep> steps;

    /// Tells whether something was refused or failed between the two.
    bool HasTrouble() const;
};

/// Says what became of a message beyond its arrival: ", lost", ", nobody listens", ", refused:
/// CpuOverload", ", handled at 54.447 s"; empty if there is nothing to say.
std::string FateText(const LadderStep& step);

/// Makes one ladder for each pair of nodes that has a tunnel.
std::vector<Ladder> MakeLadders(const RunRecord& record);

/// Returns the name of the colour that pictures and pages give to messages of an exchange.
const char* ExchangeColour(ExchangeType exchange);

/// Most rows that a terminal shows of one ladder.
constexpr size_t MAX_TEXT_STEPS = 100;

/// Draws a ladder for a terminal.
std::string LadderText(const Ladder& ladder);

/// Rows in the middle of a long ladder that a picture leaves out: [begin, end).
struct LadderFold
{
    size_t begin = 0;
    size_t end = 0;

    bool
    Hides(size_t step) const
    {
        return begin <= step && step < end;
    }
};

/// Returns which rows to leave out so that at most @p most remain, three in four of them at the
/// begin; none if the ladder is not longer.
LadderFold FoldLadder(const Ladder& ladder, size_t most);

/// Says what a fold leaves out: "1200 rows from 3.1 s to 80.0 s folded: 900 messages (12 lost), 300
/// events", and where they are; empty if it leaves out nothing.
std::string FoldText(const Ladder& ladder, const LadderFold& fold);

/// Says how long nothing happened before a row, "3.0 s later"; empty if it was not long.
std::string WaitText(const Ladder& ladder, size_t step);

/// How many ladders one picture or page shows, and how many rows of each of so many ladders.
constexpr size_t MOST_LADDERS = 24;
size_t MostSteps(size_t ladders);

/// Returns those that one picture or page shows: if there are more, those with trouble come first.
std::vector<const Ladder*> ShownLadders(const std::vector<Ladder>& ladders);

/// Says how many ladders are not shown, and where they are; empty for none.
std::string OmittedLadders(size_t omitted);

/// Tells the rows of a ladder that are not folded in words, a line each: "0.020 s: fw-b to fw-a:
/// main 2, SA, in clear, 84 octets, arrives at 0.040 s".
std::string LadderWords(const Ladder& ladder, const LadderFold& fold);

/// Draws ladders below each other as one SVG image, which follows a dark colour scheme.
std::string LadderSvg(const std::vector<Ladder>& ladders, const std::string& title);

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_LADDER_H
