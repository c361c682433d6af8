// SPDX-License-Identifier: GPL-2.0-only
#include "fragmented-handshake.h"

#include <algorithm>

namespace ns3
{
namespace ipsec
{

EngineConfig
Fragmenting(Side side, uint32_t octets)
{
    EngineConfig config = SiteConfig(side, "pre-g2-3des-sha", "nopfs-esp-aes128-sha");
    config.peers[0].fragmentation = true;
    config.peers[0].personality.Edit().fragmentOctets = octets;
    return config;
}

EngineConfig
Plain(Side side)
{
    EngineConfig config = Fragmenting(side);
    config.peers[0].fragmentation = false;
    return config;
}

PeerPair
FragmentingPair(uint64_t seed)
{
    return {Fragmenting(Side::A), Fragmenting(Side::B), seed};
}

bool
IsFragment(const Flight& flight)
{
    return ParseIsakmpHeader(flight.octets)->nextPayload == PayloadType::Fragment;
}

size_t
CountFragments(const PeerPair& pair)
{
    return std::count_if(pair.Sent().begin(), pair.Sent().end(), IsFragment);
}

std::vector<Octets>
DifferentDatagrams(const PeerPair& pair)
{
    std::vector<Octets> different;
    for (const Flight& flight : pair.Sent())
    {
        if (std::find(different.begin(), different.end(), flight.octets) == different.end())
        {
            different.push_back(flight.octets);
        }
    }
    return different;
}

std::vector<Flight>
TakeFlights(PeerPair& pair)
{
    std::vector<Flight> flights;
    while (pair.InFlight() > 0)
    {
        flights.push_back(pair.Next());
        pair.Lose();
    }
    return flights;
}

void
DeliverFlight(PeerPair& pair, const Flight& flight)
{
    pair.InjectFrom(flight.source, Other(flight.from), flight.octets);
}

Octets
MakeFragment(const Flight& like, const FragmentPayload& fragment)
{
    IsakmpHeader header = *ParseIsakmpHeader(like.octets);
    header.nextPayload = PayloadType::Fragment;
    header.flags = 0;
    return WriteIsakmpMessage(
        header, WritePayloadChain({{PayloadType::Fragment, WriteFragmentPayload(fragment)}}));
}

void
FragmentedHandshake::BringMm3(PeerPair& pair) const
{
    pair.Acquire(m_initiator);
    pair.Deliver(); // MM1
    const size_t answer = pair.InFlight();
    for (size_t i = 0; i < answer; i++)
    {
        pair.Deliver(); // MM2
    }
    ASSERT_GT(pair.InFlight(), 2u);
    ASSERT_TRUE(IsFragment(pair.Next()));
}

} // namespace ipsec
} // namespace ns3
