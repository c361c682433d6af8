// SPDX-License-Identifier: GPL-2.0-only
#include "crypto-certificate.h"

#include "crypto-certificate-object.h"
#include "crypto-library.h"

#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <cassert>
#include <functional>
#include <stdexcept>

namespace ns3
{
namespace ipsec
{

namespace
{

using BioHandle = OpensslHandle<BIO, BIO_free_all>;
using GeneralNamesHandle = OpensslHandle<GENERAL_NAMES, GENERAL_NAMES_free>;

constexpr size_t IPV4_OCTETS = 4;

Octets
NameDer(const X509_NAME* name)
{
    const unsigned char* der = nullptr;
    size_t length = 0;
    RequireSuccess(X509_NAME_get0_der(name, &der, &length) == 1, "write a name");
    return Octets(der, der + length);
}

Octets
StringOctets(const ASN1_STRING* string)
{
    const unsigned char* data = ASN1_STRING_get0_data(string);
    return Octets(data, data + ASN1_STRING_length(string));
}

void
AddAlternativeName(const GENERAL_NAME* name, std::vector<AlternativeName>& names)
{
    int type = 0;
    const auto* value = static_cast<const ASN1_STRING*>(GENERAL_NAME_get0_value(name, &type));
    if (type == GEN_DNS)
    {
        names.push_back({AlternativeNameKind::Dns, StringOctets(value)});
    }
    else if (type == GEN_EMAIL)
    {
        names.push_back({AlternativeNameKind::Email, StringOctets(value)});
    }
    else if (type == GEN_IPADD && ASN1_STRING_length(value) == IPV4_OCTETS)
    {
        names.push_back({AlternativeNameKind::Address, StringOctets(value)});
    }
}

/// Reads the subjectAltName; false if it does not parse or is there twice.
bool
ReadAlternativeNames(const X509* x509, std::vector<AlternativeName>& names)
{
    int problem = 0;
    const GeneralNamesHandle read(static_cast<GENERAL_NAMES*>(
        X509_get_ext_d2i(x509, NID_subject_alt_name, &problem, nullptr)));
    if (!read)
    {
        return problem == -1;
    }
    for (int i = 0; i < sk_GENERAL_NAME_num(read.get()); i++)
    {
        AddAlternativeName(sk_GENERAL_NAME_value(read.get(), i), names);
    }
    return true;
}

Result<PublicKey>
ReadKey(const X509* x509)
{
    unsigned char* written = nullptr;
    const int length = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(x509), &written);
    if (length <= 0)
    {
        return Fault::BadCertificate;
    }
    const Octets info(written, written + length);
    OPENSSL_free(written);
    return PublicKey::FromDer(info);
}

std::string
WritePem(const char* label, const Octets& der)
{
    const BioHandle out(RequireObject(BIO_new(BIO_s_mem()), "a buffer"));
    RequireSuccess(PEM_write_bio(out.get(), label, "", der.data(), static_cast<long>(der.size())) >
                       0,
                   "write PEM");
    char* text = nullptr;
    const long length = BIO_get_mem_data(out.get(), &text);
    return std::string(text, static_cast<size_t>(length));
}

/// Calls @p take with the DER of every block that has one of two labels; others are passed over.
/// @throws std::invalid_argument if a block is broken or there is none of these.
void
ForEachPemBlock(const std::string& pem,
                const std::string& label,
                const std::string& olderLabel,
                const std::string& what,
                const std::function<bool(OctetView)>& take)
{
    const QuietErrors quiet;
    const BioHandle in(
        RequireObject(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), "a buffer"));
    size_t taken = 0;
    while (true)
    {
        char* name = nullptr;
        char* header = nullptr;
        unsigned char* data = nullptr;
        long length = 0;
        if (PEM_read_bio(in.get(), &name, &header, &data, &length) != 1)
        {
            break;
        }
        const bool wanted = label == name || olderLabel == name;
        const Octets der(data, data + length);
        OPENSSL_free(name);
        OPENSSL_free(header);
        OPENSSL_free(data);
        if (wanted && !take(der))
        {
            throw std::invalid_argument(what + " in the PEM text is malformed or not supported");
        }
        taken += wanted ? 1 : 0;
    }
    if (ERR_GET_REASON(ERR_peek_last_error()) != PEM_R_NO_START_LINE)
    {
        throw std::invalid_argument("a block of the PEM text is broken");
    }
    if (taken == 0)
    {
        throw std::invalid_argument("the PEM text does not hold " + what);
    }
}

bool
HasCriticalExtension(const X509_CRL* list)
{
    for (int i = 0; i < X509_CRL_get_ext_count(list); i++)
    {
        if (X509_EXTENSION_get_critical(X509_CRL_get_ext(list, i)) != 0)
        {
            return true;
        }
    }
    return false;
}

} // namespace

Certificate::Certificate(std::shared_ptr<const CertificateObject> object)
    : m_object(std::move(object))
{
    assert(m_object != nullptr && m_object->key.has_value());
}

Result<Certificate>
Certificate::FromDer(OctetView der)
{
    const QuietErrors quiet;
    auto object = std::make_shared<CertificateObject>();
    X509* x509 =
        RequireObject(X509_new_ex(CryptoLibrary::Get().Context(), nullptr), "a certificate");
    const unsigned char* next = der.data();
    // A failure frees the object and clears the pointer.
    const bool parsed = d2i_X509(&x509, &next, static_cast<long>(der.size())) != nullptr;
    object->x509.reset(x509);
    if (!parsed || next != der.end() || (X509_get_extension_flags(x509) & EXFLAG_INVALID) != 0 ||
        !ReadAlternativeNames(x509, object->alternativeNames))
    {
        return Fault::BadCertificate;
    }
    const Result<PublicKey> key = ReadKey(x509);
    const auto notBefore = CalendarOf(X509_get0_notBefore(x509));
    const auto notAfter = CalendarOf(X509_get0_notAfter(x509));
    if (!key || !notBefore || !notAfter)
    {
        return Fault::BadCertificate;
    }
    object->der = der.Copy();
    object->subject = NameDer(X509_get_subject_name(x509));
    object->issuer = NameDer(X509_get_issuer_name(x509));
    object->serialNumber = StringOctets(X509_get0_serialNumber(x509));
    object->key = *key;
    object->notBefore = *notBefore;
    object->notAfter = *notAfter;
    object->isAuthority = (X509_get_extension_flags(x509) & EXFLAG_CA) != 0;
    return Certificate(std::move(object));
}

std::vector<Certificate>
Certificate::FromPem(const std::string& pem)
{
    std::vector<Certificate> certificates;
    ForEachPemBlock(pem,
                    PEM_STRING_X509,
                    PEM_STRING_X509_OLD,
                    "a certificate",
                    [&certificates](OctetView der)
                    {
                        const Result<Certificate> read = FromDer(der);
                        if (read)
                        {
                            certificates.push_back(*read);
                        }
                        return read.Ok();
                    });
    return certificates;
}

std::string
Certificate::ToPem() const
{
    return WritePem(PEM_STRING_X509, m_object->der);
}

const Octets&
Certificate::Der() const
{
    return m_object->der;
}

const Octets&
Certificate::Subject() const
{
    return m_object->subject;
}

const Octets&
Certificate::Issuer() const
{
    return m_object->issuer;
}

const Octets&
Certificate::SerialNumber() const
{
    return m_object->serialNumber;
}

const std::vector<AlternativeName>&
Certificate::AlternativeNames() const
{
    return m_object->alternativeNames;
}

const PublicKey&
Certificate::Key() const
{
    return *m_object->key;
}

CalendarSeconds
Certificate::NotBefore() const
{
    return m_object->notBefore;
}

CalendarSeconds
Certificate::NotAfter() const
{
    return m_object->notAfter;
}

bool
Certificate::IsAuthority() const
{
    return m_object->isAuthority;
}

bool
Certificate::IsSelfIssued() const
{
    return X509_NAME_cmp(X509_get_subject_name(m_object->x509.get()),
                         X509_get_issuer_name(m_object->x509.get())) == 0;
}

bool
operator==(const Certificate& a, const Certificate& b)
{
    return a.Der() == b.Der();
}

bool
operator!=(const Certificate& a, const Certificate& b)
{
    return !(a == b);
}

RevocationList::RevocationList(std::shared_ptr<const RevocationListObject> object)
    : m_object(std::move(object))
{
    assert(m_object != nullptr);
}

Result<RevocationList>
RevocationList::FromDer(OctetView der)
{
    const QuietErrors quiet;
    auto object = std::make_shared<RevocationListObject>();
    X509_CRL* list = RequireObject(X509_CRL_new_ex(CryptoLibrary::Get().Context(), nullptr),
                                   "a revocation list");
    const unsigned char* next = der.data();
    const bool parsed = d2i_X509_CRL(&list, &next, static_cast<long>(der.size())) != nullptr;
    object->list.reset(list);
    if (!parsed || next != der.end())
    {
        return Fault::BadCertificate;
    }
    // RFC 5280 section 5.1.2.5 asks for nextUpdate, and without it no list would ever be stale.
    const auto thisUpdate = CalendarOf(X509_CRL_get0_lastUpdate(list));
    const auto nextUpdate = CalendarOf(X509_CRL_get0_nextUpdate(list));
    if (!thisUpdate || !nextUpdate)
    {
        return Fault::BadCertificate;
    }
    object->der = der.Copy();
    object->thisUpdate = *thisUpdate;
    object->nextUpdate = *nextUpdate;
    object->isPartial = HasCriticalExtension(list);
    return RevocationList(std::move(object));
}

std::vector<RevocationList>
RevocationList::FromPem(const std::string& pem)
{
    std::vector<RevocationList> lists;
    ForEachPemBlock(pem,
                    PEM_STRING_X509_CRL,
                    PEM_STRING_X509_CRL,
                    "a revocation list",
                    [&lists](OctetView der)
                    {
                        const Result<RevocationList> read = FromDer(der);
                        if (read)
                        {
                            lists.push_back(*read);
                        }
                        return read.Ok();
                    });
    return lists;
}

std::string
RevocationList::ToPem() const
{
    return WritePem(PEM_STRING_X509_CRL, m_object->der);
}

const Octets&
RevocationList::Der() const
{
    return m_object->der;
}

} // namespace ipsec
} // namespace ns3
