// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-scenario-link.h"

#include "ns3/data-rate.h"
#include "ns3/double.h"
#include "ns3/ipsec-conversions.h"

namespace ns3
{
namespace ipsec
{

void
ChangeLink(Ptr<IpsecCloudNetDevice> device, const LinkChange& change)
{
    const auto setTime = [&](const char* name, const std::optional<Duration>& value)
    {
        if (value)
        {
            device->SetAttribute(name, TimeValue(ToTime(*value)));
        }
    };
    const auto setPart = [&](const char* name, const std::optional<double>& value)
    {
        if (value)
        {
            device->SetAttribute(name, DoubleValue(*value));
        }
    };
    setTime("Delay", change.delay);
    setTime("Jitter", change.jitter);
    setPart("Loss", change.loss);
    setPart("Reorder", change.reorder);
    setPart("Duplicate", change.duplicate);
    setPart("Corrupt", change.corrupt);
    if (change.rate)
    {
        device->SetAttribute("DataRate", DataRateValue(DataRate(*change.rate)));
    }
}

LinkChange
Former(const LinkChange& change, const LinkSettings& settings)
{
    LinkChange former;
    const auto take = [](auto& to, const auto& from, auto value)
    {
        if (from)
        {
            to = value;
        }
    };
    take(former.delay, change.delay, settings.delay);
    take(former.jitter, change.jitter, settings.jitter);
    take(former.loss, change.loss, settings.loss);
    take(former.reorder, change.reorder, settings.reorder);
    take(former.duplicate, change.duplicate, settings.duplicate);
    take(former.corrupt, change.corrupt, settings.corrupt);
    take(former.rate, change.rate, settings.rate);
    return former;
}

} // namespace ipsec
} // namespace ns3
