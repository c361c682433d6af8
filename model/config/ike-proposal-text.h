// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * What the text forms of both phases' proposals have in common.
 */
#ifndef IKE_PROPOSAL_TEXT_H
#define IKE_PROPOSAL_TEXT_H

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ns3
{
namespace ipsec
{

/// Cuts a text at every character that is one of @p separators.
std::vector<std::string> SplitText(const std::string& text, const char* separators);

/// Writes names with commas between them.
std::string JoinNames(const std::vector<std::string>& names);

/// Collects the names of all rows up to and including @p last that @p nameOf does not refuse with
/// null.
template <typename Id, typename NameOf>
std::string
NamesUpTo(Id last, NameOf nameOf)
{
    std::vector<std::string> names;
    for (uint8_t i = 0; i <= static_cast<uint8_t>(last); i++)
    {
        const char* name = nameOf(static_cast<Id>(i));
        if (name != nullptr)
        {
            names.emplace_back(name);
        }
    }
    return JoinNames(names);
}

/// Returns the group that "gN" names, or nothing.
std::optional<uint16_t> FindGroupByName(const std::string& part);
/// Writes "g1, g2, ..." for all groups there are.
std::string GroupNames();

/// Throws the sentence that a part of a proposal is not @p what, and what is @p allowed.
[[noreturn]] void RefusePart(const std::string& proposal,
                             const std::string& part,
                             const std::string& what,
                             const std::string& allowed);
/// Throws the sentence that a proposal is not of the @p form.
[[noreturn]] void RefuseForm(const std::string& proposal, const char* form);

} // namespace ipsec
} // namespace ns3

#endif // IKE_PROPOSAL_TEXT_H
