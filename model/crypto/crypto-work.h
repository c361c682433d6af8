// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * What an input cost in cryptography, for the model of a gateway's CPU.
 */
#ifndef CRYPTO_WORK_H
#define CRYPTO_WORK_H

#include "crypto-algorithms.h"

#include <string>
#include <utility>
#include <vector>

namespace ns3
{
namespace ipsec
{

enum class WorkKind : uint8_t
{
    DhKeygen,     ///< parameter: group number; amount: times
    DhDerive,     ///< parameter: group number; amount: times
    Prf,          ///< parameter: HashId; amount: times
    CipherOctets, ///< parameter: CipherId; amount: octets
    IcvOctets,    ///< parameter: IntegrityId; amount: octets
    RsaSign,      ///< parameter: bits of the key; amount: times
    RsaVerify,    ///< likewise
    RsaEncrypt,   ///< likewise
    RsaDecrypt,   ///< likewise
    DsaSign,      ///< likewise
    DsaVerify,    ///< likewise
    EcdsaSign,    ///< likewise
    EcdsaVerify,  ///< likewise
};

/// Names one kind of work with one algorithm.
struct WorkKey
{
    WorkKind kind = WorkKind::Prf;
    uint16_t parameter = 0;

    /// Writes "DhKeygen/g2", "CipherOctets/aes128", "RsaSign/2048".
    std::string ToString() const;
};

inline bool
operator<(WorkKey a, WorkKey b)
{
    return a.kind < b.kind || (a.kind == b.kind && a.parameter < b.parameter);
}

inline bool
operator==(WorkKey a, WorkKey b)
{
    return a.kind == b.kind && a.parameter == b.parameter;
}

/// Adds up work.
class Work
{
  public:
    /// One kind of work and its amount.
    using Item = std::pair<WorkKey, uint64_t>;

    void Add(WorkKind kind, uint16_t parameter, uint64_t amount = 1);
    void Add(const Work& other);

    /// Returns the amounts, none of them zero, in the order of their keys.
    const std::vector<Item>&
    Items() const
    {
        return m_items;
    }

    /// Returns how much there is of one kind.
    uint64_t Amount(WorkKey key) const;

  private:
    /// Few, and made for every packet: a search from the front costs less than a tree.
    std::vector<Item> m_items;
};

} // namespace ipsec
} // namespace ns3

#endif // CRYPTO_WORK_H
