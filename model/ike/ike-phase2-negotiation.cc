// SPDX-License-Identifier: GPL-2.0-only
#include "ike-phase2-negotiation.h"

#include "ike-phase1-negotiation.h"
#include "ike-phase2-transform.h"

#include "ns3/esp-header.h"

#include <algorithm>
#include <set>

namespace ns3
{
namespace ipsec
{

namespace
{

/// Proposals under one number, which are taken together or not at all (RFC 2408 section 4.2).
using Combination = std::vector<const ProposalPayload*>;

/// One transform of each protocol of a combination.
struct Picked
{
    const Phase2Transform* ah = nullptr;
    const Phase2Transform* esp = nullptr;

    void
    Set(ProtocolId protocol, const Phase2Transform& transform)
    {
        (protocol == ProtocolId::Ah ? ah : esp) = &transform;
    }

    const Phase2Transform&
    Any() const
    {
        return ah ? *ah : *esp;
    }
};

Combination
CombinationOf(const SaPayload& sa, uint8_t number)
{
    Combination combination;
    for (const ProposalPayload& proposal : sa.proposals)
    {
        if (proposal.number == number)
        {
            combination.push_back(&proposal);
        }
    }
    return combination;
}

/// Tells whether a combination is one that we have: ESP, AH, or one of each.
bool
IsKnown(const Combination& combination)
{
    const bool protocols =
        std::all_of(combination.begin(),
                    combination.end(),
                    [](const ProposalPayload* p)
                    { return p->protocol == ProtocolId::Ah || p->protocol == ProtocolId::Esp; });
    return protocols &&
           (combination.size() == 1 ||
            (combination.size() == 2 && combination[0]->protocol != combination[1]->protocol));
}

bool
HasAh(const Combination& combination)
{
    return std::any_of(combination.begin(),
                       combination.end(),
                       [](const ProposalPayload* p) { return p->protocol == ProtocolId::Ah; });
}

/// Reads the SPIs of a combination: BadSpi if one of them is reserved (RFC 2407 section 4.6.1).
Result<IpsecSpis>
ReadSpis(const Combination& combination)
{
    IpsecSpis spis;
    for (const ProposalPayload* proposal : combination)
    {
        const uint32_t spi = OctetReader(proposal->spi).U32();
        if (spi < LOWEST_SPI)
        {
            return Fault::BadSpi;
        }
        (proposal->protocol == ProtocolId::Ah ? spis.ah : spis.esp) = spi;
    }
    return spis;
}

bool
Accepts(ExtendedSequence wish, bool extended)
{
    return wish == ExtendedSequence::Prefer || extended == (wish == ExtendedSequence::Require);
}

bool
AgreeOnGroup(const Phase2Terms& terms, std::optional<uint16_t> own, std::optional<uint16_t> offered)
{
    return own == offered || (terms.acceptUnrequestedPfs && !own);
}

/// Tells whether picked transforms are this proposal on these terms. Both of a bundle must say the
/// same where they say the same kind of thing.
bool
Matches(const Picked& picked, const Phase2Proposal& proposal, const Phase2Terms& terms)
{
    if ((picked.ah != nullptr) != proposal.ah.has_value() ||
        (picked.esp != nullptr) != proposal.esp.has_value())
    {
        return false;
    }
    for (const Phase2Transform* one : {picked.ah, picked.esp})
    {
        if (one &&
            (!AgreeOnLifetime(terms.lifetimeRule, terms.child.lifetime, one->lifetime) ||
             !IsEncapsulation(one->encapsulation, terms.child.mode, terms.udpEncapsulation) ||
             !Accepts(terms.child.extendedSequence, one->extendedSequence) ||
             !AgreeOnGroup(terms, proposal.pfsGroup, one->group) ||
             one->group != picked.Any().group ||
             one->extendedSequence != picked.Any().extendedSequence))
        {
            return false;
        }
    }
    return (!picked.ah || picked.ah->integrity == *proposal.ah) &&
           (!picked.esp || (picked.esp->cipher == proposal.esp->cipher &&
                            picked.esp->integrity == proposal.esp->integrity));
}

Phase2Choice
MakeChoice(const Picked& picked,
           Phase2Proposal proposal,
           const IpsecSpis& peerSpis,
           const Phase2Terms& terms)
{
    Phase2Choice choice;
    // A group that was offered and not asked for counts.
    proposal.pfsGroup = picked.Any().group;
    choice.proposal = proposal;
    choice.peerSpis = peerSpis;
    choice.extendedSequence = picked.Any().extendedSequence;
    for (const Phase2Transform* one : {picked.ah, picked.esp})
    {
        if (one && one->lifetime)
        {
            choice.peerLifetime =
                std::min(choice.peerLifetime.value_or(*one->lifetime), *one->lifetime);
        }
        choice.peerKilobytes = LesserLimit(choice.peerKilobytes, one ? one->lifetimeKilobytes : 0);
    }
    choice.lifetime = AgreeOnLifetime(terms.lifetimeRule, terms.child.lifetime, choice.peerLifetime)
                          .value_or(terms.child.lifetime);
    choice.lifetimeKilobytes = LesserLimit(terms.child.lifetimeKilobytes, choice.peerKilobytes);
    return choice;
}

/// What was found acceptable in a combination.
struct Agreement
{
    Picked picked;
    Phase2Proposal proposal;
    /// Position of the transform in each proposal of the combination.
    std::vector<size_t> positions;
};

using ReadTransforms = std::vector<std::vector<std::optional<Phase2Transform>>>;

ReadTransforms
ReadAll(const Combination& combination)
{
    ReadTransforms all;
    for (const ProposalPayload* proposal : combination)
    {
        all.emplace_back();
        for (const TransformPayload& transform : proposal->transforms)
        {
            all.back().push_back(ReadPhase2Transform(proposal->protocol, transform));
        }
    }
    return all;
}

/// Finds which of @p acceptable the transforms at these positions are.
std::optional<Agreement>
AgreementAt(const Combination& combination,
            const ReadTransforms& read,
            const std::vector<size_t>& positions,
            const std::vector<Phase2Proposal>& acceptable,
            const Phase2Terms& terms)
{
    Agreement agreement;
    agreement.positions = positions;
    for (size_t i = 0; i < combination.size(); i++)
    {
        const std::optional<Phase2Transform>& transform = read[i][positions[i]];
        if (!transform)
        {
            return std::nullopt;
        }
        agreement.picked.Set(combination[i]->protocol, *transform);
    }
    for (const Phase2Proposal& proposal : acceptable)
    {
        if (Matches(agreement.picked, proposal, terms))
        {
            agreement.proposal = proposal;
            return agreement;
        }
    }
    return std::nullopt;
}

/// Finds the first transforms, in the peer's order, that are one of @p acceptable.
std::optional<Agreement>
FindAgreement(const Combination& combination,
              const ReadTransforms& read,
              const std::vector<Phase2Proposal>& acceptable,
              const Phase2Terms& terms)
{
    const bool isBundle = combination.size() == 2;
    const size_t inner = isBundle ? read[1].size() : 1;
    for (size_t first = 0; first < read[0].size(); first++)
    {
        for (size_t second = 0; second < inner && read[0][first]; second++)
        {
            const std::vector<size_t> positions =
                isBundle ? std::vector<size_t>{first, second} : std::vector<size_t>{first};
            if (auto agreement = AgreementAt(combination, read, positions, acceptable, terms))
            {
                return agreement;
            }
        }
    }
    return std::nullopt;
}

/// Repeats the picked transforms with our SPIs, in the order in which the peer has its proposals.
void
Answer(const Combination& combination,
       const Agreement& agreement,
       const IpsecSpis& ownSpis,
       SaPayload& answer)
{
    answer.proposals.clear();
    for (size_t i = 0; i < combination.size(); i++)
    {
        const ProposalPayload& offered = *combination[i];
        const auto spi = NetworkOrder(ownSpis.Of(offered.protocol));
        answer.proposals.push_back({offered.number,
                                    offered.protocol,
                                    OctetView(spi).Copy(),
                                    {offered.transforms[agreement.positions[i]]}});
    }
}

bool
WantsAh(const Phase2Proposal& proposal)
{
    return proposal.ah.has_value();
}

/// Picks the first offered combination that is one of @p usable.
Result<Phase2Choice>
ChooseAmong(const std::vector<Phase2Proposal>& usable,
            const SaPayload& offer,
            const Phase2Terms& terms,
            const IpsecSpis& ownSpis,
            SaPayload& answer)
{
    const bool lostAh = UsableProposals(terms).size() < terms.child.proposals.size();
    Fault refusal = Fault::NoProposalChosen;
    std::set<uint8_t> seen;
    for (const ProposalPayload& proposal : offer.proposals)
    {
        const Combination combination = CombinationOf(offer, proposal.number);
        if (!seen.insert(proposal.number).second || !IsKnown(combination))
        {
            continue;
        }
        const Result<IpsecSpis> peerSpis = ReadSpis(combination);
        if (!peerSpis)
        {
            return peerSpis.GetFault();
        }
        if (lostAh && HasAh(combination))
        {
            refusal = Fault::AhThroughNat;
            continue;
        }
        const ReadTransforms read = ReadAll(combination);
        if (const auto agreement = FindAgreement(combination, read, usable, terms))
        {
            answer = offer;
            Answer(combination, *agreement, ownSpis, answer);
            return MakeChoice(agreement->picked, agreement->proposal, *peerSpis, terms);
        }
    }
    return refusal;
}

} // namespace

uint64_t
LesserLimit(uint64_t a, uint64_t b)
{
    return a == 0 || b == 0 ? std::max(a, b) : std::min(a, b);
}

std::vector<Phase2Proposal>
UsableProposals(const Phase2Terms& terms)
{
    std::vector<Phase2Proposal> usable = terms.child.proposals;
    if (terms.udpEncapsulation != UdpEncapsulation::None)
    {
        usable.erase(std::remove_if(usable.begin(), usable.end(), WantsAh), usable.end());
    }
    return usable;
}

SaPayload
OfferPhase2(const Phase2Terms& terms, const IpsecSpis& spis)
{
    std::vector<SequenceNumbers> sequences;
    if (terms.child.extendedSequence != ExtendedSequence::Off)
    {
        sequences.push_back(SequenceNumbers::Extended);
    }
    if (terms.child.extendedSequence != ExtendedSequence::Require)
    {
        sequences.push_back(SequenceNumbers::Normal);
    }
    SaPayload sa;
    uint8_t number = 0;
    for (const Phase2Proposal& proposal : UsableProposals(terms))
    {
        number++;
        for (const ProtocolId protocol : {ProtocolId::Ah, ProtocolId::Esp})
        {
            if (protocol == ProtocolId::Ah ? !proposal.ah : !proposal.esp)
            {
                continue;
            }
            const auto spi = NetworkOrder(spis.Of(protocol));
            ProposalPayload payload{number, protocol, OctetView(spi).Copy(), {}};
            for (const SequenceNumbers sequence : sequences)
            {
                const auto transform = static_cast<uint8_t>(payload.transforms.size() + 1);
                payload.transforms.push_back(MakePhase2Transform(
                    transform, protocol, proposal, terms.child, terms.udpEncapsulation, sequence));
            }
            sa.proposals.push_back(std::move(payload));
        }
    }
    return sa;
}

Result<Phase2Choice>
ChoosePhase2(const SaPayload& offer,
             const Phase2Terms& terms,
             const IpsecSpis& ownSpis,
             SaPayload& answer)
{
    const std::vector<Phase2Proposal> usable = UsableProposals(terms);
    for (const Phase2Proposal& own : usable)
    {
        if (!terms.preferOwnProposals)
        {
            break;
        }
        if (const auto choice = ChooseAmong({own}, offer, terms, ownSpis, answer))
        {
            return choice;
        }
    }
    return ChooseAmong(usable, offer, terms, ownSpis, answer);
}

Result<Phase2Choice>
CheckPhase2Answer(const SaPayload& answer, const Phase2Terms& terms)
{
    const std::vector<Phase2Proposal> offered = UsableProposals(terms);
    const uint8_t number = answer.proposals.front().number;
    const Combination combination = CombinationOf(answer, number);
    const bool isOneEach =
        std::all_of(combination.begin(),
                    combination.end(),
                    [](const ProposalPayload* p) { return p->transforms.size() == 1; });
    if (combination.size() != answer.proposals.size() || !IsKnown(combination) || !isOneEach ||
        number < 1 || number > offered.size())
    {
        return Fault::ChangedProposal;
    }
    const ReadTransforms read = ReadAll(combination);
    const auto agreement = FindAgreement(combination, read, {offered[number - 1]}, terms);
    if (!agreement)
    {
        return Fault::ChangedProposal;
    }
    const Result<IpsecSpis> peerSpis = ReadSpis(combination);
    if (!peerSpis)
    {
        return peerSpis.GetFault();
    }
    return MakeChoice(agreement->picked, agreement->proposal, *peerSpis, terms);
}

} // namespace ipsec
} // namespace ns3
