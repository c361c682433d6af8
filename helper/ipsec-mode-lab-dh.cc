// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-mode-lab-dh.h"

#include "ipsec-scenario-network.h"
#include "ipsec-scenario-runner.h"

#include "ns3/esp-header.h"
#include "ns3/ipsec-conversions.h"
#include "ns3/ipsec-flow-key.h"
#include "ns3/ipv4-l3-protocol.h"
#include "ns3/isakmp-message.h"

#include <algorithm>
#include <map>
#include <memory>

namespace ns3
{
namespace ipsec
{

namespace
{

constexpr size_t UDP_HEADER_OCTETS = 8;
/// Before the data of a fragment of IKE: its message, its number, its flags.
constexpr size_t FRAGMENT_HEADER_OCTETS = 4;

uint64_t
DhOf(const Work& work)
{
    uint64_t operations = 0;
    for (const auto& [key, amount] : work.Items())
    {
        const bool isDh = key.kind == WorkKind::DhKeygen || key.kind == WorkKind::DhDerive;
        operations += isDh ? amount : 0;
    }
    return operations;
}

/// Returns a message whose proof of the sender is wrong: its HASH or SIG is changed, or all of it
/// if that is encrypted.
Octets
SpoilProof(const IsakmpHeader& header, OctetView datagram)
{
    Octets spoiled = datagram.Copy();
    const auto invert = [&](size_t begin, size_t end)
    {
        std::transform(spoiled.begin() + static_cast<std::ptrdiff_t>(begin),
                       spoiled.begin() + static_cast<std::ptrdiff_t>(end),
                       spoiled.begin() + static_cast<std::ptrdiff_t>(begin),
                       [](uint8_t octet) { return static_cast<uint8_t>(~octet); });
    };
    if (header.IsEncrypted())
    {
        invert(ISAKMP_HEADER_OCTETS, spoiled.size());
        return spoiled;
    }
    const Result<PayloadChain> chain =
        ParsePayloadChain(header.nextPayload, datagram.From(ISAKMP_HEADER_OCTETS));
    for (const RawPayload& payload : chain ? chain->payloads : std::vector<RawPayload>())
    {
        const size_t begin = ISAKMP_HEADER_OCTETS + payload.offset + GENERIC_HEADER_OCTETS;
        if (payload.type == PayloadType::Fragment)
        {
            invert(begin + FRAGMENT_HEADER_OCTETS, begin + payload.body.size());
        }
        if (payload.type == PayloadType::Hash || payload.type == PayloadType::Sig)
        {
            invert(begin, begin + payload.body.size());
        }
    }
    return spoiled;
}

/// Counts the operations that one exchange costs one end while a scenario runs.
class DhWatch
{
  public:
    DhWatch(const ScenarioGateway& gateway, const Cookie& initiator, Role role)
        : m_daemon(gateway.daemon)
        , m_initiator(initiator)
        , m_role(role)
    {
        gateway.node->GetObject<Ipv4L3Protocol>()->TraceConnectWithoutContext(
            "LocalDeliver", MakeCallback(&DhWatch::HearPacket, this));
        m_daemon->TraceConnectWithoutContext("Work", MakeCallback(&DhWatch::HearWork, this));
        m_daemon->TraceConnectWithoutContext("Rx", MakeCallback(&DhWatch::HearMessage, this));
        m_daemon->TraceConnectWithoutContext("Tx", MakeCallback(&DhWatch::HearSent, this));
    }

    DhWatch(const DhWatch&) = delete;
    DhWatch& operator=(const DhWatch&) = delete;

    /// Returns the operations until the peer was authenticated; all if it was not.
    std::optional<uint64_t>
    BeforeProof(bool isAuthenticated) const
    {
        return isAuthenticated ? m_beforeProof : Sum();
    }

    /// Returns the operations before the peer's address was proven.
    uint64_t
    Unproven() const
    {
        return m_unproven.value_or(Sum());
    }

  private:
    uint64_t
    Sum() const
    {
        uint64_t sum = m_begin;
        for (const auto& [content, operations] : m_arrived)
        {
            sum += operations;
        }
        return sum;
    }

    void
    HearWork(const Work& work)
    {
        m_sinceMessage += DhOf(work);
    }

    void
    HearMessage(const MessageSummary& /* message */,
                const Endpoint& /* local */,
                const Endpoint& /* remote */)
    {
        m_sinceMessage = 0;
    }

    /// The work of an input is told before what it sends.
    void
    HearSent(const MessageSummary& message, const Endpoint& local, const Endpoint& remote)
    {
        if (m_role == Role::Initiator && !m_hasBegun && message.initiatorCookie == m_initiator)
        {
            m_hasBegun = true;
            m_begin = m_sinceMessage;
        }
        HearMessage(message, local, remote);
    }

    /// Hears of a whole packet before the daemon does.
    void
    HearPacket(const Ipv4Header& header, Ptr<const Packet> packet, uint32_t /* interface */)
    {
        const Octets octets = ToOctets(*packet);
        if (header.GetProtocol() != IP_PROTOCOL_UDP || octets.size() < UDP_HEADER_OCTETS)
        {
            return;
        }
        const auto port = [&](size_t at)
        { return static_cast<uint16_t>(octets[at] << 8 | octets[at + 1]); };
        const Endpoint remote{ToCore(header.GetSource()), port(0)};
        const Endpoint local{ToCore(header.GetDestination()), port(2)};
        OctetView datagram = OctetView(octets).From(UDP_HEADER_OCTETS);
        if (local.port == NATT_PORT && datagram.size() > NON_ESP_MARKER.size())
        {
            datagram = datagram.From(NON_ESP_MARKER.size());
        }
        const Result<IsakmpHeader> message = ParseIsakmpHeader(datagram);
        if (message && message->initiatorCookie == m_initiator && message->messageId == 0 &&
            (message->exchange == ExchangeType::MainMode ||
             message->exchange == ExchangeType::AggressiveMode))
        {
            Take(*message, {local, remote, datagram});
        }
    }

    void
    Take(const IsakmpHeader& header, const Datagram& datagram)
    {
        if (header.responderCookie != Cookie{} && !m_unproven)
        {
            m_unproven = Sum();
        }
        if (m_isOver)
        {
            return;
        }
        const Effects effects = Try(datagram);
        if (!IsProof(effects))
        {
            // A copy that comes while the first one waits for the processor costs nothing.
            uint64_t& known = m_arrived[datagram.octets.Copy()];
            known = std::max(known, DhOf(effects.work));
            return;
        }
        m_isOver = true;
        const Octets spoiled = SpoilProof(header, datagram.octets);
        const Effects refused = Try({datagram.local, datagram.remote, spoiled});
        if (!IsProof(refused))
        {
            m_beforeProof = Sum() + DhOf(refused.work);
        }
    }

    /// Returns what the engine would do with a datagram now.
    Effects
    Try(const Datagram& datagram) const
    {
        Engine copy = m_daemon->GetEngine();
        SeededRandomSource random(1);
        return copy.HandleDatagram(InstantNow(), datagram, random);
    }

    /// Tells whether an input made the exchange's IKE SA.
    bool
    IsProof(const Effects& effects) const
    {
        return std::any_of(effects.list.begin(),
                           effects.list.end(),
                           [this](const Effect& effect)
                           {
                               const auto* up = std::get_if<IkeSaUp>(&effect);
                               return up && up->info.initiatorCookie == m_initiator;
                           });
    }

    Ptr<IkeDaemon> m_daemon;
    Cookie m_initiator;
    Role m_role;
    /// Operations since a message came or went: those of the input that is worked on.
    uint64_t m_sinceMessage = 0;
    /// Operations that made the first message.
    uint64_t m_begin = 0;
    bool m_hasBegun = false;
    /// Operations by the message that they were for.
    std::map<Octets, uint64_t> m_arrived;
    bool m_isOver = false;
    std::optional<uint64_t> m_beforeProof;
    std::optional<uint64_t> m_unproven;
};

} // namespace

DhBefore
CountDh(const Scenario& scenario, const WatchedExchange& exchange)
{
    Scenario again = scenario;
    if (exchange.initiatorReady && exchange.responderReady)
    {
        again.simulation.stop =
            std::max(*exchange.initiatorReady, *exchange.responderReady).time_since_epoch() +
            Duration(1);
    }
    std::map<std::string, std::unique_ptr<DhWatch>> watches;
    RunOptions options;
    options.prepare = [&](const ScenarioNetwork& network)
    {
        for (const ScenarioGateway& gateway : network.Gateways())
        {
            if (gateway.name == exchange.initiator || gateway.name == exchange.responder)
            {
                const bool isFirst = gateway.name == exchange.initiator;
                watches[gateway.name] = std::make_unique<DhWatch>(
                    gateway, exchange.cookie, isFirst ? Role::Initiator : Role::Responder);
            }
        }
    };
    RunScenario(again, options);
    const DhWatch& initiator = *watches.at(exchange.initiator);
    const DhWatch& responder = *watches.at(exchange.responder);
    return {initiator.BeforeProof(exchange.initiatorReady.has_value()),
            responder.BeforeProof(exchange.responderReady.has_value()),
            responder.Unproven()};
}

} // namespace ipsec
} // namespace ns3
