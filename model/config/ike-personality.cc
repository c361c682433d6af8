// SPDX-License-Identifier: GPL-2.0-only
#include "ike-personality.h"

#include <algorithm>
#include <array>
#include <stdexcept>

namespace ns3
{
namespace ipsec
{

namespace
{

Personality
MakeRfc()
{
    return {};
}

struct PresetRow
{
    const char* name;
    Personality (*make)();
};

/// One row per preset.
constexpr std::array<PresetRow, 1> PRESETS = {{
    {"rfc", MakeRfc},
}};

std::string
PresetNames()
{
    std::string names;
    for (const PresetRow& row : PRESETS)
    {
        names += (names.empty() ? "" : ", ") + std::string(row.name);
    }
    return names;
}

} // namespace

Duration
RetransmissionSchedule::WaitAfter(uint32_t sent) const
{
    double wait = static_cast<double>(first.count());
    const double most = static_cast<double>(cap.count());
    for (uint32_t i = 1; i < sent && wait < most; i++)
    {
        wait *= growth;
    }
    return wait < most ? Duration(static_cast<Duration::rep>(wait)) : cap;
}

Duration
Personality::RenewalMargin(Duration lifetime) const
{
    const double part = (100 - softLifetimePercent) / 100;
    const Duration wished(static_cast<Duration::rep>(static_cast<double>(lifetime.count()) * part));
    return std::min(std::max(wished, leastRenewalMargin), lifetime / 2);
}

Personality
Personality::Preset(const std::string& name)
{
    for (const PresetRow& row : PRESETS)
    {
        if (name == row.name)
        {
            return row.make();
        }
    }
    throw std::invalid_argument("'" + name +
                                "' is not a personality; allowed are: " + PresetNames());
}

} // namespace ipsec
} // namespace ns3
