// SPDX-License-Identifier: GPL-2.0-only
// The NATs of ScenarioNetwork; the rest of it is in ipsec-scenario-network.cc.
#include "ipsec-node-stack.h"
#include "ipsec-scenario-network.h"
#include "nat-helper.h"

#include "ns3/boolean.h"
#include "ns3/ipsec-conversions.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

namespace ns3
{
namespace ipsec
{

namespace
{

/// Makes NATs behave as a configuration says.
NatHelper
MakeNatHelper(const NatConfig& config)
{
    NatHelper helper;
    const auto setTime = [&](const char* name, Duration value)
    { helper.SetAttribute(name, TimeValue(ToTime(value))); };
    helper.SetAttribute("MappingBehaviour", StringValue(NatWord(config.mapping)));
    helper.SetAttribute("FilteringBehaviour", StringValue(NatWord(config.filtering)));
    helper.SetAttribute("PortChoice", StringValue(NatWord(config.portChoice)));
    helper.SetAttribute("KeepParity", BooleanValue(config.keepsParity));
    helper.SetAttribute("KeepPortClass", BooleanValue(config.keepsPortClass));
    helper.SetAttribute("FirstPort", UintegerValue(config.firstPort));
    helper.SetAttribute("LastPort", UintegerValue(config.lastPort));
    helper.SetAttribute("Hairpinning", BooleanValue(config.hairpins));
    helper.SetAttribute("EspPassThrough", StringValue(NatWord(config.esp)));
    helper.SetAttribute("IkePassThrough", StringValue(NatWord(config.ike)));
    helper.SetAttribute("RefreshOutbound", BooleanValue(config.refreshesOutbound));
    helper.SetAttribute("RefreshInbound", BooleanValue(config.refreshesInbound));
    setTime("UdpTimeout", config.udpTimeout);
    setTime("TcpEstablishedTimeout", config.tcpEstablishedTimeout);
    setTime("TcpTransitoryTimeout", config.tcpTransitoryTimeout);
    setTime("IcmpTimeout", config.icmpTimeout);
    setTime("EspTimeout", config.espTimeout);
    helper.SetAttribute("MaxMappings", UintegerValue(config.maxMappings));
    helper.SetAttribute("MaxPerHost", UintegerValue(config.maxPerHost));
    return helper;
}

} // namespace

void
ScenarioNetwork::BuildNat(const Scenario& scenario, const NatSettings& nat)
{
    if (m_networks.count(nat.name) > 0)
    {
        return;
    }
    if (m_networks.count(nat.behind) == 0)
    {
        BuildNat(scenario, *scenario.FindNat(nat.behind));
    }
    ScenarioNat built;
    built.name = nat.name;
    built.node = m_nodes.at(nat.name);
    built.outside = Attach(nat.behind, nat.name, nat.address, nat.link);

    Network& inside = m_networks[nat.name];
    inside.mask = MaskOf(nat.lan);
    inside.cloud.SetChannelAttribute("Delay", TimeValue(Time(LAN_DELAY)));
    inside.cloud.SetChannelAttribute("Broadcast", BooleanValue(nat.dhcp.has_value()));
    const Ptr<IpsecCloudChannel> channel = inside.cloud.CreateChannel();
    inside.channel = channel;
    const Ptr<IpsecCloudNetDevice> own =
        inside.cloud.Attach(built.node, ToNs3(nat.LanAddress()), inside.mask);
    built.inside = own;
    RemoveDefaultRoute(built.node, own);
    // Whatever is not of this LAN goes to its NAT.
    channel->AddNetwork(Ipv4Address::GetAny(), Ipv4Mask::GetZero(), own);
    if (nat.dhcp)
    {
        ServeDhcp(built.node, channel, *nat.dhcp, nat.dhcpLease);
    }
    if (nat.copyOf.empty())
    {
        m_attachments.push_back({nat.name + "-internet", built.outside});
        m_attachments.push_back({nat.name + "-lan", own});
    }
    built.box = MakeNatHelper(nat.config).Install(built.node, built.outside);
    m_nats.push_back(built);
}

void
ScenarioNetwork::AddForwards(const Scenario& scenario) const
{
    const auto addressOf = [&](const std::string& name)
    {
        if (const HostSettings* host = scenario.FindHost(name))
        {
            return host->address;
        }
        const GatewaySettings* gateway = scenario.FindGateway(name);
        return gateway ? gateway->address : scenario.FindNat(name)->address;
    };
    for (const ScenarioNat& nat : m_nats)
    {
        for (const NatForwardSettings& forward : scenario.FindNat(nat.name)->forwards)
        {
            nat.box->AddPortForward(
                forward.protocol, forward.port, ToNs3(addressOf(forward.to)), forward.insidePort);
        }
    }
}

} // namespace ipsec
} // namespace ns3
