// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * What each operation of cryptography costs a processor, and the machines that are known.
 */
#ifndef IPSEC_CPU_COSTS_H
#define IPSEC_CPU_COSTS_H

#include "ns3/crypto-work.h"
#include "ns3/ipsec-time.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace ns3
{
namespace ipsec
{

/// What one kind of work costs.
struct OperationCost
{
    /// For one operation; for work in octets, for each input that has any.
    Duration time{};
    /// Work in octets only: bits per second beside it; 0 takes no time.
    uint64_t rate = 0;
};

/**
 * A cost for every operation. What has no row of its own costs as the row with the next smaller
 * parameter; keys of other lengths than those are scaled, by the cube of their length for private
 * operations and by its square for public ones.
 */
class CpuCosts
{
  public:
    void Set(WorkKey key, OperationCost cost);
    const std::map<WorkKey, OperationCost>& Rows() const;
    /// Returns what one operation, or the octets of one input, cost.
    OperationCost Find(WorkKey key) const;

    /// Returns what all work of one input costs, without what every input costs.
    Duration CostOf(const Work& work) const;

    /// Every IKE datagram, timer and command, whatever it leads to.
    Duration perInput{};
    /// Every packet, either way, whatever becomes of it.
    Duration perPacket{};

  private:
    std::map<WorkKey, OperationCost> m_rows;
};

/// Which job a core takes next.
enum class CpuQueue : uint8_t
{
    Fifo,     ///< the one that came first
    IkeFirst, ///< IKE before packets
    EspFirst, ///< packets before IKE
};

/// Return a discipline and its name: "fifo", "ike-first", "esp-first"; std::invalid_argument with
/// one sentence for a name that is none.
CpuQueue FindCpuQueue(const std::string& name);
std::string CpuQueueName(CpuQueue queue);

/// A processor as it is bought.
struct CpuProfile
{
    /// Everything takes no time, and nothing waits.
    bool isFree = true;
    uint32_t cores = 1;
    CpuQueue queue = CpuQueue::Fifo;
    /// Jobs that wait at most.
    uint32_t queueLimit = 1000;
    CpuCosts costs;
};

/// Returns the names of the profiles that come with the module: "free" first.
std::vector<std::string> CpuProfileNames();

/// Returns a profile; throws std::invalid_argument with one sentence for a name that is none.
CpuProfile FindCpuProfile(const std::string& name);

/// Names one row of a cost table for people: "g2", "aes128", "sha256", "2048".
std::string ParameterName(WorkKey key);

/// Returns the kinds of work whose amount is octets.
bool IsCountedInOctets(WorkKind kind);

/// Returns every operation that a whole table has a row for, in order.
std::vector<WorkKey> AllOperations();

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_CPU_COSTS_H
