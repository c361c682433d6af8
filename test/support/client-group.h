// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * One server and many clients, each with an engine of its own, and a wire that loses nothing.
 */
#ifndef CLIENT_GROUP_H
#define CLIENT_GROUP_H

#include "ns3/ike-engine.h"

#include <deque>
#include <map>
#include <string>
#include <vector>

namespace ns3
{
namespace ipsec
{

/// One engine and everything that it did so far.
struct GroupEnd
{
    Engine engine;
    SeededRandomSource random;
    std::vector<Effect> effects;
    std::map<SaKey, IpsecSa> sas;

    /// Returns all effects of one kind.
    template <typename Kind>
    std::vector<Kind>
    Seen() const
    {
        std::vector<Kind> seen;
        for (const Effect& effect : effects)
        {
            if (const Kind* kind = std::get_if<Kind>(&effect))
            {
                seen.push_back(*kind);
            }
        }
        return seen;
    }
};

/// The server is 192.0.2.1 with 10.2.0.0/24 behind it and a pool of 10.9.0.1 to 10.9.0.9.
EngineConfig GroupServerConfig();
/// A client that asks for an address; the first is 198.51.100.1.
EngineConfig GroupClientConfig(uint32_t number);

/// Runs them.
class ClientGroup
{
  public:
    explicit ClientGroup(EngineConfig server = GroupServerConfig());

    /// Adds a client and returns its number, from 1.
    uint32_t Add(EngineConfig client);
    uint32_t Add();
    /// Puts all clients behind one NAT at 203.0.113.1, with ports of their own each.
    void PutBehindNat();
    /// Gives a client that starts anew the other's port of the NAT.
    void SwapPorts(uint32_t a, uint32_t b);

    /// Brings a client's tunnel up and delivers everything.
    void Connect(uint32_t client);
    /// Lets a client forget everything without a word.
    void Restart(uint32_t client);
    /// Ends a client's tunnel with a word.
    void Leave(uint32_t client);
    /// Takes an SA of the server away, as its data plane does.
    void ExpireAtServer(const SaKey& key);
    /// Moves the clock on, with all deadlines until then.
    void Advance(Duration time);

    GroupEnd& Server();
    GroupEnd& Client(uint32_t number);
    /// Returns a client's assigned address, last of all, or nothing.
    std::string AddressOf(uint32_t client) const;
    /// Tells whether a client has a pair of SAs that the server has too.
    bool IsUp(uint32_t client) const;

  private:
    struct InFlight
    {
        Endpoint source;
        Endpoint destination;
        Octets octets;
    };

    /// Returns what the server sees of a client's endpoint.
    Endpoint Outside(uint32_t client, const Endpoint& inside) const;
    void Apply(GroupEnd& end, uint32_t number, Effects effects);
    void DeliverAll();

    GroupEnd m_server;
    std::map<uint32_t, GroupEnd> m_clients;
    std::map<uint32_t, uint32_t> m_ports;
    bool m_hasNat = false;
    /// Who is behind an endpoint, and which of its own that is.
    std::map<Endpoint, std::pair<uint32_t, Endpoint>> m_behind;
    std::deque<InFlight> m_wire;
    Instant m_now{};
};

} // namespace ipsec
} // namespace ns3

#endif // CLIENT_GROUP_H
