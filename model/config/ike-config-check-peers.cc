// SPDX-License-Identifier: GPL-2.0-only
#include "ike-config-check.h"

#include <map>
#include <set>
#include <utility>

namespace ns3
{
namespace ipsec
{

namespace
{

std::string
Both(const PeerConfig& a, const PeerConfig& b)
{
    return "peers '" + a.name + "' and '" + b.name + "'";
}

/// Checks two dynamic peers of main mode, which needs the key and the proposals before it knows who
/// is calling (RFC 2409 section 5.4).
void
CheckSharing(const PeerConfig& a, const PeerConfig& b)
{
    // One that is missing was taken from an engine at work.
    Require(!OffersPreSharedKey(a) || !OffersPreSharedKey(b) || a.preSharedKey.empty() ||
                b.preSharedKey.empty() ||
                ConstantTimeEqual(a.preSharedKey.View(), b.preSharedKey.View()),
            Both(a, b),
            "both have dynamic addresses but different pre-shared keys; in main mode dynamic peers "
            "must share one key");
    Require(a.proposals == b.proposals,
            Both(a, b),
            "both have dynamic addresses but different phase 1 proposals; dynamic peers must share "
            "one list");
}

/// Dynamic peers of aggressive mode at one local address; they are found by their identities.
class NamedPeers
{
  public:
    /// Adds a peer and checks that none that was added before goes by the same name.
    void
    Add(const PeerConfig& peer)
    {
        if (!peer.remoteId)
        {
            const PeerConfig& other = m_anybody ? *m_anybody : peer;
            Require(!m_anybody,
                    Both(other, peer),
                    "both have dynamic addresses and no remote ID; nothing tells them apart");
            m_anybody = &peer;
            return;
        }
        const Identity& id = *peer.remoteId;
        if (id.type == IdType::DerAsn1Dn)
        {
            for (const PeerConfig* other : m_distinguished)
            {
                Require(*other->remoteId != id, Both(*other, peer), SameId(id));
            }
            m_distinguished.push_back(&peer);
            return;
        }
        const auto [other, isNew] = m_byOctets.emplace(std::pair(id.type, id.data), &peer);
        Require(isNew, Both(*other->second, peer), SameId(id));
    }

  private:
    static std::string
    SameId(const Identity& id)
    {
        return "both have dynamic addresses and the remote ID " + id.ToString() +
               "; nothing tells them apart";
    }

    const PeerConfig* m_anybody = nullptr;
    std::map<std::pair<IdType, Octets>, const PeerConfig*> m_byOctets;
    /// Equal names may differ in their octets.
    std::vector<const PeerConfig*> m_distinguished;
};

} // namespace

void
CheckPeersTogether(const std::vector<PeerConfig>& peers)
{
    std::set<std::string> names;
    std::map<std::pair<IpAddress, IpAddress>, const PeerConfig*> fixed;
    std::map<IpAddress, const PeerConfig*> sharing;
    std::map<IpAddress, NamedPeers> named;
    for (const PeerConfig& peer : peers)
    {
        Require(
            names.insert(peer.name).second, "peer '" + peer.name + "'", "the name is used twice");
        if (peer.remoteAddress)
        {
            const auto [other, isNew] =
                fixed.emplace(std::pair(peer.localAddress, *peer.remoteAddress), &peer);
            Require(
                isNew, Both(*other->second, peer), "both have the same local and remote address");
        }
        else if (peer.mode == Phase1Mode::Aggressive)
        {
            named[peer.localAddress].Add(peer);
        }
        else
        {
            CheckSharing(*sharing.emplace(peer.localAddress, &peer).first->second, peer);
        }
    }
}

} // namespace ipsec
} // namespace ns3
