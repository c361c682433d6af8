// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Time as the core knows it: an argument.
 */
#ifndef IPSEC_TIME_H
#define IPSEC_TIME_H

#include <chrono>

namespace ns3
{
namespace ipsec
{

/// Length of time in the core, in nanoseconds.
using Duration = std::chrono::nanoseconds;

/// Clock of the core. It has no now() on purpose: whoever calls the core says what time it is.
struct IpsecClock
{
    using duration = Duration;
    using rep = duration::rep;
    using period = duration::period;
    using time_point = std::chrono::time_point<IpsecClock>;
    static constexpr bool is_steady = true;
};

/// Point in time, counted from the start of the run.
using Instant = IpsecClock::time_point;

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_TIME_H
