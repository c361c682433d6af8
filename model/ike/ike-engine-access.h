// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * What an engine holds of remote clients: their transactions, how far they are, who they are.
 */
#ifndef IKE_ENGINE_ACCESS_H
#define IKE_ENGINE_ACCESS_H

#include "ike-ledger.h"
#include "ike-mode-config.h"
#include "ike-xauth.h"

#include <optional>
#include <string>
#include <variant>

namespace ns3
{
namespace ipsec
{

using TransactionState = std::variant<ExpectXauthReply,
                                      ExpectXauthAck,
                                      ExpectConfigReply,
                                      ExpectConfigAck,
                                      TransactionAnswered>;

/// Transactions of the peer at once over one IKE SA; it needs one for XAUTH and one for Mode Config
/// at a time.
constexpr size_t MAX_TRANSACTIONS = 16;

/// One transaction.
struct TransactionSlot
{
    TransactionState state;
    Ledger ledger;
    /// When a finished exchange stops to answer duplicates.
    std::optional<Instant> forgetAt;
};

/// What stands between phase 1 and quick modes (MC-01).
enum class AccessStage : uint8_t
{
    Xauth,
    ModeConfig,
    Ready, ///< nothing more
};

/// How far an established IKE SA is on its way there.
struct Access
{
    AccessStage stage = AccessStage::Ready;
    /// When the stage must be over.
    std::optional<Instant> endsAt;
    /// XAUTH: how often the server asked.
    uint32_t questions = 0;
    /// XAUTH: who the peer proved to be.
    std::string user;
    /// The peer knows of no other SA with us; it counts once the peer may say so.
    bool initialContact = false;
};

/// What a client of a group is known by: its identity, which others may share, and where it is.
struct ClientKey
{
    PeerId group = 0;
    IdType type = IdType::Ipv4Addr;
    Octets identity;
    /// Where it was when its phase 1 ended.
    Endpoint endpoint;
};

bool operator<(const ClientKey& a, const ClientKey& b);

} // namespace ipsec
} // namespace ns3

#endif // IKE_ENGINE_ACCESS_H
