// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * XAUTH (draft-ietf-ipsec-isakmp-xauth-06): a user and a password, asked for behind phase 1.
 *
 *      Server                                             Client
 *     --------                                           --------
 *      REQUEST(XAUTH-TYPE, USER-NAME, USER-PASSWORD) -->
 *                    <--  REPLY(XAUTH-TYPE, USER-NAME, USER-PASSWORD)
 *      SET(XAUTH-STATUS)                             -->
 *                                                    <--  ACK(XAUTH-STATUS)
 *
 * Each line pair is a transaction with a message ID of its own. Who asks is configured; it does not
 * depend on who began phase 1.
 */
#ifndef IKE_XAUTH_H
#define IKE_XAUTH_H

#include "ike-transaction.h"

namespace ns3
{
namespace ipsec
{

/// The server sent a REQUEST.
struct ExpectXauthReply
{
    static constexpr const char* NAME = "ExpectXauthReply";
    CipherChain chain;
};

/// The server sent the result.
struct ExpectXauthAck
{
    static constexpr const char* NAME = "ExpectXauthAck";
    CipherChain chain;
    /// Who it is; nothing if it failed.
    std::optional<std::string> user;
};

/// Makes the server's question.
AttributesPayload MakeXauthRequest();

/**
 * Answers it: what is asked for, and no more. XauthFailed if it asks for another type than generic
 * or for what we do not have.
 */
Result<AttributesPayload> AnswerXauthRequest(const AttributesPayload& request,
                                             const XauthConfig& config);

/// Checks an answer and returns the user. XauthFailed for a wrong or missing user or password, in a
/// time that does not tell which, or how much of it was right.
Result<std::string> CheckXauthReply(const AttributesPayload& reply, const XauthConfig& config);

enum class XauthStatus : uint8_t
{
    Fail = 0,
    Ok = 1,
};

/// Makes the server's result.
AttributesPayload MakeXauthResult(XauthStatus status);

/// Reads a result; MissingPayload if it is none, XauthFailed for a status that does not exist.
Result<XauthStatus> ReadXauthResult(const AttributesPayload& set);

/// Acknowledges a result by saying it again.
AttributesPayload AcknowledgeXauth(const AttributesPayload& set, XauthStatus status);

/// Questions that a client answers on one IKE SA; a server that asks more often is after something
/// else.
constexpr uint32_t MAX_XAUTH_QUESTIONS = 16;

} // namespace ipsec
} // namespace ns3

#endif // IKE_XAUTH_H
