// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Tunnels whose SPIs and keys are set by hand.
 */
#ifndef IPSEC_MANUAL_TUNNEL_H
#define IPSEC_MANUAL_TUNNEL_H

#include "ns3/ike-proposal.h"
#include "ns3/ipsec-sa.h"

#include <optional>
#include <string>
#include <vector>

namespace ns3
{
namespace ipsec
{

/// What a person types in for one protocol and direction.
struct ManualKeys
{
    uint32_t spi = 0;
    /// For ESP.
    SecretBytes cipherKey;
    SecretBytes integrityKey;
};

/**
 * One tunnel without IKE, seen from this node. With IKE a tunnel has all of this but the keys, and
 * adds an IKE proposal and an IKE peer (requirement MK-02). Its SAs never expire (LT-07).
 */
struct ManualTunnel
{
    std::string name;
    IpAddress localAddress;
    IpAddress remoteAddress;
    ProxyId proxyId;
    EncapsulationMode mode = EncapsulationMode::Tunnel;
    /// One of them at least; with both, AH goes around ESP.
    std::optional<EspAlgorithms> esp;
    std::optional<IntegrityId> ah;
    ManualKeys espOut;
    ManualKeys espIn;
    ManualKeys ahOut;
    ManualKeys ahIn;
    /// 0 (off) or 32 to 4096. A sender that was started anew begins at 1 again, so it is off unless
    /// asked for (RFC 4303 section 3.3.3).
    uint32_t replayWindow = 0;
    OuterHeaderRules outerHeader;
    /// Where its policy stands among the others.
    int32_t order = 0;

    /// Returns the same tunnel seen from the other end.
    ManualTunnel Mirror() const;
    /**
     * Throws unless it can work.
     * @throws std::invalid_argument with one sentence: an address or all protocols missing; an SPI
     *   below 256; a key of the wrong length; CTR or GCM, whose counters must never start again
     *   with the same key (RFC 3686 section 2.1, RFC 4106 section 2); ESP with neither encryption
     *   nor integrity; transport mode for traffic of others; a replay window out of range.
     */
    void Validate() const;
    /// Makes its SAs, inbound ones first.
    std::vector<IpsecSa> MakeSas(ChildId child) const;
};

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_MANUAL_TUNNEL_H
