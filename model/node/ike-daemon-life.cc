// SPDX-License-Identifier: GPL-2.0-only
// Beginnings and ends of IkeDaemon, and its configuration; its inputs are in ike-daemon.cc.
#include "ike-daemon.h"
#include "ipsec-conversions.h"
#include "ipsec-net-device.h"

#include "ns3/ipv4-end-point.h"
#include "ns3/ipv4-interface.h"
#include "ns3/log.h"
#include "ns3/node.h"
#include "ns3/simulator.h"

#include <algorithm>
#include <utility>

namespace ns3
{
namespace ipsec
{

NS_LOG_COMPONENT_DEFINE("IkeDaemonLife");

namespace
{

/// Makes a port take no more notice of what comes.
void
Mute(Ipv4EndPoint& port)
{
    port.SetRxCallback(
        MakeNullCallback<void, Ptr<Packet>, Ipv4Header, uint16_t, Ptr<Ipv4Interface>>());
}

} // namespace

// Configuration

SharedEngineConfig
IkeDaemon::WithAttributes(const SharedEngineConfig& config) const
{
    if (m_startDate.empty() && m_halfOpenLimit == 0 && m_halfOpenPerAddress == 0 &&
        m_clientLimit == 0)
    {
        return config;
    }
    const auto own = std::make_shared<EngineConfig>(*config);
    if (!m_startDate.empty())
    {
        own->calendarStart = ParseCalendar(m_startDate);
    }
    if (m_halfOpenLimit > 0)
    {
        own->limits.halfOpen = m_halfOpenLimit;
    }
    if (m_halfOpenPerAddress > 0)
    {
        own->limits.halfOpenPerAddress = m_halfOpenPerAddress;
    }
    if (m_clientLimit > 0)
    {
        own->limits.clients = m_clientLimit;
    }
    return own;
}

void
IkeDaemon::SetConfig(const EngineConfig& config)
{
    SetConfig(std::make_shared<const EngineConfig>(config));
}

void
IkeDaemon::SetConfig(const SharedEngineConfig& config)
{
    const SharedEngineConfig own = WithAttributes(config);
    m_engine.emplace(own);
    m_firstConfig = own;
    m_config = own;
    m_givenLimits = config->limits;
    m_givenStart = config->calendarStart;
}

EngineConfig
IkeDaemon::GivenConfig() const
{
    EngineConfig given = *m_config;
    given.limits = m_givenLimits;
    given.calendarStart = m_givenStart;
    return given;
}

void
IkeDaemon::ApplyAttributes()
{
    if (m_engine)
    {
        ChangeConfig(GivenConfig());
    }
}

void
IkeDaemon::SetStartDate(std::string date)
{
    if (!date.empty())
    {
        static_cast<void>(ParseCalendar(date));
    }
    m_startDate = std::move(date);
    ApplyAttributes();
}

std::string
IkeDaemon::GetStartDate() const
{
    return m_startDate;
}

void
IkeDaemon::SetHalfOpenLimit(uint32_t limit)
{
    m_halfOpenLimit = limit;
    ApplyAttributes();
}

uint32_t
IkeDaemon::GetHalfOpenLimit() const
{
    return m_halfOpenLimit;
}

void
IkeDaemon::SetHalfOpenPerAddress(uint32_t limit)
{
    m_halfOpenPerAddress = limit;
    ApplyAttributes();
}

uint32_t
IkeDaemon::GetHalfOpenPerAddress() const
{
    return m_halfOpenPerAddress;
}

void
IkeDaemon::SetClientLimit(uint32_t limit)
{
    m_clientLimit = limit;
    ApplyAttributes();
}

uint32_t
IkeDaemon::GetClientLimit() const
{
    return m_clientLimit;
}

void
IkeDaemon::ChangeConfig(const EngineConfig& config)
{
    ChangeConfig(std::make_shared<const EngineConfig>(config));
}

void
IkeDaemon::ChangeConfig(const SharedEngineConfig& config)
{
    NS_LOG_FUNCTION(this);
    NS_ASSERT_MSG(m_engine, "SetConfig() comes first");
    const SharedEngineConfig own = WithAttributes(config);
    Effects effects = m_engine->Reconfigure(InstantNow(), own, m_random);
    m_config = own;
    m_givenLimits = config->limits;
    m_givenStart = config->calendarStart;
    Run(std::move(effects));
}

void
IkeDaemon::DescribeMessages(const DescribedPeers& peers)
{
    NS_ASSERT_MSG(m_engine, "SetConfig() comes first");
    m_engine->DescribeMessages(peers);
}

void
IkeDaemon::RenewEngine()
{
    m_life++;
    m_timeoutWaits = false;
    m_queue.clear();
    const DescribedPeers described = m_engine->Described();
    m_engine.emplace(m_firstConfig);
    m_engine->DescribeMessages(described);
    // It has no SAs yet: nothing follows.
    static_cast<void>(m_engine->Reconfigure(InstantNow(), m_config, m_random));
}

bool
IkeDaemon::LacksKey(PeerId peer) const
{
    if (peer >= m_config->peers.size() || HasUsableKey(m_config->peers[peer]))
    {
        return false;
    }
    const std::vector<IkeSaInfo> living = m_engine->IkeSas();
    return std::none_of(
        living.begin(), living.end(), [&](const IkeSaInfo& sa) { return sa.peer == peer; });
}

bool
IkeDaemon::RefuseCall(PeerId peer, std::optional<uint32_t> child)
{
    const bool lacksAddress =
        peer < m_config->peers.size() && m_config->peers[peer].localAddress == UNKNOWN_ADDRESS;
    if (!lacksAddress && !LacksKey(peer))
    {
        return false;
    }
    const Fault reason = lacksAddress ? Fault::NoRoute : Fault::NoKey;
    const auto children = static_cast<uint32_t>(m_config->peers[peer].children.size());
    for (uint32_t i = child.value_or(0); i < (child ? *child + 1 : children); ++i)
    {
        Apply(AcquireFailed{{peer, i}, reason, 0});
    }
    return true;
}

// Life

void
IkeDaemon::StartApplication()
{
    NS_LOG_FUNCTION(this);
    NS_ASSERT_MSG(m_engine, "SetConfig() comes first");
    OpenPorts();
    m_running = true;
    m_isDown = false;
    Reschedule();
}

void
IkeDaemon::StopApplication()
{
    Stop();
}

void
IkeDaemon::Restart()
{
    NS_LOG_FUNCTION(this);
    if (m_running)
    {
        return;
    }
    // What an orderly stop left, if it did not come to its end.
    ClosePorts();
    ForgetEverything(Fault::Terminated);
    RenewEngine();
    if (m_dataPlane)
    {
        m_dataPlane->Boot();
    }
    StartApplication();
}

void
IkeDaemon::Stop()
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
    for (const auto& [local, port] : m_ports)
    {
        Mute(*port);
    }
    if (!m_cpu || m_cpu->IsFree())
    {
        ClosePorts();
        return;
    }
    // Behind the Deletes, which wait for the processor.
    const auto close = [this, life = m_life]()
    {
        if (life == m_life)
        {
            ClosePorts();
        }
    };
    m_cpu->Submit(CpuLane::Ike, CpuAdmission::Always, [close]() { return CpuOutcome{{}, close}; });
}

void
IkeDaemon::Crash()
{
    NS_LOG_FUNCTION(this);
    m_running = false;
    m_isDown = true;
    m_event.Cancel();
    m_armed.reset();
    ClosePorts();
    if (m_cpu)
    {
        m_cpu->Reset();
    }
    std::set<ChildId> derived;
    for (const auto& [child, selectors] : m_derivedPolicies)
    {
        derived.insert(child);
    }
    // Their rules go with the data plane, all at once.
    m_derivedPolicies.clear();
    ForgetEverything(Fault::NodeDown);
    if (m_dataPlane)
    {
        m_dataPlane->Crash(derived);
    }
    RenewEngine();
}

bool
IkeDaemon::IsDown() const
{
    return m_isDown;
}

template <typename IsMeant>
void
IkeDaemon::RemoveSas(IsMeant isMeant, Fault reason)
{
    if (!m_dataPlane)
    {
        return;
    }
    // Listed first: what is removed changes the table.
    std::vector<RemoveSa> meant;
    for (const auto& [key, entry] : m_dataPlane->GetProcessor().Associations().Entries())
    {
        if (isMeant(entry.sa))
        {
            meant.push_back({key, entry.sa.child, reason});
        }
    }
    for (const RemoveSa& one : meant)
    {
        Apply(one);
    }
}

void
IkeDaemon::ForgetEverything(Fault reason)
{
    for (const IkeSaInfo& sa : m_engine->IkeSas())
    {
        TellIkeSaDown(IkeSaDown{
            sa.peer, sa.initiatorCookie, sa.responderCookie, true, reason, 0, sa.encryptionKey});
    }
    // A daemon that begins anew leaves manual SAs alone, a crash does not.
    const auto isOurs = [this](const IpsecSa& sa)
    { return m_isDown || m_engine->FindPeerConfig(sa.child.peer) != nullptr; };
    RemoveSas(isOurs, reason);
    for (const auto& [child, selectors] : std::exchange(m_derivedPolicies, {}))
    {
        m_dataPlane->Policies().Remove(child);
    }
    m_told.clear();
    while (!m_assigned.empty())
    {
        DropAddress(m_assigned.begin()->first);
    }
}

// Addresses and ports

void
IkeDaemon::ChangeAddress(IpAddress from, IpAddress to)
{
    NS_LOG_FUNCTION(this << from.ToString() << to.ToString());
    EngineConfig changed = GivenConfig();
    for (PeerConfig& peer : changed.peers)
    {
        if (peer.localAddress != from)
        {
            continue;
        }
        peer.localAddress = to;
        for (ChildConfig& child : peer.children)
        {
            child.proxyId.local = child.localIsOwn ? Prefix::Host(to) : child.proxyId.local;
        }
    }
    changed.ValidateChange();
    // What waits in the processor is about the old address.
    m_life++;
    m_timeoutWaits = false;
    m_queue.clear();
    AbandonPeersAt(from);
    ClosePorts();
    ChangeConfig(changed);
    if (m_running)
    {
        OpenPorts();
        Reschedule();
        CallKeptUp();
    }
}

void
IkeDaemon::CallKeptUp()
{
    for (PeerId peer = 0; peer < m_config->peers.size(); peer++)
    {
        if (m_config->peers[peer].keepUp && m_config->peers[peer].remoteAddress)
        {
            Initiate(peer);
        }
    }
}

void
IkeDaemon::AbandonPeersAt(IpAddress address)
{
    for (const PeerId peer : m_engine->Peers())
    {
        const PeerConfig* config = m_engine->FindPeerConfig(peer);
        if (config == nullptr || config->localAddress != address)
        {
            continue;
        }
        Effects effects = m_engine->Terminate(InstantNow(), peer, m_random);
        const auto isMessage = [](const Effect& one)
        { return std::holds_alternative<Transmit>(one); };
        effects.list.erase(std::remove_if(effects.list.begin(), effects.list.end(), isMessage),
                           effects.list.end());
        Run(std::move(effects));
    }
    // Those of which the engine was not told yet, or whose removal waited.
    const auto isThere = [address](const IpsecSa& sa)
    { return sa.child.peer != MANUAL_PEER && sa.local.address == address; };
    RemoveSas(isThere, Fault::Terminated);
}

} // namespace ipsec
} // namespace ns3
