// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * What the payloads of one message say, in words: transforms, identities, SPIs, sizes.
 */
#ifndef IKE_PAYLOAD_DETAILS_H
#define IKE_PAYLOAD_DETAILS_H

#include "ike-effects.h"

namespace ns3
{
namespace ipsec
{

/// Adds to the labels of a message the lines that each payload unfolds to (PayloadLabel::Lines()).
/// @param clear the chain of its payloads in clear
void DescribePayloads(MessageSummary& summary, OctetView clear);

} // namespace ipsec
} // namespace ns3

#endif // IKE_PAYLOAD_DETAILS_H
