// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-helper.h"

#include "ipsec-raw-ip-pcap.h"

#include "ns3/ipsec-conversions.h"
#include "ns3/ipsec-l4-protocol.h"
#include "ns3/ipv4-l3-protocol.h"
#include "ns3/names.h"

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

/// Tells whether some child of @p config protects a network of ours that holds @p address.
bool
IsInside(const EngineConfig& config, IpAddress address)
{
    for (const PeerConfig& peer : config.peers)
    {
        for (const ChildConfig& child : peer.children)
        {
            if (!child.localIsAssigned && child.proxyId.local.Contains(address))
            {
                return true;
            }
        }
    }
    return false;
}

/**
 * Chooses the address that the tunnel device borrows: one of an inner network, so that packets of
 * the gateway itself that a route leads into the tunnel match the policies; else a tunnel end.
 */
Ipv4Address
BorrowedAddress(Ptr<Ipv4> ipv4, const EngineConfig& config)
{
    for (uint32_t interface = 0; interface < ipv4->GetNInterfaces(); ++interface)
    {
        for (uint32_t i = 0; i < ipv4->GetNAddresses(interface); ++i)
        {
            const Ipv4Address address = ipv4->GetAddress(interface, i).GetLocal();
            if (!address.IsLocalhost() && IsInside(config, ToCore(address)))
            {
                return address;
            }
        }
    }
    return config.peers.empty() ? Ipv4Address::GetAny() : ToNs3(config.peers[0].localAddress);
}

void
AddPolicies(const EngineConfig& config, Spd& policies)
{
    for (uint32_t peer = 0; peer < config.peers.size(); ++peer)
    {
        const std::vector<ChildConfig>& children = config.peers[peer].children;
        for (uint32_t child = 0; child < children.size(); ++child)
        {
            // What is not known yet, the daemon adds.
            const bool isAssigned =
                children[child].localIsAssigned || children[child].remoteIsAssigned;
            if (!isAssigned && !config.peers[peer].isGroup)
            {
                policies.Add(
                    Policy{children[child].proxyId, PolicyAction::Protect, ChildId{peer, child}});
            }
        }
    }
}

Ptr<IpsecPolicyRouting>
WrapRouting(Ptr<Ipv4> ipv4, const EngineConfig& config)
{
    const Ptr<IpsecPolicyRouting> routing = CreateObject<IpsecPolicyRouting>();
    routing->Wrap(ipv4);
    for (const PeerConfig& peer : config.peers)
    {
        routing->AddTunnelEnd(ToNs3(peer.localAddress));
    }
    return routing;
}

void
AddTunnelInterface(Ptr<Node> node, Ptr<IpsecNetDevice> device, const EngineConfig& config)
{
    node->AddDevice(device);
    const Ptr<Ipv4> ipv4 = node->GetObject<Ipv4>();
    const Ipv4InterfaceAddress address(BorrowedAddress(ipv4, config), Ipv4Mask::GetOnes());
    const uint32_t interface = ipv4->AddInterface(device);
    ipv4->AddAddress(interface, address);
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

ApplicationContainer
IpsecHelper::InstallSites()
{
    ApplicationContainer daemons;
    for (const Site& site : m_sites)
    {
        EngineConfig config = site.config;
        config.pools = m_pools;
        daemons.Add(Install(site.node, config));
    }
    m_sites.clear();
    return daemons;
}

Ptr<IkeDaemon>
IpsecHelper::Install(Ptr<Node> node, const EngineConfig& config)
{
    const Ptr<Ipv4L3Protocol> ipv4 = node->GetObject<Ipv4L3Protocol>();
    if (!ipv4)
    {
        throw std::invalid_argument(NameOf(node) + " has no IPv4 stack; install one before IPsec.");
    }
    if (GetDataPlane(node))
    {
        throw std::invalid_argument("IPsec is already installed on " + NameOf(node) + ".");
    }
    // First what may refuse the configuration, so that the node stays as it was.
    const Ptr<IkeDaemon> daemon = m_daemonFactory.Create<IkeDaemon>();
    daemon->SetConfig(config);

    const Ptr<IpsecDataPlane> dataPlane = m_dataPlaneFactory.Create<IpsecDataPlane>();
    AddPolicies(config, dataPlane->Policies());
    node->AggregateObject(dataPlane);
    daemon->SetDataPlane(dataPlane);

    const Ptr<IpsecNetDevice> device = m_deviceFactory.Create<IpsecNetDevice>();
    device->SetDataPlane(dataPlane);
    dataPlane->SetDevice(device);
    AddTunnelInterface(node, device, config);

    const Ptr<IpsecPolicyRouting> routing = WrapRouting(ipv4, config);
    routing->SetDataPlane(dataPlane);
    routing->SetDevice(device);
    dataPlane->SetOuterRouting(routing->GetInner());

    const Ptr<IpsecL4Protocol> protocol = CreateObject<IpsecL4Protocol>();
    protocol->SetDataPlane(dataPlane);
    ipv4->Insert(protocol);

    node->AddApplication(daemon);
    return daemon;
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

} // namespace ipsec
} // namespace ns3
