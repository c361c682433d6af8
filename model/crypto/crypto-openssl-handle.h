// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Owners of OpenSSL's objects, and of the state of its error queue.
 */
#ifndef CRYPTO_OPENSSL_HANDLE_H
#define CRYPTO_OPENSSL_HANDLE_H

#include <openssl/err.h>

#include <memory>
#include <stdexcept>
#include <string>

namespace ns3
{
namespace ipsec
{

/// Deletes an OpenSSL object with the function that OpenSSL has for its type.
template <auto Function>
struct OpensslDeleter
{
    template <typename T>
    void
    operator()(T* object) const
    {
        Function(object);
    }
};

/// Owns an OpenSSL object.
template <typename T, auto Function>
using OpensslHandle = std::unique_ptr<T, OpensslDeleter<Function>>;

/// Keeps the errors that something refused causes out of the queue that others may read.
class QuietErrors
{
  public:
    QuietErrors()
    {
        ERR_set_mark();
    }

    ~QuietErrors()
    {
        ERR_pop_to_mark();
    }

    QuietErrors(const QuietErrors&) = delete;
    QuietErrors& operator=(const QuietErrors&) = delete;
};

/// Returns the object. @throws std::runtime_error if OpenSSL could not make it.
template <typename T>
T*
RequireObject(T* object, const char* what)
{
    if (object == nullptr)
    {
        throw std::runtime_error(std::string("OpenSSL could not make ") + what);
    }
    return object;
}

/// Goes on after a success. @throws std::runtime_error if OpenSSL failed where it should not.
inline void
RequireSuccess(bool success, const char* what)
{
    if (!success)
    {
        throw std::runtime_error(std::string("OpenSSL could not ") + what);
    }
}

} // namespace ipsec
} // namespace ns3

#endif // CRYPTO_OPENSSL_HANDLE_H
