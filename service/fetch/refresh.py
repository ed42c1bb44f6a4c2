"""The page that only says "go there": a meta refresh, which a browser follows."""

from __future__ import annotations

import html
import re

DELAY_S_MAX = 5.0
HEAD_BYTES = 32_768

# Each pattern is bounded, so a hostile page costs linear time.
_HIDDEN = re.compile(
    rb"<!--.{0,8192}?-->|<(noscript|script|style|template)\b.{0,8192}?</\1", re.I | re.S
)
_META = re.compile(rb"<meta\s[^>]{1,4096}>", re.IGNORECASE)
_IS_REFRESH = re.compile(rb"http-equiv\s{0,9}=\s{0,9}[\"']?\s{0,9}refresh\b", re.IGNORECASE)
_CONTENT = re.compile(
    rb"content\s{0,9}=\s{0,9}(?:\"([^\"]{0,4096})\"|'([^']{0,4096})'|([^\s>\"']{1,4096}))",
    re.IGNORECASE,
)
_VALUE = re.compile(
    r"\s*(\d{0,6}(?:\.\d{0,6})?)\s*[;,]?\s*(?:url\s*=)?\s*[\"']?(.{0,4096}?)[\"']?\s*\Z",
    re.I | re.S,
)


def refresh_target(content: bytes) -> str | None:
    """The reference that the page sends its reader to within five seconds, or None.

    ``<meta http-equiv=refresh content="0; url=/news">`` -> ``/news``. Refreshes inside comments,
    scripts and ``noscript`` do not count, nor do pages that reload themselves.
    """
    head = content[:HEAD_BYTES]
    if b"refresh" not in head.lower():
        return None
    for meta in _META.findall(_HIDDEN.sub(b"", head)):
        value = _CONTENT.search(meta)
        if _IS_REFRESH.search(meta) and value is not None:
            return _target(next(group for group in value.groups() if group is not None))
    return None


def _target(value: bytes) -> str | None:
    match = _VALUE.match(html.unescape(value.decode("utf-8", "replace")))
    if match is None or not match.group(2).strip():
        return None
    delay = match.group(1)
    is_soon = delay in {"", "."} or float(delay) <= DELAY_S_MAX
    return match.group(2).strip() if is_soon else None
