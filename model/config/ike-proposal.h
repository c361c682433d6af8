// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Proposals of both phases, their text form, and the predefined sets.
 */
#ifndef IKE_PROPOSAL_H
#define IKE_PROPOSAL_H

#include "ike-auth-method.h"

#include "ns3/crypto-algorithms.h"

#include <optional>
#include <string>
#include <vector>

namespace ns3
{
namespace ipsec
{

/// Most proposals in one policy (requirement P1-09, QM-05).
constexpr size_t MAX_PROPOSALS = 4;

/// What phase 1 negotiates: matching looks at these four only, never at lifetimes (P1-18).
struct Phase1Proposal
{
    AuthMethod auth = AuthMethod::PreSharedKey;
    uint16_t group = 2;
    CipherId cipher = CipherId::Aes128;
    HashId hash = HashId::Sha1;

    /// Writes "pre-g2-aes128-sha".
    std::string ToString() const;
    /**
     * Reads AUTH-gN-CIPHER-HASH.
     * @throws std::invalid_argument with one sentence that says what is allowed.
     */
    static Phase1Proposal Parse(const std::string& text);
};

bool operator==(const Phase1Proposal& a, const Phase1Proposal& b);
bool operator!=(const Phase1Proposal& a, const Phase1Proposal& b);

/// Algorithms of ESP.
struct EspAlgorithms
{
    CipherId cipher = CipherId::Aes128;
    /// None for ciphers that make their own ICV (GCM), and for no other.
    IntegrityId integrity = IntegrityId::HmacSha1_96;
};

/// What phase 2 negotiates: a group for PFS or none, and ESP, AH or both.
struct Phase2Proposal
{
    std::optional<uint16_t> pfsGroup;
    std::optional<IntegrityId> ah;
    std::optional<EspAlgorithms> esp;

    /// Writes "g2-esp-aes128-sha", "g14-esp-aes128gcm", "nopfs-ah-md5",
    /// "nopfs-ah-md5+esp-3des-sha".
    std::string ToString() const;
    /**
     * Reads gN|nopfs-esp-CIPHER-HASH, gN|nopfs-ah-HASH or a bundle of both joined by '+'.
     * GCM stands without a hash and everything else with one: encryption without integrity and
     * neither are refused.
     * @throws std::invalid_argument with one sentence that says what is allowed.
     */
    static Phase2Proposal Parse(const std::string& text);
};

bool operator==(const Phase2Proposal& a, const Phase2Proposal& b);
bool operator!=(const Phase2Proposal& a, const Phase2Proposal& b);

/**
 * Read a list of proposals separated by commas or blanks, or the name of one predefined set:
 * "standard", "compatible", "basic" (P1-10..12, QM-06..08).
 * @throws std::invalid_argument for a wrong proposal, an empty list, the same proposal twice, a set
 * next to another entry, or more than MAX_PROPOSALS.
 */
std::vector<Phase1Proposal> ParsePhase1Proposals(const std::string& text);
std::vector<Phase2Proposal> ParsePhase2Proposals(const std::string& text);

/// Returns the name of the predefined set that @p text is; empty if it is a list of its own.
std::string FindPhase1Set(const std::string& text);

/// Names what is weak in a proposal, such as "DES, group 1": DES, MD5, and groups 1 and 2. Empty if
/// nothing is.
std::string WeakParts(const Phase1Proposal& proposal);
std::string WeakParts(const Phase2Proposal& proposal);

/// Tells whether a proposal rests on DES, MD5, or groups 1 or 2.
bool IsWeak(const Phase1Proposal& proposal);
bool IsWeak(const Phase2Proposal& proposal);

} // namespace ipsec
} // namespace ns3

#endif // IKE_PROPOSAL_H
