// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Listens to one NAT of a run and writes its record.
 */
#ifndef IPSEC_NAT_RECORDER_H
#define IPSEC_NAT_RECORDER_H

#include "ipsec-message-matcher.h"
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
    /// @param nodes outlives this, as does matcher.
    NatRecorder(const ScenarioNat& nat,
                const NatSettings& settings,
                RecorderNodes& nodes,
                MessageMatcher& matcher);
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
    /// A packet got lost that came by the network outside.
    void LostArriving(Ptr<const Packet> packet);
    /// A packet got lost in the network behind it.
    void LostInside(Ptr<const Packet> packet);
    /// Says that the IKE message in a packet, if there is one, got lost in a network.
    void LoseMessage(const Packet& packet, const std::string& network);

    Ptr<NatBox> m_box;
    RecorderNodes& m_nodes;
    MessageMatcher& m_matcher;
    NatRecord m_record;
};

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_NAT_RECORDER_H
