// SPDX-License-Identifier: GPL-2.0-only
#include "ike-xauth.h"

#include "ns3/crypto-hash.h"

namespace ns3
{
namespace ipsec
{

namespace
{

/// User name and password, the only type of XAUTH in use.
constexpr uint16_t XAUTH_GENERIC = 0;
/// A type, a name and a password, and room for a peer that asks for a passcode besides: no question
/// makes a long answer.
constexpr size_t MOST_ANSWERS = 4;

constexpr uint16_t
Class(XauthAttribute attribute)
{
    return static_cast<uint16_t>(attribute);
}

bool
IsGeneric(const AttributesPayload& payload)
{
    const DataAttribute* type = FindAttribute(payload, Class(XauthAttribute::Type));
    return !type || type->AsNumber() == XAUTH_GENERIC;
}

/// Compares passwords by their digests, so that the time does not depend on their lengths either.
bool
IsSamePassword(OctetView a, OctetView b)
{
    return ConstantTimeEqual(Digest(HashId::Sha256, {a}), Digest(HashId::Sha256, {b}));
}

} // namespace

AttributesPayload
MakeXauthRequest()
{
    return {ConfigMessage::Request,
            0,
            {DataAttribute::Basic(Class(XauthAttribute::Type), XAUTH_GENERIC),
             DataAttribute::Variable(Class(XauthAttribute::UserName), {}),
             DataAttribute::Variable(Class(XauthAttribute::UserPassword), {})}};
}

Result<AttributesPayload>
AnswerXauthRequest(const AttributesPayload& request, const XauthConfig& config)
{
    if (!IsGeneric(request))
    {
        return Fault::XauthFailed;
    }
    AttributesPayload reply{ConfigMessage::Reply, request.identifier, {}};
    for (const DataAttribute& asked : request.attributes)
    {
        switch (static_cast<XauthAttribute>(asked.type))
        {
        case XauthAttribute::Type:
            reply.attributes.push_back(DataAttribute::Basic(asked.type, XAUTH_GENERIC));
            break;
        case XauthAttribute::UserName:
            reply.attributes.push_back(DataAttribute::Variable(asked.type, AsOctets(config.user)));
            break;
        case XauthAttribute::UserPassword:
        case XauthAttribute::Passcode:
            reply.attributes.push_back(DataAttribute::Variable(asked.type, config.password.View()));
            break;
        default:
            break; // a challenge or the like: the server will miss the answer
        }
        if (reply.attributes.size() > MOST_ANSWERS)
        {
            return Fault::XauthFailed;
        }
    }
    return reply;
}

Result<std::string>
CheckXauthReply(const AttributesPayload& reply, const XauthConfig& config)
{
    const DataAttribute* name = FindAttribute(reply, Class(XauthAttribute::UserName));
    const DataAttribute* password = FindAttribute(reply, Class(XauthAttribute::UserPassword));
    if (!IsGeneric(reply) || !name || !password)
    {
        return Fault::XauthFailed;
    }
    const std::string user(name->value.begin(), name->value.end());
    const auto known = config.users.find(user);
    const bool isKnown = known != config.users.end();
    const bool isSame =
        IsSamePassword(password->value, isKnown ? known->second.View() : OctetView(name->value));
    if (!isSame || !isKnown)
    {
        return Fault::XauthFailed;
    }
    return user;
}

AttributesPayload
MakeXauthResult(XauthStatus status)
{
    return {ConfigMessage::Set,
            0,
            {DataAttribute::Basic(Class(XauthAttribute::Status), static_cast<uint16_t>(status))}};
}

Result<XauthStatus>
ReadXauthResult(const AttributesPayload& set)
{
    const DataAttribute* status = FindAttribute(set, Class(XauthAttribute::Status));
    if (!status)
    {
        return Fault::MissingPayload;
    }
    const std::optional<uint64_t> number = status->AsNumber();
    if (number == 1)
    {
        return XauthStatus::Ok;
    }
    return number == 0 ? Result<XauthStatus>(XauthStatus::Fail) : Fault::XauthFailed;
}

AttributesPayload
AcknowledgeXauth(const AttributesPayload& set, XauthStatus status)
{
    AttributesPayload ack = MakeXauthResult(status);
    ack.message = ConfigMessage::Ack;
    ack.identifier = set.identifier;
    return ack;
}

} // namespace ipsec
} // namespace ns3
