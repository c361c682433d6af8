// SPDX-License-Identifier: GPL-2.0-only
#include "random-scenario.h"

#include "ns3/ike-personality.h"

#include <array>
#include <random>
#include <sstream>
#include <vector>

namespace ns3
{
namespace ipsec
{

namespace
{

constexpr uint64_t MOST_GATEWAYS = 6;
constexpr uint64_t MOST_FAULTS = 5;
constexpr int64_t FAULT_SECONDS =
    std::chrono::duration_cast<std::chrono::seconds>(FAULTS_END).count();
constexpr int64_t FINAL_SECONDS =
    FAULT_SECONDS + std::chrono::duration_cast<std::chrono::seconds>(RECOVERY_TIME).count();
/// Pings that come before, more than there is time for.
constexpr int EARLIER_PINGS = 1000;
/// The last pings, which must all be answered.
constexpr int FINAL_PINGS = 10;
/// The same where the tunnel itself ends and begins anew now and then.
constexpr int LINKED_ANSWERS = 8;

/// Whole numbers that are the same on every machine.
class Dice
{
  public:
    explicit Dice(uint64_t seed)
        : m_generator(seed)
    {
    }

    uint64_t
    Between(uint64_t least, uint64_t most)
    {
        return least + m_generator() % (most - least + 1);
    }

    bool
    Chance(uint64_t percent)
    {
        return Between(1, 100) <= percent;
    }

    template <typename Container>
    const auto&
    OneOf(const Container& choices)
    {
        return choices[Between(0, choices.size() - 1)];
    }

  private:
    std::mt19937_64 m_generator;
};

struct Gateway
{
    std::string name;
    Personality personality;
};

/// Writes one scenario.
class ScenarioWriter
{
  public:
    explicit ScenarioWriter(uint64_t seed)
        : m_dice(seed)
    {
        m_text << "; seed " << seed << "\n[simulation]\nseed = " << seed % 0x7fffffff + 1
               << "\nstop = " << FINAL_SECONDS + FINAL_PINGS + 10 << "s\n\n";
        WriteInternet();
        WriteGateways();
        WriteTunnels();
        WriteFaults();
    }

    std::string
    Text() const
    {
        return m_text.str();
    }

  private:
    void
    WriteInternet()
    {
        m_text << "[internet]\ndelay = " << m_dice.Between(1, 150)
               << "ms\njitter = " << m_dice.Between(0, 50) << "ms\nloss = " << m_dice.Between(0, 30)
               << "%\nreorder = " << m_dice.Between(0, 10)
               << "%\nduplicate = " << m_dice.Between(0, 10)
               << "%\ncorrupt = " << m_dice.Between(0, 5) << "%\n\n";
    }

    void
    WriteGateways()
    {
        const std::vector<std::string> presets = Personality::PresetNames();
        const uint64_t count = m_dice.Between(2, MOST_GATEWAYS);
        for (uint64_t i = 1; i <= count; i++)
        {
            const std::string name = "gw" + std::to_string(i);
            m_gateways.push_back({name, Personality::Preset(m_dice.OneOf(presets))});
            m_text << "[gateway " << name << "]\naddress = 192.0.2." << i << "\nlan = 10." << i
                   << ".0.0/24\npublic-lan = true\npersonality = "
                   << m_gateways.back().personality.name
                   << "\ncpu = " << (m_dice.Chance(20) ? "branch-router" : "free") << "\n\n";
        }
    }

    /// Joins every gateway to an earlier one, and some more.
    void
    WriteTunnels()
    {
        for (size_t second = 1; second < m_gateways.size(); second++)
        {
            const size_t joined = m_dice.Between(0, second - 1);
            for (size_t first = 0; first < second; first++)
            {
                if (first == joined || m_dice.Chance(15))
                {
                    WriteTunnel(m_gateways[first], m_gateways[second]);
                }
            }
        }
    }

    void
    WriteTunnel(const Gateway& first, const Gateway& second)
    {
        static const std::array<const char*, 4> PHASE1 = {
            "pre-g1-des-md5", "pre-g1-aes128-sha", "pre-g1-3des-sha", "pre-g2-aes256-sha"};
        static const std::array<const char*, 8> PHASE2 = {"nopfs-esp-des-md5",
                                                          "nopfs-esp-aes128-sha",
                                                          "g1-esp-3des-sha",
                                                          "nopfs-esp-aes128gcm",
                                                          "nopfs-esp-aes256ctr-sha512",
                                                          "nopfs-esp-null-sha",
                                                          "nopfs-ah-sha",
                                                          "nopfs-ah-md5+esp-aes128-sha"};
        const std::string name = first.name + "-" + second.name;
        const bool isFlipped = m_dice.Chance(50);
        const std::string& caller = isFlipped ? second.name : first.name;
        const std::string& called = isFlipped ? first.name : second.name;
        m_text << "[tunnel " << name << "]\nbetween = " << caller << ", " << called
               << "\npre-shared-key = secret of " << name
               << "\nstart = " << (m_dice.Chance(50) ? "auto" : "traffic")
               << "\nmode = " << (m_dice.Chance(25) ? "aggressive" : "main")
               << "\nphase1-proposals = " << m_dice.OneOf(PHASE1)
               << "\nphase2-proposals = " << m_dice.OneOf(PHASE2)
               << "\nphase1-lifetime = " << m_dice.Between(60, 600)
               << "s\nphase2-lifetime = " << m_dice.Between(60, 180) << "s\n";
        if (m_dice.Chance(15))
        {
            m_text << "phase2-lifesize = " << m_dice.Between(4, 40) << "kB\n";
        }
        const bool isLinked = m_dice.Chance(10);
        if (isLinked)
        {
            m_text << "lifetimes = linked\n";
        }
        WriteDetection(first, second);
        WriteTraffic(name, caller, called, isLinked ? LINKED_ANSWERS : FINAL_PINGS);
    }

    void
    WriteDetection(const Gateway& first, const Gateway& second)
    {
        static const std::array<const char*, 3> MODES = {"on-demand", "periodic", "always"};
        static const std::array<const char*, 2> ACTIONS = {"hold", "restart"};
        m_text << "keep-up = " << (m_dice.Chance(50) ? "true" : "false") << "\n";
        // Two ends that write the message in different orders find each other dead.
        const bool understand =
            first.personality.dpdNotifyFirst == second.personality.dpdNotifyFirst;
        if (!understand || m_dice.Chance(25))
        {
            m_text << "dpd = off\n\n";
            return;
        }
        m_text << "dpd = " << m_dice.OneOf(MODES) << "\ndpd-action = " << m_dice.OneOf(ACTIONS)
               << "\ndpd-delay = " << m_dice.Between(5, 30)
               << "s\ndpd-retry = " << m_dice.Between(2, 5)
               << "s\ndpd-tries = " << m_dice.Between(3, 6) << "\n\n";
    }

    void
    WriteTraffic(const std::string& name,
                 const std::string& from,
                 const std::string& to,
                 int answers)
    {
        m_text << "[traffic " << name << "]\nkind = ping\nfrom = pc-" << from << "\nto = pc-" << to
               << "\ninterval = " << m_dice.Between(3, 8) << "s\ncount = " << EARLIER_PINGS
               << "\nstart = " << m_dice.Between(0, 20) << "s\n\n[traffic final-" << name
               << "]\nkind = ping\nfrom = pc-"
               << (m_dice.Chance(50) ? from + "\nto = pc-" + to : to + "\nto = pc-" + from)
               << "\ncount = " << FINAL_PINGS << "\ninterval = 1s\nstart = " << FINAL_SECONDS
               << "s\n\n[expect " << name << "]\nthat = final-" << name
               << " answered >= " << answers << "\n\n";
    }

    void
    WriteFaults()
    {
        const uint64_t count = m_dice.Between(0, MOST_FAULTS);
        for (uint64_t i = 0; i < count; i++)
        {
            // One gateway's faults follow each other: what is down does not go down again.
            const size_t target = m_dice.Between(0, m_gateways.size() - 1);
            const uint64_t begin = m_busyUntil[target] + m_dice.Between(1, 100);
            const uint64_t end = begin + m_dice.Between(1, 100);
            if (end < static_cast<uint64_t>(FAULT_SECONDS))
            {
                m_busyUntil[target] = end;
                WriteFault(m_gateways[target].name, target + 1, begin, end);
            }
        }
        m_text << "[event heal]\nkind = link\ntarget = internet\nat = " << FAULT_SECONDS
               << "s\nloss = 0%\nreorder = 0%\nduplicate = 0%\ncorrupt = 0%\n";
    }

    /// Writes something that befalls a gateway, and its end.
    void
    WriteFault(const std::string& name, size_t number, uint64_t begin, uint64_t end)
    {
        const std::string host = std::to_string(number);
        struct Kind
        {
            const char* begin;
            std::string beginKey;
            const char* end;
            std::string endKey;
        };
        const std::array<Kind, 5> kinds = {{{"crash", "", "restart", ""},
                                            {"stop", "", "start", ""},
                                            {"link-down", "", "link-up", ""},
                                            {"partition", "part = 1\n", "partition", "part = 0\n"},
                                            {"address-change",
                                             "address = 192.0.2.10" + host + "\n",
                                             "address-change",
                                             "address = 192.0.2." + host + "\n"}}};
        const Kind& kind = m_dice.OneOf(kinds);
        WriteEvent(kind.begin, name, begin, kind.beginKey);
        WriteEvent(kind.end, name, end, kind.endKey);
    }

    void
    WriteEvent(const std::string& kind,
               const std::string& target,
               uint64_t at,
               const std::string& more)
    {
        m_text << "[event e" << ++m_events << "]\nkind = " << kind << "\ntarget = " << target
               << "\nat = " << at << "s\n"
               << more << "\n";
    }

    Dice m_dice;
    std::ostringstream m_text;
    std::vector<Gateway> m_gateways;
    std::array<uint64_t, MOST_GATEWAYS> m_busyUntil{};
    int m_events = 0;
};

} // namespace

std::string
RandomScenario(uint64_t seed)
{
    return ScenarioWriter(seed).Text();
}

} // namespace ipsec
} // namespace ns3
