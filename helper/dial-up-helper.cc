// SPDX-License-Identifier: GPL-2.0-only
// The clients of DialUpHelper; their networks are in dial-up-helper-networks.cc.
#include "dial-up-helper.h"

#include "ns3/names.h"

#include <stdexcept>

namespace ns3
{
namespace ipsec
{

namespace
{

template <typename Wanted>
Ptr<Wanted>
FindApplication(Ptr<Node> node)
{
    for (uint32_t i = 0; i < node->GetNApplications(); ++i)
    {
        if (const Ptr<Wanted> found = DynamicCast<Wanted>(node->GetApplication(i)))
        {
            return found;
        }
    }
    return nullptr;
}

std::string
NameOf(Ptr<Node> node)
{
    const std::string name = Names::FindName(node);
    return name.empty() ? "node" + std::to_string(node->GetId()) : name;
}

} // namespace

DialUpHelper::DialUpHelper()
{
    m_clientFactory.SetTypeId(DialUpClient::GetTypeId());
    m_userFactory.SetTypeId(DialUpUser::GetTypeId());
    m_dhcpClientFactory.SetTypeId(DhcpClient::GetTypeId());
    m_dhcpServerFactory.SetTypeId(DhcpServer::GetTypeId());
    m_lanFactory.SetTypeId(IpsecCloudChannel::GetTypeId());
    m_deviceFactory.SetTypeId(IpsecCloudNetDevice::GetTypeId());
}

void
DialUpHelper::SetClientAttribute(const std::string& name, const AttributeValue& value)
{
    m_clientFactory.Set(name, value);
}

void
DialUpHelper::SetUserAttribute(const std::string& name, const AttributeValue& value)
{
    m_userFactory.Set(name, value);
}

void
DialUpHelper::SetDhcpClientAttribute(const std::string& name, const AttributeValue& value)
{
    m_dhcpClientFactory.Set(name, value);
}

void
DialUpHelper::SetDhcpServerAttribute(const std::string& name, const AttributeValue& value)
{
    m_dhcpServerFactory.Set(name, value);
}

void
DialUpHelper::SetLanAttribute(const std::string& name, const AttributeValue& value)
{
    m_lanFactory.Set(name, value);
}

void
DialUpHelper::SetDeviceAttribute(const std::string& name, const AttributeValue& value)
{
    m_deviceFactory.Set(name, value);
}

IpsecHelper&
DialUpHelper::GetIpsecHelper()
{
    return m_ipsec;
}

Ptr<DialUpClient>
DialUpHelper::Install(Ptr<Node> node, const PeerConfig& gateway)
{
    EngineConfig config;
    config.peers.push_back(gateway);
    return Install(node, config);
}

Ptr<DialUpClient>
DialUpHelper::Install(Ptr<Node> node, const EngineConfig& config)
{
    const Ptr<IpsecCloudNetDevice> device = GetDevice(node);
    if (!device)
    {
        throw std::invalid_argument(NameOf(node) + " has joined no network.");
    }
    if (config.peers.size() != 1)
    {
        throw std::invalid_argument(NameOf(node) +
                                    " calls one gateway, but its configuration has " +
                                    std::to_string(config.peers.size()) + ".");
    }
    EngineConfig own = config;
    PeerConfig& gateway = own.peers.front();
    gateway.localAddress = UNKNOWN_ADDRESS;
    gateway.keepUp = false;
    for (ChildConfig& child : gateway.children)
    {
        if (!child.localIsAssigned && !child.localIsOwn)
        {
            throw std::invalid_argument("The tunnel '" + child.name + "' of " + NameOf(node) +
                                        " is neither for an assigned address nor for its own, "
                                        "whichever that is; no other stays with a client.");
        }
        if (child.localIsOwn)
        {
            child.proxyId.local = Prefix::Host(UNKNOWN_ADDRESS);
        }
    }
    m_ipsec.Install(node, own);
    const Ptr<DialUpClient> client = m_clientFactory.Create<DialUpClient>();
    client->SetDevice(device);
    node->AddApplication(client);
    return client;
}

ApplicationContainer
DialUpHelper::Install(const NodeContainer& nodes,
                      const PeerConfig& gateway,
                      const std::function<void(uint32_t, PeerConfig&)>& personalise)
{
    ApplicationContainer clients;
    for (uint32_t i = 0; i < nodes.GetN(); ++i)
    {
        PeerConfig own = gateway;
        personalise(i, own);
        clients.Add(Install(nodes.Get(i), own));
    }
    return clients;
}

ApplicationContainer
DialUpHelper::InstallUsers(const NodeContainer& nodes)
{
    ApplicationContainer users;
    for (uint32_t i = 0; i < nodes.GetN(); ++i)
    {
        const Ptr<Node> node = nodes.Get(i);
        const Ptr<DialUpClient> client = GetClient(node);
        if (!client || GetUser(node))
        {
            throw std::invalid_argument(NameOf(node) +
                                        (client ? " has a user already." : " has no client."));
        }
        const Ptr<DialUpUser> user = m_userFactory.Create<DialUpUser>();
        user->SetClient(client);
        node->AddApplication(user);
        users.Add(user);
    }
    return users;
}

Ptr<DialUpClient>
DialUpHelper::GetClient(Ptr<Node> node)
{
    return FindApplication<DialUpClient>(node);
}

Ptr<DialUpUser>
DialUpHelper::GetUser(Ptr<Node> node)
{
    return FindApplication<DialUpUser>(node);
}

Ptr<DhcpClient>
DialUpHelper::GetDhcpClient(Ptr<Node> node)
{
    return FindApplication<DhcpClient>(node);
}

int64_t
DialUpHelper::AssignStreams(const NodeContainer& nodes, int64_t stream)
{
    int64_t next = stream + IpsecHelper::AssignStreams(nodes, stream);
    for (uint32_t i = 0; i < nodes.GetN(); ++i)
    {
        const Ptr<Node> node = nodes.Get(i);
        const auto assign = [&next](auto object)
        { next += object ? object->AssignStreams(next) : 0; };
        assign(GetDevice(node));
        assign(GetDhcpClient(node));
        assign(GetClient(node));
        assign(GetUser(node));
    }
    return next - stream;
}

} // namespace ipsec
} // namespace ns3
