// SPDX-License-Identifier: GPL-2.0-only
#include "ike-proposal-text.h"

#include "ns3/crypto-algorithms.h"

#include <algorithm>
#include <stdexcept>

namespace ns3
{
namespace ipsec
{

std::vector<std::string>
SplitText(const std::string& text, const char* separators)
{
    std::vector<std::string> parts(1);
    for (const char c : text)
    {
        if (std::string(separators).find(c) != std::string::npos)
        {
            parts.emplace_back();
            continue;
        }
        parts.back() += c;
    }
    return parts;
}

std::string
JoinNames(const std::vector<std::string>& names)
{
    std::string text;
    for (const std::string& name : names)
    {
        text += (text.empty() ? "" : ", ") + name;
    }
    return text;
}

std::optional<uint16_t>
FindGroupByName(const std::string& part)
{
    const std::string digits = part.substr(std::min<size_t>(1, part.size()));
    if (part.size() < 2 || part.size() > 3 || part[0] != 'g' || digits[0] == '0' ||
        digits.find_first_not_of("0123456789") != std::string::npos)
    {
        return std::nullopt;
    }
    const DhGroup* group = FindDhGroup(std::stoul(digits));
    return group != nullptr ? std::optional<uint16_t>(group->number) : std::nullopt;
}

std::string
GroupNames()
{
    /// Above every group number that IANA gave to IKEv1.
    constexpr uint16_t END = 31;
    std::vector<std::string> names;
    for (uint16_t number = 1; number < END; number++)
    {
        if (FindDhGroup(number) != nullptr)
        {
            names.push_back("g" + std::to_string(number));
        }
    }
    return JoinNames(names);
}

void
RefusePart(const std::string& proposal,
           const std::string& part,
           const std::string& what,
           const std::string& allowed)
{
    throw std::invalid_argument("proposal '" + proposal + "': '" + part + "' is not " + what +
                                "; allowed are: " + allowed);
}

void
RefuseForm(const std::string& proposal, const char* form)
{
    throw std::invalid_argument("proposal '" + proposal + "' has the wrong form; write " + form);
}

} // namespace ipsec
} // namespace ns3
