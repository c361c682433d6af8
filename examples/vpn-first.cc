// SPDX-License-Identifier: GPL-2.0-only

// The smallest topologies: whole VPNs in a line each, and how many tunnels they come to.
//
//   star           spokes have a tunnel to the hub, and reach each other through it
//   hub-pair       spokes have a tunnel to each of two hubs, and use the first while it is there
//   full-mesh      each site has a tunnel to each other one
//   neighbours     sites stand in a ring, each with tunnels to the next two on either side
//   random-mesh    a third of all tunnels, drawn from a random stream
//
// In each, the first host of the last site asks that of the site before it, once a second for 60 s.
// At 20.5 s site 0 crashes: that ends a star, the other hub of a pair takes over, and meshes do not
// need it for this.
//
// Expected output:
//
//   star             8 sites,  7 tunnels: 20 of 60 answered
//   hub-pair         8 sites, 12 tunnels: 45 of 60 answered
//   full-mesh        8 sites, 28 tunnels: 60 of 60 answered
//   neighbours       8 sites, 16 tunnels: 60 of 60 answered
//   random-mesh      8 sites, 12 tunnels: 60 of 60 answered
//
// The program ends with 0 only if it saw all of this. --topology=star runs one of them, and ends
// with 2 for one that is not there. --pcap=NAME writes captures of what the gateways send to each
// other, such as NAME-star-0-2.pcap, and --ascii=NAME a text about the same.

#include "ns3/applications-module.h"
#include "ns3/core-module.h"
#include "ns3/internet-module.h"
#include "ns3/vpn-topology-helper.h"

#include <iomanip>
#include <iostream>
#include <string>

using namespace ns3;
using namespace ns3::ipsec;

namespace
{

struct Expected
{
    const char* topology;
    size_t tunnels;
    uint32_t answered;
};

constexpr Expected EXPECTED[] = {{"star", 7, 20},
                                 {"hub-pair", 12, 45},
                                 {"full-mesh", 28, 60},
                                 {"neighbours", 16, 60},
                                 {"random-mesh", 12, 60}};
constexpr uint32_t SITES = 8;
constexpr uint32_t QUESTIONS = 60;
constexpr uint16_t PORT = 7;

uint32_t g_answered = 0;

void
IsAnswered(Ptr<const Packet>)
{
    ++g_answered;
}

VpnTopology
Create(const std::string& name, VpnTopologyHelper& helper)
{
    helper.SetSpokeTraffic(SpokeTraffic::ThroughHub);
    return name == "star"         ? helper.CreateStar(SITES - 1)
           : name == "hub-pair"   ? helper.CreateHubPair(SITES - 2)
           : name == "full-mesh"  ? helper.CreateFullMesh(SITES)
           : name == "neighbours" ? helper.CreateNeighbourMesh(SITES, 2)
                                  : helper.CreateRandomMesh(SITES, 1.0 / 3, 1);
}

/// Runs one topology; false if it does not do what is expected.
bool
Run(const Expected& expected, const std::string& pcap, const std::string& ascii)
{
    VpnTopologyHelper helper;
    helper.GetIpsecHelper().SetPreSharedKey("correct horse battery staple");
    VpnTopology vpn = Create(expected.topology, helper);
    VpnTopologyHelper::AssignStreams(vpn, 100);
    const std::string suffix = std::string("-") + expected.topology;
    if (!pcap.empty())
    {
        helper.GetCloudHelper().EnablePcap(pcap + suffix, vpn.OutsideDevices());
    }
    if (!ascii.empty())
    {
        helper.GetCloudHelper().EnableAscii(ascii + suffix, vpn.OutsideDevices());
    }

    UdpEchoServerHelper(PORT).Install(vpn.sites[SITES - 2].hosts);
    UdpEchoClientHelper echo(vpn.HostAddress(SITES - 2), PORT);
    echo.SetAttribute("MaxPackets", UintegerValue(QUESTIONS));
    echo.SetAttribute("Interval", TimeValue(Seconds(1)));
    ApplicationContainer client = echo.Install(vpn.sites[SITES - 1].hosts);
    client.Start(Seconds(1));
    client.Get(0)->TraceConnectWithoutContext("Rx", MakeCallback(&IsAnswered));
    if (const Ptr<IkeDaemon> hub = IpsecHelper::GetDaemon(vpn.sites[0].gateway))
    {
        Simulator::Schedule(Seconds(20.5), &IkeDaemon::Crash, hub);
    }
    g_answered = 0;
    Simulator::Stop(Seconds(62));
    Simulator::Run();
    Simulator::Destroy();
    std::cout << std::left << std::setw(16) << expected.topology << std::right << std::setw(2)
              << SITES << " sites, " << std::setw(2) << vpn.tunnels.size()
              << " tunnels: " << g_answered << " of " << QUESTIONS << " answered" << std::endl;
    return vpn.tunnels.size() == expected.tunnels && g_answered == expected.answered;
}

} // namespace

int
main(int argc, char* argv[])
{
    std::string topology;
    std::string pcap;
    std::string ascii;
    CommandLine cmd(__FILE__);
    cmd.AddValue("topology", "Run this one only", topology);
    cmd.AddValue("pcap", "Prefix of captures of the gateways' outside devices", pcap);
    cmd.AddValue("ascii", "Prefix of ascii traces of them", ascii);
    cmd.Parse(argc, argv);
    std::string known;
    size_t runs = 0;
    size_t asExpected = 0;
    for (const Expected& expected : EXPECTED)
    {
        known += (known.empty() ? "" : ", ") + std::string(expected.topology);
        if (topology.empty() || topology == expected.topology)
        {
            ++runs;
            asExpected += Run(expected, pcap, ascii) ? 1 : 0;
        }
    }
    if (runs == 0)
    {
        std::cerr << "vpn-first: --topology: there is no '" << topology << "'; allowed: " << known
                  << std::endl;
        return 2;
    }
    return asExpected == runs ? 0 : 1;
}
