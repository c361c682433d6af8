// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * What a site costs if a provider's tree of point-to-point links joins it to the hub, beside what
 * it costs in the cloud: CPU time and memory, in the same run.
 *
 *     site (one of N) --- router (one of sqrt(N)) --- core --- router --- hub
 *
 *     tree-benchmark              1,000 and 10,000 sites
 *     tree-benchmark 100 2000     so many
 *
 * Both are made by VpnTopologyHelper, alike but for what joins the sites: lean stacks, static
 * routes alone, no queue disciplines. Every run is a process of its own.
 */
#include "run-apart.h"

#include "ns3/boolean.h"
#include "ns3/data-rate.h"
#include "ns3/global-value.h"
#include "ns3/icmpv4.h"
#include "ns3/ipsec-conversions.h"
#include "ns3/ipsec-cost-meter.h"
#include "ns3/ipsec-scenario-ping.h"
#include "ns3/ipv4-l3-protocol.h"
#include "ns3/simulator.h"
#include "ns3/vpn-topology-helper.h"

#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

namespace
{

using namespace ns3;
using namespace ns3::ipsec;

/// Within this all sites begin.
const Time SPREAD = Seconds(10);
/// All sites are up by now, and traffic begins.
const Time UP = Seconds(20);
const Time END = Seconds(40);
/// How often each site asks the hub, evenly spread.
constexpr uint32_t PINGS = 2;
const Time INTERVAL = Seconds(8);
constexpr uint32_t PING_OCTETS = 56;
constexpr uint16_t PING_IDENTIFIER = 1;
constexpr uint8_t PROTOCOL_ICMP = 1;

constexpr double MICRO = 1e6;
constexpr double KILO = 1e3;

/// What one run cost.
struct Cost
{
    double build = 0;
    double bringUp = 0;
    double traffic = 0;
    double octets = 0;
    uint32_t routers = 0;
};

/// A star, its run, and what is counted of it.
class Star
{
  public:
    Star(uint32_t sites, VpnUnderlay underlay)
        : m_sites(sites)
        , m_vpn(Build(sites, underlay))
    {
        VpnTopologyHelper::AssignStreams(m_vpn, 1);
        // The hub, which is site 0, is there from the beginning.
        for (uint32_t site = 1; site <= sites; ++site)
        {
            m_vpn.daemons.Get(site)->SetStartTime(SPREAD * site / sites);
        }
        IpsecHelper::GetDaemon(m_vpn.sites[0].gateway)
            ->TraceConnectWithoutContext("SaInstalled", MakeCallback(&Star::NoteSa, this));
    }

    Star(const Star&) = delete;
    Star& operator=(const Star&) = delete;

    uint32_t
    Routers() const
    {
        return m_vpn.routers.GetN();
    }

    void
    BringUp()
    {
        RunUntil(UP);
        Require(m_sas, 2 * m_sites, "SAs at the hub");
    }

    /// Every site asks the hub, from its LAN to the hub's.
    void
    Ping()
    {
        for (uint32_t site = 1; site <= m_sites; ++site)
        {
            const Ptr<Node> gateway = m_vpn.sites[site].gateway;
            gateway->GetObject<Ipv4L3Protocol>()->TraceConnectWithoutContext(
                "LocalDeliver", MakeCallback(&Star::NoteAnswer, this));
            Simulator::ScheduleWithContext(
                gateway->GetId(), INTERVAL * site / m_sites, &Star::Ask, this, site, 1);
        }
        RunUntil(END);
        Require(m_answers, PINGS * m_sites, "answers");
    }

  private:
    static VpnTopology
    Build(uint32_t sites, VpnUnderlay underlay)
    {
        Personality personality;
        personality.halfOpen = 0;
        VpnTopologyHelper helper;
        helper.SetUnderlay(underlay);
        helper.SetStack(NodeStack::Lean);
        helper.SetHostsPerSite(0);
        helper.SetLans("10.0.0.0/8", 28);
        helper.GetLinkHelper().SetDeviceAttribute("DataRate", DataRateValue(DataRate("1Gbps")));
        IpsecHelper& ipsec = helper.GetIpsecHelper();
        ipsec.SetPreSharedKey("tiandihui2");
        ipsec.SetPhase1Proposals("pre-g2-aes128-sha");
        ipsec.SetPhase2Proposals("nopfs-esp-aes128-sha");
        ipsec.SetPersonality(personality);
        ipsec.SetStart(SiteStart::AtOnce);
        return helper.CreateStar(sites);
    }

    static void
    RunUntil(Time end)
    {
        Simulator::Stop(end - Simulator::Now());
        Simulator::Run();
    }

    /// Ends with a message unless so many were seen, so that no failure looks fast.
    static void
    Require(uint64_t seen, uint64_t wanted, const char* what)
    {
        if (seen != wanted)
        {
            std::fprintf(stderr,
                         "tree-benchmark: %llu %s in place of %llu\n",
                         static_cast<unsigned long long>(seen),
                         what,
                         static_cast<unsigned long long>(wanted));
            std::exit(1);
        }
    }

    /// Returns the address of a gateway in its LAN.
    Ipv4Address
    Inside(uint32_t site) const
    {
        // The first in it.
        return ToNs3(IpAddress{Prefix::Parse(m_vpn.sites[site].lan).address.value + 1});
    }

    void
    Ask(uint32_t site, uint32_t number)
    {
        m_vpn.sites[site].gateway->GetObject<Ipv4L3Protocol>()->Send(
            MakeEchoRequest(PING_IDENTIFIER, static_cast<uint16_t>(number), PING_OCTETS),
            Inside(site),
            Inside(0),
            PROTOCOL_ICMP,
            nullptr);
        if (number < PINGS)
        {
            Simulator::Schedule(INTERVAL, &Star::Ask, this, site, number + 1);
        }
    }

    void
    NoteSa(const IpsecSa& /* sa */)
    {
        ++m_sas;
    }

    void
    NoteAnswer(const Ipv4Header& ip, Ptr<const Packet> packet, uint32_t /* interface */)
    {
        if (ip.GetProtocol() != PROTOCOL_ICMP || ip.GetSource() != Inside(0))
        {
            return;
        }
        Icmpv4Header icmp;
        packet->PeekHeader(icmp);
        m_answers += icmp.GetType() == Icmpv4Header::ICMPV4_ECHO_REPLY ? 1 : 0;
    }

    uint32_t m_sites;
    VpnTopology m_vpn;
    uint64_t m_sas = 0;
    uint64_t m_answers = 0;
};

Cost
Run(uint32_t sites, VpnUnderlay underlay)
{
    // As in scenarios.
    GlobalValue::Bind("ChecksumEnabled", BooleanValue(true));
    ObjectFactory scheduler("ns3::PriorityQueueScheduler");
    Simulator::SetScheduler(scheduler);
    // Until a simulation runs first, ns-3 keeps a list of all times there are.
    Simulator::Run();

    CostMeter meter;
    Star star(sites, underlay);
    meter.EndPhase("build", 0);
    star.BringUp();
    meter.EndPhase("bring-up", 0);
    star.Ping();
    meter.EndPhase("traffic", 0);

    Cost cost;
    cost.build = meter.CpuSecondsOf("build");
    cost.bringUp = meter.CpuSecondsOf("bring-up");
    cost.traffic = meter.CpuSecondsOf("traffic");
    cost.octets = meter.GrownBy("bring-up");
    cost.routers = star.Routers();
    return cost;
}

void
PrintRun(uint32_t sites, const char* name, const Cost& cost, const Cost& cloud)
{
    const double site = (cost.build + cost.bringUp) / sites;
    const double ofCloud = (cloud.build + cloud.bringUp) / sites;
    std::printf("| %u | %s | %u | %.2f | %.2f | %.0f | %.2f | %.1f | %.0f | %.1f |\n",
                sites,
                name,
                cost.routers,
                cost.build,
                cost.bringUp,
                site * MICRO,
                site / ofCloud,
                cost.octets / sites / KILO,
                sites / cost.octets * (1 << 30),
                cost.traffic / (2 * PINGS * sites) * MICRO);
    std::fflush(stdout);
}

void
Compare(uint32_t sites)
{
    const Cost cloud = RunApart([=] { return Run(sites, VpnUnderlay::Cloud); });
    PrintRun(sites, "cloud", cloud, cloud);
    const Cost tree = RunApart([=] { return Run(sites, VpnUnderlay::Links); });
    PrintRun(sites, "tree", tree, cloud);
}

} // namespace

int
main(int argc, char* argv[])
{
    std::vector<uint32_t> sizes;
    for (int i = 1; i < argc; i++)
    {
        sizes.push_back(static_cast<uint32_t>(std::strtoul(argv[i], nullptr, 10)));
    }
    std::printf(
        "| sites | joined by | routers | build s | bring-up s | us per site | to the cloud's "
        "| kB per site | sites per GiB | us per packet |\n"
        "|---|---|---|---|---|---|---|---|---|---|\n");
    for (const uint32_t sites : sizes.empty() ? std::vector<uint32_t>{1000, 10000} : sizes)
    {
        Compare(sites);
    }
    return 0;
}
