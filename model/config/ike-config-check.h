// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * The rules of configuration, which EngineConfig::Validate() applies.
 *
 * Each function throws std::invalid_argument with one sentence, which begins with @p where: whose
 * configuration it is about.
 */
#ifndef IKE_CONFIG_CHECK_H
#define IKE_CONFIG_CHECK_H

#include "ike-config.h"

#include <string>
#include <vector>

namespace ns3
{
namespace ipsec
{

/// Whose configuration is checked.
enum class ConfigStage : uint8_t
{
    Start,  ///< that of an engine which begins
    AtWork, ///< that of one which may have lost keys, and have moved
};

/// Throws "WHERE: SENTENCE" unless @p good.
void Require(bool good, const std::string& where, const std::string& sentence);

/// Tells whether any proposal of a peer is authenticated by pre-shared key.
bool OffersPreSharedKey(const PeerConfig& peer);

/// Lifetimes travel as 32 bits of seconds or kilobytes.
constexpr uint64_t MAX_LIFE = 0xffffffff;

/// Checks that a lifetime fits the wire.
void CheckLifetime(const std::string& where, Duration lifetime);

/// Checks that there are as many proposals as a policy may have.
void CheckCount(const std::string& where, size_t proposals);

/// Checks the children of a peer.
void CheckChildren(const std::string& where, const PeerConfig& peer, ConfigStage stage);

/// Checks that every value of a personality makes sense.
void CheckPersonality(const std::string& where, const Personality& personality);

/// Checks that dead peer detection ends, and not at once.
void CheckDpd(const std::string& where, const DpdConfig& dpd);

/// Checks the rules that one peer and its children must meet.
void CheckPeer(const PeerConfig& peer, const std::vector<AddressPool>& pools, ConfigStage stage);

/// Checks what the proposals of phase 1 need at this end and in the peer's mode: keys,
/// certificates, trust, what aggressive mode leaves open.
void CheckAuthentication(const std::string& where, const PeerConfig& peer, ConfigStage stage);

/// Checks who the ends say they are, and what the kind of peer asks for.
void CheckIdentities(const std::string& where, const PeerConfig& peer, ConfigStage stage);

/// Checks XAUTH, Mode Config, and the children whose addresses it assigns.
void CheckRemoteAccess(const std::string& where,
                       const PeerConfig& peer,
                       const std::vector<AddressPool>& pools);

/// Checks the address pools of an engine.
void CheckPools(const std::vector<AddressPool>& pools);

/// Checks what peers must have in common, or must not, because they are told apart late or never.
void CheckPeersTogether(const std::vector<PeerConfig>& peers);

} // namespace ipsec
} // namespace ns3

#endif // IKE_CONFIG_CHECK_H
