// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-lab-animation.h"

#ifdef IPSEC_NETANIM

#include "ns3/animation-interface.h"
#include "ns3/ipsec-conversions.h"
#include "ns3/ipsec-topology-layout.h"
#include "ns3/node-list.h"

#include <map>
#include <set>
#include <vector>

namespace ns3
{
namespace ipsec
{

namespace
{

/// What the SAs of a gateway are like.
struct SaState
{
    const char* name;
    uint8_t red;
    uint8_t green;
    uint8_t blue;
};

constexpr SaState NONE{"no SA", 158, 158, 158};
constexpr SaState NEGOTIATING{"negotiating", 149, 117, 205};
constexpr SaState PHASE1{"phase 1 up", 255, 179, 0};
constexpr SaState SOME{"some tunnels up", 66, 165, 245};
constexpr SaState UP{"up", 46, 160, 67};
constexpr SaState DOWN{"down", 211, 47, 47};

/// How large nodes are; neighbours are at least ten apart.
constexpr double NODE_SIZE = 4;

} // namespace

bool
HasNetAnim()
{
    return true;
}

/// Follows the SAs of one gateway.
class GatewayState
{
  public:
    GatewayState(AnimationInterface& animation, const ScenarioGateway& gateway, size_t tunnels)
        : m_animation(animation)
        , m_node(gateway.node)
        , m_name(gateway.name)
        , m_tunnels(tunnels)
    {
        Ptr<IkeDaemon> daemon = gateway.daemon;
        using Self = GatewayState;
        daemon->TraceConnectWithoutContext("Tx", MakeCallback(&Self::Sent, this));
        daemon->TraceConnectWithoutContext("IkeSaUp", MakeCallback(&Self::IkeUp, this));
        daemon->TraceConnectWithoutContext("IkeSaDown", MakeCallback(&Self::IkeDown, this));
        daemon->TraceConnectWithoutContext("SaInstalled", MakeCallback(&Self::Installed, this));
        daemon->TraceConnectWithoutContext("SaRemoved", MakeCallback(&Self::Removed, this));
        daemon->TraceConnectWithoutContext("AcquireFailed", MakeCallback(&Self::Failed, this));
        daemon->TraceConnectWithoutContext("Drop", MakeCallback(&Self::Dropped, this));
        for (const IpsecSa& sa : gateway.plan.manualSas)
        {
            m_sas[sa.Key()] = sa.child;
            Count(sa.Key(), sa.child, 1);
        }
        Show(State());
    }

    GatewayState(const GatewayState&) = delete;
    GatewayState& operator=(const GatewayState&) = delete;

  private:
    void
    Sent(const MessageSummary& message, const Endpoint& /* local */, const Endpoint& /* remote */)
    {
        m_isNegotiating = m_isNegotiating || message.exchange == ExchangeType::MainMode ||
                          message.exchange == ExchangeType::AggressiveMode;
        Update();
    }

    void
    IkeUp(const IkeSaInfo& info)
    {
        m_ikeSas.insert({info.initiatorCookie, info.responderCookie});
        m_isNegotiating = false;
        Update();
    }

    void
    IkeDown(const IkeSaDown& down)
    {
        m_hasTried = m_hasTried || !down.wasEstablished;
        m_isNegotiating = false;
        m_ikeSas.erase({down.initiatorCookie, down.responderCookie});
        Update();
    }

    void
    Installed(const IpsecSa& sa)
    {
        m_sas[sa.Key()] = sa.child;
        Count(sa.Key(), sa.child, 1);
        Update();
    }

    void
    Removed(const RemoveSa& removed)
    {
        const auto found = m_sas.find(removed.key);
        if (found != m_sas.end())
        {
            Count(removed.key, found->second, -1);
            m_sas.erase(found);
        }
        Update();
    }

    /// Counts the SAs of a tunnel; it is up here with one in each direction.
    void
    Count(const SaKey& key, const ChildId& child, int change)
    {
        auto& [inbound, outbound] = m_counts[child];
        m_up -= inbound > 0 && outbound > 0 ? 1 : 0;
        (key.direction == SaDirection::Inbound ? inbound : outbound) += change;
        m_up += inbound > 0 && outbound > 0 ? 1 : 0;
    }

    void
    Failed(const AcquireFailed& /* failed */)
    {
        m_hasTried = true;
        m_isNegotiating = false;
        Update();
    }

    void
    Dropped(const ipsec::Dropped& dropped)
    {
        // Whoever was called and then heard nothing more tells nobody else.
        if (dropped.fault == Fault::NegotiationTimeout)
        {
            m_hasTried = true;
            m_isNegotiating = false;
            Update();
        }
    }

    const SaState&
    State() const
    {
        if (m_up > 0)
        {
            return m_up >= m_tunnels ? UP : SOME;
        }
        if (!m_ikeSas.empty())
        {
            return PHASE1;
        }
        return m_isNegotiating ? NEGOTIATING : m_hasTried ? DOWN : NONE;
    }

    void
    Update()
    {
        // Whoever had something and has it no longer is down, too.
        m_hasTried = m_hasTried || !m_ikeSas.empty() || !m_sas.empty();
        const SaState& state = State();
        if (&state != m_shown)
        {
            Show(state);
        }
    }

    void
    Show(const SaState& state)
    {
        m_shown = &state;
        m_animation.UpdateNodeColor(m_node, state.red, state.green, state.blue);
        m_animation.UpdateNodeDescription(m_node, m_name + ": " + state.name);
    }

    AnimationInterface& m_animation;
    Ptr<Node> m_node;
    std::string m_name;
    size_t m_tunnels;
    /// Has sent messages of a phase 1 that has not come to its end.
    bool m_isNegotiating = false;
    /// Failed to get an SA, or had one: without any it is down.
    bool m_hasTried = false;
    std::set<std::pair<Cookie, Cookie>> m_ikeSas;
    std::map<SaKey, ChildId> m_sas;
    /// Of each tunnel, inbound and outbound.
    std::map<ChildId, std::pair<int, int>> m_counts;
    size_t m_up = 0;
    const SaState* m_shown = nullptr;
};

/// Gives all nodes their places before the interface to NetAnim asks for them.
class LabAnimation::Writer
{
  public:
    Writer(const std::string& file, const Scenario& scenario, const ScenarioNetwork& network)
        : m_animation(Placed(file, scenario, network))
    {
        m_animation.SkipPacketTracing();
        // Nobody moves, so that it need not look again.
        m_animation.SetMobilityPollInterval(
            ToTime(scenario.simulation.stop + std::chrono::hours(1)));
        for (NodeList::Iterator node = NodeList::Begin(); node != NodeList::End(); ++node)
        {
            m_animation.UpdateNodeSize((*node)->GetId(), NODE_SIZE, NODE_SIZE);
            m_animation.UpdateNodeColor(*node, 236, 239, 241);
        }
        for (const HostSettings& host : scenario.hosts)
        {
            m_animation.UpdateNodeDescription(network.NodeOf(host.name), host.name);
        }
        for (const ScenarioNat& nat : network.Nats())
        {
            m_animation.UpdateNodeColor(nat.node, 141, 110, 99);
            m_animation.UpdateNodeDescription(nat.node, nat.name + ": NAT");
        }
        for (const ScenarioGateway& gateway : network.Gateways())
        {
            m_states.push_back(std::make_unique<GatewayState>(
                m_animation, gateway, scenario.TunnelsAt(gateway.name).size()));
        }
    }

  private:
    /// Returns the name of the file, once all nodes have places.
    static const std::string&
    Placed(const std::string& file, const Scenario& scenario, const ScenarioNetwork& network)
    {
        // Routers that no section names stand above all others.
        double spare = 0;
        for (NodeList::Iterator node = NodeList::Begin(); node != NodeList::End(); ++node)
        {
            AnimationInterface::SetConstantPosition(*node, spare, 0);
            spare += 1;
        }
        for (const auto& [name, place] : LayOut(scenario))
        {
            AnimationInterface::SetConstantPosition(
                network.NodeOf(name), place.x + 5, place.y + 10);
        }
        return file;
    }

    AnimationInterface m_animation;
    std::vector<std::unique_ptr<GatewayState>> m_states;
};

LabAnimation::LabAnimation(const std::string& file,
                           const Scenario& scenario,
                           const ScenarioNetwork& network)
    : m_writer(std::make_unique<Writer>(file, scenario, network))
{
}

LabAnimation::~LabAnimation() = default;

} // namespace ipsec
} // namespace ns3

#else

namespace ns3
{
namespace ipsec
{

class LabAnimation::Writer
{
};

bool
HasNetAnim()
{
    return false;
}

LabAnimation::LabAnimation(const std::string& /* file */,
                           const Scenario& /* scenario */,
                           const ScenarioNetwork& /* network */)
{
}

LabAnimation::~LabAnimation() = default;

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_NETANIM
