// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Offer, choice and check of phase 2 proposals.
 */
#ifndef IKE_PHASE2_NEGOTIATION_H
#define IKE_PHASE2_NEGOTIATION_H

#include "ike-nat-detection.h"

#include "ns3/ike-config.h"
#include "ns3/ipsec-fault.h"
#include "ns3/isakmp-sa-payload.h"

namespace ns3
{
namespace ipsec
{

/// SPIs on which one end receives: one for each protocol, zero where it is not used.
struct IpsecSpis
{
    uint32_t ah = 0;
    uint32_t esp = 0;

    uint32_t
    Of(ProtocolId protocol) const
    {
        return protocol == ProtocolId::Ah ? ah : esp;
    }
};

/// What phase 2 of a child is negotiated under.
struct Phase2Terms
{
    const ChildConfig& child;
    /// Whether a NAT was found: it changes encapsulation modes, and AH does not get through.
    UdpEncapsulation udpEncapsulation = UdpEncapsulation::None;
    /// Whether a responder that wants no PFS takes an offer of it.
    bool acceptUnrequestedPfs = false;
    LifetimeRule lifetimeRule = LifetimeRule::Shorter;
    /// Whether a responder goes by the order of its own proposals.
    bool preferOwnProposals = false;
};

/// What quick mode settled.
struct Phase2Choice
{
    Phase2Proposal proposal;
    /// SPIs that the peer receives on.
    IpsecSpis peerSpis;
    bool extendedSequence = false;
    /// The shorter of both ends' lifetimes, as far as this end knows them.
    Duration lifetime{};
    std::optional<Duration> peerLifetime;
    /// The lesser of both ends' volumes; zero for none.
    uint64_t lifetimeKilobytes = 0;
    /// What the peer said of it; zero for nothing.
    uint64_t peerKilobytes = 0;
};

/// Returns the lesser of two limits of volume, of which zero means none.
uint64_t LesserLimit(uint64_t a, uint64_t b);

/// Returns the proposals of a child that can be offered: those with AH do not pass a NAT.
std::vector<Phase2Proposal> UsableProposals(const Phase2Terms& terms);

/**
 * Makes the SA payload of an initiator: one proposal number for each usable entry, in order, with
 * our inbound SPIs. AH and ESP of a bundle are two proposals of the same number. Where extended
 * sequence numbers are preferred, each has two transforms: with them, and without.
 */
SaPayload OfferPhase2(const Phase2Terms& terms, const IpsecSpis& spis);

/**
 * Picks the first offered combination that equals one of the child's in algorithms, encapsulation
 * mode of both protocols and PFS group (QM-15, QM-16), and makes the answer, which repeats its
 * transforms as they came but carries our SPIs. Of a bundle's proposals the first one's order
 * counts more.
 * @return NoProposalChosen, BadSpi for an SPI below 256, AhThroughNat, or the choice.
 */
Result<Phase2Choice> ChoosePhase2(const SaPayload& offer,
                                  const Phase2Terms& terms,
                                  const IpsecSpis& ownSpis,
                                  SaPayload& answer);

/// Checks that an answer repeats exactly one proposal that we offered under its number, with each
/// of its protocols: else ChangedProposal, or BadSpi.
Result<Phase2Choice> CheckPhase2Answer(const SaPayload& answer, const Phase2Terms& terms);

} // namespace ipsec
} // namespace ns3

#endif // IKE_PHASE2_NEGOTIATION_H
