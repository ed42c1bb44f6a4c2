"""The copyright notice that the foot of a page prints."""

from __future__ import annotations

import re

from service.extract.media.credits import rights_in
from service.extract.vocabulary import kind_of

NOTICE_CHARS_MAX = 300
RIGHTS_CHARS_MAX = 140
"""A phrase such as *all rights reserved* that stands later belongs to another sentence."""
_SIGN = r"(?:©|(?<!\d)\(c\)(?![\d(]))"
_NOTICE = re.compile(
    rf"(?:(?:copyright\s+)?{_SIGN}|copyright\s(?=[^|\n]{{0,60}}\d{{4}}))[\W\d_]{{0,40}}"
    r"(?:[^|\n]{3,160}(?!\w)|[^|\n]{3,160})",
    re.IGNORECASE,
)
"""Signs and years, then all up to the next link or bar; the holder may be a link itself."""
_SMALL_WORD_LAST = re.compile(r"\s(?:[^\W\d_A-Z]{1,4}|under|See|(?:and|by) the [A-Z]\w+)\s*$")
"""What stands before a link that ends its sentence: ``powered by``, ``acceptance of our``."""
_LAST_SENTENCE = re.compile(r"(?:(?<=[.!])|\s[•·]|(?<=\D)\s[-–—])\s[^.•·]*$")
_AGAIN = re.compile(rf"(?<=[\w.])\W{{0,3}}\s(?:copyright\s+)?{_SIGN}", re.IGNORECASE)
_MAKER = re.compile(
    r"[\s,|·•–-]+(?:(?:powered|designed|developed|built|branding|web ?site|site|(?:\w+ )?theme) by"
    r"|registered (?:office|in)|on the .{3,30} theme)\b.*",
    re.IGNORECASE | re.DOTALL,
)
"""Who made the site, and where its company is registered."""
_SENTENCE = re.compile(r"\.\s(?=[A-ZÀ-ÞА-Я\d\"“„«])(?!(?:KG|KGaA|Ltd|Inc|LLC|V)\b)")
_SHORT = re.compile(r"(?:^|[\s.&])(?:[A-ZÀ-Þ]|St|Dr|Mrs?|No|Sp|Pvt|Bros)$")
"""What a full stop shortens inside of a name."""
_HOLDER = re.compile(rf"copyright|{_SIGN}|[\W\d_]+", re.IGNORECASE)
_LINKS = frozenset({"rights", "navigation", "consent"})
"""Kinds of what stands beside a year that nobody holds: ``© 2024 Privacy``."""
LINK_WORDS_MAX = 3
_EDGES = " ·•–-/,|×"


def printed_notice(foot: str) -> str | None:
    """The notice in the text of a foot whose links begin with a bar."""
    found = _NOTICE.search(foot)
    if not found:
        return None
    notice = found.group()
    if _SMALL_WORD_LAST.search(notice):
        whole = _LAST_SENTENCE.sub("", notice)
        linked = foot[found.end() :].lstrip("|").partition("|")[0]
        notice = whole if whole != notice else f"{notice} {linked[:NOTICE_CHARS_MAX]}"
    notice = _first(" ".join(notice.replace("|", " ").split()))
    holder = _holder(notice)
    is_link = holder.count(" ") < LINK_WORDS_MAX and kind_of(holder) in _LINKS
    return None if is_link and rights_in(notice)[1] == 0 else notice


def _first(text: str) -> str:
    """The notice that opens ``text``, without a second one and the sentences that follow it.

    ``"© 2026 Acme, Inc. All rights reserved. Acme is a trademark of …"`` ends with *reserved.*
    """
    again = _AGAIN.search(text, len("copyright ©"))
    if again and _holder(text[: again.start()]):
        text = text[: again.start() + 1]
    elif again and text[0] == text[again.end() - 1]:
        text = text[again.end() - 1 :]
    start, end = rights_in(text)
    if 0 < start < RIGHTS_CHARS_MAX and _holder(text[:start]):
        return text[:end] + ("." if text[end : end + 1] == "." else "")
    text = _MAKER.sub("", text)
    for match in _SENTENCE.finditer(text, end):
        head = text[: match.start()]
        if _holder(head) and not _SHORT.search(head):
            return f"{head}."
    return text.rstrip(_EDGES)


def _holder(text: str) -> str:
    """Who is named beside signs and years."""
    return _HOLDER.sub(" ", text).strip()
