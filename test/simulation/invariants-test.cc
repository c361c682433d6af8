// SPDX-License-Identifier: GPL-2.0-only
#include "invariants.h"
#include "random-scenario.h"

#include "ns3/ipsec-scenario-reader.h"

#include <gtest/gtest.h>

// The judge of random scenarios is judged: each thing that must hold is broken once.

namespace ns3
{
namespace ipsec
{

namespace
{

constexpr Instant END(std::chrono::seconds(1000));

IpsecSaRecord
SaOf(const NodeRecord& node, const NodeRecord& peer, SaDirection direction, uint32_t spi)
{
    IpsecSaRecord record;
    record.peer = peer.name;
    record.tunnel = "ab";
    record.sa.direction = direction;
    record.sa.spi = spi;
    record.sa.local.address = node.address;
    record.sa.remote.address = peer.address;
    record.sa.cipherKey = SecretBytes(Octets(16, static_cast<uint8_t>(spi)));
    return record;
}

/// A run that nothing is wrong with: one tunnel, up to the end.
RunRecord
GoodRun()
{
    RunRecord record;
    record.end = END;
    record.tunnels.push_back({"ab", "a", "b", false, false, {}});
    record.nodes.resize(2);
    NodeRecord& a = record.nodes[0];
    NodeRecord& b = record.nodes[1];
    a.name = "a";
    a.address = IpAddress::Parse("192.0.2.1");
    b.name = "b";
    b.address = IpAddress::Parse("192.0.2.2");
    a.ipsecSas = {SaOf(a, b, SaDirection::Inbound, 1), SaOf(a, b, SaDirection::Outbound, 2)};
    b.ipsecSas = {SaOf(b, a, SaDirection::Inbound, 2), SaOf(b, a, SaDirection::Outbound, 1)};
    record.expectations.push_back({"something", true, "seen"});
    return record;
}

/// Returns all that is wrong with a run, after a change.
template <typename Change>
std::string
Verdict(const Change& change)
{
    RunRecord record = GoodRun();
    change(record);
    std::string all;
    for (const std::string& violation : Violations(record))
    {
        all += violation + "\n";
    }
    return all;
}

} // namespace

TEST(InvariantsTest, NothingIsWrongWithAGoodRun)
{
    EXPECT_EQ(Verdict([](RunRecord&) {}), "");
}

TEST(InvariantsTest, ExpectationThatFailedIsFound)
{
    EXPECT_EQ(Verdict([](RunRecord& r) { r.expectations[0].pass = false; }),
              "not true: something (seen)\n");
}

TEST(InvariantsTest, ClearPacketIsFound)
{
    EXPECT_EQ(Verdict([](RunRecord& r) { r.nodes[0].clearPackets = 1; }),
              "a sent 1 packets in clear\n");
}

TEST(InvariantsTest, RepeatedSequenceNumberIsFound)
{
    EXPECT_EQ(Verdict([](RunRecord& r) { r.nodes[1].repeatedSequences = 2; }),
              "b used 2 sequence numbers twice\n");
}

TEST(InvariantsTest, KeyThatTwoSasHaveIsFound)
{
    const auto change = [](RunRecord& r)
    {
        IpsecSaRecord old = r.nodes[0].ipsecSas[1];
        old.sa.spi = 9;
        old.removedAt = END;
        r.nodes[0].ipsecSas.insert(r.nodes[0].ipsecSas.begin(), old);
    };
    EXPECT_EQ(Verdict(change), "a 0x00000009 and a 0x00000002 have the same key\n");
}

TEST(InvariantsTest, EndsWithDifferentKeysAreFound)
{
    const auto change = [](RunRecord& r)
    { r.nodes[1].ipsecSas[0].sa.cipherKey = SecretBytes(Octets(16, 77)); };
    EXPECT_EQ(Verdict(change), "a 0x00000002: both ends have different keys\n");
}

TEST(InvariantsTest, SendingWhereNobodyListensIsFound)
{
    const auto removed = [](Instant at)
    { return [at](RunRecord& r) { r.nodes[1].ipsecSas[0].removedAt = at; }; };
    EXPECT_EQ(Verdict(removed(END - std::chrono::seconds(1))),
              "a sends ab on 0x00000002, where nobody listens\n");
    EXPECT_EQ(Verdict(removed(END - std::chrono::milliseconds(999))), "");
}

TEST(InvariantsTest, SasThatPileUpAreFound)
{
    const auto change = [](RunRecord& r)
    {
        for (uint32_t spi = 100; spi < 113; spi++)
        {
            r.nodes[0].ipsecSas.push_back(SaOf(r.nodes[0], r.nodes[1], SaDirection::Inbound, spi));
        }
    };
    EXPECT_EQ(Verdict(change), "a has 14 SAs of ab left and had 14\n");
}

TEST(InvariantsTest, SasThatPiledUpOnceAreFound)
{
    const auto change = [](RunRecord& r)
    {
        for (uint32_t spi = 100; spi < 125; spi++)
        {
            IpsecSaRecord record = SaOf(r.nodes[0], r.nodes[1], SaDirection::Inbound, spi);
            record.removedAt = END;
            r.nodes[0].ipsecSas.push_back(record);
        }
    };
    EXPECT_EQ(Verdict(change), "a has 1 SAs of ab left and had 26\n");
}

TEST(InvariantsTest, IkeSasThatPileUpAreFound)
{
    const auto change = [](RunRecord& r)
    {
        IkeSaRecord left;
        left.peer = "b";
        r.nodes[0].ikeSas.assign(5, left);
    };
    EXPECT_EQ(Verdict(change), "a has 5 IKE SAs with b left\n");
}

TEST(InvariantsTest, StormIsFound)
{
    EXPECT_EQ(Verdict([](RunRecord& r) { r.messages.resize(3101); }),
              "3101 IKE messages; at most 3100 are no storm\n");
}

TEST(RandomScenarioTest, SeedsAreReadableAndDiffer)
{
    std::set<std::string> texts;
    for (uint64_t seed = 1; seed <= 50; seed++)
    {
        const std::string text = RandomScenario(seed);
        EXPECT_EQ(text, RandomScenario(seed));
        EXPECT_NO_THROW(ReadScenarioText(text, "seed.ini")) << text;
        texts.insert(text);
    }
    EXPECT_EQ(texts.size(), 50u);
}

} // namespace ipsec
} // namespace ns3
