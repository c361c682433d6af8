// SPDX-License-Identifier: GPL-2.0-only
#include "ike-authentication.h"

#include "ns3/ike-certificate-names.h"

#include <algorithm>

namespace ns3
{
namespace ipsec
{

namespace
{

/// What signatures by one kind of key cost.
struct SigningRow
{
    KeyKind kind;
    WorkKind sign;
    WorkKind verify;
};

constexpr std::array<SigningRow, 5> SIGNING = {{
    {KeyKind::Rsa, WorkKind::RsaSign, WorkKind::RsaVerify},
    {KeyKind::Dsa, WorkKind::DsaSign, WorkKind::DsaVerify},
    {KeyKind::EcdsaP256, WorkKind::EcdsaSign, WorkKind::EcdsaVerify},
    {KeyKind::EcdsaP384, WorkKind::EcdsaSign, WorkKind::EcdsaVerify},
    {KeyKind::EcdsaP521, WorkKind::EcdsaSign, WorkKind::EcdsaVerify},
}};

const SigningRow&
SigningBy(KeyKind kind)
{
    return SIGNING[static_cast<size_t>(kind)];
}

/// Computes HASH_I or HASH_R, whichever @p sender sends.
Octets
HashOf(Role sender, const ProofGround& ground, OctetView idBody, StepContext& context)
{
    const IkeKeys& keys = ground.keys;
    const HashId hash = GetAuth(ground.choice.proposal.auth).proofHash.value_or(keys.hash);
    context.work.Add(WorkKind::Prf, static_cast<uint16_t>(hash));
    const Phase1HashInput input{ground.transcript.gxi,
                                ground.transcript.gxr,
                                keys.initiatorCookie,
                                keys.responderCookie,
                                ground.transcript.saBody};
    const OctetView skeyid = keys.skeyids.skeyid.View();
    return sender == Role::Initiator ? HashI(hash, skeyid, input, idBody)
                                     : HashR(hash, skeyid, input, idBody);
}

/// Tells whether a chain of ours is one that the peer asked for.
bool
IsWanted(const std::vector<Certificate>& chain,
         const PeerConfig& config,
         const PeerAnnouncements& peer)
{
    switch (config.certificateSending)
    {
    case CertificateSending::Always:
        return true;
    case CertificateSending::Never:
        return false;
    case CertificateSending::IfAsked:
        break;
    }
    if (!peer.asksCertificate || peer.authorities.empty())
    {
        return peer.asksCertificate;
    }
    return std::any_of(chain.begin(),
                       chain.end(),
                       [&](const Certificate& certificate)
                       {
                           return std::any_of(peer.authorities.begin(),
                                              peer.authorities.end(),
                                              [&](const Octets& authority) {
                                                  return IsSameDistinguishedName(
                                                      certificate.Issuer(), authority);
                                              });
                       });
}

/// The certificates in a message that can be used for signatures.
Result<std::vector<Certificate>>
SentCertificates(const PayloadChain& chain)
{
    std::vector<Certificate> sent;
    for (const RawPayload& payload : chain.payloads)
    {
        if (payload.type != PayloadType::Cert)
        {
            continue;
        }
        const Result<CertPayload> cert = ParseCertPayload(payload.body);
        if (!cert)
        {
            return cert.GetFault();
        }
        if (cert->encoding != CERT_X509_SIGNATURE)
        {
            continue; // PKCS #7, lists, addresses of certificates: not needed (bad input 75)
        }
        Result<Certificate> certificate = Certificate::FromDer(cert->data);
        if (!certificate)
        {
            return certificate.GetFault();
        }
        sent.push_back(std::move(*certificate));
    }
    return sent;
}

/// Finds the certificate that a signature may be of: one that names the identity, else the first;
/// null if there is none with such a key.
const Certificate*
FindLeaf(const std::vector<Certificate>& certificates, KeyKind kind, const Identity& identity)
{
    const Certificate* first = nullptr;
    for (const Certificate& certificate : certificates)
    {
        if (certificate.Key().Kind() != kind)
        {
            continue;
        }
        if (CertificateNames(certificate, identity))
        {
            return &certificate;
        }
        first = first ? first : &certificate;
    }
    return first;
}

bool
IsKnown(const Certificate& certificate, const PeerConfig& config)
{
    return std::find(config.peerCertificates.begin(), config.peerCertificates.end(), certificate) !=
           config.peerCertificates.end();
}

/// Judges a certificate of the peer; one that is known beforehand is pinned.
Result<Done>
Judge(const Certificate& certificate,
      const std::vector<Certificate>& sent,
      const StepContext& context)
{
    if (!IsKnown(certificate, context.config))
    {
        return CheckCertificate(certificate, sent, context.config.keys->trust, context.calendar);
    }
    Trust trust = context.config.keys->trust;
    trust.pinned.push_back(certificate);
    return CheckCertificate(certificate, sent, trust, context.calendar);
}

/// Checks SIG and the certificate behind it.
Result<ProvenPeer>
CheckSignature(Role peer,
               const ProofGround& ground,
               const PayloadChain& chain,
               OctetView idBody,
               const Identity& identity,
               StepContext& context)
{
    const Result<std::vector<Certificate>> sent = SentCertificates(chain);
    if (!sent)
    {
        return sent.GetFault();
    }
    const KeyKind kind = *GetAuth(ground.choice.proposal.auth).key;
    const Certificate* leaf = FindLeaf(*sent, kind, identity);
    if (!leaf)
    {
        leaf = FindLeaf(context.config.peerCertificates, kind, identity);
    }
    if (!leaf)
    {
        return Fault::MissingCertificate;
    }
    context.work.Add(SigningBy(kind).verify, static_cast<uint16_t>(leaf->Key().Bits()));
    const Result<PeerAuthenticated> authenticated = PeerAuthenticated::VerifySig(
        leaf->Key(), HashOf(peer, ground, idBody, context), chain.Find(PayloadType::Sig)->body);
    if (!authenticated)
    {
        return authenticated.GetFault();
    }
    if (const Result<Done> judged = Judge(*leaf, *sent, context); !judged)
    {
        return judged.GetFault();
    }
    const bool named = CertificateNames(*leaf, identity) ||
                       (identity.type == IdType::KeyId && IsKnown(*leaf, context.config));
    if (!named)
    {
        return Fault::CertificateMismatch;
    }
    return ProvenPeer{*authenticated, identity, *leaf};
}

/// Checks HASH.
Result<ProvenPeer>
CheckHash(Role peer,
          const ProofGround& ground,
          const PayloadChain& chain,
          OctetView idBody,
          const std::optional<Certificate>& known,
          StepContext& context)
{
    const Result<PeerAuthenticated> authenticated = PeerAuthenticated::VerifyHash(
        HashOf(peer, ground, idBody, context), chain.Find(PayloadType::Hash)->body);
    if (!authenticated)
    {
        return authenticated.GetFault();
    }
    if (HidesIdentity(ground.choice.proposal.auth) && !known)
    {
        // No certificate hid our nonce, so whoever read it is not the peer.
        return Fault::AuthenticationFailed;
    }
    const Result<Identity> identity = ReadPhase1Identity(idBody);
    if (!identity)
    {
        return identity.GetFault();
    }
    return ProvenPeer{*authenticated, *identity, known};
}

} // namespace

XauthRole
PeersXauthRole(XauthRole own)
{
    switch (own)
    {
    case XauthRole::Off:
        break;
    case XauthRole::Client:
        return XauthRole::Server;
    case XauthRole::Server:
        return XauthRole::Client;
    }
    return XauthRole::Off;
}

bool
ProvesByHash(AuthMethod method, XauthRole role)
{
    return GetAuth(method).family != AuthFamily::Signature ||
           (method == AuthMethod::HybridRsa && role == XauthRole::Client);
}

Result<std::vector<RawPayload>>
MakeProof(Role own,
          const ProofGround& ground,
          OctetView idBody,
          const PeerAnnouncements& peer,
          StepContext& context)
{
    const PeerConfig& config = context.config;
    const AuthMethod method = ground.choice.proposal.auth;
    Octets hash = HashOf(own, ground, idBody, context);
    if (ProvesByHash(method, config.xauth->role))
    {
        return std::vector<RawPayload>{{PayloadType::Hash, std::move(hash)}};
    }
    const KeyKind kind = *GetAuth(method).key;
    const OwnKey* key = config.keys ? config.keys->Find(kind) : nullptr;
    if (!key)
    {
        return Fault::CryptoFailure;
    }
    std::vector<RawPayload> payloads;
    if (IsWanted(key->chain, config, peer))
    {
        for (const Certificate& certificate : key->chain)
        {
            payloads.push_back(
                {PayloadType::Cert, WriteCertPayload({CERT_X509_SIGNATURE, certificate.Der()})});
        }
    }
    context.work.Add(SigningBy(kind).sign, static_cast<uint16_t>(key->key.Public().Bits()));
    Result<Octets> signature = SignHash(key->key, hash, context.random);
    if (!signature)
    {
        return signature.GetFault();
    }
    payloads.push_back({PayloadType::Sig, std::move(*signature)});
    return payloads;
}

Result<ProvenPeer>
CheckProof(Role peer,
           const ProofGround& ground,
           const PayloadChain& chain,
           OctetView idBody,
           const std::optional<Certificate>& known,
           StepContext& context)
{
    Result<ProvenPeer> proven = Fault::AuthenticationFailed;
    if (ProvesByHash(ground.choice.proposal.auth, PeersXauthRole(context.config.xauth->role)))
    {
        proven = CheckHash(peer, ground, chain, idBody, known, context);
    }
    else
    {
        const Result<Identity> identity = ReadPhase1Identity(idBody);
        if (!identity)
        {
            return identity.GetFault();
        }
        proven = CheckSignature(peer, ground, chain, idBody, *identity, context);
    }
    if (!proven)
    {
        return proven;
    }
    if (const Result<Done> checked = CheckIdentity(proven->identity, context.config); !checked)
    {
        return checked.GetFault();
    }
    return proven;
}

bool
IsPeersOwnFault(Fault fault)
{
    return fault == Fault::IdentityMismatch || fault == Fault::CertificateMismatch ||
           fault == Fault::NotUnique || fault == Fault::PeerLimit;
}

bool
IsCertificateFault(Fault fault)
{
    static constexpr std::array<Fault, 9> FAULTS = {Fault::BadCertificate,
                                                    Fault::MissingCertificate,
                                                    Fault::CertificateExpired,
                                                    Fault::CertificateNotYetValid,
                                                    Fault::CertificateRevoked,
                                                    Fault::RevocationUnknown,
                                                    Fault::UnknownAuthority,
                                                    Fault::UntrustedSelfSigned,
                                                    Fault::WeakCertificate};
    return std::find(FAULTS.begin(), FAULTS.end(), fault) != FAULTS.end();
}

std::vector<RawPayload>
MakeCertificateRequests(AuthMethod method, const PeerConfig& config)
{
    if (!config.requestCertificate || !config.keys || HidesIdentity(method) ||
        ProvesByHash(method, PeersXauthRole(config.xauth->role)))
    {
        return {};
    }
    std::vector<RawPayload> payloads;
    for (const Certificate& authority : config.keys->trust.authorities)
    {
        if (payloads.size() < MAX_CERTIFICATE_REQUESTS)
        {
            payloads.push_back({PayloadType::CertRequest,
                                WriteCertPayload({CERT_X509_SIGNATURE, authority.Subject()})});
        }
    }
    if (payloads.empty())
    {
        payloads.push_back({PayloadType::CertRequest, WriteCertPayload({CERT_X509_SIGNATURE, {}})});
    }
    return payloads;
}

Result<Certificate>
RecipientCertificate(const std::optional<Certificate>& sent,
                     OctetView idBody,
                     const StepContext& context)
{
    for (const Certificate& certificate : context.config.peerCertificates)
    {
        if (certificate.Key().Kind() == KeyKind::Rsa)
        {
            const Result<Done> judged = Judge(certificate, {}, context);
            return judged ? Result<Certificate>(certificate) : judged.GetFault();
        }
    }
    const Result<Identity> identity = ReadPhase1Identity(idBody);
    if (sent && identity && sent->Key().Kind() == KeyKind::Rsa &&
        CertificateNames(*sent, *identity) && Judge(*sent, {}, context))
    {
        return *sent;
    }
    return Fault::MissingCertificate;
}

std::optional<Certificate>
KnownCertificate(AuthMethod method, const StepContext& context)
{
    if (!HidesIdentity(method))
    {
        return std::nullopt;
    }
    const Result<Certificate> known = RecipientCertificate({}, {}, context);
    return known ? std::optional<Certificate>(*known) : std::nullopt;
}

Result<std::vector<RawPayload>>
HideFromOthers(const HidingContext& hiding, KeyExchange own, StepContext& context)
{
    const PeerConfig& config = context.config;
    const Result<Certificate> recipient = RecipientCertificate({}, {}, context);
    if (!recipient)
    {
        return recipient.GetFault();
    }
    own.idBody = OwnIdBody(config);
    const bool sends = config.certificateSending == CertificateSending::Always;
    const OwnKey* key = config.keys->Find(KeyKind::Rsa);
    return HideKeyExchange(hiding, own, *recipient, sends ? &key->chain.front() : nullptr, context);
}

Result<Done>
FindRecipient(AuthMethod method,
              const KeyExchange& peer,
              std::optional<Certificate>& recipient,
              const StepContext& context)
{
    if (!HidesIdentity(method))
    {
        return Done{};
    }
    const Result<Certificate> found = RecipientCertificate(peer.certificate, peer.idBody, context);
    if (found)
    {
        recipient = *found;
    }
    // Whether the peer's could be read must not show (CVE-2018-0131); what we know may.
    return found || found.GetFault() == Fault::MissingCertificate ? Result<Done>(Done{})
                                                                  : found.GetFault();
}

Result<std::vector<RawPayload>>
WriteAnswer(const HidingContext& hiding,
            KeyExchange own,
            const std::optional<Certificate>& recipient,
            StepContext& context)
{
    own.idBody = OwnIdBody(context.config);
    const Certificate& standIn = context.config.keys->Find(KeyKind::Rsa)->chain.front();
    return HideKeyExchange(hiding, own, recipient ? *recipient : standIn, nullptr, context);
}

} // namespace ipsec
} // namespace ns3
