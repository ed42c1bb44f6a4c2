"""Text and spans as CommonMark that reads back as the same text.

Every character that could start a construct is escaped, as CommonMark 0.31 section 2.4 has it.
A mark is written only where its delimiters are sure to be read as such (section 6.2); where
CommonMark cannot say it, the text stands without it. ``u``, ``s``, ``sub``, ``sup`` and ``mark``
have no form in CommonMark.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby
from unicodedata import category

from service.article import Span
from service.render.text import clean
from service.urls import safe_url

_SPECIAL = re.compile(r"[\\`*_\[\]<~|]|&(?=[#a-zA-Z])|(?<=\])\(|!(?=\[)")
_LINE_START = re.compile(r"(?m)^([#>+=:-])")
_NUMBERED = re.compile(r"(?m)^(\d{1,9})([.)])(?=\s|$)")
_BACKTICKS = re.compile(r"`+")
_IN_DESTINATION = re.compile(r"[()\\|]|&(?=#?\w{1,40};)")
"""A bar would end a table's cell, in an address too."""
_BLANKS = re.compile(r"[ \t]+")


def escaped(text: str) -> str:
    """``text`` on one line, so that no character of it means anything but itself, except at the
    start of a line: see ``paragraph``. ``"*a* [b]"`` becomes ``"\\*a\\* \\[b\\]"``."""
    return _SPECIAL.sub(r"\\\g<0>", _BLANKS.sub(" ", clean(text)))


def paragraph(text: str, spans: Sequence[Span] = ()) -> str:
    """The content of a paragraph; a line end of the text becomes a hard break."""
    content = "\\\n".join(_lines(_joined(text, spans)))
    return _NUMBERED.sub(r"\1\\\2", _LINE_START.sub(r"\\\1", content))


def single_line(text: str, spans: Sequence[Span] = ()) -> str:
    """The content of a heading, a table cell or a link: no line ends, safe at a line's start."""
    content = " ".join(_lines(_joined(text, spans)))
    content = _NUMBERED.sub(r"\1\\\2", _LINE_START.sub(r"\\\1", content))
    closes = content.endswith("#") and content != "\\#"
    return content[:-1] + "\\#" if closes else content


def _lines(text: str) -> list[str]:
    return [stripped for line in text.split("\n") if (stripped := line.strip())]


def link(text: str, url: str | None) -> str:
    """``text`` (already Markdown) as a link where the address is safe, else as it is."""
    address = safe_url(url)
    return f"[{text}]({destination(address)})" if address and text.strip() else text


def destination(url: str) -> str:
    """A safe address as the destination of a link or an image."""
    return _IN_DESTINATION.sub(r"\\\g<0>", url)


def _joined(text: str, spans: Sequence[Span]) -> str:
    if not spans:
        return escaped(text)
    said = [span for span in spans if clean(span.text)]
    groups = [(url, list(group)) for url, group in groupby(said, key=lambda s: safe_url(s.href))]
    parts: list[str] = []
    for at, (address, group) in enumerate(groups):
        before = "[" if address else (parts[-1][-1:] if parts else "")
        after = "]" if address else (groups[at + 1][1][0].text[:1] if at + 1 < len(groups) else "")
        if address and parts and parts[-1].endswith("!"):
            parts[-1] = parts[-1][:-1] + "\\!"
        if part := _marked_run(group, before, after):
            parts.append(link(part, address))
    return "".join(parts)


def _marked_run(spans: Sequence[Span], before: str, after: str) -> str:
    """Spans of one link or of none, given the characters around them."""
    written = ""
    for at, span in enumerate(spans):
        previous = written[-1:] or before
        following = spans[at + 1].text[:1] if at + 1 < len(spans) else after
        written += _marked(span, previous, following, touching=written.endswith(("*", "`")))
    return written


def _marked(span: Span, before: str, after: str, *, touching: bool) -> str:
    if "code" in span.marks and clean(span.text).strip() and "|" not in span.text:
        return escaped(span.text) if touching else _code(span.text)
    delimiter = "**" * ("strong" in span.marks) + "*" * ("em" in span.marks)
    start, end = _flanked(span.text, before, after)
    touches = touching and start == 0
    if not delimiter or start >= end or touches or "\n" in span.text[start:end].strip(" "):
        return escaped(span.text)
    inner = escaped(span.text[start:end])
    return f"{escaped(span.text[:start])}{delimiter}{inner}{delimiter}{escaped(span.text[end:])}"


def _flanked(text: str, before: str, after: str) -> tuple[int, int]:
    """The part of ``text`` that delimiters can flank: no white space at its ends, and no
    punctuation where a letter stands outside."""
    start, end = len(text) - len(text.lstrip()), len(text.rstrip())
    if start < end and not (_is_letter(text[start]) or _parts(text[start - 1 : start] or before)):
        while start < end and not _is_letter(text[start]):
            start += 1
    if start < end and not (_is_letter(text[end - 1]) or _parts(text[end : end + 1] or after)):
        while start < end and not _is_letter(text[end - 1]):
            end -= 1
    return start, end


def _is_letter(char: str) -> bool:
    return category(char)[0] in "LNM"


def _parts(char: str) -> bool:
    """Whether any reader takes ``char`` for white space, punctuation or the edge of the text."""
    return not char or char.isspace() or category(char)[0] == "P"


def _code(text: str) -> str:
    content = clean(text).replace("\n", " ")
    fence = "`" * (1 + max((len(run) for run in _BACKTICKS.findall(content)), default=0))
    pad = " " if content[0] in "` " or content[-1] in "` " else ""
    return f"{fence}{pad}{content}{pad}{fence}"
