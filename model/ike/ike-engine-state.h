// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * What an engine holds: peers, IKE SAs in every stage, and the look-ups between them.
 *
 * What identifies what: an IKE SA, by the cookie that is ours; before that, a first message by its
 * cookie and sender; an exchange under it, by the message ID; an IPsec SA, by its SaKey.
 */
#ifndef IKE_ENGINE_STATE_H
#define IKE_ENGINE_STATE_H

#include "ike-address-pool.h"
#include "ike-engine-slots.h"
#include "ike-engine.h"
#include "ike-fragmentation.h"

#include "ns3/isakmp-payloads.h"

#include <map>
#include <set>
#include <unordered_map>
#include <unordered_set>
#include <variant>

namespace ns3
{
namespace ipsec
{

/// What one input works with.
struct Turn
{
    Instant now;
    RandomSource& random;
    Effects effects;
    /// Peers that lost an IKE SA or a pair.
    std::set<PeerId> left = {};
};

/// Which of the peer's proposals a notification is about; no SPI if none was read.
struct RefusedProposal
{
    ProtocolId protocol = ProtocolId::Esp;
    Octets spi = {};
};

/// The engine's content and its steps; one file per subject: phase 1, quick mode, informational,
/// children, timers.
struct EngineState
{
    explicit EngineState(EngineConfig configuration);

    // ike-engine.cc: dispatch
    void HandleDatagram(const Datagram& datagram, Turn& turn);
    /// Handles a message that is complete.
    void HandleWhole(const IsakmpHeader& header, const Datagram& datagram, Turn& turn);
    void HandleTimeout(Turn& turn);
    /// Reads a clear message and notes where it came from.
    static Result<IncomingMessage> ReadClear(const IsakmpHeader& header, const Datagram& datagram);
    /// Cleans up behind peers of which nothing is left; the last step of every input.
    void Finish(Turn& turn);
    /// Decrypts a message with a copy of its exchange's chain, and shows what it is.
    static Result<IncomingMessage> Decrypt(const IsakmpHeader& header,
                                           const Datagram& datagram,
                                           CipherChain& chain,
                                           Turn& turn);

    // ike-engine-fragments.cc
    void HandleFragment(const IsakmpHeader& header, const Datagram& datagram, Turn& turn);
    void ExpireFragments(Turn& turn);
    /// Sees whether the peer announced in its first message that it can do fragments, too.
    void NoteFragmentation(IkeSaSlot& slot, const IncomingMessage& message) const;
    bool TakesFragments(const IkeSaSlot& slot) const;

    // ike-engine-phase1.cc: what main and aggressive mode have in common
    void StartPhase1(PeerId peer, Turn& turn);
    void HandlePhase1(const IsakmpHeader& header, const Datagram& datagram, Turn& turn);
    void HandleFirstMessage(const IsakmpHeader& header, const Datagram& datagram, Turn& turn);
    /// Chooses the configuration for a first message by addresses, in aggressive mode by the
    /// identity, too.
    Result<PeerId> ChoosePeer(const IncomingMessage& message) const;
    /// False if too many exchanges are unfinished; else there is room for one more.
    bool MakeRoom(const Datagram& datagram, PeerId peer, Turn& turn);
    /// Answers a first message: commits a responder's first state.
    template <typename State>
    void BeginAnswer(PeerId peer,
                     const IncomingMessage& message,
                     const Datagram& datagram,
                     Step<State> step,
                     Turn& turn);
    void HandlePhase1Message(IkeSaSlot& slot,
                             const IsakmpHeader& header,
                             const Datagram& datagram,
                             Turn& turn);
    Result<Done> AdvancePhase1(IkeSaSlot& slot,
                               const IsakmpHeader& header,
                               const Datagram& datagram,
                               Turn& turn);
    static void EnterPhase1State(IkeSaSlot& slot, Phase1State next, Turn& turn);
    StepContext ContextFor(PeerId peer, Turn& turn) const;

    // ike-engine-main-mode.cc
    Result<Done> TakeMm2(IkeSaSlot& slot,
                         const IncomingMessage& message,
                         const Datagram& datagram,
                         Turn& turn);
    Result<Done> TakeMm3(IkeSaSlot& slot,
                         const IncomingMessage& message,
                         const Datagram& datagram,
                         Turn& turn);
    Result<Done> TakeMm4(IkeSaSlot& slot,
                         const IncomingMessage& message,
                         const Datagram& datagram,
                         Turn& turn);
    Result<Done> TakeMm5(IkeSaSlot& slot,
                         const IsakmpHeader& header,
                         const Datagram& datagram,
                         Turn& turn);
    Result<Done> TakeMm6(IkeSaSlot& slot,
                         const IsakmpHeader& header,
                         const Datagram& datagram,
                         Turn& turn);

    // ike-engine-aggressive-mode.cc
    void HandleAm1(const IncomingMessage& message,
                   PeerId peer,
                   const Datagram& datagram,
                   Turn& turn);
    Result<Done> TakeAm2(IkeSaSlot& slot,
                         const IncomingMessage& message,
                         const Datagram& datagram,
                         Turn& turn);
    Result<Done> TakeAm3(IkeSaSlot& slot,
                         const IsakmpHeader& header,
                         const Datagram& datagram,
                         Turn& turn);

    // ike-engine-establish.cc
    void Establish(IkeSaSlot& slot, Phase1Done done, Turn& turn);
    /// Ends a phase 1 whose peer proved something that is not accepted, and tells it.
    void RefuseProof(IkeSaSlot& slot,
                     const IkeKeys& keys,
                     const RawPayload& why,
                     Fault fault,
                     Turn& turn);
    /// Returns the dynamic peer that an identity belongs to; the slot's own peer if there is none,
    /// or if the address told.
    PeerId PeerOf(const IkeSaSlot& slot, OctetView idBody, AuthMethod method) const;
    bool WantsInitialContact(PeerId peer) const;

    // ike-engine-sending.cc
    void SendAndAwait(const IkeSaSlot& slot, Ledger& ledger, OutgoingMessage message, Turn& turn);
    static void SendAsAnswer(const IkeSaSlot& slot,
                             Ledger& ledger,
                             OutgoingMessage message,
                             Turn& turn);
    /// Sends the stored answer again if the datagram asks for it and this side answers; else counts
    /// it as a duplicate.
    static void AnswerDuplicate(const Ledger& ledger, const Datagram& datagram, Turn& turn);
    /// Returns when the last message of phase 1 is repeated.
    RetransmissionSchedule ScheduleOf(const IkeSaSlot& slot) const;
    void NotifyClear(const IsakmpHeader& header, const Datagram& datagram, Fault fault, Turn& turn);
    void NotifyClear(const IsakmpHeader& header,
                     const Datagram& datagram,
                     NotifyType type,
                     Turn& turn);

    // ike-engine-quick.cc
    void HandleQuickMode(const IsakmpHeader& header, const Datagram& datagram, Turn& turn);
    void HandleRequest(IkeSaSlot& slot,
                       const IsakmpHeader& header,
                       const Datagram& datagram,
                       Turn& turn);
    Result<Done> AnswerRequest(IkeSaSlot& slot,
                               const QuickModeRequest& request,
                               const IncomingMessage& message,
                               const CipherChain& chain,
                               const Datagram& datagram,
                               Turn& turn);
    Result<Done> TakeQm2(IkeSaSlot& slot,
                         QuickModeSlot& quick,
                         const IsakmpHeader& header,
                         const Datagram& datagram,
                         Turn& turn);
    Result<Done> TakeQm3(IkeSaSlot& slot,
                         QuickModeSlot& quick,
                         const IsakmpHeader& header,
                         const Datagram& datagram,
                         Turn& turn);
    void StartQuickMode(IkeSaSlot& slot, uint32_t child, Turn& turn);
    void FailQuickMode(IkeSaSlot& slot,
                       uint32_t messageId,
                       Fault reason,
                       uint16_t notify,
                       Turn& turn);
    /// Refuses a request whose HASH(1) was right: its message ID is used, and copies of it get the
    /// same answer again.
    void RefuseRequest(IkeSaSlot& slot,
                       Fault fault,
                       const RefusedProposal& refused,
                       const IsakmpHeader& header,
                       const Datagram& datagram,
                       Turn& turn);
    /// The peer's side of an IKE SA follows its authenticated messages through a NAT.
    static void FollowPeer(IkeSaSlot& slot, const Endpoint& remote);
    static QuickModeGround GroundOf(const IkeSaSlot& slot);

    // ike-engine-transaction.cc
    void HandleTransaction(const IsakmpHeader& header, const Datagram& datagram, Turn& turn);
    Result<Done> AdvanceTransaction(IkeSaSlot& slot,
                                    const IsakmpHeader& header,
                                    const Datagram& datagram,
                                    Turn& turn);
    /// Takes what answers a message of ours; the IKE SA may be gone when it returns.
    Result<Done> TakeAnswer(IkeSaSlot& slot,
                            const AttributesPayload& payload,
                            const IncomingMessage& message,
                            Turn& turn);
    /// Answers what the peer began; the IKE SA may be gone when it returns.
    Result<Done> AnswerTransaction(IkeSaSlot& slot,
                                   const AttributesPayload& payload,
                                   const IncomingMessage& message,
                                   CipherChain chain,
                                   const Datagram& datagram,
                                   Turn& turn);
    /// Makes a message under a message ID that is not used yet.
    static Result<BegunTransaction> BeginTransaction(const IkeSaSlot& slot,
                                                     AttributesPayload payload,
                                                     Turn& turn);
    /// Sends it and repeats it until @p state has its answer.
    void AwaitTransaction(IkeSaSlot& slot,
                          BegunTransaction begun,
                          TransactionState state,
                          Turn& turn);
    /// False if the IKE SA went with one of them.
    bool RunTransactionTimers(IkeSaSlot& slot, Turn& turn);

    // ike-engine-access.cc: what stands between phase 1 and quick modes
    /// Begins the first stage; the IKE SA may be gone when it returns.
    void BeginAccess(IkeSaSlot& slot, Turn& turn);
    void BecomeReady(IkeSaSlot& slot, Turn& turn);
    /// The peer announced that it knows of no other SA.
    void TakeInitialContact(IkeSaSlot& slot, Turn& turn);
    /// Ends what a peer had before @p begunAt, except one IKE SA.
    void EndOlder(PeerId peer, SlotId except, Instant begunAt, Turn& turn);
    /// Ends an IKE SA on which a stage failed, and tells the peer.
    void RefuseAccess(IkeSaSlot& slot, Fault reason, Turn& turn);
    /// Returns why an IKE SA fails on which nobody answered any more.
    static Fault AccessTimeout(const IkeSaSlot& slot);
    void BeginModeConfig(IkeSaSlot& slot, Turn& turn);
    void AskUser(IkeSaSlot& slot, Turn& turn);
    void SendXauthResult(IkeSaSlot& slot, std::optional<std::string> user, Turn& turn);
    void TakeXauthReply(IkeSaSlot& slot, const AttributesPayload& reply, Turn& turn);
    void TakeXauthAck(IkeSaSlot& slot, const ExpectXauthAck& state, Turn& turn);
    /// Makes the answer to what the peer began, as far as this stage allows it.
    Result<AttributesPayload> MakeAnswer(const IkeSaSlot& slot, const AttributesPayload& payload);
    Result<AttributesPayload> MakeConfigAnswer(const IkeSaSlot& slot,
                                               const AttributesPayload& payload);
    Result<AttributesPayload> MakeXauthAnswer(const IkeSaSlot& slot,
                                              const AttributesPayload& payload);
    /// Does what follows once the answer is sent; the IKE SA may be gone when it returns.
    void FollowAnswer(IkeSaSlot& slot, const AttributesPayload& payload, Turn& turn);
    void FollowConfigAnswer(IkeSaSlot& slot, const AttributesPayload& payload, Turn& turn);

    // ike-engine-mode-config.cc
    void AskConfig(IkeSaSlot& slot, Turn& turn);
    void TellConfig(IkeSaSlot& slot, Turn& turn);
    /// Takes what the server told; ends the IKE SA if that is no use.
    void TakeConfig(IkeSaSlot& slot, const AttributesPayload& payload, Turn& turn);
    /// Gives a client an address, or returns the one it has: PoolExhausted.
    Result<InternalConfig> LeaseFor(const IkeSaSlot& slot);
    /// Puts an assigned address into the peer's children.
    void Assign(IkeSaSlot& slot, const InternalConfig& told, Turn& turn);
    /// Takes back what a peer was given if it has no IKE SA and no pair any more.
    void Retire(PeerId peer);

    // ike-engine-groups.cc: clients of a group, each a peer of its own
    /// Finds the client whose phase 1 ended, or makes a new one.
    void JoinGroup(IkeSaSlot& slot, const Identity& identity);
    /// Tells whether a client is where it was.
    bool IsStillAt(const Peer& peer, const Endpoint& endpoint) const;
    PeerId AddClient(const ClientKey& key);
    /// Returns what was configured: for a client, its group.
    const PeerConfig& GroupConfigOf(PeerId peer) const;
    /// XAUTH told who the user is.
    void KnowUser(IkeSaSlot& slot, const std::string& user, Turn& turn);
    /// Ends what the same client left behind elsewhere.
    void ReplaceClients(const IkeSaSlot& slot, Turn& turn);
    void ForgetClient(PeerId id);
    std::vector<PeerId> ClientsOf(PeerId group) const;

    // ike-engine-informational.cc
    void HandleInformational(const IsakmpHeader& header, const Datagram& datagram, Turn& turn);
    void HandleProtectedPayloads(SlotId id,
                                 const PayloadChain& chain,
                                 const Datagram& datagram,
                                 Turn& turn);
    static void NoteClearNotify(IkeSaSlot& slot,
                                const IsakmpHeader& header,
                                const Datagram& datagram,
                                Turn& turn);
    void HandleNotify(IkeSaSlot& slot,
                      const NotifyPayload& notify,
                      const Datagram& datagram,
                      Turn& turn);
    /// Returns the message ID of the quick mode that a notification refuses, if it can be told.
    static std::optional<uint32_t> FindRefused(const IkeSaSlot& slot, const NotifyPayload& notify);
    void HandleDelete(IkeSaSlot& slot, const DeletePayload& del, Turn& turn);
    /// The peer no longer receives on this SPI.
    void RemovePairSentOn(PeerId peer, ProtocolId protocol, uint32_t spi, Turn& turn);
    /// Tells the peer that an IKE SA ends, and with it the pairs that were only half made.
    void SendDeleteOf(IkeSaSlot& slot, Turn& turn);
    std::optional<Transmit> SendProtected(IkeSaSlot& slot, const RawPayload& payload, Turn& turn);
    std::optional<Transmit> SendProtected(IkeSaSlot& slot,
                                          const std::vector<RawPayload>& payloads,
                                          Turn& turn);

    // ike-engine-children.cc
    void Acquire(ChildId child, Turn& turn);
    void Initiate(PeerId peer, Turn& turn);
    void Terminate(PeerId peer, Turn& turn);
    void HandleSoftExpiry(const SaKey& key, Turn& turn);
    void HandleHardExpiry(const SaKey& key, Turn& turn);
    void HandlePeerMoved(const SaKey& key, const Endpoint& remote);
    /// Starts what waits, as far as an IKE SA allows.
    void StartWaiting(PeerId peer, Turn& turn);
    /// Tells whether one of its IKE SAs waits for XAUTH or Mode Config.
    bool IsBecomingReady(const Peer& peer) const;
    /// Tells whether an IKE SA lives long enough, and has message IDs enough, for a quick mode.
    bool HasRoomForExchange(const IkeSaSlot& slot, Instant now) const;
    void FailWaiting(PeerId peer, Fault reason, uint16_t notify, Turn& turn);
    /// Installs one direction of a pair that an IKE SA made; inbound SAs come first.
    void InstallInbound(const std::vector<IpsecSa>& sas, SlotId ikeSa, Turn& turn);
    void InstallOutbound(const std::vector<IpsecSa>& sas, Turn& turn);
    /// Takes a pair out of its child and, with RemoveSa effects, out of the data plane.
    void RemovePair(ChildId child, const SaKey& oneOfThem, Fault reason, Turn& turn);
    /// Ends the IPsec SAs of a peer that are older than @p before.
    void RemovePairsBefore(PeerId peer, Instant before, Fault reason, Turn& turn);
    /// Ends the IPsec SAs that an IKE SA made.
    void RemovePairsUnder(PeerId peer, SlotId ikeSa, Fault reason, Turn& turn);
    /// Ends an IKE SA with all that it made, tells the peer, and negotiates anew what was up
    /// (LT-04).
    void BeginAnew(SlotId ikeSa, Turn& turn);
    /// Ends the IKE SAs of a peer that have made nothing that is still there: left over from main
    /// modes that crossed, they are as old as the one that ended.
    void EndIdleIkeSas(PeerId peer, Turn& turn);
    /// Ends those that a quick mode of ours replaced, and tells the peer.
    void RetireOlderPairs(IkeSaSlot& slot, const QuickModeFinished& finished, Turn& turn);
    const InstalledPair* FindPair(ChildId child, const SaKey& oneOfThem) const;
    /// Reserves an SPI for each protocol that a child's proposals have.
    IpsecSpis DrawSpis(const ChildConfig& child, RandomSource& random);
    uint32_t DrawSpi(RandomSource& random);
    void FreeSpis(const IpsecSpis& spis);
    /// Gives back what was reserved for a protocol that was not chosen.
    void FreeUnusedSpis(const IpsecSpis& spis, const std::vector<IpsecSa>& used);

    // ike-engine-slots.cc: look-ups and timers
    IkeSaSlot* FindByCookies(const IsakmpHeader& header);
    /// Tells whether this cookie was drawn here for an SA that still exists.
    bool IsOwnCookie(const Cookie& cookie) const;
    IkeSaSlot& AddSlot(IkeSaSlot slot);
    /// The identity told which of the dynamic peers an IKE SA belongs to.
    void MoveToPeer(IkeSaSlot& slot, PeerId peer);
    /// An unfinished responder's exchange is finished or gone.
    void LeaveHalfOpen(const IkeSaSlot& slot);
    /// Ends an IKE SA in whatever stage it is.
    void RemoveSlot(SlotId id, Fault reason, Turn& turn);
    /// Gives up a quick mode whose IKE SA went.
    void LeaveQuickMode(PeerId peer, const QuickModeSlot& quick, Fault reason, Turn& turn);
    void RunTimers(IkeSaSlot& slot, Turn& turn);
    /// False if the IKE SA went with one of them.
    bool RunQuickModeTimers(IkeSaSlot& slot, Turn& turn);
    void Reschedule(IkeSaSlot& slot);
    const PeerConfig& ConfigOf(PeerId peer) const;
    /// Returns the peer that its address tells.
    std::optional<PeerId> FindStatic(const Endpoint& local, const Endpoint& remote) const;
    /// Returns the dynamic peer of a local address that an identity belongs to, of those that
    /// @p accepts: rather one that expects it than one that expects any.
    template <typename Accepts>
    std::optional<PeerId> FindDynamic(IpAddress local, OctetView idBody, Accepts accepts) const;
    /// Returns the newest IKE SA that quick modes may run under, or null.
    IkeSaSlot* NewestReady(PeerId peer);
    static uint32_t DrawMessageId(const IkeSaSlot& slot, RandomSource& random);
    IkeSaInfo InfoOf(const IkeSaSlot& slot) const;

    // effects
    static void Drop(Fault fault,
                     const Datagram& datagram,
                     Turn& turn,
                     std::optional<PeerId> peer = {});
    static Transmit TransmitFrom(const IkeSaSlot& slot, OutgoingMessage message);
    static void Changed(const IkeSaSlot& slot,
                        uint32_t messageId,
                        const char* from,
                        const char* to,
                        Turn& turn);

    std::shared_ptr<const EngineConfig> config;
    std::map<PeerId, Peer> peers;
    /// Clients of groups, in the order of what they are known by.
    std::set<std::pair<ClientKey, PeerId>> clients;
    /// Never used twice.
    PeerId nextClient = 0;
    /// By name of the pool.
    std::map<std::string, AddressLeases> leases;
    std::map<SlotId, IkeSaSlot> slots;
    SlotId nextSlot = 1;
    std::unordered_map<uint64_t, SlotId> byOwnCookie;
    std::map<std::pair<Cookie, Endpoint>, SlotId> byFirstMessage;
    std::set<std::pair<Instant, SlotId>> deadlines;
    Reassembly reassembly;
    /// Unfinished phase 1 exchanges as responder, oldest first, and how many per address.
    std::set<SlotId> halfOpen;
    std::map<IpAddress, uint32_t> halfOpenByAddress;
    std::map<std::pair<IpAddress, IpAddress>, PeerId> peerByAddresses;
    std::vector<PeerId> dynamicPeers;
    std::map<SaKey, ChildId> saOwners;
    std::unordered_set<uint32_t> usedSpis;
    /// When the last clear notification went to an address.
    std::map<IpAddress, Instant> lastNotify;
};

template <typename Accepts>
std::optional<PeerId>
EngineState::FindDynamic(IpAddress local, OctetView idBody, Accepts accepts) const
{
    const Result<Identity> identity = ReadPhase1Identity(idBody);
    std::optional<PeerId> anybody;
    for (const PeerId peer : dynamicPeers)
    {
        const PeerConfig& peerConfig = ConfigOf(peer);
        if (!identity || peerConfig.localAddress != local || !accepts(peerConfig) ||
            !CheckIdentity(*identity, peerConfig))
        {
            continue;
        }
        if (peerConfig.remoteId)
        {
            return peer;
        }
        anybody = anybody.value_or(peer);
    }
    return anybody;
}

/// Returns the names of SAs.
std::vector<SaKey> KeysOf(const std::vector<IpsecSa>& sas);

/// Returns the name of a phase 1 state, such as "ExpectMm4" or "Established".
const char* StateName(const Phase1State& state);
const char* StateName(const QuickModeState& state);
const char* StateName(const TransactionState& state);

} // namespace ipsec
} // namespace ns3

#endif // IKE_ENGINE_STATE_H
