// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/isakmp-sa-payload.h"

#include <gtest/gtest.h>
#include <optional>

namespace ns3
{
namespace ipsec
{
namespace
{

/// A phase 1 offer with two transforms, as octets on the wire.
const char* const PHASE1 = "00000001 00000001"
                           "00000044 01010002"
                           "03000020 01010000 80010005 80020002 80030001 80040002 800b0001 800c7080"
                           "0000001c 02010000 80010001 80020001 80030001 80040001 800b0001";

/// A phase 2 offer with two proposals of one number, ESP and AH, as octets on the wire.
const char* const PHASE2 = "00000001 00000001"
                           "02000018 01030401 c0ffee01 0000000c 01030000 80040001"
                           "00000018 01020401 c0ffee02 0000000c 01030000 80040001";

std::optional<Fault>
RefusalOf(OctetView body)
{
    const Result<SaPayload> sa = ParseSaPayload(body);
    return sa ? std::nullopt : std::optional<Fault>(sa.GetFault());
}

/// The octets of @p hex with one of them replaced.
Octets
WithOctet(const char* hex, size_t position, uint8_t value)
{
    Octets octets = FromHex(hex);
    octets.at(position) = value;
    return octets;
}

/// An SA payload of @p proposals proposals with @p transforms empty transforms each.
SaPayload
BigOffer(size_t proposals, size_t transforms)
{
    ProposalPayload proposal;
    proposal.transforms.assign(transforms, {1, KEY_IKE, {}});
    SaPayload sa;
    sa.proposals.assign(proposals, proposal);
    return sa;
}

TEST(SaPayload, APhase1OfferGoesRound)
{
    const Octets body = FromHex(PHASE1);
    const Result<SaPayload> sa = ParseSaPayload(body);
    ASSERT_TRUE(sa.Ok());
    EXPECT_EQ(sa->doi, DOI_IPSEC);
    EXPECT_EQ(sa->situation, SIT_IDENTITY_ONLY);
    ASSERT_EQ(sa->proposals.size(), 1u);
    const ProposalPayload& proposal = sa->proposals[0];
    EXPECT_EQ(proposal.number, 1);
    EXPECT_EQ(proposal.protocol, ProtocolId::Isakmp);
    EXPECT_TRUE(proposal.spi.empty());
    ASSERT_EQ(proposal.transforms.size(), 2u);
    EXPECT_EQ(proposal.transforms[0].number, 1);
    EXPECT_EQ(proposal.transforms[0].id, KEY_IKE);
    EXPECT_EQ(proposal.transforms[0].attributes.size(), 6u);
    EXPECT_EQ(proposal.transforms[1].number, 2);
    EXPECT_EQ(proposal.transforms[1].attributes.size(), 5u);
    EXPECT_EQ(WriteSaPayload(*sa), body);
}

TEST(SaPayload, ProposalsThatBelongTogetherGoRound)
{
    const Octets body = FromHex(PHASE2);
    const Result<SaPayload> sa = ParseSaPayload(body);
    ASSERT_TRUE(sa.Ok());
    ASSERT_EQ(sa->proposals.size(), 2u);
    EXPECT_EQ(sa->proposals[0].number, sa->proposals[1].number);
    EXPECT_EQ(sa->proposals[0].protocol, ProtocolId::Esp);
    EXPECT_EQ(ToHex(sa->proposals[0].spi), "c0ffee01");
    EXPECT_EQ(sa->proposals[1].protocol, ProtocolId::Ah);
    EXPECT_EQ(ToHex(sa->proposals[1].spi), "c0ffee02");
    EXPECT_EQ(WriteSaPayload(*sa), body);
}

TEST(SaPayload, EveryTruncationIsRefused)
{
    // bad input 43
    for (const char* hex : {PHASE1, PHASE2})
    {
        const Octets body = FromHex(hex);
        for (size_t size = 0; size < body.size(); size++)
        {
            EXPECT_EQ(RefusalOf(OctetView(body).First(size)), Fault::BadProposalSyntax)
                << size << " octets";
        }
    }
}

TEST(SaPayload, ATailIsRefused)
{
    for (const char* hex : {PHASE1, PHASE2})
    {
        const Octets body = FromHex(hex);
        EXPECT_EQ(RefusalOf(Concat({body, FromHex("00")})), Fault::BadProposalSyntax);
        EXPECT_EQ(RefusalOf(Concat({body, OctetView(body).From(8)})), Fault::BadProposalSyntax);
    }
}

TEST(SaPayload, OtherDoisAreRefused)
{
    // bad input 41
    EXPECT_EQ(RefusalOf(WithOctet(PHASE1, 3, 0)), Fault::UnsupportedDoi);
    EXPECT_EQ(RefusalOf(WithOctet(PHASE1, 3, 2)), Fault::UnsupportedDoi);
    EXPECT_EQ(RefusalOf(WithOctet(PHASE1, 0, 0xff)), Fault::UnsupportedDoi);
}

TEST(SaPayload, OtherSituationsAreRefused)
{
    // bad input 42: secrecy, integrity, all bits, none
    for (const uint8_t situation : {0x02, 0x03, 0x04, 0x05, 0xff, 0x00})
    {
        EXPECT_EQ(RefusalOf(WithOctet(PHASE1, 7, situation)), Fault::UnsupportedSituation);
    }
    EXPECT_EQ(RefusalOf(FromHex("00000001ffffffff")), Fault::UnsupportedSituation);
}

TEST(SaPayload, ReservedFieldsMustBeZero)
{
    // bad input 33: of a proposal, of a transform, RESERVED2 in both octets
    EXPECT_EQ(RefusalOf(WithOctet(PHASE1, 9, 1)), Fault::ReservedNotZero);
    EXPECT_EQ(RefusalOf(WithOctet(PHASE1, 17, 1)), Fault::ReservedNotZero);
    EXPECT_EQ(RefusalOf(WithOctet(PHASE1, 22, 1)), Fault::ReservedNotZero);
    EXPECT_EQ(RefusalOf(WithOctet(PHASE1, 23, 1)), Fault::ReservedNotZero);
}

TEST(SaPayload, AnyOtherProposalLengthIsRefused)
{
    // bad input 44: zero, below the minimum, beyond the parent, short of it
    for (unsigned length = 0; length < 256; length++)
    {
        if (length == 0x44)
        {
            continue;
        }
        EXPECT_EQ(RefusalOf(WithOctet(PHASE1, 11, static_cast<uint8_t>(length))),
                  Fault::BadProposalSyntax)
            << length;
    }
    EXPECT_EQ(RefusalOf(WithOctet(PHASE1, 10, 0xff)), Fault::BadProposalSyntax);
}

TEST(SaPayload, AnyOtherTransformLengthIsRefused)
{
    // bad input 44: siblings that overlap or leave a gap
    for (unsigned length = 0; length < 256; length++)
    {
        if (length == 0x20)
        {
            continue;
        }
        const std::optional<Fault> first =
            RefusalOf(WithOctet(PHASE1, 19, static_cast<uint8_t>(length)));
        EXPECT_TRUE(first.has_value()) << length;
    }
    for (unsigned length = 0; length < 256; length++)
    {
        if (length == 0x1c)
        {
            continue;
        }
        EXPECT_EQ(RefusalOf(WithOctet(PHASE1, 51, static_cast<uint8_t>(length))),
                  Fault::BadProposalSyntax)
            << length;
    }
}

TEST(SaPayload, CountsThatContradictAreRefused)
{
    // bad input 45
    for (unsigned count = 0; count < 256; count++)
    {
        const std::optional<Fault> refusal =
            RefusalOf(WithOctet(PHASE1, 15, static_cast<uint8_t>(count)));
        if (count == 2)
        {
            EXPECT_FALSE(refusal);
            continue;
        }
        EXPECT_EQ(refusal, Fault::BadProposalSyntax) << count;
    }
}

TEST(SaPayload, NextPayloadsThatContradictAreRefused)
{
    // bad input 46: after a proposal only 0 or 2, after a transform only 0 or 3, the last is 0
    for (unsigned next = 1; next < 256; next++)
    {
        const uint8_t value = static_cast<uint8_t>(next);
        EXPECT_EQ(RefusalOf(WithOctet(PHASE1, 8, value)), Fault::BadProposalSyntax) << next;
        EXPECT_EQ(RefusalOf(WithOctet(PHASE1, 48, value)), Fault::BadProposalSyntax) << next;
    }
    for (unsigned next = 0; next < 256; next++)
    {
        const uint8_t value = static_cast<uint8_t>(next);
        if (value != 2)
        {
            EXPECT_EQ(RefusalOf(WithOctet(PHASE2, 8, value)), Fault::BadProposalSyntax) << next;
        }
        if (value != 3)
        {
            EXPECT_EQ(RefusalOf(WithOctet(PHASE1, 16, value)), Fault::BadProposalSyntax) << next;
        }
    }
}

TEST(SaPayload, NestedPayloadsInsideATransformAreAttributes)
{
    // bad input 47: what looks like a proposal there is read as attributes, and these do not fit
    const Octets body = FromHex("00000001 00000001 0000001c 01010001"
                                "00000014 01010000"
                                "0000000c 01010001 00000004");
    EXPECT_EQ(RefusalOf(body), Fault::BadProposalSyntax);
}

TEST(SaPayload, NoProposalAndNoTransformAreRefused)
{
    // bad input 43, 45
    EXPECT_EQ(RefusalOf(FromHex("0000000100000001")), Fault::BadProposalSyntax);
    EXPECT_EQ(RefusalOf(FromHex("0000000100000001 0000000801010000")), Fault::BadProposalSyntax);
}

TEST(SaPayload, OneProposalMayHoldTheMostTransforms)
{
    // bad input 48: the count has eight bits
    EXPECT_FALSE(RefusalOf(WriteSaPayload(BigOffer(1, 255))));
    EXPECT_FALSE(RefusalOf(WriteSaPayload(BigOffer(2, 128))));
}

TEST(SaPayload, MoreTransformsThanTheLimitAreRefused)
{
    // bad input 48
    EXPECT_EQ(RefusalOf(WriteSaPayload(BigOffer(2, 129))), Fault::BadProposalSyntax);
    EXPECT_EQ(RefusalOf(WriteSaPayload(BigOffer(257, 1))), Fault::BadProposalSyntax);
    EXPECT_EQ(RefusalOf(WriteSaPayload(BigOffer(3700, 1))), Fault::BadProposalSyntax);
}

TEST(SaPayload, ProposalNumbersAreKeptAsTheyAre)
{
    // bad input 49: repeated, descending, zero; the chooser decides
    for (const uint8_t number : {0, 1, 2, 255})
    {
        const Octets body = WithOctet(PHASE2, 12, number);
        const Result<SaPayload> sa = ParseSaPayload(body);
        ASSERT_TRUE(sa.Ok());
        EXPECT_EQ(sa->proposals[0].number, number);
        EXPECT_EQ(sa->proposals[1].number, 1);
    }
}

TEST(SaPayload, SpisOfEspAndAhHaveFourOctets)
{
    // bad input 51
    for (unsigned size = 0; size < 256; size++)
    {
        if (size == 4)
        {
            continue;
        }
        const uint8_t value = static_cast<uint8_t>(size);
        EXPECT_EQ(RefusalOf(WithOctet(PHASE2, 14, value)), Fault::BadSpi) << size;
        EXPECT_EQ(RefusalOf(WithOctet(PHASE2, 38, value)), Fault::BadSpi) << size;
    }
}

TEST(SaPayload, SpisOfIsakmpHaveAtMostSixteenOctets)
{
    // bad input 51
    SaPayload sa = BigOffer(1, 1);
    for (size_t size = 0; size <= 255; size++)
    {
        sa.proposals[0].spi = Octets(size, 0x11);
        const std::optional<Fault> refusal = RefusalOf(WriteSaPayload(sa));
        if (size <= 16)
        {
            EXPECT_FALSE(refusal) << size;
            continue;
        }
        EXPECT_EQ(refusal, Fault::BadSpi) << size;
    }
}

TEST(SaPayload, AnSpiLongerThanTheProposalIsRefused)
{
    // bad input 51
    EXPECT_EQ(RefusalOf(FromHex("0000000100000001 0000000c 01011001 01020304")),
              Fault::BadProposalSyntax);
}

TEST(SaPayload, AnAttributePastItsTransformIsRefused)
{
    // bad input 53: one octet of the value lies outside; the tail of three is no attribute
    EXPECT_EQ(RefusalOf(FromHex("0000000100000001 00000018 01010001"
                                "00000010 01010000 000c0005 00015180")),
              Fault::BadProposalSyntax);
    EXPECT_EQ(RefusalOf(FromHex("0000000100000001 00000013 01010001"
                                "0000000b 01010000 800100")),
              Fault::BadProposalSyntax);
}

TEST(SaPayload, WhateverIsAcceptedWritesBackToItself)
{
    for (const char* hex : {PHASE1, PHASE2})
    {
        const Octets good = FromHex(hex);
        for (size_t i = 0; i < good.size(); i++)
        {
            for (unsigned value = 0; value < 256; value++)
            {
                const Octets body = WithOctet(hex, i, static_cast<uint8_t>(value));
                const Result<SaPayload> sa = ParseSaPayload(body);
                // No octet is skipped unseen: each change is refused or part of what was read.
                if (sa)
                {
                    EXPECT_EQ(WriteSaPayload(*sa), body) << "octet " << i << " = " << value;
                }
            }
        }
    }
}

TEST(TransformPayload, GivesNumbersByClass)
{
    const Result<SaPayload> sa = ParseSaPayload(FromHex(PHASE1));
    ASSERT_TRUE(sa.Ok());
    bool conflict = false;
    const TransformPayload& transform = sa->proposals[0].transforms[0];
    EXPECT_EQ(transform.Number(static_cast<uint16_t>(IkeAttribute::Encryption), conflict), 5u);
    EXPECT_EQ(transform.Number(static_cast<uint16_t>(IkeAttribute::LifeDuration), conflict),
              28800u);
    EXPECT_EQ(transform.Number(static_cast<uint16_t>(IkeAttribute::KeyLength), conflict),
              std::nullopt);
    EXPECT_FALSE(conflict);
}

TEST(TransformPayload, TheSameAttributeTwiceIsNoConflict)
{
    // bad input 55
    const TransformPayload transform{
        1, 1, {DataAttribute::Basic(2, 4), DataAttribute::Variable(2, FromHex("00000004"))}};
    bool conflict = false;
    EXPECT_EQ(transform.Number(2, conflict), 4u);
    EXPECT_FALSE(conflict);
}

TEST(TransformPayload, TwoValuesOfOneClassConflictInEitherOrder)
{
    // bad input 55
    const TransformPayload upward{1, 1, {DataAttribute::Basic(2, 1), DataAttribute::Basic(2, 4)}};
    const TransformPayload downward{1, 1, {DataAttribute::Basic(2, 4), DataAttribute::Basic(2, 1)}};
    const TransformPayload garbage{
        1, 1, {DataAttribute::Variable(2, {}), DataAttribute::Basic(2, 1)}};
    for (const TransformPayload& transform : {upward, downward, garbage})
    {
        bool conflict = false;
        (void)transform.Number(2, conflict);
        EXPECT_TRUE(conflict);
        bool other = false;
        EXPECT_EQ(transform.Number(3, other), std::nullopt);
        EXPECT_FALSE(other);
    }
}

TEST(TransformPayload, AnAttributeThatIsNoNumberGivesNone)
{
    // bad input 54, 58
    bool conflict = false;
    const TransformPayload transform{
        1, 1, {DataAttribute::Variable(12, Octets(64, 0xff)), DataAttribute::Variable(11, {})}};
    EXPECT_EQ(transform.Number(12, conflict), std::nullopt);
    EXPECT_EQ(transform.Number(11, conflict), std::nullopt);
    EXPECT_FALSE(conflict);
}

} // namespace
} // namespace ipsec
} // namespace ns3
