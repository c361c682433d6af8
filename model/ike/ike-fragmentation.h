// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * IKE fragmentation (MS-IKEE sections 2.2.3.1 and 3.3): messages too large for one packet.
 */
#ifndef IKE_FRAGMENTATION_H
#define IKE_FRAGMENTATION_H

#include "ike-effects.h"

#include "ns3/ipsec-time.h"
#include "ns3/isakmp-payloads.h"

#include <bitset>
#include <map>
#include <optional>
#include <set>
#include <vector>

namespace ns3
{
namespace ipsec
{

/// Most fragments of one message: their number has one octet.
constexpr size_t MAX_FRAGMENTS = 255;

/**
 * Splits a message whose IP packet would be larger than @p how allows; @p local says whether the
 * marker of port 4500 goes in front. The octets depend on the message alone, so repetitions are the
 * same. A message that fits, or that needs more than MAX_FRAGMENTS, comes back whole.
 */
std::vector<Octets> SplitMessage(OctetView message,
                                 const Fragmentation& how,
                                 const Endpoint& local);

/// Puts fragments in the place of every Transmit that asks for them and is large.
void SplitTransmits(Effects& effects);

/// Describes a datagram that nobody has read yet, by its header and the number of the fragment that
/// it may be; nothing if it has no header.
std::optional<MessageSummary> SummariseUnread(OctetView datagram);

/// Reads the only payload of a datagram whose header announces a fragment. MalformedPayload or
/// FragmentRefused if anything stands beside it.
Result<FragmentPayload> ReadFragment(const IsakmpHeader& header, OctetView datagram);

/**
 * Fragments that wait for the others of their message. Bounded in number, size and time for each
 * address that is made to pay for them; what goes beyond pushes out the oldest of that address.
 *
 * Many systems give all their messages the same fragment ID. So a message that was complete is kept
 * for a while: a copy of one of its fragments belongs to it, and once all came again they are the
 * message again; one that differs begins the next message.
 */
class Reassembly
{
  public:
    /// Messages at once, complete or not; nobody sends more than one or two at a time.
    static constexpr size_t MAX_SETS = 16;
    /// Octets of data in all of them; no UDP datagram holds more.
    static constexpr size_t MAX_OCTETS = 65536;
    /// How long the fragments of a message wait for each other, from the first one on. By then it
    /// was repeated four times (after 1, 3, 7 and 15 seconds), so nothing is lost.
    static constexpr Duration TIMEOUT = std::chrono::seconds(30);

    /// Where a fragment belongs.
    struct Origin
    {
        /// The IKE SA, by any number that stays the same.
        uint64_t ikeSa = 0;
        /// Address that pays.
        IpAddress payer;
        Endpoint remote;
    };

    /// What a fragment led to.
    struct Outcome
    {
        /// The message, if nothing was missing but this fragment.
        std::optional<Octets> whole;
        /// Why the fragment was not kept.
        std::optional<Fault> refusal;
        /// How many fragments the message has; 0 while that is not known.
        uint8_t fragments = 0;
        /// How many incomplete messages were given up to make room.
        size_t pushedOut = 0;
    };

    /**
     * Takes one fragment. FragmentRefused if it contradicts the others, or if what they make is not
     * a message of the same IKE SA or is itself a fragment: then all of them go. FragmentLimit if
     * the message is larger than any may be; Duplicate for a copy.
     */
    Outcome Take(Instant now,
                 const Origin& origin,
                 const IsakmpHeader& header,
                 const FragmentPayload& fragment);
    /// Forgets everything that came for an IKE SA.
    void Forget(uint64_t ikeSa, IpAddress payer);
    /// Forgets what is too old; returns where incomplete messages among them belonged.
    std::vector<Origin> Expire(Instant now);
    /// Returns when Expire() has something to do, if ever.
    std::optional<Instant> NextDeadline() const;

    /// Returns how many messages are kept for an address, complete or not.
    size_t Sets(IpAddress payer) const;
    /// Returns how many octets of data are kept for an address.
    size_t OctetsHeld(IpAddress payer) const;

  private:
    /// What the fragments of one message have in common.
    struct Key
    {
        IpAddress payer;
        uint64_t ikeSa = 0;
        Endpoint remote;
        Cookie responderCookie{};
        ExchangeType exchange = ExchangeType::MainMode;
        uint32_t messageId = 0;
        uint16_t id = 0;

        bool operator<(const Key& other) const;
    };

    /// The fragments of one message.
    struct Set
    {
        Instant deadline{};
        std::map<uint8_t, Octets> parts;
        /// Number of the last fragment; 0 until it came.
        uint8_t last = 0;
        size_t octets = 0;
        bool isComplete = false;
        /// Those that came again since it was complete.
        std::bitset<MAX_FRAGMENTS + 1> again;

        bool Holds(const FragmentPayload& fragment) const;
        bool Contradicts(const FragmentPayload& fragment) const;
        Octets Join() const;
    };

    /// What is kept for one address.
    struct Held
    {
        size_t sets = 0;
        size_t octets = 0;
    };

    static Outcome TakeAgain(Set& set, const FragmentPayload& fragment);
    Outcome Add(Instant now,
                const Key& key,
                const IsakmpHeader& header,
                const FragmentPayload& fragment);
    /// Pushes out others of the same address until there is room; returns how many were incomplete.
    size_t MakeRoom(const Key& key, size_t sets, size_t octets);
    void Remove(const Key& key);

    std::map<Key, Set> m_sets;
    std::map<IpAddress, Held> m_held;
    std::set<std::pair<Instant, Key>> m_deadlines;
};

} // namespace ipsec
} // namespace ns3

#endif // IKE_FRAGMENTATION_H
