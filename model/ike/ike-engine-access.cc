// SPDX-License-Identifier: GPL-2.0-only
#include "ike-engine-state.h"

#include <algorithm>

namespace ns3
{
namespace ipsec
{

void
EngineState::BeginAccess(IkeSaSlot& slot, Turn& turn)
{
    const XauthConfig& xauth = ConfigOf(slot.peer).xauth;
    if (xauth.role == XauthRole::Off)
    {
        BeginModeConfig(slot, turn);
        return;
    }
    slot.access.stage = AccessStage::Xauth;
    slot.access.endsAt = turn.now + xauth.timeout;
    if (xauth.role == XauthRole::Server)
    {
        AskUser(slot, turn);
    }
}

void
EngineState::BeginModeConfig(IkeSaSlot& slot, Turn& turn)
{
    const ModeConfig& modeConfig = ConfigOf(slot.peer).modeConfig;
    if (modeConfig.role == ModeConfigRole::Off)
    {
        TakeInitialContact(slot, turn);
        BecomeReady(slot, turn);
        return;
    }
    slot.access.stage = AccessStage::ModeConfig;
    slot.access.endsAt = turn.now + modeConfig.timeout;
    // First of all, since it may give back the address of the last time.
    TakeInitialContact(slot, turn);
    if (modeConfig.role == ModeConfigRole::PullClient)
    {
        AskConfig(slot, turn);
    }
    else if (modeConfig.role == ModeConfigRole::PushServer)
    {
        TellConfig(slot, turn);
    }
}

void
EngineState::BecomeReady(IkeSaSlot& slot, Turn& turn)
{
    slot.access.stage = AccessStage::Ready;
    ReplaceOlderIkeSas(slot, turn);
    slot.access.endsAt.reset();
    BeginDpd(slot, turn);
    StartWaiting(slot.peer, turn);
}

void
EngineState::RefuseAccess(IkeSaSlot& slot, Fault reason, Turn& turn)
{
    SendDeleteOf(slot, turn);
    RemoveSlot(slot.id, reason, turn);
}

Fault
EngineState::AccessTimeout(const IkeSaSlot& slot)
{
    if (slot.access.stage == AccessStage::ModeConfig)
    {
        return Fault::ConfigFailed;
    }
    const bool hasFailed = std::any_of(slot.transactions.begin(),
                                       slot.transactions.end(),
                                       [](const auto& entry)
                                       {
                                           const auto* result =
                                               std::get_if<ExpectXauthAck>(&entry.second.state);
                                           return result && !result->user;
                                       });
    return hasFailed ? Fault::XauthFailed : Fault::NegotiationTimeout;
}

// XAUTH, the server

void
EngineState::AskUser(IkeSaSlot& slot, Turn& turn)
{
    Result<BegunTransaction> begun = BeginTransaction(slot, MakeXauthRequest(), turn);
    if (!begun)
    {
        RefuseAccess(slot, begun.GetFault(), turn);
        return;
    }
    slot.access.questions++;
    ExpectXauthReply next{begun->chain};
    AwaitTransaction(slot, std::move(*begun), std::move(next), turn);
}

void
EngineState::TakeXauthReply(IkeSaSlot& slot, const AttributesPayload& reply, Turn& turn)
{
    const XauthConfig& xauth = GroupConfigOf(slot.peer).xauth;
    const Result<std::string> user = CheckXauthReply(reply, xauth);
    if (user)
    {
        SendXauthResult(slot, *user, turn);
        return;
    }
    turn.effects.list.push_back(Dropped{user.GetFault(), slot.remote, slot.peer, 0});
    if (slot.access.questions < xauth.tries)
    {
        AskUser(slot, turn);
        return;
    }
    SendXauthResult(slot, std::nullopt, turn);
}

void
EngineState::SendXauthResult(IkeSaSlot& slot, std::optional<std::string> user, Turn& turn)
{
    const XauthStatus status = user ? XauthStatus::Ok : XauthStatus::Fail;
    Result<BegunTransaction> begun = BeginTransaction(slot, MakeXauthResult(status), turn);
    if (!begun)
    {
        RefuseAccess(slot, begun.GetFault(), turn);
        return;
    }
    ExpectXauthAck next{begun->chain, std::move(user)};
    AwaitTransaction(slot, std::move(*begun), std::move(next), turn);
}

void
EngineState::TakeXauthAck(IkeSaSlot& slot, const ExpectXauthAck& state, Turn& turn)
{
    if (!state.user)
    {
        RefuseAccess(slot, Fault::XauthFailed, turn);
        return;
    }
    KnowUser(slot, *state.user, turn);
    turn.effects.list.push_back(
        UserKnown{slot.peer, slot.initiatorCookie, slot.responderCookie, *state.user});
    BeginModeConfig(slot, turn);
}

// What the peer begins

Result<AttributesPayload>
EngineState::MakeAnswer(const IkeSaSlot& slot, const AttributesPayload& payload)
{
    const XauthConfig& xauth = ConfigOf(slot.peer).xauth;
    if (slot.access.stage != AccessStage::Xauth)
    {
        return MakeConfigAnswer(slot, payload);
    }
    return xauth.role == XauthRole::Client ? MakeXauthAnswer(slot, payload) : Fault::XauthRequired;
}

Result<AttributesPayload>
EngineState::MakeXauthAnswer(const IkeSaSlot& slot, const AttributesPayload& payload)
{
    const XauthConfig& xauth = ConfigOf(slot.peer).xauth;
    if (payload.message == ConfigMessage::Request)
    {
        return slot.access.questions < MAX_XAUTH_QUESTIONS ? AnswerXauthRequest(payload, xauth)
                                                           : Fault::XauthFailed;
    }
    // A result comes behind a question (A20).
    if (payload.message != ConfigMessage::Set || slot.access.questions == 0)
    {
        return Fault::UnexpectedPayload;
    }
    const Result<XauthStatus> status = ReadXauthResult(payload);
    return status ? Result<AttributesPayload>(AcknowledgeXauth(payload, *status))
                  : status.GetFault();
}

void
EngineState::FollowAnswer(IkeSaSlot& slot, const AttributesPayload& payload, Turn& turn)
{
    if (slot.access.stage != AccessStage::Xauth)
    {
        FollowConfigAnswer(slot, payload, turn);
        return;
    }
    if (payload.message == ConfigMessage::Request)
    {
        slot.access.questions++;
        return;
    }
    if (*ReadXauthResult(payload) == XauthStatus::Fail)
    {
        RemoveSlot(slot.id, Fault::XauthFailed, turn);
        return;
    }
    turn.effects.list.push_back(UserKnown{
        slot.peer, slot.initiatorCookie, slot.responderCookie, ConfigOf(slot.peer).xauth->user});
    BeginModeConfig(slot, turn);
}

} // namespace ipsec
} // namespace ns3
