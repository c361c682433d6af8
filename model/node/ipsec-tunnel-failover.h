// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Which of several tunnels carries the same traffic, and which of several gateways is its way back.
 */
#ifndef IPSEC_TUNNEL_FAILOVER_H
#define IPSEC_TUNNEL_FAILOVER_H

#include "ike-daemon.h"
#include "ipsec-cloud-channel.h"
#include "ipsec-cloud-net-device.h"
#include "ipsec-data-plane.h"

#include "ns3/object.h"
#include "ns3/traced-callback.h"

#include <map>
#include <vector>

namespace ns3
{
namespace ipsec
{

/**
 * Lets a gateway prefer one of its tunnels for the same traffic and use another one while that is
 * down. It is aggregated to the node.
 *
 * A tunnel is up while there is an SA to send by. The first of a group that is up is used; while
 * none is, the one that was, until a negotiation for it fails: then the next one's turn comes. How
 * fast a dead peer is noticed is dead peer detection's business, that the preferred tunnel comes
 * back is keeping it up's.
 */
class TunnelFailover : public Object
{
  public:
    static TypeId GetTypeId();
    TunnelFailover();
    ~TunnelFailover() override;

    /// Names whose tunnels they are.
    void Watch(Ptr<IkeDaemon> daemon, Ptr<IpsecDataPlane> dataPlane);
    /**
     * Adds a group: tunnels with a rule each, best first. All rules but the first one's wait aside.
     * @throws std::invalid_argument with one sentence unless there are two or more, each with a
     * rule and in no other group.
     */
    void AddGroup(const std::vector<ChildId>& tunnels);
    /// Returns the tunnel in use of the group of this one, or the tunnel itself.
    ChildId InUse(ChildId tunnel) const;

    /// Signature of Switched.
    typedef void (*SwitchedTracedCallback)(const ChildId& from, const ChildId& to);

  protected:
    void DoDispose() override;

  private:
    /// A tunnel and its rules.
    struct Alternative
    {
        ChildId tunnel;
        std::vector<Policy> rules;
    };

    struct Group
    {
        std::vector<Alternative> alternatives;
        size_t inUse = 0;
    };

    void HandleInstalled(const IpsecSa& sa);
    void HandleRemoved(const RemoveSa& removed);
    void HandleFailed(const AcquireFailed& failed);
    Group* GroupOf(ChildId tunnel);
    /// Uses the best tunnel that is up, @p fresh included, if there is one.
    void Choose(Group& group, std::optional<ChildId> fresh);
    void Use(Group& group, size_t place);

    Ptr<IpsecDataPlane> m_dataPlane;
    std::vector<Group> m_groups;
    /// In which group each tunnel is.
    std::map<ChildId, size_t> m_groupOf;
    TracedCallback<const ChildId&, const ChildId&> m_switchedTrace;
};

/**
 * Leads what a LAN has for networks behind tunnels to that of its gateways that has the tunnel up,
 * the first if several have: reverse route injection. It is aggregated to the first gateway.
 */
class ReverseRoutes : public Object
{
  public:
    static TypeId GetTypeId();
    ReverseRoutes();
    ~ReverseRoutes() override;

    /// Names the LAN.
    void SetLan(Ptr<IpsecCloudChannel> lan);
    /// Adds a gateway, behind those that are preferred to it, and its device on the LAN.
    void AddGateway(Ptr<IkeDaemon> daemon,
                    Ptr<IpsecDataPlane> dataPlane,
                    Ptr<IpsecCloudNetDevice> device);

    /// Signature of Changed.
    typedef void (*ChangedTracedCallback)(const Prefix& network, Ptr<IpsecCloudNetDevice> to);

  protected:
    void DoDispose() override;

  private:
    struct Gateway
    {
        Ptr<IpsecDataPlane> dataPlane;
        Ptr<IpsecCloudNetDevice> device;
        /// What is behind each tunnel, and the other way round.
        std::map<ChildId, Prefix> networks;
        std::map<Prefix, ChildId> tunnels;
    };

    static void HandleInstalled(ReverseRoutes* self, size_t gateway, const IpsecSa& sa);
    static void HandleRemoved(ReverseRoutes* self, size_t gateway, const RemoveSa& removed);
    /// Leads a network to the best gateway that has its tunnel up; @p fresh has.
    void Choose(const Prefix& network, std::optional<size_t> fresh);

    Ptr<IpsecCloudChannel> m_lan;
    std::vector<Gateway> m_gateways;
    /// Where each network is led.
    std::map<Prefix, size_t> m_chosen;
    TracedCallback<const Prefix&, Ptr<IpsecCloudNetDevice>> m_changedTrace;
};

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_TUNNEL_FAILOVER_H
