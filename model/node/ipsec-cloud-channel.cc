// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-cloud-channel.h"

#include "ipsec-cloud-net-device.h"
#include "ipsec-conversions.h"

#include "ns3/log.h"

namespace ns3
{
namespace ipsec
{

NS_LOG_COMPONENT_DEFINE("IpsecCloudChannel");
NS_OBJECT_ENSURE_REGISTERED(IpsecCloudChannel);

TypeId
IpsecCloudChannel::GetTypeId()
{
    static TypeId tid = TypeId("ns3::ipsec::IpsecCloudChannel")
                            .SetParent<Channel>()
                            .SetGroupName("Ipsec")
                            .AddConstructor<IpsecCloudChannel>()
                            .AddAttribute("Delay",
                                          "How long every packet takes to cross the cloud.",
                                          TimeValue(Time(0)),
                                          MakeTimeAccessor(&IpsecCloudChannel::m_delay),
                                          MakeTimeChecker(Time(0)));
    return tid;
}

IpsecCloudChannel::IpsecCloudChannel() = default;
IpsecCloudChannel::~IpsecCloudChannel() = default;

void
IpsecCloudChannel::DoDispose()
{
    m_devices.clear();
    m_networks.clear();
    Channel::DoDispose();
}

void
IpsecCloudChannel::Attach(Ptr<IpsecCloudNetDevice> device)
{
    NS_LOG_FUNCTION(this << device);
    m_devices.push_back(device);
    device->SetChannel(this);
}

void
IpsecCloudChannel::AddNetwork(Ipv4Address network, Ipv4Mask mask, Ptr<IpsecCloudNetDevice> device)
{
    NS_LOG_FUNCTION(this << network << mask << device);
    const Prefix prefix = ToPrefix(network, mask);
    m_networks[prefix.length][prefix.address.value] = device;
}

bool
IpsecCloudChannel::RemoveNetwork(Ipv4Address network, Ipv4Mask mask)
{
    NS_LOG_FUNCTION(this << network << mask);
    const Prefix prefix = ToPrefix(network, mask);
    const auto table = m_networks.find(prefix.length);
    if (table == m_networks.end() || table->second.erase(prefix.address.value) == 0)
    {
        return false;
    }
    if (table->second.empty())
    {
        m_networks.erase(table);
    }
    return true;
}

bool
IpsecCloudChannel::HasNetwork(Ipv4Address network, Ipv4Mask mask) const
{
    const Prefix prefix = ToPrefix(network, mask);
    const auto table = m_networks.find(prefix.length);
    return table != m_networks.end() && table->second.count(prefix.address.value) > 0;
}

Ptr<IpsecCloudNetDevice>
IpsecCloudChannel::Find(Ipv4Address address) const
{
    for (const auto& [length, table] : m_networks)
    {
        const uint32_t mask = Prefix{{}, length}.Mask().value;
        const auto found = table.find(address.Get() & mask);
        if (found != table.end())
        {
            return found->second;
        }
    }
    return nullptr;
}

Time
IpsecCloudChannel::GetDelay() const
{
    return m_delay;
}

std::size_t
IpsecCloudChannel::GetNDevices() const
{
    return m_devices.size();
}

Ptr<NetDevice>
IpsecCloudChannel::GetDevice(std::size_t i) const
{
    return m_devices.at(i);
}

} // namespace ipsec
} // namespace ns3
