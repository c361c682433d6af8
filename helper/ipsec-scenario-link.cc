// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-scenario-link.h"

#include "ns3/data-rate.h"
#include "ns3/double.h"
#include "ns3/ipsec-conversions.h"
#include "ns3/uinteger.h"

namespace ns3
{
namespace ipsec
{

void
ApplyLink(const std::function<void(const char* name, const AttributeValue& value)>& set,
          const LinkSettings& link)
{
    set("Delay", TimeValue(ToTime(link.delay)));
    set("Jitter", TimeValue(ToTime(link.jitter)));
    set("Loss", DoubleValue(link.loss));
    set("Reorder", DoubleValue(link.reorder));
    set("Duplicate", DoubleValue(link.duplicate));
    set("Corrupt", DoubleValue(link.corrupt));
    set("DataRate", DataRateValue(DataRate(link.rate)));
}

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

std::string
ApplyToLink(Ptr<IpsecCloudNetDevice> link, const EventSettings& event)
{
    if (event.kind == EventKind::Link)
    {
        ChangeLink(link, event.link);
        return LinkChangeText(event.link);
    }
    if (event.kind == EventKind::Partition)
    {
        link->SetAttribute("Partition", UintegerValue(event.part));
        return "part " + std::to_string(event.part);
    }
    link->SetUp(event.kind == EventKind::LinkUp);
    return "";
}

std::string
RevertOnLink(Ptr<IpsecCloudNetDevice> link,
             const EventSettings& event,
             const LinkSettings& settings,
             std::string& detail)
{
    switch (event.kind)
    {
    case EventKind::LinkDown:
        link->SetUp(true);
        return EventKindName(EventKind::LinkUp);
    case EventKind::Link:
        ChangeLink(link, Former(event.link, settings));
        detail = "as before";
        return EventKindName(event.kind);
    case EventKind::Partition:
        link->SetAttribute("Partition", UintegerValue(0));
        detail = "part 0";
        return EventKindName(event.kind);
    default:
        return "";
    }
}

} // namespace ipsec
} // namespace ns3
