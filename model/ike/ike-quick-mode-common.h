// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * What both ends of quick mode do alike.
 */
#ifndef IKE_QUICK_MODE_COMMON_H
#define IKE_QUICK_MODE_COMMON_H

#include "ike-quick-mode.h"

#include "ns3/isakmp-payloads.h"

namespace ns3
{
namespace ipsec
{

/// Rules of QM1 and QM2; they carry the same payloads.
constexpr std::array<PayloadRule, 7> QM12_RULES = {{{PayloadType::Hash, 1, 1},
                                                    {PayloadType::Sa, 1, 1},
                                                    {PayloadType::Nonce, 1, 1},
                                                    {PayloadType::Ke, 0, 1},
                                                    {PayloadType::Id, 0, 2},
                                                    {PayloadType::Notify, 0, 4},
                                                    {PayloadType::NatOa, 0, 2}}};
constexpr std::array<PayloadRule, 2> QM3_RULES = {
    {{PayloadType::Hash, 1, 1}, {PayloadType::Notify, 0, 4}}};

/// Makes the header of a quick mode message.
IsakmpHeader QuickModeHeader(const IkeKeys& keys, uint32_t messageId);

/// Checks that SA follows HASH directly (RFC 2409 section 5.5): UnexpectedPayload.
Result<Done> CheckQm12(const PayloadChain& chain);

/**
 * Reads IDci and IDcr into our view of the traffic; both absent stand for the peers' own addresses,
 * one alone is refused (BadIdentity).
 */
Result<ProxyId> ReadProxyId(const PayloadChain& chain, const QuickModeGround& ground, Role role);

/// Makes the NAT-OA payloads of a message of ours, the initiator's address first (RFC 3947 section
/// 5.2): where there is a NAT, transport mode needs them.
std::vector<RawPayload> MakeNatOa(const QuickModeGround& ground,
                                  const ChildConfig& child,
                                  Role own);

/// Reads the peer's, if it sent any and they are needed; MalformedPayload.
Result<std::optional<OriginalAddresses>> ReadNatOa(const PayloadChain& chain,
                                                   const QuickModeGround& ground,
                                                   const ChildConfig& child,
                                                   Role own);

/// Returns the traffic that a request asks for, with addresses as we see them: in transport mode a
/// peer behind a NAT names the address that it has there.
ProxyId SeenHere(const ProxyId& asked, const QuickModeGround& ground, const ChildConfig& child);

/// Puts a HASH payload in front of @p payloads.
std::vector<RawPayload> WithHash(Octets hash, std::vector<RawPayload> payloads);

/// Returns what phase 2 of a child is negotiated under by an end with this role.
Phase2Terms TermsOf(const QuickModeGround& ground,
                    const ChildConfig& child,
                    Role role,
                    const Personality& personality);

/// Everything from which the SAs are made.
struct SaPairInput
{
    const Phase2Choice& choice;
    Role role;
    IpsecSpis ownSpis;
    OctetView ni;
    OctetView nr;
    /// Empty without PFS.
    OctetView gxy;
    /// What the peer said in NAT-OA.
    std::optional<OriginalAddresses> original = std::nullopt;
};

/// Derives KEYMAT of every SA and makes the SAs of a child.
SaPair MakeSaPair(const QuickModeGround& ground,
                  uint32_t child,
                  const SaPairInput& input,
                  StepContext& context);

} // namespace ipsec
} // namespace ns3

#endif // IKE_QUICK_MODE_COMMON_H
