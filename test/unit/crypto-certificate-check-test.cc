// SPDX-License-Identifier: GPL-2.0-only
#include "asymmetric-samples.h"
#include "certificate-samples.h"
#include "recorded-handshake.h"

#include "ns3/crypto-certificate.h"

#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <gtest/gtest.h>

namespace ns3
{
namespace ipsec
{
namespace
{

/// Flips a bit of the signature, which stands at the end.
Certificate
WithWrongSignature(const Certificate& certificate)
{
    Octets der = certificate.Der();
    der[der.size() - 3] ^= 1;
    return *Certificate::FromDer(der);
}

// Covers P1-05.
TEST(CheckCertificate, PinnedSelfSignedIsAccepted)
{
    const Certificate leaf = SampleParty("alone").SelfSigned();
    Trust trust;
    trust.pinned = {SampleParty("other").SelfSigned(), leaf};
    EXPECT_EQ(Judgement(leaf, {}, trust), "accepted");
}

// Covers P1-05.
TEST(CheckCertificate, UnknownSelfSignedIsRefused)
{
    const Certificate leaf = SampleParty("alone").SelfSigned();
    Trust trust;
    trust.pinned = {SampleParty("other").SelfSigned()};
    EXPECT_EQ(Judgement(leaf, {}, trust), "UntrustedSelfSigned");
    EXPECT_EQ(Judgement(leaf, {leaf}, trust), "UntrustedSelfSigned");
}

TEST(CheckCertificate, SelfSignedByAnotherKeyIsBadRatherThanUntrusted)
{
    const SampleParty party("alone");
    EXPECT_EQ(Judgement(WithWrongSignature(party.SelfSigned()), {}, Trust()), "BadCertificate");
}

TEST(CheckCertificate, OfThePinnedNameWithAnotherKeyIsNotThePinnedOne)
{
    Trust trust;
    trust.pinned = {SampleParty("alone").SelfSigned()};
    const SampleParty impostor("alone", KeyNamed("impostor"));
    EXPECT_EQ(Judgement(impostor.SelfSigned(), {}, trust), "UntrustedSelfSigned");
}

TEST(CheckCertificate, PinnedOneNeedsNoAuthority)
{
    const SampleChain chain;
    Trust trust;
    trust.pinned = {chain.leaf};
    EXPECT_EQ(Judgement(chain.leaf, {}, trust), "accepted");
}

// Covers P1-05.
TEST(CheckCertificate, ChainToAKnownAuthorityIsAccepted)
{
    const SampleParty root("root");
    Trust trust;
    trust.authorities = {root.Root()};
    EXPECT_EQ(Judgement(root.Issue(SampleParty("leaf")), {}, trust), "accepted");
}

// Covers P1-05.
// bad input 74: wrong CA
TEST(CheckCertificate, ChainToAnotherAuthorityIsRefused)
{
    SampleChain chain;
    chain.trust.authorities = {SampleParty("stranger").Root()};
    EXPECT_EQ(Judgement(chain.leaf, {chain.middle}, chain.trust), "UnknownAuthority");
    EXPECT_EQ(Judgement(chain.leaf, {chain.middle, chain.root}, chain.trust), "UnknownAuthority");
    EXPECT_EQ(Judgement(chain.leaf, {}, Trust()), "UnknownAuthority");
}

TEST(CheckCertificate, AuthorityOfTheSameNameWithAnotherKeyIsAnother)
{
    SampleChain chain;
    chain.trust.authorities = {SampleParty("root", KeyNamed("impostor")).Root()};
    EXPECT_EQ(Judgement(chain.leaf, {chain.middle}, chain.trust), "UnknownAuthority");
}

TEST(CheckCertificate, IntermediateMayBeSentOrKnown)
{
    SampleChain chain;
    EXPECT_EQ(Judgement(chain.leaf, {chain.middle}, chain.trust), "accepted");
    EXPECT_EQ(Judgement(chain.leaf, {}, chain.trust), "UnknownAuthority");
    chain.trust.intermediates = {chain.middle};
    EXPECT_EQ(Judgement(chain.leaf, {}, chain.trust), "accepted");
}

TEST(CheckCertificate, OrderOfWhatIsSentDoesNotMatter)
{
    const SampleChain chain;
    const Certificate other = SampleParty("stranger").Root();
    EXPECT_EQ(Judgement(chain.leaf, {other, chain.root, chain.leaf, chain.middle}, chain.trust),
              "accepted");
}

TEST(CheckCertificate, KnownIntermediateIsNotTrustedByItself)
{
    Trust trust;
    const SampleChain chain;
    trust.intermediates = {chain.middle, chain.root};
    EXPECT_EQ(Judgement(chain.leaf, {}, trust), "UnknownAuthority");
}

TEST(CheckCertificate, AuthorityNeedNotBeARoot)
{
    SampleChain chain;
    chain.trust.authorities = {chain.middle};
    EXPECT_EQ(Judgement(chain.leaf, {}, chain.trust), "accepted");
}

// bad input 74: expired, and not yet valid; both ends belong to the time of validity
TEST(CheckCertificate, IsJudgedByTheInstantItIsGiven)
{
    const SampleChain chain;
    const std::vector<Certificate> sent = {chain.middle};
    EXPECT_EQ(Judgement(chain.leaf, sent, chain.trust, SAMPLE_BEGIN - 1), "CertificateNotYetValid");
    EXPECT_EQ(Judgement(chain.leaf, sent, chain.trust, SAMPLE_BEGIN), "accepted");
    EXPECT_EQ(Judgement(chain.leaf, sent, chain.trust, SAMPLE_END), "accepted");
    EXPECT_EQ(Judgement(chain.leaf, sent, chain.trust, SAMPLE_END + 1), "CertificateExpired");
    Trust trust;
    trust.pinned = {chain.leaf};
    EXPECT_EQ(Judgement(chain.leaf, {}, trust, SAMPLE_BEGIN - 1), "CertificateNotYetValid");
    EXPECT_EQ(Judgement(chain.leaf, {}, trust, SAMPLE_END), "accepted");
    EXPECT_EQ(Judgement(chain.leaf, {}, trust, SAMPLE_END + 1), "CertificateExpired");
}

TEST(CheckCertificate, EveryCertificateOfTheChainMustBeValid)
{
    SampleChain chain;
    CertificateRequest shorter = RequestFor("middle");
    shorter.isAuthority = true;
    shorter.notAfter = SAMPLE_NOW - 1;
    const Certificate oldMiddle = chain.rootParty.Issue(shorter, chain.middleParty);
    EXPECT_EQ(Judgement(chain.leaf, {oldMiddle}, chain.trust), "CertificateExpired");
    shorter.subject = ParseDistinguishedName("CN=root");
    chain.trust.authorities = {chain.rootParty.Issue(shorter, chain.rootParty)};
    EXPECT_EQ(Judgement(chain.leaf, {chain.middle}, chain.trust), "CertificateExpired");
}

// One is valid at any time that the host's clock may show, the other at the instant given.
TEST(CheckCertificate, OfTwoIntermediatesTheOneThatIsValidThenIsTaken)
{
    const SampleChain chain;
    const auto between = [&chain](const char* begin, const char* end)
    {
        CertificateRequest request = RequestFor("middle");
        request.isAuthority = true;
        request.notBefore = ParseCalendar(begin);
        request.notAfter = ParseCalendar(end);
        return request;
    };
    const SampleParty& root = chain.rootParty;
    const Certificate early = root.Issue(between("1990-01-01", "2000-01-01"), chain.middleParty);
    const Certificate late = root.Issue(between("2020-01-01", "2200-01-01"), chain.middleParty);
    CertificateRequest leaf = between("1990-01-01", "2200-01-01");
    leaf.subject = ParseDistinguishedName("CN=leaf");
    leaf.isAuthority = false;
    const Certificate end = chain.middleParty.Issue(leaf, chain.leafParty);
    Trust trust;
    leaf.subject = ParseDistinguishedName("CN=root");
    leaf.isAuthority = true;
    trust.authorities = {root.Issue(leaf, root)};
    const CalendarSeconds then = ParseCalendar("1995-01-01");
    EXPECT_EQ(Judgement(end, {late, early}, trust, then), "accepted");
    EXPECT_EQ(Judgement(end, {early, late}, trust, then), "accepted");
    EXPECT_EQ(Judgement(end, {late}, trust, then), "CertificateNotYetValid");
}

TEST(CheckCertificate, WrongSignatureAnywhereIsBad)
{
    const SampleChain chain;
    EXPECT_EQ(Judgement(WithWrongSignature(chain.leaf), {chain.middle}, chain.trust),
              "BadCertificate");
    EXPECT_EQ(Judgement(chain.leaf, {WithWrongSignature(chain.middle)}, chain.trust),
              "BadCertificate");
}

TEST(CheckCertificate, SignatureOfTheTrustedRootIsNotJudged)
{
    SampleChain chain;
    chain.trust.authorities = {WithWrongSignature(chain.root)};
    EXPECT_EQ(Judgement(chain.leaf, {chain.middle}, chain.trust), "accepted");
}

TEST(CheckCertificate, IssuerMustBeAnAuthority)
{
    const SampleChain chain;
    const Certificate notAuthority = chain.rootParty.Issue(chain.middleParty);
    EXPECT_EQ(Judgement(chain.leaf, {notAuthority}, chain.trust), "BadCertificate");
}

TEST(CheckCertificate, KeyUsageAloneMakesNoAuthority)
{
    const SampleChain chain;
    const Certificate middle =
        ChangedCertificate(chain.middle,
                           chain.rootParty.issuer.key,
                           [](X509* x509) { RemoveExtension(x509, NID_basic_constraints); });
    ASSERT_FALSE(middle.IsAuthority());
    EXPECT_EQ(Judgement(chain.leaf, {middle}, chain.trust), "BadCertificate");
}

TEST(CheckCertificate, AuthorityMustBeAllowedToSignCertificates)
{
    const SampleChain chain;
    const Certificate middle =
        ChangedCertificate(chain.middle,
                           chain.rootParty.issuer.key,
                           [](X509* x509)
                           {
                               RemoveExtension(x509, NID_key_usage);
                               AddExtension(x509, NID_key_usage, "digitalSignature");
                           });
    EXPECT_EQ(Judgement(chain.leaf, {middle}, chain.trust), "BadCertificate");
}

TEST(CheckCertificate, PathLengthIsKept)
{
    SampleChain chain;
    const Certificate root = ChangedCertificate(
        chain.root,
        chain.rootParty.issuer.key,
        [](X509* x509)
        {
            RemoveExtension(x509, NID_basic_constraints);
            AddExtension(x509, NID_basic_constraints, "critical,CA:TRUE,pathlen:0");
        });
    chain.trust.authorities = {root};
    EXPECT_EQ(Judgement(chain.leaf, {chain.middle}, chain.trust), "BadCertificate");
    EXPECT_EQ(Judgement(chain.rootParty.Issue(chain.leafParty), {}, chain.trust), "accepted");
}

TEST(CheckCertificate, UnknownCriticalExtensionIsBad)
{
    const SampleChain chain;
    const auto withExtension = [&chain](const char* value)
    {
        return ChangedCertificate(chain.leaf,
                                  chain.middleParty.issuer.key,
                                  [value](X509* x509)
                                  {
                                      X509_EXTENSION* extension =
                                          X509V3_EXT_conf(nullptr, nullptr, "1.2.3.4.5", value);
                                      ASSERT_NE(extension, nullptr);
                                      X509_add_ext(x509, extension, -1);
                                      X509_EXTENSION_free(extension);
                                  });
    };
    EXPECT_EQ(Judgement(withExtension("critical,DER:0500"), {chain.middle}, chain.trust),
              "BadCertificate");
    EXPECT_EQ(Judgement(withExtension("DER:0500"), {chain.middle}, chain.trust), "accepted");
}

// bad input 74: chain loop
TEST(CheckCertificate, LoopIsRefused)
{
    const SampleParty a("a");
    const SampleParty b("b");
    const Certificate aByB = b.IssueAuthority(a);
    const Certificate bByA = a.IssueAuthority(b);
    const Certificate leaf = a.Issue(SampleParty("leaf"));
    Trust trust;
    trust.authorities = {SampleParty("root").Root()};
    EXPECT_EQ(Judgement(leaf, {aByB, bByA}, trust), "UnknownAuthority");
    trust.authorities = {a.Root()};
    EXPECT_EQ(Judgement(leaf, {aByB, bByA}, trust), "accepted");
}

// bad input 74: 100 certificates
TEST(CheckCertificate, MoreThanTheLimitOfSentCertificatesIsBad)
{
    const SampleChain chain;
    std::vector<Certificate> sent(MAX_SENT_CERTIFICATES, chain.middle);
    EXPECT_EQ(Judgement(chain.leaf, sent, chain.trust), "accepted");
    sent.push_back(chain.middle);
    EXPECT_EQ(Judgement(chain.leaf, sent, chain.trust), "BadCertificate");
    sent.resize(100, chain.root);
    EXPECT_EQ(Judgement(chain.leaf, sent, chain.trust), "BadCertificate");
}

TEST(CheckCertificate, ChainMayHaveEightCertificatesAndNoMore)
{
    const SampleParty root("root");
    std::vector<SampleParty> parties = {root};
    std::vector<Certificate> sent;
    Trust trust;
    trust.authorities = {root.Root()};
    for (size_t between = 0; between <= 8; between++)
    {
        const Certificate leaf = parties.back().Issue(SampleParty("leaf"));
        const size_t length = between + 2;
        EXPECT_EQ(Judgement(leaf, sent, trust), length <= MAX_CHAIN ? "accepted" : "BadCertificate")
            << length;
        const SampleParty next("level " + std::to_string(between));
        sent.push_back(parties.back().IssueAuthority(next));
        parties.push_back(next);
    }
}

TEST(CheckCertificate, WeakSignatureIsRefusedUnlessAllowed)
{
    for (const HashId hash : {HashId::Md5, HashId::Sha1})
    {
        const SampleParty root("root", SampleKeyPair(KeyKind::Rsa, 1024));
        const SampleParty middle("middle", SampleKeyPair(KeyKind::Rsa, 1032));
        const SampleParty end("leaf");
        CertificateRequest weak = RequestFor("leaf");
        weak.hash = hash;
        CertificateRequest weakMiddle = RequestFor("middle");
        weakMiddle.isAuthority = true;
        weakMiddle.hash = hash;
        CertificateRequest weakRoot = RequestFor("root");
        weakRoot.isAuthority = true;
        weakRoot.hash = hash;
        Trust trust;
        trust.authorities = {root.Root()};
        const Certificate leaf = middle.Issue(end);
        const Certificate strongMiddle = root.IssueAuthority(middle);
        EXPECT_EQ(Judgement(leaf, {strongMiddle}, trust), "accepted");
        EXPECT_EQ(Judgement(middle.Issue(weak, end), {strongMiddle}, trust), "WeakCertificate");
        EXPECT_EQ(Judgement(leaf, {root.Issue(weakMiddle, middle)}, trust), "WeakCertificate");
        trust.acceptWeak = true;
        EXPECT_EQ(Judgement(middle.Issue(weak, end), {strongMiddle}, trust), "accepted");
        EXPECT_EQ(Judgement(leaf, {root.Issue(weakMiddle, middle)}, trust), "accepted");
        trust.acceptWeak = false;
        trust.authorities = {root.Issue(weakRoot, root)};
        EXPECT_EQ(Judgement(leaf, {strongMiddle}, trust), "accepted") << "root";
    }
}

// bad input 74: 512-bit
TEST(CheckCertificate, ShortKeyIsRefusedUnlessAllowed)
{
    for (const KeyKind kind : {KeyKind::Rsa, KeyKind::Dsa})
    {
        const SampleParty root("root");
        Trust trust;
        trust.authorities = {root.Root()};
        const Certificate leaf = root.Issue(SampleParty("leaf", SampleKeyPair(kind, 512)));
        EXPECT_EQ(Judgement(leaf, {}, trust), "WeakCertificate") << KeyKindName(kind);
        trust.acceptWeak = true;
        EXPECT_EQ(Judgement(leaf, {}, trust), "accepted") << KeyKindName(kind);
    }
    const SampleParty root("root", SampleKeyPair(KeyKind::Rsa, 512));
    Trust trust;
    trust.authorities = {root.Root()};
    EXPECT_EQ(Judgement(root.Issue(SampleParty("leaf")), {}, trust), "WeakCertificate") << "root";
}

TEST(CheckCertificate, ChainsOfEveryKindOfKeyAreAccepted)
{
    for (const KeyKind kind :
         {KeyKind::Rsa, KeyKind::Dsa, KeyKind::EcdsaP256, KeyKind::EcdsaP384, KeyKind::EcdsaP521})
    {
        const SampleParty root("root", SampleKeyPair(kind));
        Trust trust;
        trust.authorities = {root.Root()};
        trust.requireRevocationList = true;
        trust.revocationLists = {root.Revoke({})};
        EXPECT_EQ(Judgement(root.Issue(SampleParty("leaf")), {}, trust), "accepted")
            << KeyKindName(kind);
    }
}

TEST(CheckCertificate, WorstOfSeveralFaultsIsReported)
{
    SampleChain chain;
    const CalendarSeconds late = SAMPLE_END + 1;
    SeededRandomSource random(1);
    const std::vector<Certificate> sent = {chain.middle};
    chain.trust.requireRevocationList = true;
    EXPECT_EQ(Judgement(chain.leaf, sent, chain.trust, late), "CertificateExpired");
    chain.trust.revocationLists = {IssueRevocationList(
        chain.middleParty.issuer, {chain.leaf}, SAMPLE_BEGIN, late + 100, random)};
    EXPECT_EQ(Judgement(chain.leaf, sent, chain.trust, late), "CertificateRevoked");
    const SampleParty shortKey("leaf", SampleKeyPair(KeyKind::Rsa, 512));
    const Certificate weak = chain.middleParty.Issue(shortKey);
    chain.trust.revocationLists = {
        IssueRevocationList(chain.middleParty.issuer, {weak}, SAMPLE_BEGIN, late + 100, random)};
    EXPECT_EQ(Judgement(weak, sent, chain.trust, late), "WeakCertificate");
    Trust nothing = chain.trust;
    nothing.authorities.clear();
    EXPECT_EQ(Judgement(weak, sent, nothing, late), "UnknownAuthority");
    EXPECT_EQ(Judgement(shortKey.SelfSigned(), sent, nothing, late), "UntrustedSelfSigned");
    EXPECT_EQ(Judgement(WithWrongSignature(weak), sent, chain.trust, late), "BadCertificate");
    EXPECT_EQ(Judgement(WithWrongSignature(weak), sent, nothing, late), "BadCertificate");
}

/// Bodies of CERT payloads hold the encoding and then the certificate.
Certificate
Recorded(const Octets& body)
{
    return *Certificate::FromDer(OctetView(body).From(1));
}

TEST(CheckCertificate, OfADeployedImplementationNeedsItsAuthority)
{
    for (const char* name : {"live/rsasig-main-aes256-sha256-modp2048.txt",
                             "live/ecdsa256-main-aes128-sha256-ecp256.txt"})
    {
        const RecordedPhase1 phase1 = RecordedHandshake::Read(name).phase1;
        for (const Octets& body : {phase1.certI, phase1.certR})
        {
            const Certificate certificate = Recorded(body);
            const CalendarSeconds now = certificate.NotBefore() + 3600;
            Trust trust;
            EXPECT_EQ(Judgement(certificate, {}, trust, now), "UnknownAuthority");
            trust.pinned = {certificate};
            EXPECT_EQ(Judgement(certificate, {}, trust, now), "accepted");
            EXPECT_EQ(Judgement(certificate, {}, trust, certificate.NotBefore() - 1),
                      "CertificateNotYetValid");
        }
    }
}

} // namespace
} // namespace ipsec
} // namespace ns3
