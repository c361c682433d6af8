// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/crypto-work.h"

#include <gtest/gtest.h>

namespace ns3
{
namespace ipsec
{
namespace
{

/// Names one kind of work with an algorithm of an enumeration.
template <typename Id>
WorkKey
KeyOf(WorkKind kind, Id id)
{
    return {kind, static_cast<uint16_t>(id)};
}

TEST(Work, AmountsOfOneKindAddUp)
{
    Work work;
    work.Add(WorkKind::DhKeygen, 2);
    work.Add(WorkKind::DhKeygen, 2, 3);
    work.Add(WorkKind::DhKeygen, 14);
    ASSERT_EQ(work.Items().size(), 2U);
    EXPECT_EQ(work.Amount({WorkKind::DhKeygen, 2}), 4U);
    EXPECT_EQ(work.Amount({WorkKind::DhKeygen, 14}), 1U);
}

TEST(Work, KindsWithTheSameParameterStayApart)
{
    Work work;
    work.Add(WorkKind::DhKeygen, 2);
    work.Add(WorkKind::DhDerive, 2);
    EXPECT_EQ(work.Items().size(), 2U);
}

TEST(Work, OfTwoInputsAddsUp)
{
    Work first;
    first.Add(WorkKind::Prf, 1, 5);
    Work second;
    second.Add(WorkKind::Prf, 1, 2);
    second.Add(WorkKind::CipherOctets, 3, 1400);
    first.Add(second);
    EXPECT_EQ(first.Amount({WorkKind::Prf, 1}), 7U);
    EXPECT_EQ(first.Amount({WorkKind::CipherOctets, 3}), 1400U);
}

TEST(Work, NothingIsNoItem)
{
    Work work;
    work.Add(WorkKind::IcvOctets, 1, 0);
    EXPECT_TRUE(work.Items().empty());
}

TEST(WorkKey, IsNamedAfterKindAndAlgorithm)
{
    EXPECT_EQ((WorkKey{WorkKind::DhKeygen, 2}.ToString()), "DhKeygen/g2");
    EXPECT_EQ((WorkKey{WorkKind::DhDerive, 14}.ToString()), "DhDerive/g14");
    EXPECT_EQ(KeyOf(WorkKind::Prf, HashId::Sha1).ToString(), "Prf/sha");
    EXPECT_EQ(KeyOf(WorkKind::CipherOctets, CipherId::Aes128).ToString(), "CipherOctets/aes128");
    EXPECT_EQ(KeyOf(WorkKind::IcvOctets, IntegrityId::HmacSha256_128).ToString(),
              "IcvOctets/sha256");
    EXPECT_EQ((WorkKey{WorkKind::RsaSign, 2048}.ToString()), "RsaSign/2048");
    EXPECT_EQ((WorkKey{WorkKind::RsaVerify, 2048}.ToString()), "RsaVerify/2048");
    EXPECT_EQ((WorkKey{WorkKind::RsaEncrypt, 1024}.ToString()), "RsaEncrypt/1024");
    EXPECT_EQ((WorkKey{WorkKind::RsaDecrypt, 1024}.ToString()), "RsaDecrypt/1024");
    EXPECT_EQ((WorkKey{WorkKind::DsaSign, 1024}.ToString()), "DsaSign/1024");
    EXPECT_EQ((WorkKey{WorkKind::DsaVerify, 1024}.ToString()), "DsaVerify/1024");
    EXPECT_EQ((WorkKey{WorkKind::EcdsaSign, 256}.ToString()), "EcdsaSign/256");
    EXPECT_EQ((WorkKey{WorkKind::EcdsaVerify, 384}.ToString()), "EcdsaVerify/384");
}

} // namespace
} // namespace ipsec
} // namespace ns3
