// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Data attributes in both encodings.
 */
#ifndef ISAKMP_ATTRIBUTES_H
#define ISAKMP_ATTRIBUTES_H

#include "ns3/ipsec-fault.h"
#include "ns3/ipsec-octets.h"

#include <optional>

namespace ns3
{
namespace ipsec
{

/**
 * One data attribute (RFC 2408 section 3.3): basic (type and 16-bit value, "TV") or variable (type,
 * length and value, "TLV").
 *
 *                      1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * !A!       Attribute Type        !    AF=0  Attribute Length     !
 * !F!                             !    AF=1  Attribute Value      !
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * .                   AF=0  Attribute Value                       .
 * .                   AF=1  Not Transmitted                       .
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 */
struct DataAttribute
{
    uint16_t type = 0;
    bool basic = true;
    /// Two octets if basic.
    Octets value;

    /// Returns the value as a number, or nothing if it has no octets or does not fit 64 bits.
    std::optional<uint64_t> AsNumber() const;

    /// Makes a basic attribute.
    static DataAttribute Basic(uint16_t type, uint16_t value);
    /// Makes a variable attribute.
    static DataAttribute Variable(uint16_t type, OctetView value);
    /// Makes the canonical form of a number: basic if it fits 16 bits, else four octets.
    static DataAttribute Number(uint16_t type, uint32_t value);
};

inline bool
operator==(const DataAttribute& a, const DataAttribute& b)
{
    return a.type == b.type && a.basic == b.basic && a.value == b.value;
}

/// Reads the next attribute; MalformedPayload if it does not fit.
Result<DataAttribute> ParseAttribute(OctetReader& reader);

/// Reads attributes until @p octets end; MalformedPayload if the last one does not fit.
Result<std::vector<DataAttribute>> ParseAttributes(OctetView octets);

/// Appends attributes in their own encoding.
void WriteAttributes(OctetWriter& writer, const std::vector<DataAttribute>& attributes);

} // namespace ipsec
} // namespace ns3

#endif // ISAKMP_ATTRIBUTES_H
