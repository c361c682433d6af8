// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * What an engine wants done: the complete list.
 */
#ifndef IKE_EFFECTS_H
#define IKE_EFFECTS_H

#include "ns3/crypto-work.h"
#include "ns3/ike-config.h"
#include "ns3/ike-identity.h"
#include "ns3/ike-proposal.h"
#include "ns3/ipsec-endpoint.h"
#include "ns3/ipsec-fault.h"
#include "ns3/ipsec-sa.h"
#include "ns3/isakmp-message.h"

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace ns3
{
namespace ipsec
{

enum class Role : uint8_t
{
    Initiator,
    Responder,
};

/// One payload of a message as ladders and traces show it.
struct PayloadLabel
{
    PayloadType type = PayloadType::None;
    /// Notify type of a notification, else 0.
    uint16_t notify = 0;
    /// A word, and behind it, if the engine was asked to describe the message, lines of what the
    /// payload says: Word(), Lines().
    std::string detail = {};

    /// Returns what else there is to say in a word: whose ID it is, the subject of a certificate,
    /// the authority of a certificate request, "REQUEST" of attributes. Empty if the body is not
    /// readable (as an identity that is RSA-encrypted).
    std::string Word() const;
    /// Returns what the payload unfolds to, such as "96 octets", or a line for each transform.
    std::vector<std::string> Lines() const;
    void AddLine(const std::string& line);
};

/// What one message was, for ladders and traces.
struct MessageSummary
{
    Cookie initiatorCookie{};
    Cookie responderCookie{};
    ExchangeType exchange = ExchangeType::MainMode;
    uint32_t messageId = 0;
    bool encrypted = false;
    /// Whether the payloads are known: false if encrypted and not (or not yet) decrypted.
    bool readable = true;
    /// Sent again, or received again.
    bool repeated = false;
    /// Number of the fragment that the datagram is; 0 if it is a whole message. Only the fragment
    /// that the receiver waited for, and the last one that is sent, name the message's payloads.
    uint8_t fragment = 0;
    /// How many fragments there are; 0 if that is not known (yet).
    uint8_t fragments = 0;
    std::vector<PayloadLabel> payloads;
    /// Octets of the datagram.
    size_t octets = 0;

    /// Tells whether it ends a message: it is a whole one or its last fragment.
    bool
    EndsMessage() const
    {
        return fragment == fragments;
    }

    /// Writes the payload names, such as "HASH SA NONCE ID ID", "N(INITIAL-CONTACT)", or
    /// "FRAG 1/2" and "FRAG 2/2 ID HASH" for a message in two fragments. Of a message in clear it
    /// tells what everybody can read, "ID(alice@example.com)", with details of at most @p longest
    /// characters.
    std::string PayloadsText(size_t longest = std::string::npos) const;
};

/// What is known of an established IKE SA.
struct IkeSaInfo
{
    PeerId peer = 0;
    std::string peerName;
    Role role = Role::Initiator;
    Phase1Mode mode = Phase1Mode::Main;
    Cookie initiatorCookie{};
    Cookie responderCookie{};
    Phase1Proposal proposal;
    Endpoint local;
    Endpoint remote;
    Identity localId;
    Identity remoteId;
    /// Of the certificate that the peer proved itself with; empty if there was none.
    std::string certificateSubject;
    /// Whether ESP of this peer is to be encapsulated in UDP.
    bool natTraversal = false;
    Instant establishedAt{};
    Instant expiresAt{};
    /// For labs and for Wireshark's tables only.
    SecretBytes skeyidD;
    SecretBytes skeyidA;
    SecretBytes skeyidE;
    SecretBytes encryptionKey;
};

/// How the messages of an IKE SA are sent that are too large for one packet, once both ends
/// announced that they can.
struct Fragmentation
{
    /// Largest IP packet that a fragment may make.
    uint32_t packetOctets = 1280;
    /// Exchange type in the header of every fragment: that of phase 1, whatever the message is.
    /// strongSwan and racoon look for fragments nowhere else.
    ExchangeType exchange = ExchangeType::MainMode;
};

/// Send a datagram. On port 4500 the edge puts the non-ESP marker in front (RFC 3948 section 2.2).
struct Transmit
{
    Endpoint local;
    Endpoint remote;
    Octets datagram;
    MessageSummary summary;
    /// Asks for fragments if the message is large; the engine splits it before it returns.
    std::optional<Fragmentation> fragmentation = std::nullopt;
};

/// Start to use an SA. An inbound SA comes before the message that lets the peer use it.
struct InstallSa
{
    IpsecSa sa;
};

/// Stop using an SA.
struct RemoveSa
{
    SaKey key;
    ChildId child;
    Fault reason = Fault::Terminated;
};

/// The peer is behind a NAT and was last heard from elsewhere: SAs of this child that follow it go
/// there from now on.
struct PeerMoved
{
    /// One SA of the child.
    SaKey key;
    ChildId child;
    Endpoint remote;
};

/// Nothing was sent to a peer for a while, and we are behind a NAT: send the one octet that keeps
/// its mapping (RFC 3948 section 2.3).
struct KeepAlive
{
    PeerId peer = 0;
    Endpoint local;
    Endpoint remote;
};

/// Phase 1 is established and both ends are authenticated.
struct IkeSaUp
{
    IkeSaInfo info;
};

/// An IKE SA ended, or a phase 1 that we started failed.
struct IkeSaDown
{
    PeerId peer = 0;
    Cookie initiatorCookie{};
    Cookie responderCookie{};
    bool wasEstablished = false;
    Fault reason = Fault::Terminated;
    /// Notification that the peer sent about it, authenticated or not; 0 if none.
    uint16_t notify = 0;
    /// Key of its encrypted messages, if it got so far: for labs and for Wireshark's tables only.
    SecretBytes encryptionKey;
};

/// XAUTH is over: the server knows the user, or said so to us.
struct UserKnown
{
    PeerId peer = 0;
    Cookie initiatorCookie{};
    Cookie responderCookie{};
    std::string user;
};

/// Who uses an address that Mode Config assigned.
enum class AssignedTo : uint8_t
{
    Us,   ///< we are the client
    Peer, ///< we are the server
};

/// Mode Config assigned an address, in the place of any that this peer assigned or had before.
struct AddressAssigned
{
    PeerId peer = 0;
    AssignedTo to = AssignedTo::Us;
    IpAddress address;
    uint8_t prefixLength = 32;
    std::vector<IpAddress> dns;
    /// Networks behind the server.
    std::vector<Prefix> subnets;
};

/// A child could not be negotiated.
struct AcquireFailed
{
    ChildId child;
    Fault reason = Fault::NegotiationTimeout;
    /// Notification that the peer sent about it, authenticated or not; 0 if none.
    uint16_t notify = 0;
};

/// A message was refused, ignored, or noted without effect.
struct Dropped
{
    Fault fault = Fault::TooShort;
    Endpoint remote;
    /// Peer, once it is known.
    std::optional<PeerId> peer;
    /// Notification type, if the fault is about one; else 0.
    uint16_t notify = 0;
};

/// An exchange moved on; the names are those of the state structs, such as "ExpectMm4".
struct StateChanged
{
    PeerId peer = 0;
    Cookie initiatorCookie{};
    uint32_t messageId = 0;
    const char* from = "";
    const char* to = "";
};

using Effect = std::variant<Transmit,
                            InstallSa,
                            RemoveSa,
                            PeerMoved,
                            KeepAlive,
                            IkeSaUp,
                            IkeSaDown,
                            UserKnown,
                            AddressAssigned,
                            AcquireFailed,
                            Dropped,
                            StateChanged>;

/// What one input led to. The order of the list is the order in which it must be carried out.
struct Effects
{
    std::vector<Effect> list;
    Work work;
    /// What the datagram was, if the input was one that has an ISAKMP header.
    std::optional<MessageSummary> received;
};

} // namespace ipsec
} // namespace ns3

#endif // IKE_EFFECTS_H
