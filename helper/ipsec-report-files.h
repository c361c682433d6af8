// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Writes the output folder of a run.
 */
#ifndef IPSEC_REPORT_FILES_H
#define IPSEC_REPORT_FILES_H

#include "ipsec-run-record.h"
#include "ipsec-scenario.h"

#include <string>
#include <vector>

namespace ns3
{
namespace ipsec
{

/**
 * Makes the output folder and those inside it, before the run, and removes the reports of an
 * earlier run.
 * @return the folder for captures, empty if none are wanted.
 * @throws std::invalid_argument if that is not possible.
 */
std::string PrepareOutput(const std::string& folder, const OutputSettings& output);

/**
 * Writes results.json and what the scenario asks for besides.
 * @return one line for each thing that could not be made, such as pictures without gnuplot.
 * @throws std::invalid_argument if a file cannot be written.
 */
std::vector<std::string> WriteOutput(const std::string& folder,
                                     const OutputSettings& output,
                                     const RunRecord& record);

/// Makes a folder with those above it, unless it is there. @throws std::invalid_argument if that is
/// not possible.
void MakeFolder(const std::string& folder);

/// Makes sure that a file can be written, before the run that fills it. @throws
/// std::invalid_argument if not.
void RequireWritable(const std::string& path);

/// Writes one file. @throws std::invalid_argument if it cannot be written.
void WriteTextFile(const std::string& path, const std::string& text);

/// Writes one self-contained HTML page: verdict, ladders, tables.
std::string ReportHtml(const RunRecord& record, const std::vector<std::string>& pictures = {});

/// Writes text so that it stands for itself in XML and HTML.
std::string EscapeMarkup(const std::string& text);

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_REPORT_FILES_H
