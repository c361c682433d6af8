// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/inet-socket-address.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/ipsec-cloud-helper.h"
#include "ns3/ipsec-iperf3-protocol.h"
#include "ns3/ipsec-iperf3-server.h"
#include "ns3/node-container.h"
#include "ns3/simulator.h"
#include "ns3/tcp-socket-factory.h"

#include <algorithm>
#include <gtest/gtest.h>

namespace ns3
{
namespace ipsec
{

namespace
{

const std::string COOKIE(36, 'c');
const char PARAMETERS[] = "{\"tcp\":true,\"omit\":0,\"time\":2,\"num\":0,\"blockcount\":0,"
                          "\"parallel\":2,\"len\":131072,\"client_version\":\"3.12\"}";
const char RESULTS[] = "{\"cpu_util_total\":3.9,\"sender_has_retransmits\":1,\"streams\":["
                       "{\"id\":1,\"bytes\":1000,\"retransmits\":0},"
                       "{\"id\":3,\"bytes\":500,\"retransmits\":0}]}";

std::string
Cookie(const std::string& text = COOKIE)
{
    return text + '\0';
}

std::string
States(std::initializer_list<Iperf3State> states)
{
    std::string octets;
    for (const Iperf3State state : states)
    {
        octets.push_back(static_cast<char>(state));
    }
    return octets;
}

/// A server, and a node whose connections say what a test wants.
class Iperf3Lab
{
  public:
    explicit Iperf3Lab(Time stop = Hours(1))
    {
        NodeContainer nodes(2);
        InternetStackHelper().Install(nodes);
        IpsecCloudHelper cloud;
        const Ptr<IpsecCloudChannel> channel = cloud.CreateChannel();
        cloud.Attach(nodes.Get(0), "10.0.0.1", "255.255.255.0");
        cloud.Attach(nodes.Get(1), "10.0.0.2", "255.255.255.0");
        client = nodes.Get(0);
        server = CreateObject<Iperf3Server>();
        server->TraceConnectWithoutContext("Received", MakeCallback(&Iperf3Lab::Received, this));
        server->TraceConnectWithoutContext("Claimed", MakeCallback(&Iperf3Lab::Claimed, this));
        server->SetStopTime(stop);
        nodes.Get(1)->AddApplication(server);
        Run();
    }

    ~Iperf3Lab()
    {
        Simulator::Destroy();
    }

    /// Opens a connection; what comes back on it is appended to the result's text.
    size_t
    Connect()
    {
        Ptr<Socket> socket = Socket::CreateSocket(client, TcpSocketFactory::GetTypeId());
        socket->Connect(InetSocketAddress("10.0.0.2", IPERF3_PORT));
        socket->SetRecvCallback(MakeCallback(&Iperf3Lab::Read, this));
        sockets.push_back(socket);
        heard.emplace_back();
        Run();
        return sockets.size() - 1;
    }

    /// Says something; returns what is answered on that connection.
    std::string
    Say(size_t connection, const std::string& octets)
    {
        heard[connection].clear();
        sockets[connection]->Send(Create<Packet>(reinterpret_cast<const uint8_t*>(octets.data()),
                                                 static_cast<uint32_t>(octets.size())));
        Run();
        return heard[connection];
    }

    void
    Close(size_t connection)
    {
        sockets[connection]->Close();
        Run();
    }

    Ptr<Node> client;
    Ptr<Iperf3Server> server;
    std::vector<Ptr<Socket>> sockets;
    std::vector<std::string> heard;
    uint64_t received = 0;
    uint64_t claimed = 0;

  private:
    void
    Run()
    {
        Simulator::Stop(Seconds(1));
        Simulator::Run();
    }

    void
    Read(Ptr<Socket> socket)
    {
        const auto at = std::find(sockets.begin(), sockets.end(), socket) - sockets.begin();
        while (Ptr<Packet> packet = socket->Recv())
        {
            std::string octets(packet->GetSize(), '\0');
            packet->CopyData(reinterpret_cast<uint8_t*>(octets.data()), packet->GetSize());
            heard[static_cast<size_t>(at)] += octets;
        }
    }

    void
    Received(uint64_t octets)
    {
        received += octets;
    }

    void
    Claimed(uint64_t octets)
    {
        claimed += octets;
    }
};

/// A test with two streams, up to where data may be sent.
void
Begin(Iperf3Lab& lab)
{
    ASSERT_EQ(lab.Connect(), 0u);
    ASSERT_EQ(lab.Say(0, Cookie()), States({Iperf3State::Parameters}));
    ASSERT_EQ(lab.Say(0, Iperf3Message(PARAMETERS)), States({Iperf3State::CreateStreams}));
    lab.Connect();
    ASSERT_EQ(lab.Say(1, Cookie()), "");
    lab.Connect();
    lab.heard[0].clear();
    ASSERT_EQ(lab.Say(2, Cookie()), "");
    ASSERT_EQ(lab.heard[0], States({Iperf3State::Start, Iperf3State::Running}));
}

TEST(Iperf3Server, CountsWhatItsStreamsBringAndTellsTheClient)
{
    Iperf3Lab lab;
    ASSERT_NO_FATAL_FAILURE(Begin(lab));
    lab.Say(1, std::string(1000, 'x'));
    lab.Say(2, std::string(500, 'x'));
    EXPECT_EQ(lab.received, 1500u);
    EXPECT_EQ(lab.Say(0, States({Iperf3State::End})), States({Iperf3State::Results}));
    std::string answer = lab.Say(0, Iperf3Message(RESULTS));
    EXPECT_EQ(lab.claimed, 1500u);

    std::optional<std::string> json;
    ASSERT_TRUE(TakeIperf3Message(answer, json));
    ASSERT_TRUE(json);
    EXPECT_EQ(ReadIperf3Results(*json), 1500u);
    EXPECT_EQ(*json, WriteIperf3Results({1000, 500}, 3));
    EXPECT_EQ(answer, States({Iperf3State::Display}));
}

TEST(Iperf3Server, CountsWhatArrivesBehindTheEndAndTakesTheNextTest)
{
    Iperf3Lab lab;
    ASSERT_NO_FATAL_FAILURE(Begin(lab));
    lab.Say(0, States({Iperf3State::End}));
    lab.Say(0, Iperf3Message(RESULTS));
    lab.Say(0, States({Iperf3State::Done}));
    lab.Say(1, std::string(700, 'x'));
    EXPECT_EQ(lab.received, 700u);

    const size_t next = lab.Connect();
    EXPECT_EQ(lab.Say(next, Cookie(std::string(36, 'd'))), States({Iperf3State::Parameters}));
}

TEST(Iperf3Server, UnderstandsMessagesInPieces)
{
    Iperf3Lab lab;
    lab.Connect();
    EXPECT_EQ(lab.Say(0, COOKIE.substr(0, 10)), "");
    const std::string message = Iperf3Message(PARAMETERS);
    EXPECT_EQ(lab.Say(0, COOKIE.substr(10) + '\0' + message.substr(0, 3)),
              States({Iperf3State::Parameters}));
    EXPECT_EQ(lab.Say(0, message.substr(3, 40)), "");
    EXPECT_EQ(lab.Say(0, message.substr(43)), States({Iperf3State::CreateStreams}));
}

TEST(Iperf3Server, IsBusyForOthersDuringATest)
{
    Iperf3Lab lab;
    ASSERT_NO_FATAL_FAILURE(Begin(lab));
    const size_t other = lab.Connect();
    EXPECT_EQ(lab.Say(other, Cookie(std::string(36, 'd'))), States({Iperf3State::AccessDenied}));
    // One stream more than was agreed on.
    const size_t third = lab.Connect();
    EXPECT_EQ(lab.Say(third, Cookie()), States({Iperf3State::AccessDenied}));
}

TEST(Iperf3Server, TakesNoStreamOfAnotherClient)
{
    Iperf3Lab lab;
    lab.Connect();
    lab.Say(0, Cookie());
    lab.Say(0, Iperf3Message(PARAMETERS));
    const size_t other = lab.Connect();
    EXPECT_EQ(lab.Say(other, Cookie(std::string(36, 'd'))), States({Iperf3State::AccessDenied}));
    const size_t own = lab.Connect();
    EXPECT_EQ(lab.Say(own, Cookie()), "");
}

TEST(Iperf3Server, IsFreeAgainWhenItsClientGoes)
{
    Iperf3Lab lab;
    ASSERT_NO_FATAL_FAILURE(Begin(lab));
    lab.Close(0);
    const size_t next = lab.Connect();
    EXPECT_EQ(lab.Say(next, Cookie()), States({Iperf3State::Parameters}));
    EXPECT_EQ(lab.Say(next, Iperf3Message(PARAMETERS)), States({Iperf3State::CreateStreams}));
}

TEST(Iperf3Server, AnswersNobodyButItsClient)
{
    Iperf3Lab lab;
    lab.server->SetAttribute("Client", Ipv4AddressValue("10.0.0.9"));
    lab.Connect();
    EXPECT_EQ(lab.Say(0, Cookie()), "");
}

TEST(Iperf3Server, StopsInTheMiddleOfATest)
{
    constexpr double BEGUN = 8;
    Iperf3Lab lab(Seconds(BEGUN + 0.9));
    ASSERT_NO_FATAL_FAILURE(Begin(lab));
    ASSERT_EQ(Simulator::Now(), Seconds(BEGUN));
    lab.Say(1, std::string(100, 'x'));
    lab.Say(1, std::string(100, 'x'));
    EXPECT_EQ(lab.received, 100u);
}

/// Parameters that this server cannot serve, or that are none.
class Iperf3Refusal : public testing::TestWithParam<std::pair<const char*, std::string>>
{
};

TEST_P(Iperf3Refusal, IsToldAndMakesRoom)
{
    Iperf3Lab lab;
    lab.Connect();
    lab.Say(0, Cookie());
    EXPECT_EQ(lab.Say(0, Iperf3Message(GetParam().second)), Iperf3NotImplemented());
    const size_t next = lab.Connect();
    EXPECT_EQ(lab.Say(next, Cookie()), States({Iperf3State::Parameters}));
}

INSTANTIATE_TEST_SUITE_P(
    All,
    Iperf3Refusal,
    testing::Values(std::pair("Udp", "{\"udp\":true,\"parallel\":1}"),
                    std::pair("Reverse", "{\"tcp\":true,\"reverse\":true,\"parallel\":1}"),
                    std::pair("Both", "{\"tcp\":true,\"bidirectional\":true,\"parallel\":1}"),
                    std::pair("Omit", "{\"tcp\":true,\"omit\":1,\"parallel\":1}"),
                    std::pair("NoStream", "{\"tcp\":true,\"parallel\":0}"),
                    std::pair("TooManyStreams", "{\"tcp\":true,\"parallel\":129}"),
                    std::pair("NoJson", "tcp"),
                    std::pair("Nothing", ""),
                    std::pair("Deep", std::string(200, '['))),
    [](const auto& info) { return info.param.first; });

TEST(Iperf3Server, DropsAClientWhoseMessageWouldBeTooLong)
{
    Iperf3Lab lab;
    lab.Connect();
    lab.Say(0, Cookie());
    EXPECT_EQ(lab.Say(0, std::string(4, '\xff')), "");
    const size_t next = lab.Connect();
    EXPECT_EQ(lab.Say(next, Cookie()), States({Iperf3State::Parameters}));
}

TEST(Iperf3Results, AreRefusedIfTheyAreNone)
{
    for (const char* json : {"",
                             "[]",
                             "{}",
                             "{\"streams\":[{\"id\":1}]}",
                             "{\"streams\":[{\"bytes\":-5}]}",
                             "{\"streams\":[{\"bytes\":\"x\"}]}"})
    {
        EXPECT_FALSE(ReadIperf3Results(json)) << json;
    }
}

// iperf3 looks for its own numbers of streams: 1, 3, 4.
TEST(Iperf3Results, NumberStreamsAsTheClientDoes)
{
    const std::string json = WriteIperf3Results({7, 8, 9}, 1.5);
    for (const char* part : {"\"id\": 1,",
                             "\"id\": 3,",
                             "\"id\": 4,",
                             "\"retransmits\": -1.0,",
                             "\"bytes\": 9,",
                             "\"end_time\": 1.5"})
    {
        EXPECT_NE(json.find(part), std::string::npos) << part << " in " << json;
    }
    EXPECT_EQ(json.find("\"id\": 2,"), std::string::npos);
}

} // namespace

} // namespace ipsec
} // namespace ns3
