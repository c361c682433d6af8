// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * What iperf3 says on its control connection.
 */
#ifndef IPSEC_IPERF3_PROTOCOL_H
#define IPSEC_IPERF3_PROTOCOL_H

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ns3
{
namespace ipsec
{

/*
 * A client opens a connection and sends a cookie. The server leads: each octet that it sends names
 * the next state. Parameters and results are JSON behind its length.
 *
 *     client                                server
 *     cookie                   ---->
 *                              <----        PARAMETERS
 *     what it wants            ---->
 *                              <----        CREATE_STREAMS
 *     (one more connection for each stream, with the same cookie)
 *                              <----        START, RUNNING
 *     (data on the streams)
 *     END                      ---->
 *                              <----        RESULTS
 *     what it sent             ---->
 *                              <----        what arrived
 *                              <----        DISPLAY
 *     DONE                     ---->
 */

/// States, in octets as they travel.
enum class Iperf3State : uint8_t
{
    Start = 1,
    Running = 2,
    End = 4,
    Parameters = 9,
    CreateStreams = 10,
    ClientTerminate = 12,
    Results = 13,
    Display = 14,
    Done = 16,
    ServerError = 254,
    AccessDenied = 255,
};

/// The cookie, and the zero behind it.
constexpr size_t IPERF3_COOKIE_OCTETS = 37;
/// Longest JSON that is read; what a client with 128 streams sends is shorter.
constexpr size_t IPERF3_MOST_JSON = 65536;
/// Most streams of a client, as iperf3 itself has it.
constexpr uint32_t IPERF3_MOST_STREAMS = 128;
constexpr uint16_t IPERF3_PORT = 5201;

/// What a server says that cannot do what it is asked for: the state, iperf3's number for "not
/// implemented", and no error of the system.
std::string Iperf3NotImplemented();

/// Writes JSON behind its length.
std::string Iperf3Message(const std::string& json);

/**
 * Takes JSON behind its length from the front of @p octets.
 * @returns false if it can never become one: it is too long; else @p json has it once it is whole.
 */
[[nodiscard]] bool TakeIperf3Message(std::string& octets, std::optional<std::string>& json);

/// Reads parameters of a test in which the client sends by TCP; returns how many streams it has,
/// or nothing for any other test, and for what is no parameters.
std::optional<uint32_t> ReadIperf3Parameters(const std::string& json);

/// Reads the results of a client; returns how many octets it sent on all its streams, or nothing.
std::optional<uint64_t> ReadIperf3Results(const std::string& json);

/// Writes the results of a server: the octets of each stream, and how long they took.
std::string WriteIperf3Results(const std::vector<uint64_t>& octets, double seconds);

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_IPERF3_PROTOCOL_H
