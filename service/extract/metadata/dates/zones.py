"""Time zones as they stand beside printed times."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone

ZONE = re.compile(
    r"(?:\s?(?:[Uu]hr|hrs?|h)\b)?\s?\(?\s?(Z\b|UTC|GMT|[A-Z]{2,4}\b)?\s?([+-]\d{1,2}(?::?\d{2})?(?!\d))?"
)
_ZONES = {
    "Z": 0, "UTC": 0, "GMT": 0, "WET": 0, "WEST": 1, "BST": 1, "CET": 1, "MEZ": 1, "CEST": 2,
    "MESZ": 2, "EET": 2, "EEST": 3, "MSK": 3, "TRT": 3, "SAST": 2, "WAT": 1, "EAT": 3, "PKT": 5,
    "WIB": 7, "WITA": 8, "WIT": 9, "SGT": 8, "HKT": 8, "JST": 9, "KST": 9, "AEST": 10, "AEDT": 11,
    "NZST": 12, "NZDT": 13, "EST": -5, "EDT": -4, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8,
    "PDT": -7, "HST": -10,
}  # fmt: skip
_SEASONAL = {"ET": -5, "CT": -6, "MT": -7, "PT": -8}


def zone_of(match: re.Match[str] | None, at: datetime) -> timezone | None:
    """The zone that ``ZONE`` found, on that day; None where it found none that is known."""
    if match is None or not (match[1] or match[2]):
        return None
    if match[2]:
        digits = match[2][1:].replace(":", "")
        hours, minutes = (
            (int(digits[:-2]), int(digits[-2:])) if len(digits) > 2 else (int(digits), 0)
        )
        if hours > 14 or minutes > 59:
            return None
        offset = timedelta(hours=hours, minutes=minutes)
        return timezone(-offset if match[2][0] == "-" else offset)
    if match[1] in _SEASONAL:
        return timezone(timedelta(hours=_SEASONAL[match[1]] + _is_summer(at)))
    return timezone(timedelta(hours=_ZONES[match[1]])) if match[1] in _ZONES else None


def _is_summer(at: datetime) -> bool:
    """Whether clocks in the United States are an hour ahead on that day: from the second Sunday of
    March to the first of November (since 2007)."""
    first = 14 - at.replace(month=3, day=8).weekday()
    last = 7 - at.replace(month=11, day=1).weekday()
    return (3, first) <= (at.month, at.day) < (11, last)
