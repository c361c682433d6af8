// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-helper.h"

#include "ipsec-raw-ip-pcap.h"

#include "ns3/esp-header.h"
#include "ns3/ipsec-conversions.h"
#include "ns3/ipsec-l4-protocol.h"
#include "ns3/ipv4-l3-protocol.h"
#include "ns3/names.h"
#include "ns3/simulator.h"

#include <algorithm>
#include <stdexcept>

namespace ns3
{
namespace ipsec
{

namespace
{

std::string
NameOf(Ptr<Node> node)
{
    const std::string name = Names::FindName(node);
    return name.empty() ? "node" + std::to_string(node->GetId()) : name;
}

bool
IsAmong(const std::vector<IpAddress>& ends, Ipv4Address address)
{
    return std::find(ends.begin(), ends.end(), ToCore(address)) != ends.end();
}

bool
IsInside(const std::vector<Prefix>& networks, Ipv4Address address)
{
    return std::any_of(networks.begin(),
                       networks.end(),
                       [&](const Prefix& network) { return network.Contains(ToCore(address)); });
}

void
AddPolicies(const EngineConfig& config,
            const std::map<ChildId, TunnelPolicy>& tunnels,
            Spd& policies)
{
    for (uint32_t peer = 0; peer < config.peers.size(); ++peer)
    {
        const std::vector<ChildConfig>& children = config.peers[peer].children;
        for (uint32_t i = 0; i < children.size(); ++i)
        {
            const ChildId child{peer, i};
            const auto special = tunnels.find(child);
            const TunnelPolicy usual = special == tunnels.end() ? TunnelPolicy{} : special->second;
            // What is not known yet, the daemon adds.
            const bool isAssigned = children[i].localIsAssigned || children[i].localIsOwn ||
                                    children[i].remoteIsAssigned;
            if (isAssigned || config.peers[peer].isGroup || usual.isRouteBased)
            {
                continue;
            }
            policies.Add(Policy{children[i].proxyId,
                                PolicyAction::Protect,
                                child,
                                PolicyUse::Everywhere,
                                usual.order});
        }
    }
}

/// Returns the proposal of a child that leaves the least room, as if there were a NAT, unless it is
/// known that none matters.
TunnelShape
ExpectedShape(const PeerConfig& peer, const ChildConfig& child, uint16_t linkMtu)
{
    TunnelShape shape;
    shape.rules = child.outerHeader;
    shape.remote = peer.remoteAddress.value_or(IpAddress{});
    shape.linkMtu = linkMtu;
    size_t least = linkMtu;
    for (const Phase2Proposal& proposal : child.proposals)
    {
        const bool mayBeInUdp = peer.natTraversal != NatTraversal::Off && !proposal.ah;
        const Encapsulation encapsulation{child.mode, mayBeInUdp, proposal.esp, proposal.ah};
        const size_t largest = LargestPacketOctets(encapsulation, linkMtu);
        if (largest < least)
        {
            least = largest;
            shape.encapsulation = encapsulation;
        }
    }
    return shape;
}

void
ExpectTunnels(const EngineConfig& config, IpsecDataPlane& dataPlane)
{
    for (uint32_t peer = 0; peer < config.peers.size(); ++peer)
    {
        const PeerConfig& settings = config.peers[peer];
        const uint16_t linkMtu = dataPlane.LinkMtu(
            settings.localAddress, settings.remoteAddress.value_or(settings.localAddress));
        for (uint32_t child = 0; child < settings.children.size(); ++child)
        {
            dataPlane.ExpectTunnel({peer, child},
                                   ExpectedShape(settings, settings.children[child], linkMtu));
        }
    }
}

/**
 * Chooses the address that the tunnel device borrows: one of an inner network, so that packets of
 * the gateway itself that a route leads into the tunnel match the policies; else a tunnel end.
 */
Ipv4Address
BorrowedAddress(Ptr<Ipv4> ipv4,
                const std::vector<IpAddress>& ends,
                const std::vector<Prefix>& inside)
{
    std::optional<Ipv4Address> end;
    for (uint32_t interface = 0; interface < ipv4->GetNInterfaces(); ++interface)
    {
        for (uint32_t i = 0; i < ipv4->GetNAddresses(interface); ++i)
        {
            const Ipv4Address address = ipv4->GetAddress(interface, i).GetLocal();
            if (address.IsLocalhost() || !IsInside(inside, address))
            {
                continue;
            }
            if (!IsAmong(ends, address))
            {
                return address;
            }
            end = end.value_or(address);
        }
    }
    const Ipv4Address first = ends.empty() ? Ipv4Address::GetAny() : ToNs3(ends.front());
    return end.value_or(first);
}

/// Calls the peers whose tunnels are to be up, as soon as a daemon starts.
void
CallKeptUp(Ptr<IkeDaemon> daemon)
{
    TimeValue start;
    daemon->GetAttribute("StartTime", start);
    const Time wait = std::max(start.Get() - Simulator::Now(), Time(0));
    const std::vector<PeerConfig>& peers = daemon->Config().peers;
    for (PeerId peer = 0; peer < peers.size(); ++peer)
    {
        if (peers[peer].keepUp)
        {
            Simulator::Schedule(wait, &IkeDaemon::Initiate, daemon, peer);
        }
    }
}

void
AddTunnelInterface(Ptr<Node> node, Ptr<IpsecNetDevice> device, Ipv4Address borrowed)
{
    node->AddDevice(device);
    const Ptr<Ipv4> ipv4 = node->GetObject<Ipv4>();
    const uint32_t interface = ipv4->AddInterface(device);
    ipv4->AddAddress(interface, Ipv4InterfaceAddress(borrowed, Ipv4Mask::GetOnes()));
    ipv4->SetUp(interface);
}

} // namespace

IpsecHelper::IpsecHelper()
    : m_phase1(ParsePhase1Proposals("standard"))
    , m_phase2(ParsePhase2Proposals("standard"))
{
    m_deviceFactory.SetTypeId(IpsecNetDevice::GetTypeId());
    m_dataPlaneFactory.SetTypeId(IpsecDataPlane::GetTypeId());
    m_daemonFactory.SetTypeId(IkeDaemon::GetTypeId());
}

void
IpsecHelper::SetDeviceAttribute(const std::string& name, const AttributeValue& value)
{
    m_deviceFactory.Set(name, value);
}

void
IpsecHelper::SetDaemonAttribute(const std::string& name, const AttributeValue& value)
{
    m_daemonFactory.Set(name, value);
}

void
IpsecHelper::SetDataPlaneAttribute(const std::string& name, const AttributeValue& value)
{
    m_dataPlaneFactory.Set(name, value);
}

void
IpsecHelper::SetCpuProfile(const CpuProfile& profile)
{
    m_cpuProfile = profile;
}

ApplicationContainer
IpsecHelper::InstallSites()
{
    ApplicationContainer daemons;
    for (const Site& site : m_sites)
    {
        EngineConfig config = site.config;
        config.pools = m_pools;
        const Ptr<IkeDaemon> daemon = Install(site.node, config, site.tunnels);
        if (std::any_of(config.peers.begin(),
                        config.peers.end(),
                        [](const PeerConfig& peer) { return peer.keepUp; }))
        {
            // When the simulation begins it is known when the daemon starts.
            Simulator::ScheduleWithContext(site.node->GetId(), Time(0), &CallKeptUp, daemon);
        }
        daemons.Add(daemon);
    }
    m_sites.clear();
    m_siteOfNode.clear();
    return daemons;
}

Ptr<IkeDaemon>
IpsecHelper::Install(Ptr<Node> node,
                     const EngineConfig& config,
                     const std::map<ChildId, TunnelPolicy>& tunnels)
{
    return Install(node, std::make_shared<const EngineConfig>(config), tunnels);
}

Ptr<IkeDaemon>
IpsecHelper::Install(Ptr<Node> node,
                     const SharedEngineConfig& config,
                     const std::map<ChildId, TunnelPolicy>& tunnels)
{
    RequireStack(node);
    if (GetDataPlane(node))
    {
        throw std::invalid_argument("IPsec is already installed on " + NameOf(node) + ".");
    }
    // First what may refuse the configuration, so that the node stays as it was.
    const Ptr<IkeDaemon> daemon = m_daemonFactory.Create<IkeDaemon>();
    daemon->SetConfig(config);

    Surroundings surroundings;
    for (const PeerConfig& peer : config->peers)
    {
        surroundings.ends.push_back(peer.localAddress);
        for (const ChildConfig& child : peer.children)
        {
            if (!child.localIsAssigned && !child.localIsOwn)
            {
                surroundings.inside.push_back(child.proxyId.local);
            }
        }
    }
    const Ptr<IpsecDataPlane> dataPlane = InstallPlane(node, surroundings);
    AddPolicies(*config, tunnels, dataPlane->Policies());
    ExpectTunnels(*config, *dataPlane);
    daemon->SetDataPlane(dataPlane);
    daemon->SetCpu(GetCpu(node));
    node->AddApplication(daemon);
    return daemon;
}

void
IpsecHelper::RequireStack(Ptr<Node> node)
{
    if (!node->GetObject<Ipv4L3Protocol>())
    {
        throw std::invalid_argument(NameOf(node) + " has no IPv4 stack; install one before IPsec.");
    }
}

Ptr<IpsecDataPlane>
IpsecHelper::InstallPlane(Ptr<Node> node, const Surroundings& surroundings)
{
    const Ptr<Ipv4L3Protocol> ipv4 = node->GetObject<Ipv4L3Protocol>();
    const Ptr<IpsecDataPlane> dataPlane = m_dataPlaneFactory.Create<IpsecDataPlane>();
    node->AggregateObject(dataPlane);
    if (!m_cpuProfile.isFree)
    {
        const Ptr<CryptoCpu> cpu = CreateObject<CryptoCpu>();
        cpu->SetProfile(m_cpuProfile);
        node->AggregateObject(cpu);
        dataPlane->SetCpu(cpu);
    }

    const Ptr<IpsecNetDevice> device = m_deviceFactory.Create<IpsecNetDevice>();
    device->SetDataPlane(dataPlane);
    dataPlane->SetDevice(device);
    AddTunnelInterface(node, device, BorrowedAddress(ipv4, surroundings.ends, surroundings.inside));

    const Ptr<IpsecPolicyRouting> routing = CreateObject<IpsecPolicyRouting>();
    routing->Wrap(ipv4);
    routing->SetDataPlane(dataPlane);
    routing->SetDevice(device);
    for (const IpAddress end : surroundings.ends)
    {
        routing->AddTunnelEnd(ToNs3(end));
    }
    dataPlane->SetOuterRouting(routing->GetInner());

    for (const uint8_t number : {IP_PROTOCOL_ESP, IP_PROTOCOL_AH})
    {
        const Ptr<IpsecL4Protocol> protocol = CreateObject<IpsecL4Protocol>();
        protocol->SetProtocolNumber(number);
        protocol->SetDataPlane(dataPlane);
        ipv4->Insert(protocol);
    }
    return dataPlane;
}

Ptr<IkeDaemon>
IpsecHelper::GetDaemon(Ptr<Node> node)
{
    for (uint32_t i = 0; i < node->GetNApplications(); ++i)
    {
        if (const Ptr<IkeDaemon> daemon = DynamicCast<IkeDaemon>(node->GetApplication(i)))
        {
            return daemon;
        }
    }
    return nullptr;
}

Ptr<IpsecDataPlane>
IpsecHelper::GetDataPlane(Ptr<Node> node)
{
    return node->GetObject<IpsecDataPlane>();
}

Ptr<IpsecNetDevice>
IpsecHelper::GetDevice(Ptr<Node> node)
{
    for (uint32_t i = 0; i < node->GetNDevices(); ++i)
    {
        if (const Ptr<IpsecNetDevice> device = DynamicCast<IpsecNetDevice>(node->GetDevice(i)))
        {
            return device;
        }
    }
    return nullptr;
}

Ptr<CryptoCpu>
IpsecHelper::GetCpu(Ptr<Node> node)
{
    return node->GetObject<CryptoCpu>();
}

int64_t
IpsecHelper::AssignStreams(const NodeContainer& nodes, int64_t stream)
{
    int64_t next = stream;
    for (auto it = nodes.Begin(); it != nodes.End(); ++it)
    {
        if (const Ptr<IpsecDataPlane> dataPlane = GetDataPlane(*it))
        {
            next += dataPlane->AssignStreams(next);
        }
        if (const Ptr<IkeDaemon> daemon = GetDaemon(*it))
        {
            next += daemon->AssignStreams(next);
        }
    }
    return next - stream;
}

void
IpsecHelper::EnablePcapInternal(std::string prefix,
                                Ptr<NetDevice> device,
                                bool /* promiscuous */,
                                bool explicitFilename)
{
    EnableRawIpPcap(prefix, device, explicitFilename);
}

void
IpsecHelper::EnableAsciiInternal(Ptr<OutputStreamWrapper> stream,
                                 std::string prefix,
                                 Ptr<NetDevice> device,
                                 bool explicitFilename)
{
    EnableRawIpAscii(stream, prefix, device, explicitFilename);
}

} // namespace ipsec
} // namespace ns3
