// SPDX-License-Identifier: GPL-2.0-only
#include "ike-personality.h"

#include <array>
#include <stdexcept>

// Where the values come from: waits between repetitions, from ike-scan's collection of recorded
// back-off patterns; all else, from the sources and manuals of the daemons and from the vendors'
// command references. What neither tells stays as the RFCs' preset has it, and is listed with each
// preset as "not established".

namespace ns3
{
namespace ipsec
{

namespace
{

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

/// Waits that no cap bounds.
constexpr Duration NO_CAP = Duration::max();

/// Waits that are all alike, as RFC 2408 section 5.1 forbids: herds stay synchronous.
RetransmissionSchedule
Fixed(Duration wait, uint32_t tries)
{
    return {wait, 1.0, tries, wait};
}

/// Waits of which each is twice the one before.
RetransmissionSchedule
Doubling(Duration first, uint32_t tries)
{
    return {first, 2.0, tries, NO_CAP};
}

Personality
Named(const char* name)
{
    Personality preset;
    preset.name = name;
    return preset;
}

Personality
MakeRfc()
{
    return Named("rfc");
}

/// ScreenOS and Junos. Not established: half-open limits and timeouts, the nonce, the lifetime of
/// the IKE SA, when SAs are renewed and by whom, what outlives what, uniqueness.
Personality
MakeJunos()
{
    Personality preset = Named("junos");
    preset.retransmission = Fixed(seconds(4), 11);
    preset.ipsecLifetime = seconds(28800);
    // Interval and threshold as they are if nothing else is configured.
    preset.dpdDelay = seconds(10);
    preset.dpdRetry = seconds(10);
    preset.dpdTries = 5;
    return preset;
}

/// Not established: retransmission, half-open limits and timeouts, the nonce, uniqueness.
Personality
MakeHuawei()
{
    Personality preset = Named("huawei");
    preset.ikeLifetime = seconds(86400);
    preset.ipsecLifetime = seconds(3600);
    preset.ipsecLifetimeKilobytes = 1843200;
    preset.softLifetimePercent = 70.0;
    preset.responderMargin = 1.0;
    // The responder of an IKEv1 SA must not begin its renewal.
    preset.ikeRenewer = Renewer::Initiator;
    // They go with its hard end; a renewal hands them on.
    preset.childrenAtEnd = ChildrenAtEnd::Adopt;
    preset.retirement = Retirement::OnTraffic;
    preset.retirementDelay = seconds(10);
    // Three requests; how long each waits is not established.
    preset.dpdTries = 3;
    // seq-notify-hash, the default of its routers; firewalls have seq-hash-notify.
    preset.dpdNotifyFirst = true;
    return preset;
}

/// Not established: everything but the waits.
Personality
MakeSolaris()
{
    Personality preset = Named("solaris");
    preset.retransmission = Doubling(milliseconds(500), 5);
    return preset;
}

/// IOS 12.1 to 15.0. Not established: everything but the waits.
Personality
MakeCiscoIos()
{
    Personality preset = Named("cisco-ios");
    preset.retransmission = Fixed(seconds(10), 5);
    return preset;
}

/// ipsec-tools. Not established: half-open limits, uniqueness.
Personality
MakeRacoon()
{
    Personality preset = Named("racoon");
    preset.natTraversalDocuments = NatTraversalDocuments::Both;
    preset.retransmission = Fixed(seconds(10), 5);
    // The manual says 15 s for phase 1; the code checks every 30 s.
    preset.halfOpenTimeout = seconds(30);
    preset.aggressiveReplyTries = 5;
    preset.mainReplies = MainReplies::All;
    preset.maxDuplicateAnswers = 5; // as often as its retry counter
    preset.nonceOctets = 16;
    preset.lifetimeRule = LifetimeRule::Strict; // proposal_check
    preset.ikeLifetime = seconds(28800);
    preset.ipsecLifetime = seconds(28800);
    // Both ends at the same moment.
    preset.softLifetimePercent = 80.0;
    preset.responderMargin = 1.0;
    preset.ikeRenewer = Renewer::Initiator;
    preset.childrenAtEnd = ChildrenAtEnd::Adopt;
    preset.retirement = Retirement::AtExpiry;
    preset.dpdRetry = seconds(5);
    preset.dpdTries = 5;
    preset.dpdFirstSequenceMask = 0x0fffffff;
    return preset;
}

/// charon. Not established: how long a finished exchange answers copies.
Personality
MakeStrongswan()
{
    Personality preset = Named("strongswan");
    preset.natTraversalDocuments = NatTraversalDocuments::Both;
    preset.retransmission = {seconds(4), 1.8, 5, NO_CAP};
    preset.halfOpenTimeout = seconds(30);
    preset.halfOpen = 0;
    preset.halfOpenPerAddress = 5;
    preset.aggressiveReplyTries = 5;
    preset.rememberedMessages = 2;
    preset.nonceOctets = 32;
    preset.maxQuickModes = 3;
    preset.preferOwnProposals = true;
    preset.fragmentOctets = 1280;
    // Rekeyed at 4 h and 1 h less a random part; the hard end is a tenth later, and the random part
    // is at most that tenth.
    preset.ikeLifetime = minutes(264);
    preset.ipsecLifetime = minutes(66);
    preset.softLifetimePercent = 100.0 / 1.1;
    preset.renewalFuzz = 1.0;
    preset.responderMargin = 1.0;
    preset.responderFuzz = true;
    preset.childrenAtEnd = ChildrenAtEnd::Adopt;
    preset.oldIkeSaDelay = seconds(10);
    // The old inbound SA stays until its end; of two for the same traffic one is not renewed again.
    preset.retirement = Retirement::AtExpiry;
    preset.redundantPairs = RedundantPairs::LetExpire;
    // A dead peer is one that was silent for as long as its retransmission takes, 165 s; how many
    // probes that is depends on the delay.
    preset.dpdRetry = seconds(33);
    preset.dpdTries = 5;
    preset.dpdAnswersAnySequence = true;
    preset.keyingTries = 1;
    return preset;
}

/// pluto. Not established: a limit of half-open exchanges per address.
Personality
MakeLibreswan()
{
    Personality preset = Named("libreswan");
    preset.natTraversalDocuments = NatTraversalDocuments::Both;
    preset.retransmission = Doubling(milliseconds(500), 6);
    preset.retransmission.firstWaits = 2;
    preset.halfOpenTimeout = seconds(30); // retransmit-timeout, in the code
    preset.halfOpen = 50000;
    // MR1 and AR1 are not repeated: they could go to somebody who never asked.
    preset.aggressiveReplyTries = 0;
    preset.mainReplies = MainReplies::NotFirst;
    preset.maxDuplicateAnswers = 2;
    preset.nonceOctets = 32;
    // Its option initial-contact, which is off unless somebody asks, is ContactAnnouncement::Always
    // here; aggressive mode never has it.
    preset.initialContact = ContactAnnouncement::Never;
    preset.sendInitialContactInAggressive = false;
    preset.acceptUnrequestedPfs = true;
    preset.fragmentOctets = 576;
    preset.ikeLifetime = hours(8);
    preset.ipsecLifetime = hours(8);
    preset.renewalMargin = seconds(540);
    preset.renewalFuzz = 1.0;
    preset.responderMargin = 0.5;
    preset.retirement = Retirement::AtExpiry;
    preset.uniqueness = Uniqueness::Replace;
    preset.dpdFirstSequenceMask = 0x7fff;
    preset.dpdAnswersAnySequence = true;
    preset.dpdUnexpectedAnswers = 3;
    preset.dpdProbesBehindNat = true;
    preset.firstPause = seconds(5);
    preset.longestPause = seconds(300);
    return preset;
}

/// Not established: half-open limits, how many copies are answered, uniqueness.
Personality
MakeIsakmpd()
{
    Personality preset = Named("isakmpd");
    preset.natTraversalDocuments = NatTraversalDocuments::Both;
    preset.retransmission = {seconds(7), 1.0, 3, NO_CAP, seconds(2)};
    preset.halfOpenTimeout = seconds(120);
    preset.aggressiveReplyTries = 0;
    preset.mainReplies = MainReplies::NotFirst;
    preset.nonceOctets = 16;
    preset.sendInitialContactInAggressive = false;
    preset.ikeLifetime = seconds(3600);
    preset.ipsecLifetime = seconds(1200);
    // Between 85 and 95 percent of a lifetime, drawn by each end.
    preset.softLifetimePercent = 95.0;
    preset.renewalFuzz = 2.0;
    preset.responderMargin = 1.0;
    preset.responderFuzz = true;
    preset.retirement = Retirement::AtExpiry;
    preset.dpdRetry = seconds(5);
    preset.dpdTries = 5;
    preset.dpdFirstSequenceMask = 0x7fff;
    preset.dpdRepeatsSequence = true;
    return preset;
}

/// Windows 2000 to 2003. Not established: everything but the waits.
Personality
MakeWindows()
{
    Personality preset = Named("windows");
    preset.retransmission = Doubling(seconds(1), 6);
    return preset;
}

struct PresetRow
{
    const char* name;
    Personality (*make)();
};

/// One row per preset.
constexpr std::array<PresetRow, 10> PRESETS = {{
    {"rfc", MakeRfc},
    {"junos", MakeJunos},
    {"huawei", MakeHuawei},
    {"solaris", MakeSolaris},
    {"cisco-ios", MakeCiscoIos},
    {"racoon", MakeRacoon},
    {"strongswan", MakeStrongswan},
    {"libreswan", MakeLibreswan},
    {"isakmpd", MakeIsakmpd},
    {"windows", MakeWindows},
}};

} // namespace

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
    std::string names;
    for (const std::string& known : PresetNames())
    {
        names += (names.empty() ? "" : ", ") + known;
    }
    throw std::invalid_argument("'" + name + "' is not a personality; allowed are: " + names);
}

std::vector<std::string>
Personality::PresetNames()
{
    std::vector<std::string> names;
    for (const PresetRow& row : PRESETS)
    {
        names.emplace_back(row.name);
    }
    return names;
}

} // namespace ipsec
} // namespace ns3
