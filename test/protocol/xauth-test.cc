// SPDX-License-Identifier: GPL-2.0-only
#include "remote-access.h"

#include "ns3/ike-xauth.h"

#include <gtest/gtest.h>

namespace ns3
{
namespace ipsec
{

namespace
{

constexpr auto TYPE = static_cast<uint16_t>(XauthAttribute::Type);
constexpr auto NAME = static_cast<uint16_t>(XauthAttribute::UserName);
constexpr auto PASSWORD = static_cast<uint16_t>(XauthAttribute::UserPassword);
constexpr auto STATUS = static_cast<uint16_t>(XauthAttribute::Status);

/// Whether the client is the one that begins phase 1 (A) or not.
class XauthBothWays : public testing::TestWithParam<Side>
{
};

INSTANTIATE_TEST_SUITE_P(Client,
                         XauthBothWays,
                         testing::Values(Side::A, Side::B),
                         [](const auto& info)
                         { return info.param == Side::A ? "Initiates" : "Responds"; });

/// Answers the question that is on its way as somebody else would.
Octets
ReplyTo(const PeerPair& pair, const std::string& user, const std::string& password)
{
    const KeyHolder keys(pair);
    const Octets& request = pair.Next().octets;
    const uint32_t messageId = MessageIdOf(pair.Next());
    AttributesPayload reply = OpenTransaction(keys, request, keys.FirstIv(messageId));
    reply.message = ConfigMessage::Reply;
    reply.attributes = {DataAttribute::Variable(NAME, AsOctets(user)),
                        DataAttribute::Variable(PASSWORD, AsOctets(password))};
    return TransactionMessage(keys, messageId, reply, keys.IvAfter(request));
}

/// Returns why the tunnel at this end could not be made.
Fault
AcquireFault(const PeerPair& pair, Side side)
{
    const std::vector<AcquireFailed> failed = pair.Seen<AcquireFailed>(side);
    EXPECT_EQ(failed.size(), 1u);
    return failed.empty() ? Fault::DummyPacket : failed[0].reason;
}

} // namespace

// Covers XA-01.
TEST_P(XauthBothWays, QuestionAnswerResultAndAcknowledgementComeBeforeQuickMode)
{
    const Side client = GetParam();
    const Side server = Other(client);
    PeerPair pair = AfterPhase1(XauthConfigs(client));

    // REQUEST --> from the server, whoever began
    ASSERT_EQ(pair.InFlight(), 1u);
    EXPECT_EQ(pair.Next().from, server);
    EXPECT_EQ(pair.Next().summary.PayloadsText(), "HASH ATTR(REQUEST)");
    pair.Deliver();

    // <-- REPLY
    ASSERT_EQ(pair.InFlight(), 1u);
    EXPECT_EQ(pair.Next().from, client);
    EXPECT_EQ(pair.Next().summary.PayloadsText(), "HASH ATTR(REPLY)");
    pair.Deliver();

    // SET --> with the result
    ASSERT_EQ(pair.InFlight(), 1u);
    EXPECT_EQ(pair.Next().summary.PayloadsText(), "HASH ATTR(SET)");
    EXPECT_EQ(pair.CountSent(ExchangeType::QuickMode), 0u);
    pair.Deliver();

    // <-- ACK, and only then quick mode
    EXPECT_EQ(pair.Next().summary.PayloadsText(), "HASH ATTR(ACK)");
    pair.Deliver();
    EXPECT_EQ(pair.Next().summary.exchange, ExchangeType::QuickMode);
    pair.DeliverAll();
    EXPECT_TRUE(pair.AreTunnelsUp());
    EXPECT_EQ(pair.Drops(Side::A) + pair.Drops(Side::B), 0u);
}

// Covers XA-01. What is asked for is what deployed clients understand.
TEST(Xauth, QuestionIsForTypeGenericAndEmptyNameAndPassword)
{
    const PeerPair pair = AfterPhase1(XauthConfigs(Side::A));
    const KeyHolder keys(pair);
    const AttributesPayload request =
        OpenTransaction(keys, pair.Next().octets, keys.FirstIv(MessageIdOf(pair.Next())));
    EXPECT_EQ(request.message, ConfigMessage::Request);
    const std::vector<DataAttribute> expected = {DataAttribute::Basic(TYPE, 0),
                                                 DataAttribute::Variable(NAME, {}),
                                                 DataAttribute::Variable(PASSWORD, {})};
    EXPECT_EQ(request.attributes, expected);
}

TEST(Xauth, AnswerRepeatsTheIdentifierOfTheQuestion)
{
    PeerPair pair = AfterPhase1(XauthConfigs(Side::A));
    const KeyHolder keys(pair);
    const Octets request = pair.Next().octets;
    const AttributesPayload asked =
        OpenTransaction(keys, request, keys.FirstIv(MessageIdOf(pair.Next())));
    pair.Deliver();
    const AttributesPayload reply =
        OpenTransaction(keys, pair.Next().octets, keys.IvAfter(request));
    EXPECT_EQ(reply.identifier, asked.identifier);
    EXPECT_EQ(reply.attributes[1], DataAttribute::Variable(NAME, AsOctets("alice")));
}

// Covers XA-01, P1-07.
TEST_P(XauthBothWays, WrongPasswordIsAskedAgainUntilTheLimitThenTheIkeSaEnds)
{
    const Side client = GetParam();
    BothConfigs configs = XauthConfigs(client);
    configs.Of(client).xauth.Edit().password = SecretBytes(AsOctets("looking glass"));
    PeerPair pair = AfterPhase1(configs);
    pair.Settle();
    EXPECT_TRUE(pair.IsIkeDown());
    // Three questions and answers, the result and its acknowledgement.
    EXPECT_EQ(pair.CountSent(ExchangeType::Transaction), 8u);
    EXPECT_EQ(pair.CountSent(ExchangeType::QuickMode), 0u);
    EXPECT_EQ(pair.Drops(Other(client), Fault::XauthFailed), 3u);
    EXPECT_EQ(DownFault(pair, client), Fault::XauthFailed);
    EXPECT_EQ(DownFault(pair, Other(client)), Fault::XauthFailed);
    EXPECT_EQ(AcquireFault(pair, Side::A), Fault::XauthFailed);
}

// Covers XA-01.
TEST(Xauth, UnknownUserFailsLikeAWrongPassword)
{
    BothConfigs configs = XauthConfigs(Side::A);
    configs.Of(Side::A).xauth.Edit().user = "mallory";
    PeerPair pair = AfterPhase1(configs);
    pair.Settle();
    EXPECT_TRUE(pair.IsIkeDown());
    EXPECT_EQ(pair.CountSent(ExchangeType::Transaction), 8u);
    EXPECT_EQ(DownFault(pair, Side::A), Fault::XauthFailed);
}

// A user's name is no password for a user who does not exist.
TEST(Xauth, UnknownUserIsNotLetInByAnyPassword)
{
    PeerPair pair = AfterPhase1(XauthConfigs(Side::A));
    const Effects effects = pair.Inject(Side::B, ReplyTo(pair, "mallory", "mallory"));
    EXPECT_EQ(DroppedFault(effects), Fault::XauthFailed);
}

// Covers XA-01.
TEST(Xauth, RightAnswerAfterAWrongOneSucceeds)
{
    PeerPair pair = AfterPhase1(XauthConfigs(Side::A));
    const Octets wrong = ReplyTo(pair, "alice", "looking glass");
    pair.Lose();
    EXPECT_EQ(DroppedFault(pair.Inject(Side::B, wrong)), Fault::XauthFailed);
    EXPECT_EQ(pair.Next().summary.PayloadsText(), "HASH ATTR(REQUEST)");
    pair.Settle();
    EXPECT_TRUE(pair.AreTunnelsUp());
}

TEST(Xauth, OneUsersPasswordDoesNotOpenAnothersAccount)
{
    PeerPair pair = AfterPhase1(XauthConfigs(Side::A));
    EXPECT_EQ(DroppedFault(pair.Inject(Side::B, ReplyTo(pair, "alice", "builder"))),
              Fault::XauthFailed);
}

TEST(Xauth, PasswordThatOnlyBeginsRightIsWrong)
{
    for (const char* password : {"wonderlan", "wonderlandx", ""})
    {
        PeerPair pair = AfterPhase1(XauthConfigs(Side::A));
        EXPECT_EQ(DroppedFault(pair.Inject(Side::B, ReplyTo(pair, "alice", password))),
                  Fault::XauthFailed)
            << password;
    }
}

// Covers P1-07: a client that does not answer.
TEST_P(XauthBothWays, ServerEndsTheIkeSaOfAClientThatNeverAnswers)
{
    const Side server = Other(GetParam());
    PeerPair pair = AfterPhase1(XauthConfigs(GetParam()));
    while (pair.AdvanceToDeadline(std::chrono::seconds(61)) && !pair.IsIkeDown())
    {
        pair.LoseAll();
    }
    EXPECT_TRUE(pair.IsIkeDown());
    EXPECT_EQ(DownFault(pair, server), Fault::NegotiationTimeout);
    EXPECT_LE(pair.Now(), Instant{} + std::chrono::seconds(61));
}

TEST(Xauth, ClientGivesUpIfItIsNeverAsked)
{
    PeerPair pair = AfterPhase1(XauthConfigs(Side::A));
    do
    {
        pair.LoseAll();
    } while (pair.AdvanceToDeadline(std::chrono::seconds(61)) && !pair.IsIkeDown());
    EXPECT_EQ(pair.CountSent(ExchangeType::QuickMode), 0u);
    EXPECT_EQ(AcquireFault(pair, Side::A), Fault::NegotiationTimeout);
    EXPECT_TRUE(pair.IsIkeDown());
}

// Covers P1-07: XAUTH is part of the method that phase 1 agrees on.
TEST(Xauth, EndsOfWhichOnlyOneWantsItAgreeOnNoProposal)
{
    for (const Side without : {Side::A, Side::B})
    {
        BothConfigs configs = XauthConfigs(Side::A);
        configs.Of(without).xauth = {};
        PeerPair pair(configs.a, configs.b);
        pair.Acquire(Side::A);
        EXPECT_EQ(DroppedFault(pair.Deliver()), Fault::NoProposalChosen) << without;
    }
}

// bad input 89
TEST(Xauth, QuestionThatNothingWasAgreedOnIsRefused)
{
    PeerPair pair;
    pair.Acquire(Side::A);
    pair.Settle();
    ASSERT_TRUE(pair.IsIkeUp());
    const AttributesPayload question{
        ConfigMessage::Request,
        0,
        {DataAttribute::Variable(16521, {}), DataAttribute::Variable(16522, {})}};
    const Octets message = TransactionMessage(KeyHolder(pair), 0x12345678, question);
    EXPECT_EQ(DroppedFault(pair.Inject(Side::A, message)), Fault::ExchangeRefused);
    EXPECT_EQ(pair.InFlight(), 0u);
}

// CVE-2014-2338: not before the acknowledgement either.
TEST(Xauth, QuickModeBeforeTheAcknowledgementIsRefused)
{
    PeerPair pair = AfterPhase1(XauthConfigs(Side::A));
    pair.DeliverAll(3);
    ASSERT_EQ(pair.InFlight(), 2u);
    pair.Lose(); // ACK
    EXPECT_EQ(pair.Next().summary.exchange, ExchangeType::QuickMode);
    EXPECT_EQ(DroppedFault(pair.Deliver()), Fault::XauthRequired);
    pair.Settle();
    EXPECT_TRUE(pair.AreTunnelsUp());
}

// A20
TEST(Xauth, AcknowledgementBeforeTheResultIsRefused)
{
    PeerPair pair = AfterPhase1(XauthConfigs(Side::A));
    const KeyHolder keys(pair);
    const uint32_t messageId = MessageIdOf(pair.Next());
    const AttributesPayload ack{ConfigMessage::Ack, 0, {DataAttribute::Basic(STATUS, 1)}};
    const Octets early = TransactionMessage(keys, messageId, ack, keys.IvAfter(pair.Next().octets));
    EXPECT_EQ(DroppedFault(pair.Inject(Side::B, early)), Fault::UnexpectedPayload);
    EXPECT_EQ(DroppedFault(pair.Inject(Side::B, TransactionMessage(keys, 77, ack))),
              Fault::XauthRequired);
    pair.Settle();
    EXPECT_TRUE(pair.AreTunnelsUp());
}

// A20
TEST(Xauth, ResultBeforeTheQuestionIsRefused)
{
    PeerPair pair = AfterPhase1(XauthConfigs(Side::A));
    const KeyHolder keys(pair);
    const AttributesPayload result{ConfigMessage::Set, 9, {DataAttribute::Basic(STATUS, 1)}};
    EXPECT_EQ(DroppedFault(pair.Inject(Side::A, TransactionMessage(keys, 77, result))),
              Fault::UnexpectedPayload);
    EXPECT_EQ(pair.CountSent(ExchangeType::QuickMode), 0u);
    pair.Settle();
    EXPECT_TRUE(pair.AreTunnelsUp());
}

// A20: the client's word about the result counts for nothing.
TEST(Xauth, ServerIsNotToldTheResultByItsClient)
{
    PeerPair pair = AfterPhase1(XauthConfigs(Side::A));
    const KeyHolder keys(pair);
    const AttributesPayload result{ConfigMessage::Set, 9, {DataAttribute::Basic(STATUS, 1)}};
    EXPECT_EQ(DroppedFault(pair.Inject(Side::B, TransactionMessage(keys, 77, result))),
              Fault::XauthRequired);
}

// Some servers send the result under the message ID of the question.
TEST(Xauth, ClientTakesTheResultUnderTheMessageIdOfTheQuestion)
{
    PeerPair pair = AfterPhase1(XauthConfigs(Side::A));
    const KeyHolder keys(pair);
    const uint32_t messageId = MessageIdOf(pair.Next());
    pair.Deliver();
    const Octets reply = pair.Next().octets;
    pair.LoseAll();
    const AttributesPayload result{ConfigMessage::Set, 9, {DataAttribute::Basic(STATUS, 1)}};
    pair.Inject(Side::A, TransactionMessage(keys, messageId, result, keys.IvAfter(reply)));
    EXPECT_EQ(pair.Next().summary.PayloadsText(), "HASH ATTR(ACK)");
    EXPECT_EQ(pair.CountSent(ExchangeType::QuickMode), 1u);
}

// strongSwan acknowledges with an empty variable attribute.
TEST(Xauth, AcknowledgementMayBeEmpty)
{
    PeerPair pair = AfterPhase1(XauthConfigs(Side::A));
    const KeyHolder keys(pair);
    pair.DeliverAll(2);
    const uint32_t messageId = MessageIdOf(pair.Next());
    const Octets set = pair.Next().octets;
    const AttributesPayload ack{ConfigMessage::Ack, 0, {DataAttribute::Variable(STATUS, {})}};
    pair.Inject(Side::B, TransactionMessage(keys, messageId, ack, keys.IvAfter(set)));
    EXPECT_EQ(pair.Drops(Side::B), 0u);
    pair.DeliverAll();
    EXPECT_TRUE(pair.AreTunnelsUp());
}

TEST(Xauth, QuestionForAnotherTypeIsRefused)
{
    PeerPair pair = AfterPhase1(XauthConfigs(Side::A));
    const KeyHolder keys(pair);
    const AttributesPayload request{ConfigMessage::Request,
                                    1,
                                    {DataAttribute::Basic(TYPE, 1),
                                     DataAttribute::Variable(NAME, {}),
                                     DataAttribute::Variable(PASSWORD, {})}};
    EXPECT_EQ(DroppedFault(pair.Inject(Side::A, TransactionMessage(keys, 77, request))),
              Fault::XauthFailed);
}

TEST(Xauth, QuestionThatAsksForThePasswordAHundredTimesIsRefused)
{
    PeerPair pair = AfterPhase1(XauthConfigs(Side::A));
    const KeyHolder keys(pair);
    AttributesPayload request{ConfigMessage::Request, 1, {}};
    request.attributes.assign(100, DataAttribute::Variable(PASSWORD, {}));
    EXPECT_EQ(DroppedFault(pair.Inject(Side::A, TransactionMessage(keys, 77, request))),
              Fault::XauthFailed);
}

TEST(Xauth, ClientAnswersABoundedNumberOfQuestions)
{
    PeerPair pair = AfterPhase1(XauthConfigs(Side::A));
    const KeyHolder keys(pair);
    size_t answered = 0;
    for (uint32_t messageId = 1; messageId <= 100; messageId++)
    {
        const AttributesPayload request{
            ConfigMessage::Request, 1, {DataAttribute::Variable(NAME, {})}};
        answered +=
            WasRefused(pair.Inject(Side::A, TransactionMessage(keys, messageId, request))) ? 0 : 1;
        pair.LoseAll();
    }
    EXPECT_EQ(answered, MAX_XAUTH_QUESTIONS);
}

// A peer that only knows the pre-shared key must not end what a user built.
TEST(Xauth, DeleteOfAnIpsecSaBeforeXauthHasNoEffect)
{
    PeerPair pair = AfterPhase1(XauthConfigs(Side::A));
    pair.Settle();
    ASSERT_TRUE(pair.AreTunnelsUp());
    const uint32_t spi = pair.Sas(Side::B, SaDirection::Outbound)[0].spi;
    pair.Terminate(Side::A);
    pair.LoseAll();
    pair.Acquire(Side::A);
    while (pair.Next().summary.PayloadsText() != "HASH ATTR(REQUEST)")
    {
        pair.Deliver();
    }
    const KeyHolder keys(pair);
    const Octets del =
        keys.Informational(5, {DeleteRaw(ProtocolId::Esp, {OctetView(NetworkOrder(spi)).Copy()})});
    EXPECT_EQ(DroppedFault(pair.Inject(Side::B, del)), Fault::XauthRequired);
    EXPECT_EQ(pair.Sas(Side::B, SaDirection::Outbound).size(), 1u);
}

// INITIAL-CONTACT comes in main mode, before anybody knows who the user is.
TEST(Xauth, InitialContactCountsOnlyOnceTheUserIsKnown)
{
    PeerPair pair = AfterPhase1(XauthConfigs(Side::A));
    pair.Settle();
    pair.Terminate(Side::A);
    pair.LoseAll();
    pair.Advance(std::chrono::seconds(1));
    pair.Acquire(Side::A);
    pair.DeliverAll(6);
    EXPECT_EQ(pair.End(Side::B).engine.IkeSas().size(), 2u);
    EXPECT_EQ(pair.Sas(Side::B, SaDirection::Outbound).size(), 1u);
    pair.Settle();
    EXPECT_EQ(pair.End(Side::B).engine.IkeSas().size(), 1u);
    EXPECT_TRUE(pair.AreTunnelsUp());
}

// As one whose phase 1 fails.
TEST(Xauth, RenewalThatItEndsIsTriedAgain)
{
    BothConfigs configs = XauthConfigs(Side::A);
    configs.Of(Side::A).lifetime = configs.Of(Side::B).lifetime = std::chrono::seconds(2000);
    configs.Of(Side::B).personality.Edit().ikeRenewer = Renewer::Initiator;
    PeerPair pair = AfterPhase1(configs);
    pair.DeliverAll();
    while (pair.InFlight() == 0)
    {
        ASSERT_TRUE(pair.AdvanceToDeadline(std::chrono::hours(1)));
    }
    // Main mode, and nothing more.
    pair.DeliverAll(6);
    ASSERT_EQ(pair.End(Side::A).engine.IkeSas().size(), 2u);
    while (pair.End(Side::A).engine.IkeSas().size() == 2u)
    {
        pair.LoseAll();
        ASSERT_TRUE(pair.AdvanceToDeadline());
    }
    pair.LoseAll();
    const size_t before = pair.Seen<IkeSaUp>(Side::A).size();
    pair.Settle();
    EXPECT_GT(pair.Seen<IkeSaUp>(Side::A).size(), before);
    EXPECT_TRUE(pair.IsIkeUp());
    EXPECT_TRUE(pair.AreTunnelsUp());
}

} // namespace ipsec
} // namespace ns3
