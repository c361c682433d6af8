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

namespace ns3
{
namespace ipsec
{

/// Changes what a link does, as far as @p change says.
void ChangeLink(Ptr<IpsecCloudNetDevice> device, const LinkChange& change);

/// Returns the change that undoes @p change on a link with these settings.
LinkChange Former(const LinkChange& change, const LinkSettings& settings);

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_SCENARIO_LINK_H
