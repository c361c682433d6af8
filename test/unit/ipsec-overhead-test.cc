// SPDX-License-Identifier: GPL-2.0-only
#include "protected-samples.h"

#include "ns3/ipsec-overhead.h"

#include <gtest/gtest.h>

namespace ns3
{
namespace ipsec
{
namespace
{

const CipherId CIPHERS[] = {CipherId::Null,
                            CipherId::Des,
                            CipherId::TripleDes,
                            CipherId::Aes128,
                            CipherId::Aes192,
                            CipherId::Aes256,
                            CipherId::Aes128Ctr,
                            CipherId::Aes192Ctr,
                            CipherId::Aes256Ctr,
                            CipherId::Aes128Gcm,
                            CipherId::Aes256Gcm};
const IntegrityId INTEGRITIES[] = {IntegrityId::HmacMd5_96,
                                   IntegrityId::HmacSha1_96,
                                   IntegrityId::HmacSha256_128,
                                   IntegrityId::HmacSha384_192,
                                   IntegrityId::HmacSha512_256,
                                   IntegrityId::HmacSha256_96};

/// A tunnel, and what the processor says of it.
class Tunnel
{
  public:
    explicit Tunnel(std::vector<IpsecSa> sas)
    {
        m_processor.Policies().Add({SampleSa().proxyId, PolicyAction::Protect, {}});
        for (const IpsecSa& sa : sas)
        {
            (void)m_processor.InstallSa({}, sa, m_random, m_report);
        }
        m_isUdp = sas.front().udpEncapsulated;
    }

    Encapsulation
    Says() const
    {
        return m_processor.EncapsulationOf({}).value();
    }

    /// Returns the length of the outer packet that really comes out.
    size_t
    Outer(size_t packetOctets)
    {
        const auto known = m_outer.find(packetOctets);
        return known != m_outer.end() ? known->second : m_outer[packetOctets] = Seal(packetOctets);
    }

  private:
    size_t
    Seal(size_t packetOctets)
    {
        const ProtectVerdict verdict =
            m_processor.Protect({}, SamplePacket(packetOctets), 1, m_random, m_report);
        return 20 + (m_isUdp ? 8 : 0) + AsSealed(verdict).packet.size();
    }

    Processor m_processor;
    SeededRandomSource m_random{1};
    ProcessorReport m_report;
    bool m_isUdp = false;
    /// What came out of sizes that were asked for before.
    std::map<size_t, size_t> m_outer;
};

/// Compares sizes that are said with those that come out.
void
ExpectTruth(const std::vector<IpsecSa>& sas)
{
    Tunnel tunnel(sas);
    const Encapsulation encapsulation = tunnel.Says();
    std::vector<size_t> sizes;
    for (size_t octets = 28; octets <= 200; octets++)
    {
        sizes.push_back(octets);
    }
    for (size_t octets = 1380; octets <= 1520; octets++)
    {
        sizes.push_back(octets);
    }
    for (const size_t octets : sizes)
    {
        const size_t outer = tunnel.Outer(octets);
        ASSERT_EQ(OuterPacketOctets(encapsulation, octets), outer) << octets;
        // The largest packet for a path that takes just this much fits, and one octet more does
        // not.
        const size_t largest = LargestPacketOctets(encapsulation, outer);
        ASSERT_GE(largest, octets);
        ASSERT_EQ(tunnel.Outer(largest), outer) << octets;
        ASSERT_GT(tunnel.Outer(largest + 1), outer) << octets;
    }
}

std::vector<std::vector<IpsecSa>>
EveryKindOfTunnel()
{
    std::vector<std::vector<IpsecSa>> tunnels;
    for (const IntegrityId integrity : INTEGRITIES)
    {
        tunnels.push_back({SampleAh(0x300, integrity)});
    }
    for (const CipherId cipher : CIPHERS)
    {
        const bool makesIcv = GetCipher(cipher).icvOctets > 0;
        for (const IntegrityId integrity : INTEGRITIES)
        {
            IpsecSa esp = SampleSa(cipher, makesIcv ? IntegrityId::None : integrity);
            tunnels.push_back({esp});
            esp.udpEncapsulated = true;
            tunnels.push_back({esp});
            SampleBundle bundle;
            bundle.ah.integrity = integrity;
            esp.udpEncapsulated = false;
            esp.bundledSpi = bundle.ah.spi;
            bundle.ah.bundledSpi = esp.spi;
            tunnels.push_back({bundle.ah, esp});
        }
    }
    return tunnels;
}

TEST(Overhead, IsWhatSealingAddsForEverySuiteAndMode)
{
    for (std::vector<IpsecSa> sas : EveryKindOfTunnel())
    {
        for (const EncapsulationMode mode :
             {EncapsulationMode::Tunnel, EncapsulationMode::Transport})
        {
            for (IpsecSa& sa : sas)
            {
                sa.mode = mode;
            }
            SCOPED_TRACE(std::string(GetCipher(sas.back().cipher).name) + " " +
                         GetIntegrity(sas.back().integrity).name +
                         (sas.size() > 1 ? " in AH" : ""));
            ExpectTruth(sas);
        }
    }
}

TEST(Overhead, NothingFitsThroughAPathThatIsTooNarrow)
{
    const Encapsulation encapsulation = Tunnel({SampleSa()}).Says();
    EXPECT_EQ(LargestPacketOctets(encapsulation, 0), 0u);
    EXPECT_EQ(LargestPacketOctets(encapsulation, 60), 0u);
}

TEST(Overhead, IsToldOfTheNewestOutboundSaOnly)
{
    SeededRandomSource random(1);
    ProcessorReport report;
    Processor processor;
    EXPECT_FALSE(processor.EncapsulationOf({}));
    (void)processor.InstallSa({}, FarEnd(SampleSa()), random, report);
    EXPECT_FALSE(processor.EncapsulationOf({}));

    const SampleBundle bundle;
    (void)processor.InstallSa({}, bundle.ah, random, report);
    EXPECT_FALSE(processor.EncapsulationOf({}));
    (void)processor.InstallSa({}, bundle.esp, random, report);
    const std::optional<Encapsulation> both = processor.EncapsulationOf({});
    ASSERT_TRUE(both);
    EXPECT_EQ(both->ah, IntegrityId::HmacSha1_96);
    ASSERT_TRUE(both->esp);
    EXPECT_EQ(both->esp->cipher, CipherId::Aes128);

    (void)processor.InstallSa({}, SampleAh(0x900, IntegrityId::HmacSha512_256), random, report);
    const std::optional<Encapsulation> ah = processor.EncapsulationOf({});
    EXPECT_EQ(ah->ah, IntegrityId::HmacSha512_256);
    EXPECT_FALSE(ah->esp);
    EXPECT_FALSE(processor.EncapsulationOf({0, 1}));
}

TEST(Overhead, APacketThatNoIpHeaderCanCarryIsDiscarded)
{
    SeededRandomSource random(1);
    ProcessorReport report;
    Processor processor;
    processor.Policies().Add({SampleSa().proxyId, PolicyAction::Protect, {}});
    (void)processor.InstallSa({}, SampleSa(), random, report);
    const size_t largest = LargestPacketOctets(*processor.EncapsulationOf({}), 0xffff);
    const auto outcomeOf = [&](size_t octets)
    { return Outcome(processor.Protect({}, SamplePacket(octets), 1, random, report)); };
    EXPECT_EQ(outcomeOf(largest), "Sealed");
    EXPECT_EQ(outcomeOf(largest + 1), "PacketTooBig");
    EXPECT_EQ(processor.Associations().Find(SampleSa().Key())->sequence, 1u);
}

} // namespace
} // namespace ipsec
} // namespace ns3
