// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Measures in processes of their own, so that none finds the memory of the one before.
 */
#ifndef RUN_APART_H
#define RUN_APART_H

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <type_traits>
#include <unistd.h>

/// Calls a function in a process of its own and returns what it returns; ends with 1 if that
/// process does not end well.
template <typename Function>
std::invoke_result_t<Function>
RunApart(const Function& function)
{
    using Cost = std::invoke_result_t<Function>;
    static_assert(std::is_trivially_copyable_v<Cost>, "it goes through a pipe");
    int pipes[2];
    if (pipe(pipes) != 0)
    {
        std::abort();
    }
    std::fflush(stdout);
    const pid_t child = fork();
    if (child == 0)
    {
        // It must not outlive who asked.
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        const Cost cost = function();
        const bool isWritten = write(pipes[1], &cost, sizeof(cost)) == sizeof(cost);
        _exit(isWritten ? 0 : 1);
    }
    Cost cost;
    close(pipes[1]);
    const bool isRead = read(pipes[0], &cost, sizeof(cost)) == sizeof(cost);
    close(pipes[0]);
    int status = 0;
    waitpid(child, &status, 0);
    if (!isRead || status != 0)
    {
        std::exit(1);
    }
    return cost;
}

#endif // RUN_APART_H
