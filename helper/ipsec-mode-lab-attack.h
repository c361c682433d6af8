// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Dictionary attacks on two tunnels: by somebody who listens, and by somebody who answers.
 */
#ifndef IPSEC_MODE_LAB_ATTACK_H
#define IPSEC_MODE_LAB_ATTACK_H

#include "ipsec-mode-lab.h"
#include "ipsec-psk-attack.h"

#include <optional>
#include <string>
#include <vector>

namespace ns3
{
namespace ipsec
{

/// What a dictionary attack on one tunnel needed and found.
struct ModeAttack
{
    Phase1Mode mode = Phase1Mode::Main;
    /// The key that the ends had.
    std::string key;
    /// File or folder with what the attacker saw on the wire.
    std::string capture;
    /// Nothing can be tried without a proof on the wire.
    bool hasProof = false;
    WordAttack words;
    /// Guesses in a second on one core of this machine; zero if it was not measured.
    double rate = 0;
};

/// Words to try, or why there are none.
struct LabWords
{
    std::string file;
    std::vector<std::string> words;
    /// One sentence; empty if there are words.
    std::string missing;
};

/**
 * Reads the list that was asked for, else the standard one, which need not be there.
 * @throws std::invalid_argument with one sentence if the one that was asked for cannot be read.
 */
LabWords ReadLabWords(const std::optional<std::string>& asked, const std::string& standard);

/// Gives both ends of a tunnel a pre-shared key.
void SetPreSharedKey(Scenario& scenario, const std::string& tunnel, const std::string& key);

/// Returns the pre-shared key that the first end of a tunnel has.
std::string PreSharedKeyOf(const Scenario& scenario, const std::string& tunnel);

/// Runs a scenario with somebody in the place of a tunnel's responder; nothing if main mode did not
/// get as far as its fifth message.
std::optional<MainModeProof> RunImpostor(const Scenario& scenario,
                                         const std::string& tunnel,
                                         const std::string& pcapFolder);

/// Tries the words, and measures for about @p rateSeconds how fast; zero measures nothing.
template <typename Proof>
ModeAttack AttackWithWords(Phase1Mode mode,
                           const std::string& key,
                           const std::optional<Proof>& proof,
                           const std::vector<std::string>& words,
                           double rateSeconds);

/// A kind of key, and how many there are of it.
struct KeyKindRow
{
    std::string what;
    double possibilities = 0;

    /// Returns how many seconds it takes on average until a key is found: half of all.
    double
    SecondsAt(double rate) const
    {
        return possibilities / 2 / rate;
    }
};

/// Returns kinds of keys, the weakest first, if the list has @p words words.
std::vector<KeyKindRow> KeyKinds(size_t words);

/// Writes a time for people: "3.2 ms", "5 days", "1.4e+09 years".
std::string LongTimeText(double seconds);

template <typename Proof>
ModeAttack
AttackWithWords(Phase1Mode mode,
                const std::string& key,
                const std::optional<Proof>& proof,
                const std::vector<std::string>& words,
                double rateSeconds)
{
    ModeAttack attack;
    attack.mode = mode;
    attack.key = key;
    attack.hasProof = proof.has_value();
    if (proof)
    {
        const GuessCheck fits = [&](OctetView guess) { return proof->Fits(guess); };
        attack.words = TryWords(words, fits);
        attack.rate = rateSeconds > 0 ? MeasureGuessRate(words, fits, rateSeconds) : 0;
    }
    return attack;
}

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_MODE_LAB_ATTACK_H
