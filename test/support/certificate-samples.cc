// SPDX-License-Identifier: GPL-2.0-only
#include "certificate-samples.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <gtest/gtest.h>
#include <memory>

namespace ns3
{
namespace ipsec
{

const CalendarSeconds SAMPLE_BEGIN = ParseCalendar("2026-01-01");
const CalendarSeconds SAMPLE_NOW = ParseCalendar("2026-06-15T12:00:00Z");
const CalendarSeconds SAMPLE_END = ParseCalendar("2026-12-31T23:59:59Z");

namespace
{

uint64_t
SeedOf(const std::string& name)
{
    uint64_t seed = 17;
    for (const char c : name)
    {
        seed = seed * 31 + static_cast<unsigned char>(c);
    }
    return seed;
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

} // namespace

PrivateKey
KeyNamed(const std::string& name)
{
    SeededRandomSource random(SeedOf(name));
    return PrivateKey::Generate(KeyKind::EcdsaP256, 0, random);
}

CertificateRequest
RequestFor(const std::string& name)
{
    CertificateRequest request;
    request.subject = ParseDistinguishedName("CN=" + name);
    request.notBefore = SAMPLE_BEGIN;
    request.notAfter = SAMPLE_END;
    return request;
}

SampleParty::SampleParty(const std::string& theName)
    : SampleParty(theName, KeyNamed(theName))
{
}

SampleParty::SampleParty(const std::string& theName, const PrivateKey& key)
    : name(theName)
    , issuer{ParseDistinguishedName("CN=" + theName), key}
{
}

Certificate
SampleParty::Issue(const SampleParty& subject) const
{
    return Issue(RequestFor(subject.name), subject);
}

Certificate
SampleParty::IssueAuthority(const SampleParty& subject) const
{
    CertificateRequest request = RequestFor(subject.name);
    request.isAuthority = true;
    return Issue(request, subject);
}

Certificate
SampleParty::Issue(const CertificateRequest& request, const SampleParty& subject) const
{
    SeededRandomSource random(SeedOf(name + "/" + subject.name));
    return IssueCertificate(request, subject.issuer.key.Public(), issuer, random);
}

Certificate
SampleParty::Root() const
{
    return IssueAuthority(*this);
}

Certificate
SampleParty::SelfSigned() const
{
    return Issue(*this);
}

RevocationList
SampleParty::Revoke(const std::vector<Certificate>& revoked) const
{
    SeededRandomSource random(SeedOf(name));
    return IssueRevocationList(issuer, revoked, SAMPLE_BEGIN, SAMPLE_END, random);
}

SampleChain::SampleChain()
    : root(rootParty.Root())
    , middle(rootParty.IssueAuthority(middleParty))
    , leaf(middleParty.Issue(leafParty))
{
    trust.authorities = {root};
}

std::string
Judgement(const Certificate& leaf,
          const std::vector<Certificate>& sent,
          const Trust& trust,
          CalendarSeconds now)
{
    const Result<Done> checked = CheckCertificate(leaf, sent, trust, now);
    return checked.Ok() ? "accepted" : FaultName(checked.GetFault());
}

Certificate
ChangedCertificate(const Certificate& certificate,
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

RevocationList
DeltaOf(const RevocationList& list, const PrivateKey& signer)
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

} // namespace ipsec
} // namespace ns3
