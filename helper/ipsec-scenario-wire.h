// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * What passes a gateway of a scenario: its sessions, and what crosses the internet in clear.
 */
#ifndef IPSEC_SCENARIO_WIRE_H
#define IPSEC_SCENARIO_WIRE_H

#include "ipsec-scenario-network.h"
#include "ipsec-session-table.h"

namespace ns3
{
namespace ipsec
{

/// Listens at the link to the internet and at the tunnel device of one gateway.
class GatewayWire
{
  public:
    explicit GatewayWire(const ScenarioGateway& gateway);
    GatewayWire(const GatewayWire&) = delete;
    GatewayWire& operator=(const GatewayWire&) = delete;

    const SessionTable&
    Sessions() const
    {
        return m_sessions;
    }

    /// Returns how many packets left for the internet in clear that a rule of the gateway, in its
    /// order, wants protected.
    uint64_t
    ClearPackets() const
    {
        return m_clearPackets;
    }

  private:
    void SeeOutside(Ptr<const Packet> packet);
    void SeeLeaving(Ptr<const Packet> packet);
    void SeeTunnel(Ptr<const Packet> packet);

    Spd m_policies;
    IpAddress m_address;
    SessionTable m_sessions;
    uint64_t m_clearPackets = 0;
};

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_SCENARIO_WIRE_H
