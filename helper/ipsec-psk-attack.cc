// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-psk-attack.h"

#include "ns3/ike-auth-method.h"
#include "ns3/ike-cipher-chain.h"
#include "ns3/isakmp-message.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <fstream>
#include <stdexcept>

namespace ns3
{
namespace ipsec
{

namespace
{

/// Guesses between two looks at the clock.
constexpr size_t GUESSES_AT_ONCE = 256;

/// Returns how long the processor has worked for this program: other programs do not count.
double
ProcessorSeconds()
{
    return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

/// A message of aggressive mode in clear.
struct ClearMessage
{
    IsakmpHeader header;
    PayloadChain chain;
};

std::optional<ClearMessage>
ReadAggressive(OctetView datagram)
{
    const Result<IsakmpHeader> header = ParseIsakmpHeader(datagram);
    if (!header || header->exchange != ExchangeType::AggressiveMode || header->IsEncrypted())
    {
        return std::nullopt;
    }
    Result<PayloadChain> chain =
        ParsePayloadChain(header->nextPayload, datagram.From(ISAKMP_HEADER_OCTETS));
    if (!chain)
    {
        return std::nullopt;
    }
    return ClearMessage{*header, std::move(*chain)};
}

bool
HasAll(const PayloadChain& chain, std::initializer_list<PayloadType> types)
{
    return std::all_of(
        types.begin(), types.end(), [&](PayloadType type) { return chain.Find(type) != nullptr; });
}

/// Joins a first and a second message; nothing if the answer proves no pre-shared key.
std::optional<AggressiveProof>
JoinMessages(const ClearMessage& first, const ClearMessage& second)
{
    const Result<SaPayload> answer = ParseSaPayload(second.chain.Find(PayloadType::Sa)->body);
    const std::optional<ReadPhase1Choice> choice =
        answer ? ReadFirstTransform(*answer) : std::nullopt;
    if (!choice || !choice->isPreShared)
    {
        return std::nullopt;
    }
    const auto body = [](const ClearMessage& message, PayloadType type)
    { return message.chain.Find(type)->body; };
    AggressiveProof proof;
    proof.ground.hash = choice->hash;
    proof.ground.initiator = second.header.initiatorCookie;
    proof.ground.responder = second.header.responderCookie;
    proof.ground.gxi = body(first, PayloadType::Ke);
    proof.ground.gxr = body(second, PayloadType::Ke);
    proof.ground.ni = body(first, PayloadType::Nonce);
    proof.ground.nr = body(second, PayloadType::Nonce);
    proof.ground.saiBody = body(first, PayloadType::Sa);
    proof.idirBody = body(second, PayloadType::Id);
    proof.hashR = body(second, PayloadType::Hash);
    return proof;
}

} // namespace

std::optional<ReadPhase1Choice>
ReadFirstTransform(const SaPayload& sa)
{
    if (sa.proposals.empty() || sa.proposals.front().transforms.empty())
    {
        return std::nullopt;
    }
    const TransformPayload& transform = sa.proposals.front().transforms.front();
    bool conflict = false;
    const auto number = [&](IkeAttribute attribute)
    { return transform.Number(static_cast<uint16_t>(attribute), conflict).value_or(0); };
    const HashAlgorithm* hash = FindHashByIkeId(number(IkeAttribute::Hash));
    const CipherAlgorithm* cipher =
        FindCipherByIkeId(number(IkeAttribute::Encryption), number(IkeAttribute::KeyLength));
    if (conflict || hash == nullptr || cipher == nullptr)
    {
        return std::nullopt;
    }
    ReadPhase1Choice choice;
    choice.hash = hash->id;
    choice.cipher = cipher->id;
    choice.group = static_cast<uint16_t>(number(IkeAttribute::Group));
    for (const XauthUse use : {XauthUse::None, XauthUse::Initiator, XauthUse::Responder})
    {
        const AuthAlgorithm* auth = FindAuthByWireId(number(IkeAttribute::Authentication), use);
        choice.isPreShared =
            choice.isPreShared || (auth != nullptr && auth->family == AuthFamily::PreSharedKey);
    }
    return choice;
}

Phase1HashInput
PskGround::HashInput() const
{
    return {gxi, gxr, initiator, responder, saiBody};
}

bool
AggressiveProof::Fits(OctetView guess) const
{
    const SecretBytes skeyid = PreSharedKeySkeyid(ground.hash, guess, ground.ni, ground.nr);
    return OctetView(HashR(ground.hash, skeyid.View(), ground.HashInput(), idirBody)) ==
           OctetView(hashR);
}

std::optional<AggressiveProof>
FindAggressiveProof(const std::vector<Octets>& datagrams)
{
    std::vector<ClearMessage> firsts;
    for (const Octets& datagram : datagrams)
    {
        std::optional<ClearMessage> message = ReadAggressive(datagram);
        if (!message ||
            !HasAll(message->chain,
                    {PayloadType::Sa, PayloadType::Ke, PayloadType::Nonce, PayloadType::Id}))
        {
            continue;
        }
        if (message->header.responderCookie == Cookie{})
        {
            firsts.push_back(std::move(*message));
            continue;
        }
        const auto first =
            std::find_if(firsts.begin(),
                         firsts.end(),
                         [&](const ClearMessage& one)
                         { return one.header.initiatorCookie == message->header.initiatorCookie; });
        if (first == firsts.end() || message->chain.Find(PayloadType::Hash) == nullptr)
        {
            continue;
        }
        if (std::optional<AggressiveProof> proof = JoinMessages(*first, *message))
        {
            return proof;
        }
    }
    return std::nullopt;
}

bool
MainModeProof::Fits(OctetView guess) const
{
    const Skeyids keys = DeriveSkeyids(ground.hash,
                                       PreSharedKeySkeyid(ground.hash, guess, ground.ni, ground.nr),
                                       gxy.View(),
                                       ground.initiator,
                                       ground.responder);
    Result<SecretBytes> key = IsakmpCipherKey(ground.hash, cipher, keys.skeyidE.View());
    if (!key)
    {
        return false;
    }
    CipherChain chain(
        cipher, std::move(*key), Phase1Iv(ground.hash, cipher, ground.gxi, ground.gxr));
    const Result<Octets> text = chain.Decrypt(ciphertext);
    const Result<PayloadChain> payloads =
        text ? ParsePayloadChain(firstPayload, *text) : Result<PayloadChain>(text.GetFault());
    const RawPayload* id = payloads ? payloads->Find(PayloadType::Id) : nullptr;
    const RawPayload* hash = payloads ? payloads->Find(PayloadType::Hash) : nullptr;
    return id != nullptr && hash != nullptr &&
           OctetView(HashI(ground.hash, keys.skeyid.View(), ground.HashInput(), id->body)) ==
               OctetView(hash->body);
}

WordAttack
TryWords(const std::vector<std::string>& words, const GuessCheck& fits)
{
    WordAttack attack;
    for (const std::string& word : words)
    {
        attack.tried++;
        if (fits(AsOctets(word)))
        {
            attack.found = word;
            break;
        }
    }
    return attack;
}

double
MeasureGuessRate(const std::vector<std::string>& words, const GuessCheck& fits, double seconds)
{
    const double begin = ProcessorSeconds();
    size_t guesses = 0;
    double passed = 0;
    while (passed < seconds)
    {
        for (size_t i = 0; i < GUESSES_AT_ONCE; i++)
        {
            fits(AsOctets(words[guesses++ % words.size()]));
        }
        passed = ProcessorSeconds() - begin;
    }
    return static_cast<double>(guesses) / passed;
}

std::vector<std::string>
ReadWordList(const std::string& path)
{
    std::ifstream file(path, std::ios::binary);
    std::vector<std::string> words;
    std::string line;
    while (std::getline(file, line))
    {
        if (!line.empty() && line.back() == '\r')
        {
            line.pop_back();
        }
        if (!line.empty())
        {
            words.push_back(line);
        }
    }
    if (!file.is_open())
    {
        throw std::invalid_argument("word list " + path +
                                    " cannot be read: " + std::strerror(errno) +
                                    "; install Debian's package wamerican, or give --words FILE");
    }
    if (words.empty())
    {
        throw std::invalid_argument("word list " + path +
                                    " has no word; allowed: a text file with a word on each line");
    }
    return words;
}

} // namespace ipsec
} // namespace ns3
