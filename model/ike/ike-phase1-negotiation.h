// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Offer, choice and check of phase 1 proposals.
 */
#ifndef IKE_PHASE1_NEGOTIATION_H
#define IKE_PHASE1_NEGOTIATION_H

#include "ns3/ike-personality.h"
#include "ns3/ike-proposal.h"
#include "ns3/ipsec-time.h"
#include "ns3/isakmp-sa-payload.h"

#include <optional>
#include <vector>

namespace ns3
{
namespace ipsec
{

/// What both ends agreed on.
struct Phase1Choice
{
    Phase1Proposal proposal;
    /// The shorter of both ends' lifetimes, as far as this end knows them.
    Duration lifetime{};
    /// What the peer offered; nothing if it offered none.
    std::optional<Duration> peerLifetime;
};

/// Reads the lifetime in seconds out of attribute pairs in any order and encoding: nothing if there
/// is none or it is zero. A type without a duration, or the reverse, makes @p valid false.
std::optional<Duration> ReadLifetime(const std::vector<DataAttribute>& attributes,
                                     uint16_t typeClass,
                                     uint16_t durationClass,
                                     uint16_t unit,
                                     bool& valid);

/// Returns the shorter of our lifetime and the peer's; never below a second, so that an absurd
/// offer cannot make an SA expire at once.
Duration ShorterLifetime(Duration own, std::optional<Duration> peer);

/// Makes the SA payload of an initiator: one proposal, one transform for each entry, in order.
SaPayload OfferPhase1(const std::vector<Phase1Proposal>& proposals,
                      XauthUse xauth,
                      Duration lifetime);

/// Returns the lifetime that a responder uses of one that was offered, or nothing if the rule
/// refuses it.
std::optional<Duration> AgreeOnLifetime(LifetimeRule rule,
                                        Duration own,
                                        std::optional<Duration> offered);

/// What a responder takes in phase 1.
struct Phase1Terms
{
    const std::vector<Phase1Proposal>& acceptable;
    XauthUse xauth{};
    Duration lifetime{};
    LifetimeRule lifetimeRule = LifetimeRule::Shorter;
    /// Go by the order of @p acceptable; else the initiator's order counts (P1-16).
    bool preferOwnProposals = false;
};

/**
 * Picks the first transform of the offer that is acceptable, and makes the answer, which repeats
 * that transform as it came.
 * @return NoProposalChosen, BadProposalSyntax for anything but one ISAKMP proposal, or the choice.
 */
Result<Phase1Choice> ChoosePhase1(const SaPayload& offer,
                                  const Phase1Terms& terms,
                                  SaPayload& answer);

/// Checks that an answer repeats exactly one offered transform (RFC 2409 section 5): else
/// ChangedProposal.
Result<Phase1Choice> CheckPhase1Answer(const SaPayload& answer,
                                       const std::vector<Phase1Proposal>& offered,
                                       XauthUse xauth,
                                       Duration lifetime);

} // namespace ipsec
} // namespace ns3

#endif // IKE_PHASE1_NEGOTIATION_H
