// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-scenario-recorder.h"

#include "ipsec-scenario-cpu.h"
#include "ipsec-scenario-wire.h"

#include "ns3/ipsec-conversions.h"

#include <algorithm>
#include <set>

namespace ns3
{
namespace ipsec
{

/// Records one gateway.
class ScenarioRecorder::GatewayRecorder
{
  public:
    GatewayRecorder(const ScenarioGateway& gateway,
                    const Scenario& scenario,
                    const RecorderNodes& nodes,
                    RecorderSums& sums)
        : m_engine(gateway.plan.engine)
        , m_nodes(nodes)
        , m_names(nodes.names)
        , m_matcher(sums.matcher)
        , m_order(sums.order)
        , m_tracker(sums.tracker)
        , m_plane(gateway.dataPlane)
        , m_cpu(gateway.cpu)
        , m_wire(gateway)
    {
        const GatewaySettings& settings = *scenario.FindGateway(gateway.name);
        m_delay = scenario.internet.link.delay + settings.link.delay;
        m_isHidden = nodes.hidden.count(settings.address) > 0;
        m_record.name = gateway.name;
        m_record.address = settings.address;
        m_record.lan = settings.lan;
        for (const auto& [tunnel, end] : scenario.TunnelsAt(gateway.name))
        {
            const ChildId child = gateway.plan.children.at(tunnel->name);
            if (child.peer == MANUAL_PEER)
            {
                m_manualTunnels[child.child] = tunnel->name;
            }
            else if (m_engine.peers[child.peer].isGroup)
            {
                m_clientTunnels[{tunnel->ends[1 - end].gateway, child.child}] = tunnel->name;
            }
        }
        Connect(gateway);
        for (const IpsecSa& sa : gateway.plan.manualSas)
        {
            Installed(sa);
        }
    }

    size_t
    LivingSas() const
    {
        return m_living.size();
    }

    NodeRecord
    Take()
    {
        for (const auto& [key, index] : m_living)
        {
            ReadCounters(key, m_record.ipsecSas[index]);
        }
        if (m_cpu)
        {
            m_record.cpu = RecordCpu(*m_cpu);
        }
        m_record.clearPackets = m_wire.ClearPackets();
        m_record.repeatedSequences = m_wire.RepeatedSequences();
        m_record.sessions = m_wire.Sessions().Sessions();
        return std::move(m_record);
    }

  private:
    void
    Connect(const ScenarioGateway& gateway)
    {
        using Self = GatewayRecorder;
        Ptr<IkeDaemon> daemon = gateway.daemon;
        daemon->TraceConnectWithoutContext("Tx", MakeCallback(&Self::Tx, this));
        daemon->TraceConnectWithoutContext("Rx", MakeCallback(&Self::Rx, this));
        daemon->TraceConnectWithoutContext("State", MakeCallback(&Self::State, this));
        daemon->TraceConnectWithoutContext("IkeSaUp", MakeCallback(&Self::Up, this));
        daemon->TraceConnectWithoutContext("IkeSaDown", MakeCallback(&Self::Down, this));
        daemon->TraceConnectWithoutContext("SaInstalled", MakeCallback(&Self::Installed, this));
        daemon->TraceConnectWithoutContext("SaRemoved", MakeCallback(&Self::Removed, this));
        daemon->TraceConnectWithoutContext("AcquireFailed", MakeCallback(&Self::Failed, this));
        daemon->TraceConnectWithoutContext("UserKnown", MakeCallback(&Self::Known, this));
        daemon->TraceConnectWithoutContext("AddressAssigned", MakeCallback(&Self::Assigned, this));
        daemon->TraceConnectWithoutContext("Drop", MakeCallback(&Self::DropMessage, this));
        daemon->TraceConnectWithoutContext("Work", MakeCallback(&Self::AddWork, this));
        Ptr<IpsecDataPlane> plane = gateway.dataPlane;
        plane->TraceConnectWithoutContext("Protect", MakeCallback(&Self::Protect, this));
        plane->TraceConnectWithoutContext("Unprotect", MakeCallback(&Self::Unprotect, this));
        plane->TraceConnectWithoutContext("Drop", MakeCallback(&Self::DropPacket, this));
        Ptr<IpsecCloudNetDevice> outside = gateway.outside;
        outside->TraceConnectWithoutContext("PhyTxDrop", MakeCallback(&Self::Lost, this));
        outside->TraceConnectWithoutContext("MacTxDrop", MakeCallback(&Self::Unsent, this));
    }

    /// Tells whether a peer has a configuration of its own; a client of a group has not.
    bool
    IsConfigured(PeerId peer) const
    {
        return peer < m_engine.peers.size() && !m_engine.peers[peer].isGroup;
    }

    std::string
    PeerName(PeerId peer) const
    {
        const auto client = m_clients.find(peer);
        if (client != m_clients.end())
        {
            return client->second;
        }
        return peer < m_engine.peers.size() ? m_engine.peers[peer].name
                                            : "peer " + std::to_string(peer);
    }

    /// The same for a peer that was met at an address, by which a client of a group is known.
    std::string
    PeerNameAt(PeerId peer, IpAddress address)
    {
        if (!IsConfigured(peer))
        {
            m_clients[peer] = m_nodes.NameOf(address);
        }
        return PeerName(peer);
    }

    std::string
    TunnelName(ChildId child) const
    {
        if (child.peer == MANUAL_PEER)
        {
            return m_manualTunnels.at(child.child);
        }
        if (!IsConfigured(child.peer))
        {
            const auto found = m_clientTunnels.find({PeerName(child.peer), child.child});
            return found == m_clientTunnels.end() ? "" : found->second;
        }
        const std::vector<ChildConfig>& children = m_engine.peers[child.peer].children;
        return child.child < children.size() ? children[child.child].name : "";
    }

    MessageRecord
    MakeMessage(const MessageSummary& message, const Endpoint& source, const Endpoint& destination)
    {
        MessageRecord record;
        record.source = source;
        record.destination = destination;
        record.from = m_nodes.NameOf(source.address);
        record.to = m_nodes.NameOf(destination.address);
        record.order = m_order++;
        record.summary = message;
        return record;
    }

    void
    Tx(const MessageSummary& message, const Endpoint& local, const Endpoint& remote)
    {
        if (message.exchange == ExchangeType::QuickMode &&
            m_peersQuickModes.count(message.messageId) == 0)
        {
            m_ownQuickModes.insert(message.messageId);
        }
        if (IsCountedOnly(remote))
        {
            m_matcher.CountSent(message, m_record.name);
            return;
        }
        MessageRecord record = MakeMessage(message, local, remote);
        record.toOutside = m_names.count(remote.address) == 0;
        m_matcher.Sent(InstantNow(), record);
    }

    void
    Rx(const MessageSummary& message, const Endpoint& local, const Endpoint& remote)
    {
        if (message.exchange == ExchangeType::QuickMode)
        {
            m_lastQuickMode =
                m_ownQuickModes.count(message.messageId) > 0 ? Role::Initiator : Role::Responder;
            m_peersQuickModes.insert(message.messageId);
        }
        if (IsCountedOnly(remote))
        {
            m_matcher.CountReceived(message, m_nodes.NameOf(remote.address));
            return;
        }
        MessageRecord record = MakeMessage(message, remote, local);
        record.fromOutside = m_names.count(remote.address) == 0;
        m_matcher.Received(InstantNow(), record, LeastTransit(remote.address));
    }

    /// Tells whether messages with a peer are not kept: one of both is not shown.
    bool
    IsCountedOnly(const Endpoint& remote) const
    {
        return m_isHidden || m_nodes.hidden.count(remote.address) > 0;
    }

    /// Returns how long a packet from another gateway takes at least.
    Duration
    LeastTransit(IpAddress from) const
    {
        const auto found = m_nodes.delays.find(from);
        return found == m_nodes.delays.end() ? Duration::zero() : m_delay + found->second;
    }

    void
    State(const StateChanged& change)
    {
        if (m_isHidden)
        {
            return;
        }
        m_record.states.push_back(
            {InstantNow(), PeerName(change.peer), change.messageId, change.from, change.to});
    }

    void
    Up(const IkeSaInfo& info)
    {
        IkeSaRecord record;
        record.peer = PeerNameAt(info.peer, info.remote.address);
        record.info = info;
        record.order = m_order++;
        m_livingIkeSas[{info.initiatorCookie, info.responderCookie}] = m_record.ikeSas.size();
        m_record.ikeSas.push_back(record);
    }

    void
    Down(const IkeSaDown& down)
    {
        if (!down.wasEstablished)
        {
            m_record.failures.push_back(
                {InstantNow(), PeerName(down.peer), "", down.reason, down.notify, m_order++});
            if (!down.encryptionKey.empty())
            {
                m_record.failedIkeKeys.emplace_back(down.initiatorCookie, down.encryptionKey);
            }
            return;
        }
        const auto found = m_livingIkeSas.find({down.initiatorCookie, down.responderCookie});
        if (found != m_livingIkeSas.end())
        {
            IkeSaRecord& sa = m_record.ikeSas[found->second];
            sa.endedAt = InstantNow();
            sa.reason = down.reason;
            sa.endOrder = m_order++;
            m_livingIkeSas.erase(found);
        }
    }

    void
    Installed(const IpsecSa& sa)
    {
        IpsecSaRecord record;
        record.peer = sa.child.peer == MANUAL_PEER ? m_nodes.NameOf(sa.remote.address)
                                                   : PeerNameAt(sa.child.peer, sa.remote.address);
        record.tunnel = TunnelName(sa.child);
        record.role = m_lastQuickMode;
        record.sa = sa;
        record.order = m_order++;
        record.installedAt = InstantNow();
        m_living[sa.Key()] = m_record.ipsecSas.size();
        m_tracker.Installed(InstantNow(), m_record.name, record.tunnel, sa.Key());
        m_record.ipsecSas.push_back(std::move(record));
    }

    void
    Removed(const RemoveSa& removed)
    {
        const auto found = m_living.find(removed.key);
        if (found != m_living.end())
        {
            ReadCounters(removed.key, m_record.ipsecSas[found->second]);
            m_record.ipsecSas[found->second].removedAt = InstantNow();
            m_record.ipsecSas[found->second].reason = removed.reason;
            m_tracker.Removed(
                InstantNow(), m_record.name, m_record.ipsecSas[found->second].tunnel, removed.key);
            m_living.erase(found);
        }
    }

    /// Takes over what the data plane knows of an SA, if it still has it.
    void
    ReadCounters(const SaKey& key, IpsecSaRecord& record) const
    {
        const SaEntry* entry = m_plane->GetProcessor().Associations().Find(key);
        if (entry == nullptr)
        {
            return;
        }
        const bool isInbound = entry->sa.direction == SaDirection::Inbound;
        record.sequence = isInbound ? entry->replay.Highest() : entry->sequence;
        record.replayed = entry->replayed;
        record.failed = entry->failed;
    }

    void
    Failed(const AcquireFailed& failed)
    {
        m_record.failures.push_back({InstantNow(),
                                     PeerName(failed.child.peer),
                                     TunnelName(failed.child),
                                     failed.reason,
                                     failed.notify,
                                     m_order++});
    }

    void
    Known(const UserKnown& known)
    {
        const auto found = m_livingIkeSas.find({known.initiatorCookie, known.responderCookie});
        if (found != m_livingIkeSas.end())
        {
            m_record.ikeSas[found->second].xauthUser = known.user;
        }
    }

    void
    Assigned(const AddressAssigned& assigned)
    {
        if (assigned.to == AssignedTo::Peer)
        {
            return;
        }
        m_record.addresses.push_back(
            {InstantNow(), PeerName(assigned.peer), assigned.address, m_order++});
    }

    void
    CountDrop(Fault fault, const std::string& remote, uint16_t notify)
    {
        m_record.dropCounts[fault]++;
        if (m_record.drops.size() < MAX_DROP_RECORDS)
        {
            m_record.drops.push_back({InstantNow(), fault, remote, notify, m_order++});
        }
    }

    void
    DropMessage(const Dropped& dropped)
    {
        CountDrop(dropped.fault, m_nodes.NameOf(dropped.remote.address), dropped.notify);
    }

    void
    DropPacket(Ptr<const Packet> /* packet */, Fault fault)
    {
        CountDrop(fault, "", 0);
    }

    void
    AddWork(const Work& work)
    {
        m_record.work.Add(work);
    }

    void
    Protect(Ptr<const Packet> inner, const Sealed& sealed)
    {
        Carry({SaDirection::Outbound, sealed.protocol, sealed.spi, sealed.remote.address},
              inner->GetSize());
    }

    void
    Unprotect(Ptr<const Packet> inner, const SaKey& key)
    {
        Carry(key, inner->GetSize());
    }

    /// Adds a packet to the counters of its SA.
    void
    Carry(const SaKey& key, uint32_t octets)
    {
        const auto found = m_living.find(key);
        if (found == m_living.end())
        {
            return;
        }
        IpsecSaRecord& record = m_record.ipsecSas[found->second];
        record.packets++;
        record.octets += octets;
        if (record.sa.bundledSpi != 0 && record.sa.protocol == ProtocolId::Esp)
        {
            // AH around it carries the same packets.
            Carry({key.direction, ProtocolId::Ah, record.sa.bundledSpi, key.remote}, octets);
        }
    }

    void
    Lost(Ptr<const Packet> /* packet */)
    {
        m_record.lostPackets++;
    }

    void
    Unsent(Ptr<const Packet> /* packet */)
    {
        m_record.unsentPackets++;
    }

    NodeRecord m_record;
    /// Of the network, which outlives this.
    const EngineConfig& m_engine;
    const RecorderNodes& m_nodes;
    bool m_isHidden = false;
    /// Of the internet and its own link.
    Duration m_delay{};
    /// Names of tunnels with manual keys.
    std::map<uint32_t, std::string> m_manualTunnels;
    const std::map<IpAddress, std::string>& m_names;
    MessageMatcher& m_matcher;
    uint64_t& m_order;
    TunnelTracker& m_tracker;
    /// Names of the clients of groups, as far as they were met.
    std::map<PeerId, std::string> m_clients;
    /// Names of tunnels by the other end and the child they are.
    std::map<std::pair<std::string, uint32_t>, std::string> m_clientTunnels;
    /// Position in NodeRecord::ikeSas of each IKE SA that is there, by its cookies.
    std::map<std::pair<Cookie, Cookie>, size_t> m_livingIkeSas;
    /// Position in NodeRecord::ipsecSas of each SA that is there.
    std::map<SaKey, size_t> m_living;
    /// Message IDs of quick modes by who sent the first message; an SA is installed when a message
    /// of its quick mode comes in.
    std::set<uint32_t> m_ownQuickModes;
    std::set<uint32_t> m_peersQuickModes;
    Role m_lastQuickMode = Role::Initiator;
    Ptr<IpsecDataPlane> m_plane;
    Ptr<CryptoCpu> m_cpu;
    GatewayWire m_wire;
};

ScenarioRecorder::ScenarioRecorder(const Scenario& scenario, const ScenarioNetwork& network)
    : m_nodes(scenario)
    , m_sums{MessageMatcher{}, 0, TunnelTracker(scenario)}
{
    for (const ScenarioGateway& gateway : network.Gateways())
    {
        m_gateways.push_back(std::make_unique<GatewayRecorder>(gateway, scenario, m_nodes, m_sums));
    }
}

ScenarioRecorder::~ScenarioRecorder() = default;

size_t
ScenarioRecorder::LivingSas() const
{
    size_t living = 0;
    for (const auto& gateway : m_gateways)
    {
        living += gateway->LivingSas();
    }
    return living;
}

void
ScenarioRecorder::Finish(RunRecord& record)
{
    for (const auto& gateway : m_gateways)
    {
        NodeRecord node = gateway->Take();
        const auto hidden = m_nodes.hidden.find(node.address);
        if (hidden == m_nodes.hidden.end())
        {
            record.nodes.push_back(std::move(node));
            continue;
        }
        AddHidden(m_nodes.branches[hidden->second], node);
    }
    record.branches = std::move(m_nodes.branches);
    record.messages = m_sums.matcher.Take();
    record.hiddenMessages = m_sums.matcher.Counts();
    record.tunnelCounts = m_sums.tracker.Finish(record.end);
}

} // namespace ipsec
} // namespace ns3
