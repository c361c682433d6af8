// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-mode-lab-exercises.h"

#include "ipsec-lab-text.h"
#include "ipsec-scenario-units.h"

#include "ns3/isakmp-message.h"

#include <algorithm>
#include <cmath>

namespace ns3
{
namespace ipsec
{

namespace
{

const char NONE[] = "none";
/// @name An attacker who is richer than this machine, for one exercise
/// @{
constexpr double GUESSES_PER_SECOND = 1e9;
constexpr double YEARS = 1000;
constexpr double SECONDS_OF_A_YEAR = 31557600;
constexpr double PRINTABLE_CHARACTERS = 94;
/// @}
/// How often the responder of an exercise repeats its answer in aggressive mode.
constexpr uint32_t REPETITIONS = 2;

std::string
RoundTripsText(const ModeFacts& facts)
{
    const std::optional<double> roundTrips =
        facts.established ? facts.InRoundTrips(*facts.established) : std::nullopt;
    return roundTrips ? NumberText("%.1f", *roundTrips) : NONE;
}

/// Returns what helps with the number of round trips.
std::string
RoundTripsHint(const ModeFacts& facts)
{
    if (!facts.established)
    {
        return "do both ends ever have it?";
    }
    if (!facts.InRoundTrips(*facts.established))
    {
        return "what is a round trip of this path?";
    }
    return "each message takes half a round trip, and both ends wait for the last one";
}

/// Returns a number of messages, of an exchange that came to its end.
std::string
MessagesText(const ModeFacts& facts, size_t messages)
{
    return facts.established ? std::to_string(messages) : NONE;
}

std::string
CountText(const std::optional<uint64_t>& count)
{
    return count ? std::to_string(*count) : NONE;
}

/// Returns the names that were overheard.
std::string
NamesText(const Overheard& overheard)
{
    const std::vector<std::string> names = overheard.Names();
    return names.empty() ? NONE : JoinList(names);
}

/// Returns the name of the payload on the wire that an eavesdropper's guesses are compared with.
std::string
ProvingPayload(const std::vector<Octets>& captured)
{
    const std::optional<AggressiveProof> proof = FindAggressiveProof(captured);
    for (const Octets& datagram : captured)
    {
        const Result<IsakmpHeader> header = ParseIsakmpHeader(datagram);
        if (!proof || !header || header->IsEncrypted())
        {
            continue;
        }
        const Result<PayloadChain> chain =
            ParsePayloadChain(header->nextPayload, OctetView(datagram).From(ISAKMP_HEADER_OCTETS));
        for (const RawPayload& payload : chain ? chain->payloads : std::vector<RawPayload>())
        {
            if (payload.body == proof->hashR)
            {
                return PayloadName(payload.type);
            }
        }
    }
    return NONE;
}

/// Returns the number of the first message that the initiator encrypts.
std::string
FirstEncrypted(const ModeFacts& facts)
{
    const auto found =
        std::find_if(facts.messages.begin(),
                     facts.messages.end(),
                     [](const ModeMessage& one) { return one.encrypted && one.isFromInitiator; });
    return found == facts.messages.end() ? NONE : std::to_string(found->number);
}

std::string
FactorText(const std::vector<AmplificationRow>& rows, Phase1Mode mode, uint32_t repetitions)
{
    const auto found = std::find_if(rows.begin(),
                                    rows.end(),
                                    [&](const AmplificationRow& row)
                                    { return row.mode == mode && row.repetitions == repetitions; });
    return found == rows.end() ? NONE : NumberText("%.2f", found->Factor());
}

/// Returns how many random characters hold an attacker up long enough: half of all keys are tried
/// until one fits.
int
NeededCharacters()
{
    const double guesses = GUESSES_PER_SECOND * YEARS * SECONDS_OF_A_YEAR;
    return static_cast<int>(std::ceil(std::log(2 * guesses) / std::log(PRINTABLE_CHARACTERS)));
}

void
AddMessageExercises(std::vector<Exercise>& all, const ExerciseGround& ground)
{
    all.push_back({"1",
                   "How many messages does main mode take until both ends have the IKE SA?",
                   MessagesText(ground.main, ground.main.messages.size()),
                   "count the arrows named main in the ladder",
                   "messages"});
    all.push_back({"2",
                   "How many does aggressive mode take?",
                   MessagesText(ground.aggressive, ground.aggressive.messages.size()),
                   "count the arrows named aggressive in the ladder",
                   "messages"});
    all.push_back({"3",
                   "How many of main mode's messages are encrypted?",
                   MessagesText(ground.main, ground.main.EncryptedMessages()),
                   "arrows of encrypted messages are drawn ===",
                   "messages"});
    all.push_back({"4",
                   "How many of aggressive mode's?",
                   MessagesText(ground.aggressive, ground.aggressive.EncryptedMessages()),
                   "an end can encrypt once it knows the other's KE; who knows it when?",
                   "messages"});
    all.push_back({"5",
                   "How many round trips pass until both ends have the IKE SA in main mode?",
                   RoundTripsText(ground.main),
                   RoundTripsHint(ground.main),
                   "round trips"});
    all.push_back({"6",
                   "How many in aggressive mode?",
                   RoundTripsText(ground.aggressive),
                   RoundTripsHint(ground.aggressive),
                   "round trips"});
    const std::optional<Duration> time = ground.mainOverLongPath.established;
    all.push_back(
        {"7",
         "How many milliseconds does main mode take over a path whose round trip is 300 ms?",
         time ? NumberText("%.0f", std::chrono::duration<double, std::milli>(*time).count()) : NONE,
         "multiply, or run it: --internet.delay=150ms",
         "ms"});
}

/// Returns the other names of the payload: HASH_R is the HASH that the responder makes.
std::vector<std::string>
ProvingNames(const ExerciseGround& ground)
{
    const std::string name = ProvingPayload(ground.captured);
    std::vector<std::string> names = PayloadNames(name);
    if (name == PayloadName(PayloadType::Hash))
    {
        names.emplace_back("HASH_R");
    }
    return names;
}

void
AddAttackExercises(std::vector<Exercise>& all, const ExerciseGround& ground)
{
    const std::string impostorWaitsFor =
        ground.impostorGotProof ? FirstEncrypted(ground.main) : NONE;
    all.push_back({"8",
                   "How many operations of Diffie-Hellman does one spoofed message cost a "
                   "responder of main mode?",
                   CountText(ground.main.dh.unproven),
                   "the second message goes to an address that does not answer; what was computed "
                   "for it?",
                   "operations"});
    all.push_back({"9",
                   "And a responder of aggressive mode?",
                   CountText(ground.aggressive.dh.unproven),
                   "which payloads of the second message need a key pair, which a shared secret?",
                   "operations"});
    all.push_back({"10",
                   "Which names does an eavesdropper read in aggressive mode? (a list, or none)",
                   NamesText(ground.aggressive.overheard),
                   "look at the ID payloads in the ladder: what is in brackets was readable"});
    all.push_back({"11",
                   "Which in main mode?",
                   NamesText(ground.main.overheard),
                   "which messages carry ID, and how are their arrows drawn?"});
    all.push_back({"12",
                   "Which payload of aggressive mode lets an eavesdropper check guesses of the "
                   "key?",
                   ProvingPayload(ground.captured),
                   "it is made with the key, and everything else that it is made of is in clear",
                   "",
                   ProvingNames(ground)});
    all.push_back({"13",
                   "Which message of main mode does an impostor wait for, to check guesses with?",
                   impostorWaitsFor,
                   "it is the first one that is made with the key",
                   "",
                   MessageNames("main", impostorWaitsFor)});
    all.push_back({"14",
                   "A responder repeats the second message of aggressive mode twice. How many "
                   "octets reach a spoofed address for each that the attacker sent? (two decimals)",
                   FactorText(ground.amplification, Phase1Mode::Aggressive, REPETITIONS),
                   "see the table of amplification, or its plot"});
    all.push_back({"15",
                   "How many in main mode, where the responder repeats nothing? (two decimals)",
                   FactorText(ground.amplification, Phase1Mode::Main, 0),
                   "see the table of amplification, or its plot"});
    all.push_back({"16",
                   "How many random characters of 94 must a key have to stand 1,000 years on "
                   "average against 1,000,000,000 guesses per second?",
                   std::to_string(NeededCharacters()),
                   "on average half of 94^n keys are tried; a year has 31,557,600 s",
                   "characters"});
}

} // namespace

std::vector<Exercise>
MakeExercises(const ExerciseGround& ground)
{
    std::vector<Exercise> all;
    AddMessageExercises(all, ground);
    AddAttackExercises(all, ground);
    return all;
}

} // namespace ipsec
} // namespace ns3
