// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * How keys of [personality] set the fields of a Personality.
 */
#ifndef IPSEC_SCENARIO_PERSONALITY_SETTERS_H
#define IPSEC_SCENARIO_PERSONALITY_SETTERS_H

#include "ipsec-scenario-keys.h"
#include "ipsec-scenario-units.h"
#include "ipsec-scenario.h"

#include <stdexcept>

namespace ns3
{
namespace ipsec
{

/// Most percent of a margin that a part of it may be.
constexpr double MOST_SHARE = 1000;
/// Highest limit that is not "none".
constexpr uint64_t MOST_COUNT = 1000000;

/// Returns the row of a habit; what is not written is as the base has it.
inline ScenarioKey
Habit(const char* name,
      const char* value,
      const char* help,
      void (*set)(Scenario& scenario, size_t instance, const std::string& text))
{
    return {name, value, "", help, set, nullptr};
}

/// Returns the personality that a section describes.
inline Personality&
At(Scenario& scenario, size_t instance)
{
    return scenario.personalities[instance].personality;
}

/// Reads a time of at most a day, from one nanosecond on.
inline Duration
ParseWait(const std::string& text)
{
    const Duration time = ParseDuration(text);
    if (time <= Duration::zero() || time > std::chrono::hours(24))
    {
        throw std::invalid_argument("'" + text +
                                    "' is out of range; allowed: more than 0s, at "
                                    "most 24h");
    }
    return time;
}

/// The same, or zero.
inline Duration
ParseWaitOrNone(const std::string& text)
{
    const Duration time = ParseDuration(text);
    return time == Duration::zero() ? time : ParseWait(text);
}

/// @name Setters for one field each
/// @{

template <auto Field>
void
SetWait(Scenario& s, size_t i, const std::string& t)
{
    At(s, i).*Field = ParseWait(t);
}

template <auto Field>
void
SetWaitOrNone(Scenario& s, size_t i, const std::string& t)
{
    At(s, i).*Field = ParseWaitOrNone(t);
}

template <auto Field>
void
SetLifetime(Scenario& s, size_t i, const std::string& t)
{
    At(s, i).*Field = ParseLifetime(t);
}

template <auto Field, auto Parse>
void
SetParsed(Scenario& s, size_t i, const std::string& t)
{
    At(s, i).*Field = Parse(t);
}

template <auto Field, uint64_t Least, uint64_t Most>
void
SetCount(Scenario& s, size_t i, const std::string& t)
{
    At(s, i).*Field = static_cast<uint32_t>(ParseCount(t, Least, Most));
}

template <auto Field>
void
SetFlag(Scenario& s, size_t i, const std::string& t)
{
    At(s, i).*Field = ParseFlag(t);
}

template <auto Field>
void
SetShare(Scenario& s, size_t i, const std::string& t)
{
    At(s, i).*Field = ParsePercent(t, MOST_SHARE);
}

/// @}

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_SCENARIO_PERSONALITY_SETTERS_H
