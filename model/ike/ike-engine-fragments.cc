// SPDX-License-Identifier: GPL-2.0-only
#include "ike-engine-state.h"
#include "ike-phase1-common.h"

#include "ns3/isakmp-vendor-ids.h"

namespace ns3
{
namespace ipsec
{

void
EngineState::NoteFragmentation(IkeSaSlot& slot, const IncomingMessage& message) const
{
    const PeerConfig& own = ConfigOf(slot.peer);
    if (own.fragmentation && Announces(message.chain, VendorId::Fragmentation))
    {
        slot.fragmentation =
            Fragmentation{own.personality->fragmentOctets, message.header.exchange};
    }
}

bool
EngineState::TakesFragments(const IkeSaSlot& slot) const
{
    // The responder knows before we do that both ends can: its first message may come in fragments.
    const bool isUnanswered = slot.role == Role::Initiator && slot.responderCookie == Cookie{};
    return slot.fragmentation || (isUnanswered && ConfigOf(slot.peer).fragmentation);
}

void
EngineState::HandleFragment(const IsakmpHeader& header, const Datagram& datagram, Turn& turn)
{
    const PayloadChain none;
    turn.effects.received = Summarise(header, datagram.octets.size(), &none);
    const Result<FragmentPayload> fragment = ReadFragment(header, datagram.octets);
    if (fragment)
    {
        // Also of what is refused: it is the message that its sender has by this number.
        turn.effects.received->fragment = fragment->number;
    }
    if (header.responderCookie == Cookie{})
    {
        // Nobody can have agreed on anything yet (CVE-2013-6076).
        Drop(Fault::FragmentRefused, datagram, turn);
        return;
    }
    const IkeSaSlot* slot = FindByCookies(header);
    if (!slot || !TakesFragments(*slot))
    {
        Drop(slot ? Fault::FragmentRefused : Fault::NoSuchExchange, datagram, turn);
        return;
    }
    const PeerId peer = slot->peer;
    if (!fragment)
    {
        Drop(fragment.GetFault(), datagram, turn, peer);
        return;
    }
    const Reassembly::Origin origin{slot->id, slot->firstRemote.address, datagram.remote};
    const Reassembly::Outcome outcome = reassembly.Make().Take(turn.now, origin, header, *fragment);
    for (size_t i = 0; i < outcome.pushedOut; i++)
    {
        Drop(Fault::FragmentLimit, datagram, turn, peer);
    }
    if (outcome.whole)
    {
        const Result<IsakmpHeader> whole = ParseIsakmpHeader(*outcome.whole);
        HandleWhole(*whole, {datagram.local, datagram.remote, *outcome.whole}, turn);
    }
    MessageSummary& received = *turn.effects.received;
    received.fragment = fragment->number;
    received.fragments = outcome.fragments;
    received.octets = datagram.octets.size();
    if (outcome.refusal)
    {
        received.repeated = *outcome.refusal == Fault::Duplicate;
        Drop(*outcome.refusal, datagram, turn, peer);
    }
}

void
EngineState::ExpireFragments(Turn& turn)
{
    if (reassembly.Find() == nullptr)
    {
        return;
    }
    for (const Reassembly::Origin& origin : reassembly.Find()->Expire(turn.now))
    {
        const PeerId peer = slots.at(origin.ikeSa).peer;
        turn.effects.list.push_back(Dropped{Fault::FragmentTimeout, origin.remote, peer, 0});
    }
}

} // namespace ipsec
} // namespace ns3
