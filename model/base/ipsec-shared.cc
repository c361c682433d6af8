// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-shared.h"

#include <set>

namespace ns3
{
namespace ipsec
{

CommonText::CommonText(const std::string& text)
{
    // A set leaves its texts where they are.
    static std::set<std::string> known;
    m_text = &*known.insert(text).first;
}

} // namespace ipsec
} // namespace ns3
