// SPDX-License-Identifier: GPL-2.0-only
#include "ike-engine-state.h"
#include "ike-informational.h"

#include <algorithm>

namespace ns3
{
namespace ipsec
{

void
EngineState::AskConfig(IkeSaSlot& slot, Turn& turn)
{
    Result<BegunTransaction> begun =
        BeginTransaction(slot, MakeConfigRequest(ConfigOf(slot.peer).modeConfig), turn);
    if (!begun)
    {
        RefuseAccess(slot, begun.GetFault(), turn);
        return;
    }
    ExpectConfigReply next{begun->chain};
    AwaitTransaction(slot, std::move(*begun), std::move(next), turn);
}

void
EngineState::TellConfig(IkeSaSlot& slot, Turn& turn)
{
    const PeerConfig& peerConfig = ConfigOf(slot.peer);
    const Result<InternalConfig> told = LeaseFor(slot);
    if (!told)
    {
        RefuseAccess(slot, told.GetFault(), turn);
        return;
    }
    Result<BegunTransaction> begun =
        BeginTransaction(slot, MakeConfigSet(peerConfig.modeConfig, *told), turn);
    if (!begun)
    {
        RefuseAccess(slot, begun.GetFault(), turn);
        return;
    }
    ExpectConfigAck next{begun->chain, *told};
    const uint32_t messageId = begun->messageId;
    AwaitTransaction(slot, std::move(*begun), std::move(next), turn);
    if (!peerConfig.personality->repeatConfigSet)
    {
        // It was sent, but no timer sends it again: what is lost is lost (MC-03).
        slot.transactions.at(messageId).ledger.Clear();
    }
}

void
EngineState::TakeConfig(IkeSaSlot& slot, const AttributesPayload& payload, Turn& turn)
{
    const Result<InternalConfig> told = ReadConfig(payload);
    if (!told)
    {
        RefuseAccess(slot, told.GetFault(), turn);
        return;
    }
    Assign(slot, *told, turn);
    BecomeReady(slot, turn);
}

Result<AttributesPayload>
EngineState::MakeConfigAnswer(const IkeSaSlot& slot, const AttributesPayload& payload)
{
    const ModeConfig& modeConfig = ConfigOf(slot.peer).modeConfig;
    const bool isWaiting = slot.access.stage == AccessStage::ModeConfig;
    if (modeConfig.role == ModeConfigRole::PullServer && payload.message == ConfigMessage::Request)
    {
        // A client may ask again for what it has. Without an address it gets the rest, as from
        // strongSwan; what follows tells it the more clearly.
        std::optional<InternalConfig> told;
        if (AsksForAddress(payload))
        {
            const Result<InternalConfig> lease = LeaseFor(slot);
            told = lease ? std::make_optional(*lease) : std::nullopt;
        }
        return MakeConfigReply(payload, modeConfig, told);
    }
    if (modeConfig.role == ModeConfigRole::PushClient && isWaiting &&
        payload.message == ConfigMessage::Set)
    {
        return AcknowledgeConfig(payload);
    }
    return isWaiting ? Fault::UnexpectedPayload : Fault::ExchangeRefused;
}

void
EngineState::FollowConfigAnswer(IkeSaSlot& slot, const AttributesPayload& payload, Turn& turn)
{
    if (payload.message == ConfigMessage::Set)
    {
        TakeConfig(slot, payload, turn);
        return;
    }
    if (!AsksForAddress(payload) || slot.IsReady())
    {
        return;
    }
    const Result<InternalConfig> told = LeaseFor(slot);
    if (!told)
    {
        RefuseAccess(slot, told.GetFault(), turn);
        return;
    }
    Assign(slot, *told, turn);
    BecomeReady(slot, turn);
}

Result<InternalConfig>
EngineState::LeaseFor(const IkeSaSlot& slot)
{
    const ModeConfig& modeConfig = ConfigOf(slot.peer).modeConfig;
    AddressLeases& pool = leases.at(modeConfig.pool);
    const std::string holder =
        slot.access.user.empty() ? slot.Established()->peer.identity.ToString() : slot.access.user;
    const Result<IpAddress> address = pool.Lease(slot.peer, holder);
    if (!address)
    {
        return address.GetFault();
    }
    return InternalConfig{*address, pool.PrefixLength(), modeConfig.dns, modeConfig.subnets};
}

void
EngineState::Assign(IkeSaSlot& slot, const InternalConfig& told, Turn& turn)
{
    auto changed = std::make_shared<PeerConfig>(ConfigOf(slot.peer));
    const ModeConfigRole role = changed->modeConfig->role;
    const bool isClient = role == ModeConfigRole::PullClient || role == ModeConfigRole::PushClient;
    for (uint32_t child = 0; child < changed->children.size(); child++)
    {
        ChildConfig& childConfig = changed->children[child];
        Prefix& side = isClient ? childConfig.proxyId.local : childConfig.proxyId.remote;
        const bool isAssigned =
            isClient ? childConfig.localIsAssigned : childConfig.remoteIsAssigned;
        if (!isAssigned || side == Prefix::Host(told.address))
        {
            continue;
        }
        side = Prefix::Host(told.address);
        // What carries another address is of no use any more; it is made anew.
        ChildState& state = peers[slot.peer].children[child];
        state.waiting = state.waiting || (isClient && !state.pairs.empty());
        RemovePairsOf(slot, {slot.peer, child}, turn);
    }
    peers[slot.peer].config = std::move(changed);
    turn.effects.list.push_back(AddressAssigned{slot.peer,
                                                isClient ? AssignedTo::Us : AssignedTo::Peer,
                                                told.address,
                                                told.prefixLength,
                                                told.dns,
                                                told.subnets});
}

void
EngineState::Retire(PeerId peerId)
{
    const auto found = peers.find(peerId);
    if (found == peers.end())
    {
        return;
    }
    const Peer& peer = found->second;
    const bool hasPairs = std::any_of(peer.children.begin(),
                                      peer.children.end(),
                                      [](const ChildState& c) { return !c.pairs.empty(); });
    if (!peer.slots.empty() || hasPairs)
    {
        return;
    }
    const auto pool = leases.find(peer.config->modeConfig->pool);
    if (pool != leases.end())
    {
        pool->second.Release(peerId);
    }
    if (peer.client)
    {
        ForgetClient(peerId);
    }
}

void
EngineState::Finish(Turn& turn)
{
    PlanRestarts(turn);
    PlanPairRenewals(turn);
    for (const PeerId peer : turn.left)
    {
        Retire(peer);
    }
}

} // namespace ipsec
} // namespace ns3
