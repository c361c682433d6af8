// SPDX-License-Identifier: GPL-2.0-only
#include "live-replay.h"

#include <algorithm>

namespace ns3
{
namespace ipsec
{

OctetView
ReplayedMessage::BehindFirst() const
{
    return OctetView(plaintext).First(chain.octets).From(chain.payloads.at(1).offset);
}

void
LiveReplay::SetUp()
{
    m_handshake = RecordedHandshake::Read(GetParam());
    const RecordedPhase1& p = m_handshake.phase1;
    const bool preShared = p.authMethod == static_cast<uint64_t>(AuthMethodId::PreSharedKey);
    SecretBytes skeyid =
        preShared ? SkeyidOf(m_handshake.preSharedKey) : SignatureSkeyid(p.hash, p.ni, p.nr, p.gxy);
    m_keys = DeriveSkeyids(p.hash, std::move(skeyid), p.gxy, p.cookieI, p.cookieR);
    Result<SecretBytes> key = IsakmpCipherKey(p.hash, p.cipher, m_keys.skeyidE.View());
    ASSERT_TRUE(key.Ok());
    m_cipherKey = std::move(key).Value();
    for (const RecordedMessage& recorded : m_handshake.messages)
    {
        if (!recorded.IsRepeatedOrPartial())
        {
            SCOPED_TRACE("message " + std::to_string(recorded.frame));
            ASSERT_NO_FATAL_FAILURE(ReplayOne(recorded));
        }
    }
}

void
LiveReplay::ReplayOne(const RecordedMessage& recorded)
{
    const OctetView datagram = recorded.Datagram();
    const Result<IsakmpHeader> header = ParseIsakmpHeader(datagram);
    ASSERT_TRUE(header.Ok());
    ReplayedMessage message;
    message.recorded = &recorded;
    message.header = *header;
    message.plaintext = datagram.From(ISAKMP_HEADER_OCTETS).Copy();
    if (header->IsEncrypted())
    {
        CipherChain& chain = ChainOf(*header);
        message.iv = chain.Iv().Copy();
        Result<Octets> plaintext = chain.Decrypt(message.plaintext);
        ASSERT_TRUE(plaintext.Ok());
        message.plaintext = std::move(plaintext).Value();
    }
    Result<PayloadChain> payloads = ParsePayloadChain(header->nextPayload, message.plaintext);
    ASSERT_TRUE(payloads.Ok());
    message.chain = std::move(payloads).Value();
    m_messages.push_back(std::move(message));
}

CipherChain&
LiveReplay::ChainOf(const IsakmpHeader& header)
{
    const auto found = m_chains.find(header.messageId);
    if (found != m_chains.end())
    {
        return found->second;
    }
    const RecordedPhase1& p = m_handshake.phase1;
    Octets iv = Phase1Iv(p.hash, p.cipher, p.gxi, p.gxr);
    if (header.messageId != 0)
    {
        // An exchange that begins before anything of phase 1 was encrypted starts from its IV.
        const auto phase1 = m_chains.find(0);
        const Octets last = phase1 == m_chains.end() ? iv : phase1->second.Iv().Copy();
        iv = ExchangeIv(p.hash, p.cipher, last, header.messageId);
    }
    return m_chains.emplace(header.messageId, CipherChain(p.cipher, m_cipherKey, iv)).first->second;
}

SecretBytes
LiveReplay::SkeyidOf(const std::string& preSharedKey) const
{
    const RecordedPhase1& p = m_handshake.phase1;
    return PreSharedKeySkeyid(p.hash, AsOctets(preSharedKey), p.ni, p.nr);
}

Phase1HashInput
LiveReplay::HashInput() const
{
    const RecordedPhase1& p = m_handshake.phase1;
    return {p.gxi, p.gxr, p.cookieI, p.cookieR, p.saI};
}

std::vector<const ReplayedMessage*>
LiveReplay::Of(ExchangeType type) const
{
    std::vector<const ReplayedMessage*> found;
    for (const ReplayedMessage& message : m_messages)
    {
        if (message.header.exchange == type)
        {
            found.push_back(&message);
        }
    }
    return found;
}

std::vector<const ReplayedMessage*>
LiveReplay::QuickMode(uint32_t messageId) const
{
    std::vector<const ReplayedMessage*> found;
    for (const ReplayedMessage* message : Of(ExchangeType::QuickMode))
    {
        if (message->header.messageId == messageId)
        {
            found.push_back(message);
        }
    }
    return found;
}

ProposalPayload
LiveReplay::OnlyProposal(const ReplayedMessage& message)
{
    const Result<SaPayload> sa = ParseSaPayload(message.chain.Find(PayloadType::Sa)->body);
    EXPECT_TRUE(sa.Ok());
    EXPECT_EQ(sa->proposals.size(), 1u);
    EXPECT_EQ(sa->proposals.at(0).transforms.size(), 1u);
    return sa->proposals.at(0);
}

std::string
RecordingName(const testing::TestParamInfo<std::string>& file)
{
    std::string name = file.param.substr(file.param.find('/') + 1);
    name.resize(name.find('.'));
    std::replace(name.begin(), name.end(), '-', '_');
    return name;
}

} // namespace ipsec
} // namespace ns3
