// SPDX-License-Identifier: GPL-2.0-only
// Whether both ends of a pair mean the same by their SAs.
#include "peer-pair.h"

namespace ns3
{
namespace ipsec
{

namespace
{

/// Tells whether @p in is the other end of @p out and names the first field that says no.
std::string
Difference(const IpsecSa& out, const IpsecSa& in)
{
    if (out.cipher != in.cipher || out.integrity != in.integrity)
    {
        return "algorithms";
    }
    if (out.cipherKey.View() != in.cipherKey.View() ||
        out.integrityKey.View() != in.integrityKey.View())
    {
        return "keys";
    }
    if (out.mode != in.mode || out.udpEncapsulated != in.udpEncapsulated)
    {
        return "mode";
    }
    if (out.bundledSpi != in.bundledSpi || out.extendedSequence != in.extendedSequence)
    {
        return "bundle or sequence numbers";
    }
    return out.proxyId != in.proxyId.Mirror() ? "traffic" : "";
}

} // namespace

std::string
PeerPair::Disagreement() const
{
    for (const Side side : {Side::A, Side::B})
    {
        for (const auto& [key, sa] : End(side).sas)
        {
            const auto other =
                End(Other(side)).sas.find({SaDirection::Inbound, key.protocol, key.spi, {}});
            if (key.direction == SaDirection::Inbound || other == End(Other(side)).sas.end())
            {
                continue;
            }
            const std::string difference = Difference(sa, other->second);
            if (!difference.empty())
            {
                return std::string("from ") + (side == Side::A ? "A" : "B") + ": " + difference;
            }
        }
    }
    return "";
}

} // namespace ipsec
} // namespace ns3
