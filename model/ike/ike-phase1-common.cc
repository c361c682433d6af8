// SPDX-License-Identifier: GPL-2.0-only
#include "ike-phase1-common.h"

#include "ike-dpd.h"

#include "ns3/esp-header.h"

#include <algorithm>

namespace ns3
{
namespace ipsec
{

IsakmpHeader
Phase1Header(ExchangeType exchange, const Cookie& initiator, const Cookie& responder)
{
    IsakmpHeader header;
    header.initiatorCookie = initiator;
    header.responderCookie = responder;
    header.exchange = exchange;
    return header;
}

Cookie
DrawCookie(RandomSource& random, const Cookie& other)
{
    Cookie cookie{};
    while (cookie == Cookie{} || cookie == other)
    {
        random.Fill(cookie.data(), cookie.size());
    }
    return cookie;
}

bool
Announces(const PayloadChain& chain, VendorId what)
{
    return std::any_of(chain.payloads.begin(),
                       chain.payloads.end(),
                       [what](const RawPayload& payload) {
                           return payload.type == PayloadType::VendorId &&
                                  RecogniseVendorId(payload.body) == what;
                       });
}

void
PeerAnnouncements::Read(const PayloadChain& chain, const PeerConfig& config)
{
    const std::vector<NatTraversalVersion> offered = OfferedNatTraversal(config);
    for (const RawPayload& payload : chain.payloads)
    {
        if (payload.type == PayloadType::VendorId)
        {
            const VendorId vendor = RecogniseVendorId(payload.body);
            const NatTraversalVersion version = NatTraversalVersionOf(vendor);
            if (std::find(offered.begin(), offered.end(), version) != offered.end())
            {
                natTraversal = std::max(natTraversal, version);
            }
            unity |= vendor == VendorId::CiscoUnity;
            fragmentation |= vendor == VendorId::Fragmentation;
            dpd |= vendor == VendorId::DeadPeerDetection;
        }
        else if (payload.type == PayloadType::CertRequest)
        {
            const Result<CertPayload> request = ParseCertPayload(payload.body);
            if (request && request->encoding == CERT_X509_SIGNATURE)
            {
                asksCertificate = true;
                if (!request->data.empty())
                {
                    authorities.push_back(request->data);
                }
            }
        }
    }
}

namespace
{

/// Makes the vendor IDs of what we want and @p peer knows, with these of NAT traversal.
std::vector<RawPayload>
MakeVendorIds(const PeerConfig& config,
              const PeerAnnouncements& peer,
              const std::vector<NatTraversalVersion>& natTraversal)
{
    std::vector<VendorId> ids;
    if (config.xauth->role != XauthRole::Off)
    {
        ids.push_back(VendorId::Xauth);
    }
    if (config.modeConfig->role != ModeConfigRole::Off && peer.unity)
    {
        ids.push_back(VendorId::CiscoUnity);
    }
    for (const NatTraversalVersion version : natTraversal)
    {
        ids.push_back(VendorIdOf(version));
    }
    if (config.fragmentation && peer.fragmentation)
    {
        ids.push_back(VendorId::Fragmentation);
    }
    if (AnnouncesDpd(config) && peer.dpd)
    {
        ids.push_back(VendorId::DeadPeerDetection);
    }
    std::vector<RawPayload> payloads;
    for (const VendorId id : ids)
    {
        payloads.push_back({PayloadType::VendorId, VendorIdOctets(id)});
    }
    return payloads;
}

} // namespace

std::vector<RawPayload>
OwnVendorIds(const PeerConfig& config)
{
    PeerAnnouncements all;
    all.unity = true;
    all.fragmentation = true;
    all.dpd = true;
    return MakeVendorIds(config, all, OfferedNatTraversal(config));
}

std::vector<RawPayload>
AnsweredVendorIds(const PeerConfig& config, const PeerAnnouncements& peer)
{
    std::vector<NatTraversalVersion> chosen;
    if (peer.natTraversal != NatTraversalVersion::None)
    {
        chosen.push_back(peer.natTraversal);
    }
    return MakeVendorIds(config, peer, chosen);
}

XauthUse
XauthUseOf(const PeerConfig& config, Role own)
{
    if (config.xauth->role == XauthRole::Off)
    {
        return XauthUse::None;
    }
    const bool weAnswer = config.xauth->role == XauthRole::Client;
    return weAnswer == (own == Role::Initiator) ? XauthUse::Initiator : XauthUse::Responder;
}

Phase1Terms
Phase1TermsOf(const PeerConfig& config)
{
    return {config.proposals,
            XauthUseOf(config, Role::Responder),
            config.lifetime,
            config.personality->lifetimeRule,
            config.personality->preferOwnProposals};
}

void
Append(std::vector<RawPayload>& payloads, std::vector<RawPayload> more)
{
    for (RawPayload& payload : more)
    {
        payloads.push_back(std::move(payload));
    }
}

DhKeyPair
DrawKeyPair(uint16_t group, StepContext& context)
{
    context.work.Add(WorkKind::DhKeygen, group);
    return GenerateDhKeyPair(*FindDhGroup(group), context.random);
}

DhKeyPair
DrawFirstKeyPair(uint16_t group, StepContext& context)
{
    DhKeyPair pair = DrawKeyPair(group, context);
    AnnounceKeyPair(pair);
    return pair;
}

Result<DhSecret>
SharedSecret(const DhKeyPair& own, OctetView peer, StepContext& context)
{
    context.work.Add(WorkKind::DhDerive, own.group);
    return BeginSharedSecret(own, peer);
}

namespace
{

/// Computes SKEYID where g^xy is no part of it; else nothing.
std::optional<SecretBytes>
EarlySkeyid(const Phase1Proposal& proposal, const Phase1KeyInput& input, const PeerConfig& config)
{
    switch (GetAuth(proposal.auth).family)
    {
    case AuthFamily::PreSharedKey:
        break;
    case AuthFamily::Signature:
        return std::nullopt;
    case AuthFamily::Encryption:
    case AuthFamily::RevisedEncryption:
        return EncryptionSkeyid(
            proposal.hash, input.ni, input.nr, input.initiatorCookie, input.responderCookie);
    }
    return PreSharedKeySkeyid(proposal.hash, config.preSharedKey.View(), input.ni, input.nr);
}

} // namespace

Result<PendingKeys>
BeginKeys(const Phase1Proposal& proposal,
          const DhKeyPair& own,
          OctetView peerValue,
          const Phase1KeyInput& input,
          StepContext& context)
{
    Result<DhSecret> gxy = SharedSecret(own, peerValue, context);
    if (!gxy)
    {
        return gxy.GetFault();
    }
    // SKEYID, SKEYID_d, SKEYID_a, SKEYID_e; the expansion of appendix B is not counted.
    constexpr uint64_t DERIVATIONS = 4;
    context.work.Add(WorkKind::Prf, static_cast<uint16_t>(proposal.hash), DERIVATIONS);
    PendingKeys pending{{}, std::move(*gxy), EarlySkeyid(proposal, input, context.config), {}, {}};
    pending.known.initiatorCookie = input.initiatorCookie;
    pending.known.responderCookie = input.responderCookie;
    pending.known.hash = proposal.hash;
    pending.known.cipher = proposal.cipher;
    pending.known.lastBlock = Phase1Iv(proposal.hash, proposal.cipher, input.gxi, input.gxr);
    if (!pending.skeyid)
    {
        pending.ni = input.ni.Copy();
        pending.nr = input.nr.Copy();
    }
    return pending;
}

Result<IkeKeys>
AgreeOnKeys(const Phase1Proposal& proposal,
            const DhKeyPair& own,
            OctetView peerValue,
            const Phase1KeyInput& input,
            StepContext& context)
{
    const Result<PendingKeys> pending = BeginKeys(proposal, own, peerValue, input, context);
    return pending ? AwaitKeys(*pending) : pending.GetFault();
}

Result<IkeKeys>
AwaitKeys(const PendingKeys& pending)
{
    const OctetView gxy = pending.gxy.Value().View();
    IkeKeys keys = pending.known;
    keys.skeyids = DeriveSkeyids(
        keys.hash,
        pending.skeyid ? *pending.skeyid : SignatureSkeyid(keys.hash, pending.ni, pending.nr, gxy),
        gxy,
        keys.initiatorCookie,
        keys.responderCookie);
    Result<SecretBytes> key = IsakmpCipherKey(keys.hash, keys.cipher, keys.skeyids.skeyidE.View());
    if (!key)
    {
        return key.GetFault();
    }
    keys.encryptionKey = std::move(*key);
    return keys;
}

CipherChain
Phase1Chain(const IkeKeys& keys)
{
    return {keys.cipher, keys.encryptionKey, keys.lastBlock};
}

NatFindings
FindNat(const IkeKeys& keys,
        const PeerAnnouncements& peer,
        const IncomingMessage& message,
        const PeerConfig& config)
{
    if (peer.natTraversal == NatTraversalVersion::None)
    {
        return {};
    }
    return DetectNat(keys.hash,
                     keys.initiatorCookie,
                     keys.responderCookie,
                     message.local,
                     message.remote,
                     config.natTraversal,
                     peer.natTraversal,
                     message.chain);
}

std::vector<RawPayload>
NatDFor(HashId hash,
        const Cookie& initiator,
        const Cookie& responder,
        const PeerAnnouncements& peer,
        const IncomingMessage& message,
        StepContext& context)
{
    if (peer.natTraversal == NatTraversalVersion::None)
    {
        return {};
    }
    return MakeNatD(hash,
                    initiator,
                    responder,
                    message.local,
                    message.remote,
                    context.config.natTraversal,
                    peer.natTraversal,
                    context.random);
}

IkeSa
MakeIkeSa(ProvenPeer peer,
          IkeKeys keys,
          Role role,
          Phase1Mode mode,
          const Phase1Choice& choice,
          const NatFindings& nat,
          const StepContext& context)
{
    // Everything else was derived from it.
    keys.skeyids.skeyid = SecretBytes();
    return {std::move(peer),
            std::move(keys),
            role,
            mode,
            choice,
            nat,
            OwnIdentity(context.config),
            context.now,
            context.now + choice.lifetime,
            {}};
}

Identity
OwnIdentity(const PeerConfig& config)
{
    return config.localId ? *config.localId : Identity::FromAddress(config.localAddress);
}

Octets
OwnIdBody(const PeerConfig& config)
{
    return WriteIdPayload(OwnIdentity(config).ToPayload());
}

Result<Identity>
ReadPhase1Identity(OctetView body)
{
    const Result<IdPayload> id = ParseIdPayload(body);
    if (!id)
    {
        return id.GetFault();
    }
    const bool any = id->protocol == 0 && id->port == 0;
    const bool udp = id->protocol == IP_PROTOCOL_UDP && (id->port == IKE_PORT || id->port == 0);
    if (!any && !udp)
    {
        return Fault::BadIdentity;
    }
    return Identity::FromPayload(*id);
}

Result<Done>
CheckIdentity(const Identity& identity, const PeerConfig& config)
{
    if (config.remoteId)
    {
        return identity == *config.remoteId ? Result<Done>(Done{}) : Fault::IdentityMismatch;
    }
    if (config.remoteAddress)
    {
        return identity == Identity::FromAddress(*config.remoteAddress) ? Result<Done>(Done{})
                                                                        : Fault::IdentityMismatch;
    }
    if (config.kind == PeerKind::Site && identity.type == IdType::Ipv4Addr)
    {
        return Fault::BadIdentity;
    }
    return Done{};
}

RawPayload
MakeIsakmpNotify(NotifyType type, const Cookie& initiator, const Cookie& responder, OctetView data)
{
    NotifyPayload notify;
    notify.type = static_cast<uint16_t>(type);
    notify.spi = Concat({initiator, responder});
    notify.data = data.Copy();
    return {PayloadType::Notify, WriteNotifyPayload(notify)};
}

std::optional<RawPayload>
MakeResponderLifetime(const IkeKeys& keys, const Phase1Choice& choice)
{
    if (!choice.peerLifetime || *choice.peerLifetime <= choice.lifetime)
    {
        return std::nullopt;
    }
    return MakeIsakmpNotify(NotifyType::ResponderLifetime,
                            keys.initiatorCookie,
                            keys.responderCookie,
                            LifetimeData(static_cast<uint16_t>(IkeAttribute::LifeType),
                                         static_cast<uint16_t>(IkeAttribute::LifeDuration),
                                         choice.lifetime));
}

Octets
LifetimeData(uint16_t typeClass, uint16_t durationClass, Duration lifetime)
{
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(lifetime).count();
    OctetWriter writer;
    WriteAttributes(writer,
                    {DataAttribute::Basic(typeClass, LIFE_SECONDS),
                     DataAttribute::Number(durationClass, static_cast<uint32_t>(seconds))});
    return writer.Take();
}

Result<Done>
CheckSaNotifies(const PayloadChain& chain, const IkeKeys& keys)
{
    const Octets cookies = Concat({keys.initiatorCookie, keys.responderCookie});
    for (const RawPayload& payload : chain.payloads)
    {
        if (payload.type != PayloadType::Notify)
        {
            continue;
        }
        const Result<NotifyPayload> notify = ParseNotifyPayload(payload.body);
        if (!notify || notify->spi != cookies)
        {
            return Fault::MalformedPayload;
        }
        const bool contact = notify->type == static_cast<uint16_t>(NotifyType::InitialContact);
        const bool lifetime = notify->type == static_cast<uint16_t>(NotifyType::ResponderLifetime);
        if ((contact && !notify->data.empty()) || (lifetime && !ParseAttributes(notify->data)))
        {
            return Fault::MalformedPayload;
        }
    }
    return Done{};
}

std::optional<NotifyPayload>
FindNotify(const PayloadChain& chain, NotifyType type)
{
    for (const RawPayload& payload : chain.payloads)
    {
        if (payload.type != PayloadType::Notify)
        {
            continue;
        }
        Result<NotifyPayload> notify = ParseNotifyPayload(payload.body);
        if (notify && notify->type == static_cast<uint16_t>(type))
        {
            return std::move(*notify);
        }
    }
    return std::nullopt;
}

std::optional<Duration>
FindResponderLifetime(const PayloadChain& chain, uint16_t typeClass, uint16_t durationClass)
{
    const std::optional<NotifyPayload> notify = FindNotify(chain, NotifyType::ResponderLifetime);
    if (!notify)
    {
        return std::nullopt;
    }
    const Result<std::vector<DataAttribute>> attributes = ParseAttributes(notify->data);
    if (!attributes)
    {
        return std::nullopt;
    }
    bool valid = true;
    const std::optional<Duration> lifetime =
        ReadLifetime(*attributes, typeClass, durationClass, LIFE_SECONDS, valid);
    return valid ? lifetime : std::nullopt;
}

} // namespace ipsec
} // namespace ns3
