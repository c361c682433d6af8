// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Perfect forward secrecy: what leaked secrets open of a capture, and what prevention costs.
 */
#ifndef IPSEC_PFS_LAB_H
#define IPSEC_PFS_LAB_H

#include "ipsec-attacker.h"
#include "ipsec-ike-capture.h"
#include "ipsec-lab-program.h"

#include <array>
#include <optional>
#include <string>
#include <vector>

namespace ns3
{
namespace ipsec
{

/// Names of the two tunnels that are compared.
struct PfsTunnels
{
    std::string plain;  ///< without PFS
    std::string secret; ///< with it
};

/**
 * Returns the first tunnel that proposes no PFS, and the first that does.
 * @throws std::invalid_argument with one sentence if one is missing, or if they have a gateway in
 * common, whose packets and work could not be told apart.
 */
PfsTunnels FindPfsTunnels(const Scenario& scenario);

/// What leaked of an IKE SA.
enum class Leak : uint8_t
{
    SkeyidD, ///< derives the keys of IPsec SAs
    SkeyidE, ///< encrypts the messages of IKE
    Both,
};

/// Writes "SKEYID_d", "SKEYID_e" or "both".
const char* LeakText(Leak leak);

/// Returns what is left of the secrets of an IKE SA if no more leaked.
StolenKeys Leaked(const StolenKeys& all, Leak leak);

/// What somebody makes of a capture with what leaked.
struct Loot
{
    /// IPsec SAs whose SPIs and nonces were read, and packets of ESP in the capture.
    size_t sas = 0;
    uint64_t captured = 0;
    /// Packets of ESP that opened: ICV and padding were right.
    uint64_t opened = 0;
    std::vector<AttackedSa> all;
};

/// Uses leaked secrets on captured packets, and on nothing else.
Loot Exploit(const std::vector<CapturedPacket>& capture, const std::vector<StolenKeys>& leaked);

/// Returns the packets that were captured before an instant.
std::vector<CapturedPacket> Before(const std::vector<CapturedPacket>& capture, Instant end);

/// One IKE SA of a tunnel, as the memory of its first end has it.
struct PfsIkeSa
{
    Instant upAt{};
    StolenKeys keys;
};

/// The two IPsec SAs of one quick mode.
struct PfsPair
{
    /// Place of the IKE SA that it was negotiated under, among those of the tunnel.
    size_t ikeSa = 0;
    Instant upAt{};
    /// Received with by who answered quick mode, then by who began it.
    std::array<uint32_t, 2> spis{};
    bool hasPfs = false;
    uint64_t packets = 0;
    /// Packets that opened with both secrets of its IKE SA.
    uint64_t opened = 0;
    /// Packets of the whole capture that opened with the keys of this pair, out of the memory of an
    /// end.
    uint64_t openedByKeys = 0;
};

/// What a tunnel's negotiations cost.
struct PfsCost
{
    size_t phase1Messages = 0;
    size_t quickModes = 0;
    size_t quickMessages = 0;
    /// Octets of datagrams of quick modes.
    size_t quickOctets = 0;
    /// Of them in payloads KE, headers of the payloads included.
    size_t keOctets = 0;
    /// Operations of Diffie-Hellman of both ends, phase 1 included.
    uint64_t dh = 0;
    /// Mean time from the first message of a quick mode until its third one arrived; nothing if
    /// none was finished.
    std::optional<Duration> quickTime;
    /// Of the processors of both ends; nothing if cryptography takes no time.
    std::optional<Duration> busy;

    /// Returns an amount for each quick mode; 0 if there was none.
    double EachQuickMode(double amount) const;
};

/// What a run tells of one tunnel.
struct PfsFacts
{
    std::string tunnel;
    std::string first;
    std::string second;
    std::vector<CapturedPacket> capture;
    std::vector<PfsIkeSa> ikeSas;
    std::vector<PfsPair> pairs;
    PfsCost cost;

    /// Returns all secrets of its IKE SAs, or of one.
    std::vector<StolenKeys> Secrets(Leak leak) const;
    std::vector<StolenKeys> Secrets(Leak leak, size_t ikeSa) const;
};

/**
 * Reads the facts of a tunnel out of a run and of the capture of its first end.
 * @throws std::invalid_argument with one sentence if it never had an IKE SA.
 */
PfsFacts ObservePfs(const RunRecord& record,
                    const std::string& tunnel,
                    std::vector<CapturedPacket> capture);

/// What the leak of one IKE SA's secrets opens, if a new phase 1 comes after some time.
struct PfsSweepPoint
{
    Duration lifetime{};
    size_t ikeSas = 0;
    uint64_t dh = 0;
    uint64_t captured = 0;
    /// By the IKE SA whose secrets open most.
    uint64_t worst = 0;

    /// Returns the part of the packets that the worst leak opens.
    double Share() const;
};

/// Finds what the worst leak of one IKE SA opens.
PfsSweepPoint MeasureExposure(const PfsFacts& facts, Duration lifetime);

/// One line for each pair of IPsec SAs of both tunnels.
std::string PfsPairsCsv(const std::vector<PfsFacts>& tunnels);

/// Returns packets over time: captured, and opened by both secrets of the first IKE SA.
BarChart PfsOverTimeChart(const PfsFacts& plain, const PfsFacts& secret, Instant end);

/// Name of the chart over lifetimes.
constexpr const char* EXPOSURE_CHART = "opened-over-lifetime";

/// Returns the part of packets that one leak opens, for lifetimes of IKE SAs and with PFS.
BarChart PfsExposureChart(const std::vector<PfsSweepPoint>& points, const PfsSweepPoint& withPfs);

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_PFS_LAB_H
