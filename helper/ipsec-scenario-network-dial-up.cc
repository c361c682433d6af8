// SPDX-License-Identifier: GPL-2.0-only
// Clients of a scenario that dial up, and who gives them their addresses; the rest of the network
// is in ipsec-scenario-network.cc.
#include "ipsec-node-stack.h"
#include "ipsec-scenario-addresses.h"
#include "ipsec-scenario-link.h"
#include "ipsec-scenario-network.h"

#include "ns3/boolean.h"
#include "ns3/double.h"
#include "ns3/ipsec-conversions.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

#include <sstream>

namespace ns3
{
namespace ipsec
{

namespace
{

const char ACCESS_ROUTER[] = "access-router";
constexpr char HOST_MASK[] = "255.255.255.255";
/// How long a client waits for offers of other servers, of which there are none, and before it asks
/// again (RFC 2131 section 4.1).
constexpr char OFFER_WAIT[] = "100ms";
constexpr char ASK_AGAIN[] = "4s";
/// A user who stays, stays longer than any run takes.
constexpr char FOR_EVER[] = "ns3::ConstantRandomVariable[Constant=1e9]";

std::string
MaskText(const Prefix& network)
{
    std::ostringstream text;
    MaskOf(network).Print(text);
    return text.str();
}

} // namespace

void
ScenarioNetwork::SetUpDialUp(const LinkSettings& link)
{
    m_dialUp.SetLanAttribute("Delay", TimeValue(Time(LAN_DELAY)));
    m_dialUp.SetDhcpClientAttribute("Collect", TimeValue(Time(OFFER_WAIT)));
    m_dialUp.SetDhcpClientAttribute("RTRS", TimeValue(Time(ASK_AGAIN)));
    ApplyLink([this](const char* name, const AttributeValue& value)
              { m_dialUp.SetDeviceAttribute(name, value); },
              link);
}

void
ScenarioNetwork::ServeDhcp(Ptr<Node> router,
                           Ptr<IpsecCloudChannel> lan,
                           const DhcpSettings& range,
                           Duration lease)
{
    m_dialUp.SetDhcpServerAttribute("LeaseTime", TimeValue(ToTime(lease)));
    m_dialUp.SetDhcpServerAttribute("RenewTime", TimeValue(ToTime(lease / 2)));
    m_dialUp.SetDhcpServerAttribute("RebindTime", TimeValue(ToTime(lease * 7 / 8)));
    m_dialUp.ServeDhcp(router, lan, {range.first.ToString(), range.last.ToString(), ""});
}

void
ScenarioNetwork::BuildAccess(const InternetSettings& internet)
{
    if (!internet.access)
    {
        return;
    }
    const Prefix& network = *internet.access;
    const Ptr<Node> router = AddNode(ACCESS_ROUTER);
    InstallStack(router);
    SetUpDialUp(LinkSettings{});
    IpsecCloudHelper& cloud = m_networks[""].cloud;
    ApplyLink([&](const char* name, const AttributeValue& value)
              { cloud.SetDeviceAttribute(name, value); },
              LinkSettings{});
    const Ptr<IpsecCloudNetDevice> wire =
        cloud.Attach(router, ToNs3(ACCESS_ROUTER_ADDRESS), Ipv4Mask(HOST_MASK));
    cloud.GetChannel()->AddNetwork(ToNs3(network.address), MaskOf(network), wire);
    m_access = m_dialUp.CreateLan();
    const IpAddress own{network.address.value + 1};
    m_dialUp.AttachRouter(router, m_access, own.ToString(), MaskText(network));
    const IpAddress last{(network.address.value | ~network.Mask().value) - 1};
    ServeDhcp(router, m_access, {{own.value + 1}, last}, internet.accessLease);
}

Ptr<IpsecCloudChannel>
ScenarioNetwork::ChannelOf(const std::string& network, bool isDhcp) const
{
    return network.empty() && isDhcp ? m_access : m_networks.at(network).channel;
}

Ptr<IpsecCloudNetDevice>
ScenarioNetwork::JoinByDhcp(const GatewaySettings& client)
{
    SetUpDialUp(client.link);
    const Ptr<IpsecCloudNetDevice> outside =
        m_dialUp.Join(m_nodes.at(client.name), ChannelOf(client.behind, true));
    outside->SetMtu(static_cast<uint16_t>(client.link.mtu));
    m_outside[client.name] = outside;
    return outside;
}

void
ScenarioNetwork::InstallClient(ScenarioGateway& gateway,
                               const GatewaySettings& settings,
                               Duration startAt)
{
    const DialUpSettings& dialUp = settings.dialUp;
    DialUpHelper helper;
    SetUpIpsec(helper.GetIpsecHelper(), settings);
    const auto setTime = [&](const char* name, Duration value)
    { helper.SetClientAttribute(name, TimeValue(ToTime(value))); };
    // Whoever lets it connect is a user, or an event.
    helper.SetClientAttribute("AutoConnect", BooleanValue(false));
    helper.SetClientAttribute("Reconnect", BooleanValue(dialUp.reconnects));
    setTime("FirstBackOff", dialUp.firstBackOff);
    setTime("LongestBackOff", dialUp.longestBackOff);
    setTime("ConnectTimeout", dialUp.connectTimeout);
    helper.SetClientAttribute("BackOffFactor", DoubleValue(dialUp.backOffFactor));
    helper.SetClientAttribute("BackOffJitter", DoubleValue(dialUp.backOffJitter));
    helper.SetClientAttribute("RefusalTries", UintegerValue(dialUp.refusalTries));
    helper.SetClientAttribute("AttemptLimit", UintegerValue(dialUp.attemptLimit));
    helper.SetClientAttribute("BlockWhileLost", BooleanValue(dialUp.blocksWhileLost));
    gateway.client = helper.Install(gateway.node, *gateway.plan.engine);
    gateway.client->SetDevice(gateway.outside);
    gateway.daemon = IpsecHelper::GetDaemon(gateway.node);
    if (dialUp.HasUser())
    {
        const TimeDraw first = dialUp.arrival.value_or(TimeDraw{TimeLaw::Fixed, startAt, {}});
        helper.SetUserAttribute("FirstArrival", StringValue(first.ToVariable()));
        helper.SetUserAttribute(
            "Holding", StringValue(dialUp.holding ? dialUp.holding->ToVariable() : FOR_EVER));
        helper.SetUserAttribute("Away",
                                StringValue(dialUp.away ? dialUp.away->ToVariable() : FOR_EVER));
        helper.SetUserAttribute("Returns", BooleanValue(dialUp.away.has_value()));
        helper.InstallUsers(NodeContainer(gateway.node));
        gateway.user = DialUpHelper::GetUser(gateway.node);
    }
}

void
ScenarioNetwork::MoveClient(const ScenarioGateway& client,
                            const std::string& network,
                            std::optional<IpAddress> address) const
{
    if (!address)
    {
        DialUpHelper::Move(client.node, ChannelOf(network, true));
        return;
    }
    std::ostringstream mask;
    m_networks.at(network).mask.Print(mask);
    DialUpHelper::Move(client.node, ChannelOf(network, false), address->ToString(), mask.str());
}

std::string
ScenarioNetwork::NetworkOf(const ScenarioGateway& client) const
{
    const Ptr<IpsecCloudChannel> there = client.outside->GetCloud();
    for (const auto& [name, network] : m_networks)
    {
        if (network.channel == there)
        {
            return name;
        }
    }
    return "";
}

} // namespace ipsec
} // namespace ns3
