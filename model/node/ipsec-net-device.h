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
 * opened arrive here. A capture of it shows the inner packets. Unless it is set by hand, the Mtu is
 * the largest packet that fits through every tunnel of the node, so that what respects it is never
 * cut; with a tunnel that takes packets whole and cuts outside (transport mode, or fragmentation
 * outside) it is almost the largest there is.
 */
class IpsecNetDevice : public IpsecRawIpDevice
{
  public:
    static TypeId GetTypeId();
    IpsecNetDevice();
    ~IpsecNetDevice() override;

    /// Names the data plane that protects what is sent.
    void SetDataPlane(Ptr<IpsecDataPlane> dataPlane);
    /// Sets the largest packet that is sent here without being cut; 0 computes it. False, and
    /// nothing happens, if no link may be so small.
    bool SetMtu(const uint16_t mtu) override;
    uint16_t GetMtu() const override;
    /// Takes a packet that was opened, and hands it to the node.
    void Receive(Ptr<Packet> packet);

  protected:
    void DoDispose() override;
    bool SendPacket(Ptr<Packet> packet) override;

  private:
    /// Returns what was set by hand, or 0.
    uint16_t GetMtuByHand() const;

    Ptr<IpsecDataPlane> m_dataPlane;
};

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_NET_DEVICE_H
