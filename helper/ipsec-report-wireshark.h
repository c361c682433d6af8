// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * The keys of a run as tables of Wireshark.
 */
#ifndef IPSEC_REPORT_WIRESHARK_H
#define IPSEC_REPORT_WIRESHARK_H

#include "ipsec-run-record.h"

#include <string>

namespace ns3
{
namespace ipsec
{

/// Writes Wireshark's file "ikev1_decryption_table": initiator cookie and encryption key of every
/// IKE SA.
std::string WiresharkIkeTable(const RunRecord& record);

/// Writes Wireshark's file "esp_sa": every ESP SA, once.
std::string WiresharkEspTable(const RunRecord& record);

/// Writes Wireshark's file "preferences" that makes it use the tables.
std::string WiresharkPreferences();

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_REPORT_WIRESHARK_H
