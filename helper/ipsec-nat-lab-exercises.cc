// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-nat-lab-exercises.h"

#include "ns3/ipsec-endpoint.h"

#include <algorithm>

namespace ns3
{
namespace ipsec
{

namespace
{

const char NONE[] = "none";
/// When the mapping of an exercise is looked at.
constexpr Instant EARLY{std::chrono::seconds(1)};

std::string
Count(uint64_t value)
{
    return std::to_string(value);
}

const SeenDatagram*
FirstOf(const std::vector<SeenDatagram>& datagrams, NattKind kind)
{
    const auto found = std::find_if(datagrams.begin(),
                                    datagrams.end(),
                                    [&](const SeenDatagram& one) { return KindOf(one) == kind; });
    return found == datagrams.end() ? nullptr : &*found;
}

/// Returns the number of the first message of IKE on port 4500.
std::string
FirstMessageOnNattPort(const std::vector<SeenDatagram>& datagrams)
{
    size_t messages = 0;
    for (const SeenDatagram& one : datagrams)
    {
        const NattKind kind = KindOf(one);
        messages += kind == NattKind::Ike || kind == NattKind::IkeWithMarker ? 1 : 0;
        if (kind == NattKind::IkeWithMarker)
        {
            return Count(messages);
        }
    }
    return NONE;
}

/// Tells which hash of an end's NAT-D payloads did not fit on arrival.
std::string
MismatchText(const std::vector<NatDCheck>& checks, bool fromInitiator)
{
    const auto found =
        std::find_if(checks.begin(),
                     checks.end(),
                     [&](const NatDCheck& check)
                     { return check.isFromInitiator == fromInitiator && !check.MatchesArrived(); });
    return found == checks.end() ? NONE : found->isAboutDestination ? "destination" : "source";
}

void
AddStepExercises(std::vector<Exercise>& all, const NatExerciseGround& ground)
{
    all.push_back({"1",
                   "Which hash of the first gateway's NAT-D payloads does the hub find different: "
                   "destination, source, or none?",
                   MismatchText(ground.checks, true),
                   "what does the NAT change in a packet on its way out?"});
    all.push_back({"2",
                   "And which of the hub's does the gateway find different?",
                   MismatchText(ground.checks, false),
                   "and what on the way in?"});
    const std::string message = FirstMessageOnNattPort(ground.inside);
    all.push_back({"3",
                   "Which message of main mode is the first on port 4500? (its number)",
                   message,
                   "the initiator changes the port as soon as it knows of the NAT, from message 4",
                   "",
                   MessageNames("main", message)});
    const SeenDatagram* ike = FirstOf(ground.inside, NattKind::IkeWithMarker);
    all.push_back({"4",
                   "Which four octets stand in front of IKE on port 4500? (in hexadecimal)",
                   ike ? ToHex(OctetView(ike->payload).First(4)) : NONE,
                   "an SPI is never zero",
                   "",
                   {},
                   ike ? AnswerForm::Hexadecimal : AnswerForm::Plain});
    const SeenDatagram* keepalive = FirstOf(ground.inside, NattKind::KeepAlive);
    all.push_back({"5",
                   "How many octets has a NAT keepalive, with the headers of IP and UDP?",
                   keepalive ? Count(keepalive->packetOctets) : NONE,
                   "20 of IP, 8 of UDP, and what RFC 3948 section 2.3 says",
                   "octets"});
    const NodeRecord& first = *ground.record.FindNode(ground.names.inside.front());
    const std::optional<Endpoint> outside =
        OutsideAt(ground.mappings, {first.address, NATT_PORT}, EARLY);
    all.push_back(
        {"6",
         "Which port of the NAT stands for the first gateway's port 4500 at 1 s?",
         outside ? Count(outside->port) : NONE,
         "see part 4",
         "",
         outside ? std::vector<std::string>{outside->ToString()} : std::vector<std::string>()});
    all.push_back({"7",
                   "How many keepalives did the gateways behind the NAT send in all?",
                   Count(ground.tried.front().outcome.keepAlives),
                   "see part 6, or count them in Wireshark with the filter udpencap.nat_keepalive "
                   "in the capture of the hub",
                   "keepalives"});
}

void
AddCaseExercises(std::vector<Exercise>& all, const NatExerciseGround& ground)
{
    const auto of = [&](const char* name) -> const NatRunOutcome&
    {
        return std::find_if(ground.tried.begin(),
                            ground.tried.end(),
                            [&](const NatTried& one) { return one.name == name; })
            ->outcome;
    };
    const auto answered = [&](const char* name) { return Count(of(name).fromInside.answered); };
    all.push_back({"8",
                   "Without NAT traversal, how many pings from inside are answered if the NAT "
                   "refuses ESP?",
                   answered("without, the NAT refuses ESP"),
                   "IKE got through; see part 5",
                   "pings"});
    all.push_back({"9",
                   "And if it lets the ESP of one host through?",
                   answered("without, the NAT lets ESP of one host through"),
                   "ESP has no ports: how should the NAT tell two hosts apart?",
                   "pings"});
    all.push_back({"10",
                   "How many are answered with AH?",
                   answered("AH"),
                   "what does the ICV of AH cover?",
                   "pings"});
    all.push_back({"11",
                   "How many calls from the hub are answered without keepalives?",
                   Count(of("no keepalives").fromHub.answered),
                   "when does the hub speak, and when did those behind the NAT speak last?",
                   "calls"});
    const auto call = std::find_if(ground.record.traffic.begin(),
                                   ground.record.traffic.end(),
                                   [](const TrafficRecord& traffic)
                                   { return traffic.name == "call-after-rebinding"; });
    if (call != ground.record.traffic.end())
    {
        all.push_back({"12",
                       "After the NAT forgot its mappings, keepalives make new ones. How many of "
                       "the next five calls are answered?",
                       Count(call->received),
                       "a keepalive is not authenticated: may the hub send elsewhere because of "
                       "it?",
                       "calls"});
    }
}

} // namespace

std::vector<Exercise>
MakeNatExercises(const NatExerciseGround& ground)
{
    std::vector<Exercise> all;
    AddStepExercises(all, ground);
    AddCaseExercises(all, ground);
    return all;
}

} // namespace ipsec
} // namespace ns3
