// SPDX-License-Identifier: GPL-2.0-only
#include "key-holder.h"
#include "peer-pair.h"

#include "ns3/isakmp-sa-payload.h"

#include <algorithm>
#include <gtest/gtest.h>

namespace ns3
{
namespace ipsec
{

namespace
{

/// A pair that negotiates phase 1 only, with the message of this number on its way: 1 is MM1.
PeerPair
PairAt(size_t message)
{
    EngineConfig a = SiteConfig(Side::A);
    EngineConfig b = SiteConfig(Side::B);
    a.peers[0].children.clear();
    b.peers[0].children.clear();
    PeerPair pair(a, b);
    pair.Initiate(Side::A);
    pair.DeliverAll(message - 1);
    EXPECT_EQ(pair.InFlight(), 1u);
    return pair;
}

/// Delivers a changed copy of the next message, which must be refused for this reason; then the
/// good copy must complete phase 1.
void
ExpectRefused(PeerPair pair, const Octets& changed, Fault fault)
{
    const Effects effects = pair.DeliverInstead(changed);
    EXPECT_TRUE(WasRefused(effects));
    EXPECT_STREQ(FaultName(DroppedFault(effects)), FaultName(fault));
    pair.Settle();
    EXPECT_TRUE(pair.IsIkeUp()) << "the good copy did not complete";
}

/// The same for payloads of MM1 to MM4 that were changed.
void
ExpectPayloadsRefused(size_t message, Fault fault, const PayloadChange& change)
{
    const PeerPair pair = PairAt(message);
    ExpectRefused(pair, Rewritten(pair.Next().octets, change), fault);
}

/// The same for payloads of MM5 or MM6, by somebody who has the keys.
void
ExpectSealedRefused(size_t message, Fault fault, const PayloadChange& change)
{
    const PeerPair pair = PairAt(message);
    PeerPair oracle = pair;
    oracle.Settle();
    const KeyHolder holder(oracle);
    const Octets iv =
        message == 5 ? holder.Phase1Iv(oracle) : holder.IvAfter(oracle.Sent().at(4).octets);
    ExpectRefused(pair, holder.Changed(pair.Next().octets, iv, change), fault);
}

PayloadChange
Without(PayloadType type)
{
    return [type](std::vector<RawPayload>& payloads)
    {
        payloads.erase(std::remove_if(payloads.begin(),
                                      payloads.end(),
                                      [type](const RawPayload& p) { return p.type == type; }),
                       payloads.end());
    };
}

PayloadChange
Twice(PayloadType type)
{
    return [type](std::vector<RawPayload>& payloads)
    {
        const RawPayload copy = PayloadOf(payloads, type);
        payloads.push_back(copy);
    };
}

PayloadChange
WithBody(PayloadType type, const Octets& body)
{
    return [type, body](std::vector<RawPayload>& payloads)
    { PayloadOf(payloads, type).body = body; };
}

} // namespace

// bad input 35
TEST(BadPhase1Input, PayloadsThatHaveNoPlaceAreRefused)
{
    const auto with = [](PayloadType type)
    {
        return [type](std::vector<RawPayload>& payloads) {
            payloads.push_back({type, {1, 0, 0, 0, 192, 0, 2, 1}});
        };
    };
    for (const PayloadType type :
         {PayloadType::Id, PayloadType::Ke, PayloadType::Nonce, PayloadType::Hash})
    {
        ExpectPayloadsRefused(1, Fault::UnexpectedPayload, with(type));
        ExpectPayloadsRefused(2, Fault::UnexpectedPayload, with(type));
    }
    for (const PayloadType type :
         {PayloadType::Id, PayloadType::Sa, PayloadType::Hash, PayloadType::Sig})
    {
        ExpectPayloadsRefused(3, Fault::UnexpectedPayload, with(type));
        ExpectPayloadsRefused(4, Fault::UnexpectedPayload, with(type));
    }
    for (const PayloadType type : {PayloadType::Sa, PayloadType::Ke, PayloadType::Nonce})
    {
        ExpectSealedRefused(5, Fault::UnexpectedPayload, with(type));
        ExpectSealedRefused(6, Fault::UnexpectedPayload, with(type));
    }
}

// bad input 36
TEST(BadPhase1Input, MissingPayloadsAreRefused)
{
    for (const size_t message : {1, 2})
    {
        ExpectPayloadsRefused(message, Fault::MissingPayload, Without(PayloadType::Sa));
    }
    for (const size_t message : {3, 4})
    {
        ExpectPayloadsRefused(message, Fault::MissingPayload, Without(PayloadType::Ke));
        ExpectPayloadsRefused(message, Fault::MissingPayload, Without(PayloadType::Nonce));
    }
    for (const size_t message : {5, 6})
    {
        ExpectSealedRefused(message, Fault::MissingPayload, Without(PayloadType::Id));
        ExpectSealedRefused(message, Fault::MissingPayload, Without(PayloadType::Hash));
    }
}

// bad input 37
TEST(BadPhase1Input, DoubledPayloadsAreRefused)
{
    for (const size_t message : {1, 2})
    {
        ExpectPayloadsRefused(message, Fault::DuplicatePayload, Twice(PayloadType::Sa));
    }
    for (const size_t message : {3, 4})
    {
        ExpectPayloadsRefused(message, Fault::DuplicatePayload, Twice(PayloadType::Ke));
        ExpectPayloadsRefused(message, Fault::DuplicatePayload, Twice(PayloadType::Nonce));
    }
    for (const size_t message : {5, 6})
    {
        ExpectSealedRefused(message, Fault::DuplicatePayload, Twice(PayloadType::Id));
        ExpectSealedRefused(message, Fault::DuplicatePayload, Twice(PayloadType::Hash));
    }
}

// bad input 38
TEST(BadPhase1Input, VendorIdBeforeTheSaIsRefused)
{
    for (const size_t message : {1, 2})
    {
        ExpectPayloadsRefused(
            message,
            Fault::UnexpectedPayload,
            [](std::vector<RawPayload>& payloads) {
                payloads.insert(payloads.begin(), {PayloadType::VendorId, Octets(16, 1)});
            });
    }
}

// bad input 39
TEST(BadPhase1Input, ManyVendorIdsAreRefusedBeyondTheLimit)
{
    const auto add = [](size_t count)
    {
        return [count](std::vector<RawPayload>& payloads) {
            payloads.resize(count, {PayloadType::VendorId, Octets(16, 1)});
        };
    };
    PeerPair pair = PairAt(1);
    pair.DeliverInstead(Rewritten(pair.Next().octets, add(MAX_PAYLOADS)));
    pair.Lose();
    pair.Settle();
    EXPECT_TRUE(pair.IsIkeUp());
    ExpectPayloadsRefused(1, Fault::TooManyPayloads, add(MAX_PAYLOADS + 1));
    ExpectPayloadsRefused(1, Fault::TooManyPayloads, add(3000));
}

// bad input 50, 59
TEST(BadPhase1Input, OffersThatAreNoPhase1OffersAreRefused)
{
    const auto changeSa = [](const std::function<void(SaPayload&)>& change)
    {
        return [change](std::vector<RawPayload>& payloads)
        {
            SaPayload sa = *ParseSaPayload(payloads[0].body);
            change(sa);
            payloads[0].body = WriteSaPayload(sa);
        };
    };
    ExpectPayloadsRefused(1,
                          Fault::BadProposalSyntax,
                          changeSa([](SaPayload& sa) { sa.proposals.push_back(sa.proposals[0]); }));
    ExpectPayloadsRefused(1,
                          Fault::NoProposalChosen,
                          changeSa(
                              [](SaPayload& sa)
                              {
                                  for (DataAttribute& a : sa.proposals[0].transforms[0].attributes)
                                  {
                                      if (a.type == static_cast<uint16_t>(IkeAttribute::Group))
                                      {
                                          a = DataAttribute::Basic(a.type, 0xffff);
                                      }
                                  }
                              }));
}

// bad input 61
TEST(BadPhase1Input, AnswerThatWasNotOfferedIsRefused)
{
    const auto changeAttribute = [](IkeAttribute attribute, uint16_t value)
    {
        return [attribute, value](std::vector<RawPayload>& payloads)
        {
            SaPayload sa = *ParseSaPayload(payloads[0].body);
            for (DataAttribute& a : sa.proposals[0].transforms[0].attributes)
            {
                if (a.type == static_cast<uint16_t>(attribute))
                {
                    a = DataAttribute::Basic(a.type, value);
                }
            }
            payloads[0].body = WriteSaPayload(sa);
        };
    };
    ExpectPayloadsRefused(2, Fault::ChangedProposal, changeAttribute(IkeAttribute::Encryption, 5));
    ExpectPayloadsRefused(2, Fault::ChangedProposal, changeAttribute(IkeAttribute::Hash, 2));
    ExpectPayloadsRefused(2, Fault::ChangedProposal, changeAttribute(IkeAttribute::Group, 2));
    ExpectPayloadsRefused(
        2, Fault::ChangedProposal, changeAttribute(IkeAttribute::Authentication, 3));
    ExpectPayloadsRefused(2,
                          Fault::ChangedProposal,
                          [](std::vector<RawPayload>& payloads)
                          {
                              SaPayload sa = *ParseSaPayload(payloads[0].body);
                              sa.proposals[0].transforms.push_back(sa.proposals[0].transforms[0]);
                              sa.proposals[0].transforms[1].number = 2;
                              payloads[0].body = WriteSaPayload(sa);
                          });
}

// bad input 62
TEST(BadPhase1Input, KeOfTheWrongLengthIsRefused)
{
    for (const size_t message : {3, 4})
    {
        for (const size_t octets : {0, 1, 95, 97, 128, 5000})
        {
            ExpectPayloadsRefused(
                message, Fault::BadKeyExchange, WithBody(PayloadType::Ke, Octets(octets, 5)));
        }
    }
}

// bad input 63
TEST(BadPhase1Input, PublicValuesOutsideTheGroupAreRefused)
{
    Octets one(96, 0);
    one.back() = 1;
    for (const size_t message : {3, 4})
    {
        for (const Octets& value : {Octets(96, 0), one, Octets(96, 0xff)})
        {
            ExpectPayloadsRefused(message, Fault::BadKeyExchange, WithBody(PayloadType::Ke, value));
        }
    }
}

// bad input 64
TEST(BadPhase1Input, NonceOutside8To256OctetsIsRefused)
{
    for (const size_t message : {3, 4})
    {
        for (const size_t octets : {0, 7, 257})
        {
            ExpectPayloadsRefused(
                message, Fault::BadNonce, WithBody(PayloadType::Nonce, Octets(octets, 5)));
        }
    }
}

// bad input 65
TEST(BadPhase1Input, OwnValuesReflectedInMm4AreRefused)
{
    const PeerPair pair = PairAt(4);
    const std::vector<RawPayload> mm3 = ClearPayloads(pair.Sent().at(2).octets);
    for (const PayloadType type : {PayloadType::Ke, PayloadType::Nonce})
    {
        ExpectPayloadsRefused(4, Fault::ReflectedValue, WithBody(type, BodyOf(mm3, type)));
    }
}

// bad input 71
TEST(BadPhase1Input, WrongHashesAreRefused)
{
    for (const size_t message : {5, 6})
    {
        for (const size_t octets : {0, 1, 15, 16, 17, 64})
        {
            ExpectSealedRefused(message,
                                Fault::AuthenticationFailed,
                                WithBody(PayloadType::Hash, Octets(octets, 5)));
        }
    }
}

// bad input 71: one octet less or more of the right hash
TEST(BadPhase1Input, CutAndLengthenedHashesAreRefused)
{
    for (const size_t message : {5, 6})
    {
        ExpectSealedRefused(message,
                            Fault::AuthenticationFailed,
                            [](std::vector<RawPayload>& payloads)
                            { PayloadOf(payloads, PayloadType::Hash).body.pop_back(); });
        ExpectSealedRefused(message,
                            Fault::AuthenticationFailed,
                            [](std::vector<RawPayload>& payloads)
                            { PayloadOf(payloads, PayloadType::Hash).body.push_back(0); });
    }
}

// Covers P1-24; bad input 84: what stands behind HASH_I must be whole to count.
TEST(BadPhase1Input, InitialContactOfOtherCookiesIsRefused)
{
    ExpectSealedRefused(5,
                        Fault::MalformedPayload,
                        [](std::vector<RawPayload>& payloads)
                        { PayloadOf(payloads, PayloadType::Notify).body.back() ^= 1; });
}

} // namespace ipsec
} // namespace ns3
