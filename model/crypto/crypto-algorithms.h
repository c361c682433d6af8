// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * The algorithms: one row of a table each. Nothing else may switch over algorithms.
 */
#ifndef CRYPTO_ALGORITHMS_H
#define CRYPTO_ALGORITHMS_H

#include <cstddef>
#include <cstdint>
#include <string>

namespace ns3
{
namespace ipsec
{

enum class HashId : uint8_t
{
    Md5,
    Sha1,
    Sha256,
    Sha384,
    Sha512,
};

enum class CipherId : uint8_t
{
    Null,
    Des,
    TripleDes,
    Aes128,
    Aes192,
    Aes256,
    Aes128Ctr,
    Aes192Ctr,
    Aes256Ctr,
    Aes128Gcm,
    Aes256Gcm,
};

/// Number of ciphers, for tables indexed by them.
constexpr size_t CIPHER_COUNT = static_cast<size_t>(CipherId::Aes256Gcm) + 1;

enum class IntegrityId : uint8_t
{
    None,
    HmacMd5_96,
    HmacSha1_96,
    HmacSha256_128,
    HmacSha384_192,
    HmacSha512_256,
    HmacSha256_96, ///< as before RFC 4868; a peer's habit, never negotiated by a name of its own
};

/// How a cipher turns blocks into a message.
enum class CipherMode : uint8_t
{
    None, ///< nothing is encrypted
    Cbc,  ///< the text fills whole blocks
    Ctr,  ///< RFC 3686: salt, IV and counter; text of any length
    Gcm,  ///< RFC 4106: as CTR, and makes the ICV itself
};

/// A hash and the prf made of it by HMAC.
struct HashAlgorithm
{
    HashId id;
    const char* name;        ///< in proposals: "md5", "sha", "sha256" ...
    const char* opensslName; ///< what EVP_MD_fetch takes
    uint16_t ikeId;          ///< value of IkeAttribute::Hash
    size_t digestOctets;
    size_t blockOctets;
};

/// A cipher with its mode, or none.
struct CipherAlgorithm
{
    CipherId id;
    const char* name;          ///< in proposals: "des", "3des", "aes128" ..., "null"
    const char* displayName;   ///< in displays: "DES", "3DES", "AES-128", "NULL"
    const char* wiresharkName; ///< in Wireshark's esp_sa table: "DES-CBC [RFC2405]" ...
    const char* opensslName;   ///< what EVP_CIPHER_fetch takes; null for none
    uint16_t ikeId;            ///< value of IkeAttribute::Encryption; 0 if not for IKE
    uint8_t espId;             ///< ESP transform ID
    size_t keyOctets;
    bool keyLengthOnWire; ///< whether the key length attribute must be there (AES) or must not
    size_t blockOctets;   ///< what the text must be a multiple of: 1 for none, CTR and GCM
    size_t ivOctets;      ///< what each packet carries
    CipherMode mode;
    size_t saltOctets; ///< what follows the key in KEYMAT and belongs to each packet's nonce
    size_t icvOctets;  ///< of the ICV that the cipher makes itself (GCM); else 0
};

/// A truncated HMAC for ESP and AH.
struct IntegrityAlgorithm
{
    IntegrityId id;
    const char* name;          ///< in proposals: "md5", "sha", "sha256" ...
    const char* displayName;   ///< in displays: "HMAC-MD5-96"
    const char* wiresharkName; ///< in Wireshark's esp_sa table: "HMAC-MD5-96 [RFC2403]" ...
    HashId hash;
    uint16_t attributeId; ///< value of IpsecAttribute::Authentication
    uint8_t ahId;         ///< AH transform ID
    size_t keyOctets;
    size_t icvOctets;
};

/// A Diffie-Hellman group.
struct DhGroup
{
    uint16_t number;     ///< as on the wire and in proposals: "g2"
    bool elliptic;       ///< ECP (RFC 5903) or MODP (RFC 2409, 3526)
    size_t bits;         ///< of the prime
    size_t keOctets;     ///< length of the KE body: prime, or x and y
    size_t secretOctets; ///< length of g^xy: prime, or x alone
    size_t exponentBits; ///< of the private values that we draw: twice the group's strength
};

/// Return the row of an algorithm.
const HashAlgorithm& GetHash(HashId id);
const CipherAlgorithm& GetCipher(CipherId id);
const IntegrityAlgorithm& GetIntegrity(IntegrityId id);

/// Returns how many octets of ICV ESP has: those of the cipher if it makes one itself, else those
/// of the HMAC.
size_t EspIcvOctets(CipherId cipher, IntegrityId integrity);
/// Tells whether ESP with these algorithms proves who sent a packet.
bool IsAuthenticated(CipherId cipher, IntegrityId integrity);

/// Find a row by its number on the wire, or null. @p keyBits is the key length attribute, 0 if it
/// was absent; a length that the cipher does not have, or that may not be there, finds nothing.
const HashAlgorithm* FindHashByIkeId(uint64_t ikeId);
const CipherAlgorithm* FindCipherByIkeId(uint64_t ikeId, uint64_t keyBits);
const CipherAlgorithm* FindCipherByEspId(uint64_t espId, uint64_t keyBits);
const IntegrityAlgorithm* FindIntegrityByAttribute(uint64_t attributeId);
const IntegrityAlgorithm* FindIntegrityByAhId(uint64_t ahId);
const DhGroup* FindDhGroup(uint64_t number);

/// Find a row by its name in proposals, or null; HmacSha256_96 is not proposed and not found.
const HashAlgorithm* FindHashByName(const std::string& name);
const CipherAlgorithm* FindCipherByName(const std::string& name);
const IntegrityAlgorithm* FindIntegrityByName(const std::string& name);

} // namespace ipsec
} // namespace ns3

#endif // CRYPTO_ALGORITHMS_H
