// SPDX-License-Identifier: GPL-2.0-only
#include "certificate-samples.h"

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

} // namespace ipsec
} // namespace ns3
