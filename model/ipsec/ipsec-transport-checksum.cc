// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-transport-checksum.h"

#include "ns3/esp-header.h"

namespace ns3
{
namespace ipsec
{

namespace
{

constexpr size_t PROTOCOL_OFFSET = 9;
constexpr size_t SOURCE_OFFSET = 12;
constexpr size_t ADDRESS_OCTETS = 4;

/// Where the checksum stands in a TCP and in a UDP header.
constexpr size_t TCP_CHECKSUM_OFFSET = 16;
constexpr size_t UDP_CHECKSUM_OFFSET = 6;

/// Adds octets as 16-bit words in network order; an odd one counts as the upper half of a word.
uint64_t
Sum(OctetView octets)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < octets.size(); i++)
    {
        sum += static_cast<uint64_t>(octets[i]) << (i % 2 == 0 ? 8 : 0);
    }
    return sum;
}

/// Folds a sum to the 16 bits of one's complement arithmetic.
uint16_t
Fold(uint64_t sum)
{
    while (sum >> 16 != 0)
    {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    return static_cast<uint16_t>(sum);
}

uint16_t
Complement(uint16_t word)
{
    return static_cast<uint16_t>(~word);
}

} // namespace

void
CorrectChecksum(Octets& packet, const std::optional<OriginalAddresses>& original)
{
    constexpr size_t WORD = 4;
    const size_t headerOctets = (packet[0] & 0x0f) * WORD;
    const uint8_t protocol = packet[PROTOCOL_OFFSET];
    const bool isTcp = protocol == IP_PROTOCOL_TCP;
    const size_t at = headerOctets + (isTcp ? TCP_CHECKSUM_OFFSET : UDP_CHECKSUM_OFFSET);
    if ((!isTcp && protocol != IP_PROTOCOL_UDP) || packet.size() < at + 2)
    {
        return;
    }
    const auto checksum = static_cast<uint16_t>(packet[at] << 8 | packet[at + 1]);
    if (!isTcp && checksum == 0)
    {
        return;
    }
    const OctetView all(packet);
    const uint64_t addresses = Sum(all.From(SOURCE_OFFSET).First(2 * ADDRESS_OCTETS));
    uint16_t sum = 0;
    if (original)
    {
        // RFC 1624 equation 3
        const uint64_t before = Sum(original->local.ToOctets()) + Sum(original->remote.ToOctets());
        sum = Fold(uint64_t{Complement(checksum)} + Complement(Fold(before)) + addresses);
    }
    else
    {
        const OctetView segment = all.From(headerOctets);
        sum = Fold(addresses + protocol + segment.size() + Sum(segment) - checksum);
    }
    uint16_t corrected = Complement(sum);
    if (!isTcp && corrected == 0)
    {
        corrected = 0xffff; // RFC 768: zero would say that there is none
    }
    packet[at] = static_cast<uint8_t>(corrected >> 8);
    packet[at + 1] = static_cast<uint8_t>(corrected);
}

} // namespace ipsec
} // namespace ns3
