// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * The addresses of a pool that clients have at present.
 */
#ifndef IKE_ADDRESS_POOL_H
#define IKE_ADDRESS_POOL_H

#include "ns3/ike-config.h"
#include "ns3/ipsec-fault.h"

#include <map>
#include <set>
#include <string>

namespace ns3
{
namespace ipsec
{

/**
 * Hands out addresses. A client is a peer and has one address at most; its holder is the name under
 * which it is known, a user or an identity. Somebody who comes back gets the address of the last
 * time if nobody else has it, since the longest unused one goes first.
 */
class AddressLeases
{
  public:
    explicit AddressLeases(AddressPool pool);

    /// Returns the client's address, or gives it one: that kept for the holder, the holder's last
    /// one, one that nobody had, the one that is free for longest; else PoolExhausted.
    Result<IpAddress> Lease(PeerId client, const std::string& holder);
    /// Takes the client's address back, if it has one.
    void Release(PeerId client);

    /// Returns how many addresses clients have.
    size_t
    InUse() const
    {
        return m_leases.size();
    }

    /// Returns what clients are told as their netmask.
    uint8_t
    PrefixLength() const
    {
        return m_pool.prefixLength;
    }

  private:
    struct Holding
    {
        IpAddress address;
        std::string holder;
    };

    std::optional<IpAddress> FindFree(const std::string& holder);
    /// Takes an address out of those that came back.
    IpAddress TakeReturned(uint64_t order);

    AddressPool m_pool;
    std::set<IpAddress> m_kept;
    std::map<PeerId, Holding> m_leases;
    std::set<IpAddress> m_inUse;
    /// The first address that nobody had yet; 64 bits, so that it may lie behind the last one.
    uint64_t m_next = 0;
    /// What came back, oldest first, and the newest of each holder.
    std::map<uint64_t, Holding> m_returned;
    std::map<std::string, uint64_t> m_lastOf;
    uint64_t m_returns = 0;
};

} // namespace ipsec
} // namespace ns3

#endif // IKE_ADDRESS_POOL_H
