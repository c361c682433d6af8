// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-manual-tunnel.h"

#include "ns3/esp-header.h"

#include <stdexcept>
#include <utility>

namespace ns3
{
namespace ipsec
{

namespace
{

void
RequireSpi(const std::string& name, uint32_t spi)
{
    if (spi < LOWEST_SPI)
    {
        throw std::invalid_argument("manual tunnel " + name + ": SPI " + std::to_string(spi) +
                                    " is reserved; use 256 or more");
    }
}

void
RequireKey(const std::string& name, const char* algorithm, const SecretBytes& key, size_t octets)
{
    if (key.size() != octets)
    {
        throw std::invalid_argument("manual tunnel " + name + ": a key of " + algorithm + " has " +
                                    std::to_string(octets) + " octets, not " +
                                    std::to_string(key.size()));
    }
}

void
RequireEspKeys(const std::string& name, const EspAlgorithms& algorithms, const ManualKeys& keys)
{
    const CipherAlgorithm& cipher = GetCipher(algorithms.cipher);
    const IntegrityAlgorithm& integrity = GetIntegrity(algorithms.integrity);
    RequireSpi(name, keys.spi);
    RequireKey(name, cipher.name, keys.cipherKey, cipher.keyOctets);
    RequireKey(name, integrity.name, keys.integrityKey, integrity.keyOctets);
}

void
RequireEsp(const ManualTunnel& tunnel)
{
    const CipherAlgorithm& cipher = GetCipher(tunnel.esp->cipher);
    if (cipher.mode == CipherMode::Ctr || cipher.mode == CipherMode::Gcm)
    {
        throw std::invalid_argument("manual tunnel " + tunnel.name + ": " + cipher.name +
                                    " must not be used with keys set by hand; choose a cipher in "
                                    "CBC mode");
    }
    if (tunnel.esp->cipher == CipherId::Null && tunnel.esp->integrity == IntegrityId::None)
    {
        throw std::invalid_argument("manual tunnel " + tunnel.name +
                                    ": ESP needs a cipher or an integrity algorithm");
    }
    RequireEspKeys(tunnel.name, *tunnel.esp, tunnel.espOut);
    RequireEspKeys(tunnel.name, *tunnel.esp, tunnel.espIn);
}

void
RequireAh(const ManualTunnel& tunnel)
{
    const IntegrityAlgorithm& integrity = GetIntegrity(*tunnel.ah);
    if (integrity.id == IntegrityId::None)
    {
        throw std::invalid_argument("manual tunnel " + tunnel.name +
                                    ": AH needs an integrity algorithm");
    }
    for (const ManualKeys* keys : {&tunnel.ahOut, &tunnel.ahIn})
    {
        RequireSpi(tunnel.name, keys->spi);
        RequireKey(tunnel.name, integrity.name, keys->integrityKey, integrity.keyOctets);
    }
}

/// Writes the algorithms as proposals do, without what IKE adds: "esp-des-md5".
std::string
AlgorithmsText(const ManualTunnel& tunnel)
{
    const std::string text = Phase2Proposal{std::nullopt, tunnel.ah, tunnel.esp}.ToString();
    return text.substr(text.find('-') + 1);
}

bool
IsHost(const Prefix& prefix, IpAddress address)
{
    return prefix == Prefix::Host(address);
}

} // namespace

ManualTunnel
ManualTunnel::Mirror() const
{
    ManualTunnel mirror = *this;
    std::swap(mirror.localAddress, mirror.remoteAddress);
    std::swap(mirror.espOut, mirror.espIn);
    std::swap(mirror.ahOut, mirror.ahIn);
    mirror.proxyId = proxyId.Mirror();
    return mirror;
}

void
ManualTunnel::Validate() const
{
    if (localAddress.value == 0 || remoteAddress.value == 0)
    {
        throw std::invalid_argument("manual tunnel " + name + " needs both addresses");
    }
    if (!esp && !ah)
    {
        throw std::invalid_argument("manual tunnel " + name + " needs ESP or AH");
    }
    if (esp)
    {
        RequireEsp(*this);
    }
    if (ah)
    {
        RequireAh(*this);
    }
    const bool isOwn = IsHost(proxyId.local, localAddress) && IsHost(proxyId.remote, remoteAddress);
    if (mode == EncapsulationMode::Transport && !isOwn)
    {
        throw std::invalid_argument("manual tunnel " + name +
                                    ": transport mode protects the traffic of its two ends only; "
                                    "name their addresses as local and remote");
    }
    if (!IsReplayWindow(replayWindow))
    {
        throw std::invalid_argument("manual tunnel " + name +
                                    ": the replay window is 0 or 32 to 4096");
    }
}

std::vector<IpsecSa>
ManualTunnel::MakeSas(ChildId child) const
{
    std::vector<IpsecSa> sas;
    for (const SaDirection direction : {SaDirection::Inbound, SaDirection::Outbound})
    {
        const bool isIn = direction == SaDirection::Inbound;
        const bool isBundle = esp && ah;
        IpsecSa sa;
        sa.direction = direction;
        sa.mode = mode;
        sa.local = {localAddress, 0};
        sa.remote = {remoteAddress, 0};
        sa.child = child;
        sa.proposal = AlgorithmsText(*this);
        sa.proxyId = proxyId;
        sa.replayWindow = replayWindow;
        sa.outerHeader = outerHeader;
        if (esp)
        {
            const ManualKeys& keys = isIn ? espIn : espOut;
            IpsecSa inner = sa;
            inner.protocol = ProtocolId::Esp;
            inner.spi = keys.spi;
            inner.pairSpi = (isIn ? espOut : espIn).spi;
            inner.bundledSpi = isBundle ? (isIn ? ahIn : ahOut).spi : 0;
            inner.cipher = esp->cipher;
            inner.integrity = esp->integrity;
            inner.cipherKey = keys.cipherKey;
            inner.integrityKey = keys.integrityKey;
            sas.push_back(inner);
        }
        if (ah)
        {
            const ManualKeys& keys = isIn ? ahIn : ahOut;
            sa.protocol = ProtocolId::Ah;
            sa.mode = isBundle ? EncapsulationMode::Transport : mode;
            sa.spi = keys.spi;
            sa.pairSpi = (isIn ? ahOut : ahIn).spi;
            sa.bundledSpi = isBundle ? (isIn ? espIn : espOut).spi : 0;
            sa.integrity = *ah;
            sa.integrityKey = keys.integrityKey;
            sas.push_back(sa);
        }
    }
    return sas;
}

} // namespace ipsec
} // namespace ns3
