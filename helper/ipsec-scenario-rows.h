// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * The rows of ScenarioSections(), section by section.
 */
#ifndef IPSEC_SCENARIO_ROWS_H
#define IPSEC_SCENARIO_ROWS_H

#include "ipsec-scenario-keys.h"

#include <set>
#include <string>
#include <vector>

namespace ns3
{
namespace ipsec
{

/// Return the section [simulation], [internet], ...
ScenarioSection SimulationSection();
ScenarioSection InternetSection();
ScenarioSection AuthoritySection();
ScenarioSection PersonalitySection();
ScenarioSection NatSection();
ScenarioSection GatewaySection();
ScenarioSection ClientSection();
ScenarioSection CpuSection();
ScenarioSection PoolSection();
ScenarioSection HostSection();
ScenarioSection TunnelSection();
ScenarioSection BranchesSection();
ScenarioSection ClientsSection();
ScenarioSection PolicySection();
ScenarioSection RouteSection();
ScenarioSection EventSection();
ScenarioSection OverlaySection();
ScenarioSection AttackerSection();
ScenarioSection FloodSection();
ScenarioSection TrafficSection();
ScenarioSection OutputSection();
ScenarioSection ExpectSection();

/// Marks keys of [tunnel] as those of one keying, for which the other has no use.
std::vector<ScenarioKey> OnlyWith(TunnelKeying keying, std::vector<ScenarioKey> keys);
/// Return keys of [tunnel]: how its ends authenticate, what they negotiate and how they protect,
/// how they see that the other one lives, and what clients are asked and told.
std::vector<ScenarioKey> TunnelPhase1Keys();
std::vector<ScenarioKey> TunnelPhase2Keys();
std::vector<ScenarioKey> TunnelLifeKeys();
std::vector<ScenarioKey> TunnelAccessKeys();
/// Returns keys of [personality]: from renewal to limits.
std::vector<ScenarioKey> PersonalityLifeKeys();
/// Returns the keys of a gateway's or client's certificates, and what it trusts.
std::vector<ScenarioKey> CertificateKeys();
/// Returns the keys of a client that dials up: when its user comes and goes, how it comes back.
std::vector<ScenarioKey> DialUpKeys();
/// Return keys of [branches] and [clients]: when they start, and what they send.
std::vector<ScenarioKey> BranchStartKeys();
std::vector<ScenarioKey> BranchTrafficKeys();
/// Sets where the addresses of [branches] or [clients] are taken from.
void SetBranchAddresses(BranchesSettings& branches, const std::string& text);
/// Adds rows of another section, but for those left out and those whose names are there.
void AddRowsOf(std::vector<ScenarioKey>& keys,
               const ScenarioSection& section,
               const std::set<std::string>& leftOut);
/// Most branches or clients of one section: a scenario of 100,000 needs some gigabytes.
constexpr uint64_t MOST_BRANCHES = 100000;
/// @name Values that several sections have
/// @{
/// "FIRST - LAST", or a prefix, whose first and last address are left out.
AddressPool ParseAddressRange(const std::string& text);
/// The same with two addresses at least.
DhcpSettings ParseDhcpRange(const std::string& text);
/// Time between packets: 1us or more.
Duration ParseTrafficInterval(const std::string& text);
/// Payload of a packet: what fits into IPv4.
uint32_t ParsePayloadSize(const std::string& text);
/// A key as text, or 0x and hexadecimal digits.
std::string ParseSecret(const std::string& text);
/// @}
/// Return the keys of a gateway's or client's link, or of a NAT's, without defaults.
std::vector<ScenarioKey> GatewayLinkKeys();
std::vector<ScenarioKey> NatLinkKeys();

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_SCENARIO_ROWS_H
