// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Puts the settings of a link into its device, before a run and in it.
 */
#ifndef IPSEC_SCENARIO_LINK_H
#define IPSEC_SCENARIO_LINK_H

#include "ipsec-scenario.h"

#include "ns3/ipsec-cloud-net-device.h"

#include <functional>
#include <string>

namespace ns3
{
namespace ipsec
{

/// Gives what the settings of a link say to whoever sets attributes of its device.
void ApplyLink(const std::function<void(const char* name, const AttributeValue& value)>& set,
               const LinkSettings& link);

/// Changes what a link does, as far as @p change says.
void ChangeLink(Ptr<IpsecCloudNetDevice> device, const LinkChange& change);

/// Returns the change that undoes @p change on a link with these settings.
LinkChange Former(const LinkChange& change, const LinkSettings& settings);

/// Makes an event of a link (link-down, link-up, link, partition) happen; returns what it changed.
std::string ApplyToLink(Ptr<IpsecCloudNetDevice> link, const EventSettings& event);

/**
 * Ends such an event on a link with these settings.
 * @param detail what is changed back
 * @return what that is noted as; empty for link-up and for events of other kinds
 */
std::string RevertOnLink(Ptr<IpsecCloudNetDevice> link,
                         const EventSettings& event,
                         const LinkSettings& settings,
                         std::string& detail);

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_SCENARIO_LINK_H
