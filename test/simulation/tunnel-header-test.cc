// SPDX-License-Identifier: GPL-2.0-only
#include "tunnel-samples.h"

#include "ns3/boolean.h"
#include "ns3/esp-header.h"
#include "ns3/global-value.h"
#include "ns3/ipsec-conversions.h"

#include <algorithm>
#include <gtest/gtest.h>

namespace ns3
{
namespace ipsec
{

namespace
{

constexpr size_t HEADER_OCTETS = 20;
constexpr size_t TTL_OFFSET = 8;
constexpr size_t CHECKSUM_OFFSET = 10;
constexpr uint8_t CONGESTION_EXPERIENCED = 3;

/// Lets ns-3 compute checksums while it lives.
class Checksums
{
  public:
    Checksums()
    {
        GlobalValue::Bind("ChecksumEnabled", BooleanValue(true));
    }

    ~Checksums()
    {
        GlobalValue::Bind("ChecksumEnabled", BooleanValue(false));
    }
};

/// Keeps what a data plane says that it sent.
class SealedWatcher
{
  public:
    explicit SealedWatcher(Ptr<IpsecDataPlane> plane)
    {
        plane->TraceConnectWithoutContext("Protect", MakeCallback(&SealedWatcher::Keep, this));
    }

    /// Returns the packets as they must look on the wire.
    std::vector<Octets>
    Expected() const
    {
        std::vector<Octets> packets;
        for (const Sealed& each : sealed)
        {
            packets.push_back(Concat({each.header.Write(each.packet.size()), each.packet}));
        }
        return packets;
    }

    std::vector<Sealed> sealed;

  private:
    void
    Keep(Ptr<const Packet>, const Sealed& each)
    {
        sealed.push_back(each);
    }
};

TEST(TunnelHeader, OctetsOnTheWireAreThoseThatTheCoreChose)
{
    const Checksums checksums;
    TwoSites sites;
    ManualTunnel tunnel = TunnelByHand();
    tunnel.outerHeader.ttl = 31;
    tunnel.outerHeader.dscp = 46;
    sites.helper.InstallManual(sites.gatewayA, sites.gatewayB, tunnel);
    const SealedWatcher watcher(sites.PlaneA());
    SendAt(MilliSeconds(1), sites, {500, true, 2});
    SendAt(MilliSeconds(2), sites, {600, false, 0});
    sites.RunUntil(MilliSeconds(100));

    ASSERT_EQ(sites.wire.size(), 2U);
    EXPECT_EQ(sites.wire, watcher.Expected());
    EXPECT_EQ(sites.wire[0][TTL_OFFSET], 31);
    EXPECT_EQ(sites.wire[0][1], 46 << 2 | 2);
    EXPECT_EQ(sites.receivedB.size(), 2U);
}

TEST(TunnelHeader, FragmentsOfTheStackKeepTheIdentification)
{
    const Checksums checksums;
    TwoSites sites;
    ManualTunnel tunnel = AhByHand();
    tunnel.outerHeader.fragment = FragmentWhere::Outer;
    sites.helper.InstallManual(sites.gatewayA, sites.gatewayB, tunnel);
    const SealedWatcher watcher(sites.PlaneA());
    SendAt(MilliSeconds(1), sites, {1500, false, 0});
    sites.RunUntil(MilliSeconds(100));

    ASSERT_EQ(sites.wire.size(), 2U);
    const Octets whole = watcher.Expected().at(0);
    EXPECT_EQ(OctetView(sites.wire[0]).From(4).First(2).Copy(),
              OctetView(whole).From(4).First(2).Copy());
    const Octets carried = Concat({OctetView(sites.wire[0]).From(HEADER_OCTETS),
                                   OctetView(sites.wire[1]).From(HEADER_OCTETS)});
    EXPECT_EQ(carried, OctetView(whole).From(HEADER_OCTETS).Copy());
    // AH covers the identification and the whole length.
    EXPECT_EQ(sites.receivedB.size(), 1U);
    EXPECT_TRUE(sites.PlaneB()->Drops().empty());
}

TEST(TunnelHeader, AhHoldsWithoutChecksumsToo)
{
    TwoSites sites;
    sites.helper.InstallManual(sites.gatewayA, sites.gatewayB, AhByHand());
    sites.SendAt(MilliSeconds(1), sites.pcA, TwoSites::PC_B);
    sites.RunUntil(MilliSeconds(100));

    ASSERT_EQ(sites.wire.size(), 1U);
    EXPECT_EQ(ProtocolOf(sites.wire[0]), IP_PROTOCOL_AH);
    EXPECT_EQ(sites.wire[0][CHECKSUM_OFFSET], 0);
    EXPECT_EQ(sites.receivedB.size(), 1U);
}

// Covers QM-03.
TEST(TunnelHeader, BundleIsAhAroundEsp)
{
    TwoSites sites;
    sites.helper.InstallManual(sites.gatewayA, sites.gatewayB, BundleByHand());
    sites.EchoFromNowOn();
    sites.SendAt(MilliSeconds(1), sites.pcA, TwoSites::PC_B);
    sites.RunUntil(MilliSeconds(100));

    ASSERT_EQ(sites.wire.size(), 2U);
    for (const Octets& packet : sites.wire)
    {
        EXPECT_EQ(ProtocolOf(packet), IP_PROTOCOL_AH);
        EXPECT_EQ(packet[HEADER_OCTETS], IP_PROTOCOL_ESP);
        EXPECT_FALSE(HoldsPayload(packet));
    }
    EXPECT_EQ(sites.receivedB.size(), 1U);
    EXPECT_EQ(sites.receivedA.size(), 1U);
}

/// Returns the packet on the wire of a packet in UDP.
Octets
InUdp(const InnerPacket& packet)
{
    TwoSites sites;
    sites.Connect();
    sites.InstallSasByHand(true);
    SendAt(MilliSeconds(1), sites, packet);
    sites.RunUntil(MilliSeconds(100));
    EXPECT_EQ(sites.receivedB.size(), 1U);
    return sites.wire.empty() ? Octets(HEADER_OCTETS) : sites.wire[0];
}

TEST(TunnelHeader, UdpHasDfAndTypeOfServiceAsWell)
{
    const Octets with = InUdp({300, true, 0xb8});
    EXPECT_EQ(ProtocolOf(with), IP_PROTOCOL_UDP);
    EXPECT_TRUE(HasDontFragment(with));
    EXPECT_EQ(with[1], 0xb8);
    EXPECT_EQ(with[TTL_OFFSET], 64);
    EXPECT_FALSE(HasDontFragment(InUdp({300, false, 0})));
}

TEST(TunnelHeader, UdpChecksumSatisfiesAReceiverThatLooks)
{
    const Checksums checksums;
    InUdp({300, false, 0});
}

/// Returns the type of service that pcB sees of a packet on which the way marks congestion.
uint8_t
MarkedOnTheWay(bool inUdp)
{
    TwoSites sites;
    sites.Connect();
    sites.InstallSasByHand(inUdp);
    // The wire of A is cut: what it sends is marked and put to B by hand.
    sites.cloud.GetChannel()->RemoveNetwork(TwoSites::ADDRESS_B, Ipv4Mask::GetOnes());
    SendAt(MilliSeconds(1), sites, {300, false, 2});
    sites.RunUntil(MilliSeconds(5));
    Octets marked = sites.wire.at(0);
    marked[1] |= CONGESTION_EXPERIENCED;
    uint8_t seen = 0;
    IpsecHelper::GetDevice(sites.gatewayB)
        ->TraceConnectWithoutContext(
            "MacRx",
            Callback<void, Ptr<const Packet>>([&seen](Ptr<const Packet> packet)
                                              { seen = ToOctets(*packet).at(1); }));
    sites.wireB->Receive(ToPacket(marked));
    sites.RunUntil(MilliSeconds(100));
    return seen;
}

TEST(TunnelHeader, CongestionMarkedOnTheWayReachesThePacketInside)
{
    EXPECT_EQ(MarkedOnTheWay(false), CONGESTION_EXPERIENCED);
    EXPECT_EQ(MarkedOnTheWay(true), CONGESTION_EXPERIENCED);
}

} // namespace

} // namespace ipsec
} // namespace ns3
