// SPDX-License-Identifier: GPL-2.0-only
#include "crypto-dh-arithmetic.h"
#include "crypto-library.h"
#include "crypto-openssl-handle.h"
#include "crypto-openssl-random.h"

#include <openssl/ec.h>
#include <openssl/objects.h>

#include <stdexcept>
#include <string>
#include <utility>

namespace ns3
{
namespace ipsec
{

namespace
{

using Curve = OpensslHandle<EC_GROUP, EC_GROUP_free>;
using Point = OpensslHandle<EC_POINT, EC_POINT_clear_free>;

/// Curves by group number (RFC 5903 section 3).
constexpr struct
{
    uint16_t number;
    int nid;
} CURVES[] = {
    {19, NID_X9_62_prime256v1},
    {20, NID_secp384r1},
    {21, NID_secp521r1},
};

Curve
CurveOf(const DhGroup& group)
{
    for (const auto& row : CURVES)
    {
        if (row.number == group.number)
        {
            OSSL_LIB_CTX* library = CryptoLibrary::Get().Context();
            Curve curve(EC_GROUP_new_by_curve_name_ex(library, nullptr, row.nid));
            if (!curve)
            {
                throw std::runtime_error(std::string("this OpenSSL does not provide the curve ") +
                                         OBJ_nid2sn(row.nid));
            }
            return curve;
        }
    }
    throw std::runtime_error("no curve for group " + std::to_string(group.number));
}

class EcpArithmetic : public DhArithmetic
{
  public:
    explicit EcpArithmetic(const DhGroup& group);

    SecretBytes DrawExponent(RandomSource& random) const override;
    Octets PublicValue(OctetView exponent) const override;
    bool IsPublicValue(OctetView value) const override;
    SecretBytes SharedSecret(OctetView exponent, OctetView peerPublicValue) const override;

  private:
    Point NewPoint() const;
    bool SetPoint(EC_POINT* point, OctetView publicValue, BigNumberFrame& frame) const;
    void WriteCoordinate(const BIGNUM* coordinate, uint8_t* out) const;

    const DhGroup m_group;
    Curve m_curve;
};

EcpArithmetic::EcpArithmetic(const DhGroup& group)
    : m_group(group)
    , m_curve(CurveOf(group))
{
}

SecretBytes
EcpArithmetic::DrawExponent(RandomSource& random) const
{
    // 64 bits more than the order has, reduced to [1, n-1]: as good as rejecting what is too large
    // (FIPS 186-4 section B.4.1), and it always ends, whatever the source gives.
    const size_t orderOctets = (m_group.exponentBits + 7) / 8;
    const SecretBytes drawn(random.Draw(orderOctets + 8));
    BigNumberFrame frame;
    BIGNUM* scalar = frame.Number(drawn.View());
    BIGNUM* range = frame.Number();
    Octets exponent(orderOctets);
    RequireComputed(BN_sub(range, EC_GROUP_get0_order(m_curve.get()), BN_value_one()) == 1 &&
                    BN_nnmod(scalar, scalar, range, frame.Context()) == 1 &&
                    BN_add_word(scalar, 1) == 1 &&
                    BN_bn2binpad(scalar, exponent.data(), static_cast<int>(orderOctets)) >= 0);
    return SecretBytes(std::move(exponent));
}

Octets
EcpArithmetic::PublicValue(OctetView exponent) const
{
    BigNumberFrame frame;
    const BIGNUM* scalar = frame.Number(exponent);
    if (BN_is_zero(scalar) || BN_cmp(scalar, EC_GROUP_get0_order(m_curve.get())) >= 0)
    {
        throw std::invalid_argument("the private value of an elliptic group must be at least 1 "
                                    "and below the order of the generator");
    }
    const Point point = NewPoint();
    BIGNUM* x = frame.Number();
    BIGNUM* y = frame.Number();
    BN_CTX* context = frame.Context();
    const OpensslBlindingScope blinding;
    RequireComputed(
        EC_POINT_mul(m_curve.get(), point.get(), scalar, nullptr, nullptr, context) == 1 &&
        EC_POINT_get_affine_coordinates(m_curve.get(), point.get(), x, y, context) == 1);
    Octets publicValue(m_group.keOctets);
    WriteCoordinate(x, publicValue.data());
    WriteCoordinate(y, publicValue.data() + m_group.secretOctets);
    return publicValue;
}

bool
EcpArithmetic::IsPublicValue(OctetView value) const
{
    BigNumberFrame frame;
    const Point point = NewPoint();
    return SetPoint(point.get(), value, frame);
}

SecretBytes
EcpArithmetic::SharedSecret(OctetView exponent, OctetView peerPublicValue) const
{
    BigNumberFrame frame;
    const Point peer = NewPoint();
    RequireComputed(SetPoint(peer.get(), peerPublicValue, frame));
    // The order is prime and the cofactor is 1, so the product is never the point at infinity.
    const BIGNUM* scalar = frame.Number(exponent);
    const Point product = NewPoint();
    BIGNUM* x = frame.Number();
    BN_CTX* context = frame.Context();
    const OpensslBlindingScope blinding;
    RequireComputed(
        EC_POINT_mul(m_curve.get(), product.get(), nullptr, peer.get(), scalar, context) == 1 &&
        EC_POINT_get_affine_coordinates(m_curve.get(), product.get(), x, nullptr, context) == 1);
    Octets secret(m_group.secretOctets);
    WriteCoordinate(x, secret.data());
    return SecretBytes(std::move(secret));
}

Point
EcpArithmetic::NewPoint() const
{
    Point point(EC_POINT_new(m_curve.get()));
    RequireComputed(point != nullptr);
    return point;
}

/// Reads x and y; false unless both are below the prime and the point is on the curve.
bool
EcpArithmetic::SetPoint(EC_POINT* point, OctetView publicValue, BigNumberFrame& frame) const
{
    const BIGNUM* x = frame.Number(publicValue.First(m_group.secretOctets));
    const BIGNUM* y = frame.Number(publicValue.From(m_group.secretOctets));
    const BIGNUM* prime = EC_GROUP_get0_field(m_curve.get());
    if (BN_cmp(x, prime) >= 0 || BN_cmp(y, prime) >= 0)
    {
        return false;
    }
    const QuietErrors quiet;
    BN_CTX* context = frame.Context();
    return EC_POINT_set_affine_coordinates(m_curve.get(), point, x, y, context) == 1 &&
           EC_POINT_is_on_curve(m_curve.get(), point, context) == 1;
}

void
EcpArithmetic::WriteCoordinate(const BIGNUM* coordinate, uint8_t* out) const
{
    RequireComputed(BN_bn2binpad(coordinate, out, static_cast<int>(m_group.secretOctets)) >= 0);
}

} // namespace

std::unique_ptr<DhArithmetic>
MakeEcpArithmetic(const DhGroup& group)
{
    return std::make_unique<EcpArithmetic>(group);
}

} // namespace ipsec
} // namespace ns3
