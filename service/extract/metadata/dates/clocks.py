"""Times of day as they stand beside printed dates."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from service.article import Precision
from service.extract.metadata.dates.zones import ZONE, zone_of

HOUR_MAX = 24
_CLOCK = re.compile(
    r"(?<![\d:.,/-])(?P<before>오전|오후|[上下]午|午[前後]|凌晨|早上|中午|傍晚|晚上|am|pm)?\s?"
    r"(?P<h>\d{1,2})(?:\s?(?::|[hHuU](?=\s?\d|\b)|時|时|시|点|點|[.](?=\d\d(?:\s?(?:[Uu]hr|[ap]\.?m|h\b|klo)|(?![\d.]))))\s?)"
    r"(?P<m>\d{2}|\d(?=\s?[分분]))?(?:\s?[分분]|[:.](?P<s>\d{2})(?:[.,]\d{1,9})?)?"
    r"\s?(?P<after>[aApP]\.?\s?[mM]\b\.?|[πμ]\.?\s?μ\b|صباح|مساء|[صم]\b|[قب]\.ظ|(?:SA|CH)\b)?"
)
"""Half days in Korean, Chinese and Japanese, then Greek, Arabic, Persian and Vietnamese."""
_BARE_CLOCK = re.compile(r"(?<![\d:.,/-])(?P<h>\d{1,2})\s?(?:(?P<after>[aApP]\.?[mM])|[Uu]hr)\b")
_DIGITS = re.compile(r"T?(?P<h>\d\d)(?P<m>\d\d)(?P<s>\d\d)?")
_AFTERNOON = ("p", "오후", "下午", "午後", "中", "傍", "晚", "μ", "م", "ب", "ch")
AFTER_CHARS_MAX, BEFORE_CHARS_MAX = 40, 30


def clock_of(text: str, start: int, end: int, floor: int) -> tuple[re.Match[str] | None, int]:
    """The time just after the day at ``text[start:end]``, or just before it but not before
    ``floor``, and where in ``text`` its string begins: ``20240430T160034`` has one, too."""
    if text[start:end].isdecimal() and (tight := _DIGITS.match(text, end)):
        return tight, 0
    after = text[end : end + AFTER_CHARS_MAX]
    if after[:1] == "T":
        after = " " + after[1:]
    clock = _CLOCK.search(after) or _BARE_CLOCK.search(after)
    if clock and clock.start() <= 22:
        return clock, end
    first = max(start - BEFORE_CHARS_MAX, floor)
    before = text[first:start]
    return next((m for m in _CLOCK.finditer(before) if m.end() > len(before) - 12), None), first


def at_clock(clock: re.Match[str], date: datetime) -> tuple[datetime, Precision, bool, int] | None:
    """``date`` at that time, and where its zone ends; None for no such time. Printed midnight may
    be 24:00 of the day that begins: browsers write it so."""
    parts = clock.groupdict()
    hour, minute, second = int(parts["h"]), int(parts.get("m") or 0), parts.get("s")
    half = parts.get("after") or parts.get("before")
    if half:
        hour = hour % 12 + (12 if half.lower().startswith(_AFTERNOON) else 0)
    if hour > HOUR_MAX:
        return None
    try:
        at = date.replace(hour=hour % HOUR_MAX, minute=minute, second=int(second or 0))
    except ValueError:
        return None
    place = ZONE.match(clock.string, clock.end())
    zone = zone_of(place, at)
    end = place.end() if place and zone else clock.end()
    at = at.replace(tzinfo=zone or UTC)
    return at, "second" if second else "minute", zone is not None, end
