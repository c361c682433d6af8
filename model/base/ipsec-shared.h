// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * What thousands hold alike, kept in memory once.
 */
#ifndef IPSEC_SHARED_H
#define IPSEC_SHARED_H

#include <memory>
#include <string>
#include <utility>

namespace ns3
{
namespace ipsec
{

/// A value that copies share until one of them is changed. What nobody changed yet is one for all.
template <typename T>
class Shared
{
  public:
    Shared()
        : m_value(Untouched())
    {
    }

    /* implicit */ Shared(T value)
        : m_value(std::make_shared<T>(std::move(value)))
    {
    }

    const T&
    operator*() const
    {
        return *m_value;
    }

    const T*
    operator->() const
    {
        return m_value.get();
    }

    /* implicit */ operator const T&() const
    {
        return *m_value;
    }

    /// Returns the value for changes, which no copy sees.
    T&
    Edit()
    {
        if (m_value.use_count() > 1)
        {
            m_value = std::make_shared<T>(*m_value);
        }
        return *m_value;
    }

  private:
    static const std::shared_ptr<T>&
    Untouched()
    {
        static const std::shared_ptr<T> untouched = std::make_shared<T>();
        return untouched;
    }

    std::shared_ptr<T> m_value;
};

/// A value that is rarely there, and takes no memory of its owner while it is not. Copies are
/// independent of each other.
template <typename T>
class Rare
{
  public:
    Rare() = default;
    Rare(Rare&& other) noexcept = default;
    Rare& operator=(Rare&& other) noexcept = default;
    ~Rare() = default;

    Rare(const Rare& other)
        : m_value(other.m_value ? std::make_unique<T>(*other.m_value) : nullptr)
    {
    }

    Rare&
    operator=(const Rare& other)
    {
        return *this = Rare(other);
    }

    /// Returns the value, or null.
    const T*
    Find() const
    {
        return m_value.get();
    }

    T*
    Find()
    {
        return m_value.get();
    }

    /// Returns the value, a new one if there was none.
    T&
    Make()
    {
        if (!m_value)
        {
            m_value = std::make_unique<T>();
        }
        return *m_value;
    }

    void
    Reset()
    {
        m_value.reset();
    }

  private:
    std::unique_ptr<T> m_value;
};

/// One of a few texts that many have, such as an agreed proposal; it takes eight octets. The texts
/// are never forgotten.
class CommonText
{
  public:
    CommonText()
        : CommonText(std::string())
    {
    }

    /* implicit */ CommonText(const std::string& text);

    /* implicit */ CommonText(const char* text)
        : CommonText(std::string(text))
    {
    }

    /* implicit */ operator const std::string&() const
    {
        return *m_text;
    }

    /// Returns the text itself.
    const std::string&
    Text() const
    {
        return *m_text;
    }

    friend bool
    operator==(const CommonText& a, const CommonText& b)
    {
        return a.m_text == b.m_text;
    }

    friend bool
    operator!=(const CommonText& a, const CommonText& b)
    {
        return a.m_text != b.m_text;
    }

  private:
    const std::string* m_text;
};

/// Lets a hash table begin with two buckets. From its first element on it would have thirteen, and
/// most nodes have but one peer.
template <typename Table>
void
StartSmall(Table& table)
{
    table.rehash(2);
}

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_SHARED_H
