// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-dial-up-recorder.h"

#include "ns3/ipsec-conversions.h"

#include <algorithm>

namespace ns3
{
namespace ipsec
{

namespace
{

/// Tells whether somebody wants the tunnel.
bool
IsWanted(DialUpState state)
{
    return state != DialUpState::Off && state != DialUpState::Refused;
}

} // namespace

void
WaitSums::Add(Duration wait)
{
    count++;
    sum += wait;
    AddUnfinished(wait);
}

void
WaitSums::AddUnfinished(Duration wait)
{
    longest = std::max(longest, wait);
}

Duration
WaitSums::Mean() const
{
    return count == 0 ? Duration::zero() : sum / static_cast<Duration::rep>(count);
}

DialUpRecorder::DialUpRecorder(const Scenario& scenario,
                               const ScenarioNetwork& network,
                               RecorderNodes& nodes,
                               uint64_t& order)
    : m_scenario(scenario)
    , m_network(network)
    , m_nodes(nodes)
    , m_order(order)
{
    for (const std::string& name : scenario.DialUpNames())
    {
        const BranchesSettings* clients = scenario.FindBranches(name);
        AddRow(name, scenario.FindGateway(name) ? 1 : clients->count);
    }
    for (const ScenarioGateway& gateway : network.Gateways())
    {
        if (gateway.client)
        {
            AddClient(scenario, gateway);
        }
    }
}

void
DialUpRecorder::AddRow(const std::string& name, uint64_t clients)
{
    m_rowByName[name] = m_counts.size();
    DialUpCount count;
    count.name = name;
    m_counts.push_back(count);
    DialUpRecord record;
    record.name = name;
    record.clients = clients;
    m_records.push_back(record);
}

void
DialUpRecorder::AddClient(const Scenario& scenario, const ScenarioGateway& gateway)
{
    const std::string& group = scenario.FindGateway(gateway.name)->branches;
    Client client;
    client.gateway = &gateway;
    if (!group.empty())
    {
        client.rows.push_back(m_rowByName.at(group));
    }
    if (scenario.IsShown(gateway.name) && m_rowByName.count(gateway.name) == 0)
    {
        AddRow(gateway.name, 1);
    }
    if (m_rowByName.count(gateway.name) > 0)
    {
        client.rows.push_back(m_rowByName.at(gateway.name));
    }
    const size_t place = m_clients.size();
    using Self = DialUpRecorder;
    gateway.client->TraceConnectWithoutContext("State",
                                               MakeCallback(&Self::HandleState, this).Bind(place));
    gateway.client->TraceConnectWithoutContext(
        "AttemptFailed", MakeCallback(&Self::HandleFailure, this).Bind(place));
    gateway.client->TraceConnectWithoutContext(
        "Address", MakeCallback(&Self::HandleAddress, this).Bind(place));
    m_clients.push_back(client);
}

void
DialUpRecorder::HandleState(size_t place, DialUpState from, DialUpState to)
{
    Client& client = m_clients[place];
    if (!IsWanted(from) && IsWanted(to))
    {
        client.wantedAt = InstantNow();
        for (const size_t row : client.rows)
        {
            m_records[row].arrivals++;
        }
    }
    if (from == DialUpState::Connected)
    {
        NoteDown(client, IsWanted(to));
    }
    if (to == DialUpState::Connected)
    {
        NoteUp(client);
    }
    if (!IsWanted(to) && (client.lostAt || client.isWaiting))
    {
        // Nobody waits any longer, but somebody did.
        for (const size_t row : client.rows)
        {
            DialUpRecord& record = m_records[row];
            (client.lostAt ? record.gaps : record.waits)
                .AddUnfinished(InstantNow() - client.lostAt.value_or(client.wantedAt));
        }
        client.lostAt.reset();
    }
    client.isConnected = to == DialUpState::Connected;
    const bool isWaiting = IsWanted(to) && !client.isConnected;
    for (const size_t row : client.rows)
    {
        m_counts[row].waiting += isWaiting ? 1 : 0;
        m_counts[row].waiting -= client.isWaiting ? 1 : 0;
    }
    client.isWaiting = isWaiting;
}

void
DialUpRecorder::NoteDown(Client& client, bool isWanted)
{
    if (isWanted)
    {
        client.lostAt = InstantNow();
    }
    for (const size_t row : client.rows)
    {
        m_counts[row].connected--;
        m_records[row].connectedTime += InstantNow() - client.connectedAt;
    }
}

void
DialUpRecorder::NoteUp(Client& client)
{
    const Instant now = InstantNow();
    client.connectedAt = now;
    for (const size_t row : client.rows)
    {
        DialUpRecord& record = m_records[row];
        WaitSums& sums = client.lostAt ? record.gaps : record.waits;
        sums.Add(now - client.lostAt.value_or(client.wantedAt));
        m_counts[row].connected++;
        m_counts[row].connections++;
        record.mostConnected = std::max(record.mostConnected, m_counts[row].connected);
    }
    client.lostAt.reset();
}

void
DialUpRecorder::HandleFailure(size_t place, Fault /* reason */)
{
    for (const size_t row : m_clients[place].rows)
    {
        m_counts[row].failures++;
    }
}

void
DialUpRecorder::HandleAddress(size_t place, Ipv4Address /* from */, Ipv4Address to)
{
    const ScenarioGateway& gateway = *m_clients[place].gateway;
    const std::string network = m_network.NetworkOf(gateway);
    if (to == Ipv4Address::GetAny())
    {
        return;
    }
    m_nodes.NotePlace(gateway.name, network, ToCore(to));
    for (const size_t row : m_clients[place].rows)
    {
        m_records[row].addressChanges += m_clients[place].hadAddress ? 1 : 0;
    }
    m_clients[place].hadAddress = true;
    if (m_nodes.IsHidden(gateway.name))
    {
        return;
    }
    PlaceRecord record;
    record.at = InstantNow();
    record.address = ToCore(to);
    record.order = m_order++;
    for (const NatSettings* nat : NatsAbove(m_scenario, network))
    {
        record.nats.push_back(nat->name);
    }
    m_places[gateway.name].push_back(record);
}

std::vector<DialUpRecord>
DialUpRecorder::Records() const
{
    std::vector<DialUpRecord> records = m_records;
    const Instant now = InstantNow();
    for (const Client& client : m_clients)
    {
        const DialUpCounters& counters = client.gateway->client->GetCounters();
        const bool hasNoAddress =
            client.gateway->client->GetState() == DialUpState::WaitsForAddress;
        for (const size_t row : client.rows)
        {
            DialUpRecord& record = records[row];
            record.attempts += counters.attempts;
            record.connections += counters.connections;
            record.failures += counters.failures;
            record.abandoned += counters.abandoned;
            record.withoutAddress += hasNoAddress ? 1 : 0;
            record.losses += counters.losses;
            for (const auto& [reason, count] : counters.failuresByReason)
            {
                record.failuresByReason[reason] += count;
            }
            if (client.isConnected)
            {
                record.connected++;
                record.connectedTime += now - client.connectedAt;
            }
            else if (client.isWaiting)
            {
                WaitSums& sums = client.lostAt ? record.gaps : record.waits;
                sums.AddUnfinished(now - client.lostAt.value_or(client.wantedAt));
            }
        }
    }
    return records;
}

std::vector<PlaceRecord>
DialUpRecorder::TakePlaces(const std::string& client)
{
    return std::move(m_places[client]);
}

} // namespace ipsec
} // namespace ns3
