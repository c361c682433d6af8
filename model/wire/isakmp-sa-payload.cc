// SPDX-License-Identifier: GPL-2.0-only
#include "isakmp-sa-payload.h"

#include <cassert>

namespace ns3
{
namespace ipsec
{

namespace
{

/// SPI of ESP and AH (RFC 2407 section 4.4.1, RFC 2408 section 3.5).
constexpr size_t IPSEC_SPI_OCTETS = 4;
/// An ISAKMP SPI is at most the pair of cookies and may be missing (RFC 2408 section 3.5).
constexpr size_t MAX_ISAKMP_SPI_OCTETS = 16;

/// The generic header of a proposal or transform, and what it announces.
struct Nested
{
    bool last = false;
    OctetReader body{OctetView()};
};

/// Reads the header of a proposal or transform, whose successors have type @p sibling.
Result<Nested>
ParseNested(OctetReader& reader, PayloadType sibling)
{
    const uint8_t next = reader.U8();
    const uint8_t reserved = reader.U8();
    const uint16_t length = reader.U16();
    if (!reader.Ok() || length < 4)
    {
        return Fault::BadProposalSyntax;
    }
    Nested nested{next == 0, reader.Sub(length - 4)};
    if (!reader.Ok())
    {
        return Fault::BadProposalSyntax;
    }
    if (!nested.last && next != static_cast<uint8_t>(sibling))
    {
        return Fault::BadProposalSyntax;
    }
    // The last one ends its parent, and only the last one does.
    if (nested.last != reader.Empty())
    {
        return Fault::BadProposalSyntax;
    }
    if (reserved != 0)
    {
        return Fault::ReservedNotZero;
    }
    return nested;
}

Result<TransformPayload>
ParseTransform(OctetReader reader)
{
    TransformPayload transform;
    transform.number = reader.U8();
    transform.id = reader.U8();
    const uint16_t reserved2 = reader.U16();
    if (!reader.Ok())
    {
        return Fault::BadProposalSyntax;
    }
    if (reserved2 != 0)
    {
        return Fault::ReservedNotZero;
    }
    Result<std::vector<DataAttribute>> attributes = ParseAttributes(reader.TakeRest());
    if (!attributes)
    {
        return Fault::BadProposalSyntax;
    }
    transform.attributes = std::move(attributes).Value();
    return transform;
}

bool
IsSpiSizeAllowed(ProtocolId protocol, size_t octets)
{
    switch (protocol)
    {
    case ProtocolId::Ah:
    case ProtocolId::Esp:
        return octets == IPSEC_SPI_OCTETS;
    case ProtocolId::Isakmp:
        return octets <= MAX_ISAKMP_SPI_OCTETS;
    default:
        // Whoever chooses a proposal refuses the protocol.
        return true;
    }
}

/// Reads the body of a proposal; @p budget is how many transforms the payload may still hold.
Result<ProposalPayload>
ParseProposal(OctetReader reader, size_t& budget)
{
    ProposalPayload proposal;
    proposal.number = reader.U8();
    proposal.protocol = static_cast<ProtocolId>(reader.U8());
    const uint8_t spiSize = reader.U8();
    const uint8_t count = reader.U8();
    if (!reader.Ok() || count == 0 || count > budget)
    {
        return Fault::BadProposalSyntax;
    }
    budget -= count;
    if (!IsSpiSizeAllowed(proposal.protocol, spiSize))
    {
        return Fault::BadSpi;
    }
    proposal.spi = reader.Take(spiSize).Copy();
    for (bool last = false; !last;)
    {
        const Result<Nested> nested = ParseNested(reader, PayloadType::Transform);
        if (!nested)
        {
            return nested.GetFault();
        }
        if (proposal.transforms.size() == count)
        {
            return Fault::BadProposalSyntax;
        }
        Result<TransformPayload> transform = ParseTransform(nested->body);
        if (!transform)
        {
            return transform.GetFault();
        }
        proposal.transforms.push_back(std::move(transform).Value());
        last = nested->last;
    }
    if (proposal.transforms.size() != count)
    {
        return Fault::BadProposalSyntax;
    }
    return proposal;
}

void
WriteTransform(OctetWriter& writer, const TransformPayload& transform, bool last)
{
    const size_t start = writer.size();
    writer.U8(last ? 0 : static_cast<uint8_t>(PayloadType::Transform)).U8(0);
    const size_t length = writer.OpenLength16();
    writer.U8(transform.number).U8(transform.id).U16(0);
    WriteAttributes(writer, transform.attributes);
    writer.CloseLength16(length, start);
}

void
WriteProposal(OctetWriter& writer, const ProposalPayload& proposal, bool last)
{
    assert(proposal.spi.size() <= 0xff && proposal.transforms.size() <= 0xff);
    const size_t start = writer.size();
    writer.U8(last ? 0 : static_cast<uint8_t>(PayloadType::Proposal)).U8(0);
    const size_t length = writer.OpenLength16();
    writer.U8(proposal.number).U8(static_cast<uint8_t>(proposal.protocol));
    writer.U8(static_cast<uint8_t>(proposal.spi.size()));
    writer.U8(static_cast<uint8_t>(proposal.transforms.size()));
    writer.Append(proposal.spi);
    for (const TransformPayload& transform : proposal.transforms)
    {
        WriteTransform(writer, transform, &transform == &proposal.transforms.back());
    }
    writer.CloseLength16(length, start);
}

} // namespace

std::optional<uint64_t>
TransformPayload::Number(uint16_t type, bool& conflict) const
{
    const DataAttribute* first = nullptr;
    for (const DataAttribute& attribute : attributes)
    {
        if (attribute.type != type)
        {
            continue;
        }
        if (first && first->AsNumber() != attribute.AsNumber())
        {
            conflict = true;
        }
        first = first ? first : &attribute;
    }
    return first ? first->AsNumber() : std::nullopt;
}

Result<SaPayload>
ParseSaPayload(OctetView body)
{
    OctetReader reader(body);
    SaPayload sa;
    sa.doi = reader.U32();
    sa.situation = reader.U32();
    if (!reader.Ok())
    {
        return Fault::BadProposalSyntax;
    }
    if (sa.doi != DOI_IPSEC)
    {
        return Fault::UnsupportedDoi;
    }
    if (sa.situation != SIT_IDENTITY_ONLY)
    {
        return Fault::UnsupportedSituation;
    }
    size_t budget = MAX_TRANSFORMS;
    for (bool last = false; !last;)
    {
        const Result<Nested> nested = ParseNested(reader, PayloadType::Proposal);
        if (!nested)
        {
            return nested.GetFault();
        }
        Result<ProposalPayload> proposal = ParseProposal(nested->body, budget);
        if (!proposal)
        {
            return proposal.GetFault();
        }
        sa.proposals.push_back(std::move(proposal).Value());
        last = nested->last;
    }
    return sa;
}

Octets
WriteSaPayload(const SaPayload& sa)
{
    OctetWriter writer;
    writer.U32(sa.doi).U32(sa.situation);
    for (const ProposalPayload& proposal : sa.proposals)
    {
        WriteProposal(writer, proposal, &proposal == &sa.proposals.back());
    }
    assert(writer.Ok());
    return writer.Take();
}

} // namespace ipsec
} // namespace ns3
