// SPDX-License-Identifier: GPL-2.0-only
#include "ike-engine-state.h"
#include "ike-informational.h"

#include <algorithm>

namespace ns3
{
namespace ipsec
{

void
EngineState::EndIdleIkeSas(PeerId peer, Turn& turn)
{
    const std::vector<SlotId> established = peers[peer].established;
    for (const SlotId id : established)
    {
        IkeSaSlot& slot = slots.at(id);
        const auto& children = peers[peer].children;
        const bool isInUse = !slot.quickModes.empty() || !slot.IsReady() ||
                             std::any_of(children.begin(),
                                         children.end(),
                                         [&](const ChildState& child)
                                         {
                                             return std::any_of(child.pairs.begin(),
                                                                child.pairs.end(),
                                                                [&](const InstalledPair& pair)
                                                                { return pair.ikeSa == id; });
                                         });
        if (!isInUse)
        {
            SendDeleteOf(slot, turn);
            RemoveSlot(id, Fault::Expired, turn);
        }
    }
}

void
EngineState::BeginAnew(SlotId ikeSa, Turn& turn)
{
    IkeSaSlot& slot = slots.at(ikeSa);
    const PeerId peer = slot.peer;
    std::vector<SaKey> inbound;
    std::set<uint32_t> wereUp;
    for (uint32_t child = 0; child < peers[peer].children.size(); child++)
    {
        for (const InstalledPair& pair : peers[peer].children[child].pairs)
        {
            if (pair.ikeSa == ikeSa)
            {
                inbound.insert(inbound.end(), pair.inbound.begin(), pair.inbound.end());
                wereUp.insert(child);
            }
        }
    }
    SendProtected(
        slot, MakeDeletesOfAll(slot.initiatorCookie, slot.responderCookie, inbound), turn);
    RemoveSlot(ikeSa, Fault::Expired, turn);
    EndIdleIkeSas(peer, turn);
    if (!ConfigOf(peer).remoteAddress && !NewestReady(peer))
    {
        // It can only call us.
        return;
    }
    for (const uint32_t child : wereUp)
    {
        ChildState& state = peers[peer].children[child];
        state.waiting = state.waiting || state.IsIdle();
    }
    StartWaiting(peer, turn);
}

} // namespace ipsec
} // namespace ns3
