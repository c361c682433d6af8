// SPDX-License-Identifier: GPL-2.0-only
#include "ike-daemon.h"

#include "ipsec-conversions.h"

#include "ns3/esp-header.h"
#include "ns3/inet-socket-address.h"
#include "ns3/log.h"
#include "ns3/node.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/udp-socket-factory.h"

#include <utility>

namespace ns3
{
namespace ipsec
{

NS_LOG_COMPONENT_DEFINE("IkeDaemon");
NS_OBJECT_ENSURE_REGISTERED(IkeDaemon);

namespace
{

/// The one octet of a NAT keepalive (RFC 3948 section 2.3).
constexpr uint8_t KEEPALIVE_OCTET = 0xff;

} // namespace

TypeId
IkeDaemon::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::ipsec::IkeDaemon")
            .SetParent<Application>()
            .SetGroupName("Ipsec")
            .AddConstructor<IkeDaemon>()
            .AddAttribute("StartDate",
                          "Day and time of the calendar at which the simulation begins, such as "
                          "2026-01-01 or 2026-01-01T12:00:00Z; certificates are judged by it. "
                          "Empty leaves the one of the configuration.",
                          StringValue(""),
                          MakeStringAccessor(&IkeDaemon::m_startDate),
                          MakeStringChecker())
            .AddTraceSource("Tx",
                            "An IKE message was sent.",
                            MakeTraceSourceAccessor(&IkeDaemon::m_txTrace),
                            "ns3::ipsec::IkeDaemon::MessageTracedCallback")
            .AddTraceSource("Rx",
                            "An IKE message arrived.",
                            MakeTraceSourceAccessor(&IkeDaemon::m_rxTrace),
                            "ns3::ipsec::IkeDaemon::MessageTracedCallback")
            .AddTraceSource("State",
                            "An exchange moved on.",
                            MakeTraceSourceAccessor(&IkeDaemon::m_stateTrace),
                            "ns3::ipsec::IkeDaemon::StateTracedCallback")
            .AddTraceSource("IkeSaUp",
                            "Phase 1 is established.",
                            MakeTraceSourceAccessor(&IkeDaemon::m_ikeSaUpTrace),
                            "ns3::ipsec::IkeDaemon::IkeSaUpTracedCallback")
            .AddTraceSource("IkeSaDown",
                            "An IKE SA ended, or phase 1 failed.",
                            MakeTraceSourceAccessor(&IkeDaemon::m_ikeSaDownTrace),
                            "ns3::ipsec::IkeDaemon::IkeSaDownTracedCallback")
            .AddTraceSource("SaInstalled",
                            "An IPsec SA is in use.",
                            MakeTraceSourceAccessor(&IkeDaemon::m_saInstalledTrace),
                            "ns3::ipsec::IkeDaemon::SaInstalledTracedCallback")
            .AddTraceSource("SaRemoved",
                            "An IPsec SA is no longer in use.",
                            MakeTraceSourceAccessor(&IkeDaemon::m_saRemovedTrace),
                            "ns3::ipsec::IkeDaemon::SaRemovedTracedCallback")
            .AddTraceSource("AcquireFailed",
                            "A tunnel could not be negotiated.",
                            MakeTraceSourceAccessor(&IkeDaemon::m_acquireFailedTrace),
                            "ns3::ipsec::IkeDaemon::AcquireFailedTracedCallback")
            .AddTraceSource("UserKnown",
                            "XAUTH let a user in.",
                            MakeTraceSourceAccessor(&IkeDaemon::m_userKnownTrace),
                            "ns3::ipsec::IkeDaemon::UserKnownTracedCallback")
            .AddTraceSource("AddressAssigned",
                            "Mode Config assigned an address.",
                            MakeTraceSourceAccessor(&IkeDaemon::m_addressAssignedTrace),
                            "ns3::ipsec::IkeDaemon::AddressAssignedTracedCallback")
            .AddTraceSource("Drop",
                            "A message was refused, ignored or lost, and why.",
                            MakeTraceSourceAccessor(&IkeDaemon::m_dropTrace),
                            "ns3::ipsec::IkeDaemon::DropTracedCallback")
            .AddTraceSource("Work",
                            "Cryptographic work that one input or packet cost.",
                            MakeTraceSourceAccessor(&IkeDaemon::m_workTrace),
                            "ns3::ipsec::IkeDaemon::WorkTracedCallback");
    return tid;
}

IkeDaemon::IkeDaemon() = default;
IkeDaemon::~IkeDaemon() = default;

void
IkeDaemon::DoDispose()
{
    m_event.Cancel();
    m_sockets.clear();
    m_queue.clear();
    m_running = false;
    if (m_dataPlane)
    {
        m_dataPlane->SetKeyManager(nullptr);
        m_dataPlane = nullptr;
    }
    Application::DoDispose();
}

void
IkeDaemon::SetConfig(const EngineConfig& config)
{
    EngineConfig dated = config;
    if (!m_startDate.empty())
    {
        dated.calendarStart = ParseCalendar(m_startDate);
    }
    m_engine.emplace(std::move(dated));
}

void
IkeDaemon::SetDataPlane(Ptr<IpsecDataPlane> dataPlane)
{
    m_dataPlane = dataPlane;
    m_dataPlane->SetKeyManager(this);
}

int64_t
IkeDaemon::AssignStreams(int64_t stream)
{
    m_random.SetStream(stream);
    return 1;
}

const Engine&
IkeDaemon::GetEngine() const
{
    NS_ASSERT_MSG(m_engine, "SetConfig() comes first");
    return *m_engine;
}

bool
IkeDaemon::IsRunning() const
{
    return m_running;
}

const std::map<Fault, uint64_t>&
IkeDaemon::Drops() const
{
    return m_drops;
}

// The application's life

void
IkeDaemon::StartApplication()
{
    NS_LOG_FUNCTION(this);
    NS_ASSERT_MSG(m_engine, "SetConfig() comes first");
    for (const PeerConfig& peer : m_engine->Config().peers)
    {
        OpenSocket(Endpoint{peer.localAddress, IKE_PORT});
        OpenSocket(Endpoint{peer.localAddress, NATT_PORT});
    }
    m_running = true;
    Reschedule();
}

void
IkeDaemon::StopApplication()
{
    NS_LOG_FUNCTION(this);
    if (!m_running)
    {
        return;
    }
    for (const PeerId peer : m_engine->Peers())
    {
        Terminate(peer);
    }
    m_running = false;
    m_event.Cancel();
    m_armed.reset();
    for (const auto& [endpoint, socket] : m_sockets)
    {
        socket->SetRecvCallback(MakeNullCallback<void, Ptr<Socket>>());
        socket->Close();
    }
    m_sockets.clear();
}

void
IkeDaemon::OpenSocket(const Endpoint& local)
{
    if (m_sockets.count(local) > 0)
    {
        return;
    }
    const Ptr<Socket> socket = Socket::CreateSocket(GetNode(), UdpSocketFactory::GetTypeId());
    const int failed = socket->Bind(ToNs3(local));
    NS_ABORT_MSG_IF(failed != 0, "UDP " << local.ToString() << " is already in use on this node");
    // What congestion marked on the way must reach the packet inside (RFC 6040).
    socket->SetIpRecvTos(true);
    socket->SetRecvCallback(MakeCallback(&IkeDaemon::HandleRead, this));
    m_sockets[local] = socket;
}

// Inputs

void
IkeDaemon::Initiate(PeerId peer)
{
    NS_LOG_FUNCTION(this << peer);
    if (m_running)
    {
        Run(m_engine->Initiate(InstantNow(), peer, m_random));
    }
}

void
IkeDaemon::Terminate(PeerId peer)
{
    NS_LOG_FUNCTION(this << peer);
    if (m_running)
    {
        Run(m_engine->Terminate(InstantNow(), peer, m_random));
    }
}

void
IkeDaemon::Acquire(ChildId child, const FlowKey& flow)
{
    NS_LOG_FUNCTION(this << child.peer << child.child << flow.ToString());
    if (m_running)
    {
        Run(m_engine->Acquire(InstantNow(), child, flow, m_random));
    }
    else if (m_dataPlane)
    {
        m_dataPlane->AbandonStaged(child, Fault::StagedAbandoned);
    }
}

void
IkeDaemon::HandleRead(Ptr<Socket> socket)
{
    Address name;
    socket->GetSockName(name);
    const Endpoint local = ToCore(InetSocketAddress::ConvertFrom(name));
    Address from;
    while (Ptr<Packet> packet = socket->RecvFrom(from))
    {
        const Endpoint remote = ToCore(InetSocketAddress::ConvertFrom(from));
        if (local.port == NATT_PORT)
        {
            ReceiveNatt(local, remote, packet);
        }
        else
        {
            ReceiveIke(local, remote, ToOctets(*packet));
        }
        if (!m_running)
        {
            return;
        }
    }
}

void
IkeDaemon::ReceiveNatt(const Endpoint& local, const Endpoint& remote, Ptr<Packet> packet)
{
    std::array<uint8_t, NON_ESP_MARKER.size()> start{};
    const uint32_t octets = packet->CopyData(start.data(), start.size());
    if (packet->GetSize() == 1 && start[0] == KEEPALIVE_OCTET)
    {
        Apply(Dropped{Fault::NatKeepalive, remote, std::nullopt, 0});
        return;
    }
    if (octets < NON_ESP_MARKER.size())
    {
        Apply(Dropped{Fault::TooShort, remote, std::nullopt, 0});
        return;
    }
    if (start == NON_ESP_MARKER)
    {
        ReceiveIke(local, remote, OctetView(ToOctets(*packet)).From(NON_ESP_MARKER.size()));
        return;
    }
    if (m_dataPlane)
    {
        SocketIpTosTag tos;
        const bool isMarked = packet->RemovePacketTag(tos);
        m_dataPlane->UnprotectFromUdp(packet, remote, isMarked ? tos.GetTos() : 0);
    }
}

void
IkeDaemon::ReceiveIke(const Endpoint& local, const Endpoint& remote, OctetView octets)
{
    NS_LOG_FUNCTION(this << local.ToString() << remote.ToString() << octets.size());
    Effects effects =
        m_engine->HandleDatagram(InstantNow(), Datagram{local, remote, octets}, m_random);
    if (effects.received)
    {
        m_rxTrace(*effects.received, local, remote);
    }
    Run(std::move(effects));
}

void
IkeDaemon::AcquireSa(ChildId child, const FlowKey& flow)
{
    Acquire(child, flow);
}

void
IkeDaemon::NotifyExpiry(const SaExpiry& expiry)
{
    const bool isGone = expiry.kind == SaExpiry::Kind::Hard;
    if (isGone)
    {
        m_saRemovedTrace(RemoveSa{expiry.key, expiry.child, Fault::Expired});
    }
    if (!m_running)
    {
        return;
    }
    Run(isGone ? m_engine->HandleHardExpiry(InstantNow(), expiry.key, m_random)
               : m_engine->HandleSoftExpiry(InstantNow(), expiry.key, m_random));
}

void
IkeDaemon::NotifyPeerMoved(const SaKey& key, const Endpoint& remote)
{
    if (m_dataPlane)
    {
        m_dataPlane->MovePeer(key, remote);
    }
    if (m_running)
    {
        Run(m_engine->HandlePeerMoved(InstantNow(), key, remote));
    }
}

void
IkeDaemon::NotifyWork(const Work& work)
{
    m_workTrace(work);
}

} // namespace ipsec
} // namespace ns3
