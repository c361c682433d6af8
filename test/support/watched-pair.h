// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Pairs of which the ends watch each other, and time that passes with or without a link.
 */
#ifndef WATCHED_PAIR_H
#define WATCHED_PAIR_H

#include "key-holder.h"
#include "peer-pair.h"

#include <functional>

namespace ns3
{
namespace ipsec
{

/// Changes the configuration of a peer.
using PeerChange = std::function<void(PeerConfig& peer)>;

/// Makes SiteConfig() with a change.
EngineConfig ChangedSite(Side side, const PeerChange& change);
/// Makes a pair with its tunnel up, negotiated by A, and an empty wire.
PeerPair UpPair(const PeerChange& a, const PeerChange& b);
/// Makes a change that configures dead peer detection.
PeerChange Watching(const DpdConfig& dpd);
/// Changes nothing.
void AsItIs(PeerConfig& peer);

/// Lets time pass; everything arrives at once.
void RunFor(PeerPair& pair, Duration time);
/// Lets time pass; everything gets lost.
void RunCut(PeerPair& pair, Duration time);
/// Lets time pass, everything gets lost, until an end loses its IKE SA; returns when.
Instant RunCutUntilDown(PeerPair& pair, Side side);

/// Returns the notifications of these types that were sent by an end, in order.
std::vector<NotifyPayload> SentNotifies(const PeerPair& pair, Side from, NotifyType type);
/// Counts the same by what ladders show; it needs no keys.
size_t CountNotifies(const PeerPair& pair, Side from, NotifyType type);
/// Returns the last message of an end.
const Flight& LastFrom(const PeerPair& pair, Side from);
/// Tells why an end lost its last IKE SA; fails the test if it lost none.
Fault WhyDown(const PeerPair& pair, Side side);

} // namespace ipsec
} // namespace ns3

#endif // WATCHED_PAIR_H
