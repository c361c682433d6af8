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

#include <map>
#include <optional>
#include <tuple>

namespace ns3
{
namespace ipsec
{

/// Counts what a gateway sends to the internet in clear although a rule of it, in its order, wants
/// it protected.
class ClearWatch
{
  public:
    /// @param gateway outlives this.
    explicit ClearWatch(const ScenarioGateway& gateway);

    /// Takes note of a packet that leaves for the internet; returns its flow if it is of what
    /// tunnels are made of.
    std::optional<FlowKey> See(OctetView packet);

    /// Returns how many packets there were.
    uint64_t
    ClearPackets() const
    {
        return m_clearPackets;
    }

  private:
    const Spd& m_policies;
    Ptr<Ipv4> m_ipv4;
    uint32_t m_outside = 0;
    uint64_t m_clearPackets = 0;
};

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
        return m_clear.ClearPackets();
    }

    /// Returns how many packets of ESP or AH left with a sequence number that is not above the last
    /// one of their SA.
    uint64_t
    RepeatedSequences() const
    {
        return m_repeatedSequences;
    }

  private:
    void SeeOutside(Ptr<const Packet> packet);
    void SeeLeaving(Ptr<const Packet> packet);
    void SeeTunnel(Ptr<const Packet> packet);

    /// Watches the sequence numbers of what a tunnel sends.
    void SeeSequence(const FlowKey& flow, OctetView packet);

    ClearWatch m_clear;
    SessionTable m_sessions;
    uint64_t m_repeatedSequences = 0;
    /// Last sequence number by destination, protocol and SPI.
    std::map<std::tuple<IpAddress, uint8_t, uint32_t>, uint32_t> m_sequences;
};

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_SCENARIO_WIRE_H
