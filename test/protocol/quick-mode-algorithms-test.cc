// SPDX-License-Identifier: GPL-2.0-only
#include "key-holder.h"
#include "peer-pair.h"

#include "ns3/crypto-hash.h"

#include <gtest/gtest.h>

namespace ns3
{
namespace ipsec
{

namespace
{

/// Runs with either side starting.
class QuickModeAlgorithms : public testing::TestWithParam<Side>
{
  protected:
    /// A pair with these proposals that has done all it can.
    PeerPair
    SettledPair(const std::string& phase2) const
    {
        PeerPair pair("pre-g1-des-md5", phase2);
        pair.Acquire(m_initiator);
        pair.Settle();
        return pair;
    }

    const Side m_initiator = GetParam();
};

INSTANTIATE_TEST_SUITE_P(EitherSideStarts,
                         QuickModeAlgorithms,
                         testing::Values(Side::A, Side::B),
                         testing::PrintToStringParamName());

/// Computes KEYMAT without PFS from what SKEYID_d and the wire tell (RFC 2409 section 5.5).
Octets
KeymatOf(const PeerPair& pair, ProtocolId protocol, uint32_t spi, size_t octets)
{
    const KeyHolder holder(pair);
    const IkeSaInfo ike = pair.End(Side::A).engine.IkeSas().at(0);
    const Octets& qm1 = pair.Sent().at(6).octets;
    const Octets& qm2 = pair.Sent().at(7).octets;
    const Octets iv = holder.FirstIv(ParseIsakmpHeader(qm1)->messageId);
    OctetWriter seed;
    seed.U8(static_cast<uint8_t>(protocol)).U32(spi);
    seed.Append(BodyOf(holder.Open(qm1, iv), PayloadType::Nonce));
    seed.Append(BodyOf(holder.Open(qm2, holder.IvAfter(qm1)), PayloadType::Nonce));
    const Octets tail = seed.Take();
    Octets keymat;
    Octets block;
    while (keymat.size() < octets)
    {
        block = Hmac(ike.proposal.hash, ike.skeyidD.View(), {block, tail});
        keymat.insert(keymat.end(), block.begin(), block.end());
    }
    keymat.resize(octets);
    return keymat;
}

std::string
AgreedProposal(const PeerPair& pair, size_t pairs)
{
    return pair.AreTunnelsUp(pairs) ? pair.Sas(Side::A, SaDirection::Inbound)[0].proposal : "none";
}

/// How long what follows the cipher is, and what the proposal is called.
struct KeyLengths
{
    const char* proposal;
    size_t cipher;
    size_t integrity;
};

} // namespace

// Covers QM-03, QM-09.
TEST_P(QuickModeAlgorithms, EveryNewEspProposalEstablishes)
{
    for (const char* proposal : {"nopfs-esp-aes128gcm",
                                 "g1-esp-aes256gcm",
                                 "nopfs-esp-aes128ctr-md5",
                                 "nopfs-esp-aes192ctr-sha",
                                 "nopfs-esp-aes256ctr-sha512",
                                 "nopfs-esp-null-sha256"})
    {
        EXPECT_EQ(AgreedProposal(SettledPair(proposal), 1), proposal);
    }
}

// Covers QM-03, QM-09.
TEST_P(QuickModeAlgorithms, EveryAhProposalAndBundleEstablishes)
{
    for (const std::string hash : {"md5", "sha", "sha256", "sha384", "sha512"})
    {
        const std::string ah = "nopfs-ah-" + hash;
        EXPECT_EQ(AgreedProposal(SettledPair(ah), 1), ah);
        for (const char* esp :
             {"null-md5", "3des-sha", "aes256-sha256", "aes128ctr-sha", "aes128gcm"})
        {
            const std::string bundle = ah + "+esp-" + esp;
            EXPECT_EQ(AgreedProposal(SettledPair(bundle), 2), bundle);
        }
    }
}

// Covers QM-09. RFC 3686 section 5.1, RFC 4106 section 8.1: the salt follows the cipher's key.
TEST_P(QuickModeAlgorithms, KeymatIsKeyThenSaltThenIntegrityKey)
{
    for (const KeyLengths& row : {KeyLengths{"nopfs-esp-aes128gcm", 20, 0},
                                  KeyLengths{"nopfs-esp-aes256gcm", 36, 0},
                                  KeyLengths{"nopfs-esp-aes128ctr-sha", 20, 20},
                                  KeyLengths{"nopfs-esp-aes192ctr-sha256", 28, 32},
                                  KeyLengths{"nopfs-esp-aes256ctr-md5", 36, 16},
                                  KeyLengths{"nopfs-esp-aes256-sha", 32, 20},
                                  KeyLengths{"nopfs-esp-null-sha512", 0, 64},
                                  KeyLengths{"nopfs-ah-sha384", 0, 48}})
    {
        const PeerPair pair = SettledPair(row.proposal);
        ASSERT_TRUE(pair.AreTunnelsUp()) << row.proposal;
        for (const Side side : {Side::A, Side::B})
        {
            const IpsecSa sa = pair.Sas(side, SaDirection::Inbound).at(0);
            const Octets keymat = KeymatOf(pair, sa.protocol, sa.spi, row.cipher + row.integrity);
            EXPECT_EQ(sa.cipherKey.View(), OctetView(keymat).First(row.cipher)) << row.proposal;
            EXPECT_EQ(sa.integrityKey.View(), OctetView(keymat).From(row.cipher)) << row.proposal;
        }
    }
}

// Covers QM-18. The protocol and the SPI of each SA are in its own KEYMAT.
TEST_P(QuickModeAlgorithms, EachSaOfABundleHasKeymatOfItsOwn)
{
    const PeerPair pair = SettledPair("nopfs-ah-sha+esp-aes128gcm");
    ASSERT_TRUE(pair.AreTunnelsUp(2));
    for (const Side side : {Side::A, Side::B})
    {
        for (const IpsecSa& sa : pair.Sas(side, SaDirection::Inbound))
        {
            const Octets keymat = KeymatOf(pair, sa.protocol, sa.spi, 20);
            const SecretBytes& key = sa.protocol == ProtocolId::Ah ? sa.integrityKey : sa.cipherKey;
            EXPECT_EQ(key.View(), OctetView(keymat));
        }
    }
}

TEST_P(QuickModeAlgorithms, OldTruncationOfSha256IsAHabitOfOneEnd)
{
    for (const std::string proposal :
         {"nopfs-esp-aes128-sha256", "nopfs-ah-sha256", "nopfs-esp-aes128-sha"})
    {
        EngineConfig a = SiteConfig(Side::A, "pre-g1-des-md5", proposal);
        a.peers[0].personality.Edit().truncateSha256To96 = true;
        PeerPair pair(a, SiteConfig(Side::B, "pre-g1-des-md5", proposal));
        pair.Acquire(m_initiator);
        pair.Settle();
        const bool isSha256 = proposal != "nopfs-esp-aes128-sha";
        for (const auto& [key, sa] : pair.End(Side::A).sas)
        {
            EXPECT_EQ(sa.integrity,
                      isSha256 ? IntegrityId::HmacSha256_96 : IntegrityId::HmacSha1_96);
            EXPECT_EQ(sa.integrityKey.size(), isSha256 ? 32u : 20u);
            EXPECT_EQ(sa.proposal, proposal);
        }
        for (const auto& [key, sa] : pair.End(Side::B).sas)
        {
            EXPECT_EQ(sa.integrity,
                      isSha256 ? IntegrityId::HmacSha256_128 : IntegrityId::HmacSha1_96);
        }
        EXPECT_EQ(pair.AreTunnelsUp(), !isSha256);
    }
}

// RFC 4304
TEST_P(QuickModeAlgorithms, ExtendedSequenceNumbersComeToBothEndsOrNone)
{
    const ExtendedSequence wishes[] = {
        ExtendedSequence::Off, ExtendedSequence::Prefer, ExtendedSequence::Require};
    for (const ExtendedSequence ofA : wishes)
    {
        for (const ExtendedSequence ofB : wishes)
        {
            EngineConfig a = SiteConfig(Side::A);
            EngineConfig b = SiteConfig(Side::B);
            a.peers[0].children[0].extendedSequence = ofA;
            b.peers[0].children[0].extendedSequence = ofB;
            PeerPair pair(a, b);
            pair.Acquire(m_initiator);
            pair.Settle();
            const bool anyOff = ofA == ExtendedSequence::Off || ofB == ExtendedSequence::Off;
            const bool anyRequired =
                ofA == ExtendedSequence::Require || ofB == ExtendedSequence::Require;
            EXPECT_EQ(pair.AreTunnelsUp(), !(anyOff && anyRequired));
            for (const Side side : {Side::A, Side::B})
            {
                for (const auto& [key, sa] : pair.End(side).sas)
                {
                    EXPECT_EQ(sa.extendedSequence, !anyOff);
                }
            }
        }
    }
}

// Covers QM-16.
TEST_P(QuickModeAlgorithms, TransportModeGoesWithAhAndBundlesToo)
{
    for (const std::string proposal : {"nopfs-ah-md5", "nopfs-ah-md5+esp-3des-sha"})
    {
        EngineConfig a = SiteConfig(Side::A, "pre-g1-des-md5", proposal);
        EngineConfig b = SiteConfig(Side::B, "pre-g1-des-md5", proposal);
        ChildConfig& ofA = a.peers[0].children[0];
        ChildConfig& ofB = b.peers[0].children[0];
        ofA.proxyId = {Prefix{a.peers[0].localAddress, 32}, Prefix{b.peers[0].localAddress, 32}};
        ofB.proxyId = ofA.proxyId.Mirror();
        ofA.mode = EncapsulationMode::Transport;
        PeerPair different(a, b);
        different.Acquire(m_initiator);
        different.Settle();
        EXPECT_EQ(different.Seen<AcquireFailed>(m_initiator).at(0).notify, 14);
        ofB.mode = EncapsulationMode::Transport;
        PeerPair same(a, b);
        same.Acquire(m_initiator);
        same.Settle();
        EXPECT_EQ(AgreedProposal(same, proposal == "nopfs-ah-md5" ? 1 : 2), proposal);
    }
}

} // namespace ipsec
} // namespace ns3
