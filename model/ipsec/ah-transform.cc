// SPDX-License-Identifier: GPL-2.0-only
#include "ah-transform.h"

#include "ns3/crypto-hash.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <utility>

namespace ns3
{
namespace ipsec
{

namespace
{

/// AH in front of its ICV (RFC 4302 section 2).
constexpr size_t AH_FIXED_OCTETS = 12;
constexpr size_t SPI_POSITION = 4;
constexpr size_t SEQUENCE_POSITION = 8;
/// As long as the longest HMAC.
constexpr size_t LONGEST_ICV = 64;

constexpr size_t SHORTEST_IP_HEADER = 20;
constexpr size_t LONGEST_IP_HEADER = 60;
constexpr uint8_t OPTION_END = 0;
constexpr uint8_t OPTION_NO_OPERATION = 1;
/// The options that nobody changes on the way: security, extended and commercial security, router
/// alert, sender directed delivery (RFC 4302 appendix A1). All others count as zero.
constexpr uint8_t IMMUTABLE_OPTIONS[] = {130, 133, 134, 148, 149};

/// An IPv4 header as the ICV covers it: what routers may change is zero.
class CoveredHeader
{
  public:
    /// @param ipHeader the header with its options.
    explicit CoveredHeader(OctetView ipHeader)
        : m_size(ipHeader.size())
        , m_ok(m_size >= SHORTEST_IP_HEADER && m_size <= LONGEST_IP_HEADER &&
               m_size == size_t{4} * (ipHeader[0] & 15))
    {
        if (m_ok)
        {
            std::copy(ipHeader.begin(), ipHeader.end(), m_octets.begin());
            ClearFields();
            ClearOptions();
        }
    }

    /// Tells whether the header could be read to its end.
    bool
    Ok() const
    {
        return m_ok;
    }

    OctetView
    View() const
    {
        return {m_octets.data(), m_size};
    }

  private:
    /// RFC 4302 section 3.3.3.1.1.1.
    void
    ClearFields()
    {
        m_octets[1] = 0; // DSCP and ECN
        m_octets[6] = 0; // flags and fragment offset
        m_octets[7] = 0;
        m_octets[8] = 0;  // time to live
        m_octets[10] = 0; // checksum
        m_octets[11] = 0;
    }

    void
    ClearOptions()
    {
        for (size_t position = SHORTEST_IP_HEADER; m_ok && position < m_size;)
        {
            position = ClearOption(position);
        }
    }

    /// Clears one option unless it is immutable and returns where the next one starts.
    size_t
    ClearOption(size_t position)
    {
        const uint8_t type = m_octets[position];
        if (type == OPTION_END)
        {
            return m_size; // what follows is padding, which is covered as it is
        }
        if (type == OPTION_NO_OPERATION)
        {
            return position + 1;
        }
        const size_t length = position + 1 < m_size ? m_octets[position + 1] : 0;
        m_ok = length >= 2 && length <= m_size - position;
        const bool isImmutable =
            std::count(std::begin(IMMUTABLE_OPTIONS), std::end(IMMUTABLE_OPTIONS), type) > 0;
        if (m_ok && !isImmutable)
        {
            std::fill_n(m_octets.begin() + position, length, 0);
        }
        return position + length;
    }

    std::array<uint8_t, LONGEST_IP_HEADER> m_octets{};
    size_t m_size;
    bool m_ok;
};

/// Computes the ICV over the header in front, AH with zeros for the ICV, the payload and the half
/// of an extended sequence number that is not sent (RFC 4302 section 3.3.3).
void
ComputeIcv(const IpsecSa& sa,
           const CoveredHeader& ipHeader,
           OctetView packet,
           uint32_t sequenceHigh,
           uint8_t* out)
{
    static constexpr std::array<uint8_t, LONGEST_ICV> ZEROS{};
    const IntegrityAlgorithm& integrity = GetIntegrity(sa.integrity);
    const std::array<uint8_t, 4> high = NetworkOrder(sequenceHigh);
    HmacTruncated(integrity.hash,
                  sa.integrityKey.View(),
                  {ipHeader.View(),
                   packet.First(AH_FIXED_OCTETS),
                   OctetView(ZEROS).First(integrity.icvOctets),
                   packet.From(AH_FIXED_OCTETS + integrity.icvOctets),
                   OctetView(high).First(sa.extendedSequence ? high.size() : 0)},
                  out,
                  integrity.icvOctets);
}

void
PutU32(uint8_t* out, uint32_t value)
{
    const std::array<uint8_t, 4> octets = NetworkOrder(value);
    std::copy(octets.begin(), octets.end(), out);
}

/// Returns AH's length in the unit of its payload length field (RFC 4302 section 2.2).
uint8_t
PayloadLength(IntegrityId integrity)
{
    return static_cast<uint8_t>(AhOverhead(integrity) / 4 - 2);
}

} // namespace

size_t
AhOverhead(IntegrityId integrity)
{
    const size_t octets = AH_FIXED_OCTETS + GetIntegrity(integrity).icvOctets;
    assert(octets > AH_FIXED_OCTETS && octets % 4 == 0);
    return octets;
}

Result<Octets>
SealAh(const IpsecSa& sa,
       uint64_t sequence,
       uint8_t nextHeader,
       OctetView payload,
       OctetView ipHeader)
{
    const CoveredHeader covered(ipHeader);
    if (!covered.Ok())
    {
        return Fault::LengthMismatch;
    }
    Octets packet(AhOverhead(sa.integrity) + payload.size());
    packet[0] = nextHeader;
    packet[1] = PayloadLength(sa.integrity);
    PutU32(packet.data() + SPI_POSITION, sa.spi);
    PutU32(packet.data() + SEQUENCE_POSITION, static_cast<uint32_t>(sequence));
    std::copy(payload.begin(), payload.end(), packet.data() + AhOverhead(sa.integrity));
    ComputeIcv(sa,
               covered,
               packet,
               static_cast<uint32_t>(sequence >> 32),
               packet.data() + AH_FIXED_OCTETS);
    return {std::move(packet)};
}

Result<SaContent>
OpenAh(const IpsecSa& sa, OctetView ipHeader, OctetView packet, uint32_t sequenceHigh)
{
    const Result<AhHeader> header = ParseAhHeader(packet);
    if (!header)
    {
        return header.GetFault();
    }
    const CoveredHeader covered(ipHeader);
    if (header->payloadLength != PayloadLength(sa.integrity) || !covered.Ok())
    {
        return Fault::LengthMismatch;
    }
    if (packet.size() < AhOverhead(sa.integrity))
    {
        return Fault::EspTooShort;
    }
    const OctetView icv = packet.From(AH_FIXED_OCTETS).First(GetIntegrity(sa.integrity).icvOctets);
    std::array<uint8_t, LONGEST_ICV> expected;
    ComputeIcv(sa, covered, packet, sequenceHigh, expected.data());
    if (!ConstantTimeEqual({expected.data(), icv.size()}, icv))
    {
        return Fault::BadIcv;
    }
    return SaContent{header->nextHeader, packet.From(AhOverhead(sa.integrity)).Copy()};
}

} // namespace ipsec
} // namespace ns3
