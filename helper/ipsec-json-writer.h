// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Writes JSON.
 */
#ifndef IPSEC_JSON_WRITER_H
#define IPSEC_JSON_WRITER_H

#include <cstdint>
#include <string>
#include <vector>

namespace ns3
{
namespace ipsec
{

/**
 * Writes one JSON document (RFC 8259), indented by two blanks. Calls out of order, such as a value
 * without a key inside an object, are mistakes of the caller and asserted.
 */
class JsonWriter
{
  public:
    JsonWriter& BeginObject();
    JsonWriter& EndObject();
    JsonWriter& BeginArray();
    JsonWriter& EndArray();
    /// Writes the name of the next value of an object.
    JsonWriter& Key(const std::string& key);

    JsonWriter& String(const std::string& value);
    JsonWriter& Number(uint64_t value);
    /// Writes a number with at most nine decimals; null if it is not finite.
    JsonWriter& Number(double value);
    JsonWriter& Bool(bool value);
    JsonWriter& Null();

    /// Gives the document away; only when every object and array is closed.
    std::string Take();

  private:
    struct Level
    {
        bool isObject;
        bool isEmpty;
    };

    void BeforeValue();
    void NewLine();
    JsonWriter& Raw(const std::string& text);
    JsonWriter& Close(char bracket);

    std::string m_text;
    std::vector<Level> m_levels;
    bool m_hasKey = false;
};

} // namespace ipsec
} // namespace ns3

#endif // IPSEC_JSON_WRITER_H
