"""Reads the JSON that pages really print in ``application/ld+json``.

Linear in the size of the text: every pattern below consumes what it has looked at.
"""

from __future__ import annotations

import html
import json
import re
from typing import Any

SCRIPT_CHARS_MAX = 1_000_000
"""Scripts longer than this are not read: the largest honest one of the corpus has 180 kB."""

_WRAPPER = re.compile(
    r"^\s*(?:/[/*]\s*)?(?:<!--|<!\[CDATA\[)\s*(?:\*/)?|(?:/[/*]\s*)?(?:-->|\]\]>)\s*(?:\*/)?;?\s*$"
)
_TOKEN = re.compile(
    r'(?P<string>"(?:[^"\\]++|\\.)*+(?:"|\\?\Z))'
    r"|(?P<comment>/\*(?:[^*]++|\*(?!/))*+(?:\*/|\Z)|//[^\n]*+)"
    r"|(?P<commas>,[\s,]*+)"
    r"|(?P<control>[\x00-\x08\x0b\x0c\x0e-\x1f\u2028\u2029\ufeff\u200b])",
    re.DOTALL,
)
_BAD_ESCAPE = re.compile(r'\\(?!["\\/bfnrt]|u[0-9a-fA-F]{4})')
_SURROGATE = re.compile(
    r"\\\\|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    r"|(?P<lone>\\u[dD][89a-fA-F][0-9a-fA-F]{2}|\\u0000)"
)
"""An escaped backslash, a pair of surrogates, or one without the other, or NUL."""
_PAIR = re.compile(
    r'"(headline|datePublished|dateModified|dateCreated|isAccessibleForFree|articleSection)"'
    r'\s{0,9}:\s{0,9}"([^"\n]{1,400})"'
)


def read_json(text: str) -> Any:
    """The value that ``text`` means, or None: tolerant of what publishers get wrong.

    Mended: CDATA and HTML comment wrappers, JavaScript comments, commas before a closing
    bracket, control characters, wrong escapes, entities for quotes, several values in a row.
    What stays broken yields its plain dates and headline only, as one ``Article``.
    Never raises. ``'{"a": 1,}'`` gives ``{"a": 1}``.
    """
    if len(text) > SCRIPT_CHARS_MAX:
        return None
    text = whole_characters(text)
    value = _decode(text)
    if value is None and text.strip():
        mended = _mend(text)
        value = _decode(mended)
        if value is None:
            value = _values(mended) or _pairs(mended)
    return value


def whole_characters(text: str) -> str:
    """JSON without escapes of half a character and of NUL, which no text can hold: ``a\\ud83d`` is
    ``a``."""
    if "\\ud" not in text and "\\uD" not in text and "\\u0000" not in text:
        return text
    return _SURROGATE.sub(lambda found: "" if found["lone"] else found[0], text)


def _decode(text: str) -> Any:
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return None


def _mend(text: str) -> str:
    text = _WRAPPER.sub("", text.strip())
    if '"' not in text and "&quot;" in text:
        text = html.unescape(text)
    return _TOKEN.sub(_mended_token, text).strip().rstrip(";")


def _mended_token(match: re.Match[str]) -> str:
    if match.lastgroup == "string":
        return _BAD_ESCAPE.sub(r"\\\\", match.group())
    if match.lastgroup == "commas":
        return " " if match.string[match.end() : match.end() + 1] in "}]" else ", "
    return " "


def _values(text: str) -> list[Any]:
    """Values that follow one another without a list around them, at most ten."""
    decoder, at = json.JSONDecoder(strict=False), 0
    found: list[Any] = []
    while len(found) < 10:
        while at < len(text) and text[at] in " \t\r\n,;":
            at += 1
        try:
            value, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            break
        found.append(value)
    return found


def _pairs(text: str) -> dict[str, Any] | None:
    """What can be read of an irreparable article node: its first flat pairs."""
    if "Article" not in text and "Posting" not in text:
        return None
    pairs: dict[str, Any] = {}
    for match in _PAIR.finditer(text):
        pairs.setdefault(match[1], match[2])
    return {"@type": "Article", **pairs} if pairs else None
