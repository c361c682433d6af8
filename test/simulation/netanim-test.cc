// SPDX-License-Identifier: GPL-2.0-only
// Where nodes are drawn, and what ipsec-lab writes for NetAnim.
#include "folder-test.h"

#include "ns3/ipsec-scenario-reader.h"
#include "ns3/ipsec-topology-layout.h"

#include <cmath>
#include <gtest/gtest.h>
#include <map>
#include <sstream>

namespace
{

using namespace ns3::ipsec;

bool
Has(const std::string& text, const std::string& part)
{
    return text.find(part) != std::string::npos;
}

TEST(LayOut, HubIsInTheMiddleOfItsSpokes)
{
    const Scenario scenario = ReadScenario(std::string(IPSEC_SCENARIOS) + "/branches.ini");
    const auto places = LayOut(scenario);
    const PlanePosition hub = places.at("hub");
    double least = INFINITY;
    double most = 0;
    for (const GatewaySettings& gateway : scenario.gateways)
    {
        if (gateway.name != "hub")
        {
            const PlanePosition at = places.at(gateway.name);
            least = std::min(least, std::hypot(at.x - hub.x, at.y - hub.y));
            most = std::max(most, std::hypot(at.x - hub.x, at.y - hub.y));
        }
    }
    EXPECT_NEAR(least, most, 1e-6);
    EXPECT_GE(least, 40);
}

TEST(LayOut, NatIsBetweenTheMiddleAndThoseBehindIt)
{
    const Scenario scenario = ReadScenario(std::string(IPSEC_SCENARIOS) + "/home-office.ini");
    const auto places = LayOut(scenario);
    const auto fromHub = [&](const std::string& name)
    {
        return std::hypot(places.at(name).x - places.at("hub").x,
                          places.at(name).y - places.at("hub").y);
    };
    EXPECT_LT(fromHub("home"), fromHub("laptop"));
    EXPECT_LT(fromHub("home"), fromHub("tv"));
    EXPECT_LT(fromHub("intranet"), 20);
}

using Names = std::vector<std::string>;

/// Returns the colours that a node of an animation has, in the order of time.
Names
Colours(const std::string& xml, const std::string& node)
{
    static const std::map<std::string, std::string> NAMES{
        {"r=\"158\" g=\"158\" b=\"158\"", "grey"},
        {"r=\"149\" g=\"117\" b=\"205\"", "violet"},
        {"r=\"255\" g=\"179\" b=\"0\"", "amber"},
        {"r=\"66\" g=\"165\" b=\"245\"", "blue"},
        {"r=\"46\" g=\"160\" b=\"67\"", "green"},
        {"r=\"211\" g=\"47\" b=\"47\"", "red"}};
    Names colours;
    std::istringstream lines(xml);
    for (std::string line; std::getline(lines, line);)
    {
        if (Has(line, "p=\"c\"") && Has(line, " id=\"" + node + "\""))
        {
            const size_t from = line.find(" r=");
            const size_t end = line.find_last_of('"');
            const auto name = NAMES.find(line.substr(from + 1, end - from));
            // Before its state is known it has that of everybody else.
            if (name != NAMES.end())
            {
                colours.push_back(name->second);
            }
        }
    }
    return colours;
}

class NetAnim : public FolderTest
{
  protected:
    /// Runs a scenario and returns its animation.
    std::string
    Animation(const std::string& scenario, const std::string& options = "")
    {
        const ProgramRun run = RunProgram(IPSEC_LAB_PROGRAM,
                                          scenario + " --output.netanim=true --quiet --output " +
                                              m_folder.string() + " " + options);
        EXPECT_LT(run.status, 2) << run.err;
        return Contents(m_folder / "netanim.xml");
    }

    const std::string m_siteToSite = std::string(IPSEC_SCENARIOS) + "/site-to-site.ini";
};

TEST_F(NetAnim, ShowsTheStateOfSasAsColours)
{
    const std::string xml = Animation(m_siteToSite);
    EXPECT_EQ(xml.rfind("</anim>\n"), xml.size() - 8);
    for (const char* state : {"no SA", "negotiating", "phase 1 up", "up"})
    {
        EXPECT_TRUE(Has(xml, std::string("descr=\"fw-a: ") + state + "\"")) << state;
    }
    EXPECT_EQ(Colours(xml, "0"), (Names{"grey", "violet", "amber", "green"}));
    EXPECT_EQ(Colours(xml, "1"), (Names{"grey", "violet", "amber", "green"}));
}

TEST_F(NetAnim, WhoNegotiatesInVainIsDownInTheEnd)
{
    const std::string xml = Animation(m_siteToSite, "--tunnel.ab.fw-b.pre-shared-key=wrong");
    EXPECT_EQ(Colours(xml, "0"), (Names{"grey", "violet", "red"}));
    EXPECT_EQ(Colours(xml, "1"), (Names{"grey", "violet", "red"}));
    EXPECT_TRUE(Has(xml, "descr=\"fw-b: down\""));
}

TEST_F(NetAnim, WhoCrashedHasLostItsSas)
{
    const std::string scenario =
        Write("crash.ini",
              Contents(m_siteToSite) + "\n[event crash]\nat = 30s\nkind = crash\ntarget = fw-b\n");
    const std::string xml = Animation(scenario);
    EXPECT_EQ(Colours(xml, "0"), (Names{"grey", "violet", "amber", "green"}));
    EXPECT_EQ(Colours(xml, "1"), (Names{"grey", "violet", "amber", "green", "red"}));
}

TEST_F(NetAnim, HubWithoutAllOfItsTunnelsIsBlue)
{
    const std::string scenario =
        Write("hub.ini",
              "[simulation]\nstop = 60s\n"
              "[gateway hub]\naddress = 192.0.2.1\nlan = 10.0.0.0/24\n"
              "[gateway a]\naddress = 192.0.2.2\nlan = 10.0.1.0/24\n"
              "[gateway b]\naddress = 192.0.2.3\nlan = 10.0.2.0/24\n"
              "[tunnel ha]\nbetween = hub, a\npre-shared-key = x\nstart = auto\n"
              "[tunnel hb]\nbetween = hub, b\npre-shared-key = x\nstart = auto\n"
              "hub.pre-shared-key = y\n");
    const std::string xml = Animation(scenario);
    EXPECT_EQ(Colours(xml, "0").back(), "blue");
    EXPECT_EQ(Colours(xml, "1").back(), "green");
    // It tries again and again.
    EXPECT_EQ(Colours(xml, "2").back(), "violet");
    EXPECT_TRUE(Has(xml, "descr=\"hub: some tunnels up\""));
}

TEST_F(NetAnim, SaysThatItNeedsAFolder)
{
    const ProgramRun run =
        RunProgram(IPSEC_LAB_PROGRAM, m_siteToSite + " --output.netanim=true --quiet");
    EXPECT_EQ(run.status, 0);
    EXPECT_EQ(run.err, "ipsec-lab: without --output DIR no netanim.xml is written\n");
}

TEST_F(NetAnim, RefusesMoreNodesThanAnybodyCanSee)
{
    const std::string scenario = std::string(IPSEC_SCENARIOS) + "/branches.ini";
    const ProgramRun run = RunProgram(IPSEC_LAB_PROGRAM,
                                      scenario +
                                          " --output.netanim=true --branches.shop.count=5001"
                                          " --branches.shop.lans=10.64.0.0/10"
                                          " --output " +
                                          m_folder.string());
    EXPECT_EQ(run.status, 2);
    EXPECT_TRUE(Has(run.err, "allowed: at most 5000")) << run.err;
}

} // namespace
