// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * What both ends of main mode do alike.
 */
#ifndef IKE_MAIN_MODE_COMMON_H
#define IKE_MAIN_MODE_COMMON_H

#include "ike-main-mode.h"

namespace ns3
{
namespace ipsec
{

/// Rules of MM1 and MM2, of MM3 and MM4, of MM5 and MM6.
constexpr std::array<PayloadRule, 1> MM12_RULES = {{{PayloadType::Sa, 1, 1}}};
constexpr std::array<PayloadRule, 4> MM34_RULES = {{{PayloadType::Ke, 1, 1},
                                                    {PayloadType::Nonce, 1, 1},
                                                    {PayloadType::NatD, 0, 8},
                                                    {PayloadType::CertRequest, 0, 8}}};
constexpr std::array<PayloadRule, 3> MM56_RULES = {
    {{PayloadType::Id, 1, 1}, {PayloadType::Hash, 1, 1}, {PayloadType::Notify, 0, 4}}};

/// Makes the ID and HASH payloads of one end; counts the work.
std::vector<RawPayload> MakeAuthentication(Role sender,
                                           const IkeKeys& keys,
                                           const Phase1Transcript& transcript,
                                           StepContext& context);

/// A peer that proved who it is.
struct ProvenPeer
{
    PeerAuthenticated authenticated;
    Identity identity;
};

/// Checks MM5 or MM6 of @p sender: payloads, then HASH_I or HASH_R, then notifications, then the
/// identity.
Result<ProvenPeer> CheckAuthentication(Role sender,
                                       const PayloadChain& chain,
                                       const IkeKeys& keys,
                                       const Phase1Transcript& transcript,
                                       StepContext& context);

} // namespace ipsec
} // namespace ns3

#endif // IKE_MAIN_MODE_COMMON_H
