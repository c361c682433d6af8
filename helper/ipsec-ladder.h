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
    Bad,
};

/// One row of a ladder: a message, or something that happened at one end.
struct LadderStep
{
    Instant at{};
    /// Orders what happens at the same instant.
    uint64_t order = 0;
    /// Messages only: when it arrived; nothing if it was lost.
    std::optional<Instant> arrival;
    bool isMessage = false;
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
    size_t octets = 0;
    LadderTone tone = LadderTone::Plain;
};

/// Everything between two gateways, in the order of time.
struct Ladder
{
    std::string left;
    std::string right;
    std::string leftAddress;
    std::string rightAddress;
    std::vector<LadderStep> steps;
};

/// Makes one ladder for each pair of nodes that has a tunnel.
std::vector<Ladder> MakeLadders(const RunRecord& record);

/// Most rows that a terminal shows of one ladder.
constexpr size_t MAX_TEXT_STEPS = 100;

/// Draws a ladder for a terminal.
std::string LadderText(const Ladder& ladder);

/// Draws ladders below each other as one SVG image.
std::string LadderSvg(const std::vector<Ladder>& ladders, const std::string& title);

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_LADDER_H
