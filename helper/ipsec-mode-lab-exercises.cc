// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-mode-lab-exercises.h"

#include "ipsec-scenario-ini.h"
#include "ipsec-scenario-units.h"

#include "ns3/isakmp-message.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdio>
#include <cstdlib>

namespace ns3
{
namespace ipsec
{

namespace
{

const char ANSWERS[] = "answers";
const char NONE[] = "none";
/// How far a number may be from the right one, of itself.
constexpr double TOLERANCE = 0.01;
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
NumberText(double value, int digits)
{
    char text[48];
    std::snprintf(text, sizeof(text), "%.*f", digits, value);
    return text;
}

std::string
RoundTripsText(const ModeFacts& facts)
{
    return facts.established ? NumberText(facts.InRoundTrips(*facts.established), 1) : NONE;
}

/// Returns the names that were overheard.
std::string
NamesText(const Overheard& overheard)
{
    std::vector<std::string> names;
    for (const OverheardEnd& end : overheard.ends)
    {
        names.insert(names.end(), end.identities.begin(), end.identities.end());
        names.insert(names.end(), end.certificates.begin(), end.certificates.end());
    }
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
    return found == rows.end() ? NONE : NumberText(found->Factor(), 2);
}

/// Returns how many random characters hold an attacker up long enough: half of all keys are tried
/// until one fits.
int
NeededCharacters()
{
    const double guesses = GUESSES_PER_SECOND * YEARS * SECONDS_OF_A_YEAR;
    return static_cast<int>(std::ceil(std::log(2 * guesses) / std::log(PRINTABLE_CHARACTERS)));
}

std::optional<double>
AsNumber(const std::string& text)
{
    char* end = nullptr;
    const double value = std::strtod(text.c_str(), &end);
    const bool isNumber = end != text.c_str() && *end == '\0' && std::isfinite(value);
    return isNumber ? std::optional<double>(value) : std::nullopt;
}

/// Returns the words of a list in lower case and in the order of the alphabet.
std::vector<std::string>
Words(const std::string& text)
{
    std::vector<std::string> words = SplitList(text);
    for (std::string& word : words)
    {
        std::transform(word.begin(),
                       word.end(),
                       word.begin(),
                       [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    }
    std::sort(words.begin(), words.end());
    return words;
}

void
AddMessageExercises(std::vector<Exercise>& all, const ExerciseGround& ground)
{
    all.push_back({"1",
                   "How many messages does main mode take until both ends have the IKE SA?",
                   std::to_string(ground.main.messages.size()),
                   "count the arrows named main in the ladder"});
    all.push_back({"2",
                   "How many does aggressive mode take?",
                   std::to_string(ground.aggressive.messages.size()),
                   "count the arrows named aggressive in the ladder"});
    all.push_back({"3",
                   "How many of main mode's messages are encrypted?",
                   std::to_string(ground.main.EncryptedMessages()),
                   "arrows of encrypted messages are drawn ==="});
    all.push_back({"4",
                   "How many of aggressive mode's?",
                   std::to_string(ground.aggressive.EncryptedMessages()),
                   "an end can encrypt once it knows the other's KE; who knows it when?"});
    all.push_back({"5",
                   "How many round trips pass until both ends have the IKE SA in main mode?",
                   RoundTripsText(ground.main),
                   "each message takes half a round trip, and both ends wait for the last one"});
    all.push_back({"6",
                   "How many in aggressive mode?",
                   RoundTripsText(ground.aggressive),
                   "each message takes half a round trip, and both ends wait for the last one"});
    const std::optional<Duration> time = ground.mainOverLongPath.established;
    all.push_back(
        {"7",
         "How many milliseconds does main mode take over a path whose round trip is 300 ms?",
         time ? NumberText(std::chrono::duration<double, std::milli>(*time).count(), 0) : NONE,
         "multiply, or run it: --internet.delay=150ms"});
}

void
AddAttackExercises(std::vector<Exercise>& all, const ExerciseGround& ground)
{
    all.push_back({"8",
                   "How many operations of Diffie-Hellman does one spoofed message cost a "
                   "responder of main mode?",
                   std::to_string(ground.main.dh.unproven),
                   "the second message goes to an address that does not answer; what was computed "
                   "for it?"});
    all.push_back({"9",
                   "And a responder of aggressive mode?",
                   std::to_string(ground.aggressive.dh.unproven),
                   "which payloads of the second message need a key pair, which a shared secret?"});
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
                   "it is made with the key, and everything else that it is made of is in clear"});
    all.push_back({"13",
                   "Which message of main mode does an impostor wait for, to check guesses with?",
                   ground.impostorGotProof ? FirstEncrypted(ground.main) : NONE,
                   "it is the first one that is made with the key"});
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
                   "on average half of 94^n keys are tried; a year has 31,557,600 s"});
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

bool
IsRightAnswer(const Exercise& exercise, const std::string& given)
{
    const std::optional<double> right = AsNumber(exercise.answer);
    const std::optional<double> number = AsNumber(Trim(given));
    if (right)
    {
        return number && std::abs(*number - *right) <= TOLERANCE * std::abs(*right);
    }
    return Words(given) == Words(exercise.answer);
}

std::map<std::string, std::string>
ReadAnswers(const std::string& path, const std::vector<Exercise>& exercises)
{
    std::map<std::string, std::string> answers;
    for (const IniSection& section : SplitIni(ReadScenarioFile(path), path))
    {
        if (section.kind != ANSWERS || !section.name.empty())
        {
            throw ScenarioError({path, section.line},
                                "",
                                "there is no section '" + section.FullName() +
                                    "'; allowed: answers");
        }
        for (const IniEntry& entry : section.entries)
        {
            const bool isKnown =
                std::any_of(exercises.begin(),
                            exercises.end(),
                            [&](const Exercise& one) { return one.name == entry.key; });
            if (!isKnown)
            {
                throw ScenarioError({path, entry.line},
                                    section.Prefix() + entry.key,
                                    "there is no such exercise; allowed: " +
                                        exercises.front().name + " to " + exercises.back().name);
            }
            answers[entry.key] = entry.value;
        }
    }
    return answers;
}

std::string
CheckedAnswersText(const std::vector<Exercise>& exercises,
                   const std::map<std::string, std::string>& answers)
{
    std::string out;
    size_t right = 0;
    for (const Exercise& exercise : exercises)
    {
        const auto given = answers.find(exercise.name);
        const std::string number = (exercise.name.size() < 2 ? " " : "") + exercise.name + "  ";
        if (given == answers.end())
        {
            out += "  open   " + number + exercise.question + "\n";
        }
        else if (IsRightAnswer(exercise, given->second))
        {
            right++;
            out += "  right  " + number + given->second + "\n";
        }
        else
        {
            out += "  WRONG  " + number + given->second + "\n             " + exercise.question +
                   "\n             hint: " + exercise.hint + "\n";
        }
    }
    return out + "\n" + std::to_string(right) + " of " + std::to_string(exercises.size()) +
           " exercises are right\n";
}

bool
AreAllRight(const std::vector<Exercise>& exercises,
            const std::map<std::string, std::string>& answers)
{
    return std::all_of(exercises.begin(),
                       exercises.end(),
                       [&](const Exercise& exercise)
                       {
                           const auto given = answers.find(exercise.name);
                           return given != answers.end() && IsRightAnswer(exercise, given->second);
                       });
}

std::string
SolutionsText(const std::vector<Exercise>& exercises)
{
    std::string out = std::string("[") + ANSWERS + "]\n";
    for (const Exercise& exercise : exercises)
    {
        out += exercise.name + " = " + exercise.answer + "\n";
    }
    return out;
}

} // namespace ipsec
} // namespace ns3
