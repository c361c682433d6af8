// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * The traffic of many branches without a host or an application for each.
 */
#ifndef IPSEC_BRANCH_TRAFFIC_H
#define IPSEC_BRANCH_TRAFFIC_H

#include "ipsec-run-record.h"
#include "ipsec-scenario-network.h"
#include "ipsec-scenario.h"

#include "ns3/ipv4-header.h"
#include "ns3/ipv4-l3-protocol.h"
#include "ns3/random-variable-stream.h"
#include "ns3/socket.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace ns3
{
namespace ipsec
{

/**
 * What the gateways of one [branches] send: each of them from its own address in its LAN to one
 * host in the hub's LAN.
 */
class BranchTraffic
{
  public:
    /// @param number tells this [branches] from the others of the scenario.
    BranchTraffic(const BranchesSettings& settings,
                  const Scenario& scenario,
                  const ScenarioNetwork& network,
                  uint16_t number);
    ~BranchTraffic();
    BranchTraffic(const BranchTraffic&) = delete;
    BranchTraffic& operator=(const BranchTraffic&) = delete;

    /// Returns the sums over all branches.
    const TrafficRecord&
    Record() const
    {
        return m_record;
    }

  private:
    /// A request on its way.
    struct Waiting
    {
        uint16_t sequence = 0;
        Instant sentAt{};
    };

    struct Branch
    {
        Ptr<Ipv4L3Protocol> ip;
        /// Its own address in its LAN; of a client, the one that it has or was assigned, if any.
        std::optional<Ipv4Address> address;
        /// Of a client that dials up; else null.
        Ptr<DialUpClient> client;
        uint32_t node = 0;
        uint16_t sequence = 0;
        /// Oldest first.
        std::vector<Waiting> waiting;
    };

    void AddBranch(const GatewaySettings& gateway, bool isAssigned, Ptr<Node> node);
    /// Takes the address that a client was assigned.
    void Assign(size_t place, const AddressAssigned& assigned);
    /// Returns the address that a branch sends from now; nothing if it has none, or its user is
    /// away.
    static std::optional<Ipv4Address> Source(Branch& branch);
    void Listen(Ptr<Node> host);
    void Send(size_t place);
    void SendPacket(Branch& branch, uint32_t size);
    Ptr<Packet> Request(Branch& branch, uint32_t size);
    Ptr<Packet> Datagram(const Branch& branch, uint32_t size) const;
    /// Takes a packet that reached a branch.
    void Deliver(const Ipv4Header& ip, Ptr<const Packet> packet, uint32_t interface);
    void NoteAnswer(Branch& branch, uint16_t sequence, uint32_t size);
    void HandleRead(Ptr<Socket> socket);
    Duration DrawInterval() const;

    BranchTrafficSettings m_settings;
    uint16_t m_identifier = 0;
    uint16_t m_port = 0;
    Ipv4Address m_to;
    Duration m_stop{};
    Ptr<UniformRandomVariable> m_random;
    Callback<void, const Ipv4Header&, Ptr<const Packet>, uint32_t> m_deliver;
    Ptr<Socket> m_socket;
    std::vector<Branch> m_branches;
    TrafficRecord m_record;
};

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_BRANCH_TRAFFIC_H
