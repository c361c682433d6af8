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

/// Runs gnuplot in a folder with a program of its language; returns whether it did its work.
bool RunGnuplot(const std::string& folder, const std::string& program);

/// Says that there are no pictures in a folder because gnuplot is missing.
std::string NoGnuplotNote(const std::string& folder);

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_GNUPLOT_H
