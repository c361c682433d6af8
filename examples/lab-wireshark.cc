// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * A teaching lab: reading a capture of IPsec in Wireshark, without its keys and with them.
 *
 *     lab-wireshark [SCENARIO.ini] [OPTIONS]
 *
 * It runs a scenario, writes the capture and Wireshark's tables of keys, and says how to open them.
 * If tshark is installed, it shows what that makes of the messages beside the ladder. The handout
 * is doc/labs/wireshark.md. Exit status: 0, or with --answers all of them are right; 1, one is
 * wrong or open; 2, bad input, in one line.
 */
#include "ns3/esp-header.h"
#include "ns3/ipsec-ike-capture.h"
#include "ns3/ipsec-lab-program.h"
#include "ns3/ipsec-lab-text.h"
#include "ns3/ipsec-ladder.h"
#include "ns3/ipsec-report-files.h"
#include "ns3/ipsec-report-wireshark.h"
#include "ns3/ipsec-tshark.h"
#include "ns3/isakmp-message.h"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace
{

using namespace ns3::ipsec;

/// Lines of tshark's tree that are shown of one message.
constexpr size_t TREE_LINES = 60;

std::string
Count(uint64_t value)
{
    return std::to_string(value);
}

/// Returns payloads without what stands in brackets behind them.
std::string
BarePayloads(const std::string& payloads)
{
    std::string bare;
    int depth = 0;
    for (const char c : payloads)
    {
        depth += c == '(' ? 1 : 0;
        if (depth == 0)
        {
            bare += c;
        }
        depth -= c == ')' ? 1 : 0;
    }
    return bare;
}

/// A question about the capture that a filter of Wireshark answers.
struct FilterCount
{
    std::string filter;
    bool needsKeys = false;
    /// As the run has it.
    uint64_t count = 0;
    /// How tshark's packets are counted.
    std::function<bool(const TsharkFrame&)> matches;
};

/// One lab: the run, its capture, and what tshark makes of it.
class WiresharkLab
{
  public:
    explicit WiresharkLab(const LabRequest& request)
        : m_request(request)
        , m_scenario(request.scenario.Read())
    {
        if (m_scenario.tunnels.empty() || m_scenario.tunnels.front().IsExternal())
        {
            throw std::invalid_argument(m_scenario.name +
                                        ": has no tunnel between two gateways; the lab captures "
                                        "the first one at its first end");
        }
        m_scenario.output.pcap = true;
        m_scenario.output.wireshark = true;
        m_record = request.Run(m_scenario);
        m_first = m_record.FindTunnel(m_scenario.tunnels.front().name)->first;
        m_capture = request.Capture(m_first + "-internet");
        m_packets = ReadIpCapture(m_capture);
        for (Ladder& ladder : MakeLadders(m_record))
        {
            if (m_ladder.steps.empty() && (ladder.left == m_first || ladder.right == m_first))
            {
                m_ladder = std::move(ladder);
            }
        }
    }

    /// Shows everything, and writes the output folder.
    void Show();

    /// Returns the exercises with their answers.
    std::vector<Exercise> Exercises() const;

  private:
    std::vector<const LadderStep*> Messages() const;
    uint64_t CountIke(const std::function<bool(const IsakmpHeader&)>& fits) const;
    uint64_t CountEsp() const;
    uint64_t InnerPackets() const;
    std::vector<FilterCount> Filters() const;
    std::string HowToOpen() const;
    std::string KeyTables() const;
    std::string SideBySide(const std::vector<TsharkFrame>& blind,
                           const std::vector<TsharkFrame>& open) const;
    std::string FilterTable(const std::vector<TsharkFrame>* blind,
                            const std::vector<TsharkFrame>* open) const;
    std::string Tree(const std::vector<TsharkFrame>& open) const;

    const LabRequest& m_request;
    Scenario m_scenario;
    RunRecord m_record;
    std::string m_first;
    std::string m_capture;
    std::vector<CapturedPacket> m_packets;
    Ladder m_ladder;
};

std::vector<const LadderStep*>
WiresharkLab::Messages() const
{
    std::vector<const LadderStep*> messages;
    for (const LadderStep& step : m_ladder.steps)
    {
        if (step.isMessage)
        {
            messages.push_back(&step);
        }
    }
    return messages;
}

uint64_t
WiresharkLab::CountIke(const std::function<bool(const IsakmpHeader&)>& fits) const
{
    return static_cast<uint64_t>(std::count_if(m_packets.begin(),
                                               m_packets.end(),
                                               [&](const CapturedPacket& one)
                                               {
                                                   const auto ike = IkeOf(one.packet);
                                                   return ike && fits(*ParseIsakmpHeader(*ike));
                                               }));
}

uint64_t
WiresharkLab::CountEsp() const
{
    return static_cast<uint64_t>(std::count_if(m_packets.begin(),
                                               m_packets.end(),
                                               [](const CapturedPacket& one)
                                               { return EspOf(one.packet).has_value(); }));
}

uint64_t
WiresharkLab::InnerPackets() const
{
    uint64_t packets = 0;
    for (const IpsecSaRecord& sa : m_record.FindNode(m_first)->ipsecSas)
    {
        packets += sa.packets;
    }
    return packets;
}

std::vector<FilterCount>
WiresharkLab::Filters() const
{
    const auto ofExchange = [&](const std::string& filter, ExchangeType type)
    {
        return FilterCount{
            filter,
            false,
            CountIke([type](const IsakmpHeader& header) { return header.exchange == type; }),
            [number = Count(static_cast<uint64_t>(type))](const TsharkFrame& frame)
            { return frame.exchange == number; }};
    };
    return {
        {"isakmp",
         false,
         CountIke([](const IsakmpHeader&) { return true; }),
         [](const TsharkFrame& frame) { return frame.Has("isakmp"); }},
        {"isakmp.flag_e == 1",
         false,
         CountIke([](const IsakmpHeader& header) { return header.IsEncrypted(); }),
         [](const TsharkFrame& frame) { return frame.isEncrypted; }},
        ofExchange("isakmp.exchangetype == 2", ExchangeType::MainMode),
        ofExchange("isakmp.exchangetype == 32", ExchangeType::QuickMode),
        ofExchange("isakmp.exchangetype == 5", ExchangeType::Informational),
        {"esp", false, CountEsp(), [](const TsharkFrame& frame) { return frame.Has("esp"); }},
        {"icmp", true, InnerPackets(), [](const TsharkFrame& frame) { return frame.Has("icmp"); }}};
}

std::string
WiresharkLab::HowToOpen() const
{
    return "  without keys   wireshark " + m_capture +
           "\n  with keys      WIRESHARK_CONFIG_DIR=" + m_request.Path("wireshark") +
           " wireshark " + m_capture +
           "\n\n  tshark in the place of wireshark does the same on a terminal; -V shows all "
           "fields,"
           "\n  -Y FILTER only what matches.\n";
}

std::string
WiresharkLab::KeyTables() const
{
    std::string out =
        "  ikev1_decryption_table: initiator cookie, key of the cipher (of SKEYID_e)\n";
    std::istringstream ike(WiresharkIkeTable(m_record));
    std::istringstream esp(WiresharkEspTable(m_record));
    std::string line;
    while (std::getline(ike, line))
    {
        out += "    " + line + "\n";
    }
    out += "  esp_sa: protocol, from, to, SPI, cipher, its key, integrity, its key\n";
    while (std::getline(esp, line))
    {
        out += "    " + line + "\n";
    }
    return out;
}

std::string
WiresharkLab::SideBySide(const std::vector<TsharkFrame>& blind,
                         const std::vector<TsharkFrame>& open) const
{
    std::vector<LabRow> rows{
        {"at/s", "ladder", "its payloads", "tshark without keys", "tshark with keys", ""}};
    const std::vector<const LadderStep*> messages = Messages();
    size_t next = 0;
    for (size_t i = 0; i < std::min(blind.size(), open.size()) && next < messages.size(); i++)
    {
        if (!blind[i].Has("isakmp"))
        {
            continue;
        }
        const LadderStep& step = *messages[next++];
        const std::string ours = BarePayloads(step.payloads);
        rows.push_back({SecondsText(step.at),
                        step.label,
                        ours,
                        blind[i].payloads.empty() ? "(encrypted)" : blind[i].payloads,
                        open[i].payloads.empty() ? "(encrypted)" : open[i].payloads,
                        open[i].payloads == ours ? "agree" : "DIFFER"});
    }
    return LabTable(rows);
}

std::string
WiresharkLab::FilterTable(const std::vector<TsharkFrame>* blind,
                          const std::vector<TsharkFrame>* open) const
{
    std::vector<LabRow> rows{{"filter", "keys", "packets in the run"}};
    if (open)
    {
        rows.front().emplace_back("tshark finds");
    }
    for (const FilterCount& one : Filters())
    {
        LabRow row{one.filter, one.needsKeys ? "needed" : "", Count(one.count)};
        if (open)
        {
            const std::vector<TsharkFrame>& frames = one.needsKeys ? *open : *blind;
            row.push_back(Count(
                static_cast<uint64_t>(std::count_if(frames.begin(), frames.end(), one.matches))));
        }
        rows.push_back(row);
    }
    return LabTable(rows);
}

std::string
WiresharkLab::Tree(const std::vector<TsharkFrame>& open) const
{
    const auto first = std::find_if(open.begin(),
                                    open.end(),
                                    [](const TsharkFrame& frame)
                                    { return frame.isEncrypted && !frame.payloads.empty(); });
    if (first == open.end())
    {
        return "";
    }
    const std::string file = m_request.Path("tshark/first-encrypted.txt");
    RunTshark(m_request.Path("wireshark"),
              {"-r",
               m_capture,
               "-V",
               "-O",
               "isakmp",
               "-Y",
               "frame.number == " + Count(static_cast<uint64_t>(first - open.begin()) + 1)},
              file);
    std::ifstream in(file);
    std::string out;
    std::string line;
    for (size_t i = 0; i < TREE_LINES && std::getline(in, line); i++)
    {
        out += line.empty() ? "" : "  " + line + "\n";
    }
    return out;
}

std::vector<Exercise>
WiresharkLab::Exercises() const
{
    std::vector<Exercise> all;
    const std::vector<FilterCount> filters = Filters();
    const auto add = [&](const std::string& question, const std::string& answer, const char* hint) {
        all.push_back({Count(all.size() + 1), question, answer, hint});
    };
    add("How many messages of IKE are in the capture? (filter isakmp)",
        Count(filters[0].count),
        "type the filter above the list of packets; the status line counts");
    add("How many of them are encrypted? (isakmp.flag_e == 1)",
        Count(filters[1].count),
        "the flag stands in the header, which everybody can read");
    add("How many belong to quick mode? (isakmp.exchangetype == 32)",
        Count(filters[3].count),
        "the exchange type stands in the header, too");
    add("How many packets of ESP are there? (esp)", Count(filters[5].count), "filter esp");
    add("How many packets does the filter icmp find without keys?",
        Count(static_cast<uint64_t>(std::count_if(m_packets.begin(),
                                                  m_packets.end(),
                                                  [](const CapturedPacket& one) {
                                                      return one.packet.size() > 9 &&
                                                             one.packet[9] == 1;
                                                  }))),
        "what can be seen of a packet inside ESP?");
    add("How many does it find with keys?",
        Count(filters[6].count),
        "open the capture with WIRESHARK_CONFIG_DIR, as part 2 says");
    const NodeRecord& node = *m_record.FindNode(m_first);
    add("What is the initiator's cookie? (isakmp.ispi, 16 digits)",
        node.ikeSas.empty() ? "none" : ToHex(node.ikeSas.front().info.initiatorCookie),
        "the first eight octets of every message of this IKE SA");
    const auto esp =
        std::find_if(m_packets.begin(),
                     m_packets.end(),
                     [](const CapturedPacket& one) { return EspOf(one.packet).has_value(); });
    add("What is the SPI of the first packet of ESP? (esp.spi, as 0x and 8 digits)",
        esp == m_packets.end() ? "none" : SpiText(ParseEspHeader(*EspOf(esp->packet))->spi),
        "the first four octets of ESP");
    const std::vector<const LadderStep*> messages = Messages();
    const auto encrypted = std::find_if(
        messages.begin(), messages.end(), [](const LadderStep* step) { return step->encrypted; });
    add("With keys: which payload is the first in the first encrypted message?",
        encrypted == messages.end()
            ? "none"
            : BarePayloads((*encrypted)->payloads.substr(0, (*encrypted)->payloads.find(' '))),
        "open the tree of the packet: Decrypted IKE");
    add("With keys: which name does the initiator say there? (isakmp.id.data)",
        node.ikeSas.empty() ? "none" : node.ikeSas.front().info.localId.ToString(),
        "in the payload Identification");
    return all;
}

void
WiresharkLab::Show()
{
    m_request.WriteRun(m_scenario, m_record);
    for (const char* folder : {"tshark", "no-keys"})
    {
        MakeFolder(m_request.Path(folder));
    }
    const auto blind = DissectByTshark(
        m_capture, m_request.Path("no-keys"), m_request.Path("tshark/without-keys.txt"));
    const auto open = DissectByTshark(
        m_capture, m_request.Path("wireshark"), m_request.Path("tshark/with-keys.txt"));
    m_request.Print(LabTitle("1. What was sent") + LadderText(m_ladder) +
                    LabTitle("2. How to open it") + HowToOpen() +
                    LabTitle("3. The keys, as Wireshark reads them") + KeyTables());
    if (blind && open)
    {
        m_request.Print(LabTitle("4. The ladder, and what tshark sees") +
                        SideBySide(*blind, *open) +
                        LabTitle("5. The first encrypted message, opened by tshark") + Tree(*open));
    }
    else
    {
        m_request.Note("The program tshark is not installed: parts 4 and 5 are left out; open the "
                       "capture in Wireshark, as part 2 says.");
    }
    m_request.Print(LabTitle("6. Filters, and how many packets they find") +
                    FilterTable(blind ? &*blind : nullptr, open ? &*open : nullptr) +
                    LabTitle("7. Exercises") + ExercisesText(Exercises()) +
                    "\nCaptures, tables, pictures: " + m_request.output + "\n");
}

} // namespace

int
main(int argc, char* argv[])
{
    Lab lab;
    lab.program = "lab-wireshark";
    lab.about =
        "A tunnel as Wireshark shows it, without keys and with them; if tshark is installed,"
        " beside\nthe ladder of messages.";
    lab.scenario = "examples/labs/wireshark.ini";
    lab.show = [](const LabRequest& request) { WiresharkLab(request).Show(); };
    lab.exercises = [](const LabRequest& request) { return WiresharkLab(request).Exercises(); };
    return RunLab(lab, argc, argv);
}
