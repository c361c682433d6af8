// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Which payloads each message of main and aggressive mode must and may have.
 */
#ifndef IKE_PHASE1_RULES_H
#define IKE_PHASE1_RULES_H

#include "ike-authentication.h"
#include "ike-exchange.h"

namespace ns3
{
namespace ipsec
{

/// Checks MM1 and MM2.
Result<Done> CheckMm12(const PayloadChain& chain);
/// Checks MM3 and MM4 under a method.
Result<Done> CheckMm34(const PayloadChain& chain, AuthMethod method);
/// Checks MM5 and MM6, where the sender's part in XAUTH is @p role.
Result<Done> CheckMm56(const PayloadChain& chain, AuthMethod method, XauthRole role);
/// Checks AM1; SA must be first.
Result<Done> CheckAm1(const PayloadChain& chain, AuthMethod method);
/// Checks AM2; SA must be first.
Result<Done> CheckAm2(const PayloadChain& chain, AuthMethod method, XauthRole role);
/// Checks AM3.
Result<Done> CheckAm3(const PayloadChain& chain, AuthMethod method, XauthRole role);

} // namespace ipsec
} // namespace ns3

#endif // IKE_PHASE1_RULES_H
