// SPDX-License-Identifier: GPL-2.0-only
#include "crypto-work.h"

#include <algorithm>
#include <cassert>

namespace ns3
{
namespace ipsec
{

namespace
{

/// A packet takes a cipher and a hash.
constexpr size_t USUAL_KINDS = 2;

std::string
GroupName(uint16_t parameter)
{
    return "g" + std::to_string(parameter);
}

std::string
HashName(uint16_t parameter)
{
    return GetHash(static_cast<HashId>(parameter)).name;
}

std::string
CipherName(uint16_t parameter)
{
    return GetCipher(static_cast<CipherId>(parameter)).name;
}

std::string
IntegrityName(uint16_t parameter)
{
    return GetIntegrity(static_cast<IntegrityId>(parameter)).name;
}

std::string
BitsName(uint16_t parameter)
{
    return std::to_string(parameter);
}

/// How one kind of work is written.
struct KindRow
{
    WorkKind kind;
    const char* name;
    std::string (*parameterName)(uint16_t parameter);
};

constexpr KindRow KINDS[] = {
    {WorkKind::DhKeygen, "DhKeygen", GroupName},
    {WorkKind::DhDerive, "DhDerive", GroupName},
    {WorkKind::Prf, "Prf", HashName},
    {WorkKind::CipherOctets, "CipherOctets", CipherName},
    {WorkKind::IcvOctets, "IcvOctets", IntegrityName},
    {WorkKind::RsaSign, "RsaSign", BitsName},
    {WorkKind::RsaVerify, "RsaVerify", BitsName},
    {WorkKind::RsaEncrypt, "RsaEncrypt", BitsName},
    {WorkKind::RsaDecrypt, "RsaDecrypt", BitsName},
    {WorkKind::DsaSign, "DsaSign", BitsName},
    {WorkKind::DsaVerify, "DsaVerify", BitsName},
    {WorkKind::EcdsaSign, "EcdsaSign", BitsName},
    {WorkKind::EcdsaVerify, "EcdsaVerify", BitsName},
};

} // namespace

std::string
WorkKey::ToString() const
{
    const KindRow& row = KINDS[static_cast<size_t>(kind)];
    assert(row.kind == kind);
    return std::string(row.name) + "/" + row.parameterName(parameter);
}

void
Work::Add(WorkKind kind, uint16_t parameter, uint64_t amount)
{
    if (amount == 0)
    {
        return;
    }
    const WorkKey key{kind, parameter};
    const auto place = std::find_if(
        m_items.begin(), m_items.end(), [key](const Item& item) { return !(item.first < key); });
    if (place != m_items.end() && place->first == key)
    {
        place->second += amount;
        return;
    }
    if (m_items.empty())
    {
        m_items.reserve(USUAL_KINDS);
        m_items.emplace_back(key, amount);
        return;
    }
    m_items.insert(place, {key, amount});
}

void
Work::Add(const Work& other)
{
    for (const auto& [key, amount] : other.m_items)
    {
        Add(key.kind, key.parameter, amount);
    }
}

uint64_t
Work::Amount(WorkKey key) const
{
    const auto found = std::find_if(
        m_items.begin(), m_items.end(), [key](const Item& item) { return item.first == key; });
    return found == m_items.end() ? 0 : found->second;
}

} // namespace ipsec
} // namespace ns3
