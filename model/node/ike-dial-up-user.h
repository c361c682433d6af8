// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Somebody who uses a dial-up client: comes, stays a while, goes and comes again.
 */
#ifndef IKE_DIAL_UP_USER_H
#define IKE_DIAL_UP_USER_H

#include "ike-dial-up-client.h"

#include "ns3/application.h"
#include "ns3/event-id.h"
#include "ns3/random-variable-stream.h"

namespace ns3
{
namespace ipsec
{

/**
 * Draws when its user connects and disconnects. Many of them are a population: with FirstArrival
 * evenly distributed over a time, arrivals in it are those of a Poisson process.
 */
class DialUpUser : public Application
{
  public:
    static TypeId GetTypeId();
    DialUpUser();
    ~DialUpUser() override;

    /// Names the client that is used; it does not connect by itself any more.
    void SetClient(Ptr<DialUpClient> client);
    /// Returns how often the user wanted the tunnel.
    uint64_t GetArrivals() const;
    /// Returns how often the user had the tunnel and left.
    uint64_t GetDepartures() const;
    /// Gives random streams to the draws; returns how many were used.
    int64_t AssignStreams(int64_t stream);

  protected:
    void DoDispose() override;

  private:
    void StartApplication() override;
    void StopApplication() override;

    void HandleState(DialUpState from, DialUpState to);
    void Arrive();
    void Leave();
    /// Returns a time drawn in seconds; negative draws count as none.
    static Time Draw(Ptr<RandomVariableStream> seconds);

    Ptr<DialUpClient> m_client;
    Ptr<RandomVariableStream> m_firstArrival;
    Ptr<RandomVariableStream> m_holding;
    Ptr<RandomVariableStream> m_away;
    bool m_returns = true;
    /// He wants the tunnel.
    bool m_isHere = false;
    uint64_t m_arrivals = 0;
    uint64_t m_departures = 0;
    EventId m_event;
};

} // namespace ipsec
} // namespace ns3

#endif // IKE_DIAL_UP_USER_H
