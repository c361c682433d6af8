// SPDX-License-Identifier: GPL-2.0-only
#include "key-holder.h"
#include "peer-pair.h"

#include <gtest/gtest.h>

namespace ns3
{
namespace ipsec
{

namespace
{

constexpr uint32_t MESSAGE_ID = 0x01020304;

/// A pair with its tunnel up and an empty wire.
PeerPair
UpPair()
{
    PeerPair pair;
    pair.Acquire(Side::A);
    pair.Settle();
    EXPECT_TRUE(pair.AreTunnelsUp());
    return pair;
}

/// Tells whether everything is as UpPair() left it, and stays so.
bool
IsUntouched(PeerPair pair)
{
    const bool quiet = pair.InFlight() == 0;
    pair.Settle();
    return quiet && pair.IsIkeUp() && pair.AreTunnelsUp();
}

Octets
SpiOctets(uint32_t spi)
{
    OctetWriter writer;
    writer.U32(spi);
    return writer.Take();
}

/// Returns both cookies of the IKE SA: what names it in notifications and deletions.
Octets
Cookies(const PeerPair& pair)
{
    const IkeSaInfo info = pair.End(Side::A).engine.IkeSas().at(0);
    return Concat({info.initiatorCookie, info.responderCookie});
}

/// Returns an SPI on which A receives.
uint32_t
SpiOfA(const PeerPair& pair)
{
    return pair.Sas(Side::A, SaDirection::Inbound).at(0).spi;
}

/// Returns an informational message under the pair's IKE SA, but in clear.
Octets
ClearInformational(const PeerPair& pair, const std::vector<RawPayload>& payloads)
{
    IsakmpHeader header = KeyHolder(pair).Header(ExchangeType::Informational, MESSAGE_ID);
    header.flags = 0;
    return ClearMessage(header, payloads);
}

/// Everything that an informational message could be harmful with.
std::vector<RawPayload>
HarmfulPayloads(const PeerPair& pair)
{
    return {DeleteRaw(ProtocolId::Isakmp, {Cookies(pair)}),
            DeleteRaw(ProtocolId::Esp, {SpiOctets(SpiOfA(pair))}),
            NotifyRaw(NotifyType::InitialContact, Cookies(pair)),
            NotifyRaw(NotifyType::PayloadMalformed),
            NotifyRaw(NotifyType::InvalidSpi, SpiOctets(SpiOfA(pair))),
            NotifyRaw(NotifyType::NoProposalChosen)};
}

} // namespace

// The tools themselves: with the right HASH a deletion works.
TEST(BadInformationalInput, GenuineDeleteWorks)
{
    PeerPair pair = UpPair();
    const KeyHolder holder(pair);
    const uint32_t spi = SpiOfA(pair);
    pair.Inject(Side::B,
                holder.Informational(MESSAGE_ID, {DeleteRaw(ProtocolId::Esp, {SpiOctets(spi)})}));
    EXPECT_TRUE(pair.Sas(Side::B, SaDirection::Outbound).empty());
}

// bad input 77, F18
TEST(BadInformationalInput, ClearMessagesHaveNoEffectOnceAnSaExists)
{
    const PeerPair pair = UpPair();
    for (const RawPayload& payload : HarmfulPayloads(pair))
    {
        for (const Side side : {Side::A, Side::B})
        {
            PeerPair fork = pair;
            const Effects effects = fork.Inject(side, ClearInformational(pair, {payload}));
            EXPECT_TRUE(WasRefused(effects));
            EXPECT_EQ(DroppedFault(effects), Fault::UnauthenticatedNotify);
            EXPECT_TRUE(IsUntouched(fork));
        }
    }
}

// F18
TEST(BadInformationalInput, ClearMessagesHaveNoEffectInAnyStateOfPhase1)
{
    for (size_t delivered = 0; delivered < 9; delivered++)
    {
        PeerPair pair;
        pair.Acquire(Side::A);
        pair.DeliverAll(delivered);
        ASSERT_EQ(pair.InFlight(), 1u);
        IsakmpHeader header = *ParseIsakmpHeader(pair.Next().octets);
        header.exchange = ExchangeType::Informational;
        header.flags = 0;
        header.messageId = MESSAGE_ID;
        const Octets cookies = Concat({header.initiatorCookie, header.responderCookie});
        for (const RawPayload& payload : {NotifyRaw(NotifyType::NoProposalChosen),
                                          NotifyRaw(NotifyType::PayloadMalformed, cookies),
                                          NotifyRaw(NotifyType::InitialContact, cookies),
                                          DeleteRaw(ProtocolId::Isakmp, {cookies})})
        {
            pair.Inject(Side::A, ClearMessage(header, {payload}));
            pair.Inject(Side::B, ClearMessage(header, {payload}));
        }
        EXPECT_EQ(pair.InFlight(), 1u) << "something was answered";
        pair.Settle();
        EXPECT_TRUE(pair.AreTunnelsUp()) << delivered;
    }
}

// bad input 78
TEST(BadInformationalInput, WrongHashesAreRefused)
{
    const PeerPair pair = UpPair();
    const KeyHolder holder(pair);
    for (const RawPayload& payload : HarmfulPayloads(pair))
    {
        RawPayload wrong = holder.Hash(MESSAGE_ID, {}, {payload});
        wrong.body[0] ^= 1;
        RawPayload shorter = holder.Hash(MESSAGE_ID, {}, {payload});
        shorter.body.pop_back();
        for (const RawPayload& hash : {wrong,
                                       shorter,
                                       holder.Hash(MESSAGE_ID + 1, {}, {payload}),
                                       RawPayload{PayloadType::Hash, {}}})
        {
            PeerPair fork = pair;
            const Effects effects =
                fork.Inject(Side::B,
                            holder.Seal(holder.Header(ExchangeType::Informational, MESSAGE_ID),
                                        {hash, payload},
                                        holder.FirstIv(MESSAGE_ID)));
            EXPECT_EQ(DroppedFault(effects), Fault::BadHash);
            EXPECT_TRUE(IsUntouched(fork));
        }
    }
}

// bad input 77: encrypted, but without HASH
TEST(BadInformationalInput, MissingHashIsRefused)
{
    const PeerPair pair = UpPair();
    const KeyHolder holder(pair);
    for (const RawPayload& payload : HarmfulPayloads(pair))
    {
        PeerPair fork = pair;
        const Effects effects =
            fork.Inject(Side::B,
                        holder.Seal(holder.Header(ExchangeType::Informational, MESSAGE_ID),
                                    {payload},
                                    holder.FirstIv(MESSAGE_ID)));
        EXPECT_TRUE(WasRefused(effects));
        EXPECT_TRUE(IsUntouched(fork));
    }
}

// bad input 23
TEST(BadInformationalInput, MessageIdOfZeroIsRefused)
{
    PeerPair pair = UpPair();
    const KeyHolder holder(pair);
    const Effects effects = pair.Inject(
        Side::B, holder.Informational(0, {DeleteRaw(ProtocolId::Isakmp, {Cookies(pair)})}));
    EXPECT_EQ(DroppedFault(effects), Fault::BadMessageId);
    EXPECT_TRUE(IsUntouched(pair));
}

// bad input 79
TEST(BadInformationalInput, UnknownCookiesAreRefused)
{
    const PeerPair pair = UpPair();
    const KeyHolder holder(pair);
    for (const RawPayload& payload : HarmfulPayloads(pair))
    {
        for (const size_t offset : {0, 8})
        {
            PeerPair fork = pair;
            Octets message = holder.Informational(MESSAGE_ID, {payload});
            message[offset] ^= 1;
            EXPECT_EQ(DroppedFault(fork.Inject(Side::B, message)), Fault::NoSuchExchange);
            Octets clear = ClearInformational(pair, {payload});
            clear[offset] ^= 1;
            EXPECT_EQ(DroppedFault(fork.Inject(Side::B, clear)), Fault::NoSuchExchange);
            EXPECT_TRUE(IsUntouched(fork));
        }
    }
}

// bad input 80
TEST(BadInformationalInput, MalformedNotificationsAreRefused)
{
    const PeerPair pair = UpPair();
    const KeyHolder holder(pair);
    for (const char* hex :
         {"", "00000001", "00000001 01", "00000001 01ff 6002", "00000009 0100 6002"})
    {
        PeerPair fork = pair;
        const Effects effects = fork.Inject(
            Side::B, holder.Informational(MESSAGE_ID, {{PayloadType::Notify, FromHex(hex)}}));
        EXPECT_TRUE(WasRefused(effects)) << hex;
        EXPECT_TRUE(IsUntouched(fork)) << hex;
    }
}

// bad input 80
TEST(BadInformationalInput, UnknownNotificationsHaveNoEffect)
{
    const PeerPair pair = UpPair();
    const KeyHolder holder(pair);
    for (const int type : {0, 8191, 8192, 16384, 24577, 40501, 65535})
    {
        PeerPair fork = pair;
        fork.Inject(Side::B,
                    holder.Informational(MESSAGE_ID,
                                         {NotifyRaw(static_cast<NotifyType>(type), Octets(3, 1))}));
        EXPECT_TRUE(IsUntouched(fork)) << type;
    }
}

// RFC 2408 section 5.14, RFC 2409 section 9: never a notification for a notification
TEST(BadInformationalInput, NoNotificationIsEverAnsweredWithOne)
{
    const PeerPair up = UpPair();
    PeerPair busy;
    busy.Acquire(Side::A);
    busy.DeliverAll(6);
    busy.LoseAll();
    for (const PeerPair* pair : {&up, static_cast<const PeerPair*>(&busy)})
    {
        const KeyHolder holder(*pair);
        for (int type = 0; type <= 40; type++)
        {
            for (const Octets& spi : {Octets{}, Octets(4, 0), Octets(4, 0x55)})
            {
                PeerPair fork = *pair;
                const RawPayload notify = NotifyRaw(static_cast<NotifyType>(type), spi);
                fork.Inject(Side::A, holder.Informational(MESSAGE_ID, {notify}));
                fork.Inject(Side::B, holder.Informational(MESSAGE_ID, {notify}));
                EXPECT_EQ(fork.InFlight(), 0u) << type;
            }
        }
    }
}

// bad input 81
TEST(BadInformationalInput, DeletesWhoseCountsContradictThemselvesAreRefused)
{
    const PeerPair pair = UpPair();
    const KeyHolder holder(pair);
    const std::string spi = ToHex(SpiOctets(SpiOfA(pair)));
    for (const std::string& hex : {"00000001 0304 ffff " + spi,
                                   "00000001 0304 0000 " + spi,
                                   "00000001 0300 0001 " + spi,
                                   "00000001 03ff 0001 " + spi,
                                   "00000001 0304 0002 " + spi,
                                   "00000001 0110 0001 " + spi,
                                   "00000001 6304 0001 " + spi,
                                   std::string("00000001 03"),
                                   std::string()})
    {
        PeerPair fork = pair;
        fork.Inject(Side::B,
                    holder.Informational(MESSAGE_ID, {{PayloadType::Delete, FromHex(hex)}}));
        EXPECT_TRUE(IsUntouched(fork)) << hex;
    }
}

// bad input 82
TEST(BadInformationalInput, DeleteForAnSpiOfAnotherPeerIsIgnored)
{
    // A has tunnels with B and with a third gateway C.
    EngineConfig a = SiteConfig(Side::A);
    a.peers.push_back(a.peers[0]);
    a.peers[1].name = "third";
    a.peers[1].remoteAddress = IpAddress::Parse("192.0.2.3");
    a.peers[1].children[0].proxyId.remote = Prefix::Parse("10.3.0.0/24");
    EngineConfig c = SiteConfig(Side::B);
    c.peers[0].localAddress = IpAddress::Parse("192.0.2.3");
    c.peers[0].children[0].proxyId.local = Prefix::Parse("10.3.0.0/24");
    PeerPair withB(a, SiteConfig(Side::B));
    withB.Acquire(Side::A);
    withB.Settle();
    ASSERT_TRUE(withB.AreTunnelsUp());
    PeerPair withC(a, c, 5);
    withC.End(Side::A).engine = withB.End(Side::A).engine;
    withC.Initiate(Side::A, 1);
    withC.Settle();
    ASSERT_TRUE(withC.AreTunnelsUp());

    // B tells A to delete what belongs to C.
    const uint32_t spi = withC.Sas(Side::A, SaDirection::Outbound).at(0).spi;
    const Octets message =
        KeyHolder(withB).Informational(MESSAGE_ID, {DeleteRaw(ProtocolId::Esp, {SpiOctets(spi)})});
    withC.InjectFrom({IpAddress::Parse("192.0.2.2"), IKE_PORT}, Side::A, message);
    EXPECT_TRUE(withC.AreTunnelsUp());

    // C itself may.
    withC.Terminate(Side::B);
    withC.Settle();
    EXPECT_TRUE(withC.End(Side::A).sas.empty());
}

// bad input 82: a deletion names SPIs on which its sender received
TEST(BadInformationalInput, DeleteForOtherSpisIsIgnored)
{
    const PeerPair pair = UpPair();
    const KeyHolder holder(pair);
    const uint32_t ofB = pair.Sas(Side::B, SaDirection::Inbound).at(0).spi;
    for (const uint32_t spi : {SpiOfA(pair) + 1, 256u, 0u, ofB})
    {
        PeerPair fork = pair;
        fork.Inject(
            Side::B,
            holder.Informational(MESSAGE_ID, {DeleteRaw(ProtocolId::Esp, {SpiOctets(spi)})}));
        EXPECT_TRUE(IsUntouched(fork)) << spi;
    }
}

// bad input 83
TEST(BadInformationalInput, DeleteOfTheIkeSaEndsTheMessageItCameIn)
{
    PeerPair pair = UpPair();
    const KeyHolder holder(pair);
    const RawPayload ofSa = DeleteRaw(ProtocolId::Isakmp, {Cookies(pair), Cookies(pair)});
    const RawPayload ofEsp = DeleteRaw(ProtocolId::Esp, {SpiOctets(SpiOfA(pair))});
    const Octets message =
        holder.Informational(MESSAGE_ID, {ofSa, ofSa, ofEsp, NotifyRaw(NotifyType::InvalidSpi)});
    pair.Inject(Side::B, message);
    EXPECT_TRUE(pair.End(Side::B).engine.IkeSas().empty());
    EXPECT_TRUE(WasRefused(pair.Inject(Side::B, message)));
    EXPECT_EQ(pair.Seen<IkeSaDown>(Side::B).size(), 1u);
}

// bad input 83
TEST(BadInformationalInput, TheSameDeleteTwiceIsTheSameAsOnce)
{
    PeerPair pair = UpPair();
    const KeyHolder holder(pair);
    const RawPayload deletion = DeleteRaw(ProtocolId::Esp, {SpiOctets(SpiOfA(pair))});
    pair.Inject(Side::B, holder.Informational(MESSAGE_ID, {deletion, deletion}));
    pair.Inject(Side::B, holder.Informational(MESSAGE_ID + 1, {deletion}));
    EXPECT_TRUE(pair.Sas(Side::B, SaDirection::Outbound).empty());
    EXPECT_TRUE(pair.IsIkeUp());
}

// bad input 24
TEST(BadInformationalInput, ReplayedMessageIsRefused)
{
    PeerPair pair = UpPair();
    const KeyHolder holder(pair);
    const Octets message = holder.Informational(MESSAGE_ID, {NotifyRaw(NotifyType::ReplayStatus)});
    pair.Inject(Side::B, message);
    EXPECT_EQ(DroppedFault(pair.Inject(Side::B, message)), Fault::Duplicate);
    EXPECT_TRUE(IsUntouched(pair));
}

// bad input 84
TEST(BadInformationalInput, InitialContactInClearIsIgnored)
{
    PeerPair pair = UpPair();
    pair.Inject(Side::B,
                ClearInformational(pair, {NotifyRaw(NotifyType::InitialContact, Cookies(pair))}));
    EXPECT_TRUE(IsUntouched(pair));
}

// bad input 84, F27
TEST(BadInformationalInput, AuthenticatedInitialContactRemovesOnlyOlderSas)
{
    PeerPair pair = UpPair();
    const std::map<SaKey, IpsecSa> old = pair.End(Side::B).sas;
    // A loses its memory and calls again.
    PeerPair reborn("pre-g1-des-md5", "nopfs-esp-des-md5", 7);
    pair.End(Side::A).engine = reborn.End(Side::A).engine;
    pair.End(Side::A).random = reborn.End(Side::A).random;
    pair.End(Side::A).sas.clear();
    pair.Acquire(Side::A);
    pair.Settle();
    EXPECT_TRUE(pair.IsIkeUp());
    EXPECT_TRUE(pair.AreTunnelsUp());
    for (const auto& [key, sa] : old)
    {
        EXPECT_EQ(pair.End(Side::B).sas.count(key), 0u);
    }
}

// bad input 85
TEST(BadInformationalInput, DpdMessagesThatNobodyAskedForHaveNoEffect)
{
    const PeerPair pair = UpPair();
    const KeyHolder holder(pair);
    for (const NotifyType type : {NotifyType::RUThere, NotifyType::RUThereAck})
    {
        PeerPair fork = pair;
        fork.Inject(Side::B, ClearInformational(pair, {NotifyRaw(type, Cookies(pair))}));
        EXPECT_TRUE(IsUntouched(fork));
        fork.Inject(Side::B, holder.Informational(MESSAGE_ID, {NotifyRaw(type, Cookies(pair))}));
        fork.LoseAll();
        EXPECT_TRUE(IsUntouched(fork));
    }
}

// bad input 89, 90
TEST(BadInformationalInput, ExchangesThatAreNotConfiguredAreRefused)
{
    const PeerPair pair = UpPair();
    const KeyHolder holder(pair);
    for (const ExchangeType exchange : {ExchangeType::Transaction, ExchangeType::NewGroupMode})
    {
        PeerPair fork = pair;
        const std::vector<RawPayload> payloads = {{PayloadType::Attributes, Octets(4, 1)}};
        std::vector<RawPayload> all = payloads;
        all.insert(all.begin(), holder.Hash(MESSAGE_ID, {}, payloads));
        const Octets message =
            holder.Seal(holder.Header(exchange, MESSAGE_ID), all, holder.FirstIv(MESSAGE_ID));
        EXPECT_EQ(DroppedFault(fork.Inject(Side::B, message)), Fault::ExchangeRefused);
        EXPECT_TRUE(IsUntouched(fork));
    }
}

} // namespace ipsec
} // namespace ns3
