// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/isakmp-message.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <optional>

namespace ns3
{
namespace ipsec
{
namespace
{

const Cookie INITIATOR = {1, 2, 3, 4, 5, 6, 7, 8};
const Cookie RESPONDER = {9, 10, 11, 12, 13, 14, 15, 16};

/// A main mode message with KE and NONCE.
Octets
GoodMessage()
{
    IsakmpHeader header;
    header.initiatorCookie = INITIATOR;
    header.responderCookie = RESPONDER;
    header.nextPayload = PayloadType::Ke;
    return WriteIsakmpMessage(header,
                              WritePayloadChain({{PayloadType::Ke, Octets(96, 0x5a), 0},
                                                 {PayloadType::Nonce, Octets(16, 0xa5), 0}}));
}

/// Reads header and chain as a receiver does; the fault of whichever refuses.
std::optional<Fault>
RefusalOf(OctetView datagram)
{
    const Result<IsakmpHeader> header = ParseIsakmpHeader(datagram);
    if (!header)
    {
        return header.GetFault();
    }
    const Result<PayloadChain> chain =
        ParsePayloadChain(header->nextPayload, datagram.From(ISAKMP_HEADER_OCTETS));
    if (!chain)
    {
        return chain.GetFault();
    }
    return std::nullopt;
}

/// The good message with one octet replaced.
Octets
WithOctet(size_t position, uint8_t value)
{
    Octets message = GoodMessage();
    message[position] = value;
    return message;
}

/// The good message with its length field replaced.
Octets
WithLength(uint32_t length)
{
    Octets message = GoodMessage();
    for (size_t i = 0; i < 4; i++)
    {
        message[24 + i] = static_cast<uint8_t>(length >> (24 - 8 * i));
    }
    return message;
}

TEST(IsakmpHeader, GoesRound)
{
    const Octets message = FromHex("8fd45499ec8299af e9061a2f8c14e69e 08 10 20 01 88d5501a 0000002c"
                                   "00112233445566778899aabbccddeeff");
    const Result<IsakmpHeader> header = ParseIsakmpHeader(message);
    ASSERT_TRUE(header.Ok());
    EXPECT_EQ(ToHex(header->initiatorCookie), "8fd45499ec8299af");
    EXPECT_EQ(ToHex(header->responderCookie), "e9061a2f8c14e69e");
    EXPECT_EQ(header->nextPayload, PayloadType::Hash);
    EXPECT_EQ(header->version, 0x10);
    EXPECT_EQ(header->exchange, ExchangeType::QuickMode);
    EXPECT_TRUE(header->IsEncrypted());
    EXPECT_EQ(header->messageId, 0x88d5501au);
    EXPECT_EQ(header->length, 44u);
    const OctetView body = OctetView(message).From(ISAKMP_HEADER_OCTETS);
    EXPECT_EQ(WriteIsakmpMessage(*header, body), message);
}

TEST(IsakmpHeader, EveryTruncationIsRefused)
{
    // bad input 1, 7
    const Octets message = GoodMessage();
    ASSERT_FALSE(RefusalOf(message));
    for (size_t size = 0; size < message.size(); size++)
    {
        const Fault expected =
            size < ISAKMP_HEADER_OCTETS ? Fault::TooShort : Fault::LengthMismatch;
        EXPECT_EQ(RefusalOf(OctetView(message).First(size)), expected) << size << " octets";
    }
}

TEST(IsakmpHeader, AKeepaliveOctetAndAnyOtherTinyDatagramAreTooShort)
{
    // bad input 1, 2, 3
    EXPECT_EQ(RefusalOf(FromHex("ff")), Fault::TooShort);
    EXPECT_EQ(RefusalOf(FromHex("00000000")), Fault::TooShort);
}

TEST(IsakmpHeader, AMarkerLeftInFrontIsNoMessage)
{
    // bad input 5: behind four zeros the length field lies elsewhere
    EXPECT_EQ(RefusalOf(Concat({Octets(4, 0), GoodMessage()})), Fault::LengthMismatch);
}

TEST(IsakmpHeader, ALengthOtherThanTheDatagramsIsRefused)
{
    // bad input 6, 7, 8, 9
    const uint32_t size = static_cast<uint32_t>(GoodMessage().size());
    for (const uint32_t length :
         {0u, 1u, 27u, 28u, size - 1, size + 1, 0x7fffffffu, 0x80000000u, 0xffffffffu})
    {
        EXPECT_EQ(RefusalOf(WithLength(length)), Fault::LengthMismatch) << length;
    }
    EXPECT_FALSE(RefusalOf(WithLength(size)));
}

TEST(IsakmpHeader, ATailIsNeverParsed)
{
    // bad input 8: a second message appended
    EXPECT_EQ(RefusalOf(Concat({GoodMessage(), GoodMessage()})), Fault::LengthMismatch);
    EXPECT_EQ(RefusalOf(Concat({GoodMessage(), FromHex("00")})), Fault::LengthMismatch);
}

TEST(IsakmpHeader, AnInitiatorCookieOfZeroIsRefused)
{
    // bad input 10
    Octets message = GoodMessage();
    std::fill(message.begin(), message.begin() + 8, 0);
    EXPECT_EQ(RefusalOf(message), Fault::BadCookie);
}

TEST(IsakmpHeader, EqualCookiesAreRefused)
{
    // bad input 11
    Octets message = GoodMessage();
    std::copy(message.begin(), message.begin() + 8, message.begin() + 8);
    EXPECT_EQ(RefusalOf(message), Fault::BadCookie);
}

TEST(IsakmpHeader, AResponderCookieOfZeroIsAFirstMessage)
{
    Octets message = GoodMessage();
    std::fill(message.begin() + 8, message.begin() + 16, 0);
    EXPECT_FALSE(RefusalOf(message));
}

TEST(IsakmpHeader, OtherMajorVersionsAreRefused)
{
    // bad input 14
    for (unsigned major = 0; major < 16; major++)
    {
        const Octets message = WithOctet(17, static_cast<uint8_t>(major << 4));
        if (major == 1)
        {
            EXPECT_FALSE(RefusalOf(message));
            continue;
        }
        EXPECT_EQ(RefusalOf(message), Fault::BadVersion) << major;
    }
}

TEST(IsakmpHeader, MinorVersionsFlagsAndExchangeTypesAreLeftToTheReceiver)
{
    // bad input 15, 16, 18
    for (const uint8_t value : {0x10, 0x11, 0x1f})
    {
        EXPECT_FALSE(RefusalOf(WithOctet(17, value)));
    }
    for (unsigned value = 0; value < 256; value++)
    {
        const Octets exchange = WithOctet(18, static_cast<uint8_t>(value));
        const Result<IsakmpHeader> one = ParseIsakmpHeader(exchange);
        ASSERT_TRUE(one.Ok());
        EXPECT_EQ(static_cast<unsigned>(one->exchange), value);
        const Octets flags = WithOctet(19, static_cast<uint8_t>(value));
        const Result<IsakmpHeader> two = ParseIsakmpHeader(flags);
        ASSERT_TRUE(two.Ok());
        EXPECT_EQ(two->flags, value);
        EXPECT_EQ(two->IsEncrypted(), (value & FLAG_ENCRYPTION) != 0);
    }
}

TEST(PayloadChain, GoesRoundWithOffsets)
{
    const Octets octets = FromHex("0a000006aabb"
                                  "14000005cc"
                                  "14000004"
                                  "0000000601ff");
    const Result<PayloadChain> chain = ParsePayloadChain(PayloadType::Ke, octets);
    ASSERT_TRUE(chain.Ok());
    ASSERT_EQ(chain->payloads.size(), 4u);
    EXPECT_EQ(chain->payloads[0].type, PayloadType::Ke);
    EXPECT_EQ(ToHex(chain->payloads[0].body), "aabb");
    EXPECT_EQ(chain->payloads[0].offset, 0u);
    EXPECT_EQ(chain->payloads[1].type, PayloadType::Nonce);
    EXPECT_EQ(chain->payloads[1].offset, 6u);
    EXPECT_EQ(chain->payloads[2].type, PayloadType::NatD);
    EXPECT_TRUE(chain->payloads[2].body.empty());
    EXPECT_EQ(chain->payloads[3].offset, 15u);
    EXPECT_EQ(chain->octets, octets.size());
    EXPECT_EQ(WritePayloadChain(chain->payloads), octets);
}

TEST(PayloadChain, FindsTheFirstAndCountsAll)
{
    PayloadChain chain;
    chain.payloads = {{PayloadType::VendorId, FromHex("01"), 0},
                      {PayloadType::Sa, FromHex("02"), 5},
                      {PayloadType::VendorId, FromHex("03"), 10}};
    ASSERT_NE(chain.Find(PayloadType::VendorId), nullptr);
    EXPECT_EQ(ToHex(chain.Find(PayloadType::VendorId)->body), "01");
    EXPECT_EQ(chain.Count(PayloadType::VendorId), 2u);
    EXPECT_EQ(chain.Find(PayloadType::Ke), nullptr);
    EXPECT_EQ(chain.Count(PayloadType::Ke), 0u);
}

TEST(PayloadChain, EveryTruncationIsRefused)
{
    // bad input 29
    const Octets message = GoodMessage();
    const OctetView chain = OctetView(message).From(ISAKMP_HEADER_OCTETS);
    for (size_t size = 0; size < chain.size(); size++)
    {
        const Result<PayloadChain> result = ParsePayloadChain(PayloadType::Ke, chain.First(size));
        ASSERT_FALSE(result.Ok()) << size << " octets";
        EXPECT_EQ(result.GetFault(), Fault::MalformedPayload) << size << " octets";
    }
}

TEST(PayloadChain, AFirstPayloadOfNoneIsRefused)
{
    // bad input 27
    EXPECT_EQ(RefusalOf(WithOctet(16, 0)), Fault::MalformedPayload);
    EXPECT_FALSE(ParsePayloadChain(PayloadType::None, {}).Ok());
}

TEST(PayloadChain, LengthsBelowTheGenericHeaderAreRefused)
{
    // bad input 28
    for (const char* length : {"0000", "0001", "0002", "0003"})
    {
        const Octets octets = Concat({FromHex("0d00"), FromHex(length), Octets(64, 0)});
        const Result<PayloadChain> chain = ParsePayloadChain(PayloadType::VendorId, octets);
        ASSERT_FALSE(chain.Ok()) << length;
        EXPECT_EQ(chain.GetFault(), Fault::MalformedPayload) << length;
    }
}

TEST(PayloadChain, ALengthPastTheEndIsRefused)
{
    // bad input 29
    for (const char* hex : {"0000000600", "0000ffff00", "00000005"})
    {
        const Octets octets = FromHex(hex);
        const Result<PayloadChain> chain = ParsePayloadChain(PayloadType::VendorId, octets);
        ASSERT_FALSE(chain.Ok()) << hex;
        EXPECT_EQ(chain.GetFault(), Fault::MalformedPayload) << hex;
    }
}

TEST(PayloadChain, AChainThatNeverEndsIsRefused)
{
    // bad input 30, 39: every header announces one more
    Octets octets;
    for (int i = 0; i < 10000; i++)
    {
        const Octets empty = FromHex("0d000004");
        octets.insert(octets.end(), empty.begin(), empty.end());
    }
    const Result<PayloadChain> chain = ParsePayloadChain(PayloadType::VendorId, octets);
    ASSERT_FALSE(chain.Ok());
    EXPECT_EQ(chain.GetFault(), Fault::TooManyPayloads);
}

TEST(PayloadChain, TheLimitItselfIsAccepted)
{
    // bad input 39
    std::vector<RawPayload> payloads(MAX_PAYLOADS, {PayloadType::VendorId, FromHex("01"), 0});
    EXPECT_TRUE(ParsePayloadChain(PayloadType::VendorId, WritePayloadChain(payloads)).Ok());
    payloads.push_back(payloads.front());
    const Result<PayloadChain> chain =
        ParsePayloadChain(PayloadType::VendorId, WritePayloadChain(payloads));
    ASSERT_FALSE(chain.Ok());
    EXPECT_EQ(chain.GetFault(), Fault::TooManyPayloads);
}

TEST(PayloadChain, SaysWhereItEndsSoThatATailIsSeen)
{
    // bad input 31, 32: the receiver of a clear message refuses the tail, of an encrypted one calls
    // it padding
    const Octets octets = FromHex("0000000601020304050607");
    const Result<PayloadChain> chain = ParsePayloadChain(PayloadType::Hash, octets);
    ASSERT_TRUE(chain.Ok());
    EXPECT_EQ(chain->payloads.size(), 1u);
    EXPECT_EQ(chain->octets, 6u);
}

TEST(PayloadChain, AReservedOctetThatIsNotZeroIsRefused)
{
    // bad input 33: strict
    const Octets octets = FromHex("0a000006aabb0001000601ff");
    const Result<PayloadChain> chain = ParsePayloadChain(PayloadType::Ke, octets);
    ASSERT_FALSE(chain.Ok());
    EXPECT_EQ(chain.GetFault(), Fault::ReservedNotZero);
}

TEST(PayloadChain, UnknownTypesBelowThePrivateOnesAreRefused)
{
    // bad input 34
    const Octets octets = FromHex("0000000401020304");
    for (unsigned type = 1; type < 256; type++)
    {
        const bool known = type <= 14 || type == 20 || type == 21 || type >= 128;
        const Result<PayloadChain> first =
            ParsePayloadChain(static_cast<PayloadType>(type), octets);
        const Octets second =
            Concat({OctetView(Octets{static_cast<uint8_t>(type), 0, 0, 4}), OctetView(octets)});
        const Result<PayloadChain> later = ParsePayloadChain(PayloadType::Hash, second);
        ASSERT_EQ(first.Ok(), known) << type;
        ASSERT_EQ(later.Ok(), known) << type;
        if (!known)
        {
            EXPECT_EQ(first.GetFault(), Fault::UnknownPayload) << type;
            EXPECT_EQ(later.GetFault(), Fault::UnknownPayload) << type;
        }
    }
}

TEST(PayloadChain, EmptyBodiesAreKept)
{
    // bad input 40: what an empty payload means is the receiver's business
    for (const PayloadType type : {PayloadType::VendorId, PayloadType::NatD, PayloadType::Notify})
    {
        const Result<PayloadChain> chain = ParsePayloadChain(type, FromHex("00000004"));
        ASSERT_TRUE(chain.Ok());
        EXPECT_TRUE(chain->payloads[0].body.empty());
    }
}

TEST(PayloadChain, ADuplicatedPayloadIsVisible)
{
    // bad input 37
    const std::vector<RawPayload> twice(2, {PayloadType::Sa, FromHex("01"), 0});
    const Result<PayloadChain> chain = ParsePayloadChain(PayloadType::Sa, WritePayloadChain(twice));
    ASSERT_TRUE(chain.Ok());
    EXPECT_EQ(chain->Count(PayloadType::Sa), 2u);
}

TEST(PayloadChain, ABodyIsOpaqueWhateverItHolds)
{
    const Octets inner = WritePayloadChain({{PayloadType::Sa, FromHex("0102"), 0}});
    const Result<PayloadChain> chain = ParsePayloadChain(
        PayloadType::VendorId, WritePayloadChain({{PayloadType::VendorId, inner, 0}}));
    ASSERT_TRUE(chain.Ok());
    ASSERT_EQ(chain->payloads.size(), 1u);
    EXPECT_EQ(chain->payloads[0].body, inner);
}

TEST(IsakmpNames, PayloadsAndExchangesHaveShortNames)
{
    EXPECT_EQ(PayloadName(PayloadType::Sa), "SA");
    EXPECT_EQ(PayloadName(PayloadType::Ke), "KE");
    EXPECT_EQ(PayloadName(PayloadType::Notify), "N");
    EXPECT_EQ(PayloadName(PayloadType::NatD), "NAT-D");
    EXPECT_EQ(PayloadName(static_cast<PayloadType>(133)), "?133");
    EXPECT_EQ(ExchangeName(ExchangeType::MainMode), "main");
    EXPECT_EQ(ExchangeName(ExchangeType::AggressiveMode), "aggressive");
    EXPECT_EQ(ExchangeName(ExchangeType::QuickMode), "quick");
    EXPECT_EQ(ExchangeName(ExchangeType::Informational), "informational");
    EXPECT_EQ(ExchangeName(ExchangeType::Transaction), "transaction");
    EXPECT_EQ(ExchangeName(static_cast<ExchangeType>(37)), "?37");
}

TEST(IsakmpNames, NotifiesHaveTheRfcsNames)
{
    EXPECT_EQ(NotifyName(14), "NO-PROPOSAL-CHOSEN");
    EXPECT_EQ(NotifyName(18), "INVALID-ID-INFORMATION");
    EXPECT_EQ(NotifyName(24578), "INITIAL-CONTACT");
    EXPECT_EQ(NotifyName(36136), "R-U-THERE");
    EXPECT_EQ(NotifyName(40501), "40501");
}

TEST(IsakmpNames, ErrorsEndWhereStatusTypesBegin)
{
    EXPECT_FALSE(IsErrorNotify(0));
    EXPECT_TRUE(IsErrorNotify(1));
    EXPECT_TRUE(IsErrorNotify(30));
    EXPECT_TRUE(IsErrorNotify(8192));
    EXPECT_TRUE(IsErrorNotify(16383));
    EXPECT_FALSE(IsErrorNotify(16384));
    EXPECT_FALSE(IsErrorNotify(24578));
    EXPECT_FALSE(IsErrorNotify(36137));
}

} // namespace
} // namespace ipsec
} // namespace ns3
