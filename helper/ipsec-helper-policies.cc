// SPDX-License-Identifier: GPL-2.0-only
// Rules, routes and keys by hand of IpsecHelper; ipsec-helper.cc installs what they need.
#include "ipsec-helper.h"

#include "ns3/ipsec-conversions.h"
#include "ns3/ipv4-static-routing-helper.h"
#include "ns3/names.h"

#include <set>
#include <stdexcept>

namespace ns3
{
namespace ipsec
{

namespace
{

constexpr int32_t PREFIX_BITS = 32;

/// Returns the data plane of a node, or throws.
Ptr<IpsecDataPlane>
RequirePlane(Ptr<Node> node)
{
    const Ptr<IpsecDataPlane> dataPlane = IpsecHelper::GetDataPlane(node);
    if (!dataPlane)
    {
        const std::string name = Names::FindName(node);
        throw std::invalid_argument((name.empty() ? "The node" : name) +
                                    " has no IPsec; install it before rules and routes.");
    }
    return dataPlane;
}

/// Returns the first number that no tunnel by hand has.
uint32_t
NextManualChild(const IpsecDataPlane& dataPlane)
{
    // Behind all that left anything, so that no rule of one leads to another.
    uint32_t next = 0;
    const auto leaveOut = [&next](ChildId child)
    { next = child.peer == MANUAL_PEER ? std::max(next, child.child + 1) : next; };
    for (const Policy& policy : dataPlane.GetProcessor().Policies().Policies())
    {
        leaveOut(policy.child);
    }
    for (const auto& [key, entry] : dataPlane.GetProcessor().Associations().Entries())
    {
        leaveOut(entry.sa.child);
    }
    return next;
}

/// Returns the SAs of tunnels; throws if one of our SPIs is in use, by another of them too.
std::vector<std::vector<IpsecSa>>
MakeFreshSas(const IpsecDataPlane* dataPlane,
             uint32_t next,
             const std::vector<ManualTunnel>& tunnels)
{
    std::vector<std::vector<IpsecSa>> all;
    std::set<SaKey> taken;
    for (const ManualTunnel& tunnel : tunnels)
    {
        tunnel.Validate();
        all.push_back(tunnel.MakeSas({MANUAL_PEER, next++}));
        for (const IpsecSa& sa : all.back())
        {
            const bool isInUse = dataPlane != nullptr &&
                                 dataPlane->GetProcessor().Associations().Find(sa.Key()) != nullptr;
            if (isInUse || !taken.insert(sa.Key()).second)
            {
                throw std::invalid_argument("SPI " + std::to_string(sa.spi) +
                                            " is already in use on this node; choose another one.");
            }
        }
    }
    return all;
}

} // namespace

std::vector<ChildId>
IpsecHelper::InstallManual(Ptr<Node> node, const std::vector<ManualTunnel>& tunnels)
{
    RequireStack(node);
    Ptr<IpsecDataPlane> dataPlane = GetDataPlane(node);
    const uint32_t next = dataPlane ? NextManualChild(*dataPlane) : 0;
    // First what may be refused, so that the node stays as it was.
    const std::vector<std::vector<IpsecSa>> sas =
        MakeFreshSas(PeekPointer(dataPlane), next, tunnels);
    if (!dataPlane)
    {
        Surroundings surroundings;
        for (const ManualTunnel& tunnel : tunnels)
        {
            surroundings.ends.push_back(tunnel.localAddress);
            surroundings.inside.push_back(tunnel.proxyId.local);
        }
        dataPlane = InstallPlane(node, surroundings);
    }
    const Ptr<Ipv4> ipv4 = node->GetObject<Ipv4>();
    const auto routing = DynamicCast<IpsecPolicyRouting>(ipv4->GetRoutingProtocol());

    std::vector<ChildId> children;
    for (size_t i = 0; i < tunnels.size(); ++i)
    {
        const ManualTunnel& tunnel = tunnels[i];
        const ChildId child{MANUAL_PEER, next + static_cast<uint32_t>(i)};
        routing->AddTunnelEnd(ToNs3(tunnel.localAddress));
        dataPlane->Policies().Add(Policy{
            tunnel.proxyId, PolicyAction::Protect, child, PolicyUse::Everywhere, tunnel.order});
        for (const IpsecSa& sa : sas[i])
        {
            dataPlane->InstallSa(sa);
        }
        children.push_back(child);
    }
    return children;
}

void
IpsecHelper::InstallManual(Ptr<Node> nodeA, Ptr<Node> nodeB, const ManualTunnel& tunnel)
{
    InstallManual(nodeA, std::vector<ManualTunnel>{tunnel});
    InstallManual(nodeB, std::vector<ManualTunnel>{tunnel.Mirror()});
}

void
IpsecHelper::AddPolicy(Ptr<Node> node, const Policy& policy)
{
    const Ptr<IpsecDataPlane> dataPlane = RequirePlane(node);
    const bool isKnown = dataPlane->TunnelSizes().FindShape(policy.child) != nullptr;
    if (policy.action == PolicyAction::Protect && !isKnown)
    {
        throw std::invalid_argument("A rule that protects names a tunnel that the node has; there "
                                    "is no tunnel " +
                                    std::to_string(policy.child.child) + " with peer " +
                                    std::to_string(policy.child.peer) + ".");
    }
    dataPlane->Policies().Add(policy);
}

void
IpsecHelper::AddTunnelRoute(Ptr<Node> node, const std::string& network, ChildId child)
{
    const Prefix prefix = Prefix::Parse(network);
    Policy policy;
    policy.selector.remote = prefix;
    policy.child = child;
    policy.use = PolicyUse::TunnelDevice;
    policy.order = PREFIX_BITS - prefix.length;
    RequirePlane(node);
    const Ptr<Ipv4> ipv4 = node->GetObject<Ipv4>();
    const Ptr<Ipv4StaticRouting> routing = Ipv4StaticRoutingHelper().GetStaticRouting(ipv4);
    if (!routing)
    {
        throw std::invalid_argument("The node has no static routing for a route into the tunnel.");
    }
    AddPolicy(node, policy);
    const int32_t interface = ipv4->GetInterfaceForDevice(GetDevice(node));
    routing->AddNetworkRouteTo(
        ToNs3(prefix.address), MaskOf(prefix), static_cast<uint32_t>(interface));
}

} // namespace ipsec
} // namespace ns3
