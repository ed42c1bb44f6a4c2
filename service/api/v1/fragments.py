"""A fragment of a text: what stands around its matches, in scripts without blanks. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from unicodedata import category

from msgspec import Struct

from service.terms import UNPARTED
from service.word_forms import simplified

CHARS_BEFORE, CHARS_AFTER = 30, 90
"""Of the first match that are shown; as much as the thirty words that others are shown by."""

Span = tuple[int, int]


class Match(Struct):
    """A part of a fragment; ``is_match`` is what was asked for."""

    text: str
    is_match: bool


def around(text: str, runs: Iterable[str], words: Iterable[str]) -> list[Match]:
    """The first of ``runs`` and ``words`` in ``text`` with what is near, all of them marked;
    nothing if there are none. A word is whole: no letter of a parted script is beside it.

    ``around("地铁司机罢工", ["罢工"], [])`` is ``地铁司机``, the match ``罢工``.
    """
    spans = _spans(text, runs, words)
    return _cut(text, spans) if spans else []


def _spans(text: str, runs: Iterable[str], words: Iterable[str]) -> list[Span]:
    """Where they are, in order; what touches is one."""
    letter = f"[^\\W{UNPARTED}]"
    wanted = [re.escape(run) for run in runs]
    wanted += [f"(?<!{letter}){re.escape(word)}(?!{letter})" for word in words]
    merged: list[Span] = []
    text = simplified(text)  # as the runs are; character by character
    for start, end in sorted(m.span() for one in wanted for m in re.finditer(one, text)):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _cut(text: str, spans: Sequence[Span]) -> list[Match]:
    first, last = spans[0]
    at = _whole(text, max(0, first - CHARS_BEFORE))
    end = max(last, first + CHARS_AFTER)
    shown = [span for span in spans if span[0] < end]
    end = _whole(text, max(end, shown[-1][1]))
    parts: list[Match] = []
    for begin, until in shown:
        parts += [Match(text[at:begin], False), Match(text[begin:until], True)]
        at = until
    return [part for part in (*parts, Match(text[at:end], False)) if part.text]


def _whole(text: str, at: int) -> int:
    """``at``, or after the vowels and tones that belong to the character before it."""
    while at < len(text) and category(text[at]).startswith("M"):
        at += 1
    return at
