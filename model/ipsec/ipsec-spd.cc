// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-spd.h"

#include <algorithm>
#include <stdexcept>

namespace ns3
{
namespace ipsec
{

namespace
{

/// Names a pair of networks by the addresses of two hosts in them.
uint64_t
NetworkPair(IpAddress local, uint8_t localLength, IpAddress remote, uint8_t remoteLength)
{
    const uint64_t localNetwork = local.value & Prefix{{}, localLength}.Mask().value;
    const uint64_t remoteNetwork = remote.value & Prefix{{}, remoteLength}.Mask().value;
    return localNetwork << 32 | remoteNetwork;
}

/// Returns what a rule asks of a later fragment: no ports, unless it would let it pass in clear.
ProxyId
SelectorForFragment(const Policy& policy)
{
    ProxyId selector = policy.selector;
    if (policy.action != PolicyAction::Bypass)
    {
        selector.localPort = 0;
        selector.remotePort = 0;
    }
    return selector;
}

/// Which rules a packet looks for. One type for all ways to look, so that there is one copy of the
/// search, which every packet runs through several times.
struct Wanted
{
    explicit Wanted(const FlowKey& key)
        : flow(key)
    {
    }

    const FlowKey& flow;
    bool isInbound = false;
    bool isLaterFragment = false;
    /// Whether only rules count that are used everywhere.
    bool isSteering = false;

    bool
    operator()(const Policy& policy) const
    {
        if (isSteering && policy.use != PolicyUse::Everywhere)
        {
            return false;
        }
        return isLaterFragment ? Matches(SelectorForFragment(policy)) : Matches(policy.selector);
    }

  private:
    bool
    Matches(const ProxyId& selector) const
    {
        return isInbound ? selector.MatchesInbound(flow) : selector.MatchesOutbound(flow);
    }
};

void
RequireUsable(const Prefix& prefix)
{
    if (prefix.length > 32 || !prefix.Contains(prefix.address))
    {
        throw std::invalid_argument("policy prefix " + prefix.ToString() +
                                    " matches no host; its length is at most 32 and its host bits "
                                    "are zero");
    }
}

} // namespace

bool
operator==(const Policy& a, const Policy& b)
{
    return a.selector == b.selector && a.action == b.action && a.child == b.child &&
           a.use == b.use && a.order == b.order;
}

std::optional<PolicyAction>
ActionOf(const Policy* rule)
{
    return rule ? std::make_optional(rule->action) : std::nullopt;
}

std::optional<Fault>
FaultInClear(const Policy* rule)
{
    if (rule == nullptr || rule->action == PolicyAction::Bypass)
    {
        return std::nullopt;
    }
    return rule->action == PolicyAction::Protect ? Fault::ClearTextForbidden : Fault::PolicyDiscard;
}

void
Spd::Add(const Policy& policy)
{
    RequireUsable(policy.selector.local);
    RequireUsable(policy.selector.remote);
    if (Policies().empty() || Policies().back().order <= policy.order)
    {
        Append(policy);
        return;
    }
    std::vector<Policy> all = Policies();
    all.insert(std::upper_bound(all.begin(),
                                all.end(),
                                policy,
                                [](const Policy& a, const Policy& b) { return a.order < b.order; }),
               policy);
    Replace(all);
}

void
Spd::Replace(const std::vector<Policy>& all)
{
    m_rules = Rules();
    for (const Policy& each : all)
    {
        Append(each);
    }
}

void
Spd::Append(const Policy& policy)
{
    const Prefix& local = policy.selector.local;
    const Prefix& remote = policy.selector.remote;
    Rules& rules = m_rules.Edit();
    auto shape = std::find_if(rules.shapes.begin(),
                              rules.shapes.end(),
                              [&](const Shape& other) {
                                  return other.localLength == local.length &&
                                         other.remoteLength == remote.length;
                              });
    if (shape == rules.shapes.end())
    {
        shape = rules.shapes.insert(shape, Shape{local.length, remote.length, {}});
        StartSmall(shape->rules);
    }
    shape->rules[NetworkPair(local.address, local.length, remote.address, remote.length)].push_back(
        static_cast<uint32_t>(rules.policies.size()));
    rules.policies.push_back(policy);
    rules.withPorts += policy.selector.localPort != 0 || policy.selector.remotePort != 0 ? 1 : 0;
}

void
Spd::Remove(ChildId child)
{
    std::vector<Policy> left = Policies();
    const auto isOfChild = [child](const Policy& policy)
    { return policy.action == PolicyAction::Protect && policy.child == child; };
    left.erase(std::remove_if(left.begin(), left.end(), isOfChild), left.end());
    Replace(left);
}

bool
Spd::RemoveRule(const Policy& policy)
{
    std::vector<Policy> left = Policies();
    const auto found = std::find(left.begin(), left.end(), policy);
    if (found == left.end())
    {
        return false;
    }
    left.erase(found);
    Replace(left);
    return true;
}

template <typename Matches>
const Policy*
Spd::FindFirst(IpAddress local, IpAddress remote, Matches matches) const
{
    const std::vector<Policy>& policies = Policies();
    size_t first = policies.size();
    for (const Shape& shape : m_rules->shapes)
    {
        const auto found =
            shape.rules.find(NetworkPair(local, shape.localLength, remote, shape.remoteLength));
        if (found == shape.rules.end())
        {
            continue;
        }
        for (const size_t index : found->second)
        {
            if (index >= first || matches(policies[index]))
            {
                first = std::min(first, index);
                break;
            }
        }
    }
    return first == policies.size() ? nullptr : &policies[first];
}

const Policy*
Spd::FindOutbound(const FlowKey& flow) const
{
    return FindFirst(flow.source, flow.destination, Wanted{flow});
}

const Policy*
Spd::FindInbound(const FlowKey& flow) const
{
    Wanted wanted{flow};
    wanted.isInbound = true;
    return FindFirst(flow.destination, flow.source, wanted);
}

const Policy*
Spd::FindOutboundFragment(const FlowKey& flow) const
{
    Wanted wanted{flow};
    wanted.isLaterFragment = true;
    return FindFirst(flow.source, flow.destination, wanted);
}

const Policy*
Spd::FindInboundFragment(const FlowKey& flow) const
{
    Wanted wanted{flow};
    wanted.isInbound = true;
    wanted.isLaterFragment = true;
    return FindFirst(flow.destination, flow.source, wanted);
}

const Policy*
Spd::FindSteering(const FlowKey& flow) const
{
    Wanted wanted{flow};
    wanted.isSteering = true;
    return FindFirst(flow.source, flow.destination, wanted);
}

const Policy*
Spd::FindSteeringFragment(const FlowKey& flow) const
{
    Wanted wanted{flow};
    wanted.isSteering = true;
    wanted.isLaterFragment = true;
    return FindFirst(flow.source, flow.destination, wanted);
}

} // namespace ipsec
} // namespace ns3
