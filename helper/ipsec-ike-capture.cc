// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-ike-capture.h"

#include "ns3/esp-header.h"
#include "ns3/ipsec-cargo.h"
#include "ns3/ipsec-compat.h"
#include "ns3/ipsec-endpoint.h"
#include "ns3/ipsec-flow-key.h"
#include "ns3/isakmp-message.h"
#include "ns3/pcap-file.h"

#include <algorithm>
#include <stdexcept>

namespace ns3
{
namespace ipsec
{

namespace
{

constexpr size_t UDP_HEADER_OCTETS = 8;
constexpr uint32_t MOST_PACKET_OCTETS = 65535;

} // namespace

std::optional<OctetView>
IkePayloadOf(OctetView packet)
{
    const Result<FlowKey> flow = ParseFlowKey(packet);
    if (!flow || flow->protocol != IP_PROTOCOL_UDP || IsLaterFragment(packet))
    {
        return std::nullopt;
    }
    OctetView datagram = packet.From(size_t{4} * (packet[0] & 15) + UDP_HEADER_OCTETS);
    if (flow->sourcePort == NATT_PORT || flow->destinationPort == NATT_PORT)
    {
        if (datagram.First(NON_ESP_MARKER.size()) != OctetView(NON_ESP_MARKER))
        {
            return std::nullopt;
        }
        datagram = datagram.From(NON_ESP_MARKER.size());
    }
    else if (flow->sourcePort != IKE_PORT && flow->destinationPort != IKE_PORT)
    {
        return std::nullopt;
    }
    return datagram;
}

std::optional<OctetView>
IkeOf(OctetView packet)
{
    const std::optional<OctetView> payload = IkePayloadOf(packet);
    return payload && ParseIsakmpHeader(*payload) ? payload : std::nullopt;
}

std::optional<OctetView>
EspOf(OctetView packet)
{
    const Result<FlowKey> flow = ParseFlowKey(packet);
    if (!flow || IsLaterFragment(packet))
    {
        return std::nullopt;
    }
    const OctetView payload = packet.From(size_t{4} * (packet[0] & 15));
    if (flow->protocol == IP_PROTOCOL_ESP)
    {
        return ParseEspHeader(payload) ? std::optional<OctetView>(payload) : std::nullopt;
    }
    const bool isNatTraversal =
        flow->protocol == IP_PROTOCOL_UDP && payload.size() > UDP_HEADER_OCTETS &&
        (flow->sourcePort == NATT_PORT || flow->destinationPort == NATT_PORT);
    if (!isNatTraversal)
    {
        return std::nullopt;
    }
    const OctetView esp = payload.From(UDP_HEADER_OCTETS);
    const bool hasMarker = esp.size() >= NON_ESP_MARKER.size() &&
                           esp.First(NON_ESP_MARKER.size()) == OctetView(NON_ESP_MARKER);
    return !hasMarker && ParseEspHeader(esp) ? std::optional<OctetView>(esp) : std::nullopt;
}

std::vector<CapturedPacket>
ReadIpCapture(const std::string& path)
{
    PcapFile file;
    file.Open(path, std::ios::in | std::ios::binary);
    if (file.Fail())
    {
        throw std::invalid_argument("capture " + path +
                                    " cannot be read; allowed: a file in the format of pcap");
    }
    if (file.GetDataLinkType() != PCAP_RAW_IP)
    {
        throw std::invalid_argument(
            "capture " + path + " has link type " + std::to_string(file.GetDataLinkType()) +
            "; allowed: bare IP packets (" + std::to_string(PCAP_RAW_IP) + ")");
    }
    std::vector<CapturedPacket> packets;
    Octets packet(MOST_PACKET_OCTETS);
    while (true)
    {
        uint32_t seconds = 0;
        uint32_t microseconds = 0;
        uint32_t included = 0;
        uint32_t original = 0;
        uint32_t read = 0;
        file.Read(
            packet.data(), MOST_PACKET_OCTETS, seconds, microseconds, included, original, read);
        if (file.Eof() || file.Fail())
        {
            return packets;
        }
        const Instant at(std::chrono::seconds(seconds) + std::chrono::microseconds(microseconds));
        packets.push_back({at, OctetView(packet).First(read).Copy()});
    }
}

std::vector<Octets>
ReadIkeCapture(const std::string& path)
{
    std::vector<Octets> datagrams;
    for (const CapturedPacket& one : ReadIpCapture(path))
    {
        if (const std::optional<OctetView> ike = IkeOf(one.packet))
        {
            datagrams.push_back(ike->Copy());
        }
    }
    return datagrams;
}

} // namespace ipsec
} // namespace ns3
