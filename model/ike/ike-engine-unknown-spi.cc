// SPDX-License-Identifier: GPL-2.0-only
#include "ike-engine-state.h"
#include "ike-informational.h"

namespace ns3
{
namespace ipsec
{

namespace
{

/// Tells whether a peer that has no address of its own is where a packet came from: it is known by
/// where its IKE SA is. In UDP the port tells those behind one NAT apart.
bool
IsSender(EngineState& state, PeerId peer, const UnknownSpi& unknown)
{
    const IkeSaSlot* slot = state.NewestReady(peer);
    const bool isInUdp = unknown.remote.port != 0;
    return slot && slot->local.address == unknown.local.address &&
           (isInUdp ? slot->remote == unknown.remote
                    : slot->remote.address == unknown.remote.address);
}

/// Finds the peer that an address belongs to.
std::optional<PeerId>
FindSender(EngineState& state, const UnknownSpi& unknown)
{
    if (const std::optional<PeerId> known = state.FindStatic(unknown.local, unknown.remote))
    {
        return known;
    }
    for (const PeerId peer : state.dynamicPeers)
    {
        if (IsSender(state, peer, unknown))
        {
            return peer;
        }
    }
    for (const auto& [key, client] : state.clients)
    {
        if (IsSender(state, client, unknown))
        {
            return client;
        }
    }
    return std::nullopt;
}

} // namespace

void
EngineState::HandleUnknownSpi(const UnknownSpi& unknown, Turn& turn)
{
    const std::optional<PeerId> id = FindSender(*this, unknown);
    if (!id)
    {
        return;
    }
    const Peer& peer = peers.at(*id);
    const InvalidSpiReaction reaction = peer.config->personality->invalidSpi;
    if (reaction == InvalidSpiReaction::Ignore)
    {
        return;
    }
    // Anybody can send such a packet in the peer's name: it must not cost more than a message now
    // and then, and must not use up the message IDs of an IKE SA.
    IkeSaSlot* slot = NewestReady(*id);
    const bool mayTell = slot && slot->Established()->usedMessageIds.size() < MAX_MESSAGE_IDS / 2;
    const bool mayBegin = !slot && reaction == InvalidSpiReaction::NewIkeSa &&
                          peer.config->remoteAddress && !peer.initiating &&
                          !IsBecomingReady(peer) && !peer.restarts.isStopped &&
                          !peer.restarts.isCleared;
    if ((!mayTell && !mayBegin) || !MayReact(unknown.remote, turn))
    {
        return;
    }
    if (mayBegin)
    {
        StartPhase1(*id, turn);
        return;
    }
    NotifyPayload notify;
    notify.protocol = unknown.protocol;
    notify.type = static_cast<uint16_t>(NotifyType::InvalidSpi);
    notify.data = OctetView(NetworkOrder(unknown.spi)).Copy();
    SendProtected(*slot, RawPayload{PayloadType::Notify, WriteNotifyPayload(notify)}, turn);
}

void
EngineState::HandleInvalidSpi(IkeSaSlot& slot, const NotifyPayload& notify, Turn& turn)
{
    if (notify.type != static_cast<uint16_t>(NotifyType::InvalidSpi))
    {
        return;
    }
    if (slot.access.stage == AccessStage::Xauth)
    {
        turn.effects.list.push_back(Dropped{Fault::XauthRequired, slot.remote, slot.peer, 0});
        return;
    }
    // RFC 2408 does not say where the SPI stands; both places are seen.
    const Octets& spi = notify.data.size() == 4 ? notify.data : notify.spi;
    if (spi.size() == 4)
    {
        RemovePairSentOn(
            slot.peer, notify.protocol, OctetReader(spi).U32(), Fault::SpiUnknownToPeer, turn);
    }
}

} // namespace ipsec
} // namespace ns3
