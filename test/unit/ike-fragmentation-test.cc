// SPDX-License-Identifier: GPL-2.0-only
#include "fragment-samples.h"
#include "recorded-handshake.h"

#include <gtest/gtest.h>

namespace ns3
{
namespace ipsec
{
namespace
{

const Endpoint LOCAL{IpAddress::Parse("192.0.2.2"), IKE_PORT};

// Interop quirk 8: strongSwan's own octets, from its own message.
TEST(SplitMessage, GivesTheOctetsThatStrongSwanSends)
{
    const RecordedHandshake recorded = RecordedHandshake::Read("live/rsasig-main-fragmented.txt");
    std::vector<Octets> fragments;
    size_t compared = 0;
    for (const RecordedMessage& message : recorded.messages)
    {
        const Endpoint local{message.fromInitiator ? recorded.initiator : recorded.responder,
                             message.sourcePort};
        if (message.fragment.empty())
        {
            EXPECT_EQ(SplitMessage(message.wire, {}, local), std::vector<Octets>{message.wire});
            continue;
        }
        fragments.push_back(message.wire);
        if (!message.reassembled.empty())
        {
            EXPECT_EQ(SplitMessage(message.reassembled, {}, local), fragments);
            compared += fragments.size();
            fragments.clear();
        }
    }
    EXPECT_EQ(compared, 2u);
}

TEST(SplitMessage, LeavesAMessageWholeThatJustFits)
{
    const Endpoint natted{LOCAL.address, NATT_PORT};
    EXPECT_EQ(SplitMessage(LargeMessage(1252), {}, LOCAL).size(), 1u);
    EXPECT_EQ(SplitMessage(LargeMessage(1253), {}, LOCAL).size(), 2u);
    EXPECT_EQ(SplitMessage(LargeMessage(1248), {}, natted).size(), 1u);
    EXPECT_EQ(SplitMessage(LargeMessage(1249), {}, natted).size(), 2u);
}

TEST(SplitMessage, MakesNoPacketLargerThanItMay)
{
    for (const uint16_t port : {IKE_PORT, NATT_PORT})
    {
        const size_t outside = port == NATT_PORT ? 32 : 28;
        for (size_t octets = 100; octets < 700; octets++)
        {
            for (const Octets& part : SplitMessage(
                     LargeMessage(octets), {200, ExchangeType::MainMode}, {LOCAL.address, port}))
            {
                ASSERT_LE(outside + part.size(), 200u) << octets;
            }
        }
    }
}

TEST(SplitMessage, NamesPhase1InEveryHeaderWhateverTheMessageIs)
{
    const Fragmentation how{200, ExchangeType::AggressiveMode};
    const std::vector<Octets> parts = SplitMessage(LargeMessage(450), how, LOCAL);
    for (const Octets& part : parts)
    {
        const IsakmpHeader header = Read(part).header;
        EXPECT_EQ(header.exchange, ExchangeType::AggressiveMode);
        EXPECT_EQ(header.messageId, 0u);
        EXPECT_EQ(header.flags, 0);
    }
}

TEST(SplitMessage, SendsWholeWhatNeedsMoreThan255Fragments)
{
    EXPECT_EQ(Split(LargeMessage(255 * 100), 100).size(), 255u);
    const Fragmentation how{28 + 36 + 100, ExchangeType::MainMode};
    EXPECT_EQ(SplitMessage(LargeMessage(255 * 100 + 1), how, LOCAL).size(), 1u);
}

// bad input 87: CVE-2016-1287
TEST(ReadFragment, RefusesEveryLengthThatIsNotThatOfTheDatagram)
{
    const Octets datagram =
        SplitMessage(LargeMessage(300), {200, ExchangeType::MainMode}, LOCAL).front();
    const size_t position = ISAKMP_HEADER_OCTETS + 2;
    const size_t right = OctetReader(OctetView(datagram).From(position)).U16();
    for (size_t length = 0; length <= 0xffff; length++)
    {
        Octets changed = datagram;
        changed[position] = static_cast<uint8_t>(length >> 8);
        changed[position + 1] = static_cast<uint8_t>(length);
        const Result<IsakmpHeader> header = ParseIsakmpHeader(changed);
        ASSERT_EQ(ReadFragment(*header, changed).Ok(), length == right) << length;
    }
}

// bad input 87
TEST(ReadFragment, RefusesAFragmentWithoutData)
{
    IsakmpHeader header = Split(LargeMessage(300), 100).front().header;
    for (size_t body = 0; body <= FRAGMENT_PREFIX_OCTETS; body++)
    {
        const Octets datagram = WriteIsakmpMessage(
            header, WritePayloadChain({{PayloadType::Fragment, Octets(body, 1)}}));
        EXPECT_FALSE(ReadFragment(header, datagram).Ok()) << body;
    }
}

// bad input 88
TEST(ReadFragment, RefusesAFragmentThatIsNotAlone)
{
    const IsakmpHeader header = Split(LargeMessage(300), 100).front().header;
    const RawPayload fragment{PayloadType::Fragment, WriteFragmentPayload({1, 1, true, {1, 2, 3}})};
    const RawPayload nonce{PayloadType::Nonce, Octets(16)};
    const auto read = [&header](const std::vector<RawPayload>& payloads)
    { return ReadFragment(header, WriteIsakmpMessage(header, WritePayloadChain(payloads))); };
    EXPECT_TRUE(read({fragment}).Ok());
    EXPECT_EQ(read({fragment, fragment}).GetFault(), Fault::FragmentRefused);
    EXPECT_EQ(read({fragment, nonce}).GetFault(), Fault::FragmentRefused);
}

} // namespace
} // namespace ipsec
} // namespace ns3
