// SPDX-License-Identifier: GPL-2.0-only
#include "watched-pair.h"

#include <algorithm>
#include <gtest/gtest.h>

namespace ns3
{
namespace ipsec
{

namespace
{

/// More than any test needs; a storm ends here.
constexpr int MAX_STEPS = 100000;

/// Lets time pass up to @p end or until @p isOver, and treats the wire with @p treat.
void
RunUntil(PeerPair& pair,
         Instant end,
         const std::function<void()>& treat,
         const std::function<bool()>& isOver)
{
    treat();
    for (int step = 0; step < MAX_STEPS && !isOver(); step++)
    {
        if (!pair.AdvanceToDeadline(end - pair.Now()))
        {
            pair.Advance(end - pair.Now());
            return;
        }
        treat();
    }
    EXPECT_TRUE(isOver()) << "too many steps";
}

bool
Never()
{
    return false;
}

} // namespace

EngineConfig
ChangedSite(Side side, const PeerChange& change)
{
    EngineConfig config = SiteConfig(side);
    change(config.peers[0]);
    return config;
}

PeerPair
UpPair(const PeerChange& a, const PeerChange& b)
{
    PeerPair pair(ChangedSite(Side::A, a), ChangedSite(Side::B, b));
    pair.Initiate(Side::A);
    pair.DeliverAll();
    EXPECT_TRUE(pair.IsIkeUp());
    EXPECT_TRUE(pair.AreTunnelsUp(pair.End(Side::A).engine.Config().peers[0].children.size()));
    return pair;
}

PeerChange
Watching(const DpdConfig& dpd)
{
    return [dpd](PeerConfig& peer) { peer.dpd = dpd; };
}

void
AsItIs(PeerConfig& /* peer */)
{
}

void
RunFor(PeerPair& pair, Duration time)
{
    RunUntil(
        pair, pair.Now() + time, [&pair] { pair.DeliverAll(); }, Never);
}

void
RunCut(PeerPair& pair, Duration time)
{
    RunUntil(
        pair, pair.Now() + time, [&pair] { pair.LoseAll(); }, Never);
}

Instant
RunCutUntilDown(PeerPair& pair, Side side)
{
    RunUntil(
        pair,
        pair.Now() + std::chrono::hours(1),
        [&pair] { pair.LoseAll(); },
        [&pair, side] { return pair.End(side).engine.IkeSas().empty(); });
    return pair.Now();
}

std::vector<NotifyPayload>
SentNotifies(const PeerPair& pair, Side from, NotifyType type)
{
    const KeyHolder holder(pair);
    std::vector<NotifyPayload> found;
    for (const Flight& flight : pair.Sent())
    {
        if (flight.from != from || flight.summary.exchange != ExchangeType::Informational)
        {
            continue;
        }
        const Octets iv = holder.FirstIv(flight.summary.messageId);
        for (const RawPayload& payload : holder.Open(flight.octets, iv))
        {
            const Result<NotifyPayload> notify = ParseNotifyPayload(payload.body);
            if (payload.type == PayloadType::Notify && notify &&
                notify->type == static_cast<uint16_t>(type))
            {
                found.push_back(*notify);
            }
        }
    }
    return found;
}

size_t
CountNotifies(const PeerPair& pair, Side from, NotifyType type)
{
    return std::count_if(pair.Sent().begin(),
                         pair.Sent().end(),
                         [&](const Flight& flight)
                         {
                             const std::vector<PayloadLabel>& labels = flight.summary.payloads;
                             return flight.from == from &&
                                    std::any_of(
                                        labels.begin(),
                                        labels.end(),
                                        [&](const PayloadLabel& label)
                                        { return label.notify == static_cast<uint16_t>(type); });
                         });
}

const Flight&
LastFrom(const PeerPair& pair, Side from)
{
    return *std::find_if(pair.Sent().rbegin(),
                         pair.Sent().rend(),
                         [from](const Flight& flight) { return flight.from == from; });
}

Fault
WhyDown(const PeerPair& pair, Side side)
{
    const std::vector<IkeSaDown> downs = pair.Seen<IkeSaDown>(side);
    EXPECT_FALSE(downs.empty());
    return downs.empty() ? Fault::DummyPacket : downs.back().reason;
}

} // namespace ipsec
} // namespace ns3
