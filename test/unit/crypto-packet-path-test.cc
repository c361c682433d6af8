// SPDX-License-Identifier: GPL-2.0-only
// Counts what a packet must not cost: these definitions take the place of OpenSSL's, and call them.
#include "data-plane-samples.h"

#include "ns3/ipsec-processor.h"

#include <openssl/evp.h>
#include <openssl/rand.h>

#include <dlfcn.h>
#include <gtest/gtest.h>

namespace
{

uint64_t g_calls = 0;

template <typename Function>
Function
Original(Function, const char* name)
{
    g_calls++;
    return reinterpret_cast<Function>(dlsym(RTLD_NEXT, name));
}

} // namespace

extern "C"
{
    EVP_CIPHER*
    EVP_CIPHER_fetch(OSSL_LIB_CTX* context, const char* algorithm, const char* properties)
    {
        return Original(&EVP_CIPHER_fetch, "EVP_CIPHER_fetch")(context, algorithm, properties);
    }

    EVP_MD*
    EVP_MD_fetch(OSSL_LIB_CTX* context, const char* algorithm, const char* properties)
    {
        return Original(&EVP_MD_fetch, "EVP_MD_fetch")(context, algorithm, properties);
    }

    EVP_MAC*
    EVP_MAC_fetch(OSSL_LIB_CTX* context, const char* algorithm, const char* properties)
    {
        return Original(&EVP_MAC_fetch, "EVP_MAC_fetch")(context, algorithm, properties);
    }

    EVP_CIPHER_CTX*
    EVP_CIPHER_CTX_new()
    {
        return Original(&EVP_CIPHER_CTX_new, "EVP_CIPHER_CTX_new")();
    }

    EVP_MAC_CTX*
    EVP_MAC_CTX_new(EVP_MAC* mac)
    {
        return Original(&EVP_MAC_CTX_new, "EVP_MAC_CTX_new")(mac);
    }

    EVP_MD_CTX*
    EVP_MD_CTX_new()
    {
        return Original(&EVP_MD_CTX_new, "EVP_MD_CTX_new")();
    }

    int
    RAND_bytes(unsigned char* out, int count)
    {
        return Original(&RAND_bytes, "RAND_bytes")(out, count);
    }
}

namespace
{

using namespace ns3::ipsec;

struct Suite
{
    CipherId cipher;
    IntegrityId integrity;
};

class PacketPath : public testing::TestWithParam<Suite>
{
};

/// Seals and opens packets; false if one is refused.
bool
Carry(const Suite& suite, uint32_t packets)
{
    const IpsecSa sa = SampleSa(suite.cipher, suite.integrity);
    Processor sender;
    Processor receiver;
    ProcessorReport report;
    SeededRandomSource random(1);
    sender.Policies().Add({sa.proxyId, PolicyAction::Protect, sa.child});
    (void)sender.InstallSa({}, sa, random, report);
    (void)receiver.InstallSa({}, FarEnd(sa), random, report);
    const Octets packet = SamplePacket(1400);
    for (uint32_t i = 0; i < packets; i++)
    {
        const ProtectVerdict out = sender.Protect({}, packet, 1, random, report);
        const auto* sealed = std::get_if<Sealed>(&out);
        if (sealed == nullptr)
        {
            return false;
        }
        const UnprotectVerdict in =
            receiver.Unprotect({}, Arrived(GatewayA(), sealed->packet), report);
        if (!std::holds_alternative<Opened>(in))
        {
            return false;
        }
    }
    return true;
}

TEST_P(PacketPath, FetchesNothingMakesNoContextAndAsksNobodyForRandomness)
{
    // The first packet of all makes what is kept.
    ASSERT_TRUE(Carry(GetParam(), 1));
    const uint64_t before = g_calls;
    ASSERT_TRUE(Carry(GetParam(), 100));
    EXPECT_EQ(g_calls - before, 0u);
}

TEST(PacketPathCounter, CountsWhatItStandsFor)
{
    const uint64_t before = g_calls;
    EVP_CIPHER_CTX_free(EVP_CIPHER_CTX_new());
    EXPECT_EQ(g_calls - before, 1u);
}

INSTANTIATE_TEST_SUITE_P(All,
                         PacketPath,
                         testing::Values(Suite{CipherId::Aes128, IntegrityId::HmacSha1_96},
                                         Suite{CipherId::TripleDes, IntegrityId::HmacMd5_96},
                                         Suite{CipherId::Aes256Ctr, IntegrityId::HmacSha256_128},
                                         Suite{CipherId::Aes128Gcm, IntegrityId::None},
                                         Suite{CipherId::Null, IntegrityId::HmacSha512_256}),
                         [](const testing::TestParamInfo<Suite>& info)
                         { return "Suite" + std::to_string(info.index); });

} // namespace
