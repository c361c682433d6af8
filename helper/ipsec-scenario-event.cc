// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-scenario-event.h"

#include <algorithm>
#include <cstdio>

namespace ns3
{
namespace ipsec
{

namespace
{

std::string
MillisecondsText(Duration time)
{
    std::string text(32, '\0');
    const double milliseconds = std::chrono::duration<double, std::milli>(time).count();
    text.resize(
        static_cast<size_t>(std::snprintf(text.data(), text.size(), "%.6gms", milliseconds)));
    return text;
}

std::string
PercentText(double part)
{
    std::string text(32, '\0');
    text.resize(static_cast<size_t>(std::snprintf(text.data(), text.size(), "%.6g%%", part * 100)));
    return text;
}

} // namespace

bool
LinkChange::IsEmpty() const
{
    return !delay && !jitter && !loss && !reorder && !duplicate && !corrupt && !rate;
}

bool
EventSettings::IsOfTunnel() const
{
    return kind == EventKind::StartTunnel || kind == EventKind::StopTunnel;
}

bool
EventSettings::IsOfNat() const
{
    return kind == EventKind::NatReboot || kind == EventKind::NatRebind ||
           kind == EventKind::NatAddress;
}

bool
EventSettings::IsOfDialUp() const
{
    return kind == EventKind::Connect || kind == EventKind::Disconnect || kind == EventKind::Roam;
}

bool
EventSettings::MayHit(const std::string& gateway, const std::string& branches) const
{
    return target == TARGET_ALL || target == TARGET_RANDOM || target == gateway ||
           (!branches.empty() && target == branches);
}

std::string
EventSettings::Network() const
{
    return to == TARGET_INTERNET ? "" : to;
}

bool
EventSettings::IsOfLink() const
{
    return kind == EventKind::LinkDown || kind == EventKind::LinkUp || kind == EventKind::Link ||
           kind == EventKind::Partition;
}

Duration
EventSettings::Latest() const
{
    return until.value_or(at) + every * static_cast<Duration::rep>(repeat - 1);
}

const std::vector<std::pair<std::string, EventKind>>&
EventKinds()
{
    static const std::vector<std::pair<std::string, EventKind>> KINDS{
        {"start-tunnel", EventKind::StartTunnel},
        {"stop-tunnel", EventKind::StopTunnel},
        {"link-down", EventKind::LinkDown},
        {"link-up", EventKind::LinkUp},
        {"link", EventKind::Link},
        {"partition", EventKind::Partition},
        {"crash", EventKind::Crash},
        {"restart", EventKind::Restart},
        {"stop", EventKind::Stop},
        {"start", EventKind::Start},
        {"address-change", EventKind::AddressChange},
        {"clock", EventKind::Clock},
        {"lose", EventKind::Lose},
        {"remove-key", EventKind::RemoveKey},
        {"nat-reboot", EventKind::NatReboot},
        {"nat-rebind", EventKind::NatRebind},
        {"nat-address", EventKind::NatAddress},
        {"connect", EventKind::Connect},
        {"disconnect", EventKind::Disconnect},
        {"roam", EventKind::Roam}};
    return KINDS;
}

std::string
EventKindName(EventKind kind)
{
    const auto& kinds = EventKinds();
    return std::find_if(
               kinds.begin(), kinds.end(), [&](const auto& row) { return row.second == kind; })
        ->first;
}

std::string
LinkChangeText(const LinkChange& change)
{
    std::string text;
    const auto add = [&](const char* name, const std::string& value)
    { text += (text.empty() ? "" : ", ") + std::string(name) + " " + value; };
    const auto addTime = [&](const char* name, const std::optional<Duration>& value)
    {
        if (value)
        {
            add(name, MillisecondsText(*value));
        }
    };
    const auto addPart = [&](const char* name, const std::optional<double>& value)
    {
        if (value)
        {
            add(name, PercentText(*value));
        }
    };
    addTime("delay", change.delay);
    addTime("jitter", change.jitter);
    addPart("loss", change.loss);
    addPart("reorder", change.reorder);
    addPart("duplicate", change.duplicate);
    addPart("corrupt", change.corrupt);
    if (change.rate)
    {
        add("rate", *change.rate == 0 ? "unlimited" : std::to_string(*change.rate) + "bps");
    }
    return text;
}

} // namespace ipsec
} // namespace ns3
