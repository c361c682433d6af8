// SPDX-License-Identifier: GPL-2.0-only
#include "dial-up-world.h"

#include "ns3/inet-socket-address.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/ipsec-conversions.h"
#include "ns3/ipv4-static-routing-helper.h"
#include "ns3/names.h"
#include "ns3/point-to-point-helper.h"
#include "ns3/rng-seed-manager.h"
#include "ns3/simulator.h"
#include "ns3/udp-socket-factory.h"

#include <algorithm>

namespace ns3
{
namespace ipsec
{

namespace
{

constexpr int64_t FIRST_STREAM = 1000;

void
AddInterface(Ptr<NetDevice> device, const char* address)
{
    const Ptr<Ipv4> ipv4 = device->GetNode()->GetObject<Ipv4>();
    const uint32_t interface = ipv4->AddInterface(device);
    ipv4->AddAddress(interface, Ipv4InterfaceAddress(Ipv4Address(address), "255.255.255.0"));
    ipv4->SetUp(interface);
}

PeerConfig
CommonPeer()
{
    ChildConfig child;
    child.name = "inside";
    child.proposals = ParsePhase2Proposals("nopfs-esp-aes128-sha");
    PeerConfig peer;
    peer.mode = Phase1Mode::Aggressive;
    peer.proposals = ParsePhase1Proposals("pre-g2-aes128-sha");
    peer.preSharedKey = SecretBytes(AsOctets("tiandihui2"));
    peer.children.push_back(child);
    return peer;
}

} // namespace

const Ipv4Address DialUpWorld::SERVER("10.2.0.2");
const Ipv4Address DialUpWorld::WEB("203.0.113.80");
const Ipv4Address DialUpWorld::PRINTER("192.168.1.9");

DialUpWorld::DialUpWorld(uint64_t run)
{
    RngSeedManager::SetSeed(1);
    RngSeedManager::SetRun(run);
    cloud.SetChannelAttribute("Delay", TimeValue(MilliSeconds(10)));
    dialUp.SetLanAttribute("Delay", TimeValue(MicroSeconds(100)));
    dialUp.SetDhcpClientAttribute("Collect", TimeValue(MilliSeconds(100)));
    dialUp.SetDhcpClientAttribute("RTRS", TimeValue(Seconds(1)));
    home = dialUp.CreateLan();
    cafe = dialUp.CreateLan();
    hub = MakeNode("hub");
    server = MakeNode("server");
    web = MakeNode("web");
    printer = MakeNode("printer");
    ConnectServer();
    const auto wire = cloud.Attach(hub, HUB, "255.255.255.0");
    cloud.GetChannel()->AddNetwork("10.9.0.0", "255.255.255.0", wire);
    cloud.Attach(web, WEB, "255.255.255.0");
    homeRouter = MakeRouter("home", home, "192.168.1.", "203.0.113.1");
    cafeRouter = MakeRouter("cafe", cafe, "192.168.2.", "203.0.113.2");
    dialUp.Join(printer, home, "192.168.1.9", "255.255.255.0");
    Listen(server, SERVER);
    Listen(web, WEB);
    Listen(printer, PRINTER);
}

DialUpWorld::~DialUpWorld()
{
    m_sockets.clear();
    Simulator::Destroy();
    Names::Clear();
}

Ptr<Node>
DialUpWorld::MakeNode(const std::string& name)
{
    const Ptr<Node> node = CreateObject<Node>();
    Names::Add(name, node);
    InternetStackHelper stack;
    stack.SetIpv6StackInstall(false);
    stack.Install(node);
    return node;
}

void
DialUpWorld::ConnectServer()
{
    const NetDeviceContainer devices = PointToPointHelper().Install(hub, server);
    AddInterface(devices.Get(0), "10.2.0.1");
    AddInterface(devices.Get(1), "10.2.0.2");
    Ipv4StaticRoutingHelper()
        .GetStaticRouting(server->GetObject<Ipv4>())
        ->SetDefaultRoute("10.2.0.1", 1);
}

Ptr<Node>
DialUpWorld::MakeRouter(const std::string& name,
                        Ptr<IpsecCloudChannel> lan,
                        const std::string& lanPrefix,
                        const std::string& address)
{
    const Ptr<Node> router = MakeNode(name);
    const auto wire = cloud.Attach(router, Ipv4Address(address.c_str()), "255.255.255.0");
    const std::string network = lanPrefix + "0";
    cloud.GetChannel()->AddNetwork(Ipv4Address(network.c_str()), "255.255.255.0", wire);
    wire->TraceConnectWithoutContext("Sniffer", MakeCallback(&DialUpWorld::WatchWire, this));
    dialUp.AttachRouter(router, lan, lanPrefix + "1", "255.255.255.0");
    dialUp.ServeDhcp(router, lan, {lanPrefix + "100", lanPrefix + "199", ""});
    return router;
}

Ptr<Node>
DialUpWorld::MakeLaptop(const std::string& name)
{
    const Ptr<Node> laptop = MakeNode(name);
    dialUp.Join(laptop, home);
    laptops.Add(laptop);
    return laptop;
}

PeerConfig
DialUpWorld::GroupOfHub()
{
    PeerConfig group = CommonPeer();
    group.name = "users";
    group.kind = PeerKind::DialUp;
    group.isGroup = true;
    group.localAddress = IpAddress::Parse(HUB);
    group.xauth.Edit().role = XauthRole::Server;
    group.xauth.Edit().users["alice"] = SecretBytes(AsOctets("wonderland"));
    group.modeConfig.Edit().role = ModeConfigRole::PullServer;
    group.modeConfig.Edit().pool = "pool";
    group.children[0].remoteIsAssigned = true;
    return group;
}

PeerConfig
DialUpWorld::HubForClient(const std::string& id)
{
    PeerConfig gateway = CommonPeer();
    gateway.name = "hub";
    gateway.remoteAddress = IpAddress::Parse(HUB);
    gateway.localId = Identity::Parse(id);
    gateway.xauth.Edit().role = XauthRole::Client;
    gateway.xauth.Edit().user = "alice";
    gateway.xauth.Edit().password = SecretBytes(AsOctets("wonderland"));
    gateway.modeConfig.Edit().role = ModeConfigRole::PullClient;
    gateway.children[0].localIsAssigned = true;
    return gateway;
}

void
DialUpWorld::InstallHub(const PeerConfig& group)
{
    EngineConfig config;
    config.peers.push_back(group);
    AddressPool pool;
    pool.name = "pool";
    pool.first = IpAddress::Parse("10.9.0.1");
    pool.last = IpAddress::Parse("10.9.0.250");
    config.pools.push_back(pool);
    hubHelper.Install(hub, config);
}

Ptr<DialUpClient>
DialUpWorld::InstallAlice()
{
    if (!IpsecHelper::GetDaemon(hub))
    {
        InstallHub(GroupOfHub());
    }
    const Ptr<DialUpClient> client =
        dialUp.Install(MakeLaptop("alice"), HubForClient("alice@example.com"));
    AssignStreams();
    return client;
}

void
DialUpWorld::AssignStreams()
{
    int64_t next = FIRST_STREAM;
    next += IpsecHelper::AssignStreams(NodeContainer(hub), next);
    DialUpHelper::AssignStreams(laptops, next);
}

void
DialUpWorld::SendAt(Time at, Ptr<Node> from, Ipv4Address to)
{
    const Ptr<Socket> socket = Socket::CreateSocket(from, UdpSocketFactory::GetTypeId());
    socket->Bind();
    socket->SetRecvCallback(MakeCallback(&DialUpWorld::HandleAnswer, this));
    m_sockets.push_back(socket);
    Simulator::Schedule(
        at - Simulator::Now(),
        [socket, to]()
        { socket->SendTo(ToPacket(Octets(100, PAYLOAD)), 0, InetSocketAddress(to, PORT)); });
}

void
DialUpWorld::RunUntil(Time end)
{
    Simulator::Stop(end - Simulator::Now());
    Simulator::Run();
}

void
DialUpWorld::Listen(Ptr<Node> node, Ipv4Address address)
{
    const Ptr<Socket> socket = Socket::CreateSocket(node, UdpSocketFactory::GetTypeId());
    socket->Bind(InetSocketAddress(Ipv4Address::GetAny(), PORT));
    socket->SetRecvCallback(Callback<void, Ptr<Socket>>([this, address](Ptr<Socket> readable)
                                                        { HandleQuestion(address, readable); }));
    m_sockets.push_back(socket);
}

void
DialUpWorld::HandleQuestion(Ipv4Address at, Ptr<Socket> socket)
{
    Address from;
    while (const Ptr<Packet> packet = socket->RecvFrom(from))
    {
        echoes.push_back({at, InetSocketAddress::ConvertFrom(from).GetIpv4()});
        socket->SendTo(packet->Copy(), 0, from);
    }
}

void
DialUpWorld::HandleAnswer(Ptr<Socket> socket)
{
    Address from;
    while (socket->RecvFrom(from))
    {
        answers.push_back(Simulator::Now());
    }
}

void
DialUpWorld::WatchWire(Ptr<const Packet> packet)
{
    const Octets octets = ToOctets(*packet);
    const Octets run(8, PAYLOAD);
    const bool isClear =
        std::search(octets.begin(), octets.end(), run.begin(), run.end()) != octets.end();
    clearPackets += isClear ? 1 : 0;
}

DialUpDiary::DialUpDiary(Ptr<DialUpClient> client)
{
    client->TraceConnectWithoutContext("State", MakeCallback(&DialUpDiary::NoteState, this));
    client->TraceConnectWithoutContext("Connected",
                                       MakeCallback(&DialUpDiary::NoteConnected, this));
    client->TraceConnectWithoutContext("Disconnected",
                                       MakeCallback(&DialUpDiary::NoteDisconnected, this));
    client->TraceConnectWithoutContext("AttemptFailed",
                                       MakeCallback(&DialUpDiary::NoteFailed, this));
}

std::string
DialUpDiary::States() const
{
    std::string text;
    for (const auto& [at, state] : entered)
    {
        text += (text.empty() ? "" : " ") + std::string(DialUpStateName(state));
    }
    return text;
}

std::vector<double>
DialUpDiary::Times(DialUpState state) const
{
    std::vector<double> times;
    for (const auto& [at, which] : entered)
    {
        if (which == state)
        {
            times.push_back(at.GetSeconds());
        }
    }
    return times;
}

void
DialUpDiary::NoteState(DialUpState /* from */, DialUpState to)
{
    entered.emplace_back(Simulator::Now(), to);
}

void
DialUpDiary::NoteConnected(Time after)
{
    connectedAfter.push_back(after);
}

void
DialUpDiary::NoteDisconnected(Fault reason)
{
    disconnected.push_back(reason);
}

void
DialUpDiary::NoteFailed(Fault reason)
{
    failed.push_back(reason);
}

} // namespace ipsec
} // namespace ns3
