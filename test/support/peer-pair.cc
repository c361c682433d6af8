// SPDX-License-Identifier: GPL-2.0-only
#include "peer-pair.h"

#include <algorithm>
#include <gtest/gtest.h>

namespace ns3
{
namespace ipsec
{

namespace
{

/// Far above what any plan of losses needs.
constexpr size_t MAX_ON_WIRE = 10000;

size_t
Index(Side side)
{
    return static_cast<size_t>(side);
}

PairEnd
MakeEnd(EngineConfig config, uint64_t seed)
{
    const IpAddress address = config.peers.at(0).localAddress;
    return {Engine(std::move(config)), SeededRandomSource(seed), address, {}, {}, {}, {}, {}};
}

} // namespace

std::ostream&
operator<<(std::ostream& out, Side side)
{
    return out << (side == Side::A ? 'A' : 'B');
}

EngineConfig
SiteConfig(Side side, const std::string& phase1, const std::string& phase2)
{
    ChildConfig child;
    child.name = "lan";
    child.proposals = ParsePhase2Proposals(phase2);
    child.proxyId = {Prefix::Parse("10.1.0.0/24"), Prefix::Parse("10.2.0.0/24")};
    PeerConfig peer;
    peer.name = "other";
    peer.localAddress = IpAddress::Parse("192.0.2.1");
    peer.remoteAddress = IpAddress::Parse("192.0.2.2");
    peer.proposals = ParsePhase1Proposals(phase1);
    peer.preSharedKey = SecretBytes(AsOctets("tiandihui2"));
    // So that nothing is left to wait for once an exchange is over.
    peer.personality.Edit().natKeepalive = {};
    if (side == Side::B)
    {
        std::swap(peer.localAddress, *peer.remoteAddress);
        child.proxyId = child.proxyId.Mirror();
    }
    peer.children.push_back(child);
    EngineConfig config;
    config.peers.push_back(peer);
    return config;
}

PeerPair::PeerPair(EngineConfig a, EngineConfig b, uint64_t seed)
    : m_ends{MakeEnd(std::move(a), 2 * seed), MakeEnd(std::move(b), 2 * seed + 1)}
{
    for (const Side to : {Side::A, Side::B})
    {
        m_lastPath[Index(to)].source = {End(Other(to)).address, IKE_PORT};
        m_lastPath[Index(to)].destination = {End(to).address, IKE_PORT};
    }
}

PeerPair::PeerPair(const std::string& phase1, const std::string& phase2, uint64_t seed)
    : PeerPair(SiteConfig(Side::A, phase1, phase2), SiteConfig(Side::B, phase1, phase2), seed)
{
}

void
PeerPair::PutBehindNat(IpAddress outside, uint16_t shift)
{
    m_outside = outside;
    m_portShift = shift;
    m_lastPath[Index(Side::B)].source = {outside, static_cast<uint16_t>(IKE_PORT + shift)};
}

Effects
PeerPair::Initiate(Side side, PeerId peer)
{
    return Apply(side, End(side).engine.Initiate(m_now, peer, End(side).random));
}

Effects
PeerPair::Acquire(Side side, uint32_t child)
{
    const ProxyId& id = End(side).engine.Config().peers.at(0).children.at(child).proxyId;
    const FlowKey flow{id.local.address, id.remote.address, 1, 0, 0};
    return Apply(side, End(side).engine.Acquire(m_now, {0, child}, flow, End(side).random));
}

Effects
PeerPair::Terminate(Side side, PeerId peer)
{
    return Apply(side, End(side).engine.Terminate(m_now, peer, End(side).random));
}

Effects
PeerPair::SoftExpiry(Side side, const SaKey& key)
{
    return Apply(side, End(side).engine.HandleSoftExpiry(m_now, key, End(side).random));
}

Effects
PeerPair::HardExpiry(Side side, const SaKey& key)
{
    Effects effects = Apply(side, End(side).engine.HandleHardExpiry(m_now, key, End(side).random));
    End(side).sas.erase(key);
    return effects;
}

size_t
PeerPair::InFlight() const
{
    return m_wire.size();
}

const Flight&
PeerPair::Next() const
{
    return m_wire.at(0);
}

Effects
PeerPair::Deliver()
{
    Effects effects = DeliverInstead(Octets(Next().octets));
    // The receiver's answer went to the back of the wire, so the front is still the same.
    m_wire.pop_front();
    return effects;
}

Effects
PeerPair::DeliverInstead(OctetView octets)
{
    const Flight flight = Next();
    const Side to = Other(flight.from);
    m_lastPath[Index(to)] = flight;
    const Datagram datagram{flight.destination, flight.source, octets};
    return Apply(to, End(to).engine.HandleDatagram(m_now, datagram, End(to).random));
}

Effects
PeerPair::Inject(Side to, OctetView octets)
{
    return InjectFrom(m_lastPath[Index(to)].source, to, octets);
}

Effects
PeerPair::InjectFrom(const Endpoint& source, Side to, OctetView octets)
{
    const Datagram datagram{m_lastPath[Index(to)].destination, source, octets};
    return Apply(to, End(to).engine.HandleDatagram(m_now, datagram, End(to).random));
}

void
PeerPair::Lose()
{
    m_wire.pop_front();
}

void
PeerPair::Duplicate()
{
    m_wire.push_front(Next());
}

void
PeerPair::LoseAll()
{
    m_wire.clear();
}

size_t
PeerPair::DeliverAll(size_t most)
{
    size_t delivered = 0;
    while (!m_wire.empty() && delivered < most)
    {
        Deliver();
        delivered++;
    }
    return delivered;
}

void
PeerPair::Advance(Duration time)
{
    m_now += time;
}

bool
PeerPair::AdvanceToDeadline(Duration within)
{
    std::optional<Instant> next;
    for (const PairEnd& end : m_ends)
    {
        const std::optional<Instant> deadline = end.engine.NextDeadline();
        if (deadline && (!next || *deadline < *next))
        {
            next = deadline;
        }
    }
    if (!next || *next > m_now + within)
    {
        return false;
    }
    m_now = std::max(m_now, *next);
    for (const Side side : {Side::A, Side::B})
    {
        const std::optional<Instant> deadline = End(side).engine.NextDeadline();
        if (deadline && *deadline <= m_now)
        {
            Timeout(side);
        }
    }
    return true;
}

size_t
PeerPair::Settle(size_t most)
{
    size_t steps = 0;
    while (steps < most)
    {
        if (!m_wire.empty())
        {
            Deliver();
        }
        else if (!AdvanceToDeadline())
        {
            return steps;
        }
        steps++;
    }
    return steps;
}

Instant
PeerPair::Now() const
{
    return m_now;
}

PairEnd&
PeerPair::End(Side side)
{
    return m_ends[Index(side)];
}

const PairEnd&
PeerPair::End(Side side) const
{
    return m_ends[Index(side)];
}

std::vector<IpsecSa>
PeerPair::Sas(Side side, SaDirection direction) const
{
    std::vector<IpsecSa> sas;
    for (const auto& [key, sa] : End(side).sas)
    {
        if (key.direction == direction)
        {
            sas.push_back(sa);
        }
    }
    return sas;
}

const std::vector<Flight>&
PeerPair::Sent() const
{
    return m_sent;
}

size_t
PeerPair::CountSent(ExchangeType exchange) const
{
    return std::count_if(m_sent.begin(),
                         m_sent.end(),
                         [exchange](const Flight& flight)
                         { return flight.summary.exchange == exchange; });
}

size_t
PeerPair::Drops(Side side, Fault fault) const
{
    const auto found = End(side).drops.find(fault);
    return found == End(side).drops.end() ? 0 : found->second;
}

size_t
PeerPair::Drops(Side side) const
{
    size_t count = 0;
    for (const auto& [fault, drops] : End(side).drops)
    {
        count += drops;
    }
    return count;
}

bool
PeerPair::IsIkeUp() const
{
    const std::vector<IkeSaInfo> a = End(Side::A).engine.IkeSas();
    const std::vector<IkeSaInfo> b = End(Side::B).engine.IkeSas();
    return a.size() == 1 && b.size() == 1 && a[0].initiatorCookie == b[0].initiatorCookie &&
           a[0].responderCookie == b[0].responderCookie && a[0].role != b[0].role &&
           a[0].proposal == b[0].proposal && a[0].skeyidD.View() == b[0].skeyidD.View() &&
           a[0].skeyidA.View() == b[0].skeyidA.View() &&
           a[0].skeyidE.View() == b[0].skeyidE.View() &&
           a[0].encryptionKey.View() == b[0].encryptionKey.View();
}

bool
PeerPair::IsIkeDown() const
{
    return End(Side::A).engine.IkeSas().empty() && End(Side::B).engine.IkeSas().empty();
}

bool
PeerPair::AreTunnelsUp(size_t tunnels) const
{
    for (const Side side : {Side::A, Side::B})
    {
        const std::map<SaKey, IpsecSa>& own = End(side).sas;
        if (own.size() != 2 * tunnels)
        {
            return false;
        }
        for (const auto& [key, sa] : own)
        {
            if (key.direction == SaDirection::Outbound &&
                End(Other(side)).sas.count({SaDirection::Inbound, key.protocol, key.spi, {}}) == 0)
            {
                return false;
            }
        }
    }
    return Disagreement().empty();
}

Effects
PeerPair::Apply(Side side, Effects effects)
{
    PairEnd& end = End(side);
    end.work.Add(effects.work);
    for (const Effect& effect : effects.list)
    {
        end.effects.push_back(effect);
        if (const auto* transmit = std::get_if<Transmit>(&effect))
        {
            Send(side, *transmit);
        }
        else if (const auto* install = std::get_if<InstallSa>(&effect))
        {
            // S1: no SA without an authenticated peer, ever.
            EXPECT_FALSE(end.engine.IkeSas().empty()) << side << " installed an SA without IKE SA";
            EXPECT_TRUE(end.sas.emplace(install->sa.Key(), install->sa).second)
                << side << " installed the same SA twice";
        }
        else if (const auto* remove = std::get_if<RemoveSa>(&effect))
        {
            EXPECT_EQ(end.sas.erase(remove->key), 1u) << side << " removed an SA it does not have";
        }
        else if (const auto* moved = std::get_if<PeerMoved>(&effect))
        {
            for (auto& [key, sa] : end.sas)
            {
                sa.remote = sa.child == moved->child && sa.followsPeer ? moved->remote : sa.remote;
            }
        }
        else if (const auto* dropped = std::get_if<Dropped>(&effect))
        {
            end.drops[dropped->fault]++;
        }
    }
    return effects;
}

void
PeerPair::Send(Side from, const Transmit& transmit)
{
    Flight flight{from, transmit.local, transmit.remote, transmit.datagram, transmit.summary};
    m_sent.push_back(flight);
    EXPECT_EQ(transmit.local.address, End(from).address);
    if (m_outside && from == Side::A)
    {
        flight.source = {*m_outside, static_cast<uint16_t>(transmit.local.port + m_portShift)};
    }
    if (m_outside && from == Side::B && transmit.remote.address == *m_outside &&
        transmit.remote.port > m_portShift)
    {
        flight.destination = {End(Side::A).address,
                              static_cast<uint16_t>(transmit.remote.port - m_portShift)};
    }
    // What is addressed to nobody gets lost, as on a real wire.
    if (flight.destination.address == End(Other(from)).address && m_wire.size() < MAX_ON_WIRE)
    {
        m_wire.push_back(flight);
    }
}

bool
WasRefused(const Effects& effects)
{
    const auto isHarmless = [](const Effect& effect)
    {
        const auto* transmit = std::get_if<Transmit>(&effect);
        return std::holds_alternative<Dropped>(effect) ||
               (transmit && transmit->summary.exchange == ExchangeType::Informational);
    };
    return FindEffect<Dropped>(effects) != nullptr &&
           std::all_of(effects.list.begin(), effects.list.end(), isHarmless);
}

Fault
DroppedFault(const Effects& effects)
{
    const auto* dropped = FindEffect<Dropped>(effects);
    EXPECT_NE(dropped, nullptr) << "nothing was dropped";
    return dropped != nullptr ? dropped->fault : Fault::DummyPacket;
}

std::vector<PayloadType>
PayloadKinds(const MessageSummary& summary)
{
    std::vector<PayloadType> kinds;
    for (const PayloadLabel& label : summary.payloads)
    {
        if (label.type != PayloadType::VendorId)
        {
            kinds.push_back(label.type);
        }
    }
    return kinds;
}

} // namespace ipsec
} // namespace ns3
