// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Writes a run for NetAnim: where its nodes are, and the state of their SAs as colours.
 */
#ifndef IPSEC_LAB_ANIMATION_H
#define IPSEC_LAB_ANIMATION_H

#include "ns3/ipsec-scenario-network.h"
#include "ns3/ipsec-scenario.h"

#include <memory>
#include <string>

namespace ns3
{
namespace ipsec
{

/// Tells whether this program was built with ns-3's module netanim. The module brings half of ns-3
/// with it, so that nothing but this program uses it.
bool HasNetAnim();

/// Most gateways, clients, NATs and hosts of an animation: NetAnim draws them one by one.
constexpr size_t MOST_ANIMATED = 5000;

/**
 * An animation while it is written. A gateway or client is grey without SAs, violet while it
 * negotiates its first one, amber with phase 1 alone, blue while some of its tunnels are up, green
 * while all are, red once it failed or lost what it had; NATs are brown, everybody else white. What
 * it is in is told by its description, too.
 */
class LabAnimation
{
  public:
    /// @param file is overwritten
    LabAnimation(const std::string& file, const Scenario& scenario, const ScenarioNetwork& network);
    ~LabAnimation();

    LabAnimation(const LabAnimation&) = delete;
    LabAnimation& operator=(const LabAnimation&) = delete;

  private:
    class Writer;

    std::unique_ptr<Writer> m_writer;
};

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_LAB_ANIMATION_H
