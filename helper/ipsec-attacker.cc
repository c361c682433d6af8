// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-attacker.h"

#include "ns3/esp-header.h"
#include "ns3/esp-transform.h"
#include "ns3/ike-key-derivation.h"
#include "ns3/ipsec-cargo.h"

#include <algorithm>

namespace ns3
{
namespace ipsec
{

namespace
{

constexpr size_t UDP_HEADER_OCTETS = 8;
/// Packets that are kept of one flow; more would tell nothing new.
constexpr size_t KEPT_PACKETS = 10000;
/// Messages that are kept, and flows.
constexpr size_t KEPT_MESSAGES = 10000;
constexpr size_t KEPT_FLOWS = 10000;

bool
IsPhase1(ExchangeType exchange)
{
    return exchange == ExchangeType::MainMode || exchange == ExchangeType::AggressiveMode;
}

bool
BelongsTo(const IsakmpHeader& header, const StolenKeys& keys)
{
    return header.initiatorCookie == keys.initiatorCookie &&
           header.responderCookie == keys.responderCookie;
}

uint32_t
SpiOf(const ProposalPayload& proposal)
{
    return OctetReader(proposal.spi).U32();
}

/// Returns the SA that a chosen transform describes, without its name and keys.
std::optional<IpsecSa>
ReadChosen(const ProposalPayload& proposal)
{
    const TransformPayload& transform = proposal.transforms.front();
    bool conflict = false;
    const auto number = [&](IpsecAttribute attribute)
    { return transform.Number(static_cast<uint16_t>(attribute), conflict).value_or(0); };
    const CipherAlgorithm* cipher =
        FindCipherByEspId(transform.id, number(IpsecAttribute::KeyLength));
    if (proposal.protocol != ProtocolId::Esp || cipher == nullptr)
    {
        return std::nullopt;
    }
    IpsecSa sa;
    sa.cipher = cipher->id;
    if (const auto* integrity = FindIntegrityByAttribute(number(IpsecAttribute::Authentication)))
    {
        sa.integrity = integrity->id;
    }
    sa.extendedSequence = number(IpsecAttribute::ExtendedSequence) == 1;
    const uint64_t mode = number(IpsecAttribute::EncapsulationMode);
    sa.udpEncapsulated = mode != ENCAPSULATION_TUNNEL && mode != ENCAPSULATION_TRANSPORT;
    sa.mode = mode == ENCAPSULATION_TRANSPORT || mode == ENCAPSULATION_UDP_TRANSPORT
                  ? EncapsulationMode::Transport
                  : EncapsulationMode::Tunnel;
    return sa;
}

/// Gives an SA the keys that follow from what was stolen; with PFS they are wrong, because the
/// secret of quick mode's own Diffie-Hellman is not there.
void
DeriveKeys(IpsecSa& sa, const StolenKeys& keys, OctetView ni, OctetView nr)
{
    const CipherAlgorithm& cipher = GetCipher(sa.cipher);
    const size_t cipherOctets = cipher.keyOctets + cipher.saltOctets;
    const SecretBytes keymat = Keymat(keys.hash,
                                      keys.skeyidD.View(),
                                      {},
                                      sa.protocol,
                                      sa.spi,
                                      ni,
                                      nr,
                                      cipherOctets + GetIntegrity(sa.integrity).keyOctets);
    sa.cipherKey = SecretBytes(keymat.View().First(cipherOctets));
    sa.integrityKey = SecretBytes(keymat.View().From(cipherOctets));
}

} // namespace

void
IpsecAttacker::Capture(OctetView packet)
{
    const Result<FlowKey> flow = ParseFlowKey(packet);
    if (!flow || IsLaterFragment(packet))
    {
        return;
    }
    const OctetView payload = packet.From(size_t{4} * (packet[0] & 15));
    if (flow->protocol == IP_PROTOCOL_ESP)
    {
        CaptureEsp(flow->source, flow->destination, payload);
        return;
    }
    if (flow->protocol == IP_PROTOCOL_AH)
    {
        const Result<AhHeader> ah = ParseAhHeader(payload);
        const size_t ahOctets = ah ? size_t{4} * (ah->payloadLength + 2) : 0;
        if (ah && ah->nextHeader == IP_PROTOCOL_ESP && payload.size() > ahOctets)
        {
            CaptureEsp(flow->source, flow->destination, payload.From(ahOctets));
        }
        return;
    }
    if (flow->protocol != IP_PROTOCOL_UDP || payload.size() <= UDP_HEADER_OCTETS)
    {
        return;
    }
    const OctetView datagram = payload.From(UDP_HEADER_OCTETS);
    if (flow->sourcePort == IKE_PORT || flow->destinationPort == IKE_PORT)
    {
        CaptureIke(flow->source, flow->destination, datagram);
    }
    else if (flow->sourcePort == NATT_PORT || flow->destinationPort == NATT_PORT)
    {
        const bool isIke =
            datagram.size() > NON_ESP_MARKER.size() &&
            std::equal(NON_ESP_MARKER.begin(), NON_ESP_MARKER.end(), datagram.begin());
        if (isIke)
        {
            CaptureIke(flow->source, flow->destination, datagram.From(NON_ESP_MARKER.size()));
            return;
        }
        CaptureEsp(flow->source, flow->destination, datagram);
    }
}

void
IpsecAttacker::CaptureIke(IpAddress source, IpAddress destination, OctetView datagram)
{
    const bool isRepeated = std::any_of(m_messages.begin(),
                                        m_messages.end(),
                                        [&](const CapturedMessage& message)
                                        { return ConstantTimeEqual(message.datagram, datagram); });
    if (!isRepeated && m_messages.size() < KEPT_MESSAGES)
    {
        m_messages.push_back({source, destination, datagram.Copy()});
    }
}

void
IpsecAttacker::CaptureEsp(IpAddress source, IpAddress destination, OctetView esp)
{
    const Result<EspHeader> header = ParseEspHeader(esp);
    if (!header)
    {
        return;
    }
    m_espPackets++;
    const auto key = std::pair(destination, header->spi);
    if (m_flows.size() >= KEPT_FLOWS && m_flows.count(key) == 0)
    {
        return;
    }
    CapturedFlow& flow = m_flows[key];
    flow.source = source;
    if (flow.packets.size() < KEPT_PACKETS)
    {
        flow.packets.push_back(esp.Copy());
    }
}

void
IpsecAttacker::Steal(const StolenKeys& keys)
{
    m_stolen.push_back(keys);
}

std::vector<AttackedSa>
IpsecAttacker::Attack() const
{
    std::vector<AttackedSa> attacked;
    for (const StolenKeys& keys : m_stolen)
    {
        for (const QuickMode& quick : ReadQuickModes(keys))
        {
            AttackQuickMode(keys, quick, attacked);
        }
    }
    return attacked;
}

std::optional<Octets>
IpsecAttacker::LastPhase1Block(const StolenKeys& keys) const
{
    const size_t block = GetCipher(keys.cipher).blockOctets;
    std::optional<Octets> last;
    for (const CapturedMessage& message : m_messages)
    {
        const Result<IsakmpHeader> header = ParseIsakmpHeader(message.datagram);
        if (header && header->IsEncrypted() && IsPhase1(header->exchange) &&
            BelongsTo(*header, keys) && message.datagram.size() >= ISAKMP_HEADER_OCTETS + block)
        {
            last = OctetView(message.datagram).Last(block).Copy();
        }
    }
    return last;
}

std::vector<IpsecAttacker::QuickMode>
IpsecAttacker::ReadQuickModes(const StolenKeys& keys) const
{
    std::vector<QuickMode> quickModes;
    const std::optional<Octets> base = LastPhase1Block(keys);
    if (!base || keys.encryptionKey.empty())
    {
        return quickModes;
    }
    std::map<uint32_t, size_t> places;
    std::vector<CipherChain> chains;
    for (const CapturedMessage& message : m_messages)
    {
        const Result<IsakmpHeader> header = ParseIsakmpHeader(message.datagram);
        if (!header || header->exchange != ExchangeType::QuickMode || !BelongsTo(*header, keys))
        {
            continue;
        }
        const auto [place, isNew] = places.emplace(header->messageId, quickModes.size());
        if (isNew)
        {
            quickModes.emplace_back();
            chains.emplace_back(keys.cipher,
                                keys.encryptionKey,
                                ExchangeIv(keys.hash, keys.cipher, *base, header->messageId));
        }
        QuickMode& quick = quickModes[place->second];
        const Result<Octets> text =
            chains[place->second].Decrypt(OctetView(message.datagram).From(ISAKMP_HEADER_OCTETS));
        if (!text)
        {
            continue;
        }
        const Result<PayloadChain> chain = ParsePayloadChain(header->nextPayload, *text);
        const RawPayload* sa = chain ? chain->Find(PayloadType::Sa) : nullptr;
        const RawPayload* nonce = chain ? chain->Find(PayloadType::Nonce) : nullptr;
        if (sa == nullptr || nonce == nullptr)
        {
            continue;
        }
        if (Result<SaPayload> offer = ParseSaPayload(sa->body))
        {
            quick.offers.push_back(std::move(*offer));
            quick.nonces.push_back(nonce->body);
            quick.messages.push_back(message);
            quick.hasPfs = quick.hasPfs || chain->Find(PayloadType::Ke) != nullptr;
        }
    }
    return quickModes;
}

void
IpsecAttacker::AttackQuickMode(const StolenKeys& keys,
                               const QuickMode& quick,
                               std::vector<AttackedSa>& attacked) const
{
    if (quick.offers.size() < 2)
    {
        return;
    }
    for (const ProposalPayload& chosen : quick.offers[1].proposals)
    {
        std::optional<IpsecSa> sa = ReadChosen(chosen);
        if (!sa)
        {
            continue;
        }
        for (const size_t receiver : {size_t{1}, size_t{0}})
        {
            // Each SPI is its receiver's choice; the initiator repeats its own in each proposal.
            const auto& proposals = quick.offers[receiver].proposals;
            const auto own =
                std::find_if(proposals.begin(),
                             proposals.end(),
                             [&](const ProposalPayload& p) {
                                 return p.protocol == chosen.protocol && p.number == chosen.number;
                             });
            if (own == proposals.end())
            {
                continue;
            }
            sa->spi = SpiOf(*own);
            if (!keys.skeyidD.empty())
            {
                DeriveKeys(*sa, keys, quick.nonces[0], quick.nonces[1]);
            }
            attacked.push_back(AttackSa(*sa, quick.messages[receiver]));
            attacked.back().hasPfs = quick.hasPfs;
        }
    }
}

AttackedSa
IpsecAttacker::AttackSa(const IpsecSa& sa, const CapturedMessage& chosenBy) const
{
    AttackedSa attacked;
    attacked.spi = sa.spi;
    attacked.source = chosenBy.destination;
    attacked.destination = chosenBy.source;
    const auto flow = m_flows.find({chosenBy.source, sa.spi});
    if (flow == m_flows.end())
    {
        return attacked;
    }
    attacked.packets = flow->second.packets.size();
    if (sa.cipherKey.empty() && sa.integrityKey.empty())
    {
        return attacked;
    }
    for (const Octets& packet : flow->second.packets)
    {
        Result<SaContent> content = OpenEsp(sa, packet);
        if (!content)
        {
            continue;
        }
        attacked.read++;
        const Result<FlowKey> inner = ReadInnerFlow(sa, Endpoint{flow->second.source, 0}, *content);
        if (attacked.firstFlow.empty() && inner)
        {
            attacked.firstFlow = inner->ToString();
        }
    }
    return attacked;
}

} // namespace ipsec
} // namespace ns3
