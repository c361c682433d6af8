// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-report-protection.h"

#include <algorithm>
#include <cstdio>
#include <functional>
#include <set>

namespace ns3
{
namespace ipsec
{

namespace
{

const char THICK_RULE[] = "===============================\n";
const char THIN_RULE[] = "  -----------------------------\n";
/// Tunnels and sessions that a display shows; of a hub with thousands the first ones do.
constexpr size_t SHOWN_ROWS = 32;
/// Tunnels of a node that are shown at length, with 17 lines each.
constexpr size_t SHOWN_TUNNELS = 12;

std::string
Seconds(Duration duration)
{
    return std::to_string(std::chrono::duration_cast<std::chrono::seconds>(duration).count());
}

std::string
SideText(const Prefix& prefix, uint8_t protocol, uint16_t port)
{
    return prefix.address.ToString() + "/" + prefix.Mask().ToString() + " " +
           std::to_string(protocol) + "/" + std::to_string(port);
}

std::string
RemainingText(const IpsecSaRecord& record, Instant now)
{
    const SaLifetime& lifetime = record.sa.lifetime;
    const std::optional<Duration> left = record.RemainingDuration(now);
    const uint64_t used = record.octets / 1024;
    const std::string kilobytes =
        lifetime.hardKilobytes == 0
            ? "no limit"
            : std::to_string(lifetime.hardKilobytes - std::min(used, lifetime.hardKilobytes));
    return kilobytes + " / " + (left ? Seconds(*left) : "no limit");
}

/// Shows one SA.
std::string
SaText(const IpsecSaRecord& record, Instant now)
{
    const IpsecSa& sa = record.sa;
    const bool isInbound = sa.direction == SaDirection::Inbound;
    const std::string window =
        sa.replayWindow == 0 ? "off" : std::to_string(sa.replayWindow) + " packets";
    std::string out = std::string("    [") + (isInbound ? "inbound " : "outbound ") +
                      (sa.protocol == ProtocolId::Ah ? "AH" : "ESP") + " SA]\n";
    out += "      spi: " + std::to_string(sa.spi) + " (" + SpiText(sa.spi) + ")\n";
    out += "      proposal: " + AlgorithmText(sa) + "\n";
    out += "      remaining duration (kilobytes / seconds): " + RemainingText(record, now) + "\n";
    out += std::string("      ") +
           (isInbound ? "max received sequence number: " : "max sent sequence number: ") +
           std::to_string(record.sequence) + (sa.extendedSequence ? " (64-bit)" : "") + "\n";
    out += "      packets: " + std::to_string(record.packets) +
           ", octets: " + std::to_string(record.octets) + "\n";
    if (isInbound)
    {
        out += "      anti-replay window: " + window +
               ", replayed: " + std::to_string(record.replayed) +
               ", errors: " + std::to_string(record.failed) + "\n";
    }
    return out + "      udp encapsulation used: " + (sa.udpEncapsulated ? "yes" : "no") + "\n";
}

/// Shows all SAs of one tunnel; @p first is one of them.
std::string
TunnelText(const NodeRecord& node, const IpsecSaRecord& first, Instant now)
{
    const IpsecSa& sa = first.sa;
    const ProxyId& flow = sa.proxyId;
    const bool isManual = sa.child.peer == MANUAL_PEER;
    std::string out = std::string(THIN_RULE) + "  tunnel \"" + first.tunnel + "\", keys " +
                      (isManual ? "set by hand" : "negotiated by IKE") + "\n" + THIN_RULE;
    out += std::string("    encapsulation mode: ") +
           (sa.mode == EncapsulationMode::Tunnel ? "tunnel" : "transport") + "\n";
    out += "    local: " + sa.local.address.ToString() +
           ", remote: " + sa.remote.address.ToString() + "\n";
    out += "    flow source: " + SideText(flow.local, flow.protocol, flow.localPort) + "\n";
    out += "    flow destination: " + SideText(flow.remote, flow.protocol, flow.remotePort) + "\n";
    for (const SaDirection direction : {SaDirection::Inbound, SaDirection::Outbound})
    {
        for (const IpsecSaRecord& record : node.ipsecSas)
        {
            if (!record.removedAt && record.tunnel == first.tunnel &&
                record.sa.direction == direction)
            {
                out += SaText(record, now);
            }
        }
    }
    return out;
}

/// Returns the SAs that a tunnel ever had at its first end, the living ones or all.
std::vector<const IpsecSaRecord*>
SasOf(const RunRecord& record, const TunnelRecord& tunnel)
{
    std::vector<const IpsecSaRecord*> sas;
    if (const NodeRecord* node = record.FindNode(tunnel.first))
    {
        for (const IpsecSaRecord& sa : node->ipsecSas)
        {
            if (sa.tunnel == tunnel.name)
            {
                sas.push_back(&sa);
            }
        }
    }
    return sas;
}

std::string
CountMessages(const RunRecord& record, const TunnelRecord& tunnel)
{
    const auto isBetween = [&](const MessageRecord& message)
    {
        return (message.from == tunnel.first && message.to == tunnel.second) ||
               (message.from == tunnel.second && message.to == tunnel.first);
    };
    return std::to_string(std::count_if(record.messages.begin(), record.messages.end(), isBetween));
}

/// Returns how many Diffie-Hellman values both ends computed.
std::string
CountDh(const RunRecord& record, const TunnelRecord& tunnel)
{
    uint64_t operations = 0;
    for (const std::string& name : {tunnel.first, tunnel.second})
    {
        const NodeRecord* node = record.FindNode(name);
        if (node == nullptr)
        {
            continue;
        }
        for (const auto& [key, amount] : node->work.Items())
        {
            const bool isDh = key.kind == WorkKind::DhKeygen || key.kind == WorkKind::DhDerive;
            operations += isDh ? amount : 0;
        }
    }
    return std::to_string(operations);
}

std::string
LifetimeText(const RunRecord& record, const TunnelRecord& tunnel)
{
    const std::vector<const IpsecSaRecord*> sas = SasOf(record, tunnel);
    if (sas.empty())
    {
        return "-";
    }
    const Duration hard = sas.front()->sa.lifetime.hard;
    return hard > Duration::zero() ? Seconds(hard) + " s" : "without end";
}

std::string
ReplayText(const RunRecord& record, const TunnelRecord& tunnel)
{
    for (const IpsecSaRecord* sa : SasOf(record, tunnel))
    {
        if (sa->sa.direction == SaDirection::Inbound)
        {
            return sa->sa.replayWindow == 0 ? "off" : std::to_string(sa->sa.replayWindow);
        }
    }
    return "-";
}

std::string
CountKeys(const RunRecord& record, const TunnelRecord& tunnel)
{
    std::set<std::string> keys;
    for (const IpsecSaRecord* sa : SasOf(record, tunnel))
    {
        keys.insert(SpiText(sa->sa.spi) + ToHex(sa->sa.cipherKey.View()) +
                    ToHex(sa->sa.integrityKey.View()));
    }
    return std::to_string(keys.size());
}

std::string
UpText(const RunRecord& record, const TunnelRecord& tunnel)
{
    const std::optional<Instant> up = record.TunnelUpAt(tunnel.name);
    return up ? SecondsText(*up) + " s" : "never";
}

std::string
Cell(const std::string& text, size_t width)
{
    std::string cell = text;
    cell.resize(std::max(width, text.size() + 2), ' ');
    return cell;
}

} // namespace

std::string
AlgorithmText(const IpsecSa& sa)
{
    std::string text;
    if (sa.protocol == ProtocolId::Esp)
    {
        text = std::string("E:") + GetCipher(sa.cipher).displayName + ";";
    }
    if (sa.integrity != IntegrityId::None)
    {
        text += std::string(text.empty() ? "" : " ") +
                "A:" + GetIntegrity(sa.integrity).displayName + ";";
    }
    return text;
}

std::string
DisplayIpsecSa(const NodeRecord& node, Instant now)
{
    std::string out = THICK_RULE + ("address " + node.address.ToString()) + "\n" + THICK_RULE;
    std::set<std::string> shown;
    for (const IpsecSaRecord& record : node.ipsecSas)
    {
        if (record.removedAt || shown.count(record.tunnel) > 0)
        {
            continue;
        }
        if (shown.size() == SHOWN_TUNNELS)
        {
            return out + "  ... more tunnels; all are in results.json\n";
        }
        shown.insert(record.tunnel);
        out += TunnelText(node, record, now);
    }
    return out;
}

std::string
DisplaySessionTable(const NodeRecord& node)
{
    std::string out = "current total sessions: " + std::to_string(node.sessions.size()) + "\n";
    for (size_t i = 0; i < std::min(node.sessions.size(), SHOWN_ROWS); i++)
    {
        out += "  " + node.sessions[i].ToString() + "\n";
    }
    return out + (node.sessions.size() > SHOWN_ROWS ? "  ... more sessions\n" : "");
}

std::vector<std::string>
FloodLines(const RunRecord& record)
{
    std::vector<std::string> lines;
    for (const FloodRecord& flood : record.floods)
    {
        char factor[32];
        std::snprintf(factor, sizeof(factor), "%.2f", flood.Amplification());
        lines.push_back(flood.name + " sent " + std::to_string(flood.sent) + " first messages of " +
                        flood.kind + " mode to " + flood.to + ", " +
                        std::to_string(flood.sentOctets) + " octets; " +
                        std::to_string(flood.answers) +
                        " answers went to addresses that never "
                        "asked, " +
                        std::to_string(flood.answerOctets) + " octets: amplification " + factor);
    }
    return lines;
}

std::vector<std::string>
AttackLines(const RunRecord& record)
{
    std::vector<std::string> lines;
    for (const AttackRecord& attack : record.attacks)
    {
        lines.push_back(attack.name + " captured " + std::to_string(attack.capturedPackets) +
                        " packets of ESP at " + attack.watches +
                        " and has SKEYID_d and SKEYID_e of the IKE SAs of " + attack.stealsFrom +
                        ": the nonces of quick mode travel under the latter");
        for (const TunnelRecord& tunnel : record.tunnels)
        {
            const uint64_t captured = attack.Captured(tunnel.name);
            if (captured == 0)
            {
                continue;
            }
            const uint64_t read = attack.Read(tunnel.name);
            std::string first;
            bool hasPfs = false;
            for (const AttackedSaRecord& sa : attack.sas)
            {
                if (sa.tunnel == tunnel.name)
                {
                    hasPfs = hasPfs || sa.sa.hasPfs;
                    first = first.empty() ? sa.sa.firstFlow : first;
                }
            }
            lines.push_back("  " + tunnel.name + (hasPfs ? " (PFS)" : " (no PFS)") + ": " +
                            std::to_string(read) + " of " + std::to_string(captured) +
                            " packets read" + (first.empty() ? "" : ", the first is " + first) +
                            "; Diffie-Hellman operations at both ends: " + CountDh(record, tunnel));
        }
    }
    return lines;
}

std::vector<std::string>
KeyingLines(const RunRecord& record)
{
    const bool hasManual = std::any_of(record.tunnels.begin(),
                                       record.tunnels.end(),
                                       [](const TunnelRecord& t) { return t.isManual; });
    const bool hasIke = std::any_of(record.tunnels.begin(),
                                    record.tunnels.end(),
                                    [](const TunnelRecord& t) { return !t.isManual; });
    if (!hasManual || !hasIke)
    {
        return {};
    }
    using Column = std::function<std::string(const TunnelRecord&)>;
    const std::vector<std::pair<std::string, Column>> rows{
        {"tunnel", [](const TunnelRecord& t) { return t.name; }},
        {"keys come from",
         [](const TunnelRecord& t)
         { return std::string(t.isManual ? "the configuration" : "IKE"); }},
        {"messages of IKE", [&](const TunnelRecord& t) { return CountMessages(record, t); }},
        {"Diffie-Hellman operations", [&](const TunnelRecord& t) { return CountDh(record, t); }},
        {"usable at", [&](const TunnelRecord& t) { return UpText(record, t); }},
        {"lifetime of an SA", [&](const TunnelRecord& t) { return LifetimeText(record, t); }},
        {"SAs with keys of their own", [&](const TunnelRecord& t) { return CountKeys(record, t); }},
        {"anti-replay window", [&](const TunnelRecord& t) { return ReplayText(record, t); }}};
    std::vector<std::string> lines;
    for (const auto& [title, column] : rows)
    {
        std::string line = Cell(title, 28);
        for (const TunnelRecord& tunnel : record.tunnels)
        {
            line += Cell(column(tunnel), 22);
        }
        line.erase(line.find_last_not_of(' ') + 1);
        lines.push_back(line);
    }
    return lines;
}

} // namespace ipsec
} // namespace ns3
