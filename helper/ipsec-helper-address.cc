// SPDX-License-Identifier: GPL-2.0-only
// How a gateway of IpsecHelper gets another address in mid-life.
#include "ipsec-cloud-helper.h"
#include "ipsec-helper.h"

#include "ns3/ipsec-conversions.h"
#include "ns3/ipsec-policy-routing.h"

namespace ns3
{
namespace ipsec
{

void
IpsecHelper::ChangeAddress(Ptr<Node> node, const std::string& from, const std::string& to)
{
    const Ipv4Address oldAddress = ToNs3(IpAddress::Parse(from));
    const Ipv4Address newAddress = ToNs3(IpAddress::Parse(to));
    IpsecCloudHelper::ChangeAddress(node, oldAddress, newAddress);
    const Ptr<Ipv4> ipv4 = node->GetObject<Ipv4>();
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
