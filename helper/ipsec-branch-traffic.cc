// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-branch-traffic.h"

#include "ipsec-helper.h"
#include "ipsec-scenario-ping.h"

#include "ns3/esp-header.h"
#include "ns3/icmpv4.h"
#include "ns3/inet-socket-address.h"
#include "ns3/ipsec-conversions.h"
#include "ns3/simulator.h"
#include "ns3/udp-header.h"
#include "ns3/udp-socket-factory.h"

#include <algorithm>

namespace ns3
{
namespace ipsec
{

namespace
{

constexpr uint8_t PROTOCOL_ICMP = 1;
/// Identifier of the first [branches] in pings, far from those of [traffic].
constexpr uint16_t FIRST_IDENTIFIER = 0x8000;
/// Port of the first [branches], likewise.
constexpr uint16_t FIRST_PORT = 40001;
/// Random stream of the first [branches]: behind those of nodes and of start-spread.
constexpr int64_t FIRST_STREAM = 1100000000;
/// Requests of one branch whose answers are waited for; an answer to an older one is not counted.
constexpr size_t MOST_WAITING = 1024;

const HostSettings&
FirstHostBehind(const Scenario& scenario, const std::string& gateway)
{
    return *std::find_if(scenario.hosts.begin(),
                         scenario.hosts.end(),
                         [&](const HostSettings& host) { return host.behind == gateway; });
}

} // namespace

BranchTraffic::BranchTraffic(const BranchesSettings& settings,
                             const Scenario& scenario,
                             const ScenarioNetwork& network,
                             uint16_t number)
    : m_settings(settings.traffic)
    , m_identifier(static_cast<uint16_t>(FIRST_IDENTIFIER + number))
    , m_port(static_cast<uint16_t>(FIRST_PORT + number))
    , m_stop(settings.traffic.stop)
    , m_random(CreateObject<UniformRandomVariable>())
    , m_deliver(MakeCallback(&BranchTraffic::Deliver, this))
{
    const HostSettings& to = FirstHostBehind(scenario, settings.hub);
    m_to = ToNs3(to.address);
    m_random->SetStream(FIRST_STREAM + number);
    m_record.name = settings.name;
    m_record.kind = settings.traffic.kind == BranchTrafficKind::Ping ? "ping" : "udp";
    m_record.from = std::to_string(settings.count) + " " + settings.Kind();
    m_record.to = to.name;
    m_record.toAddress = to.address;
    m_branches.reserve(settings.count);
    for (uint32_t i = 1; i <= settings.count; i++)
    {
        const std::string name = settings.BranchName(i);
        const TunnelSettings* tunnel = scenario.FindTunnel(settings.TunnelName(i, 1));
        AddBranch(
            *scenario.FindGateway(name), tunnel->remoteAccess->modeConfig, network.NodeOf(name));
    }
    if (m_settings.kind == BranchTrafficKind::Udp)
    {
        Listen(network.NodeOf(to.name));
    }
}

BranchTraffic::~BranchTraffic() = default;

void
BranchTraffic::AddBranch(const GatewaySettings& gateway, bool isAssigned, Ptr<Node> node)
{
    const size_t place = m_branches.size();
    Branch branch;
    branch.ip = node->GetObject<Ipv4L3Protocol>();
    branch.client = DialUpHelper::GetClient(node);
    if (branch.client)
    {
        // It says so itself.
    }
    else if (isAssigned)
    {
        IpsecHelper::GetDaemon(node)->TraceConnectWithoutContext(
            "AddressAssigned", MakeCallback(&BranchTraffic::Assign, this).Bind(place));
    }
    else
    {
        branch.address = ToNs3(gateway.isClient ? gateway.address : gateway.LanAddress());
    }
    branch.node = node->GetId();
    if (m_settings.kind == BranchTrafficKind::Ping)
    {
        // The same one for all: a callback takes a quarter of a kilobyte.
        branch.ip->TraceConnectWithoutContext("LocalDeliver", m_deliver);
    }
    const Duration first(static_cast<int64_t>(
        m_random->GetValue(0, static_cast<double>(m_settings.interval.most.count()))));
    Simulator::ScheduleWithContext(
        branch.node, ToTime(m_settings.start + first), &BranchTraffic::Send, this, place);
    m_branches.push_back(std::move(branch));
}

void
BranchTraffic::Assign(size_t place, const AddressAssigned& assigned)
{
    if (assigned.to != AssignedTo::Peer)
    {
        m_branches[place].address = ToNs3(assigned.address);
    }
}

std::optional<Ipv4Address>
BranchTraffic::Source(Branch& branch)
{
    if (!branch.client)
    {
        return branch.address;
    }
    switch (branch.client->GetState())
    {
    case DialUpState::Off:
    case DialUpState::Refused:
        return std::nullopt;
    case DialUpState::Connected:
        break;
    default:
        // Programs do not know that the tunnel is lost.
        return branch.address;
    }
    const std::optional<Ipv4Address> assigned = branch.client->GetAssignedAddress();
    return assigned ? assigned : branch.client->GetLocalAddress();
}

void
BranchTraffic::Listen(Ptr<Node> host)
{
    m_socket = Socket::CreateSocket(host, UdpSocketFactory::GetTypeId());
    m_socket->Bind(InetSocketAddress(Ipv4Address::GetAny(), m_port));
    m_socket->SetRecvCallback(MakeCallback(&BranchTraffic::HandleRead, this));
}

Duration
BranchTraffic::DrawInterval() const
{
    const Spread<Duration>& interval = m_settings.interval;
    return Duration(static_cast<int64_t>(m_random->GetValue(
        static_cast<double>(interval.least.count()), static_cast<double>(interval.most.count()))));
}

void
BranchTraffic::Send(size_t place)
{
    if (InstantNow() >= Instant(m_stop))
    {
        return;
    }
    Branch& branch = m_branches[place];
    const uint32_t size = m_random->GetInteger(m_settings.size.least, m_settings.size.most);
    branch.address = Source(branch);
    if (branch.address)
    {
        SendPacket(branch, size);
    }
    Simulator::Schedule(ToTime(DrawInterval()), &BranchTraffic::Send, this, place);
}

void
BranchTraffic::SendPacket(Branch& branch, uint32_t size)
{
    const bool isPing = m_settings.kind == BranchTrafficKind::Ping;
    m_record.sent++;
    m_record.sentOctets += size;
    branch.ip->Send(isPing ? Request(branch, size) : Datagram(branch, size),
                    *branch.address,
                    m_to,
                    isPing ? PROTOCOL_ICMP : IP_PROTOCOL_UDP,
                    nullptr);
}

Ptr<Packet>
BranchTraffic::Request(Branch& branch, uint32_t size)
{
    branch.sequence++;
    if (branch.waiting.size() == MOST_WAITING)
    {
        branch.waiting.erase(branch.waiting.begin());
    }
    branch.waiting.push_back({branch.sequence, InstantNow()});
    return MakeEchoRequest(m_identifier, branch.sequence, size);
}

Ptr<Packet>
BranchTraffic::Datagram(const Branch& branch, uint32_t size) const
{
    UdpHeader header;
    header.SetSourcePort(m_port);
    header.SetDestinationPort(m_port);
    if (Node::ChecksumEnabled())
    {
        header.EnableChecksums();
        header.InitializeChecksum(*branch.address, m_to, IP_PROTOCOL_UDP);
    }
    Ptr<Packet> packet = Create<Packet>(size);
    packet->AddHeader(header);
    return packet;
}

void
BranchTraffic::Deliver(const Ipv4Header& ip, Ptr<const Packet> packet, uint32_t /* interface */)
{
    Icmpv4Header icmp;
    Icmpv4Echo echo;
    if (ip.GetProtocol() != PROTOCOL_ICMP || ip.GetSource() != m_to ||
        packet->GetSize() < icmp.GetSerializedSize() + echo.GetSerializedSize())
    {
        return;
    }
    Ptr<Packet> message = packet->Copy();
    message->RemoveHeader(icmp);
    if (icmp.GetType() != Icmpv4Header::ICMPV4_ECHO_REPLY)
    {
        return;
    }
    const uint32_t size = message->GetSize() - echo.GetSerializedSize();
    message->RemoveHeader(echo);
    // Nodes have numbers in the order in which they were made, as branches have.
    const uint32_t node = Simulator::GetContext();
    const auto branch =
        std::lower_bound(m_branches.begin(),
                         m_branches.end(),
                         node,
                         [](const Branch& one, uint32_t number) { return one.node < number; });
    if (echo.GetIdentifier() == m_identifier && branch != m_branches.end() && branch->node == node)
    {
        NoteAnswer(*branch, echo.GetSequenceNumber(), size);
    }
}

void
BranchTraffic::NoteAnswer(Branch& branch, uint16_t sequence, uint32_t size)
{
    // Most answers are to one of the last requests.
    const auto found = std::find_if(branch.waiting.rbegin(),
                                    branch.waiting.rend(),
                                    [&](const Waiting& one) { return one.sequence == sequence; });
    if (found == branch.waiting.rend())
    {
        return;
    }
    m_record.received++;
    m_record.receivedOctets += size;
    m_record.roundTrips.Add(InstantNow() - found->sentAt);
    branch.waiting.erase(std::next(found).base());
}

void
BranchTraffic::HandleRead(Ptr<Socket> socket)
{
    while (Ptr<Packet> packet = socket->Recv())
    {
        m_record.received++;
        m_record.receivedOctets += packet->GetSize();
    }
}

} // namespace ipsec
} // namespace ns3
