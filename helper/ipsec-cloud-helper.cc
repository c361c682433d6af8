// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-cloud-helper.h"

#include "ipsec-raw-ip-pcap.h"

#include "ns3/internet-stack-helper.h"
#include "ns3/ipsec-conversions.h"
#include "ns3/ipsec-tap.h"
#include "ns3/ipv4-static-routing-helper.h"

#include <stdexcept>

namespace ns3
{
namespace ipsec
{

namespace
{

/// Adds an IPv4 interface without queue discipline, and returns its number.
uint32_t
AddInterface(Ptr<Ipv4> ipv4, Ptr<NetDevice> device, Ipv4Address address, Ipv4Mask mask)
{
    const uint32_t interface = ipv4->AddInterface(device);
    ipv4->AddAddress(interface, Ipv4InterfaceAddress(address, mask));
    ipv4->SetUp(interface);
    return interface;
}

} // namespace

IpsecCloudHelper::IpsecCloudHelper()
{
    m_channelFactory.SetTypeId(IpsecCloudChannel::GetTypeId());
    m_deviceFactory.SetTypeId(IpsecCloudNetDevice::GetTypeId());
}

void
IpsecCloudHelper::SetChannelAttribute(const std::string& name, const AttributeValue& value)
{
    m_channelFactory.Set(name, value);
}

void
IpsecCloudHelper::SetDeviceAttribute(const std::string& name, const AttributeValue& value)
{
    m_deviceFactory.Set(name, value);
}

Ptr<IpsecCloudChannel>
IpsecCloudHelper::CreateChannel()
{
    m_channel = m_channelFactory.Create<IpsecCloudChannel>();
    return m_channel;
}

Ptr<IpsecCloudChannel>
IpsecCloudHelper::GetChannel()
{
    return m_channel ? m_channel : CreateChannel();
}

Ptr<IpsecCloudNetDevice>
IpsecCloudHelper::Attach(Ptr<Node> node, Ipv4Address address, Ipv4Mask mask)
{
    const Ptr<IpsecCloudNetDevice> device = AddDevice(node, address, mask);
    const Ptr<Ipv4> ipv4 = node->GetObject<Ipv4>();
    Ipv4StaticRoutingHelper().GetStaticRouting(ipv4)->AddNetworkRouteTo(
        Ipv4Address::GetAny(),
        Ipv4Mask::GetZero(),
        static_cast<uint32_t>(ipv4->GetInterfaceForDevice(device)));
    return device;
}

Ptr<IpsecCloudNetDevice>
IpsecCloudHelper::AttachRouter(Ptr<Node> node, Ipv4Address address, Ipv4Mask mask)
{
    const Ptr<IpsecCloudNetDevice> device = AddDevice(node, address, mask);
    const Ptr<IpsecCloudChannel> channel = GetChannel();
    if (!channel->HasNetwork(Ipv4Address::GetAny(), Ipv4Mask::GetZero()))
    {
        channel->AddNetwork(Ipv4Address::GetAny(), Ipv4Mask::GetZero(), device);
    }
    return device;
}

Ptr<IpsecCloudNetDevice>
IpsecCloudHelper::AddDevice(Ptr<Node> node, Ipv4Address address, Ipv4Mask mask)
{
    const std::string text = ToCore(address).ToString();
    const Ptr<Ipv4> ipv4 = node->GetObject<Ipv4>();
    if (!ipv4)
    {
        throw std::invalid_argument("The node for " + text +
                                    " has no IPv4 stack; install one before it is attached.");
    }
    const Ptr<IpsecCloudChannel> channel = GetChannel();
    if (channel->HasNetwork(address, Ipv4Mask::GetOnes()))
    {
        throw std::invalid_argument("The address " + text + " is already attached to the cloud.");
    }
    if (!Ipv4StaticRoutingHelper().GetStaticRouting(ipv4))
    {
        throw std::invalid_argument("The node for " + text +
                                    " has no static routing for its default route.");
    }
    const Ptr<IpsecCloudNetDevice> device = m_deviceFactory.Create<IpsecCloudNetDevice>();
    node->AddDevice(device);
    channel->Attach(device);
    channel->AddNetwork(address, Ipv4Mask::GetOnes(), device);
    AddInterface(ipv4, device, address, mask);
    return device;
}

Ptr<Node>
IpsecCloudHelper::AttachTap(const std::string& tap,
                            Ipv4Address cloudAddress,
                            Ipv4Mask cloudMask,
                            Ipv4Address tapAddress,
                            Ipv4Mask tapMask)
{
    const Ptr<Node> router = CreateObject<Node>();
    InternetStackHelper stack;
    stack.SetIpv6StackInstall(false);
    stack.Install(router);
    const Ptr<IpsecCloudNetDevice> cloudDevice = Attach(router, cloudAddress, cloudMask);
    const Ptr<NetDevice> tapDevice = AddTapDevice(router, tap);
    AddInterface(router->GetObject<Ipv4>(), tapDevice, tapAddress, tapMask);
    GetChannel()->AddNetwork(tapAddress, tapMask, cloudDevice);
    return router;
}

void
IpsecCloudHelper::ChangeAddress(Ptr<Node> node, Ipv4Address from, Ipv4Address to)
{
    const Ptr<Ipv4> ipv4 = node->GetObject<Ipv4>();
    const int32_t found = ipv4 ? ipv4->GetInterfaceForAddress(from) : -1;
    if (found < 0)
    {
        throw std::invalid_argument("The node has no address " + ToCore(from).ToString() + ".");
    }
    const auto interface = static_cast<uint32_t>(found);
    const Ptr<IpsecCloudNetDevice> attachment =
        DynamicCast<IpsecCloudNetDevice>(ipv4->GetNetDevice(interface));
    const Ptr<IpsecCloudChannel> cloud = attachment ? attachment->GetCloud() : nullptr;
    if (cloud && cloud->HasNetwork(to, Ipv4Mask::GetOnes()))
    {
        throw std::invalid_argument("The address " + ToCore(to).ToString() +
                                    " is already attached to the cloud.");
    }
    Ipv4Mask mask = Ipv4Mask::GetOnes();
    for (uint32_t i = 0; i < ipv4->GetNAddresses(interface); ++i)
    {
        const Ipv4InterfaceAddress own = ipv4->GetAddress(interface, i);
        mask = own.GetLocal() == from ? own.GetMask() : mask;
    }
    ipv4->RemoveAddress(interface, from);
    ipv4->AddAddress(interface, Ipv4InterfaceAddress(to, mask));
    if (cloud)
    {
        cloud->RemoveNetwork(from, Ipv4Mask::GetOnes());
        cloud->AddNetwork(to, Ipv4Mask::GetOnes(), attachment);
    }
}

int64_t
IpsecCloudHelper::AssignStreams(const NetDeviceContainer& devices, int64_t stream)
{
    int64_t next = stream;
    for (auto it = devices.Begin(); it != devices.End(); ++it)
    {
        if (const Ptr<IpsecCloudNetDevice> device = DynamicCast<IpsecCloudNetDevice>(*it))
        {
            next += device->AssignStreams(next);
        }
    }
    return next - stream;
}

void
IpsecCloudHelper::EnablePcapInternal(std::string prefix,
                                     Ptr<NetDevice> device,
                                     bool /* promiscuous */,
                                     bool explicitFilename)
{
    EnableRawIpPcap(prefix, device, explicitFilename);
}

void
IpsecCloudHelper::EnableAsciiInternal(Ptr<OutputStreamWrapper> stream,
                                      std::string prefix,
                                      Ptr<NetDevice> device,
                                      bool explicitFilename)
{
    EnableRawIpAscii(stream, prefix, device, explicitFilename);
}

} // namespace ipsec
} // namespace ns3
