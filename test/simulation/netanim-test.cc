// SPDX-License-Identifier: GPL-2.0-only
// Where nodes are drawn, and what ipsec-lab writes for NetAnim.
#include "folder-test.h"

#include "ns3/ipsec-scenario-reader.h"
#include "ns3/ipsec-topology-layout.h"

#include <cmath>
#include <gtest/gtest.h>
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

/// Returns the colours that a node of an animation has, in the order of time.
std::vector<std::string>
Colours(const std::string& xml, const std::string& node)
{
    std::vector<std::string> colours;
    std::istringstream lines(xml);
    for (std::string line; std::getline(lines, line);)
    {
        if (Has(line, "p=\"c\"") && Has(line, " id=\"" + node + "\""))
        {
            const size_t from = line.find(" r=");
            const size_t end = line.find_last_of('"');
            colours.push_back(line.substr(from + 1, end - from));
        }
    }
    return colours;
}

class NetAnim : public FolderTest
{
};

TEST_F(NetAnim, ShowsTheStateOfSasAsColours)
{
    const std::string scenario = std::string(IPSEC_SCENARIOS) + "/site-to-site.ini";
    const ProgramRun run =
        RunProgram(IPSEC_LAB_PROGRAM,
                   scenario + " --output.netanim=true --quiet --output " + m_folder.string());
    ASSERT_EQ(run.status, 0) << run.err;
    const std::string xml = Contents(m_folder / "netanim.xml");
    EXPECT_EQ(xml.rfind("</anim>\n"), xml.size() - 8);
    EXPECT_TRUE(Has(xml, "descr=\"fw-a: up\""));
    const std::vector<std::string> colours = Colours(xml, "0");
    ASSERT_GE(colours.size(), 3u);
    const std::vector<std::string> last(colours.end() - 3, colours.end());
    EXPECT_EQ(last,
              (std::vector<std::string>{"r=\"158\" g=\"158\" b=\"158\"",
                                        "r=\"255\" g=\"179\" b=\"0\"",
                                        "r=\"46\" g=\"160\" b=\"67\""}));
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
