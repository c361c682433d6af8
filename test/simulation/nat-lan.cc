// SPDX-License-Identifier: GPL-2.0-only
#include "nat-lan.h"

#include "ns3/boolean.h"
#include "ns3/callback.h"
#include "ns3/global-value.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/ipsec-conversions.h"
#include "ns3/ipsec-scenario-ping.h"
#include "ns3/ipv4-address-helper.h"
#include "ns3/ipv4-static-routing-helper.h"
#include "ns3/rng-seed-manager.h"
#include "ns3/simulator.h"
#include "ns3/udp-socket-factory.h"
#include "ns3/uinteger.h"

namespace ns3
{
namespace ipsec
{

namespace
{

constexpr uint8_t PAYLOAD = 0x5a;

void
KeepWire(std::vector<Octets>* wire, Ptr<const Packet> packet)
{
    wire->push_back(ToOctets(*packet));
}

void
KeepCreated(std::vector<NatMapping>* created, const NatMapping& mapping)
{
    created->push_back(mapping);
}

void
KeepEnded(std::vector<NatEnd>* ended, const NatMapping&, NatEnd reason)
{
    ended->push_back(reason);
}

void
CountAnswer(uint32_t* count, uint16_t, Time)
{
    ++*count;
}

} // namespace

void
SetDefaultRoute(Ptr<Node> node, const std::string& gateway, uint32_t interface)
{
    Ipv4StaticRoutingHelper()
        .GetStaticRouting(node->GetObject<Ipv4>())
        ->SetDefaultRoute(Ipv4Address(gateway.c_str()), interface);
}

NatLan::NatLan(uint32_t hostCount)
    : hosts(hostCount)
    , box(CreateObject<Node>())
    , server(CreateObject<Node>())
{
    RngSeedManager::SetSeed(1);
    RngSeedManager::SetRun(1);
    GlobalValue::Bind("ChecksumEnabled", BooleanValue(true));
    InternetStackHelper stack;
    stack.SetIpv6StackInstall(false);
    stack.Install(NodeContainer(box, server));
    stack.Install(hosts);
    lan = ethernet.Install(NodeContainer(NodeContainer(box), hosts));
    Ipv4AddressHelper addresses("10.0.0.0", "255.255.0.0");
    addresses.Assign(lan);
    for (auto host = hosts.Begin(); host != hosts.End(); ++host)
    {
        SetDefaultRoute(*host, "10.0.0.1");
    }
    cloud.SetChannelAttribute("Delay", TimeValue(MilliSeconds(10)));
    outside = cloud.Attach(box, OUTSIDE, "255.255.255.0");
    cloud.Attach(server, SERVER, "255.255.255.0");
    outside->TraceConnectWithoutContext("Sniffer", MakeBoundCallback(&KeepWire, &wire));
}

NatLan::~NatLan()
{
    Simulator::Destroy();
    GlobalValue::Bind("ChecksumEnabled", BooleanValue(false));
}

void
NatLan::Install()
{
    nat = helper.Install(box, outside);
    NatHelper::AssignStreams(NodeContainer(box), 1);
    nat->TraceConnectWithoutContext("MappingCreated", MakeBoundCallback(&KeepCreated, &created));
    nat->TraceConnectWithoutContext("MappingExpired", MakeBoundCallback(&KeepEnded, &ended));
}

Ptr<Node>
NatLan::Host(uint32_t i) const
{
    return hosts.Get(i);
}

Ptr<Node>
NatLan::AddOutside(const std::string& address)
{
    const Ptr<Node> node = CreateObject<Node>();
    InternetStackHelper stack;
    stack.SetIpv6StackInstall(false);
    stack.Install(node);
    cloud.Attach(node, Ipv4Address(address.c_str()), "255.255.255.0");
    return node;
}

std::vector<NatArrival>
NatLan::ArrivalsAt(Ptr<Node> node) const
{
    std::vector<NatArrival> found;
    for (const NatArrival& arrival : arrivals)
    {
        if (arrival.node == node)
        {
            found.push_back(arrival);
        }
    }
    return found;
}

void
NatLan::Listen(Ptr<Node> node, uint16_t port)
{
    const Ptr<Socket> socket = Open(node, port);
    socket->SetRecvCallback(MakeCallback(&NatLan::Echo, this));
}

Ptr<Socket>
NatLan::Open(Ptr<Node> node, uint16_t port)
{
    const Ptr<Socket> socket = Socket::CreateSocket(node, UdpSocketFactory::GetTypeId());
    socket->Bind(InetSocketAddress(Ipv4Address::GetAny(), port));
    socket->SetRecvCallback(MakeCallback(&NatLan::Keep, this));
    socket->SetAttribute("IcmpCallback", CallbackValue(MakeCallback(&NatLan::HandleError, this)));
    m_sockets.push_back(socket);
    return socket;
}

void
NatLan::Keep(Ptr<Socket> socket)
{
    Address from;
    while (const Ptr<Packet> packet = socket->RecvFrom(from))
    {
        const InetSocketAddress sender = InetSocketAddress::ConvertFrom(from);
        arrivals.push_back({socket->GetNode(), ToCore(sender), packet});
    }
}

void
NatLan::Echo(Ptr<Socket> socket)
{
    const size_t known = arrivals.size();
    Keep(socket);
    for (size_t i = known; i < arrivals.size(); ++i)
    {
        socket->SendTo(arrivals[i].packet->Copy(), 0, ToNs3(arrivals[i].from));
    }
}

void
NatLan::HandleError(Ipv4Address from, uint8_t, uint8_t type, uint8_t code, uint32_t info)
{
    errors.push_back({ToCore(from), type, code, info});
}

void
NatLan::SendAt(Time at, Ptr<Socket> socket, const std::string& to, uint32_t octets)
{
    const size_t colon = to.find(':');
    const InetSocketAddress target(Ipv4Address(to.substr(0, colon).c_str()),
                                   static_cast<uint16_t>(std::stoul(to.substr(colon + 1))));
    Simulator::ScheduleWithContext(socket->GetNode()->GetId(),
                                   at - Simulator::Now(),
                                   [socket, target, octets]() {
                                       socket->SendTo(ToPacket(Octets(octets, PAYLOAD)), 0, target);
                                   });
}

void
NatLan::PingAt(Time at, Ptr<Node> node, const std::string& to, uint32_t octets)
{
    const Ptr<ScenarioPing> ping = CreateObject<ScenarioPing>();
    ping->SetAttribute("Remote", Ipv4AddressValue(Ipv4Address(to.c_str())));
    ping->SetAttribute("Count", UintegerValue(1));
    ping->SetAttribute("Size", UintegerValue(octets));
    ping->TraceConnectWithoutContext("Answered", MakeBoundCallback(&CountAnswer, &pingsAnswered));
    node->AddApplication(ping);
    ping->SetStartTime(at - Simulator::Now());
}

void
NatLan::RunUntil(Time end)
{
    Simulator::Stop(end - Simulator::Now());
    Simulator::Run();
}

} // namespace ipsec
} // namespace ns3
