// SPDX-License-Identifier: GPL-2.0-only
#include "ike-key-exchange.h"

#include "ike-cipher-chain.h"
#include "ike-key-derivation.h"

#include "ns3/crypto-dh.h"
#include "ns3/crypto-hash.h"
#include "ns3/isakmp-payloads.h"

namespace ns3
{
namespace ipsec
{

namespace
{

/// What stands in for a nonce or an identity that cannot be read: as long as common ones.
constexpr size_t FALLBACK_NONCE = 32;
constexpr size_t FALLBACK_ID = 8;

Result<Octets>
Encrypt(const Certificate& recipient, OctetView text, StepContext& context)
{
    context.work.Add(WorkKind::RsaEncrypt, static_cast<uint16_t>(recipient.Key().Bits()));
    return EncryptRsa(recipient.Key(), text, context.random);
}

Octets
Decrypt(const OwnKey& own, OctetView text, size_t fallback, StepContext& context)
{
    context.work.Add(WorkKind::RsaDecrypt, static_cast<uint16_t>(own.key.Public().Bits()));
    return DecryptRsa(own.key, text, fallback, context.random).View().Copy();
}

/// Reads a nonce; one that no peer may send is replaced like one that cannot be read.
Octets
DecryptNonce(const OwnKey& own, OctetView text, StepContext& context)
{
    Octets nonce = Decrypt(own, text, FALLBACK_NONCE, context);
    const Octets instead = context.random.Draw(FALLBACK_NONCE);
    return CheckNonce(nonce, {}) ? nonce : instead;
}

/// Encrypts the payloads behind the nonce with keys that are made of it: one chain through all of
/// them, always padded, the last octet the number of those before it.
class EphemeralCipher
{
  public:
    static Result<EphemeralCipher>
    Make(const HidingContext& hiding, OctetView nonce)
    {
        const Phase1Proposal& proposal = hiding.proposal;
        const Octets ne = Hmac(proposal.hash, nonce, {hiding.cookie});
        Result<SecretBytes> key = IsakmpCipherKey(proposal.hash, proposal.cipher, ne);
        if (!key)
        {
            return key.GetFault();
        }
        return EphemeralCipher(proposal.cipher, std::move(*key));
    }

    Result<Octets>
    Encrypt(OctetView body)
    {
        Octets padded = body.Copy();
        const size_t padding = m_block - 1 - body.size() % m_block;
        padded.insert(padded.end(), padding, 0);
        padded.push_back(static_cast<uint8_t>(padding));
        return m_chain.Encrypt(padded);
    }

    /// Returns nothing if it does not decrypt to something padded.
    Octets
    Decrypt(OctetView body)
    {
        Result<Octets> clear = m_chain.Decrypt(body);
        if (!clear || clear->back() >= clear->size())
        {
            return {};
        }
        clear->resize(clear->size() - 1 - clear->back());
        return std::move(*clear);
    }

  private:
    EphemeralCipher(CipherId cipher, SecretBytes key)
        : m_block(GetCipher(cipher).blockOctets)
        , m_chain(cipher, std::move(key), Octets(m_block, 0))
    {
    }

    size_t m_block;
    CipherChain m_chain;
};

/// Returns HASH(1): the hash of the certificate that the responder must decrypt with.
RawPayload
CertificateHash(HashId hash, const Certificate& certificate)
{
    return {PayloadType::Hash, Digest(hash, {certificate.Der()})};
}

Result<std::vector<RawPayload>>
HideByRsa(const KeyExchange& own, const Certificate& recipient, StepContext& context)
{
    Result<Octets> id = Encrypt(recipient, own.idBody, context);
    Result<Octets> nonce = Encrypt(recipient, own.nonce, context);
    if (!id || !nonce)
    {
        return Fault::CryptoFailure;
    }
    return std::vector<RawPayload>{{PayloadType::Id, std::move(*id)},
                                   {PayloadType::Nonce, std::move(*nonce)}};
}

Result<std::vector<RawPayload>>
HideByNonce(const HidingContext& hiding,
            const KeyExchange& own,
            const Certificate& recipient,
            const Certificate* certificate,
            StepContext& context)
{
    Result<Octets> nonce = Encrypt(recipient, own.nonce, context);
    Result<EphemeralCipher> cipher = EphemeralCipher::Make(hiding, own.nonce);
    if (!nonce || !cipher)
    {
        return Fault::CryptoFailure;
    }
    std::vector<RawPayload> payloads = {{PayloadType::Nonce, std::move(*nonce)}};
    std::vector<RawPayload> bodies = {{PayloadType::Ke, own.publicValue},
                                      {PayloadType::Id, own.idBody}};
    if (certificate)
    {
        bodies.push_back(
            {PayloadType::Cert, WriteCertPayload({CERT_X509_SIGNATURE, certificate->Der()})});
    }
    for (const RawPayload& body : bodies)
    {
        Result<Octets> hidden = cipher->Encrypt(body.body);
        if (!hidden)
        {
            return hidden.GetFault();
        }
        payloads.push_back({body.type, std::move(*hidden)});
    }
    return payloads;
}

KeyExchange
RevealByRsa(const PayloadChain& chain, const OwnKey& own, StepContext& context)
{
    KeyExchange peer;
    peer.publicValue = chain.Find(PayloadType::Ke)->body;
    peer.idBody = Decrypt(own, chain.Find(PayloadType::Id)->body, FALLBACK_ID, context);
    peer.nonce = DecryptNonce(own, chain.Find(PayloadType::Nonce)->body, context);
    return peer;
}

Result<KeyExchange>
RevealByNonce(const HidingContext& hiding,
              const PayloadChain& chain,
              const OwnKey& own,
              StepContext& context)
{
    KeyExchange peer;
    peer.nonce = DecryptNonce(own, chain.Find(PayloadType::Nonce)->body, context);
    Result<EphemeralCipher> cipher = EphemeralCipher::Make(hiding, peer.nonce);
    if (!cipher)
    {
        return cipher.GetFault();
    }
    peer.publicValue = cipher->Decrypt(chain.Find(PayloadType::Ke)->body);
    // Some value of the group stands in for what is none, such as a point off the curve: what
    // follows must find nothing unusual, or it would tell that the nonce could be read.
    const DhKeyPair instead =
        GenerateDhKeyPair(*FindDhGroup(hiding.proposal.group), context.random);
    if (!ComputeSharedSecret(instead, peer.publicValue))
    {
        peer.publicValue = instead.publicValue;
    }
    peer.idBody = cipher->Decrypt(chain.Find(PayloadType::Id)->body);
    if (const RawPayload* payload = chain.Find(PayloadType::Cert))
    {
        const Result<CertPayload> cert = ParseCertPayload(cipher->Decrypt(payload->body));
        const Result<Certificate> certificate = cert && cert->encoding == CERT_X509_SIGNATURE
                                                    ? Certificate::FromDer(cert->data)
                                                    : Result<Certificate>(Fault::BadCertificate);
        if (certificate)
        {
            peer.certificate = *certificate;
        }
    }
    return peer;
}

} // namespace

std::vector<RawPayload>
WriteKeyExchange(const KeyExchange& own)
{
    std::vector<RawPayload> payloads = {{PayloadType::Ke, own.publicValue},
                                        {PayloadType::Nonce, own.nonce}};
    if (!own.idBody.empty())
    {
        payloads.push_back({PayloadType::Id, own.idBody});
    }
    return payloads;
}

Result<std::vector<RawPayload>>
HideKeyExchange(const HidingContext& hiding,
                const KeyExchange& own,
                const Certificate& recipient,
                const Certificate* certificate,
                StepContext& context)
{
    const bool revised = GetAuth(hiding.proposal.auth).family == AuthFamily::RevisedEncryption;
    std::vector<RawPayload> payloads;
    if (hiding.sender == Role::Initiator)
    {
        payloads.push_back(CertificateHash(hiding.proposal.hash, recipient));
    }
    if (!revised)
    {
        const bool first = hiding.mode == Phase1Mode::Main;
        payloads.insert(first ? payloads.begin() : payloads.end(),
                        {PayloadType::Ke, own.publicValue});
    }
    Result<std::vector<RawPayload>> hidden =
        revised ? HideByNonce(hiding, own, recipient, certificate, context)
                : HideByRsa(own, recipient, context);
    if (!hidden)
    {
        return hidden;
    }
    for (RawPayload& payload : *hidden)
    {
        payloads.push_back(std::move(payload));
    }
    return payloads;
}

KeyExchange
ReadKeyExchange(const PayloadChain& chain)
{
    KeyExchange peer;
    peer.publicValue = chain.Find(PayloadType::Ke)->body;
    peer.nonce = chain.Find(PayloadType::Nonce)->body;
    if (const RawPayload* id = chain.Find(PayloadType::Id))
    {
        peer.idBody = id->body;
    }
    return peer;
}

Result<KeyExchange>
RevealKeyExchange(const HidingContext& hiding,
                  const PayloadChain& chain,
                  const OwnKey& own,
                  StepContext& context)
{
    const RawPayload* hash = chain.Find(PayloadType::Hash);
    // A responder's HASH is HASH_R of aggressive mode.
    if (hash && hiding.sender == Role::Initiator &&
        (own.chain.empty() ||
         hash->body != CertificateHash(hiding.proposal.hash, own.chain.front()).body))
    {
        return Fault::BadCertificate;
    }
    if (GetAuth(hiding.proposal.auth).family == AuthFamily::RevisedEncryption)
    {
        return RevealByNonce(hiding, chain, own, context);
    }
    return RevealByRsa(chain, own, context);
}

} // namespace ipsec
} // namespace ns3
