// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-nat-recorder.h"

#include <algorithm>

namespace ns3
{
namespace ipsec
{

NatRecorder::NatRecorder(const ScenarioNat& nat, const NatSettings& settings, RecorderNodes& nodes)
    : m_box(nat.box)
    , m_nodes(nodes)
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
NatRecorder::Dropped(Ptr<const Packet> /* packet */, NatFault fault)
{
    m_record.drops[NatFaultName(fault)]++;
}

void
NatRecorder::Lost(Ptr<const Packet> /* packet */)
{
    m_record.lostPackets++;
}

void
NatRecorder::Unsent(Ptr<const Packet> /* packet */)
{
    m_record.unsentPackets++;
}

} // namespace ipsec
} // namespace ns3
