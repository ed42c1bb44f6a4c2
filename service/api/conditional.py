"""Validators and preconditions: ETag, If-None-Match, If-Modified-Since, If-Match.

A handler states a base tag: ``"abc"``. What leaves has its coding in the tag, ``"abc-gzip"``, so
that a tag names one representation byte for byte (strong). Source: RFC 9110, 8.8.3 and 13.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from service.api.compression import CODINGS, accepts
from service.errors import InvalidRequest

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
TAG = re.compile(r'(W/)?"([\x21\x23-\x7e\x80-\xff]*)"')


def quoted(base: str) -> str:
    """The header's form of a base tag."""
    return f'"{base}"'


def with_coding(etag: str, coding: str | None) -> str:
    """``"abc"`` in gzip is ``"abc-gzip"``; a weak tag stays as it is."""
    return f'{etag[:-1]}-{coding}"' if coding and etag.startswith('"') else etag


def http_date(at: datetime) -> str:
    """``at`` as an HTTP date, in whole seconds.

    >>> http_date(datetime(2026, 3, 1, 8, 5, 9, 700, UTC))
    'Sun, 01 Mar 2026 08:05:09 GMT'
    """
    at = at.astimezone(UTC)
    date = f"{DAYS[at.weekday()]}, {at.day:02} {MONTHS[at.month - 1]} {at.year:04}"
    return f"{date} {at.hour:02}:{at.minute:02}:{at.second:02} GMT"


def matched(if_none_match: str, etag: str, accept_encoding: str) -> str | None:
    """The tag that a 304 states, or None if no copy of the caller is current.

    ``etag`` is the base tag; a copy in any coding that the caller takes now will do. ``*`` and
    lists are understood; the comparison is weak.
    """
    if if_none_match.strip() == "*":
        return etag
    listed = {tag for _, tag in TAG.findall(if_none_match)}
    for coding in (None, *CODINGS):
        tag = with_coding(etag, coding)
        if tag.removeprefix("W/").strip('"') in listed and _takes(accept_encoding, coding):
            return tag
    return None


def _takes(accept_encoding: str, coding: str | None) -> bool:
    return coding is None or accepts(accept_encoding, coding)


def is_unmodified_since(if_modified_since: str, last_modified: str) -> bool:
    """True where both are dates and the content is not newer; a bad date counts as absent."""
    try:
        since = parsedate_to_datetime(if_modified_since)
        return parsedate_to_datetime(last_modified) <= since
    except (ValueError, TypeError):
        return False


def wanted_tags(if_match: str | None) -> frozenset[str] | None:
    """The base tags of which a write demands one; None where any current state will do.

    A tag of any representation stands for the state that it shows: what follows its first dash
    is the representation's. Weak tags never match (RFC 9110, 13.1.1). Raises ``InvalidRequest``
    for a header without a tag.
    """
    if if_match is None or if_match.strip() == "*":
        return None
    tags = TAG.findall(if_match)
    if not tags:
        raise InvalidRequest('If-Match must list quoted tags, such as "abc", or be *')
    return frozenset(tag.partition("-")[0] for weak, tag in tags if not weak)
