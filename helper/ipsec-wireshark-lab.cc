// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-wireshark-lab.h"

#include "ipsec-scenario-units.h"

#include "ns3/esp-header.h"
#include "ns3/esp-transform.h"
#include "ns3/ipsec-cargo.h"
#include "ns3/isakmp-message.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <optional>
#include <utility>

namespace ns3
{
namespace ipsec
{

namespace
{

uint64_t
CountIke(const std::vector<CapturedPacket>& packets,
         const std::function<bool(const IsakmpHeader&)>& fits)
{
    return static_cast<uint64_t>(std::count_if(packets.begin(),
                                               packets.end(),
                                               [&](const CapturedPacket& one)
                                               {
                                                   const auto ike = IkeOf(one.packet);
                                                   return ike && fits(*ParseIsakmpHeader(*ike));
                                               }));
}

constexpr size_t IP_HEADER_OCTETS = 20;

/// Returns packets without fragments: a packet that came in some stands where its last one did.
std::vector<CapturedPacket>
WholePackets(const std::vector<CapturedPacket>& packets)
{
    constexpr unsigned MORE_FRAGMENTS = 0x2000;
    constexpr unsigned OFFSET = 0x1fff;
    const auto fieldOf = [](const Octets& packet) { return packet[6] * 256U + packet[7]; };
    const auto headerOf = [](const Octets& packet) { return size_t{4} * (packet[0] & 15); };
    std::vector<CapturedPacket> whole;
    // By identification, protocol and addresses, then by offset.
    std::map<Octets, std::map<size_t, Octets>> waiting;
    for (const CapturedPacket& one : packets)
    {
        const Octets& packet = one.packet;
        if (packet.size() < IP_HEADER_OCTETS || (fieldOf(packet) & (MORE_FRAGMENTS | OFFSET)) == 0)
        {
            whole.push_back(one);
            continue;
        }
        Octets name(packet.begin() + 12, packet.begin() + 20);
        name.insert(name.end(), {packet[4], packet[5], packet[9]});
        std::map<size_t, Octets>& parts = waiting[name];
        parts[size_t{8} * (fieldOf(packet) & OFFSET)] = packet;
        Octets joined(parts.begin()->second.begin(),
                      parts.begin()->second.begin() +
                          static_cast<std::ptrdiff_t>(headerOf(parts.begin()->second)));
        const size_t header = joined.size();
        bool isComplete = false;
        for (const auto& [offset, part] : parts)
        {
            if (joined.size() - header != offset)
            {
                isComplete = false;
                break;
            }
            joined.insert(joined.end(),
                          part.begin() + static_cast<std::ptrdiff_t>(headerOf(part)),
                          part.end());
            isComplete = (fieldOf(part) & MORE_FRAGMENTS) == 0;
        }
        if (isComplete)
        {
            joined[2] = static_cast<uint8_t>(joined.size() >> 8);
            joined[3] = static_cast<uint8_t>(joined.size());
            joined[6] = 0;
            joined[7] = 0;
            whole.push_back({one.at, joined});
            waiting.erase(name);
        }
    }
    return whole;
}

/// Opens ESP with the keys of an SA; nothing if none of them does.
std::optional<SaContent>
Opened(OctetView packet, const std::deque<IpsecSaRecord>& keys)
{
    const std::optional<OctetView> esp = EspOf(packet);
    const Result<EspHeader> header =
        esp ? ParseEspHeader(*esp) : Result<EspHeader>(Fault::TooShort);
    for (const IpsecSaRecord& one : keys)
    {
        if (header && one.sa.protocol == ProtocolId::Esp && one.sa.spi == header->spi)
        {
            Result<SaContent> content = OpenEsp(one.sa, *esp);
            return content ? std::optional<SaContent>(*content) : std::nullopt;
        }
    }
    return std::nullopt;
}

/// Returns a packet without AH, which hides nothing.
Octets
WithoutAh(const Octets& packet)
{
    constexpr size_t LEAST = 12;
    const size_t header = packet.empty() ? 0 : size_t{4} * (packet[0] & 15);
    if (packet.size() < header + LEAST || header < IP_HEADER_OCTETS || packet[9] != IP_PROTOCOL_AH)
    {
        return packet;
    }
    // RFC 4302 section 2.2: its length in words of four octets, less two.
    const size_t end = std::min(header + size_t{4} * (packet[header + 1] + 2U), packet.size());
    Octets bare(packet.begin(), packet.begin() + static_cast<std::ptrdiff_t>(header));
    bare[9] = packet[header];
    bare.insert(bare.end(), packet.begin() + static_cast<std::ptrdiff_t>(end), packet.end());
    bare[2] = static_cast<uint8_t>(bare.size() >> 8);
    bare[3] = static_cast<uint8_t>(bare.size());
    return bare;
}

/// Returns what is in ESP that opens, else what is behind AH or the header of IP.
SaContent
Inside(const Octets& packet, const std::deque<IpsecSaRecord>& keys)
{
    const Octets bare = WithoutAh(packet);
    if (bare.size() < IP_HEADER_OCTETS)
    {
        return {};
    }
    const std::optional<SaContent> content = Opened(bare, keys);
    return content ? *content
                   : SaContent{bare[9], OctetView(bare).From(size_t{4} * (bare[0] & 15)).Copy()};
}

uint64_t
CountEsp(const std::vector<CapturedPacket>& packets)
{
    return static_cast<uint64_t>(std::count_if(
        packets.begin(),
        packets.end(),
        [](const CapturedPacket& one) { return EspOf(WithoutAh(one.packet)).has_value(); }));
}

/// Counts encrypted messages in fragments of IKE: those have no flag, but the message in them has.
uint64_t
CountEncryptedInFragments(const Ladder& ladder, const NodeRecord& node)
{
    uint64_t count = 0;
    for (const auto& [at, step] : MessagesOnLink(ladder, node.name))
    {
        const std::vector<std::string> words = SplitWords(BarePayloads(step.payloads));
        count += step.encrypted && words.size() > 1 && words.front() == "FRAG" ? 1 : 0;
    }
    return count;
}

/// Counts messages of phase 1 whose payload ID is the name of a host.
uint64_t
CountHostNames(const Ladder& ladder, const NodeRecord& node)
{
    uint64_t count = 0;
    for (const auto& [at, step] : MessagesOnLink(ladder, node.name))
    {
        const std::vector<std::string> words = SplitWords(BarePayloads(step.payloads));
        const bool isPhase1 = step.exchange == ExchangeType::MainMode ||
                              step.exchange == ExchangeType::AggressiveMode;
        if (!isPhase1 || node.ikeSas.empty() ||
            std::find(words.begin(), words.end(), "ID") == words.end())
        {
            continue;
        }
        const IkeSaInfo& info = node.ikeSas.front().info;
        const bool isOurs = (step.isLeft ? ladder.left : ladder.right) == node.name;
        count += (isOurs ? info.localId : info.remoteId).type == IdType::Fqdn ? 1 : 0;
    }
    return count;
}

} // namespace

std::string
BarePayloads(const std::string& payloads)
{
    std::string bare;
    int depth = 0;
    for (const char c : payloads)
    {
        depth += c == '(' ? 1 : 0;
        if (depth == 0)
        {
            bare += c;
        }
        depth -= c == ')' ? 1 : 0;
    }
    std::string all;
    std::string last;
    for (const std::string& word : SplitWords(bare))
    {
        if (word.find('/') != std::string::npos)
        {
            continue;
        }
        const bool isTimes = word.size() > 1 && word[0] == 'x' &&
                             word.find_first_not_of("0123456789", 1) == std::string::npos;
        const uint64_t more = isTimes ? ParseCount(word.substr(1), 1, 255) - 1 : 1;
        last = isTimes ? last : word;
        for (uint64_t i = 0; i < more; i++)
        {
            all += (all.empty() ? "" : " ") + last;
        }
    }
    return all;
}

std::vector<LinkMessage>
MessagesOnLink(const Ladder& ladder, const std::string& node)
{
    std::vector<LinkMessage> messages;
    for (const bool isOwn : {false, true})
    {
        for (const LadderStep& step : ladder.steps)
        {
            const bool isSender = (step.isLeft ? ladder.left : ladder.right) == node;
            if (step.isMessage && isSender == isOwn && (isOwn ? !step.networkCopy : !!step.arrival))
            {
                messages.push_back({isOwn ? step.at : *step.arrival, step});
            }
        }
    }
    // At one instant a message is answered after it came.
    std::stable_sort(messages.begin(),
                     messages.end(),
                     [](const LinkMessage& a, const LinkMessage& b) { return a.at < b.at; });
    return messages;
}

std::optional<uint32_t>
FirstSpi(const std::vector<CapturedPacket>& packets)
{
    for (const CapturedPacket& one : packets)
    {
        const Octets bare = WithoutAh(one.packet);
        if (const std::optional<OctetView> esp = EspOf(bare))
        {
            return ParseEspHeader(*esp)->spi;
        }
    }
    return std::nullopt;
}

uint64_t
CountIcmp(const std::vector<CapturedPacket>& packets, const std::deque<IpsecSaRecord>& keys)
{
    uint64_t count = 0;
    std::vector<CapturedPacket> inner;
    for (const CapturedPacket& one : WholePackets(packets))
    {
        const SaContent content = Inside(one.packet, keys);
        count += content.nextHeader == IP_PROTOCOL_ICMP ? 1 : 0;
        if (content.nextHeader == IP_PROTOCOL_IPIP)
        {
            inner.push_back({one.at, content.payload});
        }
    }
    return count + (inner.empty() ? 0 : CountIcmp(inner, {}));
}

std::vector<WiresharkFilter>
WiresharkFilters(const std::vector<CapturedPacket>& packets,
                 const Ladder& ladder,
                 const NodeRecord& node)
{
    const std::vector<CapturedPacket> whole = WholePackets(packets);
    const auto ofExchange = [&](const std::string& filter, ExchangeType type)
    {
        return WiresharkFilter{
            filter,
            false,
            CountIke(whole, [type](const IsakmpHeader& header) { return header.exchange == type; }),
            [number = std::to_string(static_cast<unsigned>(type))](const TsharkFrame& frame)
            { return frame.exchange == number; }};
    };
    return {
        {"isakmp",
         false,
         CountIke(whole, [](const IsakmpHeader&) { return true; }),
         [](const TsharkFrame& frame) { return frame.Has("isakmp"); }},
        {"isakmp.flag_e == 1",
         false,
         CountIke(whole, [](const IsakmpHeader& header) { return header.IsEncrypted(); }) +
             CountEncryptedInFragments(ladder, node),
         [](const TsharkFrame& frame) { return frame.isEncrypted; }},
        ofExchange("isakmp.exchangetype == 2", ExchangeType::MainMode),
        ofExchange("isakmp.exchangetype == 4", ExchangeType::AggressiveMode),
        ofExchange("isakmp.exchangetype == 32", ExchangeType::QuickMode),
        ofExchange("isakmp.exchangetype == 5", ExchangeType::Informational),
        {"esp", false, CountEsp(whole), [](const TsharkFrame& frame) { return frame.Has("esp"); }},
        {"icmp",
         true,
         CountIcmp(packets, node.ipsecSas),
         [](const TsharkFrame& frame) { return frame.Has("icmp"); }},
        {"isakmp.id.data.fqdn", true, CountHostNames(ladder, node), [](const TsharkFrame& frame) {
             return !frame.hostNames.empty();
         }}};
}

} // namespace ipsec
} // namespace ns3
