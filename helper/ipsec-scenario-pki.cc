// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-scenario-pki.h"

namespace ns3
{
namespace ipsec
{

} // namespace ipsec
} // namespace ns3
