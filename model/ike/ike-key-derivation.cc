// SPDX-License-Identifier: GPL-2.0-only
#include "ike-key-derivation.h"

#include "ns3/crypto-cipher.h"
#include "ns3/crypto-hash.h"

namespace ns3
{
namespace ipsec
{

namespace
{

/// Repeats K1 = prf(key, seed), K2 = prf(key, K1 | seed) ... until there are enough octets.
SecretBytes
FeedbackExpansion(HashId hash, OctetView key, OctetView seed, size_t octets)
{
    Octets stream;
    Octets block;
    while (stream.size() < octets)
    {
        block = Hmac(hash, key, {block, seed});
        stream.insert(stream.end(), block.begin(), block.end());
    }
    stream.resize(octets);
    return SecretBytes(std::move(stream));
}

} // namespace

SecretBytes
PreSharedKeySkeyid(HashId hash, OctetView preSharedKey, OctetView ni, OctetView nr)
{
    return SecretBytes(Hmac(hash, preSharedKey, {ni, nr}));
}

SecretBytes
SignatureSkeyid(HashId hash, OctetView ni, OctetView nr, OctetView gxy)
{
    return SecretBytes(Hmac(hash, Concat({ni, nr}), {gxy}));
}

SecretBytes
EncryptionSkeyid(HashId hash,
                 OctetView ni,
                 OctetView nr,
                 const Cookie& initiator,
                 const Cookie& responder)
{
    return SecretBytes(Hmac(hash, Digest(hash, {ni, nr}), {initiator, responder}));
}

Skeyids
DeriveSkeyids(HashId hash,
              SecretBytes skeyid,
              OctetView gxy,
              const Cookie& initiator,
              const Cookie& responder)
{
    static const std::array<uint8_t, 1> ZERO{0};
    static const std::array<uint8_t, 1> ONE{1};
    static const std::array<uint8_t, 1> TWO{2};
    Skeyids keys;
    keys.skeyid = std::move(skeyid);
    const OctetView key = keys.skeyid.View();
    keys.skeyidD = SecretBytes(Hmac(hash, key, {gxy, initiator, responder, ZERO}));
    keys.skeyidA =
        SecretBytes(Hmac(hash, key, {keys.skeyidD.View(), gxy, initiator, responder, ONE}));
    keys.skeyidE =
        SecretBytes(Hmac(hash, key, {keys.skeyidA.View(), gxy, initiator, responder, TWO}));
    return keys;
}

SecretBytes
ExpandSkeyidE(HashId hash, OctetView skeyidE, size_t octets)
{
    if (skeyidE.size() >= octets)
    {
        return SecretBytes(skeyidE.First(octets));
    }
    // Appendix B: K1 = prf(SKEYID_e, 0), and from K2 on only the block before is hashed.
    static const std::array<uint8_t, 1> ZERO{0};
    Octets stream;
    Octets block = Hmac(hash, skeyidE, {ZERO});
    while (true)
    {
        stream.insert(stream.end(), block.begin(), block.end());
        if (stream.size() >= octets)
        {
            stream.resize(octets);
            return SecretBytes(std::move(stream));
        }
        block = Hmac(hash, skeyidE, {block});
    }
}

Result<SecretBytes>
IsakmpCipherKey(HashId hash, CipherId cipher, OctetView skeyidE)
{
    SecretBytes key = ExpandSkeyidE(hash, skeyidE, GetCipher(cipher).keyOctets);
    if (IsWeakKey(cipher, key.View()))
    {
        return Fault::CryptoFailure;
    }
    return key;
}

Octets
HashI(HashId hash, OctetView skeyid, const Phase1HashInput& input, OctetView idiiBody)
{
    return Hmac(hash,
                skeyid,
                {input.gxi, input.gxr, input.initiator, input.responder, input.saiBody, idiiBody});
}

Octets
HashR(HashId hash, OctetView skeyid, const Phase1HashInput& input, OctetView idirBody)
{
    return Hmac(hash,
                skeyid,
                {input.gxr, input.gxi, input.responder, input.initiator, input.saiBody, idirBody});
}

Octets
Hash1(HashId hash, OctetView skeyidA, uint32_t messageId, OctetView rest)
{
    return Hmac(hash, skeyidA, {NetworkOrder(messageId), rest});
}

Octets
Hash2(HashId hash, OctetView skeyidA, uint32_t messageId, OctetView ni, OctetView rest)
{
    return Hmac(hash, skeyidA, {NetworkOrder(messageId), ni, rest});
}

Octets
Hash3(HashId hash, OctetView skeyidA, uint32_t messageId, OctetView ni, OctetView nr)
{
    static const std::array<uint8_t, 1> ZERO{0};
    return Hmac(hash, skeyidA, {ZERO, NetworkOrder(messageId), ni, nr});
}

SecretBytes
Keymat(HashId hash,
       OctetView skeyidD,
       OctetView gxy,
       ProtocolId protocol,
       uint32_t spi,
       OctetView ni,
       OctetView nr,
       size_t octets)
{
    const std::array<uint8_t, 1> protocolOctet{static_cast<uint8_t>(protocol)};
    const Octets seed = Concat({gxy, protocolOctet, NetworkOrder(spi), ni, nr});
    return FeedbackExpansion(hash, skeyidD, seed, octets);
}

} // namespace ipsec
} // namespace ns3
