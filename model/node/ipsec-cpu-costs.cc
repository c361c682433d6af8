// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-cpu-costs.h"

#include <iterator>

namespace ns3
{
namespace ipsec
{

namespace
{

constexpr uint64_t BITS_PER_OCTET = 8;
constexpr uint64_t PICOSECONDS_PER_SECOND = 1000000000000;
constexpr uint64_t PICOSECONDS_PER_NANOSECOND = 1000;

/// Returns the power of its key's length by which an operation grows, or 0 if it has no key of its
/// own.
int
GrowthOf(WorkKind kind)
{
    switch (kind)
    {
    case WorkKind::RsaSign:
    case WorkKind::RsaDecrypt:
    case WorkKind::DsaSign:
    case WorkKind::DsaVerify:
    case WorkKind::EcdsaSign:
    case WorkKind::EcdsaVerify:
        return 3;
    case WorkKind::RsaVerify:
    case WorkKind::RsaEncrypt:
        return 2;
    default:
        return 0;
    }
}

/// Scales what a key of @p knownBits costs to one of @p bits.
Duration
Scaled(Duration known, uint16_t knownBits, uint16_t bits, int power)
{
    // Bounded: times are seconds at most, lengths 65535 bits.
    auto nanoseconds = static_cast<long double>(known.count());
    for (int i = 0; i < power; ++i)
    {
        nanoseconds = nanoseconds * bits / knownBits;
    }
    return Duration(static_cast<Duration::rep>(nanoseconds));
}

uint64_t
PicosecondsOf(Duration time)
{
    return static_cast<uint64_t>(time.count()) * PICOSECONDS_PER_NANOSECOND;
}

} // namespace

void
CpuCosts::Set(WorkKey key, OperationCost cost)
{
    m_rows[key] = cost;
}

const std::map<WorkKey, OperationCost>&
CpuCosts::Rows() const
{
    return m_rows;
}

OperationCost
CpuCosts::Find(WorkKey key) const
{
    auto found = m_rows.upper_bound(key);
    const bool hasSmaller = found != m_rows.begin() && std::prev(found)->first.kind == key.kind;
    if (hasSmaller)
    {
        --found;
    }
    else if (found == m_rows.end() || found->first.kind != key.kind)
    {
        return {};
    }
    const int growth = GrowthOf(key.kind);
    if (growth == 0 || found->first.parameter == key.parameter)
    {
        return found->second;
    }
    return {Scaled(found->second.time, found->first.parameter, key.parameter, growth), 0};
}

Duration
CpuCosts::CostOf(const Work& work) const
{
    uint64_t picoseconds = 0;
    for (const auto& [key, amount] : work.Items())
    {
        const OperationCost cost = Find(key);
        if (!IsCountedInOctets(key.kind))
        {
            picoseconds += PicosecondsOf(cost.time) * amount;
            continue;
        }
        picoseconds += PicosecondsOf(cost.time);
        if (cost.rate > 0)
        {
            // A packet has 65535 octets at most, an IKE message as well.
            picoseconds += amount * BITS_PER_OCTET * PICOSECONDS_PER_SECOND / cost.rate;
        }
    }
    return Duration(static_cast<Duration::rep>(picoseconds / PICOSECONDS_PER_NANOSECOND));
}

std::string
ParameterName(WorkKey key)
{
    const std::string text = key.ToString();
    return text.substr(text.find('/') + 1);
}

bool
IsCountedInOctets(WorkKind kind)
{
    return kind == WorkKind::CipherOctets || kind == WorkKind::IcvOctets;
}

} // namespace ipsec
} // namespace ns3
