// SPDX-License-Identifier: GPL-2.0-only
#include "thrown-sentence.h"
#include "vector-file.h"

#include "ns3/crypto-dh.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace ns3
{
namespace ipsec
{
namespace
{

const uint16_t MODP_GROUPS[] = {1, 2, 5, 14, 15, 16, 17, 18};
const uint16_t ECP_GROUPS[] = {19, 20, 21};
const uint16_t ALL_GROUPS[] = {1, 2, 5, 14, 15, 16, 17, 18, 19, 20, 21};

/// Gives the same octet for ever, which no arithmetic may wait to see changed.
class ConstantRandomSource : public RandomSource
{
  public:
    explicit ConstantRandomSource(uint8_t octet)
        : m_octet(octet)
    {
    }

    void
    Fill(uint8_t* out, size_t count) override
    {
        std::fill_n(out, count, m_octet);
    }

  private:
    uint8_t m_octet;
};

/// Writes a small number with as many octets as the group's public values have.
Octets
Padded(const DhGroup& group, uint8_t value)
{
    Octets octets(group.keOctets);
    octets.back() = value;
    return octets;
}

/// Adds -2 to 2 to a number that neither borrows nor carries beyond its lowest octets.
Octets
Plus(Octets number, int summand)
{
    for (size_t i = number.size(); i-- > 0 && summand != 0;)
    {
        const int sum = number[i] + summand;
        number[i] = static_cast<uint8_t>(sum);
        summand = sum < 0 ? -1 : (sum > 255 ? 1 : 0);
    }
    return number;
}

/// Returns the fault with which a public value is refused.
Fault
Refusal(const DhKeyPair& own, OctetView peer)
{
    const Result<SecretBytes> secret = ComputeSharedSecret(own, peer);
    if (secret.Ok())
    {
        throw std::runtime_error("the public value was accepted");
    }
    return secret.GetFault();
}

std::string
SecretOf(const DhKeyPair& own, OctetView peer)
{
    const Result<SecretBytes> secret = ComputeSharedSecret(own, peer);
    return secret.Ok() ? ToHex(secret->View()) : FaultName(secret.GetFault());
}

/// Reads the group that a vector names.
const DhGroup&
GroupOf(VectorBlock& block)
{
    const DhGroup* group = FindDhGroup(block.Number("Group"));
    if (group == nullptr)
    {
        throw std::runtime_error(block.Where() + ": unknown group");
    }
    return *group;
}

TEST(DiffieHellman, BothSidesFindTheSameSecretInEveryGroup)
{
    SeededRandomSource random(1);
    for (const uint16_t number : ALL_GROUPS)
    {
        const DhGroup& group = *FindDhGroup(number);
        const DhKeyPair initiator = GenerateDhKeyPair(group, random);
        const DhKeyPair responder = GenerateDhKeyPair(group, random);
        const Result<SecretBytes> one = ComputeSharedSecret(initiator, responder.publicValue);
        const Result<SecretBytes> two = ComputeSharedSecret(responder, initiator.publicValue);
        ASSERT_TRUE(one.Ok() && two.Ok()) << number;
        EXPECT_EQ(one->View(), two->View()) << number;
        EXPECT_EQ(one->size(), group.secretOctets) << number;
        EXPECT_EQ(initiator.publicValue.size(), group.keOctets) << number;
        EXPECT_EQ(initiator.group, number);
    }
}

TEST(DiffieHellman, SameRandomnessGivesTheSameKeys)
{
    for (const uint16_t number : {14, 19})
    {
        SeededRandomSource first(5);
        SeededRandomSource again(5);
        SeededRandomSource other(6);
        const DhGroup& group = *FindDhGroup(number);
        const DhKeyPair pair = GenerateDhKeyPair(group, first);
        EXPECT_EQ(GenerateDhKeyPair(group, again).publicValue, pair.publicValue);
        EXPECT_NE(GenerateDhKeyPair(group, other).publicValue, pair.publicValue);
    }
}

TEST(DiffieHellman, GivenExponentMakesTheSamePairAsTheDrawnOne)
{
    SeededRandomSource random(2);
    for (const uint16_t number : ALL_GROUPS)
    {
        const DhKeyPair drawn = GenerateDhKeyPair(*FindDhGroup(number), random);
        const DhKeyPair made = MakeDhKeyPair(*FindDhGroup(number), drawn.exponent.View());
        EXPECT_EQ(made.publicValue, drawn.publicValue) << number;
        EXPECT_EQ(made.exponent.View(), drawn.exponent.View()) << number;
    }
}

TEST(DiffieHellman, WorksWithConstantRandomness)
{
    for (const uint8_t octet : {0x00, 0xff})
    {
        ConstantRandomSource random(octet);
        for (const uint16_t number : ALL_GROUPS)
        {
            const DhGroup& group = *FindDhGroup(number);
            EXPECT_EQ(GenerateDhKeyPair(group, random).publicValue.size(), group.keOctets);
        }
    }
}

// Bad input 65: a peer that sends our own value back learns nothing and gets nowhere.
TEST(DiffieHellman, OwnPublicValueIsRefused)
{
    SeededRandomSource random(3);
    for (const uint16_t number : ALL_GROUPS)
    {
        const DhKeyPair own = GenerateDhKeyPair(*FindDhGroup(number), random);
        EXPECT_EQ(Refusal(own, own.publicValue), Fault::ReflectedValue) << number;
    }
}

TEST(DiffieHellman, PublicValueOfTheWrongLengthIsRefused)
{
    SeededRandomSource random(4);
    for (const uint16_t number : ALL_GROUPS)
    {
        const DhKeyPair own = GenerateDhKeyPair(*FindDhGroup(number), random);
        Octets peer = GenerateDhKeyPair(*FindDhGroup(number), random).publicValue;
        peer.insert(peer.begin(), 0);
        EXPECT_EQ(Refusal(own, peer), Fault::BadKeyExchange) << number;
        EXPECT_EQ(Refusal(own, OctetView(peer).From(2)), Fault::BadKeyExchange) << number;
        EXPECT_EQ(Refusal(own, {}), Fault::BadKeyExchange) << number;
    }
}

TEST(DiffieHellman, ThreadsShareTheTablesOfAGroup)
{
    // Run by itself, this test has the threads race to build what the group keeps.
    std::vector<Octets> values(4);
    std::vector<std::thread> threads;
    for (size_t i = 0; i < values.size(); i++)
    {
        threads.emplace_back(
            [&values, i]
            {
                SeededRandomSource random(9);
                values[i] = GenerateDhKeyPair(*FindDhGroup(15), random).publicValue;
            });
    }
    for (std::thread& thread : threads)
    {
        thread.join();
    }
    EXPECT_EQ(values, std::vector<Octets>(4, values[0]));
}

// 2^n mod p = 2^n - p, as p has n bits: this fixes every bit of the prime that is used.
TEST(Modp, PrimesAreThoseOfTheRfcs)
{
    ForEachVector("modp-primes.txt",
                  [](VectorBlock& block)
                  {
                      const DhGroup& group = GroupOf(block);
                      const Octets prime = block.Hex("Prime");
                      ASSERT_EQ(prime.size(), group.keOctets);
                      ASSERT_EQ(8 * prime.size(), group.bits);
                      Octets expected = prime;
                      for (uint8_t& octet : expected)
                      {
                          octet = ~octet;
                      }
                      const Octets exponent = {static_cast<uint8_t>(group.bits >> 8),
                                               static_cast<uint8_t>(group.bits & 0xff)};
                      EXPECT_EQ(ToHex(MakeDhKeyPair(group, exponent).publicValue),
                                ToHex(Plus(expected, 1)));
                  });
}

// Public values come from the table of powers of 2, secrets from plain exponentiation.
TEST(Modp, TableAndPlainExponentiationAgree)
{
    SeededRandomSource random(10);
    for (const uint16_t number : MODP_GROUPS)
    {
        const DhGroup& group = *FindDhGroup(number);
        for (int i = 0; i < 5; i++)
        {
            const DhKeyPair own = GenerateDhKeyPair(group, random);
            EXPECT_EQ(SecretOf(own, Padded(group, 2)), ToHex(own.publicValue)) << number;
        }
    }
}

TEST(Modp, TableServesExponentsOfEveryLength)
{
    const DhGroup& group = *FindDhGroup(2);
    for (size_t octets = 1; octets < group.keOctets; octets++)
    {
        for (const uint8_t first : {0x00, 0x01, 0x1f})
        {
            Octets exponent(1 + octets, 0xff);
            exponent[0] = first;
            const DhKeyPair own = MakeDhKeyPair(group, exponent);
            EXPECT_EQ(SecretOf(own, Padded(group, 2)), ToHex(own.publicValue)) << octets;
        }
    }
}

TEST(Modp, ExponentsAreAsLongAsTheTableSays)
{
    const size_t bits[] = {160, 160, 200, 225, 275, 325, 375, 400};
    for (size_t i = 0; i < std::size(bits); i++)
    {
        const DhGroup& group = *FindDhGroup(MODP_GROUPS[i]);
        SeededRandomSource random(11);
        EXPECT_EQ(group.exponentBits, bits[i]);
        for (int j = 0; j < 20; j++)
        {
            const Octets exponent = GenerateDhKeyPair(group, random).exponent.View().Copy();
            ASSERT_EQ(exponent.size(), (bits[i] + 7) / 8);
            // The highest bit of the wanted length is set, and none above it.
            EXPECT_EQ(exponent[0] >> ((bits[i] - 1) % 8), 1) << group.number;
        }
    }
}

// bad input: values that lie in no group or in one of two elements.
TEST(Modp, ValuesOutsideTheGroupAreRefused)
{
    ForEachVector("modp-primes.txt",
                  [](VectorBlock& block)
                  {
                      const DhGroup& group = GroupOf(block);
                      const Octets prime = block.Hex("Prime");
                      const DhKeyPair own = MakeDhKeyPair(group, Octets{5});
                      EXPECT_EQ(Refusal(own, Padded(group, 0)), Fault::BadKeyExchange);
                      EXPECT_EQ(Refusal(own, Padded(group, 1)), Fault::BadKeyExchange);
                      EXPECT_EQ(Refusal(own, Plus(prime, -1)), Fault::BadKeyExchange);
                      EXPECT_EQ(Refusal(own, prime), Fault::BadKeyExchange);
                      EXPECT_EQ(Refusal(own, Plus(prime, 1)), Fault::BadKeyExchange);
                      EXPECT_EQ(Refusal(own, Octets(group.keOctets, 0xff)), Fault::BadKeyExchange);
                  });
}

TEST(Modp, LowestAndHighestValuesOfTheGroupAreAccepted)
{
    ForEachVector("modp-primes.txt",
                  [](VectorBlock& block)
                  {
                      const DhGroup& group = GroupOf(block);
                      const Octets prime = block.Hex("Prime");
                      const DhKeyPair own = MakeDhKeyPair(group, Octets{5});
                      EXPECT_EQ(SecretOf(own, Padded(group, 2)), ToHex(Padded(group, 32)));
                      // (p - 2)^5 = -32 mod p
                      EXPECT_EQ(SecretOf(own, Plus(prime, -2)), ToHex(Plus(prime, -32)));
                  });
}

// RFC 2409 section 5: secrets and public values are padded with zeros to the prime's length.
TEST(Modp, LeadingZerosOfSecretAndPublicValueAreKept)
{
    const DhGroup& group = *FindDhGroup(2);
    const DhKeyPair own = MakeDhKeyPair(group, Octets{10});
    Octets publicValue(128);
    publicValue[126] = 0x04;
    EXPECT_EQ(ToHex(own.publicValue), ToHex(publicValue));
    Octets secret(128);
    secret[121] = 0x04; // (2^5)^10 = 2^50
    EXPECT_EQ(SecretOf(own, Padded(group, 32)), ToHex(secret));
}

TEST(Modp, RandomSecretsThatStartWithZeroAreAsLongAsOthers)
{
    const DhGroup& group = *FindDhGroup(1);
    SeededRandomSource random(12);
    const DhKeyPair own = GenerateDhKeyPair(group, random);
    int found = 0;
    for (int i = 0; i < 3000 && found < 3; i++)
    {
        const DhKeyPair peer = GenerateDhKeyPair(group, random);
        const Result<SecretBytes> secret = ComputeSharedSecret(own, peer.publicValue);
        ASSERT_TRUE(secret.Ok());
        if (secret->View()[0] == 0)
        {
            found++;
            EXPECT_EQ(secret->size(), group.secretOctets);
            EXPECT_EQ(SecretOf(peer, own.publicValue), ToHex(secret->View()));
        }
    }
    EXPECT_EQ(found, 3);
}

TEST(Modp, PrivateValueThatHidesNothingIsRefused)
{
    const DhGroup& group = *FindDhGroup(2);
    EXPECT_NE(ThrownSentence([&] { MakeDhKeyPair(group, {}); }).find("0, 1 or p-1"),
              std::string::npos);
    EXPECT_NE(ThrownSentence([&] { MakeDhKeyPair(group, Octets(20, 0)); }).find("0, 1 or p-1"),
              std::string::npos);
}

TEST(Ecp, GivesTheKnownAnswersOfRfc5903)
{
    ForEachVector("ecp-rfc5903.txt",
                  [](VectorBlock& block)
                  {
                      const DhGroup& group = GroupOf(block);
                      const DhKeyPair initiator =
                          MakeDhKeyPair(group, block.Hex("InitiatorPrivate"));
                      const DhKeyPair responder =
                          MakeDhKeyPair(group, block.Hex("ResponderPrivate"));
                      const std::string secret = ToHex(block.Hex("Secret"));
                      EXPECT_EQ(ToHex(initiator.publicValue), ToHex(block.Hex("InitiatorPublic")));
                      EXPECT_EQ(ToHex(responder.publicValue), ToHex(block.Hex("ResponderPublic")));
                      EXPECT_EQ(SecretOf(initiator, responder.publicValue), secret);
                      EXPECT_EQ(SecretOf(responder, initiator.publicValue), secret);
                  });
}

TEST(Ecp, PointOffTheCurveIsRefused)
{
    SeededRandomSource random(13);
    for (const uint16_t number : ECP_GROUPS)
    {
        const DhGroup& group = *FindDhGroup(number);
        const DhKeyPair own = GenerateDhKeyPair(group, random);
        const Octets peer = GenerateDhKeyPair(group, random).publicValue;
        EXPECT_EQ(Refusal(own, Plus(peer, 1)), Fault::BadKeyExchange) << number;
        Octets swapped(peer.begin() + group.secretOctets, peer.end());
        swapped.insert(swapped.end(), peer.begin(), peer.begin() + group.secretOctets);
        EXPECT_EQ(Refusal(own, swapped), Fault::BadKeyExchange) << number;
    }
}

TEST(Ecp, PointAtInfinityIsRefused)
{
    SeededRandomSource random(14);
    for (const uint16_t number : ECP_GROUPS)
    {
        const DhGroup& group = *FindDhGroup(number);
        const DhKeyPair own = GenerateDhKeyPair(group, random);
        EXPECT_EQ(Refusal(own, Octets(group.keOctets, 0)), Fault::BadKeyExchange) << number;
    }
}

// The same point written with x + p is on the curve, but not a way to write it.
TEST(Ecp, CoordinatesAboveThePrimeAreRefused)
{
    // p of P-521 is 2^521 - 1, so adding it is adding 2^521 and taking 1 away.
    const DhGroup& group = *FindDhGroup(21);
    SeededRandomSource random(15);
    const DhKeyPair own = GenerateDhKeyPair(group, random);
    const Octets peer = GenerateDhKeyPair(group, random).publicValue;
    for (const size_t start : {size_t{0}, group.secretOctets})
    {
        Octets coordinate(peer.begin() + start, peer.begin() + start + group.secretOctets);
        coordinate = Plus(coordinate, -1);
        coordinate[0] += 2;
        Octets shifted = peer;
        std::copy(coordinate.begin(), coordinate.end(), shifted.begin() + start);
        EXPECT_EQ(Refusal(own, shifted), Fault::BadKeyExchange) << start;
    }
}

TEST(Ecp, PrivateValueMustLieBelowTheOrder)
{
    const std::string order = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";
    const DhGroup& group = *FindDhGroup(19);
    EXPECT_NE(ThrownSentence([&] { MakeDhKeyPair(group, FromHex(order)); }).find("below the order"),
              std::string::npos);
    EXPECT_NE(ThrownSentence([&] { MakeDhKeyPair(group, Octets(32, 0)); }).find("at least 1"),
              std::string::npos);
    const DhKeyPair highest = MakeDhKeyPair(group, Plus(FromHex(order), -1));
    const DhKeyPair lowest = MakeDhKeyPair(group, Octets{1});
    // (n - 1) G is G with the other y.
    EXPECT_EQ(OctetView(highest.publicValue).First(32), OctetView(lowest.publicValue).First(32));
    EXPECT_NE(highest.publicValue, lowest.publicValue);
}

TEST(Ecp, LeadingZerosOfCoordinatesAreKept)
{
    const DhGroup& group = *FindDhGroup(19);
    int found = 0;
    for (uint32_t i = 1; i < 2000 && found < 2; i++)
    {
        const Octets scalar = {static_cast<uint8_t>(i >> 8), static_cast<uint8_t>(i)};
        const DhKeyPair own = MakeDhKeyPair(group, scalar);
        if (own.publicValue[0] == 0)
        {
            found++;
            ASSERT_EQ(own.publicValue.size(), group.keOctets);
            // With G as the peer's value the secret is the x of our own.
            const Octets generator = MakeDhKeyPair(group, Octets{1}).publicValue;
            EXPECT_EQ(SecretOf(own, generator), ToHex(OctetView(own.publicValue).First(32)));
        }
    }
    EXPECT_EQ(found, 2);
}

} // namespace
} // namespace ipsec
} // namespace ns3
