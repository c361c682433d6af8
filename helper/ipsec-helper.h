// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Makes gateways of nodes.
 */
#ifndef IPSEC_HELPER_H
#define IPSEC_HELPER_H

#include "ipsec-manual-tunnel.h"
#include "ipsec-pki.h"

#include "ns3/application-container.h"
#include "ns3/ike-daemon.h"
#include "ns3/ipsec-data-plane.h"
#include "ns3/ipsec-net-device.h"
#include "ns3/ipsec-policy-routing.h"
#include "ns3/node-container.h"
#include "ns3/object-factory.h"
#include "ns3/trace-helper.h"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ns3
{
namespace ipsec
{

/// When a tunnel is negotiated.
enum class SiteStart : uint8_t
{
    WithTraffic, ///< when a packet needs it
    /// When the daemon of the end that was named first starts, and whenever it is gone; after a
    /// crash of that end the caller starts it.
    AtOnce,
};

/// How a tunnel comes to its traffic.
struct TunnelPolicy
{
    /// Where its rule stands among the others (Policy::order).
    int32_t order = 0;
    /// It has no rule until AddTunnelRoute() leads traffic to it.
    bool isRouteBased = false;
};

/**
 * Installs IPsec on gateways. Either give a whole EngineConfig to Install(), or set proposals and
 * a key, call ConnectSites() for every pair of sites and ConnectClient() for every user, and
 * InstallSites() once.
 */
class IpsecHelper : public PcapHelperForDevice, public AsciiTraceHelperForDevice
{
  public:
    IpsecHelper();

    /// @name What ConnectSites() and ConnectClient() use from now on
    /// @throws std::invalid_argument with one sentence.
    /// @{
    /// Sets phase 1 proposals as text, default "standard".
    void SetPhase1Proposals(const std::string& proposals);
    /// Sets phase 2 proposals as text, default "standard".
    void SetPhase2Proposals(const std::string& proposals);
    void SetPreSharedKey(const std::string& key);
    void SetNatTraversal(NatTraversal natTraversal);
    /// Sets the habits of both ends of the tunnels to come, with their lifetimes, dead peer
    /// detection and limits.
    void SetPersonality(const Personality& personality);
    /// Sets dead peer detection in the place of the personality's.
    void SetDpd(const DpdConfig& dpd);
    /// Returns what SetDpd() said, if it was called.
    std::optional<DpdConfig> GetDpd() const;
    /// Sets when tunnels are negotiated, default with the first packet that needs them.
    void SetStart(SiteStart start);
    /// Sets the exchange of phase 1, default main mode.
    void SetPhase1Mode(Phase1Mode mode);
    /// Sets what is done with aggressive mode where main mode is wanted, default a notification.
    void SetAggressiveRefusal(AggressiveRefusal refusal);
    /// Sets whether large messages travel in IKE fragments, default not.
    void SetFragmentation(bool fragmentation);
    /**
     * Sets where keys and certificates come from, which proposals other than by pre-shared key
     * need. Without, they are made from seed and run of ns-3. A node's holder has the node's name;
     * one that is not there is added with the node's address and identity.
     */
    void UseCertificates(std::shared_ptr<IpsecPki> pki);
    /// Asks clients for a user and a password; an empty user ends that.
    void UseXauth(const std::string& user, const std::string& password);
    /**
     * Gives clients an address.
     * @param server the gateway's side: role, pool, name servers, networks; the role Off ends that
     */
    void UseModeConfig(const ModeConfig& server);
    /// Sets where the rules of tunnels stand among others, default 0.
    void SetPolicyOrder(int32_t order);
    /// Sets what outer headers are made of.
    void SetOuterHeader(const OuterHeaderRules& rules);
    /// Sets what tunnels protect: whole packets, or the datagrams of their two ends.
    void SetMode(EncapsulationMode mode);
    /// @}

    /// Adds addresses that gateways hand out.
    void AddPool(const AddressPool& pool);

    /// Sets an attribute of tunnel devices made from now on.
    void SetDeviceAttribute(const std::string& name, const AttributeValue& value);
    /// Sets an attribute of daemons made from now on, such as "StartDate".
    void SetDaemonAttribute(const std::string& name, const AttributeValue& value);
    /// Sets an attribute of data planes made from now on.
    void SetDataPlaneAttribute(const std::string& name, const AttributeValue& value);

    /// Gives nodes a processor from now on, for which cryptography takes time. Without, and with a
    /// profile that is free, nodes have none.
    void SetCpuProfile(const CpuProfile& profile);

    /**
     * Notes a tunnel between two gateways and the networks behind them.
     * @param gatewayA one gateway, with an IPv4 stack
     * @param addressA its address that the tunnel ends at, such as "192.0.2.1"
     * @param lanA the network behind it, such as "10.1.0.0/24"
     * @return the names of the tunnel at A and at B
     * @throws std::invalid_argument with one sentence.
     */
    std::pair<ChildId, ChildId> ConnectSites(Ptr<Node> gatewayA,
                                             const std::string& addressA,
                                             const std::string& lanA,
                                             Ptr<Node> gatewayB,
                                             const std::string& addressB,
                                             const std::string& lanB);
    /**
     * Notes a tunnel between a user's node and a gateway, which does not know the user's address.
     * @param client the user's node, with an IPv4 stack
     * @param clientAddress its address, such as "203.0.113.5"
     * @param clientId who it says it is, as Identity::Parse() reads it
     * @param gateway the gateway
     * @param gatewayAddress its address that the tunnel ends at
     * @param lan the network behind it
     * @throws std::invalid_argument with one sentence.
     */
    void ConnectClient(Ptr<Node> client,
                       const std::string& clientAddress,
                       const std::string& clientId,
                       Ptr<Node> gateway,
                       const std::string& gatewayAddress,
                       const std::string& lan);
    /**
     * Notes a route-based tunnel between two gateways: it may carry everything, and
     * AddTunnelRoute() leads traffic to it once it is installed.
     * @return the names of the tunnel at A and at B
     * @throws std::invalid_argument with one sentence.
     */
    std::pair<ChildId, ChildId> ConnectByRoutes(Ptr<Node> gatewayA,
                                                const std::string& addressA,
                                                Ptr<Node> gatewayB,
                                                const std::string& addressB);
    /// Installs all nodes named to ConnectSites() and ConnectClient(), in the order in which they
    /// came.
    ApplicationContainer InstallSites();

    /**
     * Puts everything on one gateway: data plane with a rule for every child, tunnel device,
     * protocols 50 and 51, policies in front of its routing, and the daemon.
     * @param tunnels what differs from the usual, by child
     * @throws std::invalid_argument if the configuration is wrong, the node has no IPv4 stack, or
     * IPsec is already installed on it.
     */
    Ptr<IkeDaemon> Install(Ptr<Node> node,
                           const EngineConfig& config,
                           const std::map<ChildId, TunnelPolicy>& tunnels = {});
    /// @copydoc Install(Ptr<Node>,const EngineConfig&,const std::map<ChildId,TunnelPolicy>&)
    Ptr<IkeDaemon> Install(Ptr<Node> node,
                           const SharedEngineConfig& config,
                           const std::map<ChildId, TunnelPolicy>& tunnels = {});

    /**
     * Gives a node tunnels whose keys are set by hand. A node without IPsec gets everything but a
     * daemon, so that it speaks no IKE; one with a daemon keeps it.
     * @return their names
     * @throws std::invalid_argument if a tunnel cannot work, an inbound SPI is in use, or the node
     * has no IPv4 stack.
     */
    std::vector<ChildId> InstallManual(Ptr<Node> node, const std::vector<ManualTunnel>& tunnels);
    /// Gives both ends a tunnel that is seen from @p nodeA.
    void InstallManual(Ptr<Node> nodeA, Ptr<Node> nodeB, const ManualTunnel& tunnel);

    /**
     * Adds a rule to an installed node: bypass, discard, or protect by a child that it has. Those
     * of tunnels have the order of SetPolicyOrder(), 0 unless told otherwise, those of routes 0
     * to 32.
     * @throws std::invalid_argument with one sentence.
     */
    static void AddPolicy(Ptr<Node> node, const Policy& policy);
    /**
     * Leads traffic to a network into a tunnel of an installed node: a static route to the tunnel
     * device, and the rule that says which tunnel takes it. Its order is 32 less the length of the
     * prefix, so that the longest prefix decides, as it does for routes.
     * @throws std::invalid_argument with one sentence.
     */
    static void AddTunnelRoute(Ptr<Node> node, const std::string& network, ChildId child);

    /**
     * Gives an interface of a node another address in the place of one, as when a provider
     * renumbers: the cloud, rules and daemon follow, SAs of the old address are gone, and nobody is
     * told. Tunnels in transport mode keep the rules of the old address.
     * @throws std::invalid_argument if the node does not have the address.
     */
    static void ChangeAddress(Ptr<Node> node, const std::string& from, const std::string& to);

    /// Return what is installed on a node, or null.
    static Ptr<IkeDaemon> GetDaemon(Ptr<Node> node);
    static Ptr<IpsecDataPlane> GetDataPlane(Ptr<Node> node);
    static Ptr<IpsecNetDevice> GetDevice(Ptr<Node> node);
    static Ptr<CryptoCpu> GetCpu(Ptr<Node> node);

    /// Gives random streams to all gateways in @p nodes; returns how many were used.
    static int64_t AssignStreams(const NodeContainer& nodes, int64_t stream);

    /// Captures what goes in and out of a tunnel device: inner packets.
    void EnablePcapInternal(std::string prefix,
                            Ptr<NetDevice> device,
                            bool promiscuous,
                            bool explicitFilename) override;
    /// Writes lines about them: "+" for what goes in, "d" for what it refuses, "r" for what comes
    /// out.
    void EnableAsciiInternal(Ptr<OutputStreamWrapper> stream,
                             std::string prefix,
                             Ptr<NetDevice> device,
                             bool explicitFilename) override;

  private:
    /// A node of ConnectSites() or ConnectClient().
    struct Site
    {
        Ptr<Node> node;
        EngineConfig config;
        std::map<ChildId, TunnelPolicy> tunnels;
        /// Peers with a known address, by our address and theirs.
        std::map<std::pair<IpAddress, IpAddress>, PeerId> peers;
    };

    /// One end of a tunnel.
    struct End
    {
        Ptr<Node> node;
        IpAddress address;
        Prefix lan;
        /// Who it says it is; nothing means its address.
        std::optional<Identity> id = std::nullopt;
    };

    /// What a node without IPsec must know of its tunnels to come.
    struct Surroundings
    {
        /// Our addresses that tunnels end at.
        std::vector<IpAddress> ends;
        /// Networks of ours that tunnels protect.
        std::vector<Prefix> inside;
    };

    /// Installs everything but the daemon.
    Ptr<IpsecDataPlane> InstallPlane(Ptr<Node> node, const Surroundings& surroundings);
    /// Throws unless a node has a stack for IPsec.
    static void RequireStack(Ptr<Node> node);
    /// Adds both ends' halves of a tunnel; returns what they are called.
    std::pair<ChildId, ChildId> AddTunnel(const End& a, const End& b, const TunnelPolicy& policy);
    ChildId AddHalf(const End& own, const End& other, const TunnelPolicy& policy);
    ChildConfig MakeChild(const End& own, const End& other) const;
    PeerId PeerOf(const End& own, const End& other);
    /// Adds a peer to a node; those that can be called are found again by PeerOf().
    PeerId AddPeer(Ptr<Node> node, const PeerConfig& peer);
    /// Makes a peer with all settings but its addresses and identities.
    PeerConfig MakePeer(const End& own, const End& other);
    void ApplyPersonality(PeerConfig& peer, EngineLimits& limits) const;
    void AddKeys(PeerConfig& peer, const End& own, const End& other);
    void AddHolder(const End& end);
    Site& SiteOf(Ptr<Node> node);
    EngineConfig& ConfigOf(Ptr<Node> node);

    std::vector<Phase1Proposal> m_phase1;
    std::string m_phase1Set = "standard";
    std::vector<Phase2Proposal> m_phase2;
    SecretBytes m_preSharedKey;
    NatTraversal m_natTraversal = NatTraversal::Auto;
    Personality m_personality;
    std::optional<DpdConfig> m_dpd;
    SiteStart m_start = SiteStart::WithTraffic;
    Phase1Mode m_mode = Phase1Mode::Main;
    AggressiveRefusal m_aggressiveRefusal = AggressiveRefusal::Notify;
    bool m_fragmentation = false;
    std::shared_ptr<IpsecPki> m_pki;
    std::string m_xauthUser;
    SecretBytes m_xauthPassword;
    ModeConfig m_modeConfig;
    int32_t m_policyOrder = 0;
    OuterHeaderRules m_outerHeader;
    EncapsulationMode m_encapsulationMode = EncapsulationMode::Tunnel;
    std::vector<AddressPool> m_pools;
    ObjectFactory m_deviceFactory;
    ObjectFactory m_dataPlaneFactory;
    ObjectFactory m_daemonFactory;
    CpuProfile m_cpuProfile;
    std::vector<Site> m_sites;
    /// Where each node is among them; only ever looked up.
    std::map<Ptr<Node>, size_t> m_siteOfNode;
};

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_HELPER_H
