// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-gnuplot.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <spawn.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>
#include <vector>

namespace ns3
{
namespace ipsec
{

namespace
{

/// What the files are that are there without pictures.
std::string
NoPictures(const std::string& folder)
{
    return folder + " holds programs and data for it, but no pictures.";
}

/// Says how a child process ended that did not do its work.
std::string
EndText(int status)
{
    return WIFSIGNALED(status) ? "was ended by signal " + std::to_string(WTERMSIG(status))
                               : "failed with exit status " + std::to_string(WEXITSTATUS(status));
}

} // namespace

std::string
RunGnuplot(const std::string& folder, const std::string& program)
{
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addchdir_np(&actions, folder.c_str());
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    std::string name = "gnuplot";
    std::string file = program;
    char* arguments[] = {name.data(), file.data(), nullptr};
    pid_t child = 0;
    const int error = posix_spawnp(&child, "gnuplot", &actions, nullptr, arguments, environ);
    posix_spawn_file_actions_destroy(&actions);
    if (error == ENOENT && access(folder.c_str(), X_OK) == 0)
    {
        return "The program gnuplot is not installed: " + NoPictures(folder);
    }
    int status = 0;
    if (error != 0 || waitpid(child, &status, 0) != child)
    {
        return std::string("The program gnuplot cannot be run (") +
               std::strerror(error != 0 ? error : errno) + "): " + NoPictures(folder);
    }
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
    {
        return "";
    }
    return "The program gnuplot " + EndText(status) + " at " + folder + "/" + program +
           ": no picture was made of it.";
}

void
RemovePlots(const std::string& folder)
{
    std::error_code error;
    std::vector<std::filesystem::path> old;
    for (const auto& entry : std::filesystem::directory_iterator(folder, error))
    {
        const std::string extension = entry.path().extension().string();
        if (extension == ".plt" || extension == ".dat" || extension == ".svg" ||
            extension == ".png")
        {
            old.push_back(entry.path());
        }
    }
    for (const std::filesystem::path& path : old)
    {
        std::filesystem::remove(path, error);
    }
}

} // namespace ipsec
} // namespace ns3
