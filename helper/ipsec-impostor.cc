// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-impostor.h"

#include "ipsec-forged-packet.h"
#include "ipsec-ike-capture.h"

#include "ns3/ike-phase1-common.h"
#include "ns3/ipsec-conversions.h"
#include "ns3/ipsec-flow-key.h"
#include "ns3/ipv4-l3-protocol.h"

namespace ns3
{
namespace ipsec
{

namespace
{

constexpr size_t NONCE_OCTETS = 32;

Octets
WriteMainMode(const Cookie& initiator,
              const Cookie& responder,
              const std::vector<RawPayload>& payloads)
{
    return MakeClearMessage(Phase1Header(ExchangeType::MainMode, initiator, responder), payloads)
        .datagram;
}

} // namespace

std::optional<Octets>
MainModeImpostor::Answer(OctetView datagram, RandomSource& random)
{
    const Result<IsakmpHeader> header = ParseIsakmpHeader(datagram);
    if (!header || header->exchange != ExchangeType::MainMode)
    {
        return std::nullopt;
    }
    const OctetView body = datagram.From(ISAKMP_HEADER_OCTETS);
    const bool isOurs = header->initiatorCookie == m_proof.ground.initiator &&
                        header->responderCookie == m_proof.ground.responder;
    if (header->IsEncrypted())
    {
        if (isOurs && m_proof.ciphertext.empty() && !m_proof.gxy.empty())
        {
            m_proof.firstPayload = header->nextPayload;
            m_proof.ciphertext = body.Copy();
        }
        return std::nullopt;
    }
    const Result<PayloadChain> chain = ParsePayloadChain(header->nextPayload, body);
    if (!chain)
    {
        return std::nullopt;
    }
    if (header->responderCookie == Cookie{})
    {
        const bool isCopy = header->initiatorCookie == m_proof.ground.initiator;
        if (m_second.empty())
        {
            return AnswerFirst(*header, *chain, random);
        }
        return isCopy ? std::optional<Octets>(m_second) : std::nullopt;
    }
    if (!isOurs)
    {
        return std::nullopt;
    }
    return m_fourth.empty() ? AnswerThird(*header, *chain, random) : m_fourth;
}

std::optional<Octets>
MainModeImpostor::AnswerFirst(const IsakmpHeader& header,
                              const PayloadChain& chain,
                              RandomSource& random)
{
    const RawPayload* sa = chain.Find(PayloadType::Sa);
    Result<SaPayload> offer =
        sa != nullptr ? ParseSaPayload(sa->body) : Result<SaPayload>(Fault::MalformedPayload);
    const std::optional<ReadPhase1Choice> choice =
        offer ? ReadFirstTransform(*offer) : std::nullopt;
    if (!choice || !choice->isPreShared || FindDhGroup(choice->group) == nullptr)
    {
        return std::nullopt;
    }
    m_choice = *choice;
    m_proof.cipher = choice->cipher;
    m_proof.ground.hash = choice->hash;
    m_proof.ground.saiBody = sa->body;
    m_proof.ground.initiator = header.initiatorCookie;
    m_proof.ground.responder = DrawCookie(random, header.initiatorCookie);
    offer->proposals.resize(1);
    offer->proposals.front().transforms.resize(1);
    m_second = WriteMainMode(m_proof.ground.initiator,
                             m_proof.ground.responder,
                             {{PayloadType::Sa, WriteSaPayload(*offer)}});
    return m_second;
}

std::optional<Octets>
MainModeImpostor::AnswerThird(const IsakmpHeader& header,
                              const PayloadChain& chain,
                              RandomSource& random)
{
    const RawPayload* ke = chain.Find(PayloadType::Ke);
    const RawPayload* nonce = chain.Find(PayloadType::Nonce);
    if (ke == nullptr || nonce == nullptr)
    {
        return std::nullopt;
    }
    const DhKeyPair own = GenerateDhKeyPair(*FindDhGroup(m_choice.group), random);
    Result<SecretBytes> secret = ComputeSharedSecret(own, ke->body);
    if (!secret)
    {
        return std::nullopt;
    }
    m_proof.gxy = std::move(*secret);
    m_proof.ground.gxi = ke->body;
    m_proof.ground.gxr = own.publicValue;
    m_proof.ground.ni = nonce->body;
    m_proof.ground.nr = random.Draw(NONCE_OCTETS);
    m_fourth = WriteMainMode(
        header.initiatorCookie,
        header.responderCookie,
        {{PayloadType::Ke, own.publicValue}, {PayloadType::Nonce, m_proof.ground.nr}});
    return m_fourth;
}

std::optional<MainModeProof>
MainModeImpostor::Proof() const
{
    return m_proof.ciphertext.empty() ? std::nullopt : std::optional<MainModeProof>(m_proof);
}

IpsecImpostor::IpsecImpostor(Ptr<IpsecCloudChannel> cloud, IpAddress address, int64_t stream)
    : m_address(address)
    , m_node(CreateObject<Node>())
    , m_device(CreateObject<IpsecCloudNetDevice>())
{
    m_random.SetStream(stream);
    m_node->AddDevice(m_device);
    cloud->Attach(m_device);
    m_device->SetChannel(cloud);
    m_device->BindAddress(ToNs3(address));
    m_device->TraceConnectWithoutContext("MacRx", MakeCallback(&IpsecImpostor::Receive, this));
}

IpsecImpostor::~IpsecImpostor()
{
    m_device->TraceDisconnectWithoutContext("MacRx", MakeCallback(&IpsecImpostor::Receive, this));
}

void
IpsecImpostor::Receive(Ptr<const Packet> packet)
{
    const Octets octets = ToOctets(*packet);
    const std::optional<OctetView> ike = IkeOf(octets);
    if (!ike)
    {
        return;
    }
    if (const std::optional<Octets> answer = m_mainMode.Answer(*ike, m_random))
    {
        const Result<FlowKey> flow = ParseFlowKey(octets);
        m_device->Send(ForgeIkePacket(m_address, flow->source, *answer),
                       m_device->GetBroadcast(),
                       Ipv4L3Protocol::PROT_NUMBER);
    }
}

} // namespace ipsec
} // namespace ns3
