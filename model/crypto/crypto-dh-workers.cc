// SPDX-License-Identifier: GPL-2.0-only
#include "crypto-dh-workers.h"

#include "crypto-dh-jobs.h"

#include <algorithm>

namespace ns3
{
namespace ipsec
{

DhWorkers::DhWorkers(unsigned threads, DhSharing sharing)
    : m_before(DhJobs::Get().Set({std::min(threads, MAX_THREADS), sharing}))
{
}

DhWorkers::~DhWorkers()
{
    DhJobs::Get().Set(m_before);
}

Work
DhWorkers::Saved() const
{
    return DhJobs::Get().Saved();
}

} // namespace ipsec
} // namespace ns3
