// SPDX-License-Identifier: GPL-2.0-only
#include "crypto-certificate.h"

namespace ns3
{
namespace ipsec
{

} // namespace ipsec
} // namespace ns3
