// SPDX-License-Identifier: GPL-2.0-only
// Room for thousands of sites in pages of 2 MB.
#include "ns3/ipsec-huge-pages.h"

#include <cstdlib>
#include <fstream>
#include <gtest/gtest.h>
#include <string>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

using namespace ns3::ipsec;

namespace
{

constexpr size_t ROOM = size_t{64} << 20;
constexpr size_t KIBI = 1024;

/// Whether this kernel gives huge pages to who asks.
bool
HasHugePages()
{
    std::ifstream file("/sys/kernel/mm/transparent_hugepage/enabled");
    std::string words;
    std::getline(file, words);
    return !words.empty() && words.find("[never]") == std::string::npos;
}

/// Returns the octets of this process's memory that ask for huge pages, or lie in some ("hg" and
/// "AnonHugePages" of proc(5)).
struct HugeMemory
{
    size_t asked = 0;
    size_t given = 0;
};

HugeMemory
ReadHugeMemory()
{
    std::ifstream file("/proc/self/smaps");
    HugeMemory sum;
    size_t size = 0;
    for (std::string line; std::getline(file, line);)
    {
        const auto number = [&line] { return std::stoul(line.substr(line.find(':') + 1)) * KIBI; };
        if (line.rfind("Size:", 0) == 0)
        {
            size = number();
        }
        else if (line.rfind("AnonHugePages:", 0) == 0)
        {
            sum.given += number();
        }
        else if (line.rfind("VmFlags:", 0) == 0 && line.find(" hg") != std::string::npos)
        {
            sum.asked += size;
        }
    }
    return sum;
}

/// Runs a check in a process of its own, for a heap changes for good; tells whether it held.
template <typename Check>
bool
HoldsApart(const Check& check)
{
    const pid_t child = fork();
    if (child == 0)
    {
        _exit(check() ? 0 : 1);
    }
    int status = 1;
    waitpid(child, &status, 0);
    return status == 0;
}

} // namespace

TEST(HugePages, HoldWhatIsAllocatedNext)
{
    if (!HasHugePages())
    {
        GTEST_SKIP() << "this kernel gives no huge pages";
    }
    EXPECT_TRUE(HoldsApart(
        []
        {
            const HugeMemory before = ReadHugeMemory();
            const size_t reserved = ReserveHugePages(ROOM);
            const size_t asked = ReadHugeMemory().asked - before.asked;
            // All but the parts of a page at both ends.
            return reserved <= ROOM + ROOM / 16 && reserved > ROOM - ROOM / 8 && asked == reserved;
        }));
}

TEST(HugePages, AreTakenAsTheyAreUsed)
{
    if (!HasHugePages())
    {
        GTEST_SKIP() << "this kernel gives no huge pages";
    }
    EXPECT_TRUE(HoldsApart(
        []
        {
            const size_t before = ReadHugeMemory().given;
            if (ReserveHugePages(ROOM) == 0 || ReadHugeMemory().given > before + ROOM / 8)
            {
                return false;
            }
            std::vector<std::vector<char>> blocks;
            for (size_t i = 0; i < ROOM / 2 / KIBI; i++)
            {
                blocks.emplace_back(KIBI, 'x');
            }
            return ReadHugeMemory().given >= before + ROOM / 4;
        }));
}

TEST(HugePages, AreNotTakenBySomebodyWhoOnlyReservesMore)
{
    if (!HasHugePages())
    {
        GTEST_SKIP() << "this kernel gives no huge pages";
    }
    EXPECT_TRUE(HoldsApart(
        []
        {
            ReserveHugePages(2 * ROOM);
            const size_t before = ReadHugeMemory().given;
            return ReserveHugePages(2 * ROOM) > 0 && ReadHugeMemory().given <= before + ROOM / 8;
        }));
}

TEST(HugePages, ServeMoreThanOnce)
{
    if (!HasHugePages())
    {
        GTEST_SKIP() << "this kernel gives no huge pages";
    }
    EXPECT_TRUE(HoldsApart(
        []
        {
            const size_t first = ReserveHugePages(ROOM);
            std::vector<std::vector<char>> blocks;
            for (size_t i = 0; i < ROOM / KIBI; i++)
            {
                blocks.emplace_back(KIBI, 'x');
            }
            return first > 0 && ReserveHugePages(ROOM) > 0;
        }));
}
