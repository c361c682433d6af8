// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * A steady stream of packets, whose receiver need not be there.
 */
#ifndef IPSEC_SCENARIO_STREAM_H
#define IPSEC_SCENARIO_STREAM_H

#include "ns3/address.h"
#include "ns3/application.h"
#include "ns3/data-rate.h"
#include "ns3/event-id.h"
#include "ns3/packet.h"
#include "ns3/socket.h"
#include "ns3/traced-callback.h"
#include "ns3/type-id.h"

namespace ns3
{
namespace ipsec
{

/// Sends packets of one size at a rate, over UDP or TCP. Where TCP finds no connection or gives it
/// up, since a tunnel is down, it tries again for as long as it runs. (ns-3's own OnOffApplication
/// ends the whole program then.)
class ScenarioStream : public Application
{
  public:
    static TypeId GetTypeId();
    ScenarioStream();
    ~ScenarioStream() override;

    /// Signature of the trace source Tx.
    typedef void (*TxTracedCallback)(Ptr<const Packet> packet);

  protected:
    void DoDispose() override;

  private:
    void StartApplication() override;
    void StopApplication() override;
    void Connect();
    void HandleConnection(Ptr<Socket> socket);
    /// There is no connection, or no longer.
    void HandleEnd(Ptr<Socket> socket);
    /// Whatever becomes of the socket from now on matters no more.
    void Leave();
    void ScheduleNext();
    void SendNext();

    Address m_remote;
    TypeId m_protocol;
    DataRate m_rate;
    uint32_t m_size = 0;
    uint64_t m_count = 0;
    Ptr<Socket> m_socket;
    EventId m_event;
    uint64_t m_sent = 0;

    TracedCallback<Ptr<const Packet>> m_txTrace;
};

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_SCENARIO_STREAM_H
