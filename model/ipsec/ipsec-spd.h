// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * The security policy database.
 */
#ifndef IPSEC_SPD_H
#define IPSEC_SPD_H

#include "ns3/ipsec-proxy-id.h"
#include "ns3/ipsec-sa.h"
#include "ns3/ipsec-shared.h"

#include <cstddef>
#include <optional>
#include <unordered_map>
#include <vector>

namespace ns3
{
namespace ipsec
{

/// What becomes of a packet that a rule names (RFC 4301 section 4.4.1).
enum class PolicyAction : uint8_t
{
    Bypass,  ///< it passes in clear
    Discard, ///< it is dropped
    Protect, ///< it passes only through an SA
};

/// Which packets that leave a rule is asked about.
enum class PolicyUse : uint8_t
{
    Everywhere,   ///< all, whatever the routes say: a policy-based VPN
    TunnelDevice, ///< those that a route leads to the tunnel device: a route-based VPN
};

/// One rule, seen from this node: "local" is on our side.
struct Policy
{
    ProxyId selector;
    PolicyAction action = PolicyAction::Protect;
    /// Which child protects it.
    ChildId child;
    PolicyUse use = PolicyUse::Everywhere;
    /// Rules with lower numbers come first; those with equal ones in the order in which they came.
    int32_t order = 0;
};

bool operator==(const Policy& a, const Policy& b);

/// Returns what a rule wants, if there is one.
std::optional<PolicyAction> ActionOf(const Policy* rule);
/// Returns why a packet that arrived in clear must go by the first rule for it; nothing if it may
/// stay, as it may if there is none.
std::optional<Fault> FaultInClear(const Policy* rule);

/**
 * Holds ordered rules; the first that matches decides (RFC 4301 section 4.4.1). A look-up costs one
 * hash per pair of prefix lengths in use, not one comparison per rule. Copies share their rules
 * until one of them is changed.
 */
class Spd
{
  public:
    /**
     * Adds a rule behind those of its order. With higher ones there it costs as much as all rules
     * together.
     * @throws std::invalid_argument for a prefix longer than 32 bits or with host bits set, which
     * nothing would match.
     */
    void Add(const Policy& policy);

    /// Takes out the rules that protect a child's traffic; a rule that stays keeps its place. It
    /// costs as much as all rules together.
    void Remove(ChildId child);

    /// Takes out the first rule that equals this one; false if there is none. It costs as much as
    /// all rules together.
    bool RemoveRule(const Policy& policy);

    /// Tells whether a rule looks at ports.
    bool
    HasPorts() const
    {
        return m_rules->withPorts > 0;
    }

    /// Find the first rule for a packet that leaves through the tunnel device or arrives in clear,
    /// or null.
    const Policy* FindOutbound(const FlowKey& flow) const;
    const Policy* FindInbound(const FlowKey& flow) const;
    /**
     * Find the first rule for a later fragment, whose ports nobody sees, or null. A rule with ports
     * takes it too, unless it would let it pass in clear: what may have to be protected never
     * leaves unprotected (RFC 4301 section 7).
     */
    const Policy* FindOutboundFragment(const FlowKey& flow) const;
    const Policy* FindInboundFragment(const FlowKey& flow) const;

    /// Find the first rule that is used everywhere, for a packet that routes did not lead to the
    /// tunnel device, or for a later fragment of one; null if there is none.
    const Policy* FindSteering(const FlowKey& flow) const;
    const Policy* FindSteeringFragment(const FlowKey& flow) const;

    /// Returns all rules in order.
    const std::vector<Policy>&
    Policies() const
    {
        return m_rules->policies;
    }

  private:
    /// Adds a rule behind all others.
    void Append(const Policy& policy);
    /// Makes these all the rules there are.
    void Replace(const std::vector<Policy>& all);

    /// Rules whose two prefixes have the same lengths, by their addresses.
    struct Shape
    {
        uint8_t localLength = 0;
        uint8_t remoteLength = 0;
        /// Rule indices in order, under both network addresses joined.
        std::unordered_map<uint64_t, std::vector<uint32_t>> rules;
    };

    /// Returns the first rule for a pair of hosts for which @p matches.
    template <typename Matches>
    const Policy* FindFirst(IpAddress local, IpAddress remote, Matches matches) const;

    struct Rules
    {
        std::vector<Policy> policies;
        std::vector<Shape> shapes;
        size_t withPorts = 0;
    };

    Shared<Rules> m_rules;
};

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_SPD_H
