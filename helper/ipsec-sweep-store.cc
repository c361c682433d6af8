// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-sweep-store.h"

#include "ipsec-csv.h"
#include "ipsec-report-files.h"

#include "ns3/crypto-hash.h"

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <link.h>
#include <sstream>
#include <stdexcept>
#include <unistd.h>

namespace ns3
{
namespace ipsec
{

namespace
{

/// Rises when the form of the files changes.
const char FORMAT[] = "ipsec sweep 1";
/// @name What a row of a file is about
/// @{
const char RESULT[] = "result";
const char COST[] = "cost";
const char TRACE[] = "trace";
const char END[] = "end";
/// @}
/// Digits of the hash that names a file.
constexpr size_t KEY_OCTETS = 12;

std::string
ReadBinary(const std::string& path)
{
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

Octets
HashOf(const std::string& text)
{
    return Digest(HashId::Sha256,
                  {OctetView(reinterpret_cast<const uint8_t*>(text.data()), text.size())});
}

std::string
Hexadecimal(const Octets& octets, size_t count)
{
    std::string text;
    for (size_t i = 0; i < count; i++)
    {
        char digits[3];
        std::snprintf(digits, sizeof(digits), "%02x", octets[i]);
        text += digits;
    }
    return text;
}

/// Collects the libraries of this module that the process has loaded.
int
NoteLibrary(dl_phdr_info* info, size_t /* size */, void* list)
{
    const std::string path = info->dlpi_name ? info->dlpi_name : "";
    if (std::filesystem::path(path).filename().string().find("ipsec") != std::string::npos)
    {
        static_cast<std::vector<std::string>*>(list)->push_back(path);
    }
    return 0;
}

/// Hashes the program and the libraries that compute its results.
std::string
ProgramHash()
{
    std::vector<std::string> paths{"/proc/self/exe"};
    dl_iterate_phdr(NoteLibrary, &paths);
    std::string hashes;
    for (const std::string& path : paths)
    {
        hashes += Hexadecimal(HashOf(ReadBinary(path)), KEY_OCTETS);
    }
    return hashes;
}

/// Adds a text with its length in front, so that no two lists of texts look alike.
void
AddText(std::string& identity, const std::string& text)
{
    identity += std::to_string(text.size()) + ":" + text;
}

void
AddMeasures(std::string& out, const char* kind, const std::vector<Measure>& measures)
{
    for (const Measure& measure : measures)
    {
        out += CsvRow({kind, measure.name, measure.unit, ExactText(measure.value)});
    }
}

/// Takes one row of a file; false if it has no place there.
bool
TakeRow(PointResult& result, const std::vector<std::string>& row)
{
    if (row.size() == 4 && (row[0] == RESULT || row[0] == COST))
    {
        std::vector<Measure>& measures = row[0] == RESULT ? result.results : result.costs;
        measures.push_back({row[1], row[2], NumberOf(row[3])});
        return true;
    }
    if (row.size() == 5 && row[0] == TRACE)
    {
        const std::optional<double> time = NumberOf(row[3]);
        const std::optional<double> value = NumberOf(row[4]);
        if (result.traces.empty() || result.traces.back().name != row[1])
        {
            result.traces.push_back({row[1], row[2], {}});
        }
        if (time && value)
        {
            result.traces.back().values.emplace_back(*time, *value);
            return true;
        }
    }
    return false;
}

} // namespace

SweepStore::SweepStore(const std::string& folder)
    : m_folder(folder)
    , m_program(ProgramHash())
{
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error || access(folder.c_str(), W_OK) != 0)
    {
        throw std::invalid_argument("output folder " + folder + " cannot be written");
    }
}

std::string
SweepStore::KeyOf(const SweepPoint& point) const
{
    std::string identity = FORMAT;
    AddText(identity, m_program);
    AddText(identity, point.scenario);
    AddText(identity, std::to_string(point.run));
    AddText(identity, std::to_string(point.overrides.size()));
    for (const std::string& text : point.overrides)
    {
        AddText(identity, text);
    }
    for (const auto& [name, value] : point.settings)
    {
        AddText(identity, name);
        AddText(identity, value);
    }
    return Hexadecimal(HashOf(identity), KEY_OCTETS);
}

std::optional<PointResult>
SweepStore::Load(const SweepPoint& point) const
{
    std::istringstream lines(ReadBinary(PathOf(point, ".csv")));
    std::string line;
    if (!std::getline(lines, line) || line != FORMAT)
    {
        return std::nullopt;
    }
    PointResult result;
    while (std::getline(lines, line))
    {
        const std::vector<std::string> row = SplitCsvRow(line);
        if (row.size() == 1 && row[0] == END)
        {
            return result;
        }
        if (!TakeRow(result, row))
        {
            return std::nullopt;
        }
    }
    return std::nullopt;
}

void
SweepStore::Save(const SweepPoint& point, const PointResult& result) const
{
    std::string text = std::string(FORMAT) + "\n";
    AddMeasures(text, RESULT, result.results);
    AddMeasures(text, COST, result.costs);
    for (const MeasureTrace& trace : result.traces)
    {
        for (const auto& [time, value] : trace.values)
        {
            text += CsvRow({TRACE, trace.name, trace.unit, ExactText(time), ExactText(value)});
        }
    }
    text += CsvRow({END});
    WriteTextFile(PathOf(point, ".ini"), ScenarioFileText(point));
    const std::string part = PathOf(point, ".part-" + std::to_string(getpid()));
    WriteTextFile(part, text);
    std::error_code error;
    std::filesystem::rename(part, PathOf(point, ".csv"), error);
    if (error)
    {
        throw std::invalid_argument(part + " cannot be renamed: " + error.message());
    }
}

std::string
SweepStore::ComplaintPath(const SweepPoint& point) const
{
    return PathOf(point, ".err");
}

void
SweepStore::RemoveParts(const SweepPoint& point, int process) const
{
    std::error_code error;
    std::filesystem::remove(PathOf(point, ".part-" + std::to_string(process)), error);
    std::filesystem::remove(ComplaintPath(point), error);
}

std::string
SweepStore::PathOf(const SweepPoint& point, const std::string& extension) const
{
    return m_folder + "/" + KeyOf(point) + extension;
}

std::string
ScenarioFileText(const SweepPoint& point)
{
    std::string text =
        "; " + point.Name() + "\n;\n;     ipsec-lab THIS-FILE --run " + std::to_string(point.run);
    for (const std::string& one : point.overrides)
    {
        text += " \\\n;         '--" + one + "'";
    }
    return text + "\n\n" + point.scenario;
}

} // namespace ipsec
} // namespace ns3
