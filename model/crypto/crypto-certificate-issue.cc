// SPDX-License-Identifier: GPL-2.0-only
#include "crypto-certificate-object.h"
#include "crypto-hash.h"
#include "crypto-key-object.h"
#include "crypto-library.h"
#include "crypto-openssl-random.h"

#include <openssl/x509v3.h>

#include <optional>
#include <stdexcept>

namespace ns3
{
namespace ipsec
{

namespace
{

using MdContextHandle = OpensslHandle<EVP_MD_CTX, EVP_MD_CTX_free>;
using IntegerHandle = OpensslHandle<ASN1_INTEGER, ASN1_INTEGER_free>;
using TimeHandle = OpensslHandle<ASN1_TIME, ASN1_TIME_free>;
using BitsHandle = OpensslHandle<ASN1_BIT_STRING, ASN1_BIT_STRING_free>;
using StringHandle = OpensslHandle<ASN1_OCTET_STRING, ASN1_OCTET_STRING_free>;
using ConstraintsHandle = OpensslHandle<BASIC_CONSTRAINTS, BASIC_CONSTRAINTS_free>;
using KeyIdHandle = OpensslHandle<AUTHORITY_KEYID, AUTHORITY_KEYID_free>;
using GeneralNamesHandle = OpensslHandle<GENERAL_NAMES, GENERAL_NAMES_free>;
using KeyInfoHandle = OpensslHandle<X509_PUBKEY, X509_PUBKEY_free>;

/// RFC 5280 section 4.1.2.2 allows 20.
constexpr size_t SERIAL_NUMBER_OCTETS = 16;
/// Bits of keyUsage (RFC 5280 section 4.2.1.3).
constexpr int DIGITAL_SIGNATURE = 0;
constexpr int KEY_ENCIPHERMENT = 2;
constexpr int KEY_CERT_SIGN = 5;
constexpr int CRL_SIGN = 6;

TimeHandle
TimeOf(CalendarSeconds seconds)
{
    return TimeHandle(
        RequireObject(ASN1_TIME_set(nullptr, static_cast<time_t>(seconds)), "a time"));
}

/// Hashes the subjectPublicKey (RFC 5280 section 4.2.1.2, method 1).
Octets
KeyIdOf(const PublicKey& key)
{
    const Octets der = key.ToDer();
    const unsigned char* next = der.data();
    const KeyInfoHandle info(
        RequireObject(d2i_X509_PUBKEY(nullptr, &next, static_cast<long>(der.size())), "a key"));
    const unsigned char* bits = nullptr;
    int length = 0;
    RequireSuccess(X509_PUBKEY_get0_param(nullptr, &bits, &length, nullptr, info.get()) == 1,
                   "read a key");
    return Digest(HashId::Sha1, {OctetView(bits, static_cast<size_t>(length))});
}

void
SetOctets(ASN1_STRING* string, OctetView octets)
{
    RequireSuccess(ASN1_STRING_set(string, octets.data(), static_cast<int>(octets.size())) == 1,
                   "hold a string");
}

/// Whether an extension must be understood.
enum class Criticality : uint8_t
{
    Critical,
    Optional,
};

void
AddExtension(X509* x509, int nid, void* value, Criticality criticality)
{
    RequireSuccess(
        X509_add1_ext_i2d(
            x509, nid, value, criticality == Criticality::Critical ? 1 : 0, X509V3_ADD_APPEND) == 1,
        "add an extension");
}

void
AddBasicConstraints(X509* x509, bool isAuthority)
{
    const ConstraintsHandle constraints(RequireObject(BASIC_CONSTRAINTS_new(), "an extension"));
    constraints->ca = isAuthority ? 0xff : 0;
    AddExtension(x509, NID_basic_constraints, constraints.get(), Criticality::Critical);
}

void
AddKeyUsage(X509* x509, const CertificateRequest& request, const PublicKey& key)
{
    const BitsHandle bits(RequireObject(ASN1_BIT_STRING_new(), "an extension"));
    const bool encrypts = key.Kind() == KeyKind::Rsa;
    for (const auto& [bit, wanted] :
         {std::make_pair(DIGITAL_SIGNATURE, true),
          std::make_pair(KEY_ENCIPHERMENT, encrypts && !request.isAuthority),
          std::make_pair(KEY_CERT_SIGN, request.isAuthority),
          std::make_pair(CRL_SIGN, request.isAuthority)})
    {
        RequireSuccess(!wanted || ASN1_BIT_STRING_set_bit(bits.get(), bit, 1) == 1, "set a bit");
    }
    AddExtension(x509, NID_key_usage, bits.get(), Criticality::Critical);
}

void
AddSubjectKeyId(X509* x509, const PublicKey& key)
{
    const StringHandle id(RequireObject(ASN1_OCTET_STRING_new(), "an extension"));
    SetOctets(id.get(), KeyIdOf(key));
    AddExtension(x509, NID_subject_key_identifier, id.get(), Criticality::Optional);
}

KeyIdHandle
AuthorityKeyId(const PublicKey& key)
{
    KeyIdHandle id(RequireObject(AUTHORITY_KEYID_new(), "an extension"));
    id->keyid = RequireObject(ASN1_OCTET_STRING_new(), "an extension");
    SetOctets(id->keyid, KeyIdOf(key));
    return id;
}

int
TypeOf(AlternativeNameKind kind)
{
    static constexpr int TYPES[] = {GEN_DNS, GEN_EMAIL, GEN_IPADD};
    return TYPES[static_cast<size_t>(kind)];
}

void
AddAlternativeNames(X509* x509, const CertificateRequest& request)
{
    if (request.alternativeNames.empty())
    {
        return;
    }
    const GeneralNamesHandle names(RequireObject(GENERAL_NAMES_new(), "an extension"));
    for (const AlternativeName& alternative : request.alternativeNames)
    {
        GENERAL_NAME* name = RequireObject(GENERAL_NAME_new(), "a name");
        RequireSuccess(sk_GENERAL_NAME_push(names.get(), name) > 0, "hold a name");
        const bool isAddress = alternative.kind == AlternativeNameKind::Address;
        ASN1_STRING* value = RequireObject(
            ASN1_STRING_type_new(isAddress ? V_ASN1_OCTET_STRING : V_ASN1_IA5STRING), "a name");
        GENERAL_NAME_set0_value(name, TypeOf(alternative.kind), value);
        SetOctets(value, alternative.value);
    }
    // RFC 5280 section 4.2.1.6: critical if there is no other name.
    const bool isOnlyName = X509_NAME_entry_count(X509_get_subject_name(x509)) == 0;
    AddExtension(x509,
                 NID_subject_alt_name,
                 names.get(),
                 isOnlyName ? Criticality::Critical : Criticality::Optional);
}

NameHandle
RequireName(OctetView der)
{
    NameHandle name = ReadName(der);
    RequireSuccess(name != nullptr, "read a name to put into a certificate");
    return name;
}

/// Lets OpenSSL sign with octets of the run's source; RSA draws only to blind itself.
class SigningScope
{
  public:
    SigningScope(const PrivateKey& key, RandomSource& random)
    {
        if (key.Kind() == KeyKind::Rsa)
        {
            m_blinding.emplace();
        }
        else
        {
            m_scope.emplace(random);
        }
    }

  private:
    std::optional<OpensslBlindingScope> m_blinding;
    std::optional<OpensslRandomScope> m_scope;
};

/// Refuses pairs that have no name, so that nobody could verify the signature.
void
CheckPair(KeyKind kind, HashId hash)
{
    if (kind == KeyKind::Dsa && hash != HashId::Sha1 && hash != HashId::Sha256)
    {
        throw std::invalid_argument("an authority with a DSA key signs by SHA-1 or SHA-256");
    }
    if (kind != KeyKind::Rsa && hash == HashId::Md5)
    {
        throw std::invalid_argument("only an authority with an RSA key signs by MD5");
    }
}

MdContextHandle
SigningContext(const PrivateKey& key, HashId hash)
{
    MdContextHandle context(RequireObject(EVP_MD_CTX_new(), "a digest context"));
    RequireSuccess(EVP_DigestSignInit_ex(context.get(),
                                         nullptr,
                                         GetHash(hash).opensslName,
                                         CryptoLibrary::Get().Context(),
                                         nullptr,
                                         key.Object().key.get(),
                                         nullptr) == 1,
                   "sign with this key and hash");
    return context;
}

/// Sets a serial number that is positive and as long as it may seem.
void
SetSerialNumber(X509* x509, RandomSource& random)
{
    Octets serial = random.Draw(SERIAL_NUMBER_OCTETS);
    serial.front() = (serial.front() & 0x7f) | 0x40;
    SetOctets(X509_get_serialNumber(x509), serial);
}

void
AddRevoked(X509_CRL* list, const Certificate& certificate, const ASN1_TIME* since)
{
    X509_REVOKED* entry = RequireObject(X509_REVOKED_new(), "an entry");
    RequireSuccess(X509_CRL_add0_revoked(list, entry) == 1, "hold an entry");
    const X509* x509 = certificate.Object().x509.get();
    RequireSuccess(X509_REVOKED_set_serialNumber(
                       entry, const_cast<ASN1_INTEGER*>(X509_get0_serialNumber(x509))) == 1 &&
                       X509_REVOKED_set_revocationDate(entry, const_cast<ASN1_TIME*>(since)) == 1,
                   "fill an entry");
}

/// Writes an object that was just made, and reads it as everybody else will.
template <typename Value, typename Object>
Value
ReadBack(const Object* object, int (*write)(const Object*, unsigned char**))
{
    unsigned char* written = nullptr;
    const int length = write(object, &written);
    RequireSuccess(length > 0, "write what was signed");
    const Octets der(written, written + length);
    OPENSSL_free(written);
    const Result<Value> read = Value::FromDer(der);
    RequireSuccess(read.Ok(), "read what was signed");
    return *read;
}

} // namespace

Certificate
IssueCertificate(const CertificateRequest& request,
                 const PublicKey& subjectKey,
                 const Issuer& issuer,
                 RandomSource& random)
{
    CheckPair(issuer.key.Kind(), request.hash);
    const QuietErrors quiet;
    const CertificateHandle made(
        RequireObject(X509_new_ex(CryptoLibrary::Get().Context(), nullptr), "a certificate"));
    X509* x509 = made.get();
    SetSerialNumber(x509, random);
    RequireSuccess(X509_set_version(x509, X509_VERSION_3) == 1 &&
                       X509_set_subject_name(x509, RequireName(request.subject).get()) == 1 &&
                       X509_set_issuer_name(x509, RequireName(issuer.name).get()) == 1 &&
                       X509_set1_notBefore(x509, TimeOf(request.notBefore).get()) == 1 &&
                       X509_set1_notAfter(x509, TimeOf(request.notAfter).get()) == 1 &&
                       X509_set_pubkey(x509, subjectKey.Object().key.get()) == 1,
                   "fill a certificate");
    AddBasicConstraints(x509, request.isAuthority);
    AddKeyUsage(x509, request, subjectKey);
    AddSubjectKeyId(x509, subjectKey);
    AddExtension(x509,
                 NID_authority_key_identifier,
                 AuthorityKeyId(issuer.key.Public()).get(),
                 Criticality::Optional);
    AddAlternativeNames(x509, request);
    const SigningScope scope(issuer.key, random);
    const MdContextHandle context = SigningContext(issuer.key, request.hash);
    RequireSuccess(X509_sign_ctx(x509, context.get()) > 0, "sign a certificate");
    return ReadBack<Certificate, X509>(x509, i2d_X509);
}

RevocationList
IssueRevocationList(const Issuer& issuer,
                    const std::vector<Certificate>& revoked,
                    CalendarSeconds thisUpdate,
                    CalendarSeconds nextUpdate,
                    RandomSource& random)
{
    const QuietErrors quiet;
    const RevocationListHandle made(
        RequireObject(X509_CRL_new_ex(CryptoLibrary::Get().Context(), nullptr), "a list"));
    X509_CRL* list = made.get();
    const TimeHandle since = TimeOf(thisUpdate);
    RequireSuccess(X509_CRL_set_version(list, X509_CRL_VERSION_2) == 1 &&
                       X509_CRL_set_issuer_name(list, RequireName(issuer.name).get()) == 1 &&
                       X509_CRL_set1_lastUpdate(list, since.get()) == 1 &&
                       X509_CRL_set1_nextUpdate(list, TimeOf(nextUpdate).get()) == 1,
                   "fill a revocation list");
    for (const Certificate& certificate : revoked)
    {
        AddRevoked(list, certificate, since.get());
    }
    // The number must grow from list to list (RFC 5280 section 5.2.3), as the time does.
    const IntegerHandle number(RequireObject(ASN1_INTEGER_new(), "a number"));
    RequireSuccess(
        ASN1_INTEGER_set_int64(number.get(), thisUpdate) == 1 &&
            X509_CRL_add1_ext_i2d(list,
                                  NID_authority_key_identifier,
                                  AuthorityKeyId(issuer.key.Public()).get(),
                                  0,
                                  X509V3_ADD_APPEND) == 1 &&
            X509_CRL_add1_ext_i2d(list, NID_crl_number, number.get(), 0, X509V3_ADD_APPEND) == 1 &&
            X509_CRL_sort(list) == 1,
        "fill a revocation list");
    const SigningScope scope(issuer.key, random);
    const MdContextHandle context = SigningContext(issuer.key, HashId::Sha256);
    RequireSuccess(X509_CRL_sign_ctx(list, context.get()) > 0, "sign a revocation list");
    return ReadBack<RevocationList, X509_CRL>(list, i2d_X509_CRL);
}

} // namespace ipsec
} // namespace ns3
