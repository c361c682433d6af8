// SPDX-License-Identifier: GPL-2.0-only
#include "nat-helper.h"

#include "ipsec-cloud-helper.h"

#include "ns3/ipsec-conversions.h"

#include <stdexcept>

namespace ns3
{
namespace ipsec
{

NatHelper::NatHelper()
{
    m_factory.SetTypeId(NatBox::GetTypeId());
}

void
NatHelper::SetAttribute(const std::string& name, const AttributeValue& value)
{
    m_factory.Set(name, value);
}

Ptr<NatBox>
NatHelper::Install(Ptr<Node> node, Ptr<NetDevice> outside) const
{
    return Install(node, outside, {});
}

Ptr<NatBox>
NatHelper::Install(Ptr<Node> node,
                   Ptr<NetDevice> outside,
                   const std::vector<Ptr<NetDevice>>& inside) const
{
    const Ptr<Ipv4> ipv4 = node->GetObject<Ipv4>();
    if (!ipv4)
    {
        throw std::invalid_argument("A NAT needs a node with an IPv4 stack.");
    }
    const auto interfaceOf = [ipv4](Ptr<NetDevice> device)
    {
        const int32_t interface = ipv4->GetInterfaceForDevice(device);
        if (interface < 0)
        {
            throw std::invalid_argument("A device of a NAT has no IPv4 interface.");
        }
        return static_cast<uint32_t>(interface);
    };
    std::vector<uint32_t> interfaces;
    for (const Ptr<NetDevice>& device : inside)
    {
        interfaces.push_back(interfaceOf(device));
    }
    const Ptr<NatBox> box = m_factory.Create<NatBox>();
    box->Attach(node, interfaceOf(outside), interfaces);
    return box;
}

Ptr<NatBox>
NatHelper::GetBox(Ptr<Node> node)
{
    return node->GetObject<NatBox>();
}

void
NatHelper::ChangeOutsideAddress(Ptr<Node> node, const std::string& from, const std::string& to)
{
    IpsecCloudHelper::ChangeAddress(
        node, ToNs3(IpAddress::Parse(from)), ToNs3(IpAddress::Parse(to)));
}

int64_t
NatHelper::AssignStreams(const NodeContainer& nodes, int64_t stream)
{
    int64_t next = stream;
    for (auto node = nodes.Begin(); node != nodes.End(); ++node)
    {
        if (const Ptr<NatBox> box = GetBox(*node))
        {
            next += box->AssignStreams(next);
        }
    }
    return next - stream;
}

} // namespace ipsec
} // namespace ns3
