// SPDX-License-Identifier: GPL-2.0-only
#include "crypto-certificate-object.h"

#include <openssl/asn1.h>
#include <openssl/objects.h>

#include <cctype>
#include <cstring>
#include <stdexcept>

namespace ns3
{
namespace ipsec
{

namespace
{

using ObjectHandle = OpensslHandle<ASN1_OBJECT, ASN1_OBJECT_free>;
using AnyHandle = OpensslHandle<ASN1_TYPE, ASN1_TYPE_free>;

/// Attribute types by the names that are written; the first one of a type is how it is printed.
constexpr struct
{
    const char* name;
    int nid;
} ATTRIBUTES[] = {
    {"CN", NID_commonName},
    {"O", NID_organizationName},
    {"OU", NID_organizationalUnitName},
    {"C", NID_countryName},
    {"L", NID_localityName},
    {"ST", NID_stateOrProvinceName},
    {"S", NID_stateOrProvinceName},
    {"STREET", NID_streetAddress},
    {"DC", NID_domainComponent},
    {"UID", NID_userId},
    {"E", NID_pkcs9_emailAddress},
    {"emailAddress", NID_pkcs9_emailAddress},
    {"serialNumber", NID_serialNumber},
    {"SN", NID_surname},
    {"GN", NID_givenName},
    {"T", NID_title},
};

constexpr char SPECIAL[] = ",+=\"\\<>;#";

/// One attribute as it is written.
struct WrittenAttribute
{
    std::string type;
    std::string value;
    /// "#" and DER as hexadecimal digits (RFC 4514 section 2.4).
    bool isHex = false;
    /// Whether it belongs to the relative name before it.
    bool joined = false;
};

bool
IsSameIgnoringCase(const std::string& a, const char* b)
{
    if (a.size() != std::strlen(b))
    {
        return false;
    }
    for (size_t i = 0; i < a.size(); i++)
    {
        if (std::tolower(static_cast<unsigned char>(a[i])) !=
            std::tolower(static_cast<unsigned char>(b[i])))
        {
            return false;
        }
    }
    return true;
}

/// Reads a written name from left to right.
class NameScanner
{
  public:
    explicit NameScanner(const std::string& text)
        : m_text(text)
    {
    }

    bool
    AtEnd() const
    {
        return m_at == m_text.size();
    }

    WrittenAttribute Take();
    /// Takes "," or "+" or the end; tells whether it was "+".
    bool TakeSeparator();

  private:
    void SkipBlanks();
    void TakeEscaped(std::string& value);

    const std::string& m_text;
    size_t m_at = 0;
};

[[noreturn]] void
Refuse(const std::string& text, const std::string& why)
{
    throw std::invalid_argument("'" + text +
                                "' is not a distinguished name such as 'CN=fw-a, "
                                "O=Example': " +
                                why);
}

void
NameScanner::SkipBlanks()
{
    while (!AtEnd() && m_text[m_at] == ' ')
    {
        m_at++;
    }
}

void
NameScanner::TakeEscaped(std::string& value)
{
    m_at++;
    if (AtEnd())
    {
        Refuse(m_text, "a backslash ends it");
    }
    const auto isHexDigit = [this](size_t at)
    { return at < m_text.size() && std::isxdigit(static_cast<unsigned char>(m_text[at])) != 0; };
    if (isHexDigit(m_at) && isHexDigit(m_at + 1))
    {
        value.push_back(static_cast<char>(FromHex(m_text.substr(m_at, 2))[0]));
        m_at += 2;
        return;
    }
    value.push_back(m_text[m_at++]);
}

WrittenAttribute
NameScanner::Take()
{
    WrittenAttribute attribute;
    SkipBlanks();
    const size_t sign = m_text.find('=', m_at);
    if (sign == std::string::npos)
    {
        Refuse(m_text, "an attribute lacks its '='");
    }
    attribute.type = m_text.substr(m_at, sign - m_at);
    while (!attribute.type.empty() && attribute.type.back() == ' ')
    {
        attribute.type.pop_back();
    }
    m_at = sign + 1;
    SkipBlanks();
    attribute.isHex = !AtEnd() && m_text[m_at] == '#';
    size_t lengthToKeep = 0;
    while (!AtEnd() && m_text[m_at] != ',' && m_text[m_at] != '+')
    {
        if (m_text[m_at] == '\\')
        {
            TakeEscaped(attribute.value);
            lengthToKeep = attribute.value.size();
            continue;
        }
        attribute.value.push_back(m_text[m_at++]);
        lengthToKeep = attribute.value.back() == ' ' ? lengthToKeep : attribute.value.size();
    }
    attribute.value.resize(lengthToKeep);
    if (attribute.value.empty())
    {
        Refuse(m_text, "attribute '" + attribute.type + "' is empty");
    }
    return attribute;
}

bool
NameScanner::TakeSeparator()
{
    if (AtEnd())
    {
        return false;
    }
    const bool joins = m_text[m_at++] == '+';
    if (AtEnd())
    {
        Refuse(m_text, "nothing follows the last separator");
    }
    return joins;
}

ObjectHandle
ObjectOf(const std::string& type)
{
    for (const auto& row : ATTRIBUTES)
    {
        if (IsSameIgnoringCase(type, row.name))
        {
            return ObjectHandle(OBJ_dup(OBJ_nid2obj(row.nid)));
        }
    }
    const bool isDotted = !type.empty() && std::isdigit(static_cast<unsigned char>(type[0])) != 0;
    return ObjectHandle(isDotted ? OBJ_txt2obj(type.c_str(), 1) : nullptr);
}

std::string
TypeText(const ASN1_OBJECT* object)
{
    const int nid = OBJ_obj2nid(object);
    for (const auto& row : ATTRIBUTES)
    {
        if (row.nid == nid)
        {
            return row.name;
        }
    }
    const int length = OBJ_obj2txt(nullptr, 0, object, 1);
    std::string text(static_cast<size_t>(length > 0 ? length : 0) + 1, '\0');
    OBJ_obj2txt(text.data(), static_cast<int>(text.size()), object, 1);
    text.pop_back();
    return text;
}

bool
AddHexValue(X509_NAME* name, const ASN1_OBJECT* object, const std::string& value, int set)
{
    Octets der;
    try
    {
        der = FromHex(value.substr(1));
    }
    catch (const std::invalid_argument&)
    {
        return false;
    }
    const unsigned char* next = der.data();
    const AnyHandle any(d2i_ASN1_TYPE(nullptr, &next, static_cast<long>(der.size())));
    if (!any || next != der.data() + der.size() || any->type == V_ASN1_OBJECT ||
        any->type == V_ASN1_BOOLEAN || any->type == V_ASN1_NULL)
    {
        return false;
    }
    const ASN1_STRING* string = any->value.asn1_string;
    return X509_NAME_add_entry_by_OBJ(name,
                                      object,
                                      any->type,
                                      ASN1_STRING_get0_data(string),
                                      ASN1_STRING_length(string),
                                      -1,
                                      set) == 1;
}

/// Adds an attribute; OpenSSL knows which kind of string each type takes, and how long.
bool
AddAttribute(X509_NAME* name, const ASN1_OBJECT* object, const WrittenAttribute& attribute)
{
    const int set = attribute.joined ? -1 : 0;
    if (attribute.isHex)
    {
        return AddHexValue(name, object, attribute.value, set);
    }
    return X509_NAME_add_entry_by_OBJ(
               name,
               object,
               MBSTRING_UTF8,
               reinterpret_cast<const unsigned char*>(attribute.value.data()),
               static_cast<int>(attribute.value.size()),
               -1,
               set) == 1;
}

std::string
EscapedText(OctetView utf8)
{
    std::string text;
    for (size_t i = 0; i < utf8.size(); i++)
    {
        const char c = static_cast<char>(utf8[i]);
        const bool isOuterBlank = c == ' ' && (i == 0 || i + 1 == utf8.size());
        if (utf8[i] < 0x20 || utf8[i] == 0x7f)
        {
            text += "\\" + ToHex(utf8.From(i).First(1));
            continue;
        }
        if (isOuterBlank || std::strchr(SPECIAL, c) != nullptr)
        {
            text.push_back('\\');
        }
        text.push_back(c);
    }
    return text;
}

std::string
ValueText(const ASN1_STRING* value)
{
    unsigned char* utf8 = nullptr;
    const int length = ASN1_STRING_to_UTF8(&utf8, value);
    if (length >= 0)
    {
        const std::string text = EscapedText(OctetView(utf8, static_cast<size_t>(length)));
        OPENSSL_free(utf8);
        return text;
    }
    const AnyHandle any(RequireObject(ASN1_TYPE_new(), "a value"));
    RequireSuccess(ASN1_TYPE_set1(any.get(), ASN1_STRING_type(value), value) == 1, "hold a value");
    unsigned char* der = nullptr;
    const int derLength = i2d_ASN1_TYPE(any.get(), &der);
    RequireSuccess(derLength >= 0, "write a value");
    const std::string text = "#" + ToHex(OctetView(der, static_cast<size_t>(derLength)));
    OPENSSL_free(der);
    return text;
}

} // namespace

NameHandle
ReadName(OctetView der)
{
    const QuietErrors quiet;
    const unsigned char* next = der.data();
    NameHandle name(d2i_X509_NAME(nullptr, &next, static_cast<long>(der.size())));
    return name && next == der.end() ? std::move(name) : nullptr;
}

Octets
ParseDistinguishedName(const std::string& text)
{
    const QuietErrors quiet;
    const NameHandle name(RequireObject(X509_NAME_new(), "a name"));
    NameScanner scanner(text);
    bool joined = false;
    do
    {
        WrittenAttribute attribute = scanner.Take();
        attribute.joined = joined;
        const ObjectHandle object = ObjectOf(attribute.type);
        if (!object)
        {
            Refuse(text, "'" + attribute.type + "' is not an attribute");
        }
        if (!AddAttribute(name.get(), object.get(), attribute))
        {
            Refuse(text, "'" + attribute.value + "' is not a value of " + attribute.type);
        }
        joined = scanner.TakeSeparator();
    } while (!scanner.AtEnd());
    const unsigned char* der = nullptr;
    size_t length = 0;
    RequireSuccess(i2d_X509_NAME(name.get(), nullptr) > 0 &&
                       X509_NAME_get0_der(name.get(), &der, &length) == 1,
                   "write a name");
    return Octets(der, der + length);
}

std::string
DistinguishedNameText(OctetView der)
{
    const NameHandle name = ReadName(der);
    if (!name)
    {
        return "";
    }
    const QuietErrors quiet;
    std::string text;
    int set = -1;
    for (int i = 0; i < X509_NAME_entry_count(name.get()); i++)
    {
        const X509_NAME_ENTRY* entry = X509_NAME_get_entry(name.get(), i);
        if (i > 0)
        {
            text += X509_NAME_ENTRY_set(entry) == set ? " + " : ", ";
        }
        set = X509_NAME_ENTRY_set(entry);
        text += TypeText(X509_NAME_ENTRY_get_object(entry)) + "=" +
                ValueText(X509_NAME_ENTRY_get_data(entry));
    }
    return text;
}

bool
IsSameDistinguishedName(OctetView a, OctetView b)
{
    const NameHandle first = ReadName(a);
    const NameHandle second = ReadName(b);
    return first && second && X509_NAME_cmp(first.get(), second.get()) == 0;
}

} // namespace ipsec
} // namespace ns3
