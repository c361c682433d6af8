// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Titles, numbers and tables of labs, as text for a terminal.
 */
#ifndef IPSEC_LAB_TEXT_H
#define IPSEC_LAB_TEXT_H

#include "ns3/ipsec-time.h"

#include <string>
#include <vector>

namespace ns3
{
namespace ipsec
{

/// Writes a title with a line under it.
std::string LabTitle(const std::string& title);

/// Writes a number in a form of printf for a double, such as "%.2f".
std::string NumberText(const char* form, double value);

/// Returns a time in milliseconds.
double Milliseconds(Duration time);

/// Fills a column with blanks behind a text, or before it.
std::string Left(std::string text, size_t width);
std::string Right(const std::string& text, size_t width);

/// A row of cells; columns are as wide as their widest cell.
using LabRow = std::vector<std::string>;

/// Writes rows below each other, the first one is the heading. Cells of a column stand left, unless
/// all below the heading are numbers or empty.
std::string LabTable(const std::vector<LabRow>& rows);

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_LAB_TEXT_H
