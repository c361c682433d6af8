// SPDX-License-Identifier: GPL-2.0-only
// The SAs of IpsecDataPlane and their ends; its packets are in ipsec-data-plane.cc.
#include "ipsec-conversions.h"
#include "ipsec-data-plane.h"

#include "ns3/ipsec-transform.h"
#include "ns3/log.h"
#include "ns3/simulator.h"

#include <algorithm>

namespace ns3
{
namespace ipsec
{

NS_LOG_COMPONENT_DEFINE("IpsecDataPlaneSas");

void
IpsecDataPlane::InstallSa(const IpsecSa& sa)
{
    NS_LOG_FUNCTION(this << sa.spi);
    ProcessorReport report;
    const std::vector<ProtectVerdict> verdicts =
        m_processor->InstallSa(InstantNow(), sa, m_random, report);
    if (sa.direction == SaDirection::Outbound)
    {
        // Before what waited leaves, which may not fit.
        LearnShape(sa);
    }
    std::vector<HeldVerdict> released;
    for (const ProtectVerdict& verdict : verdicts)
    {
        const auto* sealed = std::get_if<Sealed>(&verdict);
        const auto* discarded = std::get_if<Discarded>(&verdict);
        const bool isReleased = sealed != nullptr || discarded != nullptr;
        released.emplace_back(
            verdict,
            isReleased ? Release(sealed != nullptr ? sealed->ticket : discarded->ticket) : nullptr);
    }
    if (IsFree() || released.empty())
    {
        ApplyHeld(released, report);
        return;
    }
    // They were sealed already: before all that waits for the processor, so that sequence numbers
    // leave in order.
    m_cpu->SubmitFirst(CpuLane::Outbound,
                       [this, released, report]() {
                           return CpuOutcome{report.work, [this, released, report]() {
                                                 ApplyHeld(released, report);
                                             }};
                       });
}

void
IpsecDataPlane::ApplyHeld(const std::vector<HeldVerdict>& verdicts, const ProcessorReport& report)
{
    for (const auto& [verdict, packet] : verdicts)
    {
        if (const auto* discarded = std::get_if<Discarded>(&verdict))
        {
            DropPacket(packet, discarded->fault);
        }
        else if (packet)
        {
            Apply(verdict, packet);
        }
    }
    // First what ended, then what needs another SA: see Settle().
    HandleReport(report);
    for (const auto& [verdict, packet] : verdicts)
    {
        if (const auto* staged = std::get_if<Staged>(&verdict))
        {
            HandleStaged(*staged);
        }
    }
}

bool
IpsecDataPlane::RemoveSa(const SaKey& key)
{
    NS_LOG_FUNCTION(this << key.spi);
    const SaEntry* entry = m_processor->Associations().Find(key);
    if (entry == nullptr)
    {
        return false;
    }
    const ChildId child = entry->sa.child;
    m_processor->RemoveSa(key);
    ForgetShape(child);
    Reschedule();
    return true;
}

void
IpsecDataPlane::MovePeer(const SaKey& key, const Endpoint& remote)
{
    NS_LOG_FUNCTION(this << key.spi << remote.ToString());
    m_processor->MovePeer(key, remote);
    const SaEntry* entry = m_processor->Associations().Find(key);
    const TunnelShape* known = entry != nullptr ? m_sizes.FindShape(entry->sa.child) : nullptr;
    if (known != nullptr)
    {
        TunnelShape shape = *known;
        shape.remote = remote.address;
        m_sizes.SetShape(entry->sa.child, shape);
    }
}

void
IpsecDataPlane::AbandonStaged(ChildId child, Fault reason)
{
    for (const Discarded& lost : m_processor->AbandonStaged(child, reason))
    {
        DropPacket(Release(lost.ticket), lost.fault);
    }
}

void
IpsecDataPlane::Crash(const std::set<ChildId>& derived)
{
    NS_LOG_FUNCTION(this);
    Spd kept;
    for (const Policy& policy : m_processor->Policies().Policies())
    {
        if (policy.action != PolicyAction::Protect || derived.count(policy.child) == 0)
        {
            kept.Add(policy);
        }
    }
    m_processor.emplace(m_stageLimit);
    m_processor->Policies() = std::move(kept);
    const std::map<Ticket, Held> held = std::move(m_held);
    m_held.clear();
    m_waiting.clear();
    m_sizes.ForgetPaths();
    m_isDown = true;
    Reschedule();
    for (const auto& [ticket, lost] : held)
    {
        DropPacket(lost.packet, Fault::NodeDown);
    }
}

void
IpsecDataPlane::Boot()
{
    m_isDown = false;
}

bool
IpsecDataPlane::IsDown() const
{
    return m_isDown;
}

void
IpsecDataPlane::HandleReport(const ProcessorReport& report)
{
    for (const SaExpiry& expiry : report.expiries)
    {
        ForgetShape(expiry.child);
    }
    if (m_keyManager != nullptr)
    {
        for (const SaExpiry& expiry : report.expiries)
        {
            m_keyManager->NotifyExpiry(expiry);
        }
        if (!report.work.Items().empty())
        {
            m_keyManager->NotifyWork(report.work);
        }
    }
    Reschedule();
}

void
IpsecDataPlane::HandleTimeout()
{
    m_armed.reset();
    HandleReport(m_processor->HandleTimeout(InstantNow()));
}

void
IpsecDataPlane::Reschedule()
{
    const std::optional<Instant> deadline = m_processor->NextDeadline();
    if (deadline == m_armed)
    {
        return;
    }
    m_event.Cancel();
    m_armed = deadline;
    if (deadline)
    {
        const Time delay = std::max(ToTime(*deadline) - Simulator::Now(), Time(0));
        m_event = Simulator::Schedule(delay, &IpsecDataPlane::HandleTimeout, this);
    }
}

void
IpsecDataPlane::ReportUnknownSpi(const ArrivedPacket& arrived, const Endpoint& local)
{
    const Result<SaPacketName> name = ReadPacketName(arrived.protocol, arrived.payload);
    // What is unknown inside of a known SA is a bundle that came apart, and no SPI to speak of.
    if (m_keyManager != nullptr && name &&
        !m_processor->Associations().Find(
            SaKey{SaDirection::Inbound, arrived.protocol, name->spi, {}}))
    {
        m_keyManager->NotifyUnknownSpi({local, arrived.source, arrived.protocol, name->spi});
    }
}

} // namespace ipsec
} // namespace ns3
