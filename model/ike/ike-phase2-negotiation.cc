// SPDX-License-Identifier: GPL-2.0-only
#include "ike-phase2-negotiation.h"

#include "ns3/esp-header.h"

#include <algorithm>

namespace ns3
{
namespace ipsec
{

namespace
{

constexpr uint16_t
Class(IpsecAttribute attribute)
{
    return static_cast<uint16_t>(attribute);
}

/// Adds what transforms of ESP and AH have in common.
void
AddCommonAttributes(TransformPayload& transform,
                    const ChildConfig& child,
                    const Phase2Proposal& proposal,
                    IntegrityId integrity,
                    bool natTraversal)
{
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(child.lifetime).count();
    auto add = [&transform](IpsecAttribute attribute, uint32_t value)
    { transform.attributes.push_back(DataAttribute::Number(Class(attribute), value)); };
    add(IpsecAttribute::EncapsulationMode, EncapsulationAttribute(child.mode, natTraversal));
    add(IpsecAttribute::Authentication, GetIntegrity(integrity).attributeId);
    if (proposal.pfsGroup)
    {
        add(IpsecAttribute::Group, *proposal.pfsGroup);
    }
    add(IpsecAttribute::LifeType, LIFE_SECONDS);
    add(IpsecAttribute::LifeDuration, static_cast<uint32_t>(seconds));
    if (child.lifetimeKilobytes > 0)
    {
        add(IpsecAttribute::LifeType, LIFE_KILOBYTES);
        add(IpsecAttribute::LifeDuration, static_cast<uint32_t>(child.lifetimeKilobytes));
    }
}

TransformPayload
MakeEspTransform(const ChildConfig& child, const Phase2Proposal& proposal, bool natTraversal)
{
    const CipherAlgorithm& cipher = GetCipher(proposal.esp->cipher);
    TransformPayload transform{1, cipher.espId, {}};
    if (cipher.keyLengthOnWire)
    {
        transform.attributes.push_back(DataAttribute::Number(
            Class(IpsecAttribute::KeyLength), static_cast<uint32_t>(8 * cipher.keyOctets)));
    }
    AddCommonAttributes(transform, child, proposal, proposal.esp->integrity, natTraversal);
    return transform;
}

/// Tells whether we understand this attribute in this encoding: only durations may be variable.
bool
IsWellFormed(const DataAttribute& attribute)
{
    switch (static_cast<IpsecAttribute>(attribute.type))
    {
    case IpsecAttribute::LifeType:
    case IpsecAttribute::LifeDuration:
        return true;
    case IpsecAttribute::Group:
    case IpsecAttribute::EncapsulationMode:
    case IpsecAttribute::Authentication:
    case IpsecAttribute::KeyLength:
        return attribute.basic;
    default:
        return false;
    }
}

struct ReadTransform
{
    EspAlgorithms esp;
    std::optional<uint16_t> group;
    uint64_t encapsulation = 0;
    std::optional<Duration> lifetime;
    std::optional<Duration> kilobytes; ///< one second stands for one kilobyte
};

/// Reads an ESP transform; nothing if any part of it is unknown, missing, or contradicts another.
std::optional<ReadTransform>
ReadEsp(const TransformPayload& transform)
{
    bool conflict = false;
    bool valid = std::all_of(transform.attributes.begin(),
                             transform.attributes.end(),
                             [](const DataAttribute& a) { return IsWellFormed(a); });
    auto number = [&](IpsecAttribute attribute)
    { return transform.Number(Class(attribute), conflict); };
    const std::optional<uint64_t> keyBits = number(IpsecAttribute::KeyLength);
    const CipherAlgorithm* cipher = FindCipherByEspId(transform.id, keyBits.value_or(0));
    const IntegrityAlgorithm* integrity =
        FindIntegrityByAttribute(number(IpsecAttribute::Authentication).value_or(0));
    const std::optional<uint64_t> groupNumber = number(IpsecAttribute::Group);
    const DhGroup* group = groupNumber ? FindDhGroup(*groupNumber) : nullptr;
    ReadTransform read;
    read.encapsulation = number(IpsecAttribute::EncapsulationMode).value_or(0);
    read.lifetime = ReadLifetime(transform.attributes,
                                 Class(IpsecAttribute::LifeType),
                                 Class(IpsecAttribute::LifeDuration),
                                 LIFE_SECONDS,
                                 valid);
    read.kilobytes = ReadLifetime(transform.attributes,
                                  Class(IpsecAttribute::LifeType),
                                  Class(IpsecAttribute::LifeDuration),
                                  LIFE_KILOBYTES,
                                  valid);
    if (!valid || conflict || !cipher || !integrity || (groupNumber && !group) ||
        (keyBits && *keyBits == 0))
    {
        return std::nullopt;
    }
    read.esp = {cipher->id, integrity->id};
    if (group)
    {
        read.group = group->number;
    }
    return read;
}

/// Tells whether what was read is this proposal in this encapsulation.
bool
Matches(const ReadTransform& read,
        const Phase2Proposal& proposal,
        EncapsulationMode mode,
        bool natt)
{
    bool encapsulation = read.encapsulation == EncapsulationAttribute(mode, natt);
    if (natt)
    {
        const uint16_t draft = mode == EncapsulationMode::Tunnel
                                   ? ENCAPSULATION_UDP_TUNNEL_DRAFT
                                   : ENCAPSULATION_UDP_TRANSPORT_DRAFT;
        encapsulation |= read.encapsulation == draft;
    }
    return encapsulation && !proposal.ah && proposal.esp &&
           read.esp.cipher == proposal.esp->cipher &&
           read.esp.integrity == proposal.esp->integrity && read.group == proposal.pfsGroup;
}

Phase2Choice
MakeChoice(const Phase2Proposal& proposal,
           const ReadTransform& read,
           uint32_t peerSpi,
           const ChildConfig& child)
{
    Phase2Choice choice{proposal,
                        peerSpi,
                        ShorterLifetime(child.lifetime, read.lifetime),
                        read.lifetime,
                        child.lifetimeKilobytes};
    if (read.kilobytes)
    {
        const auto offered = static_cast<uint64_t>(
            std::chrono::duration_cast<std::chrono::seconds>(*read.kilobytes).count());
        choice.lifetimeKilobytes =
            choice.lifetimeKilobytes == 0 ? offered : std::min(choice.lifetimeKilobytes, offered);
    }
    return choice;
}

/// Tells whether a proposal stands alone under its number; with another one it is a bundle.
bool
StandsAlone(const SaPayload& sa, const ProposalPayload& proposal)
{
    return std::count_if(sa.proposals.begin(),
                         sa.proposals.end(),
                         [&](const ProposalPayload& p)
                         { return p.number == proposal.number; }) == 1;
}

} // namespace

uint16_t
EncapsulationAttribute(EncapsulationMode mode, bool natTraversal)
{
    if (mode == EncapsulationMode::Tunnel)
    {
        return natTraversal ? ENCAPSULATION_UDP_TUNNEL : ENCAPSULATION_TUNNEL;
    }
    return natTraversal ? ENCAPSULATION_UDP_TRANSPORT : ENCAPSULATION_TRANSPORT;
}

SaPayload
OfferPhase2(const ChildConfig& child, bool natTraversal, uint32_t spi)
{
    SaPayload sa;
    for (const Phase2Proposal& proposal : child.proposals)
    {
        const auto number = static_cast<uint8_t>(sa.proposals.size() + 1);
        const auto spiOctets = NetworkOrder(spi);
        sa.proposals.push_back({number,
                                ProtocolId::Esp,
                                OctetView(spiOctets).Copy(),
                                {MakeEspTransform(child, proposal, natTraversal)}});
    }
    return sa;
}

Result<Phase2Choice>
ChoosePhase2(const SaPayload& offer,
             const ChildConfig& child,
             bool natTraversal,
             uint32_t ownSpi,
             SaPayload& answer)
{
    for (const ProposalPayload& offered : offer.proposals)
    {
        if (offered.protocol != ProtocolId::Esp || !StandsAlone(offer, offered))
        {
            continue;
        }
        const uint32_t peerSpi = OctetReader(offered.spi).U32();
        if (peerSpi < LOWEST_SPI)
        {
            return Fault::BadSpi;
        }
        for (const TransformPayload& transform : offered.transforms)
        {
            const std::optional<ReadTransform> read = ReadEsp(transform);
            for (const Phase2Proposal& proposal : child.proposals)
            {
                if (!read || !Matches(*read, proposal, child.mode, natTraversal))
                {
                    continue;
                }
                const auto spiOctets = NetworkOrder(ownSpi);
                answer = offer;
                answer.proposals = {
                    {offered.number, ProtocolId::Esp, OctetView(spiOctets).Copy(), {transform}}};
                return MakeChoice(proposal, *read, peerSpi, child);
            }
        }
    }
    return Fault::NoProposalChosen;
}

Result<Phase2Choice>
CheckPhase2Answer(const SaPayload& answer, const ChildConfig& child, bool natTraversal)
{
    if (answer.proposals.size() != 1 || answer.proposals[0].protocol != ProtocolId::Esp ||
        answer.proposals[0].transforms.size() != 1)
    {
        return Fault::ChangedProposal;
    }
    const ProposalPayload& answered = answer.proposals[0];
    if (answered.number < 1 || answered.number > child.proposals.size())
    {
        return Fault::ChangedProposal;
    }
    const Phase2Proposal& proposal = child.proposals[answered.number - 1];
    const std::optional<ReadTransform> read = ReadEsp(answered.transforms[0]);
    if (!read || !Matches(*read, proposal, child.mode, natTraversal))
    {
        return Fault::ChangedProposal;
    }
    const uint32_t peerSpi = OctetReader(answered.spi).U32();
    if (peerSpi < LOWEST_SPI)
    {
        return Fault::BadSpi;
    }
    return MakeChoice(proposal, *read, peerSpi, child);
}

} // namespace ipsec
} // namespace ns3
