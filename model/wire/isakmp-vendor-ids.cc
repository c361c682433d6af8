// SPDX-License-Identifier: GPL-2.0-only
#include "isakmp-vendor-ids.h"

namespace ns3
{
namespace ipsec
{

namespace
{

/// One vendor ID.
struct VendorRow
{
    VendorId id;
    const char* name;
    /// What we send.
    const char* hex;
    /// How many leading octets decide.
    size_t prefix;
    /// Lengths of the bodies that vendors send.
    size_t shortest;
    size_t longest;
};

constexpr VendorRow VENDORS[] = {
    {VendorId::NatTraversalRfc3947, "RFC 3947", "4a131c81070358455c5728f20e95452f", 16, 16, 16},
    {VendorId::NatTraversalDraft03,
     "NAT-T draft 03",
     "7d9419a65310ca6f2c179d9215529d56",
     16,
     16,
     16},
    {VendorId::NatTraversalDraft02,
     "NAT-T draft 02",
     "cd60464335df21f87cfdb2fc68b6a448",
     16,
     16,
     16},
    {VendorId::NatTraversalDraft02Newline,
     "NAT-T draft 02 with line feed",
     "90cb80913ebb696e086381b5ec427b1f",
     16,
     16,
     16},
    {VendorId::NatTraversalDraft01,
     "NAT-T draft 01",
     "16f6ca16e4a4066d83821a0f0aeaa862",
     16,
     16,
     16},
    {VendorId::NatTraversalDraft00,
     "NAT-T draft 00",
     "4485152d18b6bbcd0be8a8469579ddcc",
     16,
     16,
     16},
    {VendorId::DeadPeerDetection, "DPD", "afcad71368a1f1c96b8696fc77570100", 14, 16, 16},
    {VendorId::Xauth, "XAUTH", "09002689dfd6b712", 8, 8, 8},
    {VendorId::CiscoUnity, "Cisco Unity", "12f5f28c457168a9702d9fe274cc0100", 14, 16, 16},
    // The four octets behind the digest say where fragments may be used; some leave them out.
    {VendorId::Fragmentation,
     "FRAGMENTATION",
     "4048b7d56ebce88525e7de7f00d6c2d380000000",
     16,
     16,
     20},
    {VendorId::StrongSwan, "strongSwan", "882fe56d6fd20dbc2251613b2ebe5beb", 16, 16, 16},
    {VendorId::Racoon, "racoon", "7003cbc1097dbe9c2600ba6983bc8b35", 16, 16, 16},
    {VendorId::JuniperSrx, "Juniper SRX", "fd808804df73b15150709d878044cde0ac1efcde", 20, 20, 20},
    // A product and a version follow.
    {VendorId::NetScreen, "NetScreen", "699369228741c6d4ca094c93e242c9de19e7b7c6", 20, 20, 28},
    // A version follows.
    {VendorId::MsNt5, "MS NT5", "1e2b516905991c7d7c96fcbfb587e461", 16, 16, 20},
};

/// Returns the octets of VENDORS, in its order.
const std::vector<Octets>&
VendorBodies()
{
    static const std::vector<Octets> bodies = []
    {
        std::vector<Octets> read;
        for (const VendorRow& row : VENDORS)
        {
            read.push_back(FromHex(row.hex));
        }
        return read;
    }();
    return bodies;
}

const VendorRow*
FindRow(VendorId id)
{
    for (const VendorRow& row : VENDORS)
    {
        if (row.id == id)
        {
            return &row;
        }
    }
    return nullptr;
}

} // namespace

VendorId
RecogniseVendorId(OctetView body)
{
    const std::vector<Octets>& known = VendorBodies();
    for (size_t i = 0; i < known.size(); i++)
    {
        const VendorRow& row = VENDORS[i];
        const bool lengthFits = body.size() >= row.shortest && body.size() <= row.longest;
        if (lengthFits && body.First(row.prefix) == OctetView(known[i]).First(row.prefix))
        {
            return row.id;
        }
    }
    return VendorId::Unknown;
}

Octets
VendorIdOctets(VendorId id)
{
    const VendorRow* row = FindRow(id);
    return row ? VendorBodies()[static_cast<size_t>(row - VENDORS)] : Octets{};
}

std::string
VendorIdName(VendorId id)
{
    const VendorRow* row = FindRow(id);
    return row ? row->name : "unknown";
}

} // namespace ipsec
} // namespace ns3
