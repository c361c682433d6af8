// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Tries words as pre-shared keys, with what the wire gave away of a phase 1.
 *
 * Aggressive mode: whoever listens has all that HASH_R covers, and HASH_R (RFC 2409 section 5.4).
 * Main mode: whoever answers in place of the responder knows g^xy, gets message 5 encrypted with a
 * key that only the pre-shared key is missing of, and sees whether a guess opens it
 * (CVE-2018-5389).
 */
#ifndef IPSEC_PSK_ATTACK_H
#define IPSEC_PSK_ATTACK_H

#include "ns3/crypto-algorithms.h"
#include "ns3/ike-key-derivation.h"
#include "ns3/isakmp-sa-payload.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace ns3
{
namespace ipsec
{

/// What a chosen transform of phase 1 says to somebody who reads it.
struct ReadPhase1Choice
{
    HashId hash = HashId::Sha1;
    CipherId cipher = CipherId::Aes128;
    uint16_t group = 0;
    /// The ends prove themselves by a pre-shared key, whether or not XAUTH follows.
    bool isPreShared = false;
};

/// Reads the first transform of an SA payload; nothing if it names an algorithm that is not known.
std::optional<ReadPhase1Choice> ReadFirstTransform(const SaPayload& sa);

/// What two octet strings of a phase 1 make of a guess.
struct PskGround
{
    HashId hash = HashId::Sha1;
    Cookie initiator{};
    Cookie responder{};
    Octets gxi;
    Octets gxr;
    Octets ni;
    Octets nr;
    Octets saiBody;

    /// Returns what HASH_I and HASH_R cover beside an identity.
    Phase1HashInput HashInput() const;
};

/// What aggressive mode tells everybody.
struct AggressiveProof
{
    PskGround ground;
    Octets idirBody;
    Octets hashR;

    /// Tells whether a pre-shared key makes HASH_R what it was.
    bool Fits(OctetView guess) const;
};

/**
 * Finds the first aggressive mode with a pre-shared key of which both the first and the second
 * message are among @p datagrams, which are in the order of the capture.
 */
std::optional<AggressiveProof> FindAggressiveProof(const std::vector<Octets>& datagrams);

/// What main mode tells somebody who answered in the responder's place.
struct MainModeProof
{
    PskGround ground;
    CipherId cipher = CipherId::Aes128;
    SecretBytes gxy;
    /// First payload of message 5, and what is encrypted of it.
    PayloadType firstPayload = PayloadType::Id;
    Octets ciphertext;

    /// Tells whether a pre-shared key opens message 5, and makes HASH_I what it says.
    bool Fits(OctetView guess) const;
};

/// Tells whether a guess is right.
using GuessCheck = std::function<bool(OctetView guess)>;

/// What became of an attack.
struct WordAttack
{
    /// The word that is the key; nothing if it is none of them.
    std::optional<std::string> found;
    size_t tried = 0;
};

/// Tries words in their order until one fits.
WordAttack TryWords(const std::vector<std::string>& words, const GuessCheck& fits);

/// Measures how many guesses one core of this machine makes in a second: it tries the words again
/// and again for about @p seconds of the processor. The result is the machine's, not the
/// simulation's.
double MeasureGuessRate(const std::vector<std::string>& words,
                        const GuessCheck& fits,
                        double seconds);

/**
 * Reads words, one a line; empty lines are left out.
 * @throws std::invalid_argument with one sentence if the file cannot be read or has no word.
 */
std::vector<std::string> ReadWordList(const std::string& path);

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_PSK_ATTACK_H
