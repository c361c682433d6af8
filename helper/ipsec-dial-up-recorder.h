// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Listens to the clients of a run that dial up: where they are, and whether they are connected.
 */
#ifndef IPSEC_DIAL_UP_RECORDER_H
#define IPSEC_DIAL_UP_RECORDER_H

#include "ipsec-dial-up-record.h"
#include "ipsec-recorder-nodes.h"
#include "ipsec-scenario-network.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace ns3
{
namespace ipsec
{

/// Numbers of a client, or of all of one [clients NAME], at an instant.
struct DialUpCount
{
    std::string name;
    /// Clients that have their tunnel, and that have none although somebody wants it.
    uint64_t connected = 0;
    uint64_t waiting = 0;
    /// So far.
    uint64_t connections = 0;
    uint64_t failures = 0;
};

/// Records clients that dial up, and tells others where they are.
class DialUpRecorder
{
  public:
    /// @param order counts everything that is recorded
    DialUpRecorder(const Scenario& scenario,
                   const ScenarioNetwork& network,
                   RecorderNodes& nodes,
                   uint64_t& order);
    DialUpRecorder(const DialUpRecorder&) = delete;
    DialUpRecorder& operator=(const DialUpRecorder&) = delete;

    /// Returns the numbers of now: of Scenario::DialUpNames(), in that order, then of those of a
    /// [clients] that are shown one by one.
    const std::vector<DialUpCount>&
    Counts() const
    {
        return m_counts;
    }

    /// Returns what they did so far, in the same order.
    std::vector<DialUpRecord> Records() const;
    /// Gives away where a client was; to be called once, at the end.
    std::vector<PlaceRecord> TakePlaces(const std::string& client);

  private:
    struct Client
    {
        const ScenarioGateway* gateway = nullptr;
        /// Positions in m_counts and m_records.
        std::vector<size_t> rows;
        bool isConnected = false;
        bool isWaiting = false;
        bool hadAddress = false;
        /// Since when somebody wants the tunnel, it is lost, or it is there.
        Instant wantedAt{};
        std::optional<Instant> lostAt;
        Instant connectedAt{};
    };

    void AddRow(const std::string& name, uint64_t clients);
    void AddClient(const Scenario& scenario, const ScenarioGateway& gateway);
    void HandleState(size_t place, DialUpState from, DialUpState to);
    void HandleFailure(size_t place, Fault reason);
    void HandleAddress(size_t place, Ipv4Address from, Ipv4Address to);
    void NoteDown(Client& client, bool isWanted);
    void NoteUp(Client& client);

    const Scenario& m_scenario;
    const ScenarioNetwork& m_network;
    RecorderNodes& m_nodes;
    uint64_t& m_order;
    std::map<std::string, size_t> m_rowByName;
    std::vector<Client> m_clients;
    std::vector<DialUpCount> m_counts;
    std::vector<DialUpRecord> m_records;
    std::map<std::string, std::vector<PlaceRecord>> m_places;
};

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_DIAL_UP_RECORDER_H
