// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-iperf3-server.h"

#include "ipsec-iperf3-protocol.h"

#include "ns3/inet-socket-address.h"
#include "ns3/log.h"
#include "ns3/packet.h"
#include "ns3/simulator.h"
#include "ns3/tcp-socket-factory.h"
#include "ns3/trace-source-accessor.h"
#include "ns3/uinteger.h"

#include <algorithm>

namespace ns3
{
namespace ipsec
{

NS_LOG_COMPONENT_DEFINE("IpsecIperf3Server");
NS_OBJECT_ENSURE_REGISTERED(Iperf3Server);

namespace
{

std::string
Octet(Iperf3State state)
{
    return std::string(1, static_cast<char>(state));
}

} // namespace

TypeId
Iperf3Server::GetTypeId()
{
    static TypeId tid = TypeId("ns3::ipsec::Iperf3Server")
                            .SetParent<Application>()
                            .SetGroupName("Ipsec")
                            .AddConstructor<Iperf3Server>()
                            .AddAttribute("Port",
                                          "TCP port that it listens on.",
                                          UintegerValue(IPERF3_PORT),
                                          MakeUintegerAccessor(&Iperf3Server::m_port),
                                          MakeUintegerChecker<uint16_t>(1))
                            .AddAttribute("Client",
                                          "Who is answered; 0.0.0.0 for everybody.",
                                          Ipv4AddressValue("0.0.0.0"),
                                          MakeIpv4AddressAccessor(&Iperf3Server::m_client),
                                          MakeIpv4AddressChecker())
                            .AddTraceSource("Received",
                                            "Octets of a stream arrived.",
                                            MakeTraceSourceAccessor(&Iperf3Server::m_receivedTrace),
                                            "ns3::ipsec::Iperf3Server::OctetsTracedCallback")
                            .AddTraceSource("Claimed",
                                            "The client of a test said how many octets it sent.",
                                            MakeTraceSourceAccessor(&Iperf3Server::m_claimedTrace),
                                            "ns3::ipsec::Iperf3Server::OctetsTracedCallback");
    return tid;
}

Iperf3Server::Iperf3Server() = default;
Iperf3Server::~Iperf3Server() = default;

void
Iperf3Server::DoDispose()
{
    NS_LOG_FUNCTION(this);
    m_listener = nullptr;
    m_control = nullptr;
    m_streams.clear();
    m_connections.clear();
    Application::DoDispose();
}

void
Iperf3Server::StartApplication()
{
    NS_LOG_FUNCTION(this);
    m_listener = Socket::CreateSocket(GetNode(), TcpSocketFactory::GetTypeId());
    m_listener->Bind(InetSocketAddress(Ipv4Address::GetAny(), m_port));
    m_listener->Listen();
    m_listener->SetAcceptCallback(MakeCallback(&Iperf3Server::HandleRequest, this),
                                  MakeCallback(&Iperf3Server::HandleAccept, this));
}

void
Iperf3Server::StopApplication()
{
    NS_LOG_FUNCTION(this);
    m_listener->Close();
    EndTest();
    for (const auto& [socket, connection] : m_connections)
    {
        Part(socket);
    }
    m_connections.clear();
}

bool
Iperf3Server::HandleRequest(Ptr<Socket> /* listener */, const Address& from)
{
    return m_client == Ipv4Address::GetAny() ||
           InetSocketAddress::ConvertFrom(from).GetIpv4() == m_client;
}

void
Iperf3Server::HandleAccept(Ptr<Socket> socket, const Address& /* from */)
{
    NS_LOG_FUNCTION(this << socket);
    m_connections[socket] = {};
    socket->SetRecvCallback(MakeCallback(&Iperf3Server::HandleReadable, this));
    socket->SetCloseCallbacks(MakeCallback(&Iperf3Server::HandleClose, this),
                              MakeCallback(&Iperf3Server::HandleClose, this));
}

void
Iperf3Server::HandleReadable(Ptr<Socket> socket)
{
    while (Ptr<Packet> packet = socket->Recv())
    {
        if (packet->GetSize() == 0)
        {
            break;
        }
        std::string octets(packet->GetSize(), '\0');
        packet->CopyData(reinterpret_cast<uint8_t*>(octets.data()), packet->GetSize());
        HandleOctets(socket, octets);
    }
}

/// Streams that still bring octets when their test has ended are among the connections until they
/// close.
void
Iperf3Server::HandleClose(Ptr<Socket> socket)
{
    NS_LOG_FUNCTION(this << socket);
    if (socket == m_control)
    {
        EndTest();
    }
    m_connections.erase(socket);
    Part(socket);
}

void
Iperf3Server::HandleOctets(const Ptr<Socket>& socket, const std::string& octets)
{
    const auto found = m_connections.find(socket);
    if (found == m_connections.end())
    {
        return;
    }
    Connection& connection = found->second;
    switch (connection.kind)
    {
    case Kind::Stream:
        CountStream(socket, octets.size());
        return;
    case Kind::Control:
        connection.waiting += octets;
        HandleControl(connection.waiting);
        return;
    case Kind::Unknown:
        connection.waiting += octets;
        HandleCookie(socket, connection);
        return;
    }
}

/// The first cookie opens a test; the same one again opens its streams.
void
Iperf3Server::HandleCookie(const Ptr<Socket>& socket, Connection& connection)
{
    if (connection.waiting.size() < IPERF3_COOKIE_OCTETS)
    {
        return;
    }
    const std::string cookie = connection.waiting.substr(0, IPERF3_COOKIE_OCTETS);
    connection.waiting.erase(0, IPERF3_COOKIE_OCTETS);
    if (m_expect == Expect::Nothing)
    {
        connection.kind = Kind::Control;
        m_control = socket;
        m_cookie = cookie;
        m_expect = Expect::Parameters;
        Say(Octet(Iperf3State::Parameters));
        HandleControl(connection.waiting);
        return;
    }
    if (m_expect == Expect::Streams && cookie == m_cookie)
    {
        connection.kind = Kind::Stream;
        const uint64_t early = connection.waiting.size();
        connection.waiting.clear();
        AddStream(socket);
        CountStream(socket, early);
        return;
    }
    SayTo(socket, Octet(Iperf3State::AccessDenied));
    m_connections.erase(socket);
    Part(socket);
}

void
Iperf3Server::AddStream(const Ptr<Socket>& socket)
{
    m_streams.push_back({socket});
    if (m_streams.size() == m_wanted)
    {
        m_expect = Expect::End;
        m_begin = Simulator::Now();
        Say(Octet(Iperf3State::Start) + Octet(Iperf3State::Running));
    }
}

void
Iperf3Server::CountStream(const Ptr<Socket>& socket, uint64_t octets)
{
    for (StreamCount& stream : m_streams)
    {
        stream.octets += stream.socket == socket ? octets : 0;
    }
    if (octets > 0)
    {
        m_receivedTrace(octets);
    }
}

void
Iperf3Server::HandleControl(std::string& waiting)
{
    while (m_expect != Expect::Nothing && TakeControlMessage(waiting))
    {
    }
}

/// Takes one message, if it is whole; returns whether the next one may be looked at.
bool
Iperf3Server::TakeControlMessage(std::string& waiting)
{
    if (m_expect != Expect::Parameters && m_expect != Expect::Results)
    {
        if (waiting.empty())
        {
            return false;
        }
        const auto state = static_cast<uint8_t>(waiting[0]);
        waiting.erase(0, 1);
        return HandleState(state);
    }
    std::optional<std::string> json;
    if (!TakeIperf3Message(waiting, json))
    {
        EndTest();
        return false;
    }
    return json && HandleJson(*json);
}

bool
Iperf3Server::HandleState(uint8_t state)
{
    if (m_expect == Expect::End && state == static_cast<uint8_t>(Iperf3State::End))
    {
        m_expect = Expect::Results;
        m_duration = Simulator::Now() - m_begin;
        Say(Octet(Iperf3State::Results));
        return true;
    }
    // It is done, it gives up, or it says what has no place here.
    EndTest();
    return false;
}

bool
Iperf3Server::HandleJson(const std::string& json)
{
    if (m_expect == Expect::Parameters)
    {
        const std::optional<uint32_t> streams = ReadIperf3Parameters(json);
        if (!streams)
        {
            Say(Iperf3NotImplemented());
            EndTest();
            return false;
        }
        m_wanted = *streams;
        m_expect = Expect::Streams;
        Say(Octet(Iperf3State::CreateStreams));
        return true;
    }
    const std::optional<uint64_t> sent = ReadIperf3Results(json);
    if (!sent)
    {
        EndTest();
        return false;
    }
    m_claimedTrace(*sent);
    std::vector<uint64_t> octets;
    for (const StreamCount& stream : m_streams)
    {
        octets.push_back(stream.octets);
    }
    Say(Iperf3Message(WriteIperf3Results(octets, m_duration.GetSeconds())) +
        Octet(Iperf3State::Display));
    m_expect = Expect::Done;
    return true;
}

/// Makes room for the next test. What is still under way on the streams counts when it arrives.
void
Iperf3Server::EndTest()
{
    NS_LOG_FUNCTION(this);
    m_expect = Expect::Nothing;
    m_streams.clear();
    if (m_control)
    {
        const Ptr<Socket> control = m_control;
        m_control = nullptr;
        m_connections.erase(control);
        Part(control);
    }
}

/// Closes a connection that is not asked after any more: closing may itself call back.
void
Iperf3Server::Part(const Ptr<Socket>& socket)
{
    socket->SetRecvCallback(MakeNullCallback<void, Ptr<Socket>>());
    socket->SetCloseCallbacks(MakeNullCallback<void, Ptr<Socket>>(),
                              MakeNullCallback<void, Ptr<Socket>>());
    socket->Close();
}

void
Iperf3Server::Say(const std::string& octets)
{
    SayTo(m_control, octets);
}

void
Iperf3Server::SayTo(const Ptr<Socket>& socket, const std::string& octets)
{
    socket->Send(Create<Packet>(reinterpret_cast<const uint8_t*>(octets.data()),
                                static_cast<uint32_t>(octets.size())));
}

} // namespace ipsec
} // namespace ns3
