// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-huge-pages.h"

#include <cstdint>
#include <cstdlib>
#include <malloc.h>
#include <sys/mman.h>

namespace ns3
{
namespace ipsec
{

#if defined(__GLIBC__) && defined(MADV_HUGEPAGE)

size_t
ReserveHugePages(size_t octets)
{
    constexpr uintptr_t HUGE_PAGE = uintptr_t{2} << 20;
    // What glibc has unless told otherwise.
    constexpr int MOST_MAPPINGS = 65536;
    // What is freed stays in the heap.
    mallopt(M_TRIM_THRESHOLD, -1);
    // From the heap, whose end grows, rather than a mapping of its own.
    mallopt(M_MMAP_MAX, 0);
    void* const room = std::malloc(octets);
    mallopt(M_MMAP_MAX, MOST_MAPPINGS);
    if (!room)
    {
        return 0;
    }
    const uintptr_t begin = reinterpret_cast<uintptr_t>(room);
    const uintptr_t first = (begin + HUGE_PAGE - 1) / HUGE_PAGE * HUGE_PAGE;
    const uintptr_t last = (begin + octets) / HUGE_PAGE * HUGE_PAGE;
    const bool isAdvised =
        last > first && madvise(reinterpret_cast<void*>(first), last - first, MADV_HUGEPAGE) == 0;
    std::free(room);
    return isAdvised ? last - first : 0;
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
