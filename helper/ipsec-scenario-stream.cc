// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-scenario-stream.h"

#include "ns3/log.h"
#include "ns3/node.h"
#include "ns3/simulator.h"
#include "ns3/trace-source-accessor.h"
#include "ns3/udp-socket-factory.h"
#include "ns3/uinteger.h"

namespace ns3
{
namespace ipsec
{

NS_LOG_COMPONENT_DEFINE("IpsecScenarioStream");
NS_OBJECT_ENSURE_REGISTERED(ScenarioStream);

namespace
{

/// Between a connection that came to nothing and the next try. TCP itself waits for minutes before
/// it gives up, but a reset comes at once.
constexpr double PAUSE_SECONDS = 1;

} // namespace

TypeId
ScenarioStream::GetTypeId()
{
    static TypeId tid = TypeId("ns3::ipsec::ScenarioStream")
                            .SetParent<Application>()
                            .SetGroupName("Ipsec")
                            .AddConstructor<ScenarioStream>()
                            .AddAttribute("Remote",
                                          "Address and port of the receiver.",
                                          AddressValue(),
                                          MakeAddressAccessor(&ScenarioStream::m_remote),
                                          MakeAddressChecker())
                            .AddAttribute("Protocol",
                                          "Factory of sockets: of UDP, or of TCP.",
                                          TypeIdValue(UdpSocketFactory::GetTypeId()),
                                          MakeTypeIdAccessor(&ScenarioStream::m_protocol),
                                          MakeTypeIdChecker())
                            .AddAttribute("DataRate",
                                          "How fast to send, headers not counted.",
                                          DataRateValue(DataRate("500kb/s")),
                                          MakeDataRateAccessor(&ScenarioStream::m_rate),
                                          MakeDataRateChecker())
                            .AddAttribute("PacketSize",
                                          "Octets of each packet.",
                                          UintegerValue(512),
                                          MakeUintegerAccessor(&ScenarioStream::m_size),
                                          MakeUintegerChecker<uint32_t>(1))
                            .AddAttribute("Count",
                                          "How many packets to send; 0 means no end.",
                                          UintegerValue(0),
                                          MakeUintegerAccessor(&ScenarioStream::m_count),
                                          MakeUintegerChecker<uint64_t>())
                            .AddTraceSource("Tx",
                                            "A packet was sent.",
                                            MakeTraceSourceAccessor(&ScenarioStream::m_txTrace),
                                            "ns3::ipsec::ScenarioStream::TxTracedCallback");
    return tid;
}

ScenarioStream::ScenarioStream() = default;
ScenarioStream::~ScenarioStream() = default;

void
ScenarioStream::DoDispose()
{
    NS_LOG_FUNCTION(this);
    m_event.Cancel();
    m_socket = nullptr;
    Application::DoDispose();
}

void
ScenarioStream::StartApplication()
{
    NS_LOG_FUNCTION(this);
    Connect();
}

void
ScenarioStream::StopApplication()
{
    NS_LOG_FUNCTION(this);
    m_event.Cancel();
    if (m_socket)
    {
        Leave();
        m_socket->Close();
    }
}

void
ScenarioStream::Leave()
{
    const auto nothing = MakeNullCallback<void, Ptr<Socket>>();
    m_socket->SetConnectCallback(nothing, nothing);
    m_socket->SetCloseCallbacks(nothing, nothing);
}

void
ScenarioStream::Connect()
{
    NS_LOG_FUNCTION(this);
    m_socket = Socket::CreateSocket(GetNode(), m_protocol);
    m_socket->SetConnectCallback(MakeCallback(&ScenarioStream::HandleConnection, this),
                                 MakeCallback(&ScenarioStream::HandleEnd, this));
    m_socket->SetCloseCallbacks(MakeCallback(&ScenarioStream::HandleEnd, this),
                                MakeCallback(&ScenarioStream::HandleEnd, this));
    m_socket->Bind();
    if (m_socket->Connect(m_remote) != 0)
    {
        // There is no route, or not yet: a client may still wait for its address.
        HandleEnd(m_socket);
        return;
    }
    m_socket->SetAllowBroadcast(true);
    m_socket->ShutdownRecv();
}

void
ScenarioStream::HandleConnection(Ptr<Socket> /* socket */)
{
    NS_LOG_FUNCTION(this);
    ScheduleNext();
}

void
ScenarioStream::HandleEnd(Ptr<Socket> /* socket */)
{
    NS_LOG_FUNCTION(this);
    Leave();
    m_event.Cancel();
    m_event = Simulator::Schedule(Seconds(PAUSE_SECONDS), &ScenarioStream::Connect, this);
}

void
ScenarioStream::ScheduleNext()
{
    NS_LOG_FUNCTION(this);
    // As OnOffApplication computes it, to the nanosecond.
    const double seconds = m_size * 8 / static_cast<double>(m_rate.GetBitRate());
    m_event = Simulator::Schedule(Seconds(seconds), &ScenarioStream::SendNext, this);
}

void
ScenarioStream::SendNext()
{
    NS_LOG_FUNCTION(this);
    Ptr<Packet> packet = Create<Packet>(m_size);
    // A full buffer of TCP takes nothing; the packet is sent when there is room.
    if (m_socket->Send(packet) == static_cast<int>(m_size))
    {
        m_sent++;
        m_txTrace(packet);
    }
    if (m_count > 0 && m_sent >= m_count)
    {
        Leave();
        m_socket->Close();
        return;
    }
    ScheduleNext();
}

} // namespace ipsec
} // namespace ns3
