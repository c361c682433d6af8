// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * What filters of Wireshark find in a capture, counted without it.
 */
#ifndef IPSEC_WIRESHARK_LAB_H
#define IPSEC_WIRESHARK_LAB_H

#include "ipsec-ike-capture.h"
#include "ipsec-ladder.h"
#include "ipsec-run-record.h"
#include "ipsec-tshark.h"

#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace ns3
{
namespace ipsec
{

/// A question about a capture that a filter of Wireshark answers.
struct WiresharkFilter
{
    std::string filter;
    bool needsKeys = false;
    /// As the run has it.
    uint64_t count = 0;
    /// How tshark's packets are counted.
    std::function<bool(const TsharkFrame&)> matches;
};

/// Returns payloads as Wireshark lists them: without what stands in brackets behind them and the
/// number of a fragment, "VID x2" as "VID VID".
std::string BarePayloads(const std::string& payloads);

/// A message that passed a link, and when.
struct LinkMessage
{
    Instant at{};
    LadderStep step;
};

/// Returns the messages that passed the link of a node, in their order: what it sent, once each,
/// and what came there.
std::vector<LinkMessage> MessagesOnLink(const Ladder& ladder, const std::string& node);

/// Returns the SPI of the first packet of ESP; nothing if there is none.
std::optional<uint32_t> FirstSpi(const std::vector<CapturedPacket>& packets);

/// Counts packets of ICMP, whole ones, in clear or behind AH; those inside ESP if one of the SAs
/// opens them.
uint64_t CountIcmp(const std::vector<CapturedPacket>& packets,
                   const std::deque<IpsecSaRecord>& keys);

/// Returns filters for messages of IKE, encrypted ones, main mode, aggressive mode, quick mode,
/// informational exchanges, ESP, ICMP, and names of hosts in phase 1, in this order.
/// @param ladder with the peer; @param node whose link was captured, which has the keys
std::vector<WiresharkFilter> WiresharkFilters(const std::vector<CapturedPacket>& packets,
                                              const Ladder& ladder,
                                              const NodeRecord& node);

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_WIRESHARK_LAB_H
