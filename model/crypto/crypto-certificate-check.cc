// SPDX-License-Identifier: GPL-2.0-only
#include "crypto-certificate-object.h"
#include "crypto-library.h"
#include "crypto-openssl-random.h"

#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <iterator>
#include <set>

namespace ns3
{
namespace ipsec
{

namespace
{

using StoreHandle = OpensslHandle<X509_STORE, X509_STORE_free>;
using StoreContextHandle = OpensslHandle<X509_STORE_CTX, X509_STORE_CTX_free>;

void
FreeBorrowed(STACK_OF(X509) * stack)
{
    sk_X509_free(stack);
}

using StackHandle = OpensslHandle<STACK_OF(X509), FreeBorrowed>;

/// OpenSSL counts the certificates between the leaf and the one that is trusted.
constexpr int MAX_DEPTH = static_cast<int>(MAX_CHAIN) - 2;
constexpr int WEAK_BELOW_BITS = 1024;

/// If several faults were found, the first of these is the one that is reported: what is wrong for
/// ever before what is wrong today.
constexpr Fault PRECEDENCE[] = {
    Fault::BadCertificate,
    Fault::UntrustedSelfSigned,
    Fault::UnknownAuthority,
    Fault::WeakCertificate,
    Fault::CertificateRevoked,
    Fault::CertificateNotYetValid,
    Fault::CertificateExpired,
    Fault::RevocationUnknown,
};

/// Errors of OpenSSL that have a fault of their own; all others are BadCertificate.
constexpr struct
{
    int error;
    Fault fault;
} ERRORS[] = {
    {X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, Fault::UnknownAuthority},
    {X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY, Fault::UnknownAuthority},
    {X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE, Fault::UnknownAuthority},
    {X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN, Fault::UnknownAuthority},
    {X509_V_ERR_CERT_UNTRUSTED, Fault::UnknownAuthority},
    {X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, Fault::UntrustedSelfSigned},
};

using Faults = std::set<Fault>;

Fault
FaultOf(int error)
{
    for (const auto& row : ERRORS)
    {
        if (row.error == error)
        {
            return row.fault;
        }
    }
    return Fault::BadCertificate;
}

/// Notes each error and goes on, so that the order in which OpenSSL looks does not matter.
int
NoteError(int isGood, X509_STORE_CTX* context)
{
    const int error = X509_STORE_CTX_get_error(context);
    // Times are judged by us, to the second and with both ends included (RFC 5280 4.1.2.5).
    if (isGood == 0 && error != X509_V_ERR_CERT_HAS_EXPIRED &&
        error != X509_V_ERR_CERT_NOT_YET_VALID)
    {
        static_cast<Faults*>(X509_STORE_CTX_get_app_data(context))->insert(FaultOf(error));
    }
    return 1;
}

/// OpenSSL's types are not const where it caches what it has read; it locks what it changes.
X509*
Raw(const Certificate& certificate)
{
    return certificate.Object().x509.get();
}

StackHandle
StackOf(const std::vector<Certificate>& a, const std::vector<Certificate>& b)
{
    StackHandle stack(RequireObject(sk_X509_new_null(), "a stack"));
    for (const auto* list : {&a, &b})
    {
        for (const Certificate& certificate : *list)
        {
            RequireSuccess(sk_X509_push(stack.get(), Raw(certificate)) > 0, "hold a certificate");
        }
    }
    return stack;
}

StoreHandle
StoreOf(const std::vector<Certificate>& authorities)
{
    StoreHandle store(RequireObject(X509_STORE_new(), "a store"));
    for (const Certificate& authority : authorities)
    {
        RequireSuccess(X509_STORE_add_cert(store.get(), Raw(authority)) == 1,
                       "trust a certificate");
    }
    return store;
}

/// Tells whether a certificate that names itself as its issuer was not signed by its own key.
bool
IsFalselySelfSigned(X509* x509)
{
    return X509_verify(x509, X509_get0_pubkey(x509)) != 1;
}

bool
HasWeakSignature(X509* x509)
{
    int digest = NID_undef;
    X509_get_signature_info(x509, &digest, nullptr, nullptr, nullptr);
    return digest == NID_md5 || digest == NID_sha1 || digest == NID_md4 || digest == NID_md2;
}

bool
HasWeakKey(X509* x509)
{
    const EVP_PKEY* key = X509_get0_pubkey(x509);
    return EVP_PKEY_is_a(key, "EC") != 1 && EVP_PKEY_get_bits(key) < WEAK_BELOW_BITS;
}

/// Judges a time with both ends included.
void
JudgeValidity(CalendarSeconds notBefore,
              CalendarSeconds notAfter,
              CalendarSeconds now,
              Faults& faults)
{
    if (now < notBefore)
    {
        faults.insert(Fault::CertificateNotYetValid);
    }
    if (now > notAfter)
    {
        faults.insert(Fault::CertificateExpired);
    }
}

/// Finds the newest list that is current and signed by the issuer; null if there is none.
X509_CRL*
CurrentList(X509* issuer, const std::vector<RevocationList>& lists, CalendarSeconds now)
{
    if ((X509_get_key_usage(issuer) & KU_CRL_SIGN) == 0)
    {
        return nullptr;
    }
    const RevocationListObject* newest = nullptr;
    for (const RevocationList& list : lists)
    {
        const RevocationListObject& object = list.Object();
        const bool isCurrent = object.thisUpdate <= now && now <= object.nextUpdate;
        const bool isNewer = newest == nullptr || object.thisUpdate > newest->thisUpdate;
        if (isCurrent && isNewer && !object.isPartial &&
            X509_NAME_cmp(X509_CRL_get_issuer(object.list.get()), X509_get_subject_name(issuer)) ==
                0 &&
            X509_CRL_verify(object.list.get(), X509_get0_pubkey(issuer)) == 1)
        {
            newest = &object;
        }
    }
    return newest == nullptr ? nullptr : newest->list.get();
}

void
JudgeRevocation(X509* x509, X509* issuer, const Trust& trust, CalendarSeconds now, Faults& faults)
{
    X509_CRL* list = CurrentList(issuer, trust.revocationLists, now);
    X509_REVOKED* entry = nullptr;
    if (list == nullptr)
    {
        if (trust.requireRevocationList)
        {
            faults.insert(Fault::RevocationUnknown);
        }
        return;
    }
    if (X509_CRL_get0_by_cert(list, &entry, x509) == 1)
    {
        faults.insert(Fault::CertificateRevoked);
    }
}

/// Judges what OpenSSL does not: strength, times and revocation. The last certificate is trusted,
/// so nobody asks who signed it.
void
JudgeChain(STACK_OF(X509) * chain, const Trust& trust, CalendarSeconds now, Faults& faults)
{
    const int count = sk_X509_num(chain);
    for (int i = 0; i < count; i++)
    {
        X509* x509 = sk_X509_value(chain, i);
        const bool isLast = i + 1 == count;
        const auto notBefore = CalendarOf(X509_get0_notBefore(x509));
        const auto notAfter = CalendarOf(X509_get0_notAfter(x509));
        if (!notBefore || !notAfter)
        {
            faults.insert(Fault::BadCertificate);
            continue;
        }
        JudgeValidity(*notBefore, *notAfter, now, faults);
        if (!trust.acceptWeak && (HasWeakKey(x509) || (!isLast && HasWeakSignature(x509))))
        {
            faults.insert(Fault::WeakCertificate);
        }
        if (!isLast)
        {
            JudgeRevocation(x509, sk_X509_value(chain, i + 1), trust, now, faults);
        }
    }
}

Result<Done>
Verdict(const Faults& faults)
{
    for (const Fault fault : PRECEDENCE)
    {
        if (faults.count(fault) > 0)
        {
            return fault;
        }
    }
    return Done{};
}

} // namespace

Result<Done>
CheckCertificate(const Certificate& leaf,
                 const std::vector<Certificate>& sent,
                 const Trust& trust,
                 CalendarSeconds now)
{
    if (sent.size() > MAX_SENT_CERTIFICATES)
    {
        return Fault::BadCertificate;
    }
    Faults faults;
    if (std::find(trust.pinned.begin(), trust.pinned.end(), leaf) != trust.pinned.end())
    {
        JudgeValidity(leaf.NotBefore(), leaf.NotAfter(), now, faults);
        return Verdict(faults);
    }
    const QuietErrors quiet;
    const OpensslBlindingScope blinding;
    const StoreHandle store = StoreOf(trust.authorities);
    const StackHandle others = StackOf(sent, trust.intermediates);
    const StoreContextHandle context(RequireObject(
        X509_STORE_CTX_new_ex(CryptoLibrary::Get().Context(), nullptr), "a verification"));
    RequireSuccess(X509_STORE_CTX_init(context.get(), store.get(), Raw(leaf), others.get()) == 1,
                   "prepare a verification");
    X509_VERIFY_PARAM* param = X509_STORE_CTX_get0_param(context.get());
    // Of issuers with the same name the one that is valid now is preferred.
    X509_VERIFY_PARAM_set_time(param, static_cast<time_t>(now));
    X509_VERIFY_PARAM_set_depth(param, MAX_DEPTH);
    X509_VERIFY_PARAM_set_flags(param, X509_V_FLAG_PARTIAL_CHAIN);
    X509_STORE_CTX_set_app_data(context.get(), &faults);
    X509_STORE_CTX_set_verify_cb(context.get(), NoteError);
    STACK_OF(X509)* chain = nullptr;
    if (X509_verify_cert(context.get()) != 1 ||
        (chain = X509_STORE_CTX_get0_chain(context.get())) == nullptr || sk_X509_num(chain) == 0)
    {
        return Fault::BadCertificate;
    }
    X509* last = sk_X509_value(chain, sk_X509_num(chain) - 1);
    if (faults.count(Fault::UntrustedSelfSigned) > 0 && IsFalselySelfSigned(last))
    {
        faults.insert(Fault::BadCertificate);
    }
    JudgeChain(chain, trust, now, faults);
    return Verdict(faults);
}

} // namespace ipsec
} // namespace ns3
