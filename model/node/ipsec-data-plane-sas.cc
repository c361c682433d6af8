// SPDX-License-Identifier: GPL-2.0-only
// The SAs of IpsecDataPlane and their ends; its packets are in ipsec-data-plane.cc.
#include "ipsec-conversions.h"
#include "ipsec-data-plane.h"

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
    for (const ProtectVerdict& verdict : verdicts)
    {
        ApplyHeld(verdict);
    }
    // First what ended, then what needs another SA: see Protect().
    HandleReport(report);
    for (const ProtectVerdict& verdict : verdicts)
    {
        if (const auto* staged = std::get_if<Staged>(&verdict))
        {
            HandleStaged(*staged);
        }
    }
}

void
IpsecDataPlane::ApplyHeld(const ProtectVerdict& verdict)
{
    if (const auto* sealed = std::get_if<Sealed>(&verdict))
    {
        Apply(verdict, Release(sealed->ticket));
    }
    else if (const auto* discarded = std::get_if<Discarded>(&verdict))
    {
        DropPacket(Release(discarded->ticket), discarded->fault);
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

} // namespace ipsec
} // namespace ns3
