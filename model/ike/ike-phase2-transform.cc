// SPDX-License-Identifier: GPL-2.0-only
#include "ike-phase2-transform.h"

#include "ike-phase1-negotiation.h"

#include <algorithm>

namespace ns3
{
namespace ipsec
{

namespace
{

/// Value of IpsecAttribute::ExtendedSequence (RFC 4304).
constexpr uint16_t SEQUENCE_64_BITS = 1;

constexpr uint16_t
Class(IpsecAttribute attribute)
{
    return static_cast<uint16_t>(attribute);
}

void
Add(TransformPayload& transform, IpsecAttribute attribute, uint64_t value)
{
    transform.attributes.push_back(
        DataAttribute::Number(Class(attribute), static_cast<uint32_t>(value)));
}

/// Begins a transform with what only this protocol has: an ID, and for ESP the length of the key.
TransformPayload
BeginTransform(uint8_t number, ProtocolId protocol, const Phase2Proposal& proposal)
{
    if (protocol == ProtocolId::Ah)
    {
        return {number, GetIntegrity(*proposal.ah).ahId, {}};
    }
    const CipherAlgorithm& cipher = GetCipher(proposal.esp->cipher);
    TransformPayload transform{number, cipher.espId, {}};
    if (cipher.keyLengthOnWire)
    {
        Add(transform, IpsecAttribute::KeyLength, 8 * cipher.keyOctets);
    }
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
    case IpsecAttribute::ExtendedSequence:
        return attribute.basic;
    default:
        return false;
    }
}

/// The attributes that choose algorithms, as numbers.
struct AlgorithmNumbers
{
    std::optional<uint64_t> keyBits;
    std::optional<uint64_t> authentication;
};

/// Reads the algorithms of ESP: every cipher has an authentication attribute with it, but those
/// that make the ICV themselves must not (RFC 4106 section 8).
bool
ReadEspAlgorithms(uint8_t id, const AlgorithmNumbers& numbers, Phase2Transform& read)
{
    const CipherAlgorithm* cipher = FindCipherByEspId(id, numbers.keyBits.value_or(0));
    if (!cipher || (numbers.keyBits && *numbers.keyBits == 0))
    {
        return false;
    }
    read.cipher = cipher->id;
    if (cipher->icvOctets > 0)
    {
        return !numbers.authentication;
    }
    const IntegrityAlgorithm* integrity =
        FindIntegrityByAttribute(numbers.authentication.value_or(0));
    if (!integrity)
    {
        return false;
    }
    read.integrity = integrity->id;
    return true;
}

/// Reads the algorithm of AH, which is said twice and must be the same (RFC 2407 section 4.4.3).
bool
ReadAhAlgorithm(uint8_t id, const AlgorithmNumbers& numbers, Phase2Transform& read)
{
    const IntegrityAlgorithm* integrity = FindIntegrityByAhId(id);
    if (!integrity || numbers.keyBits || numbers.authentication != integrity->attributeId)
    {
        return false;
    }
    read.integrity = integrity->id;
    return true;
}

/// Reads what is alike in both protocols: group, mode, sequence numbers, lifetimes.
bool
ReadCommon(const TransformPayload& transform, bool& conflict, Phase2Transform& read)
{
    auto number = [&](IpsecAttribute attribute)
    { return transform.Number(Class(attribute), conflict); };
    if (const std::optional<uint64_t> value = number(IpsecAttribute::Group))
    {
        const DhGroup* group = FindDhGroup(*value);
        if (!group)
        {
            return false;
        }
        read.group = group->number;
    }
    if (const std::optional<uint64_t> value = number(IpsecAttribute::ExtendedSequence))
    {
        if (*value != SEQUENCE_64_BITS)
        {
            return false;
        }
        read.extendedSequence = true;
    }
    read.encapsulation = number(IpsecAttribute::EncapsulationMode).value_or(0);
    bool valid = true;
    read.lifetime = ReadLifetime(transform.attributes,
                                 Class(IpsecAttribute::LifeType),
                                 Class(IpsecAttribute::LifeDuration),
                                 LIFE_SECONDS,
                                 valid);
    read.lifetimeKilobytes = ReadKilobytes(transform.attributes, valid);
    return valid;
}

} // namespace

uint16_t
EncapsulationAttribute(EncapsulationMode mode, UdpEncapsulation udp)
{
    const bool isTunnel = mode == EncapsulationMode::Tunnel;
    switch (udp)
    {
    case UdpEncapsulation::None:
        break;
    case UdpEncapsulation::Rfc3947:
        return isTunnel ? ENCAPSULATION_UDP_TUNNEL : ENCAPSULATION_UDP_TRANSPORT;
    case UdpEncapsulation::Draft:
        return isTunnel ? ENCAPSULATION_UDP_TUNNEL_DRAFT : ENCAPSULATION_UDP_TRANSPORT_DRAFT;
    }
    return isTunnel ? ENCAPSULATION_TUNNEL : ENCAPSULATION_TRANSPORT;
}

bool
IsEncapsulation(uint64_t value, EncapsulationMode mode, UdpEncapsulation udp)
{
    if (udp == UdpEncapsulation::None)
    {
        return value == EncapsulationAttribute(mode, udp);
    }
    return value == EncapsulationAttribute(mode, UdpEncapsulation::Rfc3947) ||
           value == EncapsulationAttribute(mode, UdpEncapsulation::Draft);
}

TransformPayload
MakePhase2Transform(uint8_t number,
                    ProtocolId protocol,
                    const Phase2Proposal& proposal,
                    const ChildConfig& child,
                    UdpEncapsulation udp,
                    SequenceNumbers sequence)
{
    TransformPayload transform = BeginTransform(number, protocol, proposal);
    const IntegrityId integrity =
        protocol == ProtocolId::Ah ? *proposal.ah : proposal.esp->integrity;
    Add(transform, IpsecAttribute::EncapsulationMode, EncapsulationAttribute(child.mode, udp));
    if (integrity != IntegrityId::None)
    {
        Add(transform, IpsecAttribute::Authentication, GetIntegrity(integrity).attributeId);
    }
    if (proposal.pfsGroup)
    {
        Add(transform, IpsecAttribute::Group, *proposal.pfsGroup);
    }
    if (sequence == SequenceNumbers::Extended)
    {
        Add(transform, IpsecAttribute::ExtendedSequence, SEQUENCE_64_BITS);
    }
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(child.lifetime).count();
    Add(transform, IpsecAttribute::LifeType, LIFE_SECONDS);
    Add(transform, IpsecAttribute::LifeDuration, seconds);
    if (child.lifetimeKilobytes > 0)
    {
        Add(transform, IpsecAttribute::LifeType, LIFE_KILOBYTES);
        Add(transform, IpsecAttribute::LifeDuration, child.lifetimeKilobytes);
    }
    return transform;
}

std::optional<Phase2Transform>
ReadPhase2Transform(ProtocolId protocol, const TransformPayload& transform)
{
    if (!std::all_of(transform.attributes.begin(), transform.attributes.end(), IsWellFormed))
    {
        return std::nullopt;
    }
    bool conflict = false;
    Phase2Transform read;
    const AlgorithmNumbers numbers{
        transform.Number(Class(IpsecAttribute::KeyLength), conflict),
        transform.Number(Class(IpsecAttribute::Authentication), conflict)};
    const bool algorithms = protocol == ProtocolId::Ah
                                ? ReadAhAlgorithm(transform.id, numbers, read)
                                : ReadEspAlgorithms(transform.id, numbers, read);
    if (!algorithms || !ReadCommon(transform, conflict, read) || conflict)
    {
        return std::nullopt;
    }
    return read;
}

uint64_t
ReadKilobytes(const std::vector<DataAttribute>& attributes, bool& valid)
{
    // One second stands for one kilobyte.
    const std::optional<Duration> kilobytes = ReadLifetime(attributes,
                                                           Class(IpsecAttribute::LifeType),
                                                           Class(IpsecAttribute::LifeDuration),
                                                           LIFE_KILOBYTES,
                                                           valid);
    return kilobytes ? std::chrono::duration_cast<std::chrono::seconds>(*kilobytes).count() : 0;
}

} // namespace ipsec
} // namespace ns3
