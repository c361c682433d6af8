// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * The steps of an engine.
 */
#ifndef IKE_ENGINE_STATE_H
#define IKE_ENGINE_STATE_H

#include "ike-engine-tables.h"
#include "ike-engine-turn.h"

namespace ns3
{
namespace ipsec
{

/// The engine's steps on what it holds; one file per subject.
struct EngineState : EngineTables
{
    explicit EngineState(SharedEngineConfig configuration);

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
    Result<IncomingMessage> Decrypt(const IsakmpHeader& header,
                                    const Datagram& datagram,
                                    CipherChain& chain,
                                    Turn& turn);

    // ike-engine-configuration.cc
    void Reconfigure(const SharedEngineConfig& fresh, Turn& turn);
    /// Makes the look-ups of those that may call us, without those that we have no key for.
    void ListPeers(const std::set<PeerId>& keyless);
    /// Ends the unfinished phase 1 exchanges with peers that we have no key for any more.
    void EndUnfinished(const std::set<PeerId>& keyless, Turn& turn);

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
    bool WantsInitialContact(const IkeSaSlot& slot) const;

    // ike-engine-sending.cc
    void SendAndAwait(const IkeSaSlot& slot, Ledger& ledger, OutgoingMessage message, Turn& turn);
    void SendAsAnswer(const IkeSaSlot& slot, Ledger& ledger, OutgoingMessage message, Turn& turn);
    /// Sends MM2, MM4 or AM2; the personality tells whether a timer repeats it.
    void SendReply(IkeSaSlot& slot, OutgoingMessage message, Turn& turn);
    /// Notes a good message of phase 1.
    void NoteReceived(IkeSaSlot& slot, const Datagram& datagram) const;
    /// Sends the stored answer again if the datagram asks for it and this side answers; else counts
    /// it as a duplicate.
    void AnswerDuplicate(const IkeSaSlot& slot,
                         Ledger& ledger,
                         const Datagram& datagram,
                         Turn& turn);
    /// Returns when the last message of phase 1 is repeated.
    RetransmissionSchedule ScheduleOf(const IkeSaSlot& slot) const;
    void NotifyClear(const IsakmpHeader& header, const Datagram& datagram, Fault fault, Turn& turn);
    void NotifyClear(const IsakmpHeader& header,
                     const Datagram& datagram,
                     NotifyType type,
                     Turn& turn);
    /// Tells whether something unauthenticated from an address may be reacted to, and notes it if
    /// so; else that is counted.
    bool MayReact(const Endpoint& remote, Turn& turn);

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

    // ike-engine-uniqueness.cc: what a new IKE SA means for those that the same identity has
    /// Ends what is older, as the peer announced and the personality wants.
    void TakeInitialContact(IkeSaSlot& slot, Turn& turn);
    /// Ends what a peer had before @p begunAt, except one IKE SA.
    void EndOlder(PeerId peer, SlotId except, Instant begunAt, Turn& turn);
    /// Returns the peer of an IKE SA, and with a group all clients that are the same one.
    std::vector<PeerId> SameIdentity(const IkeSaSlot& slot) const;
    /// Returns the peers with an IKE SA to an address.
    std::vector<PeerId> PeersAt(IpAddress address) const;
    /// Returns the IKE SAs of peers with any other address.
    std::vector<SlotId> Elsewhere(const std::vector<PeerId>& same, IpAddress address) const;
    /// Ends the IKE SAs that the same identity has with another address.
    void EndElsewhere(const IkeSaSlot& slot, Turn& turn);
    /// Returns why an identity may not have an IKE SA from this endpoint: NotUnique, PeerLimit.
    std::optional<Fault> FaultInPeer(PeerId peer,
                                     const Identity& identity,
                                     const Endpoint& remote) const;

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
    /// Returns the clients of a group that have the identity of @p key, from wherever they come,
    /// and this user.
    std::vector<PeerId> SameClients(ClientKey key, const std::string& user) const;
    void ForgetClient(PeerId id);
    std::vector<PeerId> ClientsOf(PeerId group) const;

    // ike-engine-dpd.cc: whether peers are alive
    /// Sees whether the peer announced DPD, as we did.
    void NoteDpd(IkeSaSlot& slot, const IncomingMessage& message) const;
    /// An IKE SA is ready: it is watched from now on.
    void BeginDpd(const IkeSaSlot& slot, Turn& turn);
    /// An authenticated message came: the peer is alive, and where it came from.
    void HearFrom(IkeSaSlot& slot, const Endpoint& remote, Turn& turn);
    void HandleDpd(IkeSaSlot& slot,
                   const NotifyPayload& notify,
                   const Endpoint& remote,
                   Turn& turn);
    void SendDpd(IkeSaSlot& slot, NotifyType type, uint32_t sequence, Turn& turn);
    std::vector<SaKey> AwaitsTraffic(Instant now) const;
    void HandleTraffic(const SaKey& key, Instant lastUsed);
    void RunPeerTimers(PeerId peer, Turn& turn);
    void ReschedulePeer(PeerId peer);
    /// Ends all SAs of a peer, and does what is configured.
    void DeclareDead(PeerId peer, Turn& turn);

    // ike-engine-claims.cc: which child a request is for
    Result<RequestedChild> ChildFor(const IkeSaSlot& slot, const ProxyId& asked) const;
    /// Sees whether a child may have the traffic of a peer's own host: SelectorConflict if that is
    /// somebody else's (RFC 3948 section 5).
    Result<RequestedChild> CheckClaim(ChildId child, const ProxyId& wanted) const;
    /// Returns the peer's configuration as it will be.
    std::shared_ptr<const PeerConfig> ConfigFor(const IkeSaSlot& slot,
                                                const RequestedChild& requested) const;
    void Claim(IkeSaSlot& slot, const RequestedChild& requested, Turn& turn);
    void Unclaim(ChildId child);
    bool IsElsewhere(const ProxyId& wanted, PeerId peer) const;
    bool IsSameClient(PeerId a, PeerId b) const;
    void RemovePairsOf(IkeSaSlot& slot, ChildId child, Turn& turn);

    // ike-engine-nat.cc: peers behind NATs, and ours
    /// An authenticated message came from there: the peer's IKE SAs and IPsec SAs go after it.
    void FollowPeer(const IkeSaSlot& slot, const Endpoint& remote, Effects& effects);
    /// Authenticated ESP came from there.
    void HandlePeerMoved(const SaKey& key, const Endpoint& remote, Effects& effects);
    void MoveIkeSas(const Peer& peer, const Endpoint& remote);
    void MoveChildren(PeerId peer, const Endpoint& remote, Effects& effects) const;
    /// An IKE SA is there: keepalives begin, or end.
    void BeginKeepalive(const IkeSaSlot& slot, Turn& turn);
    void RunKeepalive(PeerId peer, Turn& turn);
    /// Something goes to the peer.
    void NoteSent(const IkeSaSlot& slot, const Turn& turn);

    // ike-engine-restart.cc: what went is started again
    /// Sees what an input led to, and plans what follows from it.
    void PlanRestarts(Turn& turn);
    void Restart(PeerId peer, Turn& turn);
    /// Somebody wants a peer's SAs: what stopped them is over.
    void Unblock(PeerId peer);

    // ike-engine-unknown-spi.cc
    void HandleUnknownSpi(const UnknownSpi& unknown, Turn& turn);
    /// The peer does not know an SPI that we send on.
    void HandleInvalidSpi(IkeSaSlot& slot, const NotifyPayload& notify, Turn& turn);

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
    void RemovePairSentOn(PeerId peer, ProtocolId protocol, uint32_t spi, Fault reason, Turn& turn);
    /// Returns the inbound SAs that end with an IKE SA.
    std::vector<SaKey> GoingWith(const IkeSaSlot& slot) const;
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
    void HandleHardExpiry(const SaKey& key, Turn& turn);
    /// Starts what waits, as far as an IKE SA allows.
    void StartWaiting(PeerId peer, Turn& turn);
    /// Tells whether one of its IKE SAs waits for XAUTH or Mode Config.
    bool IsBecomingReady(const Peer& peer) const;
    /// Tells whether an IKE SA lives long enough, and has message IDs enough, for a quick mode.
    bool HasRoomForExchange(const IkeSaSlot& slot, Instant now) const;
    void FailWaiting(PeerId peer, Fault reason, uint16_t notify, Turn& turn);
    /// Installs one direction of a pair that an IKE SA made in the quick mode that began then;
    /// inbound SAs come first.
    void InstallInbound(const std::vector<IpsecSa>& sas,
                        SlotId ikeSa,
                        EventNumber begun,
                        Turn& turn);
    void InstallOutbound(const std::vector<IpsecSa>& sas, Turn& turn);
    /// Takes a pair out of its child and, with RemoveSa effects, out of the data plane.
    void RemovePair(ChildId child, const SaKey& oneOfThem, Fault reason, Turn& turn);
    /// Ends the IPsec SAs of a peer that are older than @p before.
    void RemovePairsBefore(PeerId peer, Instant before, Fault reason, Turn& turn);
    /// Ends the IPsec SAs that an IKE SA made.
    void RemovePairsUnder(PeerId peer, SlotId ikeSa, Fault reason, Turn& turn);
    const InstalledPair* FindPair(ChildId child, const SaKey& oneOfThem) const;
    static InstalledPair* FindPair(ChildState& child, const SaKey& oneOfThem);
    /// Tells the peer that SAs on which we received are gone, if an IKE SA is there to say so.
    void SendIpsecDeletes(PeerId peer, const std::vector<SaKey>& inbound, Turn& turn);

    // ike-engine-linked.cc
    /// Ends an IKE SA with all that it made, tells the peer, and negotiates anew what was up
    /// (LT-04).
    void BeginAnew(SlotId ikeSa, Turn& turn);
    /// Ends the IKE SAs of a peer that have made nothing that is still there: left over from main
    /// modes that crossed, they are as old as the one that ended.
    void EndIdleIkeSas(PeerId peer, Turn& turn);

    // ike-engine-retirement.cc: pairs that others took the place of
    /// Returns the newest pair of a child that stays, or null.
    static const InstalledPair* NewestPair(const ChildState& child);
    void EndPairAt(ChildId child, InstalledPair& pair, Instant at);
    /// A quick mode of ours that began then made a new pair: older ones end after a while.
    void ReplaceOlderPairs(ChildId child, EventNumber begun, Turn& turn);
    /// Adds the inbound SAs on which the peer's first packet ends older pairs.
    void AddSuccessors(ChildId child, std::vector<SaKey>& keys) const;
    /// Sees whether a pair that is complete now was crossed by others, and chooses one of them.
    void SettleCrossing(ChildId child, uint32_t inboundSpi, Turn& turn);
    void StopSendingOn(ChildId child, InstalledPair& pair, Fault reason, Turn& turn);
    /// Ends and renews the pairs whose time has come.
    void RunPairTimers(Turn& turn);
    void RetirePairs(ChildId child, Turn& turn);
    /// Tells the peer that a pair goes, and goes on to receive for a while.
    void WithdrawPair(ChildId child, const SaKey& inbound, Turn& turn);

    // ike-engine-pair-renewal.cc: pairs that want successors
    void HandleSoftExpiry(const SaKey& key, Turn& turn);
    /// Begins a renewal again that failed, if it was planned for now.
    void RenewPairAgain(ChildId child, Turn& turn);
    /// Sees which renewals failed in an input, and plans when they are tried again.
    void PlanPairRenewals(Turn& turn);
    /// Does so if a child's newest pair wants a successor and nobody is at work on it.
    void PlanPairRenewal(ChildId child, Turn& turn);

    // ike-engine-renewal.cc: IKE SAs and their successors
    /// Tells whether this end may begin the successor of an IKE SA.
    bool MayRenew(const IkeSaSlot& slot) const;
    void PlanRenewal(IkeSaSlot& slot, Turn& turn) const;
    /// Returns the newest IKE SA of a peer that is not redundant, or null.
    IkeSaSlot* NewestToRenew(PeerId peer);
    /// One of the IKE SAs that crossed is gone: the other one is renewed in its place.
    void PromoteRedundant(PeerId peer, Turn& turn);
    void RenewIkeSa(IkeSaSlot& slot, Turn& turn);
    /// A renewal failed: it is tried again while the IKE SA lives.
    void RetryRenewal(PeerId peer, Turn& turn);
    /// A new IKE SA with a peer is there: older ones go after a while.
    void ReplaceOlderIkeSas(IkeSaSlot& fresh, Turn& turn);
    void RetireIkeSa(IkeSaSlot& slot, Turn& turn);
    /// Tells whether the pairs that an IKE SA made go when it ends.
    bool GoesWithIkeSa(const IkeSaSlot& slot) const;
    /// Returns another established IKE SA of the same peer: the newest.
    std::optional<SlotId> FindSuccessor(const IkeSaSlot& slot) const;
    /// Decides about the pairs that an IKE SA made, which is gone from its peer.
    void LeaveChildren(const IkeSaSlot& slot, Fault reason, Turn& turn);

    // ike-engine-spis.cc
    /// Reserves an SPI for each protocol that a child's proposals have.
    IpsecSpis DrawSpis(const ChildConfig& child, RandomSource& random);
    uint32_t DrawSpi(RandomSource& random);
    void FreeSpis(const IpsecSpis& spis);
    /// Gives back what was reserved for a protocol that was not chosen.
    void FreeUnusedSpis(const IpsecSpis& spis, const std::vector<IpsecSa>& used);

    // ike-engine-slots.cc: IKE SAs come, go, and wait
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
    static uint32_t DrawMessageId(const IkeSaSlot& slot, RandomSource& random);

    // effects
    static void Drop(Fault fault,
                     const Datagram& datagram,
                     Turn& turn,
                     std::optional<PeerId> peer = {});
    Transmit TransmitFrom(const IkeSaSlot& slot, OutgoingMessage message, Turn& turn);
    static void Changed(const IkeSaSlot& slot,
                        uint32_t messageId,
                        const char* from,
                        const char* to,
                        Turn& turn);
};

} // namespace ipsec
} // namespace ns3

#endif // IKE_ENGINE_STATE_H
