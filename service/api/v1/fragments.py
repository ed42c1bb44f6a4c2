"""A fragment of a text: what stands around its matches. Pure.

Words are marked by Postgres in the text as it is indexed, of which each line is a ``Word``; runs
of scripts without blanks are looked for here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from unicodedata import category

from msgspec import Struct

from service.terms import UNPARTED, UNSTEMMED, indexed
from service.word_forms import separated, simplified, usual

CHARS_BEFORE, CHARS_AFTER = 60, 180
"""Of a match that are shown; half as many of a script without blanks."""
_WORD = re.compile(
    r"\d{1,3}(?:[\s.,']\d{3})+(?!\w)|"
    f'[^\\s{UNPARTED}\u2014\u2015\u2026\u201c-\u201f\xab\xbb"()<>;]+'
)
_LETTERS = re.compile(r"[^\W_](?:.*[^\W_])?", re.DOTALL)
_UNPARTED = re.compile(f"[{UNPARTED}]")
_MARK = re.compile("\x02([^\x03]*)\x03")

Span = tuple[int, int]


class Match(Struct):
    """A part of a fragment; ``is_match`` is what was asked for."""

    text: str
    is_match: bool


class Word(Struct, frozen=True):
    """A word of a text, at ``start``, without the signs around it, and how it is indexed;
    ``is_even``: in as many characters, before other ways to write it."""

    start: int
    size: int
    indexed: str
    is_even: bool


def words_of(text: str, config: str) -> list[Word]:
    """The words of ``text``; those of scripts without blanks are left out."""
    return list(_words(text, config))


def _words(text: str, config: str) -> Iterator[Word]:
    for found in _WORD.finditer(text):
        if core := _LETTERS.search(found.group()):
            word = core.group()
            is_even = config != UNSTEMMED and len(separated(usual(word))) == len(word)
            yield Word(found.start() + core.start(), len(word), indexed(word, config), is_even)


def lines(words: Iterable[Word]) -> str:
    """The words as one text, a word a line."""
    return "\n".join(word.indexed.replace("\n", " ") for word in words)


def word_spans(words: Sequence[Word], marked: str) -> list[Span]:
    """Where the words are that are ``marked`` in their ``lines``; of a word of several parts the
    part, if it can be told."""
    return [
        span
        for word, line in zip(words, marked.split("\n"), strict=True)
        if "\x02" in line
        for span in _spans_of(word, line)
    ]


def _spans_of(word: Word, line: str) -> Iterator[Span]:
    at = word.start
    for number, found in enumerate(_MARK.finditer(line)):
        begin = found.start() - 2 * number
        end = begin + len(found[1])
        if not word.is_even or end > word.size:
            yield (at, at + word.size)
            return
        yield (at + begin, at + end)


def run_spans(text: str, runs: Iterable[str]) -> list[Span]:
    """Where the ``runs`` of scripts without blanks are."""
    text = simplified(text)  # as the runs are; character by character
    return [found.span() for run in runs for found in re.finditer(re.escape(run), text)]


def fragment(text: str, spans: Iterable[Span]) -> list[Match]:
    """What is near the first of the matches that have the most others near them, all of them
    marked: ``地铁司机``, the match ``罢工``. Nothing, if there are none."""
    merged = _merged(spans)
    return _cut(text, merged) if merged else []


def _merged(spans: Iterable[Span]) -> list[Span]:
    """In order; what touches is one."""
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _cut(text: str, spans: Sequence[Span]) -> list[Match]:
    share = 2 if _UNPARTED.search(text) else 1
    after = CHARS_AFTER // share

    def near(number: int) -> int:
        first = spans[number][0]
        following = spans[number : number + after]  # no more can be near: they do not touch
        return len({text[a:b].casefold() for a, b in following if b <= first + after})

    first, last = spans[max(range(len(spans)), key=near)]
    at = min(first, _whole(text, max(0, first - CHARS_BEFORE // share)))
    end = max(last, first + after)
    shown = [span for span in spans if at <= span[0] < end]
    end = _whole(text, max(end, shown[-1][1]))
    parts: list[Match] = []
    for begin, until in shown:
        parts += [Match(text[at:begin], False), Match(text[begin:until], True)]
        at = until
    return [part for part in (*parts, Match(text[at:end], False)) if part.text]


def _whole(text: str, at: int) -> int:
    """``at``, or after the word that it parts, or after the vowels and tones that belong to the
    character before it."""
    while 0 < at < len(text) and (_is_parted(text, at) or category(text[at]).startswith("M")):
        at += 1
    return at + len(text[at:]) - len(text[at:].lstrip())


def _is_parted(text: str, at: int) -> bool:
    beside = text[at - 1 : at + 1]
    return beside.isalnum() and not _UNPARTED.search(beside)
