// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * A configuration that nothing is wrong with, and what is said when something is.
 */
#ifndef CONFIG_SAMPLES_H
#define CONFIG_SAMPLES_H

#include "thrown-sentence.h"

#include "ns3/ike-config.h"

#include <string>

namespace ns3
{
namespace ipsec
{

/// What Refusal() says of a good configuration.
inline const std::string ACCEPTED = "(nothing was thrown)";

/// Returns a child for 10.1.0.0/24 <-> 10.2.0.0/24.
ChildConfig GoodChild(const std::string& name);
/// Returns a peer of 192.0.2.1, by pre-shared key, with one child.
PeerConfig GoodPeer(const std::string& name, const char* remote);
/// Returns the same without a remote address.
PeerConfig DynamicPeer(const std::string& name);
/// Returns the same in aggressive mode, which goes by a name.
PeerConfig DynamicAggressivePeer(const std::string& name, const std::string& id);
/// Returns one good peer "b" at 192.0.2.2.
EngineConfig GoodConfig();

/// Returns the sentence that refuses a configuration.
std::string Refusal(const EngineConfig& config);

/// Returns the refusal after @p change was made to the only peer of a good configuration.
template <typename Change>
std::string
PeerRefusal(Change change)
{
    EngineConfig config = GoodConfig();
    change(config.peers[0]);
    return Refusal(config);
}

/// Returns the refusal after @p change was made to the only child of a good configuration.
template <typename Change>
std::string
ChildRefusal(Change change)
{
    return PeerRefusal([&change](PeerConfig& peer) { change(peer.children[0]); });
}

} // namespace ipsec
} // namespace ns3

#endif // CONFIG_SAMPLES_H
