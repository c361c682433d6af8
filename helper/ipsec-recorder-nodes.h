// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * What the recorders of gateways know of each other, and which branches are only added up.
 */
#ifndef IPSEC_RECORDER_NODES_H
#define IPSEC_RECORDER_NODES_H

#include "ipsec-run-record.h"
#include "ipsec-scenario.h"

#include "ns3/ipsec-shared.h"
#include "ns3/nat-mapping.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace ns3
{
namespace ipsec
{

/// How long a packet takes from one node to another.
struct Transit
{
    Duration least{};
    /// From the moment on at which it has left its sender's link.
    Duration most{};
};

/// All gateways of a scenario, by their addresses. A network goes by the name of its NAT, the
/// internet by none.
class RecorderNodes
{
  public:
    explicit RecorderNodes(const Scenario& scenario);
    RecorderNodes(const RecorderNodes&) = delete;
    RecorderNodes& operator=(const RecorderNodes&) = delete;

    /// Takes note of who has an outside endpoint of a NAT; the newest counts, also behind its end.
    void NoteMapping(const std::string& nat, const NatMapping& mapping);

    /// Takes note of where a client is from now on; that it was elsewhere is not forgotten.
    void NotePlace(const std::string& name, const std::string& network, IpAddress address);

    /// Takes note of who sends under an initiator's cookie: the first that does is the initiator.
    void NoteSender(const Cookie& initiator, const std::string& name);

    /// Returns the name of the initiator with a cookie if it is behind a NAT with this address, or
    /// null. It tells those apart who share a port of their NAT, too.
    const std::string* FindInitiator(const Cookie& cookie, IpAddress nat) const;
    /// Returns the name of the node that is seen at an endpoint in a network, or null.
    const std::string* Find(const std::string& network, const Endpoint& endpoint) const;
    /// Returns the name of the node that sent a message, seen in a network on its way, or null.
    const std::string* FindSender(const std::string& network,
                                  const Endpoint& source,
                                  const Cookie& initiator) const;
    /// Returns the name of the node at an endpoint, or the address if there is none.
    std::string NameOf(const std::string& network, const Endpoint& endpoint) const;
    /// Returns the network that a node is in.
    const std::string& NetworkOf(const std::string& name) const;
    Transit TransitOf(const std::string& from, const std::string& to) const;
    /// Tells whether that is the name of a gateway or client.
    bool IsKnown(const std::string& name) const;
    /// Tells whether a node is of [branches] and not shown.
    bool IsHidden(const std::string& name) const;
    /// Returns the record of the [branches] that such a node is one of.
    BranchesRecord& BranchesOf(const std::string& name);
    /// Gives the records away, one for each [branches].
    std::vector<BranchesRecord> TakeBranches();

  private:
    /// Where a node is, and what its own link adds to the delay of others.
    struct Place
    {
        std::string network;
        Duration delay{};
        /// Most that jitter and reordering add to what it sends: only NATs send what others wrote.
        Duration spread{};
        /// Where it was before: packets may still be on their way from there.
        Rare<std::set<std::string>> former;
        /// Of a branch that is not shown, the position of its record.
        std::optional<uint32_t> hidden;
    };

    /// What a way into the internet takes, what its NATs may add to that, and the last one of them.
    struct Way
    {
        Duration delay{};
        Duration spread{};
        std::string lastNat;
    };

    Way WayFrom(const std::string& network, Duration delay) const;
    /// Returns the ways of a node, from where it is and from where it was.
    std::vector<Way> WaysOf(const std::string& name) const;

    /// Follows the mappings of a NAT inwards.
    const std::string* FindBehind(const std::string& nat, const Endpoint& outside) const;

    /// Returns the name of who has an address in a network, or null.
    const std::string* FindOwner(const std::string& network, IpAddress address) const;
    /// Takes note that a node has an address in a network.
    void NoteOwner(const std::string& network, IpAddress address, const std::string& name);

    std::unordered_map<std::string, Place> m_places;
    std::set<std::string> m_nats;
    /// Who has which address in each network: gateways, clients and NATs, by names in m_places.
    std::map<std::string, std::unordered_map<uint32_t, const std::string*>> m_owners;
    /// Inside endpoints by the NAT and the outside one.
    std::map<std::pair<std::string, Endpoint>, Endpoint> m_mappings;
    std::map<Cookie, std::string> m_initiators;
    std::vector<BranchesRecord> m_branches;
    Duration m_internetDelay{};
    /// What events may add to delays; nothing if none changes any.
    std::optional<Duration> m_laterDelay;
};

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_RECORDER_NODES_H
