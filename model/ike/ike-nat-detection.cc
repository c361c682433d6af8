// SPDX-License-Identifier: GPL-2.0-only
#include "ike-nat-detection.h"

#include "ns3/crypto-hash.h"

namespace ns3
{
namespace ipsec
{

NatTraversalVersion
NatTraversalVersionOf(VendorId vendor)
{
    switch (vendor)
    {
    case VendorId::NatTraversalRfc3947:
        return NatTraversalVersion::Rfc3947;
    case VendorId::NatTraversalDraft03:
        return NatTraversalVersion::Draft03;
    case VendorId::NatTraversalDraft02Newline:
        return NatTraversalVersion::Draft02Newline;
    case VendorId::NatTraversalDraft02:
        return NatTraversalVersion::Draft02;
    default:
        return NatTraversalVersion::None;
    }
}

VendorId
VendorIdOf(NatTraversalVersion version)
{
    switch (version)
    {
    case NatTraversalVersion::Draft02:
        return VendorId::NatTraversalDraft02;
    case NatTraversalVersion::Draft02Newline:
        return VendorId::NatTraversalDraft02Newline;
    case NatTraversalVersion::Draft03:
        return VendorId::NatTraversalDraft03;
    case NatTraversalVersion::None:
    case NatTraversalVersion::Rfc3947:
        break;
    }
    return VendorId::NatTraversalRfc3947;
}

std::vector<NatTraversalVersion>
OfferedNatTraversal(const PeerConfig& config)
{
    std::vector<NatTraversalVersion> versions;
    if (config.natTraversal == NatTraversal::Off)
    {
        return versions;
    }
    const NatTraversalDocuments documents = config.personality->natTraversalDocuments;
    if (documents != NatTraversalDocuments::Drafts)
    {
        versions.push_back(NatTraversalVersion::Rfc3947);
    }
    if (documents != NatTraversalDocuments::Rfc)
    {
        versions.push_back(NatTraversalVersion::Draft03);
        versions.push_back(NatTraversalVersion::Draft02Newline);
        versions.push_back(NatTraversalVersion::Draft02);
    }
    return versions;
}

PayloadType
NatDType(NatTraversalVersion version)
{
    return version == NatTraversalVersion::Rfc3947 ? PayloadType::NatD : PayloadType::NatDDraft;
}

PayloadType
NatOaType(NatTraversalVersion version)
{
    return version == NatTraversalVersion::Rfc3947 ? PayloadType::NatOa : PayloadType::NatOaDraft;
}

UdpEncapsulation
NatFindings::Encapsulation() const
{
    if (!IsDetected())
    {
        return UdpEncapsulation::None;
    }
    return version == NatTraversalVersion::Rfc3947 ? UdpEncapsulation::Rfc3947
                                                   : UdpEncapsulation::Draft;
}

Octets
NatDHash(HashId hash, const Cookie& initiator, const Cookie& responder, const Endpoint& endpoint)
{
    OctetWriter port;
    port.U16(endpoint.port);
    return Digest(hash, {initiator, responder, endpoint.address.ToOctets(), port.Take()});
}

std::vector<RawPayload>
MakeNatD(HashId hash,
         const Cookie& initiator,
         const Cookie& responder,
         const Endpoint& local,
         const Endpoint& remote,
         NatTraversal mode,
         NatTraversalVersion version,
         RandomSource& random)
{
    Octets ours = mode == NatTraversal::Force ? random.Draw(GetHash(hash).digestOctets)
                                              : NatDHash(hash, initiator, responder, local);
    const PayloadType type = NatDType(version);
    return {{type, NatDHash(hash, initiator, responder, remote)}, {type, std::move(ours)}};
}

NatFindings
DetectNat(HashId hash,
          const Cookie& initiator,
          const Cookie& responder,
          const Endpoint& local,
          const Endpoint& remote,
          NatTraversal mode,
          NatTraversalVersion version,
          const PayloadChain& chain)
{
    const PayloadType type = NatDType(version);
    if (chain.Count(type) < 2)
    {
        return {};
    }
    const Octets ours = NatDHash(hash, initiator, responder, local);
    const Octets theirs = NatDHash(hash, initiator, responder, remote);
    NatFindings findings{mode == NatTraversal::Force, true, version};
    bool first = true;
    for (const RawPayload& payload : chain.payloads)
    {
        if (payload.type != type)
        {
            continue;
        }
        if (first)
        {
            findings.localBehindNat |= payload.body != ours;
            first = false;
        }
        else if (payload.body == theirs)
        {
            findings.remoteBehindNat = false;
        }
    }
    return findings;
}

} // namespace ipsec
} // namespace ns3
