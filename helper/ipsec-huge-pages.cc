// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-huge-pages.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <malloc.h>
#include <sys/mman.h>
#include <unistd.h>
#include <vector>

namespace ns3
{
namespace ipsec
{

#if defined(__GLIBC__) && defined(MADV_HUGEPAGE)

namespace
{

constexpr uintptr_t HUGE_PAGE = uintptr_t{2} << 20;
/// What malloc() takes from the heap rather than from a mapping of its own.
constexpr size_t BLOCK = size_t{100} << 10;
/// More than this is not allocated to make the heap grow.
constexpr size_t MOST_BLOCKS = 1000;

uintptr_t
HeapEnd()
{
    return reinterpret_cast<uintptr_t>(sbrk(0));
}

/// Has the heap grow at once by what mallopt() says, if it can; returns its end.
uintptr_t
GrowHeap()
{
    const uintptr_t before = HeapEnd();
    std::vector<void*> blocks;
    while (HeapEnd() == before && blocks.size() < MOST_BLOCKS)
    {
        blocks.push_back(std::malloc(BLOCK));
    }
    for (void* block : blocks)
    {
        std::free(block);
    }
    return HeapEnd();
}

} // namespace

size_t
ReserveHugePages(size_t octets)
{
    constexpr size_t MOST = std::numeric_limits<int>::max();
    mallopt(M_TRIM_THRESHOLD, std::numeric_limits<int>::max());
    mallopt(M_TOP_PAD, static_cast<int>(std::min(octets, MOST)));
    const uintptr_t before = HeapEnd();
    const uintptr_t after = GrowHeap();
    // What is needed beyond comes in steps.
    mallopt(M_TOP_PAD, static_cast<int>(HUGE_PAGE));
    const uintptr_t first = (before + HUGE_PAGE - 1) / HUGE_PAGE * HUGE_PAGE;
    const uintptr_t last = after / HUGE_PAGE * HUGE_PAGE;
    if (last <= first || madvise(reinterpret_cast<void*>(first), last - first, MADV_HUGEPAGE) != 0)
    {
        return 0;
    }
    return last - first;
}

#else

size_t
ReserveHugePages(size_t /* octets */)
{
    return 0;
}

#endif

} // namespace ipsec
} // namespace ns3
