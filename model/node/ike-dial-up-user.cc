// SPDX-License-Identifier: GPL-2.0-only
#include "ike-dial-up-user.h"

#include "ns3/abort.h"
#include "ns3/boolean.h"
#include "ns3/log.h"
#include "ns3/node.h"
#include "ns3/pointer.h"
#include "ns3/simulator.h"
#include "ns3/string.h"

#include <algorithm>
#include <utility>

namespace ns3
{
namespace ipsec
{

NS_LOG_COMPONENT_DEFINE("DialUpUser");
NS_OBJECT_ENSURE_REGISTERED(DialUpUser);

TypeId
DialUpUser::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::ipsec::DialUpUser")
            .SetParent<Application>()
            .SetGroupName("Ipsec")
            .AddConstructor<DialUpUser>()
            .AddAttribute("FirstArrival",
                          "Seconds from the start of the application to the first arrival.",
                          StringValue("ns3::UniformRandomVariable[Min=0|Max=60]"),
                          MakePointerAccessor(&DialUpUser::m_firstArrival),
                          MakePointerChecker<RandomVariableStream>())
            .AddAttribute("Holding",
                          "Seconds that the user stays, from the moment the tunnel is up; losses "
                          "in between do not prolong it.",
                          StringValue("ns3::ExponentialRandomVariable[Mean=600]"),
                          MakePointerAccessor(&DialUpUser::m_holding),
                          MakePointerChecker<RandomVariableStream>())
            .AddAttribute("Away",
                          "Seconds between a departure, or a refusal, and the next arrival.",
                          StringValue("ns3::ExponentialRandomVariable[Mean=600]"),
                          MakePointerAccessor(&DialUpUser::m_away),
                          MakePointerChecker<RandomVariableStream>())
            .AddAttribute("Returns",
                          "Whether the user comes again.",
                          BooleanValue(true),
                          MakeBooleanAccessor(&DialUpUser::m_returns),
                          MakeBooleanChecker());
    return tid;
}

DialUpUser::DialUpUser() = default;
DialUpUser::~DialUpUser() = default;

void
DialUpUser::DoDispose()
{
    m_event.Cancel();
    m_client = nullptr;
    m_firstArrival = nullptr;
    m_holding = nullptr;
    m_away = nullptr;
    Application::DoDispose();
}

void
DialUpUser::SetClient(Ptr<DialUpClient> client)
{
    m_client = std::move(client);
    m_client->SetAttribute("AutoConnect", BooleanValue(false));
}

uint64_t
DialUpUser::GetArrivals() const
{
    return m_arrivals;
}

uint64_t
DialUpUser::GetDepartures() const
{
    return m_departures;
}

int64_t
DialUpUser::AssignStreams(int64_t stream)
{
    m_firstArrival->SetStream(stream);
    m_holding->SetStream(stream + 1);
    m_away->SetStream(stream + 2);
    return 3;
}

void
DialUpUser::StartApplication()
{
    NS_LOG_FUNCTION(this);
    NS_ABORT_MSG_UNLESS(m_client, "SetClient() comes first");
    m_client->TraceConnectWithoutContext("State", MakeCallback(&DialUpUser::HandleState, this));
    m_event = Simulator::Schedule(Draw(m_firstArrival), &DialUpUser::Arrive, this);
}

void
DialUpUser::StopApplication()
{
    NS_LOG_FUNCTION(this);
    m_event.Cancel();
    m_client->TraceDisconnectWithoutContext("State", MakeCallback(&DialUpUser::HandleState, this));
    m_client->Disconnect();
}

void
DialUpUser::Arrive()
{
    NS_LOG_FUNCTION(this);
    m_client->Connect();
}

void
DialUpUser::Leave()
{
    NS_LOG_FUNCTION(this);
    m_departures++;
    m_client->Disconnect();
}

void
DialUpUser::HandleState(DialUpState /* from */, DialUpState to)
{
    const bool isOver = to == DialUpState::Off || to == DialUpState::Refused;
    if (isOver || !m_isHere)
    {
        m_event.Cancel();
    }
    // Somebody else may have called him.
    m_arrivals += !isOver && !m_isHere ? 1 : 0;
    m_isHere = !isOver;
    if (to == DialUpState::Connected && !m_event.IsRunning())
    {
        m_event = Simulator::Schedule(Draw(m_holding), &DialUpUser::Leave, this);
    }
    else if (isOver && m_returns)
    {
        m_event = Simulator::Schedule(Draw(m_away), &DialUpUser::Arrive, this);
    }
}

Time
DialUpUser::Draw(Ptr<RandomVariableStream> seconds)
{
    return Seconds(std::max(seconds->GetValue(), 0.0));
}

} // namespace ipsec
} // namespace ns3
