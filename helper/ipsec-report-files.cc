// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-report-files.h"

#include "ipsec-gnuplot.h"
#include "ipsec-ladder.h"
#include "ipsec-report-displays.h"
#include "ipsec-report-json.h"
#include "ipsec-report-wireshark.h"
#include "ipsec-series-plots.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace ns3
{
namespace ipsec
{

namespace
{

/// @name Files of an output folder
/// @{
const char RESULTS_JSON[] = "/results.json";
const char REPORT_TEXT[] = "/report.txt";
const char LADDER_SVG[] = "/ladder.svg";
const char REPORT_HTML[] = "/report.html";
const char IKE_TABLE[] = "/wireshark/ikev1_decryption_table";
const char ESP_TABLE[] = "/wireshark/esp_sa";
const char PREFERENCES[] = "/wireshark/preferences";
const char NETANIM_XML[] = "/netanim.xml";
const char SERIES_CSV[] = "/series.csv";
const char PLOTS[] = "/plots";
/// @}

/// Takes away the reports of an earlier run, so that none of them stands beside those of this one.
void
RemoveReports(const std::string& folder)
{
    for (const char* name : {REPORT_TEXT,
                             LADDER_SVG,
                             REPORT_HTML,
                             IKE_TABLE,
                             ESP_TABLE,
                             PREFERENCES,
                             NETANIM_XML,
                             SERIES_CSV})
    {
        std::error_code error;
        std::filesystem::remove(folder + name, error);
        if (error)
        {
            throw std::invalid_argument(folder + name + " cannot be replaced: " + error.message());
        }
    }
}

} // namespace

void
MakeFolder(const std::string& folder)
{
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error)
    {
        throw std::invalid_argument("output folder " + folder +
                                    " cannot be made: " + error.message());
    }
}

std::string
PrepareOutput(const std::string& folder, const OutputSettings& output)
{
    MakeFolder(folder);
    RequireWritable(folder + RESULTS_JSON);
    RemoveReports(folder);
    RemovePlots(folder + PLOTS);
    if (output.series)
    {
        MakeFolder(folder + PLOTS);
    }
    if (output.wireshark)
    {
        MakeFolder(folder + "/wireshark");
    }
    if (!output.pcap)
    {
        return "";
    }
    MakeFolder(folder + "/pcap");
    return folder + "/pcap";
}

void
RequireWritable(const std::string& path)
{
    if (!std::ofstream(path, std::ios::binary | std::ios::app))
    {
        throw std::invalid_argument(path + " cannot be written: " + std::strerror(errno));
    }
}

void
WriteTextFile(const std::string& path, const std::string& text)
{
    std::ofstream file(path, std::ios::binary | std::ios::trunc);
    file << text;
    file.close();
    if (!file)
    {
        throw std::invalid_argument(path + " cannot be written: " + std::strerror(errno));
    }
}

std::vector<std::string>
WriteOutput(const std::string& folder,
            const OutputSettings& output,
            const RunRecord& record,
            const ScenarioSource& source)
{
    std::vector<std::string> notes;
    Plots plots;
    if (output.series)
    {
        WriteTextFile(folder + SERIES_CSV, SeriesCsv(record.series));
        plots = PlotSeries(folder + PLOTS, record.series);
    }
    if (!plots.note.empty())
    {
        notes.push_back(plots.note);
    }
    WriteTextFile(folder + RESULTS_JSON, ReportJson(record));
    WriteTextFile(folder + REPORT_TEXT, ReportText(record));
    if (output.svg)
    {
        WriteTextFile(folder + LADDER_SVG, LadderSvg(MakeLadders(record), record.scenario));
    }
    if (output.html)
    {
        WriteTextFile(folder + REPORT_HTML, ReportHtml(record, plots.pictures, source));
    }
    if (output.wireshark)
    {
        WriteTextFile(folder + IKE_TABLE, WiresharkIkeTable(record));
        WriteTextFile(folder + ESP_TABLE, WiresharkEspTable(record));
        WriteTextFile(folder + PREFERENCES, WiresharkPreferences());
    }
    return notes;
}

} // namespace ipsec
} // namespace ns3
