// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-sweep-store.h"

#include "ipsec-csv.h"
#include "ipsec-report-files.h"
#include "ipsec-scenario-units.h"

#include "ns3/crypto-hash.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <elf.h>
#include <filesystem>
#include <fstream>
#include <iterator>
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
/// Of the hash that names a file.
constexpr size_t KEY_OCTETS = 12;
/// Stands between the name of a file and the process that writes it.
const std::string PART = ".part-";
/// In the names of libraries that results depend on.
const char* const COMPUTING[]{"ipsec", "ns3", "libcrypto", "libssl"};

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

/// Variables by which ns-3 gives attributes and global values other defaults.
const char* const ENVIRONMENT[]{"NS_ATTRIBUTE_DEFAULT", "NS_GLOBAL_VALUE"};

/// Returns the length of a part of an ELF note with what fills its last word.
size_t
WholeWords(size_t octets)
{
    return (octets + 3) / 4 * 4;
}

/// Returns what the linker named this build by; empty if it did not.
std::string
BuildId(const dl_phdr_info& info)
{
    for (size_t i = 0; i < info.dlpi_phnum; i++)
    {
        const ElfW(Phdr)& part = info.dlpi_phdr[i];
        const char* notes = reinterpret_cast<const char*>(info.dlpi_addr + part.p_vaddr);
        size_t left = part.p_type == PT_NOTE ? part.p_memsz : 0;
        while (left >= sizeof(ElfW(Nhdr)))
        {
            ElfW(Nhdr) note;
            std::memcpy(&note, notes, sizeof(note));
            const size_t name = sizeof(note);
            const size_t value = name + WholeWords(note.n_namesz);
            const size_t size = value + WholeWords(note.n_descsz);
            if (size > left)
            {
                break;
            }
            if (note.n_type == NT_GNU_BUILD_ID && note.n_namesz == sizeof(ELF_NOTE_GNU) &&
                std::memcmp(notes + name, ELF_NOTE_GNU, sizeof(ELF_NOTE_GNU)) == 0)
            {
                const auto* octets = reinterpret_cast<const uint8_t*>(notes + value);
                return Hexadecimal(Octets(octets, octets + note.n_descsz), note.n_descsz);
            }
            notes += size;
            left -= size;
        }
    }
    return "";
}

/// Tells whether results depend on a library: this module, ns-3, or OpenSSL.
bool
Computes(const std::string& library)
{
    return std::any_of(std::begin(COMPUTING),
                       std::end(COMPUTING),
                       [&](const char* part) { return library.find(part) != std::string::npos; });
}

/// Adds a line about a file of the process that computes results to a list.
int
NoteFile(dl_phdr_info* info, size_t /* size */, void* list)
{
    const std::string path = info->dlpi_name ? info->dlpi_name : "";
    const std::string name = std::filesystem::path(path).filename().string();
    // The program itself has no name.
    if (path.empty() || Computes(name))
    {
        const std::string file = path.empty() ? "/proc/self/exe" : path;
        std::error_code error;
        const uintmax_t size = std::filesystem::file_size(file, error);
        std::string build = BuildId(*info);
        if (build.empty())
        {
            build = Hexadecimal(HashOf(ReadBinary(file)), KEY_OCTETS);
        }
        static_cast<std::vector<std::string>*>(list)->push_back(
            (path.empty() ? "program" : name) + " " + std::to_string(error ? 0 : size) + " " +
            build);
    }
    return 0;
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

/// Returns what of the environment results depend on, as a shell sets it.
std::string
EnvironmentText()
{
    std::string text;
    for (const char* name : ENVIRONMENT)
    {
        const char* value = std::getenv(name);
        text += value ? std::string(name) + "='" + Printable(value) + "' " : "";
    }
    return text;
}

} // namespace

std::vector<std::string>
ComputingFiles()
{
    std::vector<std::string> files;
    dl_iterate_phdr(NoteFile, &files);
    std::sort(files.begin(), files.end());
    return files;
}

void
ReplaceFile(const std::string& path, const std::string& text)
{
    const std::string part = path + PART + std::to_string(getpid());
    std::error_code error;
    try
    {
        WriteTextFile(part, text);
    }
    catch (const std::invalid_argument&)
    {
        std::filesystem::remove(part, error);
        throw;
    }
    std::filesystem::rename(part, path, error);
    if (error)
    {
        const std::string why = error.message();
        std::filesystem::remove(part, error);
        throw std::invalid_argument(path + " cannot be replaced: " + why);
    }
}

SweepStore::SweepStore(const std::string& folder)
    : m_folder(folder)
{
    for (const std::string& file : ComputingFiles())
    {
        AddText(m_program, file);
    }
    AddText(m_program, EnvironmentText());
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
    ReplaceFile(PathOf(point, ".ini"), ScenarioFileText(point));
    ReplaceFile(PathOf(point, ".csv"), text);
}

std::string
SweepStore::ComplaintPath(const SweepPoint& point, int process) const
{
    return PathOf(point, ".err-" + std::to_string(process));
}

void
SweepStore::RemoveParts(const SweepPoint& point, int process) const
{
    std::error_code error;
    for (const char* extension : {".ini", ".csv"})
    {
        std::filesystem::remove(PathOf(point, extension + (PART + std::to_string(process))), error);
    }
    std::filesystem::remove(ComplaintPath(point, process), error);
}

std::string
SweepStore::PathOf(const SweepPoint& point, const std::string& extension) const
{
    return m_folder + "/" + KeyOf(point) + extension;
}

std::string
ScenarioFileText(const SweepPoint& point)
{
    std::string text = "; " + point.Name() + "\n;\n;     " + EnvironmentText() +
                       "ipsec-lab THIS-FILE --run " + std::to_string(point.run);
    for (const std::string& one : point.overrides)
    {
        text += " \\\n;         '--" + one + "'";
    }
    return text + "\n\n" + point.scenario;
}

} // namespace ipsec
} // namespace ns3
