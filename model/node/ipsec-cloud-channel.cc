// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-cloud-channel.h"

#include "ipsec-cloud-net-device.h"
#include "ipsec-conversions.h"

#include "ns3/boolean.h"
#include "ns3/log.h"

#include <algorithm>
#include <iterator>

namespace ns3
{
namespace ipsec
{

NS_LOG_COMPONENT_DEFINE("IpsecCloudChannel");
NS_OBJECT_ENSURE_REGISTERED(IpsecCloudChannel);

namespace
{

/// Prefix length of an address of one host.
constexpr uint8_t HOST_LENGTH = 32;

} // namespace

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
                                          MakeTimeChecker(Time(0)))
                            .AddAttribute("Broadcast",
                                          "Whether packets for 255.255.255.255 reach every other "
                                          "device, as on a LAN; the internet carries none.",
                                          BooleanValue(false),
                                          MakeBooleanAccessor(&IpsecCloudChannel::m_broadcast),
                                          MakeBooleanChecker());
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
IpsecCloudChannel::Detach(Ptr<IpsecCloudNetDevice> device)
{
    NS_LOG_FUNCTION(this << device);
    m_devices.erase(std::remove(m_devices.begin(), m_devices.end(), device), m_devices.end());
    for (auto table = m_networks.begin(); table != m_networks.end();)
    {
        for (auto entry = table->second.begin(); entry != table->second.end();)
        {
            entry = entry->second == device ? table->second.erase(entry) : std::next(entry);
        }
        table = table->second.empty() ? m_networks.erase(table) : std::next(table);
    }
    device->SetChannel(nullptr);
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
IpsecCloudChannel::RemoveHost(Ipv4Address address, Ptr<const IpsecCloudNetDevice> device)
{
    // Somebody else may have got it since.
    const auto table = m_networks.find(HOST_LENGTH);
    const bool isThere = table != m_networks.end() && table->second.count(address.Get()) > 0;
    return isThere && table->second.at(address.Get()) == device &&
           RemoveNetwork(address, Ipv4Mask::GetOnes());
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

bool
IpsecCloudChannel::HasBroadcast() const
{
    return m_broadcast;
}

const std::vector<Ptr<IpsecCloudNetDevice>>&
IpsecCloudChannel::Devices() const
{
    return m_devices;
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
