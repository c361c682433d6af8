// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Times main mode plus quick mode of two engines next to the cryptography that both ends cannot do
 * without, in one run: the ratio of two neighbours is what a site costs beyond it.
 */
#include "raw-tunnel.h"

#include "ns3/ike-engine.h"

#include <benchmark/benchmark.h>
#include <cstdlib>
#include <deque>

using namespace ns3::ipsec;

namespace
{

EngineConfig
ConfigOf(const RawSuite& suite, const char* local, const char* remote, bool first)
{
    const Prefix a = Prefix::Parse("10.1.0.0/24");
    const Prefix b = Prefix::Parse("10.2.0.0/24");
    ChildConfig child;
    child.name = "lan";
    child.proposals = ParsePhase2Proposals(suite.phase2);
    child.proxyId.local = first ? a : b;
    child.proxyId.remote = first ? b : a;
    PeerConfig peer;
    peer.name = "peer";
    peer.localAddress = IpAddress::Parse(local);
    peer.remoteAddress = IpAddress::Parse(remote);
    peer.proposals = ParsePhase1Proposals(suite.phase1);
    peer.preSharedKey = SecretBytes(AsOctets("a key for the benchmark"));
    peer.children.push_back(child);
    EngineConfig config;
    config.peers.push_back(peer);
    return config;
}

/// Brings up one tunnel from nothing; aborts if it does not come up, so that no failure looks fast.
void
Handshake(Engine a, Engine b, RandomSource& random)
{
    const Instant now{};
    std::deque<std::pair<bool, Transmit>> wire;
    size_t installed = 0;
    auto collect = [&](bool fromA, const Effects& effects)
    {
        for (const Effect& effect : effects.list)
        {
            if (const auto* transmit = std::get_if<Transmit>(&effect))
            {
                wire.emplace_back(fromA, *transmit);
            }
            installed += std::holds_alternative<InstallSa>(effect) ? 1 : 0;
        }
    };
    collect(true, a.Acquire(now, {0, 0}, {}, random));
    while (!wire.empty())
    {
        const auto [fromA, message] = std::move(wire.front());
        wire.pop_front();
        Engine& receiver = fromA ? b : a;
        collect(!fromA,
                receiver.HandleDatagram(
                    now, {message.remote, message.local, message.datagram}, random));
    }
    if (installed != 4)
    {
        std::abort();
    }
}

void
Tunnel(benchmark::State& state)
{
    const RawSuite& suite = RAW_SUITES.at(static_cast<size_t>(state.range(0)));
    SeededRandomSource random(1);
    const Engine a(ConfigOf(suite, "192.0.2.1", "192.0.2.2", true));
    const Engine b(ConfigOf(suite, "192.0.2.2", "192.0.2.1", false));
    Handshake(a, b, random); // builds the tables, which are paid once in a run
    for (auto _ : state)
    {
        Handshake(a, b, random);
    }
    state.SetLabel(std::string(suite.phase1) + " " + suite.phase2);
}

void
CryptographyAlone(benchmark::State& state)
{
    const RawSuite& suite = RAW_SUITES.at(static_cast<size_t>(state.range(0)));
    RawExponentiations exponentiations(suite);
    RawSymmetric rest(suite);
    for (auto _ : state)
    {
        exponentiations.OneTunnel();
        rest.OneTunnel();
        benchmark::ClobberMemory();
    }
}

BENCHMARK(Tunnel)->DenseRange(0, RAW_SUITES.size() - 1)->Unit(benchmark::kMicrosecond);
BENCHMARK(CryptographyAlone)->DenseRange(0, RAW_SUITES.size() - 1)->Unit(benchmark::kMicrosecond);

} // namespace

BENCHMARK_MAIN();
