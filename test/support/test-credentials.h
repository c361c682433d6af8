// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Keys and certificates for two ends, made once per program.
 */
#ifndef TEST_CREDENTIALS_H
#define TEST_CREDENTIALS_H

#include "peer-pair.h"

#include "ns3/ike-config.h"

namespace ns3
{
namespace ipsec
{

/// The day on which tests take place, and the validity of what they use: a year around it.
constexpr CalendarSeconds TEST_DAY = 1767225600; // 2026-01-01
constexpr CalendarSeconds TEST_HALF_YEAR = 183 * 86400;

/// Returns a key of this kind, the same one for the same name; RSA and DSA with 1024 bits.
const PrivateKey& TestKey(const std::string& name, KeyKind kind);

/// Returns the authority "CN=NAME", whose key is RSA.
const Issuer& TestIssuer(const std::string& name);
/// Returns its self-signed certificate.
const Certificate& TestAuthority(const std::string& name);

/// Returns what the certificate of an end says: alice.example.com and hub.example.com with their
/// e-mail and IP addresses, for a year around the day of the tests.
CertificateRequest TestRequest(Side side);

/// Returns a certificate of an end's key, issued by an authority.
Certificate TestCertificate(Side side,
                            KeyKind kind,
                            const CertificateRequest& request,
                            const Issuer& issuer = TestIssuer("root"));

/// Gives one end of SiteConfig() the keys for all methods, certificates of the authority "root",
/// and trust in it; for public key encryption the other end's certificate, too. The ends go by
/// alice.example.com and hub.example.com.
void UseKeys(EngineConfig& config, Side side);

/// Changes the keys of an end that UseKeys() made.
KeyStore& EditKeys(EngineConfig& config);

} // namespace ipsec
} // namespace ns3

#endif // TEST_CREDENTIALS_H
