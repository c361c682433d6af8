// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-scenario-manual.h"

namespace ns3
{
namespace ipsec
{

namespace
{

/// Returns what is wrong with one key, or nothing.
std::string
KeyFault(const std::string& name, const SecretBytes& key, size_t octets)
{
    if (key.size() == octets)
    {
        return "";
    }
    if (octets == 0)
    {
        return name + " is there, but the proposal has no use for it";
    }
    return name +
           (key.empty() ? " is missing; write 0x and "
                        : " has " + std::to_string(key.size()) + " octets; allowed: ") +
           std::to_string(octets) + (key.empty() ? " octets" : "");
}

std::string
SpiFault(const std::string& name, const std::optional<uint32_t>& spi, bool isNeeded)
{
    if (spi.has_value() == isNeeded)
    {
        return "";
    }
    return name + (isNeeded ? " is missing; write a number from 256 to 4294967295"
                            : " is there, but the proposal has no use for it");
}

/// Makes one SA of a tunnel, with the keys that its receiver has.
IpsecSa
MakeSa(const TunnelSettings& tunnel, const ManualKeys& receiver, ProtocolId protocol)
{
    const Phase2Proposal& proposal = tunnel.ends[0].phase2Proposals.front();
    const bool isBundle = proposal.ah && proposal.esp;
    IpsecSa sa;
    sa.protocol = protocol;
    sa.proposal = proposal.ToString();
    if (protocol == ProtocolId::Esp)
    {
        sa.cipher = proposal.esp->cipher;
        sa.integrity = proposal.esp->integrity;
        sa.cipherKey = receiver.encryptionKey;
        sa.integrityKey = receiver.authenticationKey;
        sa.spi = *receiver.spi;
        sa.bundledSpi = isBundle ? *receiver.ahSpi : 0;
        return sa;
    }
    sa.integrity = *proposal.ah;
    sa.integrityKey = isBundle ? receiver.ahKey : receiver.authenticationKey;
    sa.spi = isBundle ? *receiver.ahSpi : *receiver.spi;
    sa.bundledSpi = isBundle ? *receiver.spi : 0;
    return sa;
}

} // namespace

std::string
ManualKeysFault(const TunnelSettings& tunnel, size_t end)
{
    const Phase2Proposal& proposal = tunnel.ends[end].phase2Proposals.front();
    const ManualKeys& keys = tunnel.ends[end].manual;
    const bool isBundle = proposal.ah && proposal.esp;
    const IntegrityId integrity = proposal.esp ? proposal.esp->integrity : *proposal.ah;
    size_t cipherOctets = 0;
    if (proposal.esp)
    {
        const CipherAlgorithm& cipher = GetCipher(proposal.esp->cipher);
        cipherOctets = cipher.keyOctets + cipher.saltOctets;
    }
    const size_t ahOctets = isBundle ? GetIntegrity(*proposal.ah).keyOctets : 0;
    for (const std::string& fault :
         {SpiFault("spi", keys.spi, true),
          KeyFault("encryption-key", keys.encryptionKey, cipherOctets),
          KeyFault("authentication-key", keys.authenticationKey, GetIntegrity(integrity).keyOctets),
          SpiFault("ah-spi", keys.ahSpi, isBundle),
          KeyFault("ah-key", keys.ahKey, ahOctets)})
    {
        if (!fault.empty())
        {
            return fault;
        }
    }
    return "";
}

std::vector<IpsecSa>
ManualSas(const Scenario& scenario, const TunnelSettings& tunnel, size_t end, ChildId child)
{
    const TunnelEndSettings& own = tunnel.ends[end];
    const Phase2Proposal& proposal = own.phase2Proposals.front();
    std::vector<ProtocolId> protocols;
    if (proposal.ah)
    {
        protocols.push_back(ProtocolId::Ah);
    }
    if (proposal.esp)
    {
        protocols.push_back(ProtocolId::Esp);
    }
    std::vector<IpsecSa> sas;
    for (const SaDirection direction : {SaDirection::Inbound, SaDirection::Outbound})
    {
        const bool isInbound = direction == SaDirection::Inbound;
        for (const ProtocolId protocol : protocols)
        {
            IpsecSa sa = MakeSa(tunnel, tunnel.ends[isInbound ? end : 1 - end].manual, protocol);
            sa.pairSpi =
                MakeSa(tunnel, tunnel.ends[isInbound ? 1 - end : end].manual, protocol).spi;
            sa.direction = direction;
            sa.mode = own.encapsulation;
            sa.local = {EndAddress(scenario, tunnel, end), 0};
            sa.remote = {EndAddress(scenario, tunnel, 1 - end), 0};
            sa.proxyId = EndProxyId(scenario, tunnel, end);
            sa.outerHeader = own.outerHeader;
            sa.replayWindow = own.replayWindow;
            sa.child = child;
            sas.push_back(sa);
        }
    }
    return sas;
}

} // namespace ipsec
} // namespace ns3
