// SPDX-License-Identifier: GPL-2.0-only
#include "ike-phase1-negotiation.h"

#include <algorithm>

namespace ns3
{
namespace ipsec
{

namespace
{

constexpr uint16_t
Class(IkeAttribute attribute)
{
    return static_cast<uint16_t>(attribute);
}

TransformPayload
MakeTransform(uint8_t number, const Phase1Proposal& proposal, XauthUse xauth, Duration lifetime)
{
    const CipherAlgorithm& cipher = GetCipher(proposal.cipher);
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(lifetime).count();
    TransformPayload transform{number, KEY_IKE, {}};
    auto add = [&transform](IkeAttribute attribute, uint32_t value)
    { transform.attributes.push_back(DataAttribute::Number(Class(attribute), value)); };
    add(IkeAttribute::Encryption, cipher.ikeId);
    if (cipher.keyLengthOnWire)
    {
        add(IkeAttribute::KeyLength, static_cast<uint32_t>(8 * cipher.keyOctets));
    }
    add(IkeAttribute::Hash, GetHash(proposal.hash).ikeId);
    add(IkeAttribute::Authentication, GetAuth(proposal.auth).WireId(xauth));
    add(IkeAttribute::Group, proposal.group);
    add(IkeAttribute::LifeType, LIFE_SECONDS);
    add(IkeAttribute::LifeDuration, static_cast<uint32_t>(seconds));
    return transform;
}

/// Tells whether this class of attribute is one that we understand.
bool
IsKnown(uint16_t type)
{
    static constexpr std::array<IkeAttribute, 7> KNOWN = {IkeAttribute::Encryption,
                                                          IkeAttribute::Hash,
                                                          IkeAttribute::Authentication,
                                                          IkeAttribute::Group,
                                                          IkeAttribute::LifeType,
                                                          IkeAttribute::LifeDuration,
                                                          IkeAttribute::KeyLength};
    return std::any_of(
        KNOWN.begin(), KNOWN.end(), [type](IkeAttribute a) { return Class(a) == type; });
}

/// Tells whether an attribute may be there in this encoding: only durations may be variable.
bool
IsWellFormed(const DataAttribute& attribute)
{
    return IsKnown(attribute.type) &&
           (attribute.basic || attribute.type == Class(IkeAttribute::LifeDuration) ||
            attribute.type == Class(IkeAttribute::LifeType));
}

struct ReadTransform
{
    Phase1Proposal proposal;
    std::optional<Duration> lifetime;
};

/// Reads a transform; nothing if any part of it is unknown, missing, or contradicts another.
std::optional<ReadTransform>
Read(const TransformPayload& transform, XauthUse xauth)
{
    const bool wellFormed = std::all_of(transform.attributes.begin(),
                                        transform.attributes.end(),
                                        [](const DataAttribute& a) { return IsWellFormed(a); });
    if (transform.id != KEY_IKE || !wellFormed)
    {
        return std::nullopt;
    }
    bool conflict = false;
    auto number = [&](IkeAttribute attribute)
    { return transform.Number(Class(attribute), conflict).value_or(0); };
    const uint64_t keyBits = number(IkeAttribute::KeyLength);
    const bool keyBitsGiven = std::any_of(transform.attributes.begin(),
                                          transform.attributes.end(),
                                          [](const DataAttribute& a)
                                          { return a.type == Class(IkeAttribute::KeyLength); });
    const CipherAlgorithm* cipher = FindCipherByIkeId(number(IkeAttribute::Encryption), keyBits);
    const HashAlgorithm* hash = FindHashByIkeId(number(IkeAttribute::Hash));
    const DhGroup* group = FindDhGroup(number(IkeAttribute::Group));
    const AuthAlgorithm* auth = FindAuthByWireId(number(IkeAttribute::Authentication), xauth);
    bool lifetimeValid = true;
    const std::optional<Duration> lifetime = ReadLifetime(transform.attributes,
                                                          Class(IkeAttribute::LifeType),
                                                          Class(IkeAttribute::LifeDuration),
                                                          LIFE_SECONDS,
                                                          lifetimeValid);
    if (conflict || !cipher || !hash || !group || !auth || !lifetimeValid ||
        (keyBitsGiven && keyBits == 0))
    {
        return std::nullopt;
    }
    return ReadTransform{{auth->method, group->number, cipher->id, hash->id}, lifetime};
}

/// Tells whether the payload has the only shape that phase 1 knows: one ISAKMP proposal.
bool
IsPhase1Shape(const SaPayload& sa)
{
    return sa.proposals.size() == 1 && sa.proposals[0].protocol == ProtocolId::Isakmp;
}

} // namespace

std::optional<Duration>
ReadLifetime(const std::vector<DataAttribute>& attributes,
             uint16_t typeClass,
             uint16_t durationClass,
             uint16_t unit,
             bool& valid)
{
    // Pairs belong together by their order; deployed peers put either half first.
    std::vector<uint64_t> units;
    std::vector<std::optional<uint64_t>> durations;
    for (const DataAttribute& attribute : attributes)
    {
        if (attribute.type == typeClass)
        {
            units.push_back(attribute.AsNumber().value_or(0));
        }
        else if (attribute.type == durationClass)
        {
            durations.push_back(attribute.AsNumber());
        }
    }
    valid = valid && units.size() == durations.size();
    std::optional<Duration> shortest;
    for (size_t i = 0; i < std::min(units.size(), durations.size()); i++)
    {
        // A number beyond 64 bits, or of no octets, says nothing that could shorten ours.
        constexpr uint64_t LONGEST = 0xffffffff;
        const uint64_t value = std::min(durations[i].value_or(0), LONGEST);
        if (units[i] != unit || value == 0)
        {
            continue;
        }
        const Duration duration = std::chrono::seconds(value);
        shortest = shortest ? std::min(*shortest, duration) : duration;
    }
    return shortest;
}

Duration
ShorterLifetime(Duration own, std::optional<Duration> peer)
{
    constexpr Duration LEAST = std::chrono::seconds(1);
    return std::max(LEAST, peer ? std::min(own, *peer) : own);
}

SaPayload
OfferPhase1(const std::vector<Phase1Proposal>& proposals, XauthUse xauth, Duration lifetime)
{
    ProposalPayload payload{1, ProtocolId::Isakmp, {}, {}};
    for (const Phase1Proposal& proposal : proposals)
    {
        const auto number = static_cast<uint8_t>(payload.transforms.size() + 1);
        payload.transforms.push_back(MakeTransform(number, proposal, xauth, lifetime));
    }
    SaPayload sa;
    sa.proposals.push_back(std::move(payload));
    return sa;
}

std::optional<Duration>
AgreeOnLifetime(LifetimeRule rule, Duration own, std::optional<Duration> offered)
{
    const Duration shorter = ShorterLifetime(own, offered);
    if (!offered)
    {
        return shorter;
    }
    switch (rule)
    {
    case LifetimeRule::Shorter:
        return shorter;
    case LifetimeRule::Obey:
        return offered;
    case LifetimeRule::Strict:
        return *offered <= own ? offered : std::nullopt;
    case LifetimeRule::Exact:
        return *offered == own ? offered : std::nullopt;
    }
    return shorter;
}

Result<Phase1Choice>
ChoosePhase1(const SaPayload& offer, const Phase1Terms& terms, SaPayload& answer)
{
    if (!IsPhase1Shape(offer))
    {
        return Fault::BadProposalSyntax;
    }
    std::optional<Phase1Choice> choice;
    size_t best = terms.acceptable.size();
    for (const TransformPayload& transform : offer.proposals[0].transforms)
    {
        const std::optional<ReadTransform> read = Read(transform, terms.xauth);
        const std::optional<Duration> lifetime =
            read ? AgreeOnLifetime(terms.lifetimeRule, terms.lifetime, read->lifetime)
                 : std::nullopt;
        if (!lifetime)
        {
            continue;
        }
        const auto own =
            std::find(terms.acceptable.begin(), terms.acceptable.end(), read->proposal);
        const auto rank = static_cast<size_t>(own - terms.acceptable.begin());
        if (rank < best)
        {
            best = terms.preferOwnProposals ? rank : 0;
            answer = offer;
            answer.proposals[0].transforms = {transform};
            choice = Phase1Choice{read->proposal, *lifetime, read->lifetime};
        }
    }
    if (!choice)
    {
        return Fault::NoProposalChosen;
    }
    return *choice;
}

Result<Phase1Choice>
CheckPhase1Answer(const SaPayload& answer,
                  const std::vector<Phase1Proposal>& offered,
                  XauthUse xauth,
                  Duration lifetime)
{
    if (!IsPhase1Shape(answer) || answer.proposals[0].number != 1 ||
        answer.proposals[0].transforms.size() != 1)
    {
        return Fault::ChangedProposal;
    }
    const std::optional<ReadTransform> read = Read(answer.proposals[0].transforms[0], xauth);
    if (!read || std::find(offered.begin(), offered.end(), read->proposal) == offered.end())
    {
        return Fault::ChangedProposal;
    }
    return Phase1Choice{read->proposal, ShorterLifetime(lifetime, read->lifetime), read->lifetime};
}

} // namespace ipsec
} // namespace ns3
