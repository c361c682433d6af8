// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-cloud-net-device.h"

#include "ipsec-cloud-channel.h"
#include "ipsec-conversions.h"
#include "ipsec-fragments.h"

#include "ns3/double.h"
#include "ns3/log.h"
#include "ns3/pointer.h"
#include "ns3/simulator.h"
#include "ns3/uinteger.h"

#include <algorithm>

namespace ns3
{
namespace ipsec
{

NS_LOG_COMPONENT_DEFINE("IpsecCloudNetDevice");
NS_OBJECT_ENSURE_REGISTERED(IpsecCloudNetDevice);

namespace
{

/// Shortest IPv4 header, in octets, and where the destination is in it (RFC 791 section 3.1).
constexpr uint32_t IPV4_HEADER_OCTETS = 20;
constexpr uint32_t DESTINATION_OFFSET = 16;
/// What a router without an IPv4 address of its own sends ICMP errors from (RFC 7600 section 4).
constexpr const char* ROUTER_ADDRESS = "192.0.0.8";
/// As many packets as a small router's queue holds.
constexpr uint32_t DEFAULT_QUEUE_LIMIT = 1000;

} // namespace

TypeId
IpsecCloudNetDevice::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::ipsec::IpsecCloudNetDevice")
            .SetParent<IpsecRawIpDevice>()
            .SetGroupName("Ipsec")
            .AddConstructor<IpsecCloudNetDevice>()
            .AddAttribute(
                "Mtu",
                "Largest packet, in octets. A larger one that arrives is cut before, or, if it "
                "must not be cut, its sender gets an ICMP error.",
                UintegerValue(1500),
                MakeUintegerAccessor(&IpsecCloudNetDevice::SetMtu, &IpsecCloudNetDevice::GetMtu),
                MakeUintegerChecker<uint16_t>(68))
            .AddAttribute("DataRate",
                          "Rate at which packets are sent; 0bps means that sending takes no time.",
                          DataRateValue(DataRate(0)),
                          MakeDataRateAccessor(&IpsecCloudNetDevice::m_rate),
                          MakeDataRateChecker())
            .AddAttribute("QueueLimit",
                          "Packets that wait to be sent at most; only with a DataRate.",
                          UintegerValue(DEFAULT_QUEUE_LIMIT),
                          MakeUintegerAccessor(&IpsecCloudNetDevice::m_queueLimit),
                          MakeUintegerChecker<uint32_t>())
            .AddAttribute("Delay",
                          "Delay of this attachment, for packets in both directions, on top of the "
                          "channel's.",
                          TimeValue(Time(0)),
                          MakeTimeAccessor(&IpsecCloudNetDevice::m_delay),
                          MakeTimeChecker(Time(0)))
            .AddAttribute("Jitter",
                          "Packets sent are delayed by up to this more, evenly distributed and "
                          "without overtaking each other.",
                          TimeValue(Time(0)),
                          MakeTimeAccessor(&IpsecCloudNetDevice::m_jitter),
                          MakeTimeChecker(Time(0)))
            .AddAttribute("Loss",
                          "Probability that a packet sent is lost.",
                          DoubleValue(0),
                          MakeDoubleAccessor(&IpsecCloudNetDevice::m_loss),
                          MakeDoubleChecker<double>(0, 1))
            .AddAttribute("Reorder",
                          "Probability that a packet sent is delayed by ReorderDelay, so that "
                          "later ones overtake it.",
                          DoubleValue(0),
                          MakeDoubleAccessor(&IpsecCloudNetDevice::m_reorder),
                          MakeDoubleChecker<double>(0, 1))
            .AddAttribute("ReorderDelay",
                          "How far behind a reordered packet falls.",
                          TimeValue(MilliSeconds(10)),
                          MakeTimeAccessor(&IpsecCloudNetDevice::m_reorderDelay),
                          MakeTimeChecker(Time(0)))
            .AddAttribute("Duplicate",
                          "Probability that a packet sent arrives twice.",
                          DoubleValue(0),
                          MakeDoubleAccessor(&IpsecCloudNetDevice::m_duplicate),
                          MakeDoubleChecker<double>(0, 1))
            .AddAttribute("Corrupt",
                          "Probability that one bit behind the IP header of a packet sent is "
                          "turned over.",
                          DoubleValue(0),
                          MakeDoubleAccessor(&IpsecCloudNetDevice::m_corrupt),
                          MakeDoubleChecker<double>(0, 1))
            .AddAttribute("Partition",
                          "Part of the internet: packets cross only between equal numbers.",
                          UintegerValue(0),
                          MakeUintegerAccessor(&IpsecCloudNetDevice::m_partition),
                          MakeUintegerChecker<uint32_t>())
            .AddAttribute("ReceiveErrorModel",
                          "Decides which arriving packets are dropped.",
                          PointerValue(),
                          MakePointerAccessor(&IpsecCloudNetDevice::m_receiveErrorModel),
                          MakePointerChecker<ErrorModel>())
            .AddTraceSource("PhyTxDrop",
                            "A packet was lost on the way, or nobody has its destination.",
                            MakeTraceSourceAccessor(&IpsecCloudNetDevice::m_phyTxDropTrace),
                            "ns3::Packet::TracedCallback")
            .AddTraceSource("PhyRxDrop",
                            "A packet arrived while the device was down, or its error model "
                            "refused it.",
                            MakeTraceSourceAccessor(&IpsecCloudNetDevice::m_phyRxDropTrace),
                            "ns3::Packet::TracedCallback");
    return tid;
}

IpsecCloudNetDevice::IpsecCloudNetDevice() = default;
IpsecCloudNetDevice::~IpsecCloudNetDevice() = default;

void
IpsecCloudNetDevice::DoDispose()
{
    m_channel = nullptr;
    m_receiveErrorModel = nullptr;
    m_uniform.fill(nullptr);
    IpsecRawIpDevice::DoDispose();
}

void
IpsecCloudNetDevice::SetChannel(Ptr<IpsecCloudChannel> channel)
{
    m_channel = channel;
    m_bound.reset();
    m_attachment++;
    m_waiting = 0;
    m_wireFree = Time(0);
    m_lastLeft = Time(0);
}

void
IpsecCloudNetDevice::BindAddress(Ipv4Address address)
{
    NS_LOG_FUNCTION(this << address);
    if (m_bound && *m_bound != address)
    {
        UnbindAddress(*m_bound);
    }
    if (m_channel)
    {
        m_channel->AddNetwork(address, Ipv4Mask::GetOnes(), this);
        m_bound = address;
    }
}

void
IpsecCloudNetDevice::UnbindAddress(Ipv4Address address)
{
    NS_LOG_FUNCTION(this << address);
    if (m_channel)
    {
        m_channel->RemoveHost(address, this);
    }
}

Ptr<IpsecCloudChannel>
IpsecCloudNetDevice::GetCloud() const
{
    return m_channel;
}

Time
IpsecCloudNetDevice::GetDelay() const
{
    return m_delay;
}

uint32_t
IpsecCloudNetDevice::GetPartition() const
{
    return m_partition;
}

Time
IpsecCloudNetDevice::LatestDeparture() const
{
    const Time left = std::max(m_wireFree, Simulator::Now()) + m_jitter;
    return std::max(left, m_lastLeft) + (m_reorder > 0 ? m_reorderDelay : Time(0));
}

int64_t
IpsecCloudNetDevice::AssignStreams(int64_t stream)
{
    m_stream = stream;
    for (size_t i = 0; i < DRAWS; ++i)
    {
        if (m_uniform[i])
        {
            m_uniform[i]->SetStream(stream + static_cast<int64_t>(i));
        }
    }
    return static_cast<int64_t>(DRAWS);
}

double
IpsecCloudNetDevice::Uniform(Draw draw)
{
    // Made when first needed: most of the attachments of a large internet are perfect.
    const auto index = static_cast<size_t>(draw);
    Ptr<UniformRandomVariable>& uniform = m_uniform[index];
    if (!uniform)
    {
        uniform = CreateObject<UniformRandomVariable>();
        if (m_stream >= 0)
        {
            uniform->SetStream(m_stream + static_cast<int64_t>(index));
        }
    }
    return uniform->GetValue(0, 1);
}

bool
IpsecCloudNetDevice::Happens(Draw draw, double probability)
{
    return probability > 0 && Uniform(draw) < probability;
}

bool
IpsecCloudNetDevice::SendPacket(Ptr<Packet> packet)
{
    NS_LOG_FUNCTION(this << packet);
    const Time now = Simulator::Now();
    const bool mustWait = m_wireFree > now;
    if (!m_channel || (mustWait && m_waiting >= m_queueLimit))
    {
        TellMacTxDrop(packet);
        return false;
    }
    TellMacTx(packet);
    const bool isLimited = m_rate.GetBitRate() > 0;
    const Time transmission = isLimited ? m_rate.CalculateBytesTxTime(packet->GetSize()) : Time(0);
    const Time start = std::max(now, m_wireFree);
    m_wireFree = start + transmission;
    if (mustWait)
    {
        m_waiting++;
        Simulator::Schedule(start - now,
                            &IpsecCloudNetDevice::TransmitWaiting,
                            this,
                            packet,
                            transmission,
                            m_attachment);
        return true;
    }
    Transmit(packet, transmission);
    return true;
}

void
IpsecCloudNetDevice::TellPhyTxDrop(Ptr<const Packet> packet)
{
    if (IpsecLinkListener* listener = Listener())
    {
        listener->HearPhyTxDrop(packet);
    }
    m_phyTxDropTrace(packet);
}

void
IpsecCloudNetDevice::TellPhyRxDrop(Ptr<const Packet> packet)
{
    if (IpsecLinkListener* listener = Listener())
    {
        listener->HearPhyRxDrop(packet);
    }
    m_phyRxDropTrace(packet);
}

void
IpsecCloudNetDevice::TransmitWaiting(Ptr<Packet> packet, Time transmission, uint32_t attachment)
{
    if (attachment != m_attachment)
    {
        TellPhyTxDrop(packet);
        return;
    }
    m_waiting--;
    Transmit(packet, transmission);
}

void
IpsecCloudNetDevice::Transmit(Ptr<Packet> packet, Time transmission)
{
    Sniff(packet);
    const std::optional<Ipv4Address> destination = DestinationOf(*packet);
    const bool isForAll = destination && destination->IsBroadcast() && m_channel->HasBroadcast();
    const Ptr<IpsecCloudNetDevice> receiver = isForAll ? nullptr : Receiver(destination);
    if (!IsLinkUp() || !(receiver || isForAll) || Happens(Draw::Loss, m_loss))
    {
        TellPhyTxDrop(packet);
        return;
    }
    Time delay = Jittered(transmission) + m_delay + m_channel->GetDelay();
    if (Happens(Draw::Reorder, m_reorder))
    {
        delay += m_reorderDelay;
    }
    if (Happens(Draw::Corrupt, m_corrupt))
    {
        packet = Corrupted(packet);
    }
    const int copies = Happens(Draw::Duplicate, m_duplicate) ? 2 : 1;
    for (int i = 0; i < copies; ++i)
    {
        if (receiver)
        {
            SendTo(receiver, packet, delay + receiver->GetDelay());
        }
        else
        {
            SendToAll(packet, delay);
        }
    }
}

void
IpsecCloudNetDevice::SendToAll(Ptr<Packet> packet, Time delay)
{
    for (const Ptr<IpsecCloudNetDevice>& receiver : m_channel->Devices())
    {
        if (Reaches(receiver))
        {
            SendTo(receiver, packet, delay + receiver->GetDelay());
        }
    }
}

void
IpsecCloudNetDevice::SendTo(Ptr<IpsecCloudNetDevice> receiver, Ptr<Packet> packet, Time delay)
{
    if (packet->GetSize() <= receiver->GetMtu())
    {
        Arrive(receiver, packet, delay);
    }
    else
    {
        ArriveNarrow(receiver, packet, delay);
    }
}

void
IpsecCloudNetDevice::ArriveNarrow(Ptr<IpsecCloudNetDevice> receiver, Ptr<Packet> packet, Time delay)
{
    Ipv4Header header;
    packet->PeekHeader(header);
    if (!header.IsDontFragment())
    {
        for (const Ptr<Packet>& fragment : CutPacket(packet, receiver->GetMtu()))
        {
            Arrive(receiver, fragment, delay);
        }
        return;
    }
    TellPhyTxDrop(packet);
    Arrive(this,
           MakeFragmentationNeeded(Ipv4Address(ROUTER_ADDRESS), packet, receiver->GetMtu()),
           delay + delay);
}

void
IpsecCloudNetDevice::Arrive(Ptr<IpsecCloudNetDevice> receiver, Ptr<Packet> packet, Time delay)
{
    Simulator::ScheduleWithContext(receiver->GetNode()->GetId(),
                                   delay,
                                   &IpsecCloudNetDevice::ReceiveAttached,
                                   receiver,
                                   packet->Copy(),
                                   receiver->m_attachment);
}

Time
IpsecCloudNetDevice::Jittered(Time transmission)
{
    Time leaves = Simulator::Now() + transmission;
    if (m_jitter.IsStrictlyPositive())
    {
        const double part = Uniform(Draw::Jitter);
        leaves += NanoSeconds(
            static_cast<int64_t>(part * static_cast<double>(m_jitter.GetNanoSeconds())));
    }
    m_lastLeft = std::max(leaves, m_lastLeft);
    return m_lastLeft - Simulator::Now();
}

Ptr<Packet>
IpsecCloudNetDevice::Corrupted(Ptr<Packet> packet)
{
    Octets octets = ToOctets(*packet);
    if (octets.size() <= IPV4_HEADER_OCTETS)
    {
        return packet;
    }
    const size_t bits = (octets.size() - IPV4_HEADER_OCTETS) * 8;
    const auto bit = static_cast<size_t>(Uniform(Draw::Corrupt) * static_cast<double>(bits));
    octets[IPV4_HEADER_OCTETS + bit / 8] ^= static_cast<uint8_t>(1U << (bit % 8));
    return ToPacketLike(*packet, octets);
}

std::optional<Ipv4Address>
IpsecCloudNetDevice::DestinationOf(const Packet& packet)
{
    std::array<uint8_t, IPV4_HEADER_OCTETS> header{};
    if (packet.CopyData(header.data(), IPV4_HEADER_OCTETS) < IPV4_HEADER_OCTETS)
    {
        return std::nullopt;
    }
    return ToNs3(IpAddress::FromOctets(OctetView(header).From(DESTINATION_OFFSET)));
}

Ptr<IpsecCloudNetDevice>
IpsecCloudNetDevice::Receiver(std::optional<Ipv4Address> destination) const
{
    const Ptr<IpsecCloudNetDevice> receiver = destination ? m_channel->Find(*destination) : nullptr;
    return receiver && Reaches(receiver) ? receiver : nullptr;
}

bool
IpsecCloudNetDevice::Reaches(const Ptr<IpsecCloudNetDevice>& receiver) const
{
    // What the channel would hand back to its sender is for nobody.
    return receiver != this && receiver->GetPartition() == m_partition;
}

void
IpsecCloudNetDevice::ReceiveAttached(Ptr<Packet> packet, uint32_t attachment)
{
    if (attachment != m_attachment)
    {
        TellPhyRxDrop(packet);
        return;
    }
    Receive(packet);
}

void
IpsecCloudNetDevice::Receive(Ptr<Packet> packet)
{
    NS_LOG_FUNCTION(this << packet);
    if (!IsLinkUp() || (m_receiveErrorModel && m_receiveErrorModel->IsCorrupt(packet)))
    {
        TellPhyRxDrop(packet);
        return;
    }
    Deliver(packet);
}

} // namespace ipsec
} // namespace ns3
