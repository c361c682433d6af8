// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-tshark.h"

#include "ipsec-scenario-units.h"

#include "ns3/isakmp-message.h"

#include <algorithm>
#include <fcntl.h>
#include <fstream>
#include <spawn.h>
#include <sstream>
#include <stdexcept>
#include <sys/wait.h>
#include <unistd.h>

namespace ns3
{
namespace ipsec
{

namespace
{

/// What env returns if it does not find a program.
constexpr int NOT_FOUND = 127;

const std::vector<std::string> FIELDS{"frame.protocols",
                                      "isakmp.exchangetype",
                                      "isakmp.flag_e",
                                      "isakmp.typepayload",
                                      "esp.spi",
                                      "isakmp.id.data.fqdn"};

/// Writes payload types as names; those of proposals and transforms are parts of SA.
std::string
PayloadNames(const std::string& numbers)
{
    std::string names;
    for (const std::string& number : SplitWords(numbers))
    {
        const auto type = static_cast<PayloadType>(ParseCount(number, 0, 255));
        if (type != PayloadType::Proposal && type != PayloadType::Transform)
        {
            names += (names.empty() ? "" : " ") + std::string(PayloadName(type));
        }
    }
    return names;
}

} // namespace

bool
RunTshark(const std::string& tables,
          const std::vector<std::string>& arguments,
          const std::string& output)
{
    std::vector<std::string> words{"env", "WIRESHARK_CONFIG_DIR=" + tables, "tshark", "-n"};
    words.insert(words.end(), arguments.begin(), arguments.end());
    std::vector<char*> pointers;
    for (std::string& word : words)
    {
        pointers.push_back(word.data());
    }
    pointers.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(
        &actions, STDOUT_FILENO, output.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    pid_t child = 0;
    const int error = posix_spawnp(&child, "env", &actions, nullptr, pointers.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    int status = 0;
    if (error != 0 || waitpid(child, &status, 0) != child || !WIFEXITED(status))
    {
        throw std::runtime_error("tshark cannot be run");
    }
    if (WEXITSTATUS(status) != 0 && WEXITSTATUS(status) != NOT_FOUND)
    {
        throw std::runtime_error("tshark refuses its arguments, or " + output);
    }
    return WEXITSTATUS(status) == 0;
}

std::optional<std::vector<TsharkFrame>>
DissectByTshark(const std::string& capture, const std::string& tables, const std::string& file)
{
    std::vector<std::string> arguments{
        "-r", capture, "-T", "fields", "-E", "separator=|", "-E", "aggregator=/s"};
    for (const std::string& field : FIELDS)
    {
        arguments.insert(arguments.end(), {"-e", field});
    }
    if (!RunTshark(tables, arguments, file))
    {
        return std::nullopt;
    }
    std::vector<TsharkFrame> frames;
    std::ifstream in(file);
    std::string line;
    while (std::getline(in, line))
    {
        std::vector<std::string> cells;
        std::istringstream rest(line);
        std::string cell;
        while (std::getline(rest, cell, '|'))
        {
            cells.push_back(cell);
        }
        cells.resize(FIELDS.size());
        // The last fragment of a message has the fields of its own header and of the message's.
        const std::vector<std::string> exchanges = SplitWords(cells[1]);
        const std::vector<std::string> flags = SplitWords(cells[2]);
        frames.push_back(
            {cells[0],
             exchanges.empty() ? "" : exchanges.front(),
             std::any_of(flags.begin(),
                         flags.end(),
                         [](const std::string& flag) { return flag == "1" || flag == "True"; }),
             PayloadNames(cells[3]),
             cells[4],
             cells[5]});
    }
    return frames;
}

} // namespace ipsec
} // namespace ns3
