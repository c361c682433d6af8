// SPDX-License-Identifier: GPL-2.0-only
// What the data planes of a pair see, what is left of them after a crash, and other orders.
#include "peer-pair.h"

#include <algorithm>

namespace ns3
{
namespace ipsec
{

Effects
PeerPair::Timeout(Side side)
{
    PairEnd& end = End(side);
    for (const SaKey& key : end.engine.AwaitsTraffic(m_now))
    {
        const auto used = end.lastUsed.find(key);
        if (used != end.lastUsed.end())
        {
            end.engine.HandleTraffic(m_now, key, used->second);
        }
    }
    return Apply(side, End(side).engine.HandleTimeout(m_now, End(side).random));
}

bool
PeerPair::DeliverFrom(Side from)
{
    const auto found = std::find_if(
        m_wire.begin(), m_wire.end(), [from](const Flight& flight) { return flight.from == from; });
    if (found == m_wire.end())
    {
        return false;
    }
    std::rotate(m_wire.begin(), found, std::next(found));
    Deliver();
    return true;
}

void
PeerPair::Carry(Side from)
{
    PairEnd& to = End(Other(from));
    for (const IpsecSa& sa : Sas(from, SaDirection::Outbound))
    {
        End(from).lastUsed[sa.Key()] = m_now;
        const SaKey inbound{SaDirection::Inbound, sa.protocol, sa.spi, {}};
        if (to.sas.count(inbound) > 0)
        {
            to.lastUsed[inbound] = m_now;
        }
    }
}

Effects
PeerPair::Moved(Side side, const Endpoint& remote)
{
    const SaKey key = Sas(side, SaDirection::Inbound).at(0).Key();
    return Apply(side, End(side).engine.HandlePeerMoved(m_now, key, remote));
}

Effects
PeerPair::UnknownSpi(Side side, uint32_t spi, ProtocolId protocol)
{
    const ipsec::UnknownSpi unknown{
        {End(side).address, 0}, {End(Other(side)).address, 0}, protocol, spi};
    return Apply(side, End(side).engine.HandleUnknownSpi(m_now, unknown, End(side).random));
}

void
PeerPair::Crash(Side side)
{
    PairEnd& end = End(side);
    end.engine = Engine(EngineConfig(end.engine.Config()));
    end.sas.clear();
    end.lastUsed.clear();
}

} // namespace ipsec
} // namespace ns3
