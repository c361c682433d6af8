// SPDX-License-Identifier: GPL-2.0-only
#include "crypto-openssl-random.h"

#include <openssl/core_dispatch.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/provider.h>
#include <openssl/rand.h>

#include <stdexcept>

namespace ns3
{
namespace ipsec
{

namespace
{

constexpr char PROVIDER_NAME[] = "ipsec-random";
constexpr char GENERATOR_NAME[] = "IPSEC-RANDOM-SCOPE";
constexpr char PROPERTIES[] = "provider=ipsec-random";
/// Most octets at once; OpenSSL divides what is more.
constexpr size_t MAX_REQUEST = 65536;
/// A seed for any seed of the blinding: what is drawn there cannot be seen.
constexpr uint64_t BLINDING_SEED = 1;

/// The source of the innermost scope of this thread, or null.
thread_local RandomSource* g_current = nullptr;

/// The generator has no state but what OpenSSL asks of every one.
struct Generator
{
    int state = EVP_RAND_STATE_UNINITIALISED;
};

void*
NewGenerator(void* /* provider */, void* /* parent */, const OSSL_DISPATCH* /* parentCalls */)
{
    return new Generator;
}

void
FreeGenerator(void* generator)
{
    delete static_cast<Generator*>(generator);
}

int
Instantiate(void* generator,
            unsigned int /* strength */,
            int /* predictionResistance */,
            const unsigned char* /* personalization */,
            size_t /* personalizationOctets */,
            const OSSL_PARAM* /* params */)
{
    static_cast<Generator*>(generator)->state = EVP_RAND_STATE_READY;
    return 1;
}

int
Uninstantiate(void* generator)
{
    static_cast<Generator*>(generator)->state = EVP_RAND_STATE_UNINITIALISED;
    return 1;
}

int
Generate(void* /* generator */,
         unsigned char* out,
         size_t count,
         unsigned int /* strength */,
         int /* predictionResistance */,
         const unsigned char* /* additional */,
         size_t /* additionalOctets */)
{
    if (g_current == nullptr)
    {
        return 0;
    }
    g_current->Fill(out, count);
    return 1;
}

int
Reseed(void* /* generator */,
       int /* predictionResistance */,
       const unsigned char* /* entropy */,
       size_t /* entropyOctets */,
       const unsigned char* /* additional */,
       size_t /* additionalOctets */)
{
    return 1;
}

/// There is nothing to lock: every thread draws from its own scope.
int
EnableLocking(void* /* generator */)
{
    return 1;
}

int
GetParams(void* generator, OSSL_PARAM params[])
{
    OSSL_PARAM* param = OSSL_PARAM_locate(params, OSSL_RAND_PARAM_STATE);
    if (param != nullptr &&
        OSSL_PARAM_set_int(param, static_cast<Generator*>(generator)->state) != 1)
    {
        return 0;
    }
    param = OSSL_PARAM_locate(params, OSSL_RAND_PARAM_STRENGTH);
    if (param != nullptr && OSSL_PARAM_set_uint(param, 256) != 1)
    {
        return 0;
    }
    param = OSSL_PARAM_locate(params, OSSL_RAND_PARAM_MAX_REQUEST);
    return param == nullptr || OSSL_PARAM_set_size_t(param, MAX_REQUEST) == 1 ? 1 : 0;
}

const OSSL_PARAM*
GettableParams(void* /* generator */, void* /* provider */)
{
    static const OSSL_PARAM gettable[] = {OSSL_PARAM_int(OSSL_RAND_PARAM_STATE, nullptr),
                                          OSSL_PARAM_uint(OSSL_RAND_PARAM_STRENGTH, nullptr),
                                          OSSL_PARAM_size_t(OSSL_RAND_PARAM_MAX_REQUEST, nullptr),
                                          OSSL_PARAM_END};
    return gettable;
}

/// Makes a row of a dispatch table; the type is checked by the caller's choice of Function.
template <typename Function>
OSSL_DISPATCH
Entry(int id, Function* function)
{
    return {id, reinterpret_cast<void (*)()>(function)};
}

const OSSL_ALGORITHM*
QueryOperation(void* /* provider */, int operation, int* noCache)
{
    static const OSSL_DISPATCH generator[] = {
        Entry(OSSL_FUNC_RAND_NEWCTX, NewGenerator),
        Entry(OSSL_FUNC_RAND_FREECTX, FreeGenerator),
        Entry(OSSL_FUNC_RAND_INSTANTIATE, Instantiate),
        Entry(OSSL_FUNC_RAND_UNINSTANTIATE, Uninstantiate),
        Entry(OSSL_FUNC_RAND_GENERATE, Generate),
        Entry(OSSL_FUNC_RAND_RESEED, Reseed),
        Entry(OSSL_FUNC_RAND_ENABLE_LOCKING, EnableLocking),
        Entry(OSSL_FUNC_RAND_GETTABLE_CTX_PARAMS, GettableParams),
        Entry(OSSL_FUNC_RAND_GET_CTX_PARAMS, GetParams),
        {0, nullptr}};
    static const OSSL_ALGORITHM algorithms[] = {
        {GENERATOR_NAME, PROPERTIES, generator, "draws from the scope of the calling thread"},
        {nullptr, nullptr, nullptr, nullptr}};
    *noCache = 0;
    return operation == OSSL_OP_RAND ? algorithms : nullptr;
}

int
InitProvider(const OSSL_CORE_HANDLE* handle,
             const OSSL_DISPATCH* /* coreCalls */,
             const OSSL_DISPATCH** providerCalls,
             void** provider)
{
    static const OSSL_DISPATCH calls[] = {Entry(OSSL_FUNC_PROVIDER_QUERY_OPERATION, QueryOperation),
                                          {0, nullptr}};
    *providerCalls = calls;
    // OpenSSL wants a provider context that is not null; nothing looks at it.
    *provider = const_cast<OSSL_CORE_HANDLE*>(handle);
    return 1;
}

} // namespace

OSSL_PROVIDER*
UseRandomScopes(OSSL_LIB_CTX* context)
{
    // Both kinds of generator, so that the one of the operating system is never opened.
    OSSL_PROVIDER* provider = nullptr;
    if (OSSL_PROVIDER_add_builtin(context, PROVIDER_NAME, InitProvider) != 1 ||
        (provider = OSSL_PROVIDER_load(context, PROVIDER_NAME)) == nullptr ||
        RAND_set_DRBG_type(context, GENERATOR_NAME, PROPERTIES, nullptr, nullptr) != 1 ||
        RAND_set_seed_source_type(context, GENERATOR_NAME, PROPERTIES) != 1)
    {
        throw std::runtime_error("this OpenSSL does not accept a random generator of the program");
    }
    return provider;
}

OpensslRandomScope::OpensslRandomScope(RandomSource& random)
    : m_outer(g_current)
{
    g_current = &random;
}

OpensslRandomScope::~OpensslRandomScope()
{
    g_current = m_outer;
}

OpensslBlindingScope::OpensslBlindingScope()
    : m_source(BLINDING_SEED)
    , m_scope(m_source)
{
}

} // namespace ipsec
} // namespace ns3
