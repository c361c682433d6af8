// SPDX-License-Identifier: GPL-2.0-only
#include "ike-daemon.h"

#include "ipsec-conversions.h"

#include "ns3/esp-header.h"
#include "ns3/ike-fragmentation.h"
#include "ns3/log.h"
#include "ns3/node.h"
#include "ns3/simulator.h"
#include "ns3/socket.h"
#include "ns3/string.h"
#include "ns3/udp-l4-protocol.h"
#include "ns3/uinteger.h"

#include <memory>
#include <utility>

namespace ns3
{
namespace ipsec
{

NS_LOG_COMPONENT_DEFINE("IkeDaemon");
NS_OBJECT_ENSURE_REGISTERED(IkeDaemon);

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
                          MakeStringAccessor(&IkeDaemon::SetStartDate, &IkeDaemon::GetStartDate),
                          MakeStringChecker())
            .AddAttribute(
                "HalfOpenLimit",
                "Unfinished phase 1 exchanges as responder at most, beyond which the "
                "oldest goes; 0 leaves the limit of the configuration.",
                UintegerValue(0),
                MakeUintegerAccessor(&IkeDaemon::SetHalfOpenLimit, &IkeDaemon::GetHalfOpenLimit),
                MakeUintegerChecker<uint32_t>())
            .AddAttribute("HalfOpenPerAddress",
                          "The same from one address, beyond which new ones are refused; 0 leaves "
                          "the limit of the configuration.",
                          UintegerValue(0),
                          MakeUintegerAccessor(&IkeDaemon::SetHalfOpenPerAddress,
                                               &IkeDaemon::GetHalfOpenPerAddress),
                          MakeUintegerChecker<uint32_t>())
            .AddAttribute(
                "ClientLimit",
                "Clients of groups at once, beyond which new ones are refused; 0 leaves "
                "the limit of the configuration.",
                UintegerValue(0),
                MakeUintegerAccessor(&IkeDaemon::SetClientLimit, &IkeDaemon::GetClientLimit),
                MakeUintegerChecker<uint32_t>())
            .AddTraceSource("Tx",
                            "An IKE message was sent.",
                            MakeTraceSourceAccessor(&IkeDaemon::m_txTrace),
                            "ns3::ipsec::IkeDaemon::MessageTracedCallback")
            .AddTraceSource(
                "Rx",
                "An IKE message is handled; ArrivedAt() tells when it came to its port.",
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
            .AddTraceSource("PeerMoved",
                            "The IPsec SAs of a tunnel follow their peer through its NAT.",
                            MakeTraceSourceAccessor(&IkeDaemon::m_peerMovedTrace),
                            "ns3::ipsec::IkeDaemon::PeerMovedTracedCallback")
            .AddTraceSource("KeepAlive",
                            "A NAT keepalive was sent.",
                            MakeTraceSourceAccessor(&IkeDaemon::m_keepAliveTrace),
                            "ns3::ipsec::IkeDaemon::KeepAliveTracedCallback")
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
    m_ports.clear();
    m_udp = nullptr;
    m_queue.clear();
    m_running = false;
    if (m_dataPlane)
    {
        m_dataPlane->SetKeyManager(nullptr);
        m_dataPlane = nullptr;
    }
    m_cpu = nullptr;
    Application::DoDispose();
}

void
IkeDaemon::SetDataPlane(Ptr<IpsecDataPlane> dataPlane)
{
    m_dataPlane = dataPlane;
    m_dataPlane->SetKeyManager(this);
}

void
IkeDaemon::SetCpu(Ptr<CryptoCpu> cpu)
{
    m_cpu = cpu;
}

void
IkeDaemon::SetListener(IkeListener* listener)
{
    m_listener = listener;
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

const EngineConfig&
IkeDaemon::Config() const
{
    NS_ASSERT_MSG(m_config, "SetConfig() comes first");
    return *m_config;
}

bool
IkeDaemon::IsRunning() const
{
    return m_running;
}

Instant
IkeDaemon::ArrivedAt() const
{
    return m_arrivedAt;
}

const std::map<Fault, uint64_t>&
IkeDaemon::Drops() const
{
    return m_drops;
}

// Inputs

template <typename Input>
bool
IkeDaemon::Feed(CpuAdmission admission, Input input)
{
    if (!m_cpu || m_cpu->IsFree())
    {
        Run(input());
        return true;
    }
    const auto job = [this, input, life = m_life]()
    {
        if (life != m_life)
        {
            return CpuOutcome{};
        }
        const auto effects = std::make_shared<Effects>(input());
        Reschedule();
        return CpuOutcome{effects->work,
                          [this, effects, life]()
                          {
                              if (life == m_life)
                              {
                                  Run(std::move(*effects));
                              }
                          }};
    };
    return m_cpu->Submit(CpuLane::Ike, admission, job);
}

void
IkeDaemon::Initiate(PeerId peer)
{
    NS_LOG_FUNCTION(this << peer);
    if (!m_running)
    {
        return;
    }
    if (RefuseCall(peer, std::nullopt))
    {
        return;
    }
    Feed(CpuAdmission::Always,
         [this, peer]() { return m_engine->Initiate(InstantNow(), peer, m_random); });
}

void
IkeDaemon::Terminate(PeerId peer)
{
    NS_LOG_FUNCTION(this << peer);
    if (m_running)
    {
        Feed(CpuAdmission::Always,
             [this, peer]() { return m_engine->Terminate(InstantNow(), peer, m_random); });
    }
}

void
IkeDaemon::Acquire(ChildId child, const FlowKey& flow)
{
    NS_LOG_FUNCTION(this << child.peer << child.child << flow.ToString());
    if (m_running && RefuseCall(child.peer, child.child))
    {
        return;
    }
    if (m_running)
    {
        Feed(CpuAdmission::Always,
             [this, child, flow]()
             { return m_engine->Acquire(InstantNow(), child, flow, m_random); });
    }
    else if (m_dataPlane)
    {
        m_dataPlane->AbandonStaged(child, Fault::StagedAbandoned);
    }
}

void
IkeDaemon::Receive(const Endpoint& local,
                   uint16_t remotePort,
                   Ptr<Packet> packet,
                   const Ipv4Header& header)
{
    const Endpoint remote{ToCore(header.GetSource()), remotePort};
    // It was for the queues of the sender.
    SocketPriorityTag priority;
    packet->RemovePacketTag(priority);
    if (local.port == NATT_PORT)
    {
        ReceiveNatt(local, remote, header.GetTos(), packet);
    }
    else
    {
        ReceiveIke(local, remote, ToOctets(*packet));
    }
}

void
IkeDaemon::ReceiveNatt(const Endpoint& local,
                       const Endpoint& remote,
                       uint8_t typeOfService,
                       Ptr<Packet> packet)
{
    std::array<uint8_t, NON_ESP_MARKER.size()> start{};
    const uint32_t octets = packet->CopyData(start.data(), start.size());
    if (packet->GetSize() == 1 && start[0] == NAT_KEEPALIVE)
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
        // What congestion marked on the way must reach the packet inside (RFC 6040).
        m_dataPlane->UnprotectFromUdp(packet, local, remote, typeOfService);
    }
}

void
IkeDaemon::ReceiveIke(const Endpoint& local, const Endpoint& remote, OctetView octets)
{
    NS_LOG_FUNCTION(this << local.ToString() << remote.ToString() << octets.size());
    const Instant now = InstantNow();
    if (!m_cpu || m_cpu->IsFree())
    {
        Run(Handle({local, remote, octets}, now, false));
        return;
    }
    const std::optional<MessageSummary> unread =
        m_listener ? SummariseUnread(octets) : std::nullopt;
    if (unread)
    {
        m_listener->HearArrival(*unread, local, remote);
    }
    const auto handle = [this, local, remote, now, waiting = octets.Copy()]() {
        return Handle({local, remote, waiting}, now, true);
    };
    if (Feed(CpuAdmission::MayDrop, handle))
    {
        return;
    }
    if (unread)
    {
        m_listener->HearRefusal(*unread, remote);
    }
    Apply(Dropped{Fault::CpuOverload, remote, std::nullopt, 0});
}

Effects
IkeDaemon::Handle(const Datagram& datagram, Instant arrivedAt, bool isArrivalTold)
{
    Effects effects = m_engine->HandleDatagram(InstantNow(), datagram, m_random);
    if (!effects.received)
    {
        return effects;
    }
    m_arrivedAt = arrivedAt;
    if (m_listener && !isArrivalTold)
    {
        m_listener->HearArrival(*effects.received, datagram.local, datagram.remote);
    }
    if (m_listener)
    {
        m_listener->HearRx(*effects.received, datagram.remote);
    }
    m_rxTrace(*effects.received, datagram.local, datagram.remote);
    return effects;
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
        TellSaRemoved(RemoveSa{expiry.key, expiry.child, Fault::Expired});
    }
    if (!m_running)
    {
        return;
    }
    Feed(CpuAdmission::Always,
         [this, isGone, key = expiry.key]()
         {
             return isGone ? m_engine->HandleHardExpiry(InstantNow(), key, m_random)
                           : m_engine->HandleSoftExpiry(InstantNow(), key, m_random);
         });
}

void
IkeDaemon::NotifyPeerMoved(const SaKey& key, const Endpoint& remote)
{
    if (m_running)
    {
        Feed(CpuAdmission::Always,
             [this, key, remote]()
             { return m_engine->HandlePeerMoved(InstantNow(), key, remote); });
    }
}

void
IkeDaemon::NotifyUnknownSpi(const UnknownSpi& unknown)
{
    if (m_running)
    {
        Feed(CpuAdmission::MayDrop,
             [this, unknown]()
             { return m_engine->HandleUnknownSpi(InstantNow(), unknown, m_random); });
    }
}

void
IkeDaemon::NotifyWork(const Work& work)
{
    TellWork(work);
}

void
IkeDaemon::HandleTimeout()
{
    NS_LOG_FUNCTION(this);
    m_armed.reset();
    m_timeoutWaits = true;
    Feed(CpuAdmission::Always,
         [this]()
         {
             m_timeoutWaits = false;
             ReportTraffic();
             return m_engine->HandleTimeout(InstantNow(), m_random);
         });
}

} // namespace ipsec
} // namespace ns3
