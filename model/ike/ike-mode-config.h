// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Mode Config (draft-dukes-ike-mode-cfg-02): an address and networks for a remote client.
 *
 *      Pull: Client                              Push: Server
 *           --------                                  --------
 *            REQUEST(ADDRESS, ...) -->                 SET(ADDRESS, ...) -->
 *                <--  REPLY(ADDRESS, ...)                  <--  ACK(ADDRESS, ...)
 */
#ifndef IKE_MODE_CONFIG_H
#define IKE_MODE_CONFIG_H

#include "ike-transaction.h"

namespace ns3
{
namespace ipsec
{

/// What a client is told.
struct InternalConfig
{
    IpAddress address;
    uint8_t prefixLength = 32;
    std::vector<IpAddress> dns;
    std::vector<Prefix> subnets;
};

/// The client sent a REQUEST.
struct ExpectConfigReply
{
    static constexpr const char* NAME = "ExpectConfigReply";
    CipherChain chain;
};

/// The server sent a SET.
struct ExpectConfigAck
{
    static constexpr const char* NAME = "ExpectConfigAck";
    CipherChain chain;
    InternalConfig told;
};

/// Makes what a client asks.
AttributesPayload MakeConfigRequest(const ModeConfig& config);

/// Tells whether a client asks for an address.
bool AsksForAddress(const AttributesPayload& request);

/// Answers what a client asks, as far as we have it; everything else is passed over. Without
/// @p told there is no address for it.
AttributesPayload MakeConfigReply(const AttributesPayload& request,
                                  const ModeConfig& config,
                                  const std::optional<InternalConfig>& told);

/// Makes what a server tells unasked: everything.
AttributesPayload MakeConfigSet(const ModeConfig& config, const InternalConfig& told);

/// Acknowledges a SET: the attributes that we understand, without values.
AttributesPayload AcknowledgeConfig(const AttributesPayload& set);

/**
 * Reads what a server told; ConfigFailed without an address that a host can have. Everything else
 * that is unknown or malformed is passed over (bounded by MAX_TOLD_ITEMS each).
 */
Result<InternalConfig> ReadConfig(const AttributesPayload& payload);

/// Name servers and networks that a client remembers at most: a datagram of 64 KiB holds no more.
constexpr size_t MAX_TOLD_ITEMS = 8192;

} // namespace ipsec
} // namespace ns3

#endif // IKE_MODE_CONFIG_H
