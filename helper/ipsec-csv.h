// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Rows of comma-separated values.
 */
#ifndef IPSEC_CSV_H
#define IPSEC_CSV_H

#include <optional>
#include <string>
#include <vector>

namespace ns3
{
namespace ipsec
{

/// Writes one row with its newline; fields with commas or quotes are quoted (RFC 4180).
std::string CsvRow(const std::vector<std::string>& fields);

/// Cuts one row, without its newline, into its fields.
std::vector<std::string> SplitCsvRow(const std::string& row);

/// Writes a number for tables, in twelve digits at most, so that large counts are whole; an empty
/// field for none.
std::string NumberText(std::optional<double> value);

/// Writes a number so that reading it gives the same one.
std::string ExactText(std::optional<double> value);

/// Reads a number; nothing from a text that is none.
std::optional<double> NumberOf(const std::string& text);

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_CSV_H
