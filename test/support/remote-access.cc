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
    XauthConfig& user = configs.Of(client).xauth;
    user.role = XauthRole::Client;
    user.user = "alice";
    user.password = SecretBytes(AsOctets("wonderland"));
    XauthConfig& server = configs.Of(Other(client)).xauth;
    server.role = XauthRole::Server;
    server.users["alice"] = user.password;
    server.users["bob"] = SecretBytes(AsOctets("builder"));
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

} // namespace ipsec
} // namespace ns3
