// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Builds the simulated internet.
 */
#ifndef IPSEC_CLOUD_HELPER_H
#define IPSEC_CLOUD_HELPER_H

#include "ns3/ipsec-cloud-channel.h"
#include "ns3/ipsec-cloud-net-device.h"
#include "ns3/net-device-container.h"
#include "ns3/node.h"
#include "ns3/object-factory.h"
#include "ns3/trace-helper.h"

#include <string>

namespace ns3
{
namespace ipsec
{

/// Creates a cloud and attaches nodes to it; captures of its devices hold bare IP packets.
class IpsecCloudHelper : public PcapHelperForDevice, public AsciiTraceHelperForDevice
{
  public:
    IpsecCloudHelper();

    /// Sets an attribute of channels created from now on.
    void SetChannelAttribute(const std::string& name, const AttributeValue& value);
    /// Sets an attribute of devices created from now on.
    void SetDeviceAttribute(const std::string& name, const AttributeValue& value);

    /// Creates the channel that Attach() uses from now on.
    Ptr<IpsecCloudChannel> CreateChannel();
    /// Returns the channel, created if there was none.
    Ptr<IpsecCloudChannel> GetChannel();

    /**
     * Attaches a node: a device, an IPv4 interface with this address, no queue discipline, and a
     * default route into the cloud.
     * @throws std::invalid_argument if the node has no IPv4 stack, or the address is taken.
     */
    Ptr<IpsecCloudNetDevice> Attach(Ptr<Node> node, Ipv4Address address, Ipv4Mask mask);
    /**
     * Attaches the way out of a LAN: no default route into the cloud, which sends there whatever
     * nobody else has. Of several the first stays that way.
     * @throws std::invalid_argument as Attach() does.
     */
    Ptr<IpsecCloudNetDevice> AttachRouter(Ptr<Node> node, Ipv4Address address, Ipv4Mask mask);
    /**
     * Creates a router between the cloud and a TAP device of this machine; the cloud sends packets
     * for the TAP device's network there.
     * @throws std::runtime_error if the TAP device cannot be opened.
     */
    Ptr<Node> AttachTap(const std::string& tap,
                        Ipv4Address cloudAddress,
                        Ipv4Mask cloudMask,
                        Ipv4Address tapAddress,
                        Ipv4Mask tapMask);

    /**
     * Replaces an address of a node by another with the same mask, in the cloud, too, if the node
     * is attached there with it.
     * @throws std::invalid_argument if the node does not have the one, or the cloud has the other.
     */
    static void ChangeAddress(Ptr<Node> node, Ipv4Address from, Ipv4Address to);

    /// Gives random streams to all cloud devices in @p devices; returns how many were used.
    static int64_t AssignStreams(const NetDeviceContainer& devices, int64_t stream);

    void EnablePcapInternal(std::string prefix,
                            Ptr<NetDevice> device,
                            bool promiscuous,
                            bool explicitFilename) override;
    /// Writes "+" for packets that a device accepts, "d" for those that are lost, "r" for those
    /// that arrive.
    void EnableAsciiInternal(Ptr<OutputStreamWrapper> stream,
                             std::string prefix,
                             Ptr<NetDevice> device,
                             bool explicitFilename) override;

  private:
    /// Adds a device and its interface.
    Ptr<IpsecCloudNetDevice> AddDevice(Ptr<Node> node, Ipv4Address address, Ipv4Mask mask);

    ObjectFactory m_channelFactory;
    ObjectFactory m_deviceFactory;
    Ptr<IpsecCloudChannel> m_channel;
};

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_CLOUD_HELPER_H
