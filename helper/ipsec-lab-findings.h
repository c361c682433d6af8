// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * What a lab finds, as data.
 */
#ifndef IPSEC_LAB_FINDINGS_H
#define IPSEC_LAB_FINDINGS_H

#include "ipsec-lab-text.h"
#include "ipsec-run-record.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace ns3
{
namespace ipsec
{

/// Rises when a field of what labs write as JSON changes its meaning or goes.
constexpr uint64_t LAB_SCHEMA = 1;

/// The tables that a lab makes, by name and in their order.
class LabFindings
{
  public:
    /// Adds a table, or rows to the one of that name; the first row is the heading, without empty
    /// cells.
    void Add(const std::string& name, const std::vector<LabRow>& rows);
    /// Notes which run the lab is about.
    void About(const RunRecord& record);

    /**
     * Writes all tables as JSON, each row an object with the heading's cells as keys. A cell that
     * is a number is one; "3 of 5" is {"count": 3, "of": 5}; "2.5 ms", "2.5 s" and "40 %" are
     * {"value": 2.5, "unit": "ms"} and so on; an empty cell, and "-", is null.
     * @param program "lab-pfs"
     */
    std::string Json(const std::string& program) const;

  private:
    std::string m_scenario;
    uint64_t m_seed = 0;
    uint64_t m_run = 0;
    std::vector<std::pair<std::string, std::vector<LabRow>>> m_tables;
};

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_LAB_FINDINGS_H
