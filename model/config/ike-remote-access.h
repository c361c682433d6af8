// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * What remote clients are asked and told between the phases: XAUTH and Mode Config.
 */
#ifndef IKE_REMOTE_ACCESS_H
#define IKE_REMOTE_ACCESS_H

#include "ns3/ipsec-endpoint.h"
#include "ns3/ipsec-octets.h"
#include "ns3/ipsec-time.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace ns3
{
namespace ipsec
{

/// Whose user is asked for a password behind phase 1 (draft-ietf-ipsec-isakmp-xauth-06).
enum class XauthRole : uint8_t
{
    Off,
    Client, ///< we answer
    Server, ///< we ask, and refuse everything else until it is answered
};

/// XAUTH of one peer.
struct XauthConfig
{
    XauthRole role = XauthRole::Off;
    /// What the client answers.
    std::string user;
    SecretBytes password;
    /// Whom the server knows.
    std::map<std::string, SecretBytes> users;
    /// How often the server asks before it ends the IKE SA.
    uint32_t tries = 3;
    /// How long the server waits for the right answer in all.
    Duration timeout = std::chrono::seconds(60);
};

/// How addresses and networks are handed out (draft-dukes-ike-mode-cfg-02 section 3).
enum class ModeConfigRole : uint8_t
{
    Off,
    PullClient, ///< we ask: REQUEST, REPLY
    PushClient, ///< we are told: SET, ACK
    PullServer, ///< we answer
    PushServer, ///< we tell
};

/// Mode Config of one peer.
struct ModeConfig
{
    ModeConfigRole role = ModeConfigRole::Off;
    /// Server: the pool of EngineConfig::pools that addresses come from.
    std::string pool;
    /// Server: name servers and networks behind it.
    std::vector<IpAddress> dns;
    std::vector<Prefix> subnets;
    /// Server: tell the networks also as Cisco's UNITY_SPLIT_INCLUDE.
    bool unitySplitInclude = false;
    /// How long phase 2 waits for it.
    Duration timeout = std::chrono::seconds(60);
};

/// Addresses that a server hands out, the same for all peers that name it.
struct AddressPool
{
    std::string name;
    IpAddress first;
    IpAddress last;
    /// What clients are told as INTERNAL_IP4_NETMASK.
    uint8_t prefixLength = 32;
    /// Addresses kept for users (XAUTH) or identities, by Identity::ToString().
    std::map<std::string, IpAddress> staticLeases;
};

} // namespace ipsec
} // namespace ns3

#endif // IKE_REMOTE_ACCESS_H
