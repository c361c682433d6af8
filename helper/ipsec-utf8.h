// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Texts of users, who may write in any language, and of peers, who may write anything.
 */
#ifndef IPSEC_UTF8_H
#define IPSEC_UTF8_H

#include <cstddef>
#include <string>

namespace ns3
{
namespace ipsec
{

/// Returns how many octets a character of UTF-8 has that begins at @p i; 0 if it is none, written
/// with more octets than it needs, or none that XML may hold.
size_t CharacterLength(const std::string& text, size_t i);

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_UTF8_H
