// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-sa.h"

#include <tuple>

namespace ns3
{
namespace ipsec
{

namespace
{

auto
Tie(const SaKey& key)
{
    return std::tie(key.direction, key.protocol, key.spi, key.remote);
}

} // namespace

bool
operator==(const SaKey& a, const SaKey& b)
{
    return Tie(a) == Tie(b);
}

size_t
SaKeyHash::operator()(const SaKey& key) const
{
    // SPIs are drawn at random; the rest may follow each other.
    constexpr uint64_t ODD = 0x9e3779b97f4a7c15;
    const uint64_t rest = static_cast<uint64_t>(key.remote.value) << 16 |
                          static_cast<uint64_t>(key.protocol) << 8 |
                          static_cast<uint64_t>(key.direction);
    return (rest * ODD) ^ key.spi;
}

bool
operator<(const SaKey& a, const SaKey& b)
{
    return Tie(a) < Tie(b);
}

SaKey
IpsecSa::Key() const
{
    return {direction,
            protocol,
            spi,
            direction == SaDirection::Outbound ? remote.address : IpAddress{}};
}

} // namespace ipsec
} // namespace ns3
