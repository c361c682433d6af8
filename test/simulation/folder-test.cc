// SPDX-License-Identifier: GPL-2.0-only
#include "folder-test.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <sys/wait.h>

namespace ns3
{
namespace ipsec
{

namespace fs = std::filesystem;

std::string
Contents(const fs::path& path)
{
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

size_t
LineCount(const std::string& text)
{
    return static_cast<size_t>(std::count(text.begin(), text.end(), '\n'));
}

FolderTest::FolderTest()
{
    std::string name = (fs::temp_directory_path() / "ipsec-test-XXXXXX").string();
    m_folder = mkdtemp(name.data());
}

FolderTest::~FolderTest()
{
    fs::remove_all(m_folder);
}

ProgramRun
FolderTest::RunProgram(const std::string& program, const std::string& arguments) const
{
    const std::string out = (m_folder / "stdout").string();
    const std::string err = (m_folder / "stderr").string();
    const std::string command = program + " >" + out + " 2>" + err + " " + arguments;
    const int status = std::system(command.c_str());
    ProgramRun run;
    run.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    run.out = Contents(out);
    run.err = Contents(err);
    return run;
}

std::string
FolderTest::Write(const std::string& name, const std::string& text) const
{
    std::ofstream(m_folder / name, std::ios::binary) << text;
    return (m_folder / name).string();
}

} // namespace ipsec
} // namespace ns3
