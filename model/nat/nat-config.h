// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * How a NAT behaves: the words of RFC 4787, timeouts and limits.
 */
#ifndef NAT_CONFIG_H
#define NAT_CONFIG_H

#include "ns3/ipsec-endpoint.h"
#include "ns3/ipsec-time.h"

#include <string>

namespace ns3
{
namespace ipsec
{

/// What a mapping or a filter depends on (RFC 4787 sections 4.1 and 5).
enum class NatBehaviour : uint8_t
{
    EndpointIndependent,     ///< the same for every remote
    AddressDependent,        ///< one for each remote address
    AddressAndPortDependent, ///< one for each remote address and port
};

/// How a NAT chooses an outside port (RFC 4787 section 4.2).
enum class NatPortChoice : uint8_t
{
    Preserve,   ///< the inside port if it is free, else the next free one above it
    Sequential, ///< the next free one above the last that was given
    Random,     ///< any free one
};

/// How a NAT with several outside addresses chooses among them (RFC 4787 section 4.1).
enum class NatPooling : uint8_t
{
    Paired,    ///< an inside host keeps its outside address
    Arbitrary, ///< mappings take turns
};

/// What becomes of ESP that is not in UDP.
enum class EspPassThrough : uint8_t
{
    Off,          ///< refused
    OnePerRemote, ///< the first inside host that sends to a remote has the remote for itself
    LearnSpi,     ///< an unknown inbound SPI is taken for the answer to the newest outbound one
};

/// What becomes of IKE between two ports 500.
enum class IkePassThrough : uint8_t
{
    Off,          ///< nothing special: a mapping like others
    OnePerRemote, ///< port 500 is kept; one inside host per remote
    ByCookie,     ///< port 500 is kept; inside hosts are told apart by their initiator cookies
};

/// Everything that a NAT is told. The defaults meet RFC 4787, RFC 5382 and RFC 5508.
struct NatConfig
{
    NatBehaviour mapping = NatBehaviour::EndpointIndependent;
    NatBehaviour filtering = NatBehaviour::AddressDependent;
    NatPortChoice portChoice = NatPortChoice::Preserve;
    NatPooling pooling = NatPooling::Paired;
    /// Whether even UDP ports become even ones and odd ones odd (RFC 4787 section 4.2.2).
    bool keepsParity = true;
    /// Whether ports below 1024 become ports below 1024 as long as there are any (RFC 4787
    /// section 4.2.1).
    bool keepsPortClass = true;
    /// The ports that are given, but for those that keep their class.
    uint16_t firstPort = 1024;
    uint16_t lastPort = 65535;
    /// Whether inside hosts reach each other by their outside endpoints (RFC 4787 section 6).
    bool hairpins = true;
    /// Which packets of UDP, ICMP and ESP prolong a mapping (RFC 4787 section 4.3).
    bool refreshesOutbound = true;
    bool refreshesInbound = true;
    Duration udpTimeout = std::chrono::minutes(5);
    Duration tcpEstablishedTimeout = std::chrono::minutes(124);
    Duration tcpTransitoryTimeout = std::chrono::minutes(4);
    Duration icmpTimeout = std::chrono::seconds(60);
    Duration espTimeout = std::chrono::minutes(5);
    EspPassThrough esp = EspPassThrough::OnePerRemote;
    IkePassThrough ike = IkePassThrough::Off;
    /// Mappings at once: of all inside hosts, and of one.
    uint32_t maxMappings = 65536;
    uint32_t maxPerHost = 65536;
    /// Remote endpoints at once that one mapping knows.
    uint32_t maxSessionsPerMapping = 1024;
    /// Fragmented datagrams under way at once, fragments that wait for the first one of theirs, and
    /// how long either lasts.
    uint32_t maxFragmented = 1024;
    uint32_t maxHeldFragments = 256;
    Duration fragmentTimeout = std::chrono::seconds(30);
    /// Whether packets have checksums; without, fields that are zero stay zero.
    bool hasChecksums = true;
};

/**
 * Checks what must hold of a configuration.
 * @throws std::invalid_argument with one sentence.
 */
void CheckNatConfig(const NatConfig& config);

/// @name The words of attributes and files
/// The second of each pair reads a word, and throws std::invalid_argument for any other.
/// @{
const char* NatWord(NatBehaviour value);
const char* NatWord(NatPortChoice value);
const char* NatWord(NatPooling value);
const char* NatWord(EspPassThrough value);
const char* NatWord(IkePassThrough value);
void ReadNatWord(const std::string& word, NatBehaviour& value);
void ReadNatWord(const std::string& word, NatPortChoice& value);
void ReadNatWord(const std::string& word, NatPooling& value);
void ReadNatWord(const std::string& word, EspPassThrough& value);
void ReadNatWord(const std::string& word, IkePassThrough& value);
/// @}

} // namespace ipsec
} // namespace ns3

#endif // NAT_CONFIG_H
