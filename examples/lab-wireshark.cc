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
#include "ns3/ipsec-ike-capture.h"
#include "ns3/ipsec-lab-program.h"
#include "ns3/ipsec-lab-text.h"
#include "ns3/ipsec-lab-tunnel.h"
#include "ns3/ipsec-ladder.h"
#include "ns3/ipsec-report-files.h"
#include "ns3/ipsec-report-wireshark.h"
#include "ns3/ipsec-scenario-units.h"
#include "ns3/ipsec-wireshark-lab.h"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace
{

using namespace ns3::ipsec;

const char NONE[] = "none";
/// Lines of tshark's tree that are shown of one message.
constexpr size_t TREE_LINES = 60;

std::string
Count(uint64_t value)
{
    return std::to_string(value);
}

std::string
InitiatorId(const IkeSaInfo& info)
{
    return (info.role == Role::Initiator ? info.localId : info.remoteId).ToString();
}

/// One lab: the run, its capture, and what tshark makes of it.
class WiresharkLab
{
  public:
    explicit WiresharkLab(const LabRequest& request)
        : m_request(request)
        , m_scenario(request.scenario.Read())
    {
        const auto tunnel =
            std::find_if(m_scenario.tunnels.begin(),
                         m_scenario.tunnels.end(),
                         [this](const TunnelSettings& one) { return IsCaptured(m_scenario, one); });
        if (tunnel == m_scenario.tunnels.end())
        {
            throw std::invalid_argument(m_scenario.position.file +
                                        ": has no tunnel between two gateways; the lab captures "
                                        "the first one at its first end; " +
                                        NOT_CAPTURED);
        }
        m_scenario.output.pcap = true;
        m_scenario.output.wireshark = true;
        m_record = request.Run(m_scenario);
        m_first = m_record.FindTunnel(tunnel->name)->first;
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
    std::vector<WiresharkFilter> Filters() const;
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

std::vector<WiresharkFilter>
WiresharkLab::Filters() const
{
    return WiresharkFilters(m_packets, m_ladder, *m_record.FindNode(m_first));
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
    std::vector<LabRow> rows{{"file", "line"}};
    const auto show = [&](const char* file)
    {
        rows.push_back({file, line});
        out += "    " + line + "\n";
    };
    while (std::getline(ike, line))
    {
        show("ikev1_decryption_table");
    }
    out += "  esp_sa: protocol, from, to, SPI, cipher, its key, integrity, its key\n";
    while (std::getline(esp, line))
    {
        show("esp_sa");
    }
    m_request.findings.Add("keys", rows);
    return out;
}

std::string
WiresharkLab::SideBySide(const std::vector<TsharkFrame>& blind,
                         const std::vector<TsharkFrame>& open) const
{
    std::vector<LabRow> rows{
        {"at/s", "ladder", "its payloads", "tshark without keys", "tshark with keys", "compared"}};
    std::vector<LinkMessage> messages = MessagesOnLink(m_ladder, m_first);
    auto next = messages.begin();
    for (size_t i = 0; i < std::min(blind.size(), open.size()) && next != messages.end(); i++)
    {
        if (!blind[i].Has("isakmp"))
        {
            continue;
        }
        // Which of those of one instant came first the ladder does not say.
        const auto fits = [&](const LinkMessage& one)
        { return one.at == next->at && BarePayloads(one.step.payloads) == open[i].payloads; };
        const auto match = std::find_if(next, messages.end(), fits);
        if (match != messages.end())
        {
            std::rotate(next, match, match + 1);
        }
        const LadderStep& step = next->step;
        const std::string ours = BarePayloads(step.payloads);
        rows.push_back({SecondsText(step.at),
                        step.label,
                        ours,
                        blind[i].payloads.empty() ? "(encrypted)" : blind[i].payloads,
                        open[i].payloads.empty() ? "(encrypted)" : open[i].payloads,
                        open[i].payloads == ours ? "agree" : "DIFFER"});
        next++;
    }
    return m_request.Table("sideBySide", rows);
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
    for (const WiresharkFilter& one : Filters())
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
    return m_request.Table("filters", rows);
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
    const std::vector<WiresharkFilter> filters = Filters();
    const auto add = [&](const std::string& question,
                         const std::string& answer,
                         const char* hint,
                         const std::string& unit = "") {
        all.push_back({Count(all.size() + 1), question, answer, hint, unit});
    };
    const auto addOctets =
        [&](const std::string& question, const std::string& answer, const char* hint)
    {
        add(question, answer, hint);
        all.back().form = answer == NONE ? AnswerForm::Plain : AnswerForm::Hexadecimal;
    };
    add("How many messages of IKE are in the capture? (filter isakmp)",
        Count(filters[0].count),
        "type the filter above the list of packets; the status line counts",
        "messages");
    add("How many of them are encrypted? (isakmp.flag_e == 1)",
        Count(filters[1].count),
        "the flag stands in the header, which everybody can read",
        "messages");
    add("How many belong to quick mode? (isakmp.exchangetype == 32)",
        Count(filters[4].count),
        "the exchange type stands in the header, too",
        "messages");
    add("How many packets of ESP are there? (esp)",
        Count(filters[6].count),
        "filter esp",
        "packets");
    add("How many packets does the filter icmp find without keys?",
        Count(CountIcmp(m_packets, {})),
        "what can be seen of a packet inside ESP?",
        "packets");
    add("How many does it find with keys?",
        Count(filters[7].count),
        "open the capture with WIRESHARK_CONFIG_DIR, as part 2 says",
        "packets");
    const NodeRecord& node = *m_record.FindNode(m_first);
    addOctets("What is the initiator's cookie? (isakmp.ispi, 16 digits)",
              node.ikeSas.empty() ? NONE : ToHex(node.ikeSas.front().info.initiatorCookie),
              "the first eight octets of every message of this IKE SA");
    const std::optional<uint32_t> spi = FirstSpi(m_packets);
    addOctets("What is the SPI of the first packet of ESP? (esp.spi, in hexadecimal)",
              spi ? SpiText(*spi) : NONE,
              "the first four octets of ESP");
    const std::vector<LinkMessage> messages = MessagesOnLink(m_ladder, m_first);
    const auto encrypted = std::find_if(messages.begin(),
                                        messages.end(),
                                        [](const LinkMessage& one) { return one.step.encrypted; });
    const std::string first =
        encrypted == messages.end()
            ? NONE
            : BarePayloads(encrypted->step.payloads.substr(0, encrypted->step.payloads.find(' ')));
    add("With keys: which payload is the first in the first encrypted message?",
        first,
        "open the tree of the packet: Decrypted IKE");
    all.back().alternatives = PayloadNames(first);
    // Aggressive mode has said all names by then.
    const std::vector<std::string> words = encrypted == messages.end()
                                               ? std::vector<std::string>()
                                               : SplitWords(BarePayloads(encrypted->step.payloads));
    const bool hasName =
        !node.ikeSas.empty() && std::find(words.begin(), words.end(), "ID") != words.end();
    const std::string name = hasName ? InitiatorId(node.ikeSas.front().info) : NONE;
    add("With keys: which name does the initiator say there? (isakmp.id.data.fqdn)",
        name,
        "in the payload Identification");
    // Lines of Wireshark's tree.
    all.back().alternatives = {"ID_FQDN: " + name, "Identification Data:" + name};
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
