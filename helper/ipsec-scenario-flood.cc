// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-scenario-flood.h"

#include "ipsec-forged-packet.h"

#include "ns3/crypto-dh.h"
#include "ns3/ike-key-exchange.h"
#include "ns3/ike-phase1-common.h"
#include "ns3/ike-phase1-negotiation.h"
#include "ns3/ipsec-cloud-channel.h"
#include "ns3/ipsec-conversions.h"
#include "ns3/ipsec-stream-random-source.h"
#include "ns3/ipv4-l3-protocol.h"
#include "ns3/simulator.h"

#include <algorithm>

namespace ns3
{
namespace ipsec
{

namespace
{

/// Random stream of the first [flood]: behind those of the traffic of [branches].
constexpr int64_t FIRST_STREAM = 1200000000;
constexpr size_t NONCE_OCTETS = 16;
/// What an initiator offers that has nothing else to say (RFC 2407 section 4.5: 8 hours is the
/// default of SAs).
constexpr Duration LIFETIME = std::chrono::hours(8);

} // namespace

/// One flood.
class ScenarioFloods::Flooder
{
  public:
    Flooder(const FloodSettings& settings,
            const GatewaySettings& to,
            const ScenarioGateway& gateway,
            int64_t stream)
        : m_settings(settings)
        , m_to(to.address)
        , m_interval(ToTime(std::chrono::duration_cast<Duration>(std::chrono::seconds(1)) /
                            static_cast<Duration::rep>(settings.rate)))
        , m_sa(WriteSaPayload(OfferPhase1(settings.proposals, {}, LIFETIME)))
    {
        m_random.SetStream(stream);
        m_record.name = settings.name;
        m_record.to = settings.to;
        m_record.kind = settings.mode == Phase1Mode::Main ? "main" : "aggressive";
        if (settings.mode == Phase1Mode::Aggressive)
        {
            // One key pair for all messages: a flood costs its sender next to nothing.
            const DhGroup* group = FindDhGroup(settings.proposals.front().group);
            m_publicValue = GenerateDhKeyPair(*group, m_random).publicValue;
        }
        Attach(gateway.outside->GetCloud());
        Simulator::ScheduleWithContext(
            m_node->GetId(), ToTime(settings.start), &Flooder::SendNext, this);
    }

    const FloodRecord&
    Record() const
    {
        return m_record;
    }

  private:
    void
    Attach(const Ptr<IpsecCloudChannel>& cloud)
    {
        m_node = CreateObject<Node>();
        m_device = CreateObject<IpsecCloudNetDevice>();
        m_node->AddDevice(m_device);
        cloud->Attach(m_device);
        m_device->SetChannel(cloud);
        cloud->AddNetwork(ToNs3(m_settings.sources.address), MaskOf(m_settings.sources), m_device);
        m_device->TraceConnectWithoutContext("MacRx", MakeCallback(&Flooder::Receive, this));
    }

    void
    SendNext()
    {
        if (InstantNow() >= Instant(m_settings.stop))
        {
            return;
        }
        const IpAddress source = DrawSource();
        const Ptr<Packet> packet = ForgeIkePacket(source, m_to, FirstMessage(source));
        m_record.sent++;
        m_record.sentOctets += packet->GetSize();
        m_device->Send(packet, m_device->GetBroadcast(), Ipv4L3Protocol::PROT_NUMBER);
        Simulator::Schedule(m_interval, &Flooder::SendNext, this);
    }

    void
    Receive(Ptr<const Packet> packet)
    {
        m_record.answers++;
        m_record.answerOctets += packet->GetSize();
    }

    IpAddress
    DrawSource()
    {
        const Octets octets = m_random.Draw(sizeof(uint32_t));
        OctetReader drawn(octets);
        const uint64_t mask = (uint64_t{1} << (32 - m_settings.sources.length)) - 1;
        return {m_settings.sources.address.value | (drawn.U32() & static_cast<uint32_t>(mask))};
    }

    Octets
    FirstMessage(IpAddress source)
    {
        const Cookie cookie = DrawCookie(m_random, {});
        std::vector<RawPayload> payloads{{PayloadType::Sa, m_sa}};
        if (m_settings.mode == Phase1Mode::Main)
        {
            return MakeClearMessage(Phase1Header(ExchangeType::MainMode, cookie, {}), payloads)
                .datagram;
        }
        const Identity id = m_settings.id.value_or(Identity::FromAddress(source));
        const KeyExchange own{
            m_publicValue, m_random.Draw(NONCE_OCTETS), WriteIdPayload(id.ToPayload()), {}};
        for (RawPayload& payload : WriteKeyExchange(own))
        {
            payloads.push_back(std::move(payload));
        }
        return MakeClearMessage(Phase1Header(ExchangeType::AggressiveMode, cookie, {}), payloads)
            .datagram;
    }

    FloodSettings m_settings;
    IpAddress m_to;
    Time m_interval;
    IpsecStreamRandomSource m_random;
    Octets m_sa;
    Octets m_publicValue;
    Ptr<Node> m_node;
    Ptr<IpsecCloudNetDevice> m_device;
    FloodRecord m_record;
};

ScenarioFloods::ScenarioFloods(const Scenario& scenario, const ScenarioNetwork& network)
{
    for (const FloodSettings& flood : scenario.floods)
    {
        const std::vector<ScenarioGateway>& gateways = network.Gateways();
        const auto to =
            std::find_if(gateways.begin(),
                         gateways.end(),
                         [&](const ScenarioGateway& one) { return one.name == flood.to; });
        m_flooders.push_back(
            std::make_unique<Flooder>(flood,
                                      *scenario.FindGateway(flood.to),
                                      *to,
                                      FIRST_STREAM + static_cast<int64_t>(m_flooders.size())));
    }
}

ScenarioFloods::~ScenarioFloods() = default;

std::vector<FloodRecord>
ScenarioFloods::Records() const
{
    std::vector<FloodRecord> records;
    for (const auto& flooder : m_flooders)
    {
        records.push_back(flooder->Record());
    }
    return records;
}

} // namespace ipsec
} // namespace ns3
