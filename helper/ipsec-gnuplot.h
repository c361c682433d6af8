// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Runs the program gnuplot.
 */
#ifndef IPSEC_GNUPLOT_H
#define IPSEC_GNUPLOT_H

#include <string>

namespace ns3
{
namespace ipsec
{

/// Runs gnuplot in a folder with a program of its language. Returns why there is no picture:
/// gnuplot is missing, or cannot be run, or failed; nothing if it did its work.
std::string RunGnuplot(const std::string& folder, const std::string& program);

/// Takes away pictures of an earlier run, with the programs and data that they were made of.
void RemovePlots(const std::string& folder);

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_GNUPLOT_H
