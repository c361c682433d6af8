// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Records the IKE messages of a gateway that reports show.
 */
#ifndef IPSEC_MESSAGE_RECORDER_H
#define IPSEC_MESSAGE_RECORDER_H

#include "ipsec-branch-recorder.h"
#include "ipsec-recorder-nodes.h"
#include "ipsec-recorder-peers.h"
#include "ipsec-scenario-network.h"

#include <cstdint>
#include <string>
#include <unordered_set>

namespace ns3
{
namespace ipsec
{

/// Writes down what a gateway sends, and what arrives there, when it came and when the processor
/// got to it.
class MessageRecorder : private IkeListener
{
  public:
    /// @param gateway outlives this, as do all others.
    MessageRecorder(const ScenarioGateway& gateway,
                    const RecorderPeers& peers,
                    RecorderNodes& nodes,
                    RecorderSums& sums);
    ~MessageRecorder() override;
    MessageRecorder(const MessageRecorder&) = delete;
    MessageRecorder& operator=(const MessageRecorder&) = delete;

    /// Returns which role the gateway has in the quick mode of the last message of one that came.
    Role
    LastQuickMode() const
    {
        return m_lastQuickMode;
    }

  private:
    /// Says who sent a message that came.
    MessageRecord MakeReceived(const MessageSummary& message, const Endpoint& remote) const;
    /// The same, with all that is kept of a message that comes to the port now.
    MessageRecord MakeArrived(const MessageSummary& message,
                              const Endpoint& local,
                              const Endpoint& remote);
    /// Returns how long a message that came was on its way at least.
    Duration LeastTransit(const MessageRecord& message) const;
    void Tx(const MessageSummary& message, const Endpoint& local, const Endpoint& remote);
    void Rx(const MessageSummary& message, const Endpoint& local, const Endpoint& remote);
    void HearArrival(const MessageSummary& message,
                     const Endpoint& local,
                     const Endpoint& remote) override;
    void HearRefusal(const MessageSummary& message, const Endpoint& remote) override;
    /// The gateway's link lost a packet that it sent, or one that came.
    void Lose(Ptr<const Packet> packet);
    void LoseArriving(Ptr<const Packet> packet);
    /// A packet came.
    void Come(Ptr<const Packet> packet);

    const ScenarioGateway& m_gateway;
    const RecorderPeers& m_peers;
    RecorderNodes& m_nodes;
    RecorderSums& m_sums;
    /// Messages wait for the processor.
    const bool m_takesTime;
    /// Message IDs of quick modes by who sent the first message; an SA is installed when a message
    /// of its quick mode comes in.
    std::unordered_set<uint32_t> m_ownQuickModes;
    std::unordered_set<uint32_t> m_peersQuickModes;
    Role m_lastQuickMode = Role::Initiator;
};

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_MESSAGE_RECORDER_H
