// SPDX-License-Identifier: GPL-2.0-only
#include "crypto-dh.h"

#include "crypto-dh-arithmetic.h"
#include "crypto-library.h"

#include <cassert>
#include <map>
#include <mutex>
#include <stdexcept>
#include <utility>

namespace ns3
{
namespace ipsec
{

const DhArithmetic&
ArithmeticOf(const DhGroup& group)
{
    static std::mutex mutex;
    static std::map<uint16_t, std::unique_ptr<const DhArithmetic>> made;
    const std::lock_guard<std::mutex> lock(mutex);
    std::unique_ptr<const DhArithmetic>& arithmetic = made[group.number];
    if (!arithmetic)
    {
        arithmetic = group.elliptic ? MakeEcpArithmetic(group) : MakeModpArithmetic(group);
    }
    return *arithmetic;
}

BigNumberFrame::BigNumberFrame()
    : m_context(CryptoLibrary::Get().BnContext())
{
    BN_CTX_start(m_context);
}

BigNumberFrame::~BigNumberFrame()
{
    for (size_t i = 0; i < m_count; i++)
    {
        BN_clear(m_lent[i]);
    }
    BN_CTX_end(m_context);
}

BIGNUM*
BigNumberFrame::Number()
{
    assert(m_count < CAPACITY);
    BIGNUM* number = BN_CTX_get(m_context);
    RequireComputed(number != nullptr);
    m_lent[m_count++] = number;
    return number;
}

BIGNUM*
BigNumberFrame::Number(OctetView octets)
{
    BIGNUM* number = Number();
    RequireComputed(BN_bin2bn(octets.data(), static_cast<int>(octets.size()), number) != nullptr);
    return number;
}

void
RequireComputed(bool success)
{
    if (!success)
    {
        throw std::runtime_error("OpenSSL failed in arithmetic");
    }
}

DhKeyPair
GenerateDhKeyPair(const DhGroup& group, RandomSource& random)
{
    const DhArithmetic& arithmetic = ArithmeticOf(group);
    DhKeyPair pair;
    pair.group = group.number;
    pair.exponent = arithmetic.DrawExponent(random);
    pair.publicValue = arithmetic.PublicValue(pair.exponent.View());
    return pair;
}

DhKeyPair
MakeDhKeyPair(const DhGroup& group, OctetView exponent)
{
    DhKeyPair pair;
    pair.group = group.number;
    pair.publicValue = ArithmeticOf(group).PublicValue(exponent);
    pair.exponent = SecretBytes(exponent);
    return pair;
}

Result<Done>
CheckPublicValue(const DhKeyPair& own, OctetView peerPublicValue)
{
    const DhGroup* group = FindDhGroup(own.group);
    assert(group != nullptr);
    if (peerPublicValue.size() != group->keOctets)
    {
        return Fault::BadKeyExchange;
    }
    if (peerPublicValue == OctetView(own.publicValue))
    {
        return Fault::ReflectedValue;
    }
    if (!ArithmeticOf(*group).IsPublicValue(peerPublicValue))
    {
        return Fault::BadKeyExchange;
    }
    return Done{};
}

Result<SecretBytes>
ComputeSharedSecret(const DhKeyPair& own, OctetView peerPublicValue)
{
    if (const auto checked = CheckPublicValue(own, peerPublicValue); !checked)
    {
        return checked.GetFault();
    }
    return ArithmeticOf(*FindDhGroup(own.group)).SharedSecret(own.exponent.View(), peerPublicValue);
}

} // namespace ipsec
} // namespace ns3
