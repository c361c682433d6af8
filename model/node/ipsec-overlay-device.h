// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * A tunnel without protection, which IPsec in transport mode can carry: GRE or L2TP.
 */
#ifndef IPSEC_OVERLAY_DEVICE_H
#define IPSEC_OVERLAY_DEVICE_H

#include "ipsec-raw-ip-device.h"

#include "ns3/ip-l4-protocol.h"
#include "ns3/ipv4-address.h"
#include "ns3/socket.h"

#include <cstdint>
#include <map>

namespace ns3
{
namespace ipsec
{

/// How an overlay wraps IP packets.
enum class OverlayFraming : uint8_t
{
    Gre,  ///< protocol 47 (RFC 2784), without options
    L2tp, ///< data messages of L2TPv2 (RFC 2661) in UDP 1701, with PPP inside; the session is fixed
};

class IpsecOverlayDevice;

/// GRE as a protocol of the IPv4 stack: one for all overlays of a node.
class IpsecGreProtocol : public IpL4Protocol
{
  public:
    static TypeId GetTypeId();
    IpsecGreProtocol();
    ~IpsecGreProtocol() override;

    /// Returns the one of a node, made if there was none.
    static Ptr<IpsecGreProtocol> Of(Ptr<Node> node);
    /// Takes packets from @p remote for a device.
    void Register(Ipv4Address remote, Ptr<IpsecOverlayDevice> device);

    int GetProtocolNumber() const override;
    RxStatus Receive(Ptr<Packet> p,
                     const Ipv4Header& header,
                     Ptr<Ipv4Interface> incomingInterface) override;
    RxStatus Receive(Ptr<Packet> p,
                     const Ipv6Header& header,
                     Ptr<Ipv6Interface> incomingInterface) override;
    void SetDownTarget(DownTargetCallback cb) override;
    void SetDownTarget6(DownTargetCallback6 cb) override;
    DownTargetCallback GetDownTarget() const override;
    DownTargetCallback6 GetDownTarget6() const override;

  protected:
    void DoDispose() override;

  private:
    std::map<Ipv4Address, Ptr<IpsecOverlayDevice>> m_devices;
    DownTargetCallback m_downTarget;
    DownTargetCallback6 m_downTarget6;
};

/**
 * Joins two gateways: IP packets go into GRE or L2TP from one address to the other. Nothing is
 * protected here. L2TP has no control connection: tunnel and session are configured alike at both
 * ends, and one L2TP overlay at a local address is all that fits.
 */
class IpsecOverlayDevice : public IpsecRawIpDevice
{
  public:
    static TypeId GetTypeId();
    IpsecOverlayDevice();
    ~IpsecOverlayDevice() override;

    /// Joins @p local, an address of the device's node, and @p remote; the node must be known.
    void Join(OverlayFraming framing, Ipv4Address local, Ipv4Address remote);
    /// Takes what came out of the stack for it: a packet behind the IP header, GRE first.
    void ReceiveGre(Ptr<Packet> packet);

    /// Returns how many packets came that were not in this overlay's form.
    uint64_t MalformedPackets() const;

  protected:
    bool SendPacket(Ptr<Packet> packet) override;
    void DoDispose() override;

  private:
    bool SendGre(Ptr<Packet> packet);
    bool SendL2tp(Ptr<Packet> packet);
    void ReceiveL2tp(Ptr<Socket> socket);

    OverlayFraming m_framing = OverlayFraming::Gre;
    Ipv4Address m_local;
    Ipv4Address m_remote;
    Ptr<Socket> m_socket;
    uint64_t m_malformed = 0;
};

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_OVERLAY_DEVICE_H
