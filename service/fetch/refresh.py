"""Where a page sends on to: a meta refresh, which a browser follows, and its AMP variant."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

DELAY_S_MAX = 5.0
HEAD_BYTES = 32_768

# A hostile page costs linear time: no pattern can run over the start of the next tag.
_HIDDEN = re.compile(rb"<(?:(!--)|(noscript|script|style|template)\b)", re.IGNORECASE)
_META = re.compile(rb"<meta\s[^<>]{1,4096}>", re.IGNORECASE)
_LINK = re.compile(rb"<link\s[^<>]{1,4096}>", re.IGNORECASE)
_IS_AMP = re.compile(rb"rel\s{0,9}=\s{0,9}[\"']?\s{0,9}amphtml\b", re.IGNORECASE)
_IS_REFRESH = re.compile(rb"http-equiv\s{0,9}=\s{0,9}[\"']?\s{0,9}refresh\b", re.IGNORECASE)
_CONTENT, _HREF = (
    re.compile(
        name + rb"\s{0,9}=\s{0,9}(?:\"([^\"]{0,4096})\"|'([^']{0,4096})'|([^\s>\"']{1,4096}))",
        re.IGNORECASE,
    )
    for name in (rb"content", rb"href")
)
_VALUE = re.compile(
    r"(\d{0,6}(?:\.\d{0,6})?)\s{0,9}[;,]?\s{0,9}(?:url\s{0,9}=)?(.{0,2048})\Z", re.I | re.S
)


def refresh_target(content: bytes) -> str | None:
    """The reference that the page sends its reader to within five seconds, or None.

    ``<meta http-equiv=refresh content="0; url=/news">`` -> ``/news``. Refreshes inside comments,
    scripts and ``noscript`` do not count, nor do pages that reload themselves.
    """
    value = _stated(content, b"refresh", _META, _IS_REFRESH, _CONTENT)
    return None if value is None else _target(value)


def amp_reference(content: bytes) -> str | None:
    """The reference of the AMP variant that the head names, or None.

    ``<link rel=amphtml href="/news/amp">`` -> ``/news/amp``
    """
    value = _stated(content, b"amphtml", _LINK, _IS_AMP, _HREF)
    return html.unescape((value or b"").decode("utf-8", "replace")).strip() or None


def _stated(
    content: bytes,
    word: bytes,
    tag: re.Pattern[bytes],
    sign: re.Pattern[bytes],
    attribute: re.Pattern[bytes],
) -> bytes | None:
    """The ``attribute`` of the first tag in the head that bears ``sign``, where a reader sees it;
    a head without ``word`` is not looked through."""
    head = content[:HEAD_BYTES]
    if word not in head.lower():
        return None
    for found in tag.findall(b"".join(_seen(head))):
        value = attribute.search(found)
        if sign.search(found) and value is not None:
            return next(group for group in value.groups() if group is not None)
    return None


def _seen(head: bytes) -> Iterator[bytes]:
    """What is neither commented out nor inside an element that a reader never sees."""
    lowered, at = head.lower(), 0
    while match := _HIDDEN.search(lowered, at):
        yield head[at : match.start()]
        end = lowered.find(b"-->" if match[1] else b"</" + match[2], match.end())
        if end < 0:
            return
        at = end + 2
    yield head[at:]


def _target(value: bytes) -> str | None:
    match = _VALUE.match(html.unescape(value.decode("utf-8", "replace")).strip())
    reference = match[2].strip().strip("\"'").strip() if match else ""
    if match is None or not reference:
        return None
    is_soon = match[1] in {"", "."} or float(match[1]) <= DELAY_S_MAX
    return reference if is_soon else None
