// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Tests that write files, and tests that run programs.
 */
#ifndef FOLDER_TEST_H
#define FOLDER_TEST_H

#include <cstddef>
#include <filesystem>
#include <gtest/gtest.h>
#include <string>

namespace ns3
{
namespace ipsec
{

/// Returns what is in a file; nothing if there is none.
std::string Contents(const std::filesystem::path& path);
/// Counts the lines of a text that end.
size_t LineCount(const std::string& text);

/// What a run of a program left behind.
struct ProgramRun
{
    int status = -1;
    std::string out;
    std::string err;

    bool
    Says(const std::string& text) const
    {
        return out.find(text) != std::string::npos;
    }
};

/// Gives each test a folder of its own, which goes when it ends.
class FolderTest : public testing::Test
{
  protected:
    FolderTest();
    ~FolderTest() override;

    /// Runs a program with arguments of the shell.
    ProgramRun RunProgram(const std::string& program, const std::string& arguments) const;
    /// Writes a file there and returns its path.
    std::string Write(const std::string& name, const std::string& text) const;

    std::filesystem::path m_folder;
};

} // namespace ipsec
} // namespace ns3

#endif // FOLDER_TEST_H
