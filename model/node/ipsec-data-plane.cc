// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-data-plane.h"

#include "ipsec-conversions.h"
#include "ipsec-net-device.h"

#include "ns3/boolean.h"
#include "ns3/esp-header.h"
#include "ns3/ipv4-l3-protocol.h"
#include "ns3/ipv4-route.h"
#include "ns3/log.h"
#include "ns3/node.h"
#include "ns3/socket.h"
#include "ns3/udp-header.h"
#include "ns3/uinteger.h"

#include <memory>
#include <utility>

namespace ns3
{
namespace ipsec
{

NS_LOG_COMPONENT_DEFINE("IpsecDataPlane");
NS_OBJECT_ENSURE_REGISTERED(IpsecDataPlane);

namespace
{

/// Packets that wait on one node at most: two megabytes of memory or so.
constexpr uint32_t DEFAULT_STAGE_TOTAL = 16384;

/// Makes the outer header of a sealed packet that goes without UDP.
Ipv4Header
ToIpv4Header(const OuterHeader& outer, size_t payloadOctets)
{
    Ipv4Header header;
    header.SetTos(outer.typeOfService);
    header.SetIdentification(outer.identification);
    if (outer.dontFragment)
    {
        header.SetDontFragment();
    }
    else
    {
        header.SetMayFragment();
    }
    header.SetTtl(outer.timeToLive);
    header.SetProtocol(outer.protocol);
    header.SetSource(ToNs3(outer.source));
    header.SetDestination(ToNs3(outer.destination));
    header.SetPayloadSize(static_cast<uint16_t>(payloadOctets));
    return header;
}

/// Puts UDP in front of ESP (RFC 3948 section 2.1). The checksum should be zero, but a receiver of
/// ns-3 that checks takes zero for wrong.
void
AddUdpHeader(const Endpoint& local, const Endpoint& remote, Packet& packet)
{
    UdpHeader header;
    header.SetSourcePort(local.port);
    header.SetDestinationPort(remote.port);
    if (Node::ChecksumEnabled())
    {
        header.EnableChecksums();
        header.InitializeChecksum(ToNs3(local.address), ToNs3(remote.address), IP_PROTOCOL_UDP);
    }
    packet.AddHeader(header);
}

} // namespace

TypeId
IpsecDataPlane::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::ipsec::IpsecDataPlane")
            .SetParent<Object>()
            .SetGroupName("Ipsec")
            .AddConstructor<IpsecDataPlane>()
            .AddAttribute("StageTotal",
                          "Packets that wait for SAs of all tunnels together at most; what comes "
                          "then for a tunnel without an SA is lost.",
                          UintegerValue(DEFAULT_STAGE_TOTAL),
                          MakeUintegerAccessor(&IpsecDataPlane::m_stageTotal),
                          MakeUintegerChecker<uint32_t>())
            .AddAttribute("StageLimit",
                          "Packets that wait for one tunnel's SA at most; 0 drops the packet that "
                          "starts a negotiation.",
                          TypeId::ATTR_GET | TypeId::ATTR_CONSTRUCT,
                          UintegerValue(DEFAULT_STAGE_LIMIT),
                          MakeUintegerAccessor(&IpsecDataPlane::SetStageLimit,
                                               &IpsecDataPlane::GetStageLimit),
                          MakeUintegerChecker<uint32_t>())
            .AddAttribute("PathMtuDiscovery",
                          "Whether to believe routers that say that a packet of ESP or AH was too "
                          "big for the path: nothing proves it, but it must name an SA.",
                          BooleanValue(true),
                          MakeBooleanAccessor(&IpsecDataPlane::m_pathMtuDiscovery),
                          MakeBooleanChecker())
            .AddAttribute("PathMtuTimeout",
                          "After this the path to a peer counts as wide again as its link.",
                          TimeValue(Minutes(10)),
                          MakeTimeAccessor(&IpsecDataPlane::m_pathMtuTimeout),
                          MakeTimeChecker(Time(0)))
            .AddTraceSource("Protect",
                            "A packet was sealed and leaves.",
                            MakeTraceSourceAccessor(&IpsecDataPlane::m_protectTrace),
                            "ns3::ipsec::IpsecDataPlane::ProtectTracedCallback")
            .AddTraceSource("Unprotect",
                            "A packet was opened and is delivered.",
                            MakeTraceSourceAccessor(&IpsecDataPlane::m_unprotectTrace),
                            "ns3::ipsec::IpsecDataPlane::UnprotectTracedCallback")
            .AddTraceSource("Bypass",
                            "A packet on the tunnel device left in clear, as policies allow.",
                            MakeTraceSourceAccessor(&IpsecDataPlane::m_bypassTrace),
                            "ns3::ipsec::IpsecDataPlane::BypassTracedCallback")
            .AddTraceSource("Drop",
                            "A packet was lost, and why.",
                            MakeTraceSourceAccessor(&IpsecDataPlane::m_dropTrace),
                            "ns3::ipsec::IpsecDataPlane::DropTracedCallback")
            .AddTraceSource("PathMtu",
                            "A router told that the path to a peer is narrower.",
                            MakeTraceSourceAccessor(&IpsecDataPlane::m_pathMtuTrace),
                            "ns3::ipsec::IpsecDataPlane::PathMtuTracedCallback");
    return tid;
}

IpsecDataPlane::IpsecDataPlane()
    : m_processor(std::in_place, m_stageLimit)
{
}

IpsecDataPlane::~IpsecDataPlane() = default;

void
IpsecDataPlane::DoDispose()
{
    m_event.Cancel();
    m_keyManager = nullptr;
    m_device = nullptr;
    m_outerRouting = nullptr;
    m_cpu = nullptr;
    m_stack = nullptr;
    m_held.clear();
    m_waiting.clear();
    Object::DoDispose();
}

void
IpsecDataPlane::SetKeyManager(IpsecKeyManager* manager)
{
    m_keyManager = manager;
}

void
IpsecDataPlane::SetDevice(Ptr<IpsecNetDevice> device)
{
    m_device = device;
}

void
IpsecDataPlane::SetOuterRouting(Ptr<Ipv4RoutingProtocol> routing)
{
    m_outerRouting = routing;
}

void
IpsecDataPlane::SetCpu(Ptr<CryptoCpu> cpu)
{
    m_cpu = cpu;
}

bool
IpsecDataPlane::IsFree() const
{
    return !m_cpu || m_cpu->IsFree();
}

int64_t
IpsecDataPlane::AssignStreams(int64_t stream)
{
    m_random.SetStream(stream);
    return 1;
}

void
IpsecDataPlane::SetStageLimit(uint32_t limit)
{
    m_stageLimit = limit;
    m_processor.emplace(limit);
}

uint32_t
IpsecDataPlane::GetStageLimit() const
{
    return m_stageLimit;
}

Spd&
IpsecDataPlane::Policies()
{
    return m_processor->Policies();
}

const Processor&
IpsecDataPlane::GetProcessor() const
{
    return *m_processor;
}

// What leaves

void
IpsecDataPlane::ProtectFitting(Ptr<Packet> packet)
{
    if (m_held.size() >= m_stageTotal && RefuseToStage(packet))
    {
        return;
    }
    if (IsFree())
    {
        Settle(Decide(packet), packet);
        return;
    }
    const auto job = [this, packet]()
    {
        const auto decision = std::make_shared<const Decision>(Decide(packet));
        return CpuOutcome{decision->report.work,
                          [this, decision, packet]() { Settle(*decision, packet); }};
    };
    if (!m_cpu->Submit(CpuLane::Outbound, CpuAdmission::MayDrop, job))
    {
        DropPacket(packet, Fault::CpuOverload);
    }
}

IpsecDataPlane::Decision
IpsecDataPlane::Decide(Ptr<Packet> packet)
{
    const OctetView octets = BorrowOctets(*packet);
    const Ticket ticket = m_nextTicket++;
    ProcessorReport report;
    ProtectVerdict verdict = m_processor->Protect(InstantNow(), octets, ticket, m_random, report);
    if (const auto* staged = std::get_if<Staged>(&verdict))
    {
        Hold(ticket, staged->child, packet);
    }
    return {std::move(verdict), std::move(report)};
}

void
IpsecDataPlane::Settle(const Decision& decision, Ptr<Packet> packet)
{
    if (const auto* staged = std::get_if<Staged>(&decision.verdict))
    {
        // First what ended: an SA that the daemon still believes in would keep it from asking for
        // another one.
        HandleReport(decision.report);
        HandleStaged(*staged);
        return;
    }
    Apply(decision.verdict, packet);
    HandleReport(decision.report);
}

bool
IpsecDataPlane::RefuseToStage(Ptr<const Packet> packet)
{
    const std::optional<ChildId> child = ChildOf(packet);
    if (!child || m_processor->EncapsulationOf(*child))
    {
        return false;
    }
    DropPacket(packet, Fault::StagedOverflow);
    // A tunnel must come up although others let so much wait.
    const Result<FlowKey> flow = ParseFlowKey(ToOctets(*packet));
    if (m_keyManager != nullptr && flow && m_waiting.count(*child) == 0)
    {
        m_keyManager->AcquireSa(*child, *flow);
    }
    return true;
}

void
IpsecDataPlane::HandleStaged(const Staged& staged)
{
    if (staged.needsSa)
    {
        Acquire(staged.child);
    }
    // Only now, so that a stage without room still starts the negotiation. What waits may be gone.
    if (staged.overflow && m_held.count(*staged.overflow) > 0)
    {
        DropPacket(Release(*staged.overflow), Fault::StagedOverflow);
    }
}

void
IpsecDataPlane::Acquire(ChildId child)
{
    const auto waiting = m_waiting.find(child);
    if (waiting == m_waiting.end())
    {
        // Dropped meanwhile, because a negotiation failed.
        return;
    }
    if (m_keyManager == nullptr)
    {
        AbandonStaged(child, Fault::StagedAbandoned);
        return;
    }
    const Result<FlowKey> flow =
        ParseFlowKey(ToOctets(*m_held.at(*waiting->second.begin()).packet));
    NS_ASSERT(flow.Ok());
    m_keyManager->AcquireSa(child, *flow);
}

void
IpsecDataPlane::Hold(Ticket ticket, ChildId child, Ptr<Packet> packet)
{
    m_held[ticket] = Held{child, packet};
    m_waiting[child].insert(ticket);
}

Ptr<Packet>
IpsecDataPlane::Release(Ticket ticket)
{
    const auto found = m_held.find(ticket);
    NS_ASSERT(found != m_held.end());
    const Held held = found->second;
    m_held.erase(found);
    const auto waiting = m_waiting.find(held.child);
    waiting->second.erase(ticket);
    if (waiting->second.empty())
    {
        m_waiting.erase(waiting);
    }
    return held.packet;
}

void
IpsecDataPlane::Apply(const ProtectVerdict& verdict, Ptr<Packet> inner)
{
    if (const auto* sealed = std::get_if<Sealed>(&verdict))
    {
        SendSealed(*sealed, inner);
        return;
    }
    const auto* discarded = std::get_if<Discarded>(&verdict);
    if (discarded != nullptr && discarded->fault != Fault::NoPolicy)
    {
        DropPacket(inner, discarded->fault);
        return;
    }
    // Policies that look at ports see locally made packets only here, where the ports are known:
    // IpsecPolicyRouting sent it here because it might have matched.
    SendInClear(inner);
}

void
IpsecDataPlane::SendSealed(const Sealed& sealed, Ptr<Packet> inner)
{
    const uint8_t protocol = sealed.udpEncapsulated ? IP_PROTOCOL_UDP : sealed.header.protocol;
    const Ptr<Ipv4Route> route =
        OuterRoute(ToNs3(sealed.local.address), ToNs3(sealed.remote.address), protocol);
    if (!route || route->GetOutputDevice() == m_device)
    {
        DropPacket(inner, Fault::NoRoute);
        return;
    }
    Ptr<Packet> outer = ToPacketLike(*inner, sealed.packet);
    if (sealed.udpEncapsulated)
    {
        AddUdpHeader(sealed.local, sealed.remote, *outer);
    }
    Ipv4Header header = ToIpv4Header(sealed.header, outer->GetSize());
    header.SetProtocol(protocol);
    const uint16_t mtu =
        m_sizes.PathMtu(InstantNow(), sealed.remote.address, route->GetOutputDevice()->GetMtu());
    const bool isTooBig = outer->GetSize() + header.GetSerializedSize() > mtu;
    if (isTooBig && sealed.header.dontFragment)
    {
        // It waited for its SA, whose overhead nobody knew, or the path became narrower meanwhile.
        RefuseTooBig(inner, m_sizes.LargestPacket(InstantNow(), sealed.child));
        return;
    }
    // First, because a device without delay may bring the answer at once. The route is explicit, so
    // that the packet is not led into the tunnel again.
    m_protected++;
    m_protectTrace(inner, sealed);
    Stack()->SendWithHeader(outer, header, route);
}

void
IpsecDataPlane::SendInClear(Ptr<Packet> packet)
{
    Ipv4Header header;
    packet->PeekHeader(header);
    const Ptr<Ipv4Route> route =
        OuterRoute(header.GetSource(), header.GetDestination(), header.GetProtocol());
    // A route that leads back here was made by the user, who wants no packet to leave in clear.
    if (!route || route->GetOutputDevice() == m_device)
    {
        DropPacket(packet, Fault::NoPolicy);
        return;
    }
    m_bypassed++;
    m_bypassTrace(packet);
    packet->RemoveHeader(header);
    Stack()->SendWithHeader(packet, header, route);
}

Ptr<Ipv4L3Protocol>
IpsecDataPlane::Stack()
{
    if (!m_stack)
    {
        m_stack = GetObject<Ipv4L3Protocol>();
    }
    return m_stack;
}

Ptr<Ipv4Route>
IpsecDataPlane::OuterRoute(Ipv4Address local, Ipv4Address remote, uint8_t protocol) const
{
    Ptr<Ipv4RoutingProtocol> routing = m_outerRouting;
    if (!routing)
    {
        const Ptr<Ipv4> ipv4 = GetObject<Ipv4>();
        routing = ipv4 ? ipv4->GetRoutingProtocol() : nullptr;
    }
    if (!routing)
    {
        return nullptr;
    }
    Ipv4Header header;
    header.SetSource(local);
    header.SetDestination(remote);
    header.SetProtocol(protocol);
    Socket::SocketErrno error = Socket::ERROR_NOTERROR;
    const Ptr<Ipv4Route> route = routing->RouteOutput(nullptr, header, nullptr, error);
    if (!route || route->GetOutputDevice() != m_device)
    {
        return route;
    }
    // A route into the tunnel covers the peer, too (as the one for everything does). What makes the
    // tunnel goes around it, through the link that its own address is at.
    const Ptr<Ipv4> ipv4 = GetObject<Ipv4>();
    const int32_t interface = ipv4->GetInterfaceForAddress(local);
    const Ptr<NetDevice> outside =
        interface < 0 ? nullptr : ipv4->GetNetDevice(static_cast<uint32_t>(interface));
    return outside && outside != m_device ? routing->RouteOutput(nullptr, header, outside, error)
                                          : route;
}

// What is told

void
IpsecDataPlane::DropPacket(Ptr<const Packet> packet, Fault fault)
{
    NS_LOG_FUNCTION(this << packet << FaultName(fault));
    m_drops[fault]++;
    m_dropTrace(packet, fault);
}

const std::map<Fault, uint64_t>&
IpsecDataPlane::Drops() const
{
    return m_drops;
}

uint64_t
IpsecDataPlane::ProtectedPackets() const
{
    return m_protected;
}

uint64_t
IpsecDataPlane::UnprotectedPackets() const
{
    return m_unprotected;
}

uint64_t
IpsecDataPlane::BypassedPackets() const
{
    return m_bypassed;
}

} // namespace ipsec
} // namespace ns3
