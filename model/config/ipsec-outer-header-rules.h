// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * What an SA puts into the outer IP header.
 */
#ifndef IPSEC_OUTER_HEADER_RULES_H
#define IPSEC_OUTER_HEADER_RULES_H

#include <cstdint>
#include <optional>

namespace ns3
{
namespace ipsec
{

/// What becomes of DF (RFC 4301 section 8.1).
enum class DfRule : uint8_t
{
    Copy,
    Set,
    Clear,
};

/// Which packet is cut if it does not fit through the path (RFC 4301 section 8.2.1).
enum class FragmentWhere : uint8_t
{
    Inner, ///< before protection: the peer's hosts put them together
    Outer, ///< after protection: the peer does
};

/// How tunnel mode builds its outer header (RFC 4301 section 5.1.2.1). Transport mode keeps the
/// packet's own.
struct OuterHeaderRules
{
    DfRule df = DfRule::Copy;
    FragmentWhere fragment = FragmentWhere::Inner;
    /// Nothing copies the inner packet's DSCP.
    std::optional<uint8_t> dscp = std::nullopt;
    /// RFC 6040: normal mode at both ends, or compatibility mode (the outer header is not-ECT).
    bool ecn = true;
    uint8_t ttl = 64;
};

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_OUTER_HEADER_RULES_H
