// SPDX-License-Identifier: GPL-2.0-only
// What arrives at IpsecDataPlane protected; what leaves is in ipsec-data-plane.cc.
#include "ipsec-conversions.h"
#include "ipsec-data-plane.h"
#include "ipsec-net-device.h"

#include "ns3/esp-header.h"
#include "ns3/log.h"

#include <array>
#include <memory>
#include <utility>

namespace ns3
{
namespace ipsec
{

NS_LOG_COMPONENT_DEFINE("IpsecDataPlaneArrivals");

namespace
{

/// Writes the fields of a header that arrived, of a packet put together: what AH covers, and what
/// transport mode puts back. The checksum is not among them.
std::array<uint8_t, OUTER_HEADER_OCTETS>
ToOctets(const Ipv4Header& header)
{
    OuterHeader fields;
    fields.typeOfService = header.GetTos();
    fields.identification = header.GetIdentification();
    fields.dontFragment = header.IsDontFragment();
    fields.timeToLive = header.GetTtl();
    fields.protocol = header.GetProtocol();
    fields.source = ToCore(header.GetSource());
    fields.destination = ToCore(header.GetDestination());
    return fields.Write(header.GetPayloadSize());
}

} // namespace

void
IpsecDataPlane::Unprotect(Ptr<const Packet> packet, const Ipv4Header& header)
{
    NS_LOG_FUNCTION(this << packet << header);
    Open(packet,
         [this, packet, header](ProcessorReport& report)
         {
             const auto headerOctets = ToOctets(header);
             ArrivedPacket arrived;
             arrived.protocol =
                 header.GetProtocol() == IP_PROTOCOL_AH ? ProtocolId::Ah : ProtocolId::Esp;
             arrived.source = {ToCore(header.GetSource()), 0};
             arrived.ipHeader = headerOctets;
             arrived.typeOfService = header.GetTos();
             arrived.payload = BorrowOctets(*packet);
             return Judge(arrived, {ToCore(header.GetDestination()), 0}, report);
         });
}

void
IpsecDataPlane::UnprotectFromUdp(Ptr<const Packet> esp,
                                 const Endpoint& local,
                                 const Endpoint& source,
                                 uint8_t typeOfService)
{
    NS_LOG_FUNCTION(this << esp << source.ToString());
    Open(esp,
         [this, esp, local, source, typeOfService](ProcessorReport& report)
         {
             ArrivedPacket arrived;
             arrived.source = source;
             arrived.typeOfService = typeOfService;
             arrived.payload = BorrowOctets(*esp);
             return Judge(arrived, local, report);
         });
}

UnprotectVerdict
IpsecDataPlane::Judge(const ArrivedPacket& arrived, const Endpoint& local, ProcessorReport& report)
{
    UnprotectVerdict verdict = m_processor->Unprotect(InstantNow(), arrived, report);
    const auto* discarded = std::get_if<Discarded>(&verdict);
    if (discarded && discarded->fault == Fault::NoSuchSa)
    {
        // The last that looks at the borrowed octets: an answer to the peer may borrow them.
        ReportUnknownSpi(arrived, local);
    }
    return verdict;
}

template <typename Verdict>
void
IpsecDataPlane::Open(Ptr<const Packet> packet, Verdict decide)
{
    if (IsFree())
    {
        ProcessorReport report;
        UnprotectVerdict verdict = decide(report);
        SettleOpened(verdict, report, packet);
        return;
    }
    const auto job = [this, packet, decide]()
    {
        const auto report = std::make_shared<ProcessorReport>();
        const auto verdict = std::make_shared<UnprotectVerdict>(decide(*report));
        return CpuOutcome{report->work, [this, verdict, report, packet]() {
                              SettleOpened(*verdict, *report, packet);
                          }};
    };
    if (!m_cpu->Submit(CpuLane::Inbound, CpuAdmission::MayDrop, job))
    {
        DropPacket(packet, Fault::CpuOverload);
    }
}

void
IpsecDataPlane::SettleOpened(UnprotectVerdict& verdict,
                             const ProcessorReport& report,
                             Ptr<const Packet> packet)
{
    if (const auto* discarded = std::get_if<Discarded>(&verdict))
    {
        DropPacket(packet, discarded->fault);
    }
    else
    {
        auto& opened = std::get<Opened>(verdict);
        DeliverOpened(opened, packet);
        m_processor->Reuse(std::move(opened.packet));
    }
    HandleReport(report);
}

void
IpsecDataPlane::DeliverOpened(const Opened& opened, Ptr<const Packet> esp)
{
    const Ptr<Packet> inner = ToPacketLike(*esp, opened.packet);
    if (m_keyManager != nullptr && opened.movedFrom)
    {
        m_keyManager->NotifyPeerMoved(opened.sa, *opened.movedFrom);
    }
    m_unprotected++;
    m_unprotectTrace(inner, opened.sa);
    if (m_device)
    {
        m_device->Receive(inner);
    }
}

} // namespace ipsec
} // namespace ns3
