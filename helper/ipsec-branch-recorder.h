// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Records a branch that reports only add up.
 */
#ifndef IPSEC_BRANCH_RECORDER_H
#define IPSEC_BRANCH_RECORDER_H

#include "ipsec-message-matcher.h"
#include "ipsec-recorder-nodes.h"
#include "ipsec-recorder-peers.h"
#include "ipsec-scenario-network.h"
#include "ipsec-scenario-wire.h"
#include "ipsec-tunnel-tracker.h"

#include <cstdint>
#include <string>

namespace ns3
{
namespace ipsec
{

/// What recorders write to.
struct RecorderSums
{
    MessageMatcher matcher;
    /// Counts everything that is recorded, over all gateways.
    uint64_t order = 0;
    TunnelTracker tracker;
};

/**
 * Listens to one branch, and keeps nothing of it but sums: with thousands of them, that is what
 * decides how many fit into memory.
 */
class BranchRecorder : private IkeListener, private IpsecLinkListener
{
  public:
    /// @param gateway outlives this, as do nodes and sums.
    BranchRecorder(const ScenarioGateway& gateway,
                   const Scenario& scenario,
                   RecorderNodes& nodes,
                   RecorderSums& sums);
    ~BranchRecorder() override;
    BranchRecorder(const BranchRecorder&) = delete;
    BranchRecorder& operator=(const BranchRecorder&) = delete;

    /// Returns how many IPsec SAs there are now.
    uint64_t
    LivingSas() const
    {
        return m_ipsecSas;
    }

    /// Adds what is known at the end only; to be called once.
    void Finish();

  private:
    /// Listens no more.
    void Leave();
    void HearTx(const MessageSummary& message) override;
    void HearArrival(const MessageSummary& message,
                     const Endpoint& local,
                     const Endpoint& remote) override;
    void HearRefusal(const MessageSummary& message, const Endpoint& remote) override;
    void HearIkeSaUp(const IkeSaInfo& info) override;
    void HearIkeSaDown(const IkeSaDown& down) override;
    void HearSaInstalled(const IpsecSa& sa) override;
    void HearSaRemoved(const RemoveSa& removed) override;
    void HearAcquireFailed(const AcquireFailed& failed) override;
    void HearWork(const Work& work) override;
    void HearMacTx(Ptr<const Packet> packet) override;
    void HearMacTxDrop(Ptr<const Packet> packet) override;
    void HearPhyTxDrop(Ptr<const Packet> packet) override;
    void HearPhyRxDrop(Ptr<const Packet> packet) override;
    void HearMacRx(Ptr<const Packet> packet) override;
    /// The branch's own link lost a packet that it sent.
    void Lose(const Packet& packet);

    const ScenarioGateway& m_gateway;
    RecorderNodes& m_nodes;
    RecorderSums& m_sums;
    /// Those of all branches of its kind.
    BranchesRecord& m_record;
    RecorderPeers m_peers;
    ClearWatch m_clear;
    uint64_t m_ikeSas = 0;
    uint64_t m_ipsecSas = 0;
};

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_BRANCH_RECORDER_H
