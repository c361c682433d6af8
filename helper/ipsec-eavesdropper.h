// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * What somebody learns who only reads the messages between the ends of a tunnel.
 */
#ifndef IPSEC_EAVESDROPPER_H
#define IPSEC_EAVESDROPPER_H

#include "ipsec-run-record.h"

#include <array>
#include <string>
#include <vector>

namespace ns3
{
namespace ipsec
{

/// What one end said in clear, each thing once, in the order of time.
struct OverheardEnd
{
    std::string node;
    /// Without its own address, which every packet tells.
    std::vector<std::string> identities;
    /// Subjects of certificates.
    std::vector<std::string> certificates;
    /// Authorities whose certificates it asked for.
    std::vector<std::string> authorities;
    /// It answered aggressive mode with a pre-shared key: its HASH_R tells whether a guess of the
    /// key is right.
    bool provesKey = false;
};

/// What both ends of a tunnel said in clear.
struct Overheard
{
    std::array<OverheardEnd, 2> ends;
    bool hasMessages = false;

    /// Tells whether somebody's identity or certificate was readable.
    bool HasIdentities() const;
    /// Returns all identities and subjects of certificates, the first end's first.
    std::vector<std::string> Names() const;
    /// Tells whether an end said enough to try guesses of the pre-shared key offline.
    bool ProvesKey() const;
};

/// Reads the messages between the ends of a tunnel as an eavesdropper: those in clear, no matter
/// whether they arrived.
Overheard Overhear(const RunRecord& record, const TunnelRecord& tunnel);

/// Tells what was overheard, a sentence for each thing; at least one.
std::vector<std::string> OverheardSentences(const Overheard& overheard);

/// The sentences of all tunnels, each behind the name of its tunnel.
std::vector<std::string> EavesdropperLines(const RunRecord& record);

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_EAVESDROPPER_H
