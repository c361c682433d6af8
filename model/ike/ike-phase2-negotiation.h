// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Offer, choice and check of phase 2 proposals.
 */
#ifndef IKE_PHASE2_NEGOTIATION_H
#define IKE_PHASE2_NEGOTIATION_H

#include "ike-phase1-negotiation.h"

#include "ns3/ike-config.h"

namespace ns3
{
namespace ipsec
{

/// What quick mode settled.
struct Phase2Choice
{
    Phase2Proposal proposal;
    /// SPI that the peer receives on.
    uint32_t peerSpi = 0;
    /// The shorter of both ends' lifetimes, as far as this end knows them.
    Duration lifetime{};
    std::optional<Duration> peerLifetime;
    /// The lesser of both ends' volumes; zero for none.
    uint64_t lifetimeKilobytes = 0;
};

/// Returns the encapsulation mode attribute of a child: with a NAT the values of RFC 3947 section
/// 5.1.
uint16_t EncapsulationAttribute(EncapsulationMode mode, bool natTraversal);

/// Makes the SA payload of an initiator: one proposal number for each entry, in order, all with our
/// inbound SPI.
SaPayload OfferPhase2(const ChildConfig& child, bool natTraversal, uint32_t spi);

/**
 * Picks the first offered proposal that equals one of the child's in algorithms, encapsulation mode
 * and PFS group (QM-15, QM-16), and makes the answer, which repeats its transform as it came but
 * carries our SPI.
 * @return NoProposalChosen, BadSpi for an SPI below 256, or the choice.
 */
Result<Phase2Choice> ChoosePhase2(const SaPayload& offer,
                                  const ChildConfig& child,
                                  bool natTraversal,
                                  uint32_t ownSpi,
                                  SaPayload& answer);

/// Checks that an answer repeats exactly one proposal that we offered under its number: else
/// ChangedProposal, or BadSpi.
Result<Phase2Choice> CheckPhase2Answer(const SaPayload& answer,
                                       const ChildConfig& child,
                                       bool natTraversal);

} // namespace ipsec
} // namespace ns3

#endif // IKE_PHASE2_NEGOTIATION_H
