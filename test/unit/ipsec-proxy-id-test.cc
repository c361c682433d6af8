// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/ipsec-proxy-id.h"

#include <gtest/gtest.h>

namespace ns3
{
namespace ipsec
{

namespace
{

/// TCP from 10.1.x.x port 80 here to 10.2.0.0/24 there, any port.
ProxyId
WebServers()
{
    return {Prefix::Parse("10.1.0.0/16"), Prefix::Parse("10.2.0.0/24"), 6, 80, 0};
}

FlowKey
Flow(const char* source, const char* destination, uint8_t protocol, uint16_t from, uint16_t to)
{
    return {IpAddress::Parse(source), IpAddress::Parse(destination), protocol, from, to};
}

IdPayload
Payload(IdType type, const std::string& hex, uint8_t protocol = 0, uint16_t port = 0)
{
    return {type, protocol, port, FromHex(hex)};
}

const IdPayload ANY_HOST = Payload(IdType::Ipv4Addr, "0a000001");

Fault
FaultOf(const IdPayload& client)
{
    const Result<ProxyId> result = ProxyId::FromPayloads(client, ANY_HOST);
    return result.Ok() ? Fault::DummyPacket : result.GetFault();
}

} // namespace

TEST(ProxyIdMatch, PacketThatLeavesIsComparedLocalToRemote)
{
    const ProxyId id = WebServers();
    EXPECT_TRUE(id.MatchesOutbound(Flow("10.1.2.3", "10.2.0.9", 6, 80, 4711)));
    EXPECT_FALSE(id.MatchesOutbound(Flow("10.2.0.9", "10.1.2.3", 6, 4711, 80)));
}

TEST(ProxyIdMatch, PacketThatArrivesIsComparedRemoteToLocal)
{
    const ProxyId id = WebServers();
    EXPECT_TRUE(id.MatchesInbound(Flow("10.2.0.9", "10.1.2.3", 6, 4711, 80)));
    EXPECT_FALSE(id.MatchesInbound(Flow("10.1.2.3", "10.2.0.9", 6, 80, 4711)));
}

TEST(ProxyIdMatch, EverySelectorCounts)
{
    const ProxyId id = WebServers();
    EXPECT_FALSE(id.MatchesOutbound(Flow("10.3.2.3", "10.2.0.9", 6, 80, 1)));
    EXPECT_FALSE(id.MatchesOutbound(Flow("10.1.2.3", "10.2.1.9", 6, 80, 1)));
    EXPECT_FALSE(id.MatchesOutbound(Flow("10.1.2.3", "10.2.0.9", 17, 80, 1)));
    EXPECT_FALSE(id.MatchesOutbound(Flow("10.1.2.3", "10.2.0.9", 6, 81, 1)));
    ProxyId both = id;
    both.remotePort = 99;
    EXPECT_TRUE(both.MatchesOutbound(Flow("10.1.2.3", "10.2.0.9", 6, 80, 99)));
    EXPECT_FALSE(both.MatchesOutbound(Flow("10.1.2.3", "10.2.0.9", 6, 80, 98)));
}

TEST(ProxyIdMatch, ZeroSelectorsMatchAnything)
{
    EXPECT_TRUE(ProxyId{}.MatchesOutbound(Flow("1.2.3.4", "5.6.7.8", 17, 9, 10)));
    EXPECT_TRUE(ProxyId{}.MatchesInbound(Flow("1.2.3.4", "5.6.7.8", 47, 0, 0)));
}

TEST(ProxyIdMirror, SwapsPrefixesAndPorts)
{
    const ProxyId mirror = WebServers().Mirror();
    EXPECT_EQ(mirror.local, Prefix::Parse("10.2.0.0/24"));
    EXPECT_EQ(mirror.remote, Prefix::Parse("10.1.0.0/16"));
    EXPECT_EQ(mirror.protocol, 6);
    EXPECT_EQ(mirror.localPort, 0);
    EXPECT_EQ(mirror.remotePort, 80);
    EXPECT_EQ(mirror.Mirror(), WebServers());
}

TEST(ProxyIdText, NamesProtocolAndPortsWhereTheyAreSet)
{
    EXPECT_EQ(WebServers().ToString(), "10.1.0.0/16 port 80 <-> 10.2.0.0/24 protocol 6");
    EXPECT_EQ((ProxyId{Prefix::Parse("10.1.0.0/16"), Prefix::Parse("10.2.0.1")}.ToString()),
              "10.1.0.0/16 <-> 10.2.0.1/32");
}

TEST(ProxyIdPayloads, NetworkIsASubnetWithItsMask)
{
    const IdPayload payload = WebServers().LocalPayload();
    EXPECT_EQ(payload.type, IdType::Ipv4AddrSubnet);
    EXPECT_EQ(payload.protocol, 6);
    EXPECT_EQ(payload.port, 80);
    EXPECT_EQ(ToHex(payload.data), "0a010000ffff0000");
    EXPECT_EQ(ToHex(WebServers().RemotePayload().data), "0a020000ffffff00");
    EXPECT_EQ(WebServers().RemotePayload().port, 0);
}

TEST(ProxyIdPayloads, HostIsAnAddress)
{
    const ProxyId id{Prefix::Parse("192.0.2.1"), Prefix::Parse("0.0.0.0/0")};
    EXPECT_EQ(id.LocalPayload().type, IdType::Ipv4Addr);
    EXPECT_EQ(ToHex(id.LocalPayload().data), "c0000201");
    EXPECT_EQ(id.RemotePayload().type, IdType::Ipv4AddrSubnet);
    EXPECT_EQ(ToHex(id.RemotePayload().data), "0000000000000000");
}

TEST(ProxyIdPayloads, WhatIsWrittenIsReadUnchanged)
{
    for (int length = 0; length <= 32; length++)
    {
        ProxyId id;
        id.local.length = static_cast<uint8_t>(length);
        id.local.address.value = 0xc0a85555 & id.local.Mask().value;
        id.remote = Prefix::Parse("10.0.0.0/8");
        id.protocol = 17;
        id.remotePort = 53;
        const Result<ProxyId> read = ProxyId::FromPayloads(id.LocalPayload(), id.RemotePayload());
        ASSERT_TRUE(read.Ok()) << length;
        EXPECT_EQ(*read, id) << length;
    }
}

TEST(ProxyIdPayloads, RangeThatIsAPrefixIsRead)
{
    const Result<ProxyId> read =
        ProxyId::FromPayloads(Payload(IdType::Ipv4AddrRange, "0a0100000a01ffff"),
                              Payload(IdType::Ipv4AddrRange, "0a0200050a020005"));
    ASSERT_TRUE(read.Ok());
    EXPECT_EQ(read->local, Prefix::Parse("10.1.0.0/16"));
    EXPECT_EQ(read->remote, Prefix::Parse("10.2.0.5/32"));
}

TEST(ProxyIdPayloads, WholeRangeIsEverything)
{
    const Result<ProxyId> read =
        ProxyId::FromPayloads(Payload(IdType::Ipv4AddrRange, "00000000ffffffff"), ANY_HOST);
    ASSERT_TRUE(read.Ok());
    EXPECT_EQ(read->local, Prefix::Parse("0.0.0.0/0"));
}

TEST(ProxyIdPayloads, RangeThatIsNoPrefixIsRefused)
{
    for (const char* range : {"0a0100000a01fffe", "0a0100010a01ffff", "0a0100050a010004"})
    {
        EXPECT_EQ(FaultOf(Payload(IdType::Ipv4AddrRange, range)), Fault::ProxyIdMismatch) << range;
    }
}

// bad input 66
TEST(ProxyIdPayloads, MaskWithHolesIsRefused)
{
    EXPECT_EQ(FaultOf(Payload(IdType::Ipv4AddrSubnet, "0a000000ff00ff00")), Fault::ProxyIdMismatch);
    EXPECT_EQ(FaultOf(Payload(IdType::Ipv4AddrSubnet, "0a00000000ffffff")), Fault::ProxyIdMismatch);
}

TEST(ProxyIdPayloads, HostBitsBehindTheMaskAreRefused)
{
    EXPECT_EQ(FaultOf(Payload(IdType::Ipv4AddrSubnet, "0a000005ffffff00")), Fault::ProxyIdMismatch);
}

TEST(ProxyIdPayloads, TypesThatAreNoIpv4ClientsAreRefused)
{
    for (const IdType type : {IdType::Fqdn,
                              IdType::UserFqdn,
                              IdType::Ipv6Addr,
                              IdType::Ipv6AddrSubnet,
                              IdType::Ipv6AddrRange,
                              IdType::DerAsn1Dn,
                              IdType::DerAsn1Gn,
                              IdType::KeyId})
    {
        EXPECT_EQ(FaultOf(Payload(type, "0a000001")), Fault::ProxyIdMismatch)
            << static_cast<int>(type);
        EXPECT_FALSE(ProxyId::FromPayloads(ANY_HOST, Payload(type, "0a000001")).Ok());
    }
}

// bad input 66
TEST(ProxyIdPayloads, WrongLengthIsABadIdentity)
{
    for (const char* hex : {"", "0a0000", "0a00000001", "0a000000ffffff00"})
    {
        EXPECT_EQ(FaultOf(Payload(IdType::Ipv4Addr, hex)), Fault::BadIdentity) << hex;
    }
    for (const char* hex : {"", "0a000000", "0a000000ffffff", "0a000000ffffff0000"})
    {
        EXPECT_EQ(FaultOf(Payload(IdType::Ipv4AddrSubnet, hex)), Fault::BadIdentity) << hex;
        EXPECT_EQ(FaultOf(Payload(IdType::Ipv4AddrRange, hex)), Fault::BadIdentity) << hex;
    }
}

TEST(ProxyIdPayloads, DifferentProtocolsAreABadIdentity)
{
    const Result<ProxyId> read = ProxyId::FromPayloads(
        Payload(IdType::Ipv4Addr, "0a000001", 6, 0), Payload(IdType::Ipv4Addr, "0a000002", 17, 0));
    ASSERT_FALSE(read.Ok());
    EXPECT_EQ(read.GetFault(), Fault::BadIdentity);
}

TEST(ProxyIdPayloads, PortWithoutProtocolIsABadIdentity)
{
    EXPECT_EQ(FaultOf(Payload(IdType::Ipv4Addr, "0a000001", 0, 80)), Fault::BadIdentity);
}

TEST(ProxyIdEquality, EveryFieldCounts)
{
    const ProxyId id = WebServers();
    EXPECT_EQ(id, WebServers());
    std::vector<ProxyId> others(5, id);
    others[0].local.length = 17;
    others[1].remote.address.value ^= 0x100;
    others[2].protocol = 17;
    others[3].localPort = 81;
    others[4].remotePort = 1;
    for (const ProxyId& other : others)
    {
        EXPECT_NE(id, other) << other.ToString();
    }
}

} // namespace ipsec
} // namespace ns3
