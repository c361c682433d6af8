// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Fixture that reads a recorded handshake with keys derived here.
 */
#ifndef LIVE_REPLAY_H
#define LIVE_REPLAY_H

#include "recorded-handshake.h"

#include "ns3/ike-cipher-chain.h"
#include "ns3/ike-key-derivation.h"
#include "ns3/isakmp-sa-payload.h"

#include <gtest/gtest.h>
#include <map>
#include <string>
#include <vector>

namespace ns3
{
namespace ipsec
{

/// A message of the recording with its payloads, decrypted if need be by our own chain.
struct ReplayedMessage
{
    const RecordedMessage* recorded = nullptr;
    IsakmpHeader header;
    PayloadChain chain;
    /// What the chain was read from.
    Octets plaintext;
    /// The IV that our chain had, if encrypted.
    Octets iv;

    /// Returns every octet behind the first payload, without padding.
    OctetView BehindFirst() const;
};

/// Reads the recording that the parameter names; keys come from its nonces and shared secrets.
class LiveReplay : public testing::TestWithParam<std::string>
{
  protected:
    void SetUp() override;

    SecretBytes SkeyidOf(const std::string& preSharedKey) const;
    /// Returns what HASH_I and HASH_R of this handshake cover.
    Phase1HashInput HashInput() const;
    /// Returns the replayed messages of an exchange type in order.
    std::vector<const ReplayedMessage*> Of(ExchangeType type) const;
    /// Returns the messages of one quick mode in order.
    std::vector<const ReplayedMessage*> QuickMode(uint32_t messageId) const;
    /// Returns the only proposal with its only transform that a message's SA payload holds.
    static ProposalPayload OnlyProposal(const ReplayedMessage& message);

    RecordedHandshake m_handshake;
    Skeyids m_keys;
    SecretBytes m_cipherKey;
    std::vector<ReplayedMessage> m_messages;

  private:
    /// Returns the chain of an exchange as it stands, made by its first encrypted message.
    CipherChain& ChainOf(const IsakmpHeader& header);
    void ReplayOne(const RecordedMessage& recorded);

    /// By message ID; phase 1 has zero.
    std::map<uint32_t, CipherChain> m_chains;
};

/// Names a parameter of INSTANTIATE_TEST_SUITE_P after its file.
std::string RecordingName(const testing::TestParamInfo<std::string>& file);

} // namespace ipsec
} // namespace ns3

#endif // LIVE_REPLAY_H
