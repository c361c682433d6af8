// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * A simulated host that a real iperf3 can send to.
 */
#ifndef IPSEC_IPERF3_SERVER_H
#define IPSEC_IPERF3_SERVER_H

#include "ns3/application.h"
#include "ns3/ipv4-address.h"
#include "ns3/nstime.h"
#include "ns3/socket.h"
#include "ns3/traced-callback.h"

#include <map>
#include <string>
#include <vector>

namespace ns3
{
namespace ipsec
{

/**
 * Answers `iperf3 -c HOST`: one test at a time, in which the client sends by TCP. Whoever asks for
 * another kind of test (UDP, --reverse, --bidir, --omit) is told that it is not implemented, and
 * who comes during a test that the server is busy. ns-3's own receivers cannot do this, for iperf3
 * wants to agree on a test first.
 */
class Iperf3Server : public Application
{
  public:
    static TypeId GetTypeId();
    Iperf3Server();
    ~Iperf3Server() override;

    /// Signature of the trace sources Received and Claimed.
    typedef void (*OctetsTracedCallback)(uint64_t octets);

  protected:
    void DoDispose() override;

  private:
    /// What a connection is; its first octets tell.
    enum class Kind : uint8_t
    {
        Unknown,
        Control,
        Stream,
    };

    struct Connection
    {
        Kind kind = Kind::Unknown;
        /// What was not understood yet; nothing of streams.
        std::string waiting;
    };

    /// What the control connection brings next.
    enum class Expect : uint8_t
    {
        Nothing, ///< there is no test
        Parameters,
        Streams,
        End,
        Results,
        Done,
    };

    struct StreamCount
    {
        Ptr<Socket> socket;
        uint64_t octets = 0;
    };

    void StartApplication() override;
    void StopApplication() override;

    bool HandleRequest(Ptr<Socket> listener, const Address& from);
    void HandleAccept(Ptr<Socket> socket, const Address& from);
    void HandleReadable(Ptr<Socket> socket);
    void HandleClose(Ptr<Socket> socket);
    void HandleOctets(const Ptr<Socket>& socket, const std::string& octets);
    void HandleCookie(const Ptr<Socket>& socket, Connection& connection);
    void HandleControl(std::string& waiting);
    bool TakeControlMessage(std::string& waiting);
    bool HandleState(uint8_t state);
    bool HandleJson(const std::string& json);
    void AddStream(const Ptr<Socket>& socket);
    void CountStream(const Ptr<Socket>& socket, uint64_t octets);
    void EndTest();
    static void Part(const Ptr<Socket>& socket);
    void Say(const std::string& octets);
    static void SayTo(const Ptr<Socket>& socket, const std::string& octets);

    uint16_t m_port = 0;
    Ipv4Address m_client;
    Ptr<Socket> m_listener;
    std::map<Ptr<Socket>, Connection> m_connections;
    /// @name The test that goes on
    /// @{
    Ptr<Socket> m_control;
    Expect m_expect = Expect::Nothing;
    std::string m_cookie;
    uint32_t m_wanted = 0;
    std::vector<StreamCount> m_streams;
    Time m_begin;
    Time m_duration;
    /// @}
    TracedCallback<uint64_t> m_receivedTrace;
    TracedCallback<uint64_t> m_claimedTrace;
};

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_IPERF3_SERVER_H
