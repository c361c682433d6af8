// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Keeps the results of finished points in a folder.
 */
#ifndef IPSEC_SWEEP_STORE_H
#define IPSEC_SWEEP_STORE_H

#include "ipsec-sweep.h"

#include <optional>
#include <string>
#include <vector>

namespace ns3
{
namespace ipsec
{

/**
 * One file for each finished point, named by a hash of all that its result depends on: scenario,
 * overrides, run, settings, the program with the libraries of this module, ns-3 and OpenSSL, and
 * the variables of the environment by which ns-3 changes defaults. A file appears whole or not at
 * all. Beside it is the scenario, for ipsec-lab.
 */
class SweepStore
{
  public:
    /// Makes the folder. @throws std::invalid_argument if that is not possible.
    explicit SweepStore(const std::string& folder);

    /// Returns the name of a point's files, without extension.
    std::string KeyOf(const SweepPoint& point) const;
    /// Returns the result of a finished point, or nothing.
    std::optional<PointResult> Load(const SweepPoint& point) const;
    /// Keeps a result. @throws std::invalid_argument if it cannot be written.
    void Save(const SweepPoint& point, const PointResult& result) const;

    /// Returns the file that a child process writes its complaints to.
    std::string ComplaintPath(const SweepPoint& point, int process) const;
    /// Takes away what a child process that was ended may have left.
    void RemoveParts(const SweepPoint& point, int process) const;

  private:
    std::string PathOf(const SweepPoint& point, const std::string& extension) const;

    std::string m_folder;
    /// Tells one build of the program and one environment from another.
    std::string m_program;
};

/// Returns a line for the program and each loaded library that results depend on: its name, its
/// size, and what tells one build of it from another.
std::vector<std::string> ComputingFiles();

/// Writes a file so that it is there as a whole or as it was before, whoever else writes it at the
/// same time. @throws std::invalid_argument if it cannot be written.
void ReplaceFile(const std::string& path, const std::string& text);

/// Returns a point's scenario as a file that ipsec-lab runs, with the overrides in its first lines.
std::string ScenarioFileText(const SweepPoint& point);

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_SWEEP_STORE_H
