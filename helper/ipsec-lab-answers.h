// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * How answers to exercises of labs are read, in whatever notation they are written.
 */
#ifndef IPSEC_LAB_ANSWERS_H
#define IPSEC_LAB_ANSWERS_H

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ns3
{
namespace ipsec
{

/// How an answer is read.
enum class AnswerForm : uint8_t
{
    Plain,       ///< a number, a word, or a list of words
    Hexadecimal, ///< octets, of which every digit counts
};

/// A question with its answer.
struct Exercise
{
    std::string name;
    std::string question;
    std::string answer;
    /// What helps whoever answers something else.
    std::string hint;
    /// Unit of a number, which need not be written: "ms".
    std::string unit = {};
    /// Other ways to write the answer.
    std::vector<std::string> alternatives = {};
    AnswerForm form = AnswerForm::Plain;
};

/**
 * Brings an answer into the notation in which answers are compared.
 *
 * Plain: lower case; no blanks, quotation marks or full stop around it, no article before it, no
 * number in brackets behind it, as Wireshark writes "Identification (5)"; names of certificates as
 * "cn=a,o=b", however OpenSSL and Wireshark write them; blanks, dashes and underscores count only
 * in what has a dot or an equals sign; "nothing" is "none", "y" is "yes", "src" is "source".
 *
 * Hexadecimal: digits alone. "0x", blanks, colons, dashes and dots between octets, and the decimal
 * number that Wireshark writes behind them are left out; an octet of one digit gets its zero.
 */
std::string NormalAnswer(const std::string& given, AnswerForm form = AnswerForm::Plain);

/// Returns a number, which may have commas between thousands; nothing if it is none.
std::optional<double> AnswerNumber(const std::string& text);

/// Returns the number of an answer in the unit of the exercise, which it may have behind it; times
/// in any unit.
std::optional<double> AnswerNumberIn(const std::string& unit, const std::string& given);

/// Returns the different words of a list in their notation and in the order of the alphabet.
std::vector<std::string> AnswerWords(const std::string& text);

/// Tells whether an answer is right: counts exactly, fractions and times within 1 %, numbers with
/// or without their unit (times in any) or the whole ("3 of 5"), words and octets in any notation,
/// lists in any order, with commas or, of words without blanks, without them.
bool IsRightAnswer(const Exercise& exercise, const std::string& given);

/// Returns how else the message of a mode may be called: "main 5", "MM5", "message 5"; nothing for
/// "none".
std::vector<std::string> MessageNames(const std::string& mode, const std::string& number);

/// Returns how else a payload of the ladder may be called: of "ID", "Identification".
std::vector<std::string> PayloadNames(const std::string& name);

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_LAB_ANSWERS_H
