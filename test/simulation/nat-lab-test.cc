// SPDX-License-Identifier: GPL-2.0-only
// NAT traversal as captures on both sides of a NAT show it, and the lab about it.
#include "lab-program-test.h"
#include "thrown-sentence.h"

#include "ns3/ipsec-nat-lab.h"
#include "ns3/ipsec-scenario-reader.h"
#include "ns3/ipsec-scenario-runner.h"

#include <algorithm>

namespace ns3
{
namespace ipsec
{
namespace
{

const std::string FILE_NAME = std::string(IPSEC_SCENARIOS) + "/../labs/nat-traversal.ini";

/// The lab's scenario, captured.
class NatRun : public FolderTest
{
  protected:
    void
    Run(const std::vector<std::string>& changes = {})
    {
        const Scenario scenario = ReadScenario(FILE_NAME, changes);
        m_names = FindNatTunnels(scenario);
        RunOptions options;
        options.pcapFolder = m_folder.string();
        options.prepare = [this](const ScenarioNetwork& network) { m_watch.Attach(network); };
        m_outcome = ObserveNat(RunScenario(scenario, options), m_names);
        m_inside = Captured("office");
        m_outside = Captured("hub");
        m_checks = CheckNatD(m_inside, m_outside);
    }

    std::vector<SeenDatagram>
    Captured(const std::string& gateway) const
    {
        return ReadDatagrams(ReadIpCapture((m_folder / (gateway + "-internet.pcap")).string()));
    }

    size_t
    CountOf(const std::vector<SeenDatagram>& datagrams, NattKind kind) const
    {
        return static_cast<size_t>(std::count_if(datagrams.begin(),
                                                 datagrams.end(),
                                                 [&](const SeenDatagram& one)
                                                 { return KindOf(one) == kind; }));
    }

    NatTunnels m_names;
    MappingWatch m_watch;
    NatRunOutcome m_outcome;
    std::vector<SeenDatagram> m_inside;
    std::vector<SeenDatagram> m_outside;
    std::vector<NatDCheck> m_checks;
};

TEST_F(NatRun, NatDDiffersWhereTheNatChangedAnEndpoint)
{
    Run();
    // Two payloads in each of messages 3 and 4 of one main mode.
    ASSERT_EQ(m_checks.size(), 4u);
    for (const NatDCheck& check : m_checks)
    {
        EXPECT_TRUE(check.MatchesSent());
        EXPECT_EQ(check.message, check.isFromInitiator ? 3u : 4u);
        // The NAT changes the initiator's endpoint: a source on the way out, a destination back.
        EXPECT_EQ(check.MatchesArrived(), check.isFromInitiator == check.isAboutDestination);
        EXPECT_EQ(check.MatchesArrived(), check.sent == check.arrived);
    }
    EXPECT_EQ(m_checks[1].sent.ToString(), "192.168.1.2:500");
    EXPECT_EQ(m_checks[1].arrived.ToString(), "203.0.113.1:20000");
}

TEST_F(NatRun, WithoutNatTraversalThereIsNoNatD)
{
    Run({"nat.home.ports=preserve", "tunnel.office.nat-traversal=off"});
    EXPECT_TRUE(m_checks.empty());
}

TEST_F(NatRun, KindsAreToldByTheFirstOctets)
{
    Run();
    EXPECT_EQ(CountOf(m_inside, NattKind::Ike), 4u);
    // Messages 5 and 6, and quick mode.
    EXPECT_EQ(CountOf(m_inside, NattKind::IkeWithMarker), 5u);
    // Twenty pings and answers of the office, and five calls that never came.
    EXPECT_EQ(CountOf(m_inside, NattKind::EspInUdp), 2u * 20);
    EXPECT_EQ(CountOf(m_inside, NattKind::Esp), 0u);
    EXPECT_EQ(CountOf(m_inside, NattKind::Other), 0u);
    const size_t keepAlives = CountOf(Captured("store"), NattKind::KeepAlive);
    EXPECT_EQ(CountOf(m_inside, NattKind::KeepAlive) + keepAlives, m_outcome.keepAlives);
    EXPECT_GT(m_outcome.keepAlives, 15u);
}

TEST_F(NatRun, EveryDatagramOfTheInsideHasItsTwinAtTheHub)
{
    Run();
    for (const SeenDatagram& one : m_inside)
    {
        const SeenDatagram* twin = FindTwin(one, m_outside);
        // Keepalives are all equal, so that of the other gateway may stand for one.
        ASSERT_NE(twin, nullptr) << KindText(one);
        EXPECT_EQ(twin->payload, one.payload);
        EXPECT_NE(twin->source.ToString() + twin->destination.ToString(),
                  one.source.ToString() + one.destination.ToString());
    }
}

TEST_F(NatRun, WithoutEncapsulationEspHasNoPorts)
{
    Run({"tunnel.office.nat-traversal=off",
         "tunnel.store.nat-traversal=off",
         "nat.home.esp=one-per-remote"});
    EXPECT_EQ(CountOf(m_inside, NattKind::EspInUdp), 0u);
    EXPECT_EQ(CountOf(m_inside, NattKind::IkeWithMarker), 0u);
    EXPECT_GT(CountOf(m_inside, NattKind::Esp), 0u);
    EXPECT_EQ(m_outcome.fromInside.answered, m_outcome.fromInside.sent / 2);
    EXPECT_EQ(m_outcome.lost.count("EspBusy"), 1u);
}

TEST_F(NatRun, MappingsLiveAsLongAsSomethingRefreshesThem)
{
    Run();
    const Endpoint ike{IpAddress::Parse("192.168.1.2"), IKE_PORT};
    const Endpoint natt{IpAddress::Parse("192.168.1.2"), NATT_PORT};
    const auto at = [](int seconds) { return Instant(std::chrono::seconds(seconds)); };
    const std::vector<MappingEvent>& events = m_watch.Events();
    ASSERT_TRUE(OutsideAt(events, ike, at(1)).has_value());
    EXPECT_FALSE(OutsideAt(events, ike, at(40)).has_value());
    const std::optional<Endpoint> before = OutsideAt(events, natt, at(199));
    ASSERT_TRUE(before.has_value());
    EXPECT_FALSE(OutsideAt(events, natt, at(201)).has_value());
    const std::optional<Endpoint> after = OutsideAt(events, natt, at(220));
    ASSERT_TRUE(after.has_value());
    EXPECT_NE(before->port, after->port);
    // Each event, and the heading.
    EXPECT_EQ(LineCount(MappingsCsv(events)), events.size() + 1);
}

TEST(NatLabCases, ComeOutAsTheHandoutSays)
{
    const Scenario scenario = ReadScenario(FILE_NAME);
    const NatTunnels names = FindNatTunnels(scenario);
    const auto outcome = [&](const std::vector<std::string>& changes)
    { return ObserveNat(RunScenario(ReadScenario(FILE_NAME, changes)), names); };
    EXPECT_EQ(names.tunnels, (std::vector<std::string>{"office", "store"}));
    std::map<std::string, NatRunOutcome> all;
    for (const NatCase& one : NatCases(names))
    {
        all[one.name] = outcome(one.changes);
    }
    EXPECT_EQ(all["NAT traversal"].fromInside.answered, 20u);
    // All but the five calls behind the rebinding.
    EXPECT_EQ(all["NAT traversal"].fromHub.answered, 15u);
    EXPECT_EQ(all["without, the NAT refuses ESP"].fromInside.answered, 0u);
    EXPECT_TRUE(all["without, the NAT refuses ESP"].allUpAt.has_value());
    EXPECT_EQ(all["AH"].fromInside.answered, 0u);
    EXPECT_FALSE(all["AH"].allUpAt.has_value());
    EXPECT_EQ(all["AH"].failures.front(), "office: AhThroughNat");
    EXPECT_EQ(all["no keepalives"].fromHub.answered, 5u);
    EXPECT_EQ(all["no keepalives"].keepAlives, 0u);
    // Who had to wait for the tunnel got its answers late.
    EXPECT_GT(*all["the NAT helps one IKE daemon"].allUpAt, Instant(std::chrono::seconds(30)));
    EXPECT_EQ(all["the NAT helps one IKE daemon"].fromInside.answered, 20u);
    EXPECT_GT(*all["the NAT helps one IKE daemon"].slowest, std::chrono::seconds(28));
    EXPECT_LT(*all["NAT traversal"].slowest, std::chrono::milliseconds(50));
    EXPECT_FALSE(all["AH"].slowest.has_value());
    // Beyond the NAT's time-out a keepalive comes too late.
    EXPECT_EQ(outcome(ForAllTunnels(names, "nat-keepalive=25s")).fromHub.answered, 15u);
    EXPECT_EQ(outcome(ForAllTunnels(names, "nat-keepalive=45s")).fromHub.answered, 5u);
}

TEST(NatLabCases, NeedAGatewayBehindANat)
{
    const std::string file = std::string(IPSEC_SCENARIOS) + "/site-to-site.ini";
    EXPECT_NE(ThrownSentence([&] { FindNatTunnels(ReadScenario(file)); })
                  .find("has no tunnel whose first end is behind a [nat]"),
              std::string::npos);
}

class NatLabProgram : public LabProgramTest
{
  protected:
    NatLabProgram()
        : LabProgramTest("nat-traversal")
    {
    }
};

TEST_F(NatLabProgram, ShowsEachStepAndWritesWhatItShows)
{
    const ProgramRun run = Lab("--keepalives 20s,45s");
    ASSERT_EQ(run.status, 0) << run.err;
    for (const char* text : {"encrypted, port 4500",
                             "192.168.1.2:500    equal            203.0.113.1:20000  DIFFERS\n",
                             "So hub knows: office is behind a NAT, hub is not.\n",
                             "So office knows: hub is not, office is behind a NAT.\n",
                             "NAT keepalive                   29  192.168.1.2:4500 > "
                             "198.51.100.1:4500  203.0.113.1:20004 > 198.51.100.1:4500  ff\n",
                             "192.168.1.2:4500 = 203.0.113.1:20004  ends: Reboot    199.920\n",
                             "20 EspOff",
                             "every 45s"})
    {
        EXPECT_TRUE(run.Says(text)) << text << "\n" << run.out;
    }
    ExpectFiles({"mappings.csv",
                 "pcap/office-internet.pcap",
                 "pcap/home-internet.pcap",
                 "plots/answered-over-keepalive.svg",
                 "results.json"});
}

TEST_F(NatLabProgram, HandoutAgreesWithTheProgram)
{
    ExpectHandoutToAgree(12);
}

TEST_F(NatLabProgram, TasksFailWithHintsUntilTheyAreSolved)
{
    ExpectTasksToBeSolvable(
        {{1, "--tunnel.wan.office.nat-traversal=auto", "hint: ESP has no ports"},
         {2, "--tunnel.wan.nat-keepalive=35s", "hint: see NATs in the report: NoMapping"},
         {3, "--tunnel.wan.office.dpd=periodic", "hint: which messages of IKE"}});
}

TEST_F(NatLabProgram, TasksAreMetInTheWayThatTheyTeach)
{
    for (const char* right : {"28s", "39s"})
    {
        EXPECT_EQ(Task(2, std::string("--tunnel.wan.nat-keepalive=") + right).status, 0) << right;
    }
    ExpectTaskToRefuse(2, "--tunnel.wan.nat-keepalive=27s", "every 20 s is the usual");
    // The calls arrive, but only because of when they come.
    for (const char* late : {"40s", "45s", "50s"})
    {
        ExpectTaskToRefuse(
            2, std::string("--tunnel.wan.nat-keepalive=") + late, "ports 500 and 4500 of the");
    }
    const std::string none = "--tunnel.wan.nat-keepalive=0s ";
    ExpectTaskToRefuse(2, none + "--nat.home.udp-timeout=1h", "the router is as it is");
    ExpectTaskToRefuse(2,
                       none + "--tunnel.wan.office.dpd=always --tunnel.wan.office.dpd-delay=30s",
                       "probes of dead peer detection");
    ExpectTaskToRefuse(2, none + "--tunnel.wan.phase2-lifetime=40s", "renewing an SA keeps");
    ExpectTaskToRefuse(1, "--nat.home.esp=one-per-remote", "the router is as it is");
    // Six keepalives are right, but not because the router was made patient.
    ExpectTaskToRefuse(2,
                       "--tunnel.wan.nat-keepalive=41s --nat.home.udp-timeout=60s",
                       "the router is as it is: how often");
    ExpectTaskToRefuse(3, "--event.new-line.at=159s", "the new line comes when it comes");
    ExpectTaskToRefuse(3, "--nat.home.ports=preserve", "the router is as it is, and gives");
}

TEST_F(NatLabProgram, FindingsAreThereAsJson)
{
    ExpectFindings("--keepalives 20s,45s",
                   {{"natD", 4},
                    {"conclusions", 2},
                    {"steps", 9},
                    {"mappings", 10},
                    {"cases", 8},
                    {"keepalives", 2}});
}

TEST_F(NatLabProgram, TeachersQuoteWhatItShows)
{
    ExpectHandoutToQuote(Lab(""));
}

TEST_F(NatLabProgram, HandoutsSuggestionsWork)
{
    for (const char* options : {"--nat.home.udp-timeout=15s",
                                "--nat.home.ports=preserve",
                                "--tunnel.office.nat-traversal=force"})
    {
        const ProgramRun run = Lab(std::string("--keepalives none ") + options);
        EXPECT_EQ(run.status, 0) << options << run.err;
        EXPECT_NE(Handout().find(options), std::string::npos) << options;
    }
    // Aggressive mode has NAT-D, too, but the lab reads that of main mode.
    const ProgramRun aggressive = Lab("--keepalives none --tunnel.office.mode=aggressive");
    EXPECT_TRUE(aggressive.Says("office sent no NAT-D in main mode.\n")) << aggressive.out;
}

TEST_F(NatLabProgram, TakesAScenarioOfOnesOwn)
{
    // Its pages are loaded over TCP, which finds no connection where NAT traversal is off.
    const ProgramRun run = Lab("examples/scenarios/home-office.ini --keepalives none");
    EXPECT_EQ(run.status, 0) << run.err;
    EXPECT_EQ(run.err, "");
    // Two pages and a call; the television's film crosses no tunnel.
    EXPECT_TRUE(run.Says("0.119  400 of 400            10 of 10 ")) << run.out;
}

TEST_F(NatLabProgram, BadInputIsOneLine)
{
    ExpectRefusal("--keepalives 5", "command line: --keepalives: '5' ");
    ExpectRefusal("examples/scenarios/site-to-site.ini", "whose first end is behind a [nat]");
    ExpectRefusal("examples/scenarios/carrier-nat.ini",
                  "examples/scenarios/carrier-nat.ini: has no tunnel whose first end is behind a "
                  "[nat]; the lab looks at the first one that is; those of [branches] and "
                  "[clients] have no captures");
}

} // namespace
} // namespace ipsec
} // namespace ns3
