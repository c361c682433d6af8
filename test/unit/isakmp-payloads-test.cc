// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/isakmp-payloads.h"

#include <gtest/gtest.h>
#include <optional>

namespace ns3
{
namespace ipsec
{
namespace
{

/// Returns the fault that @p parse gives for @p hex, if any.
template <typename T>
std::optional<Fault>
RefusalOf(Result<T> (*parse)(OctetView), OctetView body)
{
    const Result<T> result = parse(body);
    return result ? std::nullopt : std::optional<Fault>(result.GetFault());
}

/// An ID body of a type with data in hexadecimal digits.
Octets
IdBody(IdType type, const std::string& data)
{
    return Concat({Octets{static_cast<uint8_t>(type), 17, 0x01, 0xf4}, FromHex(data)});
}

const std::string V6 = "20010db8000000000000000000000001";
const std::string V6_NEXT = "20010db8000000000000000000000002";
const std::string V6_MASK64 = "ffffffffffffffff0000000000000000";

TEST(IdPayload, EveryTypeGoesRound)
{
    const std::pair<IdType, std::string> cases[] = {
        {IdType::Ipv4Addr, "0a000001"},
        {IdType::Fqdn, "676174652e6578616d706c65"},
        {IdType::UserFqdn, "61406578616d706c65"},
        {IdType::Ipv4AddrSubnet, "0a000000ff000000"},
        {IdType::Ipv6Addr, V6},
        {IdType::Ipv6AddrSubnet, V6 + V6_MASK64},
        {IdType::Ipv6AddrSubnet, V6 + "40"},
        {IdType::Ipv4AddrRange, "0a0000010a0000ff"},
        {IdType::Ipv6AddrRange, V6 + V6_NEXT},
        {IdType::DerAsn1Dn, "3000"},
        {IdType::DerAsn1Gn, "3000"},
        {IdType::KeyId, "00ff00"},
    };
    for (const auto& [type, data] : cases)
    {
        const Octets body = IdBody(type, data);
        const Result<IdPayload> id = ParseIdPayload(body);
        ASSERT_TRUE(id.Ok()) << static_cast<int>(type);
        EXPECT_EQ(id->type, type);
        EXPECT_EQ(id->protocol, 17);
        EXPECT_EQ(id->port, 500);
        EXPECT_EQ(ToHex(id->data), data);
        EXPECT_EQ(WriteIdPayload(*id), body);
    }
}

TEST(IdPayload, EveryTruncationOfAnAddressIsRefused)
{
    // bad input 66
    for (const IdType type : {IdType::Ipv4Addr,
                              IdType::Ipv4AddrSubnet,
                              IdType::Ipv4AddrRange,
                              IdType::Ipv6Addr,
                              IdType::Ipv6AddrRange})
    {
        const bool wide = type == IdType::Ipv6Addr || type == IdType::Ipv6AddrRange;
        const bool single = type == IdType::Ipv4Addr || type == IdType::Ipv6Addr;
        const size_t right = (wide ? 16 : 4) * (single ? 1 : 2);
        for (size_t size = 0; size < 40; size++)
        {
            const Octets body = IdBody(type, ToHex(Octets(size, 0)));
            const std::optional<Fault> refusal = RefusalOf(ParseIdPayload, body);
            if (size == right)
            {
                EXPECT_FALSE(refusal) << static_cast<int>(type);
                continue;
            }
            EXPECT_EQ(refusal, Fault::BadIdentity) << static_cast<int>(type) << " of " << size;
        }
    }
}

TEST(IdPayload, ABodyShorterThanItsFixedPartIsRefused)
{
    for (const char* hex : {"", "01", "0100", "010000"})
    {
        EXPECT_EQ(RefusalOf(ParseIdPayload, FromHex(hex)), Fault::BadIdentity) << hex;
    }
}

TEST(IdPayload, UnknownTypesAreRefused)
{
    // bad input 66
    for (unsigned type = 0; type < 256; type++)
    {
        if (type >= 1 && type <= 11)
        {
            continue;
        }
        EXPECT_EQ(RefusalOf(ParseIdPayload, IdBody(static_cast<IdType>(type), "0a000001")),
                  Fault::BadIdentity)
            << type;
    }
}

TEST(IdPayload, MasksWithHolesAreRefused)
{
    // bad input 66
    for (const char* mask :
         {"ff00ff00", "00ffffff", "7fffffff", "fffffffd", "ff000001", "fe010000", "fffe8000"})
    {
        EXPECT_EQ(RefusalOf(ParseIdPayload,
                            IdBody(IdType::Ipv4AddrSubnet, std::string("0a000000") + mask)),
                  Fault::BadIdentity)
            << mask;
    }
    EXPECT_EQ(RefusalOf(ParseIdPayload,
                        IdBody(IdType::Ipv6AddrSubnet, V6 + "ffffffffffffffff0000000000000001")),
              Fault::BadIdentity);
}

TEST(IdPayload, EveryPrefixMaskIsAccepted)
{
    for (uint8_t length = 0; length <= 32; length++)
    {
        const Octets mask = OctetView(Prefix{{}, length}.Mask().ToOctets()).Copy();
        EXPECT_FALSE(
            RefusalOf(ParseIdPayload, IdBody(IdType::Ipv4AddrSubnet, "0a000000" + ToHex(mask))))
            << static_cast<int>(length);
    }
}

TEST(IdPayload, AnIpv6PrefixLengthAboveTheAddressIsRefused)
{
    // bad input 66
    EXPECT_FALSE(RefusalOf(ParseIdPayload, IdBody(IdType::Ipv6AddrSubnet, V6 + "80")));
    EXPECT_EQ(RefusalOf(ParseIdPayload, IdBody(IdType::Ipv6AddrSubnet, V6 + "81")),
              Fault::BadIdentity);
    EXPECT_EQ(RefusalOf(ParseIdPayload, IdBody(IdType::Ipv6AddrSubnet, V6 + "ff")),
              Fault::BadIdentity);
}

TEST(IdPayload, RangesThatRunBackwardsAreRefused)
{
    // bad input 66
    EXPECT_EQ(RefusalOf(ParseIdPayload, IdBody(IdType::Ipv4AddrRange, "0a0000020a000001")),
              Fault::BadIdentity);
    EXPECT_EQ(RefusalOf(ParseIdPayload, IdBody(IdType::Ipv6AddrRange, V6_NEXT + V6)),
              Fault::BadIdentity);
    EXPECT_FALSE(RefusalOf(ParseIdPayload, IdBody(IdType::Ipv4AddrRange, "0a0000010a000001")));
}

TEST(IdPayload, EmptyIdentitiesAreRefused)
{
    // bad input 67
    for (unsigned type = 1; type <= 11; type++)
    {
        EXPECT_EQ(RefusalOf(ParseIdPayload, IdBody(static_cast<IdType>(type), "")),
                  Fault::BadIdentity)
            << type;
    }
}

TEST(IdPayload, NamesWithAZeroOctetAreRefused)
{
    // bad input 67
    for (const IdType type : {IdType::Fqdn, IdType::UserFqdn})
    {
        for (const char* data : {"00", "6100", "0061", "610062"})
        {
            EXPECT_EQ(RefusalOf(ParseIdPayload, IdBody(type, data)), Fault::BadIdentity) << data;
        }
    }
}

TEST(IdPayload, LongNamesAndFormatLettersAreKeptAsOctets)
{
    // bad input 67
    const std::string format = "%n%s%n";
    const Octets name = Concat({AsOctets(format), Octets(65000, 'a')});
    const Result<IdPayload> id = ParseIdPayload(Concat({FromHex("02000000"), OctetView(name)}));
    ASSERT_TRUE(id.Ok());
    EXPECT_EQ(id->data, name);
}

TEST(IdPayload, DerIsNotReadHere)
{
    // bad input 68: garbage, an indefinite length, a huge length; X.509 code refuses them
    for (const char* der : {"ffffffff", "3080", "3084ffffffff"})
    {
        const Octets body = IdBody(IdType::DerAsn1Dn, der);
        const Result<IdPayload> id = ParseIdPayload(body);
        ASSERT_TRUE(id.Ok()) << der;
        EXPECT_EQ(ToHex(id->data), der);
    }
}

TEST(CertPayload, GoesRound)
{
    const Octets body = FromHex("0430820102");
    const Result<CertPayload> cert = ParseCertPayload(body);
    ASSERT_TRUE(cert.Ok());
    EXPECT_EQ(cert->encoding, CERT_X509_SIGNATURE);
    EXPECT_EQ(ToHex(cert->data), "30820102");
    EXPECT_EQ(WriteCertPayload(*cert), body);
}

TEST(CertPayload, ARequestMayNameNoAuthority)
{
    const Result<CertPayload> request = ParseCertPayload(FromHex("04"));
    ASSERT_TRUE(request.Ok());
    EXPECT_TRUE(request->data.empty());
}

TEST(CertPayload, AnEmptyBodyIsRefused)
{
    EXPECT_EQ(RefusalOf(ParseCertPayload, {}), Fault::MalformedPayload);
}

TEST(NotifyPayload, GoesRound)
{
    const Octets body = FromHex("00000001 01108d28 8fd45499ec8299afe9061a2f8c14e69e 6ff4cc59");
    const Result<NotifyPayload> notify = ParseNotifyPayload(body);
    ASSERT_TRUE(notify.Ok());
    EXPECT_EQ(notify->doi, DOI_IPSEC);
    EXPECT_EQ(notify->protocol, ProtocolId::Isakmp);
    EXPECT_EQ(notify->type, static_cast<uint16_t>(NotifyType::RUThere));
    EXPECT_EQ(ToHex(notify->spi), "8fd45499ec8299afe9061a2f8c14e69e");
    EXPECT_EQ(ToHex(notify->data), "6ff4cc59");
    EXPECT_EQ(WriteNotifyPayload(*notify), body);
}

TEST(NotifyPayload, TruncationsIntoTheSpiAreRefused)
{
    // bad input 40, 80
    const Octets body = FromHex("00000001 0304000e c0ffee01");
    ASSERT_FALSE(RefusalOf(ParseNotifyPayload, body));
    for (size_t size = 0; size < body.size(); size++)
    {
        EXPECT_EQ(RefusalOf(ParseNotifyPayload, OctetView(body).First(size)),
                  Fault::MalformedPayload)
            << size << " octets";
    }
}

TEST(NotifyPayload, AnSpiLargerThanTheRestIsRefused)
{
    // bad input 80
    EXPECT_EQ(RefusalOf(ParseNotifyPayload, FromHex("00000001 03ff000e c0ffee01")),
              Fault::MalformedPayload);
    EXPECT_EQ(RefusalOf(ParseNotifyPayload, FromHex("00000001 0305000e c0ffee01")),
              Fault::MalformedPayload);
}

TEST(NotifyPayload, UnknownTypesAndOddDataAreKept)
{
    // bad input 80
    const Result<NotifyPayload> notify = ParseNotifyPayload(FromHex("00000001 0300 9e35 010203"));
    ASSERT_TRUE(notify.Ok());
    EXPECT_EQ(notify->type, 40501);
    EXPECT_EQ(notify->data.size(), 3u);
}

TEST(NotifyPayload, DoisOtherThanIsakmpAndIpsecAreRefused)
{
    EXPECT_FALSE(RefusalOf(ParseNotifyPayload, FromHex("00000000 0100000e")));
    EXPECT_EQ(RefusalOf(ParseNotifyPayload, FromHex("00000002 0100000e")), Fault::UnsupportedDoi);
    EXPECT_EQ(RefusalOf(ParseNotifyPayload, FromHex("ffffffff 0100000e")), Fault::UnsupportedDoi);
}

TEST(DeletePayload, SpisAndCookiesGoRound)
{
    for (const char* hex : {"00000001 03040002 bef8a7a3 c0ffee01",
                            "00000001 02040001 bef8a7a3",
                            "00000001 01100001 8fd45499ec8299afe9061a2f8c14e69e"})
    {
        const Octets body = FromHex(hex);
        const Result<DeletePayload> del = ParseDeletePayload(body);
        ASSERT_TRUE(del.Ok()) << hex;
        EXPECT_EQ(WriteDeletePayload(*del), body);
    }
    const Result<DeletePayload> del =
        ParseDeletePayload(FromHex("00000001 03040002bef8a7a3c0ffee01"));
    ASSERT_EQ(del->spis.size(), 2u);
    EXPECT_EQ(del->protocol, ProtocolId::Esp);
    EXPECT_EQ(ToHex(del->spis[1]), "c0ffee01");
}

TEST(DeletePayload, EveryTruncationAndEveryTailIsRefused)
{
    // bad input 81
    const Octets body = FromHex("00000001 03040002 bef8a7a3 c0ffee01");
    for (size_t size = 0; size < body.size(); size++)
    {
        EXPECT_EQ(RefusalOf(ParseDeletePayload, OctetView(body).First(size)),
                  Fault::MalformedPayload)
            << size << " octets";
    }
    EXPECT_EQ(RefusalOf(ParseDeletePayload, Concat({body, FromHex("00")})),
              Fault::MalformedPayload);
}

TEST(DeletePayload, CountsThatTheBodyDoesNotHoldAreRefused)
{
    // bad input 81
    EXPECT_EQ(RefusalOf(ParseDeletePayload, FromHex("00000001 0304ffff bef8a7a3")),
              Fault::MalformedPayload);
    EXPECT_EQ(RefusalOf(ParseDeletePayload, FromHex("00000001 03ffffff bef8a7a3")),
              Fault::MalformedPayload);
    EXPECT_EQ(RefusalOf(ParseDeletePayload, FromHex("00000001 03040000 bef8a7a3")),
              Fault::MalformedPayload);
}

TEST(DeletePayload, SpiSizesThatTheProtocolDoesNotHaveAreRefused)
{
    // bad input 81: zero octets 65535 times, 8 for ESP, 4 for ISAKMP, one SPI of 255
    EXPECT_EQ(RefusalOf(ParseDeletePayload, FromHex("00000001 0300ffff")), Fault::BadSpi);
    EXPECT_EQ(RefusalOf(ParseDeletePayload, FromHex("00000001 03080001 0102030405060708")),
              Fault::BadSpi);
    EXPECT_EQ(RefusalOf(ParseDeletePayload, FromHex("00000001 01040001 01020304")), Fault::BadSpi);
    EXPECT_EQ(RefusalOf(ParseDeletePayload, Concat({FromHex("00000001 03ff0001"), Octets(255, 1)})),
              Fault::BadSpi);
}

TEST(DeletePayload, UnknownProtocolsAreRefused)
{
    // bad input 81
    for (const char* protocol : {"00", "05", "ff"})
    {
        EXPECT_EQ(RefusalOf(ParseDeletePayload,
                            FromHex(std::string("00000001") + protocol + "040001bef8a7a3")),
                  Fault::BadSpi)
            << protocol;
    }
}

TEST(DeletePayload, OtherDoisAreRefused)
{
    EXPECT_EQ(RefusalOf(ParseDeletePayload, FromHex("00000002 03040001 bef8a7a3")),
              Fault::UnsupportedDoi);
}

TEST(AttributesPayload, GoesRound)
{
    const Octets body = FromHex("0100abcd c0880000 40890005 616c696365 408a0000");
    const Result<AttributesPayload> payload = ParseAttributesPayload(body);
    ASSERT_TRUE(payload.Ok());
    EXPECT_EQ(payload->message, ConfigMessage::Request);
    EXPECT_EQ(payload->identifier, 0xabcd);
    ASSERT_EQ(payload->attributes.size(), 3u);
    EXPECT_EQ(payload->attributes[1].type, 16521);
    EXPECT_EQ(WriteAttributesPayload(*payload), body);
}

TEST(AttributesPayload, UpToThreeZerosBehindTheLastAttributeArePadding)
{
    const Octets body = FromHex("01000000 40890005 616c696365");
    for (size_t zeros = 0; zeros < 4; zeros++)
    {
        const Result<AttributesPayload> payload =
            ParseAttributesPayload(Concat({body, Octets(zeros, 0)}));
        ASSERT_TRUE(payload.Ok()) << zeros;
        EXPECT_EQ(payload->attributes.size(), 1u);
    }
    EXPECT_EQ(RefusalOf(ParseAttributesPayload, Concat({body, FromHex("0001")})),
              Fault::MalformedPayload);
}

TEST(AttributesPayload, TruncationsWithinAnAttributeAreRefused)
{
    const Octets body = FromHex("01000000 40890005 616c696365");
    for (size_t size = 0; size < body.size(); size++)
    {
        const std::optional<Fault> refusal =
            RefusalOf(ParseAttributesPayload, OctetView(body).First(size));
        if (size == 4)
        {
            EXPECT_FALSE(refusal);
            continue;
        }
        EXPECT_EQ(refusal, Fault::MalformedPayload) << size << " octets";
    }
}

TEST(AttributesPayload, UnknownMessageTypesAndReservedOctetsAreRefused)
{
    EXPECT_EQ(RefusalOf(ParseAttributesPayload, FromHex("00000000")), Fault::MalformedPayload);
    EXPECT_EQ(RefusalOf(ParseAttributesPayload, FromHex("05000000")), Fault::MalformedPayload);
    EXPECT_EQ(RefusalOf(ParseAttributesPayload, FromHex("01010000")), Fault::ReservedNotZero);
}

TEST(FragmentPayload, AFragmentGoesRound)
{
    const Octets body = FromHex("0001 02 01 0a0b0c");
    const Result<FragmentPayload> fragment = ParseFragmentPayload(body);
    ASSERT_TRUE(fragment.Ok());
    EXPECT_EQ(fragment->id, 1);
    EXPECT_EQ(fragment->number, 2);
    EXPECT_TRUE(fragment->isLast);
    EXPECT_EQ(fragment->data, FromHex("0a0b0c"));
    EXPECT_EQ(WriteFragmentPayload(*fragment), body);
}

TEST(FragmentPayload, FlagsWithoutAMeaningAreIgnored)
{
    EXPECT_FALSE(ParseFragmentPayload(FromHex("0001 02 fe 0a"))->isLast);
    EXPECT_TRUE(ParseFragmentPayload(FromHex("0001 02 ff 0a"))->isLast);
}

// bad input 87
TEST(FragmentPayload, ABodyWithoutDataIsRefused)
{
    const Octets body = FromHex("0001 02 01");
    for (size_t size = 0; size <= body.size(); size++)
    {
        EXPECT_EQ(RefusalOf(ParseFragmentPayload, OctetView(body).First(size)),
                  Fault::MalformedPayload)
            << size << " octets";
    }
}

TEST(NatOaPayload, AnIpv4AddressGoesRound)
{
    const Octets body = FromHex("01000000 0a010203");
    const Result<NatOaPayload> original = ParseNatOaPayload(body);
    ASSERT_TRUE(original.Ok());
    EXPECT_EQ(original->address, IpAddress::Parse("10.1.2.3"));
    EXPECT_EQ(WriteNatOaPayload(*original), body);
}

TEST(NatOaPayload, AnIpv6AddressIsAcceptedAsNone)
{
    const Result<NatOaPayload> original = ParseNatOaPayload(FromHex("05000000" + V6));
    ASSERT_TRUE(original.Ok());
    EXPECT_TRUE(original->address.IsAny());
}

TEST(NatOaPayload, AnythingElseIsRefused)
{
    const Octets body = FromHex("01000000 0a010203");
    for (size_t size = 0; size < body.size(); size++)
    {
        EXPECT_EQ(RefusalOf(ParseNatOaPayload, OctetView(body).First(size)),
                  Fault::MalformedPayload)
            << size << " octets";
    }
    EXPECT_EQ(RefusalOf(ParseNatOaPayload, FromHex("01000000 0a01020304")),
              Fault::MalformedPayload);
    EXPECT_EQ(RefusalOf(ParseNatOaPayload, FromHex("02000000 0a010203")), Fault::MalformedPayload);
    EXPECT_EQ(RefusalOf(ParseNatOaPayload, FromHex("05000000 0a010203")), Fault::MalformedPayload);
    EXPECT_EQ(RefusalOf(ParseNatOaPayload, FromHex("01000100 0a010203")), Fault::ReservedNotZero);
}

} // namespace
} // namespace ipsec
} // namespace ns3
