// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-scenario-recorder.h"

#include "ipsec-message-recorder.h"
#include "ipsec-recorder-peers.h"
#include "ipsec-scenario-cpu.h"
#include "ipsec-scenario-wire.h"

#include "ns3/ipsec-conversions.h"

#include <algorithm>
#include <map>
#include <unordered_map>
#include <utility>

namespace ns3
{
namespace ipsec
{

/// Records one gateway that reports show.
class ScenarioRecorder::GatewayRecorder
{
  public:
    GatewayRecorder(const ScenarioGateway& gateway,
                    const Scenario& scenario,
                    RecorderNodes& nodes,
                    RecorderSums& sums)
        : m_nodes(nodes)
        , m_peers(gateway, scenario, nodes)
        , m_messages(gateway, m_peers, nodes, sums)
        , m_order(sums.order)
        , m_tracker(sums.tracker)
        , m_plane(gateway.dataPlane)
        , m_cpu(gateway.cpu)
        , m_wire(gateway)
    {
        const GatewaySettings& settings = *scenario.FindGateway(gateway.name);
        m_record.name = gateway.name;
        m_record.address = settings.address;
        m_record.lan = settings.lan;
        for (const NatSettings* nat : NatsAbove(scenario, settings.behind))
        {
            m_record.nats.push_back(nat->name);
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
        daemon->TraceConnectWithoutContext("PeerMoved", MakeCallback(&Self::Moved, this));
        daemon->TraceConnectWithoutContext("KeepAlive", MakeCallback(&Self::KeptAlive, this));
        Ptr<IpsecDataPlane> plane = gateway.dataPlane;
        plane->TraceConnectWithoutContext("Protect", MakeCallback(&Self::Protect, this));
        plane->TraceConnectWithoutContext("Unprotect", MakeCallback(&Self::Unprotect, this));
        plane->TraceConnectWithoutContext("Drop", MakeCallback(&Self::DropPacket, this));
        Ptr<IpsecCloudNetDevice> outside = gateway.outside;
        outside->TraceConnectWithoutContext("PhyTxDrop", MakeCallback(&Self::Lost, this));
        outside->TraceConnectWithoutContext("MacTxDrop", MakeCallback(&Self::Unsent, this));
    }

    /// Tells whether messages with a peer are not kept: it is not shown.
    bool
    IsCountedOnly(const std::string& other) const
    {
        return m_nodes.IsHidden(other);
    }

    void
    State(const StateChanged& change)
    {
        const std::string peer = m_peers.PeerName(change.peer);
        if (!IsCountedOnly(peer))
        {
            m_record.states.push_back(
                {InstantNow(), peer, change.messageId, change.from, change.to});
        }
    }

    void
    Up(const IkeSaInfo& info)
    {
        IkeSaRecord record;
        m_peers.Meet(info.peer, m_peers.OtherEnd(info.remote, info.initiatorCookie));
        record.peer = m_peers.PeerName(info.peer);
        record.info = info;
        record.order = m_order++;
        m_livingIkeSas[{info.initiatorCookie, info.responderCookie}] = m_record.ikeSas.size();
        m_record.ikeSas.push_back(std::move(record));
    }

    void
    Down(const IkeSaDown& down)
    {
        if (!down.wasEstablished)
        {
            m_record.failures.push_back({InstantNow(),
                                         m_peers.PeerName(down.peer),
                                         "",
                                         down.reason,
                                         down.notify,
                                         m_order++});
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
        record.peer = sa.child.peer == MANUAL_PEER ? m_peers.NameAt(sa.remote)
                                                   : m_peers.PeerName(sa.child.peer);
        record.tunnel = m_peers.TunnelName(sa.child);
        record.role = m_messages.LastQuickMode();
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
                                     m_peers.PeerName(failed.child.peer),
                                     m_peers.TunnelName(failed.child),
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
            {InstantNow(), m_peers.PeerName(assigned.peer), assigned.address, m_order++});
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
        CountDrop(dropped.fault, m_peers.NameAt(dropped.remote), dropped.notify);
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
    Moved(const PeerMoved& moved)
    {
        const std::string peer = m_peers.PeerName(moved.child.peer);
        m_record.moves.push_back({InstantNow(), peer, moved.remote, m_order++});
    }

    void
    KeptAlive(const KeepAlive& keepAlive)
    {
        m_record.keepAlives++;
        const std::string peer = m_peers.PeerName(keepAlive.peer);
        std::vector<KeepAliveRecord>& peers = m_record.peerKeepAlives;
        const auto [place, isFirst] = m_keepAlives.emplace(peer, peers.size());
        if (isFirst)
        {
            peers.push_back({InstantNow(), peer, 0, m_order++});
        }
        peers[place->second].count++;
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
    RecorderNodes& m_nodes;
    RecorderPeers m_peers;
    MessageRecorder m_messages;
    uint64_t& m_order;
    TunnelTracker& m_tracker;
    /// Position in NodeRecord::ikeSas of each IKE SA that is there, by its cookies.
    std::map<std::pair<Cookie, Cookie>, size_t> m_livingIkeSas;
    /// Position in NodeRecord::ipsecSas of each SA that is there.
    std::unordered_map<SaKey, size_t, SaKeyHash> m_living;
    /// Position in NodeRecord::peerKeepAlives of each peer.
    std::map<std::string, size_t> m_keepAlives;
    Ptr<IpsecDataPlane> m_plane;
    Ptr<CryptoCpu> m_cpu;
    GatewayWire m_wire;
};

namespace
{

/// Says where a node was; the last place counts.
void
SetPlaces(NodeRecord& node, std::vector<PlaceRecord> places)
{
    if (!places.empty())
    {
        node.address = places.back().address;
        node.lan = Prefix::Host(node.address);
        node.nats = places.back().nats;
        node.places = std::move(places);
    }
}

} // namespace

ScenarioRecorder::ScenarioRecorder(const Scenario& scenario, const ScenarioNetwork& network)
    : m_nodes(scenario)
    , m_sums{MessageMatcher{}, 0, TunnelTracker(scenario)}
    , m_dialUps(scenario, network, m_nodes, m_sums.order)
{
    for (const ScenarioNat& nat : network.Nats())
    {
        m_nats.push_back(std::make_unique<NatRecorder>(
            nat, *scenario.FindNat(nat.name), m_nodes, m_sums.matcher));
    }
    for (const ScenarioGateway& gateway : network.Gateways())
    {
        if (m_nodes.IsHidden(gateway.name))
        {
            m_branches.push_back(
                std::make_unique<BranchRecorder>(gateway, scenario, m_nodes, m_sums));
        }
        else
        {
            m_gateways.push_back(
                std::make_unique<GatewayRecorder>(gateway, scenario, m_nodes, m_sums));
        }
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
    for (const auto& branch : m_branches)
    {
        living += branch->LivingSas();
    }
    return living;
}

void
ScenarioRecorder::Finish(RunRecord& record)
{
    for (const auto& gateway : m_gateways)
    {
        NodeRecord node = gateway->Take();
        SetPlaces(node, m_dialUps.TakePlaces(node.name));
        record.nodes.push_back(std::move(node));
    }
    for (const auto& branch : m_branches)
    {
        branch->Finish();
    }
    for (const auto& nat : m_nats)
    {
        record.nats.push_back(nat->Take());
    }
    record.branches = m_nodes.TakeBranches();
    record.dialUps = m_dialUps.Records();
    record.messages = m_sums.matcher.Take(record.end);
    record.hiddenMessages = m_sums.matcher.Counts(record.end);
    record.tunnelCounts = m_sums.tracker.Finish(record.end);
}

} // namespace ipsec
} // namespace ns3
