// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-nat-lab.h"

#include "ipsec-csv.h"
#include "ipsec-psk-attack.h"

#include "ns3/esp-header.h"
#include "ns3/ike-nat-detection.h"
#include "ns3/ipsec-cargo.h"
#include "ns3/ipsec-conversions.h"
#include "ns3/ipsec-flow-key.h"
#include "ns3/isakmp-message.h"

#include <algorithm>
#include <map>

namespace ns3
{
namespace ipsec
{

namespace
{

constexpr size_t UDP_HEADER_OCTETS = 8;
constexpr uint8_t KEEPALIVE_OCTET = 0xff;
/// Longest way of a datagram.
constexpr Duration LONGEST_WAY = std::chrono::seconds(10);

bool
IsIkePort(uint16_t port)
{
    return port == IKE_PORT || port == NATT_PORT;
}

bool
IsNattPort(const SeenDatagram& datagram)
{
    return datagram.source.port == NATT_PORT || datagram.destination.port == NATT_PORT;
}

std::optional<IsakmpHeader>
HeaderOf(const SeenDatagram& datagram)
{
    const NattKind kind = KindOf(datagram);
    if (kind != NattKind::Ike && kind != NattKind::IkeWithMarker)
    {
        return std::nullopt;
    }
    const size_t marker = kind == NattKind::Ike ? 0 : NON_ESP_MARKER.size();
    const Result<IsakmpHeader> header = ParseIsakmpHeader(OctetView(datagram.payload).From(marker));
    return header ? std::optional<IsakmpHeader>(*header) : std::nullopt;
}

std::string
ExchangeText(ExchangeType exchange)
{
    switch (exchange)
    {
    case ExchangeType::MainMode:
        return "main mode";
    case ExchangeType::AggressiveMode:
        return "aggressive mode";
    case ExchangeType::QuickMode:
        return "quick mode";
    case ExchangeType::Informational:
        return "informational";
    default:
        return "transaction";
    }
}

/// What is known of one main mode while its messages are read.
struct MainMode
{
    size_t messages = 0;
    std::optional<HashId> hash;
};

/// Notes the hash of the SA payload that the responder chose.
void
NoteHash(MainMode& mode, const PayloadChain& chain)
{
    const RawPayload* payload = chain.Find(PayloadType::Sa);
    const Result<SaPayload> sa =
        payload ? ParseSaPayload(payload->body) : Result<SaPayload>(Fault::MissingPayload);
    if (sa)
    {
        if (const std::optional<ReadPhase1Choice> choice = ReadFirstTransform(*sa))
        {
            mode.hash = choice->hash;
        }
    }
}

/// Compares the NAT-D payloads of one message.
void
CheckMessage(const IsakmpHeader& header,
             const PayloadChain& chain,
             const MainMode& mode,
             const SeenDatagram& sent,
             const SeenDatagram& arrived,
             std::vector<NatDCheck>& checks)
{
    bool isFirst = true;
    for (const RawPayload& payload : chain.payloads)
    {
        const bool isNatD = payload.type == NatDType(NatTraversalVersion::Rfc3947) ||
                            payload.type == NatDType(NatTraversalVersion::Draft03);
        if (!isNatD)
        {
            continue;
        }
        NatDCheck check;
        check.message = mode.messages;
        check.isFromInitiator = mode.messages % 2 == 1;
        check.isAboutDestination = isFirst;
        check.hash = payload.body;
        check.sent = isFirst ? sent.destination : sent.source;
        check.arrived = isFirst ? arrived.destination : arrived.source;
        const auto hashOf = [&](const Endpoint& endpoint)
        { return NatDHash(*mode.hash, header.initiatorCookie, header.responderCookie, endpoint); };
        check.hashOfSent = hashOf(check.sent);
        check.hashOfArrived = hashOf(check.arrived);
        checks.push_back(check);
        isFirst = false;
    }
}

} // namespace

std::vector<SeenDatagram>
ReadDatagrams(const std::vector<CapturedPacket>& capture)
{
    std::vector<SeenDatagram> datagrams;
    for (const CapturedPacket& one : capture)
    {
        const OctetView packet = one.packet;
        const Result<FlowKey> flow = ParseFlowKey(packet);
        if (!flow || IsLaterFragment(packet))
        {
            continue;
        }
        const OctetView payload = packet.From(size_t{4} * (packet[0] & 15));
        const bool isUdp = flow->protocol == IP_PROTOCOL_UDP &&
                           payload.size() > UDP_HEADER_OCTETS &&
                           (IsIkePort(flow->sourcePort) || IsIkePort(flow->destinationPort));
        if (isUdp || flow->protocol == IP_PROTOCOL_ESP)
        {
            datagrams.push_back({one.at,
                                 {flow->source, flow->sourcePort},
                                 {flow->destination, flow->destinationPort},
                                 payload.From(isUdp ? UDP_HEADER_OCTETS : 0).Copy(),
                                 isUdp,
                                 packet.size()});
        }
    }
    return datagrams;
}

const SeenDatagram*
FindTwin(const SeenDatagram& one, const std::vector<SeenDatagram>& others)
{
    const auto found = std::find_if(others.begin(),
                                    others.end(),
                                    [&](const SeenDatagram& other)
                                    {
                                        const Duration way = other.at > one.at ? other.at - one.at
                                                                               : one.at - other.at;
                                        return other.payload == one.payload && way <= LONGEST_WAY;
                                    });
    return found == others.end() ? nullptr : &*found;
}

NattKind
KindOf(const SeenDatagram& datagram)
{
    if (!datagram.isUdp)
    {
        return NattKind::Esp;
    }
    const OctetView payload = datagram.payload;
    if (!IsNattPort(datagram))
    {
        return ParseIsakmpHeader(payload) ? NattKind::Ike : NattKind::Other;
    }
    if (payload.size() == 1 && payload[0] == KEEPALIVE_OCTET)
    {
        return NattKind::KeepAlive;
    }
    if (payload.size() <= NON_ESP_MARKER.size())
    {
        return NattKind::Other;
    }
    return payload.First(NON_ESP_MARKER.size()) == OctetView(NON_ESP_MARKER)
               ? NattKind::IkeWithMarker
               : NattKind::EspInUdp;
}

std::string
KindText(const SeenDatagram& datagram)
{
    const NattKind kind = KindOf(datagram);
    switch (kind)
    {
    case NattKind::Ike:
    case NattKind::IkeWithMarker:
    {
        const std::optional<IsakmpHeader> header = HeaderOf(datagram);
        return header ? "IKE, " + ExchangeText(header->exchange) +
                            (header->IsEncrypted() ? ", encrypted" : ", in clear")
                      : "IKE";
    }
    case NattKind::EspInUdp:
    case NattKind::Esp:
    {
        const Result<EspHeader> header = ParseEspHeader(datagram.payload);
        return std::string(kind == NattKind::Esp ? "ESP" : "ESP in UDP") +
               (header ? ", SPI " + SpiText(header->spi) : "");
    }
    case NattKind::KeepAlive:
        return "NAT keepalive";
    default:
        return "something else";
    }
}

std::vector<NatDCheck>
CheckNatD(const std::vector<SeenDatagram>& atInitiator,
          const std::vector<SeenDatagram>& atResponder)
{
    std::vector<NatDCheck> checks;
    std::map<Cookie, MainMode> modes;
    for (const SeenDatagram& one : atInitiator)
    {
        const std::optional<IsakmpHeader> header = HeaderOf(one);
        const SeenDatagram* other = FindTwin(one, atResponder);
        if (!header || !other || header->exchange != ExchangeType::MainMode)
        {
            continue;
        }
        MainMode& mode = modes[header->initiatorCookie];
        mode.messages++;
        const Result<PayloadChain> chain =
            header->IsEncrypted() || KindOf(one) != NattKind::Ike
                ? Result<PayloadChain>(Fault::NotEncrypted)
                : ParsePayloadChain(header->nextPayload,
                                    OctetView(one.payload).From(ISAKMP_HEADER_OCTETS));
        if (!chain)
        {
            continue;
        }
        NoteHash(mode, *chain);
        if (mode.hash)
        {
            const bool isSentHere = one.at <= other->at;
            CheckMessage(*header,
                         *chain,
                         mode,
                         isSentHere ? one : *other,
                         isSentHere ? *other : one,
                         checks);
        }
    }
    return checks;
}

void
MappingWatch::Attach(const ScenarioNetwork& network)
{
    for (const ScenarioNat& nat : network.Nats())
    {
        nat.box->TraceConnect(
            "MappingCreated", nat.name, MakeCallback(&MappingWatch::Created, this));
        nat.box->TraceConnect(
            "MappingExpired", nat.name, MakeCallback(&MappingWatch::Expired, this));
    }
}

void
MappingWatch::Created(std::string nat, const NatMapping& mapping)
{
    m_events.push_back({InstantNow(), nat, mapping, std::nullopt});
}

void
MappingWatch::Expired(std::string nat, const NatMapping& mapping, NatEnd reason)
{
    m_events.push_back({InstantNow(), nat, mapping, reason});
}

std::optional<Endpoint>
OutsideAt(const std::vector<MappingEvent>& events, const Endpoint& inside, Instant at)
{
    std::optional<Endpoint> outside;
    for (const MappingEvent& event : events)
    {
        const bool isUdp = event.mapping.protocol == NatProtocol::Udp;
        if (isUdp && event.mapping.inside == inside && event.at <= at)
        {
            outside = event.end ? std::nullopt : std::optional<Endpoint>(event.mapping.outside);
        }
    }
    return outside;
}

std::string
MappingsCsv(const std::vector<MappingEvent>& events)
{
    std::string out = CsvRow({"time", "nat", "protocol", "inside", "outside", "event", "reason"});
    for (const MappingEvent& event : events)
    {
        const std::string text = event.mapping.ToString();
        out += CsvRow({SecondsText(event.at),
                       event.nat,
                       text.substr(0, text.find(' ')),
                       event.mapping.inside.ToString(),
                       event.mapping.outside.ToString(),
                       event.end ? "ends" : "begins",
                       event.end ? NatEndName(*event.end) : ""});
    }
    return out;
}

} // namespace ipsec
} // namespace ns3
