// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-pfs-lab.h"

#include "ipsec-lab-tunnel.h"

#include "ns3/crypto-algorithms.h"
#include "ns3/esp-transform.h"
#include "ns3/ike-proposal.h"

#include <algorithm>
#include <map>
#include <stdexcept>

namespace ns3
{
namespace ipsec
{

namespace
{

const TunnelSettings&
FirstTunnel(const Scenario& scenario, bool withPfs)
{
    for (const TunnelSettings& tunnel : scenario.tunnels)
    {
        const std::vector<Phase2Proposal>& proposals = tunnel.ends[0].rules->phase2Proposals;
        const bool fits =
            std::all_of(proposals.begin(),
                        proposals.end(),
                        [&](const Phase2Proposal& one)
                        { return one.pfsGroup.has_value() == withPfs && one.esp.has_value(); });
        if (IsCapturedIke(scenario, tunnel) && !proposals.empty() && fits)
        {
            return tunnel;
        }
    }
    throw std::invalid_argument(
        scenario.position.file + ": has no tunnel whose phase2-proposals are all " +
        (withPfs ? "with PFS (gN-esp-...)" : "without PFS (nopfs-esp-...)") +
        "; the lab compares the first tunnel without PFS with the first that has it; " +
        NOT_CAPTURED);
}

bool
IsBetween(const MessageRecord& message, const TunnelRecord& tunnel)
{
    return (message.from == tunnel.first && message.to == tunnel.second) ||
           (message.from == tunnel.second && message.to == tunnel.first);
}

uint64_t
DhOperations(const NodeRecord& node)
{
    uint64_t operations = 0;
    for (const auto& [key, amount] : node.work.Items())
    {
        const bool isDh = key.kind == WorkKind::DhKeygen || key.kind == WorkKind::DhDerive;
        operations += isDh ? amount : 0;
    }
    return operations;
}

/// Returns how long a payload KE of the tunnel's quick modes is, with its header; 0 without PFS.
size_t
KePayloadOctets(const RunRecord& record, const TunnelRecord& tunnel)
{
    constexpr size_t PAYLOAD_HEADER = 4;
    for (const IpsecSaRecord& one : record.FindNode(tunnel.first)->ipsecSas)
    {
        const Phase2Proposal proposal = ParsePhase2Proposals(one.sa.proposal).front();
        if (one.tunnel == tunnel.name && proposal.pfsGroup)
        {
            return PAYLOAD_HEADER + FindDhGroup(*proposal.pfsGroup)->keOctets;
        }
    }
    return 0;
}

/// When the messages of a quick mode left first, and arrived last.
struct QuickTimes
{
    Instant begin{};
    std::optional<Instant> end;
    size_t messages = 0;
};

PfsCost
MeasureCost(const RunRecord& record, const TunnelRecord& tunnel)
{
    constexpr size_t WHOLE = 3;
    PfsCost cost;
    std::map<uint32_t, QuickTimes> quickModes;
    const size_t kePayload = KePayloadOctets(record, tunnel);
    for (const MessageRecord& message : record.messages)
    {
        const bool isPhase1 = message.summary.exchange == ExchangeType::MainMode ||
                              message.summary.exchange == ExchangeType::AggressiveMode;
        const bool isQuick = message.summary.exchange == ExchangeType::QuickMode;
        if (!IsBetween(message, tunnel) || message.summary.repeated || message.isNetworkCopy ||
            !(isPhase1 || isQuick))
        {
            continue;
        }
        cost.phase1Messages += isPhase1 ? 1 : 0;
        if (isQuick)
        {
            QuickTimes& times =
                quickModes.try_emplace(message.summary.messageId, QuickTimes{message.At(), {}, 0})
                    .first->second;
            times.messages++;
            times.end = message.receivedAt ? message.TakenUpAt() : times.end;
            cost.quickMessages++;
            cost.quickOctets += message.summary.octets;
            for (const PayloadLabel& payload : message.summary.payloads)
            {
                cost.keOctets += payload.type == PayloadType::Ke ? kePayload : 0;
            }
        }
    }
    cost.quickModes = quickModes.size();
    Duration sum{};
    int64_t whole = 0;
    for (const auto& [id, times] : quickModes)
    {
        if (times.messages == WHOLE && times.end)
        {
            sum += *times.end - times.begin;
            whole++;
        }
    }
    if (whole > 0)
    {
        cost.quickTime = sum / whole;
    }
    for (const std::string& name : {tunnel.first, tunnel.second})
    {
        const NodeRecord& node = *record.FindNode(name);
        cost.dh += DhOperations(node);
        if (node.cpu)
        {
            cost.busy = cost.busy.value_or(Duration{}) + node.cpu->busy;
        }
    }
    return cost;
}

/// Returns the SA that an end received with under an SPI, keys included, or null.
const IpsecSaRecord*
FindReceiver(const RunRecord& record, const TunnelRecord& tunnel, uint32_t spi)
{
    for (const std::string& name : {tunnel.first, tunnel.second})
    {
        for (const IpsecSaRecord& one : record.FindNode(name)->ipsecSas)
        {
            if (one.sa.direction == SaDirection::Inbound && one.sa.spi == spi)
            {
                return &one;
            }
        }
    }
    return nullptr;
}

uint64_t
OpenedBy(const IpsecSa& sa, const std::vector<CapturedPacket>& capture)
{
    uint64_t opened = 0;
    for (const CapturedPacket& one : capture)
    {
        const std::optional<OctetView> esp = EspOf(one.packet);
        opened += esp && OpenEsp(sa, *esp) ? 1 : 0;
    }
    return opened;
}

PfsPair
MakePair(const RunRecord& record,
         const TunnelRecord& tunnel,
         const std::vector<CapturedPacket>& capture,
         size_t ikeSa,
         const AttackedSa& byResponder,
         const AttackedSa& byInitiator)
{
    PfsPair pair;
    pair.ikeSa = ikeSa;
    pair.hasPfs = byResponder.hasPfs;
    size_t place = 0;
    for (const AttackedSa* attacked : {&byResponder, &byInitiator})
    {
        pair.spis[place++] = attacked->spi;
        pair.packets += attacked->packets;
        pair.opened += attacked->read;
        if (const IpsecSaRecord* known = FindReceiver(record, tunnel, attacked->spi))
        {
            pair.upAt = std::max(pair.upAt, known->installedAt);
            pair.openedByKeys += OpenedBy(known->sa, capture);
        }
    }
    return pair;
}

} // namespace

PfsTunnels
FindPfsTunnels(const Scenario& scenario)
{
    const TunnelSettings& plain = FirstTunnel(scenario, false);
    const TunnelSettings& secret = FirstTunnel(scenario, true);
    for (const TunnelEndSettings& one : plain.ends)
    {
        for (const TunnelEndSettings& other : secret.ends)
        {
            if (one.gateway == other.gateway)
            {
                throw std::invalid_argument(scenario.position.file + ": tunnels " + plain.name +
                                            " and " + secret.name + " share gateway " +
                                            one.gateway + "; the lab needs two pairs of gateways");
            }
        }
    }
    return {plain.name, secret.name};
}

const char*
LeakText(Leak leak)
{
    return leak == Leak::SkeyidD ? "SKEYID_d" : leak == Leak::SkeyidE ? "SKEYID_e" : "both";
}

StolenKeys
Leaked(const StolenKeys& all, Leak leak)
{
    StolenKeys keys = all;
    if (leak == Leak::SkeyidD)
    {
        keys.encryptionKey = {};
    }
    if (leak == Leak::SkeyidE)
    {
        keys.skeyidD = {};
    }
    return keys;
}

Loot
Exploit(const std::vector<CapturedPacket>& capture, const std::vector<StolenKeys>& leaked)
{
    IpsecAttacker attacker;
    for (const CapturedPacket& one : capture)
    {
        attacker.Capture(one.packet);
    }
    for (const StolenKeys& keys : leaked)
    {
        attacker.Steal(keys);
    }
    Loot loot;
    loot.captured = attacker.CapturedPackets();
    loot.all = attacker.Attack();
    loot.sas = loot.all.size();
    for (const AttackedSa& sa : loot.all)
    {
        loot.opened += sa.read;
    }
    return loot;
}

std::vector<CapturedPacket>
Before(const std::vector<CapturedPacket>& capture, Instant end)
{
    std::vector<CapturedPacket> part;
    std::copy_if(capture.begin(),
                 capture.end(),
                 std::back_inserter(part),
                 [&](const CapturedPacket& one) { return one.at < end; });
    return part;
}

std::vector<StolenKeys>
PfsFacts::Secrets(Leak leak) const
{
    std::vector<StolenKeys> secrets;
    for (const PfsIkeSa& sa : ikeSas)
    {
        secrets.push_back(Leaked(sa.keys, leak));
    }
    return secrets;
}

std::vector<StolenKeys>
PfsFacts::Secrets(Leak leak, size_t ikeSa) const
{
    return {Leaked(ikeSas.at(ikeSa).keys, leak)};
}

PfsFacts
ObservePfs(const RunRecord& record, const std::string& tunnel, std::vector<CapturedPacket> capture)
{
    const TunnelRecord& ends = *record.FindTunnel(tunnel);
    PfsFacts facts;
    facts.tunnel = tunnel;
    facts.first = ends.first;
    facts.second = ends.second;
    facts.capture = std::move(capture);
    for (const IkeSaRecord& sa : record.FindNode(ends.first)->ikeSas)
    {
        const IkeSaInfo& info = sa.info;
        if (sa.peer == ends.second)
        {
            facts.ikeSas.push_back({info.establishedAt,
                                    {info.initiatorCookie,
                                     info.responderCookie,
                                     info.proposal.hash,
                                     info.proposal.cipher,
                                     info.skeyidD,
                                     info.encryptionKey}});
        }
    }
    if (facts.ikeSas.empty())
    {
        throw std::invalid_argument(record.scenario + ": tunnel " + tunnel +
                                    " never had an IKE SA; there is nothing that could leak");
    }
    std::stable_sort(facts.ikeSas.begin(),
                     facts.ikeSas.end(),
                     [](const PfsIkeSa& a, const PfsIkeSa& b) { return a.upAt < b.upAt; });
    for (size_t i = 0; i < facts.ikeSas.size(); i++)
    {
        const Loot loot = Exploit(facts.capture, facts.Secrets(Leak::Both, i));
        for (size_t sa = 0; sa + 1 < loot.all.size(); sa += 2)
        {
            facts.pairs.push_back(
                MakePair(record, ends, facts.capture, i, loot.all[sa], loot.all[sa + 1]));
        }
    }
    facts.cost = MeasureCost(record, ends);
    return facts;
}

double
PfsCost::EachQuickMode(double amount) const
{
    return quickModes == 0 ? 0 : amount / static_cast<double>(quickModes);
}

double
PfsSweepPoint::Share() const
{
    return captured == 0 ? 0 : static_cast<double>(worst) / static_cast<double>(captured);
}

PfsSweepPoint
MeasureExposure(const PfsFacts& facts, Duration lifetime)
{
    PfsSweepPoint point;
    point.lifetime = lifetime;
    point.ikeSas = facts.ikeSas.size();
    point.dh = facts.cost.dh;
    for (size_t i = 0; i < facts.ikeSas.size(); i++)
    {
        const Loot loot = Exploit(facts.capture, facts.Secrets(Leak::Both, i));
        point.captured = loot.captured;
        point.worst = std::max(point.worst, loot.opened);
    }
    return point;
}

} // namespace ipsec
} // namespace ns3
