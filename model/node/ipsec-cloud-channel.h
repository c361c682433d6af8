// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * The simulated internet: one channel that everybody shares.
 */
#ifndef IPSEC_CLOUD_CHANNEL_H
#define IPSEC_CLOUD_CHANNEL_H

#include "ns3/channel.h"
#include "ns3/ipsec-endpoint.h"
#include "ns3/ipv4-address.h"
#include "ns3/nstime.h"
#include "ns3/packet.h"

#include <functional>
#include <map>
#include <unordered_map>
#include <vector>

namespace ns3
{
namespace ipsec
{

class IpsecCloudNetDevice;

/**
 * Finds the device behind a destination address with one hash per prefix length in use, so that a
 * packet costs the same however many devices are attached. It has no routers and no ARP; with
 * Broadcast it stands for a LAN, and a packet for 255.255.255.255 reaches every other device.
 */
class IpsecCloudChannel : public Channel
{
  public:
    static TypeId GetTypeId();
    IpsecCloudChannel();
    ~IpsecCloudChannel() override;

    /// Adds a device; it is reached by the networks that AddNetwork() gives it.
    void Attach(Ptr<IpsecCloudNetDevice> device);
    /// Takes a device off, with all its networks; what is on its way to it is lost.
    void Detach(Ptr<IpsecCloudNetDevice> device);
    /// Sends packets for a network (or for a host, with a mask of 32 bits) to @p device from now
    /// on; the longest match wins.
    void AddNetwork(Ipv4Address network, Ipv4Mask mask, Ptr<IpsecCloudNetDevice> device);
    /// Forgets a network; false if it was not there.
    bool RemoveNetwork(Ipv4Address network, Ipv4Mask mask);
    /// Tells whether exactly this network was added.
    bool HasNetwork(Ipv4Address network, Ipv4Mask mask) const;
    /// Returns the device for an address, or null.
    Ptr<IpsecCloudNetDevice> Find(Ipv4Address address) const;
    /// Forgets an address if it is this device that has it; false if it is not.
    bool RemoveHost(Ipv4Address address, Ptr<const IpsecCloudNetDevice> device);

    Time GetDelay() const;
    /// Tells whether limited broadcasts are carried.
    bool HasBroadcast() const;
    /// Returns all devices, in the order in which they came.
    const std::vector<Ptr<IpsecCloudNetDevice>>& Devices() const;
    std::size_t GetNDevices() const override;
    Ptr<NetDevice> GetDevice(std::size_t i) const override;

  protected:
    void DoDispose() override;

  private:
    using Table = std::unordered_map<uint32_t, Ptr<IpsecCloudNetDevice>>;

    Time m_delay;
    bool m_broadcast = false;
    std::vector<Ptr<IpsecCloudNetDevice>> m_devices;
    /// Prefix length, longest first, then masked address.
    std::map<uint8_t, Table, std::greater<uint8_t>> m_networks;
};

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_CLOUD_CHANNEL_H
