// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Asymmetric keys for tests, and the raw arithmetic of OpenSSL to forge with.
 */
#ifndef ASYMMETRIC_SAMPLES_H
#define ASYMMETRIC_SAMPLES_H

#include "ns3/crypto-keys.h"

#include <map>
#include <string>

namespace ns3
{
namespace ipsec
{

/// Returns a key made from a fixed seed, once: RSA and DSA 1024, unless other bits are asked for.
const PrivateKey& SampleKeyPair(KeyKind kind, size_t bits = 1024);

/// Makes a SubjectPublicKeyInfo of RSA of any two numbers, in network order.
Octets RsaKeyInfo(OctetView modulus, OctetView exponent);

/// Writes a key of given numbers, by OpenSSL's names, as PEM. @p algorithm is "RSA", "DSA" or "EC".
std::string PemOf(const std::string& algorithm,
                  const std::map<std::string, Octets>& numbers,
                  const std::string& curve = "",
                  OctetView point = {});

/// Computes block^d mod n with the key in @p pem, with no padding at all; the key's other path.
Octets RawRsaPrivate(const std::string& pem, OctetView block);
/// Computes block^e mod n.
Octets RawRsaPublic(const std::string& pem, OctetView block);

/// Gives the octets it was told to, once, and then zeros.
class ScriptedRandomSource : public RandomSource
{
  public:
    explicit ScriptedRandomSource(Octets octets);
    void Fill(uint8_t* out, size_t count) override;

    /// Returns how many octets were drawn.
    size_t
    Drawn() const
    {
        return m_drawn;
    }

  private:
    Octets m_octets;
    size_t m_drawn = 0;
};

} // namespace ipsec
} // namespace ns3

#endif // ASYMMETRIC_SAMPLES_H
