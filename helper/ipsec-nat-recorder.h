// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Listens to one NAT of a run and writes its record.
 */
#ifndef IPSEC_NAT_RECORDER_H
#define IPSEC_NAT_RECORDER_H

#include "ipsec-recorder-nodes.h"
#include "ipsec-run-record.h"
#include "ipsec-scenario-network.h"

namespace ns3
{
namespace ipsec
{

/// Records one NAT, and tells who is behind its outside endpoints.
class NatRecorder
{
  public:
    NatRecorder(const ScenarioNat& nat, const NatSettings& settings, RecorderNodes& nodes);
    NatRecorder(const NatRecorder&) = delete;
    NatRecorder& operator=(const NatRecorder&) = delete;

    /// Gives the record away; to be called once, at the end.
    NatRecord Take();

  private:
    void Created(const NatMapping& mapping);
    void Expired(const NatMapping& mapping, NatEnd reason);
    void Dropped(Ptr<const Packet> packet, NatFault fault);
    void Lost(Ptr<const Packet> packet);
    void Unsent(Ptr<const Packet> packet);

    Ptr<NatBox> m_box;
    RecorderNodes& m_nodes;
    NatRecord m_record;
};

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_NAT_RECORDER_H
