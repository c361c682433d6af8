// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-scenario-attacker.h"

#include "ns3/ipsec-conversions.h"

#include <algorithm>

namespace ns3
{
namespace ipsec
{

namespace
{

/// Returns the tunnel of an SA, which its receiver knows by its SPI.
std::string
TunnelOf(const AttackedSa& attacked, const std::vector<NodeRecord>& nodes)
{
    for (const NodeRecord& node : nodes)
    {
        for (const IpsecSaRecord& record : node.ipsecSas)
        {
            const IpsecSa& sa = record.sa;
            const bool isInbound = sa.direction == SaDirection::Inbound;
            const IpAddress receiver = (isInbound ? sa.local : sa.remote).address;
            if (sa.spi == attacked.spi && sa.protocol == attacked.protocol &&
                receiver == attacked.destination)
            {
                return record.tunnel;
            }
        }
    }
    return "";
}

} // namespace

/// One attacker.
class ScenarioAttackers::Listener
{
  public:
    Listener(const AttackerSettings& settings,
             const ScenarioGateway& watched,
             const ScenarioGateway& robbed)
        : m_settings(settings)
    {
        watched.outside->TraceConnectWithoutContext("PromiscSniffer",
                                                    MakeCallback(&Listener::Sniff, this));
        robbed.daemon->TraceConnectWithoutContext("IkeSaUp", MakeCallback(&Listener::Up, this));
    }

    AttackRecord
    Record(const std::vector<NodeRecord>& nodes) const
    {
        AttackRecord record;
        record.name = m_settings.name;
        record.watches = m_settings.watches;
        record.stealsFrom = m_settings.stealsFrom;
        record.capturedPackets = m_attacker.CapturedPackets();
        for (const AttackedSa& attacked : m_attacker.Attack())
        {
            record.sas.push_back({TunnelOf(attacked, nodes), attacked});
        }
        return record;
    }

  private:
    void
    Sniff(Ptr<const Packet> packet)
    {
        m_attacker.Capture(ToOctets(*packet));
    }

    void
    Up(const IkeSaInfo& info)
    {
        m_attacker.Steal({info.initiatorCookie,
                          info.responderCookie,
                          info.proposal.hash,
                          info.proposal.cipher,
                          info.skeyidD,
                          info.encryptionKey});
    }

    AttackerSettings m_settings;
    IpsecAttacker m_attacker;
};

ScenarioAttackers::ScenarioAttackers(const Scenario& scenario, const ScenarioNetwork& network)
{
    const auto find = [&](const std::string& name) -> const ScenarioGateway&
    {
        return *std::find_if(network.Gateways().begin(),
                             network.Gateways().end(),
                             [&](const ScenarioGateway& gateway) { return gateway.name == name; });
    };
    for (const AttackerSettings& settings : scenario.attackers)
    {
        m_listeners.push_back(std::make_unique<Listener>(
            settings, find(settings.watches), find(settings.stealsFrom)));
    }
}

ScenarioAttackers::~ScenarioAttackers() = default;

std::vector<AttackRecord>
ScenarioAttackers::Records(const std::vector<NodeRecord>& nodes) const
{
    std::vector<AttackRecord> records;
    for (const auto& listener : m_listeners)
    {
        records.push_back(listener->Record(nodes));
    }
    return records;
}

} // namespace ipsec
} // namespace ns3
