// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * The data plane's logic: policy, SA, seal and open, with a verdict for every packet.
 */
#ifndef IPSEC_PROCESSOR_H
#define IPSEC_PROCESSOR_H

#include "ipsec-cargo.h"
#include "ipsec-outer-header.h"
#include "ipsec-overhead.h"
#include "ipsec-sa-limits.h"
#include "ipsec-sad.h"
#include "ipsec-spd.h"

#include "ns3/crypto-work.h"
#include "ns3/esp-header.h"
#include "ns3/ipsec-fault.h"
#include "ns3/ipsec-random-source.h"

#include <deque>
#include <map>
#include <optional>
#include <variant>
#include <vector>

namespace ns3
{
namespace ipsec
{

/// What the edge calls a packet while the processor keeps its octets (tags hang on it).
using Ticket = uint64_t;

/// Let the packet go as it is.
struct Bypassed
{
};

/// Send these octets to the peer, behind an IP header with exactly the fields of @p header, or, if
/// UDP encapsulated, in UDP with its type of service, DF and time to live.
struct Sealed
{
    Ticket ticket = 0;
    /// Of the SA that the packet left through; of a bundle the inner one, ESP.
    ProtocolId protocol = ProtocolId::Esp;
    EncapsulationMode mode = EncapsulationMode::Tunnel;
    bool udpEncapsulated = false;
    Endpoint local;
    Endpoint remote;
    uint32_t spi = 0;
    ChildId child;
    OuterHeader header;
    Octets packet;
};

/// A packet of ESP or AH as it arrived.
struct ArrivedPacket
{
    /// What the IP header says comes next.
    ProtocolId protocol = ProtocolId::Esp;
    /// The outer source; its port counts only if the packet came in UDP.
    Endpoint source;
    /// The IP header with its options; empty if the packet came in UDP. AH needs it.
    OctetView ipHeader;
    /// Type of service of the IP header.
    uint8_t typeOfService = 0;
    /// What follows the IP (or UDP) header.
    OctetView payload;
};

/// The packet waits for an SA.
struct Staged
{
    ChildId child;
    /// Whether this packet is the one that must start the negotiation; false while it runs.
    bool needsSa = false;
    /// Older packet that had to go because the stage was full.
    std::optional<Ticket> overflow;
};

/// The packet is lost, and why.
struct Discarded
{
    Ticket ticket = 0;
    Fault fault = Fault::NoPolicy;
};

using ProtectVerdict = std::variant<Bypassed, Sealed, Staged, Discarded>;

/// What was inside a packet of ESP or AH and may be delivered.
struct Opened
{
    /// A whole IPv4 packet. In transport mode its header is the one that the packet came with.
    Octets packet;
    EncapsulationMode mode = EncapsulationMode::Tunnel;
    /// The SA that it came through; of a bundle the inner one, ESP.
    SaKey sa;
    ChildId child;
    /// Where the packet came from, if that differs from the SA's remote endpoint (RFC 3948).
    std::optional<Endpoint> movedFrom;
};

using UnprotectVerdict = std::variant<Opened, Discarded>;

/// An SA came to a limit.
struct SaExpiry
{
    enum class Kind : uint8_t
    {
        Soft, ///< renew it
        Hard, ///< it is gone
    };

    Kind kind = Kind::Soft;
    SaKey key;
    ChildId child;
};

/// What stays to be done after an input.
struct ProcessorReport
{
    std::vector<SaExpiry> expiries;
    Work work;
};

/// Packets that wait for one child at most; one window of a TCP sender that starts slowly.
constexpr size_t DEFAULT_STAGE_LIMIT = 64;

/**
 * Decides about every packet of a node. Inputs are calls, outputs are return values; like the
 * engine it knows neither a clock nor ns-3.
 */
class Processor
{
  public:
    explicit Processor(size_t stageLimit = DEFAULT_STAGE_LIMIT);

    /// Changes how many packets may wait from now on; those that wait stay.
    void SetStageLimit(size_t stageLimit);
    /// The rules; the edge adds to them.
    Spd& Policies();
    const Spd& Policies() const;
    /// The SAs in use, for displays.
    const Sad& Associations() const;

    /**
     * Decides about an IPv4 packet that wants to leave. An outbound SA that is past its hard end
     * goes first and is reported.
     */
    [[nodiscard]] ProtectVerdict Protect(Instant now,
                                         OctetView packet,
                                         Ticket ticket,
                                         RandomSource& random,
                                         ProcessorReport& report);

    /// Decides about a packet of ESP or AH. Ticket of a Discarded is 0.
    [[nodiscard]] UnprotectVerdict Unprotect(Instant now,
                                             const ArrivedPacket& packet,
                                             ProcessorReport& report);

    /// Takes back the octets of a verdict that nobody needs any more: the next packet is made in
    /// their place, which saves an allocation.
    void Reuse(Octets octets);

    /// Returns what protection adds to a packet of a child that leaves now; nothing without an SA.
    std::optional<Encapsulation> EncapsulationOf(ChildId child) const;

    /**
     * Starts to use an SA; its lifetime counts from @p now. For an outbound SA, or for the second
     * one of a bundle, the child's staged packets come back in order, sealed or discarded, or
     * staged again if a very short lifetime in kilobytes ended meanwhile.
     */
    [[nodiscard]] std::vector<ProtectVerdict> InstallSa(Instant now,
                                                        const IpsecSa& sa,
                                                        RandomSource& random,
                                                        ProcessorReport& report);
    /// Stops using an SA; nothing happens if it is not there.
    void RemoveSa(const SaKey& key);
    /// The peer of an SA moved: all SAs of its child that follow it go to the new endpoint and keep
    /// their names.
    void MovePeer(const SaKey& key, const Endpoint& remote);
    /// The negotiation for a child failed: its staged packets are lost.
    [[nodiscard]] std::vector<Discarded> AbandonStaged(ChildId child, Fault reason);

    /**
     * Removes SAs past their hard lifetime and reports soft ones, once each. An SA that already has
     * a successor reaches its soft end in silence: there is nothing to renew.
     */
    [[nodiscard]] ProcessorReport HandleTimeout(Instant now);
    /// Returns when HandleTimeout() must be called next, if ever.
    std::optional<Instant> NextDeadline() const;

  private:
    /// A packet on its way out.
    struct Leaving
    {
        Ticket ticket = 0;
        FlowKey flow;
        OctetView octets;
    };

    /// The same while it waits.
    struct StagedPacket
    {
        Ticket ticket = 0;
        FlowKey flow;
        Octets octets;
    };

    /// Seals a packet with the newest SA of its child that is not spent, or stages it.
    ProtectVerdict SealOrStage(Instant now,
                               ChildId child,
                               const Leaving& packet,
                               RandomSource& random,
                               ProcessorReport& report);
    ProtectVerdict Seal(Instant now,
                        SaEntry& entry,
                        const Leaving& packet,
                        RandomSource& random,
                        ProcessorReport& report);
    ProtectVerdict Stage(ChildId child, const Leaving& packet);
    /// What one SA gave of a packet that arrived.
    struct Layer
    {
        SaEntry* entry = nullptr;
        SaContent content;
        /// Whether no later packet has come.
        bool isNewest = false;
    };

    /// Opens what arrived, both layers of a bundle, and checks what is inside.
    Result<Opened> Open(Instant now, const ArrivedPacket& packet, ProcessorReport& report);
    /// Finds the SA of one layer and opens it, if that is allowed inside @p around (null for the
    /// outermost); moves its window and counts.
    Result<Layer> OpenLayer(Instant now,
                            const ArrivedPacket& packet,
                            const SaEntry* around,
                            ProcessorReport& report);
    /// Checks what is inside against the SA and makes a packet of it.
    Result<Opened> Deliver(Layer layer, const ArrivedPacket& packet);
    /// Counts an authentic packet and reports the soft end if it brought it.
    void Charge(Instant now, SaEntry& entry, size_t octets, ProcessorReport& report);
    /// Reports the soft end of an SA, or of the one that leads its bundle, once.
    void ReportSoft(SaEntry& entry, ProcessorReport& report);
    /// Removes an SA, with it the other one of its bundle, which is worth nothing alone, and
    /// reports their hard ends.
    void Expire(const SaEntry& entry, ProcessorReport& report);

    Spd m_spd;
    Sad m_sad;
    /// Memory for the next packet.
    Octets m_spare;
    size_t m_stageLimit;
    /// Identification of the last outer header that was made.
    uint16_t m_identification = 0;
    /// A child is in here from the packet that asked for an SA until there is one or none to come.
    std::map<ChildId, std::deque<StagedPacket>> m_staged;
};

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_PROCESSOR_H
