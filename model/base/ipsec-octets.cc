// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-octets.h"

#include <algorithm>
#include <new>
#include <stdexcept>
#include <utility>

namespace ns3
{
namespace ipsec
{

Octets
OctetView::Copy() const
{
    return Octets(begin(), end());
}

bool
operator==(OctetView a, OctetView b)
{
    return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin());
}

bool
operator!=(OctetView a, OctetView b)
{
    return !(a == b);
}

namespace
{

void
Wipe(uint8_t* data, size_t size)
{
    // Volatile, so that the compiler cannot drop stores to memory that is about to be freed.
    volatile uint8_t* octets = data;
    for (size_t i = 0; i < size; i++)
    {
        octets[i] = 0;
    }
}

} // namespace

SecretBytes::SecretBytes(const Octets& octets)
    : SecretBytes(OctetView(octets))
{
}

SecretBytes::SecretBytes(Octets&& octets)
    : SecretBytes(OctetView(octets))
{
    Wipe(octets.data(), octets.size());
    octets.clear();
}

SecretBytes::SecretBytes(OctetView octets)
{
    if (!octets.empty())
    {
        m_block = new (::operator new(sizeof(Block) + octets.size()))
            Block{{1}, static_cast<uint32_t>(octets.size())};
        std::copy(octets.begin(), octets.end(), m_block->Data());
    }
}

SecretBytes::SecretBytes(const SecretBytes& other) noexcept
    : m_block(other.m_block)
{
    if (m_block != nullptr)
    {
        m_block->holders.fetch_add(1, std::memory_order_relaxed);
    }
}

SecretBytes::SecretBytes(SecretBytes&& other) noexcept
    : m_block(std::exchange(other.m_block, nullptr))
{
}

SecretBytes&
SecretBytes::operator=(SecretBytes other) noexcept
{
    std::swap(m_block, other.m_block);
    return *this;
}

SecretBytes::~SecretBytes()
{
    if (m_block != nullptr && m_block->holders.fetch_sub(1, std::memory_order_acq_rel) == 1)
    {
        Wipe(m_block->Data(), m_block->size);
        m_block->~Block();
        ::operator delete(m_block);
    }
}

bool
ConstantTimeEqual(OctetView a, OctetView b)
{
    if (a.size() != b.size())
    {
        return false;
    }
    uint8_t difference = 0;
    for (size_t i = 0; i < a.size(); i++)
    {
        difference |= a[i] ^ b[i];
    }
    return difference == 0;
}

Octets
Concat(std::initializer_list<OctetView> parts)
{
    Octets joined;
    for (const OctetView& part : parts)
    {
        joined.insert(joined.end(), part.begin(), part.end());
    }
    return joined;
}

std::array<uint8_t, 4>
NetworkOrder(uint32_t value)
{
    return {static_cast<uint8_t>(value >> 24),
            static_cast<uint8_t>(value >> 16),
            static_cast<uint8_t>(value >> 8),
            static_cast<uint8_t>(value)};
}

OctetView
AsOctets(const std::string& text)
{
    return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}

std::string
ToHex(OctetView octets)
{
    static const char DIGITS[] = "0123456789abcdef";
    std::string hex;
    hex.reserve(2 * octets.size());
    for (const uint8_t octet : octets)
    {
        hex += DIGITS[octet >> 4];
        hex += DIGITS[octet & 15];
    }
    return hex;
}

namespace
{

/// Returns the value of one hexadecimal digit.
uint8_t
HexDigit(char c)
{
    if (c >= '0' && c <= '9')
    {
        return c - '0';
    }
    if (c >= 'a' && c <= 'f')
    {
        return c - 'a' + 10;
    }
    if (c >= 'A' && c <= 'F')
    {
        return c - 'A' + 10;
    }
    throw std::invalid_argument(std::string("'") + c + "' is not a hexadecimal digit");
}

} // namespace

Octets
FromHex(const std::string& hex)
{
    Octets octets;
    size_t i = 0;
    while (i < hex.size())
    {
        if (hex[i] == ' ' || hex[i] == '\t')
        {
            i++;
            continue;
        }
        if (i + 1 == hex.size())
        {
            throw std::invalid_argument("odd number of hexadecimal digits");
        }
        octets.push_back(static_cast<uint8_t>(HexDigit(hex[i]) << 4 | HexDigit(hex[i + 1])));
        i += 2;
    }
    return octets;
}

OctetView
OctetReader::TakeRest()
{
    return Take(m_left.size());
}

OctetReader
OctetReader::Sub(size_t count)
{
    OctetReader sub(Take(count));
    sub.m_ok = m_ok;
    return sub;
}

uint64_t
OctetReader::U64()
{
    const uint64_t high = U32();
    const uint64_t value = high << 32 | U32();
    return m_ok ? value : 0;
}

OctetWriter&
OctetWriter::Reserve(size_t octets)
{
    m_octets.reserve(octets);
    return *this;
}

OctetWriter&
OctetWriter::U8(uint8_t value)
{
    m_octets.push_back(value);
    return *this;
}

OctetWriter&
OctetWriter::U16(uint16_t value)
{
    return U8(value >> 8).U8(value & 0xff);
}

OctetWriter&
OctetWriter::U32(uint32_t value)
{
    return U16(value >> 16).U16(value & 0xffff);
}

OctetWriter&
OctetWriter::U64(uint64_t value)
{
    return U32(value >> 32).U32(value & 0xffffffff);
}

OctetWriter&
OctetWriter::Append(OctetView octets)
{
    m_octets.insert(m_octets.end(), octets.begin(), octets.end());
    return *this;
}

OctetWriter&
OctetWriter::Zeros(size_t count)
{
    m_octets.insert(m_octets.end(), count, 0);
    return *this;
}

size_t
OctetWriter::OpenLength16()
{
    const size_t position = m_octets.size();
    U16(0);
    return position;
}

void
OctetWriter::CloseLength16(size_t position, size_t start)
{
    const size_t length = m_octets.size() - start;
    if (length > 0xffff)
    {
        m_ok = false;
        return;
    }
    m_octets[position] = length >> 8;
    m_octets[position + 1] = length & 0xff;
}

Octets
OctetWriter::Take()
{
    return std::move(m_octets);
}

} // namespace ipsec
} // namespace ns3
