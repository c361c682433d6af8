// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-scenario-ping.h"

#include "ns3/icmpv4.h"
#include "ns3/inet-socket-address.h"
#include "ns3/ipv4-l3-protocol.h"
#include "ns3/ipv4-raw-socket-factory.h"
#include "ns3/log.h"
#include "ns3/node.h"
#include "ns3/simulator.h"
#include "ns3/trace-source-accessor.h"
#include "ns3/uinteger.h"

namespace ns3
{
namespace ipsec
{

NS_LOG_COMPONENT_DEFINE("IpsecScenarioPing");
NS_OBJECT_ENSURE_REGISTERED(ScenarioPing);

namespace
{

constexpr uint8_t PROTOCOL_ICMP = 1;

} // namespace

Ptr<Packet>
MakeEchoRequest(uint16_t identifier, uint16_t sequence, uint32_t size)
{
    Icmpv4Echo echo;
    echo.SetIdentifier(identifier);
    echo.SetSequenceNumber(sequence);
    echo.SetData(Create<Packet>(size));
    Icmpv4Header header;
    header.SetType(Icmpv4Header::ICMPV4_ECHO);
    header.SetCode(0);
    if (Node::ChecksumEnabled())
    {
        header.EnableChecksum();
    }
    Ptr<Packet> packet = Create<Packet>();
    packet->AddHeader(echo);
    packet->AddHeader(header);
    return packet;
}

TypeId
ScenarioPing::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::ipsec::ScenarioPing")
            .SetParent<Application>()
            .SetGroupName("Ipsec")
            .AddConstructor<ScenarioPing>()
            .AddAttribute("Remote",
                          "Whom to send requests to.",
                          Ipv4AddressValue("0.0.0.0"),
                          MakeIpv4AddressAccessor(&ScenarioPing::m_remote),
                          MakeIpv4AddressChecker())
            .AddAttribute("Interval",
                          "Time between two requests.",
                          TimeValue(Seconds(1)),
                          MakeTimeAccessor(&ScenarioPing::m_interval),
                          MakeTimeChecker())
            .AddAttribute("Size",
                          "Octets behind the ICMP header.",
                          UintegerValue(56),
                          MakeUintegerAccessor(&ScenarioPing::m_size),
                          MakeUintegerChecker<uint32_t>(0, 65507))
            .AddAttribute("Count",
                          "How many requests to send.",
                          UintegerValue(5),
                          MakeUintegerAccessor(&ScenarioPing::m_count),
                          MakeUintegerChecker<uint64_t>())
            .AddAttribute("Identifier",
                          "Tells the answers to this application from others of the node.",
                          UintegerValue(1),
                          MakeUintegerAccessor(&ScenarioPing::m_identifier),
                          MakeUintegerChecker<uint16_t>())
            .AddTraceSource("Sent",
                            "A request was sent.",
                            MakeTraceSourceAccessor(&ScenarioPing::m_sentTrace),
                            "ns3::ipsec::ScenarioPing::SentTracedCallback")
            .AddTraceSource("Answered",
                            "The answer to a request came back.",
                            MakeTraceSourceAccessor(&ScenarioPing::m_answeredTrace),
                            "ns3::ipsec::ScenarioPing::AnsweredTracedCallback");
    return tid;
}

ScenarioPing::ScenarioPing() = default;
ScenarioPing::~ScenarioPing() = default;

void
ScenarioPing::DoDispose()
{
    NS_LOG_FUNCTION(this);
    m_event.Cancel();
    m_socket = nullptr;
    Application::DoDispose();
}

void
ScenarioPing::StartApplication()
{
    NS_LOG_FUNCTION(this);
    m_socket = Socket::CreateSocket(GetNode(), Ipv4RawSocketFactory::GetTypeId());
    m_socket->SetAttribute("Protocol", UintegerValue(PROTOCOL_ICMP));
    m_socket->Bind();
    // In older versions of ns-3 a raw socket gets fragments, not packets.
    m_socket->ShutdownRecv();
    GetNode()->GetObject<Ipv4L3Protocol>()->TraceConnectWithoutContext(
        "LocalDeliver", MakeCallback(&ScenarioPing::HandleDelivery, this));
    SendRequest();
}

void
ScenarioPing::StopApplication()
{
    NS_LOG_FUNCTION(this);
    // Answers that are still on their way count.
    m_event.Cancel();
}

void
ScenarioPing::SendRequest()
{
    NS_LOG_FUNCTION(this);
    const auto sequence = static_cast<uint16_t>(m_sent + 1);
    m_waiting[sequence] = Simulator::Now();
    m_sent++;
    m_sentTrace(sequence);
    m_socket->SendTo(
        MakeEchoRequest(m_identifier, sequence, m_size), 0, InetSocketAddress(m_remote, 0));
    if (m_sent < m_count)
    {
        m_event = Simulator::Schedule(m_interval, &ScenarioPing::SendRequest, this);
    }
}

void
ScenarioPing::HandleDelivery(const Ipv4Header& ip,
                             Ptr<const Packet> packet,
                             uint32_t /* interface */)
{
    NS_LOG_FUNCTION(this << packet);
    Icmpv4Header icmp;
    Icmpv4Echo echo;
    if (ip.GetProtocol() != PROTOCOL_ICMP ||
        packet->GetSize() < icmp.GetSerializedSize() + echo.GetSerializedSize())
    {
        return;
    }
    Ptr<Packet> message = packet->Copy();
    message->RemoveHeader(icmp);
    if (icmp.GetType() != Icmpv4Header::ICMPV4_ECHO_REPLY)
    {
        return;
    }
    message->RemoveHeader(echo);
    const auto waiting = m_waiting.find(echo.GetSequenceNumber());
    if (echo.GetIdentifier() != m_identifier || waiting == m_waiting.end() ||
        ip.GetSource() != m_remote)
    {
        return;
    }
    const Time roundTrip = Simulator::Now() - waiting->second;
    m_waiting.erase(waiting);
    m_answeredTrace(echo.GetSequenceNumber(), roundTrip);
}

} // namespace ipsec
} // namespace ns3
