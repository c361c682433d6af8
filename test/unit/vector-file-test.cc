// SPDX-License-Identifier: GPL-2.0-only
#include "vector-file.h"

#include <cstdio>
#include <fstream>
#include <gtest/gtest-spi.h>
#include <gtest/gtest.h>
#include <stdexcept>

namespace ns3
{
namespace ipsec
{
namespace
{

/// A vector file that lives as long as the test.
class TemporaryVectors
{
  public:
    explicit TemporaryVectors(const std::string& text)
        : m_path(testing::TempDir() + "vector-file-test.txt")
    {
        std::ofstream(m_path) << text;
    }

    ~TemporaryVectors()
    {
        std::remove(m_path.c_str());
    }

    /// An absolute name, which leads out of the folder of vectors.
    const std::string&
    Name() const
    {
        return m_path;
    }

  private:
    std::string m_path;
};

TEST(VectorFile, ReadsBlocksOfAttributes)
{
    const TemporaryVectors vectors("# RFC 0000\n"
                                   "\n"
                                   "First = 1\n"
                                   "Key = 0001\n"
                                   "  0203\n"
                                   "# a remark\n"
                                   "Empty =\n"
                                   "\n"
                                   "Second = some words\n"
                                   "More = a\n"
                                   "More = b\n");
    const VectorFile file(vectors.Name());
    EXPECT_EQ(file.Source(), "RFC 0000");
    ASSERT_EQ(file.Blocks().size(), 2u);
    const VectorBlock& first = file.Only("First");
    EXPECT_EQ(first.Number("First"), 1u);
    EXPECT_EQ(ToHex(first.Hex("Key")), "00010203");
    EXPECT_TRUE(first.Hex("Empty").empty());
    EXPECT_FALSE(first.Has("More"));
    const VectorBlock& second = file.Only("Second");
    EXPECT_EQ(second.Text("Second"), "some words");
    EXPECT_EQ(second.All("More"), (std::vector<std::string>{"a", "b"}));
}

TEST(VectorFile, AnAttributeThatNobodyReadFailsTheTest)
{
    const TemporaryVectors vectors("# RFC 0000\nFirst = 1\nKey = 00\n");
    EXPECT_NONFATAL_FAILURE(
        {
            const VectorFile file(vectors.Name());
            file.Only("First").Number("First");
        },
        "attribute 'Key' was never read");
}

TEST(VectorFile, ABlockThatNobodyReadFailsTheTest)
{
    const TemporaryVectors vectors("# RFC 0000\nFirst = 1\n\nSecond = 2\n");
    EXPECT_NONFATAL_FAILURE(
        {
            const VectorFile file(vectors.Name());
            file.Only("First").SkipAll();
        },
        "attribute 'Second' was never read");
}

TEST(VectorFile, ForEachVectorWantsEveryBlockUsedUp)
{
    const TemporaryVectors vectors("# RFC 0000\nA = 1\nB = 2\n\nA = 3\nB = 4\n");
    uint64_t sum = 0;
    ForEachVector(vectors.Name(),
                  [&sum](VectorBlock& block) { sum += block.Number("A") * block.Number("B"); });
    EXPECT_EQ(sum, 14u);
}

TEST(VectorFile, WhatIsNotThereOnceIsRefused)
{
    const TemporaryVectors vectors("# RFC 0000\nA = 1x\nB = 1\nB = 2\n");
    const VectorFile file(vectors.Name());
    const VectorBlock& block = file.Blocks().front();
    EXPECT_THROW(block.Text("C"), std::runtime_error);
    EXPECT_THROW(block.Text("B"), std::runtime_error);
    EXPECT_THROW(block.Number("A"), std::runtime_error);
    EXPECT_THROW(block.Hex("A"), std::invalid_argument);
}

TEST(VectorFile, FilesWithoutSourceOrContentAreRefused)
{
    for (const char* text : {"", "A = 1\n", "# RFC 0000\n", "# RFC 0000\nno equals sign\n"})
    {
        const TemporaryVectors vectors(text);
        EXPECT_THROW(VectorFile(vectors.Name()), std::runtime_error) << text;
    }
    EXPECT_THROW(VectorFile("there-is-no-such-file.txt"), std::runtime_error);
}

} // namespace
} // namespace ipsec
} // namespace ns3
