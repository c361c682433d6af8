// SPDX-License-Identifier: GPL-2.0-only
#include "message-mutations.h"
#include "remote-access.h"

#include "ns3/crypto-cipher.h"
#include "ns3/ike-mode-config.h"

#include <gtest/gtest.h>

namespace ns3
{
namespace ipsec
{

namespace
{

constexpr auto ADDRESS = static_cast<uint16_t>(ConfigAttribute::Address);
constexpr auto NETMASK = static_cast<uint16_t>(ConfigAttribute::Netmask);
constexpr auto DNS = static_cast<uint16_t>(ConfigAttribute::Dns);
constexpr auto SUBNET = static_cast<uint16_t>(ConfigAttribute::Subnet);
constexpr auto SPLIT_INCLUDE = static_cast<uint16_t>(ConfigAttribute::UnitySplitInclude);

/// Whether the client is the one that begins phase 1 (A) or not.
class ModeConfigBothWays : public testing::TestWithParam<Side>
{
};

INSTANTIATE_TEST_SUITE_P(Client,
                         ModeConfigBothWays,
                         testing::Values(Side::A, Side::B),
                         [](const auto& info)
                         { return info.param == Side::A ? "Initiates" : "Responds"; });

/// Opens the first message of a transaction that is on its way.
AttributesPayload
OpenNext(const PeerPair& pair)
{
    const KeyHolder keys(pair);
    return OpenTransaction(keys, pair.Next().octets, keys.FirstIv(MessageIdOf(pair.Next())));
}

/// Lets a client that asks be answered with these attributes instead.
PeerPair
AnsweredWith(const std::vector<DataAttribute>& attributes)
{
    PeerPair pair = AfterPhase1(ModeConfigs(Side::A, ConfigWay::Pull));
    const KeyHolder keys(pair);
    const Octets request = pair.Next().octets;
    const AttributesPayload reply{ConfigMessage::Reply, OpenNext(pair).identifier, attributes};
    const uint32_t messageId = MessageIdOf(pair.Next());
    pair.Lose();
    pair.Inject(Side::A, TransactionMessage(keys, messageId, reply, keys.IvAfter(request)));
    return pair;
}

/// Lets a server that is asked be asked this instead, and returns what it answers.
AttributesPayload
AnswerTo(const BothConfigs& configs, const std::vector<DataAttribute>& attributes)
{
    PeerPair pair = AfterPhase1(configs);
    const KeyHolder keys(pair);
    pair.LoseAll();
    const Octets request = TransactionMessage(keys, 77, {ConfigMessage::Request, 4711, attributes});
    pair.Inject(Side::B, request);
    return OpenTransaction(keys, pair.Next().octets, keys.IvAfter(request));
}

std::vector<uint16_t>
TypesOf(const AttributesPayload& payload)
{
    std::vector<uint16_t> types;
    for (const DataAttribute& attribute : payload.attributes)
    {
        types.push_back(attribute.type);
    }
    return types;
}

const auto HOST = DataAttribute::Variable(ADDRESS, FromHex("0a090001"));

} // namespace

// Covers MC-01, MC-04.
TEST_P(ModeConfigBothWays, PullIsQuestionAndAnswerBetweenThePhases)
{
    const Side client = GetParam();
    PeerPair pair = AfterPhase1(ModeConfigs(client, ConfigWay::Pull));

    // REQUEST --> from the client, whoever began
    ASSERT_EQ(pair.InFlight(), 1u);
    EXPECT_EQ(pair.Next().from, client);
    EXPECT_EQ(pair.Next().summary.PayloadsText(), "HASH ATTR(REQUEST)");
    pair.Deliver();

    // <-- REPLY; if the server has the traffic, its quick mode comes right behind
    EXPECT_EQ(pair.Next().from, Other(client));
    EXPECT_EQ(pair.Next().summary.PayloadsText(), "HASH ATTR(REPLY)");
    pair.Deliver();

    ASSERT_EQ(pair.InFlight(), 1u);
    EXPECT_EQ(pair.Next().summary.exchange, ExchangeType::QuickMode);
    EXPECT_EQ(pair.Next().from, Side::A);
    pair.DeliverAll();
    EXPECT_TRUE(pair.AreTunnelsUp());
    EXPECT_EQ(pair.Drops(Side::A) + pair.Drops(Side::B), 0u);
}

// Covers MC-01, MC-03.
TEST_P(ModeConfigBothWays, PushIsToldAndAcknowledgedBetweenThePhases)
{
    const Side client = GetParam();
    PeerPair pair = AfterPhase1(ModeConfigs(client, ConfigWay::Push));

    // SET --> from the server
    ASSERT_EQ(pair.InFlight(), 1u);
    EXPECT_EQ(pair.Next().from, Other(client));
    EXPECT_EQ(pair.Next().summary.PayloadsText(), "HASH ATTR(SET)");
    pair.Deliver();

    // <-- ACK
    EXPECT_EQ(pair.Next().from, client);
    EXPECT_EQ(pair.Next().summary.PayloadsText(), "HASH ATTR(ACK)");
    pair.Deliver();

    ASSERT_EQ(pair.InFlight(), 1u);
    EXPECT_EQ(pair.Next().summary.exchange, ExchangeType::QuickMode);
    pair.DeliverAll();
    EXPECT_TRUE(pair.AreTunnelsUp());
    EXPECT_EQ(pair.Drops(Side::A) + pair.Drops(Side::B), 0u);
}

// Covers MC-01.
TEST_P(ModeConfigBothWays, ComesBehindXauthAndBeforeQuickMode)
{
    for (const ConfigWay way : {ConfigWay::Pull, ConfigWay::Push})
    {
        BothConfigs configs = XauthConfigs(GetParam());
        AddModeConfig(configs, GetParam(), way);
        PeerPair pair = AfterPhase1(configs);
        const size_t before = pair.Sent().size() - 1;
        pair.DeliverAll();
        EXPECT_TRUE(pair.AreTunnelsUp());
        std::string labels;
        for (size_t i = before; i < pair.Sent().size(); i++)
        {
            const MessageSummary& summary = pair.Sent()[i].summary;
            const std::string& detail = summary.payloads[1].detail;
            labels += summary.exchange == ExchangeType::QuickMode ? "q" : detail.substr(0, 3);
            labels += " ";
        }
        EXPECT_EQ(labels,
                  way == ConfigWay::Pull ? "REQ REP SET ACK REQ REP q q q "
                                         : "REQ REP SET ACK SET ACK q q q ");
    }
}

// Covers MC-02.
TEST(ModeConfig, ClientIsToldAddressNetmaskNameServersAndNetworks)
{
    for (const ConfigWay way : {ConfigWay::Pull, ConfigWay::Push})
    {
        PeerPair pair = AfterPhase1(ModeConfigs(Side::A, way));
        pair.DeliverAll();
        const AddressAssigned told = AssignedAt(pair, Side::A);
        EXPECT_EQ(told.to, AssignedTo::Us);
        EXPECT_EQ(told.address.ToString(), "10.9.0.1");
        EXPECT_EQ(told.prefixLength, 24);
        ASSERT_EQ(told.dns.size(), 2u);
        EXPECT_EQ(told.dns[1].ToString(), "10.2.0.54");
        ASSERT_EQ(told.subnets.size(), 2u);
        EXPECT_EQ(told.subnets[1].ToString(), "10.77.0.0/16");
    }
}

// Covers MC-02.
TEST(ModeConfig, ServerSaysWhatItAssigned)
{
    PeerPair pair = AfterPhase1(ModeConfigs(Side::A, ConfigWay::Pull));
    pair.DeliverAll();
    const AddressAssigned given = AssignedAt(pair, Side::B);
    EXPECT_EQ(given.to, AssignedTo::Peer);
    EXPECT_EQ(given.address.ToString(), "10.9.0.1");
    EXPECT_EQ(pair.End(Side::B).engine.AddressesInUse("clients"), 1u);
}

// Covers MC-02.
TEST(ModeConfig, TunnelCarriesTheAssignedAddress)
{
    PeerPair pair = AfterPhase1(ModeConfigs(Side::A, ConfigWay::Pull));
    pair.DeliverAll();
    ASSERT_TRUE(pair.AreTunnelsUp());
    EXPECT_EQ(pair.Sas(Side::A, SaDirection::Outbound)[0].proxyId.ToString(),
              "10.9.0.1/32 <-> 10.2.0.0/24");
}

// draft-dukes-ike-mode-cfg-02 section 3.3 and Cisco's 14 octets per network.
TEST(ModeConfig, AttributesAreAsDeployedPeersReadThem)
{
    BothConfigs configs = ModeConfigs(Side::A, ConfigWay::Push);
    configs.Of(Side::B).modeConfig.Edit().unitySplitInclude = true;
    const AttributesPayload set = OpenNext(AfterPhase1(configs));
    const std::vector<DataAttribute> expected = {
        HOST,
        DataAttribute::Variable(NETMASK, FromHex("ffffff00")),
        DataAttribute::Variable(DNS, FromHex("0a020035")),
        DataAttribute::Variable(DNS, FromHex("0a020036")),
        DataAttribute::Variable(SUBNET, FromHex("0a020000 ffffff00")),
        DataAttribute::Variable(SUBNET, FromHex("0a4d0000 ffff0000")),
        DataAttribute::Variable(
            SPLIT_INCLUDE,
            FromHex("0a020000 ffffff00 000000000000 0a4d0000 ffff0000 000000000000"))};
    EXPECT_EQ(set.attributes, expected);
}

TEST(ModeConfig, QuestionHasEmptyAttributes)
{
    const AttributesPayload request = OpenNext(AfterPhase1(ModeConfigs(Side::A, ConfigWay::Pull)));
    const std::vector<DataAttribute> expected = {DataAttribute::Variable(ADDRESS, {}),
                                                 DataAttribute::Variable(NETMASK, {}),
                                                 DataAttribute::Variable(DNS, {}),
                                                 DataAttribute::Variable(SUBNET, {})};
    EXPECT_EQ(request.attributes, expected);
}

TEST(ModeConfig, ClientReadsSplitIncludeLikeSubnets)
{
    const PeerPair pair = AnsweredWith(
        {HOST, DataAttribute::Variable(SPLIT_INCLUDE, FromHex("0a020000 ffffff00 000000000000"))});
    const AddressAssigned told = AssignedAt(pair, Side::A);
    ASSERT_EQ(told.subnets.size(), 1u);
    EXPECT_EQ(told.subnets[0].ToString(), "10.2.0.0/24");
}

// What vpnc asks, with its version and name in the question.
TEST(ModeConfig, ServerAnswersWhatItHasAndPassesOverTheRest)
{
    std::vector<DataAttribute> asked;
    for (const uint16_t type : {1, 2, 3, 4, 28674, 28680, 28679, 28672, 28673, 28676, 28675})
    {
        asked.push_back(DataAttribute::Variable(type, {}));
    }
    asked.push_back(DataAttribute::Variable(28682, AsOctets("host")));
    asked.push_back(DataAttribute::Variable(7, AsOctets("Cisco Systems VPN Client 0.5.3:Linux")));
    BothConfigs configs = ModeConfigs(Side::A, ConfigWay::Pull);
    configs.Of(Side::B).modeConfig.Edit().unitySplitInclude = true;
    const AttributesPayload reply = AnswerTo(configs, asked);
    EXPECT_EQ(reply.message, ConfigMessage::Reply);
    EXPECT_EQ(reply.identifier, 4711);
    EXPECT_EQ(TypesOf(reply), (std::vector<uint16_t>{ADDRESS, NETMASK, DNS, DNS, SPLIT_INCLUDE}));
}

TEST(ModeConfig, QuestionThatRepeatsItselfMakesNoLongerAnswer)
{
    std::vector<DataAttribute> asked(500, DataAttribute::Variable(DNS, {}));
    const AttributesPayload reply = AnswerTo(ModeConfigs(Side::A, ConfigWay::Pull), asked);
    EXPECT_EQ(reply.attributes.size(), 2u);
}

TEST(ModeConfig, AnswerWithoutAnAddressEndsTheIkeSa)
{
    const PeerPair pair = AnsweredWith({DataAttribute::Variable(DNS, FromHex("0a020035"))});
    EXPECT_EQ(DownFault(pair, Side::A), Fault::ConfigFailed);
    EXPECT_EQ(pair.Seen<AcquireFailed>(Side::A).at(0).reason, Fault::ConfigFailed);
}

// Hostile attributes: an address that no host can have, of another length, or in another encoding.
TEST(ModeConfig, UselessAddressesAreNoAddress)
{
    for (const char* address :
         {"00000000", "7f000001", "e0000001", "ffffffff", "0a0900", "0a09000101", ""})
    {
        const PeerPair pair = AnsweredWith({DataAttribute::Variable(ADDRESS, FromHex(address))});
        EXPECT_EQ(DownFault(pair, Side::A), Fault::ConfigFailed) << address;
    }
    EXPECT_EQ(DownFault(AnsweredWith({DataAttribute::Basic(ADDRESS, 0x0a09)}), Side::A),
              Fault::ConfigFailed);
}

TEST(ModeConfig, MalformedAttributesBesideAnAddressArePassedOver)
{
    const PeerPair pair =
        AnsweredWith({HOST,
                      DataAttribute::Variable(NETMASK, FromHex("ff00ff00")),
                      DataAttribute::Variable(DNS, FromHex("0a02")),
                      DataAttribute::Variable(DNS, FromHex("00000000")),
                      DataAttribute::Variable(SUBNET, FromHex("0a020000 ff00ff00")),
                      DataAttribute::Variable(SUBNET, FromHex("0a020000 ffff")),
                      DataAttribute::Basic(SUBNET, 1),
                      DataAttribute::Variable(SPLIT_INCLUDE, FromHex("0a020000 ffffff00 0000")),
                      DataAttribute::Variable(12345, FromHex("00"))});
    const AddressAssigned told = AssignedAt(pair, Side::A);
    EXPECT_EQ(told.prefixLength, 32);
    EXPECT_TRUE(told.dns.empty());
    EXPECT_TRUE(told.subnets.empty());
}

TEST(ModeConfig, HostBitsOfANetworkAreIgnored)
{
    const PeerPair pair =
        AnsweredWith({HOST, DataAttribute::Variable(SUBNET, FromHex("0a020017 ffffff00"))});
    EXPECT_EQ(AssignedAt(pair, Side::A).subnets.at(0).ToString(), "10.2.0.0/24");
}

// Covers MC-04.
TEST(ModeConfig, PullIsRepeatedAfterLossOfEitherMessage)
{
    for (const size_t lost : {0, 1})
    {
        PeerPair pair = AfterPhase1(ModeConfigs(Side::A, ConfigWay::Pull));
        pair.DeliverAll(lost);
        pair.Lose();
        pair.Settle();
        EXPECT_TRUE(pair.AreTunnelsUp()) << lost;
        EXPECT_EQ(pair.CountSent(ExchangeType::Transaction), 3u + lost) << lost;
    }
}

// Covers MC-03.
TEST_P(ModeConfigBothWays, LostSetIsNotRepeatedAndSetupFails)
{
    const Side client = GetParam();
    PeerPair pair = AfterPhase1(ModeConfigs(client, ConfigWay::Push));
    pair.Lose();
    pair.Settle();
    EXPECT_EQ(pair.CountSent(ExchangeType::Transaction), 1u);
    EXPECT_EQ(pair.CountSent(ExchangeType::QuickMode), 0u);
    EXPECT_TRUE(pair.IsIkeDown());
    EXPECT_EQ(DownFault(pair, Other(client)), Fault::ConfigFailed);
    EXPECT_EQ(pair.End(Side::B).engine.AddressesInUse("clients"), 0u);
}

// Covers MC-03: the acknowledgement is a datagram, too.
TEST(ModeConfig, LostAcknowledgementOfAPushFailsSetup)
{
    PeerPair pair = AfterPhase1(ModeConfigs(Side::A, ConfigWay::Push));
    pair.Deliver();
    pair.Lose();
    pair.Settle();
    EXPECT_TRUE(pair.IsIkeDown());
    EXPECT_TRUE(pair.End(Side::B).sas.empty());
    EXPECT_EQ(DownFault(pair, Side::B), Fault::ConfigFailed);
}

// Covers MC-03: what deployed peers do instead.
TEST(ModeConfig, PersonalityMayRepeatTheSet)
{
    BothConfigs configs = ModeConfigs(Side::A, ConfigWay::Push);
    configs.Of(Side::B).personality.Edit().repeatConfigSet = true;
    PeerPair pair = AfterPhase1(configs);
    pair.Lose();
    pair.Settle();
    EXPECT_TRUE(pair.AreTunnelsUp());
    EXPECT_EQ(pair.CountSent(ExchangeType::Transaction), 3u);
}

// Covers MC-05: a list above the MTU travels in fragments; where those get lost, so does the SET.
TEST(ModeConfig, ListAboveTheMtuTravelsInOneDatagramWhoseLossBreaksAPush)
{
    BothConfigs configs = ModeConfigs(Side::A, ConfigWay::Push);
    for (uint32_t i = 0; i < 1000; i++)
    {
        configs.Of(Side::B).modeConfig.Edit().subnets.push_back({{0x0b000000 + (i << 8)}, 24});
    }
    PeerPair pair = AfterPhase1(configs);
    EXPECT_GT(pair.Next().octets.size(), 1500u);
    PeerPair lossy = pair;
    lossy.Lose();
    lossy.Settle();
    EXPECT_TRUE(lossy.IsIkeDown());
    EXPECT_EQ(DownFault(lossy, Side::B), Fault::ConfigFailed);

    pair.Settle();
    EXPECT_TRUE(pair.AreTunnelsUp());
    EXPECT_EQ(AssignedAt(pair, Side::A).subnets.size(), 1002u);
}

// Covers MC-01.
TEST(ModeConfig, QuickModeBeforeTheAddressIsRefused)
{
    BothConfigs configs = ModeConfigs(Side::A, ConfigWay::Pull);
    configs.a = SiteConfig(Side::A);
    PeerPair pair = AfterPhase1(configs);
    EXPECT_EQ(DroppedFault(pair.Deliver()), Fault::ExchangeRefused);
    EXPECT_TRUE(pair.Seen<InstallSa>(Side::B).empty());
    pair.Settle();
    EXPECT_TRUE(pair.IsIkeDown());
    EXPECT_EQ(DownFault(pair, Side::B), Fault::ConfigFailed);
}

// CVE-2014-2338
TEST(ModeConfig, ServerGivesNoAddressBeforeXauth)
{
    BothConfigs configs = XauthConfigs(Side::A);
    AddModeConfig(configs, Side::A, ConfigWay::Pull);
    PeerPair pair = AfterPhase1(configs);
    const KeyHolder keys(pair);
    const Octets request = TransactionMessage(
        keys, 77, {ConfigMessage::Request, 1, {DataAttribute::Variable(ADDRESS, {})}});
    EXPECT_EQ(DroppedFault(pair.Inject(Side::B, request)), Fault::XauthRequired);
    EXPECT_EQ(pair.End(Side::B).engine.AddressesInUse("clients"), 0u);
}

// bad input 89
TEST(ModeConfig, PeerWithoutModeConfigDropsIt)
{
    PeerPair pair;
    pair.Acquire(Side::A);
    pair.DeliverAll();
    const KeyHolder keys(pair);
    for (const ConfigMessage message : {ConfigMessage::Request, ConfigMessage::Set})
    {
        const Octets unasked = TransactionMessage(keys, 77, {message, 1, {HOST}});
        const Effects effects = pair.Inject(Side::B, unasked);
        EXPECT_EQ(DroppedFault(effects), Fault::ExchangeRefused);
        EXPECT_EQ(effects.list.size(), 1u);
    }
}

TEST(ModeConfig, ClientThatAsksIsNotToldUnasked)
{
    PeerPair pair = AfterPhase1(ModeConfigs(Side::A, ConfigWay::Pull));
    const KeyHolder keys(pair);
    const Octets set = TransactionMessage(keys, 77, {ConfigMessage::Set, 1, {HOST}});
    EXPECT_EQ(DroppedFault(pair.Inject(Side::A, set)), Fault::UnexpectedPayload);
}

TEST(ModeConfig, ServerTakesNoAddressFromItsClient)
{
    for (const ConfigWay way : {ConfigWay::Pull, ConfigWay::Push})
    {
        PeerPair pair = AfterPhase1(ModeConfigs(Side::A, way));
        const KeyHolder keys(pair);
        const Octets set = TransactionMessage(keys, 77, {ConfigMessage::Set, 1, {HOST}});
        EXPECT_EQ(DroppedFault(pair.Inject(Side::B, set)), Fault::UnexpectedPayload);
    }
}

TEST(ModeConfig, QuestionsAtOnceAreBounded)
{
    PeerPair pair = AfterPhase1(ModeConfigs(Side::A, ConfigWay::Pull));
    const KeyHolder keys(pair);
    for (uint32_t messageId = 1; messageId <= 100; messageId++)
    {
        pair.Inject(Side::B, TransactionMessage(keys, messageId, {ConfigMessage::Request, 1, {}}));
    }
    EXPECT_EQ(pair.Drops(Side::B, Fault::TooManyExchanges), 84u);
}

// libreswan pads the attribute payload to four octets inside its length.
TEST(ModeConfig, PaddingInsideTheAttributePayloadIsAccepted)
{
    for (size_t zeros = 1; zeros <= 3; zeros++)
    {
        PeerPair pair = AfterPhase1(ModeConfigs(Side::A, ConfigWay::Pull));
        const KeyHolder keys(pair);
        const uint32_t messageId = MessageIdOf(pair.Next());
        const Octets padded =
            keys.Rehashed(pair.Next().octets,
                          keys.FirstIv(messageId),
                          {},
                          [zeros](std::vector<RawPayload>& payloads)
                          { payloads[0].body.resize(payloads[0].body.size() + zeros); });
        EXPECT_FALSE(WasRefused(pair.Inject(Side::B, padded))) << zeros;
    }
}

// strongSwan adds a whole block to what is aligned already.
TEST(ModeConfig, BlockOfPaddingBehindThePayloadsIsAccepted)
{
    PeerPair pair = AfterPhase1(ModeConfigs(Side::A, ConfigWay::Pull));
    const KeyHolder keys(pair);
    const std::vector<RawPayload> rest = {
        {PayloadType::Attributes,
         WriteAttributesPayload(
             {ConfigMessage::Request, 1, {DataAttribute::Variable(ADDRESS, {})}})}};
    const std::vector<RawPayload> all = {keys.Hash(77, {}, rest), rest[0]};
    ASSERT_EQ(WritePayloadChain(all).size() % 8, 0u);
    Octets sealed = keys.Seal(keys.Header(ExchangeType::Transaction, 77), all, keys.FirstIv(77));
    Octets block(8, 0);
    const IkeSaInfo info = pair.End(Side::A).engine.IkeSas().at(0);
    ASSERT_TRUE(CbcEncrypt(info.proposal.cipher,
                           info.encryptionKey.View(),
                           keys.IvAfter(sealed),
                           block.data(),
                           block.size()));
    sealed = ConsistentPrefix(Concat({sealed, block}), sealed.size() + block.size());
    EXPECT_FALSE(WasRefused(pair.Inject(Side::B, sealed)));
}

} // namespace ipsec
} // namespace ns3
