"""Printed lines put together again: broken because they were full, or at each change of style."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass

from service.extract.language import weight

WRAP_WIDTH_MIN, WRAP_WIDTH_MAX = 40, 130
FULL_MIN = 4
LONG_SHARE, FULL_SHARE, BROKEN_SHARE = 0.6, 0.7, 0.5
WORDS_MIN = 3
"""A line of fewer words does not tell the width: an address may be longer."""
PIECES_MIN = 30
PIECE_CHARS_MIN = 36
"""Two pieces that make less together are two items of a menu."""
BEGUN_CHARS_MIN = 60
JOINED_CHARS_MAX = 20_000
"""Lines are joined up to here: a paragraph is no longer, and each line joined copies it."""
CUT_MIN = 3
"""So many lines of a text in pieces begin with the mark that ends a part of a sentence."""
NUMBERS_MIN = 8

CLOSERS = "\"'”’»“)]）】」』›*_ "
TERMINALS = frozenset(".!?…。！？؟।॥։።;｡")
_BULLETS = ("- ", "* ", "• ", "· ", "+ ", "> ", "#", "|", "```")
_NUMBERED = re.compile(r"\d{1,3}[.)]\s")
_LINK_NUMBER = re.compile(r"\[(\d{1,4})\](?=[^\s\[(])")
_ENDS_SENTENCE = re.compile(r"[,.;:)!?%’”»](?:\s|$)")
_GOES_ON = frozenset(",.;:)!?%’”»…")


@dataclass(slots=True)
class Printed:
    """One line as printed: ``group`` counts the blank lines above it, ``indent`` its blanks."""

    text: str
    group: int
    indent: int


def without_numbers(text: str) -> str:
    """``text`` without the numbers that browsers for terminals put before each link, in order."""
    found = [int(number) for number in _LINK_NUMBER.findall(text)]
    steps = sum(after == before + 1 for before, after in itertools.pairwise(found))
    if len(found) < NUMBERS_MIN or steps < 0.8 * (len(found) - 1):
        return text
    return _LINK_NUMBER.sub("", text)


def unwrapped(printed: list[Printed]) -> list[Printed]:
    """Joins lines that were broken only because they were full, and the pieces of sentences."""
    width = _width(printed)
    if not width:
        return _sentences(printed)
    joined: list[Printed] = []
    last = 0
    for each in printed:
        before = joined[-1] if joined else None
        is_near = before is not None and before.group == each.group
        if before and is_near and can_grow(before.text) and _continues(each, last, width):
            glue = "" if weight(before.text[-1]) > 1 else " "
            before.text += glue + each.text
        else:
            joined.append(Printed(each.text, each.group, each.indent))
        last = each.indent + len(each.text)
    return joined


def can_grow(text: str) -> bool:
    """Whether a further line may be joined to ``text``."""
    return len(text) < JOINED_CHARS_MAX


def _width(printed: list[Printed]) -> int:
    """At how many characters lines were broken; 0 if they were not.

    Of long lines with another below most have no room for its first word, and most end within a
    sentence, however many menus stand around them.
    """
    sizes = sorted(_size(each) for each in printed if each.text.count(" ") >= WORDS_MIN - 1)
    width = sizes[(len(sizes) - 1) * 99 // 100] if sizes else 0
    if not WRAP_WIDTH_MIN <= width <= WRAP_WIDTH_MAX:
        return 0
    pairs = itertools.pairwise(printed)
    inner = [(a, b) for a, b in pairs if a.group == b.group and _size(a) >= LONG_SHARE * width]
    full = [a for a, b in inner if _continues(b, _size(a), width)]
    broken = [a for a in full if a.text.rstrip(CLOSERS)[-1:] not in TERMINALS]
    many = len(full) >= max(FULL_MIN, FULL_SHARE * len(inner))
    return width if many and len(broken) >= BROKEN_SHARE * len(full) else 0


def _size(each: Printed) -> int:
    return each.indent + len(each.text)


def _continues(each: Printed, last: int, width: int) -> bool:
    """Whether the line before was full: the first word of ``each`` had no room on it."""
    if each.text.startswith(_BULLETS) or _NUMBERED.match(each.text):
        return False
    word = each.text.split(" ", 1)[0]
    return last + 1 + min(len(word), 15) >= 0.93 * width


def _sentences(printed: list[Printed]) -> list[Printed]:
    """Joins the pieces of sentences of a text without blank lines, parted at links and emphasis.

    A piece goes on with the one before where it begins with a small letter or a mark, or where the
    one after it does so: ``The`` / ``council`` / ``said``.
    """
    cut = sum(_ENDS_SENTENCE.match(each.text) is not None for each in printed)
    if len(printed) < PIECES_MIN or printed[-1].group != printed[0].group or cut < CUT_MIN:
        return printed
    joined: list[Printed] = []
    has_grown = False
    for each, after in zip(printed, [*printed[1:], None], strict=True):
        before = joined[-1] if joined else None
        following = after.text if after else ""
        if before and _goes_on(before.text, each.text, following, has_grown=has_grown):
            glue = "" if each.text[0] in _GOES_ON else " "
            before.text += glue + each.text
            has_grown = True
        else:
            joined.append(Printed(each.text, each.group, each.indent))
            has_grown = False
    return joined


def _goes_on(before: str, text: str, after: str, *, has_grown: bool) -> bool:
    """Whether ``text`` belongs to the sentence that ``before`` begins; a headline begins none."""
    if not can_grow(before) or len(before) + len(text) < PIECE_CHARS_MIN:
        return False
    if before.rstrip(CLOSERS)[-1:] in TERMINALS:
        return False
    is_begun = has_grown or len(before) >= BEGUN_CHARS_MIN
    return _opens_within(text) or (is_begun and _opens_within(after))


def _opens_within(text: str) -> bool:
    return text[:1].islower() or text[:1] in _GOES_ON
