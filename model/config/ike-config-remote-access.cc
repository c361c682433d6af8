// SPDX-License-Identifier: GPL-2.0-only
#include "ike-config.h"

#include <algorithm>
#include <set>
#include <stdexcept>

namespace ns3
{
namespace ipsec
{

namespace
{

/// Above any use; a client answers as many questions.
constexpr uint32_t MAX_TRIES = 16;
constexpr size_t MAX_DNS = 16;
/// What fits one UDP datagram in both notations.
constexpr size_t MAX_SUBNETS = 2000;
/// An attribute of this length is all that a user can type.
constexpr size_t MAX_CREDENTIAL = 255;

void
Require(bool good, const std::string& where, const std::string& sentence)
{
    if (!good)
    {
        throw std::invalid_argument(where + ": " + sentence);
    }
}

void
CheckPool(const AddressPool& pool)
{
    const std::string where = "address pool '" + pool.name + "'";
    Require(!pool.first.IsAny() && !(pool.last < pool.first),
            where,
            "it must run from one address to another, not from " + pool.first.ToString() + " to " +
                pool.last.ToString());
    Require(pool.prefixLength >= 1 && pool.prefixLength <= 32,
            where,
            "the prefix length must be 1 to 32");
    std::set<IpAddress> kept;
    for (const auto& [holder, address] : pool.staticLeases)
    {
        Require(!(address < pool.first) && !(pool.last < address),
                where,
                "the address " + address.ToString() + " kept for '" + holder +
                    "' is not one of the pool");
        Require(kept.insert(address).second,
                where,
                "the address " + address.ToString() + " is kept twice");
    }
}

void
CheckXauth(const std::string& where, const XauthConfig& xauth)
{
    if (xauth.role == XauthRole::Off)
    {
        return;
    }
    Require(xauth.timeout > Duration::zero(), where, "the time for XAUTH must be positive");
    if (xauth.role == XauthRole::Client)
    {
        Require(!xauth.user.empty(), where, "XAUTH needs the name of a user");
        Require(xauth.user.size() <= MAX_CREDENTIAL && xauth.password.size() <= MAX_CREDENTIAL,
                where,
                "user and password of XAUTH have at most 255 octets");
        return;
    }
    Require(!xauth.users.empty(), where, "XAUTH knows no users, so nobody could come in");
    Require(xauth.tries >= 1 && xauth.tries <= MAX_TRIES,
            where,
            "XAUTH must allow 1 to " + std::to_string(MAX_TRIES) + " tries");
}

bool
IsServer(ModeConfigRole role)
{
    return role == ModeConfigRole::PullServer || role == ModeConfigRole::PushServer;
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
    Require(config.timeout > Duration::zero(), where, "the time for Mode Config must be positive");
    if (!IsServer(config.role))
    {
        return;
    }
    const bool isKnown = std::any_of(
        pools.begin(), pools.end(), [&](const AddressPool& p) { return p.name == config.pool; });
    Require(isKnown,
            where,
            "Mode Config hands out addresses of the pool '" + config.pool +
                "', which is not there");
    Require(config.dns.size() <= MAX_DNS && config.subnets.size() <= MAX_SUBNETS,
            where,
            "Mode Config can tell at most " + std::to_string(MAX_DNS) + " name servers and " +
                std::to_string(MAX_SUBNETS) + " networks");
}

/// Returns the traffic of a child with what is not known yet left open.
std::string
KnownPart(const ChildConfig& child)
{
    ProxyId known = child.proxyId;
    known.local = child.localIsAssigned ? Prefix{} : known.local;
    known.remote = child.remoteIsAssigned ? Prefix{} : known.remote;
    return known.ToString();
}

void
CheckAssigned(const std::string& where, const PeerConfig& peer)
{
    const ModeConfigRole role = peer.modeConfig.role;
    std::set<std::string> traffic;
    for (const ChildConfig& child : peer.children)
    {
        const std::string inChild = where + ", child '" + child.name + "'";
        const bool isAssigned = child.localIsAssigned || child.remoteIsAssigned;
        const bool isClient = role != ModeConfigRole::Off && !IsServer(role);
        Require(!child.localIsAssigned || isClient,
                inChild,
                "its local address is assigned, but this end is no client of Mode Config");
        Require(!child.remoteIsAssigned || IsServer(role),
                inChild,
                "its remote address is assigned, but this end is no server of Mode Config");
        Require(!isAssigned || child.mode == EncapsulationMode::Tunnel,
                inChild,
                "an assigned address is used inside a tunnel only");
        Require(traffic.insert(KnownPart(child)).second,
                inChild,
                "another child is the same but for the address that is assigned");
    }
}

} // namespace

void
EngineConfig::ValidateRemoteAccess() const
{
    std::set<std::string> names;
    for (const AddressPool& pool : pools)
    {
        CheckPool(pool);
        Require(names.insert(pool.name).second,
                "address pool '" + pool.name + "'",
                "the name is used twice");
    }
    for (const PeerConfig& peer : peers)
    {
        const std::string where = "peer '" + peer.name + "'";
        CheckXauth(where, peer.xauth);
        CheckModeConfig(where, peer.modeConfig, pools);
        CheckAssigned(where, peer);
        Require(!peer.isGroup || !peer.remoteAddress,
                where,
                "it is a group of clients, which cannot all have the address " +
                    peer.remoteAddress.value_or(IpAddress{}).ToString());
    }
}

} // namespace ipsec
} // namespace ns3
