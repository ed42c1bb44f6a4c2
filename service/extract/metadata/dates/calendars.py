"""Years and days of other calendars, and digits of other scripts, as ours."""

from __future__ import annotations

import re
import unicodedata

_DIGITS = {
    code: str(unicodedata.digit(chr(code)))
    for code in range(0x0660, 0xFF1A)
    if unicodedata.category(chr(code)) == "Nd"
}
"""Arabic, Persian, Indian, Thai, Burmese, Khmer, full-width … digits as ASCII."""
_MARKS = dict.fromkeys(
    map(ord, "\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
)
_SPACES = dict.fromkeys(map(ord, "\u00a0\u2007\u2009\u202f\u3000\t\r\n"), " ")
_PLAIN = {**_DIGITS, **_MARKS, **_SPACES}
_STRANGE = re.compile(f"[{''.join(map(chr, _PLAIN))}]")
_ERA = re.compile(r"(令和|平成|昭和|民國|民国)\s?(\d{1,3}|元)\s?年")
_ERA_OFFSETS = {"令和": 2018, "平成": 1988, "昭和": 1925, "民國": 1911, "民国": 1911}
REPUBLIC_MIN, REPUBLIC_MAX = 90, 150
_JALALI_DAYS = (0, 31, 62, 93, 124, 155, 186, 216, 246, 276, 306, 336)


def plain(text: str) -> str:
    """``text`` with ASCII digits, plain blanks, no direction marks, and eras as our years.

    ``"令和6年5月1日"`` gives ``"2024年5月1日"``.
    """
    if text.isascii() and text.isprintable():
        return text
    if _STRANGE.search(text):
        text = text.translate(_PLAIN)
    return _ERA.sub(_common_era, text) if "年" in text else text


def _common_era(match: re.Match[str]) -> str:
    year = 1 if match[2] == "元" else int(match[2])
    return f"{_ERA_OFFSETS[match[1]] + year}年"


def gregorian_year(year: int) -> int:
    """The year of a Buddhist calendar (2400 and later) or of the Republic of China as ours.

    Other years as they are: 2567 and 113 give 2024.
    """
    if REPUBLIC_MIN <= year <= REPUBLIC_MAX:
        return year + 1911
    return year - 543 if 2400 <= year <= 2700 else year


def from_jalali(year: int, month: int, day: int) -> tuple[int, int, int]:
    """A day of the Solar Hijri calendar as our (year, month, day).

    Arithmetic by the 33-year cycle, exact for the years 1244-1472 (1865-2093).
    """
    if not (1244 <= year <= 1472 and 1 <= month <= 12 and 1 <= day <= 31):
        raise ValueError("outside of the years that the rule holds for")
    shifted = year + 1595
    days = -355668 + 365 * shifted + shifted // 33 * 8 + (shifted % 33 + 3) // 4 + day
    days += _JALALI_DAYS[month - 1]
    return _civil(days)


def _civil(days: int) -> tuple[int, int, int]:
    year, days = 400 * (days // 146097), days % 146097
    if days > 36524:
        days -= 1
        year, days = year + 100 * (days // 36524), days % 36524
        if days >= 365:
            days += 1
    year, days = year + 4 * (days // 1461), days % 1461
    if days > 365:
        year, days = year + (days - 1) // 365, (days - 1) % 365
    day = days + 1
    leap = (year % 4 == 0 and year % 100 != 0) or year % 400 == 0
    for month, length in enumerate(
        (31, 29 if leap else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31), 1
    ):
        if day <= length:
            return year, month, day
        day -= length
    raise AssertionError("a day lies within its year")
