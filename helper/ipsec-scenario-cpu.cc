// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-scenario-cpu.h"

#include "ipsec-scenario-check.h"
#include "ipsec-scenario-units.h"

#include "ns3/ipsec-conversions.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <stdexcept>

namespace ns3
{
namespace ipsec
{

namespace
{

constexpr uint64_t MOST_CORES = 1024;
constexpr uint64_t MOST_WAITING = 10000000;
constexpr uint64_t LEAST_KEY_BITS = 128;
constexpr uint64_t MOST_KEY_BITS = 16384;

/// Tells whether a kind of work goes by the length of a key, of which there are many.
bool
IsByKeyLength(WorkKind kind)
{
    return kind >= WorkKind::RsaSign;
}

/// Finds the operations of a kind that a word names: two of HMAC-SHA-256 have one name.
std::vector<WorkKey>
FindOperations(WorkKind kind, const std::string& word)
{
    if (IsByKeyLength(kind))
    {
        return {{kind, static_cast<uint16_t>(ParseCount(word, LEAST_KEY_BITS, MOST_KEY_BITS))}};
    }
    std::vector<WorkKey> found;
    std::vector<std::string> names;
    for (const WorkKey key : AllOperations())
    {
        if (key.kind != kind)
        {
            continue;
        }
        if (ParameterName(key) == word)
        {
            found.push_back(key);
        }
        if (names.empty() || names.back() != ParameterName(key))
        {
            names.push_back(ParameterName(key));
        }
    }
    if (found.empty())
    {
        RefuseChoice(word, names);
    }
    return found;
}

/// Reads "g2 5ms, g14 20ms", or "aes128 3us 60Mbps, des 3us 35Mbps".
template <WorkKind Kind>
void
SetCosts(CpuProfile& profile, const std::string& text)
{
    profile.isFree = false;
    const bool hasRate = IsCountedInOctets(Kind);
    for (const std::string& item : SplitList(text))
    {
        const std::vector<std::string> words = SplitWords(item);
        if (words.size() != (hasRate ? 3 : 2))
        {
            throw std::invalid_argument(
                "'" + Printable(item) + "' is no cost; allowed: " +
                (hasRate ? "NAME TIME RATE, such as aes128 3us 60Mbps"
                         : "NAME TIME, such as " +
                               std::string(IsByKeyLength(Kind) ? "2048 5ms" : "g2 5ms")));
        }
        const OperationCost cost{ParseDuration(words[1]), hasRate ? ParseRate(words[2]) : 0};
        for (const WorkKey key : FindOperations(Kind, words[0]))
        {
            profile.costs.Set(key, cost);
        }
    }
}

void
SetCores(CpuProfile& profile, const std::string& text)
{
    profile.isFree = false;
    profile.cores = static_cast<uint32_t>(ParseCount(text, 1, MOST_CORES));
}

void
SetQueue(CpuProfile& profile, const std::string& text)
{
    profile.isFree = false;
    profile.queue = ParseChoice<CpuQueue>(text,
                                          {{"fifo", CpuQueue::Fifo},
                                           {"ike-first", CpuQueue::IkeFirst},
                                           {"esp-first", CpuQueue::EspFirst}});
}

void
SetQueueLimit(CpuProfile& profile, const std::string& text)
{
    profile.isFree = false;
    profile.queueLimit = static_cast<uint32_t>(ParseCount(text, 0, MOST_WAITING));
}

void
SetPerInput(CpuProfile& profile, const std::string& text)
{
    profile.isFree = false;
    profile.costs.perInput = ParseDuration(text);
}

void
SetPerPacket(CpuProfile& profile, const std::string& text)
{
    profile.isFree = false;
    profile.costs.perPacket = ParseDuration(text);
}

const char*
KeyOf(WorkKind kind)
{
    static constexpr const char* KEYS[] = {"dh-keygen",
                                           "dh-derive",
                                           "prf",
                                           "cipher",
                                           "integrity",
                                           "rsa-sign",
                                           "rsa-verify",
                                           "rsa-encrypt",
                                           "rsa-decrypt",
                                           "dsa-sign",
                                           "dsa-verify",
                                           "ecdsa-sign",
                                           "ecdsa-verify"};
    return KEYS[static_cast<size_t>(kind)];
}

std::string
NanosecondsText(Duration time)
{
    return std::to_string(time.count()) + "ns";
}

/// Reads the processor that a file of machine costs has.
CpuProfile
ReadMachineCosts(const std::string& path)
{
    CpuProfile profile;
    profile.isFree = false;
    for (const IniSection& section : SplitIni(ReadScenarioFile(path), path))
    {
        if (section.kind != "cpu")
        {
            throw ScenarioError({path, section.line},
                                "",
                                "[" + section.kind +
                                    "] has no place in a file of machine costs; "
                                    "allowed: [cpu this-machine]");
        }
        for (const IniEntry& entry : section.entries)
        {
            const auto& keys = CpuKeys();
            const auto key = std::find_if(
                keys.begin(), keys.end(), [&](const CpuKey& one) { return entry.key == one.name; });
            const ScenarioPosition at{path, entry.line};
            if (key == keys.end())
            {
                throw ScenarioError(at, section.Prefix() + Printable(entry.key), "is not known");
            }
            try
            {
                key->set(profile, entry.value);
            }
            catch (const std::invalid_argument& e)
            {
                throw ScenarioError(at, section.Prefix() + entry.key, Printable(e.what()));
            }
        }
    }
    return profile;
}

/// Finds the processors of gateways.
class CpuChecker : private ScenarioChecker
{
  public:
    using ScenarioChecker::ScenarioChecker;

    void
    Run()
    {
        std::vector<std::string> names = CpuProfileNames();
        names.emplace_back(THIS_MACHINE);
        for (const CpuSettings& cpu : m_scenario.cpus)
        {
            if (std::find(names.begin(), names.end(), cpu.name) != names.end())
            {
                Refuse("cpu." + cpu.name,
                       cpu.position,
                       "is the name of a profile; allowed: a name of its own");
            }
        }
        for (const CpuSettings& cpu : m_scenario.cpus)
        {
            names.push_back(cpu.name);
        }
        std::map<std::string, Shared<CpuProfile>> known;
        for (GatewaySettings& gateway : m_scenario.gateways)
        {
            auto found = known.find(gateway.cpu);
            if (found == known.end())
            {
                found = known.emplace(gateway.cpu, Find(gateway, names)).first;
            }
            gateway.cpuProfile = found->second;
        }
    }

  private:
    CpuProfile
    Find(const GatewaySettings& gateway, const std::vector<std::string>& names) const
    {
        const std::string key = (gateway.isClient ? "client." : "gateway.") + gateway.name + ".cpu";
        if (const CpuSettings* own = m_scenario.FindCpu(gateway.cpu))
        {
            return own->profile;
        }
        if (std::find(names.begin(), names.end(), gateway.cpu) == names.end())
        {
            Refuse(key,
                   gateway.position,
                   "there is no processor '" + gateway.cpu + "'; allowed: " + JoinList(names));
        }
        try
        {
            return ReadCpuProfile(m_scenario, gateway.cpu);
        }
        catch (const ScenarioError&)
        {
            throw;
        }
        catch (const std::invalid_argument& e)
        {
            Refuse(key, gateway.position, e.what());
        }
    }
};

} // namespace

const std::vector<CpuKey>&
CpuKeys()
{
    using Kind = WorkKind;
    static const std::vector<CpuKey> KEYS{
        {"cores", "NUMBER", "jobs that are worked on at once", SetCores},
        {"queue",
         "fifo|ike-first|esp-first",
         "which job is next: the first that came, IKE before packets, or packets before IKE",
         SetQueue},
        {"queue-limit",
         "NUMBER",
         "jobs that wait at most; what comes then is lost, but for timers and commands of the "
         "gateway itself",
         SetQueueLimit},
        {"per-input", "TIME", "what every IKE message, timer and command costs", SetPerInput},
        {"per-packet", "TIME", "what every packet costs, either way", SetPerPacket},
        {"dh-keygen",
         "LIST",
         "Diffie-Hellman: making a key pair, by group, such as g2 5ms, g14 20ms",
         SetCosts<Kind::DhKeygen>},
        {"dh-derive", "LIST", "the shared secret, by group", SetCosts<Kind::DhDerive>},
        {"prf", "LIST", "one HMAC of IKE, by hash, such as sha 20us", SetCosts<Kind::Prf>},
        {"cipher",
         "LIST",
         "encryption: a time for each packet and a rate, such as aes128 3us 60Mbps",
         SetCosts<Kind::CipherOctets>},
        {"integrity",
         "LIST",
         "the same for integrity, such as sha 12us 120Mbps",
         SetCosts<Kind::IcvOctets>},
        {"rsa-sign",
         "LIST",
         "a signature, by bits of the key, such as 2048 110ms; other lengths are scaled",
         SetCosts<Kind::RsaSign>},
        {"rsa-verify", "LIST", "the same", SetCosts<Kind::RsaVerify>},
        {"rsa-encrypt", "LIST", "the same", SetCosts<Kind::RsaEncrypt>},
        {"rsa-decrypt", "LIST", "the same", SetCosts<Kind::RsaDecrypt>},
        {"dsa-sign", "LIST", "the same", SetCosts<Kind::DsaSign>},
        {"dsa-verify", "LIST", "the same", SetCosts<Kind::DsaVerify>},
        {"ecdsa-sign", "LIST", "the same", SetCosts<Kind::EcdsaSign>},
        {"ecdsa-verify", "LIST", "the same", SetCosts<Kind::EcdsaVerify>}};
    return KEYS;
}

CpuProfile
ReadCpuProfile(const Scenario& scenario, const std::string& name)
{
    if (name != THIS_MACHINE)
    {
        return FindCpuProfile(name);
    }
    if (scenario.simulation.machineCosts.empty())
    {
        throw std::invalid_argument("needs what ipsec-lab --calibrate FILE measures on this "
                                    "machine; write machine-costs = FILE in [simulation]");
    }
    const std::filesystem::path folder =
        std::filesystem::path(scenario.position.file).parent_path();
    return ReadMachineCosts((folder / scenario.simulation.machineCosts).string());
}

std::string
CpuSectionText(const std::string& name, const CpuProfile& profile)
{
    std::string text = "[cpu " + name + "]\n";
    text += "cores = " + std::to_string(profile.cores) + "\n";
    text += "queue = " + CpuQueueName(profile.queue) + "\n";
    text += "queue-limit = " + std::to_string(profile.queueLimit) + "\n";
    text += "per-input = " + NanosecondsText(profile.costs.perInput) + "\n";
    text += "per-packet = " + NanosecondsText(profile.costs.perPacket) + "\n";
    std::optional<WorkKind> kind;
    for (const auto& [key, cost] : profile.costs.Rows())
    {
        text += kind == key.kind ? ", " : (kind ? "\n" : "") + std::string(KeyOf(key.kind)) + " = ";
        kind = key.kind;
        text += ParameterName(key) + " " + NanosecondsText(cost.time);
        if (IsCountedInOctets(key.kind))
        {
            text += " " + (cost.rate == 0 ? "unlimited" : std::to_string(cost.rate) + "bps");
        }
    }
    return text + (kind ? "\n" : "");
}

CpuRecord
RecordCpu(const CryptoCpu& cpu)
{
    CpuRecord record;
    record.cores = cpu.GetProfile().cores;
    record.ikeJobs = cpu.Jobs(CpuLane::Ike);
    record.outboundJobs = cpu.Jobs(CpuLane::Outbound);
    record.inboundJobs = cpu.Jobs(CpuLane::Inbound);
    for (const CpuLane lane : {CpuLane::Ike, CpuLane::Outbound, CpuLane::Inbound})
    {
        record.drops += cpu.Drops(lane);
    }
    record.busy = ToDuration(cpu.BusyTime());
    record.longestQueue = cpu.LongestQueue();
    record.done = cpu.Done();
    return record;
}

void
CompleteCpus(Scenario& scenario, const ScenarioPositions& positions)
{
    CpuChecker(scenario, positions).Run();
}

} // namespace ipsec
} // namespace ns3
