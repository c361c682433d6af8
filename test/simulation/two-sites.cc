// SPDX-License-Identifier: GPL-2.0-only
#include "two-sites.h"

#include "ns3/inet-socket-address.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/ipsec-conversions.h"
#include "ns3/ipv4-static-routing-helper.h"
#include "ns3/names.h"
#include "ns3/point-to-point-helper.h"
#include "ns3/rng-seed-manager.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/udp-socket-factory.h"

#include <algorithm>

namespace ns3
{
namespace ipsec
{

namespace
{

/// Streams that ns-3 itself draws from begin above those that tests assign.
constexpr int64_t FIRST_STREAM = 100;

IpsecSa
SaByHand(SaDirection direction, uint32_t spi, bool udpEncapsulated)
{
    IpsecSa sa;
    sa.direction = direction;
    sa.spi = spi;
    sa.udpEncapsulated = udpEncapsulated;
    sa.cipher = CipherId::Aes128;
    sa.integrity = IntegrityId::HmacSha1_96;
    sa.cipherKey = SecretBytes(Octets(16, static_cast<uint8_t>(spi)));
    sa.integrityKey = SecretBytes(Octets(20, static_cast<uint8_t>(spi + 1)));
    return sa;
}

void
SetEnds(IpsecSa& sa, const char* local, const char* remote, const ProxyId& proxyId)
{
    const uint16_t port = sa.udpEncapsulated ? NATT_PORT : IKE_PORT;
    sa.local = Endpoint{IpAddress::Parse(local), port};
    sa.remote = Endpoint{IpAddress::Parse(remote), port};
    sa.proxyId = proxyId;
}

} // namespace

const Ipv4Address TwoSites::PC_A("10.1.0.2");
const Ipv4Address TwoSites::PC_B("10.2.0.2");

TwoSites::TwoSites(uint64_t run)
    : pcA(CreateObject<Node>())
    , gatewayA(CreateObject<Node>())
    , gatewayB(CreateObject<Node>())
    , pcB(CreateObject<Node>())
{
    RngSeedManager::SetSeed(1);
    RngSeedManager::SetRun(run);
    Names::Add("gateway-a", gatewayA);
    Names::Add("gateway-b", gatewayB);
    InternetStackHelper stack;
    stack.SetIpv6StackInstall(false);
    stack.Install(NodeContainer(pcA, gatewayA, gatewayB, pcB));
    ConnectLan(pcA, gatewayA, "10.1.0.");
    ConnectLan(pcB, gatewayB, "10.2.0.");
    cloud.SetChannelAttribute("Delay", TimeValue(MilliSeconds(10)));
    wireA = cloud.Attach(gatewayA, ADDRESS_A, "255.255.255.0");
    wireB = cloud.Attach(gatewayB, ADDRESS_B, "255.255.255.0");
    wireA->TraceConnectWithoutContext("Sniffer", MakeCallback(&TwoSites::KeepWire, this));
    Listen(pcA, receivedA);
    Listen(pcB, receivedB);
    helper.SetPreSharedKey("tiandihui2");
}

TwoSites::~TwoSites()
{
    m_sockets.clear();
    Simulator::Destroy();
    Names::Clear();
}

void
TwoSites::ConnectLan(Ptr<Node> pc, Ptr<Node> gateway, const std::string& network)
{
    PointToPointHelper link;
    link.SetDeviceAttribute("DataRate", StringValue("100Mbps"));
    const NetDeviceContainer devices = link.Install(pc, gateway);
    const std::array<Ptr<Node>, 2> nodes{pc, gateway};
    const std::array<const char*, 2> hosts{"2", "1"};
    for (uint32_t i = 0; i < nodes.size(); ++i)
    {
        const Ptr<Ipv4> ipv4 = nodes[i]->GetObject<Ipv4>();
        const uint32_t interface = ipv4->AddInterface(devices.Get(i));
        const std::string address = network + hosts[i];
        ipv4->AddAddress(interface,
                         Ipv4InterfaceAddress(Ipv4Address(address.c_str()), "255.255.255.0"));
        ipv4->SetUp(interface);
    }
    const std::string router = network + "1";
    Ipv4StaticRoutingHelper()
        .GetStaticRouting(pc->GetObject<Ipv4>())
        ->SetDefaultRoute(Ipv4Address(router.c_str()), 1);
}

void
TwoSites::Connect(const std::string& lanA, const std::string& lanB)
{
    helper.ConnectSites(gatewayA, ADDRESS_A, lanA, gatewayB, ADDRESS_B, lanB);
    helper.InstallSites();
    IpsecHelper::AssignStreams(NodeContainer(gatewayA, gatewayB), FIRST_STREAM);
}

void
TwoSites::InstallSasByHand(bool udpEncapsulated, const ProxyId& seenFromA)
{
    struct Flow
    {
        const char* from;
        const char* to;
        Ptr<IpsecDataPlane> sender;
        Ptr<IpsecDataPlane> receiver;
        ProxyId seenFromSender;
    };

    const std::array<Flow, 2> flows{
        Flow{ADDRESS_A, ADDRESS_B, PlaneA(), PlaneB(), seenFromA},
        Flow{ADDRESS_B, ADDRESS_A, PlaneB(), PlaneA(), seenFromA.Mirror()}};
    uint32_t spi = 0x1001;
    for (const Flow& flow : flows)
    {
        IpsecSa outbound = SaByHand(SaDirection::Outbound, spi, udpEncapsulated);
        SetEnds(outbound, flow.from, flow.to, flow.seenFromSender);
        flow.sender->InstallSa(outbound);
        IpsecSa inbound = SaByHand(SaDirection::Inbound, spi, udpEncapsulated);
        SetEnds(inbound, flow.to, flow.from, flow.seenFromSender.Mirror());
        flow.receiver->InstallSa(inbound);
        ++spi;
    }
}

void
TwoSites::InstallSasByHand(bool udpEncapsulated)
{
    ProxyId lans;
    lans.local = Prefix::Parse(LAN_A);
    lans.remote = Prefix::Parse(LAN_B);
    InstallSasByHand(udpEncapsulated, lans);
}

void
TwoSites::Listen(Ptr<Node> pc, std::vector<Ptr<Packet>>& received)
{
    const Ptr<Socket> socket = Socket::CreateSocket(pc, UdpSocketFactory::GetTypeId());
    socket->Bind(InetSocketAddress(Ipv4Address::GetAny(), PORT));
    socket->SetRecvCallback(Callback<void, Ptr<Socket>>([this, &received](Ptr<Socket> readable)
                                                        { HandleRead(&received, readable); }));
    m_sockets.push_back(socket);
}

void
TwoSites::HandleRead(std::vector<Ptr<Packet>>* received, Ptr<Socket> socket)
{
    Address from;
    while (Ptr<Packet> packet = socket->RecvFrom(from))
    {
        received->push_back(packet);
        if (m_echo && InetSocketAddress::ConvertFrom(from).GetPort() != PORT)
        {
            socket->SendTo(packet->Copy(), 0, from);
        }
    }
}

void
TwoSites::EchoFromNowOn()
{
    m_echo = true;
}

void
TwoSites::SendAt(Time at, Ptr<Node> from, Ipv4Address to, Ptr<Packet> packet)
{
    const Ptr<Socket> socket = Socket::CreateSocket(from, UdpSocketFactory::GetTypeId());
    socket->Bind();
    socket->SetRecvCallback(Callback<void, Ptr<Socket>>(
        [this, from](Ptr<Socket> readable)
        { HandleRead(from == pcA ? &receivedA : &receivedB, readable); }));
    m_sockets.push_back(socket);
    Simulator::Schedule(
        at, [socket, to, packet]() { socket->SendTo(packet, 0, InetSocketAddress(to, PORT)); });
}

void
TwoSites::SendAt(Time at, Ptr<Node> from, Ipv4Address to, uint32_t octets)
{
    SendAt(at, from, to, ToPacket(Octets(octets, PAYLOAD)));
}

void
TwoSites::RunUntil(Time end)
{
    Simulator::Stop(end - Simulator::Now());
    Simulator::Run();
}

void
TwoSites::KeepWire(Ptr<const Packet> packet)
{
    wire.push_back(ToOctets(*packet));
}

Ptr<IpsecDataPlane>
TwoSites::PlaneA() const
{
    return IpsecHelper::GetDataPlane(gatewayA);
}

Ptr<IpsecDataPlane>
TwoSites::PlaneB() const
{
    return IpsecHelper::GetDataPlane(gatewayB);
}

Ptr<IkeDaemon>
TwoSites::DaemonA() const
{
    return IpsecHelper::GetDaemon(gatewayA);
}

Ptr<IkeDaemon>
TwoSites::DaemonB() const
{
    return IpsecHelper::GetDaemon(gatewayB);
}

bool
HoldsPayload(OctetView octets)
{
    const Octets run(8, TwoSites::PAYLOAD);
    return std::search(octets.begin(), octets.end(), run.begin(), run.end()) != octets.end();
}

} // namespace ipsec
} // namespace ns3
