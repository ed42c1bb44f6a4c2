"""Reads the dates that people and machines write, in every language of the vocabulary."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import lru_cache
from typing import NamedTuple

from service.article import Precision
from service.extract.metadata.dates.calendars import from_jalali, gregorian_year, plain
from service.extract.metadata.dates.clocks import at_clock, clock_of
from service.extract.metadata.dates.words import CONNECTORS, Order, primary, words

TEXT_CHARS_MAX = 400
"""Longer texts are prose: only their start is looked at."""
YEAR_MIN, YEAR_MAX = 1900, 2099
JALALI_MIN, JALALI_MAX = 1300, 1425
REMEMBERED_MAX = 1_024
_DIGIT = re.compile(r"\d")

_TIGHT = re.compile(
    r"(?<!\d)((?:19|20)\d\d)(0[1-9]|1[0-2])([0-2]\d|3[01])(?=T?\d{4,6}(?!\d)|(?!\d))"
)
_CJK = re.compile(r"(\d{2,4})\s?[年년]\s?(\d{1,2})\s?[月월](?:\s?(\d{1,2})\s?[日일号號]?)?")
_NUMERIC = re.compile(r"(?<![\d.,])(\d{1,2})\s?([./\-–])\s?(\d{1,2})\s?\2\s?(\d{4}|\d{2})(?![\d])")
_YEAR_FIRST = re.compile(r"(?<!\d)(\d{4})\s?([./\-])\s?(\d{1,2})\s?\2\s?(\d{1,2})(?!\d)")
_TOKEN = re.compile(
    r"\d+|[\u0e01-\u0e4e]{1,3}\.[\u0e01-\u0e2e]\.?|[^\W\d_]\.[^\W\d_]\.?|[^\W\d_]+(?:[\u200c\u0300-\u036f\u064b-\u0652\u0900-\u0963\u0980-\u0dff\u0e31-\u0e3a\u0e47-\u0e4e]+[^\W\d_]*)*|['’/:.,\-–|]"
)
_VIETNAMESE = re.compile(r"(\d{1,2})\s+(?:tháng|thg)\s+(\d{1,2})(?:\s*,?\s*(?:năm\s*)?(\d{4}))?")
_MACHINE = re.compile(
    r"([A-Z][a-z]{2} [ \d]?\d)( \d\d:\d\d:\d\d(?: [A-Z]{3,4})?)( (?:19|20)\d\d)(?!\d)"
)
"""``Feb 18 10:27:24 CET 2022``, as C and Java write it: the year stands behind the time."""
_SPLIT_MONTHS = re.compile("(كانون|تشرين) (?=ال)")
"""Names of two words of the months from October to January, in the Levant."""
_DAY: Precision = "day"


class Moment(NamedTuple):
    """A date found in a text: ``text[start:end]`` holds its day, not its time."""

    at: datetime
    precision: Precision
    zoned: bool
    start: int
    end: int
    swappable: bool = False
    """An all-digit date whose day and month could change places."""
    first: int = 0
    last: int = 0
    """``text[first:last]`` holds the day and its time and zone."""

    def swapped(self) -> Moment:
        """The same digits read with day and month in the other order."""
        return self._replace(at=self.at.replace(day=self.at.month, month=self.at.day))


class _Day(NamedTuple):
    year: int
    month: int
    day: int | None
    start: int
    end: int
    swappable: bool = False


def read_date(text: str, language: str | None = None, order: Order = "dmy") -> Moment | None:
    """The first full date in ``text``, with its time and zone if they stand beside it.

    ``"Publié le 30/04/2024 - 16:00"`` gives 2024-04-30 16:00, precision minute, unzoned. A day
    without a time has precision day at 00:00 UTC; an unzoned time is kept as if it were UTC.
    None where there is no year, or no such day.
    """
    return next(iter(read_dates(text, language, order)), None)


def read_dates(text: str, language: str | None = None, order: Order = "dmy") -> tuple[Moment, ...]:
    """Every date in ``text``, in order, without overlaps; see ``read_date``."""
    text = text[:TEXT_CHARS_MAX]
    return _read(text, primary(language), order) if _DIGIT.search(text) else ()


@lru_cache(maxsize=REMEMBERED_MAX)
def _read(text: str, code: str, order: Order) -> tuple[Moment, ...]:
    """The same; remembered, since the readers of authors and of dates look at the same lines."""
    text = _MACHINE.sub(r"\1\3\2", _SPLIT_MONTHS.sub("\\1\u200c", plain(text)))
    kept: list[tuple[_Day, datetime]] = []
    end = -1
    for day in sorted(_days(text, code, order), key=lambda day: (day.start, -day.end)):
        if day.start >= end and (date := _date(day)):
            end = day.end
            kept.append((day, date))
    found: list[Moment] = []
    for day, date in kept:
        others = (other.start for other, its in kept if other.start > day.start and its != date)
        end = next(others, len(text))
        found.append(_moment(text[:end], day, date, found[-1].last if found else 0))
    return tuple(found)


def _days(text: str, code: str, order: Order) -> Iterator[_Day]:
    for match in _YEAR_FIRST.finditer(text):
        yield _year_first(match)
    for match in _TIGHT.finditer(text):
        yield _Day(int(match[1]), int(match[2]), int(match[3]), *match.span())
    for match in _NUMERIC.finditer(text):
        day = _numeric(match, order)
        yield _of_short_year(day) if code == "th" else day
    if "月" in text or "월" in text:
        for match in _CJK.finditer(text):
            yield _Day(_year(match[1]), int(match[2]), _int(match[3]), *match.span())
    if "th" in text:
        for match in _VIETNAMESE.finditer(text):
            if match[3]:
                yield _Day(int(match[3]), int(match[2]), int(match[1]), *match.span())
    yield from _worded(text, code)


def _year_first(match: re.Match[str]) -> _Day:
    year, month, day = int(match[1]), int(match[3]), int(match[4])
    if _is_jalali(year, month, day):
        year, month, day = from_jalali(year, month, day)
    return _Day(year, month, day, *match.span())


def _is_jalali(year: int, month: int, day: int) -> bool:
    """Whether a day may be of the Solar Hijri calendar; years after 1425 are of the lunar one."""
    return JALALI_MIN <= year <= JALALI_MAX and 1 <= month <= 12 and 1 <= day <= 31


def _numeric(match: re.Match[str], order: Order) -> _Day:
    first, second, year = int(match[1]), int(match[3]), _year(match[4])
    if len(match[4]) == 2 and order == "ymd":
        return _Day(2000 + first, second, int(match[4]), *match.span())
    if len(match[4]) == 2 and (len(match[1]) < 2 or len(match[3]) < 2) and match[2] != "/":
        return _Day(0, 0, 0, *match.span())
    if _is_jalali(year, second, first):
        return _Day(*from_jalali(year, second, first), *match.span())
    month_first = order == "mdy" and match[2] != "."
    if (second > 12) if not month_first else (first <= 12):
        first, second = second, first
    swappable = first <= 12 and second <= 12 and match[2] != "."
    return _Day(year, second, first, *match.span(), swappable)


def _int(digits: str | None) -> int | None:
    return int(digits) if digits else None


def _year(digits: str) -> int:
    year = int(digits)
    if len(digits) > 2:
        return gregorian_year(year)
    return 2000 + year if year < 70 else 1900 + year


def _worded(text: str, code: str) -> Iterator[_Day]:
    """Dates with a named month: ``30 avril 2024``, ``April 30, 2024``, ``2024. április 30.``"""
    table = words(code)
    lower = text.lower()
    text = lower if len(lower) == len(text) else text
    if not any(word.rstrip(".") in table.named for word in _TOKEN.findall(text)):
        return
    tokens = list(_TOKEN.finditer(text))
    for i, token in enumerate(tokens):
        word = token.group().rstrip(".")
        month, jalali = table.months.get(word), table.jalali.get(word)
        if month or jalali:
            day = _around(tokens, i, month or jalali or 0, table.months)
            if day and (not month or (day.year < 1900 and jalali)):
                day = _gregorian(day, jalali or 0)
            if day:
                yield _of_short_year(day) if code == "th" else day


def _of_short_year(day: _Day) -> _Day:
    """A Thai day whose year was cut to two digits: ``67`` is 2567, our 2024."""
    return day._replace(year=day.year - 43) if 2050 <= day.year < 2070 else day


def _gregorian(day: _Day, month: int) -> _Day | None:
    try:
        return _Day(*from_jalali(day.year, month, day.day or 1), day.start, day.end)
    except ValueError:
        return None


def _around(tokens: list[re.Match[str]], i: int, month: int, months: dict[str, int]) -> _Day | None:
    """The day and year beside the month at ``i``."""
    before = _numbers(tokens, range(i - 1, max(i - 7, -1), -1), tokens[i], months)
    after = _numbers(tokens, range(i + 1, min(i + 8, len(tokens))), tokens[i], months)
    day = next((t for t in before[:1] if len(t.group()) <= 2), None)
    years = [t for t in after[:1] if _is_year(t)]
    if day is None and after and len(after[0].group()) <= 2:
        day = after[0]
        years = [t for t in (*after[1:2], *before[:1]) if _is_year(t)]
    elif day is None:
        years = years or [t for t in before[:1] if _is_year(t)]
    elif not years:
        years = [t for t in after[:1] if len(t.group()) == 2] if _short_year(tokens, i) else []
        years = years or [t for t in before[1:2] if _is_year(t)]
    if not years:
        return None
    spots = [tokens[i], years[0], *([day] if day else [])]
    start, end = min(t.start() for t in spots), max(t.end() for t in spots)
    return _Day(_year(years[0].group()), month, int(day.group()) if day else None, start, end)


def _short_year(tokens: list[re.Match[str]], i: int) -> bool:
    """Whether a two-digit number after the month can be a year: no clock begins there."""
    following = [t.group() for t in tokens[i + 1 : i + 5]]
    number = next((k for k, t in enumerate(following) if t.isdecimal()), None)
    return number is not None and following[number + 1 : number + 2] not in ([":"], ["."], ["h"])


def _is_year(token: re.Match[str]) -> bool:
    digits = token.group()
    return len(digits) == 4 and digits[:1] in "12"


def _numbers(
    tokens: list[re.Match[str]], places: range, named: re.Match[str], months: dict[str, int]
) -> list[re.Match[str]]:
    """The numbers at ``places``, nearest first, up to a word that no date holds."""
    month = months.get(named.group().rstrip("."))
    found = []
    for place in places:
        token = tokens[place].group()
        if token.isdecimal():
            found.append(tokens[place])
        elif (
            token.isalpha() and token not in CONNECTORS and months.get(token) != month
        ) or token == "|":
            break
    return found


def _date(day: _Day) -> datetime | None:
    """The day by our calendar; None outside of our years, and where there is no such day."""
    year = gregorian_year(day.year)
    if not YEAR_MIN <= year <= YEAR_MAX:
        return None
    try:
        return datetime(year, day.month, day.day or 1, tzinfo=UTC)
    except ValueError:
        return None


def _moment(text: str, day: _Day, date: datetime, floor: int) -> Moment:
    """``date`` with the time beside it in ``text[floor:]``, which has no other date."""
    if day.day is None:
        return Moment(date, "month", False, day.start, day.end, False, day.start, day.end)
    clock, offset = clock_of(text, day.start, day.end, floor)
    timed = at_clock(clock, date) if clock else None
    if clock is None or timed is None:
        at, precision, zoned, start, end = date, _DAY, False, day.start, day.end
    else:
        at, precision, zoned, zone_end = timed
        start, end = offset + clock.start(), offset + zone_end
    first, last = min(day.start, start), max(day.end, end)
    return Moment(at, precision, zoned, day.start, day.end, day.swappable, first, last)
