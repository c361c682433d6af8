// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Pairs of a remote client and its server; A always begins phase 1, whichever it is.
 */
#ifndef REMOTE_ACCESS_H
#define REMOTE_ACCESS_H

#include "key-holder.h"
#include "peer-pair.h"

namespace ns3
{
namespace ipsec
{

/// Configurations of both ends, by side.
struct BothConfigs
{
    EngineConfig a;
    EngineConfig b;

    PeerConfig&
    Of(Side side)
    {
        return (side == Side::A ? a : b).peers[0];
    }
};

/// Makes SiteConfig() of both ends with XAUTH: user "alice", password "wonderland".
BothConfigs XauthConfigs(Side client);

/// Which end of Mode Config speaks first.
enum class ConfigWay : uint8_t
{
    Pull,
    Push,
};

/// Adds Mode Config: the pool "clients" of 10.9.0.1 to 10.9.0.4, netmask /24, two name servers, two
/// networks; the client's end of the tunnel is what it is assigned.
void AddModeConfig(BothConfigs& configs, Side client, ConfigWay way);

/// Makes SiteConfig() of both ends with Mode Config and without XAUTH.
BothConfigs ModeConfigs(Side client, ConfigWay way);

/// Runs phase 1 of a pair, started by A with the tunnel wanted; what follows is on its way.
PeerPair AfterPhase1(const BothConfigs& configs);

/// Makes a transaction message with a correct HASH.
Octets TransactionMessage(const KeyHolder& keys,
                          uint32_t messageId,
                          const AttributesPayload& attributes,
                          OctetView iv);
/// The same as the first message of its message ID.
Octets TransactionMessage(const KeyHolder& keys,
                          uint32_t messageId,
                          const AttributesPayload& attributes);

/// Opens the first message of a transaction.
AttributesPayload OpenTransaction(const KeyHolder& keys, OctetView message, OctetView iv);

/// Returns the message ID of a datagram.
uint32_t MessageIdOf(const Flight& flight);
/// Returns the only assignment that an end saw; fails the test if there is not just one.
AddressAssigned AssignedAt(const PeerPair& pair, Side side);
/// Returns why the only IKE SA that ended at an end did; fails the test if there is not just one.
Fault DownFault(const PeerPair& pair, Side side);

} // namespace ipsec
} // namespace ns3

#endif // REMOTE_ACCESS_H
