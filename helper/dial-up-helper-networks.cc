// SPDX-License-Identifier: GPL-2.0-only
// The networks of DialUpHelper; its clients are in dial-up-helper.cc.
#include "dial-up-helper.h"

#include "ns3/boolean.h"
#include "ns3/ipsec-conversions.h"
#include "ns3/ipv4-static-routing-helper.h"
#include "ns3/names.h"

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

/// Returns the device of a node on a network, or null.
Ptr<IpsecCloudNetDevice>
FindDeviceOn(Ptr<Node> node, Ptr<const IpsecCloudChannel> network)
{
    for (uint32_t i = 0; i < node->GetNDevices(); ++i)
    {
        const auto device = DynamicCast<IpsecCloudNetDevice>(node->GetDevice(i));
        if (device && device->GetCloud() == network)
        {
            return device;
        }
    }
    return nullptr;
}

Ipv4Address
ParseAddress(const std::string& text)
{
    return ToNs3(IpAddress::Parse(text));
}

/// Gives a device an address that only it has on its network.
void
AddAddress(Ptr<IpsecCloudNetDevice> device, const std::string& address, const std::string& mask)
{
    const Ipv4Address own = ParseAddress(address);
    const Ipv4Mask ownMask(mask.c_str());
    if (device->GetCloud()->HasNetwork(own, Ipv4Mask::GetOnes()))
    {
        throw std::invalid_argument("The address " + address + " is already in use there.");
    }
    const Ptr<Ipv4> ipv4 = device->GetNode()->GetObject<Ipv4>();
    const auto interface = static_cast<uint32_t>(ipv4->GetInterfaceForDevice(device));
    ipv4->AddAddress(interface, Ipv4InterfaceAddress(own, ownMask));
    device->BindAddress(own);
}

void
HandleLease(Ptr<IpsecCloudNetDevice> device, const Ipv4Address& address)
{
    device->BindAddress(address);
}

void
HandleLeaseEnd(Ptr<IpsecCloudNetDevice> device, const Ipv4Address& address)
{
    device->UnbindAddress(address);
}

/// Takes a device off its network and puts it on another, where it is still down.
void
Replug(Ptr<IpsecCloudNetDevice> device, Ptr<IpsecCloudChannel> network)
{
    // What listens to the link forgets the old network now, and asks on the new one below.
    device->SetUp(false);
    if (device->GetCloud())
    {
        device->GetCloud()->Detach(device);
    }
    network->Attach(device);
}

/// Returns the device of a node that is to move.
Ptr<IpsecCloudNetDevice>
RequireMovable(Ptr<Node> node, bool isDynamic)
{
    const Ptr<IpsecCloudNetDevice> device = DialUpHelper::GetDevice(node);
    if (!device)
    {
        throw std::invalid_argument(NameOf(node) + " has joined no network.");
    }
    if (static_cast<bool>(DialUpHelper::GetDhcpClient(node)) != isDynamic)
    {
        throw std::invalid_argument(NameOf(node) +
                                    (isDynamic ? " has no DHCP client and needs an address there."
                                               : " gets its addresses by DHCP and keeps none."));
    }
    return device;
}

void
TellMoved(Ptr<Node> node)
{
    if (const Ptr<DialUpClient> client = DialUpHelper::GetClient(node))
    {
        client->NotifyMoved();
    }
}

} // namespace

Ptr<IpsecCloudChannel>
DialUpHelper::CreateLan()
{
    const Ptr<IpsecCloudChannel> lan = m_lanFactory.Create<IpsecCloudChannel>();
    lan->SetAttribute("Broadcast", BooleanValue(true));
    return lan;
}

Ptr<IpsecCloudNetDevice>
DialUpHelper::AddDevice(Ptr<Node> node, Ptr<IpsecCloudChannel> network)
{
    const Ptr<Ipv4> ipv4 = node->GetObject<Ipv4>();
    if (!ipv4)
    {
        throw std::invalid_argument(NameOf(node) +
                                    " has no IPv4 stack; install one before it joins a network.");
    }
    const Ptr<IpsecCloudNetDevice> device = m_deviceFactory.Create<IpsecCloudNetDevice>();
    node->AddDevice(device);
    network->Attach(device);
    const uint32_t interface = ipv4->AddInterface(device);
    ipv4->SetUp(interface);
    return device;
}

Ptr<IpsecCloudNetDevice>
DialUpHelper::AttachRouter(Ptr<Node> router,
                           Ptr<IpsecCloudChannel> lan,
                           const std::string& address,
                           const std::string& mask)
{
    const Ptr<IpsecCloudNetDevice> device = AddDevice(router, lan);
    AddAddress(device, address, mask);
    lan->AddNetwork(Ipv4Address::GetAny(), Ipv4Mask::GetZero(), device);
    return device;
}

Ptr<DhcpServer>
DialUpHelper::ServeDhcp(Ptr<Node> server, Ptr<IpsecCloudChannel> lan, const DhcpRange& range)
{
    const Ptr<IpsecCloudNetDevice> device = FindDeviceOn(server, lan);
    const Ptr<Ipv4> ipv4 = server->GetObject<Ipv4>();
    const int32_t interface = device ? ipv4->GetInterfaceForDevice(device) : -1;
    if (interface < 0 || ipv4->GetNAddresses(static_cast<uint32_t>(interface)) == 0)
    {
        throw std::invalid_argument(NameOf(server) + " has no address on the LAN that it is to "
                                                     "serve.");
    }
    const Ipv4InterfaceAddress own = ipv4->GetAddress(static_cast<uint32_t>(interface), 0);
    const Ipv4Address first = ParseAddress(range.first);
    const Ipv4Address last = ParseAddress(range.last);
    const Ipv4Mask mask = own.GetMask();
    const bool isInside = mask.IsMatch(own.GetLocal(), first) && mask.IsMatch(own.GetLocal(), last);
    if (!isInside || !(first < last))
    {
        throw std::invalid_argument("DHCP from " + range.first + " to " + range.last +
                                    " is no range of two or more addresses in the network of " +
                                    NameOf(server) + ".");
    }
    const Ipv4Address gateway =
        range.gateway.empty() ? own.GetLocal() : ParseAddress(range.gateway);
    const Ptr<DhcpServer> application = m_dhcpServerFactory.Create<DhcpServer>();
    application->SetAttribute("PoolAddresses", Ipv4AddressValue(own.GetLocal().CombineMask(mask)));
    application->SetAttribute("PoolMask", Ipv4MaskValue(mask));
    application->SetAttribute("FirstAddress", Ipv4AddressValue(first));
    application->SetAttribute("LastAddress", Ipv4AddressValue(last));
    application->SetAttribute("Gateway", Ipv4AddressValue(gateway));
    server->AddApplication(application);
    return application;
}

Ptr<IpsecCloudNetDevice>
DialUpHelper::Join(Ptr<Node> node, Ptr<IpsecCloudChannel> lan)
{
    const Ptr<IpsecCloudNetDevice> device = AddDevice(node, lan);
    const Ptr<DhcpClient> dhcp = m_dhcpClientFactory.Create<DhcpClient>();
    dhcp->SetDhcpClientNetDevice(device);
    dhcp->TraceConnectWithoutContext("NewLease", MakeBoundCallback(&HandleLease, device));
    dhcp->TraceConnectWithoutContext("ExpireLease", MakeBoundCallback(&HandleLeaseEnd, device));
    node->AddApplication(dhcp);
    return device;
}

Ptr<IpsecCloudNetDevice>
DialUpHelper::Join(Ptr<Node> node,
                   Ptr<IpsecCloudChannel> network,
                   const std::string& address,
                   const std::string& mask)
{
    const Ptr<IpsecCloudNetDevice> device = AddDevice(node, network);
    AddAddress(device, address, mask);
    const Ptr<Ipv4> ipv4 = node->GetObject<Ipv4>();
    Ipv4StaticRoutingHelper().GetStaticRouting(ipv4)->AddNetworkRouteTo(
        Ipv4Address::GetAny(),
        Ipv4Mask::GetZero(),
        static_cast<uint32_t>(ipv4->GetInterfaceForDevice(device)));
    return device;
}

void
DialUpHelper::Move(Ptr<Node> node, Ptr<IpsecCloudChannel> lan)
{
    const Ptr<IpsecCloudNetDevice> device = RequireMovable(node, true);
    Replug(device, lan);
    TellMoved(node);
    device->SetUp(true);
}

void
DialUpHelper::Move(Ptr<Node> node,
                   Ptr<IpsecCloudChannel> network,
                   const std::string& address,
                   const std::string& mask)
{
    const Ptr<IpsecCloudNetDevice> device = RequireMovable(node, false);
    Replug(device, network);
    const Ptr<Ipv4> ipv4 = node->GetObject<Ipv4>();
    const auto interface = static_cast<uint32_t>(ipv4->GetInterfaceForDevice(device));
    while (ipv4->GetNAddresses(interface) > 0)
    {
        ipv4->RemoveAddress(interface, 0);
    }
    AddAddress(device, address, mask);
    TellMoved(node);
    device->SetUp(true);
}

Ptr<IpsecCloudNetDevice>
DialUpHelper::GetDevice(Ptr<Node> node)
{
    for (uint32_t i = 0; i < node->GetNDevices(); ++i)
    {
        if (const auto device = DynamicCast<IpsecCloudNetDevice>(node->GetDevice(i)))
        {
            return device;
        }
    }
    return nullptr;
}

} // namespace ipsec
} // namespace ns3
