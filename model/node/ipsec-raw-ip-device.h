// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * What the devices of this module have in common: they carry bare IPv4 packets.
 */
#ifndef IPSEC_RAW_IP_DEVICE_H
#define IPSEC_RAW_IP_DEVICE_H

#include "ns3/mac48-address.h"
#include "ns3/net-device.h"
#include "ns3/node.h"
#include "ns3/traced-callback.h"

namespace ns3
{
namespace ipsec
{

/// Hears what the trace sources of a device tell that it is named for; see IkeListener.
class IpsecLinkListener
{
  public:
    virtual ~IpsecLinkListener() = default;

    virtual void HearMacTx(Ptr<const Packet> packet) = 0;
    virtual void HearMacTxDrop(Ptr<const Packet> packet) = 0;
    virtual void HearPhyTxDrop(Ptr<const Packet> packet) = 0;
    virtual void HearPhyRxDrop(Ptr<const Packet> packet) = 0;
    virtual void HearMacRx(Ptr<const Packet> packet) = 0;
};

/**
 * A device that needs no ARP and adds no link header; IPv4 only. Captures of it have link type
 * PCAP_RAW_IP.
 */
class IpsecRawIpDevice : public NetDevice
{
  public:
    static TypeId GetTypeId();

    /// Takes the link up or down.
    void SetUp(bool up);
    /// Names who hears of everything before the trace sources do, or nobody.
    void SetListener(IpsecLinkListener* listener);

    void SetIfIndex(const uint32_t index) override;
    uint32_t GetIfIndex() const override;
    Ptr<Channel> GetChannel() const override;
    void SetAddress(Address address) override;
    Address GetAddress() const override;
    bool SetMtu(const uint16_t mtu) override;
    uint16_t GetMtu() const override;
    bool IsLinkUp() const override;
    void AddLinkChangeCallback(Callback<void> callback) override;
    bool IsBroadcast() const override;
    Address GetBroadcast() const override;
    bool IsMulticast() const override;
    Address GetMulticast(Ipv4Address multicastGroup) const override;
    Address GetMulticast(Ipv6Address addr) const override;
    bool IsBridge() const override;
    bool IsPointToPoint() const override;
    bool Send(Ptr<Packet> packet, const Address& dest, uint16_t protocolNumber) override;
    bool SendFrom(Ptr<Packet> packet,
                  const Address& source,
                  const Address& dest,
                  uint16_t protocolNumber) override;
    Ptr<Node> GetNode() const override;
    void SetNode(Ptr<Node> node) override;
    bool NeedsArp() const override;
    void SetReceiveCallback(NetDevice::ReceiveCallback cb) override;
    /// Returns the way to the node.
    const NetDevice::ReceiveCallback& GetReceiveCallback() const;
    void SetPromiscReceiveCallback(NetDevice::PromiscReceiveCallback cb) override;
    bool SupportsSendFrom() const override;

  protected:
    IpsecRawIpDevice();
    void DoDispose() override;

    /// Takes a whole IPv4 packet that the stack sends; false if it was dropped at once.
    virtual bool SendPacket(Ptr<Packet> packet) = 0;
    /// Shows a packet to captures.
    void Sniff(Ptr<const Packet> packet);
    /// Hands a whole IPv4 packet to the node.
    void Deliver(Ptr<Packet> packet);

    /// Tell the listener and the trace source that a packet was taken, or refused.
    void TellMacTx(Ptr<const Packet> packet);
    void TellMacTxDrop(Ptr<const Packet> packet);
    IpsecLinkListener*
    Listener() const
    {
        return m_listener;
    }

    TracedCallback<Ptr<const Packet>> m_macRxTrace;

  private:
    Ptr<Node> m_node;
    uint32_t m_ifIndex = 0;
    uint16_t m_mtu = 0;
    bool m_up = true;
    IpsecLinkListener* m_listener = nullptr;
    TracedCallback<Ptr<const Packet>> m_macTxTrace;
    TracedCallback<Ptr<const Packet>> m_macTxDropTrace;
    Mac48Address m_address;
    NetDevice::ReceiveCallback m_receive;
    NetDevice::PromiscReceiveCallback m_promiscReceive;
    TracedCallback<> m_linkChange;
    TracedCallback<Ptr<const Packet>> m_snifferTrace;
    TracedCallback<Ptr<const Packet>> m_promiscSnifferTrace;
};

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_RAW_IP_DEVICE_H
