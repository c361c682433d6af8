// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-nat-recorder.h"

#include "ipsec-packet-message.h"

#include "ns3/ipsec-conversions.h"

#include <algorithm>
#include <optional>

namespace ns3
{
namespace ipsec
{

NatRecorder::NatRecorder(const ScenarioNat& nat,
                         const NatSettings& settings,
                         RecorderNodes& nodes,
                         MessageMatcher& matcher)
    : m_box(nat.box)
    , m_nodes(nodes)
    , m_matcher(matcher)
{
    m_record.name = settings.name;
    m_record.address = settings.address;
    m_record.lan = settings.lan;
    m_record.behind = settings.behind;
    m_record.copyOf = settings.copyOf;
    m_box->TraceConnectWithoutContext("MappingCreated", MakeCallback(&NatRecorder::Created, this));
    m_box->TraceConnectWithoutContext("MappingExpired", MakeCallback(&NatRecorder::Expired, this));
    m_box->TraceConnectWithoutContext("Drop", MakeCallback(&NatRecorder::Dropped, this));
    nat.outside->TraceConnectWithoutContext("PhyTxDrop", MakeCallback(&NatRecorder::Lost, this));
    nat.outside->TraceConnectWithoutContext("MacTxDrop", MakeCallback(&NatRecorder::Unsent, this));
    nat.outside->TraceConnectWithoutContext("PhyRxDrop",
                                            MakeCallback(&NatRecorder::LostArriving, this));
    nat.inside->TraceConnectWithoutContext("PhyTxDrop",
                                           MakeCallback(&NatRecorder::LostInside, this));
    for (const NatMapping& mapping : m_box->Mappings())
    {
        m_nodes.NoteMapping(m_record.name, mapping);
    }
}

NatRecord
NatRecorder::Take()
{
    m_record.translatedPackets = m_box->TranslatedPackets();
    return std::move(m_record);
}

void
NatRecorder::Created(const NatMapping& mapping)
{
    m_nodes.NoteMapping(m_record.name, mapping);
    if (mapping.isStatic)
    {
        return;
    }
    m_record.created++;
    m_record.mappings++;
    m_record.mostMappings = std::max(m_record.mostMappings, m_record.mappings);
}

void
NatRecorder::Expired(const NatMapping& mapping, NatEnd reason)
{
    if (!mapping.isStatic)
    {
        m_record.ended[NatEndName(reason)]++;
        m_record.mappings--;
    }
}

void
NatRecorder::Dropped(Ptr<const Packet> packet, NatFault fault)
{
    m_record.drops[NatFaultName(fault)]++;
    LoseMessage(*packet, m_record.name);
}

void
NatRecorder::Lost(Ptr<const Packet> packet)
{
    m_record.lostPackets++;
    LoseMessage(*packet, m_record.behind);
}

void
NatRecorder::Unsent(Ptr<const Packet> packet)
{
    m_record.unsentPackets++;
    LoseMessage(*packet, m_record.behind);
}

void
NatRecorder::LostArriving(Ptr<const Packet> packet)
{
    LoseMessage(*packet, m_record.behind);
}

void
NatRecorder::LostInside(Ptr<const Packet> packet)
{
    LoseMessage(*packet, m_record.name);
}

void
NatRecorder::LoseMessage(const Packet& packet, const std::string& network)
{
    const std::optional<PacketMessage> lost = MessageIn(packet);
    if (!lost)
    {
        return;
    }
    const std::string* from =
        m_nodes.FindSender(network, lost->source, lost->summary.initiatorCookie);
    if (from)
    {
        m_matcher.Lost(InstantNow(), MessageContent(lost->summary), *from);
    }
}

} // namespace ipsec
} // namespace ns3
