// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * What each payload of ISAKMP is for, in a sentence.
 */
#ifndef IPSEC_PAYLOAD_TEXTS_H
#define IPSEC_PAYLOAD_TEXTS_H

#include "ns3/isakmp-constants.h"

namespace ns3
{
namespace ipsec
{

/// Says what a payload is for, and where it is defined: "Nonce: fresh randomness ... (RFC 2408
/// section 3.13)".
const char* PayloadText(PayloadType type);

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_PAYLOAD_TEXTS_H
