// SPDX-License-Identifier: GPL-2.0-only
#include "ike-config-check.h"

#include <algorithm>
#include <set>

namespace ns3
{
namespace ipsec
{

namespace
{

/// More tries would be guessing.
constexpr uint32_t MAX_XAUTH_TRIES = 10;
constexpr size_t MAX_DNS = 16;
/// What fits one UDP datagram in both notations.
constexpr size_t MAX_SUBNETS = 2000;
/// Longer ones nobody types.
constexpr size_t MAX_CREDENTIAL = 255;
/// A pool is searched for a free address; this is a /12.
constexpr uint64_t MAX_POOL = uint64_t{1} << 20;

bool
IsClient(ModeConfigRole role)
{
    return role == ModeConfigRole::PullClient || role == ModeConfigRole::PushClient;
}

bool
IsServer(ModeConfigRole role)
{
    return role == ModeConfigRole::PullServer || role == ModeConfigRole::PushServer;
}

void
CheckXauth(const std::string& where, const XauthConfig& xauth)
{
    Require(xauth.role != XauthRole::Client || !xauth.user.empty(),
            where,
            "the XAUTH client has no user name");
    Require(xauth.user.size() <= MAX_CREDENTIAL && xauth.password.size() <= MAX_CREDENTIAL,
            where,
            "user and password of XAUTH have at most 255 octets");
    if (xauth.role != XauthRole::Server)
    {
        return;
    }
    Require(!xauth.users.empty(), where, "the XAUTH server knows no users");
    Require(xauth.tries >= 1 && xauth.tries <= MAX_XAUTH_TRIES,
            where,
            "the XAUTH server asks " + std::to_string(xauth.tries) + " times; 1 to " +
                std::to_string(MAX_XAUTH_TRIES) + " are allowed");
    Require(xauth.timeout > Duration::zero(), where, "the XAUTH server must wait for an answer");
}

void
CheckModeConfig(const std::string& where,
                const ModeConfig& config,
                const std::vector<AddressPool>& pools)
{
    if (config.role == ModeConfigRole::Off)
    {
        return;
    }
    Require(config.timeout > Duration::zero(), where, "Mode Config must be waited for");
    const bool hasPool =
        std::any_of(pools.begin(),
                    pools.end(),
                    [&config](const AddressPool& pool) { return pool.name == config.pool; });
    Require(!IsServer(config.role) || hasPool,
            where,
            "Mode Config takes addresses from the pool '" + config.pool +
                "', which does not exist");
    Require(config.dns.size() <= MAX_DNS && config.subnets.size() <= MAX_SUBNETS,
            where,
            "Mode Config can tell at most " + std::to_string(MAX_DNS) + " name servers and " +
                std::to_string(MAX_SUBNETS) + " networks");
}

/// Checks that an address that a child waits for comes from somewhere.
void
CheckAssigned(const std::string& where, const ChildConfig& child, ModeConfigRole role)
{
    Require(!child.localIsAssigned || IsClient(role),
            where,
            "the local side is an assigned address, but the peer does not assign any; make us a "
            "Mode Config client");
    Require(!child.localIsAssigned || !child.localIsOwn,
            where,
            "the local side cannot be both an assigned address and our own");
    Require(!child.remoteIsAssigned || IsServer(role),
            where,
            "the remote side is an assigned address, but we do not assign any; make us a Mode "
            "Config server");
    Require(child.mode == EncapsulationMode::Tunnel ||
                (!child.localIsAssigned && !child.remoteIsAssigned),
            where,
            "an assigned address is not the one that packets travel under; use tunnel mode");
}

void
CheckPool(const AddressPool& pool)
{
    const std::string where = "pool '" + pool.name + "'";
    Require(!pool.first.IsAny(), where, "the first address is missing");
    Require(!(pool.last < pool.first),
            where,
            "the first address " + pool.first.ToString() + " is behind the last one " +
                pool.last.ToString());
    const uint64_t size = uint64_t{pool.last.value} - pool.first.value + 1;
    Require(size <= MAX_POOL,
            where,
            "there are " + std::to_string(size) + " addresses; at most " +
                std::to_string(MAX_POOL) + " are allowed");
    Require(pool.prefixLength <= 32,
            where,
            "the prefix length is " + std::to_string(pool.prefixLength) + "; 0 to 32 are allowed");
    std::set<IpAddress> leased;
    for (const auto& [user, address] : pool.staticLeases)
    {
        Require(!(address < pool.first) && !(pool.last < address),
                where,
                "the address " + address.ToString() + " kept for '" + user +
                    "' is not one of the pool");
        Require(leased.insert(address).second,
                where,
                "the address " + address.ToString() + " is kept for two users");
    }
}

} // namespace

void
CheckRemoteAccess(const std::string& where,
                  const PeerConfig& peer,
                  const std::vector<AddressPool>& pools)
{
    CheckXauth(where, peer.xauth);
    CheckModeConfig(where, peer.modeConfig, pools);
    for (const ChildConfig& child : peer.children)
    {
        CheckAssigned(where + ", child '" + child.name + "'", child, peer.modeConfig->role);
    }
}

void
CheckPools(const std::vector<AddressPool>& pools)
{
    std::set<std::string> names;
    for (const AddressPool& pool : pools)
    {
        CheckPool(pool);
        Require(
            names.insert(pool.name).second, "pool '" + pool.name + "'", "the name is used twice");
    }
}

} // namespace ipsec
} // namespace ns3
