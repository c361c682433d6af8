// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-scenario-dial-up.h"

#include "ipsec-scenario.h"

#include <cstdio>

namespace ns3
{
namespace ipsec
{

namespace
{

std::string
SecondsOf(Duration time)
{
    char text[32];
    std::snprintf(text, sizeof(text), "%.9g", std::chrono::duration<double>(time).count());
    return text;
}

} // namespace

bool
TimeDraw::IsOfMany() const
{
    return law == TimeLaw::Poisson || law == TimeLaw::Every;
}

std::string
TimeDraw::ToVariable() const
{
    switch (law)
    {
    case TimeLaw::Uniform:
        return "ns3::UniformRandomVariable[Min=" + SecondsOf(first) + "|Max=" + SecondsOf(second) +
               "]";
    case TimeLaw::Exponential:
        return "ns3::ExponentialRandomVariable[Mean=" + SecondsOf(first) + "]";
    default:
        return "ns3::ConstantRandomVariable[Constant=" + SecondsOf(first) + "]";
    }
}

bool
DialUpSettings::HasUser() const
{
    return arrival || holding || away;
}

DhcpSettings
UpperHalf(const Prefix& network)
{
    const uint32_t last = network.address.value | ~network.Mask().value;
    const uint32_t half = (~network.Mask().value >> 1) + 1;
    return {{network.address.value + half}, {last - 1}};
}

bool
IsDialUpEnd(const Scenario& scenario, const TunnelSettings& tunnel, size_t end)
{
    const GatewaySettings* node = scenario.FindGateway(tunnel.ends[end].gateway);
    return node && node->dialUp->isDialUp;
}

} // namespace ipsec
} // namespace ns3
