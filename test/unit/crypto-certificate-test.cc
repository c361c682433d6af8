// SPDX-License-Identifier: GPL-2.0-only
#include "asymmetric-samples.h"
#include "certificate-samples.h"
#include "recorded-handshake.h"
#include "thrown-sentence.h"

#include "ns3/crypto-certificate.h"
#include "ns3/crypto-hash.h"

#include <algorithm>
#include <gtest/gtest.h>

namespace ns3
{
namespace ipsec
{
namespace
{

Certificate
Sample()
{
    CertificateRequest request = RequestFor("leaf");
    const Octets address = {192, 0, 2, 1};
    request.alternativeNames = {{AlternativeNameKind::Dns, AsOctets("fw.example").Copy()},
                                {AlternativeNameKind::Email, AsOctets("a@example").Copy()},
                                {AlternativeNameKind::Address, address}};
    return SampleParty("root").Issue(request, SampleParty("leaf"));
}

Fault
RefusalOf(OctetView der)
{
    const Result<Certificate> read = Certificate::FromDer(der);
    return read.Ok() ? Fault::Duplicate : read.GetFault();
}

/// Replaces the only place where @p from stands.
Octets
Replaced(const Octets& der, const Octets& from, const Octets& to)
{
    const auto at = std::search(der.begin(), der.end(), from.begin(), from.end());
    EXPECT_NE(at, der.end());
    Octets changed(der.begin(), at);
    changed.insert(changed.end(), to.begin(), to.end());
    changed.insert(changed.end(), at + static_cast<long>(from.size()), der.end());
    return changed;
}

TEST(Certificate, SaysWhatWasAskedFor)
{
    const Certificate leaf = Sample();
    EXPECT_EQ(DistinguishedNameText(leaf.Subject()), "CN=leaf");
    EXPECT_EQ(DistinguishedNameText(leaf.Issuer()), "CN=root");
    EXPECT_EQ(leaf.Key(), KeyNamed("leaf").Public());
    EXPECT_EQ(leaf.NotBefore(), SAMPLE_BEGIN);
    EXPECT_EQ(leaf.NotAfter(), SAMPLE_END);
    EXPECT_FALSE(leaf.IsAuthority());
    EXPECT_FALSE(leaf.IsSelfIssued());
    EXPECT_EQ(leaf.SerialNumber().size(), 16U);
    ASSERT_EQ(leaf.AlternativeNames().size(), 3U);
    EXPECT_EQ(leaf.AlternativeNames()[0].kind, AlternativeNameKind::Dns);
    EXPECT_EQ(leaf.AlternativeNames()[0].value, AsOctets("fw.example").Copy());
    EXPECT_EQ(leaf.AlternativeNames()[1].kind, AlternativeNameKind::Email);
    EXPECT_EQ(leaf.AlternativeNames()[1].value, AsOctets("a@example").Copy());
    EXPECT_EQ(leaf.AlternativeNames()[2].kind, AlternativeNameKind::Address);
    EXPECT_EQ(ToHex(leaf.AlternativeNames()[2].value), "c0000201");
}

TEST(Certificate, OfARootIsAnAuthorityAndItsOwnIssuer)
{
    const Certificate root = SampleParty("root").Root();
    EXPECT_TRUE(root.IsAuthority());
    EXPECT_TRUE(root.IsSelfIssued());
}

TEST(Certificate, ComesBackFromDerAndPem)
{
    const Certificate leaf = Sample();
    EXPECT_EQ(*Certificate::FromDer(leaf.Der()), leaf);
    const Certificate root = SampleParty("root").Root();
    EXPECT_NE(root, leaf);
    const std::string key = KeyNamed("leaf").ToPem();
    const std::vector<Certificate> read =
        Certificate::FromPem("a remark\n" + leaf.ToPem() + key + root.ToPem());
    ASSERT_EQ(read.size(), 2U);
    EXPECT_EQ(read[0], leaf);
    EXPECT_EQ(read[1], root);
}

TEST(Certificate, HasOneSentenceForEachBadPem)
{
    EXPECT_EQ(ThrownSentence([] { Certificate::FromPem(""); }),
              "the PEM text does not hold a certificate");
    EXPECT_EQ(ThrownSentence([] { Certificate::FromPem(KeyNamed("leaf").ToPem()); }),
              "the PEM text does not hold a certificate");
    std::string broken = Sample().ToPem();
    broken[40] = '!';
    EXPECT_EQ(ThrownSentence([&] { Certificate::FromPem(broken); }),
              "a block of the PEM text is broken");
    const std::string noDer = "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n";
    EXPECT_EQ(ThrownSentence([&] { Certificate::FromPem(noDer); }),
              "a certificate in the PEM text is malformed or not supported");
    EXPECT_EQ(ThrownSentence([] { RevocationList::FromPem(Sample().ToPem()); }),
              "the PEM text does not hold a revocation list");
}

// bad input 74: garbage
TEST(Certificate, IsRefusedWhereverItsDerEnds)
{
    const Octets der = Sample().Der();
    for (size_t length = 0; length < der.size(); length++)
    {
        EXPECT_EQ(RefusalOf(OctetView(der).First(length)), Fault::BadCertificate) << length;
    }
    EXPECT_EQ(RefusalOf(Concat({der, Octets{0}})), Fault::BadCertificate);
}

// bad input 74: garbage
TEST(Certificate, WithAnyOctetChangedIsNeverAccepted)
{
    const SampleParty root("root");
    Trust trust;
    trust.authorities = {root.Root()};
    const Certificate leaf = Sample();
    ASSERT_TRUE(CheckCertificate(leaf, {}, trust, SAMPLE_NOW).Ok());
    SeededRandomSource random(1);
    size_t readable = 0;
    for (size_t i = 0; i < leaf.Der().size(); i++)
    {
        Octets changed = leaf.Der();
        changed[i] = static_cast<uint8_t>(changed[i] + 1 + random.Draw(1)[0] % 255);
        const Result<Certificate> read = Certificate::FromDer(changed);
        if (read)
        {
            readable++;
            EXPECT_FALSE(CheckCertificate(*read, {}, trust, SAMPLE_NOW).Ok()) << i;
        }
    }
    EXPECT_GT(readable, 50U);
}

// bad input 74: exponent 0
TEST(Certificate, OfAHostileKeyIsRefused)
{
    const SampleParty root("root");
    const SampleParty leaf("leaf", SampleKeyPair(KeyKind::Rsa, 1024));
    const Octets der = root.Issue(leaf).Der();
    const Octets exponent = FromHex("0203010001");
    EXPECT_EQ(RefusalOf(Replaced(der, exponent, exponent)), Fault::Duplicate);
    EXPECT_EQ(RefusalOf(Replaced(der, exponent, FromHex("0203000000"))), Fault::BadCertificate);
    EXPECT_EQ(RefusalOf(Replaced(der, exponent, FromHex("0203010000"))), Fault::BadCertificate);
    EXPECT_EQ(RefusalOf(Replaced(der, exponent, FromHex("0203000001"))), Fault::BadCertificate);
}

// bad input 74: garbage, where only the extension is
TEST(Certificate, WithAMalformedExtensionIsRefused)
{
    const Octets der = Sample().Der();
    const Octets constraints = FromHex("0603551d130101ff04023000");
    EXPECT_EQ(RefusalOf(Replaced(der, constraints, constraints)), Fault::Duplicate);
    EXPECT_EQ(RefusalOf(Replaced(der, constraints, FromHex("0603551d130101ff04023100"))),
              Fault::BadCertificate);
    const Octets address = FromHex("8704c0000201");
    EXPECT_EQ(RefusalOf(Replaced(der, address, FromHex("a704c0000201"))), Fault::BadCertificate);
}

TEST(Certificate, OfADeployedImplementationIsRead)
{
    const RecordedPhase1 phase1 =
        RecordedHandshake::Read("live/rsasig-main-aes256-sha256-modp2048.txt").phase1;
    const Result<Certificate> read = Certificate::FromDer(OctetView(phase1.certI).From(1));
    ASSERT_TRUE(read.Ok());
    EXPECT_EQ(DistinguishedNameText(read->Subject()), "C=XX, O=ike-vectors, CN=a.example.test");
    EXPECT_EQ(DistinguishedNameText(read->Issuer()), "C=XX, O=ike-vectors, CN=Test CA");
    EXPECT_EQ(ToHex(read->SerialNumber()), "4e0351238f5d8c60edfc4d6aacfb6520acfedc47");
    EXPECT_EQ(CalendarText(read->NotBefore()), "2026-11-22T03:02:38Z");
    EXPECT_EQ(CalendarText(read->NotAfter()), "2126-10-29T03:02:38Z");
    ASSERT_EQ(read->AlternativeNames().size(), 1U);
    EXPECT_EQ(read->AlternativeNames()[0].value, AsOctets("a.example.test").Copy());
    EXPECT_EQ(read->Key().Bits(), 2048U);
}

TEST(IssueCertificate, EqualSeedsMakeEqualOctets)
{
    for (const KeyKind kind : {KeyKind::Rsa, KeyKind::Dsa, KeyKind::EcdsaP256, KeyKind::EcdsaP384})
    {
        // The second issuer has signed before; what OpenSSL keeps of that must not be seen.
        const std::string pem = SampleKeyPair(kind).ToPem();
        const Issuer fresh{ParseDistinguishedName("CN=root"), PrivateKey::FromPem(pem)};
        const Issuer used{fresh.name, PrivateKey::FromPem(pem)};
        const PublicKey subject = KeyNamed("leaf").Public();
        const CertificateRequest request = RequestFor("leaf");
        SeededRandomSource busy(9);
        for (size_t i = 0; i < 35; i++)
        {
            IssueCertificate(request, subject, used, busy);
        }
        SeededRandomSource first(1);
        SeededRandomSource second(1);
        for (size_t i = 0; i < 40; i++)
        {
            ASSERT_EQ(IssueCertificate(request, subject, fresh, first),
                      IssueCertificate(request, subject, used, second));
        }
        EXPECT_EQ(IssueRevocationList(fresh, {}, SAMPLE_BEGIN, SAMPLE_END, first).Der(),
                  IssueRevocationList(used, {}, SAMPLE_BEGIN, SAMPLE_END, second).Der());
        EXPECT_EQ(first.Draw(8), second.Draw(8)) << KeyKindName(kind);
        EXPECT_NE(IssueCertificate(request, subject, fresh, first),
                  IssueCertificate(request, subject, fresh, first));
    }
}

TEST(IssueCertificate, TakesEveryHashThatGoesWithTheKey)
{
    const SampleParty leaf("leaf");
    const auto issue = [&leaf](KeyKind kind, HashId hash)
    {
        const SampleParty root("root", SampleKeyPair(kind));
        CertificateRequest request = RequestFor("leaf");
        request.hash = hash;
        Trust trust;
        trust.authorities = {root.Root()};
        trust.acceptWeak = true;
        return CheckCertificate(root.Issue(request, leaf), {}, trust, SAMPLE_NOW).Ok();
    };
    for (const HashId hash : {HashId::Sha1, HashId::Sha256, HashId::Sha384, HashId::Sha512})
    {
        EXPECT_TRUE(issue(KeyKind::Rsa, hash));
        EXPECT_TRUE(issue(KeyKind::EcdsaP384, hash));
    }
    EXPECT_TRUE(issue(KeyKind::Rsa, HashId::Md5));
    EXPECT_TRUE(issue(KeyKind::Dsa, HashId::Sha1));
    EXPECT_TRUE(issue(KeyKind::Dsa, HashId::Sha256));
    EXPECT_EQ(ThrownSentence([&] { issue(KeyKind::Dsa, HashId::Sha384); }),
              "an authority with a DSA key signs by SHA-1 or SHA-256");
    EXPECT_EQ(ThrownSentence([&] { issue(KeyKind::EcdsaP256, HashId::Md5); }),
              "only an authority with an RSA key signs by MD5");
}

TEST(RevocationList, ComesBackFromDerAndPem)
{
    const SampleParty root("root");
    const RevocationList list = root.Revoke({Sample()});
    EXPECT_EQ(RevocationList::FromDer(list.Der())->Der(), list.Der());
    const std::vector<RevocationList> read =
        RevocationList::FromPem(list.ToPem() + root.Root().ToPem() + root.Revoke({}).ToPem());
    ASSERT_EQ(read.size(), 2U);
    EXPECT_EQ(read[0].Der(), list.Der());
    EXPECT_EQ(read[1].Der(), root.Revoke({}).Der());
}

// bad input 74: garbage
TEST(RevocationList, IsRefusedWhereverItsDerEnds)
{
    const Octets der = SampleParty("root").Revoke({Sample()}).Der();
    for (size_t length = 0; length < der.size(); length++)
    {
        EXPECT_FALSE(RevocationList::FromDer(OctetView(der).First(length)).Ok()) << length;
    }
    EXPECT_FALSE(RevocationList::FromDer(Concat({der, Octets{0}})).Ok());
}

} // namespace
} // namespace ipsec
} // namespace ns3
