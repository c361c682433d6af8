// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-tunnel-sizes.h"

#include <algorithm>

namespace ns3
{
namespace ipsec
{

namespace
{

constexpr size_t LARGEST_IP_PACKET = 65535;
/// More than protection ever adds: AH and ESP with the longest ICVs, padding, UDP and IP headers.
constexpr size_t MOST_OVERHEAD = 200;
/// Least that IPv4 asks of a link (RFC 791 section 3.2).
constexpr size_t LEAST_LINK_MTU = 68;

/// Tells whether packets are never cut inside: transport mode protects whole datagrams only (RFC
/// 4303 section 3.1.1). A rule that sets DF forbids to cut outside.
bool
IsCutOutside(const TunnelShape& shape)
{
    return shape.encapsulation.mode == EncapsulationMode::Transport ||
           (shape.rules.fragment == FragmentWhere::Outer && shape.rules.df != DfRule::Set);
}

/// Tells whether the outer header may be cut although the inner one may not.
bool
ClearsDf(const TunnelShape& shape)
{
    return shape.encapsulation.mode == EncapsulationMode::Tunnel &&
           shape.rules.fragment == FragmentWhere::Outer && shape.rules.df == DfRule::Clear;
}

} // namespace

void
IpsecTunnelSizes::SetShape(ChildId child, const TunnelShape& shape)
{
    Remove(child);
    Known known;
    known.shape = shape;
    known.largest = LargestPacketOctets(shape.encapsulation, shape.linkMtu);
    known.takesAll = IsCutOutside(shape);
    m_tunnels[child] = known;
    (known.takesAll ? m_takingAll : m_cutting).insert(known.largest);
}

const TunnelShape*
IpsecTunnelSizes::FindShape(ChildId child) const
{
    const auto found = m_tunnels.find(child);
    return found == m_tunnels.end() ? nullptr : &found->second.shape;
}

void
IpsecTunnelSizes::Remove(ChildId child)
{
    const auto found = m_tunnels.find(child);
    if (found == m_tunnels.end())
    {
        return;
    }
    std::multiset<size_t>& sizes = found->second.takesAll ? m_takingAll : m_cutting;
    sizes.erase(sizes.find(found->second.largest));
    m_tunnels.erase(found);
}

std::optional<uint16_t>
IpsecTunnelSizes::LowerPathMtu(Instant now, Instant until, IpAddress remote, uint16_t mtu)
{
    const uint16_t believed = std::max(mtu, LEAST_PATH_MTU);
    if (believed >= PathMtu(now, remote, LARGEST_IP_PACKET))
    {
        return std::nullopt;
    }
    m_paths[remote.value] = {believed, until};
    return believed;
}

void
IpsecTunnelSizes::ForgetPaths()
{
    m_paths.clear();
}

uint16_t
IpsecTunnelSizes::PathMtu(Instant now, IpAddress remote, uint16_t linkMtu) const
{
    const auto found = m_paths.find(remote.value);
    const bool isKnown = found != m_paths.end() && now < found->second.until;
    return isKnown ? std::min(found->second.mtu, linkMtu) : linkMtu;
}

size_t
IpsecTunnelSizes::FitsAnyway() const
{
    if (!m_paths.empty())
    {
        return 0;
    }
    size_t least = LARGEST_IP_PACKET;
    for (const std::multiset<size_t>* sizes : {&m_takingAll, &m_cutting})
    {
        if (!sizes->empty())
        {
            least = std::min(least, *sizes->begin());
        }
    }
    return least;
}

size_t
IpsecTunnelSizes::LargestPacket(Instant now, ChildId child) const
{
    const auto found = m_tunnels.find(child);
    if (found == m_tunnels.end())
    {
        return LARGEST_IP_PACKET;
    }
    const TunnelShape& shape = found->second.shape;
    const uint16_t mtu = PathMtu(now, shape.remote, shape.linkMtu);
    return mtu == shape.linkMtu ? found->second.largest
                                : LargestPacketOctets(shape.encapsulation, mtu);
}

Fit
IpsecTunnelSizes::Judge(Instant now, ChildId child, size_t octets, bool dontFragment) const
{
    const auto found = m_tunnels.find(child);
    if (found == m_tunnels.end() || octets <= LargestPacket(now, child))
    {
        return Fit::Whole;
    }
    if (dontFragment)
    {
        return ClearsDf(found->second.shape) ? Fit::Whole : Fit::TooBig;
    }
    return found->second.takesAll ? Fit::Whole : Fit::Cut;
}

std::optional<uint16_t>
IpsecTunnelSizes::DeviceMtu() const
{
    if (m_tunnels.empty())
    {
        return std::nullopt;
    }
    const size_t mtu = m_takingAll.empty() ? *m_cutting.begin() : LARGEST_IP_PACKET - MOST_OVERHEAD;
    return static_cast<uint16_t>(std::max(mtu, LEAST_LINK_MTU));
}

} // namespace ipsec
} // namespace ns3
