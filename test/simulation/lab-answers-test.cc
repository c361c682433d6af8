// SPDX-License-Identifier: GPL-2.0-only
// How labs read answers, and how they write what they find.
#include "ns3/ipsec-lab-exercises.h"
#include "ns3/ipsec-lab-findings.h"

#include <gtest/gtest.h>

namespace ns3
{
namespace ipsec
{
namespace
{

Exercise
Octets(const std::string& answer)
{
    return {"1", "", answer, "", "", {}, AnswerForm::Hexadecimal};
}

TEST(Answers, AreComparedAsNumbersAndAsLists)
{
    EXPECT_TRUE(IsRightAnswer({"1", "", "1.5", ""}, "1.50"));
    EXPECT_TRUE(IsRightAnswer({"1", "", "900", "", "ms"}, "905"));
    EXPECT_FALSE(IsRightAnswer({"1", "", "900", "", "ms"}, "920"));
    EXPECT_TRUE(IsRightAnswer({"1", "", "90.5", ""}, "91"));
    // The port of a neighbour is another port.
    EXPECT_TRUE(IsRightAnswer({"1", "", "20004", ""}, "20004.0"));
    EXPECT_FALSE(IsRightAnswer({"1", "", "20004", ""}, "20002"));
    EXPECT_FALSE(IsRightAnswer({"1", "", "0", ""}, "1"));
    EXPECT_FALSE(IsRightAnswer({"1", "", "6", ""}, "six"));
    EXPECT_TRUE(IsRightAnswer({"1", "", "a.example, B.example", ""}, "b.example,  A.example"));
    EXPECT_FALSE(IsRightAnswer({"1", "", "a.example, b.example", ""}, "a.example"));
    EXPECT_TRUE(IsRightAnswer({"1", "", "HASH", ""}, "hash"));
    // Of an SPI every digit counts.
    EXPECT_TRUE(IsRightAnswer({"1", "", "0x1f7f1c12", ""}, "0x1F7F1C12"));
    EXPECT_FALSE(IsRightAnswer({"1", "", "0x1f7f1c12", ""}, "0x1f7f1c13"));
    EXPECT_FALSE(IsRightAnswer({"1", "", "00000000", ""}, "0"));
}

TEST(Answers, MayHaveUnitsOtherNamesAndLooseLists)
{
    const Exercise time{"1", "", "900", "", "ms"};
    EXPECT_TRUE(IsRightAnswer(time, "900"));
    EXPECT_TRUE(IsRightAnswer(time, "900ms"));
    EXPECT_TRUE(IsRightAnswer(time, "900 ms"));
    EXPECT_TRUE(IsRightAnswer(time, "0.9s"));
    EXPECT_FALSE(IsRightAnswer(time, "900s"));
    EXPECT_FALSE(IsRightAnswer(time, "900 octets"));
    EXPECT_FALSE(IsRightAnswer(time, "ms"));
    EXPECT_TRUE(IsRightAnswer({"1", "", "5", "", "octets"}, "5 octets"));
    EXPECT_FALSE(IsRightAnswer({"1", "", "5", ""}, "5 octets"));
    // As the tables write what a leak opens.
    EXPECT_TRUE(IsRightAnswer({"1", "", "118", "", "packets"}, "118 of 180"));
    EXPECT_FALSE(IsRightAnswer({"1", "", "180", "", "packets"}, "118 of 180"));
    EXPECT_FALSE(IsRightAnswer({"1", "", "118", "", "packets"}, "118 of them"));
    EXPECT_TRUE(IsRightAnswer({"1", "", "5", "", "", {"main 5"}}, "Main 5"));
    EXPECT_FALSE(IsRightAnswer({"1", "", "5", "", "", {"main 5"}}, "main 6"));
    const Exercise names{"1", "", "a.example, b.example", ""};
    EXPECT_TRUE(IsRightAnswer(names, "b.example a.example"));
    EXPECT_TRUE(IsRightAnswer(names, "a.example; b.example"));
    EXPECT_TRUE(IsRightAnswer(names, "a.example and b.example"));
    EXPECT_FALSE(IsRightAnswer(names, "a.example c.example"));
    // Words with blanks need their commas, and one is told so.
    const Exercise subjects{"1", "", "CN=a, the first", ""};
    EXPECT_TRUE(IsRightAnswer(subjects, "the first, CN=a"));
    EXPECT_FALSE(IsRightAnswer(subjects, "the first CN=a"));
    EXPECT_NE(
        CheckedAnswersText({subjects}, {{"1", "the first CN=a"}}).find("form: if it is a list"),
        std::string::npos);
}

TEST(Answers, OctetsMayBeWrittenAsWiresharkDoes)
{
    for (const char* given : {"00000000",
                              "0x00000000",
                              "00 00 00 00",
                              "00:00:00:00",
                              "0x00 0x00 0x00 0x00",
                              "0x00, 0x00, 0x00, 0x00",
                              "0 0 0 0",
                              " 00-00-00-00 "})
    {
        EXPECT_TRUE(IsRightAnswer(Octets("00000000"), given)) << given;
    }
    for (const char* given : {"0", "00", "0x0", "000000000", "00 00 00 01", "none", ""})
    {
        EXPECT_FALSE(IsRightAnswer(Octets("00000000"), given)) << given;
    }
    for (const char* given : {"0x1F7F1C12", "1f7f1c12", "0x1f7f1c12 (528424978)", "1f 7f 1c 12"})
    {
        EXPECT_TRUE(IsRightAnswer(Octets("0x1f7f1c12"), given)) << given;
    }
    EXPECT_FALSE(IsRightAnswer(Octets("0x1f7f1c12"), "0x1f7f1c13"));
    // Wireshark leaves no zero out, but somebody might.
    EXPECT_TRUE(IsRightAnswer(Octets("0x01020304"), "1020304"));
    EXPECT_TRUE(IsRightAnswer(Octets("f9df51cd6a2f43d5"), "f9:df:51:cd:6a:2f:43:d5"));
    EXPECT_NE(CheckedAnswersText({Octets("00000000")}, {{"1", "four zeros"}})
                  .find("form: write hexadecimal digits"),
              std::string::npos);
}

TEST(Answers, PayloadsMayHaveWiresharksNames)
{
    const Exercise id{"1", "", "ID", "", "", PayloadNames("ID")};
    for (const char* given : {"ID",
                              "id",
                              "Identification",
                              "Identification (5)",
                              "ID payload",
                              "the Identification payload",
                              "Payload: Identification (5)"})
    {
        EXPECT_TRUE(IsRightAnswer(id, given)) << given;
    }
    EXPECT_FALSE(IsRightAnswer(id, "HASH"));
    EXPECT_FALSE(IsRightAnswer(id, "Hash (8)"));
    const Exercise ke{"1", "", "KE", "", "", PayloadNames("KE")};
    EXPECT_TRUE(IsRightAnswer(ke, "Key Exchange (4)"));
    EXPECT_TRUE(IsRightAnswer({"1", "", "HASH", "", "", PayloadNames("HASH")}, "Hash (8)"));
    EXPECT_TRUE(PayloadNames("none").empty());
}

TEST(Answers, MessagesMayHaveTheirNumbersOrNames)
{
    const Exercise five{"1", "", "5", "", "", MessageNames("main", "5")};
    for (const char* given :
         {"5", "main 5", "MM5", "mm 5", "message 5", "main mode 5", "Main-Mode message 5", "5."})
    {
        EXPECT_TRUE(IsRightAnswer(five, given)) << given;
    }
    EXPECT_FALSE(IsRightAnswer(five, "6"));
    EXPECT_FALSE(IsRightAnswer(five, "MM6"));
    EXPECT_FALSE(IsRightAnswer(five, "quick 5"));
    EXPECT_TRUE(MessageNames("main", "none").empty());
}

TEST(Answers, WordsMayBeWrittenLooselyAndNumbersWithUnits)
{
    const Exercise reason{"1", "", "UnknownAuthority", ""};
    for (const char* given : {"unknownauthority",
                              "Unknown authority",
                              "unknown-authority",
                              "UNKNOWN_AUTHORITY",
                              "\"UnknownAuthority\"",
                              "UnknownAuthority."})
    {
        EXPECT_TRUE(IsRightAnswer(reason, given)) << given;
    }
    EXPECT_FALSE(IsRightAnswer(reason, "UntrustedSelfSigned"));
    EXPECT_TRUE(IsRightAnswer({"1", "", "right", "", "", {"responder"}}, "the responder"));
    EXPECT_FALSE(IsRightAnswer({"1", "", "right", "", "", {"responder"}}, "initiator"));
    EXPECT_TRUE(IsRightAnswer({"1", "", "source", ""}, "src"));
    EXPECT_TRUE(IsRightAnswer({"1", "", "none", ""}, "nothing"));
    EXPECT_TRUE(IsRightAnswer({"1", "", "none", ""}, "no names"));
    EXPECT_TRUE(IsRightAnswer({"1", "", "yes", ""}, "Y"));
    EXPECT_FALSE(IsRightAnswer({"1", "", "yes", ""}, "no"));
    // A dash is part of a name.
    EXPECT_FALSE(IsRightAnswer({"1", "", "fast-a.example", ""}, "fasta.example"));

    const Exercise octets{"1", "", "1524", "", "octets"};
    for (const char* given : {"1524", "1,524", "1524 octets", "1524 bytes", "1524B", "1 524 byte"})
    {
        EXPECT_TRUE(IsRightAnswer(octets, given)) << given;
    }
    // A count is exact, whatever its unit.
    EXPECT_FALSE(IsRightAnswer(octets, "1525"));
    EXPECT_FALSE(IsRightAnswer(octets, "1524 packets"));
    EXPECT_FALSE(IsRightAnswer(octets, "15,24"));
    EXPECT_TRUE(IsRightAnswer({"1", "", "1.5", "", "round trips"}, "1.5 round trips"));
}

TEST(Answers, NamesOfCertificatesMayBeWrittenAsOthersDo)
{
    const Exercise names{"1", "", "a.example, CN=right, O=Example, CN=Issuing, O=Example", ""};
    for (const char* given :
         {"a.example, CN=right, O=Example, CN=Issuing, O=Example",
          "a.example; CN=Issuing, CN=right, O=Example",
          "a.example, CN = right, O = Example, CN = Issuing",
          "a.example, /CN=right/O=Example, /CN=Issuing/O=Example",
          "a.example, id-at-commonName=right,id-at-organizationName=Example, id-at-commonName="
          "Issuing"})
    {
        EXPECT_TRUE(IsRightAnswer(names, given)) << given;
    }
    EXPECT_FALSE(IsRightAnswer(names, "a.example, CN=right, O=Example"));
    EXPECT_FALSE(IsRightAnswer(names, "CN=right, O=Example, CN=Issuing"));
}

TEST(Findings, CellsAreNumbersWhereTheyAreSome)
{
    LabFindings findings;
    findings.Add("all",
                 {{"what", "cell"},
                  {"count", "180"},
                  {"part", "118 of 180"},
                  {"time", "300.5 ms"},
                  {"share", "45 %"},
                  {"nothing", "-"},
                  {"left out"},
                  {"spi", "0x1f7f1c12"},
                  {"digits of a hash", "00000000"},
                  {"many digits", "123456789012345678"},
                  {"loss", "20 EspOff"},
                  {"list", "1, 2"}});
    const std::string json = findings.Json("lab-x");
    for (const char* text : {"\"lab\": \"lab-x\"",
                             "\"cell\": 180\n",
                             "\"count\": 118,\n          \"of\": 180\n",
                             "\"value\": 300.5,\n          \"unit\": \"ms\"\n",
                             "\"value\": 45,\n          \"unit\": \"%\"\n",
                             "\"what\": \"nothing\",\n        \"cell\": null\n",
                             "\"what\": \"left out\",\n        \"cell\": null\n",
                             "\"cell\": \"0x1f7f1c12\"",
                             "\"cell\": \"00000000\"",
                             "\"cell\": \"123456789012345678\"",
                             "\"cell\": \"20 EspOff\"",
                             "\"cell\": \"1, 2\""})
    {
        EXPECT_NE(json.find(text), std::string::npos) << text << "\n" << json;
    }
}

TEST(Findings, RowsOfOneNameStandInOneTable)
{
    LabFindings findings;
    findings.Add("a", {{"x"}, {"1"}});
    findings.Add("b", {{"y"}});
    findings.Add("a", {{"x"}, {"2"}});
    const std::string json = findings.Json("lab-x");
    EXPECT_EQ(json.find("\"a\""), json.rfind("\"a\""));
    EXPECT_LT(json.find("\"x\": 2"), json.find("\"b\": []"));
}

} // namespace
} // namespace ipsec
} // namespace ns3
