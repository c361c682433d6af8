// SPDX-License-Identifier: GPL-2.0-only
#include "ike-dial-up-client.h"

#include "ipsec-net-device.h"
#include "ipsec-policy-routing.h"

#include "ns3/abort.h"
#include "ns3/boolean.h"
#include "ns3/double.h"
#include "ns3/log.h"
#include "ns3/loopback-net-device.h"
#include "ns3/node.h"
#include "ns3/simulator.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace ns3
{
namespace ipsec
{

NS_LOG_COMPONENT_DEFINE("DialUpClient");
NS_OBJECT_ENSURE_REGISTERED(DialUpClient);

namespace
{

/// Tells whether trying again at once would fail for the same reason: an end did not prove who it
/// is.
bool
IsRefusal(Fault reason)
{
    switch (reason)
    {
    case Fault::NoKey:
    case Fault::AuthenticationFailed:
    case Fault::XauthFailed:
    case Fault::BadCertificate:
    case Fault::MissingCertificate:
    case Fault::CertificateMismatch:
    case Fault::CertificateExpired:
    case Fault::CertificateNotYetValid:
    case Fault::CertificateRevoked:
    case Fault::RevocationUnknown:
    case Fault::UnknownAuthority:
    case Fault::UntrustedSelfSigned:
    case Fault::WeakCertificate:
        return true;
    default:
        return false;
    }
}

} // namespace

const char*
DialUpStateName(DialUpState state)
{
    static constexpr std::array<const char*, DIAL_UP_STATE_COUNT> NAMES{
        "Off", "WaitsForAddress", "Connecting", "Connected", "BacksOff", "Refused"};
    return NAMES.at(static_cast<size_t>(state));
}

TypeId
DialUpClient::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::ipsec::DialUpClient")
            .SetParent<Application>()
            .SetGroupName("Ipsec")
            .AddConstructor<DialUpClient>()
            .AddAttribute("AutoConnect",
                          "Whether the tunnel is wanted from the start of the application on.",
                          BooleanValue(true),
                          MakeBooleanAccessor(&DialUpClient::m_autoConnect),
                          MakeBooleanChecker())
            .AddAttribute("Reconnect",
                          "Whether a failed attempt or a lost tunnel is followed by another "
                          "attempt; if not, the client is off then.",
                          BooleanValue(true),
                          MakeBooleanAccessor(&DialUpClient::m_reconnect),
                          MakeBooleanChecker())
            .AddAttribute("FirstBackOff",
                          "Pause before the first attempt after a failure or a loss.",
                          TimeValue(Seconds(5)),
                          MakeTimeAccessor(&DialUpClient::m_firstPause),
                          MakeTimeChecker(MilliSeconds(1)))
            .AddAttribute("LongestBackOff",
                          "No pause is longer.",
                          TimeValue(Minutes(5)),
                          MakeTimeAccessor(&DialUpClient::m_longestPause),
                          MakeTimeChecker(MilliSeconds(1)))
            .AddAttribute("BackOffFactor",
                          "How many times longer each pause is than the one before.",
                          DoubleValue(2),
                          MakeDoubleAccessor(&DialUpClient::m_pauseFactor),
                          MakeDoubleChecker<double>(1))
            .AddAttribute("BackOffJitter",
                          "Random part of each pause by which it is shorter at most, so that many "
                          "clients do not come back at once.",
                          DoubleValue(0),
                          MakeDoubleAccessor(&DialUpClient::m_jitter),
                          MakeDoubleChecker<double>(0, 1))
            .AddAttribute("ConnectTimeout",
                          "How long an attempt may take; 0 leaves its end to the daemon.",
                          TimeValue(Minutes(2)),
                          MakeTimeAccessor(&DialUpClient::m_connectTimeout),
                          MakeTimeChecker(Time(0)))
            .AddAttribute("RefusalTries",
                          "Attempts in a row that may fail because an end does not prove who it is "
                          "(a wrong password, an expired certificate) before the client gives up.",
                          UintegerValue(1),
                          MakeUintegerAccessor(&DialUpClient::m_refusalTries),
                          MakeUintegerChecker<uint32_t>(1))
            .AddAttribute("AttemptLimit",
                          "Attempts in a row that may fail for any reason before the client gives "
                          "up; 0 is no limit.",
                          UintegerValue(0),
                          MakeUintegerAccessor(&DialUpClient::m_attemptLimit),
                          MakeUintegerChecker<uint32_t>())
            .AddAttribute("BlockWhileLost",
                          "Whether what a lost tunnel carried is dropped until it is back, rather "
                          "than sent in clear.",
                          BooleanValue(true),
                          MakeBooleanAccessor(&DialUpClient::m_blockWhileLost),
                          MakeBooleanChecker())
            .AddTraceSource("State",
                            "The client is in another state.",
                            MakeTraceSourceAccessor(&DialUpClient::m_stateTrace),
                            "ns3::ipsec::DialUpClient::StateTracedCallback")
            .AddTraceSource("Address",
                            "The client works from another address of its device, or from the same "
                            "one elsewhere; 0.0.0.0 stands for none.",
                            MakeTraceSourceAccessor(&DialUpClient::m_addressTrace),
                            "ns3::ipsec::DialUpClient::AddressTracedCallback")
            .AddTraceSource("Connected",
                            "The tunnel is up, so long after the user wanted it or lost it.",
                            MakeTraceSourceAccessor(&DialUpClient::m_connectedTrace),
                            "ns3::ipsec::DialUpClient::ConnectedTracedCallback")
            .AddTraceSource("Disconnected",
                            "The tunnel is gone, and why: Terminated if somebody ended it, NoRoute "
                            "if the address of the device went.",
                            MakeTraceSourceAccessor(&DialUpClient::m_disconnectedTrace),
                            "ns3::ipsec::DialUpClient::DisconnectedTracedCallback")
            .AddTraceSource("AttemptFailed",
                            "An attempt failed, and why.",
                            MakeTraceSourceAccessor(&DialUpClient::m_attemptFailedTrace),
                            "ns3::ipsec::DialUpClient::AttemptFailedTracedCallback");
    return tid;
}

DialUpClient::DialUpClient()
    : m_random(CreateObject<UniformRandomVariable>())
{
}

DialUpClient::~DialUpClient() = default;

void
DialUpClient::DoDispose()
{
    m_running = false;
    m_timer.Cancel();
    m_review.Cancel();
    m_device = nullptr;
    m_daemon = nullptr;
    m_dataPlane = nullptr;
    m_routing = nullptr;
    m_random = nullptr;
    Application::DoDispose();
}

void
DialUpClient::SetDevice(Ptr<NetDevice> device)
{
    m_device = device;
}

void
DialUpClient::SetPeer(PeerId peer)
{
    m_peer = peer;
}

DialUpState
DialUpClient::GetState() const
{
    return m_state;
}

const DialUpCounters&
DialUpClient::GetCounters() const
{
    return m_counters;
}

std::optional<Ipv4Address>
DialUpClient::GetLocalAddress() const
{
    return m_local ? std::make_optional(m_local->GetLocal()) : std::nullopt;
}

std::optional<Ipv4Address>
DialUpClient::GetAssignedAddress() const
{
    return m_state == DialUpState::Connected ? m_assigned : std::nullopt;
}

std::optional<Fault>
DialUpClient::GetLastReason() const
{
    return m_lastReason;
}

int64_t
DialUpClient::AssignStreams(int64_t stream)
{
    m_random->SetStream(stream);
    return 1;
}

const PeerConfig&
DialUpClient::Gateway() const
{
    return m_daemon->Config().peers.at(m_peer);
}

// What the user wants

void
DialUpClient::StartApplication()
{
    NS_LOG_FUNCTION(this);
    m_dataPlane = GetNode()->GetObject<IpsecDataPlane>();
    const Ptr<Ipv4> ipv4 = GetNode()->GetObject<Ipv4>();
    m_routing = ipv4 ? DynamicCast<IpsecPolicyRouting>(ipv4->GetRoutingProtocol()) : nullptr;
    for (uint32_t i = 0; i < GetNode()->GetNApplications() && !m_daemon; ++i)
    {
        m_daemon = DynamicCast<IkeDaemon>(GetNode()->GetApplication(i));
    }
    NS_ABORT_MSG_UNLESS(m_daemon && m_dataPlane && m_routing,
                        "A dial-up client needs IPsec on its node; install it first");
    NS_ABORT_MSG_UNLESS(Gateway().remoteAddress,
                        "A dial-up client needs a gateway whose address is configured");
    for (uint32_t i = 0; i < GetNode()->GetNDevices() && !m_device; ++i)
    {
        const Ptr<NetDevice> device = GetNode()->GetDevice(i);
        const bool leadsOut =
            !DynamicCast<LoopbackNetDevice>(device) && !DynamicCast<IpsecNetDevice>(device);
        m_device = leadsOut ? device : nullptr;
    }
    m_running = true;
    Watch();
    FollowAddress();
    if (m_autoConnect)
    {
        Connect();
    }
    else if (m_wanted)
    {
        TryNow();
    }
}

void
DialUpClient::StopApplication()
{
    NS_LOG_FUNCTION(this);
    if (m_running)
    {
        Disconnect();
        Unwatch();
        m_review.Cancel();
        m_running = false;
    }
}

void
DialUpClient::Connect()
{
    NS_LOG_FUNCTION(this);
    const bool isPausing = m_state == DialUpState::BacksOff;
    if (m_wanted && !isPausing && m_state != DialUpState::Off)
    {
        return;
    }
    m_waitsSince = m_wanted ? m_waitsSince : Simulator::Now();
    if (!m_wanted)
    {
        m_lostNetworks = m_carriedNetworks;
    }
    m_wanted = true;
    ForgetFailures();
    if (m_running)
    {
        TryNow();
    }
}

void
DialUpClient::Disconnect()
{
    NS_LOG_FUNCTION(this);
    m_wanted = false;
    if (!m_running || m_state == DialUpState::Off)
    {
        return;
    }
    const bool wasUp = m_state == DialUpState::Connected;
    m_timer.Cancel();
    AbandonAttempt();
    CleanUp();
    m_lostNetworks.clear();
    Enter(DialUpState::Off);
    if (wasUp)
    {
        m_lastReason = Fault::Terminated;
        m_disconnectedTrace(Fault::Terminated);
    }
}

void
DialUpClient::NotifyMoved()
{
    NS_LOG_FUNCTION(this);
    m_moved = true;
    ReviewSoon();
}

// From state to state

void
DialUpClient::Enter(DialUpState state)
{
    if (state == m_state)
    {
        return;
    }
    NS_LOG_INFO(DialUpStateName(m_state) << " -> " << DialUpStateName(state));
    const DialUpState before = std::exchange(m_state, state);
    UpdateRules();
    m_stateTrace(before, state);
}

void
DialUpClient::TryNow()
{
    m_timer.Cancel();
    if (m_local)
    {
        BeginAttempt();
    }
    else
    {
        Enter(DialUpState::WaitsForAddress);
    }
}

void
DialUpClient::BeginAttempt()
{
    m_failure.reset();
    m_removal.reset();
    m_hasIkeSa = false;
    m_attemptSince = Simulator::Now();
    m_counters.attempts++;
    Enter(DialUpState::Connecting);
    if (!m_daemon->IsRunning())
    {
        EndAttempt(Fault::NodeDown);
        return;
    }
    if (m_connectTimeout.IsStrictlyPositive())
    {
        m_timer = Simulator::Schedule(m_connectTimeout, &DialUpClient::HandleConnectTimeout, this);
    }
    m_daemon->Initiate(m_peer);
}

void
DialUpClient::HandleConnectTimeout()
{
    EndAttempt(Fault::NegotiationTimeout);
}

void
DialUpClient::BecomeConnected()
{
    m_timer.Cancel();
    m_counters.connections++;
    ForgetFailures();
    m_lostNetworks.clear();
    m_carriedNetworks = CarriedNetworks();
    Enter(DialUpState::Connected);
    m_connectedTrace(Simulator::Now() - m_waitsSince);
}

void
DialUpClient::AbandonAttempt()
{
    m_counters.abandoned += m_state == DialUpState::Connecting ? 1 : 0;
}

void
DialUpClient::EndAttempt(Fault reason)
{
    NS_LOG_FUNCTION(this << FaultName(reason));
    m_timer.Cancel();
    m_counters.failures++;
    m_counters.failuresByReason[reason]++;
    m_lastReason = reason;
    m_failuresInARow++;
    m_refusalsInARow = IsRefusal(reason) ? m_refusalsInARow + 1 : 0;
    CleanUp();
    m_attemptFailedTrace(reason);
    if (m_refusalsInARow >= m_refusalTries)
    {
        GiveUp(DialUpState::Refused);
    }
    else if (!m_reconnect || (m_attemptLimit > 0 && m_failuresInARow >= m_attemptLimit))
    {
        GiveUp(DialUpState::Off);
    }
    else
    {
        BackOff();
    }
}

void
DialUpClient::LoseTunnel(Fault reason)
{
    NS_LOG_FUNCTION(this << FaultName(reason));
    m_counters.losses++;
    m_lastReason = reason;
    m_waitsSince = Simulator::Now();
    m_lostNetworks = CarriedNetworks();
    if (m_lostNetworks.empty())
    {
        // The node crashed, and the rules went with its SAs.
        m_lostNetworks = m_carriedNetworks;
    }
    CleanUp();
    m_disconnectedTrace(reason);
}

void
DialUpClient::BackOff()
{
    m_timer = Simulator::Schedule(DrawPause(), &DialUpClient::TryNow, this);
    Enter(DialUpState::BacksOff);
}

void
DialUpClient::GiveUp(DialUpState state)
{
    m_wanted = false;
    m_lostNetworks.clear();
    Enter(state);
}

void
DialUpClient::CleanUp()
{
    m_assigned.reset();
    m_daemon->Terminate(m_peer);
    m_daemon->ReleaseAddress(m_peer);
}

void
DialUpClient::ForgetFailures()
{
    m_failuresInARow = 0;
    m_refusalsInARow = 0;
    m_pausesInARow = 0;
}

Time
DialUpClient::DrawPause()
{
    const double growth = std::pow(m_pauseFactor, m_pausesInARow++);
    const double longest = m_longestPause.GetSeconds();
    double seconds = std::min(m_firstPause.GetSeconds() * growth, longest);
    if (m_jitter > 0)
    {
        seconds -= seconds * m_jitter * m_random->GetValue(0, 1);
    }
    return Seconds(seconds);
}

} // namespace ipsec
} // namespace ns3
