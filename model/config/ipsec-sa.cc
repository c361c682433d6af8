// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-sa.h"

#include "ns3/ipsec-hash.h"

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
    size_t hash = key.spi;
    hash = MixHash(hash, key.remote.value);
    return MixHash(hash,
                   static_cast<unsigned>(key.protocol) << 8 | static_cast<unsigned>(key.direction));
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
