// SPDX-License-Identifier: GPL-2.0-only
// How a NatBox is wired and what it is told; its attributes are in nat-box-attributes.cc, what it
// does with packets in nat-box-packets.cc.
#include "nat-box.h"

#include "ipsec-conversions.h"
#include "nat-routing.h"

#include "ns3/node.h"
#include "ns3/simulator.h"

#include <algorithm>
#include <stdexcept>

namespace ns3
{
namespace ipsec
{

NatBox::NatBox() = default;
NatBox::~NatBox() = default;

void
NatBox::DoDispose()
{
    m_event.Cancel();
    m_ipv4 = nullptr;
    m_routing = nullptr;
    m_held.clear();
    Object::DoDispose();
}

// Wiring

void
NatBox::DoInitialize()
{
    if (m_translator)
    {
        // Attributes may have been set since it was installed. Port forwardings stay what they are.
        static_cast<void>(m_translator->Reboot(InstantNow(), ConfigFromAttributes()));
    }
    Object::DoInitialize();
}

void
NatBox::Attach(Ptr<Node> node, uint32_t outside, const std::vector<uint32_t>& inside)
{
    const Ptr<Ipv4L3Protocol> ipv4 = node->GetObject<Ipv4L3Protocol>();
    if (!ipv4 || !ipv4->GetRoutingProtocol())
    {
        throw std::invalid_argument("A NAT needs a node with an IPv4 stack.");
    }
    if (node->GetObject<NatBox>())
    {
        throw std::invalid_argument("The node is a NAT already.");
    }
    for (const uint32_t interface : inside)
    {
        if (interface >= ipv4->GetNInterfaces() || interface == outside)
        {
            throw std::invalid_argument("An inside interface is outside, too, or not there.");
        }
    }
    if (outside >= ipv4->GetNInterfaces())
    {
        throw std::invalid_argument("The outside interface is not there.");
    }
    m_ipv4 = ipv4;
    m_outside = outside;
    m_inside = inside;
    CheckNetworks();
    m_translator.emplace(ConfigFromAttributes());

    node->AggregateObject(this);
    m_routing = CreateObject<NatRouting>();
    m_routing->Wrap(ipv4, this);
    ipv4->TraceConnectWithoutContext("SendOutgoing", MakeCallback(&NatBox::NoteOwn, this));
    NotifyAddresses(outside);
}

void
NatBox::CheckNetworks() const
{
    const auto networks = [this](uint32_t interface)
    {
        std::vector<Prefix> found;
        for (uint32_t i = 0; i < m_ipv4->GetNAddresses(interface); ++i)
        {
            const Ipv4InterfaceAddress own = m_ipv4->GetAddress(interface, i);
            found.push_back(ToPrefix(own.GetLocal(), own.GetMask()));
        }
        return found;
    };
    for (uint32_t interface = 0; interface < m_ipv4->GetNInterfaces(); ++interface)
    {
        if (SideOf(interface) != Side::Inside)
        {
            continue;
        }
        for (const Prefix& inner : networks(interface))
        {
            for (const Prefix& outer : networks(m_outside))
            {
                if (inner.Contains(outer) || outer.Contains(inner))
                {
                    throw std::invalid_argument("The network " + inner.ToString() +
                                                " is both inside and outside the NAT.");
                }
            }
        }
    }
}

int64_t
NatBox::AssignStreams(int64_t stream)
{
    m_random.SetStream(stream);
    return 1;
}

void
NatBox::NotifyAddresses(uint32_t interface)
{
    if (interface != m_outside || !m_translator)
    {
        return;
    }
    std::vector<IpAddress> addresses;
    for (uint32_t i = 0; i < m_ipv4->GetNAddresses(m_outside); ++i)
    {
        const IpAddress own = ToCore(m_ipv4->GetAddress(m_outside, i).GetLocal());
        // A DHCP client has 0.0.0.0 until it is given an address.
        if (!own.IsAny())
        {
            addresses.push_back(own);
        }
    }
    Report(m_translator->Table().SetOutside(InstantNow(), addresses));
    Reschedule();
}

// What the box is told

void
NatBox::AddPortForward(NatProtocol protocol,
                       uint16_t outsidePort,
                       Ipv4Address inside,
                       uint16_t insidePort)
{
    const NatForward forward{protocol, outsidePort, Endpoint{ToCore(inside), insidePort}};
    Report(m_translator->Table().AddForward(InstantNow(), forward));
}

bool
NatBox::RemovePortForward(NatProtocol protocol, uint16_t outsidePort)
{
    NatEvents events;
    const bool wasThere = m_translator->Table().RemoveForward(protocol, outsidePort, events);
    Report(events);
    return wasThere;
}

void
NatBox::ReservePort(NatProtocol protocol, uint16_t port)
{
    m_translator->Table().Reserve(protocol, port);
}

void
NatBox::Reboot(Time downFor)
{
    m_downUntil = Simulator::Now() + downFor;
    const NatOutcome outcome = m_translator->Reboot(InstantNow(), ConfigFromAttributes());
    DropLost(outcome);
    Report(outcome.events);
    Reschedule();
}

// What there is

std::vector<NatMapping>
NatBox::Mappings() const
{
    return m_translator->Table().Mappings();
}

size_t
NatBox::MappingCount() const
{
    return m_translator->Table().MappingCount();
}

size_t
NatBox::SessionCount() const
{
    return m_translator->Table().SessionCount();
}

uint64_t
NatBox::TranslatedPackets() const
{
    return m_translated;
}

std::map<NatFault, uint64_t>
NatBox::Drops() const
{
    std::map<NatFault, uint64_t> drops;
    for (size_t i = 0; i < m_drops.size(); ++i)
    {
        if (m_drops[i] > 0)
        {
            drops.emplace(static_cast<NatFault>(i), m_drops[i]);
        }
    }
    return drops;
}

uint64_t
NatBox::Drops(NatFault fault) const
{
    return m_drops[static_cast<size_t>(fault)];
}

bool
NatBox::IsDown() const
{
    return Simulator::Now() < m_downUntil;
}

NatBox::Side
NatBox::SideOf(uint32_t interface) const
{
    if (interface == m_outside)
    {
        return Side::Outside;
    }
    // Interface 0 is the loopback.
    const bool isInside =
        m_inside.empty() ? interface != 0
                         : std::find(m_inside.begin(), m_inside.end(), interface) != m_inside.end();
    return isInside ? Side::Inside : Side::Neither;
}

bool
NatBox::IsOutsideAddress(Ipv4Address address) const
{
    return m_translator->Table().IsOutside(ToCore(address));
}

// Time

void
NatBox::Report(const NatEvents& events)
{
    for (const NatEvent& event : events)
    {
        if (event.kind == NatEvent::Kind::Created)
        {
            m_createdTrace(event.mapping);
        }
        else
        {
            m_expiredTrace(event.mapping, event.end);
        }
    }
}

void
NatBox::HandleDeadline()
{
    m_eventAt.reset();
    const NatOutcome outcome = m_translator->Expire(InstantNow());
    DropLost(outcome);
    Report(outcome.events);
    Reschedule();
}

void
NatBox::Reschedule()
{
    const std::optional<Instant> next = m_translator->NextDeadline();
    if (next == m_eventAt)
    {
        return;
    }
    m_event.Cancel();
    m_eventAt = next;
    if (next)
    {
        m_event =
            Simulator::Schedule(ToTime(*next) - Simulator::Now(), &NatBox::HandleDeadline, this);
    }
}

} // namespace ipsec
} // namespace ns3
