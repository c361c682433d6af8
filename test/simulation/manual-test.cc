// SPDX-License-Identifier: GPL-2.0-only
// What doc/ipsec.rst, help texts and comments of examples say, against what is there.
#include "folder-test.h"
#include "reference-tables.h"

#include "ns3/ipsec-helper.h"
#include "ns3/vpn-topology-helper.h"

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <set>
#include <sstream>

namespace ns3
{
namespace ipsec
{

namespace
{

namespace fs = std::filesystem;

const fs::path EXAMPLES = fs::path(IPSEC_SCENARIOS).parent_path();
const fs::path MANUAL = EXAMPLES.parent_path() / "doc" / "ipsec.rst";

/// Returns what stands between two comments of the manual.
std::string
Between(const std::string& text, const std::string& begin, const std::string& end)
{
    const size_t first = text.find(begin);
    const size_t last = text.find(end);
    if (first == std::string::npos || last == std::string::npos)
    {
        return "nothing stands between \"" + begin + "\" and \"" + end + "\"";
    }
    return text.substr(first + begin.size(), last - first - begin.size());
}

/// Expects the manual to hold a part of it; says where the right one is.
void
ExpectPart(const std::string& name, const std::string& right)
{
    const std::string manual = Contents(MANUAL);
    const std::string part =
        Between(manual, ".. begin of " + name + "\n\n", ".. end of " + name + "\n");
    if (part != right)
    {
        const fs::path file = fs::temp_directory_path() / ("ipsec-manual-" + name + ".rst");
        std::ofstream(file) << right;
        ADD_FAILURE() << "doc/ipsec.rst has other " << name << " than the module; those of the "
                      << "module are in " << file;
    }
}

TEST(Manual, ListsTheAttributesOfAllTypes)
{
    ExpectPart("attributes", AttributeTables());
}

TEST(Manual, ListsTheTraceSourcesOfAllTypes)
{
    ExpectPart("traces", TraceTables());
}

TEST(Manual, NamesOnlyTypesThatAreThereAndAllOfThem)
{
    const std::string manual = Contents(MANUAL);
    std::set<std::string> there;
    for (const TypeId& type : OwnTypes())
    {
        there.insert(type.GetName());
        EXPECT_NE(manual.find("``" + type.GetName() + "``"), std::string::npos)
            << type.GetName() << " is not in the manual";
    }
    EXPECT_GE(there.size(), 15u);
    for (size_t at = manual.find("``ns3::ipsec::"); at != std::string::npos;
         at = manual.find("``ns3::ipsec::", at + 2))
    {
        const std::string name = manual.substr(at + 2, manual.find("``", at + 2) - at - 2);
        const bool isSignature = name.find("Callback") != std::string::npos;
        EXPECT_TRUE(isSignature || there.count(name) == 1) << name << " is not registered";
    }
}

TEST(TypesOfTheModule, HaveAGroupAndHelpInWholeSentences)
{
    for (const TypeId& type : OwnTypes())
    {
        EXPECT_EQ(type.GetGroupName(), "Ipsec") << type.GetName();
        for (size_t i = 0; i < type.GetAttributeN(); ++i)
        {
            const TypeId::AttributeInformation attribute = type.GetAttribute(i);
            EXPECT_GT(attribute.help.size(), 10u) << type.GetName() << "::" << attribute.name;
            EXPECT_EQ(attribute.help.back(), '.') << type.GetName() << "::" << attribute.name;
        }
        for (size_t i = 0; i < type.GetTraceSourceN(); ++i)
        {
            const TypeId::TraceSourceInformation source = type.GetTraceSource(i);
            EXPECT_EQ(source.help.back(), '.') << type.GetName() << "::" << source.name;
        }
    }
}

// Examples

/// Runs an example; returns what it printed, and its exit status.
std::pair<std::string, int>
RunExample(const std::string& arguments)
{
    const fs::path programs = fs::path(IPSEC_LAB_PROGRAM).parent_path();
    FILE* pipe = popen((programs / arguments).string().c_str(), "r");
    std::string text;
    char part[4096];
    for (size_t got = 0; (got = fread(part, 1, sizeof(part), pipe)) > 0;)
    {
        text.append(part, got);
    }
    return {text, pclose(pipe)};
}

/// Returns what an example's comment says that it prints.
std::string
PromisedOutput(const std::string& source)
{
    std::istringstream lines(source.substr(source.find("// Expected output:")));
    std::string text;
    std::string line;
    std::getline(lines, line);
    std::getline(lines, line);
    while (std::getline(lines, line) && line.rfind("//   ", 0) == 0)
    {
        text += line.substr(5) + "\n";
    }
    return text;
}

class Example : public testing::TestWithParam<const char*>
{
};

TEST_P(Example, PrintsWhatItsCommentSays)
{
    const auto [text, status] = RunExample(GetParam());
    EXPECT_EQ(status, 0);
    const std::string source = Contents(EXAMPLES / (std::string(GetParam()) + ".cc"));
    EXPECT_EQ(text, PromisedOutput(source));
    EXPECT_FALSE(text.empty());
}

TEST_P(Example, IsShort)
{
    const std::string source = Contents(EXAMPLES / (std::string(GetParam()) + ".cc"));
    EXPECT_LT(std::count(source.begin(), source.end(), '\n'), 150);
}

INSTANTIATE_TEST_SUITE_P(First,
                         Example,
                         testing::Values("ipsec-first", "dial-up-first", "nat-first", "vpn-first"),
                         [](const testing::TestParamInfo<const char*>& info)
                         {
                             std::string name = info.param;
                             std::replace(name.begin(), name.end(), '-', '_');
                             return name;
                         });

TEST(Examples, ListAttributesOfTheModuleWithHelp)
{
    const auto [text, status] = RunExample("ipsec-first --PrintAttributes=ns3::ipsec::IkeDaemon");
    EXPECT_EQ(status, 0);
    EXPECT_NE(text.find("--ns3::ipsec::IkeDaemon::HalfOpenLimit=[0]"), std::string::npos) << text;
    EXPECT_NE(text.find("Unfinished phase 1 exchanges as responder at most"), std::string::npos)
        << text;
    const auto [group, groupStatus] = RunExample("ipsec-first --PrintGroup=Ipsec");
    EXPECT_EQ(groupStatus, 0);
    for (const TypeId& type : OwnTypes())
    {
        EXPECT_NE(group.find(type.GetName() + "\n"), std::string::npos) << type.GetName();
    }
}

TEST(Examples, RefuseATopologyThatIsNotThere)
{
    const auto [text, status] = RunExample("vpn-first --topology=nonsense 2>&1");
    EXPECT_EQ(WEXITSTATUS(status), 2);
    EXPECT_EQ(text,
              "vpn-first: --topology: there is no 'nonsense'; allowed: star, hub-pair, full-mesh, "
              "neighbours, random-mesh\n");
}

TEST(Examples, TakeAttributesFromTheCommandLine)
{
    // The computer's only packet may not wait, so nothing is sealed and the example says so.
    const auto [text, status] =
        RunExample("ipsec-first --ns3::ipsec::IpsecDataPlane::StageLimit=0");
    EXPECT_NE(status, 0);
    EXPECT_NE(text.find("sealed 0 packet"), std::string::npos) << text;
}

} // namespace

} // namespace ipsec
} // namespace ns3
