// SPDX-License-Identifier: GPL-2.0-only
#include "ipsec-cpu-calibration.h"

#include "ns3/crypto-cipher.h"
#include "ns3/crypto-dh.h"
#include "ns3/crypto-hash.h"
#include "ns3/crypto-keys.h"
#include "ns3/ipsec-random-source.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <functional>
#include <map>
#include <stdexcept>
#include <thread>

namespace ns3
{
namespace ipsec
{

namespace
{

/// The measured octets do not depend on the run; keys and texts come from here.
constexpr uint64_t SEED = 1;
/// Two sizes tell the time for a packet from the time for an octet.
constexpr size_t SHORT_OCTETS = 64;
constexpr size_t LONG_OCTETS = 1440;
constexpr size_t PRF_OCTETS = 64;
constexpr size_t DIGEST_OCTETS = 20;
constexpr size_t LONGEST_IV = 16;
constexpr size_t LONGEST_ICV = 64;
constexpr double BITS_PER_OCTET = 8;

/// Does something once; false if it failed.
using Operation = std::function<bool()>;

/// Returns the nanoseconds that one operation takes: the least of three rounds, so that what else
/// runs on the machine counts little.
double
TimeOf(WorkKey key, Duration each, const Operation& operation)
{
    using Clock = std::chrono::steady_clock;
    constexpr int ROUNDS = 3;
    double best = 0;
    for (int round = 0; round < ROUNDS; ++round)
    {
        uint64_t count = 0;
        const Clock::time_point begin = Clock::now();
        Duration passed{};
        do
        {
            if (!operation())
            {
                throw std::runtime_error(key.ToString() + " cannot be done on this machine.");
            }
            ++count;
            passed = std::chrono::duration_cast<Duration>(Clock::now() - begin);
        } while (passed < each / ROUNDS);
        const double one = static_cast<double>(passed.count()) / static_cast<double>(count);
        best = round == 0 ? one : std::min(best, one);
    }
    return best;
}

OperationCost
Once(WorkKey key, Duration each, const Operation& operation)
{
    return {Duration(static_cast<Duration::rep>(TimeOf(key, each, operation))), 0};
}

/// Measures an operation on texts of two lengths.
OperationCost
ByOctets(WorkKey key, Duration each, const std::function<bool(Octets& text)>& operation)
{
    Octets shortText(SHORT_OCTETS, 0);
    Octets longText(LONG_OCTETS, 0);
    const double shortTime = TimeOf(key, each, [&]() { return operation(shortText); });
    const double longTime = TimeOf(key, each, [&]() { return operation(longText); });
    const double perOctet =
        std::max(longTime - shortTime, 0.001) / static_cast<double>(LONG_OCTETS - SHORT_OCTETS);
    const double fixed = std::max(shortTime - perOctet * SHORT_OCTETS, 0.0);
    return {Duration(static_cast<Duration::rep>(fixed)),
            static_cast<uint64_t>(std::min(BITS_PER_OCTET * 1e9 / perOctet, 1e13))};
}

OperationCost
MeasureDh(WorkKey key, Duration each, RandomSource& random)
{
    const DhGroup& group = *FindDhGroup(key.parameter);
    if (key.kind == WorkKind::DhKeygen)
    {
        return Once(
            key, each, [&]() { return !GenerateDhKeyPair(group, random).publicValue.empty(); });
    }
    const DhKeyPair own = GenerateDhKeyPair(group, random);
    const DhKeyPair peer = GenerateDhKeyPair(group, random);
    return Once(key, each, [&]() { return ComputeSharedSecret(own, peer.publicValue).Ok(); });
}

OperationCost
MeasureCipher(WorkKey key, Duration each, RandomSource& random)
{
    const CipherAlgorithm& cipher = GetCipher(static_cast<CipherId>(key.parameter));
    if (cipher.mode == CipherMode::None)
    {
        return {};
    }
    const Octets secret = random.Draw(cipher.keyOctets + cipher.saltOctets);
    const Octets iv = random.Draw(LONGEST_IV);
    std::array<uint8_t, LONGEST_ICV> icv{};
    return ByOctets(key,
                    each,
                    [&](Octets& text)
                    {
                        PacketCipher packet;
                        packet.cipher = cipher.id;
                        packet.key = secret;
                        packet.iv = OctetView(iv).First(cipher.ivOctets);
                        return EncryptPacket(packet, text.data(), text.size(), icv.data());
                    });
}

OperationCost
MeasureIntegrity(WorkKey key, Duration each, RandomSource& random)
{
    const IntegrityAlgorithm& integrity = GetIntegrity(static_cast<IntegrityId>(key.parameter));
    const Octets secret = random.Draw(integrity.keyOctets);
    std::array<uint8_t, LONGEST_ICV> icv{};
    return ByOctets(key,
                    each,
                    [&](Octets& text)
                    {
                        HmacTruncated(
                            integrity.hash, secret, {text}, icv.data(), integrity.icvOctets);
                        return true;
                    });
}

KeyKind
KindOf(WorkKind kind)
{
    switch (kind)
    {
    case WorkKind::DsaSign:
    case WorkKind::DsaVerify:
        return KeyKind::Dsa;
    case WorkKind::EcdsaSign:
    case WorkKind::EcdsaVerify:
        break;
    default:
        return KeyKind::Rsa;
    }
    return KeyKind::EcdsaP256;
}

/// Keys are dear to make: each is made once.
class KeyRing
{
  public:
    explicit KeyRing(RandomSource& random)
        : m_random(random)
    {
    }

    const PrivateKey&
    Find(WorkKey key)
    {
        KeyKind kind = KindOf(key.kind);
        if (kind == KeyKind::EcdsaP256)
        {
            kind = key.parameter == 256   ? KeyKind::EcdsaP256
                   : key.parameter == 384 ? KeyKind::EcdsaP384
                                          : KeyKind::EcdsaP521;
        }
        const auto name = std::make_pair(kind, key.parameter);
        auto found = m_keys.find(name);
        if (found == m_keys.end())
        {
            found = m_keys.emplace(name, PrivateKey::Generate(kind, key.parameter, m_random)).first;
        }
        return found->second;
    }

  private:
    RandomSource& m_random;
    std::map<std::pair<KeyKind, uint16_t>, PrivateKey> m_keys;
};

OperationCost
MeasureKey(WorkKey key, Duration each, const PrivateKey& own, RandomSource& random)
{
    const Octets text = random.Draw(DIGEST_OCTETS);
    switch (key.kind)
    {
    case WorkKind::RsaEncrypt:
        return Once(key, each, [&]() { return EncryptRsa(own.Public(), text, random).Ok(); });
    case WorkKind::RsaDecrypt:
    {
        const Result<Octets> sealed = EncryptRsa(own.Public(), text, random);
        return Once(key,
                    each,
                    [&]()
                    { return sealed && !DecryptRsa(own, *sealed, DIGEST_OCTETS, random).empty(); });
    }
    case WorkKind::RsaSign:
    case WorkKind::DsaSign:
    case WorkKind::EcdsaSign:
        return Once(key, each, [&]() { return SignHash(own, text, random).Ok(); });
    default:
        break;
    }
    const Result<Octets> signature = SignHash(own, text, random);
    return Once(key,
                each,
                [&]()
                { return signature && VerifySignature(own.Public(), text, *signature).Ok(); });
}

} // namespace

CpuProfile
MeasureThisMachine(Duration each)
{
    CpuProfile profile;
    profile.isFree = false;
    profile.cores = std::max(std::thread::hardware_concurrency(), 1U);
    profile.costs = MeasureOperations(AllOperations(), each);
    return profile;
}

CpuCosts
MeasureOperations(const std::vector<WorkKey>& operations, Duration each)
{
    SeededRandomSource random(SEED);
    KeyRing ring(random);
    CpuCosts costs;
    for (const WorkKey key : operations)
    {
        switch (key.kind)
        {
        case WorkKind::DhKeygen:
        case WorkKind::DhDerive:
            costs.Set(key, MeasureDh(key, each, random));
            break;
        case WorkKind::Prf:
        {
            const Octets secret = random.Draw(DIGEST_OCTETS);
            const Octets text = random.Draw(PRF_OCTETS);
            const auto hash = static_cast<HashId>(key.parameter);
            costs.Set(key, Once(key, each, [&]() { return !Hmac(hash, secret, {text}).empty(); }));
            break;
        }
        case WorkKind::CipherOctets:
            costs.Set(key, MeasureCipher(key, each, random));
            break;
        case WorkKind::IcvOctets:
            costs.Set(key, MeasureIntegrity(key, each, random));
            break;
        default:
            costs.Set(key, MeasureKey(key, each, ring.Find(key), random));
            break;
        }
    }
    return costs;
}

} // namespace ipsec
} // namespace ns3
