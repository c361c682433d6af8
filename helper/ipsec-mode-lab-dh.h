// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Operations of Diffie-Hellman for a peer that is not authenticated yet.
 */
#ifndef IPSEC_MODE_LAB_DH_H
#define IPSEC_MODE_LAB_DH_H

#include "ipsec-mode-lab.h"

#include <optional>
#include <string>

namespace ns3
{
namespace ipsec
{

/// An exchange whose work is counted.
struct WatchedExchange
{
    /// Names of its ends, and the cookie that names it.
    std::string initiator;
    std::string responder;
    Cookie cookie{};
    /// When the ends had its IKE SA; nothing for an end that never had.
    std::optional<Instant> initiatorReady;
    std::optional<Instant> responderReady;
};

/**
 * Counts what an exchange costs its ends: runs the scenario again, and gives each message of the
 * exchange that arrives to a copy of the receiver's engine, too. What the copy does for it is the
 * exchange's own work, whatever else the gateway does. Of the message that authenticates its sender
 * a copy gets one whose proof is spoiled, so that it stops at the check.
 */
DhBefore CountDh(const Scenario& scenario, const WatchedExchange& exchange);

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_MODE_LAB_DH_H
