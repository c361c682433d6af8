// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-proxy-id.h"

#include <tuple>

namespace ns3
{
namespace ipsec
{

namespace
{

auto
Tie(const ProxyId& id)
{
    return std::tie(id.local, id.remote, id.protocol, id.localPort, id.remotePort);
}

bool
IsAnyOr(uint32_t selector, uint32_t value)
{
    return selector == 0 || selector == value;
}

IdPayload
ToPayload(const Prefix& client, uint8_t protocol, uint16_t port)
{
    IdPayload payload;
    payload.protocol = protocol;
    payload.port = port;
    payload.data = OctetView(client.address.ToOctets()).Copy();
    if (client.length < 32)
    {
        payload.type = IdType::Ipv4AddrSubnet;
        payload.data = Concat({payload.data, client.Mask().ToOctets()});
    }
    return payload;
}

/// Returns the prefix from @p first to @p last, or ProxyIdMismatch if they do not enclose one.
Result<Prefix>
PrefixOfRange(IpAddress first, IpAddress last)
{
    for (uint8_t length = 0; length <= 32; length++)
    {
        const Prefix prefix{first, length};
        if (prefix.Contains(first) && (first.value | ~prefix.Mask().value) == last.value)
        {
            return prefix;
        }
    }
    return Fault::ProxyIdMismatch;
}

/// Returns the last address of the network, or nothing sensible for a mask with holes: the caller
/// compares by PrefixOfRange, which finds no prefix then.
IpAddress
LastAddress(IpAddress network, IpAddress mask)
{
    return {network.value | ~mask.value};
}

Result<Prefix>
ReadClient(const IdPayload& payload)
{
    OctetReader reader(payload.data);
    const IpAddress address{reader.U32()};
    if (payload.type == IdType::Ipv4Addr)
    {
        return reader.Done() ? Result<Prefix>(Prefix::Host(address)) : Fault::BadIdentity;
    }
    if (payload.type != IdType::Ipv4AddrSubnet && payload.type != IdType::Ipv4AddrRange)
    {
        return Fault::ProxyIdMismatch;
    }
    const IpAddress second{reader.U32()};
    if (!reader.Done())
    {
        return Fault::BadIdentity;
    }
    return payload.type == IdType::Ipv4AddrRange
               ? PrefixOfRange(address, second)
               : PrefixOfRange(address, LastAddress(address, second));
}

std::string
ClientText(const Prefix& client, uint16_t port)
{
    return client.ToString() + (port == 0 ? "" : " port " + std::to_string(port));
}

} // namespace

bool
ProxyId::MatchesOutbound(const FlowKey& flow) const
{
    return local.Contains(flow.source) && remote.Contains(flow.destination) &&
           IsAnyOr(protocol, flow.protocol) && IsAnyOr(localPort, flow.sourcePort) &&
           IsAnyOr(remotePort, flow.destinationPort);
}

bool
ProxyId::MatchesInbound(const FlowKey& flow) const
{
    return Mirror().MatchesOutbound(flow);
}

bool
ProxyId::Overlaps(const ProxyId& other) const
{
    const auto meet = [](const Prefix& a, const Prefix& b)
    { return a.Contains(b) || b.Contains(a); };
    const auto agree = [](uint16_t a, uint16_t b) { return a == 0 || b == 0 || a == b; };
    return meet(local, other.local) && meet(remote, other.remote) &&
           agree(protocol, other.protocol) && agree(localPort, other.localPort) &&
           agree(remotePort, other.remotePort);
}

ProxyId
ProxyId::Mirror() const
{
    return {remote, local, protocol, remotePort, localPort};
}

IdPayload
ProxyId::LocalPayload() const
{
    return ToPayload(local, protocol, localPort);
}

IdPayload
ProxyId::RemotePayload() const
{
    return ToPayload(remote, protocol, remotePort);
}

std::string
ProxyId::ToString() const
{
    return ClientText(local, localPort) + " <-> " + ClientText(remote, remotePort) +
           (protocol == 0 ? "" : " protocol " + std::to_string(protocol));
}

Result<ProxyId>
ProxyId::FromPayloads(const IdPayload& local, const IdPayload& remote)
{
    const Result<Prefix> localClient = ReadClient(local);
    const Result<Prefix> remoteClient = ReadClient(remote);
    if (!localClient)
    {
        return localClient.GetFault();
    }
    if (!remoteClient)
    {
        return remoteClient.GetFault();
    }
    if (local.protocol != remote.protocol ||
        (local.protocol == 0 && (local.port != 0 || remote.port != 0)))
    {
        return Fault::BadIdentity;
    }
    return ProxyId{*localClient, *remoteClient, local.protocol, local.port, remote.port};
}

bool
operator==(const ProxyId& a, const ProxyId& b)
{
    return Tie(a) == Tie(b);
}

bool
operator!=(const ProxyId& a, const ProxyId& b)
{
    return !(a == b);
}

} // namespace ipsec
} // namespace ns3
