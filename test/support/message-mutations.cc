// SPDX-License-Identifier: GPL-2.0-only
#include "message-mutations.h"

#include "key-holder.h"

#include <gtest/gtest.h>
#include <map>

namespace ns3
{
namespace ipsec
{

namespace
{

struct HeaderField
{
    size_t end;
    const char* name;
};

/// Fields of the ISAKMP header; its next-payload field belongs to the payload it announces.
constexpr std::array<HeaderField, 8> HEADER_FIELDS = {{
    {8, "initiator cookie"},
    {16, "responder cookie"},
    {17, "next payload"},
    {18, "version"},
    {19, "exchange"},
    {20, "flags"},
    {24, "message ID"},
    {28, "length"},
}};

constexpr size_t NEXT_PAYLOAD_OFFSET = 16;

/// More deliveries than any plan needs: a storm stops the run and fails the test.
constexpr size_t STORM = 500;

/// Returns how many answers A refused, but for those to an exchange that it did not begin, and
/// for notifications about copies that were refused before. In aggressive mode it waits for a
/// better one, and often gets it.
size_t
RefusedAnswers(const PeerPair& pair)
{
    return pair.Drops(Side::A) - pair.Drops(Side::A, Fault::NoSuchExchange) -
           pair.Drops(Side::A, Fault::UnauthenticatedNotify);
}

/// Delivers one changed copy of the next message in a fork and lets it run; returns whether it was
/// accepted, no answer was refused, and the exchange ended established.
bool
IsAcceptedUnnoticed(const PeerPair& pair, const Octets& changed, bool tryAgain)
{
    PeerPair fork = pair;
    fork.DeliverInstead(changed);
    fork.Lose();
    fork.Settle();
    // S1 and S3: either both ends hold one SA with equal keys, or the initiator none.
    const bool up = fork.IsIkeUp();
    EXPECT_TRUE(up || fork.IsIkeDown());
    if (!up && tryAgain)
    {
        fork.Initiate(Side::A);
        fork.Settle();
        EXPECT_TRUE(fork.IsIkeUp()) << "no second attempt";
    }
    return up && RefusedAnswers(fork) == RefusedAnswers(pair);
}

} // namespace

std::string
RegionName(OctetView message, size_t offset)
{
    const std::vector<RawPayload> payloads = ClearPayloads(message);
    if (offset < ISAKMP_HEADER_OCTETS && offset != NEXT_PAYLOAD_OFFSET)
    {
        for (const HeaderField& field : HEADER_FIELDS)
        {
            if (offset < field.end)
            {
                return field.name;
            }
        }
    }
    // The octet that announces a payload lies at the start of what stands before it.
    size_t announcement = NEXT_PAYLOAD_OFFSET;
    for (const RawPayload& payload : payloads)
    {
        const size_t start = ISAKMP_HEADER_OCTETS + payload.offset;
        if (offset == announcement ||
            (offset > start && offset < start + GENERIC_HEADER_OCTETS + payload.body.size()))
        {
            return PayloadName(payload.type);
        }
        announcement = start;
    }
    return "end of chain";
}

Octets
ConsistentPrefix(OctetView message, size_t octets)
{
    Octets prefix = message.First(octets).Copy();
    if (prefix.size() >= ISAKMP_HEADER_OCTETS)
    {
        OctetWriter length;
        length.U32(static_cast<uint32_t>(prefix.size()));
        const Octets field = length.Take();
        std::copy(field.begin(), field.end(), prefix.begin() + ISAKMP_HEADER_OCTETS - 4);
    }
    return prefix;
}

void
ExpectTruncationsRefused(PeerPair& pair)
{
    const Octets good = pair.Next().octets;
    for (size_t octets = 0; octets < good.size(); octets++)
    {
        EXPECT_TRUE(WasRefused(pair.DeliverInstead(OctetView(good).First(octets)))) << octets;
        EXPECT_TRUE(WasRefused(pair.DeliverInstead(ConsistentPrefix(good, octets)))) << octets;
    }
}

void
ExpectOctetChangesRefused(const PeerPair& pair, size_t first, bool (*isUp)(const PeerPair&))
{
    const Octets good = pair.Next().octets;
    for (size_t offset = first; offset < good.size(); offset++)
    {
        PeerPair fork = pair;
        for (int change = 1; change <= 255; change++)
        {
            const auto value = static_cast<uint8_t>(good[offset] ^ change);
            const Effects effects = fork.DeliverInstead(WithOctet(good, offset, value));
            ASSERT_TRUE(WasRefused(effects)) << "octet " << offset << " changed by " << change;
        }
        fork.Settle();
        EXPECT_TRUE(isUp(fork)) << "after changes of octet " << offset;
        EXPECT_EQ(fork.Disagreement(), "");
    }
}

std::set<std::string>
UnnoticedRegions(PeerPair pair, int bits)
{
    std::set<std::string> regions;
    const Octets good = pair.Next().octets;
    for (size_t offset = 0; offset < good.size(); offset++)
    {
        for (int flip = 0; flip < bits; flip++)
        {
            const int bit = (flip + static_cast<int>(offset)) % 8;
            const auto value = static_cast<uint8_t>(good[offset] ^ (1 << bit));
            const Octets changed = WithOctet(good, offset, value);
            PeerPair fork = pair;
            if (WasRefused(fork.DeliverInstead(changed)))
            {
                pair = std::move(fork);
            }
            else if (IsAcceptedUnnoticed(pair, changed, flip == 0 && offset % 8 == 0))
            {
                regions.insert(RegionName(good, offset));
            }
        }
    }
    pair.Settle();
    EXPECT_TRUE(pair.IsIkeUp()) << "the good copy did not complete";
    return regions;
}

std::vector<std::vector<Fate>>
AllPlans(size_t messages)
{
    std::vector<std::vector<Fate>> plans = {{}};
    for (size_t i = 0; i < messages; i++)
    {
        std::vector<std::vector<Fate>> longer;
        for (const std::vector<Fate>& plan : plans)
        {
            for (const Fate fate : {Fate::Deliver, Fate::Lose, Fate::Double})
            {
                longer.push_back(plan);
                longer.back().push_back(fate);
            }
        }
        plans = std::move(longer);
    }
    return plans;
}

size_t
RunPlan(PeerPair& pair, const std::vector<Fate>& plan)
{
    std::set<Octets> met;
    size_t deliveries = 0;
    while (deliveries < STORM && (pair.InFlight() > 0 || pair.AdvanceToDeadline()))
    {
        if (pair.InFlight() == 0)
        {
            continue;
        }
        const size_t number = met.size();
        const bool isFirst = met.insert(pair.Next().octets).second;
        const Fate fate = isFirst && number < plan.size() ? plan[number] : Fate::Deliver;
        if (fate == Fate::Lose)
        {
            pair.Lose();
            continue;
        }
        if (fate == Fate::Double)
        {
            pair.Duplicate();
        }
        pair.Deliver();
        deliveries++;
    }
    return deliveries;
}

std::string
PlanText(const std::vector<Fate>& plan)
{
    std::string text;
    for (const Fate fate : plan)
    {
        text += text.empty() ? "" : "-";
        text += fate == Fate::Deliver ? "D" : fate == Fate::Lose ? "L" : "2";
    }
    return text;
}

} // namespace ipsec
} // namespace ns3
