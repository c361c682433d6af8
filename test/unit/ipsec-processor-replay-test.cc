// SPDX-License-Identifier: GPL-2.0-only
// Anti-replay through the whole receiver, forgeries in between, and the sender's numbers.
#include "protected-samples.h"
#include "vector-file.h"

#include "ns3/esp-transform.h"
#include "ns3/ipsec-processor.h"

#include <gtest/gtest.h>
#include <sstream>

namespace ns3
{
namespace ipsec
{
namespace
{

const Instant START{std::chrono::seconds(100)};

/// Returns a packet with another last octet: its ICV is wrong.
Octets
Forged(Octets packet)
{
    packet.back() ^= 1;
    return packet;
}

/// Sends every number of a block, each between two forgeries: the number itself and a far higher
/// one. Expects the verdicts of the block for the genuine packets.
void
ExpectVerdicts(const VectorBlock& block, uint32_t window)
{
    IpsecSa sender = SampleSa(CipherId::Null, IntegrityId::HmacSha1_96);
    sender.replayWindow = window;
    Processor processor;
    ProcessorReport report;
    SeededRandomSource random(1);
    (void)processor.InstallSa(START, FarEnd(sender), random, report);
    const auto outcomeOf = [&](uint32_t sequence, bool genuine)
    {
        Octets packet = *SealEsp(sender, sequence, IP_PROTOCOL_IPIP, SamplePacket(), random);
        return Outcome(processor.Unprotect(
            START, Arrived(GatewayA(), genuine ? packet : Forged(packet)), report));
    };

    std::istringstream sequences(block.Text("Sequences"));
    std::istringstream verdicts(block.Text("Accepted" + std::to_string(window)));
    char verdict = '0';
    for (uint32_t sequence = 0; sequences >> sequence;)
    {
        ASSERT_TRUE(verdicts >> verdict);
        const bool isAccepted = verdict == '1';
        ASSERT_EQ(outcomeOf(sequence, false), isAccepted ? "BadIcv" : "Replayed") << sequence;
        ASSERT_EQ(outcomeOf(sequence, true), isAccepted ? "Opened" : "Replayed") << sequence;
        if (sequence < 0xfffff000)
        {
            ASSERT_NE(outcomeOf(sequence + 0xfff, false), "Opened");
        }
    }
    const SaEntry& entry = *processor.Associations().Find(FarEnd(sender).Key());
    EXPECT_EQ(entry.replay.Highest(), block.Number("Highest"));
}

// Covers AR-01, AR-02, AR-03. bad input 95, 99
TEST(ProcessorReplay, ForgeriesBetweenGenuinePacketsChangeNoVerdict)
{
    const VectorFile file("replay-window.txt");
    for (const VectorBlock& block : file.Blocks())
    {
        SCOPED_TRACE(block.Text("Name"));
        for (const uint32_t window : {32, 64, 128, 1024, 4096})
        {
            ExpectVerdicts(block, window);
        }
    }
}

/// Sends every number of a block through an SA with extended numbers, each between forgeries, and
/// compares with its verdicts.
void
ExpectExtendedVerdicts(VectorBlock& block, CipherId cipher, IntegrityId integrity)
{
    IpsecSa sender = SampleSa(cipher, integrity);
    sender.extendedSequence = true;
    sender.replayWindow = static_cast<uint32_t>(block.Number("Window"));
    Processor processor;
    ProcessorReport report;
    SeededRandomSource random(1);
    (void)processor.InstallSa(START, FarEnd(sender), random, report);
    const auto outcomeOf = [&](const Octets& packet)
    { return Outcome(processor.Unprotect(START, Arrived(GatewayA(), packet), report)); };

    std::string verdicts;
    std::istringstream sequences(block.Text("Sequences"));
    for (uint64_t sequence = 0; sequences >> sequence;)
    {
        const Octets packet = *SealEsp(sender, sequence, 4, SamplePacket(), random);
        ASSERT_NE(outcomeOf(Forged(packet)), "Opened");
        const std::string outcome = outcomeOf(packet);
        verdicts += outcome == "Opened" ? '1' : outcome == "BadIcv" ? 'F' : 'R';
    }
    EXPECT_EQ(verdicts, block.Text("Verdicts"));
    const SaEntry& entry = *processor.Associations().Find(FarEnd(sender).Key());
    EXPECT_EQ(entry.replay.Highest(), block.Number("Highest"));
}

// Covers AR-01, AR-03. bad input 95, 99
TEST(ProcessorReplay, ExtendedNumbersAreProvedByTheIcvBeforeTheWindowMoves)
{
    ForEachVector("extended-sequence.txt",
                  [](VectorBlock& block)
                  {
                      block.Skip("Name");
                      ExpectExtendedVerdicts(block, CipherId::Null, IntegrityId::HmacSha1_96);
                      ExpectExtendedVerdicts(block, CipherId::Aes128Gcm, IntegrityId::None);
                  });
}

/// A sender whose last number a test can set: a run of 2^32 packets is too long for one.
class Sender
{
  public:
    explicit Sender(const IpsecSa& sa)
        : m_key(sa.Key())
    {
        m_processor.Policies().Add({sa.proxyId, PolicyAction::Protect, sa.child});
        (void)m_processor.InstallSa(START, sa, m_random, report);
    }

    void
    SetSequence(uint64_t sequence)
    {
        const_cast<SaEntry*>(m_processor.Associations().Find(m_key))->sequence = sequence;
    }

    ProtectVerdict
    Send()
    {
        return m_processor.Protect(START, SamplePacket(), 1, m_random, report);
    }

    ProcessorReport report;

  private:
    Processor m_processor;
    SeededRandomSource m_random{1};
    SaKey m_key;
};

IpsecSa
ExtendedSa(CipherId cipher = CipherId::Aes128Gcm, IntegrityId integrity = IntegrityId::None)
{
    IpsecSa sa = SampleSa(cipher, integrity);
    sa.extendedSequence = true;
    return sa;
}

// bad input 100
TEST(ExtendedNumbers, GoOnBehindThirtyTwoBits)
{
    Sender sender(ExtendedSa());
    sender.SetSequence(0xffffffff);
    const ProtectVerdict verdict = sender.Send();
    EXPECT_EQ(ParseEspHeader(AsSealed(verdict).packet)->sequence, 0u);
    const OctetView iv = OctetView(AsSealed(verdict).packet).From(ESP_HEADER_OCTETS);
    EXPECT_EQ(OctetReader(iv).U64(), uint64_t{1} << 32);
    EXPECT_TRUE(OpenEsp(ExtendedSa(), AsSealed(verdict).packet, 1).Ok());
    EXPECT_TRUE(sender.report.expiries.empty());
}

// bad input 100
TEST(ExtendedNumbers, NeverWrapEither)
{
    for (const IpsecSa& sa : {ExtendedSa(), ExtendedSa(CipherId::Aes128, IntegrityId::HmacMd5_96)})
    {
        Sender sender(sa);
        sender.SetSequence(~uint64_t{0} - 1);
        EXPECT_EQ(Outcome(sender.Send()), "Sealed");
        EXPECT_EQ(Outcome(sender.Send()), "SequenceExhausted");
        EXPECT_EQ(Outcome(sender.Send()), "SequenceExhausted");
    }
}

// bad input 100
TEST(ExtendedNumbers, AskForASuccessorWellBeforeTheirEnd)
{
    Sender sender(ExtendedSa());
    sender.SetSequence(EXTENDED_SEQUENCE_SOFT_LIMIT - 2);
    (void)sender.Send();
    EXPECT_TRUE(sender.report.expiries.empty());
    (void)sender.Send();
    (void)sender.Send();
    ASSERT_EQ(sender.report.expiries.size(), 1u);
    EXPECT_EQ(sender.report.expiries[0].kind, SaExpiry::Kind::Soft);
}

// bad input 100
TEST(GcmAndCtr, StopBeforeAnIvComesAgain)
{
    for (const auto& [cipher, integrity] :
         {std::pair(CipherId::Aes128Gcm, IntegrityId::None),
          std::pair(CipherId::Aes256Ctr, IntegrityId::HmacSha1_96)})
    {
        Sender sender(SampleSa(cipher, integrity));
        sender.SetSequence(0xfffffffe);
        EXPECT_EQ(Outcome(sender.Send()), "Sealed");
        EXPECT_EQ(Outcome(sender.Send()), "SequenceExhausted");
    }
}

} // namespace
} // namespace ipsec
} // namespace ns3
