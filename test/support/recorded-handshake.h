// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Handshakes of a deployed implementation, recorded with all their keys.
 */
#ifndef RECORDED_HANDSHAKE_H
#define RECORDED_HANDSHAKE_H

#include "ns3/crypto-algorithms.h"
#include "ns3/ipsec-endpoint.h"
#include "ns3/isakmp-message.h"

#include <string>
#include <vector>

namespace ns3
{
namespace ipsec
{

/// A message as it was seen on the wire, and what another program read in it.
struct RecordedMessage
{
    uint64_t frame = 0;
    bool fromInitiator = false;
    uint16_t sourcePort = 0;
    uint16_t destinationPort = 0;
    uint8_t exchange = 0;
    uint32_t messageId = 0;
    uint8_t flags = 0;
    uint32_t length = 0;
    Octets wire;
    /// Remarks of the recording, such as "byte-identical retransmission".
    std::string note;
    /// "id number last" of an IKE fragment; empty for others.
    std::string fragment;
    /// The whole message, with the last fragment only.
    Octets reassembled;
    /// IV and padding; empty unless encrypted.
    Octets iv;
    Octets padding;
    /// Names and bodies of the payloads, decrypted if need be.
    std::vector<std::pair<std::string, Octets>> payloads;

    /// Returns the message that a receiver reads: the reassembled one if there is one.
    const Octets&
    Datagram() const
    {
        return reassembled.empty() ? wire : reassembled;
    }

    /// Tells whether the recording has nothing of its own to say about this message.
    bool
    IsRepeatedOrPartial() const
    {
        return payloads.empty();
    }
};

/// One SA of a recorded quick mode.
struct RecordedSa
{
    uint32_t spi = 0;
    uint32_t messageId = 0;
    bool receivedByInitiator = false;
    Octets keymat;
    Octets cipherKey;
    Octets integrityKey;
};

/// A recorded quick mode.
struct RecordedChild
{
    uint32_t messageId = 0;
    std::string cipher;
    std::string integrity;
    Octets gxy;
    Octets ni;
    Octets nr;
    Octets clientI;
    Octets clientR;
};

/// A recorded ESP packet.
struct RecordedEsp
{
    uint64_t frame = 0;
    std::string encapsulation;
    uint32_t spi = 0;
    uint32_t sequence = 0;
    size_t padLength = 0;
    uint8_t nextHeader = 0;
    Octets wire;
    Octets inner;
};

/// Phase 1 of a recorded handshake; fields that it did not have are empty.
struct RecordedPhase1
{
    uint64_t authMethod = 0;
    HashId hash = HashId::Sha1;
    CipherId cipher = CipherId::Aes128;
    uint64_t group = 0;
    Cookie cookieI{};
    Cookie cookieR{};
    Octets ni, nr, gxi, gxr, gxy, saI;
    Octets skeyid, skeyidD, skeyidA, skeyidE, cipherKey, initialIv;
    Octets idI, hashI, sigI, certI;
    Octets idR, hashR, sigR, certR;
};

/// A whole recording.
struct RecordedHandshake
{
    std::string name;
    std::string mode;
    IpAddress initiator;
    IpAddress responder;
    std::string ikeProposal;
    std::string espProposal;
    Prefix initiatorNetwork;
    Prefix responderNetwork;
    /// Networks that the responder wanted instead, where it had to refuse.
    std::string configuredAtResponder;
    std::string preSharedKey;
    /// The responder's, where it differed and had to be refused.
    std::string preSharedKeyOfResponder;
    std::string initiatorName;
    std::string responderName;
    RecordedPhase1 phase1;
    std::vector<RecordedMessage> messages;
    std::vector<RecordedChild> children;
    std::vector<RecordedSa> sas;
    std::vector<RecordedEsp> packets;

    /// Reads a vector file. @throws std::runtime_error if something is missing or misspelt.
    static RecordedHandshake Read(const std::string& file);
};

} // namespace ipsec
} // namespace ns3

#endif // RECORDED_HANDSHAKE_H
