// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * @ingroup ipsec
 * Reader of known answers: text files that a test must use up to the last attribute.
 */
#ifndef VECTOR_FILE_H
#define VECTOR_FILE_H

#include "ns3/ipsec-octets.h"

#include <functional>
#include <string>
#include <vector>

namespace ns3
{
namespace ipsec
{

/// One block of a vector file: attributes in the order of the file; a name may come repeatedly.
class VectorBlock
{
  public:
    VectorBlock(std::string where, size_t line);

    /// Returns the name of the first attribute, which says what kind of block this is.
    const std::string& Kind() const;
    /// Tells whether there is an attribute of this name; does not count as reading it.
    bool Has(const std::string& name) const;

    /// Returns the value of an attribute. @throws std::runtime_error unless it is there once.
    std::string Text(const std::string& name) const;
    /// Returns a value written as hexadecimal digits.
    Octets Hex(const std::string& name) const;
    /// Returns a value written as a decimal number.
    uint64_t Number(const std::string& name) const;
    /// Returns the values of all attributes of this name, maybe none.
    std::vector<std::string> All(const std::string& name) const;

    /// Counts an attribute as read that this test does not need, because another one checks it.
    void Skip(const std::string& name) const;
    /// Counts the whole block as read.
    void SkipAll() const;
    /// Fails the running test for every attribute that nobody read.
    void ExpectAllRead() const;
    /// Returns where the block starts, for messages: file and line.
    std::string Where() const;

  private:
    friend class VectorFile;

    struct Attribute
    {
        std::string name;
        std::string value;
        mutable bool read = false;
    };

    std::string m_file;
    size_t m_line;
    std::vector<Attribute> m_attributes;
};

/**
 * A vector file. Line one is a comment that names the primary source. Then come blocks, separated
 * by empty lines, of attributes "Name = value"; a line that starts with a blank continues the value
 * before it, and a line that starts with '#' is a comment. When the file goes out of scope, every
 * attribute that nobody read fails the test.
 */
class VectorFile
{
  public:
    /**
     * Reads a file below the folder of vectors.
     * @throws std::runtime_error with file and line where it is not as described.
     */
    explicit VectorFile(const std::string& name);
    VectorFile(const VectorFile&) = delete;
    VectorFile& operator=(const VectorFile&) = delete;
    ~VectorFile();

    /// Returns the source that line one names.
    const std::string&
    Source() const
    {
        return m_source;
    }

    const std::vector<VectorBlock>&
    Blocks() const
    {
        return m_blocks;
    }

    std::vector<VectorBlock>&
    Blocks()
    {
        return m_blocks;
    }

    /// Returns the blocks of a kind.
    std::vector<const VectorBlock*> Blocks(const std::string& kind) const;
    /// Returns the only block of a kind. @throws std::runtime_error if there is none or another.
    const VectorBlock& Only(const std::string& kind) const;

    /// Returns the names of all files in a folder below the vectors', sorted, for VectorFile().
    static std::vector<std::string> List(const std::string& folder);

  private:
    void ReadLine(const std::string& line, size_t number);

    std::string m_name;
    std::string m_source;
    std::vector<VectorBlock> m_blocks;
    bool m_inBlock = false;
};

/**
 * Reads a file of independent vectors and calls @p check with each block, which must use it up.
 * Every failure names the block.
 */
void ForEachVector(const std::string& name, const std::function<void(VectorBlock&)>& check);

} // namespace ipsec
} // namespace ns3

#endif // VECTOR_FILE_H
