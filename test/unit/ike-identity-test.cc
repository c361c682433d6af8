// SPDX-License-Identifier: GPL-2.0-only
#include "thrown-sentence.h"

#include "ns3/crypto-certificate.h"
#include "ns3/ike-identity.h"

#include <gtest/gtest.h>

namespace ns3
{
namespace ipsec
{

namespace
{

std::string
Refusal(const std::string& text)
{
    return ThrownSentence([&text] { Identity::Parse(text); });
}

} // namespace

TEST(Identity, AddressIsFourOctetsInNetworkOrder)
{
    const Identity id = Identity::Parse("192.0.2.1");
    EXPECT_EQ(id.type, IdType::Ipv4Addr);
    EXPECT_EQ(id.data, (Octets{192, 0, 2, 1}));
    EXPECT_EQ(id, Identity::FromAddress(IpAddress::Parse("192.0.2.1")));
}

TEST(Identity, UserAtDomainIsUserFqdn)
{
    const Identity id = Identity::Parse("alice@example.com");
    EXPECT_EQ(id.type, IdType::UserFqdn);
    EXPECT_EQ(id.data, AsOctets("alice@example.com").Copy());
}

TEST(Identity, KeyIdLosesItsPrefix)
{
    const Identity id = Identity::Parse("keyid:branch 7@home");
    EXPECT_EQ(id.type, IdType::KeyId);
    EXPECT_EQ(id.data, AsOctets("branch 7@home").Copy());
}

TEST(Identity, KeyIdInHexadecimalIsBinary)
{
    EXPECT_EQ(Identity::Parse("keyid:0x00fF").data, (Octets{0, 0xff}));
    for (const char* text : {"keyid:0x", "keyid:0x0", "keyid:0x0g", "keyid:0x00 00"})
    {
        EXPECT_EQ(Refusal(text),
                  std::string("identity '") + text +
                      "' has no octets; write two hexadecimal digits for each after keyid:0x");
    }
}

TEST(Identity, KeyIdThatIsNoWordIsWrittenInHexadecimal)
{
    for (const Octets& key : {Octets{0xff}, Octets{'a', ' ', 'b'}, AsOctets("0x00").Copy()})
    {
        const Identity id{IdType::KeyId, key};
        EXPECT_EQ(id.ToString(), "keyid:0x" + ToHex(key));
        EXPECT_EQ(Identity::Parse(id.ToString()), id);
    }
}

TEST(Identity, TextWithAnEqualsSignIsADistinguishedName)
{
    const Identity id = Identity::Parse("CN=fw-a, O=Example");
    EXPECT_EQ(id.type, IdType::DerAsn1Dn);
    EXPECT_EQ(id.data, ParseDistinguishedName("CN=fw-a, O=Example"));
    EXPECT_THROW(Identity::Parse("gw=a"), std::invalid_argument);
}

TEST(Identity, OtherNamesAreDomainNames)
{
    for (const char* name : {"gw.example.com", "fw_a", "3com", "10.0.0.example", "x"})
    {
        EXPECT_EQ(Identity::Parse(name).type, IdType::Fqdn) << name;
    }
}

TEST(Identity, WhatIsReadIsWrittenUnchanged)
{
    for (const char* text : {"192.0.2.1",
                             "alice@example.com",
                             "keyid:branch7",
                             "keyid:0x00ff",
                             "keyid:a=b",
                             "gw.example.com",
                             "CN=fw-a, O=Example",
                             "E=alice@example.com, C=DE"})
    {
        EXPECT_EQ(Identity::Parse(text).ToString(), text);
    }
}

TEST(Identity, InvisibleOctetsAreWrittenInHexadecimal)
{
    EXPECT_EQ((Identity{IdType::Fqdn, {'a', 0, 'b'}}.ToString()), "610062");
    EXPECT_EQ((Identity{IdType::Ipv4Addr, {1, 2, 3}}.ToString()), "010203");
    EXPECT_EQ((Identity{IdType::DerAsn1Dn, {'0', '0'}}.ToString()), "3030");
}

TEST(Identity, WrongAddressIsRefused)
{
    EXPECT_EQ(Refusal("192.0.2.256"), "'192.0.2.256' is not an IPv4 address such as 192.0.2.1");
    EXPECT_EQ(Refusal("10.1"), "'10.1' is not an IPv4 address such as 192.0.2.1");
}

TEST(Identity, WrongUserIsRefused)
{
    for (const char* text :
         {"@", "alice@", "@example.com", "a@b@c", "al ice@example.com", "a@b..c"})
    {
        EXPECT_EQ(Refusal(text),
                  std::string("identity '") + text +
                      "' is not a user at a domain; write for example alice@example.com");
    }
}

TEST(Identity, WrongNameIsRefused)
{
    for (const std::string& text : {std::string(),
                                    std::string("a b"),
                                    std::string(".a"),
                                    std::string("a."),
                                    std::string("a..b"),
                                    std::string("a/b"),
                                    std::string("a:b"),
                                    std::string(64, 'a'),
                                    std::string("\xc3\xa4")})
    {
        EXPECT_EQ(Refusal(text),
                  "identity '" + text +
                      "' is neither an IPv4 address, nor user@domain, nor keyid:TEXT, nor a domain "
                      "name, nor a distinguished name such as CN=gw, O=Example");
    }
}

TEST(Identity, NameOfMoreThan255CharactersIsRefused)
{
    std::string name = "a";
    while (name.size() < 255)
    {
        name += ".a";
    }
    EXPECT_NO_THROW(Identity::Parse(name));
    EXPECT_THROW(Identity::Parse(name + "b"), std::invalid_argument);
}

TEST(Identity, EmptyKeyIdIsRefused)
{
    EXPECT_EQ(Refusal("keyid:"),
              "identity 'keyid:' has no key; write at least one character after keyid:");
}

TEST(Identity, PayloadCarriesProtocolAndPortZero)
{
    const IdPayload payload = Identity::Parse("192.0.2.1").ToPayload();
    EXPECT_EQ(payload.type, IdType::Ipv4Addr);
    EXPECT_EQ(payload.protocol, 0);
    EXPECT_EQ(payload.port, 0);
    EXPECT_EQ(payload.data, (Octets{192, 0, 2, 1}));
}

TEST(Identity, PayloadAndIdentityConvertBothWays)
{
    const Identity id = Identity::Parse("alice@example.com");
    EXPECT_EQ(Identity::FromPayload(id.ToPayload()), id);
}

TEST(Identity, ProtocolAndPortOfAPayloadDoNotBelongToTheIdentity)
{
    IdPayload payload = Identity::Parse("gw").ToPayload();
    payload.protocol = 17;
    payload.port = 500;
    EXPECT_EQ(Identity::FromPayload(payload), Identity::Parse("gw"));
}

// bad input 67
TEST(Identity, IsComparedOctetByOctet)
{
    const Identity id = Identity::Parse("gw.example.com");
    EXPECT_NE(id, Identity::Parse("GW.example.com"));
    EXPECT_NE(id, Identity::Parse("gw.example.co"));
    EXPECT_NE(id, (Identity{IdType::KeyId, id.data}));
    Identity withZero = id;
    withZero.data.push_back(0);
    EXPECT_NE(id, withZero);
}

// RFC 5280 section 7.1.
TEST(Identity, DistinguishedNamesAreComparedAsNames)
{
    const Identity utf8{IdType::DerAsn1Dn, FromHex("300f310d300b06035504030c0466772d61")};
    const Identity printable{IdType::DerAsn1Dn, FromHex("300f310d300b0603550403130466772d61")};
    ASSERT_NE(utf8.data, printable.data);
    EXPECT_EQ(utf8, printable);
    EXPECT_EQ(utf8, Identity::Parse("CN=fw-a"));
    EXPECT_NE(utf8, Identity::Parse("CN=fw-b"));
    EXPECT_NE(utf8, (Identity{IdType::KeyId, utf8.data}));
    EXPECT_NE(utf8, (Identity{IdType::KeyId, printable.data}));
}

TEST(Identity, DistinguishedNameThatIsNoneEqualsItselfOnly)
{
    const Identity broken{IdType::DerAsn1Dn, {'0', '0'}};
    EXPECT_EQ(broken, broken);
    EXPECT_NE(broken, (Identity{IdType::DerAsn1Dn, {'0', '1'}}));
}

} // namespace ipsec
} // namespace ns3
