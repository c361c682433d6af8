// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-expectation.h"

#include "ipsec-expectation-dial-ups.h"
#include "ipsec-expectation-settings.h"
#include "ipsec-scenario-units.h"

#include "ns3/crypto-work.h"
#include "ns3/nat-mapping.h"

#include <algorithm>
#include <stdexcept>

namespace ns3
{
namespace ipsec
{

namespace
{

using Words = std::vector<std::string>;

/// All forms, with one of the operators that each takes.
constexpr char FORMS[] = "tunnel NAME up [by TIME]; "
                         "tunnel NAME fails [with REASON]; "
                         "TRAFFIC answered >= N[%]; "
                         "messages EXCHANGE = N; "
                         "retransmissions <= N; "
                         "drops [REASON] = N; "
                         "ike-sas GATEWAY = N; "
                         "ike-sas GATEWAY ended with REASON = N; "
                         "ipsec-sas GATEWAY = N; "
                         "ike-mode TUNNEL = MODE; "
                         "client NAME has address; "
                         "client NAME address = A.B.C.D; "
                         "eavesdropper TUNNEL learns identities; "
                         "eavesdropper TUNNEL learns nothing; "
                         "eavesdropper TUNNEL learns hash; "
                         "eavesdropper TUNNEL learns no-hash; "
                         "attacker NAME reads TUNNEL; "
                         "attacker NAME reads nothing of TUNNEL; "
                         "warnings TUNNEL = N; "
                         "work GATEWAY OPERATION >= N; "
                         "clear-packets GATEWAY = N; "
                         "all tunnels [of BRANCHES] up [by TIME]; "
                         "N% of tunnels [of BRANCHES] up [by TIME], or within TIME after EVENT; "
                         "longest outage [of BRANCHES] <= TIME; "
                         "longest one-way [of BRANCHES] <= TIME; "
                         "amplification of FLOOD <= N; "
                         "lost packets of TRAFFIC <= N[%]; "
                         "longest silence of TRAFFIC <= TIME; "
                         "nat NAME mappings <= N; "
                         "nat NAME made <= N; "
                         "nat NAME drops [REASON] = N; "
                         "keepalives GATEWAY >= N; "
                         "connects CLIENT >= N; "
                         "connect-failures CLIENT [REASON] = N; "
                         "tunnel-losses CLIENT = N; "
                         "longest wait of CLIENT <= TIME; "
                         "longest gap of CLIENT <= TIME; "
                         "setting KEY = VALUE; "
                         "peak of METRIC of NODE >= N; "
                         "mean of METRIC of NODE <= N; "
                         "METRIC of NODE at TIME = N";

[[noreturn]] void
Refuse(const std::string& text)
{
    throw std::invalid_argument("'" + Printable(text) + "' is not an expectation; allowed: " +
                                FORMS + "; before N and TIME may stand = >= <= > or <");
}

void
ParseOperator(Expectation& expectation, const Words& words, size_t i)
{
    if (words.size() != i + 2)
    {
        Refuse(expectation.text);
    }
    expectation.comparison = ParseChoice<Comparison>(words[i],
                                                     {{"=", Comparison::Equal},
                                                      {">=", Comparison::AtLeast},
                                                      {"<=", Comparison::AtMost},
                                                      {">", Comparison::More},
                                                      {"<", Comparison::Less}});
}

/// Reads "OP N[%]" from the words at @p i on, which must be the last.
void
ParseComparison(Expectation& expectation, const Words& words, size_t i)
{
    ParseOperator(expectation, words, i);
    const std::string& number = words[i + 1];
    expectation.isPercent = number.back() == '%';
    expectation.value = expectation.isPercent
                            ? ParsePercent(number) * 100
                            : static_cast<double>(ParseCount(number, 0, 1000000000000));
}

void
ParseTunnel(Expectation& expectation, const Words& words)
{
    if (words.size() != 3 && words.size() != 5)
    {
        Refuse(expectation.text);
    }
    expectation.subject = words[1];
    if (words[2] == "up" && (words.size() == 3 || words[3] == "by"))
    {
        expectation.kind = ExpectationKind::TunnelUp;
        if (words.size() == 5)
        {
            expectation.by = ParseDuration(words[4]);
        }
        return;
    }
    if (words[2] == "fails" && (words.size() == 3 || words[3] == "with"))
    {
        expectation.kind = ExpectationKind::TunnelFails;
        if (words.size() == 5)
        {
            expectation.fault = ParseFaultName(words[4]);
        }
        return;
    }
    Refuse(expectation.text);
}

const std::vector<std::pair<std::string, ExchangeType>> EXCHANGES{
    {"main", ExchangeType::MainMode},
    {"aggressive", ExchangeType::AggressiveMode},
    {"quick", ExchangeType::QuickMode},
    {"informational", ExchangeType::Informational},
    {"transaction", ExchangeType::Transaction}};

/// Reads "ike-mode TUNNEL = main".
void
ParseIkeMode(Expectation& expectation, const Words& words)
{
    if (words.size() != 4 || words[2] != "=")
    {
        Refuse(expectation.text);
    }
    expectation.subject = words[1];
    expectation.kind = ParseChoice<ExpectationKind>(
        words[3],
        {{"main", ExpectationKind::MainMode}, {"aggressive", ExpectationKind::AggressiveMode}});
}

/// Reads "client NAME has address" or "client NAME address = 10.0.0.1".
void
ParseClient(Expectation& expectation, const Words& words)
{
    if (words.size() == 4 && words[2] == "has" && words[3] == "address")
    {
        expectation.kind = ExpectationKind::HasAddress;
    }
    else if (words.size() == 5 && words[2] == "address" && words[3] == "=")
    {
        expectation.kind = ExpectationKind::AddressIs;
        // Only to see that it is one; whoever evaluates the sentence reads it again.
        IpAddress::Parse(words[4]);
    }
    else
    {
        Refuse(expectation.text);
    }
    expectation.subject = words[1];
}

/// Reads "eavesdropper TUNNEL learns identities".
void
ParseEavesdropper(Expectation& expectation, const Words& words)
{
    if (words.size() != 4 || words[2] != "learns")
    {
        Refuse(expectation.text);
    }
    expectation.subject = words[1];
    expectation.kind =
        ParseChoice<ExpectationKind>(words[3],
                                     {{"identities", ExpectationKind::LearnsIdentities},
                                      {"nothing", ExpectationKind::LearnsNothing},
                                      {"hash", ExpectationKind::LearnsHash},
                                      {"no-hash", ExpectationKind::LearnsNoHash}});
}

/// Reads "attacker NAME reads TUNNEL" or "attacker NAME reads nothing of TUNNEL".
void
ParseAttacker(Expectation& expectation, const Words& words)
{
    const bool isNothing = words.size() == 6 && words[3] == "nothing" && words[4] == "of";
    if ((words.size() != 4 && !isNothing) || words[2] != "reads")
    {
        Refuse(expectation.text);
    }
    expectation.kind =
        isNothing ? ExpectationKind::AttackerReadsNothing : ExpectationKind::AttackerReads;
    expectation.subject = words[1];
    expectation.object = words.back();
}

/// Reads "nat NAME mappings OP N", "nat NAME made OP N" or "nat NAME drops [REASON] OP N".
void
ParseNat(Expectation& expectation, const Words& words)
{
    const bool isDrops = words.size() >= 5 && words[2] == "drops";
    const bool hasReason = isDrops && words.size() == 6;
    if (words.size() != (hasReason ? 6 : 5))
    {
        Refuse(expectation.text);
    }
    expectation.kind = ParseChoice<ExpectationKind>(words[2],
                                                    {{"mappings", ExpectationKind::NatMappings},
                                                     {"made", ExpectationKind::NatMade},
                                                     {"drops", ExpectationKind::NatDrops}});
    expectation.subject = words[1];
    if (hasReason)
    {
        std::vector<std::pair<std::string, std::string>> names;
        for (size_t i = 1; i < NAT_FAULT_COUNT; i++)
        {
            const char* name = NatFaultName(static_cast<NatFault>(i));
            names.emplace_back(name, name);
        }
        expectation.object = ParseChoice<std::string>(words[3], names);
    }
    ParseComparison(expectation, words, hasReason ? 4 : 3);
}

/// Reads the name of a kind of operation that is counted by times, as results.json has it.
std::string
ParseOperation(const std::string& text)
{
    std::vector<std::pair<std::string, std::string>> names;
    for (const WorkKind kind : {WorkKind::DhKeygen,
                                WorkKind::DhDerive,
                                WorkKind::RsaSign,
                                WorkKind::RsaVerify,
                                WorkKind::RsaEncrypt,
                                WorkKind::RsaDecrypt,
                                WorkKind::DsaSign,
                                WorkKind::DsaVerify,
                                WorkKind::EcdsaSign,
                                WorkKind::EcdsaVerify})
    {
        const std::string key = WorkKey{kind, 0}.ToString();
        const std::string name = key.substr(0, key.find('/'));
        names.emplace_back(name, name);
    }
    return ParseChoice<std::string>(text, names);
}

/// Reads what compares a count: "messages quick = 3", "ping answered >= 80%".
void
ParseCounted(Expectation& expectation, const Words& words)
{
    if (words[0] == "retransmissions")
    {
        expectation.kind = ExpectationKind::Retransmissions;
        ParseComparison(expectation, words, 1);
    }
    else if (words[0] == "drops")
    {
        expectation.kind = ExpectationKind::Drops;
        if (words.size() == 4)
        {
            expectation.fault = ParseFaultName(words[1]);
        }
        ParseComparison(expectation, words, words.size() == 4 ? 2 : 1);
    }
    else if (words.size() == 4 && words[0] == "messages")
    {
        expectation.kind = ExpectationKind::Messages;
        expectation.subject = words[1];
        ParseChoice<ExchangeType>(words[1], EXCHANGES);
        ParseComparison(expectation, words, 2);
    }
    else if (words.size() == 7 && words[0] == "ike-sas" && words[2] == "ended" &&
             words[3] == "with")
    {
        expectation.kind = ExpectationKind::IkeSasEnded;
        expectation.subject = words[1];
        expectation.fault = ParseFaultName(words[4]);
        ParseComparison(expectation, words, 5);
    }
    else if (words.size() == 4 && (words[0] == "ike-sas" || words[0] == "ipsec-sas"))
    {
        expectation.kind =
            words[0] == "ike-sas" ? ExpectationKind::IkeSas : ExpectationKind::IpsecSas;
        expectation.subject = words[1];
        ParseComparison(expectation, words, 2);
    }
    else if (words.size() == 4 && words[0] == "warnings")
    {
        expectation.kind = ExpectationKind::Warnings;
        expectation.subject = words[1];
        ParseComparison(expectation, words, 2);
    }
    else if (words.size() == 5 && words[0] == "work")
    {
        expectation.kind = ExpectationKind::Work;
        expectation.subject = words[1];
        expectation.object = ParseOperation(words[2]);
        ParseComparison(expectation, words, 3);
    }
    else if (words.size() == 4 && (words[0] == "clear-packets" || words[0] == "keepalives"))
    {
        expectation.kind =
            words[0] == "keepalives" ? ExpectationKind::KeepAlives : ExpectationKind::ClearPackets;
        expectation.subject = words[1];
        ParseComparison(expectation, words, 2);
    }
    else if (words.size() == 4 && words[1] == "answered")
    {
        expectation.kind = ExpectationKind::Answered;
        expectation.subject = words[0];
        ParseComparison(expectation, words, 2);
    }
    else
    {
        Refuse(expectation.text);
    }
}

} // namespace

Fault
ParseFaultName(const std::string& name)
{
    for (size_t i = 0; i < FAULT_COUNT; i++)
    {
        if (name == FaultName(static_cast<Fault>(i)))
        {
            return static_cast<Fault>(i);
        }
    }
    throw std::invalid_argument("'" + Printable(name) +
                                "' is not a reason; allowed: names such as NoProposalChosen, "
                                "ProxyIdMismatch, Undecryptable, NegotiationTimeout");
}

void
ParseDecimalComparison(Expectation& expectation, const ExpectationWords& words, size_t i)
{
    ParseOperator(expectation, words, i);
    std::string number = words[i + 1];
    expectation.isPercent = number.back() == '%';
    if (expectation.isPercent)
    {
        number.pop_back();
    }
    const bool isNumber = !number.empty() && number.size() <= 15 && number.front() != '.' &&
                          number.find_first_not_of("0123456789.") == std::string::npos &&
                          std::count(number.begin(), number.end(), '.') <= 1;
    if (!isNumber)
    {
        throw std::invalid_argument("'" + Printable(words[i + 1]) +
                                    "' is no number; allowed: such as 100, 0.5 or 90%");
    }
    expectation.value = std::stod(number);
}

const char*
ExpectationForms()
{
    return FORMS;
}

Expectation
ParseExpectation(const std::string& text)
{
    const Words words = SplitWords(text);
    Expectation expectation;
    expectation.text = text;
    if (words.empty())
    {
        Refuse(text);
    }
    if (ParseDialUpExpectation(expectation, words) || ParseSettingExpectation(expectation, words) ||
        ParseSeriesExpectation(expectation, words))
    {
        return expectation;
    }
    if (words[0] == "tunnel")
    {
        ParseTunnel(expectation, words);
    }
    else if (words[0] == "ike-mode")
    {
        ParseIkeMode(expectation, words);
    }
    else if (words[0] == "client")
    {
        ParseClient(expectation, words);
    }
    else if (words[0] == "nat")
    {
        ParseNat(expectation, words);
    }
    else if (words[0] == "eavesdropper")
    {
        ParseEavesdropper(expectation, words);
    }
    else if (words[0] == "attacker")
    {
        ParseAttacker(expectation, words);
    }
    else
    {
        ParseCounted(expectation, words);
    }
    return expectation;
}

std::vector<Expectation>
DefaultExpectations(const Scenario& scenario)
{
    std::vector<Expectation> expectations;
    for (const TunnelSettings& tunnel : scenario.tunnels)
    {
        if (tunnel.branches.empty())
        {
            expectations.push_back(ParseExpectation("tunnel " + tunnel.name + " up"));
        }
    }
    for (const BranchesSettings& branches : scenario.branches)
    {
        // Users who come and go need not be there at the same time.
        const bool comeAndGo =
            scenario.FindGateway(branches.BranchName(1))->dialUp->holding.has_value();
        expectations.push_back(ParseExpectation(comeAndGo
                                                    ? "connects " + branches.name + " >= 1"
                                                    : "all tunnels of " + branches.name + " up"));
        if (branches.traffic.kind != BranchTrafficKind::None)
        {
            expectations.push_back(ParseExpectation(branches.name + " answered >= 1"));
        }
    }
    for (const TrafficSettings& traffic : scenario.traffic)
    {
        expectations.push_back(ParseExpectation(traffic.name + " answered >= 1"));
    }
    return expectations;
}

} // namespace ipsec
} // namespace ns3
