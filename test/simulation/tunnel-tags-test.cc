// SPDX-License-Identifier: GPL-2.0-only
#include "tunnel-samples.h"

#include "ns3/flow-id-tag.h"
#include "ns3/flow-monitor-helper.h"
#include "ns3/simulator.h"
#include "ns3/tag.h"

#include <gtest/gtest.h>

namespace ns3
{
namespace ipsec
{

namespace
{

/// Says when a packet was made; newer versions of ns-3 have such a tag.
class MadeAtTag : public Tag
{
  public:
    MadeAtTag() = default;

    explicit MadeAtTag(Time at)
        : m_at(at)
    {
    }

    static TypeId
    GetTypeId()
    {
        static TypeId tid = TypeId("ns3::ipsec::MadeAtTag")
                                .SetParent<Tag>()
                                .SetGroupName("Ipsec")
                                .AddConstructor<MadeAtTag>();
        return tid;
    }

    TypeId
    GetInstanceTypeId() const override
    {
        return GetTypeId();
    }

    uint32_t
    GetSerializedSize() const override
    {
        return 8;
    }

    void
    Serialize(TagBuffer i) const override
    {
        i.WriteU64(static_cast<uint64_t>(m_at.GetNanoSeconds()));
    }

    void
    Deserialize(TagBuffer i) override
    {
        m_at = NanoSeconds(static_cast<int64_t>(i.ReadU64()));
    }

    void
    Print(std::ostream& os) const override
    {
        os << m_at;
    }

    Time
    MadeAt() const
    {
        return m_at;
    }

  private:
    Time m_at;
};

/// What FlowMonitor at the PCs says of 20 packets from pcA to pcB.
FlowMonitor::FlowStats
Measure(uint32_t octets, bool isNegotiated)
{
    TwoSites sites;
    if (isNegotiated)
    {
        sites.Connect();
    }
    else
    {
        sites.helper.InstallManual(sites.gatewayA, sites.gatewayB, TunnelByHand());
    }
    FlowMonitorHelper helper;
    const Ptr<FlowMonitor> monitor = helper.Install(NodeContainer(sites.pcA, sites.pcB));
    const Ptr<Socket> socket =
        Socket::CreateSocket(sites.pcA, TypeId::LookupByName("ns3::UdpSocketFactory"));
    socket->Bind();
    socket->Connect(InetSocketAddress(TwoSites::PC_B, TwoSites::PORT));
    for (int i = 0; i < 20; ++i)
    {
        Simulator::Schedule(MilliSeconds(10 * i),
                            [socket, octets]() { socket->Send(Create<Packet>(octets)); });
    }
    sites.RunUntil(Seconds(30));
    monitor->CheckForLostPackets();
    const std::map<FlowId, FlowMonitor::FlowStats> flows = monitor->GetFlowStats();
    EXPECT_EQ(flows.size(), 1U);
    EXPECT_EQ(sites.receivedB.size(), 20U);
    return flows.empty() ? FlowMonitor::FlowStats() : flows.begin()->second;
}

TEST(TunnelTags, FlowMonitorMeasuresThroughTheTunnel)
{
    const FlowMonitor::FlowStats flow = Measure(500, false);
    EXPECT_EQ(flow.txPackets, 20U);
    EXPECT_EQ(flow.rxPackets, 20U);
    EXPECT_EQ(flow.lostPackets, 0U);
    EXPECT_EQ(flow.rxBytes, 20U * 528);
    // 10 ms of the cloud, and two links of 100 Mbit/s for 530 octets.
    const Time mean = flow.delaySum / 20;
    EXPECT_EQ(mean, MilliSeconds(10) + NanoSeconds(2 * 530 * 80));
}

TEST(TunnelTags, FlowMonitorMeasuresWhatIsCutInside)
{
    const FlowMonitor::FlowStats flow = Measure(3000, false);
    EXPECT_EQ(flow.rxPackets, 20U);
    EXPECT_EQ(flow.lostPackets, 0U);
}

TEST(TunnelTags, FlowMonitorMeasuresHowLongPacketsWaitForTheSa)
{
    const FlowMonitor::FlowStats flow = Measure(500, true);
    EXPECT_EQ(flow.rxPackets, 20U);
    EXPECT_EQ(flow.lostPackets, 0U);
    // Main and quick mode take nine messages of 10 ms.
    EXPECT_GE(flow.delaySum / 20, MilliSeconds(20));
}

/// Sends a packet with tags and returns it as it arrived.
Ptr<Packet>
CarryTagged(bool isNegotiated, uint32_t octets)
{
    TwoSites sites;
    if (isNegotiated)
    {
        sites.Connect();
    }
    else
    {
        sites.helper.InstallManual(sites.gatewayA, sites.gatewayB, TunnelByHand());
    }
    const Ptr<Packet> packet = Create<Packet>(octets);
    packet->AddPacketTag(FlowIdTag(7));
    packet->AddByteTag(MadeAtTag(MilliSeconds(3)));
    sites.SendAt(MilliSeconds(3), sites.pcA, TwoSites::PC_B, packet);
    sites.RunUntil(Seconds(1));
    EXPECT_EQ(sites.receivedB.size(), 1U);
    return sites.receivedB.empty() ? nullptr : sites.receivedB[0];
}

void
ExpectTags(Ptr<Packet> packet)
{
    ASSERT_TRUE(packet);
    FlowIdTag packetTag;
    MadeAtTag byteTag;
    ASSERT_TRUE(packet->PeekPacketTag(packetTag));
    EXPECT_EQ(packetTag.GetFlowId(), 7U);
    ASSERT_TRUE(packet->FindFirstMatchingByteTag(byteTag));
    EXPECT_EQ(byteTag.MadeAt(), MilliSeconds(3));
}

TEST(TunnelTags, SurviveEncapsulationAndOpening)
{
    ExpectTags(CarryTagged(false, 100));
}

TEST(TunnelTags, SurviveInnerFragmentation)
{
    ExpectTags(CarryTagged(false, 1460));
}

TEST(TunnelTags, SurviveTheStage)
{
    ExpectTags(CarryTagged(true, 100));
}

} // namespace

} // namespace ipsec
} // namespace ns3
