// SPDX-License-Identifier: GPL-2.0-only
#include "crypto-certificate-object.h"

#include <openssl/asn1.h>

#include <array>
#include <cstdio>
#include <ctime>
#include <stdexcept>

namespace ns3
{
namespace ipsec
{

namespace
{

constexpr int64_t SECONDS_PER_DAY = 86400;
/// The Gregorian calendar repeats after 400 years.
constexpr int64_t YEARS_PER_CYCLE = 400;
constexpr int64_t DAYS_PER_CYCLE = 146097;
/// Days from 0000-03-01 to 1970-01-01.
constexpr int64_t DAYS_TO_1970 = 719468;

/// A date and time of day, UTC.
struct CalendarFields
{
    int64_t year = 0;
    int64_t month = 0;
    int64_t day = 0;
    int64_t hour = 0;
    int64_t minute = 0;
    int64_t second = 0;
};

bool
IsLeapYear(int64_t year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

int64_t
DaysInMonth(int64_t year, int64_t month)
{
    static constexpr int DAYS[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return DAYS[month - 1] + (month == 2 && IsLeapYear(year) ? 1 : 0);
}

bool
IsDateAndTime(const CalendarFields& at)
{
    return at.month >= 1 && at.month <= 12 && at.day >= 1 &&
           at.day <= DaysInMonth(at.year, at.month) && at.hour < 24 && at.minute < 60 &&
           at.second < 60;
}

/// Counts in years that begin in March, so that the day of a leap year comes last.
CalendarSeconds
SecondsOf(const CalendarFields& at)
{
    const int64_t year = at.year - (at.month <= 2 ? 1 : 0);
    const int64_t month = (at.month + 9) % 12;
    const int64_t cycle = (year >= 0 ? year : year - (YEARS_PER_CYCLE - 1)) / YEARS_PER_CYCLE;
    const int64_t yearOfCycle = year - cycle * YEARS_PER_CYCLE;
    const int64_t dayOfYear = (153 * month + 2) / 5 + at.day - 1;
    const int64_t dayOfCycle = yearOfCycle * 365 + yearOfCycle / 4 - yearOfCycle / 100 + dayOfYear;
    const int64_t days = cycle * DAYS_PER_CYCLE + dayOfCycle - DAYS_TO_1970;
    return days * SECONDS_PER_DAY + at.hour * 3600 + at.minute * 60 + at.second;
}

CalendarFields
FieldsOf(CalendarSeconds seconds)
{
    int64_t days = seconds / SECONDS_PER_DAY;
    int64_t rest = seconds % SECONDS_PER_DAY;
    if (rest < 0)
    {
        rest += SECONDS_PER_DAY;
        days--;
    }
    days += DAYS_TO_1970;
    const int64_t cycle = (days >= 0 ? days : days - (DAYS_PER_CYCLE - 1)) / DAYS_PER_CYCLE;
    const int64_t dayOfCycle = days - cycle * DAYS_PER_CYCLE;
    const int64_t yearOfCycle =
        (dayOfCycle - dayOfCycle / 1460 + dayOfCycle / 36524 - dayOfCycle / 146096) / 365;
    const int64_t dayOfYear =
        dayOfCycle - (365 * yearOfCycle + yearOfCycle / 4 - yearOfCycle / 100);
    const int64_t month = (5 * dayOfYear + 2) / 153;
    CalendarFields at;
    at.day = dayOfYear - (153 * month + 2) / 5 + 1;
    at.month = month < 10 ? month + 3 : month - 9;
    at.year = yearOfCycle + cycle * YEARS_PER_CYCLE + (at.month <= 2 ? 1 : 0);
    at.hour = rest / 3600;
    at.minute = rest / 60 % 60;
    at.second = rest % 60;
    return at;
}

/// Reads as many digits as the pattern has '0', and every other character as it stands there.
bool
ReadPattern(const std::string& text, const std::string& pattern, std::array<int64_t*, 6> fields)
{
    if (text.size() != pattern.size())
    {
        return false;
    }
    size_t field = 0;
    for (size_t i = 0; i < text.size(); i++)
    {
        const bool isDigit = text[i] >= '0' && text[i] <= '9';
        if (pattern[i] != '0')
        {
            if (text[i] != pattern[i])
            {
                return false;
            }
            field++;
        }
        else if (isDigit)
        {
            *fields[field] = *fields[field] * 10 + (text[i] - '0');
        }
        else
        {
            return false;
        }
    }
    return true;
}

} // namespace

CalendarSeconds
ParseCalendar(const std::string& text)
{
    for (const char* pattern : {"0000-00-00", "0000-00-00T00:00:00Z"})
    {
        CalendarFields at;
        if (ReadPattern(
                text, pattern, {&at.year, &at.month, &at.day, &at.hour, &at.minute, &at.second}) &&
            IsDateAndTime(at))
        {
            return SecondsOf(at);
        }
    }
    throw std::invalid_argument("'" + text +
                                "' is not a date such as 2026-01-31 or 2026-01-31T12:00:00Z");
}

std::string
CalendarText(CalendarSeconds seconds)
{
    const CalendarFields at = FieldsOf(seconds);
    char text[64];
    std::snprintf(text,
                  sizeof(text),
                  "%04lld-%02d-%02dT%02d:%02d:%02dZ",
                  static_cast<long long>(at.year),
                  static_cast<int>(at.month),
                  static_cast<int>(at.day),
                  static_cast<int>(at.hour),
                  static_cast<int>(at.minute),
                  static_cast<int>(at.second));
    return text;
}

std::optional<CalendarSeconds>
CalendarOf(const ASN1_TIME* time)
{
    std::tm fields{};
    // Without a time, OpenSSL would give the host's.
    if (time == nullptr || ASN1_TIME_to_tm(time, &fields) != 1)
    {
        return std::nullopt;
    }
    return SecondsOf({fields.tm_year + 1900,
                      fields.tm_mon + 1,
                      fields.tm_mday,
                      fields.tm_hour,
                      fields.tm_min,
                      fields.tm_sec});
}

} // namespace ipsec
} // namespace ns3
