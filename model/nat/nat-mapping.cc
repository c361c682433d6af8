// SPDX-License-Identifier: GPL-2.0-only
#include "nat-mapping.h"

#include <array>

namespace ns3
{
namespace ipsec
{

const char*
NatFaultName(NatFault fault)
{
    static constexpr std::array<const char*, NAT_FAULT_COUNT> NAMES = {
        "None",         "Malformed",        "Unsupported",     "BadQuotation", "NoMapping",
        "Filtered",     "NoOutsideAddress", "NoPort",          "MappingLimit", "HostLimit",
        "SessionLimit", "OwnPort",          "HairpinOff",      "EspOff",       "EspBusy",
        "IkeBusy",      "FragmentLimit",    "FragmentTimeout", "TooBig",       "Bypass",
        "Down",
    };
    return NAMES[static_cast<size_t>(fault)];
}

const char*
NatEndName(NatEnd end)
{
    switch (end)
    {
    case NatEnd::Timeout:
        return "Timeout";
    case NatEnd::Closed:
        return "Closed";
    case NatEnd::Reboot:
        return "Reboot";
    case NatEnd::AddressChange:
        return "AddressChange";
    case NatEnd::Removed:
        return "Removed";
    }
    return "?";
}

std::string
NatMapping::ToString() const
{
    std::string text = std::string(NatProtocolName(protocol)) + " " + inside.ToString() + " = " +
                       outside.ToString();
    if (!remote.address.IsAny())
    {
        text += " for " + remote.ToString();
    }
    return text;
}

} // namespace ipsec
} // namespace ns3
