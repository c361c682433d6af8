// SPDX-License-Identifier: GPL-2.0-only
#include "ike-config-check.h"

#include <string>

namespace ns3
{
namespace ipsec
{

namespace
{

/// Longer than any negotiation should wait for anything.
constexpr Duration A_DAY = std::chrono::hours(24);
/// Repetitions of one message: RFC 2408 section 5.1 leaves the number open.
constexpr uint32_t MAX_TRIES = 100;
constexpr double MAX_GROWTH = 10.0;
constexpr uint32_t MAX_FIRST_WAITS = 100;
/// Waits must not vanish.
constexpr double MAX_JITTER = 0.9;
/// CVE-2016-5361 says that few are enough.
constexpr uint32_t MAX_AGGRESSIVE_REPLY_TRIES = 10;
/// Copies kept of each exchange.
constexpr uint32_t MAX_REMEMBERED = 16;
/// Nonces of RFC 2409 section 5.
constexpr uint32_t MIN_NONCE = 8;
constexpr uint32_t MAX_NONCE = 256;
/// Below, fragments are mostly headers; above, there is no IPv4 packet.
constexpr uint32_t MIN_FRAGMENT = 128;
constexpr uint32_t MAX_FRAGMENT = 65535;
/// Of margins: what their random part may be, and how the responder's compares to the initiator's.
constexpr double MAX_SHARE = 10.0;
/// RFC 3706 section 6.2: the first number has its highest bit clear.
constexpr uint32_t MAX_FIRST_SEQUENCE = 0x7fffffff;
constexpr uint32_t MAX_DPD_TRIES = 100;

/// Tells whether an exchange that nobody answers ends within a day; waits may be too long to add.
bool
EndsWithinADay(const RetransmissionSchedule& schedule)
{
    Duration total{};
    for (uint32_t sent = 1; sent <= schedule.tries + 1 && total <= A_DAY; sent++)
    {
        const Duration wait = schedule.WaitAfter(sent);
        total = wait > A_DAY ? wait : total + wait;
    }
    return total <= A_DAY;
}

void
CheckRetransmission(const std::string& where, const RetransmissionSchedule& schedule)
{
    Require(schedule.first > Duration::zero() && schedule.cap > Duration::zero() &&
                schedule.growth >= 1.0 && schedule.step >= Duration::zero(),
            where,
            "retransmission waits must be positive and must not shrink");
    Require(schedule.growth <= MAX_GROWTH,
            where,
            "retransmission waits must not grow more than tenfold");
    Require(schedule.tries <= MAX_TRIES,
            where,
            "a message would be repeated " + std::to_string(schedule.tries) + " times; at most " +
                std::to_string(MAX_TRIES) + " are allowed");
    Require(schedule.firstWaits >= 1 && schedule.firstWaits <= MAX_FIRST_WAITS,
            where,
            "1 to " + std::to_string(MAX_FIRST_WAITS) +
                " retransmission waits must be of the first length");
    Require(schedule.jitter >= 0.0 && schedule.jitter <= MAX_JITTER,
            where,
            "0 to 90 percent of a retransmission wait may be random");
    Require(EndsWithinADay(schedule),
            where,
            "an exchange that nobody answers must be given up within a day");
}

/// A time that may not be zero.
void
RequireTime(const std::string& where, Duration time, const std::string& what)
{
    Require(time > Duration::zero() && time <= A_DAY,
            where,
            what + " must be longer than nothing and at most a day");
}

/// A time that may be zero.
void
RequireTimeOrNone(const std::string& where, Duration time, const std::string& what)
{
    Require(time >= Duration::zero() && time <= A_DAY, where, what + " must be at most a day");
}

void
CheckSending(const std::string& where, const Personality& personality)
{
    CheckRetransmission(where, personality.retransmission);
    RequireTime(where, personality.halfOpenTimeout, "the time that half-open state waits");
    RequireTime(where, personality.ledgerTime, "the time that duplicates are answered");
    Require(personality.aggressiveReplyTries <= MAX_AGGRESSIVE_REPLY_TRIES,
            where,
            "the second message of aggressive mode would be repeated " +
                std::to_string(personality.aggressiveReplyTries) +
                " times to an address that is not proven; at most " +
                std::to_string(MAX_AGGRESSIVE_REPLY_TRIES) + " are allowed");
    Require(personality.rememberedMessages >= 1 && personality.rememberedMessages <= MAX_REMEMBERED,
            where,
            "1 to " + std::to_string(MAX_REMEMBERED) + " messages of an exchange are remembered");
}

void
CheckNegotiating(const std::string& where, const Personality& personality)
{
    Require(personality.nonceOctets >= MIN_NONCE && personality.nonceOctets <= MAX_NONCE,
            where,
            "the nonce has " + std::to_string(personality.nonceOctets) +
                " octets; 8 to 256 are allowed");
    Require(personality.maxQuickModes >= 1, where, "at least one quick mode at once is needed");
    Require(personality.fragmentOctets >= MIN_FRAGMENT &&
                personality.fragmentOctets <= MAX_FRAGMENT,
            where,
            "IKE fragments of " + std::to_string(personality.fragmentOctets) +
                " octets are not allowed; 128 to 65535 are");
}

void
CheckRenewal(const std::string& where, const Personality& personality)
{
    CheckLifetime(where, personality.ikeLifetime);
    CheckLifetime(where, personality.ipsecLifetime);
    Require(personality.ipsecLifetimeKilobytes <= MAX_LIFE,
            where,
            "the lifetime in kilobytes must be 0 (none) to " + std::to_string(MAX_LIFE));
    Require(personality.softLifetimePercent > 0.0 && personality.softLifetimePercent <= 100.0,
            where,
            "an SA must be renewed after more than 0 and at most 100 percent of its lifetime");
    RequireTimeOrNone(where, personality.renewalMargin, "the margin of renewals");
    RequireTimeOrNone(where, personality.leastRenewalMargin, "the least margin of renewals");
    Require(personality.renewalFuzz >= 0.0 && personality.renewalFuzz <= MAX_SHARE,
            where,
            "the random part of a renewal's margin must be 0 to 10 times the margin");
    Require(personality.responderMargin >= 0.0 && personality.responderMargin <= MAX_SHARE,
            where,
            "a responder's margin must be 0 to 10 times the initiator's");
    RequireTimeOrNone(where, personality.oldIkeSaDelay, "the time that a replaced IKE SA stays");
    RequireTimeOrNone(where, personality.retirementDelay, "the time that a replaced pair stays");
    RequireTimeOrNone(where, personality.graceTime, "the time that a withdrawn pair receives");
    RequireTimeOrNone(where, personality.natKeepalive, "the silence before a NAT keepalive");
}

void
CheckLiveness(const std::string& where, const Personality& personality)
{
    RequireTimeOrNone(where, personality.dpdDelay, "the delay of dead peer detection");
    RequireTime(where, personality.dpdRetry, "the wait between probes of dead peer detection");
    Require(personality.dpdTries >= 1 && personality.dpdTries <= MAX_DPD_TRIES,
            where,
            "dead peer detection needs 1 to " + std::to_string(MAX_DPD_TRIES) + " probes");
    Require(personality.dpdFirstSequenceMask <= MAX_FIRST_SEQUENCE,
            where,
            "the first number of dead peer detection must have its highest bit clear");
    RequireTime(where, personality.firstPause, "the first pause before a negotiation is repeated");
    RequireTime(where, personality.longestPause, "the longest pause before one is repeated");
    Require(personality.firstPause <= personality.longestPause,
            where,
            "the longest pause before a negotiation is repeated is shorter than the first");
}

} // namespace

void
CheckPersonality(const std::string& where, const Personality& personality)
{
    CheckSending(where, personality);
    CheckNegotiating(where, personality);
    CheckRenewal(where, personality);
    CheckLiveness(where, personality);
}

void
CheckDpd(const std::string& where, const DpdConfig& dpd)
{
    if (dpd.mode == DpdMode::Off)
    {
        return;
    }
    RequireTime(where, dpd.delay, "the delay of dead peer detection");
    RequireTime(where, dpd.retry, "the wait between probes of dead peer detection");
    Require(dpd.tries >= 1 && dpd.tries <= MAX_DPD_TRIES,
            where,
            "dead peer detection needs 1 to " + std::to_string(MAX_DPD_TRIES) + " probes");
}

} // namespace ipsec
} // namespace ns3
