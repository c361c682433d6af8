// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Writes the output folder of a run.
 */
#ifndef IPSEC_REPORT_FILES_H
#define IPSEC_REPORT_FILES_H

#include "ipsec-run-record.h"
#include "ipsec-scenario-source.h"
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
                                     const RunRecord& record,
                                     const ScenarioSource& source = {});

/// Makes a folder with those above it, unless it is there. @throws std::invalid_argument if that is
/// not possible.
void MakeFolder(const std::string& folder);

/// Makes sure that a file can be written, before the run that fills it. @throws
/// std::invalid_argument if not.
void RequireWritable(const std::string& path);

/// Writes one file. @throws std::invalid_argument if it cannot be written.
void WriteTextFile(const std::string& path, const std::string& text);

/// Writes one self-contained HTML page: verdict, ladders, tables, @p pictures as SVG elements, the
/// scenario and how to run it again, which a program without a scenario file has not.
std::string ReportHtml(const RunRecord& record,
                       const std::vector<std::string>& pictures = {},
                       const ScenarioSource& source = {});

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_REPORT_FILES_H
