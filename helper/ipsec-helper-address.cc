// SPDX-License-Identifier: GPL-2.0-only
// How a gateway of IpsecHelper gets another address in mid-life.
#include "ipsec-helper.h"

#include "ns3/ipsec-cloud-channel.h"
#include "ns3/ipsec-cloud-net-device.h"
#include "ns3/ipsec-conversions.h"
#include "ns3/ipsec-policy-routing.h"

#include <stdexcept>

namespace ns3
{
namespace ipsec
{

void
IpsecHelper::ChangeAddress(Ptr<Node> node, const std::string& from, const std::string& to)
{
    const Ipv4Address oldAddress = ToNs3(IpAddress::Parse(from));
    const Ipv4Address newAddress = ToNs3(IpAddress::Parse(to));
    const Ptr<Ipv4> ipv4 = node->GetObject<Ipv4>();
    const int32_t found = ipv4 ? ipv4->GetInterfaceForAddress(oldAddress) : -1;
    if (found < 0)
    {
        throw std::invalid_argument("The node has no address " + from + ".");
    }
    const auto interface = static_cast<uint32_t>(found);
    const Ptr<IpsecCloudNetDevice> attachment =
        DynamicCast<IpsecCloudNetDevice>(ipv4->GetNetDevice(interface));
    const Ptr<IpsecCloudChannel> cloud = attachment ? attachment->GetCloud() : nullptr;
    if (cloud && cloud->HasNetwork(newAddress, Ipv4Mask::GetOnes()))
    {
        throw std::invalid_argument("The address " + to + " is already attached to the cloud.");
    }
    Ipv4Mask mask = Ipv4Mask::GetOnes();
    for (uint32_t i = 0; i < ipv4->GetNAddresses(interface); ++i)
    {
        const Ipv4InterfaceAddress own = ipv4->GetAddress(interface, i);
        mask = own.GetLocal() == oldAddress ? own.GetMask() : mask;
    }
    ipv4->RemoveAddress(interface, oldAddress);
    ipv4->AddAddress(interface, Ipv4InterfaceAddress(newAddress, mask));
    if (cloud)
    {
        cloud->RemoveNetwork(oldAddress, Ipv4Mask::GetOnes());
        cloud->AddNetwork(newAddress, Ipv4Mask::GetOnes(), attachment);
    }
    if (const auto routing = DynamicCast<IpsecPolicyRouting>(ipv4->GetRoutingProtocol()))
    {
        routing->RemoveTunnelEnd(oldAddress);
        routing->AddTunnelEnd(newAddress);
    }
    if (const Ptr<IkeDaemon> daemon = GetDaemon(node))
    {
        daemon->ChangeAddress(ToCore(oldAddress), ToCore(newAddress));
    }
}

} // namespace ipsec
} // namespace ns3
