// SPDX-License-Identifier: GPL-2.0-only
#include "ike-personality.h"

#include <algorithm>

namespace ns3
{
namespace ipsec
{

namespace
{

/// Most of a lifetime that a margin takes, without and with its random part.
constexpr double LONGEST_MARGIN = 0.5;
constexpr double LONGEST_RANDOM_MARGIN = 0.75;

} // namespace

Duration
RetransmissionSchedule::WaitAfter(uint32_t sent) const
{
    double wait = static_cast<double>(first.count());
    const double most = static_cast<double>(cap.count());
    for (uint32_t i = firstWaits; i < sent && wait < most; i++)
    {
        wait = wait * growth + static_cast<double>(step.count());
    }
    return wait < most ? Duration(static_cast<Duration::rep>(wait)) : cap;
}

Duration
RetransmissionSchedule::Total() const
{
    Duration total{};
    for (uint32_t sent = 1; sent <= tries + 1; sent++)
    {
        total += WaitAfter(sent);
    }
    return total;
}

Duration
Personality::RenewalMargin(Duration lifetime, bool isInitiator, double random) const
{
    double wished = static_cast<double>(renewalMargin.count());
    if (renewalMargin == Duration::zero())
    {
        wished = static_cast<double>(lifetime.count()) * (100 - softLifetimePercent) / 100;
    }
    const auto share = [lifetime](double part)
    { return static_cast<double>(lifetime.count()) * part; };
    wished = std::max(wished, static_cast<double>(leastRenewalMargin.count()));
    const double margin =
        std::min(wished, share(LONGEST_MARGIN)) * MarginFactor(isInitiator, random);
    return Duration(static_cast<Duration::rep>(std::min(margin, share(LONGEST_RANDOM_MARGIN))));
}

uint64_t
Personality::SoftKilobytes(uint64_t hard, bool isInitiator, double random) const
{
    const double margin = (100 - softLifetimePercent) * MarginFactor(isInitiator, random);
    const double percent = std::max(100 - margin, 100 * (1 - LONGEST_RANDOM_MARGIN));
    const auto soft = static_cast<uint64_t>(static_cast<double>(hard) * percent / 100);
    // Zero would mean never.
    return std::max<uint64_t>(soft, 1);
}

double
Personality::MarginFactor(bool isInitiator, double random) const
{
    const double share = isInitiator ? 1 : responderMargin;
    return isInitiator || responderFuzz ? share * (1 + renewalFuzz * random) : share;
}

} // namespace ipsec
} // namespace ns3
