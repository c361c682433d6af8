// SPDX-License-Identifier: GPL-2.0-only
#include "remote-access.h"

#include <gtest/gtest.h>

namespace ns3
{
namespace ipsec
{

BothConfigs
XauthConfigs(Side client)
{
    BothConfigs configs{SiteConfig(Side::A), SiteConfig(Side::B)};
    XauthConfig& user = configs.Of(client).xauth.Edit();
    user.role = XauthRole::Client;
    user.user = "alice";
    user.password = SecretBytes(AsOctets("wonderland"));
    XauthConfig& server = configs.Of(Other(client)).xauth.Edit();
    server.role = XauthRole::Server;
    server.users["alice"] = user.password;
    server.users["bob"] = SecretBytes(AsOctets("builder"));
    return configs;
}

void
AddModeConfig(BothConfigs& configs, Side client, ConfigWay way)
{
    const bool isPull = way == ConfigWay::Pull;
    PeerConfig& user = configs.Of(client);
    user.modeConfig.Edit().role = isPull ? ModeConfigRole::PullClient : ModeConfigRole::PushClient;
    user.children[0].localIsAssigned = true;
    user.children[0].proxyId.local = {};

    PeerConfig& gateway = configs.Of(Other(client));
    ModeConfig& server = gateway.modeConfig.Edit();
    server.role = isPull ? ModeConfigRole::PullServer : ModeConfigRole::PushServer;
    server.pool = "clients";
    server.dns = {IpAddress::Parse("10.2.0.53"), IpAddress::Parse("10.2.0.54")};
    server.subnets = {gateway.children[0].proxyId.local, Prefix::Parse("10.77.0.0/16")};
    gateway.children[0].remoteIsAssigned = true;
    gateway.children[0].proxyId.remote = {};

    AddressPool pool;
    pool.name = "clients";
    pool.first = IpAddress::Parse("10.9.0.1");
    pool.last = IpAddress::Parse("10.9.0.4");
    pool.prefixLength = 24;
    (client == Side::A ? configs.b : configs.a).pools.push_back(pool);
}

BothConfigs
ModeConfigs(Side client, ConfigWay way)
{
    BothConfigs configs{SiteConfig(Side::A), SiteConfig(Side::B)};
    AddModeConfig(configs, client, way);
    return configs;
}

PeerPair
AfterPhase1(const BothConfigs& configs)
{
    PeerPair pair(configs.a, configs.b);
    pair.Acquire(Side::A);
    while (!pair.IsIkeUp() && pair.InFlight() > 0)
    {
        pair.Deliver();
    }
    EXPECT_TRUE(pair.IsIkeUp());
    return pair;
}

Octets
TransactionMessage(const KeyHolder& keys,
                   uint32_t messageId,
                   const AttributesPayload& attributes,
                   OctetView iv)
{
    const std::vector<RawPayload> rest = {
        {PayloadType::Attributes, WriteAttributesPayload(attributes)}};
    return keys.Seal(keys.Header(ExchangeType::Transaction, messageId),
                     {keys.Hash(messageId, {}, rest), rest[0]},
                     iv);
}

Octets
TransactionMessage(const KeyHolder& keys, uint32_t messageId, const AttributesPayload& attributes)
{
    return TransactionMessage(keys, messageId, attributes, keys.FirstIv(messageId));
}

AttributesPayload
OpenTransaction(const KeyHolder& keys, OctetView message, OctetView iv)
{
    const Result<AttributesPayload> payload =
        ParseAttributesPayload(BodyOf(keys.Open(message, iv), PayloadType::Attributes));
    EXPECT_TRUE(payload.Ok());
    return *payload;
}

uint32_t
MessageIdOf(const Flight& flight)
{
    return ParseIsakmpHeader(flight.octets)->messageId;
}

AddressAssigned
AssignedAt(const PeerPair& pair, Side side)
{
    const std::vector<AddressAssigned> seen = pair.Seen<AddressAssigned>(side);
    EXPECT_EQ(seen.size(), 1u) << side;
    return seen.empty() ? AddressAssigned{} : seen[0];
}

Fault
DownFault(const PeerPair& pair, Side side)
{
    const std::vector<IkeSaDown> down = pair.Seen<IkeSaDown>(side);
    EXPECT_EQ(down.size(), 1u);
    return down.empty() ? Fault::DummyPacket : down[0].reason;
}

} // namespace ipsec
} // namespace ns3
