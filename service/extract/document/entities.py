"""Entities and tags that a publisher's system left in what is plain text."""

from __future__ import annotations

import re
from html import unescape

_ENTITY = re.compile(r"&(?:#\d{1,6}|#x[\da-f]{1,5}|[a-z]{2,8});", re.IGNORECASE)
"""Only whole ones: an address may hold ``&copy=``."""
_TAG = re.compile(
    r"</?(?:(?P<inline>a|abbr|b|big|cite|code|em|font|i|mark|small|span|strong|su[bp]|u)"
    r"|blockquote|br|center|div|h[1-6]|img|li|ol|p|ul)(?:\s[^<>]{0,500})?/?>",
    re.IGNORECASE,
)
_IS_MARKED = re.compile(
    r"</[a-z][a-z1-6]{0,9}>|^\s*<(?:p|div|span|strong)\b[^<>]{0,500}>\s*\w", re.I
)
"""An end tag, or one that opens the text: an article about HTML names others."""


def unescaped(attribute: str) -> str:
    """The value of an attribute whose entities are still there after the parser resolved one
    level: ``Wind &amp; Wellen`` gives ``Wind & Wellen``."""
    return _ENTITY.sub(lambda found: unescape(found.group()), attribute)


def unmarked(text: str) -> str:
    """``text`` without tags: ``<p>The <b>sea</b></p>`` gives ``The sea``, and ``The <br> element``
    stays."""
    if "<" not in text or not _IS_MARKED.search(text):
        return text
    return _TAG.sub(lambda found: "" if found["inline"] else " ", text)
