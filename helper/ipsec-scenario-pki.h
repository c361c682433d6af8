// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * The keys and certificates of a scenario: made from its seed, or read from files.
 */
#ifndef IPSEC_SCENARIO_PKI_H
#define IPSEC_SCENARIO_PKI_H

#include "ipsec-scenario-check.h"
#include "ipsec-scenario.h"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace ns3
{
namespace ipsec
{

/**
 * Everything that the proposals of a scenario's tunnels need. Each key depends on seed, run, the
 * owner's name and its kind alone, so that one gateway more changes no other's.
 */
class ScenarioPki
{
  public:
    /// @throws ScenarioError naming the key of the scenario that is wrong.
    ScenarioPki(const Scenario& scenario, const ScenarioPositions& positions);

    /// Returns the keys of a gateway or client and what it trusts; null if it needs none.
    std::shared_ptr<const KeyStore> StoreOf(const std::string& gateway) const;
    /// Returns the certificates of a gateway or client, one of each kind of key it has.
    std::vector<Certificate> CertificatesOf(const std::string& gateway) const;

  private:
    std::map<std::string, std::shared_ptr<const KeyStore>> m_stores;
};

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_SCENARIO_PKI_H
