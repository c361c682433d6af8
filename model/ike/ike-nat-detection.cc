// SPDX-License-Identifier: GPL-2.0-only
#include "ike-nat-detection.h"

#include "ns3/crypto-hash.h"

namespace ns3
{
namespace ipsec
{

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
         RandomSource& random)
{
    Octets ours = mode == NatTraversal::Force ? random.Draw(GetHash(hash).digestOctets)
                                              : NatDHash(hash, initiator, responder, local);
    return {{PayloadType::NatD, NatDHash(hash, initiator, responder, remote)},
            {PayloadType::NatD, std::move(ours)}};
}

NatFindings
DetectNat(HashId hash,
          const Cookie& initiator,
          const Cookie& responder,
          const Endpoint& local,
          const Endpoint& remote,
          NatTraversal mode,
          const PayloadChain& chain)
{
    if (chain.Count(PayloadType::NatD) < 2)
    {
        return {};
    }
    const Octets ours = NatDHash(hash, initiator, responder, local);
    const Octets theirs = NatDHash(hash, initiator, responder, remote);
    NatFindings findings{mode == NatTraversal::Force, true};
    bool first = true;
    for (const RawPayload& payload : chain.payloads)
    {
        if (payload.type != PayloadType::NatD)
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
