// SPDX-License-Identifier: GPL-2.0-only
#include "asymmetric-samples.h"
#include "certificate-samples.h"
#include "recorded-handshake.h"

#include "ns3/crypto-certificate.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <functional>
#include <gtest/gtest.h>
#include <memory>

namespace ns3
{
namespace ipsec
{
namespace
{

/// Names the fault, or "accepted".
std::string
Judgement(const Certificate& leaf,
          const std::vector<Certificate>& sent,
          const Trust& trust,
          CalendarSeconds now = SAMPLE_NOW)
{
    const Result<Done> checked = CheckCertificate(leaf, sent, trust, now);
    return checked.Ok() ? "accepted" : FaultName(checked.GetFault());
}

/// Flips a bit of the signature, which stands at the end.
Certificate
WithWrongSignature(const Certificate& certificate)
{
    Octets der = certificate.Der();
    der[der.size() - 3] ^= 1;
    return *Certificate::FromDer(der);
}

using KeyHandle = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;

KeyHandle
OpensslKey(const PrivateKey& key)
{
    const std::string pem = key.ToPem();
    const std::unique_ptr<BIO, decltype(&BIO_free_all)> in(
        BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), BIO_free_all);
    return KeyHandle(PEM_read_bio_PrivateKey(in.get(), nullptr, nullptr, nullptr), EVP_PKEY_free);
}

/// Lets the test change a certificate as OpenSSL holds it, and signs it again by SHA-256.
Certificate
Changed(const Certificate& certificate,
        const PrivateKey& signer,
        const std::function<void(X509*)>& change)
{
    const unsigned char* next = certificate.Der().data();
    const std::unique_ptr<X509, decltype(&X509_free)> x509(
        d2i_X509(nullptr, &next, static_cast<long>(certificate.Der().size())), X509_free);
    change(x509.get());
    EXPECT_GT(X509_sign(x509.get(), OpensslKey(signer).get(), EVP_sha256()), 0);
    unsigned char* written = nullptr;
    const int length = i2d_X509(x509.get(), &written);
    const Octets der(written, written + length);
    OPENSSL_free(written);
    return *Certificate::FromDer(der);
}

/// Makes a delta (RFC 5280 section 5.2.4) of a list.
RevocationList
Delta(const RevocationList& list, const PrivateKey& signer)
{
    const unsigned char* next = list.Der().data();
    const std::unique_ptr<X509_CRL, decltype(&X509_CRL_free)> crl(
        d2i_X509_CRL(nullptr, &next, static_cast<long>(list.Der().size())), X509_CRL_free);
    const std::unique_ptr<ASN1_INTEGER, decltype(&ASN1_INTEGER_free)> base(ASN1_INTEGER_new(),
                                                                           ASN1_INTEGER_free);
    EXPECT_EQ(ASN1_INTEGER_set(base.get(), 1), 1);
    EXPECT_EQ(X509_CRL_add1_ext_i2d(crl.get(), NID_delta_crl, base.get(), 1, 0), 1);
    EXPECT_GT(X509_CRL_sign(crl.get(), OpensslKey(signer).get(), EVP_sha256()), 0);
    unsigned char* written = nullptr;
    const int length = i2d_X509_CRL(crl.get(), &written);
    const Octets der(written, written + length);
    OPENSSL_free(written);
    return *RevocationList::FromDer(der);
}

void
RemoveExtension(X509* x509, int nid)
{
    const int at = X509_get_ext_by_NID(x509, nid, -1);
    ASSERT_GE(at, 0);
    X509_EXTENSION_free(X509_delete_ext(x509, at));
}

void
AddExtension(X509* x509, int nid, const char* value)
{
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, nullptr, nid, value);
    ASSERT_NE(extension, nullptr);
    EXPECT_EQ(X509_add_ext(x509, extension, -1), 1);
    X509_EXTENSION_free(extension);
}

/// A root, an authority between, and an end.
struct Chain
{
    SampleParty rootParty{"root"};
    SampleParty middleParty{"middle"};
    SampleParty leafParty{"leaf"};
    Certificate root = rootParty.Root();
    Certificate middle = rootParty.IssueAuthority(middleParty);
    Certificate leaf = middleParty.Issue(leafParty);
    Trust trust;

    Chain()
    {
        trust.authorities = {root};
    }
};

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
    const Chain chain;
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
    Chain chain;
    chain.trust.authorities = {SampleParty("stranger").Root()};
    EXPECT_EQ(Judgement(chain.leaf, {chain.middle}, chain.trust), "UnknownAuthority");
    EXPECT_EQ(Judgement(chain.leaf, {chain.middle, chain.root}, chain.trust), "UnknownAuthority");
    EXPECT_EQ(Judgement(chain.leaf, {}, Trust()), "UnknownAuthority");
}

TEST(CheckCertificate, AuthorityOfTheSameNameWithAnotherKeyIsAnother)
{
    Chain chain;
    chain.trust.authorities = {SampleParty("root", KeyNamed("impostor")).Root()};
    EXPECT_EQ(Judgement(chain.leaf, {chain.middle}, chain.trust), "UnknownAuthority");
}

TEST(CheckCertificate, IntermediateMayBeSentOrKnown)
{
    Chain chain;
    EXPECT_EQ(Judgement(chain.leaf, {chain.middle}, chain.trust), "accepted");
    EXPECT_EQ(Judgement(chain.leaf, {}, chain.trust), "UnknownAuthority");
    chain.trust.intermediates = {chain.middle};
    EXPECT_EQ(Judgement(chain.leaf, {}, chain.trust), "accepted");
}

TEST(CheckCertificate, OrderOfWhatIsSentDoesNotMatter)
{
    const Chain chain;
    const Certificate other = SampleParty("stranger").Root();
    EXPECT_EQ(Judgement(chain.leaf, {other, chain.root, chain.leaf, chain.middle}, chain.trust),
              "accepted");
}

TEST(CheckCertificate, KnownIntermediateIsNotTrustedByItself)
{
    Trust trust;
    const Chain chain;
    trust.intermediates = {chain.middle, chain.root};
    EXPECT_EQ(Judgement(chain.leaf, {}, trust), "UnknownAuthority");
}

TEST(CheckCertificate, AuthorityNeedNotBeARoot)
{
    Chain chain;
    chain.trust.authorities = {chain.middle};
    EXPECT_EQ(Judgement(chain.leaf, {}, chain.trust), "accepted");
}

// bad input 74: expired, and not yet valid; both ends belong to the time of validity
TEST(CheckCertificate, IsJudgedByTheInstantItIsGiven)
{
    const Chain chain;
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
    Chain chain;
    CertificateRequest shorter = RequestFor("middle");
    shorter.isAuthority = true;
    shorter.notAfter = SAMPLE_NOW - 1;
    const Certificate oldMiddle = chain.rootParty.Issue(shorter, chain.middleParty);
    EXPECT_EQ(Judgement(chain.leaf, {oldMiddle}, chain.trust), "CertificateExpired");
    shorter.subject = ParseDistinguishedName("CN=root");
    chain.trust.authorities = {chain.rootParty.Issue(shorter, chain.rootParty)};
    EXPECT_EQ(Judgement(chain.leaf, {chain.middle}, chain.trust), "CertificateExpired");
}

TEST(CheckCertificate, OfTwoIntermediatesTheValidOneIsTaken)
{
    const Chain chain;
    CertificateRequest shorter = RequestFor("middle");
    shorter.isAuthority = true;
    shorter.notAfter = SAMPLE_NOW - 1;
    const Certificate oldMiddle = chain.rootParty.Issue(shorter, chain.middleParty);
    EXPECT_EQ(Judgement(chain.leaf, {oldMiddle, chain.middle}, chain.trust), "accepted");
    EXPECT_EQ(Judgement(chain.leaf, {chain.middle, oldMiddle}, chain.trust), "accepted");
}

TEST(CheckCertificate, WrongSignatureAnywhereIsBad)
{
    const Chain chain;
    EXPECT_EQ(Judgement(WithWrongSignature(chain.leaf), {chain.middle}, chain.trust),
              "BadCertificate");
    EXPECT_EQ(Judgement(chain.leaf, {WithWrongSignature(chain.middle)}, chain.trust),
              "BadCertificate");
}

TEST(CheckCertificate, SignatureOfTheTrustedRootIsNotJudged)
{
    Chain chain;
    chain.trust.authorities = {WithWrongSignature(chain.root)};
    EXPECT_EQ(Judgement(chain.leaf, {chain.middle}, chain.trust), "accepted");
}

TEST(CheckCertificate, IssuerMustBeAnAuthority)
{
    const Chain chain;
    const Certificate notAuthority = chain.rootParty.Issue(chain.middleParty);
    EXPECT_EQ(Judgement(chain.leaf, {notAuthority}, chain.trust), "BadCertificate");
}

TEST(CheckCertificate, KeyUsageAloneMakesNoAuthority)
{
    const Chain chain;
    const Certificate middle =
        Changed(chain.middle,
                chain.rootParty.issuer.key,
                [](X509* x509) { RemoveExtension(x509, NID_basic_constraints); });
    ASSERT_FALSE(middle.IsAuthority());
    EXPECT_EQ(Judgement(chain.leaf, {middle}, chain.trust), "BadCertificate");
}

TEST(CheckCertificate, AuthorityMustBeAllowedToSignCertificates)
{
    const Chain chain;
    const Certificate middle = Changed(chain.middle,
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
    Chain chain;
    const Certificate root =
        Changed(chain.root,
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
    const Chain chain;
    const auto withExtension = [&chain](const char* value)
    {
        return Changed(chain.leaf,
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
    const Chain chain;
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

TEST(CheckCertificate, RevokedOneIsRefused)
{
    Chain chain;
    chain.trust.revocationLists = {chain.middleParty.Revoke({chain.leaf})};
    EXPECT_EQ(Judgement(chain.leaf, {chain.middle}, chain.trust), "CertificateRevoked");
    chain.trust.revocationLists = {chain.rootParty.Revoke({chain.middle})};
    EXPECT_EQ(Judgement(chain.leaf, {chain.middle}, chain.trust), "CertificateRevoked");
    chain.trust.revocationLists = {
        chain.middleParty.Revoke({chain.middleParty.Issue(SampleParty("other"))})};
    EXPECT_EQ(Judgement(chain.leaf, {chain.middle}, chain.trust), "accepted");
}

TEST(CheckCertificate, ListThatTheIssuerDidNotSignIsIgnored)
{
    Chain chain;
    const SampleParty impostor("middle", KeyNamed("impostor"));
    chain.trust.revocationLists = {impostor.Revoke({chain.leaf}),
                                   chain.rootParty.Revoke({chain.leaf})};
    EXPECT_EQ(Judgement(chain.leaf, {chain.middle}, chain.trust), "accepted");
    chain.trust.requireRevocationList = true;
    EXPECT_EQ(Judgement(chain.leaf, {chain.middle}, chain.trust), "RevocationUnknown");
}

TEST(CheckCertificate, RequiredListMustBeThereForEveryIssuer)
{
    Chain chain;
    chain.trust.requireRevocationList = true;
    EXPECT_EQ(Judgement(chain.leaf, {chain.middle}, chain.trust), "RevocationUnknown");
    chain.trust.revocationLists = {chain.middleParty.Revoke({})};
    EXPECT_EQ(Judgement(chain.leaf, {chain.middle}, chain.trust), "RevocationUnknown");
    chain.trust.revocationLists.push_back(chain.rootParty.Revoke({}));
    EXPECT_EQ(Judgement(chain.leaf, {chain.middle}, chain.trust), "accepted");
}

TEST(CheckCertificate, StaleListCountsAsNone)
{
    const SampleParty root("root");
    const Certificate leaf = root.Issue(SampleParty("leaf"));
    SeededRandomSource random(1);
    Trust trust;
    trust.authorities = {root.Root()};
    trust.revocationLists = {
        IssueRevocationList(root.issuer, {leaf}, SAMPLE_NOW - 100, SAMPLE_NOW + 100, random)};
    const auto at = [&](CalendarSeconds now) { return Judgement(leaf, {}, trust, now); };
    EXPECT_EQ(at(SAMPLE_NOW - 101), "accepted");
    EXPECT_EQ(at(SAMPLE_NOW - 100), "CertificateRevoked");
    EXPECT_EQ(at(SAMPLE_NOW + 100), "CertificateRevoked");
    EXPECT_EQ(at(SAMPLE_NOW + 101), "accepted");
    trust.requireRevocationList = true;
    EXPECT_EQ(at(SAMPLE_NOW - 101), "RevocationUnknown");
    EXPECT_EQ(at(SAMPLE_NOW + 101), "RevocationUnknown");
}

TEST(CheckCertificate, NewestListCounts)
{
    const SampleParty root("root");
    const Certificate leaf = root.Issue(SampleParty("leaf"));
    SeededRandomSource random(1);
    const RevocationList older =
        IssueRevocationList(root.issuer, {leaf}, SAMPLE_NOW - 200, SAMPLE_END, random);
    const RevocationList newer =
        IssueRevocationList(root.issuer, {}, SAMPLE_NOW - 100, SAMPLE_END, random);
    Trust trust;
    trust.authorities = {root.Root()};
    trust.revocationLists = {older, newer};
    EXPECT_EQ(Judgement(leaf, {}, trust), "accepted");
    trust.revocationLists = {newer, older};
    EXPECT_EQ(Judgement(leaf, {}, trust), "accepted");
    trust.revocationLists = {older};
    EXPECT_EQ(Judgement(leaf, {}, trust), "CertificateRevoked");
}

// RFC 5280 section 5.2: with a critical extension that is not understood, nothing follows from a
// list; deltas and partial lists have one.
TEST(CheckCertificate, ListWithACriticalExtensionCountsAsNone)
{
    const SampleParty root("root");
    const Certificate leaf = root.Issue(SampleParty("leaf"));
    Trust trust;
    trust.authorities = {root.Root()};
    trust.revocationLists = {Delta(root.Revoke({leaf}), root.issuer.key)};
    EXPECT_EQ(Judgement(leaf, {}, trust), "accepted");
    trust.requireRevocationList = true;
    EXPECT_EQ(Judgement(leaf, {}, trust), "RevocationUnknown");
}

TEST(CheckCertificate, IssuerOfAListMustBeAllowedToSignLists)
{
    Chain chain;
    const Certificate middle =
        Changed(chain.middle,
                chain.rootParty.issuer.key,
                [](X509* x509)
                {
                    RemoveExtension(x509, NID_key_usage);
                    AddExtension(x509, NID_key_usage, "critical,keyCertSign");
                });
    chain.trust.revocationLists = {chain.middleParty.Revoke({chain.leaf})};
    EXPECT_EQ(Judgement(chain.leaf, {middle}, chain.trust), "accepted");
    EXPECT_EQ(Judgement(chain.leaf, {chain.middle}, chain.trust), "CertificateRevoked");
}

TEST(CheckCertificate, WorstOfSeveralFaultsIsReported)
{
    Chain chain;
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
