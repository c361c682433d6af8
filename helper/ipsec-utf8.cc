// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-utf8.h"

#include <array>
#include <cstdint>

namespace ns3
{
namespace ipsec
{

namespace
{

/// Tells whether XML may hold a character (XML 1.0 section 2.2).
bool
IsXmlCharacter(uint32_t character)
{
    const bool isControl = character < 0x20 && character != '\n' && character != '\t';
    const bool isSurrogate = character >= 0xd800 && character <= 0xdfff;
    return !isControl && !isSurrogate && character != 0xfffe && character != 0xffff &&
           character <= 0x10ffff;
}

} // namespace

size_t
CharacterLength(const std::string& text, size_t i)
{
    const auto octet = static_cast<unsigned char>(text[i]);
    const size_t length = octet < 0x80                    ? 1
                          : octet >= 0xc0 && octet < 0xe0 ? 2
                          : octet >= 0xe0 && octet < 0xf0 ? 3
                          : octet >= 0xf0 && octet < 0xf8 ? 4
                                                          : 0;
    if (length == 0 || i + length > text.size())
    {
        return 0;
    }
    // Least characters that need so many octets.
    static constexpr std::array<uint32_t, 5> LEAST{0, 0, 0x80, 0x800, 0x10000};
    uint32_t character = length == 1 ? octet : octet & (0x7fU >> length);
    for (size_t k = 1; k < length; k++)
    {
        const auto next = static_cast<unsigned char>(text[i + k]);
        if ((next & 0xc0) != 0x80)
        {
            return 0;
        }
        character = character << 6 | (next & 0x3fU);
    }
    return character >= LEAST.at(length) && IsXmlCharacter(character) ? length : 0;
}

} // namespace ipsec
} // namespace ns3
