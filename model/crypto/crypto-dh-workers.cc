// SPDX-License-Identifier: GPL-2.0-only
#include "crypto-dh-workers.h"

#include "crypto-dh-jobs.h"

#include <algorithm>

namespace ns3
{
namespace ipsec
{

DhWorkers::DhWorkers(unsigned threads, DhSharing sharing)
{
    DhJobs::Get().Set(std::min(threads, MAX_THREADS), sharing);
}

DhWorkers::~DhWorkers()
{
    DhJobs::Get().Set(0, DhSharing::ByEachEnd);
}

Work
DhWorkers::Saved() const
{
    return DhJobs::Get().Saved();
}

} // namespace ipsec
} // namespace ns3
