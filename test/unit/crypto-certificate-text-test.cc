// SPDX-License-Identifier: GPL-2.0-only
#include "thrown-sentence.h"

#include "ns3/crypto-certificate.h"

#include <clocale>
#include <cstdlib>
#include <ctime>
#include <gtest/gtest.h>

namespace ns3
{
namespace ipsec
{
namespace
{

std::string
RoundTrip(const std::string& text)
{
    return DistinguishedNameText(ParseDistinguishedName(text));
}

TEST(Calendar, KnowsTheDayItCountsFrom)
{
    EXPECT_EQ(ParseCalendar("1970-01-01"), 0);
    EXPECT_EQ(ParseCalendar("1970-01-01T00:00:01Z"), 1);
    EXPECT_EQ(ParseCalendar("1970-01-02"), 86400);
    EXPECT_EQ(ParseCalendar("1969-12-31T23:59:59Z"), -1);
    EXPECT_EQ(ParseCalendar("2000-02-29"), 951782400);
    EXPECT_EQ(ParseCalendar("2026-01-31T12:00:00Z"), 1769860800);
    EXPECT_EQ(ParseCalendar("2038-01-19T03:14:08Z"), 2147483648);
    EXPECT_EQ(ParseCalendar("9999-12-31T23:59:59Z"), 253402300799);
}

TEST(Calendar, WritesWhatItReads)
{
    for (CalendarSeconds at = ParseCalendar("0001-01-01"); at < ParseCalendar("9999-12-01");
         at += 86400 * 13 + 3607)
    {
        ASSERT_EQ(ParseCalendar(CalendarText(at)), at) << CalendarText(at);
    }
}

TEST(Calendar, AgreesWithTheHostsAboutEveryDayOf400Years)
{
    for (CalendarSeconds at = ParseCalendar("1900-01-01"); at < ParseCalendar("2300-01-01");
         at += 86400)
    {
        const time_t seconds = static_cast<time_t>(at);
        std::tm fields{};
        gmtime_r(&seconds, &fields);
        char text[32];
        std::strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &fields);
        ASSERT_EQ(CalendarText(at), text);
    }
}

TEST(Calendar, DoesNotDependOnZoneAndLanguage)
{
    const char* before = std::getenv("TZ");
    const std::string zone = before == nullptr ? "" : before;
    setenv("TZ", "America/New_York", 1);
    tzset();
    const CalendarSeconds at = ParseCalendar("2026-07-01T12:00:00Z");
    const std::string text = CalendarText(1782907200);
    if (before == nullptr)
    {
        unsetenv("TZ");
    }
    else
    {
        setenv("TZ", zone.c_str(), 1);
    }
    tzset();
    EXPECT_EQ(at, 1782907200);
    EXPECT_EQ(text, "2026-07-01T12:00:00Z");
}

TEST(Calendar, RefusesWhatIsNoDate)
{
    for (const char* text : {"",
                             "2026",
                             "2026-1-31",
                             "2026-00-10",
                             "2026-13-10",
                             "2026-04-31",
                             "2026-02-29",
                             "1900-02-29",
                             "2026-01-00",
                             "2026-01-31 ",
                             " 2026-01-31",
                             "2026-01-31T12:00:00",
                             "2026-01-31T24:00:00Z",
                             "2026-01-31T12:60:00Z",
                             "2026-01-31T12:00:60Z",
                             "2026-01-31t12:00:00z",
                             "2026/01/31",
                             "-026-01-31"})
    {
        EXPECT_EQ(ThrownSentence([text] { ParseCalendar(text); }),
                  std::string("'") + text +
                      "' is not a date such as 2026-01-31 or 2026-01-31T12:00:00Z");
    }
}

// RFC 5280 section 4.1.2.4: countries are PrintableString, other names here UTF8String.
TEST(DistinguishedName, IsEncodedInTheOrderWritten)
{
    EXPECT_EQ(ToHex(ParseDistinguishedName("CN=fw-a, O=Example, C=DE")),
              "302e"
              "310d300b06035504030c0466772d61"
              "3110300e060355040a0c074578616d706c65"
              "310b3009060355040613024445");
}

TEST(DistinguishedName, IsWrittenAsItWasRead)
{
    for (const char* text : {"CN=fw-a, O=Example, C=DE",
                             "C=XX, O=ike-vectors, CN=Test CA",
                             "CN=a, OU=b, L=c, ST=d, STREET=e, DC=f, UID=g, E=h@i, serialNumber=j",
                             "CN=a + UID=b, O=c",
                             "CN=Smith\\, John",
                             "CN=one\\+one\\=two",
                             "CN=\\#1",
                             "CN=\\ blank\\ ",
                             "CN=back\\\\slash",
                             "CN=line\\0aend",
                             "CN=Z\xc3\xbcrich",
                             "1.2.3.4=odd"})
    {
        EXPECT_EQ(RoundTrip(text), text);
    }
}

TEST(DistinguishedName, MayBeWrittenInOtherWays)
{
    EXPECT_EQ(RoundTrip("cn = fw-a ,O=Example"), "CN=fw-a, O=Example");
    EXPECT_EQ(RoundTrip("emailAddress=a@b, S=x"), "E=a@b, ST=x");
    EXPECT_EQ(RoundTrip("2.5.4.3=a"), "CN=a");
    EXPECT_EQ(RoundTrip("CN=\\41\\42"), "CN=AB");
    EXPECT_EQ(RoundTrip("CN=#0c0141"), "CN=A");
    EXPECT_EQ(RoundTrip("CN=#030200ff"), "CN=#030200ff");
}

TEST(DistinguishedName, HasOneSentenceForEachMistake)
{
    const auto sentence = [](const std::string& text)
    {
        const std::string thrown = ThrownSentence([&text] { ParseDistinguishedName(text); });
        const std::string begin =
            "'" + text + "' is not a distinguished name such as 'CN=fw-a, O=Example': ";
        return thrown.substr(0, begin.size()) == begin ? thrown.substr(begin.size()) : thrown;
    };
    EXPECT_EQ(sentence(""), "an attribute lacks its '='");
    EXPECT_EQ(sentence("fw-a"), "an attribute lacks its '='");
    EXPECT_EQ(sentence("CN=a, b"), "an attribute lacks its '='");
    EXPECT_EQ(sentence("XY=a"), "'XY' is not an attribute");
    EXPECT_EQ(sentence("=a"), "'' is not an attribute");
    EXPECT_EQ(sentence("1.x=a"), "'1.x' is not an attribute");
    EXPECT_EQ(sentence("CN="), "attribute 'CN' is empty");
    EXPECT_EQ(sentence("CN= , O=a"), "attribute 'CN' is empty");
    EXPECT_EQ(sentence("CN=a,"), "nothing follows the last separator");
    EXPECT_EQ(sentence("CN=a\\"), "a backslash ends it");
    EXPECT_EQ(sentence("C=Germany"), "'Germany' is not a value of C");
    EXPECT_EQ(sentence("CN=\xff"), "'\xff' is not a value of CN");
    EXPECT_EQ(sentence("CN=#zz"), "'#zz' is not a value of CN");
    EXPECT_EQ(sentence("CN=#0500"), "'#0500' is not a value of CN");
    EXPECT_EQ(sentence("CN=#0c05"), "'#0c05' is not a value of CN");
}

TEST(DistinguishedName, OfNoNameIsEmpty)
{
    EXPECT_EQ(DistinguishedNameText({}), "");
    EXPECT_EQ(DistinguishedNameText(FromHex("0401ff")), "");
    Octets name = ParseDistinguishedName("CN=a");
    for (size_t length = 0; length < name.size(); length++)
    {
        EXPECT_EQ(DistinguishedNameText(OctetView(name).First(length)), "");
    }
    name.push_back(0);
    EXPECT_EQ(DistinguishedNameText(name), "");
}

TEST(DistinguishedName, OfAnyOctetsDoesNoHarm)
{
    const Octets name = ParseDistinguishedName("CN=fw-a + UID=b, O=Example, C=DE");
    SeededRandomSource random(1);
    for (size_t i = 0; i < 3000; i++)
    {
        Octets changed = name;
        changed[random.DrawU32() % changed.size()] = random.Draw(1)[0];
        changed[random.DrawU32() % changed.size()] = random.Draw(1)[0];
        const std::string text = DistinguishedNameText(changed);
        EXPECT_EQ(IsSameDistinguishedName(changed, changed), !text.empty());
    }
}

// RFC 5280 section 7.1
TEST(DistinguishedName, IsTheSameHoweverItsStringsAreEncoded)
{
    const Octets utf8 = FromHex("3011310f300d06035504030c06547765206c65");
    const Octets printable = FromHex("300f310d300b0603550403130446572d61");
    const Octets same = ParseDistinguishedName("CN=fEr-A");
    EXPECT_TRUE(IsSameDistinguishedName(ParseDistinguishedName("CN=FeR-a"), same));
    EXPECT_TRUE(IsSameDistinguishedName(printable, ParseDistinguishedName("CN=FW-A")));
    EXPECT_TRUE(IsSameDistinguishedName(ParseDistinguishedName("CN=a  b"),
                                        ParseDistinguishedName("CN=A b")));
    EXPECT_TRUE(IsSameDistinguishedName(utf8, utf8));
    EXPECT_FALSE(IsSameDistinguishedName(utf8, printable));
    EXPECT_FALSE(IsSameDistinguishedName(ParseDistinguishedName("CN=a, O=b"),
                                         ParseDistinguishedName("O=b, CN=a")));
    EXPECT_FALSE(IsSameDistinguishedName(Octets(), Octets()));
    EXPECT_FALSE(IsSameDistinguishedName(utf8, Octets()));
}

} // namespace
} // namespace ipsec
} // namespace ns3
