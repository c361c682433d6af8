// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-report-files.h"

#include "ipsec-ladder.h"
#include "ipsec-report-displays.h"
#include "ipsec-report-json.h"
#include "ipsec-report-wireshark.h"

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

} // namespace

std::string
PrepareOutput(const std::string& folder, const OutputSettings& output)
{
    MakeFolder(folder);
    RequireWritable(folder + "/results.json");
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

void
WriteOutput(const std::string& folder, const OutputSettings& output, const RunRecord& record)
{
    WriteTextFile(folder + "/results.json", ReportJson(record));
    WriteTextFile(folder + "/report.txt", ReportText(record));
    if (output.svg)
    {
        WriteTextFile(folder + "/ladder.svg", LadderSvg(MakeLadders(record), record.scenario));
    }
    if (output.html)
    {
        WriteTextFile(folder + "/report.html", ReportHtml(record));
    }
    if (output.wireshark)
    {
        WriteTextFile(folder + "/wireshark/ikev1_decryption_table", WiresharkIkeTable(record));
        WriteTextFile(folder + "/wireshark/esp_sa", WiresharkEspTable(record));
        WriteTextFile(folder + "/wireshark/preferences", WiresharkPreferences());
    }
}

} // namespace ipsec
} // namespace ns3
