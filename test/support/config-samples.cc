// SPDX-License-Identifier: GPL-2.0-only
#include "config-samples.h"

namespace ns3
{
namespace ipsec
{

ChildConfig
GoodChild(const std::string& name)
{
    ChildConfig child;
    child.name = name;
    child.proposals = ParsePhase2Proposals("standard");
    child.proxyId = {Prefix::Parse("10.1.0.0/24"), Prefix::Parse("10.2.0.0/24")};
    return child;
}

PeerConfig
GoodPeer(const std::string& name, const char* remote)
{
    PeerConfig peer;
    peer.name = name;
    peer.localAddress = IpAddress::Parse("192.0.2.1");
    peer.remoteAddress = IpAddress::Parse(remote);
    peer.proposals = ParsePhase1Proposals("standard");
    peer.preSharedKey = SecretBytes(AsOctets("tiandihui2"));
    peer.children.push_back(GoodChild("lan"));
    return peer;
}

PeerConfig
DynamicPeer(const std::string& name)
{
    PeerConfig peer = GoodPeer(name, "192.0.2.2");
    peer.remoteAddress.reset();
    return peer;
}

PeerConfig
DynamicAggressivePeer(const std::string& name, const std::string& id)
{
    PeerConfig peer = DynamicPeer(name);
    peer.mode = Phase1Mode::Aggressive;
    peer.remoteId = Identity::Parse(id);
    return peer;
}

EngineConfig
GoodConfig()
{
    EngineConfig config;
    config.peers.push_back(GoodPeer("b", "192.0.2.2"));
    return config;
}

std::string
Refusal(const EngineConfig& config)
{
    return ThrownSentence([&config] { config.Validate(); });
}

} // namespace ipsec
} // namespace ns3
