// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * How a node is attached to the simulated internet.
 */
#ifndef IPSEC_CLOUD_NET_DEVICE_H
#define IPSEC_CLOUD_NET_DEVICE_H

#include "ipsec-raw-ip-device.h"

#include "ns3/data-rate.h"
#include "ns3/error-model.h"
#include "ns3/ipv4-address.h"
#include "ns3/nstime.h"
#include "ns3/random-variable-stream.h"

#include <array>
#include <optional>

namespace ns3
{
namespace ipsec
{

class IpsecCloudChannel;

/**
 * Attaches a node to the cloud. Rate, queue, jitter, loss, reordering, duplication and corruption
 * are those of packets that this device sends, the extra delay counts in both directions. Random
 * draws of different kinds come from different streams, so that switching one kind on leaves the
 * others alone.
 *
 * Trace sources: MacTx (accepted), MacTxDrop (down or queue full), PhyTxDrop (lost on the way, or
 * nobody there), PhyRxDrop (arrived at a device that is down, or refused by its
 * ReceiveErrorModel), MacRx, Sniffer, PromiscSniffer.
 */
class IpsecCloudNetDevice : public IpsecRawIpDevice
{
  public:
    static TypeId GetTypeId();
    IpsecCloudNetDevice();
    ~IpsecCloudNetDevice() override;

    /// Names the cloud that it is attached to, or none: IpsecCloudChannel does this. What waits to
    /// be sent, or is on its way here, is lost.
    void SetChannel(Ptr<IpsecCloudChannel> channel);
    /**
     * Makes the cloud find this device at an address that is not for ever, in the place of the one
     * before, as ARP does when a lease is new. Whoever had it is no longer found there.
     */
    void BindAddress(Ipv4Address address);
    /// Makes the cloud forget that the address is here; nothing happens if it is somebody else's.
    void UnbindAddress(Ipv4Address address);
    /// Returns the cloud. GetChannel() stays null: global routing would take the cloud for one
    /// network with many routers, and this way sees the end of a line.
    Ptr<IpsecCloudChannel> GetCloud() const;
    /// Returns the delay that this attachment adds in each direction.
    Time GetDelay() const;
    /// Returns the part of the internet that this device is in: packets cross only between equal
    /// numbers.
    uint32_t GetPartition() const;
    /// Returns by when everything that was sent so far has left, with the most that jitter and
    /// reordering may add.
    Time LatestDeparture() const;
    /// Gives random streams to the impairments; returns how many were used.
    int64_t AssignStreams(int64_t stream);
    /// Takes a packet from the cloud.
    void Receive(Ptr<Packet> packet);

  protected:
    void DoDispose() override;
    bool SendPacket(Ptr<Packet> packet) override;

  private:
    /// What is drawn, each from a stream of its own.
    enum class Draw : size_t
    {
        Loss,
        Jitter,
        Reorder,
        Duplicate,
        Corrupt,
    };

    static constexpr size_t DRAWS = 5;

    /// Draws a number in [0, 1).
    double Uniform(Draw draw);
    /// Draws whether something of this probability happens.
    bool Happens(Draw draw, double probability);
    /// Tell the listener and the trace source that a packet was lost on the way, or at its end.
    void TellPhyTxDrop(Ptr<const Packet> packet);
    void TellPhyRxDrop(Ptr<const Packet> packet);
    /// Puts a packet on the wire, for which it takes @p transmission, and decides what befalls it
    /// on the way.
    void Transmit(Ptr<Packet> packet, Time transmission);
    /// The same for a packet that waited for the wire.
    void TransmitWaiting(Ptr<Packet> packet, Time transmission, uint32_t attachment);
    static void Arrive(Ptr<IpsecCloudNetDevice> receiver, Ptr<Packet> packet, Time delay);
    /// Takes a packet that was sent to this device while it had its @p attachment-th attachment.
    void ReceiveAttached(Ptr<Packet> packet, uint32_t attachment);
    /// Lets a packet arrive at its receiver after a delay, whole or as its link allows.
    void SendTo(Ptr<IpsecCloudNetDevice> receiver, Ptr<Packet> packet, Time delay);
    /// Lets a packet arrive at every device of the cloud but this one.
    void SendToAll(Ptr<Packet> packet, Time delay);
    /// Does what the last router does for a packet larger than the receiver's link takes.
    void ArriveNarrow(Ptr<IpsecCloudNetDevice> receiver, Ptr<Packet> packet, Time delay);
    /// Returns the packet with one bit behind the IP header turned over.
    Ptr<Packet> Corrupted(Ptr<Packet> packet);
    /// Returns how long a packet takes to leave that is sent from now on, jitter included.
    Time Jittered(Time transmission);
    /// Returns what a packet is for, if it is one.
    static std::optional<Ipv4Address> DestinationOf(const Packet& packet);
    /// Returns the device for an address, or null if it cannot be reached.
    Ptr<IpsecCloudNetDevice> Receiver(std::optional<Ipv4Address> destination) const;
    /// Tells whether packets reach a device from here.
    bool Reaches(const Ptr<IpsecCloudNetDevice>& receiver) const;

    Ptr<IpsecCloudChannel> m_channel;
    /// What BindAddress() was last told.
    std::optional<Ipv4Address> m_bound;
    /// Counts the clouds that it was attached to.
    uint32_t m_attachment = 0;
    DataRate m_rate;
    uint32_t m_queueLimit = 0;
    Time m_delay;
    Time m_jitter;
    double m_loss = 0;
    double m_reorder = 0;
    Time m_reorderDelay;
    double m_duplicate = 0;
    double m_corrupt = 0;
    uint32_t m_partition = 0;
    Ptr<ErrorModel> m_receiveErrorModel;

    std::array<Ptr<UniformRandomVariable>, DRAWS> m_uniform;
    int64_t m_stream = -1;
    /// Packets that wait for the wire.
    uint32_t m_waiting = 0;
    /// When the wire is free again.
    Time m_wireFree;
    /// When the last packet left, jitter included: later ones do not overtake it.
    Time m_lastLeft;

    TracedCallback<Ptr<const Packet>> m_phyTxDropTrace;
    TracedCallback<Ptr<const Packet>> m_phyRxDropTrace;
};

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_CLOUD_NET_DEVICE_H
