// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * ICMP echo requests, the same in every version of ns-3.
 */
#ifndef IPSEC_SCENARIO_PING_H
#define IPSEC_SCENARIO_PING_H

#include "ns3/application.h"
#include "ns3/event-id.h"
#include "ns3/ipv4-address.h"
#include "ns3/ipv4-header.h"
#include "ns3/nstime.h"
#include "ns3/packet.h"
#include "ns3/socket.h"
#include "ns3/traced-callback.h"

#include <map>

namespace ns3
{
namespace ipsec
{

/// Returns an ICMP echo request with @p size octets behind its header.
Ptr<Packet> MakeEchoRequest(uint16_t identifier, uint16_t sequence, uint32_t size);

/// Sends echo requests and times the answers. (ns-3's own ping changed its name and traces between
/// versions, and the older one does not say what it sent.)
class ScenarioPing : public Application
{
  public:
    static TypeId GetTypeId();
    ScenarioPing();
    ~ScenarioPing() override;

    /// @name Signatures of the trace sources Sent and Answered
    /// @{
    typedef void (*SentTracedCallback)(uint16_t sequence);
    typedef void (*AnsweredTracedCallback)(uint16_t sequence, Time roundTrip);
    /// @}

  protected:
    void DoDispose() override;

  private:
    void StartApplication() override;
    void StopApplication() override;
    void SendRequest();
    /// Takes a packet that reached the node, whole again if it came in fragments.
    void HandleDelivery(const Ipv4Header& ip, Ptr<const Packet> packet, uint32_t interface);

    Ipv4Address m_remote;
    Time m_interval;
    uint32_t m_size = 0;
    uint64_t m_count = 0;
    uint16_t m_identifier = 0;
    Ptr<Socket> m_socket;
    EventId m_event;
    uint64_t m_sent = 0;
    /// When each request that has no answer yet was sent.
    std::map<uint16_t, Time> m_waiting;

    TracedCallback<uint16_t> m_sentTrace;
    TracedCallback<uint16_t, Time> m_answeredTrace;
};

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_SCENARIO_PING_H
