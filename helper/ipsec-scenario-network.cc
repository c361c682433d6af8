// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-scenario-network.h"

#include "ipsec-helper.h"
#include "ipsec-scenario-addresses.h"
#include "ipsec-scenario-link.h"
#include "nat-helper.h"

#include "ns3/boolean.h"
#include "ns3/data-rate.h"
#include "ns3/double.h"
#include "ns3/ipsec-conversions.h"
#include "ns3/ipsec-overlay-device.h"
#include "ns3/ipv4-routing-table-entry.h"
#include "ns3/ipv4-static-routing-helper.h"
#include "ns3/names.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

#include <algorithm>

namespace ns3
{
namespace ipsec
{

namespace
{

/// Random streams for each node: more than any of them uses, so that one kind of random events does
/// not move the streams of the next node.
constexpr int64_t STREAMS_PER_NODE = 100;
/// Streams of each stack that nobody uses: global routing had one, and no other stream moves.
constexpr int64_t ROUTING_STREAMS = 1;
constexpr char HOST_MASK[] = "255.255.255.255";

/// Puts rules, routes and manual keys of a scenario in the place of what the engine alone would
/// have.
void
ApplyPlan(const ScenarioGateway& gateway, const GatewaySettings& settings)
{
    gateway.dataPlane->Policies() = gateway.plan.policies;
    const Ptr<Ipv4> ipv4 = gateway.node->GetObject<Ipv4>();
    const auto tunnel =
        static_cast<uint32_t>(ipv4->GetInterfaceForDevice(IpsecHelper::GetDevice(gateway.node)));
    for (const Prefix& to : gateway.plan.routes)
    {
        Ipv4StaticRoutingHelper().GetStaticRouting(ipv4)->AddNetworkRouteTo(
            ToNs3(to.address), MaskOf(to), tunnel);
    }
    if (!gateway.plan.manualSas.empty())
    {
        DynamicCast<IpsecPolicyRouting>(ipv4->GetRoutingProtocol())
            ->AddTunnelEnd(ToNs3(settings.address));
    }
    for (const IpsecSa& sa : gateway.plan.manualSas)
    {
        gateway.dataPlane->InstallSa(sa);
    }
}

/// Tells whether anybody may send TCP to a branch: a [traffic], or somebody outside the simulation.
bool
HasTcp(const Scenario& scenario)
{
    return !scenario.internet.tap.empty() ||
           std::any_of(scenario.traffic.begin(),
                       scenario.traffic.end(),
                       [](const TrafficSettings& one)
                       { return one.kind == TrafficKind::Tcp || one.kind == TrafficKind::Iperf3; });
}

} // namespace

ScenarioNetwork::ScenarioNetwork(const Scenario& scenario, NodeStack ofBranches)
{
    const bool hasTcp = HasTcp(scenario);
    for (const GatewaySettings& gateway : scenario.gateways)
    {
        const Ptr<Node> node = AddNode(gateway.name);
        if (gateway.branches.empty() || ofBranches == NodeStack::Whole)
        {
            InstallStack(node);
            continue;
        }
        InstallLeanStack(node);
        if (hasTcp)
        {
            InstallTcp(node);
        }
    }
    for (const HostSettings& host : scenario.hosts)
    {
        InstallStack(AddNode(host.name));
    }
    for (const NatSettings& nat : scenario.nats)
    {
        InstallStack(AddNode(nat.name));
    }
    std::map<std::string, std::vector<const HostSettings*>> hosts;
    for (const HostSettings& host : scenario.hosts)
    {
        hosts[host.behind].push_back(&host);
    }
    for (const GatewaySettings& gateway : scenario.gateways)
    {
        if (!gateway.isClient)
        {
            BuildLan(gateway, hosts[gateway.name]);
        }
    }
    BuildInternet(scenario);
    InstallIpsec(scenario);
    BuildOverlays(scenario);
    AssignStreams();
}

const std::vector<ScenarioGateway>&
ScenarioNetwork::Gateways() const
{
    return m_gateways;
}

const std::vector<ScenarioNat>&
ScenarioNetwork::Nats() const
{
    return m_nats;
}

Ptr<Node>
ScenarioNetwork::NodeOf(const std::string& name) const
{
    return m_nodes.at(name);
}

void
ScenarioNetwork::EnablePcap(const std::string& folder) const
{
    for (const ScenarioAttachment& attachment : m_attachments)
    {
        IpsecCloudHelper().EnablePcap(
            folder + "/" + attachment.name + ".pcap", attachment.device, false, true);
    }
}

Ptr<Node>
ScenarioNetwork::AddNode(const std::string& name)
{
    Ptr<Node> node = CreateObject<Node>();
    Names::Add(name, node);
    m_nodes[name] = node;
    return node;
}

void
ScenarioNetwork::BuildLan(const GatewaySettings& gateway,
                          const std::vector<const HostSettings*>& hosts)
{
    const Ipv4Mask mask = MaskOf(gateway.lan);
    Ptr<Node> node = m_nodes.at(gateway.name);
    if (hosts.empty() && !gateway.branches.empty())
    {
        // Nobody is there: one channel without networks, where whatever is sent is lost, does for
        // all.
        RemoveDefaultRoute(node, m_emptyLans.Attach(node, ToNs3(gateway.LanAddress()), mask));
        m_emptyLans.GetChannel()->RemoveNetwork(ToNs3(gateway.LanAddress()), Ipv4Mask::GetOnes());
        return;
    }
    IpsecCloudHelper lan;
    lan.SetChannelAttribute("Delay", TimeValue(Time(LAN_DELAY)));
    Ptr<IpsecCloudChannel> channel = lan.CreateChannel();
    Ptr<IpsecCloudNetDevice> inside = lan.Attach(node, ToNs3(gateway.LanAddress()), mask);
    RemoveDefaultRoute(node, inside);
    AddAttachment(gateway, "-lan", inside);
    // Whatever is not of this LAN goes to its gateway.
    channel->AddNetwork(Ipv4Address::GetAny(), Ipv4Mask::GetZero(), inside);
    for (const HostSettings* host : hosts)
    {
        m_attachments.push_back(
            {host->name, lan.Attach(m_nodes.at(host->name), ToNs3(host->address), mask)});
    }
}

void
ScenarioNetwork::AddAttachment(const GatewaySettings& gateway,
                               const std::string& suffix,
                               Ptr<IpsecCloudNetDevice> device)
{
    // A file for each of thousands of branches would be of no use; the hub's has all of them.
    if (gateway.branches.empty())
    {
        m_attachments.push_back({gateway.name + suffix, device});
    }
}

void
ScenarioNetwork::BuildInternet(const Scenario& scenario)
{
    m_networks[""].mask = Ipv4Mask(HOST_MASK);
    IpsecCloudHelper& internet = m_networks[""].cloud;
    internet.SetChannelAttribute("Delay", TimeValue(ToTime(scenario.internet.link.delay)));
    m_networks[""].channel = internet.CreateChannel();
    for (const NatSettings& nat : scenario.nats)
    {
        BuildNat(scenario, nat);
    }
    BuildAccess(scenario.internet);
    for (const GatewaySettings& gateway : scenario.gateways)
    {
        AttachOutside(gateway);
    }
    AttachHosts(scenario);
    AddForwards(scenario);
    if (!scenario.internet.tap.empty())
    {
        const Prefix network = TapNetwork(scenario.internet);
        ApplyLink([&](const char* name, const AttributeValue& value)
                  { internet.SetDeviceAttribute(name, value); },
                  LinkSettings{});
        m_nodes["tap-router"] = internet.AttachTap(scenario.internet.tap,
                                                   ToNs3(TAP_ROUTER_ADDRESS),
                                                   Ipv4Mask(HOST_MASK),
                                                   ToNs3(scenario.internet.tapAddress),
                                                   MaskOf(network));
    }
}

Ptr<IpsecCloudNetDevice>
ScenarioNetwork::Attach(const std::string& network,
                        const std::string& name,
                        IpAddress address,
                        const LinkSettings& link)
{
    Network& to = m_networks.at(network);
    ApplyLink([&](const char* name, const AttributeValue& value)
              { to.cloud.SetDeviceAttribute(name, value); },
              link);
    Ptr<IpsecCloudNetDevice> outside = to.cloud.Attach(m_nodes.at(name), ToNs3(address), to.mask);
    outside->SetMtu(static_cast<uint16_t>(link.mtu));
    m_outside[name] = outside;
    return outside;
}

void
ScenarioNetwork::AttachOutside(const GatewaySettings& gateway)
{
    const Ptr<IpsecCloudNetDevice> outside =
        gateway.dialUp->isDhcp
            ? JoinByDhcp(gateway)
            : Attach(gateway.behind, gateway.name, gateway.address, gateway.link);
    if (!gateway.defaultRoute)
    {
        RemoveDefaultRoute(m_nodes.at(gateway.name), outside);
    }
    AddAttachment(gateway, "-internet", outside);
    if (gateway.publicLan)
    {
        m_networks.at(gateway.behind)
            .cloud.GetChannel()
            ->AddNetwork(ToNs3(gateway.lan.address), MaskOf(gateway.lan), outside);
    }
}

void
ScenarioNetwork::AttachHosts(const Scenario& scenario)
{
    for (const HostSettings& host : scenario.hosts)
    {
        if (scenario.FindNat(host.behind))
        {
            m_attachments.push_back(
                {host.name, Attach(host.behind, host.name, host.address, LinkSettings{})});
        }
    }
}

void
ScenarioNetwork::BuildOverlays(const Scenario& scenario)
{
    for (const OverlaySettings& overlay : scenario.overlays)
    {
        for (size_t i = 0; i < overlay.between.size(); i++)
        {
            const GatewaySettings& own = *scenario.FindGateway(overlay.between[i]);
            const GatewaySettings& other = *scenario.FindGateway(overlay.between[1 - i]);
            const Ptr<Node> node = m_nodes.at(own.name);
            const Ptr<Ipv4> ipv4 = node->GetObject<Ipv4>();
            const Ptr<IpsecOverlayDevice> device = CreateObject<IpsecOverlayDevice>();
            node->AddDevice(device);
            const uint32_t interface = ipv4->AddInterface(device);
            ipv4->AddAddress(interface,
                             Ipv4InterfaceAddress(ToNs3(own.LanAddress()), Ipv4Mask::GetOnes()));
            ipv4->SetUp(interface);
            device->Join(overlay.kind == OverlayKind::Gre ? OverlayFraming::Gre
                                                          : OverlayFraming::L2tp,
                         ToNs3(own.address),
                         ToNs3(other.address));
            Ipv4StaticRoutingHelper().GetStaticRouting(ipv4)->AddNetworkRouteTo(
                ToNs3(other.lan.address), MaskOf(other.lan), interface);
        }
    }
}

namespace
{

/// Lets messages be described that a report shows one by one: both ends are shown.
void
DescribeShown(const ScenarioGateway& gateway, const Scenario& scenario)
{
    if (!scenario.IsShown(gateway.name))
    {
        return;
    }
    DescribedPeers peers;
    for (const TunnelEnd& at : scenario.TunnelsAt(gateway.name))
    {
        const auto child = gateway.plan.children.find(at.tunnel->name);
        if (child == gateway.plan.children.end())
        {
            continue;
        }
        const PeerId peer = child->second.peer;
        if (at.tunnel->IsExternal())
        {
            // Nobody else tells what it sends.
            peers.to.insert(peer);
            peers.from.insert(peer);
        }
        else if (scenario.IsShown(at.tunnel->ends[1 - at.end].gateway))
        {
            peers.to.insert(peer);
        }
    }
    gateway.daemon->DescribeMessages(peers);
}

} // namespace

void
ScenarioNetwork::InstallIpsec(const Scenario& scenario)
{
    m_gateways.reserve(scenario.gateways.size());
    for (const GatewaySettings& settings : scenario.gateways)
    {
        ScenarioGateway gateway;
        gateway.name = settings.name;
        gateway.plan = PlanGateway(scenario, settings);
        gateway.node = m_nodes.at(settings.name);
        gateway.outside = m_outside.at(settings.name);
        if (settings.dialUp->isDialUp)
        {
            InstallClient(
                gateway, settings, scenario.TunnelsAt(settings.name).front().tunnel->startAt);
        }
        else
        {
            IpsecHelper helper;
            SetUpIpsec(helper, settings);
            gateway.daemon = helper.Install(gateway.node, gateway.plan.engine);
        }
        gateway.dataPlane = IpsecHelper::GetDataPlane(gateway.node);
        gateway.cpu = IpsecHelper::GetCpu(gateway.node);
        ApplyPlan(gateway, settings);
        DescribeShown(gateway, scenario);
        m_gateways.push_back(std::move(gateway));
    }
    m_outside.clear();
}

void
ScenarioNetwork::SetUpIpsec(IpsecHelper& helper, const GatewaySettings& settings)
{
    if (settings.tunnelMtu)
    {
        helper.SetDeviceAttribute("Mtu", UintegerValue(*settings.tunnelMtu));
    }
    helper.SetDataPlaneAttribute("StageLimit", UintegerValue(settings.stagedPackets));
    helper.SetCpuProfile(settings.cpuProfile);
}

void
ScenarioNetwork::AssignStreams()
{
    int64_t stream = 0;
    for (const auto& [name, node] : m_nodes)
    {
        const NodeContainer one(node);
        int64_t used = ROUTING_STREAMS + AssignStackStreams(node, stream + ROUTING_STREAMS);
        NetDeviceContainer devices;
        for (uint32_t i = 0; i < node->GetNDevices(); i++)
        {
            devices.Add(node->GetDevice(i));
        }
        used += IpsecCloudHelper::AssignStreams(devices, stream + used);
        if (DialUpHelper::GetClient(node))
        {
            used += DialUpHelper::AssignStreams(one, stream + used);
        }
        else if (IpsecHelper::GetDaemon(node))
        {
            used += IpsecHelper::AssignStreams(one, stream + used);
        }
        used += NatHelper::AssignStreams(one, stream + used);
        NS_ASSERT(used <= STREAMS_PER_NODE);
        stream += STREAMS_PER_NODE;
    }
}

} // namespace ipsec
} // namespace ns3
