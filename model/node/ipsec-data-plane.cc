// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-data-plane.h"

#include "ipsec-conversions.h"
#include "ipsec-net-device.h"

#include "ns3/boolean.h"
#include "ns3/esp-header.h"
#include "ns3/ipv4-l3-protocol.h"
#include "ns3/log.h"
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
    m_processor->SetStageLimit(limit);
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
        Decision decision = Decide(packet);
        Settle(decision, packet);
        return;
    }
    const auto job = [this, packet]()
    {
        const auto decision = std::make_shared<Decision>(Decide(packet));
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
IpsecDataPlane::Settle(Decision& decision, Ptr<Packet> packet)
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
    if (auto* sealed = std::get_if<Sealed>(&decision.verdict))
    {
        m_processor->Reuse(std::move(sealed->packet));
    }
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
