// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * The sentence with which a user's mistake is refused.
 */
#ifndef THROWN_SENTENCE_H
#define THROWN_SENTENCE_H

#include <stdexcept>
#include <string>

namespace ns3
{
namespace ipsec
{

/// Calls @p action and returns the text of the std::invalid_argument it throws, or says that
/// nothing was thrown.
template <typename Action>
std::string
ThrownSentence(Action action)
{
    try
    {
        action();
    }
    catch (const std::invalid_argument& refusal)
    {
        return refusal.what();
    }
    return "(nothing was thrown)";
}

} // namespace ipsec
} // namespace ns3

#endif // THROWN_SENTENCE_H
