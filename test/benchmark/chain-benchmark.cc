// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * What a packet costs from host to host through two gateways, beside the same chain without IPsec
 * and with a tunnel that protects nothing:
 *
 *     host --- gateway --- internet --- gateway --- host
 *
 * Each round runs every variant once, in turn; what is printed are medians of processor time and of
 * ratios taken within a round, so that a machine that slows down moves all of them alike.
 */
#include "data-plane-samples.h"
#include "raw-esp.h"

#include "ns3/core-module.h"
#include "ns3/internet-module.h"
#include "ns3/ipsec-helper.h"
#include "ns3/ipsec-manual-tunnel.h"
#include "ns3/point-to-point-helper.h"
#include "ns3/point-to-point-net-device.h"
#include "ns3/virtual-net-device.h"

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <map>
#include <random>
#include <string>
#include <vector>

namespace
{

using namespace ns3;
using namespace ns3::ipsec;

constexpr uint8_t IPIP = 4;
constexpr uint16_t PORT = 9;
constexpr uint32_t WARM_UP = 50;
/// 11.0.0.0
constexpr uint32_t FIELD = 0x0b000000;

/// Returns the processor time of this process in microseconds.
double
CpuMicroseconds()
{
    timespec now{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) / 1e3;
}

/// IP in IP by ns-3's own means: what a tunnel costs that protects nothing.
class IpipTunnel : public IpL4Protocol
{
  public:
    void
    Install(Ptr<Node> node, Ipv4Address local, Ipv4Address remote, Ipv4Address network)
    {
        m_ipv4 = node->GetObject<Ipv4L3Protocol>();
        m_ipv4->Insert(this);
        m_local = local;
        m_remote = remote;
        m_device = CreateObject<VirtualNetDevice>();
        m_device->SetSendCallback(MakeCallback(&IpipTunnel::Send, this));
        node->AddDevice(m_device);
        const uint32_t interface = m_ipv4->AddInterface(m_device);
        m_ipv4->AddAddress(interface, Ipv4InterfaceAddress(local, Ipv4Mask::GetOnes()));
        m_ipv4->SetUp(interface);
        Ipv4StaticRoutingHelper().GetStaticRouting(m_ipv4)->AddNetworkRouteTo(
            network, Ipv4Mask("255.255.255.0"), interface);
    }

    int
    GetProtocolNumber() const override
    {
        return IPIP;
    }

    RxStatus
    Receive(Ptr<Packet> p, const Ipv4Header& header, Ptr<Ipv4Interface> interface) override
    {
        (void)header;
        (void)interface;
        m_device->Receive(
            p, 0x0800, m_device->GetAddress(), m_device->GetAddress(), NetDevice::PACKET_HOST);
        return RX_OK;
    }

    RxStatus
    Receive(Ptr<Packet> p, const Ipv6Header& header, Ptr<Ipv6Interface> interface) override
    {
        (void)p;
        (void)header;
        (void)interface;
        return RX_ENDPOINT_UNREACH;
    }

    void
    SetDownTarget(DownTargetCallback cb) override
    {
        m_downTarget = cb;
    }

    void
    SetDownTarget6(DownTargetCallback6 cb) override
    {
        m_downTarget6 = cb;
    }

    DownTargetCallback
    GetDownTarget() const override
    {
        return m_downTarget;
    }

    DownTargetCallback6
    GetDownTarget6() const override
    {
        return m_downTarget6;
    }

  private:
    bool
    Send(Ptr<Packet> packet, const Address& source, const Address& destination, uint16_t protocol)
    {
        (void)source;
        (void)destination;
        (void)protocol;
        Ipv4Header header;
        header.SetSource(m_local);
        header.SetDestination(m_remote);
        header.SetProtocol(IPIP);
        Socket::SocketErrno error = Socket::ERROR_NOTERROR;
        const Ptr<Ipv4Route> route =
            m_ipv4->GetRoutingProtocol()->RouteOutput(packet, header, nullptr, error);
        m_ipv4->Send(packet->Copy(), m_local, m_remote, IPIP, route);
        return true;
    }

    Ptr<Ipv4L3Protocol> m_ipv4;
    Ptr<VirtualNetDevice> m_device;
    Ipv4Address m_local;
    Ipv4Address m_remote;
    DownTargetCallback m_downTarget;
    DownTargetCallback6 m_downTarget6;
};

enum class Way
{
    Plain,
    Ipip,
    Ipsec,
    Field, ///< as many tunnels with manual keys, hit at random
};

struct Variant
{
    const char* name;
    Way way;
    const char* proposal;
    uint32_t payloadOctets;
    bool inUdp;
    uint32_t tunnels;
};

/// UDP's payloads that make IP packets of 1400 and 64 octets.
constexpr uint32_t LARGE = 1372;
constexpr uint32_t SMALL = 36;

/// Names of the variants that stand in relation to each other.
const char ONE_TUNNEL[] = "ESP aes128-sha 1400, 1 SA";
const char MANY_TUNNELS[] = "ESP aes128-sha 1400, 10000 SAs";

const Variant VARIANTS[] = {
    {"plain 1400", Way::Plain, "", LARGE, false, 1},
    {"IP in IP 1400", Way::Ipip, "", LARGE, false, 1},
    {"ESP aes128-sha 1400", Way::Ipsec, "nopfs-esp-aes128-sha", LARGE, false, 1},
    {"ESP aes128-sha in UDP 1400", Way::Ipsec, "nopfs-esp-aes128-sha", LARGE, true, 1},
    {"ESP aes128gcm 1400", Way::Ipsec, "nopfs-esp-aes128gcm", LARGE, false, 1},
    {"AH sha 1400", Way::Ipsec, "nopfs-ah-sha", LARGE, false, 1},
    {"AH sha + ESP aes128-sha 1400", Way::Ipsec, "nopfs-ah-sha+esp-aes128-sha", LARGE, false, 1},
    {"plain 64", Way::Plain, "", SMALL, false, 1},
    {"ESP aes128-sha 64", Way::Ipsec, "nopfs-esp-aes128-sha", SMALL, false, 1},
    {ONE_TUNNEL, Way::Field, "", LARGE, false, 1},
    {MANY_TUNNELS, Way::Field, "", LARGE, false, 10000},
};

/// Five nodes in a row, links without queue disciplines.
class Chain
{
  public:
    explicit Chain(const Variant& variant)
        : m_payload(variant.payloadOctets)
        , m_tunnels(variant.tunnels)
    {
        m_nodes.Create(5);
        InternetStackHelper stack;
        stack.SetIpv6StackInstall(false);
        Ipv4StaticRoutingHelper routing;
        stack.SetRoutingHelper(routing);
        stack.Install(m_nodes);
        Link(0, 1, "10.1.0.2", "10.1.0.1");
        Link(1, 2, "192.0.2.1", "192.0.2.2");
        Link(2, 3, "198.51.100.2", "198.51.100.1");
        Link(3, 4, "10.2.0.1", "10.2.0.2");
        Default(0, "10.1.0.1", 1);
        Default(1, "192.0.2.2", 2);
        Default(3, "198.51.100.2", 1);
        Default(4, "10.2.0.1", 1);
        Route(2, "10.1.0.0", "192.0.2.1", 1);
        Route(2, "10.2.0.0", "198.51.100.1", 2);
        if (variant.way == Way::Ipip)
        {
            m_ipip[0] = CreateObject<IpipTunnel>();
            m_ipip[0]->Install(m_nodes.Get(1), "192.0.2.1", "198.51.100.1", "10.2.0.0");
            m_ipip[1] = CreateObject<IpipTunnel>();
            m_ipip[1]->Install(m_nodes.Get(3), "198.51.100.1", "192.0.2.1", "10.1.0.0");
        }
        if (variant.way == Way::Ipsec)
        {
            IpsecHelper vpn;
            vpn.SetPhase1Proposals("pre-g2-aes128-sha");
            vpn.SetPhase2Proposals(variant.proposal);
            vpn.SetPreSharedKey("correct horse battery staple");
            vpn.SetNatTraversal(variant.inUdp ? NatTraversal::Force : NatTraversal::Auto);
            vpn.ConnectSites(m_nodes.Get(1),
                             "192.0.2.1",
                             "10.1.0.0/24",
                             m_nodes.Get(3),
                             "198.51.100.1",
                             "10.2.0.0/24");
            vpn.InstallSites();
        }
        if (variant.way == Way::Field)
        {
            InstallField();
        }
        m_source = Socket::CreateSocket(m_nodes.Get(0), UdpSocketFactory::GetTypeId());
        m_source->Bind();
        m_sink = Socket::CreateSocket(m_nodes.Get(4), UdpSocketFactory::GetTypeId());
        m_sink->Bind(InetSocketAddress(Ipv4Address::GetAny(), PORT));
        m_sink->SetRecvCallback(MakeCallback(&Chain::Received, this));
    }

    /// Sends packets one after the other and returns microseconds for each.
    double
    Run(uint32_t packets)
    {
        // The first ones start IKE, and wait for it.
        Schedule(WARM_UP);
        Simulator::Stop(Seconds(5));
        Simulator::Run();
        m_received = 0;
        Schedule(packets);
        Simulator::Stop(Seconds(30));
        const double start = CpuMicroseconds();
        Simulator::Run();
        const double spent = CpuMicroseconds() - start;
        if (m_received != packets)
        {
            std::fprintf(stderr, "%u of %u packets arrived\n", m_received, packets);
            std::exit(1);
        }
        return spent / packets;
    }

  private:
    void
    Link(uint32_t a, uint32_t b, const char* addressA, const char* addressB)
    {
        PointToPointHelper link;
        link.SetDeviceAttribute("DataRate", StringValue("100Gbps"));
        link.SetChannelAttribute("Delay", StringValue("10us"));
        const NetDeviceContainer devices = link.Install(m_nodes.Get(a), m_nodes.Get(b));
        // By hand: the address helper would install queue disciplines.
        AddAddress(devices.Get(0), addressA);
        AddAddress(devices.Get(1), addressB);
    }

    void
    AddAddress(Ptr<NetDevice> device, const char* address)
    {
        const Ptr<Ipv4> ipv4 = device->GetNode()->GetObject<Ipv4>();
        const uint32_t interface = ipv4->AddInterface(device);
        ipv4->AddAddress(interface, Ipv4InterfaceAddress(address, "255.255.255.0"));
        ipv4->SetUp(interface);
    }

    void
    Default(uint32_t node, const char* gateway, uint32_t interface)
    {
        Ipv4StaticRoutingHelper()
            .GetStaticRouting(m_nodes.Get(node)->GetObject<Ipv4>())
            ->SetDefaultRoute(gateway, interface);
    }

    void
    Route(uint32_t node, const char* network, const char* gateway, uint32_t interface)
    {
        Ipv4StaticRoutingHelper()
            .GetStaticRouting(m_nodes.Get(node)->GetObject<Ipv4>())
            ->AddNetworkRouteTo(network, "255.255.255.0", gateway, interface);
    }

    /// Gives each tunnel a network of its own behind the second gateway: 11.0.0.0/24 and so on.
    void
    InstallField()
    {
        SeededRandomSource keys(2);
        IpsecHelper vpn;
        for (uint32_t i = 0; i < m_tunnels; i++)
        {
            ManualTunnel tunnel;
            tunnel.name = "tunnel-" + std::to_string(i);
            tunnel.localAddress = IpAddress::Parse("192.0.2.1");
            tunnel.remoteAddress = IpAddress::Parse("198.51.100.1");
            tunnel.proxyId.local = Prefix::Parse("10.1.0.0/24");
            tunnel.proxyId.remote = {{FIELD + (i << 8)}, 24};
            tunnel.esp = EspAlgorithms{};
            tunnel.espOut = {
                LOWEST_SPI + i, SecretBytes(keys.Draw(16)), SecretBytes(keys.Draw(20))};
            tunnel.espIn = {LOWEST_SPI + i, SecretBytes(keys.Draw(16)), SecretBytes(keys.Draw(20))};
            m_field.push_back(tunnel);
        }
        vpn.InstallManual(m_nodes.Get(1), m_field);
        for (ManualTunnel& tunnel : m_field)
        {
            tunnel = tunnel.Mirror();
        }
        vpn.InstallManual(m_nodes.Get(3), m_field);
        // Packets end at the second host, whoever they are for.
        Ipv4StaticRoutingHelper()
            .GetStaticRouting(m_nodes.Get(3)->GetObject<Ipv4>())
            ->AddNetworkRouteTo("11.0.0.0", "255.0.0.0", "10.2.0.2", 2);
        m_nodes.Get(4)->GetObject<Ipv4>()->SetAttribute("IpForward", BooleanValue(false));
        m_nodes.Get(4)->GetDevice(1)->TraceConnectWithoutContext(
            "MacRx", MakeCallback(&Chain::Arrived, this));
    }

    void
    Arrived(Ptr<const Packet> packet)
    {
        (void)packet;
        m_received++;
    }

    Ipv4Address
    Destination()
    {
        return m_field.empty() ? Ipv4Address("10.2.0.2")
                               : Ipv4Address(FIELD + (m_order() % m_tunnels << 8) + 1);
    }

    void
    Schedule(uint32_t packets)
    {
        m_left = packets;
        Simulator::ScheduleWithContext(m_nodes.Get(0)->GetId(), Time(0), &Chain::Send, this);
    }

    void
    Send()
    {
        m_source->SendTo(Create<Packet>(m_payload), 0, InetSocketAddress(Destination(), PORT));
        if (--m_left > 0)
        {
            Simulator::Schedule(MicroSeconds(20), &Chain::Send, this);
        }
    }

    void
    Received(Ptr<Socket> socket)
    {
        while (socket->Recv())
        {
            m_received++;
        }
    }

    uint32_t m_payload;
    uint32_t m_tunnels;
    std::vector<ManualTunnel> m_field;
    std::mt19937 m_order{4};
    NodeContainer m_nodes;
    Ptr<IpipTunnel> m_ipip[2];
    Ptr<Socket> m_source;
    Ptr<Socket> m_sink;
    uint32_t m_left = 0;
    uint32_t m_received = 0;
};

double
Measure(const Variant& variant, uint32_t packets)
{
    double result = 0;
    {
        Chain chain(variant);
        result = chain.Run(packets);
    }
    Simulator::Destroy();
    return result;
}

/// Returns what sealing and opening one packet costs OpenSSL alone.
double
MeasureRaw(size_t packetOctets, uint32_t packets)
{
    RawEsp raw(SampleSa(CipherId::Aes128, IntegrityId::HmacSha1_96), packetOctets);
    const double start = CpuMicroseconds();
    for (uint32_t i = 0; i < packets; i++)
    {
        raw.Seal();
        raw.Open();
    }
    return (CpuMicroseconds() - start) / packets;
}

double
Median(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

} // namespace

int
main(int argc, char* argv[])
{
    uint32_t packets = 20000;
    uint32_t rounds = 7;
    CommandLine cmd(__FILE__);
    cmd.AddValue("packets", "packets of one run", packets);
    cmd.AddValue("rounds", "how often every variant runs", rounds);
    uint32_t only = 0;
    cmd.AddValue("only", "run this variant alone, the first being 1, for a profiler", only);
    cmd.Parse(argc, argv);
    GlobalValue::Bind("SchedulerType", StringValue("ns3::PriorityQueueScheduler"));
    if (only > 0)
    {
        const Variant& variant = VARIANTS[(only - 1) % std::size(VARIANTS)];
        std::printf("%s: %.2f us per packet\n", variant.name, Measure(variant, packets));
        return 0;
    }

    std::map<std::string, std::vector<double>> micros;
    std::map<std::string, std::vector<double>> toPlain;
    std::vector<double> toBound;
    std::vector<double> toOne;
    for (uint32_t round = 0; round < rounds; round++)
    {
        std::map<std::string, double> now;
        for (const Variant& variant : VARIANTS)
        {
            now[variant.name] = Measure(variant, packets);
        }
        now["OpenSSL alone 1400"] = MeasureRaw(1400, packets);
        for (const auto& [name, value] : now)
        {
            micros[name].push_back(value);
            const bool isSmall = name.find(" 64") != std::string::npos;
            toPlain[name].push_back(value / now[isSmall ? "plain 64" : "plain 1400"]);
        }
        toBound.push_back(now["ESP aes128-sha 1400"] /
                          (now["IP in IP 1400"] + now["OpenSSL alone 1400"]));
        toOne.push_back(now[MANY_TUNNELS] / now[ONE_TUNNEL]);
    }
    std::printf("| chain of five nodes, packets of | us per packet | ratio to plain |\n");
    std::printf("|---|---|---|\n");
    for (const Variant& variant : VARIANTS)
    {
        std::printf("| %s | %.2f | %.2f |\n",
                    variant.name,
                    Median(micros[variant.name]),
                    Median(toPlain[variant.name]));
    }
    std::printf("| OpenSSL alone 1400 | %.2f | %.2f |\n",
                Median(micros["OpenSSL alone 1400"]),
                Median(toPlain["OpenSSL alone 1400"]));
    std::printf("\nESP aes128-sha 1400 to IP in IP and OpenSSL alone: %.2f\n", Median(toBound));
    std::printf("\n10,000 SAs hit at random to one: %.2f\n", Median(toOne));
    return 0;
}
