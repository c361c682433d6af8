// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Dead peer detection (RFC 3706): its messages, its numbers, and when a probe is due.
 */
#ifndef IKE_DPD_H
#define IKE_DPD_H

#include "ike-informational.h"

#include <optional>
#include <vector>

namespace ns3
{
namespace ipsec
{

/// DPD messages of ours that are remembered: more than a dead peer is asked.
constexpr size_t MAX_DPD_MESSAGES = 256;

/// Tells whether we announce DPD to a peer.
bool AnnouncesDpd(const PeerConfig& config);
/// Returns in which order a peer's personality puts the payloads of DPD messages.
DpdOrder DpdOrderOf(const PeerConfig& config);

/// What one IKE SA knows of the numbers that both ends use.
struct DpdLink
{
    /// Whether both ends announced it.
    bool agreed = false;
    /// Numbers of our first and of our last probe.
    std::optional<uint32_t> first;
    std::optional<uint32_t> sent;
    /// The first number that may still be answered; the last is the one that was sent.
    std::optional<uint32_t> awaited;
    /// Number of the peer's last probe.
    std::optional<uint32_t> heard;
    /// How many unexpected ones were answered since.
    uint32_t unexpectedAnswers = 0;
    /// Message IDs of ours, oldest first. They do not count among those of the IKE SA, which would
    /// not do for a day: copies of the peer's messages are told by their numbers. But our own that
    /// somebody sends back to us have numbers that could be the peer's, if they are not too old.
    std::vector<uint32_t> ownMessageIds;

    /// Notes a message of ours.
    void AddOwn(uint32_t messageId);
    bool IsOwn(uint32_t messageId) const;

    /// Tells whether a probe of ours had this number. One that comes with it may be ours, which
    /// somebody recorded and sends back, however long ago.
    bool IsOwnNumber(uint32_t sequence) const;

    /// Returns the number of the next probe.
    uint32_t NextSequence(const Personality& personality, RandomSource& random);
    /// Takes an answer; false if none is due to this number. Of several unanswered probes any may
    /// be answered, each once and none after a later one.
    bool TakeAnswer(uint32_t sequence);
    /// Takes a probe of the peer; false unless its number is higher than all before.
    bool TakeProbe(uint32_t sequence);
    /// Takes one that TakeProbe() did not; false unless it is answered all the same.
    bool TakeUnexpectedProbe(const Personality& personality);
};

/// Tells when one peer must be asked, and when it is dead.
class DpdWatch
{
  public:
    enum class Due : uint8_t
    {
        Nothing,
        Probe,
        Dead,
    };

    /// The peer is there: the first delay begins.
    void Begin(Instant now, const DpdConfig& config);
    void End();
    /// Something authenticated came from the peer.
    void Hear(Instant when, const DpdConfig& config);
    /// The data plane tells when a packet last came, or left. What it told before is no news.
    void HearTraffic(Instant lastUsed, const DpdConfig& config);
    void SpeakTraffic(Instant lastUsed);
    /// Returns what is due. A peer that owes no answer to any packet is asked later (OnDemand).
    Due HandleTimer(Instant now, const DpdConfig& config);
    /// Returns when something is due, if it runs.
    std::optional<Instant> Deadline() const;

  private:
    std::optional<Instant> m_dueAt;
    Instant m_heard{};
    Instant m_spoke{};
    Instant m_asked{};
    uint32_t m_unanswered = 0;
};

/// Tells whether a notification is R-U-THERE or its answer.
bool IsDpdNotify(uint16_t type);
/// Returns the notification of a message that carries a DPD one and nothing else.
std::optional<NotifyPayload> FindDpd(const PayloadChain& chain);
/// Reads the number: DpdRefused if the notification is not about this IKE SA, MalformedPayload if
/// the number does not have four octets.
Result<uint32_t> ReadDpdSequence(const NotifyPayload& notify,
                                 const Cookie& initiator,
                                 const Cookie& responder);
/// Makes R-U-THERE or its answer.
Result<OutgoingMessage> MakeDpdMessage(const IkeKeys& keys,
                                       uint32_t messageId,
                                       NotifyType type,
                                       uint32_t sequence,
                                       DpdOrder order,
                                       Work& work);

} // namespace ipsec
} // namespace ns3

#endif // IKE_DPD_H
