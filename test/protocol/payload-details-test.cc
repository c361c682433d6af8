// SPDX-License-Identifier: GPL-2.0-only
#include "peer-pair.h"
#include "test-credentials.h"

#include "ns3/ike-exchange.h"

#include <algorithm>
#include <gtest/gtest.h>

namespace ns3
{
namespace ipsec
{

namespace
{

/// A configuration for one method and mode; the ends go by alice.example.com and hub.example.com.
EngineConfig
MethodConfig(Side side, const std::string& method, Phase1Mode mode)
{
    EngineConfig config = SiteConfig(side, method + "-g1-aes128-sha");
    config.peers[0].mode = mode;
    UseKeys(config, side);
    return config;
}

/// Lets A start and returns how ladders show every message until nothing more happens.
std::vector<MessageSummary>
Handshake(const std::string& method, Phase1Mode mode)
{
    PeerPair pair(MethodConfig(Side::A, method, mode), MethodConfig(Side::B, method, mode));
    pair.Acquire(Side::A);
    pair.DeliverAll();
    EXPECT_TRUE(pair.AreTunnelsUp());
    std::vector<MessageSummary> messages;
    for (const Flight& flight : pair.Sent())
    {
        messages.push_back(flight.summary);
    }
    return messages;
}

/// Returns the details of all payloads of one type, of messages in clear or of the others.
std::vector<std::string>
Details(const std::vector<MessageSummary>& messages, PayloadType type, bool encrypted)
{
    std::vector<std::string> details;
    for (const MessageSummary& message : messages)
    {
        for (const PayloadLabel& label : message.payloads)
        {
            if (message.encrypted == encrypted && label.type == type && !label.detail.empty())
            {
                details.push_back(label.detail);
            }
        }
    }
    return details;
}

/// Describes a message of one payload.
MessageSummary
Described(PayloadType type, const Octets& body)
{
    IsakmpHeader header;
    header.exchange = ExchangeType::AggressiveMode;
    return MakeClearMessage(header, {{type, body}}).summary;
}

using Texts = std::vector<std::string>;

const Texts BOTH_NAMES{"alice.example.com", "hub.example.com"};

} // namespace

// Covers AM-02.
TEST(PayloadDetails, AggressiveModeNamesBothEndsInClear)
{
    const auto messages = Handshake("pre", Phase1Mode::Aggressive);
    EXPECT_EQ(Details(messages, PayloadType::Id, false), BOTH_NAMES);
    EXPECT_NE(messages[0].PayloadsText().find("SA KE NONCE ID(alice.example.com)"),
              std::string::npos)
        << messages[0].PayloadsText();
}

TEST(PayloadDetails, MainModeWritesNoNameThoughTheEndsKnowIt)
{
    const auto messages = Handshake("pre", Phase1Mode::Main);
    EXPECT_EQ(Details(messages, PayloadType::Id, false), Texts());
    EXPECT_EQ(Details(messages, PayloadType::Id, true), BOTH_NAMES);
    for (const MessageSummary& message : messages)
    {
        EXPECT_EQ(message.PayloadsText().find("example.com"), std::string::npos);
    }
}

TEST(PayloadDetails, IdentityThatIsEncryptedByRsaSaysNothing)
{
    for (const char* method : {"rsaenc", "rsarev"})
    {
        for (const Phase1Mode mode : {Phase1Mode::Main, Phase1Mode::Aggressive})
        {
            const auto messages = Handshake(method, mode);
            EXPECT_EQ(Details(messages, PayloadType::Id, false), Texts()) << method;
            EXPECT_EQ(Details(messages, PayloadType::Cert, false), Texts()) << method;
        }
    }
}

TEST(PayloadDetails, CertificatesOfAggressiveModeShowTheirSubjects)
{
    const auto messages = Handshake("rsa", Phase1Mode::Aggressive);
    EXPECT_EQ(Details(messages, PayloadType::Cert, false), Texts{"CN=hub, O=Example"});
    EXPECT_NE(messages[1].PayloadsText().find("CERT(CN=hub, O=Example)"), std::string::npos)
        << messages[1].PayloadsText();
    // The initiator's goes in the third message.
    EXPECT_EQ(Details(messages, PayloadType::Cert, true), Texts{"CN=alice, O=Example"});
}

TEST(PayloadDetails, CertificateRequestOfMainModeNamesTheAuthority)
{
    const auto messages = Handshake("rsa", Phase1Mode::Main);
    EXPECT_EQ(Details(messages, PayloadType::Cert, false), Texts());
    const Texts authorities = Details(messages, PayloadType::CertRequest, false);
    ASSERT_FALSE(authorities.empty());
    EXPECT_EQ(authorities[0], "CN=root");
}

TEST(PayloadDetails, TrafficOfATunnelIsNobodysIdentity)
{
    const IdPayload subnet{IdType::Ipv4AddrSubnet, 0, 0, FromHex("0a010000ffffff00")};
    EXPECT_EQ(Described(PayloadType::Id, WriteIdPayload(subnet)).PayloadsText(), "ID");
}

TEST(PayloadDetails, IdentityForAnotherPortIsNone)
{
    IdPayload id = Identity::Parse("alice@example.com").ToPayload();
    EXPECT_EQ(Described(PayloadType::Id, WriteIdPayload(id)).PayloadsText(),
              "ID(alice@example.com)");
    id.protocol = 17;
    id.port = IKE_PORT;
    EXPECT_EQ(Described(PayloadType::Id, WriteIdPayload(id)).PayloadsText(),
              "ID(alice@example.com)");
    id.port = 4711;
    EXPECT_EQ(Described(PayloadType::Id, WriteIdPayload(id)).PayloadsText(), "ID");
}

TEST(PayloadDetails, RandomBodiesHaveNone)
{
    SeededRandomSource random(7);
    for (const PayloadType type : {PayloadType::Id, PayloadType::Cert, PayloadType::CertRequest})
    {
        for (size_t i = 0; i < 2000; i++)
        {
            Octets body(8 + i % 121);
            random.Fill(body.data(), body.size());
            EXPECT_EQ(Described(type, body).payloads.at(0).detail, "") << ToHex(body);
        }
    }
}

TEST(PayloadDetails, WhatIsInNoNameIsWrittenInHexadecimal)
{
    const Identity odd{IdType::Fqdn, FromHex("613c0a")};
    EXPECT_EQ(Described(PayloadType::Id, WriteIdPayload(odd.ToPayload())).PayloadsText(),
              "ID(613c0a)");
}

TEST(PayloadDetails, LongOnesAreCutBetweenCharacters)
{
    MessageSummary message;
    message.payloads = {{PayloadType::Id, 0, "CN=\xc3\xa4\xc3\xb6\xc3\xbc\xc3\x9f"}};
    EXPECT_EQ(message.PayloadsText(11), "ID(CN=\xc3\xa4\xc3\xb6\xc3\xbc\xc3\x9f)");
    EXPECT_EQ(message.PayloadsText(10), "ID(CN=\xc3\xa4\xc3\xb6...)");
    EXPECT_EQ(message.PayloadsText(9), "ID(CN=\xc3\xa4...)");
    EXPECT_EQ(message.PayloadsText(8), "ID(CN=\xc3\xa4...)");
}

TEST(PayloadDetails, AreKeptShortHoweverLongTheBodyIs)
{
    const Identity key{IdType::KeyId, Octets(60000, 'a')};
    const MessageSummary message = Described(PayloadType::Id, WriteIdPayload(key.ToPayload()));
    EXPECT_EQ(message.payloads.at(0).detail.size(), 256u);
}

TEST(PayloadDetails, AttributesSayWhatTheyAreForEvenIfEncrypted)
{
    MessageSummary message;
    message.encrypted = true;
    message.payloads = {{PayloadType::Attributes, 0, "REQUEST"}, {PayloadType::Id, 0, "alice"}};
    EXPECT_EQ(message.PayloadsText(), "ATTR(REQUEST) ID");
}

} // namespace ipsec
} // namespace ns3
