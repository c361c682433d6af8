// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Octet strings: owned, borrowed, secret; a reader and a writer in network byte order.
 */
#ifndef IPSEC_OCTETS_H
#define IPSEC_OCTETS_H

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <vector>

namespace ns3
{
namespace ipsec
{

/// Octets that somebody owns.
using Octets = std::vector<uint8_t>;

/// Borrows a run of octets; the owner must outlive it.
class OctetView
{
  public:
    OctetView() = default;

    OctetView(const uint8_t* data, size_t size)
        : m_data(data)
        , m_size(size)
    {
    }

    /* implicit */ OctetView(const Octets& octets)
        : m_data(octets.data())
        , m_size(octets.size())
    {
    }

    template <size_t N>
    /* implicit */ OctetView(const std::array<uint8_t, N>& octets)
        : m_data(octets.data())
        , m_size(N)
    {
    }

    const uint8_t*
    data() const
    {
        return m_data;
    }

    size_t
    size() const
    {
        return m_size;
    }

    bool
    empty() const
    {
        return m_size == 0;
    }

    const uint8_t*
    begin() const
    {
        return m_data;
    }

    const uint8_t*
    end() const
    {
        return m_data + m_size;
    }

    uint8_t
    operator[](size_t i) const
    {
        return m_data[i];
    }

    /// Returns at most the first @p count octets.
    OctetView
    First(size_t count) const
    {
        return {m_data, std::min(count, m_size)};
    }

    /// Returns at most the last @p count octets.
    OctetView
    Last(size_t count) const
    {
        const size_t taken = std::min(count, m_size);
        return {m_data + (m_size - taken), taken};
    }

    /// Returns what follows the first @p count octets; empty if there are no more.
    OctetView
    From(size_t count) const
    {
        const size_t skipped = std::min(count, m_size);
        return {m_data + skipped, m_size - skipped};
    }

    /// Returns an owned copy.
    Octets Copy() const;

  private:
    const uint8_t* m_data = nullptr;
    size_t m_size = 0;
};

/// Compares two runs of public octets (use ConstantTimeEqual for secrets).
bool operator==(OctetView a, OctetView b);
bool operator!=(OctetView a, OctetView b);

/**
 * Holds a secret and overwrites it with zeros when it goes. Copies share its octets, which never
 * change: an SA is held by an engine, by a data plane and by whoever records it.
 */
class SecretBytes
{
  public:
    SecretBytes() = default;
    explicit SecretBytes(const Octets& octets);
    /// Overwrites the octets that it was made of.
    explicit SecretBytes(Octets&& octets);
    explicit SecretBytes(OctetView octets);
    SecretBytes(const SecretBytes& other) noexcept;
    SecretBytes(SecretBytes&& other) noexcept;
    SecretBytes& operator=(SecretBytes other) noexcept;
    ~SecretBytes();

    /// Borrows the secret octets.
    OctetView
    View() const
    {
        return m_block == nullptr ? OctetView() : OctetView(m_block->Data(), m_block->size);
    }

    size_t
    size() const
    {
        return m_block == nullptr ? 0 : m_block->size;
    }

    bool
    empty() const
    {
        return m_block == nullptr;
    }

  private:
    /// Stands in memory before the octets.
    struct Block
    {
        /// Threads that compute shared secrets may hold one, too.
        std::atomic<uint32_t> holders;
        uint32_t size;

        uint8_t*
        Data()
        {
            return reinterpret_cast<uint8_t*>(this + 1);
        }
    };

    Block* m_block = nullptr;
};

/// Compares two secrets in a time that depends on their lengths only; unequal lengths are unequal.
bool ConstantTimeEqual(OctetView a, OctetView b);

/// Joins runs of octets in the order given.
Octets Concat(std::initializer_list<OctetView> parts);

/// Returns a number as four octets in network order.
std::array<uint8_t, 4> NetworkOrder(uint32_t value);

/// Borrows the characters of @p text as octets.
OctetView AsOctets(const std::string& text);

/// Writes @p octets as lower-case hexadecimal digits.
std::string ToHex(OctetView octets);

/**
 * Reads hexadecimal digits; blanks between octets are skipped.
 * @throws std::invalid_argument on any other character or an odd number of digits.
 */
Octets FromHex(const std::string& hex);

/**
 * Reads network-order fields from borrowed octets. The first read past the end makes the error
 * stick: from then on every read gives zero or nothing, so a parser reads straight down the RFC
 * figure and checks Ok() or Done() once at the end.
 */
class OctetReader
{
  public:
    explicit OctetReader(OctetView octets);

    uint8_t U8();
    uint16_t U16();
    uint32_t U32();
    uint64_t U64();
    /// Takes the next @p count octets.
    OctetView Take(size_t count);
    /// Takes all octets that are left.
    OctetView TakeRest();
    /// Takes the next @p count octets as a reader that cannot run past them.
    OctetReader Sub(size_t count);
    /// Takes the next octets as an array, zeros on error.
    template <size_t N>
    std::array<uint8_t, N> TakeArray();

    /// Makes the error stick, for a field whose value is not allowed.
    void Fail();

    /// Tells whether no read has failed.
    bool
    Ok() const
    {
        return m_ok;
    }

    /// Tells whether no octet is left.
    bool
    Empty() const
    {
        return m_left.empty();
    }

    /// Tells whether no read has failed and no octet is left.
    bool
    Done() const
    {
        return m_ok && m_left.empty();
    }

    size_t
    Left() const
    {
        return m_left.size();
    }

  private:
    OctetView m_left;
    bool m_ok = true;
};

/// Writes network-order fields into octets that it owns; a length that does not fit makes the error
/// stick.
class OctetWriter
{
  public:
    /// Makes room for so many octets at once.
    OctetWriter& Reserve(size_t octets);
    OctetWriter& U8(uint8_t value);
    OctetWriter& U16(uint16_t value);
    OctetWriter& U32(uint32_t value);
    OctetWriter& U64(uint64_t value);
    OctetWriter& Append(OctetView octets);
    OctetWriter& Zeros(size_t count);

    /// Writes a 16-bit length field of zero and returns its position for CloseLength16.
    size_t OpenLength16();
    /// Fills the field at @p position with the number of octets written from @p start until now.
    void CloseLength16(size_t position, size_t start);

    size_t
    size() const
    {
        return m_octets.size();
    }

    /// Tells whether every length fitted its field.
    bool
    Ok() const
    {
        return m_ok;
    }

    /// Gives the octets away.
    Octets Take();

  private:
    Octets m_octets;
    bool m_ok = true;
};

// What every packet reads its headers with.

inline OctetReader::OctetReader(OctetView octets)
    : m_left(octets)
{
}

inline OctetView
OctetReader::Take(size_t count)
{
    if (!m_ok || count > m_left.size())
    {
        Fail();
        return {};
    }
    const OctetView taken = m_left.First(count);
    m_left = m_left.From(count);
    return taken;
}

inline void
OctetReader::Fail()
{
    m_ok = false;
    m_left = {};
}

inline uint8_t
OctetReader::U8()
{
    const OctetView v = Take(1);
    return v.empty() ? 0 : v[0];
}

inline uint16_t
OctetReader::U16()
{
    const OctetView v = Take(2);
    return v.empty() ? 0 : static_cast<uint16_t>(v[0] << 8 | v[1]);
}

inline uint32_t
OctetReader::U32()
{
    const OctetView v = Take(4);
    return v.empty() ? 0 : uint32_t{v[0]} << 24 | uint32_t{v[1]} << 16 | uint32_t{v[2]} << 8 | v[3];
}

template <size_t N>
std::array<uint8_t, N>
OctetReader::TakeArray()
{
    std::array<uint8_t, N> out{};
    const OctetView taken = Take(N);
    for (size_t i = 0; i < taken.size(); i++)
    {
        out[i] = taken[i];
    }
    return out;
}

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_OCTETS_H
