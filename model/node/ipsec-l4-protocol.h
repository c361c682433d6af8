// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * ESP and AH as protocols of the IPv4 stack.
 */
#ifndef IPSEC_L4_PROTOCOL_H
#define IPSEC_L4_PROTOCOL_H

#include "ns3/ip-l4-protocol.h"

namespace ns3
{
namespace ipsec
{

class IpsecDataPlane;

/// Receives protocol 50 or 51: packets to this node, whole, in every version of ns-3.
class IpsecL4Protocol : public IpL4Protocol
{
  public:
    static TypeId GetTypeId();
    IpsecL4Protocol();
    ~IpsecL4Protocol() override;

    /// Names the data plane that opens what arrives.
    void SetDataPlane(Ptr<IpsecDataPlane> dataPlane);
    /// Chooses the protocol, ESP unless told otherwise; before it is put into a stack.
    void SetProtocolNumber(uint8_t number);

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
    Ptr<IpsecDataPlane> m_dataPlane;
    uint8_t m_number;
    DownTargetCallback m_downTarget;
    DownTargetCallback6 m_downTarget6;
};

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_L4_PROTOCOL_H
