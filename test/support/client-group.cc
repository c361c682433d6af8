// SPDX-License-Identifier: GPL-2.0-only
#include "client-group.h"

#include <gtest/gtest.h>

namespace ns3
{
namespace ipsec
{

namespace
{

const IpAddress SERVER = IpAddress::Parse("192.0.2.1");
const IpAddress NAT = IpAddress::Parse("203.0.113.1");
constexpr uint32_t FIRST_CLIENT = 0xc6336401;
/// No exchange needs more; a storm stops the run and fails the test.
constexpr size_t STORM = 2000;

PeerConfig
CommonPeer()
{
    ChildConfig child;
    child.name = "inside";
    child.proposals = ParsePhase2Proposals("nopfs-esp-des-md5");
    PeerConfig peer;
    peer.proposals = ParsePhase1Proposals("pre-g1-des-md5");
    peer.preSharedKey = SecretBytes(AsOctets("tiandihui2"));
    peer.children.push_back(child);
    return peer;
}

} // namespace

EngineConfig
GroupServerConfig()
{
    EngineConfig config;
    PeerConfig peer = CommonPeer();
    peer.name = "clients";
    peer.isGroup = true;
    peer.localAddress = SERVER;
    peer.modeConfig.Edit().role = ModeConfigRole::PullServer;
    peer.modeConfig.Edit().pool = "pool";
    peer.children[0].proxyId.local = Prefix::Parse("10.2.0.0/24");
    peer.children[0].remoteIsAssigned = true;
    config.peers.push_back(peer);
    AddressPool pool;
    pool.name = "pool";
    pool.first = IpAddress::Parse("10.9.0.1");
    pool.last = IpAddress::Parse("10.9.0.9");
    config.pools.push_back(pool);
    return config;
}

EngineConfig
GroupClientConfig(uint32_t number)
{
    EngineConfig config;
    PeerConfig peer = CommonPeer();
    peer.name = "server";
    peer.localAddress = {FIRST_CLIENT + number - 1};
    peer.remoteAddress = SERVER;
    peer.localId = Identity::Parse("client" + std::to_string(number) + ".example.test");
    peer.modeConfig.Edit().role = ModeConfigRole::PullClient;
    peer.children[0].proxyId.remote = Prefix::Parse("10.2.0.0/24");
    peer.children[0].localIsAssigned = true;
    config.peers.push_back(peer);
    return config;
}

ClientGroup::ClientGroup(EngineConfig server)
    : m_server{Engine(std::move(server)), SeededRandomSource(1), {}, {}}
{
}

uint32_t
ClientGroup::Add(EngineConfig client)
{
    const auto number = static_cast<uint32_t>(m_clients.size() + 1);
    m_clients.emplace(
        number, GroupEnd{Engine(std::move(client)), SeededRandomSource(100 + number), {}, {}});
    m_ports[number] = number;
    return number;
}

uint32_t
ClientGroup::Add()
{
    return Add(GroupClientConfig(static_cast<uint32_t>(m_clients.size() + 1)));
}

void
ClientGroup::PutBehindNat()
{
    m_hasNat = true;
}

void
ClientGroup::SwapPorts(uint32_t a, uint32_t b)
{
    std::swap(m_ports.at(a), m_ports.at(b));
}

Endpoint
ClientGroup::Outside(uint32_t client, const Endpoint& inside) const
{
    return m_hasNat ? Endpoint{NAT, static_cast<uint16_t>(inside.port + 10000 * m_ports.at(client))}
                    : inside;
}

void
ClientGroup::Connect(uint32_t client)
{
    GroupEnd& end = Client(client);
    Apply(end, client, end.engine.Initiate(m_now, 0, end.random));
    DeliverAll();
}

void
ClientGroup::Restart(uint32_t client)
{
    GroupEnd& end = Client(client);
    end.engine = Engine(end.engine.Config());
    end.sas.clear();
}

void
ClientGroup::Leave(uint32_t client)
{
    GroupEnd& end = Client(client);
    Apply(end, client, end.engine.Terminate(m_now, 0, end.random));
    DeliverAll();
}

void
ClientGroup::ExpireAtServer(const SaKey& key)
{
    m_server.sas.erase(key);
    Effects effects = m_server.engine.HandleHardExpiry(m_now, key, m_server.random);
    for (auto it = effects.list.begin(); it != effects.list.end();)
    {
        const auto* removed = std::get_if<RemoveSa>(&*it);
        it = removed && removed->key == key ? effects.list.erase(it) : std::next(it);
    }
    Apply(m_server, 0, std::move(effects));
    DeliverAll();
}

void
ClientGroup::Advance(Duration time)
{
    const Instant until = m_now + time;
    while (m_now < until)
    {
        m_now = std::min(until, m_now + std::chrono::seconds(1));
        Apply(m_server, 0, m_server.engine.HandleTimeout(m_now, m_server.random));
        for (auto& [number, end] : m_clients)
        {
            Apply(end, number, end.engine.HandleTimeout(m_now, end.random));
        }
        DeliverAll();
    }
}

GroupEnd&
ClientGroup::Server()
{
    return m_server;
}

GroupEnd&
ClientGroup::Client(uint32_t number)
{
    return m_clients.at(number);
}

std::string
ClientGroup::AddressOf(uint32_t client) const
{
    const std::vector<AddressAssigned> seen = m_clients.at(client).Seen<AddressAssigned>();
    return seen.empty() ? "" : seen.back().address.ToString();
}

bool
ClientGroup::IsUp(uint32_t client) const
{
    const std::map<SaKey, IpsecSa>& own = m_clients.at(client).sas;
    for (const auto& [key, sa] : own)
    {
        if (key.direction == SaDirection::Outbound)
        {
            const auto other = m_server.sas.find({SaDirection::Inbound, key.protocol, key.spi, {}});
            return own.size() == 2 && other != m_server.sas.end() &&
                   other->second.proxyId == sa.proxyId.Mirror();
        }
    }
    return false;
}

void
ClientGroup::Apply(GroupEnd& end, uint32_t number, Effects effects)
{
    for (const Effect& effect : effects.list)
    {
        end.effects.push_back(effect);
        if (const auto* transmit = std::get_if<Transmit>(&effect))
        {
            const Endpoint source =
                number == 0 ? transmit->local : Outside(number, transmit->local);
            if (number != 0)
            {
                m_behind[source] = {number, transmit->local};
            }
            m_wire.push_back({source, transmit->remote, transmit->datagram});
        }
        else if (const auto* install = std::get_if<InstallSa>(&effect))
        {
            EXPECT_TRUE(end.sas.emplace(install->sa.Key(), install->sa).second);
        }
        else if (const auto* remove = std::get_if<RemoveSa>(&effect))
        {
            EXPECT_EQ(end.sas.erase(remove->key), 1u);
        }
    }
}

void
ClientGroup::DeliverAll()
{
    for (size_t i = 0; i < STORM && !m_wire.empty(); i++)
    {
        const InFlight flight = std::move(m_wire.front());
        m_wire.pop_front();
        if (flight.destination.address == SERVER)
        {
            const Datagram datagram{flight.destination, flight.source, flight.octets};
            Apply(m_server, 0, m_server.engine.HandleDatagram(m_now, datagram, m_server.random));
            continue;
        }
        const auto behind = m_behind.find(flight.destination);
        if (behind != m_behind.end())
        {
            const auto& [number, local] = behind->second;
            GroupEnd& end = Client(number);
            const Datagram datagram{local, flight.source, flight.octets};
            Apply(end, number, end.engine.HandleDatagram(m_now, datagram, end.random));
        }
    }
    EXPECT_TRUE(m_wire.empty()) << "a storm";
}

} // namespace ipsec
} // namespace ns3
