// SPDX-License-Identifier: GPL-2.0-only
// The machines that CpuCosts knows.
#include "ipsec-cpu-costs.h"

#include <stdexcept>

namespace ns3
{
namespace ipsec
{

namespace
{

using Nanoseconds = Duration::rep;

constexpr Nanoseconds US = 1000;
constexpr Nanoseconds MS = 1000 * US;
constexpr uint64_t MBPS = 1000000;

/// One operation on both machines.
struct ProfileRow
{
    WorkKind kind;
    uint16_t parameter;
    Nanoseconds branchTime;
    Nanoseconds hubTime;
    uint64_t branchMbps = 0;
    uint64_t hubMbps = 0;
};

constexpr uint16_t
Of(HashId hash)
{
    return static_cast<uint16_t>(hash);
}

constexpr uint16_t
Of(CipherId cipher)
{
    return static_cast<uint16_t>(cipher);
}

constexpr uint16_t
Of(IntegrityId integrity)
{
    return static_cast<uint16_t>(integrity);
}

// Orders of magnitude, not the measurements of one product. The branch router is what "openssl
// speed" shows on one MIPS or ARM core of 500 to 700 MHz without help for cryptography: some ten
// RSA-2048 signatures and a few dozen exponentiations of 1024 bits a second, AES-128 at some
// 60 Mbit/s, SHA-1 at twice that. The hub has cores of a server and an accelerator beside them: a
// thousand RSA-2048 signatures a second and core, and packets at the speed of a 10 Gbit/s port.
// Exponentiations grow with the cube of the prime's length where exponents are full, less where
// they are short, as ours are; every exchange needs two.
constexpr ProfileRow PROFILE_ROWS[] = {
    {WorkKind::DhKeygen, 1, 5 * MS, 60 * US},
    {WorkKind::DhKeygen, 2, 20 * MS, 150 * US},
    {WorkKind::DhKeygen, 5, 50 * MS, 350 * US},
    {WorkKind::DhKeygen, 14, 100 * MS, 700 * US},
    {WorkKind::DhKeygen, 15, 280 * MS, 2 * MS},
    {WorkKind::DhKeygen, 16, 600 * MS, 4 * MS},
    {WorkKind::DhKeygen, 17, 1800 * MS, 12 * MS},
    {WorkKind::DhKeygen, 18, 4000 * MS, 28 * MS},
    {WorkKind::DhKeygen, 19, 6 * MS, 40 * US},
    {WorkKind::DhKeygen, 20, 20 * MS, 400 * US},
    {WorkKind::DhKeygen, 21, 45 * MS, 800 * US},
    {WorkKind::DhDerive, 1, 5 * MS, 60 * US},
    {WorkKind::DhDerive, 2, 20 * MS, 150 * US},
    {WorkKind::DhDerive, 5, 50 * MS, 350 * US},
    {WorkKind::DhDerive, 14, 100 * MS, 700 * US},
    {WorkKind::DhDerive, 15, 280 * MS, 2 * MS},
    {WorkKind::DhDerive, 16, 600 * MS, 4 * MS},
    {WorkKind::DhDerive, 17, 1800 * MS, 12 * MS},
    {WorkKind::DhDerive, 18, 4000 * MS, 28 * MS},
    {WorkKind::DhDerive, 19, 12 * MS, 80 * US},
    {WorkKind::DhDerive, 20, 40 * MS, 800 * US},
    {WorkKind::DhDerive, 21, 90 * MS, 1600 * US},
    {WorkKind::Prf, Of(HashId::Md5), 15 * US, 1 * US},
    {WorkKind::Prf, Of(HashId::Sha1), 20 * US, 1 * US},
    {WorkKind::Prf, Of(HashId::Sha256), 35 * US, 1 * US},
    {WorkKind::Prf, Of(HashId::Sha384), 80 * US, 2 * US},
    {WorkKind::Prf, Of(HashId::Sha512), 80 * US, 2 * US},
    {WorkKind::CipherOctets, Of(CipherId::Null), 0, 0, 0, 0},
    {WorkKind::CipherOctets, Of(CipherId::Des), 3 * US, 200, 35, 2000},
    {WorkKind::CipherOctets, Of(CipherId::TripleDes), 6 * US, 200, 13, 2000},
    {WorkKind::CipherOctets, Of(CipherId::Aes128), 3 * US, 200, 60, 8000},
    {WorkKind::CipherOctets, Of(CipherId::Aes192), 3 * US, 200, 52, 7000},
    {WorkKind::CipherOctets, Of(CipherId::Aes256), 4 * US, 200, 45, 6000},
    {WorkKind::CipherOctets, Of(CipherId::Aes128Ctr), 3 * US, 200, 60, 8000},
    {WorkKind::CipherOctets, Of(CipherId::Aes192Ctr), 3 * US, 200, 52, 7000},
    {WorkKind::CipherOctets, Of(CipherId::Aes256Ctr), 4 * US, 200, 45, 6000},
    {WorkKind::CipherOctets, Of(CipherId::Aes128Gcm), 6 * US, 200, 35, 8000},
    {WorkKind::CipherOctets, Of(CipherId::Aes256Gcm), 7 * US, 200, 28, 6000},
    {WorkKind::IcvOctets, Of(IntegrityId::HmacMd5_96), 8 * US, 200, 240, 8000},
    {WorkKind::IcvOctets, Of(IntegrityId::HmacSha1_96), 12 * US, 200, 120, 8000},
    {WorkKind::IcvOctets, Of(IntegrityId::HmacSha256_128), 20 * US, 200, 70, 8000},
    {WorkKind::IcvOctets, Of(IntegrityId::HmacSha384_192), 50 * US, 300, 35, 6000},
    {WorkKind::IcvOctets, Of(IntegrityId::HmacSha512_256), 50 * US, 300, 35, 6000},
    {WorkKind::IcvOctets, Of(IntegrityId::HmacSha256_96), 20 * US, 200, 70, 8000},
    {WorkKind::RsaSign, 1024, 18 * MS, 200 * US},
    {WorkKind::RsaSign, 2048, 110 * MS, 1 * MS},
    {WorkKind::RsaSign, 4096, 780 * MS, 7 * MS},
    {WorkKind::RsaVerify, 1024, 900 * US, 15 * US},
    {WorkKind::RsaVerify, 2048, 3 * MS, 30 * US},
    {WorkKind::RsaVerify, 4096, 11 * MS, 100 * US},
    {WorkKind::RsaEncrypt, 1024, 900 * US, 15 * US},
    {WorkKind::RsaEncrypt, 2048, 3 * MS, 30 * US},
    {WorkKind::RsaEncrypt, 4096, 11 * MS, 100 * US},
    {WorkKind::RsaDecrypt, 1024, 18 * MS, 200 * US},
    {WorkKind::RsaDecrypt, 2048, 110 * MS, 1 * MS},
    {WorkKind::RsaDecrypt, 4096, 780 * MS, 7 * MS},
    {WorkKind::DsaSign, 1024, 9 * MS, 120 * US},
    {WorkKind::DsaSign, 2048, 30 * MS, 350 * US},
    {WorkKind::DsaVerify, 1024, 10 * MS, 130 * US},
    {WorkKind::DsaVerify, 2048, 35 * MS, 400 * US},
    {WorkKind::EcdsaSign, 256, 7 * MS, 40 * US},
    {WorkKind::EcdsaSign, 384, 22 * MS, 400 * US},
    {WorkKind::EcdsaSign, 521, 48 * MS, 800 * US},
    {WorkKind::EcdsaVerify, 256, 20 * MS, 110 * US},
    {WorkKind::EcdsaVerify, 384, 65 * MS, 800 * US},
    {WorkKind::EcdsaVerify, 521, 140 * MS, 1600 * US},
};

CpuProfile
BranchRouter()
{
    CpuProfile profile;
    profile.isFree = false;
    profile.cores = 1;
    profile.queueLimit = 256;
    profile.costs.perInput = Duration(200 * US);
    profile.costs.perPacket = Duration(25 * US);
    for (const ProfileRow& row : PROFILE_ROWS)
    {
        profile.costs.Set({row.kind, row.parameter},
                          {Duration(row.branchTime), row.branchMbps * MBPS});
    }
    return profile;
}

CpuProfile
HubAppliance()
{
    CpuProfile profile;
    profile.isFree = false;
    profile.cores = 8;
    profile.queueLimit = 4096;
    profile.costs.perInput = Duration(20 * US);
    profile.costs.perPacket = Duration(1 * US);
    for (const ProfileRow& row : PROFILE_ROWS)
    {
        profile.costs.Set({row.kind, row.parameter}, {Duration(row.hubTime), row.hubMbps * MBPS});
    }
    return profile;
}

} // namespace

std::vector<std::string>
CpuProfileNames()
{
    return {"free", "branch-router", "hub-appliance"};
}

CpuProfile
FindCpuProfile(const std::string& name)
{
    if (name == "free")
    {
        return {};
    }
    if (name == "branch-router")
    {
        return BranchRouter();
    }
    if (name == "hub-appliance")
    {
        return HubAppliance();
    }
    throw std::invalid_argument("'" + name +
                                "' is no profile of a processor; allowed: free, branch-router, "
                                "hub-appliance");
}

std::string
CpuQueueName(CpuQueue queue)
{
    return queue == CpuQueue::Fifo       ? "fifo"
           : queue == CpuQueue::IkeFirst ? "ike-first"
                                         : "esp-first";
}

CpuQueue
FindCpuQueue(const std::string& name)
{
    for (const CpuQueue queue : {CpuQueue::Fifo, CpuQueue::IkeFirst, CpuQueue::EspFirst})
    {
        if (CpuQueueName(queue) == name)
        {
            return queue;
        }
    }
    throw std::invalid_argument("'" + name +
                                "' is no queue of a processor; allowed: fifo, ike-first, "
                                "esp-first");
}

std::vector<WorkKey>
AllOperations()
{
    std::vector<WorkKey> keys;
    for (const ProfileRow& row : PROFILE_ROWS)
    {
        keys.push_back({row.kind, row.parameter});
    }
    return keys;
}

} // namespace ipsec
} // namespace ns3
