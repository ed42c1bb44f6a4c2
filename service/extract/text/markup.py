"""The marks of Markdown and of e-mail: what a line is, and its inline text as spans."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from service.article import Mark, Span
from service.extract.metadata.dates.text import read_date
from service.extract.urls import Resolver

SPANS_CHARS_MAX = 20_000
"""A longer line keeps its marks as text."""
DATE_CHARS_MAX = 60
SPEECH_CHARS_MIN = 40

MarkKind = Literal["", "heading", "item", "ordered", "quote", "image", "code", "rule"]

_HEADING = re.compile(r"(#{1,6})\s+(?=\S)")
_ITEM = re.compile(r"(?:[•·▪◦‣●○*+-]|–(?=\s))\s+(?=\S)")
_ORDERED = re.compile(r"(\d{1,3})[.)]\s+(?=\S)")
_STOPS = frozenset(".!?…")
_RULE = re.compile(r"(?:(?:[-*_=~]\s?){3,}|\*\*\*|⁂)$")
_IMAGE = re.compile(r"!\[([^\[\]]{0,1000})\]\(([^\s()]{1,2000})(?:\s+\"([^\"]{0,500})\")?\)$")
_INLINE = re.compile(
    r"!\[(?P<alt>[^\[\]\n]{0,500})\]\([^\s()]{1,2000}\)"
    r"|\[(?P<label>[^\[\]\n]{1,500})\]\((?P<href>[^\s()]{1,2000})(?:\s+\"[^\"\n]{0,200}\")?\)"
    r"|\*\*(?P<strong>[^*\n]{1,2000})\*\*"
    r"|(?<![\w*])[*_](?P<em>[^*_\s][^*_\n]{0,2000})[*_](?![\w*])"
    r"|`(?P<code>[^`\n]{1,500})`"
    r"|<(?P<bare>https?://[^\s<>]{1,2000})>"
)
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+\-.!>~|])")
_MARKS: dict[str, tuple[Mark, ...]] = {"strong": ("strong",), "em": ("em",), "code": ("code",)}
_resolve = Resolver(None).resolve


class Markup(NamedTuple):
    """A line without its marks. ``level`` is a heading's, or an ordered item's number."""

    text: str
    mark: MarkKind = ""
    level: int = 0
    spans: tuple[Span, ...] = ()
    href: str | None = None
    """The address of an image."""


def read_markup(line: str, markdown: bool) -> Markup:
    """What ``line`` is by the marks it opens with; inline marks only where ``markdown``.

    ``"## News"`` is a heading of level 2, ``"- milk"`` an item, ``"> so"`` a quote.
    """
    if line.startswith("```"):
        return Markup(line.strip("`").partition("\n")[2].strip("\n"), "code")
    if _RULE.match(line):
        return Markup("", "rule", {"=": 1, "-": 2}.get(line[0], 0))
    if found := _HEADING.match(line):
        title = line[found.end() :].rstrip("# \t")
        return _inline(title, "heading", len(found[1]), markdown)
    if markdown and (found := _IMAGE.match(line)):
        return Markup(found[3] or found[1], "image", href=_resolve(found[2]))
    if line.startswith("> ") or line == ">":
        return _inline(line.lstrip("> "), "quote", 0, markdown)
    if (found := _ITEM.match(line)) and not _is_speech(line):
        return _inline(line[found.end() :], "item", 0, markdown)
    if (found := _ORDERED.match(line)) and not _opens_with_date(line):
        return _inline(line[found.end() :], "ordered", int(found[1]), markdown)
    return _inline(line, "", 0, markdown)


def _is_speech(line: str) -> bool:
    """Whether a dash opens what somebody says, as in Polish: a sentence, after a hyphen one that
    says who speaks behind another (``- Nobody came - said the driver.``)."""
    if line[0] not in "-–" or len(line) < SPEECH_CHARS_MIN or line.rstrip('"”»')[-1:] not in _STOPS:
        return False
    return line[0] == "–" or any(dash in line[2:] for dash in (" - ", " – "))


def _opens_with_date(line: str) -> bool:
    """``"28. April 2023, 19:50 Uhr"`` is no item of a list."""
    found = read_date(line[:DATE_CHARS_MAX])
    return found is not None and found.start == 0


def _inline(text: str, mark: MarkKind, level: int, markdown: bool) -> Markup:
    if not markdown or len(text) > SPANS_CHARS_MAX:
        return Markup(" ".join(text.split()), mark, level)
    spans = _spans(" ".join(text.split()))
    plain = "".join(span.text for span in spans)
    marked = any(span.marks or span.href for span in spans)
    return Markup(plain, mark, level, tuple(spans) if marked else ())


def _spans(text: str) -> list[Span]:
    spans: list[Span] = []
    at = 0
    for found in _INLINE.finditer(text):
        _append(spans, text[at : found.start()])
        _append(spans, *_reading(found))
        at = found.end()
    _append(spans, text[at:])
    return spans


def _reading(found: re.Match[str]) -> tuple[str, tuple[Mark, ...], str | None]:
    kind = found.lastgroup or ""
    if kind == "href":
        return found["label"], (), _resolve(found["href"])
    if kind == "alt":
        return "", (), None
    if kind == "bare":
        return found["bare"], (), _resolve(found["bare"])
    return found[kind], _MARKS[kind], None


def _append(
    spans: list[Span], text: str, marks: tuple[Mark, ...] = (), href: str | None = None
) -> None:
    text = _ESCAPE.sub(r"\1", text)
    if text:
        spans.append(Span(text, marks, href))
