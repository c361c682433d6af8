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

} // namespace

std::string
ManualKeysFault(const TunnelSettings& tunnel, size_t end)
{
    const Phase2Proposal& proposal = tunnel.ends[end].rules->phase2Proposals.front();
    const ManualEndKeys& keys = tunnel.ends[end].rules->manual;
    const bool isBundle = proposal.ah && proposal.esp;
    if (proposal.esp && GetCipher(proposal.esp->cipher).saltOctets > 0)
    {
        // RFC 3686 section 2.1, RFC 4106 section 2.
        return "phase2-proposals counts packets from 1 again with the same key when a gateway "
               "starts anew, which CTR and GCM must never; allowed: ciphers in CBC mode, or null";
    }
    const IntegrityId integrity = proposal.esp ? proposal.esp->integrity : *proposal.ah;
    const size_t cipherOctets = proposal.esp ? GetCipher(proposal.esp->cipher).keyOctets : 0;
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

ManualTunnel
MakeManualTunnel(const Scenario& scenario, const TunnelSettings& tunnel, size_t end)
{
    const TunnelEndSettings& own = tunnel.ends[end];
    const Phase2Proposal& proposal = own.rules->phase2Proposals.front();
    const bool isBundle = proposal.ah && proposal.esp;
    ManualTunnel manual;
    manual.name = tunnel.name;
    manual.localAddress = EndAddress(scenario, tunnel, end);
    manual.remoteAddress = SeenAddress(scenario, tunnel, 1 - end);
    manual.proxyId = EndProxyId(scenario, tunnel, end);
    manual.mode = own.rules->encapsulation;
    manual.esp = proposal.esp;
    manual.ah = proposal.ah;
    for (const size_t receiver : {end, 1 - end})
    {
        const ManualEndKeys& keys = tunnel.ends[receiver].rules->manual;
        const bool isIn = receiver == end;
        if (proposal.esp)
        {
            (isIn ? manual.espIn
                  : manual.espOut) = {*keys.spi, keys.encryptionKey, keys.authenticationKey};
        }
        if (proposal.ah)
        {
            (isIn ? manual.ahIn : manual.ahOut) = {isBundle ? *keys.ahSpi : *keys.spi,
                                                   {},
                                                   isBundle ? keys.ahKey : keys.authenticationKey};
        }
    }
    manual.replayWindow = own.rules->replayWindow;
    manual.outerHeader = own.rules->outerHeader;
    return manual;
}

} // namespace ipsec
} // namespace ns3
