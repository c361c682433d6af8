// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-eavesdropper.h"

#include <algorithm>

namespace ns3
{
namespace ipsec
{

namespace
{

void
AddOnce(std::vector<std::string>& list, const std::string& text)
{
    if (std::find(list.begin(), list.end(), text) == list.end())
    {
        list.push_back(text);
    }
}

bool
Holds(const MessageSummary& summary, PayloadType type)
{
    return std::any_of(summary.payloads.begin(),
                       summary.payloads.end(),
                       [&](const PayloadLabel& label) { return label.type == type; });
}

/// Tells whether a message in clear is the second of aggressive mode with a pre-shared key. With
/// RSA encryption there is a HASH, too, but no identity that can be read: its key material is made
/// of nonces that nobody else knows.
bool
IsProofOfKey(const MessageSummary& summary)
{
    const bool hasIdentity =
        std::any_of(summary.payloads.begin(),
                    summary.payloads.end(),
                    [](const PayloadLabel& label)
                    { return label.type == PayloadType::Id && !label.Word().empty(); });
    return summary.exchange == ExchangeType::AggressiveMode && hasIdentity &&
           Holds(summary, PayloadType::Sa) && Holds(summary, PayloadType::Hash);
}

void
Listen(OverheardEnd& end, const MessageRecord& message)
{
    const MessageSummary& summary = message.summary;
    for (const PayloadLabel& label : summary.payloads)
    {
        const std::string word = label.Word();
        if (word.empty())
        {
            continue;
        }
        switch (label.type)
        {
        case PayloadType::Id:
            // Its packets tell the address of an end anyway.
            if (word != message.source.address.ToString())
            {
                AddOnce(end.identities, word);
            }
            break;
        case PayloadType::Cert:
            AddOnce(end.certificates, word);
            break;
        case PayloadType::CertRequest:
            AddOnce(end.authorities, word);
            break;
        default:
            break;
        }
    }
    end.provesKey = end.provesKey || IsProofOfKey(summary);
}

/// Joins with "; ": names have commas.
std::string
Joined(const std::vector<std::string>& texts)
{
    std::string out;
    for (const std::string& text : texts)
    {
        out += (out.empty() ? "" : "; ") + text;
    }
    return out;
}

} // namespace

bool
Overheard::HasIdentities() const
{
    return std::any_of(ends.begin(),
                       ends.end(),
                       [](const OverheardEnd& end)
                       { return !end.identities.empty() || !end.certificates.empty(); });
}

std::vector<std::string>
Overheard::Names() const
{
    std::vector<std::string> names;
    for (const OverheardEnd& end : ends)
    {
        names.insert(names.end(), end.identities.begin(), end.identities.end());
        names.insert(names.end(), end.certificates.begin(), end.certificates.end());
    }
    return names;
}

bool
Overheard::ProvesKey() const
{
    return ends[0].provesKey || ends[1].provesKey;
}

Overheard
Overhear(const RunRecord& record, const TunnelRecord& tunnel)
{
    Overheard overheard;
    overheard.ends[0].node = tunnel.first;
    overheard.ends[1].node = tunnel.second;
    for (const MessageRecord& message : record.messages)
    {
        const bool fromFirst = message.from == tunnel.first && message.to == tunnel.second;
        const bool fromSecond = message.from == tunnel.second && message.to == tunnel.first;
        if ((!fromFirst && !fromSecond) || message.isNetworkCopy)
        {
            continue;
        }
        overheard.hasMessages = true;
        if (!message.summary.encrypted)
        {
            Listen(overheard.ends[fromFirst ? 0 : 1], message);
        }
    }
    return overheard;
}

std::vector<std::string>
OverheardSentences(const Overheard& overheard)
{
    if (!overheard.hasMessages)
    {
        return {"nothing, there was no message"};
    }
    std::vector<std::string> sentences;
    for (const OverheardEnd& end : overheard.ends)
    {
        const auto add = [&](const std::string& what, const std::vector<std::string>& texts)
        {
            if (!texts.empty())
            {
                sentences.push_back(end.node + what + Joined(texts));
            }
        };
        add(" is ", end.identities);
        add(" has the certificate of ", end.certificates);
        add(" trusts the authority ", end.authorities);
    }
    if (sentences.empty())
    {
        sentences.emplace_back("nothing but addresses and proposals");
    }
    for (const OverheardEnd& end : overheard.ends)
    {
        if (end.provesKey)
        {
            sentences.push_back("HASH_R of " + end.node +
                                " is enough to try passwords offline: in aggressive mode a weak "
                                "pre-shared key can be found");
        }
    }
    return sentences;
}

std::vector<std::string>
EavesdropperLines(const RunRecord& record)
{
    std::vector<std::string> lines;
    for (const TunnelRecord& tunnel : record.tunnels)
    {
        for (const std::string& sentence : OverheardSentences(Overhear(record, tunnel)))
        {
            lines.push_back("tunnel " + tunnel.name + ": " + sentence);
        }
    }
    return lines;
}

} // namespace ipsec
} // namespace ns3
