// SPDX-License-Identifier: GPL-2.0-only
#include "crypto-openssl-random.h"

namespace ns3
{
namespace ipsec
{

} // namespace ipsec
} // namespace ns3
