// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * A run as a recorder would leave it: fw-a with SAs, fw-b without any, and their messages.
 */
#ifndef SAMPLE_RUN_RECORD_H
#define SAMPLE_RUN_RECORD_H

#include "ns3/ipsec-run-record.h"

namespace ns3
{
namespace ipsec
{

inline Instant
At(int64_t ms)
{
    return Instant(std::chrono::milliseconds(ms));
}

inline Endpoint
Left()
{
    return {IpAddress::Parse("1.1.1.1"), IKE_PORT};
}

inline Endpoint
Right()
{
    return {IpAddress::Parse("2.2.2.2"), IKE_PORT};
}

inline MessageRecord
Message(bool fromLeft, ExchangeType exchange, uint32_t messageId, size_t octets)
{
    MessageRecord message;
    message.from = fromLeft ? "fw-a" : "fw-b";
    message.to = fromLeft ? "fw-b" : "fw-a";
    message.source = fromLeft ? Left() : Right();
    message.destination = fromLeft ? Right() : Left();
    message.summary.initiatorCookie[0] = 1;
    message.summary.exchange = exchange;
    message.summary.messageId = messageId;
    message.summary.octets = octets;
    message.summary.payloads = {{PayloadType::Sa, 0, {}}};
    return message;
}

inline IpsecSaRecord
Sa(SaDirection direction, uint32_t spi)
{
    IpsecSaRecord record;
    record.peer = "fw-b";
    record.tunnel = "ab";
    record.sa.direction = direction;
    record.sa.spi = spi;
    record.sa.local = Left();
    record.sa.remote = Right();
    record.sa.cipher = CipherId::Des;
    record.sa.integrity = IntegrityId::HmacMd5_96;
    record.sa.cipherKey = SecretBytes(FromHex("0123456789abcdef"));
    record.sa.integrityKey = SecretBytes(FromHex("00112233445566778899aabbccddeeff"));
    record.installedAt = At(200);
    return record;
}

/// One gateway with one IKE SA and one pair of IPsec SAs, and its peer without any.
inline RunRecord
Sample()
{
    RunRecord record;
    record.scenario = "sample";
    record.end = At(60000);
    record.tunnels.push_back({"ab", "fw-a", "fw-b", false, {}, {}});
    NodeRecord node;
    node.name = "fw-a";
    node.address = Left().address;
    IkeSaRecord ike;
    ike.peer = "fw-b";
    ike.info.local = Left();
    ike.info.remote = Right();
    ike.info.initiatorCookie = {0xa1, 2, 3, 4, 5, 6, 7, 8};
    ike.info.proposal = Phase1Proposal::Parse("pre-g1-des-md5");
    ike.info.encryptionKey = SecretBytes(FromHex("fedcba9876543210"));
    ike.info.establishedAt = At(100);
    node.ikeSas.push_back(ike);
    node.ipsecSas.push_back(Sa(SaDirection::Inbound, 3000));
    node.ipsecSas.push_back(Sa(SaDirection::Outbound, 4000));
    record.nodes.push_back(node);
    NodeRecord other;
    other.name = "fw-b";
    other.address = Right().address;
    record.nodes.push_back(other);
    return record;
}

const char RULE[] = "--------------------------------------------------------------------------\n";

/// Returns one of two fragments of a message, as its sender shows it.
inline MessageRecord
Fragment(uint8_t number, size_t octets)
{
    MessageRecord message = Message(true, ExchangeType::QuickMode, 5, octets);
    message.summary.fragment = number;
    message.summary.fragments = 2;
    return message;
}

} // namespace ipsec
} // namespace ns3

#endif // SAMPLE_RUN_RECORD_H
