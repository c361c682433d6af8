// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * The tunnel device of a gateway.
 */
#ifndef IPSEC_NET_DEVICE_H
#define IPSEC_NET_DEVICE_H

#include "ipsec-raw-ip-device.h"

namespace ns3
{
namespace ipsec
{

class IpsecDataPlane;

/**
 * One device for all tunnels of a node: packets routed here are protected, packets that were
 * opened arrive here. A capture of it shows the inner packets. The default Mtu of 1400 leaves room
 * for the largest ESP and UDP overhead there is on a path of 1500, so that fragmentation happens
 * inside the tunnel.
 */
class IpsecNetDevice : public IpsecRawIpDevice
{
  public:
    static TypeId GetTypeId();
    IpsecNetDevice();
    ~IpsecNetDevice() override;

    /// Names the data plane that protects what is sent.
    void SetDataPlane(Ptr<IpsecDataPlane> dataPlane);
    /// Takes a packet that was opened, and hands it to the node.
    void Receive(Ptr<Packet> packet);

  protected:
    void DoDispose() override;
    bool SendPacket(Ptr<Packet> packet) override;

  private:
    Ptr<IpsecDataPlane> m_dataPlane;
};

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_NET_DEVICE_H
