// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Vendor IDs that are known here.
 */
#ifndef ISAKMP_VENDOR_IDS_H
#define ISAKMP_VENDOR_IDS_H

#include "ns3/ipsec-octets.h"

#include <string>

namespace ns3
{
namespace ipsec
{

/// Vendor IDs with a meaning or a name.
enum class VendorId : uint8_t
{
    Unknown,
    NatTraversalRfc3947,
    NatTraversalDraft03,
    NatTraversalDraft02,
    NatTraversalDraft02Newline, ///< draft -02 with a line feed hashed in, a widespread mistake
    NatTraversalDraft01,
    NatTraversalDraft00,
    DeadPeerDetection,
    Xauth,
    CiscoUnity,
    Fragmentation,
    StrongSwan,
    Racoon,
    JuniperSrx,
    NetScreen,
    MsNt5,
};

/// Recognises a VID body; the last octets of DPD and some others are a version and may differ.
VendorId RecogniseVendorId(OctetView body);
/// Returns the octets that we send for a vendor ID; nothing for Unknown.
Octets VendorIdOctets(VendorId id);
/// Returns a name for ladders, such as "RFC 3947".
std::string VendorIdName(VendorId id);

} // namespace ipsec
} // namespace ns3

#endif // ISAKMP_VENDOR_IDS_H
