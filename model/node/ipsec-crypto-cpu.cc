// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-crypto-cpu.h"

#include "ipsec-conversions.h"

#include "ns3/log.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/trace-source-accessor.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <utility>

namespace ns3
{
namespace ipsec
{

NS_LOG_COMPONENT_DEFINE("CryptoCpu");
NS_OBJECT_ENSURE_REGISTERED(CryptoCpu);

namespace
{

/// Most cores of one node; more than any gateway has.
constexpr uint32_t MOST_CORES = 1024;

size_t
IndexOf(CpuLane lane)
{
    return static_cast<size_t>(lane);
}

} // namespace

TypeId
CryptoCpu::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::ipsec::CryptoCpu")
            .SetParent<Object>()
            .SetGroupName("Ipsec")
            .AddConstructor<CryptoCpu>()
            .AddAttribute(
                "Profile",
                "What operations cost, and what Cores and QueueLimit are unless they are "
                "set behind it: free, branch-router or hub-appliance.",
                StringValue("free"),
                MakeStringAccessor(&CryptoCpu::SetProfileName, &CryptoCpu::GetProfileName),
                MakeStringChecker())
            .AddAttribute("Cores",
                          "Jobs that are worked on at once.",
                          TypeId::ATTR_GET | TypeId::ATTR_SET,
                          UintegerValue(1),
                          MakeUintegerAccessor(&CryptoCpu::SetCores, &CryptoCpu::GetCores),
                          MakeUintegerChecker<uint32_t>(1, MOST_CORES))
            .AddAttribute("Queue",
                          "Which job is next: fifo, ike-first or esp-first.",
                          TypeId::ATTR_GET | TypeId::ATTR_SET,
                          StringValue("fifo"),
                          MakeStringAccessor(&CryptoCpu::SetQueueName, &CryptoCpu::GetQueueName),
                          MakeStringChecker())
            .AddAttribute(
                "QueueLimit",
                "Jobs that wait at most; later ones are lost, but for timers and commands.",
                TypeId::ATTR_GET | TypeId::ATTR_SET,
                UintegerValue(1000),
                MakeUintegerAccessor(&CryptoCpu::SetQueueLimit, &CryptoCpu::GetQueueLimit),
                MakeUintegerChecker<uint32_t>())
            .AddAttribute("UtilisationPeriod",
                          "How long each period is that the trace source Utilisation tells of; "
                          "zero tells nothing.",
                          TimeValue(Time(0)),
                          MakeTimeAccessor(&CryptoCpu::m_period),
                          MakeTimeChecker(Time(0)))
            .AddTraceSource("Utilisation",
                            "A period ended in which there was work; the part of it in which cores "
                            "were busy.",
                            MakeTraceSourceAccessor(&CryptoCpu::m_utilisationTrace),
                            "ns3::ipsec::CryptoCpu::UtilisationTracedCallback")
            .AddTraceSource("QueueLength",
                            "Jobs that wait for a core.",
                            MakeTraceSourceAccessor(&CryptoCpu::m_queueLength),
                            "ns3::TracedValueCallback::Uint32")
            .AddTraceSource("Drop",
                            "A job was lost because the queue was full.",
                            MakeTraceSourceAccessor(&CryptoCpu::m_dropTrace),
                            "ns3::ipsec::CryptoCpu::DropTracedCallback")
            .AddTraceSource("Wait",
                            "A job got its core, after it had waited for so long.",
                            MakeTraceSourceAccessor(&CryptoCpu::m_waitTrace),
                            "ns3::ipsec::CryptoCpu::WaitTracedCallback");
    return tid;
}

CryptoCpu::CryptoCpu() = default;
CryptoCpu::~CryptoCpu() = default;

void
CryptoCpu::DoDispose()
{
    Reset();
    m_periodEnd.Cancel();
    Object::DoDispose();
}

void
CryptoCpu::SetProfile(const CpuProfile& profile)
{
    NS_ASSERT_MSG(m_flights.empty() && QueueLength() == 0, "the processor is at work");
    m_profile = profile;
}

const CpuProfile&
CryptoCpu::GetProfile() const
{
    return m_profile;
}

void
CryptoCpu::SetProfileName(std::string name)
{
    SetProfile(FindCpuProfile(name));
    m_profileName = std::move(name);
}

std::string
CryptoCpu::GetProfileName() const
{
    return m_profileName;
}

void
CryptoCpu::SetCores(uint32_t cores)
{
    m_profile.cores = cores;
}

uint32_t
CryptoCpu::GetCores() const
{
    return m_profile.cores;
}

void
CryptoCpu::SetQueueName(std::string name)
{
    m_profile.queue = FindCpuQueue(name);
}

std::string
CryptoCpu::GetQueueName() const
{
    return CpuQueueName(m_profile.queue);
}

void
CryptoCpu::SetQueueLimit(uint32_t limit)
{
    m_profile.queueLimit = limit;
}

uint32_t
CryptoCpu::GetQueueLimit() const
{
    return m_profile.queueLimit;
}

// Jobs

bool
CryptoCpu::Submit(CpuLane lane, CpuAdmission admission, Job job)
{
    NS_LOG_FUNCTION(this << static_cast<int>(lane));
    const bool mustWait = m_busyCores >= m_profile.cores;
    if (admission == CpuAdmission::MayDrop && mustWait && QueueLength() >= m_profile.queueLimit)
    {
        m_drops[IndexOf(lane)]++;
        m_dropTrace(lane);
        return false;
    }
    m_waiting[IndexOf(lane)].push_back({m_nextNumber++, Simulator::Now(), std::move(job)});
    Dispatch();
    return true;
}

void
CryptoCpu::SubmitFirst(CpuLane lane, Job job)
{
    m_waiting[IndexOf(lane)].push_front({0, Simulator::Now(), std::move(job)});
    Dispatch();
}

void
CryptoCpu::Reset()
{
    NS_LOG_FUNCTION(this);
    m_busyTime = BusyTime();
    for (auto& [number, flight] : m_flights)
    {
        flight.end.Cancel();
    }
    m_flights.clear();
    m_busyCores = 0;
    for (std::deque<Waiting>& lane : m_waiting)
    {
        lane.clear();
    }
    NoteQueue();
}

void
CryptoCpu::Dispatch()
{
    while (m_busyCores < m_profile.cores)
    {
        const std::optional<CpuLane> lane = NextLane();
        if (!lane)
        {
            break;
        }
        std::deque<Waiting>& waiting = m_waiting[IndexOf(*lane)];
        const Job job = std::move(waiting.front().job);
        const Time waited = Simulator::Now() - waiting.front().since;
        waiting.pop_front();
        m_waitTrace(*lane, waited);
        Begin(*lane, job);
    }
    NoteQueue();
}

std::optional<CpuLane>
CryptoCpu::NextLane() const
{
    const auto isEarlier = [this](CpuLane a, CpuLane b)
    {
        const std::deque<Waiting>& first = m_waiting[IndexOf(a)];
        const std::deque<Waiting>& second = m_waiting[IndexOf(b)];
        return second.empty() || (!first.empty() && first.front().number < second.front().number);
    };
    const CpuLane packets =
        isEarlier(CpuLane::Outbound, CpuLane::Inbound) ? CpuLane::Outbound : CpuLane::Inbound;
    const bool hasIke = !m_waiting[IndexOf(CpuLane::Ike)].empty();
    const bool hasPackets = !m_waiting[IndexOf(packets)].empty();
    if (!hasIke || !hasPackets)
    {
        return hasIke       ? std::make_optional(CpuLane::Ike)
               : hasPackets ? std::make_optional(packets)
                            : std::nullopt;
    }
    switch (m_profile.queue)
    {
    case CpuQueue::IkeFirst:
        return CpuLane::Ike;
    case CpuQueue::EspFirst:
        return packets;
    case CpuQueue::Fifo:
        break;
    }
    return isEarlier(CpuLane::Ike, packets) ? CpuLane::Ike : packets;
}

void
CryptoCpu::Begin(CpuLane lane, const Job& job)
{
    m_busyCores++;
    m_jobs[IndexOf(lane)]++;
    WatchPeriod();
    CpuOutcome outcome = job();
    m_done.Add(outcome.work);
    const Duration fixed =
        lane == CpuLane::Ike ? m_profile.costs.perInput : m_profile.costs.perPacket;
    const Time cost = ToTime(fixed + m_profile.costs.CostOf(outcome.work));
    const uint64_t number = m_nextFlight++;
    Flight& flight = m_flights[number];
    flight.lane = lane;
    flight.begun = Simulator::Now();
    flight.effects = std::move(outcome.effects);
    flight.end = Simulator::Schedule(cost, &CryptoCpu::End, this, number);
}

void
CryptoCpu::End(uint64_t number)
{
    Flight& flight = m_flights.at(number);
    flight.isDone = true;
    m_busyTime += Simulator::Now() - flight.begun;
    m_busyCores--;
    Release();
    Dispatch();
}

bool
CryptoCpu::MayHappen(const Flight& flight, uint64_t number) const
{
    if (!flight.isDone)
    {
        return false;
    }
    return std::none_of(m_flights.begin(),
                        m_flights.find(number),
                        [&](const auto& earlier) {
                            return flight.lane == CpuLane::Ike ||
                                   earlier.second.lane == flight.lane;
                        });
}

void
CryptoCpu::Release()
{
    // From the front again after each: effects may submit jobs, or reset everything.
    for (auto it = m_flights.begin(); it != m_flights.end();)
    {
        if (!MayHappen(it->second, it->first))
        {
            ++it;
            continue;
        }
        const std::function<void()> effects = std::move(it->second.effects);
        m_flights.erase(it);
        if (effects)
        {
            effects();
        }
        it = m_flights.begin();
    }
}

void
CryptoCpu::NoteQueue()
{
    const uint32_t length = QueueLength();
    m_longestQueue = std::max(m_longestQueue, length);
    m_queueLength = length;
}

// What is told

Time
CryptoCpu::BusyTime() const
{
    Time busy = m_busyTime;
    for (const auto& [number, flight] : m_flights)
    {
        if (!flight.isDone)
        {
            busy += Simulator::Now() - flight.begun;
        }
    }
    return busy;
}

double
CryptoCpu::Utilisation(Time since, Time busyThen) const
{
    const Time length = Simulator::Now() - since;
    if (!length.IsStrictlyPositive())
    {
        return 0;
    }
    return (BusyTime() - busyThen).GetSeconds() / length.GetSeconds() / m_profile.cores;
}

uint32_t
CryptoCpu::QueueLength() const
{
    size_t length = 0;
    for (const std::deque<Waiting>& lane : m_waiting)
    {
        length += lane.size();
    }
    return static_cast<uint32_t>(length);
}

uint32_t
CryptoCpu::LongestQueue() const
{
    return m_longestQueue;
}

uint64_t
CryptoCpu::Jobs(CpuLane lane) const
{
    return m_jobs[IndexOf(lane)];
}

uint64_t
CryptoCpu::Drops(CpuLane lane) const
{
    return m_drops[IndexOf(lane)];
}

const Work&
CryptoCpu::Done() const
{
    return m_done;
}

void
CryptoCpu::WatchPeriod()
{
    if (!m_period.IsStrictlyPositive() || m_periodEnd.IsRunning())
    {
        return;
    }
    m_periodBegan = Simulator::Now();
    m_busyBefore = BusyTime();
    m_periodEnd = Simulator::Schedule(m_period, &CryptoCpu::EndPeriod, this);
}

void
CryptoCpu::EndPeriod()
{
    m_utilisationTrace(m_periodBegan, Simulator::Now(), Utilisation(m_periodBegan, m_busyBefore));
    // Only while there is work, so that a simulation may come to its end.
    if (m_busyCores > 0)
    {
        WatchPeriod();
    }
}

} // namespace ipsec
} // namespace ns3
