// SPDX-License-Identifier: GPL-2.0-only
#include "ike-engine.h"

#include "ike-engine-state.h"

namespace ns3
{
namespace ipsec
{

namespace
{

/// Gives the effects of an input away, in the form in which they leave the node.
Effects
Finish(EngineState& state, Turn& turn)
{
    state.Finish(turn);
    SplitTransmits(turn.effects);
    return std::move(turn.effects);
}

} // namespace

Engine::Engine(EngineConfig config)
    : Engine(std::make_shared<const EngineConfig>(std::move(config)))
{
}

Engine::Engine(SharedEngineConfig config)
    : m_state(std::make_unique<EngineState>(std::move(config)))
{
}

Engine::Engine(const Engine& other)
    : m_state(std::make_unique<EngineState>(*other.m_state))
{
}

Engine::Engine(Engine&& other) noexcept = default;

Engine&
Engine::operator=(const Engine& other)
{
    if (this != &other)
    {
        m_state = std::make_unique<EngineState>(*other.m_state);
    }
    return *this;
}

Engine& Engine::operator=(Engine&& other) noexcept = default;

Engine::~Engine() = default;

void
Engine::DescribeMessages(const DescribedPeers& peers)
{
    m_state->described = peers;
}

const DescribedPeers&
Engine::Described() const
{
    return m_state->described;
}

Effects
Engine::HandleDatagram(Instant now, const Datagram& datagram, RandomSource& random)
{
    constexpr size_t USUAL_EFFECTS = 4;
    Turn turn{now, random, {}};
    turn.effects.list.reserve(USUAL_EFFECTS);
    m_state->HandleDatagram(datagram, turn);
    return Finish(*m_state, turn);
}

Effects
Engine::HandleTimeout(Instant now, RandomSource& random)
{
    Turn turn{now, random, {}};
    m_state->HandleTimeout(turn);
    return Finish(*m_state, turn);
}

Effects
Engine::Acquire(Instant now, ChildId child, const FlowKey& /* flow */, RandomSource& random)
{
    Turn turn{now, random, {}};
    m_state->Acquire(child, turn);
    return Finish(*m_state, turn);
}

Effects
Engine::Initiate(Instant now, PeerId peer, RandomSource& random)
{
    Turn turn{now, random, {}};
    m_state->Initiate(peer, turn);
    return Finish(*m_state, turn);
}

Effects
Engine::Terminate(Instant now, PeerId peer, RandomSource& random)
{
    Turn turn{now, random, {}};
    m_state->Terminate(peer, turn);
    return Finish(*m_state, turn);
}

Effects
Engine::HandleSoftExpiry(Instant now, const SaKey& key, RandomSource& random)
{
    Turn turn{now, random, {}};
    m_state->HandleSoftExpiry(key, turn);
    return Finish(*m_state, turn);
}

Effects
Engine::HandleHardExpiry(Instant now, const SaKey& key, RandomSource& random)
{
    Turn turn{now, random, {}};
    m_state->HandleHardExpiry(key, turn);
    return Finish(*m_state, turn);
}

Effects
Engine::HandlePeerMoved(Instant /* now */, const SaKey& key, const Endpoint& remote)
{
    Effects effects;
    m_state->HandlePeerMoved(key, remote, effects);
    return effects;
}

Effects
Engine::HandleUnknownSpi(Instant now, const UnknownSpi& unknown, RandomSource& random)
{
    Turn turn{now, random, {}};
    m_state->HandleUnknownSpi(unknown, turn);
    return Finish(*m_state, turn);
}

std::vector<SaKey>
Engine::AwaitsTraffic(Instant now) const
{
    return m_state->AwaitsTraffic(now);
}

void
Engine::HandleTraffic(Instant /* now */, const SaKey& key, Instant lastUsed)
{
    m_state->HandleTraffic(key, lastUsed);
}

std::optional<Instant>
Engine::NextDeadline() const
{
    const Reassembly* fragments = m_state->reassembly.Find();
    std::optional<Instant> earliest = fragments ? fragments->NextDeadline() : std::nullopt;
    const auto take = [&earliest](const auto& deadlines)
    {
        if (!deadlines.empty() && (!earliest || deadlines.begin()->first < *earliest))
        {
            earliest = deadlines.begin()->first;
        }
    };
    take(m_state->deadlines);
    take(m_state->peerDeadlines);
    take(m_state->pairDeadlines);
    return earliest;
}

const EngineConfig&
Engine::Config() const
{
    return *m_state->config;
}

std::vector<PeerId>
Engine::Peers() const
{
    std::vector<PeerId> ids;
    for (const auto& [id, peer] : m_state->peers)
    {
        ids.push_back(id);
    }
    return ids;
}

const PeerConfig*
Engine::FindPeerConfig(PeerId peer) const
{
    const auto found = m_state->peers.find(peer);
    return found == m_state->peers.end() ? nullptr : found->second.config.get();
}

std::vector<IkeSaInfo>
Engine::IkeSas() const
{
    std::vector<IkeSaInfo> infos;
    for (const auto& [id, peer] : m_state->peers)
    {
        for (const SlotId slot : peer.established)
        {
            infos.push_back(m_state->InfoOf(m_state->slots.at(slot)));
        }
    }
    return infos;
}

size_t
Engine::HalfOpen() const
{
    return m_state->halfOpen.size();
}

size_t
Engine::AddressesInUse(const std::string& pool) const
{
    const auto found = m_state->leases.find(pool);
    return found == m_state->leases.end() ? 0 : found->second.InUse();
}

void
EngineState::HandleDatagram(const Datagram& datagram, Turn& turn)
{
    const Result<IsakmpHeader> header = ParseIsakmpHeader(datagram.octets);
    if (!header)
    {
        Drop(header.GetFault(), datagram, turn);
        return;
    }
    if (header->nextPayload == PayloadType::Fragment)
    {
        HandleFragment(*header, datagram, turn);
        return;
    }
    HandleWhole(*header, datagram, turn);
}

void
EngineState::HandleWhole(const IsakmpHeader& header, const Datagram& datagram, Turn& turn)
{
    const bool readable = !header.IsEncrypted();
    turn.effects.received = Summarise(header, datagram.octets.size(), nullptr);
    if (readable)
    {
        const Result<IncomingMessage> message = ReadClearMessage(header, datagram.octets);
        if (!message)
        {
            Drop(message.GetFault(), datagram, turn);
            return;
        }
        turn.effects.received = Summarise(header, datagram.octets.size(), &message->chain);
        DescribeReceived(
            *turn.effects.received, header, datagram.local, datagram.remote, message->clear);
    }
    switch (header.exchange)
    {
    case ExchangeType::MainMode:
    case ExchangeType::AggressiveMode:
        HandlePhase1(header, datagram, turn);
        return;
    case ExchangeType::QuickMode:
        HandleQuickMode(header, datagram, turn);
        return;
    case ExchangeType::Informational:
        HandleInformational(header, datagram, turn);
        return;
    case ExchangeType::Transaction:
        HandleTransaction(header, datagram, turn);
        return;
    case ExchangeType::NewGroupMode:
        Drop(Fault::ExchangeRefused, datagram, turn);
        return;
    }
    Drop(Fault::UnknownExchangeType, datagram, turn);
}

Result<IncomingMessage>
EngineState::ReadClear(const IsakmpHeader& header, const Datagram& datagram)
{
    Result<IncomingMessage> message = ReadClearMessage(header, datagram.octets);
    if (message)
    {
        message->local = datagram.local;
        message->remote = datagram.remote;
    }
    return message;
}

Result<IncomingMessage>
EngineState::Decrypt(const IsakmpHeader& header,
                     const Datagram& datagram,
                     CipherChain& chain,
                     Turn& turn)
{
    Result<IncomingMessage> message =
        DecryptMessage(header, datagram.octets, chain, turn.effects.work);
    if (message)
    {
        message->local = datagram.local;
        message->remote = datagram.remote;
        turn.effects.received = Summarise(header, datagram.octets.size(), &message->chain);
        DescribeReceived(
            *turn.effects.received, header, datagram.local, datagram.remote, message->clear);
    }
    return message;
}

void
EngineState::HandleTimeout(Turn& turn)
{
    while (!deadlines.empty() && deadlines.begin()->first <= turn.now)
    {
        IkeSaSlot& slot = slots.at(deadlines.begin()->second);
        RunTimers(slot, turn);
    }
    RunPairTimers(turn);
    while (!peerDeadlines.empty() && peerDeadlines.begin()->first <= turn.now)
    {
        RunPeerTimers(peerDeadlines.begin()->second, turn);
    }
    ExpireFragments(turn);
}

} // namespace ipsec
} // namespace ns3
