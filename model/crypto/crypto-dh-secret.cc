// SPDX-License-Identifier: GPL-2.0-only
#include "crypto-dh-secret.h"

#include "crypto-dh-arithmetic.h"
#include "crypto-dh-jobs.h"

#include <map>
#include <mutex>
#include <utility>

namespace ns3
{
namespace ipsec
{

/// A key pair whose owner waits for an answer, and the secrets with those who answered here.
class DhAnnouncement
{
  public:
    explicit DhAnnouncement(const DhKeyPair& pair);
    ~DhAnnouncement();
    DhAnnouncement(const DhAnnouncement&) = delete;
    DhAnnouncement& operator=(const DhAnnouncement&) = delete;

    const SecretBytes&
    Exponent() const
    {
        return m_exponent;
    }

    /// Remembers the owner's secret with a peer.
    void Keep(const Octets& peerPublicValue, std::shared_ptr<DhJob> job);
    /// Returns the owner's secret with a peer, or null.
    std::shared_ptr<DhJob> Find(OctetView peerPublicValue) const;

    /// Finds the announcement of a public value, or null.
    static std::shared_ptr<DhAnnouncement> Of(uint16_t group, OctetView publicValue);
    /// Enters an announcement under its public value.
    static void Enter(const std::shared_ptr<DhAnnouncement>& announcement);

    /// Returns how many announcements are entered.
    static size_t Count();

  private:
    /// Group and public value.
    using Key = std::pair<uint16_t, Octets>;

    struct Table
    {
        std::mutex mutex;
        std::map<Key, std::weak_ptr<DhAnnouncement>> entered;
    };

    static Table&
    Entered()
    {
        // It never goes: key pairs may be held by objects that the program destroys last.
        static Table& table = *new Table();
        return table;
    }

    const Key m_key;
    const SecretBytes m_exponent;
    /// By the peer's public value; guarded by the table's mutex.
    std::map<Octets, std::shared_ptr<DhJob>> m_answers;
};

DhAnnouncement::DhAnnouncement(const DhKeyPair& pair)
    : m_key(pair.group, pair.publicValue)
    , m_exponent(pair.exponent)
{
}

DhAnnouncement::~DhAnnouncement()
{
    Table& table = Entered();
    const std::lock_guard<std::mutex> lock(table.mutex);
    const auto found = table.entered.find(m_key);
    // The same value may have been drawn twice, by engines that were copied before they drew it.
    if (found != table.entered.end() && found->second.expired())
    {
        table.entered.erase(found);
    }
}

void
DhAnnouncement::Keep(const Octets& peerPublicValue, std::shared_ptr<DhJob> job)
{
    const std::lock_guard<std::mutex> lock(Entered().mutex);
    if (m_answers.size() < MAX_ANSWERS)
    {
        m_answers.emplace(peerPublicValue, std::move(job));
    }
}

std::shared_ptr<DhJob>
DhAnnouncement::Find(OctetView peerPublicValue) const
{
    const std::lock_guard<std::mutex> lock(Entered().mutex);
    const auto found = m_answers.find(peerPublicValue.Copy());
    return found == m_answers.end() ? nullptr : found->second;
}

std::shared_ptr<DhAnnouncement>
DhAnnouncement::Of(uint16_t group, OctetView publicValue)
{
    Table& table = Entered();
    const std::lock_guard<std::mutex> lock(table.mutex);
    const auto found = table.entered.find({group, publicValue.Copy()});
    return found == table.entered.end() ? nullptr : found->second.lock();
}

void
DhAnnouncement::Enter(const std::shared_ptr<DhAnnouncement>& announcement)
{
    Table& table = Entered();
    const std::lock_guard<std::mutex> lock(table.mutex);
    if (table.entered.size() < MAX_ANNOUNCED)
    {
        table.entered.emplace(announcement->m_key, announcement);
    }
}

size_t
DhAnnouncement::Count()
{
    const std::lock_guard<std::mutex> lock(Entered().mutex);
    return Entered().entered.size();
}

namespace
{

std::shared_ptr<DhJob>
MakeJob(uint16_t group, SecretBytes exponent, Octets peerPublicValue)
{
    const DhArithmetic& arithmetic = ArithmeticOf(*FindDhGroup(group));
    return std::make_shared<DhJob>(
        [&arithmetic, exponent = std::move(exponent), peer = std::move(peerPublicValue)]()
        { return arithmetic.SharedSecret(exponent.View(), peer); });
}

} // namespace

DhSecret::DhSecret(std::shared_ptr<DhJob> job)
    : m_job(std::move(job))
{
}

const SecretBytes&
DhSecret::Value() const
{
    return DhJobs::Get().Await(*m_job);
}

Result<DhSecret>
BeginSharedSecret(const DhKeyPair& own, OctetView peerPublicValue)
{
    if (const auto checked = CheckPublicValue(own, peerPublicValue); !checked)
    {
        return checked.GetFault();
    }
    DhJobs& jobs = DhJobs::Get();
    if (own.announcement)
    {
        if (std::shared_ptr<DhJob> begun = own.announcement->Find(peerPublicValue))
        {
            if (jobs.Sharing() == DhSharing::OncePerPair)
            {
                jobs.NoteSaved(own.group);
            }
            return DhSecret(std::move(begun));
        }
    }
    std::shared_ptr<DhJob> job = MakeJob(own.group, own.exponent, peerPublicValue.Copy());
    if (const auto peer = DhAnnouncement::Of(own.group, peerPublicValue))
    {
        std::shared_ptr<DhJob> peersJob = job;
        if (jobs.Sharing() == DhSharing::ByEachEnd)
        {
            // Before ours: it is read when our answer arrives, ours when the next message is back.
            peersJob = MakeJob(own.group, peer->Exponent(), own.publicValue);
            jobs.Offer(peersJob);
        }
        peer->Keep(own.publicValue, std::move(peersJob));
    }
    jobs.Offer(job);
    return DhSecret(std::move(job));
}

size_t
AnnouncedKeyPairs()
{
    return DhAnnouncement::Count();
}

void
AnnounceKeyPair(DhKeyPair& pair)
{
    const DhJobs& jobs = DhJobs::Get();
    if (jobs.HasWorkers() || jobs.Sharing() == DhSharing::OncePerPair)
    {
        pair.announcement = std::make_shared<DhAnnouncement>(pair);
        DhAnnouncement::Enter(pair.announcement);
    }
}

} // namespace ipsec
} // namespace ns3
