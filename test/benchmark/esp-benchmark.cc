// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * What ESP costs beyond the cipher and the MAC. The bound is OpenSSL alone with kept contexts on
 * the same octets, measured in the same run; the ratios stand below the table.
 */
#include "data-plane-samples.h"
#include "raw-esp.h"

#include "ns3/esp-transform.h"
#include "ns3/ipsec-processor.h"

#include <benchmark/benchmark.h>
#include <iomanip>
#include <iostream>
#include <map>
#include <random>

namespace ns3
{
namespace ipsec
{
namespace
{

/// A pair of algorithms as proposals name it.
struct Suite
{
    const char* name;
    CipherId cipher;
    IntegrityId integrity;
};

const Suite SUITES[] = {
    {"aes128-sha", CipherId::Aes128, IntegrityId::HmacSha1_96},
    {"aes128-sha256", CipherId::Aes128, IntegrityId::HmacSha256_128},
    {"aes128ctr-sha", CipherId::Aes128Ctr, IntegrityId::HmacSha1_96},
    {"aes128gcm", CipherId::Aes128Gcm, IntegrityId::None},
    {"aes256gcm", CipherId::Aes256Gcm, IntegrityId::None},
    {"3des-md5", CipherId::TripleDes, IntegrityId::HmacMd5_96},
    {"des-md5", CipherId::Des, IntegrityId::HmacMd5_96},
};

void
RawSeal(benchmark::State& state, const Suite& suite, size_t size)
{
    RawEsp raw(SampleSa(suite.cipher, suite.integrity), size);
    for (auto _ : state)
    {
        raw.Seal();
        benchmark::ClobberMemory();
    }
}

void
RawOpen(benchmark::State& state, const Suite& suite, size_t size)
{
    RawEsp raw(SampleSa(suite.cipher, suite.integrity), size);
    for (auto _ : state)
    {
        raw.Open();
        benchmark::ClobberMemory();
    }
}

void
TransformSeal(benchmark::State& state, const Suite& suite, size_t size)
{
    const IpsecSa sa = SampleSa(suite.cipher, suite.integrity);
    const Octets payload = SamplePacket(size);
    SeededRandomSource random(1);
    uint32_t sequence = 0;
    for (auto _ : state)
    {
        Result<Octets> packet = SealEsp(sa, ++sequence, IP_PROTOCOL_IPIP, payload, random);
        benchmark::DoNotOptimize(packet);
    }
}

void
TransformOpen(benchmark::State& state, const Suite& suite, size_t size)
{
    const IpsecSa sa = SampleSa(suite.cipher, suite.integrity);
    SeededRandomSource random(1);
    const Octets packet = *SealEsp(sa, 1, IP_PROTOCOL_IPIP, SamplePacket(size), random);
    for (auto _ : state)
    {
        Result<SaContent> content = OpenEsp(sa, packet);
        benchmark::DoNotOptimize(content);
    }
}

/// Two gateways with any number of tunnels, child i between 10.1.0.0/16 and a network of its own.
class TunnelField
{
  public:
    TunnelField(const Suite& suite, size_t tunnels, size_t packetOctets)
    {
        SeededRandomSource keys(2);
        ProcessorReport report;
        for (uint32_t i = 0; i < tunnels; i++)
        {
            IpsecSa sa = SampleSa(suite.cipher, suite.integrity);
            sa.spi = LOWEST_SPI + keys.DrawU32() / 2;
            sa.child = {i, 0};
            sa.proxyId.remote = {{0x0b000000 + (i << 8)}, 24};
            sa.cipherKey = SecretBytes(keys.Draw(sa.cipherKey.size()));
            sa.integrityKey = SecretBytes(keys.Draw(sa.integrityKey.size()));
            m_sender.Policies().Add({sa.proxyId, PolicyAction::Protect, sa.child});
            (void)m_sender.InstallSa({}, sa, keys, report);
            (void)m_receiver.InstallSa({}, FarEnd(sa), keys, report);
        }
        m_packet = SamplePacket(packetOctets);
    }

    /// Carries one packet through a tunnel, with a report for each packet as the edge has.
    bool
    Carry(uint32_t tunnel)
    {
        m_packet[16] = 0x0b;
        m_packet[17] = tunnel >> 8 & 0xff;
        m_packet[18] = tunnel & 0xff;
        ProcessorReport sent;
        const ProtectVerdict out = m_sender.Protect({}, m_packet, 1, m_random, sent);
        ProcessorReport received;
        const UnprotectVerdict in =
            m_receiver.Unprotect({}, Arrived(GatewayA(), std::get<Sealed>(out).packet), received);
        return std::holds_alternative<Opened>(in);
    }

  private:
    Processor m_sender;
    Processor m_receiver;
    SeededRandomSource m_random{3};
    Octets m_packet;
};

void
ProcessorBoth(benchmark::State& state, const Suite& suite, size_t size, size_t tunnels)
{
    TunnelField field(suite, tunnels, size);
    std::mt19937 order(4);
    for (auto _ : state)
    {
        if (!field.Carry(order() % tunnels))
        {
            state.SkipWithError("a packet was refused");
            break;
        }
    }
}

/// Prints the table, and then what stands in relation to what.
class RatioReporter : public benchmark::ConsoleReporter
{
  public:
    void
    ReportRuns(const std::vector<Run>& runs) override
    {
        ConsoleReporter::ReportRuns(runs);
        for (const Run& run : runs)
        {
            if (run.run_type != Run::RT_Iteration)
            {
                continue; // means and deviations of repetitions
            }
            double& best = m_nanoseconds[run.run_name.function_name];
            const double time = run.GetAdjustedCPUTime();
            best = best == 0 || time < best ? time : best;
        }
    }

    void
    Finalize() override
    {
        std::cout << "\nratios, best of all repetitions\n" << std::fixed << std::setprecision(2);
        for (const Suite& suite : SUITES)
        {
            for (const char* size : {"64", "1400"})
            {
                PrintRatios(std::string(suite.name) + "/" + size);
            }
        }
    }

  private:
    void
    PrintRatios(const std::string& name)
    {
        const double raw = m_nanoseconds["raw-seal/" + name] + m_nanoseconds["raw-open/" + name];
        const double one = m_nanoseconds["processor/" + name + "/1"];
        if (raw == 0 || one == 0)
        {
            return;
        }
        std::cout << name << ": seal "
                  << m_nanoseconds["seal/" + name] / m_nanoseconds["raw-seal/" + name] << ", open "
                  << m_nanoseconds["open/" + name] / m_nanoseconds["raw-open/" + name]
                  << ", processor both ways " << one / raw << " of raw; " << one - raw
                  << " ns more; 10000 tunnels at random "
                  << m_nanoseconds["processor/" + name + "/10000"] / one << " of one\n";
    }

    std::map<std::string, double> m_nanoseconds;
};

void
RegisterAll()
{
    for (const Suite& suite : SUITES)
    {
        for (const size_t size : {64, 1400})
        {
            const std::string name = std::string(suite.name) + "/" + std::to_string(size);
            const auto add = [&](const std::string& kind, auto function)
            {
                benchmark::RegisterBenchmark((kind + name).c_str(),
                                             [=](benchmark::State& state)
                                             { function(state, suite, size); });
            };
            add("raw-seal/", RawSeal);
            add("seal/", TransformSeal);
            add("raw-open/", RawOpen);
            add("open/", TransformOpen);
            for (const size_t tunnels : {1, 10000})
            {
                benchmark::RegisterBenchmark(
                    ("processor/" + name + "/" + std::to_string(tunnels)).c_str(),
                    [=](benchmark::State& state) { ProcessorBoth(state, suite, size, tunnels); });
            }
        }
    }
}

} // namespace
} // namespace ipsec
} // namespace ns3

int
main(int argc, char** argv)
{
    benchmark::Initialize(&argc, argv);
    ns3::ipsec::RegisterAll();
    ns3::ipsec::RatioReporter reporter;
    benchmark::RunSpecifiedBenchmarks(&reporter);
    return 0;
}
