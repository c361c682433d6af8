// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Runs the program tshark, and reads what it makes of a capture.
 */
#ifndef IPSEC_TSHARK_H
#define IPSEC_TSHARK_H

#include <optional>
#include <string>
#include <vector>

namespace ns3
{
namespace ipsec
{

/// Runs tshark with a folder of tables and arguments, its output to a file. False if it is not
/// installed. @throws std::runtime_error if it fails.
bool RunTshark(const std::string& tables,
               const std::vector<std::string>& arguments,
               const std::string& output);

/// A packet as tshark dissects it.
struct TsharkFrame
{
    std::string protocols;
    std::string exchange;
    bool isEncrypted = false;
    /// Names of ISAKMP payloads.
    std::string payloads;
    std::string spi;
    /// Names of hosts in payloads ID.
    std::string hostNames;

    bool
    Has(const std::string& protocol) const
    {
        return (":" + protocols + ":").find(":" + protocol + ":") != std::string::npos;
    }
};

/// Lets tshark dissect a capture, all packets in their order; nothing if it is not installed.
/// @param tables folder of Wireshark's settings; @param file where its lines go
std::optional<std::vector<TsharkFrame>> DissectByTshark(const std::string& capture,
                                                        const std::string& tables,
                                                        const std::string& file);

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_TSHARK_H
